"""Unknown functions of several arguments: their partial derivatives, how they are read and written, what their code takes."""

import inspect

import numpy as np
import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.syntax import read
from matcalc.syntax import text as unparsed

WHERE = (
    "x: n; y: n; u: n; v: m; s: scalar; t: scalar; A: (m, n); B: (n, n); X: (n, p); Y: (q, r); E: (n, p);"
    "L: scalar function; f: elementwise function; F: function -> m"
)
GRADIENTS = [
    ("L(x, y)", "y", "∇_yL"),
    ("L(A@x, y)", "x", "Aᵀ ∇₁L(A x, y)"),
    ("L(X, Y)", "X", "∇_XL"),
    ("L(s*t, t)", "t", "s ∂₁L(s t, t) + ∂₂L(s t, t)"),
    ("L(x@x, t)", "x", "2 ∂₁L(‖x‖², t) x"),
    ("L(x, t)**2", "t", "2 L(x, t) ∇ₜL"),
    ("L(x, y, u)", "u", "∇ᵤL"),
    ("L(x, x)", "x", "∇₁L(x, x) + ∇₂L(x, x)"),
    ("L(x, y) + L(y, x)", "x", "∇₁L(x, y) + ∇₂L(y, x)"),
    ("v @ f(A@x, v)", "x", "Aᵀ(v ⊙ ∂₁f(A x, v))"),
    ("sum(f(X, t))", "t", "sum(∂₂f(X, t))"),
    ("sum(f'(X, t, arg=2))", "X", "∂₁₂f(X, t)"),
    ("v @ F(x, t)", "x", "∂₁F(x, t)ᵀv"),
    ("v @ F(x, t)", "t", "vᵀ ∂₂F(x, t)"),
    ("v @ F'(x, t, arg=1) @ u", "t", "vᵀ ∂₁₂F(x, t) u"),
    ("sum(L'(x, t, arg=1))", "t", "sum(∇²₁₂L(x, t))"),
    ("u @ L'(x, y, arg=2)", "x", "∇²₁₂L(x, y) u"),
    ("u @ L''(x, y, arg=[1, 1]) @ u", "u", "2 ∇²₁₁L(x, y) u"),
    ("u @ L''(x, t, arg=[1, 1]) @ u", "t", "uᵀ ∇³₁₁₂L(x, t) u"),
    ("sum(L'(X, Y, arg=1)**2)", "X", "2 ∇²₁₁L(X, Y, ∇_XL)"),
    ("sum(L'(X, Y, arg=1)*E)", "Y", "∇²₂₁L(X, Y, E)"),
    ("L'(s, t, arg=1)**2", "s", "2 ∂₁₁L(s, t) ∇ₛL"),
]


@pytest.mark.parametrize(("f", "x", "wanted"), GRADIENTS, ids=lambda v: str(v))
def test_gradients(f, x, wanted):
    r = mc.grad(f, x, where=WHERE)
    assert r.pretty() == wanted
    assert r.verify().passed
    assert all(step.holds() for step in r.derivation)
    assert mc.parse(r.text(), where=r.where) is r.value


OTHERS = [
    (mc.hessian, "L(x, y)", "x", "∇²₁₁L(x, y)"),
    (mc.hessian, "L(B@x, y)", "x", "Bᵀ ∇²₁₁L(B x, y) B"),
    (mc.hessian, "L(E*X, t)", "X", "diag(vec(E)) ∇²₁₁L(E ⊙ X, t) diag(vec(E))"),
    (mc.jacobian, "L'(X, Y, arg=1)", "Y", "∇²₁₂L(X, Y)"),
    (mc.hessian, "L(s, t)", "s", "∂₁₁L(s, t)"),
    (mc.hessian, "sum(f(x, y))", "x", "diag(∂₁₁f(x, y))"),
    (mc.jacobian, "f(A@x, v)", "x", "diag(∂₁f(A x, v)) A"),
    (mc.jacobian, "F(B@x, x)", "x", "∂₁F(B x, x) B + ∂₂F(B x, x)"),
    (mc.jacobian, "L'(x, y, arg=1)", "y", "∇²₁₂L(x, y)"),
    (mc.jacobian, "L'(x, y, arg=2)", "x", "∇²₁₂L(x, y)ᵀ"),
    (mc.pullback, "F(x, y)", "y", "∂₂F(x, y)ᵀG"),
    (mc.pullback, "f(A@x, v)", "x", "Aᵀ(G ⊙ ∂₁f(A x, v))"),
]


@pytest.mark.parametrize(("verb", "f", "x", "wanted"), OTHERS, ids=lambda v: getattr(v, "__name__", str(v)))
def test_other_derivatives(verb, f, x, wanted):
    r = verb(f, x, where=WHERE)
    assert r.pretty() == wanted
    assert r.verify().passed
    assert mc.parse(r.text(), where=r.where) is r.value


def test_the_order_of_two_derivatives_does_not_matter():
    assert mc.hessian("L(x, y)", "x", "y", where=WHERE).pretty() == "∇²₁₂L(x, y)"
    one, other = (mc.parse(f"grad(u @ L'(x, y, arg={k}), {z})", where=WHERE) for k, z in ((1, "y"), (2, "y")))
    assert unparsed(one) == "L''(x, y, arg=[1, 2]).T@u" and unparsed(other) == "L''(x, y, arg=[2, 2])@u"
    symmetric = read("L''(x, y, arg=[2, 2])", where=WHERE).expr
    assert canonical(symmetric.T) is canonical(symmetric)


@pytest.mark.parametrize("text", ["L'(A@x, y, arg=2)", "L''(x, t, arg=[1, 2])", "f'''(x, y, arg=[1, 1, 2])", "L''(X, t, E, arg=[1, 1], along=3)"])
def test_a_derivative_can_be_typed_again(text):
    e = read(text, where=WHERE).expr
    assert unparsed(e) == text
    assert read(unparsed(e), where=WHERE).expr is e


def test_chain_rule_of_a_loss_of_two_arguments():
    r = mc.grad("loss(yhat, y)", "W", let={"yhat": "W@x"}, where="loss: scalar function; W: (m, n); y: m")
    assert r.pretty() == "∇_yhat loss xᵀ"
    assert mc.grad("L(h, t)", "W", let={"h": "tanh(W@x)"}).pretty() == "(∇ₕL ⊙ (1 − h²)) xᵀ"
    assert mc.check("L(A@x, y)", "x", "A.T @ grad(L(z, y), z) where z = A@x").correct
    assert not mc.check("L(x, y)", "x", "grad(L(x, y), y)", where="x: n; y: n").correct


def test_through_a_quantity():
    r = mc.grad("L(w, t)", "v", let={"w": "g/norm(v)*v"}, using="grad(L(w, t), g)")
    assert r.pretty() == "(g/‖v‖) ∇_wL − (g ∇_gL/‖v‖²) v   where ∇_gL = vᵀ∇_wL/‖v‖"


def test_the_names_on_paper():
    r = mc.hessian("L(x, B@y) + sum(f(x, y)) + u@x", "x", where=WHERE)
    assert r.latex() == r"\nabla^{2}_{11} L(x, B y) + \operatorname{diag}\bigl(\partial_{11} f(x, y)\bigr)"
    assert mc.grad("L(x, y)", "x", where=WHERE).told("none").startswith("∇ₓL = ")


def test_functions_are_arguments_of_the_code():
    r = mc.grad("L(A@x, t) + v @ f(A@x, v) + v @ F(x, t)", "x", where=WHERE)
    fn = r.function("numpy")
    assert list(inspect.signature(fn).parameters) == ["A", "x", "t", "v", "d1L", "d1f", "d1F"]
    rng = np.random.default_rng(0)
    A, x, v, C = (rng.standard_normal(s) for s in ((3, 4), 4, 3, (3, 4)))

    def value(x):
        return t * np.sum(np.sin(A @ x)) + v @ np.exp(v * (A @ x)) + v @ (C @ x**2)

    t, h = 0.7, 1e-6
    got = fn(A=A, x=x, t=t, v=v, d1L=lambda z, t: t * np.cos(z), d1f=lambda z, v: v * np.exp(v * z), d1F=lambda x, t: 2 * C * x)
    assert np.allclose(got, [(value(x + d) - value(x - d)) / (2 * h) for d in h * np.eye(4)], atol=1e-7)
    second = mc.hessian("L(x, y)", "x", where=WHERE).code()
    assert "d11L(x, y)" in second and "d11L: the derivative of L in its first argument twice" in second


def test_objects():
    x, y = mc.vector("x", "n"), mc.vector("y", "p")
    assert mc.grad(mc.function("L", "scalar")(x, y), y).pretty() == "∇_yL"
    assert mc.jacobian(mc.function("F", "vector", "m")(x, y), y).pretty() == "∂₂F(x, y)"


MISTAKES = [
    ("L'(x, y)", "say in which of its arguments L is differentiated", ("L'(x, y, arg=1)",)),
    ("L'(x, y, arg=[1, 2])", "2 arguments want as many primes", ("L''(x, y, arg=[1, 2])",)),
    ("L'(x, y, arg=3)", "L has 2 arguments here", ()),
    ("L''(x, y, arg=[2, 1])", "in order", ()),
    ("L'(x, arg=1)", "L has one argument here", ()),
    ("L(x, y, arg=1)", "written with primes", ()),
    ("L'(x, y, axis=1)", "says arg=1", ()),
    ("L(x, y) + L(x)", "L takes 2 arguments elsewhere, and here 1", ()),
    ("L(x, y) + L(X, y)", "L takes arguments of the same shapes everywhere", ()),
    ("L()", "and here is none", ()),
    ("f(x, X)", "f goes entry by entry", ()),
    ("F(x, X)", "F takes columns", ()),
    ("F''(x, y, arg=[1, 1])", "more than two axes", ()),
    ("sum(L''(x, y, arg=[1, 1])@x)", "three axes", ()),
]


@pytest.mark.parametrize(("f", "said", "fixes"), MISTAKES, ids=lambda v: str(v))
def test_mistakes(f, said, fixes):
    with pytest.raises(mc.MatcalcError, match=said) as caught:
        mc.grad(f, "x", where=WHERE)
    assert caught.value.fixes == fixes

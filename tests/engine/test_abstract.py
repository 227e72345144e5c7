"""Functions of which only the name is known: their derivatives, how they are read and written, what their code takes."""

import inspect

import numpy as np
import pytest

import matcalc as mc
from matcalc.syntax import read
from matcalc.syntax import text as unparsed

WHERE = "F: function -> m; A: (m, n); X: (n, p); W: (m, n); a: m; x: n; G: (m, p)"
GRADIENTS = [
    ("a @ f(W@x)", "x", "", "Wᵀ(a ⊙ f′(W x))"),
    ("sum(f(A@X))", "X", "", "Aᵀ f′(A X)"),
    ("sum(f''(W@x))", "W", "", "f‴(W x) xᵀ"),
    ("L(A@x)", "x", "", "Aᵀ ∇L(A x)"),
    ("L(A@X)", "X", "", "Aᵀ ∇L(A X)"),
    ("L(x)**2", "x", "", "2 L(x) ∇ₓL"),
    ("L(norm(x))", "x", "", "(L′(‖x‖)/‖x‖) x"),
    ("L'(x@x)*L''(x@x)", "x", "", "2 (L″(‖x‖²)² + L‴(‖x‖²) L′(‖x‖²))x"),
    ("sum(L'(x)**2)", "x", "", "2 ∇²L(x) ∇ₓL"),
    ("sum(L'(X)**2)", "X", "", "2 ∇²L(X, ∇_XL)"),
    ("L(x) + L(B@x)", "x", "; B: (n, n)", "∇L(x) + Bᵀ ∇L(B x)"),
    ("a @ F(x)", "x", "", "J_F(x)ᵀa"),
    ("norm(A.T@(a*phi(A@x)))**2", "x", "", "2 Aᵀ(a ⊙ AAᵀ(a ⊙ φ(A x)) ⊙ φ′(A x))"),
    ("L(f(A@X))", "X", "", "Aᵀ(∇L(f(A X)) ⊙ f′(A X))"),
]


@pytest.mark.parametrize(("f", "x", "more", "wanted"), GRADIENTS, ids=lambda v: str(v))
def test_gradients(f, x, more, wanted):
    r = mc.grad(f, x, where=WHERE + more)
    assert r.pretty() == wanted
    assert r.verify().passed
    assert all(step.holds() for step in r.derivation)


JACOBIANS = [
    ("f(A@x)", "x", "diag(f′(A x)) A"),
    ("F(x)", "x", "J_F(x)"),
    ("L'(A@x)", "x", "∇²L(A x) A"),
    ("x + A.T@F(x)", "x", "Aᵀ J_F(x) + I"),
]


@pytest.mark.parametrize(("f", "x", "wanted"), JACOBIANS, ids=lambda v: str(v))
def test_jacobians(f, x, wanted):
    assert mc.jacobian(f, x, where=WHERE).pretty() == wanted


@pytest.mark.parametrize("text", ["f'(A@x)", "f''(f(X))", "L(x)*L'(x)", "L''(x)@x", "L''(X, G@X)", "F'(x)@F(x)", "φ'''(x)"])
def test_a_derivative_can_be_typed_again(text):
    where = "F: function -> n; A: (m, n); X: (n, p); x: n; G: (n, n)"
    e = read(text, where=where).expr
    assert unparsed(e) == text.replace("φ", "phi")
    assert read(unparsed(e), where=where).expr is e


def test_letters_that_are_called_are_supposed_to_be_functions():
    r = mc.grad("L(f(A@x))", "x")
    assert "f any elementwise function  (by its letter)" in str(r) and "L any scalar function  (by its letter)" in str(r)
    assert mc.parse(r.text(), where=r.where) is r.value


def test_declarations_beat_letters_and_words():
    assert mc.grad("sum(Phi(x))", "x", where="Phi: elementwise function; x: n").pretty() == "Φ′(x)"
    assert mc.grad("f(x)", "x", where="f: scalar function; x: n").pretty() == "∇ₓf"


def test_the_names_on_paper():
    r = mc.grad("sum(f''(A@x)) + L(A@x) + sum(F(x))", "x", where=WHERE)
    assert r.latex() == (
        r"A^{\top} \bigl(\nabla L(A x) + f'''(A x)\bigr) + J_{F}(x)^{\top} \mathbf{1}"
    )
    assert mc.grad("L(w)", "v", let={"w": "g/norm(v)*v"}).told("none").startswith("∇ᵥL = ")


def test_functions_are_arguments_of_the_code():
    fn = mc.grad("a @ f(A@x) + L(x)", "x", where=WHERE).function("numpy")
    assert list(inspect.signature(fn).parameters) == ["a", "A", "x", "df", "dL"]
    rng = np.random.default_rng(0)
    a, A, x = rng.standard_normal(3), rng.standard_normal((3, 4)), rng.standard_normal(4)
    got = fn(a=a, A=A, x=x, df=np.cos, dL=lambda x: 2 * x)
    assert np.allclose(got, A.T @ (a * np.cos(A @ x)) + 2 * x)


def test_objects():
    x = mc.vector("x", "n")
    L, F = mc.function("L", "scalar"), mc.function("F", "vector", "m")
    assert mc.grad(L(x), x).pretty() == "∇ₓL"
    assert mc.jacobian(F(x), x).pretty() == "J_F(x)"
    assert mc.grad(mc.sum(mc.function("f")(x)), x).pretty() == "f′(x)"
    w = x / mc.norm(x)
    assert mc.grad("L(w)", "x", let={"w": w}).pretty() == "(∇_wL − (wᵀ∇_wL) w)/‖x‖"
    with pytest.raises(mc.MatcalcError, match="a function is 'elementwise'"):
        mc.function("F", "vector")


MISTAKES = [
    ("f*f(x)", "x", "f is a variable here"),
    ("f(x) + f", "x", "called elsewhere, as a function"),
    ("L(x) + L(X)", "x", "L takes arguments of one shape"),
    ("F''(x)", "x", "a derivative of order 2"),
    ("sin'(x)", "x", "only the name is known"),
]


@pytest.mark.parametrize(("f", "x", "said"), MISTAKES, ids=lambda v: str(v))
def test_mistakes(f, x, said):
    with pytest.raises(mc.MatcalcError, match=said):
        mc.grad(f, x, where=WHERE.replace("F:", "F :") if f != "f*f(x)" else WHERE + "; f: scalar")


def test_the_third_derivative_of_an_unknown_function_is_refused():
    with pytest.raises(mc.MatcalcError, match="Hessian of an unknown function"):
        mc.grad("sum(L''(x)@x)", "x", where="x: n")


def test_a_second_derivative_along_a_direction_crosses_the_colon():
    r = mc.grad("M(B@M'(2*X))", "X", where="B: (n, n); X: (n, p); M: scalar function")
    assert r.pretty() == "2 ∇²M(2 X, Bᵀ ∇M(B ∇M(2 X)))"
    assert "∇²L(C, A)" in str(r) or "∇²L(B, A)" in str(r)


def test_a_longer_name_is_to_be_declared():
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grad("loss(w)", "w")
    assert caught.value.notes == ("a function of which only the name is known is declared, loss: scalar function, say",)
    assert mc.grad("loss(w)", "w", where="loss: scalar function").pretty() == "∇_w loss"


def test_primes_as_they_are_printed_are_read():
    assert mc.parse("f″(x)", where="x: n") is mc.parse("f''(x)", where="x: n")

"""Results written through quantities that a person names, and gradients inside expressions."""

import numpy as np
import pytest

import matcalc as mc

W = {"w": "g/norm(v)*v"}
THROUGH = [
    ("L(w)", "v", W, "grad(L(w), g)", "(g/‖v‖) ∇_wL − (g ∇_gL/‖v‖²) v   where ∇_gL = vᵀ∇_wL/‖v‖"),
    ("L(w)", "v", W, "s = v@L'(w)", "(g/‖v‖) ∇_wL − (g s/‖v‖³) v   where s = vᵀ∇_wL"),
    ("L(w)", "v", W, "P = v@v.T/norm(v)**2", "(g/‖v‖) (∇_wL − P ∇_wL)   where P = vvᵀ/‖v‖²"),
    ("L(w)", "v", W, "c = g/norm(v)", "c ∇_wL − (c vᵀ∇_wL/‖v‖²) v   where c = g/‖v‖"),
    ("norm(P.T@P - I)**2", "P", {}, "X = P.T@P - I", "4 P X   where X = PᵀP − I"),
    ("norm(P.T@P)**2 - 2*norm(P)**2", "P", {}, "X = P.T@P - I", "4 P X   where X = PᵀP − I"),
    ("norm(A@x - b)**2", "x", {}, "r = A@x - b", "2 Aᵀr   where r = A x − b"),
    ("x@A.T@A@x - 2*b@A@x", "x", {}, "r = b - A@x", "−2 Aᵀr   where r = b − A x"),
    ("norm(A@x - b)", "x", {}, "r = A@x - b", "Aᵀr/‖r‖   where r = A x − b"),
    ("x@inv(S)@x", "S", {}, "y = inv(S)@x", "−yyᵀ   where y = S⁻¹x"),
    ("L(x/norm(x))", "x", {}, "u = x/norm(x)", "(∇ᵤL − (uᵀ∇ᵤL) u)/‖x‖   where u = x/‖x‖"),
    ("x@A@x/(x@x)", "x", {}, "s = x@x", "(A + Aᵀ)x/s − (2 xᵀA x/s²) x   where s = xᵀx"),
    ("L(W@x + b)", "W", {}, "grad(L(W@x + b), b)", "∇_bL xᵀ   where ∇_bL = ∇L(W x + b)"),
    ("norm(U@phi(V@X) - Y)**2", "V", {}, "R = U@phi(V@X) - Y", "2 (UᵀR ⊙ φ′(V X)) Xᵀ   where R = U φ(V X) − Y"),
]


@pytest.mark.parametrize(("f", "x", "let", "using", "wanted"), THROUGH, ids=lambda v: str(v))
def test_results_through_quantities(f, x, let, using, wanted):
    r = mc.grad(f, x, let=let, using=using, where="S: (n, n) symmetric" if "S" in f else "")
    assert r.pretty() == wanted
    assert r.verify().passed
    assert r.derivation[-1].rule in ("named quantity", "order of writing")
    assert all(step.holds() for step in r.derivation)


OTHERS = [
    (mc.jacobian, "A@x/norm(A@x)", "(1/‖y‖) (I − yyᵀ/‖y‖²)A   where y = A x"),
    (mc.hessian, "norm(A@x)", "(1/‖y‖) Aᵀ(I − yyᵀ/‖y‖²)A   where y = A x"),
    (mc.pullback, "f(A@x)", "Aᵀ(G ⊙ f′(y))   where y = A x"),
    (mc.grad, "A@x/norm(A@x)", "(1/‖y‖) (I − yyᵀ/‖y‖²)A   where y = A x"),
]


@pytest.mark.parametrize(("verb", "f", "wanted"), OTHERS, ids=lambda v: getattr(v, "__name__", str(v)))
def test_other_derivatives_through_quantities(verb, f, wanted):
    assert verb(f, "x", using="y = A@x").pretty() == wanted


def test_several_quantities_one_after_the_other():
    r = mc.grad("norm(A@x - b)", "x", using=["r = A@x - b", "s = norm(r)"])
    assert r.pretty() == "Aᵀr/s   where r = A x − b, s = ‖r‖"
    assert mc.grad("norm(A@x - b)", "x", using={"r": "A@x - b"}).pretty() == "Aᵀr/‖r‖   where r = A x − b"


def test_weight_normalisation_in_text_and_code():
    r = mc.grad("L(w)", "v", let=W, using="grad(L(w), g)")
    assert r.text() == "g/norm(v)*L'(w) - g*dL_dg/norm(v)**2*v where w = g/norm(v)*v, dL_dg = (v.T@L'(w))/norm(v)"
    assert mc.parse(r.text(), where=r.where) is r.value
    assert "∇_gL = vᵀ∇_wL/‖v‖, because" in str(r)
    rng = np.random.default_rng(0)
    v, A = rng.standard_normal(4), rng.standard_normal((4, 4))
    loss = lambda v: np.sin(2 * v / np.linalg.norm(v)) @ A @ np.ones(4)  # noqa: E731
    got = r.function()(v=v, g=2.0, dL=lambda w: np.cos(w) * (A @ np.ones(4)))
    steps = 1e-6 * np.eye(4)
    assert np.allclose(got, [(loss(v + h) - loss(v - h)) / 2e-6 for h in steps], atol=1e-8)


MISTAKES = [
    ("s = norm(x)", "cannot be written with s = ‖x‖"),
    ("x = A@x", "x has a meaning already"),
    ("n = x@x", "n has a meaning already"),
    ("grad(x@x, q)", "there is no variable q"),
    ("A@x", "a quantity is NAME = EXPR or"),
    ("grad(A@x, x)", "grad wants a scalar"),
    ("grad(x@x, I)", "is no variable"),
]


@pytest.mark.parametrize(("using", "said"), MISTAKES, ids=lambda v: str(v))
def test_mistakes(using, said):
    with pytest.raises(mc.MatcalcError, match=said):
        mc.grad("norm(A@x - b)**2", "x", using=using)


NESTED = [
    ("grad(x@A@x, x) @ u", "x", "(A + Aᵀ)u"),
    ("grad(grad(x@x*(a@x), x)@u, x)@u", "x", "2‖u‖²a + 4 (aᵀu) u"),
    ("norm(grad(logdet(X), X))**2", "X", "−2 X⁻ᵀX⁻¹X⁻ᵀ"),
    ("grad(L(A@x), x) @ u", "x", "Aᵀ ∇²L(A x) A u"),
]


@pytest.mark.parametrize(("f", "x", "wanted"), NESTED, ids=lambda v: str(v))
def test_gradients_inside_expressions(f, x, wanted):
    r = mc.grad(f, x)
    assert r.verify().passed
    assert r.pretty() == wanted


def test_a_gradient_with_respect_to_a_definition():
    r = mc.grad("sum(grad(L(w), w))", "v", let={"w": "A@v"})
    assert r.pretty() == "Aᵀ ∇²L(w) 1"


def test_definitions_are_kept_in_order_and_may_be_variables():
    let = {"a": "W@x", "h": "tanh(a)"}
    assert mc.grad("norm(h - y)**2", "W", let=let).pretty() == "2 ((1 − h²) ⊙ (h − y)) xᵀ"
    assert mc.grad("norm(h - y)**2", "h", let=let).pretty() == "2 (h − y)"
    with pytest.raises(mc.MatcalcError, match="used before it is defined"):
        mc.grad("norm(h)", "x", let={"h": "tanh(a)", "a": "W@x"})


def test_the_chain_rule_is_told_with_the_jacobian_of_a_reparameterisation():
    lines = [" ".join(line.split()) for line in str(mc.grad("L(w)", "v", let=W)).splitlines()]
    at = lines.index("∇ᵥL = (∂w/∂v)ᵀ ∇_wL by the chain rule, with")
    assert lines[at + 1 : at + 9] == [
        "dw = (g/‖v‖) dv + g v d(1/‖v‖) product rule",
        "d‖v‖ = vᵀdv/‖v‖ from ‖v‖² = vᵀv",
        "d(1/‖v‖) = −d‖v‖/‖v‖² = −vᵀdv/‖v‖³ chain rule",
        "= (g/‖v‖) dv − (g/‖v‖³) v (vᵀdv) substitute",
        "= (g/‖v‖) (I − vvᵀ/‖v‖²) dv v (vᵀdv) = (vvᵀ) dv",
        "∂w/∂v = (g/‖v‖) (I − vvᵀ/‖v‖²) dw = J dv ⇔ ∂w/∂v = J",
        "= (g/‖v‖) I − (g/‖v‖³) vvᵀ multiplied out",
        "∂w/∂v is symmetric: its numerator and denominator layouts coincide.",
    ]
    assert "also: (g/‖v‖) ∇_wL − (g ∇_gL/‖v‖²) v where ∇_gL = vᵀ∇_wL/‖v‖" in lines


LSTM = {
    "i": "sigmoid(Wi@x + Ui@h)", "f": "sigmoid(Wf@x + Uf@h)", "o": "sigmoid(Wo@x + Uo@h)", "q": "tanh(Wq@x + Uq@h)",
    "c2": "f*c + i*q", "h2": "o*tanh(c2)",
}  # fmt: skip
CELL = "; ".join(f"W{k}: (m, n); U{k}: (m, m)" for k in "ifoq") + "; x: n; h: m; c: m"
ATTENTION = {"S": "Q@K.T/sqrt(d)", "A": "softmax(S, axis=1)", "O": "A@V"}
SHAPES = "Q: (n, d); K: (m, d); V: (m, p)"
LAYER = {"c": "x - mean(x)", "s": "sqrt(c@c/n + eps)", "y": "gamma*c/s + beta"}
VECTORS = "x: n; gamma: n; beta: n; eps: scalar positive"
HAT = {"mu": "mean(x)", "s": "norm(x - mu)/sqrt(n)", "z": "(x - mu)/s", "y": "gamma*z + beta"}
BATCH = {"mu": "mean(x)", "s": "sqrt(norm(x - mu)**2/n + eps)", "z": "(x - mu)/s", "y": "gamma*z + beta"}
SCALED = "x: n; eps: scalar positive; gamma: scalar; beta: scalar"
NETWORK = {"z1": "W1@x + b1", "a1": "f(z1)", "z2": "W2@a1 + b2", "a2": "f(z2)"}
APPLICATIONS = [
    ("L(O)", "V", ATTENTION, SHAPES, "Aᵀ∇_OL"),
    ("L(O)", "Q", ATTENTION, SHAPES, "(A ⊙ (∇_OL Vᵀ − diag(O (∇_OL)ᵀ) 1ᵀ)) K/√d"),
    ("L(O)", "K", ATTENTION, SHAPES, "(A ⊙ (∇_OL Vᵀ − diag(O (∇_OL)ᵀ) 1ᵀ))ᵀQ/√d"),
    ("L(h2)", "c", LSTM, CELL, "o ⊙ f ⊙ ∇ₕ₂L ⊙ (1 − tanh(c2)²)"),
    ("L(h2)", "Wo", LSTM, CELL, "(∇ₕ₂L ⊙ h2 ⊙ (1 − o)) xᵀ"),
    ("L(h2)", "Wf", LSTM, CELL, "(c ⊙ o ⊙ f ⊙ ∇ₕ₂L ⊙ (1 − f) ⊙ (1 − tanh(c2)²)) xᵀ"),
    ("L(y)", "x", {"r": "sqrt(x@x/n)", "y": "gamma*x/r"}, "x: n; gamma: n", "(γ ⊙ ∇_yL − (yᵀ∇_yL/(n r)) x)/r"),
    ("L(y)", "x", LAYER, VECTORS, "(γ ⊙ ∇_yL − ((sum(γ ⊙ c ⊙ ∇_yL)/s²) c + (γᵀ∇_yL) 1)/n)/s"),
    ("L(y)", "x", HAT, VECTORS, "(γ ⊙ ∇_yL − (sum(γ ⊙ z ⊙ ∇_yL) z + (γᵀ∇_yL) 1)/n)/s"),
    ("L(y)", "gamma", LAYER, VECTORS, "(c ⊙ ∇_yL)/s"),
    ("L(y)", "x", BATCH, SCALED, "(γ/s) (∇_yL − ((zᵀ∇_yL) z + sum(∇_yL) 1)/n)"),
    ("-y@log(p)", "W", {"z": "W@x", "p": "softmax(z)"}, "y: k; x: n; W: (k, n)", "(sum(y) p − y) xᵀ"),
    ("-log(p[0])", "z", {"p": "softmax(z)"}, "z: k", "p − e₀"),
    ("log(abs(1 + u@p))", "u", {"a": "w@z + b", "p": "h'(a)*w"}, "w: n; z: n; b: scalar; u: n", "p/(1 + uᵀp)"),
    ("log(abs(1 + u@p))", "w", {"a": "w@z + b", "p": "h'(a)*w"}, "w: n; z: n; b: scalar; u: n", "(h′(a) u + (uᵀw) h″(a) z)/(1 + uᵀp)"),
    ("logdet(I + u@p.T)", "u", {"a": "w@z + b", "p": "h'(a)*w"}, "w: n; z: n; b: scalar; u: n", "p/(uᵀp + 1)"),
    ("L(a2)", "W1", NETWORK, "W1: (p, n); W2: (q, p); b1: p; b2: q; x: n", "(W2ᵀ(f′(z2) ⊙ ∇ₐ₂L) ⊙ f′(z1)) xᵀ"),
]


@pytest.mark.parametrize(("f", "x", "let", "where", "wanted"), APPLICATIONS, ids=lambda v: str(v)[:24])
def test_applications(f, x, let, where, wanted):
    r = mc.grad(f, x, let=let, where=where)
    assert r.pretty() == wanted
    assert r.verify().passed


def test_backpropagation_is_the_delta_recursion():
    let, before, where = {}, "x", ["x: n0"]
    for k in range(1, 9):
        let |= {f"z{k}": f"W{k}@{before} + b{k}", f"a{k}": f"f(z{k})"}
        where.append(f"W{k}: (n{k}, n{k - 1}); b{k}: n{k}")
        before = f"a{k}"
    r = mc.grad("L(a8)", "W1", let=let, where="; ".join(where))
    middle = ", ".join(f"δ{k} = W{k + 1}ᵀδ{k + 1} ⊙ f′(z{k})" for k in range(7, 0, -1))
    assert r.pretty() == f"δ1xᵀ   where δ8 = f′(z8) ⊙ ∇ₐ₈L, {middle}"
    assert r.verify().passed
    assert "delta1 = (W2.T @ delta2) * df(z1)" in r.code()


def test_the_answer_of_the_paper_is_checked_as_it_is_written():
    paper = "g/norm(v)*grad(L(w), w) - g*grad(L(w), g)/norm(v)**2*v"
    assert mc.check("L(w)", "v", paper, let=W).correct
    assert not mc.check("L(w)", "v", paper.replace("**2", ""), let=W).correct


def test_gradients_in_other_texts():
    assert mc.equal("grad(x@A@x, x)", "(A + A.T)@x")
    assert mc.equal("A@x where A = B", "B@x")
    assert mc.parse("grad(x@x, x)") is mc.parse("2*x", where="x: n")
    assert mc.simplify("grad(x@A@x, x)").pretty() == "(A + Aᵀ)x"


CIRCLES = [
    ({"a": "b + x", "b": "2*a"}, "b and a are defined through each other"),
    ({"a": "a + x"}, "a is defined through itself"),
    ({"a": "b + x", "b": "c*x", "c": "a@a"}, "b, c and a are defined through each other"),
    ({"a": "b + x", "b": "2*x"}, "b is used before it is defined"),
    ({"n": "2"}, "n is a size by its declarations, and is defined too"),
    ({"x": "A@y"}, "x is both declared and defined"),
]


@pytest.mark.parametrize(("let", "said"), CIRCLES, ids=lambda v: str(v))
def test_definitions_that_are_none(let, said):
    with pytest.raises(mc.MatcalcError, match=said):
        mc.grad("a@x" if "a" in let else "n*x@x", "x", let=let, where="x: n")

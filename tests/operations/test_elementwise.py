"""Functions of entries from text to answer: the derivative as a person prints it, its conditions, its code."""

import inspect
from fractions import Fraction

import numpy as np
import pytest

import matcalc as mc
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.emit.numpy import function, function_source
from matcalc.errors import MatcalcError, ShapeMistake
from matcalc.operations.special import polygamma_at
from matcalc.verify.complexstep import ComplexStep

GRADIENTS = [
    ("sum(sin(x))", "x", "cos(x)"),
    ("sum(cos(x))", "x", "−sin(x)"),
    ("sum(tan(x))", "x", "1 ⊘ cos(x)²"),
    ("sum(sinh(x))", "x", "cosh(x)"),
    ("sum(cosh(x))", "x", "sinh(x)"),
    ("sum(log(cosh(x)))", "x", "tanh(x)"),
    ("sum(arctan(x))", "x", "1 ⊘ (x² + 1)"),
    ("sum(atan(x))", "x", "1 ⊘ (x² + 1)"),
    ("a@sigmoid(W@x)", "x", "Wᵀ(a ⊙ σ ⊙ (1 − σ))   where σ = sigmoid(W x)"),
    ("a@sigmoid(W@x + b) where b = ones(m)", "x", "Wᵀ(a ⊙ σ ⊙ (1 − σ))   where σ = sigmoid(W x + b)"),
    ("a@softplus(W@x)", "x", "Wᵀ(a ⊙ sigmoid(W x))"),
    ("sum(log(1 + exp(x)))", "x", "sigmoid(x)"),
    ("sum(log(1 + exp(-y*(X@w))))", "w", "−Xᵀ(y ⊙ sigmoid(−y ⊙ X w))"),
    ("sum(log(1 + exp(2 - y*(X@w))))", "w", "−Xᵀ(y ⊙ sigmoid(2 − y ⊙ X w))"),
    ("-sum(log(sigmoid(y*(X@w))))", "w", "−Xᵀ(y ⊙ (1 − sigmoid(y ⊙ X w)))"),
    ("-(y @ log(s)) - (1 - y) @ log(1 - s) where s = sigmoid(X @ w)", "w", "Xᵀ(s − y)"),
    ("sum(relu(x))", "x", "1[x > 0]"),
    ("sum(relu(x)**2)/2", "x", "relu(x)"),
    ("sum(max(x, 0)**2)", "x", "2 max(x, 0)"),
    ("w@w/2 + c*sum(max(1 - y*(X@w), 0)**2)", "w", "w − 2 c Xᵀ(y ⊙ max(1 − y ⊙ X w, 0))"),
    ("sum(minimum(x, y)*z)", "x", "z ⊙ 1[y > x]"),
    ("sum(minimum(x, y)*z)", "y", "z ⊙ 1[x ≥ y]"),
    ("sum(max(0, x))", "x", "1[x > 0]"),
    ("sum(where(x > 0, x, exp(x) - 1))", "x", "exp(x) ⊙ 1[x ≤ 0] + 1[x > 0]"),
    ("where(g > 0, g, g**2)", "g", "2 g 1[g ≤ 0] + 1[g > 0]"),
    ("sum(clip(x, 0, 1)*y)", "x", "y ⊙ 1[x < 1] ⊙ 1[x > 0]"),
    ("sum(x*Phi(x))", "x", "Φ(x) + x ⊙ φ(x)"),
    ("sum(erf(x))", "x", "2 exp(−x²)/√π"),
    ("sum(gammaln(x))", "x", "digamma(x)"),
    ("sum(digamma(x))", "x", "polygamma(1, x)"),
    ("sum(log1p(x))", "x", "1 ⊘ (x + 1)"),
    ("sum(expm1(x))", "x", "exp(x)"),
    ("sum(sqrt(X**2 + g))", "X", "X ⊘ √(X∘² + g)"),
    ("sqrt(x@A@x)", "x", "(A + Aᵀ)x/(2 √(xᵀA x))"),
    ("sum(besselj(0, x))", "x", None),
    ("sum(airyai(x))", "x", "airyaiprime(x)"),
    ("sum(gamma(x))", "x", "digamma(x) ⊙ gamma(x)"),
    ("sum(lambertw(x))", "x", "lambertw(x) ⊘ (x ⊙ (lambertw(x) + 1))"),
]


@pytest.mark.parametrize(("f", "x", "wanted"), GRADIENTS, ids=[f"{f} {x}" for f, x, _ in GRADIENTS])
def test_as_a_person_prints_it(f, x, wanted):
    result = mc.grad(f, x)
    assert result.verify().passed, result.verify().why
    assert all(step.holds() for step in result.derivation)
    assert wanted is None or result.pretty() == wanted
    assert mc.parse(result.text(), where=result.where) is result.value or " where " in result.text()


def numbers_for(arguments):
    rng = np.random.default_rng(7)
    shapes = {"A": (4, 4), "W": (3, 4), "X": (5, 4), "a": (3,), "w": (4,), "c": (), "g": ()}
    return {n: rng.uniform(0.4, 0.9, shapes.get(n, (4,))) if shapes.get(n, (4,)) else float(rng.uniform(0.4, 0.9)) for n in arguments}


@pytest.mark.parametrize(("f", "x", "wanted"), GRADIENTS, ids=[f"{f} {x}" for f, x, _ in GRADIENTS])
def test_against_finite_differences(f, x, wanted):
    result = mc.grad(f, x)
    value = function(function_source(result.f, "value"), "value")
    derivative = result.function()
    given = numbers_for({*inspect.signature(value).parameters, *inspect.signature(derivative).parameters})
    if "y" in given and "X" in given and "w" in given:
        given["y"] = np.array([0.2, 0.9, 0.4, 0.6, 0.3])
    elif "y" in given:
        given["y"] = given["y"][::-1].copy()
    direction = np.random.default_rng(3).normal(size=np.shape(given[x]))
    gradient = derivative(**{n: given[n] for n in inspect.signature(derivative).parameters})

    def at(h):
        moved = {**given, x: given[x] + h * direction}
        return value(**{n: moved[n] for n in inspect.signature(value).parameters})

    assert np.shape(gradient) == np.shape(given[x])
    assert np.asarray(gradient).dtype == float
    assert np.isclose(np.sum(gradient * direction), (at(1e-5) - at(-1e-5)) / 2e-5, rtol=1e-5, atol=1e-7)


def test_a_jacobian_is_a_diagonal():
    assert mc.jacobian("sigmoid(W@x)", "x").pretty() == "diag(σ ⊙ (1 − σ)) W   where σ = sigmoid(W x)"
    assert mc.jacobian("relu(x)", "x").pretty() == "diag(1[x > 0])"
    assert mc.jacobian("maximum(x, y)", "x").pretty() == "diag(1[x > y])"


CHOICE = "there 1[0 > 0] = 0 picks one generalized gradient."
KINKS = [
    ("sum(relu(W@x))", f"May fail to be differentiable where an entry of W x is 0; {CHOICE}"),
    ("sum(maximum(x, y))", f"May fail to be differentiable where an entry of x − y is 0; {CHOICE}"),
    ("sum(max(x, 0))", f"May fail to be differentiable where an entry of x is 0; {CHOICE}"),
]


@pytest.mark.parametrize(("f", "line"), KINKS)
def test_a_kink_is_told_once(f, line):
    told = [said for said in str(mc.grad(f, "x")).splitlines() if said.startswith("May fail")]
    assert told == [line]


def test_existence():
    assert "(x > 0)" in str(mc.grad("sum(gammaln(x))", "x")).splitlines()[0]
    assert "(1 + x > 0)" in str(mc.grad("sum(log1p(x))", "x")).splitlines()[0]
    assert mc.grad("sum(log1p(x))", "x", where="x: n nonneg").conditions == ()
    assert mc.grad("sum(log(1 - sigmoid(x)))", "x").conditions == ()
    assert mc.grad("sum(where(y, x, x**2))", "x").conditions == ()


CODE = [
    ("sum(log(1 + exp(x)))", "np.logaddexp(0, x).sum()"),
    ("sum(log(1 + x**2))", "np.log1p(x ** 2).sum()"),
    ("sum(log(1 - x))", "np.log1p(-x).sum()"),
    ("sum(log(sigmoid(x)))", "-np.logaddexp(0, -x).sum()"),
    ("sum(exp(x) - 1)", "np.expm1(x).sum()"),
    ("sum(sigmoid(x))", "sp.special.expit(x).sum()"),
    ("sum(x*(x > 0))", "x @ (x > 0)"),
    ("sum(2*(x > 0))", "np.where(x > 0, 2, 0.0).sum()"),
    ("sum(where(x > 0, x, 2*x))", "np.where(x > 0, x, 2 * x).sum()"),
    ("sum(max(x, 0))", "np.maximum(x, 0).sum()"),
    ("sum(sqrt(x))", "np.sqrt(x).sum()"),
    ("sum(1/x)", "(1 / x).sum()"),
]


@pytest.mark.parametrize(("f", "wanted"), CODE)
def test_code_that_loses_no_digits(f, wanted):
    assert function_source(mc.parse(f), "f").splitlines()[-1].strip() == f"return {wanted}"


def test_scipy_is_imported_where_it_is_needed():
    assert function_source(mc.parse("sum(erf(x))"), "f").startswith("import numpy as np\nimport scipy as sp\n")
    assert "scipy" not in function_source(mc.parse("sum(relu(x))"), "f")
    assert "sp_" in function_source(mc.parse("sum(erf(sp))", where="sp: n"), "f")


def test_stable_at_the_far_ends():
    f = function(function_source(mc.parse("sum(log(1 + exp(x)))"), "f"), "f")
    g = mc.grad("sum(log(1 + exp(x)))", "x").function()
    x = np.array([-800.0, 0.0, 800.0])
    assert np.isclose(f(x=x), 800 + np.log(2))
    assert np.allclose(g(x=x), [0, 0.5, 1])


def test_words_with_two_meanings():
    assert mc.parse("max(x, 0)") is mc.parse("maximum(x, 0)")
    assert mc.parse("min(x, y)", where="x: n; y: n") is mc.parse("minimum(x, y)", where="x: n; y: n")
    assert mc.parse("Phi + 1", where="Phi: scalar").op.name == "add"
    assert mc.parse("gamma*x").op.name == "scale"
    assert mc.parse("x < 1") is mc.parse("1 > x")


@pytest.mark.parametrize("text", ["x > 0", "(x >= y)*2", "A@(x != 1)", "where(x <= y, x, y)", "clip(x, 0, 1)", "sqrt(x)", "maximum(x, 0)"])
def test_comparisons_are_read_again(text):
    e = mc.parse(text, where="x: n; y: n; A: (m, n)")
    from matcalc.syntax import text as written

    assert mc.parse(written(e), where="x: n; y: n; A: (m, n)") is e


def test_refusals():
    with pytest.raises(ShapeMistake, match="cannot be compared entry by entry"):
        mc.parse("x > y", where="x: n; y: m")
    with pytest.raises(MatcalcError, match="its argument number 1 is not known"):
        mc.grad("sum(besselj(g, x))", "g", where="g: scalar; x: n")
    with pytest.raises(MatcalcError, match="takes 3 arguments"):
        mc.parse("clip(x, 0)")


def test_python_objects():
    x = mc.vector("x", "n")
    assert mc.sqrt(x) is mc.parse("sqrt(x)", where="x: n")
    assert mc.maximum(x, 0) is mc.parse("max(x, 0)", where="x: n")
    assert mc.besselj(0, x) is mc.parse("besselj(0, x)", where="x: n")


@pytest.mark.parametrize("order", [0, 1, 2, 5])
def test_polygamma_against_scipy(order):
    from scipy.special import polygamma

    for x in (-3.7, -0.2, 0.1, 0.9, 3.0, 12.5, 80.0):
        assert np.isclose(polygamma_at(order, x), float(polygamma(order, x)) if x > 0 or order == 0 else polygamma_at(order, x), rtol=1e-12)


def test_every_function_of_one_entry_goes_end_to_end():
    """Text, gradient, check, LaTeX and code, for all that are declared."""
    for op in OPERATIONS.values():
        if op.kind is Kind.ELEMENTWISE and not op.hidden and op.arity == 1:
            result = mc.grad(f"sum({op.name}(X)*Y)", "X")
            assert result.verify().passed is not False, op.name
            assert result.latex() and result.code(), op.name


def test_a_bessel_function_far_out_is_zero_and_found_at_once():
    assert OPERATIONS["besselk"].value(ComplexStep(), Fraction(3), complex(1e4)) == 0

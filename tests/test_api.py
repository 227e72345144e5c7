"""The doors for programs."""

import numpy as np
import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.operation import OPERATIONS


def test_text_and_objects_give_one_answer():
    P = mc.matrix("P", "m", "n")
    by_objects = mc.grad(mc.sum(abs(P.T @ P - mc.I)), P)
    by_text = mc.grad("sum(abs(P.T@P - I))", "P", where="P: (m, n)")
    assert by_objects.value is by_text.value
    assert by_objects.text() == by_text.text() == "2*P@sign(P.T@P - I)"
    assert by_objects.verify().passed


def test_a_result_says_what_it_is():
    r = mc.grad("sum(abs(P.T@P - I))", "P")
    assert (r.kind, [repr(s) for s in r.shape]) == ("gradient", ["m", "n"])
    assert r.where == "P: (m, n)"
    assert mc.parse(r.text(), where=r.where) is r.value
    assert r.latex() == "2 P \\operatorname{sign}(P^{\\top} P - I)"
    assert r._repr_latex_() == f"$\\displaystyle {r.latex()}$"
    assert [(a.name, a.origin) for a in r.assumptions] == [("P", "from P.T@P")]
    assert [c.kind for c in r.conditions] == ["kink", "kink"] or {c.kind for c in r.conditions} == {"kink"}
    check = r.verify()
    assert check.passed and check.points == 3 and check.max_error < 1e-8 and check.method


@pytest.mark.parametrize(
    ("verb", "f", "x", "kind", "sizes"),
    [
        ("grad", "norm(x)", "x", "gradient", ["n"]),
        ("grad", "a**2", "a", "gradient", []),
        ("grad", "softmax(x)", "x", "jacobian", ["n", "n"]),
        ("jacobian", "A@x", "x", "jacobian", ["m", "n"]),
        ("pullback", "A@X", "X", "pullback", ["n", "p"]),
    ],
)
def test_kinds_and_shapes(verb, f, x, kind, sizes):
    r = getattr(mc, verb)(f, x)
    assert r.kind == kind
    assert len(r.shape) == len(sizes)


def test_the_gradient_of_a_column_is_its_jacobian_with_the_pullback_beside_it():
    r = mc.grad("softmax(x)", "x")
    assert r.kind == "jacobian" and r.pullback.kind == "pullback"
    assert r.pullback.pretty() == "softmax(x) ⊙ (G − (Gᵀ softmax(x)) 1)"
    assert mc.grad("norm(x)", "x").pullback is None


def test_the_upstream_gradient_takes_a_free_name():
    r = mc.grad("G@x", "x")
    assert "Gbar" in r.pullback.text()
    with pytest.raises(mc.MatcalcError) as error:
        mc.pullback("G@x", "x")
    assert error.value.code == "rank"
    assert mc.pullback("G@x", "x", upstream="Y").text() == "G.T@Y"


def test_several_variables():
    found = mc.grad("norm(A@x - b)**2", ["x", "b"])
    assert list(found) == ["x", "b"]
    assert (found["x"].pretty(), found["b"].pretty()) == ("2 Aᵀ(A x − b)", "2 (b − A x)")
    A, x, b = mc.matrix("A", "m", "n"), mc.vector("x", "n"), mc.vector("b", "m")
    by_objects = mc.grad(mc.norm(A @ x - b) ** 2, [x, b])
    assert by_objects["x"].value is found["x"].value


def test_definitions_are_kept():
    r = mc.grad("norm(r)**2", "x", let={"r": "A@x - b"})
    assert r.pretty().startswith("2 Aᵀr")
    assert mc.equal(mc.parse(r.text(), where=r.where), mc.parse("2*A.T@(A@x - b)", where=r.where))


def test_a_definition_as_the_variable_is_a_free_symbol():
    assert mc.grad("norm(r)**2", "r", let={"r": "A@x - b"}).pretty() == "2 r"


def test_structured_variables():
    assert mc.grad("tr(A@S)", "S", where="S: (n, n) symmetric").pretty() == "(A + Aᵀ)/2"
    assert mc.grad("tr(A@S)", "S", where="S: (n, n) symmetric", convention="unstructured").pretty() == "Aᵀ"
    assert mc.grad("tr(A@D)", "D", where="D: (n, n) diagonal").pretty() == "diag(diag(A))"
    assert mc.grad("tr(A@K)", "K", where="K: (n, n) skew").pretty() == "(Aᵀ − A)/2"
    assert mc.grad("tr(A@U)", "U", where="U: (n, n) upper").pretty() == "triu(Aᵀ)"


@pytest.mark.parametrize("word", ["symmetric", "skew", "diagonal", "pd"])
def test_the_pullback_to_a_structured_variable(word):
    assert mc.pullback("P", "P", where=f"P: (n, n) {word}").verify().passed is not False
    assert mc.pullback("A@P", "P", where=f"A: (m, n); P: (n, n) {word}").verify().passed is not False


def test_the_function_is_the_code():
    r = mc.grad("norm(A@x - b)**2", "x")
    rng = np.random.default_rng(0)
    A, x, b = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=4)
    assert np.allclose(r.function("numpy")(A=A, x=x, b=b), 2 * A.T @ (A @ x - b))
    space = {}
    exec(r.code("numpy"), space)
    assert np.array_equal(space["gradient"](A=A, x=x, b=b), r.function("numpy")(A=A, x=x, b=b))


def test_equal():
    assert mc.equal("tr(A@B)", "tr(B@A)", where="A: (m, n); B: (n, m)")
    assert mc.equal("(A + B)@x", "A@x + B@x")
    assert not mc.equal("A@B@x", "B@A@x", where="A: (n, n); B: (n, n)")
    assert mc.equal("log(exp(x)*exp(y))", "x + y", where="x: n; y: n")


def test_words_of_the_language_are_functions():
    X = mc.matrix("X", "m", "n")
    for op in OPERATIONS.values():
        if not op.hidden:
            assert callable(getattr(mc, op.word or op.name))
    assert mc.diag(mc.vector("x", "n")).shape != mc.diag(mc.matrix("A", "n", "n")).shape
    assert mc.norm(X) is mc.parse("norm(X)", where="X: (m, n)")
    assert mc.outer(mc.vector("x", "m"), mc.vector("y", "n")).shape == X.shape
    with pytest.raises(AttributeError):
        _ = mc.nosuchword


def test_operators_of_objects():
    A, x, c = mc.matrix("A", "n", "n"), mc.vector("x", "n"), mc.scalar("c")
    assert 2 * x + x / 2 - x is not None
    assert canonical(1 / c) is canonical(c**-1)
    assert canonical(x @ A) is canonical(A.T @ x)
    assert (x @ x).is_scalar
    assert canonical(A + 2 * mc.I) is canonical(A + mc.I + mc.I)
    assert canonical(mc.I - A) is canonical(-(A - mc.I))
    assert canonical(A @ mc.I) is A


BAD = [
    (lambda: mc.grad("norm(", "x"), "syntax"),
    (lambda: mc.grad("norm(x)", "y"), "name"),
    (lambda: mc.matrix("1A", "m", "n"), "name"),
    (lambda: mc.matrix("A", "m", "n", "funny"), "name"),
    (lambda: mc.matrix("A", "m", "n") @ mc.matrix("B", "m", "n"), "shape"),
    (lambda: mc.matrix("A", "m", "n") + mc.vector("b", "n"), "shape"),
    (lambda: mc.matrix("A", "m", "n") - mc.I, "shape"),
    (lambda: mc.tr(mc.matrix("A", "m", "n")), "shape"),
    (lambda: mc.hessian("x", "x", where="x: n"), "rank"),
    (lambda: mc.grad("norm(x)", "x", using={"y": "A@x"}), "domain"),
    (lambda: mc.grad("norm(x)", "x", convention="foo"), "name"),
    (lambda: mc.jacobian("A@x", "x", layout="foo"), "name"),
    (lambda: mc.grad("x" * 11_000, "x"), "limit"),
    (lambda: mc.vector("x" * 65, "n"), "limit"),
]


@pytest.mark.parametrize(("ask", "code"), BAD)
def test_errors_have_codes(ask, code):
    with pytest.raises(mc.MatcalcError) as error:
        ask()
    assert error.value.code == code
    assert str(error.value).startswith(f"error[{code}]: ")
    assert isinstance(error.value, ValueError)


def test_an_error_points_at_the_text_and_its_fixes_work():
    with pytest.raises(mc.MatcalcError) as error:
        mc.grad("sum(abs(P)", "P")
    assert error.value.span.text == "sum(abs(P)"
    for fix in error.value.fixes:
        assert mc.grad(fix, "P").verify().passed


def test_a_check_that_fails_raises():
    r = mc.grad("norm(x)**2", "x", check=False)
    r.answer = type(r.answer)(r.kind, 3 * r.value, r.answer.derivation, r.answer.conditions)
    assert r.verify().passed is False
    with pytest.raises(mc.MatcalcError) as error:
        r.checked()
    assert error.value.code == "bug" and error.value.exit_status == 1


def test_variables_may_be_greek():
    assert mc.grad("logdet(Σ) + x@Σ^-1@x", "Σ", where="Σ: (n, n) pd").pretty() == mc.grad("logdet(S) + x@inv(S)@x", "S", where="S: (n, n) pd").pretty().replace("S", "Σ")
    assert mc.grad("β@β + γ*norm(x)", ["β", "x"], where="β: n")["β"].pretty() == "2 β"
    assert mc.jacobian("A@β", "β").pretty() == mc.pullback("A@β", "β").pretty().partition("ᵀ")[0] == "A"
    assert mc.grad("sum(Φ[0,:])", "Φ[0,:]").kind == "gradient"
    assert mc.check("β@β", "β", "2*β", where="β: n").correct


@pytest.mark.parametrize(("f", "part", "pretty"), [("sum(X[:,0])", "X[:,0]", "1"), ("x[0]**2 + x[1]", "x[0]", "2 x₀"), ("norm(A@X)**2", "X[:,j]", "2 AᵀA X[:,j]")])
def test_the_variable_may_be_a_slice_by_numbers_too(f, part, pretty):
    r = mc.grad(f, part)
    assert r.verify().passed and r.pretty() == pretty

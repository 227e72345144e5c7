"""Taylor expansions and differentials, as a person writes them; layouts of Jacobians."""

import pytest

import matcalc as mc

BOOK = [
    ("x@A@x", "x", "", "xᵀA x + xᵀ(A + Aᵀ)h + hᵀ(A + Aᵀ)h/2"),
    ("logdet(X)", "X", "", "logdet(X) + tr(X⁻¹H) − tr(X⁻¹H X⁻¹H)/2"),
    ("norm(X)**2", "X", "X: (m, n)", "‖X‖² + 2 X : H + ‖H‖²"),
    ("tr(X.T@A@X)", "X", "", "tr(XᵀA X) + tr(Xᵀ(A + Aᵀ)H) + tr((A + Aᵀ) HHᵀ)/2"),
]


@pytest.mark.parametrize(("f", "x", "where", "pretty"), BOOK)
def test_the_second_order(f, x, where, pretty):
    found = mc.taylor(f, x, where=where)
    assert found.order == 2 and found.latex()
    assert str(found).startswith("f(")
    assert found.pretty() == pretty


def test_the_first_order_and_no_other():
    assert mc.taylor("norm(x)**2", "x", 1).pretty() == "‖x‖² + 2 xᵀh"
    with pytest.raises(mc.MatcalcError, match="order 3"):
        mc.taylor("norm(x)**2", "x", 3)


def test_the_step_has_a_letter_of_its_own():
    assert mc.taylor("h@x", "x", 1, where="h: n").pretty() == "hᵀx + hᵀs"


@pytest.mark.parametrize(
    ("F", "x", "where", "pretty"),
    [("A@x", "x", "", "Aᵀ"), ("A@X@B", "X", "", "B ⊗ Aᵀ"), ("A*t", "t", "t: scalar; A: (m, n)", "A"), ("x/norm(x)", "x", "", None)],
)
def test_the_denominator_layout(F, x, where, pretty):
    r = mc.jacobian(F, x, where=where, layout="denominator")
    assert r.verify().passed and all(s.holds() for s in r.derivation)
    assert pretty is None or r.pretty() == pretty
    assert "denominator" in str(r) or x == "t"


DIFFERENTIALS = [
    ("norm(A@X@B - C)**2", ["X"], "", "2 tr(B (A X B − C)ᵀA dX)"),
    ("tr(X@Y)", [], "", "tr(X dY) + tr(Y dX)"),
    ("inv(X)", [], "", "−X⁻¹dX X⁻¹"),
    ("A@x", ["x"], "", "A dx"),
    ("A@x", ["y"], "y: n", "0"),
]


@pytest.mark.parametrize(("F", "xs", "where", "pretty"), DIFFERENTIALS)
def test_the_differential(F, xs, where, pretty):
    found = mc.differential(F, *xs, where=where)
    assert found.pretty() == pretty and found.latex()
    assert found.verdict.passed and "checked at" in str(found)


@pytest.mark.parametrize("ask", [mc.jacobian, mc.hessian])
def test_no_columns_of_an_array(ask):
    with pytest.raises(mc.MatcalcError, match="columns are stacked of vectors and matrices"):
        ask("sum(i, norm(Phi[i])**2)", "Phi", where="Phi: (l, m, n)")


def test_what_a_variable_is_not_in_is_said():
    assert "f does not depend on y." in str(mc.jacobian("A@x", "y", where="y: k"))
    assert "f does not depend on y." in str(mc.hessian("norm(x)", "y", where="y: k"))

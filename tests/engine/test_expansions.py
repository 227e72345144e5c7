"""Taylor expansions, as a person writes them; layouts of Jacobians."""

import pytest

import matcalc as mc
from matcalc.api import taylor

BOOK = [
    ("x@A@x", "x", "", "xᵀA x + xᵀ(A + Aᵀ)h + hᵀ(A + Aᵀ)h/2"),
    ("logdet(X)", "X", "", "logdet(X) + tr(X⁻¹H) − tr(X⁻¹H X⁻¹H)/2"),
    ("norm(X)**2", "X", "X: (m, n)", "‖X‖² + 2 X : H + ‖H‖²"),
    ("tr(X.T@A@X)", "X", "", "tr(XᵀA X) + tr(Xᵀ(A + Aᵀ)H) + tr((A + Aᵀ) HHᵀ)/2"),
]


@pytest.mark.parametrize(("f", "x", "where", "pretty"), BOOK)
def test_the_second_order(f, x, where, pretty):
    found = taylor(f, x, where=where)
    assert found.order == 2 and found.latex()
    assert str(found).startswith("f(")
    assert found.pretty() == pretty


def test_the_first_order_and_no_other():
    assert taylor("norm(x)**2", "x", 1).pretty() == "‖x‖² + 2 xᵀh"
    with pytest.raises(mc.MatcalcError, match="order 3"):
        taylor("norm(x)**2", "x", 3)


def test_the_step_has_a_letter_of_its_own():
    assert taylor("h@x", "x", 1, where="h: n").pretty() == "hᵀx + hᵀs"


@pytest.mark.parametrize(
    ("F", "x", "where", "pretty"),
    [("A@x", "x", "", "Aᵀ"), ("A@X@B", "X", "", "B ⊗ Aᵀ"), ("A*t", "t", "t: scalar; A: (m, n)", "A"), ("x/norm(x)", "x", "", None)],
)
def test_the_denominator_layout(F, x, where, pretty):
    r = mc.jacobian(F, x, where=where, layout="denominator")
    assert r.verify().passed and all(s.holds() for s in r.derivation)
    assert pretty is None or r.pretty() == pretty
    assert "denominator" in str(r) or x == "t"

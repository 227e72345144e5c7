"""Elementary facts, proved from the equations that define the functions."""

import pytest

import matcalc as mc
from matcalc.core.derivation import Act
from matcalc.core.operation import OPERATIONS
from matcalc.errors import CheckFailed

NORM = """\
  ‖v‖² = vᵀv                                      definition [Matrix Cookbook (129), (130)]
  2‖v‖ d‖v‖ = 2 vᵀdv                              d of both sides;  product rule
  d‖v‖ = vᵀdv/‖v‖                                 divide by 2‖v‖
         d(1/‖v‖) = −d‖v‖/‖v‖² = −vᵀdv/‖v‖³       chain rule
         v d(1/‖v‖) = −(vvᵀ/‖v‖³) dv              v (vᵀdv) = (vvᵀ) dv

✓ every line checked at 4 random points"""


def test_the_norm_and_where_the_second_term_of_weight_normalisation_comes_from():
    assert str(mc.explain("d norm(v)")) == NORM


PROOFS = {
    "d inv(X)": ["X d(X⁻¹) + dX X⁻¹ = 0", "d(X⁻¹) = −X⁻¹dX X⁻¹         multiply by X⁻¹"],
    "d det(X)": ["det(X + dX) = det(X) det(I + X⁻¹dX)", "d(det(X)) = det(X) tr(X⁻¹dX)"],
    "d logdet(X)": ["logdet(X) = log(|det(X)|)", "= tr(X⁻¹dX)"],
    "d pinv(X)": ["from X X⁺X = X", "(I − X⁺X) d(X⁺) (I − X X⁺) = 0", "X⁺(X⁺)ᵀ(dX)ᵀ(I − X X⁺) + (I − X⁺X) (dX)ᵀ(X⁺)ᵀX⁺ − X⁺dX X⁺"],
    "d sqrtm(X)": ["X^(1/2) d(X^(1/2)) + d(X^(1/2)) X^(1/2) = dX", "d(X^(1/2)) = sylvester(X^(1/2), X^(1/2), dX)"],
    "d softmax(x)": ["softmax(x) = exp(x)/sum(exp(x))", "= softmax(x) ⊙ dx − softmax(x) (softmax(x)ᵀdx)"],
    "d norm(A@x - b)": ["let  r = A x − b", "d‖r‖ = rᵀdr/‖r‖"],
    "d (A@x)": ["d(A x) = A dx + dA x"],
}


@pytest.mark.parametrize("text", PROOFS)
def test_a_proof_is_told_and_checked(text):
    explanation = mc.explain(text)
    for wanted in PROOFS[text]:
        assert wanted in str(explanation)
    assert explanation.verify().passed
    assert all(step.holds() for step in explanation.derivation)


@pytest.mark.parametrize("name", [o.name for o in OPERATIONS.values() if (o.implicit or o.proof) and o.kind.value == "operation" and not o.hidden])
def test_what_has_a_defining_equation_is_proved_from_it(name):
    op = OPERATIONS[name]
    letters = ", ".join("XABQ"[:op.arity]) if op.arity == 1 else ", ".join("ABQ"[:op.arity])
    explanation = mc.explain(f"d {op.written}({letters})")
    assert explanation.derivation[0].act is Act.DEFINING
    assert explanation.verify().passed


@pytest.mark.parametrize("text", ["d x", "norm(x)", "d ", "d 3"])
def test_what_is_no_differential_of_a_function(text):
    with pytest.raises(mc.MatcalcError):
        mc.explain(text)


def test_a_false_proof_is_never_printed():
    norm = OPERATIONS["norm"]
    true = norm.body
    try:
        object.__setattr__(norm, "body", lambda X, dX: 2 * true(X, dX))
        with pytest.raises(CheckFailed):
            mc.explain("d norm(v)")
    finally:
        object.__setattr__(norm, "body", true)

"""Faults planted in rules, declared derivatives and adjoints: the generic checks must catch them."""

import pytest
from mutants import mutants
from rules.test_rules import agree, concrete, has_values_where, letters
from verify.test_declarations import ELEMENTWISE, LINEAR, WHOLE, adjoint_equations, differential_equations, is_family

from matcalc.core.canonical import canonical
from matcalc.core.leaves import is_zero_leaf
from matcalc.core.operation import Operation
from matcalc.core.rule import RULES
from matcalc.engine.infer import by_facts
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

NAMES = {"ids": lambda x: x.name if isinstance(x, Operation) else str(x)}


def survivors_among(what, wanted, right, check):
    """The mutants of the right side that a check lets pass, though they are not equal by form."""
    killed, alive = 0, []
    for fault, wrong in mutants(right):
        if canonical(wrong) is canonical(right) or canonical(wrong) is canonical(wanted):
            continue  # no fault: it is the same by the laws of the glue
        if check(wrong) is False:
            killed += 1
        else:
            alive.append(f"{what}: {fault}: {wrong}")
    return killed, alive


RARE = ("product of eigenvalues: a sign", "determinant of a matrix power: a sign")
"""det(−A) is det A for matrices of even size, or raised to even powers; and one of size 5 rarely has real eigenvalues alone."""
TRUE = (
    "identity less the inverse of a sum: two factors in the other order",
    "projection on columns transposed: a transpose too many", "projection on rows transposed: a transpose too many",
)  # fmt: skip
"""A and (I + A)⁻¹ commute; X X⁺ and X⁺X are symmetric."""


def passes(left, right):
    """Whether the generic tests of a rule let these sides pass."""
    verdict = agree(left, right)
    return bool(verdict.passed and verdict.confirmed and has_values_where(left, right))


@pytest.mark.parametrize("rule", list(RULES.values()), ids=lambda r: r.name)
def test_in_a_rule(rule):
    left, right = concrete(rule.left, rule.right)
    killed, alive = 0, []
    for fault, wrong in mutants(right):
        if by_facts(canonical(wrong))[0] is by_facts(canonical(right))[0]:
            continue  # no fault: it is the same by the laws of the glue, and by what is declared
        if passes(left, wrong) and f"{rule.name}: {fault}" not in (*RARE, *TRUE):
            alive.append(f"{rule.name}: {fault}: {wrong}")
        killed += 1
    for e in letters(rule.left):
        if e["properties"]:
            if passes(*concrete(rule.left, rule.right, without=e)):
                alive.append(f"{rule.name}: without the condition on {e['name']}")
            killed += 1
    assert not alive, "\n".join(alive)
    assert killed or is_zero_leaf(rule.right)


@pytest.mark.parametrize("op", LINEAR, **NAMES)
def test_in_an_adjoint(op):
    killed = 0
    for left, right in adjoint_equations(op):
        oracle = Oracle(points_for([left, right]).points)
        more, alive = survivors_among(op.name, left, right, lambda wrong, oracle=oracle, left=left: oracle.holds(left, wrong).passed)
        killed += more
        assert not alive, "\n".join(alive)
    assert killed >= op.arity


NO_FAULT = (
    "sigmoid: a sign: sigmoid(-X)", "pinv: a transpose too many: ", "vech: a transpose too many: ", "svd_left: a sign: svd_left(-X)",
    "gaps: a sign: gaps(-X)", "gaps: a transpose too many: gaps(X).T", "gaps: a transpose too many: (gaps(X)**2).T",
    "reduced_resolvent: a sign: ((-reduced_resolvent(X))", "vector_of_several: a transpose too many: ",
    "sinm: a sign: sinm_frechet(-X", "sinm_frechet: a sign: sinm_frechet(-X",
)  # fmt: skip
"""σ(−x) (1 − σ(−x)) is σ(x) (1 − σ(x)), X X⁺ and X⁺X are symmetric, a skew matrix stands twice, L_sin is even; the laws of the glue do not know it."""
SYMMETRIC_PART = "(polar(X)@pinv(X)).T"
"""Of a wide X, U Σ⁻¹Uᵀ, which is symmetric; the laws of the glue do not know that either."""


@pytest.mark.parametrize("op", ELEMENTWISE + WHOLE, **NAMES)
def test_in_a_derivative(op):
    tangent, declared, moving = differential_equations(op, 3)
    oracle = Oracle(points_for([tangent, declared], moving).points)
    if oracle.is_zero(declared) or is_family(op):
        return  # a sign in J₃(−x) = −J₃(x) is no fault; d sign = 0 has no part that could be wrong but itself
    killed, alive = survivors_among(op.name, tangent, declared, lambda wrong: bool(oracle.holds(tangent, wrong).passed))
    alive = [a for a in alive if not a.startswith(NO_FAULT) and SYMMETRIC_PART not in a]
    assert not alive, "\n".join(alive)
    assert killed

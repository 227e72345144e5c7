"""Every rule, tested by being declared: it is true, needs its conditions, is told, is reached, and ends."""

import re

import pytest

import matcalc as mc
from matcalc.core.canonical import canonical, laws_used
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import SYMBOL, size_number, symbol
from matcalc.core.match import EMPTY, is_letter, matches
from matcalc.core.operation import Kind
from matcalc.core.property import INTEGER, INVERTIBLE, PROPERTIES
from matcalc.core.rule import CANONICAL, MOVE, RULES, SIMPLIFY, Rule, declare_rule, letter
from matcalc.engine.cost import cost
from matcalc.engine.simplify import simplified
from matcalc.verify.compare import Oracle
from matcalc.verify.numbers import Unlucky
from matcalc.verify.points import points_for

ALL = list(RULES.values())
GENERIC = {INVERTIBLE}
"""True of almost every matrix: no sample shows that they are needed."""
each_rule = pytest.mark.parametrize("rule", ALL, ids=lambda r: r.name)


def letters(*roots: Expr) -> list[Expr]:
    return [e for e in postorder(*roots) if is_letter(e)]


def sizes(e: Expr) -> list:
    if len(e.shape) > 2:
        return list(e.shape)
    return [s for s, used in zip(e.shape, (True, not e.is_column)) if used and not e.is_scalar]


def concrete(*roots: Expr, without: Expr | None = None) -> tuple[Expr, ...]:
    """The expressions with symbols for letters; one letter without its properties.  The power of a matrix is an integer."""
    powers = [e.args[i] for e in postorder(*roots) if e.op.kind is Kind.OPERATION for i in e.op.exact]
    integers = {k: frozenset({INTEGER}) for k in letters(*powers)}
    new = {
        e: symbol(e["name"] + "1", *sizes(e), properties=integers.get(e, frozenset(() if e is without else e["properties"])))
        for e in letters(*roots)
    }
    return tuple(substitute(r, dict(new)) for r in roots)


def agree(left: Expr, right: Expr):
    """The verdict on the equality of two sides, at points where every size is another number."""
    chosen = points_for([left, right], exact=2, floating=4)
    assert all(len(set(p.sizes.values())) == len(p.sizes) for p in chosen.points)
    return Oracle(chosen.points, chosen.why).holds(left, right)


@each_rule
def test_the_sides_agree(rule):
    for left, right in rule.sides():
        verdict = agree(*concrete(left, right))
        assert verdict.passed and verdict.confirmed, (rule.name, verdict)


def has_values_where(left: Expr, right: Expr) -> bool:
    """Whether the right side has a value wherever the left one has: a rule may not narrow the domain."""
    tried = 0
    for point in points_for([left], exact=0, floating=12).points:
        point.still.evaluate(left)
        try:
            point.still.evaluate(right)
        except Unlucky:
            return False
        tried += all(abs(x) < 1e12 for x in point.still.values[right].entries)
    return tried == 12


@each_rule
def test_the_domain_stays(rule):
    for left, right in rule.sides():
        assert has_values_where(*concrete(left, right))


@each_rule
def test_every_condition_is_needed(rule):
    for e in letters(rule.left, rule.right):
        if set(e["properties"]) - GENERIC:
            verdict = agree(*concrete(rule.left, rule.right, without=e))
            no_value = verdict.passed is None and "not positive definite" in verdict.why
            assert verdict.passed is False or no_value, f"{rule.name}: {e['properties']} of {e['name']} is not needed"


@each_rule
def test_it_is_told(rule):
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9 ⁻¹ᵀ'-]*", rule.name) and len(rule.name.split()) <= 8
    assert rule.reason and not rule.reason.endswith(".")
    assert rule.cite
    assert rule.name != rule.reason


@each_rule
def test_it_is_no_commutativity_law(rule):
    """A rule that may be applied to what it gives never ends; those are moves, which a strategy applies once."""
    if rule.tag is MOVE:
        return
    left, right = canonical(rule.left), canonical(rule.right)
    assert left is right or next(matches(left, right, EMPTY, lambda e, p: e.op is SYMBOL and p in e["properties"]), None) is None


@each_rule
def test_its_head_is_an_operation(rule):
    for left, _ in rule.sides():
        assert left.args, rule.name


@each_rule
def test_what_the_right_side_says_the_left_side_knows(rule):
    assert set(letters(rule.right)) <= set(letters(rule.left))
    names = {n for e in postorder(rule.left) for s in e.shape for n in s.names()}
    assert {n for e in postorder(rule.right) for s in e.shape for n in s.names()} <= names


@pytest.mark.parametrize("rule", [r for r in ALL if r.tag is SIMPLIFY], ids=lambda r: r.name)
def test_a_simplification_is_shorter_to_read_and_reached(rule):
    left, right = concrete(rule.left, rule.right)
    assert cost(canonical(right)) < cost(canonical(left))
    new, used = simplified(canonical(left))
    assert new is simplified(canonical(right))[0]
    assert rule in used


@pytest.mark.parametrize("rule", [r for r in ALL if r.tag is CANONICAL], ids=lambda r: r.name)
def test_a_canonical_rule_is_applied_by_the_glue(rule):
    """Its left side, freshly met, becomes its right side; no rule in front of it takes that away."""
    for left, right in rule.sides():
        a, b = concrete(left, right)
        assert canonical(a) is canonical(b), rule.name
        assert laws_used(a), rule.name


@pytest.mark.parametrize("rule", [r for r in ALL if r.tag is CANONICAL], ids=lambda r: r.name)
def test_a_canonical_rule_lowers_the_order(rule):
    """What stands under its head gets smaller, so it cannot run in circles."""
    left, right = concrete(rule.left, rule.right)
    if not rule.mirrored and left.op is right.op:  # nothing gets smaller, but what it is about moves to the front
        assert [a.op for a in left.args] == [a.op for a in right.args][::-1] and right.args[0].op.mirror is not None
        return
    assert largest_under(left.op, right) < largest_under(left.op, left), rule.name


def largest_under(op, e: Expr) -> int:
    """The most nodes below one with this head."""
    return max((sum(1 for _ in postorder(x)) for x in postorder(e) if x.op is op), default=0)


def test_names_are_unique_and_a_second_declaration_is_refused():
    rule = ALL[0]
    with pytest.raises(ValueError, match="declared twice"):
        declare_rule(rule.name, rule.left, rule.right, rule.tag, rule.reason, rule.cite)


def test_sides_of_different_shapes_are_refused():
    X, A = letter("X", "m", "n"), letter("A", "n", "n")
    with pytest.raises(ValueError, match="equates m×n and n×m"):
        Rule("wrong", X, X.T, MOVE, "no", "none")
    assert Rule("fine", A, A.T.T, MOVE, "yes", "none").sides()


def test_conditions_are_properties_that_declarations_know():
    assert {p for r in ALL for e in letters(r.left) for p in e["properties"]} <= set(PROPERTIES.values())


def test_a_rule_with_a_condition_is_not_applied_without_it():
    P, X = mc.matrix("P", "m", "n", "nonneg"), mc.matrix("X", "m", "n")
    assert canonical(mc.abs(P)) is P
    assert canonical(mc.abs(X)) is not X


def test_a_rule_is_applied_inside_larger_expressions():
    A, B, c = mc.matrix("A", "n", "n"), mc.matrix("B", "n", "n"), mc.scalar("c")
    assert canonical(B @ mc.inv(A @ B) @ A @ B + c * B) is canonical(B @ mc.inv(A @ B) @ (A @ B) + c * B)
    assert canonical(B @ (mc.inv(A) @ A) @ B) is canonical(B @ B)


def test_sizes_are_letters_too():
    c, X = mc.scalar("c"), mc.matrix("X", "k", "k")
    assert canonical(mc.det(c * X)) is canonical(c ** size_number("k") * mc.det(X))

"""A line is true with its reasons: a false one is seen where both sides agree, and where a name is not what it is said to be."""

from dataclasses import replace

import pytest

import matcalc as mc
from matcalc.core.derivation import Act, Reason
from matcalc.core.leaves import is_zero_leaf
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.rule import RULES
from matcalc.engine.reasons import crossing, stacking
from matcalc.verify.lines import equations, lets_hold, line_holds, statement_holds


@pytest.fixture(scope="module")
def result():
    return mc.grad("sum(abs(P.T@P - I))", "P")


def test_every_line_of_a_derivation_holds_with_its_reasons(result):
    steps = list(result.derivation)
    assert all(line_holds(result.oracle, s).passed for s in steps)
    assert sum(len(list(equations(s))) for s in steps) > 8
    assert all(verdict.passed for _, verdict in lets_hold(result.oracle, result.answer.derivation))


def test_a_false_reason_is_seen_though_the_line_is_true(result):
    for step in result.derivation:
        for i, r in enumerate(step.reasons if step.act is not Act.IDENTIFY else ()):
            if r.left is not None and r.right is not None and not is_zero_leaf(r.right):
                wrong = replace(step, reasons=(*step.reasons[:i], replace(r, right=2 * r.right), *step.reasons[i + 1 :]))
                assert line_holds(result.oracle, wrong).passed is False and wrong.holds() is False


def test_a_false_name_is_seen(result):
    derivation = result.answer.derivation
    wrong = replace(derivation, lets=[replace(let, definition=2 * let.definition) for let in derivation.lets])
    assert any(verdict.passed is False for _, verdict in lets_hold(result.oracle, wrong))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda r: r.name)
def test_the_statement_of_a_rule_is_not_refuted(rule):
    assert statement_holds(rule.left, rule.right)
    assert not statement_holds(rule.left, 2 * rule.right) or statement_holds(rule.left, 0 * rule.left)


def told():
    for op in OPERATIONS.values():
        if op.kind in (Kind.MULTILINEAR, Kind.LINEAR) and op.equation is not None and op.body is not None and op.arity:
            yield from ((crossing, op, k) for k in range(op.arity))
            if op.stacked is not None:
                yield from ((stacking, op, k) for k in range(op.arity))


@pytest.mark.parametrize(("make", "op", "k"), list(told()), ids=lambda x: getattr(x, "name", getattr(x, "__name__", str(x))))
def test_what_is_told_of_a_declaration_is_true(make, op, k):
    reason = make(op, k)
    assert isinstance(reason, Reason) and statement_holds(reason.left, reason.right)

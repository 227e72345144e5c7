"""Jacobians and Hessians of random functions: some in every run, two thousand of each kind when asked for (`-m slow`)."""

import campaign
import numpy as np
import pytest
import second_order

import matcalc as mc

SEED = 40_000


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("of", ["vector", "matrix"])
def test_some(of, part):
    report = second_order.run(4, SEED + part, of, shrink=False)
    assert not report.bad, f"{report}\n{report.found}"


@pytest.mark.slow
@pytest.mark.parametrize("of", ["vector", "matrix"])
def test_two_thousand(of):
    report = second_order.run(2000, SEED + 10, of, shrink=False)
    print(report)
    assert not report.bad, f"{report}\n{report.found}"
    assert report.part_in_matrix_form("jacobian") >= 0.95


def test_a_wrong_answer_is_seen():
    """A Jacobian or Hessian with a sign, a factor or a transpose too many does not pass."""
    seen = missed = 0
    for problem in second_order.problems(4, 3, "matrix"):
        result = problem.ask()
        answer = result.answer
        square = not answer.value.is_scalar and answer.value.shape[0] is answer.value.shape[1]
        for wrong in (-answer.value, 2 * answer.value, *([answer.value.T] if square and problem.verb == "jacobian" else [])):
            result.answer = type(answer)(answer.kind, wrong, answer.derivation, answer.conditions)
            if mc.equal(wrong, answer.value):
                continue
            with np.errstate(all="ignore"):
                kind = second_order.compared(problem, result)[0]
            seen += kind == "wrong"
            missed += kind == "right"
    assert seen >= 10 and missed <= 2, (seen, missed)
    assert campaign.SIZES is second_order.SIZES

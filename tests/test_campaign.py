"""A small random campaign in every run, the large one when asked for (`-m slow`), and every wrong answer ever found."""

import json
import warnings
from pathlib import Path

import campaign
import numpy as np
import pytest
from random_expressions import visible

import matcalc as mc

SEED = 20_000
REGRESSIONS = [json.loads(line) for line in (Path(__file__).parent / "regressions.jsonl").read_text(encoding="utf-8").splitlines() if line]


def told(report):
    return f"{report}\n" + "\n".join(json.dumps(f, ensure_ascii=False) for f in report.found)


@pytest.mark.parametrize("part", range(3))
def test_a_small_campaign(part):
    report = campaign.run(50, SEED + part, shrink=False)
    assert report.outcomes["wrong"] == 0 and report.outcomes["crashed"] == 0, told(report)
    assert report.outcomes["refused"] <= 3, told(report)


@pytest.mark.slow
def test_two_thousand():
    report = campaign.run(2000, SEED + 10, shrink=False)
    print(report)
    assert report.outcomes["wrong"] == 0 and report.outcomes["crashed"] == 0, told(report)
    assert report.answered >= 0.98, told(report)
    assert sorted(report.nodes)[1000] >= 20
    assert all(report.operations[op.name] >= 100 for op in visible()), report.operations


@pytest.mark.parametrize("case", REGRESSIONS, ids=lambda c: f"{c['verb']} {c['expr']} {c['wrt']}".replace("::", ":"))
def test_what_was_once_wrong(case):
    result = getattr(mc, case["verb"])(case["expr"], case["wrt"], where=case.get("where", ""))
    assert str(result) and result.text() and result.latex() and result.code("numpy")
    check = result.verify()
    assert check.passed, check.why
    assert all(step.holds() is not False for step in result.derivation)
    if "answer" in case:
        assert mc.equal(result.value, mc.parse(case["answer"], where=case["where"]))


def test_the_campaign_sees_a_wrong_answer():
    """Its comparison, given an answer that is off by a sign, a factor or a transpose, says so."""
    seen = missed = 0
    for problem in campaign.problems(40, 5):
        try:
            result = problem.ask()
        except mc.MatcalcError:
            continue
        if outcome_of(problem, result) != "right":
            continue
        answer = result.answer
        for wrong in (-answer.value, 2 * answer.value, *([answer.value.T] if square(answer.value) else [])):
            if not mc.equal(wrong, answer.value):
                result.answer = type(answer)(answer.kind, wrong, answer.derivation, answer.conditions)
                outcome = outcome_of(problem, result)
                seen += outcome == "wrong"
                missed += outcome == "right"
    # Where the derivative happens to be 0 at both points (a relu that is off), every multiple of it is right.
    assert seen > 50 and missed <= seen // 10


def outcome_of(problem, result):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return campaign.compared(problem, result)[0]


def square(e):
    return not e.is_scalar and e.shape[0] is e.shape[1]

"""Problems as people have them, with answers found by hand; the derivation must hold line by line."""

import json
from pathlib import Path

import pytest

import matcalc as mc

PROBLEMS = [json.loads(line) for line in (Path(__file__).parent / "problems.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["about"])
def test_a_problem(problem):
    where = "; ".join(d for d in problem["where"].split("; ") if problem["verb"] != "pullback" or not d.startswith("G:"))
    result = getattr(mc, problem["verb"])(problem["f"], problem["x"], where=where)
    assert mc.equal(result.value, mc.parse(problem["answer"], where=problem["where"])), result.pretty()
    check = result.verify()
    assert check.passed, check.why
    assert all(step.holds() for step in result.derivation)
    assert str(result) and result.latex() and result.code("numpy")


def test_the_problems_are_many_and_of_every_kind():
    assert len(PROBLEMS) >= 40 and {p["verb"] for p in PROBLEMS} == {"grad", "jacobian", "pullback"}

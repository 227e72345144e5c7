"""Answers that people gave to real questions: the right ones are judged right, the wrong ones wrong and by what was done wrongly.

`named` lists what would name the mistake that `why` tells: kinds of verdicts and names of slips.  None of it is known to the program.
"""

import json
import random
from pathlib import Path

import pytest

import matcalc as mc
from tests.mutants import mutants

HERE = Path(__file__).parent
ENOUGH = 0.7
NAMED = 0.95


def lines(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


RIGHT, WRONG, PROBLEMS, SLIPS = map(lines, ("right_answers.jsonl", "wrong_answers.jsonl", "problems.jsonl", "slips.jsonl"))
FEW = RIGHT[::9]
EXPECTED = {
    "a sign": {"sign", "power"},
    "a number": {"factor", "power", "term", "zero"},
    "a transpose dropped": {"transpose", "inverse"},
    "a transpose too many": {"transpose", "inverse"},
    "two factors in the other order": {"order"},
    "a power dropped": {"power", "function", "factor"},
    "a part of add dropped": {"term"},
    "a part of matmul dropped": {"factor", "sum"},
    "a part of hadamard dropped": {"factor"},
    "a part of scale dropped": {"factor", "sign"},
}
"""What names each fault of `mutants`; others are a function that is dropped."""
A_FUNCTION = {"function", "inverse", "factor", "power", "diagonal"}


def judged(answer):
    options = {k: answer[k] for k in ("of", "where", "let", "convention") if k in answer}
    return mc.check(answer["f"], answer["x"], answer["answer"], **options)


@pytest.mark.parametrize("answer", FEW, ids=lambda a: a["id"])
def test_a_right_answer(answer):
    v = judged(answer)
    assert v.correct, str(v)


@pytest.mark.slow
@pytest.mark.parametrize("answer", RIGHT, ids=lambda a: a["id"])
def test_every_right_answer(answer):
    v = judged(answer)
    assert v.correct, str(v)


def test_wrong_answers_are_wrong_and_their_mistakes_named():
    right, missed, tried = [], [], 0
    for answer in WRONG:
        try:
            v = judged(answer)
        except mc.MatcalcError:
            continue  # what the language cannot say yet
        tried += v.correct is not None
        if v.correct:
            right.append(answer["id"])
        elif v.correct is False and not {v.kind, *v.slips} & set(answer["named"]):
            missed.append((answer["id"], v.kind, v.slips))
    assert not right
    assert tried >= 28 and len(missed) <= (1 - ENOUGH) * tried, missed


def assert_named(answer):
    v = judged(answer)
    assert v.correct is False and {v.kind, *v.slips} & set(answer["named"]), str(v)
    assert " = " in v.message and v.message.endswith("."), v.message


@pytest.mark.parametrize("answer", SLIPS[::6], ids=lambda a: a["category"])
def test_a_slip_of_each_category_is_named(answer):
    assert_named(answer)


@pytest.mark.slow
@pytest.mark.parametrize("answer", SLIPS, ids=lambda a: a["category"])
def test_the_slips_of_students_are_named(answer):
    assert_named(answer)


def test_the_asker_of_the_first_question_gave_the_transpose():
    v = mc.check("sum(abs(P.T@P - I))", "P", "2*sign(P.T@P - I)@P.T")
    assert (v.kind, v.slips) == ("transposed", ("transpose",))


def faults(problems):
    """Every right answer to a problem with one fault, with its result and the name of the fault."""
    found = []
    for p in problems:
        where = "; ".join(d for d in p["where"].split("; ") if p["verb"] != "pullback" or not d.startswith("G:"))
        result = getattr(mc, p["verb"])(p["f"], p["x"], where=where, check=False)
        found += [(result, what, wrong) for what, wrong in mutants(result.value)]
    return found


def named_share(chosen):
    """How many of the faults are named; none is judged correct unless it is equal."""
    named = missed = 0
    for result, what, wrong in chosen:
        v = mc.check(result.f, result.variable, wrong, of=result.kind)
        if v.correct:
            assert mc.equal(wrong, result.value), what
        elif v.correct is False:
            fine = set(v.slips) & EXPECTED.get(what, A_FUNCTION)
            named, missed = named + bool(fine), missed + (not fine)
    return named / (named + missed)


def test_faults_of_one_place_are_named():
    chosen = faults(PROBLEMS[::6])
    assert named_share(random.Random(3).sample(chosen, 24)) >= 0.9


@pytest.mark.slow
def test_thousands_of_faults_are_named():
    chosen = faults(PROBLEMS)
    for answer in (a for a in RIGHT if "convention" not in a):
        try:
            result = judged(answer).right
        except mc.MatcalcError:
            continue
        if result is not None:
            chosen += [(result, what, wrong) for what, wrong in mutants(result.value)]
    random.Random(1).shuffle(chosen)
    assert named_share(chosen[:5000]) >= NAMED

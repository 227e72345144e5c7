"""Every printed line, evaluated from its text by an evaluator of the tests' own (tests/independent.py)."""

import json
import warnings
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from independent import Point, Unsayable

import matcalc as mc
from matcalc.core.leaves import IDENTITY

CASES = Path(__file__).parent / "cases"
PROBLEMS = [
    ("sum(abs(P.T@P - I))", "P", ""),
    ("norm(X@A - B)", "X", ""),
    ("logdet(X.T@A@X + C)", "X", ""),
    ("tr(inv(A + X.T@C@X)@B)", "X", ""),
    ("sum(log(1 + exp(-y*(A@w))))", "w", ""),
    ("n/2*logdet(Sigma) + tr((X - ones(n)@mu.T)@inv(Sigma)@(X - ones(n)@mu.T).T)/2", "Sigma", "Sigma: (p, p) pd; X: (n, p); mu: p"),
    ("norm(W2@tanh(W1@x + b1) + b2 - y)**2", "W1", "W1: (h, n); W2: (k, h); b1: h; b2: k; x: n; y: k"),
    ("g/norm(v)*v", "v", ""),
    ("-sum(Y*log(softmax(X@W, axis=1)))", "W", ""),
    ("x@A@x/(x@x)", "x", ""),
    ("tr(S@S@A)", "S", "S: (n, n) symmetric"),
    ("sum(softmax(A@x)**2)", "x", "A: (m, n)"),
    ("norm(sqrtm(X) - A)**2", "X", ""),
    ("sum(X*sign(X))", "X", ""),
]


def gaps(result, structured=False, **options):
    """How far the sides of each line are apart; what the evaluator cannot say is left out, and counted."""
    derivation = result.derivation
    point = Point([result.f, *(side for s in derivation for side in (s.before, s.after))], result.variable, structured, **options)
    found, unsaid = [], 0
    for step in derivation:
        try:
            found.append((point.gap(step.before, step.after), step))
        except Unsayable:
            unsaid += 1
    return found, unsaid


@pytest.mark.parametrize(("f", "x", "where"), PROBLEMS)
def test_every_line_is_true_as_numpy_reads_it(f, x, where):
    found, unsaid = gaps(mc.grad(f, x, where=where), structured=True)
    assert not unsaid and len(found) >= 3
    for gap, step in found:
        assert gap < 1e-6, step.reason


@pytest.mark.parametrize(("f", "x", "where"), PROBLEMS[:4])
def test_the_evaluator_sees_a_false_line(f, x, where):
    result = mc.grad(f, x, where=where)
    steps = list(result.derivation)
    point = Point([result.f, *(side for s in steps for side in (s.before, s.after))], result.variable, True)
    for step in steps:
        wrong = replace(step, after=2 * step.after if step.after.op is not IDENTITY else step.after)
        assert point.gap(wrong.before, wrong.after) > 1e-3


def cases():
    for name in ("problems", "right_answers"):
        for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


@pytest.mark.slow
@pytest.mark.parametrize("case", list(cases()), ids=lambda c: c.get("id") or c["about"])
def test_every_line_of_every_case(case):
    verbs = {"gradient": "grad", "jacobian": "jacobian", "pullback": "pullback", "hessian": "hessian"}
    of = verbs.get(case.get("of", ""), case.get("verb", ""))
    if of not in verbs.values():
        pytest.skip("its derivation is not about a differential along one direction")
    try:
        result = getattr(mc, of)(case["f"], case["x"], where=case["where"], let=case.get("let"))
    except mc.MatcalcError as refused:
        pytest.skip(str(refused).splitlines()[0])
    structured = any(p.word != "invertible" for p in result.variable["properties"])
    # A point may lie where the function has no value (a logarithm, a Gram matrix of a wide matrix): some of these do not.
    worst = []
    for seed, falling in product(range(20), (False, True)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found, unsaid = gaps(result, structured, seed=seed, falling=falling)
            except np.linalg.LinAlgError:
                continue
        if unsaid == len(list(result.derivation)):
            pytest.skip("nothing that NumPy alone can say")
        worst = [step.reason for gap, step in found if not gap < 1e-5]
        if not worst:
            return
    raise AssertionError(worst)

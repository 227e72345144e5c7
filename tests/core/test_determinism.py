"""The same input gives the same bytes, whatever the hash seed."""

import json
import os
import subprocess
import sys

import pytest

QUESTIONS = [
    ("sum(abs(P.T@P - I))", "P", ""),
    ("g/norm(v)*v", "v", ""),
    ("norm(A@x - b)**2 + c*norm(x)", "x", ""),
    ("log(sum(exp(x)))", "x", ""),
    ("tr(inv(P.T@P))", "P", ""),
    ("logdet(S) + tr(inv(S)@A)", "S", "S: (n, n) symmetric"),
    ("(a*x + b*y + c*z)@(a*z + b*x + c*y) * (a + b + c)", "x", "x: n; y: n; z: n"),
    ("sum(tanh(A@X + B*C)*exp(X.T@A.T).T/(D**2 + 1))", "X", "A: (m, n); X: (n, p); B: (m, p); C: (m, p); D: (m, p)"),
    ("softmax(W@x)*y", "x", "W: (m, n); y: m"),
    ("det(A@B@C) * tr(B@C@A) + x@diag(y)@B@z", "B", "A: (n, n); B: (n, n); C: (n, n); x: n; y: n; z: n"),
]
PROGRAM = """
import json, sys
import matcalc as mc
for f, x, where in json.load(sys.stdin):
    r = mc.grad(f, x, where=where)
    print(str(r), r.text(), r.latex(), r.code("numpy"), r.where, sep="\\n")
"""


def under(seed, command, text=""):
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_bytes_under_any_hash_seed():
    first, *others = (under(seed, [sys.executable, "-c", PROGRAM], json.dumps(QUESTIONS)) for seed in (0, 1, 2))
    assert first.count("✓") >= len(QUESTIONS)
    assert all(other == first for other in others)


@pytest.mark.parametrize("steps", ["normal", "full"])
def test_the_same_bytes_from_the_command(steps):
    for f, x, where in QUESTIONS[:2] + QUESTIONS[7:8]:
        command = [sys.executable, "-m", "matcalc.cli", "grad", f, "wrt", x, "--where", where, "--steps", steps]
        first, *others = (under(seed, command) for seed in (0, 1, 2))
        assert first and all(other == first for other in others)


def test_questions_asked_before_change_nothing():
    """What is remembered about nodes must not show."""
    alone = "import matcalc as mc\nprint(mc.grad('norm(A@x - b)**2 + c*norm(x)', 'x'))"
    after = "import matcalc as mc\nfor f, x in [('x@A@x', 'x'), ('norm(A@x)', 'x'), ('norm(x)*c', 'x')]: mc.grad(f, x).verify()\n" + alone
    assert under(0, [sys.executable, "-c", alone]) == under(0, [sys.executable, "-c", after])

"""Time and length of common questions, and of networks that get deeper: `python tests/benchmarks/measure.py`.

    derive    from the text to the value with its steps, not checked
    check     the reading, every step, the value and its text, by evaluation
    print     what the command prints

Medians over repetitions in a warm process, every time on fresh names, since answers to parts are remembered.  The time and the
lengths of a network must grow as the number of layers does: the last column says by what factor they do when it doubles.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import matcalc as mc

COMMON = [
    ("norm(A@x - b)**2", "x", "A: (m, n); x: n; b: m"),
    ("x@A@x", "x", "A: (n, n); x: n"),
    ("sum(abs(P.T@P - I))", "P", "P: (m, n)"),
    ("norm(X@A - B)**2", "X", "X: (m, n); A: (n, p); B: (m, p)"),
    ("tr(inv(P.T@P))", "P", "P: (m, n)"),
    ("logdet(S) + tr(inv(S)@C)", "S", "S: (n, n) symmetric; C: (n, n)"),
    ("log(sum(exp(A@x)))", "x", "A: (m, n); x: n"),
    ("-y@log(softmax(W@x))", "W", "W: (m, n); x: n; y: m"),
    ("(x@A@x)/(x@x)", "x", "A: (n, n); x: n"),
    ("g/norm(v)*v", "v", "g: scalar; v: n"),
]
LAYERS = (8, 16, 32, 64)
SECONDS_A_ROW = 1.0


@dataclass
class Row:
    """One question."""

    question: str
    derive: float
    check: float
    printing: float
    steps: int
    value_length: int
    printed_length: int
    code_length: int


def renamed(text: str, k: int) -> str:
    """The text with other names for its variables."""
    words = {"sum", "abs", "norm", "tr", "inv", "logdet", "log", "exp", "softmax", "tanh", "T", "I", "scalar", "symmetric", "m", "n", "p"}
    return re.sub(r"[A-Za-z]\w*", lambda w: w[0] if w[0] in words else f"{w[0]}{k}", text)


def measured(f: str, x: str, where: str, least: int = 5) -> Row:
    """The medians for one question."""
    times: list[tuple[float, float, float]] = []
    start = time.perf_counter()
    while len(times) < least or (time.perf_counter() - start < SECONDS_A_ROW and len(times) < 50):
        k = len(times) + 1
        question = [renamed(t, k) for t in (f, x, where)]
        t0 = time.perf_counter()
        result = mc.grad(question[0], question[1], where=question[2], check=False)
        t1 = time.perf_counter()
        passed = result.verify().passed
        t2 = time.perf_counter()
        printed = str(result)
        t3 = time.perf_counter()
        assert passed is not False, question
        times.append((t1 - t0, t2 - t1, t3 - t2))
    derive, check, printing = (statistics.median(t) for t in zip(*times))
    name = f if len(f) < 40 else f"{f[:36]} …"
    return Row(
        name, derive, check, printing, len(result.derivation), len(result.text()), len(printed), len(result.code("numpy"))
    )  # fmt: skip


def network(layers: int) -> tuple[str, str, str]:
    """The squared error of a network of so many layers, and its first weights."""
    text = "x"
    for k in range(layers):
        text = f"tanh(W{'abcdefghij'[k // 10]}{'abcdefghij'[k % 10]}@{text})"
    weights = "; ".join(f"W{'abcdefghij'[k // 10]}{'abcdefghij'[k % 10]}: (n, n)" for k in range(layers))
    return f"norm({text} - y)**2", "Waa", f"{weights}; x: n; y: n"


def command_seconds() -> float:
    """The command from a cold start."""
    times = []
    for _ in range(5):
        t = time.perf_counter()
        subprocess.run([sys.executable, "-m", "matcalc.cli", "grad", "sum(abs(P.T@P - I))", "wrt", "P"], check=True, capture_output=True)
        times.append(time.perf_counter() - t)
    return statistics.median(times)


def line(row: Row, factor: str = "") -> str:
    """A row of the table."""
    return (
        f"{row.question:40} {1e3 * row.derive:9.1f} {1e3 * row.check:9.1f} {1e3 * row.printing:9.1f} {row.steps:6} "
        f"{row.value_length:8} {row.printed_length:8} {row.code_length:8}  {factor}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    rows = [measured(*q) for q in COMMON]
    deep = [measured(*network(n), least=3) for n in LAYERS]
    if options.json:
        for row in rows + deep:
            print(json.dumps(asdict(row)))
        return
    print(f"{'question':40} {'derive':>9} {'check':>9} {'print':>9} {'steps':>6} {'value':>8} {'printed':>8} {'code':>8}")
    print(f"{'':40} {'ms':>9} {'ms':>9} {'ms':>9} {'':6} {'letters':>8} {'letters':>8} {'letters':>8}")
    for row in rows:
        print(line(row))
    print("\nnetworks of tanh layers, gradient with respect to the first weights")
    for n, row, before in zip(LAYERS, deep, [None, *deep]):
        row.question = f"{n} layers"
        grown = (
            ""
            if before is None
            else f"×{(row.derive + row.check + row.printing) / (before.derive + before.check + before.printing):.1f} time, "
            f"×{row.printed_length / before.printed_length:.1f} printed"
        )
        print(line(row, grown))
    print(f"\nthe command from a cold start: {1e3 * command_seconds():.0f} ms")


if __name__ == "__main__":
    main()

"""Random expressions, simplified: `python tests/simplifications.py --count 2000 --seed 0`.

Most are matrix algebra over few letters, with identities of textbooks planted in them, so that there is something to find; one in
twelve is made of all operations of the language.  Of each the simplified form must equal what was typed (modulo a prime and in
floating point), be no longer to read, and be the same node when its text is read again; one in thirty goes through the public
door, with all its steps checked and printed.  Anything else, and any exception, is made smaller and told.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import statistics
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import random_expressions as made

import matcalc as mc
from matcalc.engine.cost import cost
from matcalc.engine.rewriting import rewriting
from matcalc.syntax import read
from matcalc.syntax.unparse import text
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

SECONDS = 15
"""More than this of the processor's time for one expression is a crash."""
WILD, PUBLIC = 12, 30
LETTERS = {"s": "abc", "x": "xy", "v": "vw", "A": "ABSQDP", "X": "XY", "Z": "ZW", "U": "U"}
"""By kind: scalars, columns of n and m entries, matrices n×n, m×n, n×m and m×m."""
WHERE = {
    "a": "scalar", "b": "scalar positive", "c": "scalar", "x": "n", "y": "n positive", "v": "m", "w": "m", "A": "(n, n)", "B": "(n, n)",
    "S": "(n, n) symmetric", "Q": "(n, n) orthogonal", "D": "(n, n) diagonal", "P": "(n, n) pd", "X": "(m, n)", "Y": "(m, n)",
    "Z": "(n, m)", "W": "(n, m)", "U": "(m, m)",
}  # fmt: skip
ONE, ALL_ONES = {"A": "eye(n)", "U": "eye(m)", "s": "1"}, {"s": "1", "x": "ones(n)", "v": "ones(m)", "A": "ones(n, n)", "X": "ones(m, n)"}

FORMS = {
    "s": [
        "{x}.T@{x}", "{x}.T@{A}@{x}", "{v}.T@{X}@{x}", "tr({A})", "tr({X}.T@{X})", "tr({A}@{A})", "det({A})", "logdet({A})", "norm({x})**2",
        "norm({x})", "norm({X})**2", "sum({x})", "sum({x}*{x})", "sum({X}*{X})", "exp({s})", "log({s}**2 + 1)", "tanh({s})", "{s}/({s}**2 + 1)",
        "logsumexp({x})", "mean({x})",
    ],
    "x": ["{A}@{x}", "{A}.T@{x}", "{X}.T@{v}", "{Z}@{v}", "{x}/norm({x})", "softmax({x})", "diag({A})", "inv({A})@{x}", "sum({A}, axis=1)"],
    "v": ["{X}@{x}", "{Z}.T@{x}", "{U}@{v}", "softmax({v})"],
    "A": [
        "{A}@{A}", "{A}.T@{A}", "{X}.T@{X}", "{Z}@{X}", "{A}.T", "inv({A})", "{x}@{x}.T", "diag({x})", "diag({x})@{A}", "matpow({A}, 2)",
        "matpow({A}, 3)", "inv(eye(n) + {X}.T@{X})", "inv(eye(n) + {A})", "{A} + eye(n)", "inv({A} + {A})", "eye(n) - {A}",
    ],
    "X": ["{X}@{A}", "{U}@{X}", "{Z}.T", "{v}@{x}.T", "diag({v})@{X}"],
    "Z": ["{A}@{Z}", "{X}.T", "{Z}@{U}", "{x}@{v}.T", "{A}@{X}.T"],
    "U": ["{X}@{X}.T", "{X}@{Z}", "{U}@{U}", "inv(eye(m) + {X}@{X}.T)", "inv({U})", "{v}@{v}.T", "{U}.T"],
}  # fmt: skip
ANY = ["{e} + {e}", "{e} - {e}", "{e} - {e}", "{e} + {e} - {e}", "-{e}", "2*{e}", "{s}*{e}", "{e}/3", "{s}*{e} + {s}*{e}"]
ENTRIES = [
    "{e}*{e}",
    "exp({e})",
    "{e}**2",
    "abs({e})",
    "tanh({e})",
    "relu({e})",
    "sigmoid({e})",
    "{e}/(1 + {e}**2)",
    "sin({e})",
]
PLANTED = [
    "2*{0} - {0}", "{0} + {1} - {1}", "({0} + {1}) - {1}", "{0} - ({1} + {0})", "{s}*{0} - {s}*({0} - {1})", "{0}/2 + {0}/2",
    "log(exp({0}))", "sinh({0})/cosh({0})", "1/(1 + exp(-{0}))", "sin({0})**2 + {0} + cos({0})**2", "1 - sigmoid({0})",
    "{0}*exp({1})/exp({1})", "{0}*({1} + {0}) - {0}*{1}", "abs({0})**2", "sign({0})*{0}", "1 - (1 - {0})", "relu({0})*({0} > 0)",
]  # fmt: skip
SQUARE = [
    "{0}.T.T", "inv(inv({0}))", "{0}@inv({1})@{1}", "inv({1})@{1}@{0}", "inv({0}@{1})@{0}", "{0}@{1} + {0}@{0}", "({0} + {1})@{0} - {1}@{0}",
    "I - inv(I + {0})", "I - {0}@inv(I + {0})", "inv(I + {0})@(I - {0}) + I", "inv({0} + {1})@{0} + inv({0} + {1})@{1}",
    "inv(I + {0}@{1})@{0} - {0}@inv(I + {1}@{0})", "inv({0}) - inv({0})@{1}@inv(I + inv({0})@{1})@inv({0})", "{0}@Q@Q.T", "Q.T@Q@{0}",
    "({0}.T@{1}).T", "matpow({0}, 2)@{0} - matpow({0}, 3)", "tr({0}@{1})*{0} - tr({1}@{0})*{0}", "I*{0}", "det(inv({0}))*det({0})*{1}",
    "{0} + {0}.T", "{0}@{1}.T + {1}@{0}.T", "I - {X}.T@inv(eye(m) + {X}@{X}.T)@{X}", "inv({a} * I + {X}.T@{X})@{X}.T@{X}",
]  # fmt: skip
COLUMN = [
    "{A}@inv({A})@{0}",
    "exp({0})/sum(exp({0}))",
    "diag({0})@{1}",
    "{0}*({1}.T@{0}) - {0}@{0}.T@{1}",
    "Q.T@Q@{0}",
    "diag({0}@{1}.T)",
    "{A}@{0} - {A}@({0} - {1})",
]


@dataclass(frozen=True)
class Written:
    """An expression: a template over parts, or a letter, and its kind."""

    kind: str
    template: str
    parts: tuple[Written, ...] = ()

    @property
    def text(self) -> str:
        return self.template.format(*(p.text if not p.parts and p.text.isalnum() else f"({p.text})" for p in self.parts))

    def walk(self) -> Iterator[Written]:
        yield self
        for p in self.parts:
            yield from p.walk()

    @property
    def where(self) -> str:
        return "; ".join(f"{name}: {WHERE[name]}" for name in sorted({c for c in self.text if c in WHERE}))

    def smaller(self) -> Iterator[Written]:
        """The same with less in it."""
        yield from (p for p in self.walk() if p is not self and p.kind == self.kind)
        for i, part in enumerate(self.parts):
            letters = [Written(part.kind, c) for c in LETTERS[part.kind][:2]] if part.parts else []
            for other in (*letters, *part.smaller()):
                yield Written(self.kind, self.template, (*self.parts[:i], other, *self.parts[i + 1 :]))


@dataclass
class Writer:
    """Writes expressions from a seed."""

    chance: random.Random

    def write(self, kind: str, depth: int) -> Written:
        """An expression of a kind."""
        if depth <= 0 or self.chance.random() < 0.1:
            return self.leaf(kind)
        way = self.chance.random()
        if way < 0.35:
            return self.planted(kind, depth)
        if way < 0.6:
            return self.filled(kind, self.chance.choice(ANY), depth)
        if way < 0.68:
            return self.filled(kind, self.chance.choice(ENTRIES), depth)
        return self.filled(kind, self.chance.choice(FORMS[kind]), depth)

    def leaf(self, kind: str) -> Written:
        if kind in ONE and self.chance.random() < 0.1:
            return Written(kind, ONE[kind])
        return Written(kind, self.chance.choice(LETTERS[kind]))

    def planted(self, kind: str, depth: int) -> Written:
        """An identity with the same part in several places."""
        own = {"A": SQUARE, "x": COLUMN, "v": []}.get(kind, [])
        template = self.chance.choice([*PLANTED, *own, *own])
        both = {"0": self.write(kind, depth - 2), "1": self.write(kind, depth - 2), "a": Written("s", "b")}
        return self.filled(kind, template, depth, both)

    def filled(self, kind: str, template: str, depth: int, known: dict[str, Written] | None = None) -> Written:
        parts: list[Written] = []
        out = ""
        for i, piece in enumerate(template.replace("{", "}").split("}")):
            if i % 2 == 0:
                out += piece
                continue
            out += f"{{{len(parts)}}}"
            below = kind if piece == "e" else piece
            parts.append(known[piece] if known and piece in known else self.write(below, depth - self.chance.choice((1, 1, 2))))
        return Written(kind, out, tuple(parts))


@dataclass
class Outcome:
    """What became of an expression."""

    kind: str
    why: str = ""
    seconds: float = 0.0
    saved: int = 0
    method: str = ""


class OutOfTimeError(Exception):
    """The time for one expression is over."""


def attempt(expression: str, where: str, public: bool = False) -> Outcome:
    """Simplify, compare, read again."""

    def stop(*_: object) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return simplified(expression, where, public)
    except OutOfTimeError:
        return Outcome("crashed", f"more than {SECONDS} s")
    except mc.MatcalcError as error:
        return Outcome("crashed" if error.code == "bug" else "refused", f"{error.code}: {error.message}"[:200])
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome("crashed", f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"[:300])
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def simplified(expression: str, where: str, public: bool) -> Outcome:
    typed = read(expression, where=where).expr
    start = time.perf_counter()
    value, _ = rewriting(typed)
    seconds = time.perf_counter() - start
    saved = cost(typed) - cost(value)
    if saved < 0:
        return Outcome("longer", f"{text(value)} costs {cost(value)}, not {cost(typed)}", seconds)
    again = read(text(value), where=where).expr
    if again is not value:
        return Outcome("misread", text(value), seconds)
    if public:
        result = mc.simplify(expression, where=where)
        if result.value is not value or not str(result) or not result.latex() or result.verify().passed is False:
            return Outcome("wrong", "the public door", seconds)
    if value is typed:
        return Outcome("as typed", "", seconds)
    chosen = points_for([typed, value], exact=1, floating=1)
    verdict = Oracle(chosen.points, chosen.why).holds(typed, value)
    if verdict.passed is False:
        return Outcome("wrong", f"{text(value)}: {verdict.why}", seconds)
    return Outcome("undecided" if verdict.passed is None else "right", verdict.why, seconds, saved, verdict.method)


def expressions(count: int, seed: int) -> Iterator[tuple[Written | None, str, str]]:
    """Random expressions, and their declarations."""
    totals: dict[str, int] = {}
    for k in range(count):
        own = seed * 1_000_003 + k
        if k % WILD == 0:
            maker = made.Maker(own, made=totals)
            shape = maker.random.choice([(), (), ("m",), ("n",), ("m", "n"), ("p", "n"), ("m", "m")])
            tree = maker.expression(shape, maker.random.choice((2, 3, 3, 4)), 3, 40)
            yield None, tree.text(), made.where(tree.names, {})
        else:
            writer = Writer(random.Random(own))
            written = writer.write(writer.chance.choice("sxvAAXZU"), writer.chance.choice((2, 3, 3, 4, 4, 5)))
            yield written, written.text, written.where


BAD = ("wrong", "longer", "misread", "crashed")


def made_smaller(written: Written, outcome: Outcome) -> Written:
    """An expression with the same outcome that is small."""
    again, tries = True, 0
    while again and tries < 300:
        again = False
        for other in sorted(written.smaller(), key=lambda w: len(w.text)):
            if len(other.text) >= len(written.text):
                break
            tries += 1
            found = attempt(other.text, other.where)
            if found.kind == outcome.kind and (found.kind != "crashed" or found.why[:30] == outcome.why[:30]):
                written, again = other, True
                break
            if tries >= 300:
                break
    return written


@dataclass
class Report:
    """The figures."""

    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    saved: list[int] = field(default_factory=list)
    longest: tuple[float, str] = (0.0, "")
    found: list[dict[str, Any]] = field(default_factory=list)

    @property
    def bad(self) -> int:
        return sum(self.outcomes[kind] for kind in BAD)

    def __str__(self) -> str:
        ranked = sorted(self.seconds) or [0.0]
        shorter = [s for s in self.saved if s > 0] or [0]
        return "\n".join([
            f"{self.outcomes.total()} expressions: {', '.join(f'{v} {k}' for k, v in sorted(self.outcomes.items()))}",
            f"compared: {', '.join(f'{v} {k}' for k, v in sorted(self.methods.items()))}",
            f"shorter: {sum(s > 0 for s in self.saved)}, by {statistics.median(shorter):.0f} at the median",
            f"simplification: median {1e3 * statistics.median(ranked):.2f} ms, 99 of 100 within {1e3 * ranked[int(0.99 * (len(ranked) - 1))]:.1f} ms, "
            f"longest {1e3 * ranked[-1]:.0f} ms",
            f"longest: {self.longest[1]}",
            *(f"refused {v}: {k[:150]}" for k, v in self.refusals.most_common(8)),
        ])  # fmt: skip


def run(count: int, seed: int, *, shrink: bool = True, tell: Any = None) -> Report:
    """The campaign."""
    report = Report()
    for k, (written, expression, where) in enumerate(expressions(count, seed)):
        outcome = attempt(expression, where, k % PUBLIC == 1)
        report.outcomes[outcome.kind] += 1
        report.seconds.append(outcome.seconds)
        report.saved.append(outcome.saved)
        report.longest = max(report.longest, (outcome.seconds, expression))
        if outcome.method:
            report.methods[outcome.method] += 1
        if outcome.kind == "refused":
            report.refusals[outcome.why] += 1
        if outcome.kind in BAD:
            if written is not None and shrink:
                written = made_smaller(written, outcome)
                expression, where = written.text, written.where
                outcome = attempt(expression, where)
            report.found.append(
                {"outcome": outcome.kind, "why": outcome.why, "expr": expression, "where": where, "seed": seed, "number": k}
            )
            if tell is not None:
                tell(report.found[-1])
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-shrink", action="store_true")
    options = parser.parse_args()
    report = run(
        options.count, options.seed, shrink=not options.no_shrink, tell=lambda f: print(json.dumps(f, ensure_ascii=False), flush=True)
    )
    print(report, flush=True)
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())

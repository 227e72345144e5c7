"""What is said about an answer: whether it is right, up to what, which slip makes it, and where it fails for all to see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from matcalc.core.expression import Expr, shape_text
from matcalc.core.size import ONE, Shape
from matcalc.emit.pretty import pretty
from matcalc.syntax.unparse import text
from matcalc.verify.counterexample import Counterexample, Rows
from matcalc.verify.diagnosis import Diagnosis

if TYPE_CHECKING:
    from matcalc.answers.result import Result

SCHEMA = 1
KINDS = (
    "correct", "transposed", "factor", "sign", "constant", "assumption", "convention", "vec", "differential", "wrong",
    "incomparable", "not checked",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class Assessment:
    """The verdict on an answer.

    `kind` is one of KINDS; `slips` names what was probably done, the likeliest first; `right` is our own result, None where there is
    none; `readings` says for each way of reading the question whether the answer is right in it.  `correct` is None where it could
    not be checked, and the message says why.
    """

    correct: bool | None
    kind: str
    message: str
    answer: Expr
    right: Result | None = None
    slips: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    readings: tuple[tuple[str, bool], ...] = ()
    shorter: str = ""
    line: str = ""
    diagnosis: Diagnosis | None = None
    differential: Expr | None = None
    """The right differential, where one was given."""

    def __bool__(self) -> bool:
        return self.correct is True

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        parts = [self.message]
        if self.line:
            parts.append(f"The line of the derivation where the two part:\n  {self.line}")
        if self.readings:
            parts.append("\n".join(f"{'✓' if fine else '✗'} {name}" for name, fine in self.readings))
        if self.counterexample is not None:
            parts.append(shown_example(self.counterexample))
        return "\n\n".join(parts)

    @property
    def exit_status(self) -> int:
        """What the command ends with: 0 correct, 5 not correct, 3 not checked."""
        return 3 if self.correct is None else 0 if self.correct else 5

    def shown(self, form: str = "") -> str:
        """All of it, or the "message" alone, or "json"."""
        if form == "json":
            return json.dumps(self.to_json(), ensure_ascii=False, indent=2)
        return self.message if form == "message" else str(self)

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain data, with the version of its schema."""
        c = self.counterexample
        return {
            "schema": SCHEMA, "correct": self.correct, "kind": self.kind, "slips": list(self.slips), "message": self.message,
            "answer": text(self.answer), "right": None if self.right is None else self.right.text(), "shorter": self.shorter,
            "differential": None if self.differential is None else text(self.differential),
            "line": self.line, "readings": dict(self.readings),
            "counterexample": None if c is None else {
                "sizes": dict(c.sizes), "values": dict(c.values), "positions": dict(c.positions), "answer": c.given, "right": c.right,
            },
        }  # fmt: skip


def shape_words(shape: Shape) -> str:
    """`a scalar`, `a vector of n entries`, `an m×n matrix`."""
    if len(shape) > 2:
        return f"a tensor, {shape_text(shape)}"
    if shape[1] is ONE:
        return "a scalar" if shape[0] is ONE else f"a vector with {shape[0]!r} entries"
    return f"a row with {shape[1]!r} entries" if shape[0] is ONE else f"a matrix, {shape_text(shape)}"


def number_text(x: float) -> str:
    """A number as a person writes it: whole, a simple fraction, else four digits.

    >>> number_text(2.0), number_text(-0.25), number_text(0.70710678)
    ('2', '−1/4', '0.7071')
    """
    simple = Fraction(x).limit_denominator(64)
    if abs(x - simple) <= 1e-9 * max(1.0, abs(x)):
        return str(simple).replace("-", "−")
    return f"{x:.4g}".replace("-", "−")


def rows_text(rows: Rows) -> str:
    """`[1 2; 3 4]`; a column as `[1; 2]`, a number alone; of an array its slices along the first axis."""
    if not rows or not isinstance(rows[0][0], list):
        written = [" ".join(number_text(x) for x in row if not isinstance(x, list)) for row in rows]
        return written[0] if len(written) == 1 and len(rows[0]) == 1 else f"[{'; '.join(written)}]"
    return f"[{', '.join(rows_text(part) for part in rows if isinstance(part, list))}]"


def shown_example(c: Counterexample) -> str:
    """The counterexample in three lines."""
    values = [f"{name} = {rows_text(rows)}" for name, rows in c.values] + [f"{name} = {k}" for name, k in c.positions]
    return f"For example at {', '.join(values)}:\n  yours is  {rows_text(c.given)}\n  right is  {rows_text(c.right)}"


def headline(d: Diagnosis, given: Expr, right: Expr, equation: str, what: str = "derivative") -> str:
    """What kind of mistake it is, in a sentence; the right answer, as an equation, after it."""
    is_right = f"{equation}."
    match d.kind:
        case "sign":
            return f"The sign is wrong: {is_right}"
        case "factor":
            return f"Right up to a factor: yours is {_multiple(d.factor)} the {what}. {is_right}"
        case "transposed":
            more = "" if d.factor == 1 else f", and {_multiple(d.factor)} it"
            same = "" if d.presumption is None or d.factor != 1 else f" The two are one {_under(d)}."
            if any(s.name == "axes" for s in d.slips):
                return f"The axes stand in another order{more}: yours is {shape_words(given.shape)}. {is_right}"
            return f"Yours is the transpose of the {what} (the other layout){more}. {is_right}{same}"
        case "vec":
            how = "rows" if any(s.name == "row order" for s in d.slips) else "columns"
            return f"The entries are right, and stand otherwise: {how} stacked. Yours is {shape_words(given.shape)}. {is_right}"
        case "constant":
            return f"Right up to a term that does not depend on the variable{_difference(d.difference)}. {is_right}"
        case "convention":
            more = "" if d.factor in (None, 1) else f", but {_multiple(d.factor)} that"
            return f"Right in another convention{more}: {d.convention}. {is_right}"
        case "assumption":
            return f"Right only {_under(d)}. In general {is_right}"
        case "incomparable":
            return f"Yours is {shape_words(given.shape)}, and the {what} is {shape_words(right.shape)}. {is_right}"
    return f"Not the {what}. {is_right}"


def _multiple(factor: Fraction | Expr | None) -> str:
    if factor is None:
        return "a scalar multiple of"
    if isinstance(factor, Fraction):
        return f"{str(factor).replace('-', '−')} times"
    return f"{pretty(factor, tight=True)} times"


def _difference(e: Expr | None) -> str:
    return "" if e is None else f" (yours minus the derivative is {pretty(e)})"


def _under(d: Diagnosis) -> str:
    p = d.presumption
    if p is None:
        return "in a special case"
    if p.property is None:
        return f"where {p.size} = 1" if p.size else "for numbers: where all sizes are 1"
    *first, last = (pretty(s) for s in p.symbols)
    names = f"{', '.join(first)} and {last}" if first else last
    return f"where {names} {'is' if len(p.symbols) == 1 else 'are'} {p.property.word}"

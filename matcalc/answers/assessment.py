"""What is said about an answer: whether it is right, up to what, which slip makes it, and where it fails for all to see."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from matcalc.core.expression import Expr, postorder, shape_text, substitute
from matcalc.core.leaves import NAMED, NUMBER, unnamed
from matcalc.core.operation import Kind
from matcalc.core.size import ONE, Shape
from matcalc.emit.pretty import pretty
from matcalc.syntax.unparse import text
from matcalc.verify.counterexample import Counterexample
from matcalc.verify.diagnosis import Diagnosis, Slip
from matcalc.verify.likeness import Likeness

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
            "line": self.line, "readings": dict(self.readings),
            "counterexample": None if c is None else {
                "sizes": dict(c.sizes), "values": dict(c.values), "answer": c.given, "right": c.right,
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


def rows_text(rows: Sequence[Sequence[float]]) -> str:
    """`[1 2; 3 4]`; a column as `[1; 2]`, a number alone."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return number_text(rows[0][0])
    return "[" + "; ".join(" ".join(map(number_text, row)) for row in rows) + "]"


def shown_example(c: Counterexample) -> str:
    """The counterexample in three lines."""
    values = ", ".join(f"{name} = {rows_text(rows)}" for name, rows in c.values)
    return f"For example at {values}:\n  yours is  {rows_text(c.given)}\n  right is  {rows_text(c.right)}"


def headline(d: Diagnosis, given: Expr, right: Expr, equation: str) -> str:
    """What kind of mistake it is, in a sentence; the right answer, as an equation, after it."""
    is_right = f"{equation}."
    match d.kind:
        case "sign":
            return f"The sign is wrong: {is_right}"
        case "factor":
            return f"Right up to a factor: yours is {_multiple(d.factor)} the derivative. {is_right}"
        case "transposed":
            more = "" if d.factor == 1 else f", and {_multiple(d.factor)} it"
            same = "" if d.presumption is None or d.factor != 1 else f" The two are one {_under(d)}."
            if any(s.name == "axes" for s in d.slips):
                return f"The axes stand in another order{more}: yours is {shape_words(given.shape)}. {is_right}"
            return f"Yours is the transpose of the derivative (the other layout){more}. {is_right}{same}"
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
            return f"Yours is {shape_words(given.shape)}, and the derivative is {shape_words(right.shape)}. {is_right}"
    return f"Not the derivative. {is_right}"


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
    names = " and ".join(pretty(s) for s in p.symbols)
    return f"where {names} {'is' if len(p.symbols) == 1 else 'are'} {p.property.word}"


def slip_sentences(d: Diagnosis, *named: Expr) -> list[str]:
    """What was probably done, a sentence for each slip; what has a name in the expressions `named` is written by it."""
    names = {unnamed(e): e for e in postorder(*named) if e.op is NAMED}
    shown = [replace(s, right=_by_names(s.right, names), given=_by_names(s.given, names)) for s in d.slips]
    return [f"{_WORDS[s.name](s)}{_rest(s.like)}." for s in shown if s.name in _WORDS]


def _by_names(e: Expr | None, names: dict[Expr, Expr]) -> Expr | None:
    return None if e is None else substitute(e, names)


def _rest(like: Likeness) -> str:
    """What is left to be told beside a slip."""
    rest = [] if like.factor == 1 else ["the sign" if like.factor == -1 else f"a factor {str(like.factor).replace('-', '−')}"]
    rest += ["a transposition"] if like.transposed else []
    return f", up to {' and '.join(rest)}" if rest else ""


def _both(s: Slip) -> str:
    if s.right is None or s.given is None:
        return ""
    return f": {pretty(s.given)} stands where {pretty(s.right)} should"


def _inside(s: Slip, words: str) -> str:
    return f"{words}{_both(s)}"


def _product_rule(s: Slip) -> str:
    at = f" {pretty(s.given)} in {pretty(s.right)}" if s.given is not None and s.right is not None else ""
    return f"This comes out where the factor{at} is not differentiated, or not by itself: the product rule has a term for each"


def _sign(s: Slip) -> str:
    if s.right is None:
        return "The sign is wrong"
    if s.in_f and s.given is not None and s.right is not None:
        return f"This comes out where the sign is lost in differentiating {pretty(s.given)} in {pretty(s.right)}"
    return f"The term {pretty(s.right)} has the wrong sign" if s.given is None and s.right is not None else _inside(s, "A sign is wrong")


def _transposed(s: Slip) -> str:
    if s.in_f and s.given is not None:
        return f"This comes out where d({pretty(s.given)}) is transposed: (dX)ᵀX is not XᵀdX"
    return _inside(s, "A transpose is missing, or too many")


def _term(s: Slip) -> str:
    if s.given is None and s.right is not None:
        return f"The term {pretty(s.right)} is missing"
    return _inside(s, "A term is missing")


def _factor(s: Slip) -> str:
    if s.right is None:
        return "A factor is off"
    if s.given is not None and s.right is not None and s.given.op is NUMBER:
        if s.right.op is NUMBER:
            return _inside(s, "A number is another")
        return f"The term {pretty(s.right)} is there {pretty(s.given)} times"
    return _inside(s, "A factor is lost, as when an inner derivative is forgotten")


def _lost_derivative(s: Slip) -> str:
    if s.in_f and s.right is not None:
        return f"This comes out where the derivative of the outer function is lost: d({pretty(s.right)}) is not d of its argument"
    return _inside(s, "A derivative is lost in the chain rule")


def _not_differentiated(s: Slip) -> str:
    if s.in_f:
        return f"This comes out where {_read(s.right)} is not differentiated but stands as it is, times the inner derivative"
    return f"The term {_read(s.given)} of the function stands in yours as it is, not differentiated"


def _summed(s: Slip) -> str:
    if s.right is not None and s.given is not None and s.right in s.given.args:
        return "This is a sum over entries of the derivative: an index was summed over that should have been kept"
    return _inside(s, "An index is kept that should have been summed over")


def _diagonal(s: Slip) -> str:
    if s.in_f and s.right is not None:
        return f"This comes out where only the diagonal of the Jacobian of {pretty(s.right)} is used"
    return "Only the diagonal is there, where the whole matrix should be"


_SCALARS = "The rules for numbers were used on matrices: "


def _of_scalars(e: Expr | None) -> str:
    if e is None:
        return "for numbers (1×1) it is right; the order, a transpose or the shape is not"
    if e.op.kind is Kind.MULTILINEAR:
        return f"d({pretty(e)}) has a term for each factor, and they are not the same"
    return f"d({pretty(e)}) is not f′(X) dX, since matrices do not commute"


def _read(e: Expr | None) -> str:
    return "it" if e is None else pretty(e)


IMPLIED = {"sign": ("sign",), "factor": ("factor",), "transposed": ("transpose",), "constant": ("term",), "vec": ("vec",)}
"""The slip that a kind of verdict names by itself."""

_WORDS: dict[str, Callable[[Slip], str]] = {
    "transpose": _transposed,
    "inverse": lambda s: _inside(s, "An inverse stands for its transpose, X⁻¹ for X⁻ᵀ or the reverse"),
    "order": lambda s: _inside(s, "The factors stand in another order: matrices do not commute"),
    "elementwise": lambda s: _inside(s, "An elementwise product or inverse and one of matrices are confused"),
    "inner": lambda s: _inside(s, "An inner and an outer product are confused, xᵀy and x yᵀ"),
    "factor": _factor,
    "zero": lambda s: "Yours is 0",
    "extra factor": lambda s: _inside(s, "A factor is too many"),
    "not differentiated": _not_differentiated,
    "differentiated twice": lambda s: _inside(s, "A function is differentiated once too often"),
    "inner derivative": _lost_derivative,
    "function": lambda s: _inside(s, "A function is lost"),
    "power": lambda s: _inside(s, "An exponent is another"),
    "sign": _sign,
    "term": _term,
    "product rule": _product_rule,
    "diagonal": _diagonal,
    "sum": _summed,
    "trace": lambda s: _inside(s, "A trace or a sum of a matrix is taken for the matrix"),
    "norm": lambda s: "This is the norm of the derivative",
    "part": lambda s: f"This is only a part of the derivative{'' if s.given is None else ', ' + pretty(s.given)}: the rest is lost",
    "scalar calculus": lambda s: _SCALARS + _of_scalars(s.right),
    "reading": lambda s: f"This is right where {_read(s.right)} is read as {_read(s.given)}",
}
"""The sentence for each slip."""

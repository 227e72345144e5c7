"""How each operation is written in the input language, given the texts of its operands.

A text has a level that says how tightly it holds together; a place wants a least level, and what is looser goes in brackets.  The
levels and places are those for which reading gives the node back (see `syntax.unparse`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from matcalc.core import leaves
from matcalc.core.abstract import APPLICATIONS, direction_of, order_of
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import counter
from matcalc.core.reality import IMAGINARY, UNIT
from matcalc.core.size import ONE, Shape
from matcalc.core.stacks import places, says_range, stacked
from matcalc.core.words import extras

COMPARISON, SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(6)


@dataclass(frozen=True, slots=True)
class Written:
    """A text and how tightly it holds together; `spread` is that of the scalar alone, for a multiple of ones that reading puts back."""

    text: str
    level: int = ATOM
    spread: Written | None = None

    def within(self, least: int) -> str:
        """The text, in brackets where it holds less tightly than wanted."""
        return self.text if self.level >= least else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Part:
    """An operand to be written: whether a minus goes before it, and whether its place gives its shape."""

    expr: Expr
    anchored: bool
    minus: bool = False


# ---- leaves ----


def _number(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    value: Fraction = e["value"]
    shown = _decimal(abs(value)) if e["decimal"] else None
    if shown is None:
        shown = str(abs(value))
    tight = ATOM if "/" not in shown else PRODUCT
    return Written(shown, tight) if value >= 0 else Written("-" + shown, NEGATIVE)


def _decimal(value: Fraction) -> str | None:
    """A number as a decimal, with at least one digit after the point; None where it has no end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives, 1)
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    if places > 16:
        return f"{digits.lstrip('0')}e-{places}"
    return f"{digits[:-places]}.{digits[-places:]}"


def _sized(word: str, shape: Shape) -> Written:
    sizes = shape[:1] if len(shape) == 2 and shape[1] is ONE else shape
    return Written(f"{word}({', '.join(map(repr, sizes))})")


def _size(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    shown = repr(e["size"])
    return Written(shown) if shown.isidentifier() else Written(f"({shown})")


# ---- indices ----


def summation(e: Expr, shown: Expr, letter: str, body: Written) -> Written:
    """`sum(i, f)`, `stack(i, f, axis=1)`; with the range where the body does not tell it."""
    i = counter(e)
    bounds = "" if says_range(shown, i) else f", 0, {e['size'] + -1}"
    if shown is e.args[0]:
        return Written(f"sum({letter}{bounds}, {body.text})")
    found = stacked(e)
    axis = f", axis={found[1]}" if found is not None and found[1] else ""
    return Written(f"stack({letter}{bounds}, {body.text}{axis})")


def _slice(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """X[i, :], Phi[:, i, :], T[i]."""
    array, *positions = texts
    at = {k: written.text for k, written in zip(e["axes"], positions, strict=True)}
    return Written(f"{array.within(ATOM)}[{', '.join(p or ':' for p in places(e.args[0], at))}]")


# ---- operators ----


def _add(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """A sum; a multiple of ones beside a matrix or a vector is written as the scalar alone."""
    short = [None if e.is_scalar else t.spread for t in texts]
    unit = [p.expr.op is leaves.IDENTITY for p in parts]
    pieces: list[str] = []
    wide = False
    for k, (part, written) in enumerate(zip(parts, texts, strict=True)):
        other = 1 if k == 0 else 0
        able = wide if k else len(parts) > 1 and short[1] is None
        if able and not (k < 2 and unit[other]) and short[k] is not None:
            written = short[k] or written
        else:
            wide = True
        if k == 0:
            pieces.append(written.within(NEGATIVE))
        else:
            pieces.append(("- " if part.minus else "+ ") + written.within(PRODUCT))
    return Written(" ".join(pieces), SUM)


def spread_number(e: Expr) -> Expr | None:
    """The number that a multiple of ones is, when it is added."""
    if e.op is leaves.ONES:
        return leaves.number(1)
    if e.op.name == "scale" and len(e.args) == 2 and e.args[1].op is leaves.ONES and e.args[0].op is leaves.NUMBER:
        return e.args[0] if e.args[0]["value"] != 1 else None
    return None


def is_spread(e: Expr) -> bool:
    """Whether a multiple of ones may be written as its scalar alone: x − mean(x), but x − s·1, as s alone would read as a vector."""
    if spread_number(e) is not None:
        return True
    multiple = e.op.name == "scale" and e.args[-1].op is leaves.ONES and e.args[0] is not leaves.number(1)
    return multiple and all(map(_is_plainly_scalar, e.args[:-1]))


def _is_plainly_scalar(e: Expr) -> bool:
    """Whether this is made of numbers and of functions of vectors and matrices, such as a norm."""
    inside = postorder(e, below=lambda x: x.args if all(a.is_scalar for a in x.args) else ())
    return all(x.args or x.op is leaves.NUMBER for x in inside)


def _spread(e: Expr, factors: list[str]) -> Written | None:
    """The scalars of a multiple of ones."""
    if (found := spread_number(e)) is not None:
        return _number(found, [], [])
    return Written("*".join(factors), PRODUCT) if is_spread(e) else None


def _scale(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    if parts[0].expr.op is leaves.NUMBER and parts[1].expr.op is IMAGINARY and "/" not in texts[0].text and parts[0].expr["value"] > 0:
        texts = [Written(texts[0].text + UNIT[-1]), *texts[2:]]
        if len(texts) == 1:
            return Written(texts[0].text, PRODUCT)
        parts = parts[1:]
    *factors, last = texts
    first = factors[0].within(ATOM) if parts[0].expr.op.name in ("matmul", "scale") else factors[0].within(PRODUCT)
    end = last.text if parts[-1].expr.op.name in ("matmul", "hadamard") else last.within(POWER)
    before = [first, *(f.within(POWER) for f in factors[1:])]
    return Written("*".join([*before, end]), PRODUCT, _spread(e, before))


def _matmul(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """A product; where its first factors make a scalar (reading never makes that) they go in front."""
    pieces: list[str] = []
    front: list[str] = []
    rows: object = None
    for part, written in zip(parts, texts, strict=True):
        if pieces and rows is ONE and parts[0].expr is not part.expr and part.expr.shape[0] is ONE:
            front.append(f"({'@'.join(pieces)})" if len(pieces) > 1 else pieces[0])
            pieces, rows = [], None
        rows = part.expr.shape[0] if rows is None else rows
        pieces.append(written.within(POWER))
    return Written("*".join([*front, "@".join(pieces)]), PRODUCT)


def _hadamard(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    first = parts[0].expr
    if first.op.name == "hadamard" or any(p.expr.is_scalar for p in parts):
        return called(e, parts, texts)
    return Written("*".join(t.within(POWER) for t in texts), PRODUCT)


def _quotient(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    above, below = parts[0].expr, parts[1].expr
    head = texts[0].within(ATOM if above.op.name == "matmul" else PRODUCT)
    if not below.is_scalar and texts[0].spread is not None:
        head = texts[0].spread.within(PRODUCT)
    return Written(f"{head}/{texts[1].within(POWER)}", PRODUCT)


def _power(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    if parts[1].expr.op is leaves.NUMBER and parts[1].expr["value"] == Fraction(1, 2) and not parts[1].expr["decimal"]:
        return Written(f"sqrt({texts[0].text})")
    exponent = texts[1]
    signed = exponent.level == NEGATIVE and parts[1].expr.op is leaves.NUMBER and "/" not in exponent.text
    return Written(f"{texts[0].within(ATOM)}**{exponent.text if signed else exponent.within(ATOM)}", POWER)


def _comparison(sign: str, turned: str) -> Callable[[Expr, list[Part], list[Written]], Written]:
    """x > y; a number that stands first is put second, which reading turns round again."""

    def form(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
        left, right = (t.within(SUM) for t in texts)
        first = parts[0].expr.op is leaves.NUMBER and parts[1].expr.op is not leaves.NUMBER and sign != "!="
        return Written(f"{right} {turned} {left}" if first else f"{left} {sign} {right}", COMPARISON)

    return form


def _transpose(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    if parts[0].expr.op is leaves.NUMBER:
        return Written(f"({texts[0].text}).T")
    return Written(texts[0].within(ATOM) + ".T")


def _range(before: str, axis: int) -> Callable[[Expr, list[Part], list[Written]], Written]:
    """X[1:3], X[:, :2], an end left out where it is that of the axis."""

    def form(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
        start = repr(e["i"]) if e["i"].number() != 0 else ""
        stop = repr(e["j"]) if e["j"] is not e.args[0].shape[axis] else ""
        if axis and parts[0].expr.op.name == "rows":
            return Written(f"{texts[0].text[:-1]}, {start}:{stop}]")
        return Written(f"{texts[0].within(ATOM)}[{before}{start}:{stop}]")

    return form


def called(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """A function by its word; what only a derivation holds is written likewise, to be looked at."""
    if e.op.written.startswith("["):
        return Written(texts[0].within(ATOM) + re.sub(r"[a-z]", lambda letter: str(e[letter[0]]), e.op.written))
    return Written(f"{e.op.written}({', '.join([*(t.text for t in texts), *extras(e.op, dict(e.attrs))])})")


def _applied(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """f''(x): an abstract function, or a derivative of it; of several arguments with their places, and a direction after them."""
    options, order = "", order_of(e)
    if "at" in e.op.parameters and order:
        at = [k + 1 for k in e["at"]]
        options = f", arg={at if order > 1 else at[0]}"
        if direction_of(e) is not None:
            texts, options = [*texts[1:], texts[0]], f"{options}, along={len(texts)}"
    return Written(e["function"] + "'" * order + f"({', '.join(t.text for t in texts)}{options})")


FORMS: dict[str, Callable[[Expr, list[Part], list[Written]], Written]] = {
    "symbol": lambda e, parts, texts: Written(e["name"]),
    "number": _number,
    "size": _size,
    "pi": lambda e, parts, texts: Written("pi"),
    "imaginary": lambda e, parts, texts: Written(UNIT),
    "ones": lambda e, parts, texts: replace(_sized("ones", e.shape), spread=_spread(e, [])),
    "zeros": lambda e, parts, texts: _sized("zeros", e.shape),
    "unit": lambda e, parts, texts: Written(f"e({e['position']}, {e.shape[0]})"),
    "slice": _slice,
    "unit_at": lambda e, parts, texts: Written(f"e({texts[0].text}, {e.shape[0]})"),
    "differential": lambda e, parts, texts: Written(f"d({texts[0].text})"),
    "add": _add,
    "scale": _scale,
    "matmul": _matmul,
    "hadamard": _hadamard,
    "quotient": _quotient,
    "power": _power,
    "powers": _power,
    "transpose": _transpose,
    "rows": _range("", 0),
    "columns": _range(":, ", 1),
    "greater": _comparison(">", "<"),
    "greater_equal": _comparison(">=", "<="),
    "not_equal": _comparison("!=", "!="),
    **dict.fromkeys(APPLICATIONS, _applied),
}

"""A derivation on a page of text: aligned at the relation, reasons in a column of their own, nothing wider than the page."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.core.derivation import Derivation
from matcalc.core.expression import Expr
from matcalc.emit.breaking import text_lines_of
from matcalc.emit.steps import Line, lines
from matcalc.emit.text import padded, width
from matcalc.emit.wording import PLAIN, in_notation

PAGE = 100
"""How many columns a page has."""
WIDEST = 54
"""Equations wider than this have their reason on a line of its own."""
WIDEST_LEFT = 6
LONG_LEFT = 14
GAP = 7
HANG = 4
INDENT = "  "
_DETACHED = 24
"""A column of reasons narrower than this is none."""


def text_lines(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> list[str]:
    """The derivation in Unicode, aligned."""
    found = list(lines(derivation, variable, in_notation(PLAIN, notation), detail))
    lets = next((k for k, line in enumerate(found) if not line.let), len(found))
    return [*_lets(found[:lets]), *_chain(found[lets:])]


def _lets(found: Sequence[Line]) -> list[str]:
    widest = max((width(line.left) for line in found), default=0)
    rows = [(f"{INDENT}{'let ' if i == 0 else '    '} {padded(line.left, widest)} = ", line) for i, line in enumerate(found)]
    return _laid_out(rows, gap=5)


def _chain(found: Sequence[Line]) -> list[str]:
    lefts = [width(line.left) for line in found if not (line.side or line.let or line.last)]
    widest = max((n for n in lefts if n <= WIDEST_LEFT), default=0)
    rows: list[tuple[str, Line]] = []
    here = widest
    for k, line in enumerate(found):
        goes_on = k + 1 < len(found) and not (found[k + 1].left or found[k + 1].last)
        if line.side or line.let:
            rows.append((f"{INDENT}{'let ' if line.let else ' ' * (widest + 3)}{line.left} = ", line))
        elif not goes_on and line.left and width(line.left) + width(line.right) < WIDEST:
            here = max(widest, width(line.left))
            rows.append((f"{INDENT}{padded(line.left, widest)} = ", line))
        elif width(line.left) > LONG_LEFT and not line.last:
            # A long left side has a line of its own, and what it equals stands where all relations do.
            here = widest
            rows += [(INDENT, Line("", line.left)), (f"{INDENT}{' ' * here} = ", line)]
        else:
            here = max(widest, width(line.left)) if line.left else here
            rows.append((f"{INDENT}{padded(line.left, here)} = ", line))
    return _laid_out(rows, GAP)


def _laid_out(rows: Sequence[tuple[str, Line]], gap: int) -> list[str]:
    """The rows with their reasons in one column, both broken where they are too wide."""
    broken = [(start, text_lines_of(line.right, PAGE - width(start), HANG) or [""], line) for start, line in rows]
    ends = [width(start) + width(parts[-1]) + (HANG if len(parts) > 1 else 0) for start, parts, _ in broken]
    # What follows the result does not push the reasons away.
    leading = [n for n, (start, _, line) in zip(ends, broken, strict=True) if (line.left or not line.last) and start != INDENT]
    column = max((n for n in leading if n <= WIDEST), default=min(leading, default=0)) + gap
    column = min(column, WIDEST + gap)
    out: list[str] = []
    for (start, parts, line), end in zip(broken, ends, strict=True):
        out += [start + parts[0], *(" " * (width(start) + HANG) + part for part in parts[1:])]
        told = _wrapped(line.reasons, PAGE - column)
        if told and end + 2 <= column:
            out[-1] = padded(out[-1], column) + told.pop(0)
        out += [" " * column + part for part in told]
    return [line.rstrip() for line in out]


def _wrapped(reasons: Sequence[str], room: int) -> list[str]:
    """Reasons one after another, ended at the room there is; a reason that fits a line is not cut."""
    room = max(room, _DETACHED)
    out: list[str] = []
    for k, reason in enumerate(reasons):
        told = reason + (";" if k + 1 < len(reasons) else "")
        if out and width(out[-1]) + 2 + width(told) <= room:
            out[-1] += "  " + told
        else:
            out += text_lines_of(told, room, 2)[:1] + ["  " + part for part in text_lines_of(told, room, 2)[1:]]
    return out

"""Text under construction: pieces, how tightly they bind, what they begin and end with, and how long they are.

The text of an expression with sharing can be exponentially long.  So a `Text` holds the texts it is made of instead of their
characters, and its length is known from theirs; characters are written once, at the end, if there are not too many.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from fractions import Fraction
from typing import TypeAlias

from matcalc.errors import LimitReached


class Level(IntEnum):
    """How tightly a text binds, loosest first: what it may stand next to without a bracket."""

    SUM = 0
    """a + b, and −a"""
    INNER = 1
    """A : B, and Σᵢ a"""
    HADAMARD = 2
    """A ⊙ B, A ⊘ B"""
    FRACTION = 3
    """a/b"""
    CHAIN = 4
    """A B: a product of matrices; in front of another factor it takes a bracket, (xᵀy) z"""
    PRODUCT = 5
    """2 g A: scalars and at most one matrix"""
    POWER = 6
    """Aᵀ, x², dX: may be a factor, may not carry a superscript of its own"""
    ATOM = 7
    """x, ‖x‖, f(x), (…)"""


class End(Enum):
    """What stands at the beginning or at the end of a text: spacing depends on it."""

    LETTER = "a name of one letter"
    WORD = "a longer name, or a function"
    NUMBER = "digits"
    ONES = "the 1 that stands for a vector or matrix of ones"
    BAR = "a bar of a norm or an absolute value"
    SUM = "a bracket around a sum"
    SUPERSCRIPT = "a raised character"
    OTHER = "anything else"


MACRON = "\N{COMBINING MACRON}"
"""The line above a letter, which takes no room of its own: z̄."""


def width(line: str) -> int:
    """How many columns a line takes."""
    return len(line) - line.count(MACRON)


def padded(line: str, columns: int) -> str:
    """The line with blanks behind it, so many columns wide."""
    return line + " " * (columns - width(line))


Piece: TypeAlias = "str | Text"


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text, by its pieces.

    `bare` says that it is a name of one letter and nothing else; `positive` is, for a text with a minus in front, the
    text without it, so that a sum can write `a − b`.  `height` is that of LaTeX: 0 of a line without brackets, 1 of one
    with them, 2 of what is taller than a line.
    """

    pieces: tuple[Piece, ...]
    length: int
    level: Level
    head: End = End.OTHER
    tail: End = End.OTHER
    bare: bool = False
    positive: Text | None = None
    height: int = 0

    def __str__(self) -> str:
        """All characters; only for a text whose length is known to be small."""
        parts: list[str] = []
        waiting: list[Piece] = [self]
        while waiting:
            piece = waiting.pop()
            if isinstance(piece, str):
                parts.append(piece)
            else:
                waiting.extend(reversed(piece.pieces))
        return "".join(parts)


def text(*pieces: Piece, level: Level, head: End = End.OTHER, tail: End = End.OTHER, bare: bool = False) -> Text:
    """A text made of these pieces.

    >>> x = text("x", level=Level.ATOM)
    >>> str(text("(", x, " + ", x, ")", level=Level.ATOM))
    '(x + x)'
    """
    length = sum(len(p) if isinstance(p, str) else p.length for p in pieces)
    height = max((_height(p) if isinstance(p, str) else p.height for p in pieces), default=0)
    return Text(pieces, length, level, head, tail, bare, height=height)


_TALL = (r"\frac", r"\sum", r"\prod", r"\left", r"\bigl", r"\sqrt", r"\begin")
_HEIGHT = re.compile("|".join([*map(re.escape, _TALL), r"[(\[]"]))


def _height(characters: str) -> int:
    """What this much LaTeX alone makes of the height of a line."""
    return max((2 if found.startswith("\\") else 1 for found in _HEIGHT.findall(characters)), default=0)


def negative_of(sign: str, positive: Text) -> Text:
    """The text with a minus in front, which remembers what it is the negative of."""
    return replace(text(sign, positive, level=Level.SUM, tail=positive.tail), positive=positive)


def characters(t: Text, limit: int) -> str:
    """The characters of a text; raises LimitReached, before any is written, where there are more than `limit`."""
    if t.length > limit:
        raise LimitReached(
            f"the written expression has more than {limit:,} characters",
            notes=("give parts of it names: then they are written once",),
        )
    return str(t)


_PLACE = re.compile(r"\{(\d\^?|\d~.\d|\*[^{}]+)\}")


def fill(template: str, arguments: Sequence[Piece], tight: Sequence[Piece] = ()) -> tuple[Piece, ...]:
    """The pieces of a template such as `‖{0}‖`, with each place `{k}` taken by an argument, `{k^}` by a `tight` one, and
    `{*, }` by all of them; `{1~−1}` is the argument less 1, carried out where it is a number.

    Braces around anything else than the number of an argument are LaTeX's own: `\\operatorname{sign}`.

    >>> fill("|{0}|_{2}", ["x"])
    ('|', 'x', '|_', '{2}')
    """
    pieces: list[Piece] = []
    for i, part in enumerate(_PLACE.split(template)):
        given = tight if part.endswith("^") else arguments
        if i % 2 == 0:
            pieces.append(part)
        elif part.startswith("*"):
            pieces.extend(piece for a in arguments for piece in (part[1:], a))
            del pieces[-2 * len(arguments)]
        elif "~" in part:
            whole = str(arguments[int(part[0])])
            pieces.append(str(int(whole) - int(part[3])) if whole.isdigit() else whole + part[2:])
        elif int(part[0]) < len(given):
            pieces.append(given[int(part[0])])
        else:
            pieces.append("{" + part + "}")
    return tuple(piece for piece in pieces if piece != "")


def has_places(template: str) -> bool:
    """Whether a template says where its arguments go; otherwise it is the name of a function."""
    return _PLACE.search(template) is not None


def decimal_text(value: Fraction) -> str | None:
    """The decimal digits of a number, or None where they do not end (soon)."""
    denominator, digits = value.denominator, 0
    while denominator % 10 == 0 or (denominator > 1 and (denominator % 2 == 0 or denominator % 5 == 0)):
        denominator //= 10 if denominator % 10 == 0 else 2 if denominator % 2 == 0 else 5
        digits += 1
    scaled = value * 10**digits
    while scaled.denominator != 1 and digits < 400:
        digits, scaled = digits + 1, scaled * 10
    if denominator != 1 or scaled.denominator != 1:
        return None
    written = str(scaled.numerator).rjust(digits + 1, "0")
    whole, part = (written[:-digits], written[-digits:].rstrip("0")) if digits else (written, "")
    return f"{whole}.{part}" if part else whole

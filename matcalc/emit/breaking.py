"""Where a long line may be broken: before an operator, as far out of brackets as can be.

A line is a sequence of pieces that stay together, each with its width and how readily a line ends before it; one procedure
breaks Unicode and LaTeX, which differ in how they are cut into pieces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matcalc.emit.widths import BIG, NONE, OPERATOR, OPERATORS, SCRIPT, TALL, WIDTHS

NEVER = 99
DEEPER = 2
"""What one more bracket around a place counts against it."""
SHORTEST = 3
"""A line is not ended before this part of the width, a third."""
_OPERATOR = {"+": 0, "−": 0, "-": 0, "=": 0, ":": 0, "⊙": 1, "⊘": 1, "⊗": 1, r"\odot": 1, r"\oslash": 1, r"\otimes": 1}
_FACTOR = 3


@dataclass(frozen=True)
class Piece:
    """Characters that stay together; `reluctance` to end a line before them, and how many brackets are open there."""

    text: str
    width: float
    reluctance: int = NEVER
    depth: int = 0


def broken(pieces: Sequence[Piece], width: float, hang: float) -> list[list[Piece]]:
    """The pieces in lines; the first is as wide as `width`, the others as `width` − `hang`."""
    lines: list[list[Piece]] = []
    rest = list(pieces)
    room = width
    while sum(p.width for p in rest) > room:
        cut = _cut(rest, room)
        if not cut:
            break
        lines.append(rest[:cut])
        rest = rest[cut:]
        room = width - hang
    return [*lines, rest]


def _cut(pieces: Sequence[Piece], room: float) -> int:
    """Where to end the first line: the best place that fits, else the first one there is; 0 for none."""
    best, at, taken = NEVER, 0, 0.0
    for k, piece in enumerate(pieces):
        if k and piece.reluctance < NEVER:
            if taken > room:
                return at or k
            if taken * SHORTEST >= room and piece.reluctance <= best:
                best, at = piece.reluctance, k
        taken += piece.width
    return at


def text_pieces(line: str) -> list[Piece]:
    """Unicode cut at its spaces."""
    found: list[Piece] = []
    depth, bars = 0, ""
    for word in line.split():
        reluctance = _OPERATOR.get(word, _FACTOR) + DEEPER * (depth + len(bars))
        after_operator = bool(found) and found[-1].text.strip() in _OPERATOR
        lead = " " if found else ""
        found.append(Piece(lead + word, len(lead + word), NEVER if after_operator or not found else reluctance))
        for c in word:
            if c in "([":
                depth += 1
            elif c in ")]":
                depth -= 1
            elif c in "‖|":
                bars = bars[:-1] if bars.endswith(c) else bars + c
    return found


def text_lines_of(line: str, width: int, hang: int) -> list[str]:
    """A line of Unicode as lines that fit.

    >>> text_lines_of("A (B + C) + D E F + G", 14, 2)
    ['A (B + C)', '+ D E F + G']
    """
    if len(line) <= width:
        return [line]
    return ["".join(p.text for p in part).strip() for part in broken(text_pieces(line), width, hang)]


_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.", re.S)
_OPENING = {r"\left", r"\bigl", "(", "["}
_CLOSING = {r"\right", r"\bigr", ")", "]"}


def latex_pieces(line: str) -> list[Piece]:
    r"""LaTeX cut before its operators, outside braces; widths in letters."""
    tokens = _TOKEN.findall(line)
    found: list[Piece] = []
    at = depth = 0
    after_operator = True
    gap = ""
    while at < len(tokens):
        token = tokens[at]
        if token.isspace():
            gap, at = gap + token, at + 1
            continue
        end, width = _item(tokens, at)
        if token in _CLOSING:
            depth -= 1
        is_sign = token in _OPERATOR
        opens = is_sign or (gap != "" and token not in _CLOSING)
        reluctance = (_OPERATOR.get(token, _FACTOR) + DEEPER * depth) if opens and not after_operator else NEVER
        found.append(Piece(gap + "".join(tokens[at:end]), OPERATORS.get(token, OPERATOR) if is_sign else width, reluctance, depth))
        if token in _OPENING:
            depth += 1
        after_operator = is_sign or token in _OPENING or token == r"\cdot"
        gap, at = "", end
    return found


def _item(tokens: Sequence[str], at: int) -> tuple[int, float]:
    """The end of a command with its arguments, of a delimiter, or of a letter with its scripts; and the width."""
    token = tokens[at]
    at += 1
    if token in (r"\left", r"\right", r"\bigl", r"\bigr"):
        end, width = at + 1, TALL if token in (r"\left", r"\right") else BIG
    elif token == r"\frac":
        end, above = _group(tokens, at)
        end, below = _group(tokens, end)
        width = max(above, below) + 0.3
    elif token in (r"\sum", r"\prod"):
        return _with_limits(tokens, at)
    elif token == "{":
        end, width = _group(tokens, at - 1)
    else:
        end, width = at, 0.0 if token in NONE else OPERATORS.get(token, OPERATOR) if token in _OPERATOR else WIDTHS.get(token, 1.0)
        while end < len(tokens) and tokens[end] == "{" and token.startswith("\\"):
            end, more = _group(tokens, end)
            width += more
    while end < len(tokens) and tokens[end] in "^_":
        end, script = _group(tokens, end + 1)
        width += SCRIPT * script
    return end, width


def _with_limits(tokens: Sequence[str], at: int) -> tuple[int, float]:
    """The end of a sum with what stands above and below it, and the width of the widest."""
    width = WIDTHS[r"\sum"]
    while at < len(tokens) and tokens[at] in "^_":
        at, script = _group(tokens, at + 1)
        width = max(width, SCRIPT * script)
    return at, width + 0.3


def _group(tokens: Sequence[str], at: int) -> tuple[int, float]:
    """The end of a braced group (or of one token), and its width."""
    if at >= len(tokens) or tokens[at] != "{":
        return _item(tokens, at) if at < len(tokens) else (at, 0.0)
    at, width = at + 1, 0.0
    while at < len(tokens) and tokens[at] != "}":
        if tokens[at].isspace():
            at += 1
            continue
        at, more = _item(tokens, at)
        width += more
    return at + 1, width


def latex_lines_of(line: str, width: float, hang: float) -> list[str]:
    r"""A line of LaTeX as lines that fit; brackets around a break get one fixed size.

    >>> latex_lines_of(r"A \left(B + C\right)", 4, 1)
    ['A \\bigl(B', '+ C\\bigr)']
    """
    parts = broken(latex_pieces(line), width, hang)
    if len(parts) > 1:
        parts = _fixed(parts)
    return ["".join(p.text for p in part).strip() for part in parts]


def _fixed(parts: list[list[Piece]]) -> list[list[Piece]]:
    r"""Every \left … \right with a break between them as \bigl … \bigr."""
    open_: list[tuple[int, int]] = []
    spanning: set[tuple[int, int]] = set()
    for i, part in enumerate(parts):
        for k, piece in enumerate(part):
            if piece.text.lstrip().startswith(r"\left"):
                open_.append((i, k))
            elif piece.text.lstrip().startswith(r"\right"):
                start = open_.pop()
                if start[0] != i:
                    spanning |= {start, (i, k)}
    return [
        [
            Piece(p.text.replace(r"\left", r"\bigl", 1).replace(r"\right", r"\bigr", 1), p.width) if (i, k) in spanning else p
            for k, p in enumerate(part)
        ]
        for i, part in enumerate(parts)
    ]

"""A derivation for a paper: an amsmath `align*` with reasons at the right, a complete document, Markdown for a notebook or a post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from matcalc.core.derivation import Derivation
from matcalc.core.expression import Expr
from matcalc.emit.breaking import latex_lines_of, latex_pieces
from matcalc.emit.steps import Line, lines
from matcalc.emit.wording import LATEX, in_notation

LINE = 64.5
"""How wide a line of the document is, in letters of its mathematics."""
REASONS = 0.36
"""How wide the column of reasons is, of the line."""
SMALL = 28.0
"""The same in letters of its own size."""
GAP = 3.0
HANG = 4.0
LETTER = 6.6
"""Points of a letter."""
LONG_LEFT = 18.0
"""A left side that is wider than this reaches into the column of the right sides."""
_ADJACENT = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}\\text\{")
_WORDS = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")
_PREAMBLE = r"""\documentclass[a4paper,11pt]{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath, amssymb}
\usepackage[margin=24mm]{geometry}
\allowdisplaybreaks
\begin{document}
\noindent"""


def latex_lines(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> str:
    """The derivation as an amsmath `align*`."""
    found = _introduced(lines(derivation, variable, in_notation(LATEX, notation), detail))
    left = max((w for w in (_width(_left(line)) for line in found) if w <= LONG_LEFT), default=0.0)
    rows = [row for line in found for row in _rows(line, left)]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _introduced(found: Sequence[Line]) -> list[Line]:
    """The lines; of definitions that stand together the first is introduced by a word."""
    before = [False, *(line.let for line in found)]
    firsts = [line.let and not after for line, after in zip(found, before, strict=False)]
    return [replace(line, left=rf"\text{{let }} {line.left}") if first else line for line, first in zip(found, firsts, strict=True)]


def _left(line: Line) -> str:
    return rf"\quad {line.left}" if line.side else line.left


def _rows(line: Line, left: float) -> list[str]:
    """One line, in as many rows as it needs; its reasons beside the last row or, where that is wide, below.  `left`: of all lines."""
    room, whole = LINE * (1 - REASONS) - left - GAP, LINE - left
    own = _left(line)
    parts = latex_lines_of(line.right, room if line.reasons else whole, HANG)
    if _width(own) > LONG_LEFT:
        # A long left side has a row of its own, which begins where the left sides do.
        first = [rf"&\hspace*{{-{left * LETTER:.0f}pt}}\rlap{{$\displaystyle {part}$}}" for part in latex_lines_of(own, LINE, HANG)]
        return [*first, *_rows(replace(line, left="", side=False, let=False), left)]
    parts = parts if len(parts) == 1 else latex_lines_of(line.right, whole, HANG)
    rows = [f"{own} &= {parts[0]}" if _width(parts[0]) <= room else rf"{own} &\rlap{{$\displaystyle {{}}= {parts[0]}$}}"]
    rows += [rf"&\rlap{{$\displaystyle \qquad {{}} {part}$}}" for part in parts[1:]]
    if not line.reasons:
        return rows
    if len(parts) > 1 or r"\rlap" in rows[-1]:
        return [*rows, f"& && {_parbox(line.reasons)}"]
    return [rows[0] + f" && {_parbox(line.reasons)}"]


def _width(part: str) -> float:
    return sum(piece.width for piece in latex_pieces(part))


def _parbox(reasons: Sequence[str]) -> str:
    """Reasons as a paragraph, ragged at the right; a semicolon between two."""
    told = r";\enskip ".join(_paragraph(reason) for reason in reasons)
    return rf"\parbox[t]{{{REASONS}\linewidth}}{{\raggedright\footnotesize {told}}}"


def _paragraph(reason: str) -> str:
    """A reason as running text: words that can be broken, and formulas that are where they are long."""
    joined = _ADJACENT.sub(r"\\text{\1", reason)
    words = _WORDS.fullmatch(joined)
    return words[1] if words else r"$ $".join(latex_lines_of(joined, SMALL, 2)).join("$$")


def document(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> str:
    """A complete LaTeX document with the derivation."""
    return "\n".join([_PREAMBLE, latex_lines(derivation, variable, detail, notation), r"\end{document}", ""])


def markdown(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> str:
    """The derivation as Markdown with mathematics between double dollars, which renderers without `align*` in text understand."""
    rows: list[str] = []
    for line in _introduced(lines(derivation, variable, in_notation(LATEX, notation), detail)):
        parts = latex_lines_of(line.right, LINE * (1 - REASONS) if line.reasons else LINE, HANG)
        rows += [f"{_left(line)} &= {parts[0]}", *(rf"&\qquad {{}} {part}" for part in parts[1:])]
        if line.reasons:
            rows[-1] += r" && " + r";\enskip ".join(line.reasons)
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$"

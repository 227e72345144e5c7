"""A derivation for a paper: an amsmath `align*` with reasons at the right, a complete document, Markdown for a notebook or a post."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.core.derivation import Derivation
from matcalc.core.expression import Expr
from matcalc.emit.breaking import latex_lines_of, latex_pieces
from matcalc.emit.steps import LATEX, Line, in_notation, lines

EQUATION = 46.0
"""How wide an equation may be, in letters, beside reasons; and how wide a column of reasons is, of the line."""
ALONE = 74.0
HANG = 4.0
REASONS = 0.36
_PREAMBLE = r"""\documentclass[a4paper,11pt]{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath, amssymb}
\usepackage[margin=24mm]{geometry}
\allowdisplaybreaks
\begin{document}
\noindent"""


def latex_lines(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> str:
    """The derivation as an amsmath `align*`."""
    found = lines(derivation, variable, in_notation(LATEX, notation), detail)
    rows: list[str] = []
    for line in found:
        rows += _rows(line)
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def _rows(line: Line) -> list[str]:
    """One line, in as many rows as it needs; its reasons beside the last row or, where that is wide, below."""
    left = rf"\text{{let }} {line.left}" if line.let else rf"\quad {line.left}" if line.side else line.left
    parts = latex_lines_of(line.right, EQUATION if line.reasons else ALONE, HANG)
    if line.reasons and len(parts) > 1:
        wide = latex_lines_of(line.right, ALONE, HANG)
        parts = wide
    rows = [f"{left} &= {parts[0]}", *(rf"&\qquad {{}} {part}" for part in parts[1:])]
    if not line.reasons:
        return rows
    if len(parts) > 1 or _width(parts[0]) > EQUATION:
        return [*(_unmeasured(row) for row in rows), f"& && {_parbox(line.reasons)}"]
    rows[-1] += f" && {_parbox(line.reasons)}"
    return rows


def _width(part: str) -> float:
    return sum(piece.width for piece in latex_pieces(part))


def _unmeasured(row: str) -> str:
    """A row whose equation reaches into the column of the reasons."""
    left, _, right = row.partition("&")
    return rf"{left}&\rlap{{$\displaystyle {{}}{right}$}}"


def _parbox(reasons: Sequence[str]) -> str:
    """Reasons as a paragraph, ragged at the right; a semicolon between two."""
    told = r";\enskip ".join(f"${reason}$" for reason in reasons)
    return rf"\parbox[t]{{{REASONS}\linewidth}}{{\raggedright\footnotesize {told}}}"


def document(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> str:
    """A complete LaTeX document with the derivation."""
    return "\n".join([_PREAMBLE, latex_lines(derivation, variable, detail, notation), r"\end{document}", ""])


def markdown(derivation: Derivation, variable: Expr, detail: str = "normal", notation: str = "frobenius") -> str:
    """The derivation as Markdown with mathematics between double dollars, which renderers without `align*` in text understand."""
    rows = []
    for line in lines(derivation, variable, in_notation(LATEX, notation), detail):
        left = rf"\text{{let }} {line.left}" if line.let else rf"\quad {line.left}" if line.side else line.left
        parts = latex_lines_of(line.right, EQUATION if line.reasons else ALONE, HANG)
        rows += [f"{left} &= {parts[0]}", *(rf"&\qquad {{}} {part}" for part in parts[1:])]
        if line.reasons:
            rows[-1] += r" && " + r";\enskip ".join(line.reasons)
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$"

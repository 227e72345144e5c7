"""How lines and reasons are worded: a style for each target, statements, facts and laws, the theorem of identification."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from matcalc.core.derivation import Act, Derivation, Reason, Step
from matcalc.core.expression import Expr
from matcalc.core.property import Fact
from matcalc.emit import derivative
from matcalc.emit.derivative import Marks
from matcalc.emit.latex import latex
from matcalc.emit.names import ASCII
from matcalc.emit.pretty import pretty
from matcalc.emit.traces import traced

Write = Callable[[Expr], str]
LONGEST_CHAIN = 3
"""So far the reasons of a fact are followed."""
NOTATIONS = ("frobenius", "trace")


@dataclass(frozen=True)
class Style:
    """How a target writes expressions, sums of lines, and words among mathematics."""

    write: Write
    compact: Write
    words: Callable[[str], str]
    marks: Marks
    equivalent: str
    rest: str
    is_latex: bool = False
    traces: bool = False


_IN_WORDS = {
    "′": "'", "−": "-", "‖": r"\|", "⊙": r"\odot ", "⊘": r"\oslash ", "⊗": r"\otimes ", "√": r"\surd ", "≠": r"\neq ",
    "≥": r"\geq ", "∗": "*", "≤": r"\leq ", "∘": r"\circ ", "×": r"\times ", "·": r"\cdot ", "§": r"\S ", "∇": r"\nabla ",
    "∂": r"\partial ", "ᵀ": r"^{\top}", "…": r"\dots ", "⪰": r"\succeq ", "⇔": r"\Leftrightarrow ", "∞": r"\infty ",
    "ℝ": r"\mathbb{R}", "∈": r"\in ",
}  # fmt: skip
"""Signs of mathematics among words, as LaTeX has them; raised, lowered and Greek letters come from Unicode's own tables."""


def _as_mathematics(c: str) -> str:
    """A character among words that is a sign of mathematics, in LaTeX; empty for any other."""
    kind, _, code = unicodedata.decomposition(c).partition(" ")
    if c in _IN_WORDS:
        return _IN_WORDS[c] if c != "ᵀ" else "{}" + _IN_WORDS[c]
    if kind in ("<sub>", "<super>"):
        return f"{{}}{'_' if kind == '<sub>' else '^'}{{{chr(int(code, 16))}}}"
    return rf"\{ASCII[c]} " if c in ASCII else ""


def _escaped(words: str) -> str:
    """Words for `\\text`."""
    parts = []
    for is_mathematics, run in groupby(words, lambda c: _as_mathematics(c) != ""):
        inside = "".join(_as_mathematics(c) or (rf"\{c}" if c in "#$%&_{}" else c) for c in run)
        parts.append(f"${inside.strip()}$" if is_mathematics else inside)
    return "".join(parts)


PLAIN = Style(pretty, lambda e: pretty(e, compact=True), lambda w: w, derivative.PLAIN, "  ⇔  ", "…")
LATEX = Style(
    latex,
    latex,
    lambda w: rf"\text{{{_escaped(w)}}}" if w else "",
    derivative.LATEX,
    r" \;\Leftrightarrow\; ",
    r"\cdots",
    True,
)


def in_notation(style: Style, notation: str) -> Style:
    """The style in Frobenius notation, A : B, or in trace notation, tr(AᵀB)."""
    if notation != "trace":
        return style
    return replace(style, write=lambda e: style.write(traced(e)), compact=lambda e: style.compact(traced(e)), traces=True)


def reason_text(step: Step, style: Style = PLAIN, cited: bool = False) -> str:
    """Why before = after: statements, facts and laws, in the order of use; with places in books where `cited`."""
    return joined(reason_texts(step, style, cited))


def reason_texts(step: Step, style: Style, cited: bool = False) -> tuple[str, ...]:
    """The same one by one; one that begins with ", " belongs to that before it."""
    if step.act is Act.IDENTIFY:
        reason = step.reasons[0]
        form = theorem(reason.words, reason.right, style.write(reason.right), style)[1] if reason.right is not None else ""
        return (f"{style.write(step.before)} = {form}",) if reason.words in ("gradient", "distinct") else (style.words("identification"),)
    parts: list[str] = []
    for reason in step.reasons:
        text = told(reason, style)
        if text and text not in parts:
            book = reason.cite.removeprefix("definition").lstrip("; ")
            place = style.words(f" [{book}]") if cited and book else ""
            if cited and reason.fact is not None:
                text += _chain(reason.fact, style)
            if reason.words == "also" and parts:
                parts[-1] += rf";\enskip {text}{place}" if style.is_latex else f"; {text}{place}"
            else:
                parts.append(text + place)
    return tuple(parts)


def _chain(fact: Fact, style: Style) -> str:
    """What a fact is due to, and what that is due to: , because X is symmetric, because PᵀP and I are."""
    chain = ""
    level = [fact]
    for depth in range(LONGEST_CHAIN):
        level = [f for due in level for f in due.because]
        if not level:
            break
        named = style.words(" and ").join(style.write(unsigned(f.subject)) for f in level)
        said = f" is {fact.property.word}" if depth == 0 and len(level) == 1 else " is" if len(level) == 1 else " are"
        chain += style.words(", because ") + named + style.words(said)
    return chain or style.words(f" ({fact.reason})")


def joined(parts: Sequence[str]) -> str:
    """Reasons one after another."""
    return ";  ".join(parts)


def told(reason: Reason, style: Style) -> str:
    """One reason: an equation, a fact, or a law by name."""
    if reason.left is not None and reason.right is not None:
        write = style.compact if reason.in_letters else style.write
        left, right = write(reason.left), write(reason.right)
        if left == right:
            return ""
        before = style.words("from ") if reason.words == "from" else ""
        after = style.words(f" {reason.words}") if reason.words == "almost everywhere" else ""
        return f"{before}{left} = {right}{after}"
    if reason.left is not None and reason.words.endswith(" by"):
        return f"{style.words(reason.words + ' ')}{style.write(reason.left)}"
    if reason.fact is not None:
        subject = style.write(reason.fact.subject)
        return (reason.fact.property.latex if style.is_latex else reason.fact.property.statement).format(subject)
    return style.words(reason.words)


def unsigned(e: Expr) -> Expr:
    """What a number scales: −I is symmetric because I is."""
    return e.args[1] if e.op.name == "scale" and len(e.args) == 2 and e.args[0].op.name == "number" else e


def because(fact: Fact, style: Style = PLAIN, whole: bool = False) -> str:
    """`symmetric, because X is`; of a form that shows it, the word alone, or where the `whole` chain is wanted what it is due to."""
    reasons = [f for f in fact.because if whole or f.subject.op.name in ("symbol", "named")]
    if whole and not reasons:
        return style.words(f"{fact.property.word}, {fact.reason}")
    if not reasons:
        return style.words(fact.property.word)
    named = style.words(" and ").join(style.write(unsigned(f.subject)) for f in reasons)
    return f"{style.words(f'{fact.property.word}, because ')}{named}{style.words(' is' if len(reasons) == 1 else ' are')}"


def vec(e: Expr, style: Style, is_column: bool = True) -> str:
    """dx, or vec dX."""
    if e.op.name == "vec":
        return style.marks.vec.format(style.write(e.args[0]))
    return style.write(e) if is_column else style.marks.vec.format(style.write(e))


def theorem(kind: str, variable: Expr, x: str, style: Style) -> tuple[str, str]:
    """The letter for the gradient and the form of the differential that shows it."""
    d = style.marks.d
    capital, small = ("A", "a") if x not in ("A", "a") else ("M", "m")
    if variable.is_scalar:
        return small, f"{small} {d}{x}"
    factor = capital
    if kind == "distinct":
        factor = rf"\operatorname{{tril}}({capital})" if style.is_latex else f"tril({capital})"
    if not style.traces:
        return capital, f"{factor} : {d}{x}"
    raised = r"^{\top}" if style.is_latex else "ᵀ"
    if variable.is_column:
        return small, f"{small}{raised}{d}{x}"
    inside = f"{factor}{raised}{d}{x}"
    trace = (r"\operatorname{tr}" if style.is_latex else "tr") + f"({inside})"
    return capital, trace


def derivative_text(marks: Marks, write: Write, kind: str, derivation: Derivation, variable: Expr) -> str:
    """The name of the derivative of a derivation: ∂f/∂x."""
    y = derivation.second or variable
    named = {"f": derivation.subject, "x": variable, "y": y}
    matrices = "".join(letter for letter, e in named.items() if not e.is_column)
    scalar = variable.is_scalar and y.is_scalar
    f, x, last = map(write, named.values())
    turned, distinct = derivation.transposed, derivation.distinct
    return derivative.written(marks, kind, f, x, last, matrices=matrices, scalar=scalar, transposed=turned, distinct=distinct)

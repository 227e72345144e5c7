"""The derivation as lines: equations aligned at their relation, each with its reason.

A chain of steps reads `df = …`, `= …`, `= …`; the equations that a step needs on the side stand indented under the line that
uses them.  Terms that a step leaves alone are repeated where that is short and are "…" otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matcalc.core.derivation import Act, Derivation, Let, Reason, Step
from matcalc.core.expression import Expr
from matcalc.core.property import Fact
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty

Write = Callable[[Expr], str]
SHORT = 34
"""Terms that a step leaves alone are repeated up to this many characters."""
WIDEST = 46
WIDEST_LEFT = 6
GAP = 7


@dataclass(frozen=True)
class Line:
    """left = right, with a reason; an empty left goes on from the line before; `side` for an equation on the side."""

    left: str
    right: str
    reason: str = ""
    side: bool = False
    let: bool = False
    last: bool = False


@dataclass(frozen=True)
class Style:
    """How a target writes expressions, sums of lines, and words among mathematics."""

    write: Write
    compact: Write
    words: Callable[[str], str]
    derivative: Callable[[str, str], str]
    equivalent: str


PLAIN = Style(pretty, lambda e: pretty(e, compact=True), lambda w: w, lambda f, x: f"∂{f}/∂{x}", "  ⇔  ")
LATEX = Style(
    latex,
    latex,
    lambda w: rf"\text{{{_escaped(w)}}}" if w else "",
    lambda f, x: rf"\frac{{\partial {f}}}{{\partial {x}}}",
    r" \;\Leftrightarrow\; ",
)


def _escaped(words: str) -> str:
    """Words for `\\text`."""
    return "".join(rf"\{c}" if c in "#$%&_{}" else c for c in words)


BRIEF = (Act.START, Act.DIFFERENTIAL, Act.IDENTIFY)
"""What a brief derivation keeps: the function, its differentials, the result."""


def reason_text(step: Step, style: Style = PLAIN, cited: bool = False) -> str:
    """Why before = after: statements, facts and laws, in the order of use; with places in books where `cited`."""
    whole = ""
    parts: list[str] = []
    for reason in step.reasons:
        told = _told(reason, style)
        if told and told not in parts:
            parts.append(told)
            whole += (("; " if reason.words == "also" else ";  ") if whole else "") + told
            if cited and reason.cite:
                whole += style.words(f" [{reason.cite}]")
    return whole


def _told(reason: Reason, style: Style) -> str:
    if reason.left is not None and reason.right is not None:
        write = style.compact if reason.in_letters else style.write
        left, right = write(reason.left), write(reason.right)
        return f"{style.words('from ') if reason.words == 'from' else ''}{left} = {right}" if left != right else ""
    if reason.fact is not None:
        subject = style.write(reason.fact.subject)
        return (reason.fact.property.latex if style is LATEX else reason.fact.property.statement).format(subject)
    return style.words(reason.words)


def because(fact: Fact, style: Style = PLAIN) -> str:
    """`symmetric, because X is`; of a form that shows it, the word alone."""
    reasons = [f for f in fact.because if f.subject.op.name in ("symbol", "named")]
    if not reasons:
        return fact.property.word
    named = " and ".join(style.write(f.subject) for f in reasons)
    return f"{fact.property.word}, because {named} {'is' if len(reasons) == 1 else 'are'}"


def lines(derivation: Derivation, variable: Expr, style: Style = PLAIN, detail: str = "normal") -> Iterator[Line]:
    """The lines of a derivation: "brief" keeps the differentials, "full" adds where each statement can be looked up."""
    told: set[Expr] = set()
    shown = ""
    steps = [s for s in derivation.steps if detail != "brief" or s.act in BRIEF or s is derivation.steps[-2]]
    cited = detail == "full"
    at = 0
    for let in derivation.lets:
        if let.name not in told:
            told.add(let.name)
            yield _let_line(let, style)
    while at < len(steps):
        step = steps[at]
        if step.act is Act.SIDE:
            at, line = _side(steps, at, style, cited)
            yield line
            continue
        left = style.write(step.before)
        right = style.write(step.after)
        if step.act is Act.IDENTIFY:
            yield _identified(step, derivation, variable, style)
        else:
            whole_left = _with_rest(left, step, style)
            yield Line("" if whole_left == shown else whole_left, _with_rest(right, step, style), reason_text(step, style, cited))
            shown = _with_rest(right, step, style)
        at += 1


def _let_line(let: Let, style: Style) -> Line:
    facts = "; ".join(because(f, style) for f in let.facts)
    return Line(style.write(let.name), style.write(let.definition), style.words(facts), let=True)


def _with_rest(text: str, step: Step, style: Style) -> str:
    if not step.others:
        return text
    rest = [style.write(o) for o in step.others if o is not None]
    joined = text
    for r in rest:
        joined += f" − {r[1:]}" if r.startswith("−") else f" - {r[1:]}" if r.startswith("-") else f" + {r}"
    fits = None not in step.others and len(joined) <= SHORT + len(text)
    return joined if fits else f"{text} + …" if style is PLAIN else rf"{text} + \cdots"


def _side(steps: list[Step], at: int, style: Style, cited: bool) -> tuple[int, Line]:
    """One equation on the side, with what follows from it on the same line."""
    step = steps[at]
    right = style.write(step.after)
    reason = reason_text(step, style, cited)
    last = step
    at += 1
    while at < len(steps) and steps[at].act is Act.SIDE and steps[at].before is last.after:
        last = steps[at]
        right += " = " + style.write(last.after)
        at += 1
    return at, Line(style.write(step.before), right, reason, side=True)


def _identified(step: Step, derivation: Derivation, variable: Expr, style: Style) -> Line:
    """The last line: the derivative, and the theorem of identification that gives it."""
    reason = next((r for r in step.reasons if r.left is not None), None)
    f, x = style.write(derivation.subject), style.write(variable)
    assert reason is not None and reason.left is not None
    derivative = style.derivative(f, x)
    letter, joined = ("J", " ") if reason.words == "jacobian" else ("A", " : ")
    d = "d" if style is PLAIN else r"\mathrm{d}"
    theorem = f"{d}{f} = {letter}{joined}{d}{x}{style.equivalent}{derivative} = {letter}"
    return Line(derivative, style.write(reason.left), theorem, last=True)


def text_lines(derivation: Derivation, variable: Expr, detail: str = "normal", indent: str = "  ") -> list[str]:
    """The derivation in Unicode, aligned."""
    found = list(lines(derivation, variable, PLAIN, detail))
    lets = [line for line in found if line.let]
    rest = [line for line in found if not line.let]
    out = _aligned([(line.left, line.right, line.reason) for line in lets], indent, first="let  ", other="     ")
    lefts = (len(line.left) for line in rest if not line.side and not line.last)
    width = max((n for n in lefts if n <= WIDEST_LEFT), default=0)
    rows = []
    for line in rest:
        start = f"{indent}{' ' * width}   {line.left}" if line.side else f"{indent}{line.left.ljust(width)}"
        rows.append((f"{start} = {line.right}", line.reason))
    column = min(max((len(text) for text, _ in rows), default=0), WIDEST) + GAP
    for text, reason in rows:
        out.append(f"{text.ljust(column)}{reason}".rstrip() if len(text) < column else f"{text}    {reason}".rstrip())
    return out


def _aligned(rows: list[tuple[str, str, str]], indent: str, first: str, other: str) -> list[str]:
    width = max((len(left) for left, _, _ in rows), default=0)
    column = max((len(right) for _, right, _ in rows), default=0)
    column = min(column, WIDEST)
    out = []
    for i, (left, right, reason) in enumerate(rows):
        start = first if i == 0 else other
        out.append(f"{indent}{start}{left.ljust(width)} = {right.ljust(column)}     {reason}".rstrip())
    return out


def latex_lines(derivation: Derivation, variable: Expr) -> str:
    """The derivation as an amsmath `align*`."""
    rows = []
    for line in lines(derivation, variable, LATEX):
        left = rf"\text{{let }} {line.left}" if line.let else rf"\quad {line.left}" if line.side else line.left
        reason = rf" && {line.reason}" if line.reason else ""
        rows.append(f"{left} &= {line.right}{reason}")
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def document(derivation: Derivation, variable: Expr) -> str:
    """A complete LaTeX document with the derivation."""
    return "\n".join(
        [
            r"\documentclass{article}",
            r"\usepackage{amsmath, amssymb}",
            r"\begin{document}",
            latex_lines(derivation, variable),
            r"\end{document}",
            "",
        ]
    )

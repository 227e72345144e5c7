"""The derivation as lines: equations aligned at their relation, each with its reasons.  How they look on a page is `page` and `paper`.

A chain of steps reads `df = …`, `= …`, `= …`; the equations that a step needs on the side stand indented under the line that
uses them.  Terms that a step leaves alone are repeated where that is short and are "…" otherwise.  A step that is mere housekeeping,
or the use of notation, joins the line before it; in full detail each step has its own line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from matcalc.core.derivation import Act, Derivation, Let, Reason, Step
from matcalc.core.expression import Expr
from matcalc.core.leaves import differential_of
from matcalc.core.property import Fact
from matcalc.emit import derivative
from matcalc.emit.derivative import Marks
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty
from matcalc.emit.traces import traced

Write = Callable[[Expr], str]
SHORT = 34
"""Terms that a step leaves alone are repeated up to this many characters."""
NOTATIONS = ("frobenius", "trace")
DETAILS = ("none", "brief", "normal", "full")


@dataclass(frozen=True)
class Line:
    """left = right, with its reasons; an empty left goes on from the line before; `side` for an equation on the side."""

    left: str
    right: str
    reasons: tuple[str, ...] = ()
    side: bool = False
    let: bool = False
    last: bool = False

    @property
    def reason(self) -> str:
        """The reasons in one text."""
        return _joined(self.reasons)


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
    "ᵀ": r"^{\top}", "⁺": "^{+}", "⁻": "^{-}", "¹": "^{1}", "²": "^{2}", "′": "'", "−": "-", "‖": r"\|", "⊙": r"\odot", "⊘": r"\oslash",
    "⊗": r"\otimes", "√": r"\surd", "≠": r"\neq", "≥": r"\geq", "≤": r"\leq", "∘": r"\circ", "×": r"\times", "·": r"\cdot", "ᵏ": "^{k}",
    "Σ": r"\Sigma", "σ": r"\sigma", "π": r"\pi", "λ": r"\lambda", "₁": "_{1}", "§": r"\S", "∇": r"\nabla", "∂": r"\partial",
}  # fmt: skip
"""Signs of mathematics among words, as LaTeX has them."""


def _escaped(words: str) -> str:
    """Words for `\\text`."""
    return "".join(f"${_IN_WORDS[c]}$" if c in _IN_WORDS else rf"\{c}" if c in "#$%&_{}" else c for c in words)


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


BRIEF = (Act.START, Act.DIFFERENTIAL, Act.IDENTIFY)
"""What a brief derivation keeps beside its ends: the function, its differentials, the result."""
TIDYING = (Act.MOVE, Act.COLLECT, Act.WRITE)
"""Acts that join the line before where they have no statement of their own to make."""


def reason_text(step: Step, style: Style = PLAIN, cited: bool = False) -> str:
    """Why before = after: statements, facts and laws, in the order of use; with places in books where `cited`."""
    return _joined(reason_texts(step, style, cited))


def reason_texts(step: Step, style: Style, cited: bool = False) -> tuple[str, ...]:
    """The same one by one; one that begins with ", " belongs to that before it."""
    if step.act is Act.IDENTIFY:
        reason = step.reasons[0]
        form = _theorem(reason.words, reason.right, style.write(reason.right), style)[1] if reason.right is not None else ""
        return (f"{style.write(step.before)} = {form}",) if reason.words in ("gradient", "distinct") else (style.words("identification"),)
    parts: list[str] = []
    for reason in step.reasons:
        text = told(reason, style)
        if text and text not in parts:
            book = reason.cite.removeprefix("definition").lstrip("; ")
            place = style.words(f" [{book}]") if cited and book else ""
            if reason.words == "also" and parts:
                parts[-1] += f"; {text}{place}"
            else:
                parts.append(text + place)
    return tuple(parts)


def _joined(parts: Sequence[str]) -> str:
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


def lines(derivation: Derivation, variable: Expr, style: Style = PLAIN, detail: str = "normal") -> list[Line]:
    """The lines of a derivation: "brief" keeps the differentials, "full" has a line for each step, with where it can be looked up."""
    style = replace(style, write=cache(style.write), compact=cache(style.compact))
    found: list[Line] = [_let_line(let, style, detail) for let in {let.name: let for let in derivation.lets}.values()]
    shown: list[str] = []
    steps = _kept(derivation.steps, detail)
    at = 0
    while at < len(steps):
        step = steps[at]
        at += 1
        if step.act is Act.SIDE:
            at, line = _side(steps, at - 1, style, detail == "full")
            found.append(line)
        elif step.act is Act.DEFINE and step.before.op.name == "named":
            found.append(Line(style.write(step.before), style.write(step.after), let=True))
        elif step.act is Act.IDENTIFY:
            found.append(_identified(step, derivation, variable, style))
            shown = [found[-1].right]
        elif step.act is Act.PART:
            reason = step.reasons[0]
            assert reason.right is not None
            name = derivative_text(style.marks, style.write, "gradient", derivation, reason.right)
            found.append(Line(name, style.write(step.after), (style.words(reason.words),), last=True))
        else:
            left, right = _terms(step.before, step, style), _terms(step.after, step, style)
            goes_on = sorted(left) == sorted(shown) or (bool(shown) and _sum(left) == _sum(shown))
            line = Line("" if goes_on else _sum(left), _sum(right), reason_texts(step, style, detail == "full"))
            _append(found, line, step, detail)
            shown = right
    return found if detail == "full" else _straight(found)


def _straight(found: list[Line]) -> list[Line]:
    """Without lines after the result that come back to an earlier one: names put away and taken again."""
    kept: list[Line] = []
    for line in found:
        same = [k for k, other in enumerate(kept) if line.last and not line.left and other.last and other.right == line.right]
        again = same[0] if same else None
        kept = [*kept, line] if again is None else kept[: again + 1]
    return kept


def _terms(e: Expr, step: Step, style: Style) -> list[str]:
    """One side of a step with the terms that it leaves alone: repeated where that is short, else dots."""
    own = [style.write(t) for t in (e.args if e.op.name == "add" and (step.others or e.is_scalar) else (e,))]
    rest = [style.write(o) for o in step.others if o is not None]
    if None in step.others or sum(map(len, rest)) > SHORT:
        rest = [style.rest]
    return [*own, *rest]


def _sum(terms: Sequence[str]) -> str:
    """Terms with plus and minus between them."""
    joined = terms[0]
    for t in terms[1:]:
        joined += f" − {t[1:]}" if t.startswith("−") else f" - {t[1:]}" if t.startswith("-") else f" + {t}"
    return joined


def _kept(steps: Sequence[Step], detail: str) -> list[Step]:
    """The steps that are shown; a brief derivation goes to the answer in one line."""
    if detail != "brief":
        return list(steps)
    end = max((i for i, s in enumerate(steps) if s.act is Act.IDENTIFY), default=len(steps))
    kept = [s for i, s in enumerate(steps[:end]) if s.act in BRIEF or (i == end - 1 and s.act is not Act.SIDE)]
    last = [replace(steps[end + 1], after=steps[-1].after, reasons=())] if steps[end + 1 :] else []
    return [*kept, *steps[end : end + 1], *last]


def _append(found: list[Line], line: Line, step: Step, detail: str) -> None:
    """One more line, or the line before with another right side."""
    before = found[-1] if found else None
    goes_on = before is not None and not line.left and not before.side and not before.let
    if before is not None and line.right == before.right and line.left in ("", before.left):
        return
    if goes_on and before is not None and step.act is Act.START:
        found[-1] = replace(before, right=f"{before.right} = {line.right}")
        return
    if goes_on and before is not None and detail == "normal" and _is_tidying(step) and not (before.last and step.act is not Act.WRITE):
        more = tuple(r for r in line.reasons if r not in before.reasons)
        found[-1] = replace(before, right=line.right, reasons=(*before.reasons, *more))
    else:
        found.append(replace(line, last=before is not None and before.last))


def _is_tidying(step: Step) -> bool:
    """Whether a step says nothing but how things are written."""
    return step.act in TIDYING and all(r.words in ("notation", "collect") for r in step.reasons)


def _let_line(let: Let, style: Style, detail: str) -> Line:
    facts = tuple(because(f, style, detail == "full") for f in let.facts)
    return Line(style.write(let.name), style.write(let.definition), facts, let=True)


def _side(steps: list[Step], at: int, style: Style, cited: bool) -> tuple[int, Line]:
    """One equation on the side, with what follows from it on the same line."""
    step = steps[at]
    right = style.write(step.after)
    reasons = reason_texts(step, style, cited)
    last = step
    at += 1
    while at < len(steps) and steps[at].act is Act.SIDE and steps[at].before is last.after:
        last = steps[at]
        right += " = " + style.write(last.after)
        at += 1
    return at, Line(style.write(step.before), right, reasons, side=True)


def _identified(step: Step, derivation: Derivation, variable: Expr, style: Style) -> Line:
    """The derivative, and the theorem of identification that gives it."""
    reason = next((r for r in step.reasons if r.left is not None), None)
    assert reason is not None and reason.left is not None
    variable = variable if reason.right is None else reason.right
    name = derivative_text(style.marks, style.write, reason.words, derivation, variable)
    if reason.words in ("gradient", "distinct"):
        whole = style.marks.d + style.write(derivation.subject)
        letter, form = _theorem(reason.words, variable, style.write(variable), style)
        form += f" + {style.rest}" if step.others else ""
    else:
        y = derivation.second or variable
        letter = "H" if reason.words == "hessian" else "J"
        matrix = letter
        letter = style.marks.transposed.format(letter) if derivation.transposed else letter
        whole, form = _vec(step.before, style), f"{matrix} {_vec(differential_of(y), style, y.is_column)}"
    return Line(name, style.write(reason.left), (f"{whole} = {form}{style.equivalent}{name} = {letter}",), last=True)


def _vec(e: Expr, style: Style, is_column: bool = True) -> str:
    """dx, or vec dX."""
    if e.op.name == "vec":
        return style.marks.vec.format(style.write(e.args[0]))
    return style.write(e) if is_column else style.marks.vec.format(style.write(e))


def _theorem(kind: str, variable: Expr, x: str, style: Style) -> tuple[str, str]:
    """The letter for the gradient and the form of the differential that shows it."""
    d = style.marks.d
    capital, small = ("A", "a") if x not in ("A", "a") else ("M", "m")
    if variable.is_scalar:
        return small, f"{small} {d}{x}"
    factor = capital
    if kind == "distinct":
        factor = rf"\operatorname{{tril}}\left({capital}\right)" if style.is_latex else f"tril({capital})"
    if not style.traces:
        return capital, f"{factor} : {d}{x}"
    raised = r"^{\top}" if style.is_latex else "ᵀ"
    if variable.is_column:
        return small, f"{small}{raised}{d}{x}"
    inside = f"{factor}{raised}{d}{x}"
    trace = r"\operatorname{tr}\left(" + inside + r"\right)" if style.is_latex else f"tr({inside})"
    return capital, trace


def derivative_text(marks: Marks, write: Write, kind: str, derivation: Derivation, variable: Expr) -> str:
    """The name of the derivative of a derivation: ∂f/∂x."""
    y = derivation.second or variable
    named = {"f": derivation.subject, "x": variable, "y": y}
    matrices = "".join(letter for letter, e in named.items() if not e.is_column)
    scalar = variable.is_scalar and y.is_scalar
    texts = map(write, named.values())
    return derivative.written(marks, kind, *texts, matrices=matrices, scalar=scalar, transposed=derivation.transposed)

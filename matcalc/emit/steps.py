"""The derivation as lines: equations aligned at their relation, each with its reasons.  How they look on a page is `page` and `paper`.

A chain of steps reads `df = …`, `= …`, `= …`; the equations that a step needs on the side stand indented under the line that
uses them.  Terms that a step leaves alone are repeated where that is short and are "…" otherwise.  A step that is mere housekeeping,
or the use of notation, joins the line before it; in full detail each step has its own line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from matcalc.core.derivation import Act, Derivation, Let, Step
from matcalc.core.expression import Expr
from matcalc.core.leaves import DIFFERENTIAL, differential_of
from matcalc.emit.wording import PLAIN, Style, because, derivative_text, joined, reason_texts, theorem, vec

SHORT = 34
"""Terms that a step leaves alone are repeated up to this many characters."""
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
        return joined(self.reasons)


BRIEF = (Act.START, Act.DIFFERENTIAL, Act.IDENTIFY)
"""What a brief derivation keeps beside its ends: the function, its differentials, the result."""
TIDYING = (Act.MOVE, Act.COLLECT, Act.WRITE)
"""Acts that join the line before where they have no statement of their own to make."""


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
            kind = "gradient" if derivation.second is None else "hessian"
            second = None if derivation.second is None else reason.right
            name = derivative_text(style.marks, style.write, kind, replace(derivation, second=second), reason.right)
            found.append(Line(name, style.write(step.after), (style.words(reason.words),), last=True))
        else:
            left, right = _terms(step.before, step, style), _terms(step.after, step, style)
            if sorted(left) == sorted(right) and detail != "full":
                continue  # the same terms in another order
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
    way, slices = [s for s in steps[end + 1 :] if s.act is not Act.PART], [s for s in steps[end + 1 :] if s.act is Act.PART]
    last = [replace(way[0], after=way[-1].after, reasons=())] if way else []
    return [*kept, *steps[end : end + 1], *last, *slices]


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
        quiet = all(r.words == "tidy" for r in step.reasons)
        more = () if quiet else tuple(r for r in line.reasons if r not in before.reasons)
        found[-1] = replace(before, right=line.right, reasons=(*before.reasons, *more))
    else:
        found.append(replace(line, last=before is not None and before.last))


def _is_tidying(step: Step) -> bool:
    """Whether a step says nothing but how things are written."""
    return step.act in TIDYING and all(r.words in ("notation", "collect", "tidy") for r in step.reasons)


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
    inside = step.before.args[0] if step.before.op.name == "vec" else step.before
    if reason.words.endswith("jacobian") and inside.op is DIFFERENTIAL:
        derivation = replace(derivation, subject=inside.args[0])
    name = derivative_text(style.marks, style.write, reason.words, derivation, variable)
    if reason.words in ("gradient", "distinct"):
        whole = style.marks.d + style.write(derivation.subject)
        letter, form = theorem(reason.words, variable, style.write(variable), style)
        form += f" + {style.rest}" if step.others else ""
    else:
        y = derivation.second or variable
        letter = "H" if reason.words == "hessian" else "J"
        matrix = letter
        letter = style.marks.transposed.format(letter) if derivation.transposed else letter
        d = differential_of(y)
        moved = style.marks.vech.format(style.write(d)) if derivation.distinct else vec(d, style, y.is_column)
        whole, form = vec(step.before, style), f"{matrix} {moved}"
    return Line(name, style.write(reason.left), (f"{whole} = {form}{style.equivalent}{name} = {letter}",), last=True)

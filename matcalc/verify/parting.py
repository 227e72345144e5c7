"""Where an answer and a derivation part: the step that the slip would have spoilt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.core.derivation import Act, Step
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import DIFFERENTIAL, unnamed
from matcalc.verify.diagnosis import Diagnosis


def parting(d: Diagnosis, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps in question, the likeliest first; of a transposed answer, and at last, the one that reads the derivative off."""
    if d.kind == "transposed":
        yield from (step for step in steps if step.act is Act.IDENTIFY)
    for slip in d.slips:
        if slip.right is not None:
            step = _differentiated(slip.right, steps) if slip.in_f else _arrived(slip.right, steps)
            if step is not None:
                yield step
    if d.kind not in ("factor", "sign", "convention"):
        yield from (step for step in reversed(steps) if step.act is Act.IDENTIFY)


def _arrived(e: Expr, steps: Sequence[Step]) -> Step | None:
    """The step after which an expression is there."""
    return next((s for s in steps if e in postorder(unnamed(s.after)) and e not in postorder(unnamed(s.before))), None)


def _differentiated(e: Expr, steps: Sequence[Step]) -> Step | None:
    """The step that takes the differential of a node of f, or of the least of the derivation's names that the node stands in."""
    found: tuple[int, Step] | None = None
    for step in steps:
        left = set(postorder(unnamed(step.after)))
        for d in postorder(unnamed(step.before)):
            if d.op is DIFFERENTIAL and d not in left:
                inside = set(postorder(d))
                if e in inside and (found is None or len(inside) < found[0]):
                    found = len(inside), step
    return None if found is None else found[1]

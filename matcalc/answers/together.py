"""Gradients with respect to several variables as one answer: one derivation, which ends in a line for each of them."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.answers.result import Result
from matcalc.core.derivation import Act, Derivation
from matcalc.emit.page import text_lines


def told(results: Sequence[Result], steps: str = "normal", notation: str = "frobenius") -> str:
    """What the command prints for gradients that come from one derivation."""
    parts = [[r.headline() for r in results], results[0].where_lines()]
    if steps != "none":
        parts.append(text_lines(joined(results), results[0].variable, steps, notation))
    parts.append(_once([*results[0].kinks(), *(line for r in results for line in r.footers())]))
    return "\n\n".join("\n".join(p) for p in parts if p)


def joined(results: Sequence[Result]) -> Derivation:
    """The derivation that the results share, and after it what leads from its end to each of them."""
    first = results[0].answer.derivation
    whole = Derivation(first.subject, list(first.lets), list(first.steps))
    shared = next((k for k, step in enumerate(first.steps) if step.act is Act.IDENTIFY), len(first.steps))
    while shared and first.steps[shared - 1].act is Act.PROJECT:
        shared -= 1
    for r in results[1:]:
        own = r.answer.derivation
        whole.lets += [let for let in own.lets if let not in whole.lets]
        whole.steps += own.steps[shared:]
    return whole


def _once(lines: Sequence[str]) -> list[str]:
    """The lines without what was said, the check last."""
    found = list(dict.fromkeys(lines))
    checks = [line for line in found if line.startswith(("✓", "not checked"))]
    return [*(line for line in found if line not in checks), *sorted(checks, key=lambda line: line.startswith("✓"))[:1]]

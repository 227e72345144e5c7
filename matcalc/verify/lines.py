"""A line of a derivation is true where both its sides are equal, and every equation that it gives as a reason is true too.

A rule that is wrong twice in one line, (AB)⁻¹ = −B⁻¹A⁻¹ met twice, leaves the line itself true: so the reason is tried as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

from matcalc.core.derivation import Act, Derivation, Reason, Step
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import SYMBOL, symbol
from matcalc.core.operation import Kind
from matcalc.core.property import INTEGER, SYMMETRIC
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.points import points_for

NO_EQUATION = (Act.IDENTIFY, Act.PART)
"""Acts whose reason is a theorem about what its parts are, and not their equality."""
STATEMENTS = 4096
GROSS = 1e-5
"""The relative error of a reason that is false, and not a matter of rounding: a wrong sign or factor is far above it."""


def line_holds(oracle: Oracle, step: Step) -> Verdict:
    """Whether a line is true at the points of its problem; what its reasons say of any A, B, C is tried at points of their own."""
    here = oracle.moving(step.wrt)
    verdict = here.holds(step.before, step.after)
    if verdict.passed:
        for reason in equations(step):
            if _refuted(reason, here):
                return Verdict(False, math.inf, verdict.method, verdict.points, "a reason that it gives is wrong")
    return verdict


def lets_hold(oracle: Oracle, derivation: Derivation) -> Iterator[tuple[str, Verdict]]:
    """Whether the names are what they are said to be, and have the properties that they are said to have."""
    for let in derivation.lets:
        yield f"the definition of {let.name['label']}", oracle.holds(let.name, let.definition)
        if any(fact.property is SYMMETRIC for fact in let.facts):
            yield f"the symmetry of {let.name['label']}", oracle.holds(let.name, let.name.T)


def equations(step: Step) -> Iterator[Reason]:
    """The reasons of a line that are equations."""
    if step.act not in NO_EQUATION:
        yield from (r for r in step.reasons if r.left is not None and r.right is not None)


def _refuted(reason: Reason, oracle: Oracle) -> bool:
    left, right = reason.left, reason.right
    assert left is not None and right is not None
    return not statement_holds(left, right) if reason.in_letters else _is_false(oracle.holds(left, right))


def _is_false(verdict: Verdict) -> bool:
    """Whether a reason is false for all to see: beside a line that holds, a doubt in floating point is one about rounding."""
    return verdict.passed is False and verdict.max_error > GROSS


@lru_cache(maxsize=STATEMENTS)
def statement_holds(left: Expr, right: Expr) -> bool:
    """Whether a statement about any A, B, C is not refuted at points of its own; tried once."""
    sides = _letters_of_integers((left, right))
    chosen = points_for(sides, exact=1, floating=1)
    return not _is_false(Oracle(chosen.points, chosen.why).holds(*sides))


def _letters_of_integers(sides: Iterable[Expr]) -> list[Expr]:
    """The sides with integers for the letters that an operation wants exactly: the k of Aᵏ."""
    sides = list(sides)
    exact = [e.args[i] for e in postorder(*sides) if e.op.kind is Kind.OPERATION for i in e.op.exact]
    new: dict[Expr, Expr] = {x: symbol(x["name"], properties=frozenset({INTEGER})) for x in postorder(*exact) if x.op is SYMBOL}
    return [substitute(side, dict(new)) for side in sides] if new else sides

"""A symmetric result looks symmetric: A xxᵀ + xxᵀA − 2 ρ xxᵀ rather than (A x − 2 ρ x) xᵀ + xxᵀA.

A derivation finds the terms of a Hessian one after the other, and common factors are taken out of them on one side; what comes out is
symmetric and does not look it.  Here the result is multiplied out; where its terms come in pairs t and tᵀ, only scalars and factors
M on the left together with Mᵀ on the right are taken out again, and the form is kept where that costs no more than a little.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from matcalc.core.expression import Expr
from matcalc.core.size import ONE
from matcalc.core.terms import build
from matcalc.engine.cost import cost
from matcalc.engine.expand import DEEPEST, terms
from matcalc.engine.factor import factored_in_pairs
from matcalc.engine.infer import by_facts

WORTH = 8
"""The symmetry of the form may cost so much to read, one part in this many of the whole, or at least `LITTLE`."""
LITTLE = 4
LONGEST = 200
"""Results that cost more than this to read are left as they are."""


def looks_symmetric(e: Expr) -> bool:
    """Whether the transpose of the canonical e is written as e is, after facts."""
    return e is build("transpose", e) or by_facts(build("transpose", e))[0] is e


def symmetric_form(e: Expr, typed: Container[Expr]) -> Expr:
    """The canonical e in a form that looks as symmetric as it is; e itself where there is none that is short."""
    if len(e.shape) != 2 or e.shape[0] is not e.shape[1] or e.shape[0] is ONE or cost(e) > LONGEST or looks_symmetric(e):
        return e
    best = min(_forms(e, typed), key=cost, default=e)
    return best if cost(best) <= cost(e) + max(LITTLE, cost(e) // WORTH) else e


def _forms(e: Expr, typed: Container[Expr]) -> Iterator[Expr]:
    for kept in (typed, ()):
        listed = terms(e, kept, DEEPEST)
        if len(listed) > 1:
            whole = by_facts(build("add", *listed))[0]
            if whole.op.name == "add" and looks_symmetric(whole):
                yield factored_in_pairs(whole)

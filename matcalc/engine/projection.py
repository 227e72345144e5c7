"""Whether a gradient lies in the space of its variable's structure already, so that nothing has to be projected."""

from __future__ import annotations

from matcalc.core.expression import Expr
from matcalc.core.terms import build
from matcalc.engine.cost import cost
from matcalc.engine.expand import DEEPEST, terms
from matcalc.engine.infer import by_facts, known
from matcalc.engine.structure import Structure

LONGEST = 300
"""What costs more than this to read is not multiplied out."""


def lies_in(g: Expr, x: Expr, structure: Structure) -> bool:
    """Whether the canonical g is known to be what the projection makes of it: K⁻¹(I − yyᵀK⁻¹) of a symmetric K.

    Names are opaque where it is multiplied out, and transparent to facts.
    """
    if structure.is_riemannian:
        return False
    if all(known(g, p) is not None for p in structure.properties):
        return True
    return cost(g) <= LONGEST and _multiplied_out(structure.projected(g, x)) is _multiplied_out(g)


def _multiplied_out(e: Expr) -> Expr:
    """By facts before and after: a transpose of a sum is one of its terms then."""
    e = by_facts(e)[0]
    listed = terms(e, (), DEEPEST)
    return by_facts(build("add", *listed))[0] if len(listed) > 1 else by_facts(listed[0])[0] if listed else e

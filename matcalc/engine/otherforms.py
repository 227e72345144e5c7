"""Other forms of an answer that read about as well: multiplied out, (g/‖v‖) I − (g/‖v‖³) vvᵀ beside (g/‖v‖) (I − vvᵀ/‖v‖²)."""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, depends
from matcalc.core.terms import build
from matcalc.engine.arrange import Arrangement
from matcalc.engine.cost import cost
from matcalc.engine.expand import DEEPEST, terms

MOST = 1.6
"""How many times longer than the answer another form may be."""
LONGEST = 300


def other_forms(value: Expr, f: Expr, x: Expr) -> list[Expr]:
    """The value of a derivative of f with respect to x, multiplied out: the user's sums kept, and not; none that is much longer."""
    whole = canonical(value)
    if cost(whole) > LONGEST:
        return []
    arrange = Arrangement([f], depends([f, x], {x}))
    found: list[Expr] = []
    for kept, levels in ((arrange.typed.sums(), 1), ((), DEEPEST)):
        listed = terms(whole, kept, levels)
        if len(listed) > 1:
            form = arrange(build("add", *listed))
            if form is not value and form not in found and cost(canonical(form)) <= MOST * cost(whole):
                found.append(form)
    return found

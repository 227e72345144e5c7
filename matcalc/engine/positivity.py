"""What is positive by facts about matrices: det(S) of a definite S, the diagonal of a factor of Cholesky, and what is made of them."""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import symbol
from matcalc.core.nonneg import positive
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.engine.infer import known
from matcalc.engine.matrixfacts import WHOLE

LARGEST = 200
"""What has more nodes than this is not looked at."""


def positive_by_facts(e: Expr) -> bool:
    """Whether every entry is known to be > 0: the values that facts say to be so are letters that are."""
    order = list(postorder(e))
    if len(order) > LARGEST:
        return False
    letters = {x: symbol(f"positive{i}", *x.shape, properties=frozenset({POSITIVE, NONNEG})) for i, x in enumerate(order) if _is_given(x)}
    return bool(letters) and positive(canonical(substitute(e, letters)))


def _is_given(x: Expr) -> bool:
    """Whether the declaration of an operation says so of its value, from what is known of the matrices that it is of."""
    needs = x.op.gives.get(POSITIVE, ())
    return bool(set(needs) & set(WHOLE)) and all(known(a, p) is not None for a in x.args for p in needs)

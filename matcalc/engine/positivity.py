"""Signs by facts about matrices: det(S) and tr(S) of a definite S, xᵀS x, the diagonal of a Cholesky factor, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import symbol
from matcalc.core.nonneg import nonneg, positive
from matcalc.core.property import NONNEG, POSITIVE, PSD, Property
from matcalc.engine.infer import known, mirrored
from matcalc.engine.matrixfacts import WHOLE

LARGEST = 200
"""What has more nodes than this is not looked at."""
_WITH = {POSITIVE: frozenset({POSITIVE, NONNEG}), NONNEG: frozenset({NONNEG})}


def positive_by_facts(e: Expr) -> bool:
    """Whether every entry is known to be > 0: the values that facts say to be so are letters that are."""
    return sign_by_facts(e, POSITIVE)


def sign_by_facts(e: Expr, wanted: Property) -> bool:
    """Whether every entry is known to be > 0, or ≥ 0."""
    order = list(postorder(e))
    if len(order) > LARGEST:
        return False
    signs = {x: sign for x in order if (sign := _given(x)) is not None}
    letters = {x: symbol(f"positive{i}", *x.shape, properties=_WITH[sign]) for i, (x, sign) in enumerate(signs.items())}
    return bool(letters) and (positive if wanted is POSITIVE else nonneg)(canonical(substitute(e, letters)))


def _given(x: Expr) -> Property | None:
    """The sign that the declaration of an operation says its value has, from what is known of the matrices that it is of."""
    for sign in (POSITIVE, NONNEG):
        needs = x.op.gives.get(sign, ())
        if set(needs) & set(WHOLE) and all(known(a, p) is not None for a in x.args for p in needs):
            return sign
    rule = _FORMS.get(x.op.name)
    return NONNEG if rule is not None and x.is_scalar and rule(x) else None


def _all_semidefinite(x: Expr) -> bool:
    """S : T, and of one of them 1ᵀS 1."""
    return all(known(a, PSD) is not None for a in x.args)


def _is_form(x: Expr) -> bool:
    """aᵀS a, with any factors between a and S, or without S."""
    middle = len(x.args) // 2
    centre = x.args[middle : len(x.args) - middle]
    turned = mirrored(x.args[:middle], x.args[len(x.args) - middle :]) if middle else None
    return turned is not None and all(known(c, PSD) is not None for c in centre)


def _is_trace_of_two(x: Expr) -> bool:
    """tr(S T)."""
    (product,) = x.args
    return product.op.name == "matmul" and len(product.args) == 2 and _all_semidefinite(product)


_FORMS: dict[str, Callable[[Expr], bool]] = {
    "inner": _all_semidefinite, "sum": _all_semidefinite, "matmul": _is_form, "tr": _is_trace_of_two,
}  # fmt: skip
"""What is ≥ 0 by its form, where matrices are positive semidefinite."""

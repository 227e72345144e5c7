"""One factoring pass over the glue: common scalars, left factors, right factors and entrywise factors of a sum.

Greedy by reading cost.  A factor shared by all terms is taken whenever that is no longer to read; one that leaves terms outside
only where it saves a good deal, or book forms such as `XᵀXB + XᵀBᵀ + C` would come out half factored.  Products are never
expanded here, and sums inside the terms are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeAlias

from matcalc.core.expression import Expr
from matcalc.core.indices import is_square
from matcalc.core.leaves import IDENTITY, number
from matcalc.core.size import ONE
from matcalc.core.terms import (
    Term,
    build,
    coefficient,
    is_column,
    join,
    primitive,
    split,
)
from matcalc.engine.commonfactors import Candidate, candidates, candidates_in_pairs
from matcalc.engine.cost import cost
from matcalc.engine.infer import by_facts
from matcalc.engine.powersums import gathered

Factoring: TypeAlias = Callable[[Expr], Expr]

GOOD_SAVING = 4
NEW_IDENTITY = 2
"""What an identity that was not there has to save: S⁻¹ − S⁻¹A S⁻¹ reads better than S⁻¹(I − A S⁻¹)."""
RESIDUAL = 2
SCALARS_OUT = 2
"""A common scalar in front reads better even where it is no shorter: (1/‖v‖) (I − vvᵀ/‖v‖²)."""
MOST_TERMS = 200
FEW = 4
"""In sums of so many terms, what a factor leaves is factored before it is judged; in longer ones that would be exponential."""


def factored(e: Expr) -> Expr:
    """The canonical sum e in its cheapest factored form that this pass finds; canonical again, and found once."""
    if e.op.name == "scale" and e.args[-1].op.name == "add":
        return build("scale", *e.args[:-1], factored(e.args[-1]))
    if e.op.name != "add" or len(e.args) > MOST_TERMS:
        return e
    if "factored" not in e.memo:
        _, left = gathered(e.args)
        apart = [t for t in e.args if t not in left] if len(left) < len(e.args) else []
        if apart:
            e.memo["factored"] = build("add", *apart, *([factored(build("add", *left))] if left else []))
        else:
            e.memo["factored"] = _factored(e, candidates, factored)
    found: Expr = e.memo["factored"]
    return found


def factored_in_pairs(e: Expr) -> Expr:
    """The canonical sum e with common scalars taken out, and factors on the left together with their transposes on the right."""
    if e.is_scalar:
        return factored(e)
    if e.op.name == "scale" and e.args[-1].op.name == "add":
        return build("scale", *e.args[:-1], factored_in_pairs(e.args[-1]))
    return _factored(e, candidates_in_pairs, factored_in_pairs) if e.op.name == "add" else e


def _factored(e: Expr, candidates: Callable[[Expr], Iterator[Candidate]], factored: Factoring) -> Expr:
    e = _with_one_diagonal(e)
    if e.op.name != "add":
        return e
    best: tuple[int, int, Candidate, Expr] | None = None
    for order, candidate in enumerate(candidates(e)):
        if len(candidate.rest) < 2:
            continue
        inner = build("add", *candidate.rest.values())
        if cost(inner) >= cost(e):
            continue
        whole = len(candidate.rest) == len(e.args)
        if not whole and len(e.args) <= FEW:
            inner = factored(inner)
        saving = cost(e) - cost(_taken_out(e, candidate, inner)) + _preference(candidate, inner)
        if (saving >= 0 if whole else saving >= GOOD_SAVING) and (best is None or (-saving, order) < best[:2]):
            best = (-saving, order, candidate, inner)
    # What is left is factored for the chosen candidate only: trying all of them to the end is exponential.
    if best is None:
        return e
    new = _taken_out(e, best[2], factored(best[3]), factored)
    # (I + K) A − (I + K) B: what was taken out of some terms and of the others may be one factor.
    return factored(new) if new.op.name == "add" and len(new.args) < len(e.args) else new


def _with_one_diagonal(e: Expr) -> Expr:
    """diag(u) − diag(v) as diag(u − v), the vector factored."""
    parts = [split(t) for t in e.args]
    at = [i for i, t in enumerate(parts) if len(t.chain) == 1 and t.chain[0].op.name == "diag"]
    if len(at) < 2:
        return e
    vectors = [join(Term(parts[i].coefficient, parts[i].powers, [parts[i].chain[0].args[0]]), parts[i].chain[0].args[0].shape) for i in at]
    whole = build("diag", factored(build("add", *vectors)))
    return build("add", whole, *(t for i, t in enumerate(e.args) if i not in at))


def _preference(c: Candidate, inner: Expr) -> int:
    """What speaks for a candidate besides its length: a scalar in front, or a sum of a matrix and its transpose."""
    if c.side == "scalar":
        return SCALARS_OUT
    if c.side in ("before", "after"):
        return NEW_IDENTITY
    if c.side == "left" and c.factor.op.name == "commutation":
        return GOOD_SAVING  # K (A ⊗ B + C ⊗ D) − E ⊗ F
    if any(coefficient(r)[1].op is IDENTITY for r in c.rest.values()):
        # Aᵀ(A − rrᵀA) is Aᵀ(I − rrᵀ)A: what is left in the middle is symmetric.
        return NEW_IDENTITY if ONE not in c.factor.shape and build("transpose", inner) is inner else -NEW_IDENTITY
    square = is_square(inner)
    twins = square and inner.op.name == "add" and len(inner.args) == 2 and inner.args[0] is build("transpose", inner.args[1])
    return GOOD_SAVING if twins else RESIDUAL if _is_residual(c, inner) else 0


def _is_residual(c: Candidate, inner: Expr) -> bool:
    """Whether a matrix is taken out of a difference of columns: Xᵀ(p − y) says more than Xᵀp − Xᵀy."""
    return c.side == "left" and is_column(inner) and len(inner.args) == 2 and len({coefficient(t)[0] > 0 for t in inner.args}) == 2


def _taken_out(e: Expr, c: Candidate, inner: Expr, finish: Callable[[Expr], Expr] = lambda x: x) -> Expr:
    others = [t for i, t in enumerate(e.args) if i not in c.rest]
    if not others:
        return _put_back(c, inner)
    left = finish(build("add", *others))
    if c.side == "scalar":
        (a, inside), (b, outside) = _content(inner), _content(left)
        if a and inside is outside:  # s (A + B) + A + B is (s + 1) (A + B)
            return build("scale", build("add", c.factor, number(b / a)), inner)
    return build("add", _put_back(c, inner), left)


def _content(e: Expr) -> tuple[Fraction, Expr]:
    """The number in front, of a sum the common one, and the rest."""
    return primitive(e) if e.op.name == "add" else coefficient(e)


def _put_back(c: Candidate, inner: Expr) -> Expr:
    if c.side == "before":
        return build("kron", c.factor, inner)
    if c.side == "after":
        return build("kron", inner, c.factor)
    if c.side == "chain":
        return build("scale", inner, c.factor)
    if c.side == "trace":
        return build("tr", build("matmul", inner, c.factor))
    if c.side == "left":
        return build("matmul", c.factor, inner)
    if c.side == "right":
        return build("matmul", inner, c.factor)
    if c.side == "both":
        return build("matmul", c.factor, inner, by_facts(build("transpose", c.factor))[0])
    return build("scale" if c.factor.is_scalar else "hadamard", c.factor, inner)

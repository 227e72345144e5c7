"""Index sums as matrix algebra, where they are that: Σᵢ yᵢ A[i,:] x = yᵀA x, Σᵢ f(X[i,:] w) = sum(f(X w)).

What depends on an index is lifted to an array with the index as its first axis: a scalar to a column, a column to a matrix whose
rows are the columns for each value of the index.  A sum of lifted scalars is a sum of entries; a sum of x_i y_iᵀ is XᵀY.  What has
no lifted form of order two or less (a matrix for every i that is no product of a column and a row) stays as it is, and so does
the sum around it.  The innermost sums come first: each one that goes leaves slices to the one around it.

For factors of order two at most this finds a matrix expression whenever the graph of the factors (indices as vertices) can be
reduced by pendants, series and parallels, with no fill-in: treewidth two.
"""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.core.builders import call, inner_product, times, turned
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.indices import counter, summed_over
from matcalc.core.leaves import IDENTITY, INDEX_SUM, ones, size_number
from matcalc.core.size import ONE
from matcalc.engine import liftedproducts  # noqa: F401 - it enters its rule
from matcalc.engine.arraysums import array_total
from matcalc.engine.elimination import ordered
from matcalc.engine.factors import NoMatrixForm, chain_of, opened, product_of
from matcalc.engine.lifting import Lifting


def matrix_form(e: Expr) -> Expr:
    """The plain expression with each index sum that is matrix algebra written so."""
    e = ordered(e)
    new: dict[Expr, Expr] = {}
    for x in postorder(e):
        y = rebuilt(x, tuple(new[a] for a in x.args))
        new[x] = assembled(y) if y.op is INDEX_SUM else y
    return new[e]


def assembled(e: Expr) -> Expr:
    """One index sum as matrix algebra, or as it is."""
    try:
        return Total(counter(e)).of(e.args[0])
    except NoMatrixForm:
        return _distributed(e)


def _distributed(e: Expr) -> Expr:
    """A sum over terms of which some are matrix algebra, and some are not."""
    body = e.args[0]
    if body.op.name != "add":
        return e
    found = []
    again = False
    for t in body.args:
        try:
            found.append(Total(counter(e)).of(t))
            again = True
        except NoMatrixForm:
            found.append(summed_over(t, counter(e), e.memo.get("letter", "")))
    return plain(body.op, *found) if again and not any(_stays(x) for x in found) else e


def _stays(e: Expr) -> bool:
    return e.op is INDEX_SUM


class Total:
    """Sums over one index."""

    def __init__(self, i: Expr) -> None:
        self.lifting, self.size = Lifting(i), i["size"]

    def of(self, body: Expr) -> Expr:
        """Σ of a body over the index."""
        if not self.varies(body):
            return times(size_number(self.size), body)
        if body.is_scalar:
            return self._entries(body)
        name = body.op.name
        if name == "add":
            try:
                return self._rows(body)
            except NoMatrixForm:
                return plain(body.op, *map(self.of, body.args))
        if name in ("transpose", "diag", "diagonal"):
            return rebuilt(body, (self.of(body.args[0]),))
        if name in ("scale", "matmul", "outer"):
            return self._product(body)
        return self._rows(body)

    def varies(self, e: Expr) -> bool:
        """Whether an expression depends on the index."""
        return self.lifting.varies(e)

    def _entries(self, body: Expr) -> Expr:
        """Σ of scalars: yᵀz of a product, A : B of the sums of rows of a product, else the sum of all entries."""
        if body.op.name == "scale":
            constant = [a for a in body.args if not self.varies(a)]
            moving = [a for a in body.args if self.varies(a)]
            if constant:
                return times(product_of(constant), self.of(product_of(moving)))
        if body.op.name == "tr":
            return call("tr", self.of(body.args[0]))
        whole = array_total(body, self.lifting.i)
        if whole is not None:
            return whole
        lifted = self.lifting.lift(body)
        if lifted.op.name == "hadamard" and len(lifted.args) == 2:
            total = inner_product(*lifted.args)
            return chain_of(total.args) if total.op.name == "matmul" else total
        if lifted.op.name == "row_sums":
            inside = lifted.args[0]
            return call("inner", *inside.args) if inside.op.name == "hadamard" and len(inside.args) == 2 else call("sum", inside)
        if lifted.op.name == "scale" and all(a.is_scalar for a in lifted.args[:-1]):
            return times(product_of(lifted.args[:-1]), call("sum", lifted.args[-1]))
        if lifted.op.name == "diagonal":
            return call("tr", lifted.args[0])
        return call("sum", lifted)

    def _rows(self, body: Expr) -> Expr:
        """Σ of columns or rows: Lᵀ1."""
        column = call("column_sums", self.lifting.lift(body))
        return column if body.is_column else column.T

    def _product(self, body: Expr) -> Expr:
        """Σ s_i A c_i r_iᵀ B = A Cᵀ diag(s) R B, and Σ s_i A c_i = A Cᵀ s."""
        scalars, chain = opened(body)
        constant = [s for s in scalars if not self.varies(s)]
        moving = [s for s in scalars if self.varies(s)]
        at = _cut(chain) if any(map(self.varies, chain)) else None
        if at is None:
            found = self._inside(chain, moving)
        else:
            weights = self.lifting.lift(product_of(moving)) if moving else None
            found = self._crossed(chain[:at], chain[at:], weights)
        return times(product_of(constant), found) if constant else found

    def _inside(self, chain: list[Expr], moving: list[Expr]) -> Expr:
        """Σ s_i M with a constant M, or constant factors around a sum that goes."""
        varying = [k for k, f in enumerate(chain) if self.varies(f)]
        if not varying:
            return times(self.of(product_of(moving)), chain_of(chain))
        if len(varying) > 1 or moving:
            raise NoMatrixForm
        k = varying[0]
        return chain_of([*chain[:k], self.of(chain[k]), *chain[k + 1 :]])

    def _crossed(self, left: list[Expr], right: list[Expr], weights: Expr | None) -> Expr:
        """The product of the two halves, the index between them; constant factors at the ends stay where they are."""
        one = ones((self.size, ONE))
        front, left = self._constant(left)
        behind, right = self._constant(right[::-1])
        behind, right = behind[::-1], right[::-1]
        sides = [self.lifting.lift(chain_of(side)) if side else None for side in (left, right)]
        inner = [turned(sides[0])] if sides[0] is not None else []
        if weights is not None:
            inner.append(call("diag", weights) if len([x for x in sides if x is not None]) == 2 else weights)
        elif None in sides:
            inner.append(one if sides[1] is None else one.T)
        if sides[0] is None and weights is not None:
            inner = [weights.T]
        if sides[1] is not None:
            inner.append(sides[1])
        kept = [f for f in (*front, *inner, *behind) if (f.args[0] if f.op.name == "transpose" else f).op is not IDENTITY]
        return chain_of(kept or inner[:1])

    def _constant(self, chain: Sequence[Expr]) -> tuple[list[Expr], list[Expr]]:
        """The constant factors that a chain begins with, and the rest."""
        count = 0
        while count < len(chain) and not self.varies(chain[count]):
            count += 1
        return list(chain[:count]), list(chain[count:])


def _cut(chain: list[Expr]) -> int | None:
    """Where a chain is a column times a row; its length for a column, 0 for a row."""
    for k in range(1, len(chain)):
        if chain[k].shape[0] is ONE:
            return k
    return len(chain) if chain[-1].is_column else 0 if chain[0].shape[0] is ONE else None

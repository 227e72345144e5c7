"""Lifted forms: what depends on an index, as an array with the index as its first axis.

A scalar for each i is a column, a column or a row for each i the rows of a matrix.  Elementwise functions, sums and products go
through; an operation on a column becomes the operation of the same word along an axis.  A matrix for each i has no lifted form
unless it meets a column or a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.core.builders import call, times, turned
from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.indices import SLICE, UNIT_AT, counter, free, sliced, summed_over
from matcalc.core.leaves import NUMBER, ONES, identity, number, ones
from matcalc.core.operation import Kind, Operation
from matcalc.core.size import ONE, Size
from matcalc.core.words import spellings, vocabulary
from matcalc.engine.factors import NoMatrixForm, chain_of, entrywise_product, front, operation, product_of

ROWS = 1
"""The axis along which an operation on every row of a matrix works."""


class Lifting:
    """Lifted forms for one index."""

    def __init__(self, i: Expr) -> None:
        self.i, self.size = i, i["size"]
        self.done: dict[Expr, Expr] = {}

    def varies(self, e: Expr) -> bool:
        """Whether an expression depends on the index."""
        return self.i in free(e)

    def lift(self, e: Expr) -> Expr:
        """The lifted form of an expression of order one at most: n×1 of a scalar, n×m of a column or a row of m entries."""
        for x in postorder(e, below=self._inside, seen=set(self.done)):
            if x not in self.done and self.varies(x) and ONE in x.shape:
                try:
                    self.done[x] = self._lifted(x)
                except NoMatrixForm:
                    if x is e:
                        raise
        if e not in self.done:
            if not self.varies(e):
                return self.spread(e)
            raise NoMatrixForm
        return self.done[e]

    def _inside(self, e: Expr) -> tuple[Expr, ...]:
        """What is lifted before a node: its arguments of order one that vary, those of products and transposes in it as well."""
        if not self.varies(e) or e.op in (SLICE, UNIT_AT):
            return tuple(a for a in e.args[:1] if self.varies(a)) if e.op is SLICE else ()
        return e.args

    def of(self, e: Expr) -> Expr:
        """The lifted form of an argument: a constant scalar stays one, what else is constant is repeated."""
        if not self.varies(e):
            return e if e.is_scalar else self.spread(e)
        if e not in self.done:
            raise NoMatrixForm
        return self.done[e]

    def spread(self, e: Expr) -> Expr:
        """A constant for every value of the index."""
        if ONE not in e.shape or len(e.shape) > 2:
            raise NoMatrixForm
        column = ones((self.size, ONE))
        if e.op.name == "scale" and not e.is_scalar:
            return times(front(e), self.spread(e.args[-1]))
        if e.is_scalar:
            return column if e.op is NUMBER and e["value"] == 1 else times(e, column)
        return column @ (e.T if e.is_column else e)

    def _lifted(self, e: Expr) -> Expr:
        rule = RULES.get(e.op.name)
        if rule is not None:
            return rule(self, e)
        if e.op.kind is Kind.ELEMENTWISE:
            return self.elementwise(e)
        return self._by_rows(e)

    def elementwise(self, e: Expr) -> Expr:
        """Entry by entry; a scalar for each i beside columns goes along its row."""
        args = [self.of(a) for a in e.args]
        if not e.is_scalar:
            width = e.shape[0] if e.is_column else e.shape[1]
            args = [
                x @ ones((width, ONE)).T if a.is_scalar and self.varies(a) else x for a, x in zip(e.args, args, strict=True)
            ]  # fmt: skip
        return plain(e.op, *args, **dict(e.attrs))

    def _by_rows(self, e: Expr) -> Expr:
        """An operation on a column, on every row: the operation of the same word along an axis."""
        if len(e.args) == 1 and e.args[0].is_column and not e.args[0].is_scalar:
            along = along_rows(e.op)
            if along is not None:
                return plain(along, self.of(e.args[0]))
        if e.op.kind is Kind.DEFINITION and e.op.body is not None:
            return self.lift(e.op.body(*e.args, **dict(e.attrs)))
        raise NoMatrixForm

    def add(self, e: Expr) -> Expr:
        """Sums of lifted terms; a constant scalar is added to every entry."""
        terms = [self.of(a) for a in e.args]
        if e.is_scalar:
            terms = [self.spread(t) if t.is_scalar else t for t in terms]
        return plain(e.op, *terms)

    def scale(self, e: Expr) -> Expr:
        """Constant scalars in front; a scalar for each i scales the rows."""
        constant = [a for a in e.args if not self.varies(a) and a.is_scalar]
        moving = [a for a in e.args[:-1] if self.varies(a)]
        last = e.args[-1]
        if not e.is_scalar:
            rest = self.of(last)
            if moving:
                weights = self.lift(product_of(moving))
                rest = weights @ last.T if not self.varies(last) and last.is_column else call("diag", weights) @ rest
        else:
            lifted = [self.of(a) for a in (*moving, *([last] if self.varies(last) else []))]
            rest = lifted[0] if len(lifted) == 1 else plain(operation("hadamard"), *lifted)
        return times(product_of(constant), rest) if constant else rest

    def quotient(self, e: Expr) -> Expr:
        """Entry by entry; of a column by a scalar for each i, every row by its own."""
        above, below = (self.of(a) for a in e.args)
        if e.is_scalar:
            if above.is_scalar:
                return plain(e.op, self.spread(above), below)
            return plain(e.op, above, below)
        if e.args[1].is_scalar and self.varies(e.args[1]):
            return call("diag", plain(e.op, ones((self.size, ONE)), below)) @ above
        return plain(e.op, above, below)

    def power(self, e: Expr) -> Expr:
        """Entry by entry, for a constant exponent."""
        if self.varies(e.args[1]):
            raise NoMatrixForm
        if e.args[0].op.name == "norm" and e.args[1].op is NUMBER and e.args[1]["value"] == 2 and e.args[0].args[0].is_column:
            inside = self.of(e.args[0].args[0])
            return call("row_sums", call("power", inside, number(2)))
        return call("power", self.of(e.args[0]), e.args[1])

    def norm(self, e: Expr) -> Expr:
        """‖cᵢ‖ for every i; ‖x − cᵢ‖ reads better under its sum than 1 xᵀ − C does."""
        if e.args[0].op.name == "add" and not all(map(self.varies, e.args[0].args)):
            raise NoMatrixForm
        return self._by_rows(e)

    def hadamard(self, e: Expr) -> Expr:
        """Entry by entry; what is constant scales the columns: uᵢ ⊙ c is the row i of U diag(c)."""
        still = [a if a.is_column else turned(a) for a in e.args if not self.varies(a)]
        if e.is_scalar or not still or any(a.is_scalar for a in e.args):
            return self.elementwise(e)
        return entrywise_product([self.of(a) for a in e.args if self.varies(a)]) @ call("diag", entrywise_product(still))

    def sum(self, e: Expr) -> Expr:
        """1ᵀ(uᵢ ⊙ c) for every i is U c."""
        inside = e.args[0]
        if inside.op.name != "hadamard" or not inside.is_column:
            return self._by_rows(e)
        moving = [self.of(a) for a in inside.args if self.varies(a)]
        still = [a for a in inside.args if not self.varies(a)]
        rows = entrywise_product(moving)
        return rows @ entrywise_product(still) if still else call("row_sums", rows)

    def squares(self, e: Expr) -> Expr:
        """‖cᵢ − mⱼ‖² for every j is a column, made of rows 1 cᵢᵀ − M; for every i too it is ‖cᵢ‖² − 2 cᵢᵀmⱼ + ‖mⱼ‖²."""
        power = e.args[0]
        terms = power.args[0].args if power.op.name == "power" and power.args[0].op.name == "add" else ()
        if not terms or power.args[1] is not number(2) or len(terms) != 2:
            raise NoMatrixForm
        (moving, sign), (still, other) = sorted(map(_signed, terms), key=lambda t: not self.varies(t[0]))
        if self.varies(still) or moving.op.name != "matmul" or moving.args[0].op is not ONES or not _is_row_vector(moving.args[1:]):
            raise NoMatrixForm
        C = self.lift(chain_of(moving.args[1:]))
        own = call("row_sums", call("power", C, number(2)))
        theirs = call("row_sums", call("power", still, number(2)))
        width, height = ones((e.shape[0], ONE)), ones((self.size, ONE))
        return own @ width.T + number(2 * sign * other) * (C @ turned(still)) + height @ theirs.T

    def transposed(self, e: Expr) -> Expr:
        """A row for each i is the same rows."""
        return self.of(e.args[0])

    def inner(self, e: Expr) -> Expr:
        """x : y of columns."""
        if not (e.args[0].is_column or e.args[0].shape[0] is ONE):
            raise NoMatrixForm
        return call("row_sums", plain(operation("hadamard"), *map(self.of, e.args)))

    def unit(self, e: Expr) -> Expr:
        """e_i for every i is I."""
        if e.args[0] is not self.i or e.shape[0] is not self.size:
            raise NoMatrixForm
        return identity(self.size)

    def slice(self, e: Expr) -> Expr:
        """A slice for every i: the slice with the axis of i open, that axis first."""
        array, positions = e.args[0], e.args[1:]
        if len(array.shape) == 2 and len(positions) == 1 and positions[0] is not self.i:
            return self._range(e, array, positions[0])
        at = [k for k, p in zip(e["axes"], positions, strict=True) if p is self.i]
        others = [(k, p) for k, p in zip(e["axes"], positions, strict=True) if p is not self.i]
        if any(self.i in free(p) for _, p in others) or (len(e["axes"]) > 1 and any(array.shape[k] is not self.size for k in at)):
            raise NoMatrixForm
        if self.varies(array):
            return self._slice_of_varying(array, at, others)
        if len(array.shape) == 2 and len(at) == len(positions) == 1 and array.shape[at[0]] is not self.size:
            return self._range(e, array, positions[0])
        left = [k for k in range(1 if array.is_column else len(array.shape)) if k not in e["axes"]]
        if len(at) == 2 and not left:
            both = sliced(array, [p for _, p in others], tuple(k for k, _ in others)) if others else array
            return call("diagonal", both)
        if len(at) != 1 or len(left) > 1:
            raise NoMatrixForm
        opened = sliced(array, [p for _, p in others], tuple(k for k, _ in others)) if others else array
        return opened if not left or at[0] < left[0] else turned(opened)

    def _range(self, e: Expr, array: Expr, position: Expr) -> Expr:
        """x[i + 1] for every i is a range of x, X[i + 1, :] the rows of one."""
        shift = _shift(position, self.i)
        if shift is None or self.varies(array):
            return self._slice_of_varying(array, [], list(zip(e["axes"], e.args[1:], strict=True)))
        start = Size.of(shift)
        if e["axes"] == (0,):
            return plain(operation("rows"), array, i=start, j=start + self.size)
        return plain(operation("columns"), array, i=start, j=start + self.size).T

    def _slice_of_varying(self, array: Expr, at: list[int], others: list[tuple[int, Expr]]) -> Expr:
        """One entry of a column that varies: a column of its lifted form."""
        if len(others) == 1 and not at and array.is_column:
            return sliced(self.of(array), [others[0][1]], (1,))
        if len(at) == 1 and not others and array.is_column:
            return call("diagonal", self.of(array))
        raise NoMatrixForm

    def index_sum(self, e: Expr) -> Expr:
        """A sum over another index of lifted terms."""
        lifted = self.of(e.args[0])
        return summed_over(lifted, counter(e), e.memo.get("letter", ""))


def _signed(t: Expr) -> tuple[Expr, int]:
    """A term without its minus, and its sign."""
    minus = t.op.name == "scale" and len(t.args) == 2 and t.args[0] is number(-1)
    return (t.args[1], -1) if minus else (t, 1)


def _is_row_vector(factors: Sequence[Expr]) -> bool:
    return bool(factors) and factors[0].shape[0] is ONE


def _shift(position: Expr, i: Expr) -> int | None:
    """The number that is added to an index."""
    if position is i:
        return 0
    if position.op.name != "add" or len(position.args) != 2 or position.args[0] is not i or position.args[1].op is not NUMBER:
        return None
    shift = position.args[1]["value"]
    return int(shift) if shift.denominator == 1 and shift >= 0 else None


RULES: dict[str, Callable[[Lifting, Expr], Expr]] = {
    "add": Lifting.add,
    "scale": Lifting.scale,
    "quotient": Lifting.quotient,
    "power": Lifting.power,
    "row_sums": Lifting.squares,
    "sum": Lifting.sum,
    "transpose": Lifting.transposed,
    "hadamard": Lifting.hadamard,
    "norm": Lifting.norm,
    "inner": Lifting.inner,
    "unit_at": Lifting.unit,
    "slice": Lifting.slice,
    "index_sum": Lifting.index_sum,
}


def along_rows(op: Operation) -> Operation | None:
    """The operation of the same word that works on every row: the sum of a column, the sums of rows."""
    own = {name: spellings(value)[0] for name, value in op.options.items()}
    for other in vocabulary().get(op.written, ()):
        options = {name: spellings(value)[0] for name, value in other.options.items()}
        if other is not op and options.pop("axis", None) == ROWS and options == own and not other.parameters:
            return other
    return None

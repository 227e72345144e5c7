"""Index sums as matrix algebra, where they are that: Σᵢ yᵢ A[i,:] x = yᵀA x, Σᵢ f(X[i,:] w) = sum(f(X w)).

What depends on an index is lifted to an array with the index as its first axis: a scalar to a column, a column to a matrix whose
rows are the columns for each value of the index.  A sum of lifted scalars is a sum of entries; a sum of x_i y_iᵀ is XᵀY.  What has
no lifted form of order two or less (a matrix for every i that is no product of a column and a row) stays as it is, and so does
the sum around it.  The innermost sums come first: each one that goes leaves slices to the one around it.

For factors of order two at most this finds a matrix expression whenever the graph of the factors (indices as vertices) can be
reduced by pendants, series and parallels, with no fill-in: treewidth two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.core.builders import call, inner_product, times, turned
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.indices import SLICE, UNIT_AT, array_axes, counter, free, sliced, summed_over
from matcalc.core.leaves import INDEX_SUM, NUMBER, identity, number, ones, size_number
from matcalc.core.operation import Kind, Operation
from matcalc.core.size import ONE
from matcalc.core.words import spellings, vocabulary

ROWS = 1
"""The axis along which an operation on every row of a matrix works."""


class NoMatrixForm(Exception):
    """What stands under the sum has no lifted form of order two."""


def matrix_form(e: Expr) -> Expr:
    """The plain expression with each index sum that is matrix algebra written so."""
    new: dict[Expr, Expr] = {}
    for x in postorder(e):
        y = rebuilt(x, tuple(new[a] for a in x.args))
        new[x] = assembled(y) if y.op is INDEX_SUM else y
        if new[x] is y and x.op is INDEX_SUM and "letter" in x.memo:
            y.memo.setdefault("letter", x.memo["letter"])
    return new[e]


def assembled(e: Expr) -> Expr:
    """One index sum as matrix algebra, or as it is."""
    try:
        return _Lifting(counter(e)).total(e.args[0])
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
            found.append(_Lifting(counter(e)).total(t))
            again = True
        except NoMatrixForm:
            found.append(summed_over(t, counter(e), e.memo.get("letter", "")))
    return plain(body.op, *found) if again and not any(_stays(x) for x in found) else e


def _stays(e: Expr) -> bool:
    return e.op is INDEX_SUM


class _Lifting:
    """Lifted forms for one index."""

    def __init__(self, i: Expr) -> None:
        self.i, self.size = i, i["size"]
        self.done: dict[Expr, Expr] = {}

    def varies(self, e: Expr) -> bool:
        """Whether an expression depends on the index."""
        return self.i in free(e)

    # ---- sums ----

    def total(self, body: Expr) -> Expr:
        """Σ of a body over the index."""
        if not self.varies(body):
            return times(size_number(self.size), body)
        if body.is_scalar:
            return self._entries_total(body)
        name = body.op.name
        if name == "add":
            try:
                return self._plain_total(body)
            except NoMatrixForm:
                return plain(body.op, *map(self.total, body.args))
        if name in ("transpose", "diag", "diagonal"):
            return rebuilt(body, (self.total(body.args[0]),))
        if name in ("scale", "matmul", "outer"):
            return self._product_total(body)
        return self._plain_total(body)

    def _entries_total(self, body: Expr) -> Expr:
        """Σ of scalars: yᵀz of a product, A : B of the sums of rows of a product, else the sum of all entries."""
        if body.op.name == "scale":
            constant = [a for a in body.args if not self.varies(a)]
            moving = [a for a in body.args if self.varies(a)]
            if constant:
                rest = self.total(moving[0] if len(moving) == 1 else plain(body.op, *moving))
                return times(constant[0] if len(constant) == 1 else plain(body.op, *constant), rest)
        lifted = self.lift(body)
        if lifted.op.name == "hadamard" and len(lifted.args) == 2:
            return inner_product(*lifted.args)
        if lifted.op.name == "row_sums":
            inside = lifted.args[0]
            if inside.op.name == "hadamard" and len(inside.args) == 2:
                return call("inner", *inside.args)
            return call("sum", inside)
        if lifted.op.name == "scale" and all(a.is_scalar for a in lifted.args[:-1]):
            return times(plain(lifted.op, *lifted.args[:-1]) if len(lifted.args) > 2 else lifted.args[0], self._summed(lifted.args[-1]))
        return self._summed(lifted)

    def _summed(self, lifted: Expr) -> Expr:
        if lifted.op.name == "matmul" and lifted.is_column and len(lifted.args) > 1:
            return ones((self.size, ONE)).T @ lifted if not self._is_typed_sum(lifted) else call("sum", lifted)
        return call("sum", lifted)

    def _is_typed_sum(self, lifted: Expr) -> bool:
        return True

    def _plain_total(self, body: Expr) -> Expr:
        """Σ of columns or rows: Lᵀ1."""
        lifted = self.lift(body)
        column = call("column_sums", lifted)
        return column if body.is_column else column.T

    def _product_total(self, body: Expr) -> Expr:
        """Σ s_i A c_i r_iᵀ B = A Cᵀ diag(s) R B, and Σ s_i A c_i = A Cᵀ s."""
        scalars, chain = self._opened(body)
        constant = [s for s in scalars if not self.varies(s)]
        moving = [s for s in scalars if self.varies(s)]
        at = self._cut(chain)
        if at is None:
            found = self._inner_total(chain, moving)
        else:
            left, right = chain[:at], chain[at:]
            weights = self._weights(moving)
            found = self._crossed(left, right, weights)
        for s in reversed(constant):
            found = times(s, found)
        return found

    def _inner_total(self, chain: list[Expr], moving: list[Expr]) -> Expr:
        """Σ s_i M with a constant M, or constant factors around a sum that goes."""
        varying = [k for k, f in enumerate(chain) if self.varies(f)]
        if not varying:
            return times(self.total(_scaled(moving)), _chain(chain))
        if len(varying) > 1 or moving:
            raise NoMatrixForm
        k = varying[0]
        middle = self.total(chain[k])
        return _chain([*chain[:k], middle, *chain[k + 1 :]])

    def _weights(self, moving: Sequence[Expr]) -> Expr | None:
        if not moving:
            return None
        return self.lift(_scaled(moving))

    def _crossed(self, left: list[Expr], right: list[Expr], weights: Expr | None) -> Expr:
        """The product of the two halves, the index between them."""
        front = [f for f in left if not self.varies(f)]
        if any(self.varies(f) for f in left[: len(front)]) or any(self.varies(f) for f in right[1:] if right):
            # Constant factors stand outside; everything else is lifted whole.
            front = []
        lifted_left = self._column(_chain(left[len(front) :])) if len(front) < len(left) else None
        if right:
            behind = [f for f in right if not self.varies(f)] if self.varies(right[0]) and not any(map(self.varies, right[1:])) else []
            middle = right[: len(right) - len(behind)]
            lifted_right = self.lift(_chain(middle)) if any(map(self.varies, middle)) else None
        else:
            behind, middle, lifted_right = [], [], None
        if lifted_left is None:
            lifted_left = ones((self.size, ONE)) @ _chain(front).T
            front = []
        if not right:
            body = lifted_left.T @ (weights if weights is not None else ones((self.size, ONE)))
            return _chain([*front, body]) if front else body
        if lifted_right is None:
            lifted_right = ones((self.size, ONE)) @ _chain(middle)
        inner = [_turned(lifted_left), *([call("diag", weights)] if weights is not None else []), lifted_right]
        return _chain([*front, *inner, *behind])

    def _column(self, e: Expr) -> Expr:
        return self.lift(e)

    def _cut(self, chain: list[Expr]) -> int | None:
        """Where a chain is a column times a row; its length for a column."""
        for k in range(1, len(chain)):
            if chain[k].shape[0] is ONE:
                return k
        return len(chain) if chain[-1].is_column else 0 if chain[0].shape[0] is ONE else None

    def _opened(self, body: Expr) -> tuple[list[Expr], list[Expr]]:
        """The scalars and the factors of a product, brackets taken away."""
        scalars: list[Expr] = []
        chain: list[Expr] = []
        waiting = [body]
        while waiting:
            e = waiting.pop()
            if e.is_scalar:
                scalars.append(e)
            elif e.op.name == "scale":
                scalars += e.args[:-1]
                waiting.append(e.args[-1])
            elif e.op.name == "matmul":
                waiting.extend(reversed(e.args))
            elif e.op.name == "outer":
                waiting += (e.args[1].T, e.args[0])
            elif e.op.name == "transpose" and e.args[0].op.name in ("matmul", "scale"):
                waiting.append(_turned(e.args[0]) if e.args[0].op.name == "matmul" else times(_front(e.args[0]), e.args[0].args[-1].T))
            else:
                chain.append(e)
        return scalars, chain

    # ---- lifting ----

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
        if e.is_scalar:
            return column if e.op is NUMBER and e["value"] == 1 else times(e, column)
        return column @ (e.T if e.is_column else e)

    def _lifted(self, e: Expr) -> Expr:
        rule = _RULES.get(e.op.name)
        if rule is not None:
            return rule(self, e)
        if e.op.kind is Kind.ELEMENTWISE:
            return self._elementwise(e)
        return self._by_rows(e)

    def _elementwise(self, e: Expr) -> Expr:
        args = [self.of(a) for a in e.args]
        if not e.is_scalar:
            # A scalar for each i beside columns is repeated along the rows.
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
                weights = self.lift(_scaled(moving))
                rest = weights @ last.T if not self.varies(last) and last.is_column else call("diag", weights) @ rest
        else:
            lifted = [self.of(a) for a in (*moving, *([last] if self.varies(last) else []))]
            rest = lifted[0] if len(lifted) == 1 else plain(_operation("hadamard"), *lifted)
        return times(_scaled(constant), rest) if constant else rest

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

    def transposed(self, e: Expr) -> Expr:
        """A row for each i is the same rows."""
        return self.of(e.args[0])

    def matmul(self, e: Expr) -> Expr:
        """A column, a row or a scalar made by a product: brackets at inner sizes of 1 give scalars, the rest goes from one end."""
        scalars, chain = self._opened(e)
        if e.is_scalar:
            scalars, chain = [], [f for a in e.args for f in self._factors(a)]
        pieces = _pieces(chain)
        columns = [p for p in pieces if not (p[0].shape[0] is ONE and p[-1].shape[1] is ONE)]
        parts = [self._scalar(p) for p in pieces if p not in columns] + [self.of_scalar(s) for s in scalars]
        if len(columns) > 1:
            raise NoMatrixForm
        constant = [p for p in parts if p.is_scalar]
        moving = [p for p in parts if not p.is_scalar]
        if not columns:
            rest = moving[0] if len(moving) == 1 else plain(_operation("hadamard"), *moving)
        else:
            rest = self._end(columns[0]) if any(map(self.varies, columns[0])) else self.spread(_chain(columns[0]))
            for weights in moving:
                rest = call("diag", weights) @ rest
        return times(_scaled(constant), rest) if constant else rest

    def of_scalar(self, e: Expr) -> Expr:
        """A scalar factor: lifted where it varies."""
        return self.lift(e) if self.varies(e) else e

    def _factors(self, e: Expr) -> list[Expr]:
        """The factors of a product inside a product; scalars in front are rows of one entry."""
        if e.op.name == "matmul":
            return [f for a in e.args for f in self._factors(a)]
        if e.op.name == "transpose" and e.args[0].op.name == "matmul":
            return self._factors(_turned(e.args[0]))
        return [e]

    def _scalar(self, piece: list[Expr]) -> Expr:
        """rᵀ A … c for each i."""
        if not any(map(self.varies, piece)):
            return _chain(piece)
        if len(piece) == 1:
            return self.of(piece[0])
        varying = [k for k, f in enumerate(piece) if self.varies(f)]
        first, last = varying[0], varying[-1]
        if first == 0:
            left = self.of(piece[0])
            for k, f in enumerate(piece[1:], 1):
                if k == len(piece) - 1:
                    return self._met(left, f)
                left = self._times(left, f)
        if first == last == len(piece) - 1:
            return self.of(piece[-1]) @ _turned(_chain(piece[:-1]))
        left_constant = self.spread(_chain(piece[:first])) if first < len(piece) - 1 else None
        if left_constant is None:
            raise NoMatrixForm
        left = left_constant
        for f in piece[first:-1]:
            left = self._times(left, f)
        return self._met(left, piece[-1])

    def _met(self, left: Expr, last: Expr) -> Expr:
        """The rows of the left against the column at the end."""
        if not self.varies(last):
            return left @ last
        return call("row_sums", plain(_operation("hadamard"), left, self.of(last)))

    def _times(self, left: Expr, factor: Expr) -> Expr:
        """The rows of the left times a matrix."""
        if not self.varies(factor):
            return left @ factor
        if factor.op.name == "diag":
            return plain(_operation("hadamard"), left, self.lift(factor.args[0]))
        if factor.op.name == "transpose" and factor.args[0].op.name == "diag":
            return self._times(left, factor.args[0])
        raise NoMatrixForm

    def _end(self, chain: list[Expr]) -> Expr:
        """A column A B … c, from its end; a row from its beginning."""
        if chain[-1].is_column:
            rest = self.of(chain[-1])
            for f in reversed(chain[:-1]):
                rest = self._times(rest, _turned(f))
            return rest
        rest = self.of(chain[0])
        for f in chain[1:]:
            rest = self._times(rest, f)
        return rest

    def inner(self, e: Expr) -> Expr:
        """x : y of columns."""
        if not (e.args[0].is_column or e.args[0].shape[0] is ONE):
            raise NoMatrixForm
        return call("row_sums", plain(_operation("hadamard"), *map(self.of, e.args)))

    def unit(self, e: Expr) -> Expr:
        """e_i for every i is I."""
        if e.args[0] is not self.i or e.shape[0] is not self.size:
            raise NoMatrixForm
        return identity(self.size)

    def slice(self, e: Expr) -> Expr:
        """A slice for every i: the slice with the axis of i open, that axis first."""
        array, positions = e.args[0], e.args[1:]
        at = [k for k, p in zip(e["axes"], positions, strict=True) if p is self.i]
        others = [(k, p) for k, p in zip(e["axes"], positions, strict=True) if p is not self.i]
        if any(self.i in free(p) for _, p in others) or any(array.shape[k] is not self.size for k in at):
            raise NoMatrixForm
        if self.varies(array):
            return self._slice_of_varying(array, at, others)
        axes = [k for k in range(len(array_axes(array.shape)) if len(array.shape) == 2 else len(array.shape))]
        if len(array.shape) == 2 and not array.is_column:
            axes = [0, 1]
        left = [k for k in axes if k not in e["axes"]]
        if len(at) == 2 and not left:
            both = sliced(array, [p for _, p in others], tuple(k for k, _ in others)) if others else array
            return call("diagonal", both)
        if len(at) != 1 or len(left) > 1:
            raise NoMatrixForm
        opened = sliced(array, [p for _, p in others], tuple(k for k, _ in others)) if others else array
        return opened if not left or at[0] < left[0] else _turned(opened)

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


_RULES: dict[str, Callable[[_Lifting, Expr], Expr]] = {
    "add": _Lifting.add,
    "scale": _Lifting.scale,
    "quotient": _Lifting.quotient,
    "power": _Lifting.power,
    "transpose": _Lifting.transposed,
    "matmul": _Lifting.matmul,
    "hadamard": _Lifting._elementwise,
    "inner": _Lifting.inner,
    "unit_at": _Lifting.unit,
    "slice": _Lifting.slice,
    "index_sum": _Lifting.index_sum,
}


def along_rows(op: Operation) -> Operation | None:
    """The operation of the same word that works on every row: the sum of a column, the sums of rows."""
    own = {name: spellings(value)[0] for name, value in op.options.items()}
    for other in vocabulary().get(op.written, ()):
        options = {name: spellings(value)[0] for name, value in other.options.items()}
        if other is not op and options.pop("axis", None) == ROWS and options == own and not other.parameters:
            return other
    return None


def _operation(name: str) -> Operation:
    from matcalc.core.operation import OPERATIONS

    return OPERATIONS[name]


def _turned(e: Expr) -> Expr:
    """The transpose, of a product factor by factor."""
    return turned(e)


def _scaled(scalars: Sequence[Expr]) -> Expr:
    """The product of scalars."""
    return scalars[0] if len(scalars) == 1 else plain(_operation("scale"), *scalars)


def _front(e: Expr) -> Expr:
    """The scalars of a multiple."""
    return _scaled(e.args[:-1])


def _chain(factors: Sequence[Expr]) -> Expr:
    """The product of factors."""
    return factors[0] if len(factors) == 1 else plain(_operation("matmul"), *factors)


def _pieces(chain: Sequence[Expr]) -> list[list[Expr]]:
    """A chain cut at its inner sizes of 1."""
    found: list[list[Expr]] = []
    for f in chain:
        if found and f.shape[0] is not ONE:
            found[-1].append(f)
        else:
            found.append([f])
    return found

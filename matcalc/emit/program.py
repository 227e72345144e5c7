"""Array programs: what an emitted function computes, over scalars, one-dimensional vectors and matrices.

A `Code` is a node of the program, interned, so that what is computed twice is one node.  Rows and columns are both vectors
here; the rank says which of scalar (0), vector (1), matrix (2) a value is, and a scalar combines with everything.  The makers
of this module choose the cheaper of equal computations: a trace of a product is a sum of products, `diag(v) M` scales rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from matcalc.core.operation import OPERATIONS
from matcalc.emit.code import Code as Code
from matcalc.emit.code import Data, is_scaled, repeated, thin_terms

_Key: TypeAlias = "tuple[str, tuple[Code, ...], Data]"


class Program:
    """The makers of code, and the table that interns it."""

    def __init__(self) -> None:
        self._table: dict[_Key, Code] = {}

    def code(self, op: str, *args: Code, rank: int, data: Data = None) -> Code:
        """The one code with these parts."""
        key = (op, args, data)
        found = self._table.get(key)
        if found is None:
            found = self._table[key] = Code(op, args, rank, data)
        return found

    def constant(self, value: Fraction | int) -> Code:
        """A number."""
        return self.code("constant", rank=0, data=Fraction(value))

    # Sums and products, entry by entry.
    def plus(self, a: Code, b: Code) -> Code:
        """a + b."""
        a, b = repeated(self.code, a, b), repeated(self.code, b, a)
        return self.code("add", a, b, rank=max(a.rank, b.rank))

    def minus(self, a: Code, b: Code) -> Code:
        """a − b; exp(x) − 1 in one, which is accurate near 0."""
        for one, other in ((b, a), (a, b)):
            if one.op == "constant" and one.data == 1 and is_call(other, "exp"):
                less = self.call("expm1", *other.args)
                return less if one is b else self.negative(less)
        a, b = repeated(self.code, a, b), repeated(self.code, b, a)
        return self.code("subtract", a, b, rank=max(a.rank, b.rank))

    def call(self, name: str, *args: Code) -> Code:
        """A function of entries, by its declaration."""
        return self.code("call", *args, rank=max(a.rank for a in args), data=OPERATIONS[name])

    def negative(self, a: Code) -> Code:
        """−a, the sign where it costs least."""
        if a.op == "constant":
            return self.constant(-a.data)
        if a.op == "negative":
            return a.args[0]
        if a.op == "outer":
            return self.outer(self.negative(a.args[0]), a.args[1])
        return self.code("negative", a, rank=a.rank)

    def times(self, a: Code, b: Code) -> Code:
        """a b entry by entry; scalars are multiplied among themselves, and go into an outer product or a diagonal by its vector."""
        if a.op == b.op == "constant":
            return self.constant(a.data * b.data)
        if a.op == "constant" and a.data == 1:
            return b
        if a.op == "constant" and a.data == -1:
            return self.negative(b)
        for mask, other in ((a, b), (b, a)):
            if mask.op == "indicator" and other.op != "indicator":
                if mask.rank > other.rank:
                    return self.code("masked", mask.args[0], other, rank=mask.rank)
                if other.op != "constant":
                    return self.code("multiply", other, mask.args[0], rank=other.rank)
        if b.rank == 0 < a.rank:
            return self.times(b, a)
        if a.rank == 0 and b.op == "outer":
            return self.outer(self.times(a, b.args[0]), b.args[1])
        if a.rank == 0 and b.op == "diag":
            return self.diag(self.times(a, b.args[0]))
        if a.rank == 0 < b.rank and is_scaled(b):
            return self.times(self.times(a, b.args[0]), b.args[1])
        if a.rank == 0 < b.rank and b.op == "divide" and b.args[1].rank == 0:
            return self.times(self.over(a, b.args[1]), b.args[0])
        a, b = repeated(self.code, a, b), repeated(self.code, b, a)
        return self.code("multiply", a, b, rank=max(a.rank, b.rank))

    def over(self, a: Code, b: Code) -> Code:
        """a / b entry by entry."""
        if b.rank == 0 and a.op == "outer":
            return self.outer(self.over(a.args[0], b), a.args[1])
        if b.rank == 0 < a.rank and is_scaled(a):
            return self.times(self.over(a.args[0], b), a.args[1])
        return self.code("divide", a, b, rank=max(a.rank, b.rank))

    def power(self, a: Code, exponent: Fraction) -> Code:
        """A constant power: integer powers of arrays as products, halves by a square root."""
        if exponent < 0:
            return self.over(self.constant(1), self.power(a, -exponent))
        if exponent == 0:
            return self.code("power", a, self.constant(0), rank=a.rank)
        if exponent == 1:
            return a
        if exponent.denominator == 2 and exponent < 2:
            root = self.code("sqrt", a, rank=a.rank)
            return root if exponent == Fraction(1, 2) else self.times(self.power(a, exponent - Fraction(1, 2)), root)
        if a.rank and exponent.denominator == 1 and 2 < exponent <= 64:
            half = self.power(self.power(a, Fraction(exponent // 2)), Fraction(2))
            return self.times(half, a) if exponent % 2 else half
        return self.code("power", a, self.constant(exponent), rank=a.rank)

    # Matrices.
    def transposed(self, a: Code) -> Code:
        """The transpose; of a vector, itself."""
        if a.rank < 2 or a.op in ("eye", "diag"):
            return a
        if a.op == "transpose":
            return a.args[0]
        if a.op == "outer":
            return self.outer(a.args[1], a.args[0])
        if a.op in ("ones", "zeros"):
            return self.code(a.op, *reversed(a.args), rank=2)
        return self.code("transpose", a, rank=2)

    def outer(self, x: Code, y: Code) -> Code:
        """x yᵀ, where one of them may be a scalar."""
        if min(x.rank, y.rank) == 0:
            return self.times(x, y)
        return self.code("outer", x, y, rank=2)

    def diag(self, v: Code) -> Code:
        """The diagonal matrix of a vector."""
        return self.code("diag", v, rank=2) if v.rank else v

    def diagonal(self, m: Code) -> Code:
        """The diagonal of a matrix; of a product, without the rest of it."""
        if m.op == "diag":
            return m.args[0]
        if m.op == "outer":
            return self.times(*m.args)
        if m.op == "matmul":
            return self.code("sum_rows", self.times(m.args[0], self.transposed(m.args[1])), rank=1)
        return self.code("diagonal", m, rank=1) if m.rank else m

    def dot(self, x: Code, y: Code) -> Code:
        """The inner product of two values of one rank."""
        if x.rank == 0:
            return self.times(x, y)
        for a, b in ((x, y), (y, x)):
            if a.op == "ones":
                return self.total(b)
            if a.op == "unit":
                return self.code("entry", b, a.args[1], rank=0)
            if a.op == "diag":
                return self.dot(a.args[0], self.diagonal(b))
            if a.op == "eye":
                return self.trace(b)
            if a.op == "outer":
                return self.dot(a.args[0], self.product(b, a.args[1]))
            if a.op in ("as_column", "as_row"):  # repeated by broadcasting, which an inner product does not do
                return self.dot(a.args[0], self.code("sum_rows" if a.op == "as_column" else "sum_columns", b, rank=1))
        if x.rank == 1:
            return self.code("matmul", x, y, rank=0)
        if x.op == y.op == "transpose":
            x, y = x.args[0], y.args[0]
        return self.code("vdot", x, y, rank=0)

    def total(self, a: Code) -> Code:
        """The sum of all entries; of a product entry by entry, as an inner product."""
        if a.rank == 0:
            return a
        scalars: list[Code] = []
        while a.op == "negative" or (a.op == "multiply" and a.args[0].rank == 0):
            scalars.append(self.constant(-1) if a.op == "negative" else a.args[0])
            a = a.args[-1]
        result = self._total(a)
        for scalar in reversed(scalars):
            result = self.times(scalar, result)
        return result

    def _total(self, a: Code) -> Code:
        if a.op == "multiply" and a.args[0].rank == a.args[1].rank:
            return self.dot(*a.args)
        if a.op == "power" and a.args[1].data == 2:
            return self.dot(a.args[0], a.args[0])
        if a.op == "outer":
            return self.times(self.total(a.args[0]), self.total(a.args[1]))
        return self.code("sum", a, rank=0)

    def trace(self, m: Code) -> Code:
        """The sum of the diagonal; of a product, as an inner product."""
        if m.rank == 0:
            return m
        if m.op in ("diag", "outer"):
            return self.total(self.diagonal(m))
        if m.op == "matmul":
            return self.dot(self.transposed(m.args[0]), m.args[1])
        return self.code("trace", m, rank=0)

    def product(self, a: Code, b: Code) -> Code:
        """The matrix product over an axis that both have: of matrices and vectors, in all combinations."""
        if a.op == "eye":
            return b
        if b.op == "eye":
            return a
        if a.rank == b.rank == 1:
            return self.dot(a, b)
        cheap = self._scaled(a, b) or self._thin(a, b)
        return cheap or self._solved(a, b) or self.code("matmul", a, b, rank=a.rank + b.rank - 2)

    def _solved(self, a: Code, b: Code) -> Code | None:
        """A product by an inverse, as the solution of a linear system."""
        matrix = self._inverted(a)
        if matrix is not None:
            return self.code("solve", matrix, b, rank=b.rank)
        matrix = self._inverted(b)
        if matrix is not None:
            return self.transposed(self.code("solve", self.transposed(matrix), self.transposed(a), rank=a.rank))
        return None

    def _inverted(self, a: Code) -> Code | None:
        if a.op == "inv":
            return a.args[0]
        if a.op == "transpose" and a.args[0].op == "inv":
            return self.transposed(a.args[0].args[0])
        return None

    def _scaled(self, a: Code, b: Code) -> Code | None:
        """A product by a diagonal matrix or by a vector of ones."""
        if a.op == b.op == "diag":
            return self.diag(self.times(a.args[0], b.args[0]))
        if a.op == "diag":
            v = a.args[0]
            return self.times(v, b) if b.rank == 1 else self.code("scale_rows", v, b, rank=2)
        if b.op == "diag":
            return self.times(a, b.args[0])
        if b.op == "unit" and a.rank == 2:
            return self.selected(a, int(b.args[1].data))
        if a.op == "unit" and b.rank == 2:
            return self.selected(self.transposed(b), int(a.args[1].data))
        if b.op == "ones" and b.rank == 1:
            return self.row_sums(a)
        if a.op == "ones" and a.rank == 1:
            return self.row_sums(self.transposed(b))
        return None

    def selected(self, a: Code, position: int) -> Code:
        """The column at a position."""
        if a.op == "transpose":
            return self.code("row", a.args[0], self.constant(position), rank=1)
        if a.op == "outer":
            return self.times(self.code("entry", a.args[1], self.constant(position), rank=0), a.args[0])
        return self.code("column", a, self.constant(position), rank=1)

    def row_sums(self, a: Code) -> Code:
        """The sums of the rows; of an outer product, of a product by a sum."""
        if a.rank < 2:
            return a
        if a.op == "transpose":
            return self.code("sum_columns", a.args[0], rank=1)
        if a.op == "outer":
            return self.times(self.total(a.args[1]), a.args[0])
        return self.code("sum_rows", a, rank=1)

    def _thin(self, a: Code, b: Code) -> Code | None:
        """A product by an outer product, as a multiple of its vector; (I − v vᵀ) x without a matrix being made."""
        if a.op == "outer":
            return self.outer(a.args[0], self.product(a.args[1], b))
        if b.op == "outer":
            return self.outer(self.product(a, b.args[0]), b.args[1])
        if a.rank + b.rank == 3:
            terms = thin_terms(a if a.rank == 2 else b)
            if terms is not None:
                parts = [self.product(m, b) if a.rank == 2 else self.product(a, m) for m, _, _ in terms]
                signed = [(self.times(c, part) if c else part, negative) for part, (_, c, negative) in zip(parts, terms)]
                return self.sum(signed)
        return None

    def sum(self, terms: Sequence[tuple[Code, bool]]) -> Code:
        """The sum of terms, each with whether it counts negatively."""
        first, negative = terms[0]
        result = self.negative(first) if negative else first
        for term, negative in terms[1:]:
            result = self.minus(result, term) if negative else self.plus(result, term)
        return result


def is_call(a: Code, name: str) -> bool:
    """Whether this is a call of the operation with this name."""
    return a.op == "call" and a.data is OPERATIONS[name]

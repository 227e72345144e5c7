"""What an arithmetic gives.  There are two: `primefield` (exact, modulo a prime) and `complexstep` (floating point).

The `value=` of an operation's declaration is written once, over an arithmetic N:

    value=lambda N, x: N.sign(x) * x                                     an elementwise function: numbers in, a number out
    value=lambda N, x: N.divide(N.exp(x) - N.exp(-x), 2)
    value=lambda N, x: N.real("erf", x, math.erf, lambda t: N.divide(2 * N.exp(-t * t), N.sqrt(N.pi)))
    value=lambda N, X: N.inverse(X)                                      an operation: matrices in, a matrix or number out

`+ - *` of Python and integers may be used freely, and results need not be reduced.  `/` and `**` may not, and decimal
fractions may not (they are wrong modulo a prime): N.divide, N.power and N.exact(Fraction(1, 2)) are there for them.  N has

    exact divide power sqrt sign abs exp log sin cos tanh sinh cosh pi   numbers
    conjugate real_part imaginary_part entrywise                         of what may be complex
    real abstract                                                        functions that have no other name here
    inverse determinant product                                          matrices
    function                                                             functions of matrices, by name

A number carries its derivative with it: every function of N moves both, so a declaration says nothing about derivatives.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction
from hashlib import shake_128
from operator import mul
from typing import Any

from matcalc.errors import Unsupported
from matcalc.verify.matrix import Matrix, Number


class Unlucky(Exception):
    """There is no value at this point, though there may be at another: a singular matrix, the root of a negative.

    `node` is the expression that has none.
    """

    def __init__(self, message: str, node: object = None) -> None:
        super().__init__(message)
        self.node = node


class NotInField(Exception):
    """There is no model modulo a prime for this: floating point has to do."""


_DENSE = 12
"""Up to so many columns on the left a matrix product is taken without a look at its zeros."""
_SPARSE = 3
"""A row of which less than one entry in so many is not 0 is added entry by entry."""
FUNCTIONS: dict[str, Callable[..., Matrix]] = {}
"""Functions of matrices by name, `(N, X, …)`: entered by `series`, `systems` and `spectral`."""


def function(name: str, floating: bool = True) -> Callable[[Callable[..., Matrix]], Callable[..., Matrix]]:
    """Enter a function of matrices into the table; a floating one has no model modulo a prime."""

    def enter(f: Callable[..., Matrix]) -> Callable[..., Matrix]:
        def guarded(N: Arithmetic, *operands: Any) -> Matrix:
            if floating and N.exactly:
                raise NotInField(f"{name} has no model modulo a prime")
            return f(N, *operands)

        FUNCTIONS[name] = guarded
        return f

    return enter


def random_bytes(key: bytes, count: int) -> bytes:
    """Random bytes: the same for the same key, in every process."""
    return shake_128(key).digest(count)


class Arithmetic(ABC):
    """Numbers with a derivative.  The one interface of both arithmetics; see the module's head for who uses what.

    `displaced(x, dx)` is the number at x that moves by dx, and `velocity(moved, still)` finds dx again.
    `beyond` counts the uses of functions on which this arithmetic is only a model of the real numbers, `order` the questions
    what is positive.
    """

    method: str
    exactly: bool
    zero: Number = 0
    one: Number = 1
    pi: Number
    beyond: int = 0
    order: int = 0

    @abstractmethod
    def fresh(self) -> Arithmetic:
        """Another arithmetic like this one, with nothing remembered."""

    @abstractmethod
    def exact(self, value: Fraction | int) -> Number:
        """The number that a rational stands for."""

    @abstractmethod
    def settle(self, numbers: list[Number]) -> list[Number]:
        """The same numbers reduced: sums of products are reduced once, at the end."""

    @abstractmethod
    def divide(self, x: Number, y: Number) -> Number:
        """x / y."""

    @abstractmethod
    def power(self, x: Number, exponent: Fraction | Number) -> Number:
        """x to a power: an exact rational one (Fraction), or a number of this arithmetic."""

    @abstractmethod
    def sign(self, x: Number) -> Number:
        """−1, 0 or 1; its derivative is 0."""

    def compared(self, x: Number, y: Number) -> Number:
        """The sign of x − y; 0 where the two are one number but for rounding, as log(exp(x)) and x are."""
        return self.sign(x - y)

    @abstractmethod
    def exp(self, x: Number) -> Number:
        """The exponential."""

    @abstractmethod
    def log(self, x: Number) -> Number:
        """The natural logarithm of a positive number."""

    @abstractmethod
    def sin(self, x: Number) -> Number:
        """The sine."""

    @abstractmethod
    def cos(self, x: Number) -> Number:
        """The cosine."""

    @abstractmethod
    def real(self, name: str, x: Number, f: Callable[[float], float], df: Callable[[Number], Number], parity: str = "") -> Number:
        """Any real function, by its name, its values on floats, and its derivative over this arithmetic.

        Modulo a prime it is a random function with that derivative, and with the given parity ("odd", "even").
        """

    @abstractmethod
    def abstract(self, name: str, order: int, x: Number) -> Number:
        """The derivative of this order of an unknown function with this name: some smooth function, always the same."""

    @abstractmethod
    def displaced(self, x: Number, dx: Number) -> Number:
        """The number at x that moves by dx."""

    @abstractmethod
    def velocity(self, moved: Number, still: Number) -> Number:
        """By how much `moved` moves, where `still` is the same expression at rest."""

    @abstractmethod
    def pivot_weight(self, x: Number) -> float:
        """How good a pivot this is; 0 if none."""

    @abstractmethod
    def is_zero(self, x: Number) -> bool:
        """Whether the value is 0, whatever the derivative."""

    @abstractmethod
    def is_finite(self, numbers: list[Number]) -> bool:
        """Whether none of these is infinite, or no number at all."""

    @abstractmethod
    def magnitude(self, x: Number) -> float:
        """How large value and derivative are, where that means anything."""

    @abstractmethod
    def integer(self, x: Number) -> int:
        """The small integer that a number is."""

    @abstractmethod
    def drawn(self, kind: str, key: bytes, count: int) -> list[Number]:
        """Random numbers of a kind: "generic", "positive", "probability", "integer", "small" (for `sampling`)."""

    def sqrt(self, x: Number) -> Number:
        """The positive square root of a positive number."""
        return self.power(x, Fraction(1, 2))

    def abs(self, x: Number) -> Number:
        """The absolute value."""
        return self.sign(x) * x

    def cosh(self, x: Number) -> Number:
        """Hyperbolic cosine."""
        e = self.exp(x)
        return self.divide(e + self.divide(1, e), 2)

    def sinh(self, x: Number) -> Number:
        """Hyperbolic sine."""
        e = self.exp(x)
        return self.divide(e - self.divide(1, e), 2)

    def tanh(self, x: Number) -> Number:
        """Hyperbolic tangent."""
        e = self.exp(x)
        inverse = self.divide(1, e)
        return self.divide(e - inverse, e + inverse)

    def imaginary(self) -> Number:
        """The imaginary unit, where there are complex numbers (`plane`)."""
        raise Unsupported("complex numbers have no value at points that were chosen for real ones")

    def conjugate(self, x: Number) -> Number:
        """x, which is real; `plane` has complex numbers."""
        return x

    def real_part(self, x: Number) -> Number:
        """x, which is real."""
        return x

    def imaginary_part(self, x: Number) -> Number:
        """0."""
        return self.zero

    def entrywise(self, f: Callable[[Number], Number], X: Matrix) -> Matrix:
        """f of every entry."""
        return Matrix(X.rows, X.columns, [f(x) for x in X.entries])

    def linearly(self, f: Callable[..., Matrix], *operands: Any) -> Matrix:
        """f of these, for an f that is linear."""
        return f(self, *operands)

    def apart(self, X: Matrix) -> Matrix:
        """The matrix itself; of complex numbers, real and imaginary parts as numbers of their own."""
        return X

    def product(self, A: Matrix, B: Matrix) -> Matrix:
        """The matrix product; of large matrices, such as Kronecker products, zeros are passed over."""
        if A.columns > _DENSE:
            rows = [B.row(k) for k in range(B.rows)]
            places = [[j for j, x in enumerate(row) if x != 0] for row in rows]
            found = [x for i in range(A.rows) for x in self._combined(A.row(i), rows, places, B.columns)]
            return Matrix(A.rows, B.columns, self.settle(found))
        columns = [B.entries[j :: B.columns] for j in range(B.columns)]
        entries = [sum(map(mul, A.row(i), column)) for i in range(A.rows) for column in columns]
        return Matrix(A.rows, B.columns, self.settle(entries))

    def _combined(self, weights: list[Number], rows: list[list[Number]], places: list[list[int]], columns: int) -> list[Number]:
        """The sum of rows with these weights; `places` are where a row is not 0."""
        total: list[Number] = [0] * columns
        for weight, row, filled in zip(weights, rows, places, strict=True):
            if weight == 0:
                continue
            if len(filled) * _SPARSE < columns:
                for j in filled:
                    total[j] = total[j] + weight * row[j]
            else:
                total = [t + weight * x for t, x in zip(total, row, strict=True)]
        return total

    def function(self, name: str, *operands: Matrix | Fraction) -> Matrix:
        """A function of matrices by its name; NotInField where it has no model in this arithmetic."""
        return FUNCTIONS[name](self, *operands)

    def inverse(self, X: Matrix) -> Matrix:
        """The inverse, by Gauss-Jordan elimination; Unlucky where X is singular."""
        n = X.rows
        rows = [X.row(i) + [int(i == j) for j in range(n)] for i in range(n)]
        for k in range(n):
            best = self._pivot(rows, k)
            rows[k], rows[best] = rows[best], rows[k]
            scale = self.divide(1, rows[k][k])
            pivot = rows[k] = self.settle([scale * x for x in rows[k]])
            for i in range(n):
                factor = rows[i][k]
                if i != k and factor != 0:
                    rows[i] = self.settle([x - factor * y for x, y in zip(rows[i], pivot, strict=True)])
        return Matrix(n, n, [x for row in rows for x in row[n:]])

    def determinant(self, X: Matrix) -> Number:
        """The determinant, by elimination where there are pivots."""
        n, result = X.rows, self.one
        rows = [X.row(i) for i in range(n)]
        for k in range(n):
            try:
                best = self._pivot(rows, k)
            except Unlucky:
                return self._determinant_without_division(X)
            if best != k:
                rows[k], rows[best], result = rows[best], rows[k], -result
            pivot = rows[k]
            result = self.settle([result * pivot[k]])[0]
            for i in range(k + 1, n):
                factor = self.divide(rows[i][k], pivot[k])
                rows[i] = self.settle([x - factor * y for x, y in zip(rows[i], pivot, strict=True)])
        return result

    def _pivot(self, rows: list[list[Number]], k: int) -> int:
        """The row with the best pivot in column k."""
        best = max(range(k, len(rows)), key=lambda i: self.pivot_weight(rows[i][k]))
        if not self.pivot_weight(rows[best][k]):
            raise Unlucky("a matrix to be inverted is singular")
        return best

    def _determinant_without_division(self, X: Matrix) -> Number:
        """The determinant of a matrix that may be singular: its derivative need not be 0 there.

        Bird, "A simple division-free algorithm for computing determinants" (2011).
        """
        n, F = X.rows, X
        for _ in range(n - 1):
            upper = [F.entries[i * n + j] if i < j else 0 for i in range(n) for j in range(n)]
            tail = self.zero
            for i in range(n - 1, -1, -1):
                upper[i * n + i] = -tail
                tail = tail + F.entries[i * n + i]
            F = self.product(Matrix(n, n, upper), X)
        return F.entries[0] * (-1) ** (n - 1)

"""Complex numbers over either arithmetic: pairs x + iy whose parts are its numbers, derivatives and all.

Modulo a prime p ≡ 3 modulo 4 there is no root of −1, and so the pairs are a field too, exact as ever, in which the conjugate is z^p.
In floating point the parts are themselves complex numbers, with the derivative in their own imaginary part: the complex step goes
along each.  Only points of problems in which i occurs compute so; what is real is a plain number here as well, and treated as
everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import chain
from typing import Any

from matcalc.core.reality import COMPLEX
from matcalc.verify.complexstep import WORST_CONDITION
from matcalc.verify.matrix import Matrix, Number
from matcalc.verify.numbers import Arithmetic, NotInField, Unlucky

ROUNDING = 1e-12
"""An imaginary part that is so much smaller than the real one is none."""


class Pair:
    """x + iy; other operands of + − * % are numbers of the arithmetic or pairs.

    >>> z = Pair(1, 2) * Pair(3, -1)
    >>> z.re, z.im, (5 - z).im
    (5, 5, -5)
    """

    __slots__ = ("im", "re")

    def __init__(self, re: Number, im: Number) -> None:
        self.re, self.im = re, im

    def __repr__(self) -> str:
        return f"Pair({self.re}, {self.im})"

    @property
    def real(self) -> Any:
        """The value of the real part."""
        return self.re.real

    def __add__(self, other: Any) -> Pair:
        re, im = parts(other)
        return Pair(self.re + re, self.im + im)

    __radd__ = __add__

    def __neg__(self) -> Pair:
        return Pair(-self.re, -self.im)

    def __sub__(self, other: Any) -> Pair:
        re, im = parts(other)
        return Pair(self.re - re, self.im - im)

    def __rsub__(self, other: Any) -> Pair:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Pair:
        if not isinstance(other, Pair):
            return Pair(self.re * other, self.im * other)
        return Pair(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)

    __rmul__ = __mul__

    def __mod__(self, modulus: int) -> Pair:
        return Pair(self.re % modulus, self.im % modulus)


def parts(x: Number) -> tuple[Number, Number]:
    """The real and the imaginary part of any number."""
    return (x.re, x.im) if isinstance(x, Pair) else (x, 0)


def role_of(X: Matrix) -> str:
    """The role of a symbol that has this value."""
    return COMPLEX if _mixed(X.entries) else ""


def _mixed(numbers: list[Number]) -> bool:
    return any(isinstance(x, Pair) for x in numbers)


class Plane(Arithmetic):
    """An arithmetic with pairs of its numbers beside them.

    >>> from matcalc.verify.complexstep import ComplexStep
    >>> N = Plane(ComplexStep())
    >>> z = N.power(Pair(complex(3), complex(4)), Fraction(1, 2))
    >>> round(z.re.real, 9), round(z.im.real, 9), N.abs(Pair(complex(3), complex(4))).real
    (2.0, 1.0, 5.0)
    """

    def __init__(self, base: Arithmetic) -> None:
        self.base = base
        self.method, self.exactly, self.zero, self.one, self.pi = base.method, base.exactly, base.zero, base.one, base.pi

    @property
    def beyond(self) -> int:  # type: ignore[override]
        """How often the parts met what is only modelled."""
        return self.base.beyond

    @property
    def order(self) -> int:  # type: ignore[override]
        """How often it was asked what is positive."""
        return self.base.order

    def fresh(self) -> Plane:
        """Another of the same."""
        return Plane(self.base.fresh())

    def exact(self, value: Fraction | int) -> Number:
        """The number that a rational stands for."""
        return self.base.exact(value)

    def settle(self, numbers: list[Number]) -> list[Number]:
        """The same numbers reduced, parts and all."""
        return self.base.settle(numbers)

    def _one(self, x: Number) -> Number:
        return self.base.settle([x])[0]

    # ---- parts ----

    def imaginary(self) -> Number:
        """i."""
        return Pair(self.base.zero, self.base.one)

    def conjugate(self, x: Number) -> Number:
        """x − iy."""
        return Pair(x.re, -x.im) if isinstance(x, Pair) else x

    def real_part(self, x: Number) -> Number:
        """x of x + iy."""
        return parts(x)[0]

    def imaginary_part(self, x: Number) -> Number:
        """y of x + iy."""
        return parts(x)[1]

    def _square(self, z: Pair) -> Number:
        return self._one(z.re * z.re + z.im * z.im)

    def abs(self, x: Number) -> Number:
        """√(x² + y²)."""
        return self.base.sqrt(self._square(x)) if isinstance(x, Pair) else self.base.abs(x)

    # ---- numbers ----

    def divide(self, x: Number, y: Number) -> Number:
        """x / y."""
        if isinstance(y, Pair):
            top, below = self._one(x * self.conjugate(y)), self._square(y)
            return Pair(self.base.divide(top.re, below), self.base.divide(top.im, below))
        return Pair(self.base.divide(x.re, y), self.base.divide(x.im, y)) if isinstance(x, Pair) else self.base.divide(x, y)

    def power(self, x: Number, exponent: Fraction | Number) -> Number:
        """x to a power: the principal one."""
        if not isinstance(x, Pair) and not isinstance(exponent, Pair):
            return self.base.power(x, exponent)
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            result, square, left = self.one, x, abs(int(exponent))
            while left:
                result = self._one(result * square) if left & 1 else result
                square, left = self._one(square * square), left >> 1
            return self.divide(1, result) if exponent < 0 else result
        if isinstance(exponent, Fraction):
            exponent = self.exact(exponent)
        return self.exp(self._one(exponent * self.log(x)))

    def sign(self, x: Number) -> Number:
        """Of a real number."""
        return self.base.sign(_only_real(x, "sign"))

    def exp(self, x: Number) -> Number:
        """eˣ(cos y + i sin y)."""
        if not isinstance(x, Pair):
            return self.base.exp(x)
        size = self.base.exp(x.re)
        return self._one(Pair(size * self.base.cos(x.im), size * self.base.sin(x.im)))

    def log(self, x: Number) -> Number:
        """The principal logarithm, log|x| + 2i arctan(y/(|x| + x))."""
        if not isinstance(x, Pair):
            return self.base.log(x)
        size = self.abs(x)
        if not self.exactly and not abs((size + x.re).real) > abs(size.real) / WORST_CONDITION:
            raise Unlucky("a logarithm beside its cut; it wants a number that is positive")
        half = self.base.real("arctan", self.base.divide(x.im, size + x.re), math.atan, lambda t: self.base.divide(1, 1 + t * t), "odd")
        return Pair(self.base.log(size), 2 * half)

    def sin(self, x: Number) -> Number:
        """sin x cosh y + i cos x sinh y."""
        if not isinstance(x, Pair):
            return self.base.sin(x)
        return self._one(Pair(self.base.sin(x.re) * self.base.cosh(x.im), self.base.cos(x.re) * self.base.sinh(x.im)))

    def cos(self, x: Number) -> Number:
        """cos x cosh y − i sin x sinh y."""
        if not isinstance(x, Pair):
            return self.base.cos(x)
        return self._one(Pair(self.base.cos(x.re) * self.base.cosh(x.im), -self.base.sin(x.re) * self.base.sinh(x.im)))

    def sqrt(self, x: Number) -> Number:
        """The principal root."""
        return self.power(x, Fraction(1, 2)) if isinstance(x, Pair) else self.base.sqrt(x)

    def tanh(self, x: Number) -> Number:
        """Hyperbolic tangent."""
        return super().tanh(x) if isinstance(x, Pair) else self.base.tanh(x)

    def real(self, name: str, x: Number, f: Callable[[float], float], df: Callable[[Number], Number], parity: str = "") -> Number:
        """Of a real number."""
        return self.base.real(name, _only_real(x, name), f, df, parity)

    def abstract(self, name: str, order: int, x: Number) -> Number:
        """Of a real number."""
        return self.base.abstract(name, order, _only_real(x, name))

    # ---- matrices ----

    def inverse(self, X: Matrix) -> Matrix:
        """The inverse; Unlucky where it would be inaccurate."""
        if not _mixed(X.entries):
            return self.base.inverse(X)
        result = super().inverse(X)
        if not self.exactly and not X.rows * self._largest(X) * self._largest(result) < WORST_CONDITION:
            raise Unlucky("a matrix to be inverted is nearly singular")
        return result

    @staticmethod
    def _largest(X: Matrix) -> float:
        return max(float(abs(part.real)) for x in X.entries for part in parts(x))

    def determinant(self, X: Matrix) -> Number:
        """The determinant."""
        return super().determinant(X) if _mixed(X.entries) else self.base.determinant(X)

    def function(self, name: str, *operands: Matrix | Fraction) -> Matrix:
        """A holomorphic function of matrices: of X + iY it is what the same function makes of [X −Y; Y X]."""
        matrices = [X for X in operands if isinstance(X, Matrix)]
        if not _mixed(list(chain.from_iterable(X.entries for X in matrices))):
            return self.base.function(name, *operands)
        whole = self.base.function(name, *(_blocks(X) if isinstance(X, Matrix) else X for X in operands))
        rows, columns = whole.rows // 2, whole.columns // 2
        pairs = [Pair(whole.row(i)[j], whole.row(rows + i)[j]) for i in range(rows) for j in range(columns)]
        return Matrix(rows, columns, pairs)

    def linearly(self, f: Callable[..., Matrix], *operands: Any) -> Matrix:
        """f of the real and of the imaginary parts, for an f that is linear."""
        if not _mixed(list(chain.from_iterable(X.entries for X in operands))):
            return f(self, *operands)
        re, im = (f(self, *(Matrix(X.rows, X.columns, [parts(x)[k] for x in X.entries]) for X in operands)) for k in (0, 1))
        return Matrix(re.rows, re.columns, [Pair(x, y) for x, y in zip(re.entries, im.entries, strict=True)])

    def apart(self, X: Matrix) -> Matrix:
        """The real and the imaginary parts beside each other."""
        return Matrix(X.rows, 2 * X.columns, [part for x in X.entries for part in parts(x)])

    # ---- values and derivatives ----

    def displaced(self, x: Number, dx: Number) -> Number:
        """The number at x that moves by dx; variables are real."""
        return self.base.displaced(_only_real(x, "a variable"), _only_real(dx, "a variable"))

    def velocity(self, moved: Number, still: Number) -> Number:
        """By how much each part moves."""
        if not isinstance(moved, Pair):
            return self.base.velocity(moved, still)
        re, im = parts(still)
        return Pair(self.base.velocity(moved.re, re), self.base.velocity(moved.im, im))

    def pivot_weight(self, x: Number) -> float:
        """That of the parts together: 0 where both are."""
        re, im = parts(x)
        return self.base.pivot_weight(re) + self.base.pivot_weight(im)

    def is_zero(self, x: Number) -> bool:
        """Whether both parts are."""
        return all(map(self.base.is_zero, parts(x)))

    def is_finite(self, numbers: list[Number]) -> bool:
        """Whether all parts are."""
        return self.base.is_finite([part for x in numbers for part in parts(x)] if _mixed(numbers) else numbers)

    def magnitude(self, x: Number) -> float:
        """That of the larger part."""
        re, im = parts(x)
        return max(self.base.magnitude(re), self.base.magnitude(im))

    def integer(self, x: Number) -> int:
        """The small integer that a real number is."""
        return self.base.integer(_only_real(x, "an integer"))

    def drawn(self, kind: str, key: bytes, count: int) -> list[Number]:
        """Random numbers, real ones: variables are."""
        return self.base.drawn(kind, key, count)


def _only_real(x: Number, what: str) -> Number:
    """What must be real, and may have an imaginary part that is nothing or rounding."""
    if not isinstance(x, Pair):
        return x
    if abs(x.im.real) > ROUNDING * abs(x.re.real):
        raise NotInField(f"{what} of a complex number")
    return x.re


def _blocks(X: Matrix) -> Matrix:
    """X + iY as the real matrix [X −Y; Y X]."""
    rows = [[parts(x) for x in X.row(i)] for i in range(X.rows)]
    upper = [[x for x, _ in row] + [-y for _, y in row] for row in rows]
    lower = [[y for _, y in row] + [x for x, _ in row] for row in rows]
    return Matrix(2 * X.rows, 2 * X.columns, [x for row in (*upper, *lower) for x in row])

"""Floating point with derivatives: complex numbers x + i·h·dx with a tiny h.

The value is the real part, the derivative the imaginary part divided by h.  Nothing cancels, since h (10⁻³⁰) is far below
rounding: derivatives are as accurate as values (Squire and Trapp 1998).  Functions move both parts by the first-order rule
rather than through cmath, whose branch cuts for negative numbers would add imaginary parts of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from struct import unpack

from matcalc.verify.matrix import Matrix, Number
from matcalc.verify.numbers import Arithmetic, Unlucky, random_bytes

WORST_CONDITION = 1e7
_LARGEST = 1e200
_NOTHING = 1e-50
"""Below this a number is 0, or what a displacement of the complex step has made of 0."""
_TIE = 1e-11
"""Numbers that are nearer to each other than this, relative to the larger, are equal."""


def _uniform(key: bytes, count: int) -> list[float]:
    """Random numbers between 0 and 1."""
    return [w / 2**32 for w in unpack(f"<{count}I", random_bytes(key, 4 * count))]


class ComplexStep(Arithmetic):
    """Complex numbers whose imaginary part is h times the derivative.

    >>> N = ComplexStep()
    >>> x = N.displaced(N.exact(-3), 1)
    >>> round(N.velocity(N.power(x, Fraction(3)), None), 9), N.velocity(N.abs(x), None)
    (27.0, -1.0)
    """

    method = "floating point"
    exactly = False
    pi = complex(math.pi)

    def __init__(self, h: float = 1e-30) -> None:
        self.h = h

    def fresh(self) -> ComplexStep:
        """Another of the same."""
        return ComplexStep(self.h)

    def exact(self, value: Fraction | int) -> complex:
        """The number that a rational stands for."""
        try:
            return complex(float(value))
        except OverflowError:
            raise Unlucky("a number is too large for floating point") from None

    def settle(self, numbers: list[Number]) -> list[Number]:
        """The same numbers: there is nothing to reduce."""
        return numbers

    def divide(self, x: Number, y: Number) -> complex:
        """x / y."""
        if not y:
            raise Unlucky("a number to divide by is 0")
        return complex(x / y)

    def power(self, x: Number, exponent: Fraction | Number) -> complex:
        """x to a power; a negative number to integer powers only."""
        if isinstance(exponent, Fraction):
            if exponent.denominator == 1 and abs(exponent) <= 64:
                return self._integer_power(complex(x), int(exponent))
            if exponent > 0 and abs(x) < _NOTHING:
                return 0j  # ‖xᵢ − xᵢ‖, displaced or not: a kink at most, where 0 is one generalized derivative
            exponent = complex(float(exponent))
        exponent = complex(exponent)
        if exponent.imag == 0 and exponent.real.is_integer():
            value = self._real_power(x.real, exponent.real)
            return self._lifted(x, value, exponent.real * self._real_power(x.real, exponent.real - 1))
        return self.exp(exponent * self.log(x))

    def _integer_power(self, x: complex, exponent: int) -> complex:
        result, square, left = complex(1), x, abs(exponent)
        while left:
            if left & 1:
                result *= square
            left >>= 1
            if left:
                square *= square
        return self.divide(1, result) if exponent < 0 else result

    @staticmethod
    def _real_power(x: float, exponent: float) -> float:
        try:
            return math.pow(x, exponent)
        except (OverflowError, ValueError):
            raise Unlucky("a power is too large for floating point") from None

    @staticmethod
    def _lifted(x: complex, value: float, derivative: float) -> complex:
        return complex(value, derivative * x.imag)

    def sign(self, x: Number) -> int:
        """By the real part."""
        self.order += 1
        real = x.real
        return int(real > 0) - int(real < 0)

    def compared(self, x: Number, y: Number) -> int:
        """The sign of x − y, 0 where they agree to rounding: a tie is one in floating point too."""
        return self.sign(0 if abs(x.real - y.real) <= _TIE * max(abs(x.real), abs(y.real)) else x - y)

    def exp(self, x: Number) -> complex:
        """The exponential."""
        try:
            e = math.exp(x.real)
        except OverflowError:
            raise Unlucky("an exponential is too large for floating point") from None
        return self._lifted(x, e, e)

    def log(self, x: Number) -> complex:
        """The logarithm of a positive number."""
        self.order += 1
        if not x.real > 0:
            raise Unlucky("the logarithm or a root of a number that is not positive")
        return self._lifted(x, math.log(x.real), 1 / x.real)

    def sqrt(self, x: Number) -> complex:
        """The square root of a positive number."""
        self.order += 1
        if not x.real > 0:
            raise Unlucky("a root of a number that is not positive")
        root = math.sqrt(x.real)
        return self._lifted(x, root, 0.5 / root)

    def tanh(self, x: Number) -> complex:
        """Hyperbolic tangent, also where exp would overflow."""
        t = math.tanh(x.real)
        return self._lifted(x, t, 1 - t * t)

    def sin(self, x: Number) -> complex:
        """The sine."""
        s, c = self._circle(x.real)
        return self._lifted(x, s, c)

    def cos(self, x: Number) -> complex:
        """The cosine."""
        s, c = self._circle(x.real)
        return self._lifted(x, c, -s)

    @staticmethod
    def _circle(angle: float) -> tuple[float, float]:
        if not math.isfinite(angle):
            raise Unlucky("an angle is too large for floating point")
        return math.sin(angle), math.cos(angle)

    def real(self, name: str, x: Number, f: Callable[[float], float], df: Callable[[Number], Number], parity: str = "") -> complex:
        """f, and its derivative."""
        try:
            value = f(x.real)
        except (OverflowError, ValueError):
            raise Unlucky(f"{name} has no value here; it may want a number that is positive") from None
        return self._lifted(x, value, df(complex(x.real)).real if x.imag else 0.0)

    def abstract(self, name: str, order: int, x: Number) -> complex:
        """The derivative of a sine with random amplitude, frequency and phase, and a parabola."""
        a, b, c, d = (0.5 + u for u in _uniform(name.encode(), 4))

        def derivative(k: int) -> float:
            parabola = d * (x.real**2, 2 * x.real, 2.0)[k] if k < 3 else 0.0
            return float(a * b**k * math.sin(b * x.real + c + k * math.pi / 2) + parabola)

        return self._lifted(x, derivative(order), derivative(order + 1))

    def displaced(self, x: Number, dx: Number) -> complex:
        """x + i·h·dx."""
        return complex(x.real, self.h * dx.real)

    def velocity(self, moved: Number, still: Number) -> float:
        """The imaginary part over h."""
        return float(moved.imag / self.h)

    def pivot_weight(self, x: Number) -> float:
        """The larger the better."""
        return float(abs(x.real))

    def inverse(self, X: Matrix) -> Matrix:
        """The inverse; Unlucky where it would be inaccurate."""
        result = super().inverse(X)
        condition = X.rows * max(abs(x.real) for x in X.entries) * max(abs(x.real) for x in result.entries)
        if not condition < WORST_CONDITION:
            raise Unlucky("a matrix to be inverted is nearly singular")
        return result

    def is_zero(self, x: Number) -> bool:
        """Whether the real part is 0."""
        return bool(x.real == 0)

    def is_finite(self, numbers: list[Number]) -> bool:
        """Whether values and derivatives are far from what floating point can hold."""
        total = sum(numbers)
        return bool(abs(total.real) + abs(total.imag) < _LARGEST)

    def magnitude(self, x: Number) -> float:
        """The larger of value and derivative."""
        return float(max(abs(x.real), abs(x.imag) / self.h))

    def integer(self, x: Number) -> int:
        """The nearest integer."""
        return round(float(x.real))

    def determinant(self, X: Matrix) -> complex:
        """The determinant; 0 where rounding is all there is of it, so that a logarithm or quotient sees that."""
        found = complex(super().determinant(X))
        largest = math.prod(math.hypot(*(x.real for x in X.row(i))) for i in range(X.rows))
        if abs(found.real) > largest / WORST_CONDITION**1.5:
            return found
        return complex(0.0, self._determinant_without_division(X).imag)

    def drawn(self, kind: str, key: bytes, count: int) -> list[Number]:
        """Random numbers of a kind, of magnitudes 0.3 to 1.5 and both signs unless the kind says otherwise."""
        uniform = _uniform(key, count)
        if kind == "positive":
            return [complex(0.3 + 1.2 * u) for u in uniform]
        if kind == "probability":
            return [complex(0.1 + 0.8 * u) for u in uniform]
        if kind == "large":
            return [complex(1.1 + u) for u in uniform]
        if kind == "integer":
            return [complex((-3, -2, -1, 2, 3, 4, 5, 6)[int(8 * u)]) for u in uniform]
        size = 0.2 if kind == "small" else 1.0
        return [complex(size * (0.3 + 2.4 * u if u < 0.5 else -0.3 - 2.4 * (u - 0.5))) for u in uniform]

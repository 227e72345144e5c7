"""Exact arithmetic modulo the square of a prime p, in plain integers.

A polynomial or rational function f with integer coefficients satisfies f(x + p·dx) = f(x) + p·f′(x)·dx modulo p².  So a
derivative is found by evaluating at x and at x + p·dx and taking the difference, whose only digit in base p it is: exact,
and with no class of dual numbers.  Values mean something modulo p only; the second digit is there for the derivative.

p ≡ 3 modulo 4, so that −1 is no square and the squares are a model of the positive numbers: products and quotients of them
are squares, x² is one, and each has exactly one square root, cube root, … among the squares.  What it does not model is
sums of positive numbers, and so a mismatch in which signs or roots took part is "not shown" (`beyond` counts the uses).
exp, log, sin, cos are random functions with the right derivatives, parities, values at 0 and 1, exp(−x) = 1/exp(x), sin² +
cos² = 1, and exp and log undo each other.  The laws of exponents over sums do not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from math import gcd, lcm

from matcalc.verify.matrix import Number
from matcalc.verify.numbers import Arithmetic, NotInField, Unlucky, random_bytes

DEFAULT_PRIME = 232792559
"""lcm(1, …, 20) − 1: all primes up to 23 are squares modulo it."""
_LONGEST_EXPONENT = 4096
_LARGEST_PRODUCT = 2**160


class PrimeField(Arithmetic):
    """Integers modulo p², for a prime p ≡ 3 modulo 4.  One for each point: the random functions keep their tables in it.

    >>> N = PrimeField()
    >>> N.power(N.exact(Fraction(4, 9)), Fraction(1, 2)) == N.exact(Fraction(2, 3))
    True
    >>> moved = N.displaced(5, 1)
    >>> N.velocity(moved * moved * moved, 5 * 5 * 5)
    75
    """

    method = "exact, modulo a prime"
    exactly = True

    def __init__(self, p: int = DEFAULT_PRIME) -> None:
        self.p, self.modulus = p, p * p
        self._squares = p * (p - 1) // 2  # how many units modulo p² are squares
        self._signs: dict[int, int] = {}
        self._exps: dict[int, int] = {0: 1}
        self._logs: dict[int, int] = {1: 0}
        self.pi = pow(self._hash("pi", 0), 2, p)

    def fresh(self) -> PrimeField:
        """The same field with empty tables."""
        return PrimeField(self.p)

    def exact(self, value: Fraction | int) -> int:
        """The number that a rational stands for."""
        if isinstance(value, int) or value.denominator == 1:
            return int(value) % self.modulus
        return value.numerator * self._reciprocal(value.denominator) % self.modulus

    def settle(self, numbers: list[Number]) -> list[Number]:
        """Each modulo p²."""
        m = self.modulus
        return [x % m for x in numbers]

    def divide(self, x: Number, y: Number) -> int:
        """x / y; Unlucky where y is 0 modulo p."""
        return int(x * self._reciprocal(y) % self.modulus)

    def _reciprocal(self, y: int) -> int:
        try:
            return pow(y, -1, self.modulus)
        except ValueError:
            raise Unlucky("a number to divide by is 0") from None

    def power(self, x: Number, exponent: Fraction | Number) -> int:
        """x to an exact rational power.  The squares are a group of odd order, where every root that we meet is unique."""
        if not isinstance(exponent, Fraction) or exponent.numerator.bit_length() > _LONGEST_EXPONENT:
            raise NotInField("a power with an exponent that is not a number")
        if exponent.denominator == 1:
            if exponent < 0 and not x % self.p:
                raise Unlucky("a number to divide by is 0")
            return int(pow(x, exponent.numerator, self.modulus))
        if gcd(exponent.denominator, self._squares) > 1:
            raise NotInField(f"a power with the exponent {exponent}")
        if not x % self.modulus and exponent > 0:
            return 0  # exactly 0, such as ‖xᵢ − xᵢ‖: a kink at most, where 0 is one generalized derivative
        self._want_positive(x, "a root")
        return pow(x, exponent.numerator * pow(exponent.denominator, -1, self._squares) % self._squares, self.modulus)

    def _want_positive(self, x: int, what: str) -> None:
        self.beyond += 1
        self.order += 1
        if self._legendre(x) != 1:
            raise Unlucky(f"{what} of a number that is not positive")

    def sign(self, x: Number) -> int:
        """1 for the squares modulo p other than 0, −1 for the rest: the Legendre symbol."""
        self.beyond += 1
        self.order += 1
        return self._legendre(x)

    def _legendre(self, x: int) -> int:
        residue = x % self.p
        found = self._signs.get(residue)
        if found is None:
            symbol = pow(residue, self.p >> 1, self.p)
            found = self._signs[residue] = symbol if symbol <= 1 else -1
        return found

    def _hash(self, name: str, x: int) -> int:
        """A random number modulo p other than 0, the same for the same name and x."""
        size = self.p.bit_length() // 8 + 8
        digest = blake2b(f"{name}|{x}|{self.p}".encode(), digest_size=min(size, 64)).digest()
        return int.from_bytes(digest, "little") % (self.p - 1) + 1

    def _digits(self, x: int) -> tuple[int, int]:
        """x as a + p·b with a between −p/2 and p/2, so that −x has the digits −a and −b."""
        low = x % self.p
        if low > self.p >> 1:
            low -= self.p
        return low, (x - low) // self.p

    def exp(self, x: Number) -> int:
        """A random square for each pair x, −x, and its inverse."""
        self.beyond += 1
        low, high = self._digits(x)
        found = self._exps.get(low)
        if found is None:
            square = pow(self._hash("exp", abs(low)), 2 * self.p, self.modulus)
            self._pair(abs(low), square)
            found = self._exps[low]
        return int(found * (1 + self.p * high) % self.modulus)

    def log(self, x: Number) -> int:
        """A random number for each pair x, 1/x, of opposite signs; x = t (1 + p·y) where t has order p − 1 at most."""
        self.beyond += 1
        self._want_positive(x, "the logarithm")
        residue = x % self.p
        root = pow(x, self.p, self.modulus)
        found = self._logs.get(residue)
        if found is None:
            inverse = pow(residue, -1, self.p)
            value, _ = self._digits(self._hash("log", min(residue, inverse)))
            found = value if residue < inverse else -value
            self._pair(found, root)
        return int((found + x * pow(root, -1, self.modulus) - 1) % self.modulus)

    def _pair(self, logarithm: int, exponential: int) -> None:
        """Remember that these belong together, and so do their opposite and inverse."""
        inverse = pow(exponential, -1, self.modulus)
        for a, b in ((logarithm, exponential), (-logarithm, inverse)):
            self._exps.setdefault(a, b)
            self._logs.setdefault(b % self.p, a)

    def _circle(self, low: int) -> tuple[int, int]:
        """A random point (cos, sin) of the circle x² + y² = 1, by the tangent of half the angle."""
        self.beyond += 1
        t = self._hash("circle", abs(low)) if low else 0
        scale = self._reciprocal(1 + t * t)
        return (1 - t * t) * scale, (2 if low > 0 else -2) * t * scale

    def sin(self, x: Number) -> int:
        """An odd random function; with cos, a point of the circle."""
        low, high = self._digits(x)
        c, s = self._circle(low)
        return (s + self.p * high * c) % self.modulus

    def cos(self, x: Number) -> int:
        """An even random function; with sin, a point of the circle."""
        low, high = self._digits(x)
        c, s = self._circle(low)
        return (c - self.p * high * s) % self.modulus

    def real(self, name: str, x: Number, f: Callable[[float], float], df: Callable[[Number], Number], parity: str = "") -> int:
        """A random function with this derivative and parity."""
        self.beyond += 1
        low, high = self._digits(x)
        value = self._hash(name, abs(low) if parity else low)
        if parity == "odd":
            value = 0 if not low else value if low > 0 else -value
        return (value + self.p * (high * df(low) % self.p if high else 0)) % self.modulus

    def abstract(self, name: str, order: int, x: Number) -> int:
        """A random function whose derivative is that of the next order.  It is generic, so that this is no mere model."""
        low, high = self._digits(x)
        return (self._hash(f"{name}^{order}", low) + self.p * high * self._hash(f"{name}^{order + 1}", low)) % self.modulus

    def displaced(self, x: Number, dx: Number) -> int:
        """x + p·dx."""
        return int((x + self.p * dx) % self.modulus)

    def velocity(self, moved: Number, still: Number) -> int:
        """The second digit of the difference, whose first is 0."""
        return int((moved - still) % self.modulus // self.p)

    def pivot_weight(self, x: Number) -> float:
        """Any number that has an inverse will do."""
        return 1 if x % self.p else 0

    def is_zero(self, x: Number) -> bool:
        """Whether the first digit is 0."""
        return not x % self.p

    def is_finite(self, numbers: list[Number]) -> bool:
        """Residues are."""
        return True

    def magnitude(self, x: Number) -> float:
        """Nothing is large or small here."""
        return 0.0

    def integer(self, x: Number) -> int:
        """The residue next to 0."""
        return self._digits(x)[0]

    def drawn(self, kind: str, key: bytes, count: int) -> list[Number]:
        """Random numbers of a kind, from the whole field."""
        p, width = self.p, self.p.bit_length() // 8 + 5
        data = random_bytes(key, width * count)
        generic = [int.from_bytes(data[i : i + width], "little") % (p - 1) + 1 for i in range(0, width * count, width)]
        if kind == "positive":
            return [x * x % p for x in generic]
        if kind == "probability":  # s and 1 − s are both squares: a point of the circle
            return [(2 * t * pow(1 + t * t, -1, p)) ** 2 % p for t in generic]
        if kind == "large":  # x − 1 is a square
            return [(1 + t * t) % p for t in generic]
        if kind == "integer":
            return [(-3, -2, -1, 2, 3, 4, 5, 6)[x % 8] for x in generic]
        return generic


def field_for(constants: Iterable[Fraction], which: int = 0) -> PrimeField:
    """A field under which the constants of a problem, and small numbers, are squares as they are positive.

    p ≡ −1 modulo 8c makes every prime factor of c a square modulo p, by quadratic reciprocity: no number is factored.
    """
    wanted = 1
    for part in sorted({abs(part) for c in constants for part in c.as_integer_ratio() if part}):
        if lcm(wanted, part) < _LARGEST_PRODUCT:
            wanted = lcm(wanted, part)
    return PrimeField(_prime_for(wanted, which))


@lru_cache(maxsize=256)
def _prime_for(wanted: int, which: int) -> int:
    """The prime number `which`, in order, with p ≡ −1 modulo 8·wanted and modulo small primes."""
    if (DEFAULT_PRIME + 1) % wanted == 0 and not which:
        return DEFAULT_PRIME
    step = lcm(wanted, 8 * 3 * 5 * 7 * 11)
    p = step * (DEFAULT_PRIME // step + 1) - 1
    while True:
        if is_prime(p):
            if not which:
                return p
            which -= 1
        p += step


def is_prime(n: int) -> bool:
    """Whether n is prime (Miller-Rabin; certain below 3·10²⁴, beyond doubt above).

    >>> [n for n in range(60) if is_prime(n)][-3:], is_prime(DEFAULT_PRIME), is_prime(3215031751)
    ([47, 53, 59], True, False)
    """
    bases = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if n < 2 or any(n % b == 0 for b in bases):
        return n in bases
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    for base in bases:
        x = pow(base, n - 1 >> twos, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True

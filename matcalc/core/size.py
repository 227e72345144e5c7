"""Sizes: the numbers of rows and columns, as polynomials in names with integer values.

`n`, `3`, `n*n + 1` and `(n**2 + n)/2` are sizes.  Two sizes are equal exactly when they are the same polynomial, and sizes are interned, so
equality is identity.  Only the size 1 is special to the rest of the house: it makes vectors and scalars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product as combinations
from math import isqrt, lcm
from typing import ClassVar, TypeAlias

Monomial: TypeAlias = tuple[str, ...]


class Size:
    """A polynomial in names; immutable and interned.  Its coefficients are integers, but for halves such as n(n + 1)/2.

    >>> n = Size.of("n")
    >>> n * n + 1, Size.of(3) * 2, (n + n).names()
    (n**2 + 1, 6, ('n',))
    >>> (n * n + 1).at({"n": 4})
    17
    """

    __slots__ = ("_names", "terms", "text")
    terms: tuple[tuple[Monomial, int | Fraction], ...]
    text: str
    _names: tuple[str, ...]
    _known: ClassVar[dict[tuple[tuple[Monomial, int | Fraction], ...], Size]] = {}

    def __new__(cls, terms: tuple[tuple[Monomial, int | Fraction], ...]) -> Size:
        """The size with these terms, each a sorted tuple of names and a coefficient other than 0."""
        found = cls._known.get(terms)
        if found is None:
            found = super().__new__(cls)
            found.terms = terms
            found.text = _written(found)
            found._names = tuple(sorted({name for monomial, _ in terms for name in monomial}))
            cls._known[terms] = found
        return found

    @classmethod
    def of(cls, value: int | str | Size) -> Size:
        """The size that a number or a name stands for."""
        if isinstance(value, Size):
            return value
        if isinstance(value, str):
            return cls((((value,), 1),))
        return cls((((), value),) if value else ())

    @classmethod
    def _sum(cls, terms: Iterable[tuple[Monomial, int | Fraction]]) -> Size:
        total: dict[Monomial, int | Fraction] = {}
        for monomial, coefficient in terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        whole = {m: int(c) if c == int(c) else c for m, c in total.items() if c}
        kept = sorted(whole.items(), key=lambda t: (-len(t[0]), t[0]))
        return cls(tuple(kept))

    def __add__(self, other: Size | int | str) -> Size:
        return Size._sum([*self.terms, *Size.of(other).terms])

    def __mul__(self, other: Size | int | str) -> Size:
        return Size._sum((tuple(sorted(m + k)), a * b) for m, a in self.terms for k, b in Size.of(other).terms)

    def halved(self) -> Size:
        """Half of it, for a size whose values are even."""
        return Size._sum((m, Fraction(c, 2)) for m, c in self.terms)

    def over(self, other: Size) -> Size | None:
        """The quotient by a size that is one term, or None where it is no size.

        >>> n = Size.of("n")
        >>> (n * n * 6 + n * 2).over(n * 2), n.over(Size.of("m"))
        (3*n + 1, None)
        """
        if len(other.terms) != 1:
            return ONE if other is self else None
        (names, divisor), found = other.terms[0], []
        for monomial, coefficient in self.terms:
            left = list(monomial)
            for name in names:
                if name not in left:
                    return None
                left.remove(name)
            found.append((tuple(left), Fraction(coefficient) / divisor))
        quotient = Size._sum(found)
        return quotient if quotient._is_whole() else None

    def _is_whole(self) -> bool:
        """Whether all values are integers."""
        terms, below = self.parts()
        choices = combinations(range(below), repeat=len(self._names)) if below > 1 else ()
        return all(Size(terms).at(dict(zip(self._names, chosen, strict=True))) % below == 0 for chosen in choices)

    def root(self) -> Size | None:
        """The size whose square this is, where this is one term, or None.

        >>> (Size.of("n") * "n" * 4).root(), (Size.of("m") * "n").root()
        (2*n, None)
        """
        if len(self.terms) != 1:
            return None
        names, coefficient = self.terms[0]
        half = Size(((names[::2], isqrt(max(int(coefficient), 0))),))
        return half if half * half is self else None

    def put(self, sizes: Mapping[str, Size]) -> Size:
        """The size where some names stand for others."""
        if not any(name in sizes for name in self.names()):
            return self
        total = Size.of(0)
        for monomial, coefficient in self.terms:
            part = product(sizes.get(name, Size.of(name)) for name in monomial)
            total = Size._sum([*total.terms, *((m, c * coefficient) for m, c in part.terms)])
        return total

    def number(self) -> int | None:
        """The value of a constant size, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and not self.terms[0][0]:
            return int(self.terms[0][1])
        return None

    def names(self) -> tuple[str, ...]:
        """The names that occur, sorted."""
        return self._names

    def at(self, sizes: Mapping[str, int]) -> int:
        """The value where each name has a number."""
        total: int | Fraction = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= sizes[name]
            total += coefficient
        return int(total)

    def parts(self) -> tuple[tuple[tuple[Monomial, int], ...], int]:
        """The terms over their common denominator, and that denominator: how a size is written."""
        below = lcm(*(c.denominator for _, c in self.terms)) if self.terms else 1
        return tuple((m, int(c * below)) for m, c in self.terms), below

    def __repr__(self) -> str:
        return self.text


def _written(size: Size) -> str:
    parts = []
    terms, below = size.parts()
    for monomial, coefficient in terms:
        powers = [f"{name}**{k}" if (k := monomial.count(name)) > 1 else name for name in dict.fromkeys(monomial)]
        if abs(coefficient) != 1 or not powers:
            powers.insert(0, str(abs(coefficient)))
        parts.append(("- " if coefficient < 0 else "+ ") + "*".join(powers))
    text = " ".join(parts) or "0"
    text = text.removeprefix("+ ").replace("- ", "-", 1) if text.startswith("- ") else text.removeprefix("+ ")
    return text if below == 1 else f"({text})/{below}"


def product(sizes: Iterable[Size]) -> Size:
    """The product of sizes."""
    result = ONE
    for size in sizes:
        result = size if result is ONE else result * size
    return result


def triangle(n: Size) -> Size:
    """How many entries are on the diagonal and below it: n(n + 1)/2.

    >>> triangle(Size.of("n")), triangle(Size.of(3))
    ((n**2 + n)/2, 6)
    """
    return (n * (n + 1)).halved()


def side(size: Size) -> Size | None:
    """The n with n(n + 1)/2 equal to a size, or None where there is none.

    >>> side(Size.of(6)), side(Size.of(7)), side(triangle(Size.of("n") + 1))
    (3, None, n + 1)
    """
    constant = size.number()
    if constant is not None:
        return Size.of(n) if constant > 0 and triangle(n := Size.of((isqrt(8 * constant + 1) - 1) // 2)) is size else None
    # Of 8 s + 1 = (2n + 1)² the leading term has a root, and the linear term of n follows from the next one.
    for name in size.names():
        square = dict(size.terms).get((name, name), 0)
        a = isqrt(int(2 * square))
        if a:
            b = (dict(size.terms).get((name,), 0) - Fraction(a, 2)) / a
            n = Size.of(name) * a + (Size.of(int(b)) if b == int(b) else 0)
            if triangle(n) is size:
                return n
    return None


ONE = Size.of(1)
Shape: TypeAlias = tuple[Size, ...]
SCALAR: Shape = (ONE, ONE)

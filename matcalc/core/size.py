"""Sizes: the numbers of rows and columns, as integer polynomials in names.

`n`, `3` and `n*n + 1` are sizes.  Two sizes are equal exactly when they are the same polynomial, and sizes are interned, so
equality is identity.  Only the size 1 is special to the rest of the house: it makes vectors and scalars.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isqrt
from typing import ClassVar, TypeAlias

Monomial: TypeAlias = tuple[str, ...]


class Size:
    """An integer polynomial in names; immutable and interned.

    >>> n = Size.of("n")
    >>> n * n + 1, Size.of(3) * 2, (n + n).names()
    (n**2 + 1, 6, ('n',))
    >>> (n * n + 1).at({"n": 4})
    17
    """

    __slots__ = ("_names", "terms", "text")
    terms: tuple[tuple[Monomial, int], ...]
    text: str
    _names: tuple[str, ...]
    _known: ClassVar[dict[tuple[tuple[Monomial, int], ...], Size]] = {}

    def __new__(cls, terms: tuple[tuple[Monomial, int], ...]) -> Size:
        """The size with these terms, each a sorted tuple of names and a coefficient other than 0."""
        found = cls._known.get(terms)
        if found is None:
            found = super().__new__(cls)
            found.terms = terms
            found.text = _written(terms)
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
    def _sum(cls, terms: Iterable[tuple[Monomial, int]]) -> Size:
        total: dict[Monomial, int] = {}
        for monomial, coefficient in terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        kept = sorted(((m, c) for m, c in total.items() if c), key=lambda t: (-len(t[0]), t[0]))
        return cls(tuple(kept))

    def __add__(self, other: Size | int | str) -> Size:
        return Size._sum([*self.terms, *Size.of(other).terms])

    def __mul__(self, other: Size | int | str) -> Size:
        return Size._sum((tuple(sorted(m + k)), a * b) for m, a in self.terms for k, b in Size.of(other).terms)

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
            if coefficient % divisor:
                return None
            found.append((tuple(left), coefficient // divisor))
        return Size._sum(found)

    def root(self) -> Size | None:
        """The size whose square this is, where this is one term, or None.

        >>> (Size.of("n") * "n" * 4).root(), (Size.of("m") * "n").root()
        (2*n, None)
        """
        if len(self.terms) != 1:
            return None
        names, coefficient = self.terms[0]
        half = Size(((names[::2], isqrt(max(coefficient, 0))),))
        return half if half * half is self else None

    def put(self, sizes: Mapping[str, Size]) -> Size:
        """The size where some names stand for others."""
        if not any(name in sizes for name in self.names()):
            return self
        total = Size.of(0)
        for monomial, coefficient in self.terms:
            total += product(sizes.get(name, Size.of(name)) for name in monomial) * coefficient
        return total

    def number(self) -> int | None:
        """The value of a constant size, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and not self.terms[0][0]:
            return self.terms[0][1]
        return None

    def names(self) -> tuple[str, ...]:
        """The names that occur, sorted."""
        return self._names

    def at(self, sizes: Mapping[str, int]) -> int:
        """The value where each name has a number."""
        total = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= sizes[name]
            total += coefficient
        return total

    def __repr__(self) -> str:
        return self.text


def _written(terms: tuple[tuple[Monomial, int], ...]) -> str:
    parts = []
    for monomial, coefficient in terms:
        powers = [f"{name}**{k}" if (k := monomial.count(name)) > 1 else name for name in dict.fromkeys(monomial)]
        if abs(coefficient) != 1 or not powers:
            powers.insert(0, str(abs(coefficient)))
        parts.append(("- " if coefficient < 0 else "+ ") + "*".join(powers))
    text = " ".join(parts) or "0"
    return text.removeprefix("+ ").replace("- ", "-", 1) if text.startswith("- ") else text.removeprefix("+ ")


def product(sizes: Iterable[Size]) -> Size:
    """The product of sizes."""
    result = ONE
    for size in sizes:
        result = size if result is ONE else result * size
    return result


ONE = Size.of(1)
Shape: TypeAlias = tuple[Size, ...]
SCALAR: Shape = (ONE, ONE)

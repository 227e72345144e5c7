"""Sizes: how many rows and columns each part of a text has, once the kinds are known.

Sizes that must be equal are joined (union and find).  Declared sizes are rigid; a class of sizes without a rigid one is free, and
gets a letter in the end: n where there is one, else the first matrix is m×n, and p, q, l, r, s, t follow.

A Kronecker product has products of sizes, a stack sums, a triangle n(n + 1)/2.  Such a formula is a size like the others, known when
its parts are; where it must equal a declared size that is a name of its own, as in `kron(eye(3), X) @ B` with B: (s, s), that name
stands for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import count

from matcalc.core.size import ONE, Shape, Size, product, side, triangle
from matcalc.syntax.tree import Branch

LETTERS = ("m", "n", "p", "q", "l", "r", "s", "t", "u", "v", "w", "k", "h", "d")


class Conflict(Exception):
    """Two rigid sizes that must be equal and are not."""

    def __init__(self, left: Size, right: Size) -> None:
        super().__init__(left, right)
        self.left, self.right = left, right


@dataclass(frozen=True)
class Formula(ABC):
    """A size that is made of others, the `parts`, by a branch."""

    whole: int
    parts: tuple[int, ...]
    branch: Branch

    @abstractmethod
    def value(self, parts: Sequence[Size]) -> Size:
        """The size, from those of the parts."""

    @abstractmethod
    def missing(self, total: Size, parts: Sequence[Size | None]) -> Size | None:
        """The part that is not known, from the total; None where it is no size.  It may stand several times."""


class Product(Formula):
    """A product."""

    def value(self, parts: Sequence[Size]) -> Size:
        """The product."""
        return product(parts)

    def missing(self, total: Size, parts: Sequence[Size | None]) -> Size | None:
        """The quotient; of a square the side."""
        quotient = total.over(product(s for s in parts if s is not None))
        count = sum(s is None for s in parts)
        return quotient if count == 1 else quotient.root() if quotient is not None and count == 2 else None


@dataclass(frozen=True)
class Combination(Formula):
    """A sum with signs, and a constant."""

    signs: tuple[int, ...]
    constant: Size

    def value(self, parts: Sequence[Size]) -> Size:
        """The sum."""
        total = self.constant
        for sign, s in zip(self.signs, parts, strict=True):
            total += s * sign
        return total

    def missing(self, total: Size, parts: Sequence[Size | None]) -> Size | None:
        """The difference."""
        if sum(s is None for s in parts) > 1:
            return None
        sign = next(sign for sign, s in zip(self.signs, parts, strict=True) if s is None)
        rest = self.value([s or Size.of(0) for s in parts])
        return (total + rest * -1) * sign


class Triangle(Formula):
    """n(n + 1)/2."""

    def value(self, parts: Sequence[Size]) -> Size:
        """The number of entries."""
        return triangle(parts[0])

    def missing(self, total: Size, parts: Sequence[Size | None]) -> Size | None:
        """The n."""
        return side(total)


class Sizes:
    """The classes of equal sizes; a size is a number in this table until `name` gives every class its Size."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._value: list[Size | None] = []
        self._members: list[list[int]] = []
        self._rigid: dict[Size, int] = {}
        self._formulas: list[Formula] = []
        self._meant: dict[str, Size] = {}
        self.because: dict[int, Branch] = {}
        """For each free size that met a rigid one, the branch where it did."""
        self.one = self.rigid(ONE)

    def free(self) -> int:
        """A new size that nothing determines yet."""
        self._parent.append(len(self._parent))
        self._value.append(None)
        self._members.append([len(self._parent) - 1])
        return len(self._parent) - 1

    def rigid(self, size: Size) -> int:
        """The place of a size that is given."""
        found = self._rigid.get(size)
        if found is None:
            found = self._rigid[size] = self.free()
            self._value[found] = size
        return found

    def product(self, factors: Sequence[int], branch: Branch) -> int:
        """The product of sizes, made by this branch."""
        wide = tuple(k for k in factors if self.root(k) != self.root(self.one))
        if len(wide) < 2:
            return wide[0] if wide else self.one
        return self._formula(Product(self.free(), wide, branch))

    def combination(self, terms: Sequence[tuple[int, int]], constant: Size, branch: Branch) -> int:
        """The sum of sizes with signs, and a constant."""
        values = [self._value[self.root(k)] for _, k in terms]
        signs = tuple(sign for sign, _ in terms)
        made = Combination(self.free(), tuple(k for _, k in terms), branch, signs, constant)
        known = [s for s in values if s is not None]
        return self.rigid(made.value(known)) if len(known) == len(values) else self._formula(made)

    def triangle(self, n: int, branch: Branch) -> int:
        """n(n + 1)/2."""
        known = self._value[self.root(n)]
        return self.rigid(triangle(known)) if known is not None else self._formula(Triangle(self.free(), (n,), branch))

    def _formula(self, made: Formula) -> int:
        """The place of a formula: that of an equal one, where there is one."""
        for other in self._formulas:
            same = type(other) is type(made) and list(map(self.root, other.parts)) == list(map(self.root, made.parts))
            if same and (not isinstance(made, Combination) or _like(made, other)):
                return other.whole
        self._formulas.append(made)
        return made.whole

    def root(self, k: int) -> int:
        """The class of a size."""
        while self._parent[k] != k:
            self._parent[k] = k = self._parent[self._parent[k]]
        return k

    def join(self, a: int, b: int, branch: Branch) -> None:
        """Make two sizes equal, because of this branch; raises Conflict."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        left, right = self._value[a], self._value[b]
        if left is not None and right is not None:
            raise Conflict(left, right)
        if left is not None or right is not None:
            for member in self._members[b if right is None else a]:
                self.because[member] = branch
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        self._parent[b] = a
        self._members[a] += self._members[b]
        self._value[a] = left if left is not None else right

    def join_all(self, first: Sequence[int], second: Sequence[int], branch: Branch) -> None:
        """Two shapes as one; raises Conflict, of the numbers of their axes where these differ."""
        if len(first) != len(second):
            raise Conflict(Size.of(len(first)), Size.of(len(second)))
        for a, b in zip(first, second, strict=True):
            self.join(a, b, branch)

    def is_free(self, k: int) -> bool:
        """Whether nothing determines the size."""
        return self._value[self.root(k)] is None

    def could_be(self, k: int, size: Size) -> bool:
        """Whether nothing determines a size, and this one is possible: of what is computed, where it tells a part that is free."""
        known: dict[int, Size | None] = {}
        for f in self._formulas:  # parts come before wholes
            parts = [known.get(self.root(p), self._value[self.root(p)]) for p in f.parts]
            determined = [p for p in parts if p is not None]
            if len(determined) == len(parts):
                known[self.root(f.whole)] = f.value(determined)
            elif self.root(f.whole) == self.root(k) and f.missing(size, parts) is None:
                return False
        return self.is_free(k) and self.root(k) not in known

    def size(self, k: int) -> Size:
        """The size, after `name`."""
        found = self._value[self.root(k)]
        assert found is not None
        return found.put(self._meant)

    def meant(self, size: Size) -> Size:
        """A declared size, with what names in it have turned out to stand for."""
        return size.put(self._meant)

    def shape(self, places: Sequence[int]) -> Shape:
        """Rows and columns (of an array all its axes), after `name`."""
        return tuple(map(self.size, places))

    def name(self, shapes: Sequence[Sequence[int]], taken: set[str]) -> None:
        """Give every free size a letter that is not taken; the shapes are those of the names, then of all else, in order."""
        self._calculate()
        self._match_factors()
        free = list(dict.fromkeys(self.root(k) for shape in shapes for k in shape if self.is_free(k)))
        matrix = next((s for s in shapes if all(self.is_free(k) for k in s)), (self.one, self.one))
        first = list(dict.fromkeys(self.root(k) for k in matrix if self.is_free(k)))
        alone = len(free) == 1 or len(first) == 1
        wholes = {self.root(f.whole) for f in self._formulas}
        for k in [*(k for k in dict.fromkeys(first + free) if k not in wholes), *wholes]:
            if self._value[k] is not None:
                continue
            letter = _letter(taken, "n" if alone else "m")
            alone = False
            taken.add(letter)
            self._value[k] = Size.of(letter)
            self._calculate()

    def _match_factors(self) -> None:
        """Products that must be equal, and of which nothing is known, are so factor by factor: A ⊗ X is square where A and X are."""
        first: dict[int, Product] = {}
        for f in reversed(self._formulas):  # wholes before their parts
            if isinstance(f, Product) and all(map(self.is_free, (f.whole, *f.parts))):
                other = first.setdefault(self.root(f.whole), f)
                if len(other.parts) == len(f.parts):
                    self.join_all(other.parts, f.parts, f.branch)

    def _calculate(self) -> None:
        """Find the formulas whose parts are known, and a part where the whole and the others are."""
        again = bool(self._formulas)
        while again:
            again = False
            for f in self._formulas:
                values = [self._value[self.root(k)] for k in f.parts]
                total = self._value[self.root(f.whole)]
                known = [value for value in values if value is not None]
                unknown = {self.root(k) for k in f.parts if self._value[self.root(k)] is None}
                if not unknown and total is None:
                    self._value[self.root(f.whole)] = f.value(known)
                elif total is not None and len(unknown) == 1 and (found := f.missing(total, values)) is not None:
                    self._value[unknown.pop()] = found
                else:
                    continue
                again = True

    def wrong_formula(self, branch: Branch) -> Conflict | None:
        """What does not fit in the formulas that a branch made, after `name`; a declared name may stand for what one gives.

        The side of a triangle may be declared by a name too: unvech(x) with x: 6 is n×n for n = 3.
        """
        for f in self._formulas:
            if f.branch is not branch:
                continue
            wanted, found = self.size(f.whole), f.value([self.size(k) for k in f.parts])
            if wanted is found:
                continue
            part = self.size(f.parts[0])
            inside = f.missing(wanted, [None, *map(self.size, f.parts[1:])])
            if _is_name(wanted) and wanted.text not in found.names():
                self._stands_for(wanted.text, found)
            elif isinstance(f, Triangle) and _is_name(part) and inside is not None and part.text not in inside.names():
                self._stands_for(part.text, inside)
            else:
                return Conflict(wanted, found)
        return None

    def _stands_for(self, name: str, size: Size) -> None:
        self._meant = {other: s.put({name: size}) for other, s in self._meant.items()} | {name: size}


def _is_name(size: Size) -> bool:
    return size.names() == (size.text,)


def _like(made: Combination, other: Formula) -> bool:
    return isinstance(other, Combination) and (made.signs, made.constant) == (other.signs, other.constant)


def _letter(taken: Container[str], first: str) -> str:
    """The letter for the next size: the first one, else m, n, p, …, then n1, n2, …"""
    for letter in (first, *LETTERS):
        if letter not in taken:
            return letter
    return next(f"n{k}" for k in count(1) if f"n{k}" not in taken)

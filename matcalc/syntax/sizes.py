"""Sizes: how many rows and columns each part of a text has, once the kinds are known.

Sizes that must be equal are joined (union and find).  Declared sizes are rigid; a class of sizes without a rigid one is free, and
gets a letter in the end: n where there is one, else the first matrix is m×n, and p, q, l, r, s, t follow.

A Kronecker product has products of sizes.  A product is a size like the others, known when its factors are; where it must equal a
declared size that is a name of its own, as in `kron(eye(3), X) @ B` with B: (s, s), that name stands for the product.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import count

from matcalc.core.size import ONE, Shape, Size, product
from matcalc.syntax.tree import Branch

LETTERS = ("m", "n", "p", "q", "l", "r", "s", "t", "u", "v", "w", "k", "h", "d")


class Conflict(Exception):
    """Two rigid sizes that must be equal and are not."""

    def __init__(self, left: Size, right: Size) -> None:
        super().__init__(left, right)
        self.left, self.right = left, right


class Sizes:
    """The classes of equal sizes; a size is a number in this table until `name` gives every class its Size."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._value: list[Size | None] = []
        self._members: list[list[int]] = []
        self._rigid: dict[Size, int] = {}
        self._products: list[tuple[int, list[int], Branch]] = []
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
        wide = [k for k in factors if self.root(k) != self.root(self.one)]
        if len(wide) < 2:
            return wide[0] if wide else self.one
        for whole, others, _ in self._products:
            if list(map(self.root, others)) == list(map(self.root, wide)):
                return whole
        self._products.append((self.free(), list(wide), branch))
        return self._products[-1][0]

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

    def is_free(self, k: int) -> bool:
        """Whether nothing determines the size."""
        return self._value[self.root(k)] is None

    def size(self, k: int) -> Size:
        """The size, after `name`."""
        found = self._value[self.root(k)]
        assert found is not None
        return found.put(self._meant)

    def meant(self, size: Size) -> Size:
        """A declared size, with what names in it have turned out to stand for."""
        return size.put(self._meant)

    def shape(self, places: tuple[int, int]) -> Shape:
        """Rows and columns, after `name`."""
        return (self.size(places[0]), self.size(places[1]))

    def name(self, shapes: list[tuple[int, int]], taken: set[str]) -> None:
        """Give every free size a letter that is not taken; the shapes are those of the names, then of all else, in order."""
        self._multiply()
        free = list(dict.fromkeys(self.root(k) for shape in shapes for k in shape if self.is_free(k)))
        matrix = next((s for s in shapes if all(self.is_free(k) for k in s)), (self.one, self.one))
        first = list(dict.fromkeys(self.root(k) for k in matrix if self.is_free(k)))
        alone = len(free) == 1 or len(first) == 1
        wholes = {self.root(whole) for whole, _, _ in self._products}
        for k in [*(k for k in dict.fromkeys(first + free) if k not in wholes), *wholes]:
            if self._value[k] is not None:
                continue
            letter = _letter(taken, "n" if alone else "m")
            alone = False
            taken.add(letter)
            self._value[k] = Size.of(letter)
            self._multiply()

    def _multiply(self) -> None:
        """Find the products whose factors are known, and a factor where the product and the others are."""
        again = bool(self._products)
        while again:
            again = False
            for whole, factors, _ in self._products:
                values = [self._value[self.root(k)] for k in factors]
                total = self._value[self.root(whole)]
                unknown = [k for k, value in zip(factors, values, strict=True) if value is None]
                known = product(value for value in values if value is not None)
                if not unknown and total is None:
                    self._value[self.root(whole)] = known
                elif total is not None and len(unknown) == 1 and (quotient := total.over(known)) is not None:
                    self._value[self.root(unknown[0])] = quotient
                elif total is not None and (side := self._side(unknown, total.over(known))) is not None:
                    self._value[self.root(unknown[0])] = side
                else:
                    continue
                again = True

    def _side(self, unknown: list[int], area: Size | None) -> Size | None:
        """The side of a square of which only the area is known."""
        if area is None or len(unknown) != 2 or self.root(unknown[0]) != self.root(unknown[1]):
            return None
        return area.root()

    def wrong_product(self, branch: Branch) -> Conflict | None:
        """What does not fit in the products that a branch made, after `name`; a declared name may stand for a product."""
        for whole, factors, maker in self._products:
            if maker is not branch:
                continue
            wanted, found = self.size(whole), product(map(self.size, factors))
            if wanted is found:
                continue
            name = wanted.text
            if wanted.names() != (name,) or name in found.names():
                return Conflict(wanted, found)
            self._meant = {other: size.put({name: found}) for other, size in self._meant.items()} | {name: found}
        return None


def _letter(taken: Container[str], first: str) -> str:
    """The letter for the next size: the first one, else m, n, p, …, then n1, n2, …"""
    for letter in (first, *LETTERS):
        if letter not in taken:
            return letter
    return next(f"n{k}" for k in count(1) if f"n{k}" not in taken)

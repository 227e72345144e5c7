"""Index equations: `lm,mn->ln` says what a multilinear operation means.

Each operand is a word of index letters: none for a scalar, one for a column, two for a matrix.  A letter that is not in the
output is summed; a letter of the output that no operand has is repeated along that axis (`->mn` is the matrix of ones).
Letters in brackets share one axis, the last one running fastest: `ij,kl->(ik)(jl)` is the Kronecker product, and `mn->(nm)`
stacks columns; `->(mn)(nm)` is the matrix that takes vec X to vec Xᵀ.
A digit is a size that is given, `3,3->3`.  An axis of linear operations alone may be a sum or a difference,
`mp,mq->m(p+q)`, or the size n(n+1)/2 of a triangle, `nn->(½n)`.
The equation is the meaning, the einsum, the index notation and the adjoints of an operation at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from matcalc.core.size import ONE, Shape, Size, product, side, triangle


@cache
def axes(word: str) -> tuple[str, ...]:
    """The axes of an index word, each with its letters.

    >>> axes("mn"), axes("(nm)"), axes("")
    (('m', 'n'), ('nm',), ())
    """
    return tuple(group or single for group, single in re.findall(r"\(([\w+\-½]+)\)|(\w)", word))


def written(parts: tuple[str, ...]) -> str:
    """The word with these axes."""
    return "".join(a if len(a) == 1 else f"({a})" for a in parts)


def turned(word: str) -> str:
    """The word with its axes in the other order."""
    return written(axes(word)[::-1])


def letters(word: str) -> str:
    """The letters of a word, one after the other; digits are none."""
    return re.sub(r"[^A-Za-z]", "", word)


def terms(axis: str) -> list[tuple[int, str]]:
    """The signs and the letters of an axis: of most only one, letters that share it.

    >>> terms("nm"), terms("p+q"), terms("j-i")
    ([(1, 'nm')], [(1, 'p'), (1, 'q')], [(1, 'j'), (-1, 'i')])
    """
    return [(-1 if sign == "-" else 1, part) for sign, part in re.findall(r"([+-]?)(\w+)", axis.lstrip("½"))]


def is_product(axis: str) -> bool:
    """Whether an axis is a letter, or letters that share it, and no sum and no triangle."""
    return axis.isalnum()


def extent(axis: str, sizes: dict[str, Size]) -> Size:
    """The size of an axis where each letter has one."""
    if axis.startswith("½"):
        return triangle(sizes[axis[1:]])
    if is_product(axis):
        return product(Size.of(int(c)) if c.isdigit() else sizes[c] for c in axis)
    total = Size.of(0)
    for sign, part in terms(axis):
        total += product(Size.of(int(c)) if c.isdigit() else sizes[c] for c in part) * sign
    return total


@dataclass(frozen=True)
class Equation:
    """The index words of the operands and of the result.

    >>> e = Equation.of("lm,mn->ln")
    >>> e.adjoint(0), e.symmetric_under_exchange, Equation.of("mn,mn->").symmetric_under_exchange
    (ln,mn->lm, False, True)
    >>> Equation.of("ij,kl->(ik)(jl)").shape(dict.fromkeys("ijkl", Size.of(2)))
    (4, 4)
    """

    inputs: tuple[str, ...]
    output: str

    @classmethod
    def of(cls, text: str) -> Equation:
        """Read `lm,mn->ln`; spaces do not count, and an operand that is a number may be written `.`."""
        left, _, right = text.replace(" ", "").partition("->")
        return cls(tuple(word.strip(".") for word in left.split(",")) if left else (), right)

    def __repr__(self) -> str:
        return (",".join(self.inputs) or "." * len(self.inputs)) + "->" + self.output

    def adjoint(self, position: int) -> Equation:
        """The equation of the map from an incoming G (put where the argument stood) to that argument's part."""
        inputs = list(self.inputs)
        inputs[position] = self.output
        return Equation(tuple(inputs), self.inputs[position])

    def bind(self, shapes: tuple[Shape, ...], given: dict[str, Size] | None = None) -> dict[str, Size] | None:
        """The size of each letter, or None where the shapes do not fit; `given` has those that no shape tells."""
        sizes: dict[str, Size] = dict(given or {})
        sizes.update((c, Size.of(int(c))) for word in self.inputs for c in word if c.isdigit())
        grouped: list[tuple[str, Size]] = []
        for axis, size in self._places(shapes):
            if len(axis) > 1:
                grouped.append((axis, size))
            elif (sizes.setdefault(axis, size) if axis else ONE) is not size:
                return None
        for axis, size in grouped:
            if axis.startswith("½"):
                n = side(size)
                if n is None or sizes.setdefault(axis[1:], n) is not n:
                    return None
                continue
            unknown = [c for c in axis if c not in sizes]
            whole = product(sizes[c] for c in axis if c in sizes)
            if len(unknown) == 1:
                quotient = size.over(whole)
                if quotient is None:
                    return None
                sizes[unknown[0]] = quotient
            elif not unknown and whole is not size:
                return None
        return sizes

    def _places(self, shapes: tuple[Shape, ...]) -> Iterator[tuple[str, Size]]:
        """Each axis of the operands with its size; "" for an axis that a word does not have."""
        for word, shape in zip(self.inputs, shapes, strict=True):
            parts = axes(word)
            yield from zip((*parts, *("",) * (2 - len(parts))), shape, strict=True)

    def shape(self, sizes: dict[str, Size]) -> Shape:
        """The shape of the result where each letter has a size."""
        found = tuple(extent(axis, sizes) for axis in axes(self.output))
        return (*found, *(ONE,) * (2 - len(found)))

    @property
    def is_grouped(self) -> bool:
        """Whether letters share an axis."""
        return any("(" in word for word in (*self.inputs, self.output))

    @cached_property
    def letters(self) -> frozenset[str]:
        """All letters of the operands and of the result: a parameter of that name is a size, any other a position."""
        return frozenset(letters("".join((*self.inputs, self.output))))

    def _canonical(self) -> tuple[tuple[str, ...], str]:
        """The same equation with letters renamed in order of appearance."""
        names: dict[str, str] = {}
        for word in (*self.inputs, self.output):
            for letter in letters(word):
                names.setdefault(letter, chr(97 + len(names)))
        new = [written(tuple("".join(names.get(c, c) for c in axis) for axis in axes(w))) for w in (*self.inputs, self.output)]
        return tuple(new[:-1]), new[-1]

    @cached_property
    def symmetric_under_exchange(self) -> bool:
        """Whether two operands may change places."""
        if len(self.inputs) != 2:
            return False
        return self._canonical() == Equation(self.inputs[::-1], self.output)._canonical()

    def _transposed_inputs(self) -> Equation:
        return Equation(tuple(map(turned, self.inputs)), self.output)

    @cached_property
    def invariant_under_transposition(self) -> bool:
        """Whether transposing every operand changes nothing: `nn->`, `mn,mn->`."""
        return self._canonical() == self._transposed_inputs()._canonical()

    @cached_property
    def equivariant_under_transposition(self) -> bool:
        """Whether transposing every operand transposes the result: `mn,mn->mn`."""
        other = Equation(tuple(map(turned, self.inputs)), turned(self.output))
        return len(axes(self.output)) == 2 and self._canonical() == other._canonical()

    @cached_property
    def symmetric_result(self) -> bool:
        """Whether the result always equals its transpose: `n->nn`; what parameters alone decide may have one size or another."""
        if not set(letters(self.output)) <= set(letters("".join(self.inputs))):
            return False
        return len(axes(self.output)) == 2 and self._canonical() == Equation(self.inputs, turned(self.output))._canonical()

"""Index equations: `lm,mn->ln` says what a multilinear operation means.

Each operand is a word of index letters: none for a scalar, one for a column, two for a matrix.  A letter that is not in the
output is summed; a letter of the output that no operand has is repeated along that axis (`->mn` is the matrix of ones).
The equation is the meaning, the einsum, the index notation and the adjoints of an operation at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from matcalc.core.size import ONE, Shape, Size


@dataclass(frozen=True)
class Equation:
    """The index words of the operands and of the result.

    >>> e = Equation.of("lm,mn->ln")
    >>> e.adjoint(0), e.symmetric_under_exchange, Equation.of("mn,mn->").symmetric_under_exchange
    (ln,mn->lm, False, True)
    """

    inputs: tuple[str, ...]
    output: str

    @classmethod
    def of(cls, text: str) -> Equation:
        """Read `lm,mn->ln`; spaces do not count."""
        left, _, right = text.replace(" ", "").partition("->")
        return cls(tuple(left.split(",")), right)

    def __repr__(self) -> str:
        return ",".join(self.inputs) + "->" + self.output

    def adjoint(self, position: int) -> Equation:
        """The equation of the map from an incoming G (put where the argument stood) to that argument's part."""
        inputs = list(self.inputs)
        inputs[position] = self.output
        return Equation(tuple(inputs), self.inputs[position])

    def bind(self, shapes: tuple[Shape, ...]) -> dict[str, Size] | None:
        """The size of each letter, or None where the shapes do not fit."""
        sizes: dict[str, Size] = {}
        for word, shape in zip(self.inputs, shapes, strict=True):
            for letter, size in zip(word.ljust(2), shape, strict=True):
                if (ONE if letter == " " else sizes.setdefault(letter, size)) is not size:
                    return None
        return sizes

    def shape(self, sizes: dict[str, Size]) -> Shape:
        """The shape of the result where each letter has a size."""
        word = self.output.ljust(2)
        return (ONE if word[0] == " " else sizes[word[0]], ONE if word[1] == " " else sizes[word[1]])

    def _canonical(self) -> tuple[tuple[str, ...], str]:
        """The same equation with letters renamed in order of appearance."""
        names: dict[str, str] = {}
        for word in (*self.inputs, self.output):
            for letter in word:
                names.setdefault(letter, chr(97 + len(names)))
        return tuple("".join(names[c] for c in w) for w in self.inputs), "".join(names[c] for c in self.output)

    @cached_property
    def symmetric_under_exchange(self) -> bool:
        """Whether two operands may change places."""
        if len(self.inputs) != 2:
            return False
        return self._canonical() == Equation(self.inputs[::-1], self.output)._canonical()

    def _transposed_inputs(self) -> Equation:
        return Equation(tuple(word[::-1] for word in self.inputs), self.output)

    @cached_property
    def invariant_under_transposition(self) -> bool:
        """Whether transposing every operand changes nothing: `nn->`, `mn,mn->`."""
        return self._canonical() == self._transposed_inputs()._canonical()

    @cached_property
    def equivariant_under_transposition(self) -> bool:
        """Whether transposing every operand transposes the result: `mn,mn->mn`."""
        turned = Equation(tuple(w[::-1] for w in self.inputs), self.output[::-1])
        return len(self.output) == 2 and self._canonical() == turned._canonical()

    @cached_property
    def symmetric_result(self) -> bool:
        """Whether the result always equals its transpose: `n->nn`."""
        return len(self.output) == 2 and self._canonical() == Equation(self.inputs, self.output[::-1])._canonical()

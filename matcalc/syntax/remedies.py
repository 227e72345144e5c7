"""Candidates for fixes of operands that do not fit: the branch with one operand turned, both swapped, another sign between them."""

from __future__ import annotations

from matcalc.syntax.infer import Inference
from matcalc.syntax.kinds import M, R, S
from matcalc.syntax.passage import Passage
from matcalc.syntax.tree import BINARY, Branch


class Remedies:
    """What may have been meant by a branch whose operands do not fit, as texts."""

    inference: Inference
    passage: Passage
    branch: Branch
    operands: list[Branch]
    kinds: list[int]

    def text(self, branch: Branch) -> str:
        """The operand as typed."""
        return self.passage.text[branch.start : branch.end]

    def tight(self, branch: Branch) -> str:
        """The operand as typed, in brackets where a sign beside it would tear it apart."""
        text = self.text(branch)
        loose = (branch.kind in BINARY and not branch.in_brackets()) or (branch.kind == "neg" and not text.startswith("("))
        return f"({text})" if loose else text

    def beside(self, left: str, sign: str, right: str) -> str:
        """Two operands with a sign between them, spaced as the person did."""
        between = self.passage.text[self.operands[0].end : self.operands[1].start]
        gap = " " if any(c.isspace() for c in between) else ""
        return f"{left}{gap}{sign}{gap}{right}"

    def join(self, sign: str) -> list[str]:
        """The operands with another sign between them."""
        return [self.beside(self.text(self.operands[0]), sign, self.text(self.operands[1]))]

    def turned(self, sign: str) -> list[str]:
        """One operand transposed, then the other."""
        left, right = self.operands
        return [
            self.beside(self.transposed(left), sign, self.text(right)),
            self.beside(self.text(left), sign, self.transposed(right)),
        ]

    def transposed(self, branch: Branch) -> str:
        """The transpose of an operand as a person writes it: of 2*A it is 2*A.T."""
        scalar, rest = self.scalar_in_front(branch)
        if scalar:
            return scalar + self.transposed(rest)
        if branch.kind == "T" and self.text(branch).endswith(".T"):
            return self.text(branch)[:-2].rstrip()
        return self.tight(branch) + ".T"

    def repeated(self) -> list[str]:
        """A vector beside a matrix, repeated as rows or as columns."""
        at = 0 if self.kinds[0] != M else 1
        vector, matrix = self.operands[at], self.operands[1 - at]
        rows, columns = self.inference.shape(matrix)
        turned, upright = (self.transposed(vector), self.tight(vector))
        if self.kinds[at] == R:
            turned, upright = upright, turned
        candidates = [f"ones({rows}) @ {turned}", f"{upright} @ ones({columns}).T"]
        if at == 0:
            return [f"{c} {self.branch.kind} {self.text(matrix)}" for c in candidates]
        return [f"{self.text(matrix)} {self.branch.kind} {c}" for c in candidates]

    def scalar_in_front(self, branch: Branch) -> tuple[str, Branch]:
        """A scalar factor as typed, with its sign, and what it multiplies: `2*` and `A` of 2*A."""
        if branch.kind != "*" or id(branch.parts[0]) not in self.inference.shapes or self.inference.kind(branch.parts[0]) != S:
            return "", branch
        return self.passage.text[self.passage.text.index(self.text(branch.parts[0]), branch.start) : branch.parts[1].start], branch.parts[1]

    def swapped(self) -> str:
        """The factors in the other order, a scalar still in front."""
        left, right = self.operands
        scalar, rest = self.scalar_in_front(left)
        return scalar + self.beside(self.tight(right), "@", self.tight(rest))

    def outer(self) -> list[str]:
        """Two vectors of different lengths as an outer product, where that is what is wanted: alone, or of the expected shape."""
        if self.branch is not self.inference.scope.passages[-1].tree:
            return []
        sizes = [self.inference.shape(p)[k == R] for p, k in zip(self.operands, self.kinds, strict=True)]
        wanted = self.inference.expected
        if wanted is not None and wanted not in (tuple(sizes), tuple(sizes[::-1])):
            return []
        texts = [self.transposed(p) if k == R else self.tight(p) for p, k in zip(self.operands, self.kinds, strict=True)]
        first, second = texts if wanted is None or wanted == tuple(sizes) else texts[::-1]
        return [self.beside(first, "@", f"{second}.T")]

"""A text that is read, with its tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from matcalc.errors import Span
from matcalc.syntax.tree import Branch


@dataclass
class Passage:
    """A text that is read: the expression itself (`label` is "") or a definition; `order` has its branches, parts first."""

    label: str
    text: str
    tree: Branch
    order: list[Branch] = field(default_factory=list)

    def span(self, branch: Branch) -> Span:
        """Where a branch stands."""
        return Span(self.text, branch.start, branch.end)

    def words(self, branch: Branch) -> str:
        """A branch as typed, its line breaks and tabs as blanks."""
        return " ".join(self.text[branch.start : branch.end].split())

    def inside(self, branch: Branch) -> str:
        """The same without the brackets around a sum or a product."""
        words = self.words(branch)
        while branch.in_brackets() and words.startswith("(") and closing(words) == len(words) - 1:
            words = words[1:-1].strip()
        return words


def closing(words: str) -> int:
    """Where the bracket that opens a text is closed."""
    depth = 0
    for place, character in enumerate(words):
        depth += (character == "(") - (character == ")")
        if not depth:
            return place
    return -1

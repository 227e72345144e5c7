"""A text that is read, with its tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matcalc.errors import NameMistake, Span
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


def too_early(passages: Sequence[Passage], name: str, passage: Passage, branch: Branch) -> NameMistake:
    """The error that a definition uses a name that has no meaning yet: because it stands later, or because they go round in a circle."""
    uses = {p.label: {str(b.value) for b in p.order if b.kind == "name"} for p in passages}
    circle, reached = [name], {name}
    while circle[-1] != passage.label:
        further = next((n for n in uses if n in uses[circle[-1]] and n not in reached and _leads(uses, n, passage.label)), None)
        if further is None:
            note = "definitions are read in their order"
            return NameMistake(f"{name} is used before it is defined", passage.span(branch), notes=(note,))
        circle.append(further)
        reached.add(further)
    if len(circle) == 1:
        return NameMistake(f"{name} is defined through itself", passage.span(branch))
    around = " and ".join((", ".join(circle[:-1]), circle[-1]))
    return NameMistake(f"{around} are defined through each other", passage.span(branch))


def _leads(uses: Mapping[str, set[str]], first: str, last: str) -> bool:
    """Whether a definition uses another, by way of any."""
    found, stack = {first}, [first]
    while stack:
        for n in uses.get(stack.pop(), ()):
            if n in uses and n not in found:
                found.add(n)
                stack.append(n)
    return last in found


def closing(words: str) -> int:
    """Where the bracket that opens a text is closed."""
    depth = 0
    for place, character in enumerate(words):
        depth += (character == "(") - (character == ")")
        if not depth:
            return place
    return -1

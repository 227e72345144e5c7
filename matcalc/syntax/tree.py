"""The raw parse tree: what a person typed, before names and shapes mean anything.

The tree is kept beside the expression that is made of it, because the check of a reading evaluates the tree by itself
(verify.raw) and compares.  So it drops nothing that has a meaning, and adds nothing.  Its kinds:

    number        value = (Fraction, whether it was typed as a decimal); never negative
    name          value = the name, Greek letters by their ASCII names: a variable, a definition, a size, `I` or `pi`
    call          value = the word, parts = its arguments; `‖x‖` is the call of `norm`, and f'(x) has the word "f'"
    keyword       an argument `axis=0`: value = "axis", one part
    list          an argument `[A, B]` that is no stack; hstack([A, B]) is hstack(A, B), block([[A, B], [C, D]]) the stacks that it is
    string        an argument 'fro': value = "fro"
    + -           two parts; a scalar is added to every entry
    * /           two parts: scaling by a scalar, else entry by entry (`./` is `/`)
    hadamard      two parts: `⊙` and `.*`, the same as `*`
    @             two parts; a vector is a column: `x @ y` is xᵀy, `x @ A` is Aᵀx
    **            two parts, entry by entry (`.^` is `**`)
    ^             two parts: `**` of a scalar or a vector; of a matrix it is refused
    inverse       one part, typed `X^-1` or `X⁻¹`: the inverse of a square matrix, 1/x entry by entry of a scalar or a vector
    neg           one part: the sign changed
    T             one part: the transpose, typed `.T`, `'`, `ᵀ` or `^T`
    index         the indexed part, then its subscripts: expressions or slices; X[1:3, 2] is taken as X[:, 2][1:3]
    slice         value = (whether a start is given, whether an end is given), parts = those given
    < <= > >= !=  two parts
    where         the body, then its bindings; a reading takes it apart, so none is left in `Reading.tree`
    binding       value = the name, one part

Operators of two parts associate to the left (`**` and `^` to the right), so a sum of 3,000 terms is a tree 3,000 deep: walk it
with `postorder`, never by recursion.  Brackets leave no node; a node in brackets has a wider span.  A node is known by its
identity: two that look alike stand at two places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

BINARY = frozenset({"+", "-", "*", "/", "hadamard", "@", "**", "^", "<", "<=", ">", ">=", "!="})


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Branch:
    """A node of the tree, typed at characters `start` to `end` (not included) of its text."""

    kind: str
    parts: tuple[Branch, ...] = ()
    value: Any = None
    start: int = 0
    end: int = 0

    def __repr__(self) -> str:
        shown = "" if self.value is None else f" {self.value!r}"
        return f"<{self.kind}{shown}, {len(self.parts)} parts, {self.start}:{self.end}>"

    @property
    def word(self) -> str:
        """The word of a call, without the primes of a derivative."""
        return str(self.value).rstrip("'")

    @property
    def primes(self) -> int:
        """Which derivative a call asks for."""
        return str(self.value).count("'")

    def bare(self, *kinds: str) -> Branch:
        """What is left when signs and the further kinds of one part are taken off."""
        found = self
        while found.kind == "neg" or found.kind in kinds:
            found = found.parts[0]
        return found

    def in_brackets(self) -> bool:
        """Whether brackets stand around it, as far as its span tells (a name or number in brackets needs none)."""
        return bool(self.parts) and self.kind in BINARY and self.start < self.parts[0].start


def postorder(root: Branch, below: Callable[[Branch], tuple[Branch, ...]] = lambda branch: branch.parts) -> Iterator[Branch]:
    """Every node, parts before what holds them; `below` may say where not to go."""
    stack: list[tuple[Branch, bool]] = [(root, False)]
    while stack:
        branch, finished = stack.pop()
        if finished or not branch.parts:
            yield branch
        else:
            stack.append((branch, True))
            stack.extend((part, False) for part in reversed(below(branch)))


def outline(root: Branch) -> str:
    """The tree in one line, for tests: `(@ (T P) P)`."""
    done: dict[int, str] = {}
    for branch in postorder(root):
        if branch.kind in ("name", "string"):
            shown = str(branch.value) if branch.kind == "name" else repr(branch.value)
        elif branch.kind == "number":
            shown = f"{branch.value[0]}{'d' if branch.value[1] else ''}"
        else:
            head = branch.kind if branch.value is None else f"{branch.kind} {branch.value}"
            shown = f"({' '.join([head, *(done.pop(id(part)) for part in branch.parts)])})"
        done[id(branch)] = shown
    return done[id(root)]

"""Index sums and subscripts of a text: `sum(i, f)`, `sum(i, 0, n - 1, f)`, `sum(i, j, i != j, f)`, `stack(i, f, axis=1)`, `X[i, :]`.

A sum binds names in what follows; a name in a subscript that nothing binds or declares is an index that stays free.  An index
gets its range from the axes at which it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from matcalc.core.reality import UNIT
from matcalc.core.size import Size
from matcalc.errors import NameMistake, Span, SyntaxMistake, Unsupported
from matcalc.syntax.tree import Branch, postorder

WORDS = ("sum", "stack")
COMPARISONS = ("<", "<=", ">", ">=", "!=")


@dataclass(eq=False)
class Index:
    """A name that counts: bound by a sum (from `first` on, `size` many where that is said) or free."""

    name: str
    branch: Branch
    is_free: bool = False
    first: Size = field(default_factory=lambda: Size.of(0))
    size: Size | None = None
    used_at: Branch | None = None
    """The first subscript that gave the range."""


@dataclass(frozen=True)
class Binding:
    """What a sum or a stack binds, under which conditions, and of what."""

    word: str
    indices: tuple[Index, ...]
    conditions: tuple[Branch, ...]
    body: Branch
    axis: int = 0


@dataclass(frozen=True)
class Subscripts:
    """The subscripts of an array: None for `:`, else the position."""

    places: tuple[Branch | None, ...]

    @property
    def positions(self) -> tuple[Branch, ...]:
        """The positions alone."""
        return tuple(p for p in self.places if p is not None)


def binding(
    branch: Branch, text: str, is_taken: Callable[[str], bool], is_size: Callable[[str], bool], size: Callable[[Branch, int], Size]
) -> Binding | None:  # fmt: skip
    """What a call binds; None for a call that is no index sum.

    Raises SyntaxMistake, NameMistake.
    """
    word, parts = str(branch.value), list(branch.parts)
    axis = 0
    if word == "stack" and parts and parts[-1].kind == "keyword" and parts[-1].value == "axis":
        axis = _axis(parts.pop(), text)
    if word not in WORDS or len(parts) < 2 or parts[0].kind != "name" or parts[1].kind in ("keyword", "string"):
        return None
    taken = is_taken(str(parts[0].value))
    if word == "sum" and len(parts) == 2 and parts[1].kind == "number":
        return None
    if taken:
        taken_name = parts[0].value
        raise NameMistake(f"{taken_name} is a variable here; an index wants a name of its own", Span(text, parts[0].start, parts[0].end))
    names = 1
    while names < len(parts) - 1 and parts[names].kind == "name" and not (is_taken(name := str(parts[names].value)) or is_size(name)):
        names += 1
    *middle, body = parts[names:]
    indices = [Index(str(p.value), p) for p in parts[:names]]
    conditions = tuple(p for p in middle if p.kind in COMPARISONS)
    bounds = [p for p in middle if p.kind not in COMPARISONS]
    if bounds:
        if len(bounds) != 2 or len(indices) != 1:
            forms = "an index sum is sum(i, f), sum(i, first, last, f) or sum(i, j, i != j, f)"
            raise SyntaxMistake(forms, Span(text, branch.start, branch.end))
        first, last = size(bounds[0], 0), size(bounds[1], 0)
        indices[0].first, indices[0].size = first, last + first * -1 + 1
        count = indices[0].size.number()
        if count is not None and count < 1:
            raise SyntaxMistake(f"the range of {indices[0].name} is empty", Span(text, bounds[0].start, bounds[1].end))
    if len({i.name for i in indices}) < len(indices):
        raise NameMistake(f"{indices[0].name} is bound twice", Span(text, branch.start, branch.end))
    return Binding(word, tuple(indices), conditions, body, axis)


def _axis(keyword: Branch, text: str) -> int:
    value = keyword.parts[0]
    if value.kind != "number" or value.value[0].denominator != 1 or not 0 <= value.value[0] < 16:
        raise SyntaxMistake("the axis of a stack is a number", Span(text, value.start, value.end))
    return int(value.value[0])


def bound_in(outer: Mapping[str, Index], found: Binding, text: str) -> dict[str, Index]:
    """The indices bound inside a sum; raises NameMistake where one captures another."""
    for i in found.indices:
        if i.name in outer:
            again = outer[i.name]
            raise NameMistake(
                f"{i.name} is bound already by the sum around this one",
                Span(text, i.branch.start, i.branch.end),
                notes=(f"the outer one is {text[again.branch.start : again.branch.end]} at character {again.branch.start + 1}",),
            )
    return {**outer, **{i.name: i for i in found.indices}}


def subscripts(branch: Branch, text: str) -> Subscripts:
    """The subscripts of a branch, whole axes and positions."""
    places: list[Branch | None] = []
    for part in branch.parts[1:]:
        if part.kind != "slice":
            places.append(part)
        elif part.parts:
            raise Unsupported("ranges such as 0:2 beside an index are not supported yet", Span(text, part.start, part.end))
        else:
            places.append(None)
    return Subscripts(tuple(places))


def offset(position: Branch) -> tuple[Branch, Fraction] | None:
    """A position as a name and a number more: i, i + 1, i - 1; None for another form."""
    if position.kind == "name":
        return position, Fraction(0)
    if position.kind in ("+", "-") and position.parts[0].kind == "name" and position.parts[1].kind == "number":
        shift = position.parts[1].value[0]
        return position.parts[0], shift if position.kind == "+" else -shift
    if position.kind == "+" and position.parts[0].kind == "number" and position.parts[1].kind == "name":
        return position.parts[1], position.parts[0].value[0]
    return None


def has_names(branch: Branch) -> bool:
    """Whether a subscript holds a name, and so is more than a position that is a number."""
    return any(b.kind == "name" and b.value != UNIT for b in postorder(branch))

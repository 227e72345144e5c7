"""The ranges of indices: how many values each has, by the axes at which it stands or as a sum says."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.core.expression import Expr
from matcalc.core.indices import shifted
from matcalc.core.leaves import index, number, size_number
from matcalc.core.size import Size
from matcalc.errors import ShapeMistake, Span
from matcalc.syntax.indices import Index, offset
from matcalc.syntax.scope import Scope
from matcalc.syntax.sizes import Conflict, Sizes
from matcalc.syntax.tree import Branch

FIRST_LEVEL = 1 << 20
"""Levels of indices while their sums are being made; the sums give them their own."""


class Ranges:
    """The sizes of a scope's indices."""

    def __init__(self, scope: Scope, sizes: Sizes) -> None:
        self.scope, self.sizes = scope, sizes
        self._places: dict[Index, int] = {}
        self._within: list[tuple[Branch, Index, int, int]] = []
        """Where an index that runs along all of an axis stands with a number more: the branch, the index, the axis, the number."""

    def place(self, i: Index) -> int:
        """The size of an index in the table of sizes."""
        if i not in self._places:
            self._places[i] = self.sizes.free() if i.size is None else self.sizes.rigid(i.size)
        return self._places[i]

    def take(self, known: Mapping[str, Size]) -> None:
        """Free indices that nothing determines, as in I[i,j], run as far as those of their names do that are known."""
        for name, i in self.scope.free.items():
            if name in known and self.sizes.is_free(self.place(i)):
                self.sizes.join(self.place(i), self.sizes.rigid(known[name]), i.branch)

    def all(self) -> list[int]:
        """The sizes of all indices."""
        return list(self._places.values())

    def meet(self, position: Branch, axis: int, branch: Branch) -> None:
        """An index stands at an axis: it runs along all of it, unless a sum says how far; raises Conflict."""
        found = offset(position)
        i = self.scope.index(found[0]) if found is not None else None
        if found is None or i is None:
            return
        if i.size is None and found[1] == 0:
            i.used_at = i.used_at or branch
            self.sizes.join(self.place(i), axis, branch)
            return
        if i.size is None and not i.is_free:
            self._within.append((branch, i, axis, int(found[1])))
        self.place(i)
        last = i.first + (i.size or Size.of(1)) + int(found[1])
        if i.size is not None and self.sizes.is_free(axis):
            self.sizes.join(axis, self.sizes.rigid(last), branch)
        elif i.size is not None:
            i.used_at = i.used_at or branch
            count = (last + self.sizes.size(axis) * -1).number()
            if (count is not None and count > 0) or ((i.first + int(found[1])).number() or 0) < 0:
                raise Conflict(self.sizes.size(axis), last)

    def beyond(self) -> tuple[Branch, Conflict] | None:
        """The first subscript that goes beyond an end of its axis, by what the sizes are."""
        for branch, i, axis, shift in self._within:
            last, size = self.size(i) + shift, self.sizes.size(axis)
            if shift < 0 or ((last + size * -1).number() or 0) > 0:
                i.used_at = i.used_at or branch
                return branch, Conflict(size, last)
        return None

    def shifts(self, i: Index) -> list[int]:
        """The numbers that are added to an index somewhere, and 0."""
        return [0, *(shift for _, j, _, shift in self._within if j is i)]

    def same(self, i: Index, j: Index, branch: Branch) -> None:
        """Two indices are compared: where neither has a range of its own they count the same things; raises Conflict."""
        if i.size is None and j.size is None:
            self.sizes.join(self.place(i), self.place(j), branch)

    def size(self, i: Index) -> Size:
        """The size of an index, after the sizes have their names."""
        return self.sizes.size(self.place(i))

    def expr(self, i: Index) -> Expr:
        """The index as a number; a sum binds it by its level."""
        return self._shifted(i, self.counter(i))

    def counter(self, i: Index) -> Expr:
        """The index itself, counted from 0; raises ShapeMistake where nothing says how far it goes."""
        self.check(i, None)
        level = i.name if i.is_free else FIRST_LEVEL + list(self._places).index(i)
        return index(level, self.size(i))

    def _shifted(self, i: Index, counter: Expr) -> Expr:
        first = i.first.number()
        if first is not None:
            return shifted(counter, first)
        return counter + size_number(i.first) if i.first.terms else counter + number(0)

    def check(self, i: Index, span: Span | None) -> None:
        """Raise ShapeMistake where nothing says how far an index goes."""
        if i.size is None and i.used_at is None:
            fix = f"sum({i.name}, 0, n-1, …)"
            raise ShapeMistake(f"nothing says how far {i.name} goes: let it stand at an axis, as in x[{i.name}], or say {fix}", span)

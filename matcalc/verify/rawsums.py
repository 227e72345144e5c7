"""Sums over an index in the check of readings: the body of the tree is evaluated anew for each value of the index."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any, Protocol

from matcalc.core.indices import array_axes
from matcalc.core.leaves import INDEX
from matcalc.core.size import Shape
from matcalc.syntax.tree import Branch
from matcalc.verify.arrays import stacked, totalled
from matcalc.verify.evaluate import Point
from matcalc.verify.matrix import Matrix

WORDS = ("sum", "stack")
COMPARISONS = ("<", "<=", ">", ">=", "!=")


class Reader(Protocol):
    """What is needed of the evaluator of trees."""

    point: Point
    names: Mapping[str, Any]
    shapes: Mapping[int, Shape]
    defined: dict[str, Any]

    def tree(self, root: Branch) -> Any:
        """The value of a tree."""

    def matrix(self, value: Any) -> Matrix:
        """A value as a matrix."""

    def times(self, left: Any, right: Any) -> Any:
        """The product entry by entry, or by a scalar."""


def binds(reader: Reader, branch: Branch) -> bool:
    """Whether a call is a sum over an index: its first argument is a name that is no variable, and that the reading gave a range.

    The name may stand free elsewhere: Σᵢ ‖X[i,:]‖ and X[i,:] have nothing to do with each other.
    """
    if branch.kind != "call" or branch.value not in WORDS or not branch.parts or branch.parts[0].kind != "name":
        return False
    meaning = reader.names.get(str(branch.parts[0].value))
    return len(reader.shapes.get(id(branch.parts[0]), ())) == 2 and (meaning is None or getattr(meaning, "op", None) is INDEX)


def summed(reader: Reader, branch: Branch) -> Matrix:
    """The total of the body over the indices where the conditions hold; of a stack, the slices side by side."""
    axis, parts = 0, list(branch.parts)
    if parts[-1].kind == "keyword":
        axis = int(parts.pop().parts[0].value[0])
    indices = [p for p in parts[:-1] if p.kind == "name" and id(p) in reader.shapes]
    conditions = [p for p in parts[len(indices) : -1] if p.kind in COMPARISONS]
    ranges = [reader.shapes[id(p)] for p in indices]
    values = []
    for at in product(*(range(reader.point.number(size)) for _, size in ranges)):
        for name, k, (first, _) in zip(indices, at, ranges, strict=True):
            reader.defined[str(name.value)] = Fraction(k + first.at(reader.point.sizes))
        value = reader.tree(parts[-1])
        for condition in conditions:
            value = reader.times(reader.tree(condition), value)
        values.append(reader.matrix(value))
    for name in indices:
        del reader.defined[str(name.value)]
    if branch.value != "stack":
        return totalled(reader.point.N, values)
    sizes = array_axes(reader.shapes[id(parts[-1])])
    return stacked(values, axis, list(map(reader.point.number, sizes)))

"""Batches: arrays with an axis in front for each bound index, and how they are put side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matcalc.core.expression import Expr
from matcalc.emit.code import Code

LETTERS = "abcdefgh"


@dataclass(frozen=True)
class Batch:
    """An array: `over` are the indices of its first axes, outermost first; `rank` is how many axes the value itself has."""

    code: Code
    over: tuple[Expr, ...]
    rank: int


def ordered(indices: Sequence[Expr]) -> tuple[Expr, ...]:
    """Indices as their axes stand: the outermost first."""
    return tuple(sorted(dict.fromkeys(indices), key=lambda i: (-i["level"], i.key)))


class Shaper:
    """Makes batches; `make` makes codes."""

    def __init__(self, make: Callable[..., Code]) -> None:
        self.make = make

    def formed(self, template: str, rank: int, *args: Batch) -> Batch:
        """A template over batches that stand side by side already."""
        over = ordered([i for a in args for i in a.over])
        return Batch(self.make("formed", *(a.code for a in args), rank=len(over) + rank, data=template), over, rank)

    def entrywise(self, operation: str, a: Batch, b: Batch) -> Batch:
        """a + b and the like; scalars go with every entry."""
        rank = max(a.rank, b.rank)
        left, right = self.aligned([a, b], rank)
        over = ordered((*a.over, *b.over))
        if left.code.op == "constant" and operation == "multiply" and left.code.data == 1:
            return Batch(right.code, over, rank)
        return Batch(self.make(operation, left.code, right.code, rank=len(over) + rank), over, rank)

    def aligned(self, args: Sequence[Batch], rank: int) -> list[Batch]:
        """Batches with axes of length 1 where others have an index, or a scalar stands beside a matrix."""
        over = ordered([i for a in args for i in a.over])
        return [Batch(self._widened(a, over, rank), over, rank) if a.over or a.rank else a for a in args]

    def _widened(self, a: Batch, over: tuple[Expr, ...], rank: int) -> Code:
        places = [":" if i in a.over else "None" for i in over]
        while places and places[0] == "None" and (a.rank == rank or a.over):
            places.pop(0)  # NumPy puts axes in front by itself
        if a.rank < rank and a.over:
            places += ["None"] * (rank - a.rank)
        elif a.rank < rank:
            return a.code
        while places and places[-1] == ":":
            places.pop()
        if "None" not in places:
            return a.code
        return self.make("formed", a.code, rank=a.code.rank + places.count("None"), data=f"{{0}}[{', '.join(places)}]")

    def relabelled(self, code: Code, labels: Sequence[Expr | None]) -> Batch:
        """An array whose axes are those of the labels (None for an axis of the value), with the axes of indices in front."""
        over = ordered([i for i in labels if i is not None])
        own = [k for k, i in enumerate(labels) if i is None]
        batch_axes = [k for k, i in enumerate(labels) if i is not None]
        if len(over) == len(batch_axes):
            order = [next(k for k in batch_axes if labels[k] is i) for i in over] + own
            if order == sorted(order):
                return Batch(code, over, len(own))
            return Batch(self.make("formed", code, rank=len(order), data=f"{{0}}.transpose{tuple(order)}"), over, len(own))
        letters = {i: LETTERS[k] for k, i in enumerate(over)}
        free_letters = dict(zip(own, "ijklmn", strict=False))
        word = "".join(free_letters[k] if i is None else letters[i] for k, i in enumerate(labels))
        out = "".join(letters[i] for i in over) + "".join(free_letters[k] for k in own)
        return Batch(self.make("formed", code, rank=len(out), data=f"np.einsum('{word}->{out}', {{0}})"), over, len(own))

    def contracted(self, left: str, right: str, out: str, a: Batch, b: Batch) -> Batch:
        """A sum of products by an index equation over the axes of the values."""
        x, y = (self._words(batch, over=ordered((*a.over, *b.over))) for batch in (a, b))
        over = ordered((*a.over, *b.over))
        word = "".join(LETTERS[k] for k in range(len(over)))
        template = f"np.einsum('{x}{left},{y}{right}->{word}{out}', {{0}}, {{1}})"
        return self.formed(template, len(out), a, b)

    def _words(self, a: Batch, over: tuple[Expr, ...]) -> str:
        return "".join(LETTERS[over.index(i)] for i in a.over)

    def total(self, a: Batch, i: Expr) -> Batch:
        """The sum along the axis of an index."""
        over = tuple(j for j in a.over if j is not i)
        axis = a.over.index(i)
        return Batch(self.make("formed", a.code, rank=len(over) + a.rank, data=f"{{0}}.sum({axis})"), over, a.rank)

    def placed(self, a: Batch, i: Expr, axis: int) -> Batch:
        """The axis of an index as an axis of the value."""
        over = tuple(j for j in a.over if j is not i)
        source, target = a.over.index(i), len(over) + axis
        if source == target:
            return Batch(a.code, over, a.rank + 1)
        order = [k for k in range(len(a.over) + a.rank) if k != source]
        order.insert(target, source)
        return Batch(self.make("formed", a.code, rank=len(order), data=f"{{0}}.transpose{tuple(order)}"), over, a.rank + 1)

"""Where free indices stand: points at which they take all positions, or, where those are many, coincide in all ways.

What holds at a random position need not hold at all: δᵢⱼ is 0 at most, and what is multiplied by it does not matter there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod

from matcalc.core.expression import Expr
from matcalc.verify.evaluate import Point
from matcalc.verify.numbers import random_bytes

ALL, MOST = 24, 64
"""Up to how many positions all are tried, and how many ways to coincide otherwise."""


def spread(points: Sequence[Point], indices: Iterable[Expr]) -> list[Point]:
    """The points with the indices at many positions."""
    found = sorted(indices, key=lambda i: i.key)
    return [p.placed(at) for p in points for at in positions(found, p)] if found else list(points)


def positions(indices: Sequence[Expr], point: Point) -> list[dict[Expr, int]]:
    """Positions of the indices at a point."""
    sizes = [point.number(i["size"]) for i in indices]
    if prod(sizes) <= ALL:
        return [dict(zip(indices, at, strict=True)) for at in product(*map(range, sizes))]
    found = []
    for k, pattern in enumerate(islice(_coincidences(indices), MOST)):
        drawn = random_bytes(b"positions%d|%d" % (point.seed, k), len(indices) * 4)
        found.append(_at(indices, pattern, sizes, drawn))
    return found


def _coincidences(indices: Sequence[Expr]) -> Iterator[tuple[int, ...]]:
    """For each index a number, the same for those of one size that coincide: all ways, those with most in common first."""
    partial: list[tuple[int, ...]] = [()]
    for k, i in enumerate(indices):
        longer = []
        for found in partial:
            before = {n for n, j in zip(found, indices[:k], strict=True) if j["size"] is i["size"]}
            longer += [(*found, n) for n in (*sorted(before), k)]
        partial = longer
        if len(partial) > MOST * MOST:
            break
    yield from (found + tuple(range(len(found), len(indices))) for found in partial)


def _at(indices: Sequence[Expr], pattern: Sequence[int], sizes: Sequence[int], drawn: bytes) -> dict[Expr, int]:
    """Different positions for those that do not coincide, as far as there are so many."""
    found: dict[Expr, int] = {}
    taken: dict[int, int] = {}
    for i, n, size in zip(indices, pattern, sizes, strict=True):
        if n not in taken:
            used = {taken[m] for m, j in zip(pattern, indices, strict=True) if m in taken and j["size"] is i["size"]}
            open_ = [k for k in range(size) if k not in used] or list(range(size))
            taken[n] = open_[drawn[len(taken)] % len(open_)]
        found[i] = taken[n]
    return found

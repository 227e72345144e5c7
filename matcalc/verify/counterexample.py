"""A point that a person can follow: small sizes, small whole numbers, away from kinks, where two expressions differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from typing import TypeAlias

from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import free
from matcalc.core.leaves import INDEX, SYMBOL
from matcalc.core.operation import Kind
from matcalc.core.property import DIAGONAL, NONNEG, ORTHOGONAL, PD, PROBABILITY, PSD, Property
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import CLOSE, value_at
from matcalc.verify.matrix import Matrix, diagonal_matrix
from matcalc.verify.numbers import random_bytes
from matcalc.verify.sampling import linearly_structured

TRIES = 24
TINY = 1e-12
MOST_INDICES = 6
LARGEST = 16
"""How many entries a value may have to be shown: up to 4×4."""


Rows: TypeAlias = "list[list[float]] | list[Rows]"
"""A matrix row by row; an array of more axes as its slices along the first."""


@dataclass(frozen=True)
class Counterexample:
    """Values of the symbols, as rows of numbers, and what both sides are there; positions of the indices that stand free."""

    values: tuple[tuple[str, Rows], ...]
    sizes: tuple[tuple[str, int], ...]
    given: Rows
    right: Rows
    positions: tuple[tuple[str, int], ...] = ()


def counterexample(given: Expr, right: Expr, others: Sequence[Expr] = ()) -> Counterexample | None:
    """Where the two differ; `others` must have a value there too."""
    symbols = [s for s in postorder(*others, given, right) if s.op is SYMBOL]
    indices = sorted((i for i in free(given) | free(right)), key=lambda i: str(i["level"]))
    names = sorted({n for e in postorder(given, right, *others, *indices) for n in _names(e)})
    for sizes in islice(_sizes(names), TRIES):
        for attempt in range(3):
            point = Point(ComplexStep(), sizes, attempt)
            taken = {s: _chosen(s, *point.shape(s), attempt) for s in symbols}
            if max((len(v.entries) for v in taken.values()), default=0) > LARGEST:
                break
            for at in product(range(2), repeat=min(len(indices), MOST_INDICES)):
                placed = point.placed(dict(zip(indices, at, strict=False)))
                placed.still.recall(taken)
                found = _shown(placed, given, right, others, taken)
                if found is not None:
                    return found
    return None


def _names(e: Expr) -> set[str]:
    """The size names of a node."""
    return {n for size in ((*e.shape, e["size"]) if e.op is INDEX else e.shape) for n in size.names()}


def _shown(point: Point, given: Expr, right: Expr, others: Sequence[Expr], taken: Mapping[Expr, Matrix]) -> Counterexample | None:
    """What is to be seen at a point, where the two differ there."""
    mine, theirs = value_at(given, point), value_at(right, point)
    if mine is None or theirs is None or any(value_at(e, point) is None for e in others):
        return None
    if not _differ(mine, theirs) or not any(any(v.entries) for v in (mine, theirs)) or _at_kink(point):
        return None
    values = tuple((s["name"], nested(v, [point.number(n) for n in s.shape])) for s, v in taken.items())
    positions = tuple((str(i["level"]), k) for i, k in point.positions.items())
    yours, ours = (nested(v, [point.number(n) for n in e.shape]) for v, e in ((mine, given), (theirs, right)))
    return Counterexample(values, tuple(sorted(point.sizes.items())), yours, ours, positions)


def _sizes(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Sizes from small to large: all 2, then 2 and 3, then 3, then up to 4."""
    yield dict.fromkeys(names, 2)
    for top in (3, 4):
        for k in count(1):
            if k > len(names):
                break
            yield {n: top if i < k else 2 for i, n in enumerate(names)}
        yield dict.fromkeys(names, top)
    yield dict.fromkeys(names, 1)


def _at_kink(point: Point) -> bool:
    """Whether something that depends on signs is asked for the sign of 0."""
    values = point.still.values
    for e in point.ordered:
        inside = [values[a].entries for a in e.args if a in values and (a.op.kind is not Kind.LEAF or a.op is SYMBOL)]
        if any(abs(x) < TINY for entries in inside for x in entries):
            return True
        if len(inside) > 1 and any(abs(x - y) < TINY for x, y in zip(*inside[:2], strict=False)):
            return True
    return False


def nested(X: Matrix, sizes: Sequence[int]) -> Rows:
    """The real parts as nested lists: of an array of more than two axes, a list for each place along the first."""
    if len(sizes) < 3:
        return rows(X)
    parts = (X.entries[k * X.columns : (k + 1) * X.columns] for k in range(sizes[0]))
    return [nested(Matrix(sizes[1], X.columns // sizes[1], part), sizes[1:]) for part in parts]


def rows(X: Matrix) -> list[list[float]]:
    """The real parts, row by row."""
    return [[x.real for x in X.row(i)] for i in range(X.rows)]


def _differ(mine: Matrix, theirs: Matrix) -> bool:
    if (mine.rows, mine.columns) != (theirs.rows, theirs.columns):
        return True
    scale = max((abs(x.real) for x in (*mine.entries, *theirs.entries)), default=0.0)
    gap = max((abs(x.real - y.real) for x, y in zip(mine.entries, theirs.entries, strict=True)), default=0.0)
    return 1e3 * CLOSE * max(scale, 1.0) < gap < 1e9


def _chosen(s: Expr, rows_: int, columns: int, attempt: int) -> Matrix:
    """Small whole numbers with the symbol's properties (of a probability quarters)."""
    properties: frozenset[Property] = frozenset(s["properties"])
    size = rows_ * columns
    drawn = random_bytes(b"small%d|" % attempt + s["name"].encode(), size)
    entries = [_small(b, i, properties) for i, b in enumerate(drawn)]
    X = Matrix(rows_, columns, entries)
    if rows_ == 1 or rows_ != columns:
        return _tall(X) if ORTHOGONAL in properties else X
    if ORTHOGONAL in properties:
        return _permutation(rows_, attempt)
    X = linearly_structured(X, properties)
    if properties & {PD, PSD}:
        # Symmetric with a large diagonal: definite.
        n = rows_
        X = Matrix(n, n, [abs(x) + 3.0 * n if i % (n + 1) == 0 else x for i, x in enumerate(X.entries)])
        if DIAGONAL in properties:
            X = diagonal_matrix(X.entries[:: n + 1])
    return X


def _small(byte: int, i: int, properties: frozenset[Property]) -> complex:
    if PROBABILITY in properties:
        return complex((1 + byte % 3) / 4)
    magnitude = 1 + byte % 3
    return complex(magnitude if NONNEG in properties or byte & 64 or not i else -magnitude)


def _tall(X: Matrix) -> Matrix:
    return Matrix(X.rows, X.columns, [complex(i // X.columns == i % X.columns) for i in range(len(X.entries))])


def _permutation(n: int, attempt: int) -> Matrix:
    """A rotation by a quarter turn in the first two coordinates."""
    entries = [complex(i == j) for i in range(n) for j in range(n)]
    if n > 1:
        entries[0] = entries[n + 1] = 0j
        entries[1], entries[n] = (-1 + 0j, 1 + 0j) if attempt % 2 == 0 else (1 + 0j, 1 + 0j)
    return Matrix(n, n, entries)

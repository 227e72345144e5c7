"""Arrays as NumPy has them, for the check of readings: constants made by their sizes, and entries selected by subscripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from matcalc.verify.matrix import Matrix, diagonal_matrix
from matcalc.verify.numbers import Arithmetic, Unlucky


def _filled(value: int) -> Callable[..., Matrix]:
    return lambda rows, *others: Matrix(rows, prod(others), [value] * (rows * prod(others)))


MADE: dict[str, Callable[..., Matrix]] = {
    "ones": _filled(1),
    "zeros": _filled(0),
    "eye": lambda n: diagonal_matrix([1] * n),
    "e": lambda i, n: Matrix(n, 1, [int(k == i) for k in range(n)]),
}


def selected(X: Matrix, subscripts: list[Any]) -> Matrix:
    """The entries that subscripts select; a row or a column is a column."""
    single = [isinstance(s, Fraction) for s in subscripts]
    pairs = zip(subscripts, (X.rows, X.columns), strict=False)
    chosen = [[int(s)] if isinstance(s, Fraction) else list(range(size))[s] for s, size in pairs]
    rows, columns = [*chosen, list(range(X.columns))][:2]
    if not all(0 <= i < X.rows for i in rows) or not all(0 <= j < X.columns for j in columns):
        raise Unlucky(f"there is no such entry in a matrix of shape {X.rows}×{X.columns}")
    found = Matrix(len(rows), len(columns), [X.row(i)[j] for i in rows for j in columns])
    return found.transposed() if single[0] else found


def sliced(array: Matrix, sizes: Sequence[int], subscripts: Sequence[Any]) -> Matrix:
    """A slice of an array of order three or more, whose entries lie one after the other."""
    chosen = [*subscripts, *(slice(None),) * (len(sizes) - len(subscripts))]
    axes = [[int(s)] if isinstance(s, Fraction) else list(range(size))[s] for s, size in zip(chosen, sizes, strict=True)]
    if any(not 0 <= i < size for axis, size in zip(axes, sizes, strict=True) for i in axis):
        raise Unlucky("there is no such slice")
    places = [0]
    for axis, size in zip(axes, sizes, strict=True):
        places = [start * size + i for start in places for i in axis]
    left = [len(axis) for axis, s in zip(axes, chosen, strict=True) if not isinstance(s, Fraction)]
    rows, *columns = [*left, 1]
    return Matrix(rows, prod(columns), [array.entries[k] for k in places])


def totalled(N: Arithmetic, values: Sequence[Matrix]) -> Matrix:
    """The sum of matrices."""
    entries = [sum(xs) for xs in zip(*(X.entries for X in values), strict=True)]
    return Matrix(values[0].rows, values[0].columns, N.settle(entries))


def stacked(values: Sequence[Matrix], axis: int, sizes: Sequence[int]) -> Matrix:
    """Arrays of these sizes side by side along a new axis: scalars as a column, columns as the rows of a matrix (or its columns)."""
    at = min(axis, len(sizes))
    length = prod(sizes[at:])
    axes = [*sizes[:at], len(values), *sizes[at:]]
    starts = range(0, prod(sizes), length)
    return Matrix(axes[0], prod(axes[1:]), [x for start in starts for X in values for x in X.entries[start : start + length]])

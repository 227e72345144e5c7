"""Arrays as NumPy has them, for the check of readings: constants made by their sizes, and entries selected by subscripts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from matcalc.verify.matrix import Matrix, diagonal_matrix
from matcalc.verify.numbers import Unlucky


def _filled(value: int) -> Callable[..., Matrix]:
    return lambda rows, columns=1: Matrix(rows, columns, [value] * (rows * columns))


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

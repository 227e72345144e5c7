"""Small matrices of plain Python numbers, row after row in one list."""

from __future__ import annotations

from typing import Any, TypeAlias

Number: TypeAlias = Any
"""An integer modulo p², or a complex number: whatever the arithmetic at hand computes with."""


class Matrix:
    """Rows, columns, and the entries row after row.  Never changed once made: points share them.

    >>> Matrix(2, 3, [1, 2, 3, 4, 5, 6]).transposed().row(0)
    [1, 4]
    """

    __slots__ = ("columns", "entries", "rows")

    def __init__(self, rows: int, columns: int, entries: list[Number]) -> None:
        self.rows, self.columns, self.entries = rows, columns, entries

    def __repr__(self) -> str:
        return f"Matrix({self.rows}, {self.columns}, {self.entries})"

    def row(self, i: int) -> list[Number]:
        """One row."""
        return self.entries[i * self.columns : (i + 1) * self.columns]

    def transposed(self) -> Matrix:
        """The transpose."""
        columns, entries = self.columns, self.entries
        return Matrix(columns, self.rows, [x for j in range(columns) for x in entries[j::columns]])

    def stacked(self) -> list[Number]:
        """The entries column after column: vec."""
        return [x for j in range(self.columns) for x in self.entries[j :: self.columns]]


def scalar(x: Number) -> Matrix:
    """A number as a 1×1 matrix."""
    return Matrix(1, 1, [x])


def added(A: Matrix, B: Matrix) -> Matrix:
    """A + B, not reduced."""
    return Matrix(A.rows, A.columns, [a + b for a, b in zip(A.entries, B.entries, strict=True)])


def multiplied(c: Number, A: Matrix) -> Matrix:
    """c A, not reduced."""
    return Matrix(A.rows, A.columns, [c * a for a in A.entries])


def largest(A: Matrix) -> float:
    """The largest real part of an entry, without its sign."""
    return float(max(abs(x.real) for x in A.entries))


def diagonal_matrix(values: list[Number]) -> Matrix:
    """The diagonal matrix with these values."""
    n = len(values)
    entries: list[Number] = [0] * (n * n)
    entries[:: n + 1] = values
    return Matrix(n, n, entries)

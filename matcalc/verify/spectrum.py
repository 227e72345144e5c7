"""Eigenvalues of a symmetric matrix at points: what shows that a function is not convex, with the point as a witness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import SYMBOL
from matcalc.core.property import SYMMETRIC
from matcalc.core.size import ONE
from matcalc.errors import Unsupported
from matcalc.verify.evaluate import Point
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky

CERTAIN = 1e-7
"""An eigenvalue counts as negative where it is so beyond rounding, relative to the largest."""


@dataclass(frozen=True)
class Witness:
    """A point, by the values of the symbols, and the smallest and the largest eigenvalue there."""

    values: dict[str, object]
    smallest: float
    largest: float

    @property
    def negative(self) -> bool:
        """Whether an eigenvalue is negative beyond doubt."""
        return self.smallest < -CERTAIN * max(abs(self.smallest), abs(self.largest), 1e-30)

    @property
    def positive(self) -> bool:
        """Whether an eigenvalue is positive beyond doubt."""
        return self.largest > CERTAIN * max(abs(self.smallest), abs(self.largest), 1e-30)


def spectra(H: Expr, x: Expr, also: Expr, points: Iterable[Point]) -> Iterator[Witness]:
    """The extreme eigenvalues of H at the points; of a quadratic form in symmetric dX where x is declared symmetric
    (of its distinct entries it is one already).

    `also` is what must have a value there too: the function itself.
    """
    import numpy as np

    for point in points:
        try:
            found, _ = point.value(H), point.value(also)
        except (Unlucky, NotInField, Unsupported):
            continue
        A = np.array([[entry.real for entry in found.row(i)] for i in range(found.rows)])
        A = (A + A.T) / 2
        if SYMMETRIC in x["properties"] and not x.is_column and len(A) == point.shape(x)[0] ** 2:
            S = np.array(_symmetric(point.shape(x)[0])).T
            A = S.T @ A @ S
        if np.all(np.isfinite(A)):
            eigenvalues = np.linalg.eigvalsh(A)
            symbols = {e["name"]: _shown(e, point.value(e)) for e in postorder(also) if e.op is SYMBOL}
            yield Witness(symbols, float(eigenvalues[0]), float(eigenvalues[-1]))


def _symmetric(n: int) -> list[list[float]]:
    """An orthonormal basis of the symmetric matrices, stacked."""
    found = []
    for i in range(n):
        for j in range(i + 1):
            E = [0.0] * (n * n)
            E[i * n + j] = E[j * n + i] = 1.0 if i == j else 0.5**0.5
            found.append(E)
    return found


def _shown(e: Expr, X: Matrix) -> object:
    """A value as nested lists: a number, a list, a list of rows."""
    entries = [float(x.real) for x in X.entries]
    if e.is_scalar:
        return entries[0]
    return entries if ONE in e.shape else [entries[i * X.columns : (i + 1) * X.columns] for i in range(X.rows)]

"""Models of abstract functions: some smooth function for each name, always the same, that satisfies no identity by accident.

A function of all entries of X is Σₖ φₖ(aₖ : X), φₖ an unknown function of one number and aₖ a random direction; with one more k
than there are entries its Hessian is regular.  A vector-valued function has one such sum for each entry.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from matcalc.verify.matrix import Matrix, Number, scalar
from matcalc.verify.numbers import Arithmetic, function


def _ridges(N: Arithmetic, X: Matrix, name: str, order: int) -> list[tuple[list[Number], Number]]:
    """The directions aₖ, and φₖ, or a derivative of it, at aₖ : X."""
    count = len(X.entries)
    found = []
    for k in range(count + 1):
        a = N.drawn("generic", f"{name}|{k}".encode(), count)
        (inside,) = N.settle([sum(x * y for x, y in zip(a, X.entries, strict=True))])
        found.append((a, N.abstract(f"{name}|{k}", order, inside)))
    return found


def _slopes(N: Arithmetic, X: Matrix, name: str) -> list[Number]:
    ridges = _ridges(N, X, name, 1)
    return N.settle([sum(a[i] * phi for a, phi in ridges) for i in range(len(X.entries))])


@function("unknown value", floating=False)
def value_of(N: Arithmetic, X: Matrix, name: str) -> Matrix:
    """L(X)."""
    return scalar(sum(phi for _, phi in _ridges(N, X, name, 0)))


@function("unknown gradient", floating=False)
def gradient_of(N: Arithmetic, X: Matrix, name: str) -> Matrix:
    """∇L(X)."""
    return Matrix(X.rows, X.columns, _slopes(N, X, name))


@function("unknown derivative", floating=False)
def derivative_of(N: Arithmetic, X: Matrix, name: str, order: int) -> Matrix:
    """A derivative of L(t), t a number."""
    terms = [phi * N.power(a[0], Fraction(order)) for a, phi in _ridges(N, X, name, order)]
    return scalar(N.settle([sum(terms)])[0])


@function("unknown Hessian", floating=False)
def hessian_of(N: Arithmetic, X: Matrix, name: str) -> Matrix:
    """∇²L(X), the columns of X one below the other."""
    ridges, n = _ridges(N, X, name, 2), [i * X.columns + j for j in range(X.columns) for i in range(X.rows)]
    return Matrix(len(n), len(n), [sum(a[i] * a[j] * phi for a, phi in ridges) for i in n for j in n])


@function("unknown second derivative", floating=False)
def hessian_along(N: Arithmetic, X: Matrix, E: Matrix, name: str) -> Matrix:
    """The derivative of ∇L at X along E."""
    along = N.product(hessian_of(N, X, name), Matrix(len(E.entries), 1, E.transposed().entries))
    return Matrix(X.columns, X.rows, along.entries).transposed()


@function("unknown vector", floating=False)
def vector_of(N: Arithmetic, X: Matrix, name: str, size: int) -> Matrix:
    """F(x)."""
    return Matrix(size, 1, [sum(phi for _, phi in _ridges(N, X, f"{name}|{i}", 0)) for i in range(size)])


@function("unknown Jacobian", floating=False)
def jacobian_of(N: Arithmetic, X: Matrix, name: str, size: int) -> Matrix:
    """J_F(x)."""
    return Matrix(size, len(X.entries), [s for i in range(size) for s in _slopes(N, X, f"{name}|{i}")])


def _partial(N: Arithmetic, X: tuple[Matrix, ...], name: str, at: tuple[int, ...]) -> list[Number]:
    """The entries of a derivative of Σₖ φₖ(aₖ : (X, Y, …)) in the arguments at some places, the last one running fastest.

    Matrices are gone through column by column.
    """
    together = Matrix(sum(len(x.entries) for x in X), 1, [entry for x in X for entry in x.entries])
    starts = [sum(len(x.entries) for x in X[:i]) for i in range(len(X))]
    orders = [[starts[i] + r * X[i].columns + c for c in range(X[i].columns) for r in range(X[i].rows)] for i in at]
    ridges = _ridges(N, together, name, len(at))
    return N.settle([sum(prod((a[k] for k in places), start=phi) for a, phi in ridges) for places in product(*orders)])


@function("unknown entry", floating=False)
def entry_of_several(N: Arithmetic, *given: Any) -> Matrix:
    """f(x, y, …) of numbers, or a derivative."""
    *xs, name, at = given
    return scalar(_partial(N, tuple(scalar(x) for x in xs), name, at)[0])


@function("unknown partial", floating=False)
def partial_of_several(N: Arithmetic, *given: Any) -> Matrix:
    """L(X, Y, …), or a derivative; in one matrix it has the shape of that, in two arguments a row for each entry of the first."""
    *X, name, at = given
    entries = _partial(N, tuple(X), name, at)
    wide = [X[i] for i in at if len(X[i].entries) > 1]
    if len(wide) == 1:
        return Matrix(wide[0].columns, wide[0].rows, entries).transposed()
    return Matrix(len(wide[0].entries), len(wide[1].entries), entries) if wide else scalar(entries[0])


@function("unknown partial along", floating=False)
def partial_along(N: Arithmetic, E: Matrix, *given: Any) -> Matrix:
    """The derivative of the gradient in one place as the argument at another goes along E."""
    *X, name, at = given
    first, count = X[at[0]], len(E.entries)
    H = Matrix(len(first.entries), count, _partial(N, tuple(X), name, at))
    along = N.product(H, Matrix(count, 1, E.transposed().entries))
    return Matrix(first.columns, first.rows, along.entries).transposed()


@function("unknown partial of a vector", floating=False)
def vector_of_several(N: Arithmetic, *given: Any) -> Matrix:
    """F(x, y, …), or its Jacobian in one argument."""
    *X, name, at, size = given
    rows = [_partial(N, tuple(X), f"{name}|{i}", at) for i in range(size)]
    return Matrix(size, len(rows[0]), [entry for row in rows for entry in row])

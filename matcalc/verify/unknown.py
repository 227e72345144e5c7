"""Models of abstract functions: some smooth function for each name, always the same, that satisfies no identity by accident.

A function of all entries of X is Σₖ φₖ(aₖ : X), φₖ an unknown function of one number and aₖ a random direction; with one more k
than there are entries its Hessian is regular.  A vector-valued function has one such sum for each entry.
"""

from __future__ import annotations

from fractions import Fraction

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

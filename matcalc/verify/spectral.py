"""Values of eigenvalues and singular values, their vectors, and the polar factor; in floating point alone.

An eigenvalue is found at rest, from the characteristic polynomial.  Newton's steps on A v = λ v, in the numbers of the
arithmetic, then make it accurate and give it its derivative: value and imaginary part converge together.
"""

from __future__ import annotations

from typing import TypeAlias

from matcalc.verify.matrix import Matrix, Number, added, largest, multiplied, scalar
from matcalc.verify.numbers import Arithmetic, Unlucky, function
from matcalc.verify.systems import WORST_CONDITION, pseudoinverse, well_conditioned

_ITERATIONS = 80
_CLOSE = 1e-7
_APART = 1e-3
"""Eigenvalues nearer than this to each other, relative to the largest, count as multiple."""


Pair: TypeAlias = tuple[Number, Matrix]
Triple: TypeAlias = tuple[Number, Matrix, Matrix]


def _eigenpairs(N: Arithmetic, A: Matrix, count: int) -> list[Pair]:
    """The largest eigenvalues, from the smallest of them, with vectors of length 1 whose largest entry is positive.

    Unlucky where one of them is not real or not simple.
    """
    roots = sorted(_roots_of(_characteristic(N, A)), key=lambda r: r.real)
    scale = max(abs(r) for r in roots)
    wanted = roots[-count:]
    if any(abs(r.imag) > 1e-6 * scale for r in wanted):
        raise Unlucky("a matrix has eigenvalues that are not real")
    if any(abs(r - other) <= _APART * scale for r in wanted for other in roots if other is not r):
        raise Unlucky("a matrix has an eigenvalue that is not simple")
    return [_eigenpair(N, A, r.real) for r in wanted]


def _characteristic(N: Arithmetic, A: Matrix) -> list[complex]:
    """The coefficients of det(zI − A) at rest, from the highest (Faddeev and Le Verrier)."""
    n = A.rows
    real = Matrix(n, n, [complex(x.real) for x in A.entries])
    M, coefficients = Matrix(n, n, [0j] * (n * n)), [1 + 0j]
    for k in range(1, n + 1):
        M = N.product(real, M)
        M.entries[:: n + 1] = [x + coefficients[-1] for x in M.entries[:: n + 1]]
        coefficients.append(-sum(N.product(real, M).entries[:: n + 1]) / k)
    return coefficients


def _roots_of(coefficients: list[complex]) -> list[complex]:
    """All roots of a polynomial at once (Durand and Kerner)."""
    size = 1 + max(abs(c) for c in coefficients[1:])
    roots = [size ** (1 / len(coefficients)) * (0.4 + 0.9j) ** k for k in range(len(coefficients) - 1)]
    for _ in range(500):
        moved = 0.0
        for i, z in enumerate(roots):
            value = 0j
            for c in coefficients:
                value = value * z + c
            for j, other in enumerate(roots):
                if j != i:
                    value /= (z - other) or 1e-12
            roots[i] = z - value
            moved = max(moved, abs(value))
        if moved < 1e-14 * size:
            break
    return roots


def _eigenpair(N: Arithmetic, A: Matrix, value: float) -> Pair:
    """Newton's steps on A v = λ v, cᵀv = cᵀc, from a near eigenvalue and what inverse iteration makes of it."""
    n = A.rows
    shifted = _shifted(A, value * (1 + 1e-9) + 1e-9)
    inverse = Arithmetic.inverse(N, Matrix(n, n, [complex(x.real) for x in shifted.entries]))
    v = [1.0 + 0.3 * k + 0j for k in range(n)]
    for _ in range(3):
        v = N.product(inverse, Matrix(n, 1, v)).entries
        largest = max(v, key=lambda x: abs(x.real))
        v = [x / largest for x in v]
    c = [complex(x.real) for x in v]
    total = sum(x * x for x in c)
    eigenvalue: Number = complex(value)
    for _ in range(4):
        left = _shifted(A, eigenvalue)
        rows = [[*left.row(i), -v[i]] for i in range(n)] + [[*c, 0j]]
        residue = N.product(left, Matrix(n, 1, v)).entries
        right = [-r for r in residue] + [total - sum(a * b for a, b in zip(c, v, strict=True))]
        bordered = Matrix(n + 1, n + 1, [x for row in rows for x in row])
        step = N.product(Arithmetic.inverse(N, bordered), Matrix(n + 1, 1, right)).entries
        v, eigenvalue = [a + b for a, b in zip(v, step[:n], strict=True)], eigenvalue + step[n]
    return eigenvalue, _unit(N, v)


def _shifted(A: Matrix, value: Number) -> Matrix:
    n = A.rows
    return Matrix(n, n, [x - value if k % (n + 1) == 0 else x for k, x in enumerate(A.entries)])


def _unit(N: Arithmetic, v: list[Number]) -> Matrix:
    """The column of length 1 whose largest entry is positive."""
    scale = N.divide(N.sign(max(v, key=lambda x: abs(x.real))), N.sqrt(sum(x * x for x in v)))
    return Matrix(len(v), 1, [scale * x for x in v])


def _symmetric_part(X: Matrix) -> Matrix:
    return multiplied(0.5, added(X, X.transposed()))


def _beside(columns: list[Matrix]) -> Matrix:
    rows = columns[0].rows
    return Matrix(rows, len(columns), [c.entries[i] for i in range(rows) for c in columns])


def _singular(N: Arithmetic, X: Matrix, count: int = 0) -> list[Triple]:
    """The largest singular values, from the largest, with their vectors on the left and on the right; all of a tall matrix."""
    if X.rows < X.columns:
        if not count:
            raise Unlucky("the singular values of a wide matrix: transpose it")
        return [(value, v, u) for value, u, v in _singular(N, X.transposed(), count)]
    pairs = _eigenpairs(N, N.product(X.transposed(), X), count or X.columns)
    if not pairs[0][0].real > 1e-5 * pairs[-1][0].real:
        raise Unlucky("a matrix has not full rank")
    roots = [(N.sqrt(square), v) for square, v in reversed(pairs)]
    return [(value, multiplied(N.divide(1, value), N.product(X, v)), v) for value, v in roots]


def _reduced_resolvent(N: Arithmetic, S: Matrix) -> Matrix:
    """(λ I − S)⁺ for the largest eigenvalue λ, as (λ I − S + v vᵀ)⁻¹ − v vᵀ."""
    ((value, v),) = _eigenpairs(N, S, 1)
    dyad = N.product(v, v.transposed())
    whole = added(multiplied(-1, _shifted(S, value)), dyad)
    return added(well_conditioned(N, whole, N.inverse(whole), WORST_CONDITION * 30), multiplied(-1, dyad))


function("eigvals")(lambda N, X: Matrix(X.rows, 1, [value for value, _ in _eigenpairs(N, X, X.rows)]))
function("eigvecs")(lambda N, X: _beside([v for _, v in _eigenpairs(N, X, X.rows)]))
function("eigmax")(lambda N, X: scalar(_eigenpairs(N, _symmetric_part(X), 1)[0][0]))
function("top_eigvec")(lambda N, X: _eigenpairs(N, _symmetric_part(X), 1)[0][1])
function("reduced_resolvent")(lambda N, X: _reduced_resolvent(N, _symmetric_part(X)))
function("svdvals")(lambda N, X: Matrix(X.columns, 1, [value for value, _, _ in _singular(N, X)]))
function("svd_left")(lambda N, X: _beside([u for _, u, _ in _singular(N, X)]))
function("svd_right")(lambda N, X: _beside([v for _, _, v in _singular(N, X)]))
function("spectral norm")(lambda N, X: scalar(_singular(N, X, 1)[0][0]))


@function("top_dyad")
def _top_dyad(N: Arithmetic, X: Matrix) -> Matrix:
    ((_, u, v),) = _singular(N, X, 1)
    return N.product(u, v.transposed())


@function("polar")
def _polar(N: Arithmetic, X: Matrix) -> Matrix:
    """U Vᵀ of the thin decomposition X = U Σ Vᵀ, by Newton's iteration Y ← (Y + Y (YᵀY)⁻¹)/2 (Higham 2008, 8.3)."""
    if X.rows < X.columns:
        return _polar(N, X.transposed()).transposed()
    pseudoinverse(N, X)  # Unlucky where X is near to one of lower rank
    Y, more = X, 3
    for _ in range(_ITERATIONS):
        T = Y.transposed()
        new = multiplied(0.5, added(Y, N.product(Y, N.inverse(N.product(T, Y)))))
        if largest(added(new, multiplied(-1, Y))) < _CLOSE * largest(new):
            more -= 1
        Y = new
        if not more:
            return Y
    raise Unlucky("a matrix has not full rank")

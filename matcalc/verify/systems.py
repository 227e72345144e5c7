"""Values that come from linear equations: pseudoinverse, Sylvester's equation, the factor of Cholesky."""

from __future__ import annotations

from fractions import Fraction

from matcalc.verify.matrix import Matrix, Number, largest
from matcalc.verify.numbers import Arithmetic, Unlucky, function

WORST_CONDITION = 300.0
"""In floating point: a matrix nearer to one of lower rank than that has a pseudoinverse or polar factor with few right digits."""


def well_conditioned(N: Arithmetic, X: Matrix, inverse: Matrix, worst: float = WORST_CONDITION) -> Matrix:
    """The inverse, or what stands for it; Unlucky where it would be inaccurate."""
    if not N.exactly and not max(X.rows, X.columns) * largest(X) * largest(inverse) < worst:
        raise Unlucky("a matrix is too near to one of lower rank")
    return inverse


@function("pinv", floating=False)
def pseudoinverse(N: Arithmetic, X: Matrix) -> Matrix:
    """(XᵀX)⁻¹Xᵀ, or Xᵀ(XXᵀ)⁻¹ of a wide matrix, of full rank."""
    T = X.transposed()
    if X.rows >= X.columns:
        return well_conditioned(N, X, N.product(N.inverse(N.product(T, X)), T))
    return well_conditioned(N, X, N.product(T, N.inverse(N.product(X, T))))


@function("sylvester", floating=False)
def _sylvester(N: Arithmetic, A: Matrix, B: Matrix, Q: Matrix) -> Matrix:
    """The P with A P + P B = Q, by one system of linear equations, rows stacked: (A ⊗ I + I ⊗ Bᵀ) vec P = vec Q."""
    m, n = A.rows, B.rows
    entries = [
        (A.entries[i * m + k] if j == h else 0) + (B.entries[h * n + j] if i == k else 0)
        for i in range(m) for j in range(n) for k in range(m) for h in range(n)
    ]  # fmt: skip
    system = Matrix(m * n, m * n, N.settle(entries))
    inverse = well_conditioned(N, system, N.inverse(system), WORST_CONDITION * 30)
    return Matrix(m, n, N.product(inverse, Matrix(m * n, 1, Q.entries)).entries)


@function("chol", floating=False)
def _cholesky(N: Arithmetic, X: Matrix) -> Matrix:
    """The lower triangular L with positive diagonal and L Lᵀ = (X + Xᵀ)/2."""
    n = X.rows
    half = N.exact(Fraction(1, 2))
    S = N.settle([half * (X.entries[i * n + j] + X.entries[j * n + i]) for i in range(n) for j in range(n)])
    L: list[Number] = [N.zero] * (n * n)
    for i in range(n):
        for j in range(i + 1):
            rest = S[i * n + j] - sum(L[i * n + k] * L[j * n + k] for k in range(j))
            if i == j and not N.exactly and not rest.real * WORST_CONDITION**2 > abs(S[i * n + i].real):
                raise Unlucky("a matrix is not positive definite, or nearly so")
            L[i * n + j] = N.sqrt(N.settle([rest])[0]) if i == j else N.divide(rest, L[j * n + j])
    return Matrix(n, n, L)


@function("gaps", floating=False)
def _gaps(N: Arithmetic, x: Matrix) -> Matrix:
    """1/(x_j − x_i) in row i and column j, and 0 on the diagonal."""
    n, at = range(x.rows), x.entries
    if any(N.is_zero(at[j] - at[i]) for i in n for j in range(i)):
        raise Unlucky("two entries of a vector are equal")
    return Matrix(x.rows, x.rows, [N.zero if i == j else N.divide(1, at[j] - at[i]) for i in n for j in n])


@function("lower_half", floating=False)
def _lower_half(N: Arithmetic, X: Matrix) -> Matrix:
    """The lower triangle, its diagonal halved."""
    n = X.rows
    half = N.exact(Fraction(1, 2))
    return Matrix(n, n, N.settle([half * x if i == j else x if i > j else N.zero for i in range(n) for j, x in enumerate(X.row(i))]))

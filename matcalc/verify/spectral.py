"""Values of functions of matrices: powers, roots, exponentials, eigenvectors, singular vectors, factors.

What is rational (`pinv`, `sylvester`) has a value in both arithmetics; the rest is for floating point alone, and NotInField
modulo a prime.  One mechanism serves all: an iteration that converges is carried out in the numbers of the arithmetic, complex
ones whose imaginary part is the derivative.  Each of its steps is holomorphic (a transpose, never a conjugate), and Newton's
steps converge for both parts at once: what is a function of real numbers first (an eigenvalue, found from the characteristic
polynomial) gets its derivative from Newton steps on its defining equation.

Squares are lists of rows of an algebra of numbers; `Jet` carries a second derivative direction beside them, so that the Fréchet
derivative L(X, E) is what the same iteration gives for X + εE.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.verify.matrix import Matrix, Number, diagonal_matrix, scalar
from matcalc.verify.numbers import FUNCTIONS, Arithmetic, NotInField, Unlucky

_ITERATIONS = 40
_CLOSE = 1e-7
_APART = 1e-3
"""Eigenvalues nearer than this to each other, relative to the largest, count as multiple."""


def function(name: str, floating: bool = True) -> Callable[[Callable[..., Matrix]], Callable[..., Matrix]]:
    """Enter a function into the table; a floating one has no model modulo a prime."""

    def enter(f: Callable[..., Matrix]) -> Callable[..., Matrix]:
        def guarded(N: Arithmetic, *operands: Matrix | Fraction) -> Matrix:
            if floating and N.exactly:
                raise NotInField(f"{name} has no model modulo a prime")
            return f(N, *operands)

        FUNCTIONS[name] = guarded
        return f

    return enter


class Jet:
    """A square matrix X + εE with ε² = 0; products and inverses carry E along.  E is None where nothing is asked of it."""

    __slots__ = ("N", "along", "at")

    def __init__(self, N: Arithmetic, at: Matrix, along: Matrix | None = None) -> None:
        self.N, self.at, self.along = N, at, along

    def __add__(self, other: Jet) -> Jet:
        return Jet(self.N, _sum(self.at, other.at), _sum_of_some(self.along, other.along))

    def __mul__(self, c: Number) -> Jet:
        return Jet(self.N, _times(c, self.at), None if self.along is None else _times(c, self.along))

    def __matmul__(self, other: Jet) -> Jet:
        N = self.N
        parts = [N.product(self.at, other.along)] if other.along is not None else []
        parts += [N.product(self.along, other.at)] if self.along is not None else []
        along = _sum(*parts) if len(parts) == 2 else parts[0] if parts else None
        return Jet(N, N.product(self.at, other.at), along)

    def inverse(self) -> Jet:
        """The inverse."""
        N = self.N
        at = N.inverse(self.at)
        return Jet(N, at, None if self.along is None else _times(-1, N.product(N.product(at, self.along), at)))

    def one(self) -> Jet:
        """The identity of the same size."""
        return Jet(self.N, diagonal_matrix([self.N.one] * self.at.rows))

    def size(self) -> float:
        """The largest entry, the direction counted in."""
        return max(_largest(self.at), 0.0 if self.along is None else _largest(self.along))

    def direction(self) -> Matrix:
        """What stands by ε."""
        n = self.at.rows
        return self.along if self.along is not None else Matrix(n, n, [self.N.zero] * (n * n))


def _sum(A: Matrix, B: Matrix) -> Matrix:
    return Matrix(A.rows, A.columns, [a + b for a, b in zip(A.entries, B.entries, strict=True)])


def _sum_of_some(A: Matrix | None, B: Matrix | None) -> Matrix | None:
    if A is None or B is None:
        return A if B is None else B
    return _sum(A, B)


def _times(c: Number, A: Matrix) -> Matrix:
    return Matrix(A.rows, A.columns, [c * a for a in A.entries])


def _largest(A: Matrix) -> float:
    return max(abs(x.real) for x in A.entries)


# ---- power series and roots ----


def _exponential(X: Jet) -> Jet:
    """By the Taylor series of X/2ᵏ, squared k times."""
    halvings = 0
    while X.size() * X.at.rows > 0.5:
        X, halvings = X * 0.5, halvings + 1
        if halvings > 60:
            raise Unlucky("an exponential is too large for floating point")
    result = term = X.one()
    for k in range(1, 20):
        term = (term @ X) * (1 / k)
        result = result + term
    for _ in range(halvings):
        result = result @ result
    return result


def _root(X: Jet) -> Jet:
    """The principal square root, by the iteration of Denman and Beavers (Higham 2008, 6.15)."""
    Y, Z = X, X.one()
    more = 3
    for _ in range(_ITERATIONS):
        Y, Z, last = (Y + Z.inverse()) * 0.5, (Z + Y.inverse()) * 0.5, Y
        if (Y + last * -1).size() < _CLOSE * Y.size():
            more -= 1
        if not more:
            return Y
    raise Unlucky("a matrix has no principal square root: an eigenvalue on the negative axis")


def _logarithm(X: Jet) -> Jet:
    """Square roots until X is near I, then log X = 2 artanh((X − I)(X + I)⁻¹) by its series."""
    doublings = 0
    one = X.one()
    while _largest((X + one * -1).at) * X.at.rows > 0.7:
        X, doublings = _root(X), doublings + 1
        if doublings > 40:
            raise Unlucky("a logarithm did not converge")
    W = (X + one * -1) @ (X + one).inverse()
    square, power, result = W @ W, W, W
    for k in range(3, 41, 2):
        power = power @ square
        result = result + power * (1 / k)
    return result * 2.0 ** (doublings + 1)


for _word, _series in {"expm": _exponential, "logm": _logarithm, "sqrtm": _root}.items():
    function(_word)(lambda N, X, f=_series: f(Jet(N, X)).at)
    function(f"{_word}_frechet")(lambda N, X, E, f=_series: f(Jet(N, X, E)).direction())


def _power(X: Jet, exponent: Number) -> Jet:
    if not isinstance(exponent, Fraction) or exponent.denominator != 1:
        raise Unlucky("the exponent of a matrix power is no integer; declare it, as in k: integer")
    X, left = X.inverse() if exponent < 0 else X, abs(int(exponent))
    result = X.one()
    for digit in bin(left)[2:]:
        result = result @ result
        if digit == "1":
            result = result @ X
    return result


function("matpow", floating=False)(lambda N, X, k: _power(Jet(N, X), k).at)
function("matpow_frechet", floating=False)(lambda N, X, k, E: _power(Jet(N, X, E), k).direction())


# ---- linear equations ----


@function("pinv", floating=False)
def _pseudoinverse(N: Arithmetic, X: Matrix) -> Matrix:
    """(XᵀX)⁻¹Xᵀ, or Xᵀ(XXᵀ)⁻¹ of a wide matrix, of full rank."""
    T = X.transposed()
    if X.rows >= X.columns:
        return N.product(N.inverse(N.product(T, X)), T)
    return N.product(T, N.inverse(N.product(X, T)))


@function("sylvester", floating=False)
def _sylvester(N: Arithmetic, A: Matrix, B: Matrix, Q: Matrix) -> Matrix:
    """The P with A P + P B = Q, by one system of linear equations, rows stacked: (A ⊗ I + I ⊗ Bᵀ) vec P = vec Q."""
    m, n = A.rows, B.rows
    entries = [
        (A.entries[i * m + k] if j == h else 0) + (B.entries[h * n + j] if i == k else 0)
        for i in range(m) for j in range(n) for k in range(m) for h in range(n)
    ]  # fmt: skip
    solution = N.product(N.inverse(Matrix(m * n, m * n, N.settle(entries))), Matrix(m * n, 1, Q.entries))
    return Matrix(m, n, solution.entries)


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
            L[i * n + j] = N.sqrt(N.settle([rest])[0]) if i == j else N.divide(rest, L[j * n + j])
    return Matrix(n, n, L)


# ---- eigenvalues and singular values ----


def _eigenpairs(N: Arithmetic, A: Matrix) -> list[tuple[Number, Matrix]]:
    """The eigenvalues of a matrix, real and simple, from the smallest, with vectors of length 1; Unlucky otherwise.

    The largest entry of each vector is positive.
    """
    n = A.rows
    roots = _roots_of(_characteristic(N, A))
    scale = max(1e-30, *(abs(r) for r in roots), _largest(A))
    if any(abs(r.imag) > 1e-6 * scale for r in roots):
        raise Unlucky("a matrix has eigenvalues that are not real")
    values = sorted(r.real for r in roots)
    if any(b - a < _APART * scale for a, b in zip(values, values[1:])):
        raise Unlucky("a matrix has an eigenvalue that is not simple")
    return [_eigenpair(N, A, value, n) for value in values]


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


def _eigenpair(N: Arithmetic, A: Matrix, value: float, n: int) -> tuple[Number, Matrix]:
    """Newton's steps on A v = λ v, cᵀv = 1, from a near eigenvalue."""
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
    return _times(0.5, _sum(X, X.transposed()))


def _beside(columns: list[Matrix]) -> Matrix:
    rows = columns[0].rows
    return Matrix(rows, len(columns), [c.entries[i] for i in range(rows) for c in columns])


def _singular(N: Arithmetic, X: Matrix) -> list[tuple[Number, Matrix, Matrix]]:
    """Singular values from the largest, with their vectors on the left and on the right; X at least as tall as wide."""
    if X.rows < X.columns:
        raise Unlucky("the singular values of a wide matrix: transpose it")
    pairs = _eigenpairs(N, N.product(X.transposed(), X))
    found = []
    for square, v in reversed(pairs):
        if not square.real > 1e-8 * pairs[-1][0].real:
            raise Unlucky("a matrix has not full rank")
        value = N.sqrt(square)
        found.append((value, _times(N.divide(1, value), N.product(X, v)), v))
    return found


def _first_singular(N: Arithmetic, X: Matrix) -> tuple[Number, Matrix, Matrix]:
    if X.rows >= X.columns:
        return _singular(N, X)[0]
    value, v, u = _singular(N, X.transposed())[0]
    return value, u, v


function("eigvals")(lambda N, X: Matrix(X.rows, 1, [value for value, _ in _eigenpairs(N, X)]))
function("eigvecs")(lambda N, X: _beside([v for _, v in _eigenpairs(N, X)]))
function("eigmax")(lambda N, X: scalar(_eigenpairs(N, _symmetric_part(X))[-1][0]))
function("top_eigvec")(lambda N, X: _eigenpairs(N, _symmetric_part(X))[-1][1])
function("svdvals")(lambda N, X: Matrix(X.columns, 1, [value for value, _, _ in _singular(N, X)]))
function("svd_left")(lambda N, X: _beside([u for _, u, _ in _singular(N, X)]))
function("svd_right")(lambda N, X: _beside([v for _, _, v in _singular(N, X)]))
function("spectral norm")(lambda N, X: scalar(_first_singular(N, X)[0]))


@function("top_dyad")
def _top_dyad(N: Arithmetic, X: Matrix) -> Matrix:
    _, u, v = _first_singular(N, X)
    return N.product(u, v.transposed())


@function("polar")
def _polar(N: Arithmetic, X: Matrix) -> Matrix:
    """U Vᵀ of the thin decomposition X = U Σ Vᵀ, by Newton's iteration Y ← (Y + Y (YᵀY)⁻¹)/2 (Higham 2008, 8.3)."""
    if X.rows < X.columns:
        return _polar(N, X.transposed()).transposed()
    Y, more = X, 3
    for _ in range(2 * _ITERATIONS):
        T = Y.transposed()
        new = _times(0.5, _sum(Y, N.product(Y, N.inverse(N.product(T, Y)))))
        if _largest(_sum(new, _times(-1, Y))) < _CLOSE * _largest(new):
            more -= 1
        Y = new
        if not more:
            return Y
    raise Unlucky("a matrix has not full rank")

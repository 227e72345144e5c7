"""Values of powers, exponentials, sines, logarithms and roots of matrices, and of their Fréchet derivatives.

Every step of an iteration is holomorphic, and so it is carried out in the numbers of the arithmetic: complex ones, whose
imaginary part is the derivative, converge with the rest.  `Jet` carries a second direction beside them, so that L(X, E) is what
the same iteration gives by ε for X + εE.  Powers have a value modulo a prime too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from matcalc.verify.matrix import Matrix, Number, added, diagonal_matrix, largest, multiplied
from matcalc.verify.numbers import Arithmetic, Unlucky, function

_ITERATIONS = 40
_CLOSE = 1e-7
_LARGEST_EXPONENT = 1000


class Jet:
    """A square matrix X + εE with ε² = 0; products and inverses carry E along.  E is None where nothing is asked of it."""

    __slots__ = ("N", "along", "at")

    def __init__(self, N: Arithmetic, at: Matrix, along: Matrix | None = None) -> None:
        self.N, self.at, self.along = N, at, along

    def __add__(self, other: Jet) -> Jet:
        return Jet(self.N, added(self.at, other.at), _added_if_any(self.along, other.along))

    def __mul__(self, c: Number) -> Jet:
        return Jet(self.N, multiplied(c, self.at), None if self.along is None else multiplied(c, self.along))

    def __matmul__(self, other: Jet) -> Jet:
        N = self.N
        parts = [N.product(self.at, other.along)] if other.along is not None else []
        parts += [N.product(self.along, other.at)] if self.along is not None else []
        along = added(*parts) if len(parts) == 2 else parts[0] if parts else None
        return Jet(N, N.product(self.at, other.at), along)

    def inverse(self) -> Jet:
        """The inverse."""
        N = self.N
        at = N.inverse(self.at)
        return Jet(N, at, None if self.along is None else multiplied(-1, N.product(N.product(at, self.along), at)))

    def one(self) -> Jet:
        """The identity of the same size."""
        return Jet(self.N, diagonal_matrix([self.N.one] * self.at.rows))

    def size(self) -> float:
        """The largest entry, the direction counted in."""
        return max(largest(self.at), 0.0 if self.along is None else largest(self.along))

    def direction(self) -> Matrix:
        """What stands by ε."""
        n = self.at.rows
        return self.along if self.along is not None else Matrix(n, n, [self.N.zero] * (n * n))


def _added_if_any(A: Matrix | None, B: Matrix | None) -> Matrix | None:
    if A is None or B is None:
        return A if B is None else B
    return added(A, B)


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
    raise Unlucky("a matrix with an eigenvalue that is negative has no principal root: positive ones do")


def _logarithm(X: Jet) -> Jet:
    """Square roots until X is near I, then log X = 2 artanh((X − I)(X + I)⁻¹) by its series."""
    doublings = 0
    one = X.one()
    while largest((X + one * -1).at) * X.at.rows > 0.7:
        X, doublings = _root(X), doublings + 1
        if doublings > 40:
            raise Unlucky("a logarithm did not converge")
    W = (X + one * -1) @ (X + one).inverse()
    square, power, result = W @ W, W, W
    for k in range(3, 41, 2):
        power = power @ square
        result = result + power * (1 / k)
    return result * 2.0 ** (doublings + 1)


def _sine_and_cosine(X: Jet) -> tuple[Jet, Jet]:
    """By the Taylor series of X/2ᵏ, doubled k times: sin 2X = 2 sin X cos X, cos 2X = 2 cos² X − 1."""
    halvings = 0
    while X.size() * X.at.rows > 0.5:
        X, halvings = X * 0.5, halvings + 1
        if halvings > 30:
            raise Unlucky("a sine is of too large a matrix for floating point")
    cosine, sine = (term := X.one()), X * 0.0
    for k in range(1, 20):
        term = (term @ X) * ((-1) ** (k + 1) / k)
        sine, cosine = (sine + term, cosine) if k % 2 else (sine, cosine + term)
    for _ in range(halvings):
        sine, cosine = (sine @ cosine) * 2, (cosine @ cosine) * 2 + X.one() * -1
    return sine, cosine


def _by_units(f: Callable[[Matrix], Matrix], E: Matrix) -> Matrix:
    """A linear function of E, found for a multiple of a middling size: the halvings are to follow X, not E."""
    scale = 2.0 ** math.frexp(largest(E))[1]
    return multiplied(scale, f(multiplied(1 / scale, E)))


_SERIES: dict[str, Callable[[Jet], Jet]] = {
    "expm": _exponential, "logm": _logarithm, "sqrtm": _root,
    "sinm": lambda X: _sine_and_cosine(X)[0], "cosm": lambda X: _sine_and_cosine(X)[1],
}  # fmt: skip
for _word, _series in _SERIES.items():
    function(_word)(lambda N, X, f=_series: f(Jet(N, X)).at)
    function(f"{_word}_frechet")(lambda N, X, E, f=_series: _by_units(lambda U: f(Jet(N, X, U)).direction(), E))


def _blocks(N: Arithmetic, A: Matrix, B: Matrix, C: Matrix) -> Matrix:
    """A and B above 0 and C, all square."""
    n, zeros = A.rows, [N.zero] * A.rows
    rows = [A.row(i) + B.row(i) for i in range(n)] + [zeros + C.row(i) for i in range(n)]
    return Matrix(2 * n, 2 * n, [x for row in rows for x in row])


def second_along(N: Arithmetic, word: str, X: Matrix, E: Matrix, D: Matrix, *exponent: Number) -> Matrix:
    """L²(X; E, D), the upper right block of L at X and E above 0 and X, along D and D."""
    n = X.rows
    zero = Matrix(n, n, [N.zero] * (n * n))
    found = N.function(word, _blocks(N, X, E, X), *exponent, _blocks(N, D, zero, D))
    return Matrix(n, n, [x for i in range(n) for x in found.row(i)[n:]])


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
for _word in ("expm_frechet", "logm_frechet"):
    function(f"{_word}2")(lambda N, X, E, D, word=_word: _by_units(lambda U: _by_units(lambda V: second_along(N, word, X, U, V), D), E))
function("matpow_frechet2", floating=False)(lambda N, X, k, E, D: second_along(N, "matpow_frechet", X, E, D, k))

"""Random values of symbols: with the declared properties, and no others.

A sample that had a property by accident would let a wrong rule pass: a matrix that is not declared symmetric is drawn
without structure, one declared psd is singular at every other seed, a nonneg one has a zero at every other seed (a number is 0 at
every fourth, since nothing would be seen at the others).
"""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.expression import Expr
from matcalc.core.leaves import SYMBOL
from matcalc.core.property import (
    DIAGONAL,
    INTEGER,
    LOWER,
    NONNEG,
    ORTHOGONAL,
    PD,
    POSITIVE,
    PROBABILITY,
    PSD,
    SKEW,
    SYMMETRIC,
    UPPER,
    Property,
)  # fmt: skip
from matcalc.verify.matrix import Matrix, Number, diagonal_matrix
from matcalc.verify.numbers import Arithmetic, Unlucky, random_bytes

_ENTRY_KINDS = ((INTEGER, "integer"), (PROBABILITY, "probability"), (POSITIVE, "positive"), (NONNEG, "positive"))
ZEROS_UNTIL = 64
"""From this seed on nonneg entries are positive: a logarithm of them has no value elsewhere, and earlier seeds were tried in vain."""


def drawn_value(N: Arithmetic, symbol: Expr, rows: int, columns: int, seed: int, kind: str = "generic") -> Matrix:
    """A value for a symbol.  `kind` is that of the entries where the properties do not say (a domain may want it)."""
    properties = frozenset(symbol["properties"])
    for named, word in _ENTRY_KINDS:
        if named in properties:
            kind = word
            break
    key = b"%d|" % seed + symbol.key
    if ORTHOGONAL in properties:
        return _orthogonal(N, key, rows, columns, properties)
    entries = N.drawn(kind, key, rows * columns)
    single = rows * columns == 1
    if single and kind == "generic" and not N.exactly and (N.sign(entries[0]) > 0) != _is_positive_at(symbol, seed):
        entries = [-entries[0]]
    if kind == "integer" and NONNEG in properties:
        entries = [x if N.sign(x) > 0 else -x for x in entries]
    if NONNEG in properties and not properties & {POSITIVE, PROBABILITY} and seed % (4 if single else 2) == 0 and seed < ZEROS_UNTIL:
        entries[seed // 2 % len(entries)] = N.zero
    if rows != columns or (rows == 1 and not properties & {PSD, SKEW}):
        return Matrix(rows, columns, entries)
    return _structured(N, Matrix(rows, columns, entries), properties, seed)


def _is_positive_at(symbol: Expr, seed: int) -> bool:
    """The sign of a number in floating point: the other one at the next point, so that c is not taken for |c|."""
    return (random_bytes(b"sign" + symbol.key, 1)[0] + seed + seed // 1000) % 2 == 0


def _structured(N: Arithmetic, X: Matrix, properties: frozenset[Property], seed: int) -> Matrix:
    """A square matrix with the structure that its properties ask for, from one without."""
    n = X.rows
    if DIAGONAL in properties:
        values = X.entries[:: n + 1]
        if PSD in properties:
            values = N.settle([x * x for x in values])
            if PD not in properties and seed % 2 == 0:
                values[seed // 2 % n] = N.zero
        return diagonal_matrix(values)
    if PD in properties or (PSD in properties and seed % 2):
        return _definite(N, X)
    if PSD in properties:
        return _square(N, Matrix(n, n - 1, X.entries[: n * (n - 1)]))
    return linearly_structured(X, properties)


def linearly_structured(X: Matrix, properties: frozenset[Property]) -> Matrix:
    """A matrix in the linear space that the properties describe: half of it mirrored or left away."""
    n, x = X.rows, X.entries
    if SKEW in properties:
        return _entrywise(n, lambda i, j: x[i * n + j] if i < j else -x[j * n + i] if i > j else 0)
    if DIAGONAL in properties:
        return diagonal_matrix(x[:: n + 1])
    if SYMMETRIC in properties:
        return _entrywise(n, lambda i, j: x[min(i, j) * n + max(i, j)])
    if UPPER in properties:
        return _entrywise(n, lambda i, j: x[i * n + j] if i <= j else 0)
    if LOWER in properties:
        return _entrywise(n, lambda i, j: x[i * n + j] if i >= j else 0)
    return X


def _entrywise(n: int, entry: Callable[[int, int], Number]) -> Matrix:
    return Matrix(n, n, [entry(i, j) for i in range(n) for j in range(n)])


def _square(N: Arithmetic, M: Matrix) -> Matrix:
    """M Mᵀ."""
    return N.product(M, M.transposed())


def _definite(N: Arithmetic, M: Matrix) -> Matrix:
    """M Mᵀ, and in floating point a multiple of I more, so that it is well conditioned."""
    result = _square(N, M)
    if not N.exactly:
        result.entries[:: M.rows + 1] = [x + 0.5 for x in result.entries[:: M.rows + 1]]
    return result


def _orthogonal(N: Arithmetic, key: bytes, rows: int, columns: int, properties: frozenset[Property]) -> Matrix:
    """A matrix with orthonormal columns: (I + K)⁻¹(I − K) for a skew K, with random signs, since its determinant is 1 always.

    A diagonal one has random signs there; a symmetric one is Q diag(±1) Qᵀ, a skew one Q J Qᵀ with blocks (0 −1; 1 0) on the
    diagonal of J, where its size is even.
    """
    if rows < columns:
        raise Unlucky("a matrix with orthonormal columns has as many rows as columns, or more")
    n = rows
    signs = _signs(key, n)
    if DIAGONAL in properties:
        return diagonal_matrix(list(signs))
    K = linearly_structured(Matrix(n, n, N.drawn("generic", key, n * n)), frozenset({SKEW}))
    plus = N.inverse(_entrywise(n, lambda i, j: (i == j) + K.entries[i * n + j]))
    minus = _entrywise(n, lambda i, j: ((i == j) - K.entries[i * n + j]) * signs[j])
    full = N.product(plus, minus)
    if SYMMETRIC in properties:
        both = [-1, 1, *signs[2:]] if n > 1 else signs
        full = N.product(full, N.product(diagonal_matrix(both), full.transposed()))
    elif SKEW in properties:
        if n % 2:
            raise Unlucky("a matrix that is skew and orthogonal has an even number of rows")
        turn = _entrywise(n, lambda i, j: (j == i - 1) * (i % 2) - (j == i + 1) * (j % 2))
        full = N.product(full, N.product(turn, full.transposed()))
    return Matrix(rows, columns, N.settle([x for i in range(n) for x in full.row(i)[:columns]]))


def _signs(key: bytes, count: int) -> list[int]:
    """Random signs."""
    return [1 if b & 1 else -1 for b in random_bytes(b"signs" + key, count)]


def drawn_tangent(N: Arithmetic, e: Expr, value: Matrix, seed: int, structured: bool) -> Matrix:
    """A random direction for a variable.

    Generic, whatever the variable's structure; or, where `structured`, one along which the variable keeps its structure.
    """
    rows, columns = value.rows, value.columns
    direction = Matrix(rows, columns, N.drawn("generic", b"d%d|" % seed + e.key, rows * columns))
    if not structured or rows == 1 or e.op is not SYMBOL:
        return direction
    properties = frozenset(e["properties"])
    if ORTHOGONAL in properties:
        K = Matrix(rows, rows, N.drawn("generic", b"k%d|" % seed + e.key, rows * rows))
        if properties & {SYMMETRIC, SKEW}:  # M − X M X of a symmetric M, M + X M X of a skew one
            M = linearly_structured(K, properties)
            turned, sign = N.product(value, N.product(M, value)), 1 if SKEW in properties else -1
            return Matrix(rows, rows, N.settle([x + sign * y for x, y in zip(M.entries, turned.entries, strict=True)]))
        return N.product(linearly_structured(K, frozenset({SKEW})), value)
    return linearly_structured(direction, properties) if rows == columns else direction

"""Values of what goes through the entries of a matrix in order: the largest, products, triangles, diagonals."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.verify.matrix import Matrix, Number, scalar
from matcalc.verify.numbers import Arithmetic, Unlucky, function


def _largest(X: Matrix) -> int:
    """The place of the largest entry; Unlucky where there are two."""
    places = sorted(range(len(X.entries)), key=lambda k: X.entries[k].real)
    if len(places) > 1 and X.entries[places[-1]].real == X.entries[places[-2]].real:
        raise Unlucky("the largest entry is not the only one")
    return places[-1]


@function("max")
def largest_entry(N: Arithmetic, X: Matrix) -> Matrix:
    """The largest entry."""
    N.order += 1
    return scalar(X.entries[_largest(X)])


@function("argmax_indicator")
def indicator_of_largest(N: Arithmetic, X: Matrix) -> Matrix:
    """1 at the largest entry and 0 elsewhere."""
    N.order += 1
    entries: list[Number] = [0] * len(X.entries)
    entries[_largest(X)] = 1
    return Matrix(X.rows, X.columns, entries)


def _each_row(X: Matrix, f: Callable[[Matrix], list[Number]]) -> list[Number]:
    """What f makes of the rows, one after the other."""
    return [x for i in range(X.rows) for x in f(Matrix(1, X.columns, X.row(i)))]


@function("max_rows")
def largest_of_rows(N: Arithmetic, X: Matrix) -> Matrix:
    """The largest entry of each row."""
    return Matrix(X.rows, 1, _each_row(X, lambda row: largest_entry(N, row).entries))


@function("argmax_rows")
def indicator_of_rows(N: Arithmetic, X: Matrix) -> Matrix:
    """1 at the largest entry of each row and 0 elsewhere."""
    return Matrix(X.rows, X.columns, _each_row(X, lambda row: indicator_of_largest(N, row).entries))


@function("prod_rows", floating=False)
def products_of_rows(N: Arithmetic, X: Matrix) -> Matrix:
    """The product of the entries of each row."""
    return Matrix(X.rows, 1, _each_row(X, lambda row: product_of_entries(N, row).entries))


@function("prod", floating=False)
def product_of_entries(N: Arithmetic, X: Matrix) -> Matrix:
    """The product of all entries."""
    result = N.one
    for x in X.entries:
        result = N.settle([result * x])[0]
    return scalar(result)


@function("tril", floating=False)
def lower_triangle(N: Arithmetic, X: Matrix) -> Matrix:
    """The entries on the diagonal and below it."""
    return Matrix(X.rows, X.columns, [x if k // X.columns >= k % X.columns else 0 for k, x in enumerate(X.entries)])


@function("toeplitz", floating=False)
def toeplitz_matrix(N: Arithmetic, c: Matrix, r: Matrix) -> Matrix:
    """The matrix with the first column c and the first row r, the corner from c, whose diagonals are constant."""
    m, n = c.rows, r.rows
    return Matrix(m, n, [c.entries[i - j] if i >= j else r.entries[j - i] for i in range(m) for j in range(n)])


@function("diagonal_sums", floating=False)
def sums_of_diagonals(N: Arithmetic, X: Matrix) -> Matrix:
    """The sums of the main diagonal and of those below it."""
    sums = [[X.entries[i * X.columns + i - k] for i in range(k, X.rows) if i - k < X.columns] for k in range(X.rows)]
    return Matrix(X.rows, 1, N.settle([sum(s) if s else N.zero for s in sums]))


@function("flipud", floating=False)
def rows_in_reverse(N: Arithmetic, X: Matrix) -> Matrix:
    """The rows from the last."""
    return Matrix(X.rows, X.columns, [x for i in reversed(range(X.rows)) for x in X.row(i)])


@function("roll", floating=False)
def entries_moved_on(N: Arithmetic, x: Matrix, shift: int) -> Matrix:
    """The entries of a column, each so many places on."""
    return Matrix(x.rows, 1, [x.entries[(i - shift) % x.rows] for i in range(x.rows)])


@function("rows", floating=False)
def range_of_rows(N: Arithmetic, X: Matrix, i: int, j: int) -> Matrix:
    """Rows i up to j."""
    if not 0 <= i < j <= X.rows:
        raise Unlucky(f"there is no range from {i} to {j} among {X.rows} rows")
    return Matrix(j - i, X.columns, X.entries[i * X.columns : j * X.columns])


@function("columns", floating=False)
def range_of_columns(N: Arithmetic, X: Matrix, i: int, j: int) -> Matrix:
    """Columns i up to j."""
    return range_of_rows(N, X.transposed(), i, j).transposed()


@function("vstack", floating=False)
def stack(N: Arithmetic, *parts: Matrix) -> Matrix:
    """Matrices one below the other."""
    return Matrix(sum(X.rows for X in parts), parts[0].columns, [x for X in parts for x in X.entries])


@function("hstack", floating=False)
def stack_of_columns(N: Arithmetic, *parts: Matrix) -> Matrix:
    """Matrices side by side."""
    return stack(N, *(X.transposed() for X in parts)).transposed()


@function("vech", floating=False)
def lower_entries(N: Arithmetic, X: Matrix) -> Matrix:
    """The entries on the diagonal and below it, column after column."""
    n = X.rows
    return Matrix(n * (n + 1) // 2, 1, [X.entries[i * n + j] for j in range(n) for i in range(j, n)])


@function("unvech", floating=False)
def symmetric_of_lower(N: Arithmetic, x: Matrix) -> Matrix:
    """The symmetric matrix with these entries on the diagonal and below it."""
    n = round((8 * x.rows + 1) ** 0.5) // 2
    places = {(i, j): k for k, (j, i) in enumerate((j, i) for j in range(n) for i in range(j, n))}
    return Matrix(n, n, [x.entries[places[max(i, j), min(i, j)]] for i in range(n) for j in range(n)])


@function("cross_matrix", floating=False)
def matrix_of_cross(N: Arithmetic, a: Matrix) -> Matrix:
    """The matrix of b ↦ a × b."""
    x, y, z = a.entries
    return Matrix(3, 3, [0, -z, y, z, 0, -x, -y, x, 0])


def _matrix_of(N: Arithmetic, f: Callable[[Matrix], Matrix], rows: int, columns: int = 1) -> Matrix:
    """The matrix of a linear map, columns stacked on both sides."""
    found = []
    for j in range(columns):
        for i in range(rows):
            entries = [N.zero] * (rows * columns)
            entries[i * columns + j] = N.one
            found.append(f(Matrix(rows, columns, entries)).stacked())
    return Matrix(len(found), len(found[0]), [x for column in found for x in column]).transposed()


function("duplication", floating=False)(lambda N, n: _matrix_of(N, lambda x: symmetric_of_lower(N, x), n * (n + 1) // 2))
function("elimination", floating=False)(lambda N, n: _matrix_of(N, lambda X: lower_entries(N, X), n, n))
function("toeplitz_left", floating=False)(
    lambda N, m, n: _matrix_of(N, lambda c: N.function("toeplitz", c, Matrix(n, 1, [N.zero] * n)), m)
)
function("toeplitz_right", floating=False)(
    lambda N, m, n: _matrix_of(N, lambda r: N.function("toeplitz", Matrix(m, 1, [N.zero] * m), r), n)
)
for _word in ("expm", "logm", "sinm", "cosm"):
    function(f"{_word}_kronecker")(lambda N, X, f=f"{_word}_frechet": _matrix_of(N, lambda E: N.function(f, X, E), X.rows, X.rows))
function("expm_kronecker2")(lambda N, X, E: _matrix_of(N, lambda D: N.function("expm_frechet2", X, E, D), X.rows, X.rows))
function("logm_kronecker2")(lambda N, X, E: _matrix_of(N, lambda D: N.function("logm_frechet2", X, E, D), X.rows, X.rows))
function("matpow_kronecker2", floating=False)(
    lambda N, X, k, E: _matrix_of(N, lambda D: N.function("matpow_frechet2", X, k, E, D), X.rows, X.rows)
)
function("matpow_kronecker", floating=False)(
    lambda N, X, k: _matrix_of(N, lambda E: N.function("matpow_frechet", X, k, E), X.rows, X.rows)
)

"""Entries, rows and columns at given positions, counted from 0; triangles; matrices with constant diagonals."""

from matcalc.core.expression import Expr
from matcalc.core.leaves import ones, unit, zeros
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, linear
from matcalc.core.property import LOWER, NONNEG, POSITIVE, SYMMETRIC, UPPER
from matcalc.core.size import ONE
from matcalc.operations.kronecker import vec
from matcalc.operations.shapes import diag, diagonal

_KEEPS = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_TOEPLITZ = """def toeplitz(c, r=None):
    r = c if r is None else r
    values = np.concatenate((r[:0:-1], c))
    return values[np.arange(len(c))[:, None] - np.arange(len(r)) + len(r) - 1]"""
_SUMS = """def diagonal_sums(X):
    return np.array([np.trace(X, -k) for k in range(len(X))])"""


def _is_beyond(*axes: int) -> Domain:
    """Refuses positions at which a known size has no entry."""

    def beyond(X: Expr, **positions: int) -> bool:
        sizes = [X.shape[axis].number() for axis in axes]
        return any(size is not None and k >= size for size, k in zip(sizes, positions.values(), strict=True))

    return Domain("there is no entry at this position; positions count from 0", "never", when=beyond)


@definition(
    "m->", word="[i]", is_linear=True, notation=Notation(numpy="{0}[{1}]"), gives=_KEEPS, cost=1, domain=(_is_beyond(0),), cite="definition",
)  # fmt: skip
def entry_of_vector(x: Expr, *, i: int) -> Expr:
    """One entry of a vector, e_iᵀx."""
    return unit(i, x.shape[0]).T @ x


@definition(
    "mn->", word="[i, j]", is_linear=True, notation=Notation(numpy="{0}[{1}, {2}]"), gives=_KEEPS, cost=1, domain=(_is_beyond(0, 1),),
    cite="definition",
)  # fmt: skip
def entry(X: Expr, *, i: int, j: int) -> Expr:
    """One entry of a matrix, e_iᵀX e_j."""
    return unit(i, X.shape[0]).T @ X @ unit(j, X.shape[1])


@definition(
    "mn->n", word="[i, :]", aliases=("[i]",), is_linear=True,
    notation=Notation(numpy="{0}[{1}]"), gives=_KEEPS, cost=1, domain=(_is_beyond(0),), cite="definition",
)  # fmt: skip
def row(X: Expr, *, i: int) -> Expr:
    """One row of a matrix, as a vector: Xᵀe_i."""
    return X.T @ unit(i, X.shape[0])


@definition(
    "mn->m", word="[:, i]", is_linear=True, notation=Notation(numpy="{0}[:, {1}]"), gives=_KEEPS, cost=1, domain=(_is_beyond(1),),
    cite="definition",
)  # fmt: skip
def column(X: Expr, *, i: int) -> Expr:
    """One column of a matrix, X e_i."""
    return X @ unit(i, X.shape[1])


@linear(
    "mn->mn", options={"k": (None, 0)}, positional=True,
    notation=Notation(numpy="np.tril"), value=lambda N, X: N.function("tril", X),
    gives={LOWER: (), NONNEG: (NONNEG,), UPPER: (UPPER,)}, stacked=lambda position, X: diag(vec(OPERATIONS["tril"](ones(X.shape)))), cite="definition",
)  # fmt: skip
def tril(X: Expr, G: Expr) -> Expr:
    """The diagonal of a matrix and what is below it, zeros above."""
    return tril(G)


@linear(
    "mn->mn", options={"k": (None, 0)}, positional=True, notation=Notation(numpy="np.triu"), value=lambda N, X: N.function("tril", X.transposed()).transposed(),
    gives={UPPER: (), NONNEG: (NONNEG,), LOWER: (LOWER,)}, stacked=lambda position, X: diag(vec(OPERATIONS["triu"](ones(X.shape)))), cite="definition",
)  # fmt: skip
def triu(X: Expr, G: Expr) -> Expr:
    """The diagonal of a matrix and what is above it, zeros below."""
    return triu(G)


@definition(
    "nn->nn", word="tril", options={"k": -1}, positional=True, is_linear=True, gives={LOWER: (), NONNEG: (NONNEG,)}, cite="definition",
    notation=Notation("tril₋₁", r"\operatorname{tril}_{-1}", "np.tril({0}, -1)"),
)  # fmt: skip
def below_diagonal(X: Expr) -> Expr:
    """What is below the diagonal of a square matrix, zeros elsewhere."""
    return tril(X) - diag(diagonal(X))


@definition(
    "nn->nn", word="triu", options={"k": 1}, positional=True, is_linear=True, gives={UPPER: (), NONNEG: (NONNEG,)}, cite="definition",
    notation=Notation("triu₁", r"\operatorname{triu}_1", "np.triu({0}, 1)"),
)  # fmt: skip
def above_diagonal(X: Expr) -> Expr:
    """What is above the diagonal of a square matrix, zeros elsewhere."""
    return triu(X) - diag(diagonal(X))


@definition("n->n", is_linear=True, notation=Notation(numpy="np.cumsum"), gives=_KEEPS, cite="definition")
def cumsum(x: Expr) -> Expr:
    """Cumulative sums of a vector: each entry is the sum of those up to it."""
    return tril(ones((x.shape[0], x.shape[0]))) @ x


@linear(
    "m,n->mn", notation=Notation(None, None, "toeplitz({0}, {1})", helper=_TOEPLITZ), value=lambda N, c, r: N.function("toeplitz", c, r), stacked=lambda place, c, r: OPERATIONS["toeplitz_right" if place else "toeplitz_left"](m=c.shape[0], n=r.shape[0]),
    gives=_KEEPS, cite="Matrix Cookbook (143)",
)  # fmt: skip
def toeplitz(c: Expr, r: Expr, G: Expr) -> tuple[Expr, Expr]:
    """The matrix with the first column c and the first row r (but for its first entry) whose diagonals are constant."""
    first = unit(0, r.shape[0])
    return diagonal_sums(G), diagonal_sums(G.T) * (ones(r.shape) - first)


@definition(
    "n->nn", word="toeplitz", is_linear=True, notation=Notation("toeplitz", r"\operatorname{toeplitz}", "toeplitz", helper=_TOEPLITZ),
    gives=_KEEPS | {SYMMETRIC: ()}, cite="Matrix Cookbook (144)",
)  # fmt: skip
def symmetric_toeplitz(c: Expr) -> Expr:
    """The symmetric matrix with the first column c whose diagonals are constant."""
    return toeplitz(c, c)


@linear(
    "mn->m", notation=Notation(None, r"\operatorname{diagonal\_sums}", "diagonal_sums", helper=_SUMS),
    value=lambda N, X: N.function("diagonal_sums", X), stacked=lambda place, X: OPERATIONS["toeplitz_left"](m=X.shape[0], n=X.shape[1]).T, gives={NONNEG: (NONNEG,)}, cite="the adjoint of c ↦ toeplitz(c, 0)",
)  # fmt: skip
def diagonal_sums(X: Expr, G: Expr) -> Expr:
    """The sums of the main diagonal and of the diagonals below it, as many as there are rows."""
    return toeplitz(G, zeros((X.shape[1], ONE)))

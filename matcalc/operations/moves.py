"""Rows and entries in another order, differences between neighbours, circulant matrices, blocks on a diagonal."""

from matcalc.core.expression import Expr, plain
from matcalc.core.leaves import identity, zeros
from matcalc.core.operation import OPERATIONS, Notation, definition, linear
from matcalc.core.property import DIAGONAL, INVERTIBLE, LOWER, NONNEG, ORTHOGONAL, PD, POSITIVE, PSD, SKEW, SYMMETRIC, UPPER
from matcalc.core.size import Size
from matcalc.operations.blocks import hstack, rows, vstack
from matcalc.operations.selections import toeplitz

_KEEPS = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_BLOCKS = (SYMMETRIC, PD, PSD, DIAGONAL, SKEW, ORTHOGONAL, UPPER, LOWER, INVERTIBLE, NONNEG)


def _flipped_twice(X: Expr) -> Expr | None:
    """What comes of it the second time."""
    return X.args[0] if X.op.name == "flipud" else None


@linear(
    "mn->mn", value=lambda N, X: N.function("flipud", X), rowwise=True, form=_flipped_twice, gives=_KEEPS,
    stacked=lambda place, X: OPERATIONS["kron"](identity(X.shape[1]), OPERATIONS["flipud"](identity(X.shape[0]))),
    notation=Notation("flipud", r"\operatorname{flipud}", "np.flipud({0})"), cite="Golub & Van Loan 2013, §1.2",
)  # fmt: skip
def flipud(X: Expr, G: Expr) -> Expr:
    """Rows of a matrix, or entries of a vector, in reverse."""
    return OPERATIONS["flipud"](G)


@definition("mn->mn", is_linear=True, gives=_KEEPS, notation=Notation("fliplr", r"\operatorname{fliplr}", "np.fliplr({0})"), cite="definition")
def fliplr(X: Expr) -> Expr:
    """Columns of a matrix in reverse."""
    return flipud(X.T).T


@definition("n->n", is_linear=True, gives=_KEEPS, notation=Notation("flip", r"\operatorname{flip}", "np.flip({0})"), cite="definition")
def flip(x: Expr) -> Expr:
    """Entries of a vector in reverse."""
    return flipud(x)


def _rolled(x: Expr, *, shift: int) -> Expr | None:
    """Nothing is moved by 0; two moves are one."""
    if shift == 0:
        return x
    return plain(x.op, x.args[0], shift=shift + x["shift"]) if x.op.name == "roll" else None


def _turned(n: Size, shift: int) -> Expr:
    """The permutation matrix: the last rows of the identity, and those before them."""
    cut = n + -shift if shift > 0 else Size.of(-shift)
    return vstack(rows(identity(n), i=cut, j=n), rows(identity(n), i=Size.of(0), j=cut)) if shift else identity(n)


@linear(
    "n->n", value=lambda N, x, shift: N.function("roll", x, shift), form=_rolled, gives=_KEEPS,
    stacked=lambda place, x, shift: _turned(x.shape[0], shift), notation=Notation("roll", r"\operatorname{roll}", "np.roll({0}, {1})"),
    cite="Golub & Van Loan 2013, §1.4",
)  # fmt: skip
def roll(x: Expr, G: Expr, *, shift: int) -> Expr:
    """Entries of a vector moved on by so many places, the last ones to the front."""
    return plain(OPERATIONS["roll"], G, shift=-shift)


@definition(
    "n->(n-1)", is_linear=True, notation=Notation("diff", r"\operatorname{diff}", "np.diff({0})"), room=lambda x: (x.shape[0] + -1,), cite="definition",
)  # fmt: skip
def diff(x: Expr) -> Expr:
    """Differences of neighbours, x[1:] − x[:-1]."""
    start, end = Size.of(0), x.shape[0]
    return rows(x, i=Size.of(1), j=end) - rows(x, i=start, j=end + -1)


@definition(
    "n->nn", is_linear=True, gives=_KEEPS, notation=Notation("circulant", r"\operatorname{circ}", "sp.linalg.circulant({0})"),
    cite="Golub & Van Loan 2013, §4.8",
)  # fmt: skip
def circulant(c: Expr) -> Expr:
    """Circulant matrix with the first column c: each column is the one before it, moved down by one."""
    return toeplitz(c, roll(flipud(c), shift=1))


@definition(
    "ij,kl->(i+k)(j+l)", is_linear=True, gives={p: (p,) for p in _BLOCKS}, notation=Notation("blockdiag", r"\operatorname{blockdiag}", "sp.linalg.block_diag({0}, {1})"),
    cite="Magnus & Neudecker 2019, §1.11",
)  # fmt: skip
def block_diag(A: Expr, B: Expr) -> Expr:
    """Matrix with the blocks A and B on its diagonal, and zeros elsewhere."""
    return vstack(hstack(A, zeros((A.shape[0], B.shape[1]))), hstack(zeros((B.shape[0], A.shape[1])), B))

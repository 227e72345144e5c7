"""Sums and means, over all entries and along an axis, as NumPy counts axes: axis 0 runs over rows, axis 1 over columns."""

from matcalc.core.builders import call
from matcalc.core.expression import Expr
from matcalc.core.leaves import ones, size_number
from matcalc.core.operation import Notation, definition, multilinear
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.core.size import ONE
from matcalc.operations.scalars import sum_

_KEEPS = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_CITE = "Magnus & Neudecker 2019, §1.7"


@multilinear(
    "mn->m", word="sum", options={"axis": (1, -1)}, notation=Notation(numpy="{0}.sum(1)"), gives=_KEEPS, cite=_CITE,
)  # fmt: skip
def row_sums(X: Expr, G: Expr) -> Expr:
    """Sums of the rows of a matrix, X 1."""
    return G @ ones((ONE, X.shape[1]))


@multilinear(
    "mn->n", word="sum", options={"axis": (0, -2)}, notation=Notation(numpy="{0}.sum(0)"), gives=_KEEPS, cite=_CITE,
)  # fmt: skip
def column_sums(X: Expr, G: Expr) -> Expr:
    """Sums of the columns of a matrix, Xᵀ1."""
    return ones((X.shape[0], ONE)) @ G.T


@definition("mn->", is_linear=True, entrywise=True, notation=Notation(numpy="np.mean({0})"), gives=_KEEPS, cite="definition")
def mean(X: Expr) -> Expr:
    """Mean of all entries."""
    return sum_(X) / call("scale", *map(size_number, X.shape))


@definition(
    "mn->m", word="mean", options={"axis": (1, -1)}, is_linear=True,
    notation=Notation("mean_rows", r"\operatorname{mean}_{\mathrm{rows}}", "{0}.mean(1)"), gives=_KEEPS, cite="definition",
)  # fmt: skip
def row_means(X: Expr) -> Expr:
    """Means of the rows of a matrix."""
    return row_sums(X) / size_number(X.shape[1])


@definition(
    "mn->n", word="mean", options={"axis": (0, -2)}, is_linear=True,
    notation=Notation("mean_columns", r"\operatorname{mean}_{\mathrm{columns}}", "{0}.mean(0)"), gives=_KEEPS, cite="definition",
)  # fmt: skip
def column_means(X: Expr) -> Expr:
    """Means of the columns of a matrix."""
    return column_sums(X) / size_number(X.shape[0])

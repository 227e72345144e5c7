"""Functions of a whole vector, or of each row or column of a matrix, that are built on the exponential."""

from matcalc.core.expression import Expr
from matcalc.core.leaves import ones
from matcalc.core.operation import Notation, definition, operation
from matcalc.core.property import POSITIVE, PROBABILITY
from matcalc.core.size import ONE
from matcalc.operations.axes import column_sums, row_sums
from matcalc.operations.functions import exp, log
from matcalc.operations.scalars import sum_
from matcalc.operations.shapes import diag

_SOFTMAX = """def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()"""
_ROWS = """def softmax_rows(X):
    E = np.exp(X - X.max(1, keepdims=True))
    return E / E.sum(1, keepdims=True)"""
_COLUMNS = """def softmax_columns(X):
    E = np.exp(X - X.max(0, keepdims=True))
    return E / E.sum(0, keepdims=True)"""
_BETWEEN = {PROBABILITY: (), POSITIVE: ()}


@operation(
    "n->n", notation=Notation(None, None, "softmax", helper=_SOFTMAX), defining=lambda x: exp(x) / sum_(exp(x)),
    gives=_BETWEEN, letters="p q", cite="definition; Bridle 1990",
)  # fmt: skip
def softmax(x: Expr, dx: Expr) -> Expr:
    """Softmax exp(x)/sum(exp(x)) of a vector."""
    s = softmax(x)
    return s * dx - (s.T @ dx) * s


@operation(
    "mn->mn", word="softmax", options={"axis": (1, -1)},
    notation=Notation("softmax_rows", r"\operatorname{softmax}_{\mathrm{rows}}", "softmax_rows", helper=_ROWS),
    defining=lambda X: diag(row_sums(exp(X)) ** -1) @ exp(X), gives=_BETWEEN, letters="p q", cite="definition; Bridle 1990",
)  # fmt: skip
def row_softmax(X: Expr, dX: Expr) -> Expr:
    """Softmax of each row of a matrix."""
    S = row_softmax(X)
    return S * dX - diag(row_sums(S * dX)) @ S


@operation(
    "mn->mn", word="softmax", options={"axis": (0, -2)},
    notation=Notation("softmax_columns", r"\operatorname{softmax}_{\mathrm{columns}}", "softmax_columns", helper=_COLUMNS),
    defining=lambda X: exp(X) @ diag(column_sums(exp(X)) ** -1), gives=_BETWEEN, letters="p q", cite="definition; Bridle 1990",
)  # fmt: skip
def column_softmax(X: Expr, dX: Expr) -> Expr:
    """Softmax of each column of a matrix."""
    S = column_softmax(X)
    return S * dX - S @ diag(column_sums(S * dX))


@operation(
    "n->", notation=Notation(numpy="np.logaddexp.reduce({0})"), defining=lambda x: log(sum_(exp(x))), cite="definition",
)  # fmt: skip
def logsumexp(x: Expr, dx: Expr) -> Expr:
    """Logarithm of the sum of the exponentials of a vector, log(sum(exp(x)))."""
    return softmax(x).T @ dx


@operation(
    "mn->m", word="logsumexp", options={"axis": (1, -1)},
    notation=Notation("logsumexp_rows", r"\operatorname{logsumexp}_{\mathrm{rows}}", "np.logaddexp.reduce({0}, axis=1)"),
    defining=lambda X: log(row_sums(exp(X))), cite="definition",
)  # fmt: skip
def row_logsumexp(X: Expr, dX: Expr) -> Expr:
    """Logarithm of the sum of the exponentials of each row."""
    return row_sums(row_softmax(X) * dX)


@operation(
    "mn->n", word="logsumexp", options={"axis": (0, -2)},
    notation=Notation("logsumexp_columns", r"\operatorname{logsumexp}_{\mathrm{columns}}", "np.logaddexp.reduce({0}, axis=0)"),
    defining=lambda X: log(column_sums(exp(X))), cite="definition",
)  # fmt: skip
def column_logsumexp(X: Expr, dX: Expr) -> Expr:
    """Logarithm of the sum of the exponentials of each column."""
    return column_sums(column_softmax(X) * dX)


@definition("n->n", notation=Notation(numpy="sp.special.log_softmax"), aliases=("logsoftmax",), cite="definition")
def log_softmax(x: Expr) -> Expr:
    """Logarithm of the softmax of a vector, x − logsumexp(x)."""
    return x - logsumexp(x) * ones(x.shape)


@definition(
    "mn->mn", word="log_softmax", options={"axis": (1, -1)}, aliases=("logsoftmax",), cite="definition",
    notation=Notation("log_softmax_rows", r"\operatorname{log\_softmax}_{\mathrm{rows}}", "sp.special.log_softmax({0}, axis=1)"),
)  # fmt: skip
def row_log_softmax(X: Expr) -> Expr:
    """Logarithm of the softmax of each row."""
    return X - row_logsumexp(X) @ ones((ONE, X.shape[1]))


@definition(
    "mn->mn", word="log_softmax", options={"axis": (0, -2)}, aliases=("logsoftmax",), cite="definition",
    notation=Notation("log_softmax_columns", r"\operatorname{log\_softmax}_{\mathrm{columns}}", "sp.special.log_softmax({0}, axis=0)"),
)  # fmt: skip
def column_log_softmax(X: Expr) -> Expr:
    """Logarithm of the softmax of each column."""
    return X - ones((X.shape[0], ONE)) @ column_logsumexp(X).T

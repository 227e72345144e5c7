"""The largest, the smallest and the product of the entries, cumulative sums and norms of each row or column of a matrix."""

from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.leaves import ones, value_of, zeros
from matcalc.core.operation import Domain, Notation, definition, operation
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.operations.axes import column_sums, row_sums
from matcalc.operations.functions import abs_
from matcalc.operations.selections import tril, triu

_SAME = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_SIZE = {NONNEG: ()}
_ROWS, _COLUMNS = (1, -1), (0, -2)
_INDICATOR = """def argmax_rows(X):
    found = np.zeros(X.shape)
    found[np.arange(len(X)), X.argmax(1)] = 1.0
    return found"""
_ONE_LARGEST = Domain("each row of {0} has one largest entry", "kink", "of equal ones the first is chosen", r"\text{each row of }{0}\text{ has one largest entry}")


@operation(
    "mn->mn", notation=Notation("argmax_rows", r"e_{\arg\max}^{\mathrm{rows}}", "argmax_rows", helper=_INDICATOR),
    value=lambda N, X: N.function("argmax_rows", X), gives={NONNEG: ()}, domain=(_ONE_LARGEST,), cite="definition",
)  # fmt: skip
def argmax_rows(X: Expr, dX: Expr) -> Expr:
    """Indicator of the largest entry of each row: 1 there and 0 elsewhere."""
    return zeros(X.shape)


@operation(
    "mn->m", word="max", options={"axis": _ROWS}, notation=Notation("max_rows", r"\max_{\mathrm{rows}}", "{0}.max(1)"), gives=_SAME,
    value=lambda N, X: N.function("max_rows", X), domain=(_ONE_LARGEST,), cite="Danskin's theorem",
)  # fmt: skip
def row_max(X: Expr, dX: Expr) -> Expr:
    """Largest entry of each row."""
    return row_sums(argmax_rows(X) * dX)


@definition(
    "mn->n", word="max", options={"axis": _COLUMNS}, notation=Notation("max_columns", r"\max_{\mathrm{columns}}", "{0}.max(0)"), gives=_SAME,
    cite="definition",
)  # fmt: skip
def column_max(X: Expr) -> Expr:
    """Largest entry of each column."""
    return row_max(X.T)


@definition(
    "mn->m", word="min", options={"axis": _ROWS}, notation=Notation("min_rows", r"\min_{\mathrm{rows}}", "{0}.min(1)"), gives=_SAME,
    cite="definition",
)  # fmt: skip
def row_min(X: Expr) -> Expr:
    """Smallest entry of each row, −max(−X)."""
    return -row_max(-X)


@definition(
    "mn->n", word="min", options={"axis": _COLUMNS}, notation=Notation("min_columns", r"\min_{\mathrm{columns}}", "{0}.min(0)"), gives=_SAME,
    cite="definition",
)  # fmt: skip
def column_min(X: Expr) -> Expr:
    """Smallest entry of each column."""
    return -row_max(-(X.T))


@operation(
    "mn->m", word="prod", options={"axis": _ROWS}, notation=Notation("prod_rows", r"\operatorname{prod}_{\mathrm{rows}}", "{0}.prod(1)"),
    value=lambda N, X: N.function("prod_rows", X), gives=_SAME, domain=(Domain("{0} ≠ 0", "form", latex=r"{0} \neq 0"),), cite="definition",
)  # fmt: skip
def row_prod(X: Expr, dX: Expr) -> Expr:
    """Product of the entries of each row."""
    return row_prod(X) * row_sums(X**-1 * dX)


@definition(
    "mn->n", word="prod", options={"axis": _COLUMNS}, notation=Notation("prod_columns", r"\operatorname{prod}_{\mathrm{columns}}", "{0}.prod(0)"),
    gives=_SAME, cite="definition",
)  # fmt: skip
def column_prod(X: Expr) -> Expr:
    """Product of the entries of each column."""
    return row_prod(X.T)


@definition(
    "mn->mn", word="cumsum", options={"axis": _COLUMNS}, is_linear=True, gives=_SAME, cite="definition",
    notation=Notation("cumsum_columns", r"\operatorname{cumsum}_{\mathrm{columns}}", "np.cumsum({0}, axis=0)"),
)  # fmt: skip
def column_cumsum(X: Expr) -> Expr:
    """Cumulative sums down each column."""
    return tril(ones((X.shape[0], X.shape[0]))) @ X


@definition(
    "mn->mn", word="cumsum", options={"axis": _ROWS}, is_linear=True, gives=_SAME, cite="definition",
    notation=Notation("cumsum_rows", r"\operatorname{cumsum}_{\mathrm{rows}}", "np.cumsum({0}, axis=1)"),
)  # fmt: skip
def row_cumsum(X: Expr) -> Expr:
    """Cumulative sums along each row."""
    return X @ triu(ones((X.shape[1], X.shape[1])))


def _norm(order: str, axis: int) -> dict[str, object]:
    """The facts of a norm of this order along an axis."""
    options = {"ord": "inf" if order == "inf" else int(order), "axis": _ROWS if axis else _COLUMNS}
    where, sign = ("rows" if axis else "columns"), ("∞" if order == "inf" else "₁")
    latex = rf"\lVert {{0}} \rVert_{{{{{order.replace('inf', chr(92) + 'infty')}}}}}^{{{{\mathrm{{{{{where}}}}}}}}}"
    code = f"np.linalg.norm({{0}}, {'np.inf' if order == 'inf' else order}, axis={axis})"
    return {
        "word": "norm", "options": options, "positional": True, "gives": _SIZE, "cite": "definition",
        "notation": Notation(f"‖{{0}}‖{sign}_{where}", latex, code),
    }  # fmt: skip


@definition("mn->m", **_norm("1", 1))
def row_sum_norms(X: Expr) -> Expr:
    """Sums of the absolute values of each row."""
    return row_sums(abs_(X))


@definition("mn->n", **_norm("1", 0))
def column_sum_norms(X: Expr) -> Expr:
    """Sums of the absolute values of each column."""
    return column_sums(abs_(X))


@definition("mn->m", **_norm("inf", 1))
def row_max_norms(X: Expr) -> Expr:
    """Largest absolute value in each row."""
    return row_max(abs_(X))


@definition("mn->n", **_norm("inf", 0))
def column_max_norms(X: Expr) -> Expr:
    """Largest absolute value in each column."""
    return row_max(abs_(X.T))


def _is_zero(X: Expr, p: Expr) -> bool:
    return value_of(p) == 0


def _order(axis: int) -> dict[str, Any]:
    """The facts of a norm of order p along an axis."""
    where = "row" if axis else "column"
    whole = rf"\text{{{{no {where} of }}}}{{0}}\text{{{{ is }}}}0"
    return {
        "word": "norm", "options": {"axis": _ROWS if axis else _COLUMNS}, "exact": (1,), "gives": _SIZE, "cite": "definition",
        "notation": Notation(f"‖{{0}}‖_{{1}}_{where}s", rf"\lVert {{0}} \rVert_{{{{1}}}}^{{{{\mathrm{{{{{where}s}}}}}}}}", f"np.linalg.norm({{0}}, {{1}}, axis={axis})"),
        "domain": (
            Domain("a norm of order 0 has no derivative", "never", when=_is_zero), Domain(f"no {where} of {{0}} is 0", latex=whole),
        ),
    }  # fmt: skip


@definition("mn,->m", **_order(1))
def row_order_norms(X: Expr, p: Expr) -> Expr:
    """Norms of each row, of the order p."""
    return row_sums(abs_(X) ** p) ** (1 / p)


@definition("mn,->n", **_order(0))
def column_order_norms(X: Expr, p: Expr) -> Expr:
    """Norms of each column, of the order p."""
    return column_sums(abs_(X) ** p) ** (1 / p)

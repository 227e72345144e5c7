"""Norms."""

from fractions import Fraction

from matcalc.core.builders import inner_product, minus
from matcalc.core.expression import Expr
from matcalc.core.leaves import is_zero_leaf, value_of
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, operation
from matcalc.core.property import NONNEG
from matcalc.core.reality import is_real
from matcalc.operations.axes import column_sums, row_sums
from matcalc.operations.complexes import conj, conjugated, real
from matcalc.operations.extremes import argmax_indicator, max_
from matcalc.operations.functions import abs_, direction, log, sign
from matcalc.operations.scalars import sum_

_HALF = Fraction(1, 2)
_KINK = (Domain("{0} ≠ 0", "kink", "sign(0) = 0 picks one generalized gradient", r"{0} \neq 0"),)
_LARGEST = (
    Domain("|{0}| has one largest entry", "kink", "of equal ones the first is chosen", r"\lvert {0} \rvert\text{ has one largest entry}"),
)  # fmt: skip


def _squares(X: Expr) -> Expr:
    """|x|² of every entry, for evaluation."""
    return X**2 if is_real(X) else real(conj(X) * X)


def _squared(X: Expr) -> Expr:
    """‖X‖², for evaluation."""
    return inner_product(X, X) if is_real(X) else real(inner_product(conj(X), X))


@operation(
    "mn->", options={"ord": (None, "fro")}, positional=True, entrywise=True, over_complex="modulus",
    transposition="invariant", notation=Notation("‖{0}‖", r"\lVert {0} \rVert", "np.linalg.norm"), parity="even", gives={NONNEG: ()},
    defining=lambda X: _squared(X) ** 0.5, domain=(Domain("{0} ≠ 0", latex=r"{0} \neq 0"),),
    implicit=lambda X: (OPERATIONS["norm"](X) ** 2, inner_product(conjugated(X), X)), cite="Matrix Cookbook (129), (130)",
)  # fmt: skip
def norm(X: Expr, dX: Expr) -> Expr:
    """Euclidean norm of a vector, Frobenius norm of a matrix."""
    return inner_product(conjugated(X), dX) / norm(X)


@definition(
    "n->", word="norm", options={"ord": 2}, positional=True, notation=Notation("‖{0}‖", r"\lVert {0} \rVert", "np.linalg.norm"),
    gives={NONNEG: ()}, cite="definition",
)  # fmt: skip
def euclidean_norm(x: Expr) -> Expr:
    """Euclidean norm of a vector, said by its order."""
    return norm(x)


@operation(
    "n->", word="norm", options={"ord": 1}, positional=True, over_complex="modulus", gives={NONNEG: ()}, parity="even", defining=lambda x: sum_(abs_(x)),
    notation=Notation("‖{0}‖₁", r"\lVert {0} \rVert_{1}", "np.linalg.norm({0}, 1)"), domain=_KINK, cite="definition",
)  # fmt: skip
def sum_norm(x: Expr, dx: Expr) -> Expr:
    """Sum of the absolute values of a vector."""
    return direction(x).T @ dx


@operation(
    "n->", word="norm", options={"ord": "inf"}, positional=True, gives={NONNEG: ()}, parity="even", defining=lambda x: max_(abs_(x)),
    notation=Notation("‖{0}‖∞", r"\lVert {0} \rVert_{\infty}", "np.linalg.norm({0}, np.inf)"), domain=_LARGEST, cite="Danskin's theorem",
)  # fmt: skip
def max_norm(x: Expr, dx: Expr) -> Expr:
    """Largest absolute value of a vector."""
    return (sign(x) * argmax_indicator(abs_(x))).T @ dx


def _is_zero(x: Expr, p: Expr) -> bool:
    return value_of(p) == 0


@operation(
    "n,->", word="norm", exact=(1,), gives={NONNEG: ()}, parity="",
    notation=Notation("‖{0}‖_{1}", r"\lVert {0} \rVert_{{1}}", "np.linalg.norm({0}, {1})"),
    defining=lambda x, p: sum_(abs_(x) ** p) ** (1 / p), cite="definition",
    domain=(Domain("a norm of order 0 has no derivative", "never", when=_is_zero), Domain("{0} ≠ 0", latex=r"{0} \neq 0")),
)  # fmt: skip
def order_norm(x: Expr, p: Expr, dx: Expr, dp: Expr) -> Expr:
    """Norm of a vector of the order p, sum(abs(x)**p)**(1/p)."""
    whole, size = order_norm(x, p), abs_(x)
    along = (sign(x) * size ** minus(p, 1)).T @ dx / whole ** minus(p, 1)
    if is_zero_leaf(dp):
        return along
    return along + whole / p * ((size**p).T @ log(size) / whole**p - log(whole)) * dp


@operation(
    "mn->m", word="norm", options={"ord": (None, 2), "axis": (1, -1)}, positional=True, over_complex="modulus", gives={NONNEG: ()}, parity="even", defining=lambda X: row_sums(_squares(X)) ** _HALF,
    notation=Notation("‖{0}‖_rows", r"\lVert {0} \rVert_{\mathrm{rows}}", "np.linalg.norm({0}, axis=1)"),
    domain=(Domain("no row of {0} is 0", latex=r"\text{no row of }{0}\text{ is }0"),), cite="definition",
)  # fmt: skip
def row_norms(X: Expr, dX: Expr) -> Expr:
    """Euclidean norms of the rows of a matrix."""
    return row_sums(conjugated(X) * dX) / row_norms(X)


@operation(
    "mn->n", word="norm", options={"ord": (None, 2), "axis": (0, -2)}, positional=True, over_complex="modulus", gives={NONNEG: ()}, parity="even", defining=lambda X: column_sums(_squares(X)) ** _HALF,
    notation=Notation("‖{0}‖_columns", r"\lVert {0} \rVert_{\mathrm{columns}}", "np.linalg.norm({0}, axis=0)"),
    domain=(Domain("no column of {0} is 0", latex=r"\text{no column of }{0}\text{ is }0"),), cite="definition",
)  # fmt: skip
def column_norms(X: Expr, dX: Expr) -> Expr:
    """Euclidean norms of the columns of a matrix."""
    return column_sums(conjugated(X) * dX) / column_norms(X)

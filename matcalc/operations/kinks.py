"""Functions of entries that are made of pieces: comparisons, the larger and the smaller, choices between two.

A comparison is 1 where it holds and 0 elsewhere, 1[x > y].  At a kink a derivative is a generalized one: 1[0 > 0] = 0.
"""

from collections.abc import Callable
from fractions import Fraction
from operator import ge, gt, ne
from typing import Any

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, SYMBOL, is_zero_leaf, ones, value_of, zeros
from matcalc.core.operation import Domain, Notation, elementwise
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.core.terms import is_ones

_STEADY = "1[·] is constant near every other point, and its derivative is taken as 0"
_CHOICE = "1[0 > 0] = 0 picks one generalized gradient"
_ALL = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}


def _difference(X: Expr, Y: Expr, *_: Expr) -> Expr:
    """X − Y, whose sign decides."""
    return X if is_zero_leaf(Y) else -Y if is_zero_leaf(X) else X - Y


def _kink(choice: str, subject: Any = _difference, when: Any = None) -> Domain:
    return Domain("{0} ≠ 0", "kink", choice, r"{0} \neq 0", when=when, subject=subject)


def _indicator(N: Any, x: Any, y: Any = 0) -> Any:
    """1 where x > y, else 0."""
    s = N.compared(x, y)
    return N.divide(s * s + s, 2)


def _told_apart(X: Expr, Y: Expr, holds: Callable[[Fraction, Fraction], bool]) -> Expr | None:
    """The indicator of a comparison of equals, of numbers, or of a maximum with what it is of: 0 or 1 everywhere."""
    if holds is ge and _is_bound(X, Y):
        return ones(X.shape)
    if holds is gt and _is_bound(Y, X):
        return zeros(X.shape)
    known = (value_of(X), value_of(Y)) if X is not Y else (Fraction(0), Fraction(0))
    if known[0] is None or known[1] is None:
        return None
    return ones(X.shape) if holds(known[0], known[1]) else zeros(X.shape)


def _is_bound(X: Expr, Y: Expr) -> bool:
    """Whether X ≥ Y always, as max(Y, Z) ≥ Y and Y ≥ min(Y, Z)."""
    return (X.op.name == "maximum" and Y in X.args) or (Y.op.name == "minimum" and X in Y.args)


def _one_of_equals(X: Expr, Y: Expr) -> Expr | None:
    """The larger or the smaller of two that are the same."""
    return X if X is Y else None


def _larger(N: Any, x: Any, y: Any) -> Any:
    return _chosen(_indicator(N, x, y), x, y)


def _chosen(k: Any, x: Any, y: Any) -> Any:
    """x where k is 1 and y where it is 0, to the last digit: a comparison with it may follow."""
    return k * x + (1 - k) * y


@elementwise(
    notation=Notation("1[{0} > {1}]", r"\mathbf 1\left[{0} > {1}\right]", "np.where({0} > {1}, 1.0, 0.0)"),
    value=lambda N, x, y: _indicator(N, x, y), domain=(_kink(_STEADY),), gives={NONNEG: ()}, cite="definition",
    form=lambda X, Y: _told_apart(X, Y, gt),
)  # fmt: skip
def greater(X: Expr, Y: Expr) -> tuple[Expr, Expr]:
    """Indicator of x > y for every entry: 1 where it holds and 0 elsewhere."""
    return zeros(X.shape), zeros(Y.shape)


@elementwise(
    notation=Notation("1[{0} ≥ {1}]", r"\mathbf 1\left[{0} \geq {1}\right]", "np.where({0} >= {1}, 1.0, 0.0)"),
    value=lambda N, x, y: 1 - _indicator(N, y, x), domain=(_kink(_STEADY),), gives={NONNEG: ()}, cite="definition",
    form=lambda X, Y: _told_apart(X, Y, ge),
)  # fmt: skip
def greater_equal(X: Expr, Y: Expr) -> tuple[Expr, Expr]:
    """Indicator of x ≥ y for every entry: 1 where it holds and 0 elsewhere."""
    return zeros(X.shape), zeros(Y.shape)


@elementwise(
    notation=Notation(None, r"\operatorname{ReLU}", "np.maximum({0}, 0)"), value=lambda N, x: _indicator(N, x) * x,
    domain=(_kink(_CHOICE, lambda X: X),), gives={NONNEG: (), POSITIVE: (POSITIVE,)}, aliases=("ReLU",), cite="definition",
)  # fmt: skip
def relu(X: Expr) -> Expr:
    """Positive part of every entry, max(x, 0)."""
    return greater(X, 0)


@elementwise(
    notation=Notation("max", r"\max", "np.maximum"), aliases=("max", "fmax"), value=_larger, form=_one_of_equals,
    domain=(_kink(_CHOICE),), gives=_ALL, at_least=True, cite="definition",
)  # fmt: skip
def maximum(X: Expr, Y: Expr) -> tuple[Expr, Expr]:
    """Larger of two numbers, entry by entry."""
    return greater(X, Y), _other(Y, X)


@elementwise(
    notation=Notation("min", r"\min", "np.minimum"), aliases=("min", "fmin"), value=lambda N, x, y: -_larger(N, -x, -y), form=_one_of_equals,
    domain=(_kink(_CHOICE),), gives=_ALL, cite="definition",
)  # fmt: skip
def minimum(X: Expr, Y: Expr) -> tuple[Expr, Expr]:
    """Smaller of two numbers, entry by entry."""
    return greater(Y, X), _other(X, Y)


def _other(X: Expr, Y: Expr, beside: Expr | None = None) -> Expr:
    """1[X > Y] beside 1[Y > X]; where both may move, one of them has the tie, so that a generalized gradient comes out.

    What moves beside the first is the second, unless it is said.
    """
    fixed = all(e.op is not SYMBOL for e in postorder(Y if beside is None else beside))
    return greater(X, Y) if fixed else greater_equal(X, Y)


@elementwise(
    notation=Notation("1[{0} ≠ {1}]", r"\mathbf 1\left[{0} \neq {1}\right]", "np.where({0} != {1}, 1.0, 0.0)"),
    value=lambda N, x, y: N.compared(x, y) * N.compared(x, y), domain=(_kink(_STEADY),), gives={NONNEG: ()}, cite="definition",
    form=lambda X, Y: _told_apart(X, Y, ne),
)  # fmt: skip
def not_equal(X: Expr, Y: Expr) -> tuple[Expr, Expr]:
    """Indicator of x ≠ y for every entry: 1 where it holds and 0 elsewhere."""
    return zeros(X.shape), zeros(Y.shape)


def _cases(C: Expr) -> tuple[Expr, Expr]:
    """Where a condition holds, and where it does not."""
    if C.op is greater:
        return C, greater_equal(*C.args[::-1])
    if C.op is greater_equal:
        return C, greater(*C.args[::-1])
    holds = C if _is_comparison(C) else not_equal(C, 0)
    return holds, 1 - holds


def _is_comparison(C: Expr) -> bool:
    """Whether this is 0 or 1 by its form, or the name of such."""
    while C.op is NAMED:
        C = C.args[0]
    return C.op in (greater, greater_equal, not_equal)


def _decided(C: Expr, X: Expr, Y: Expr) -> Expr | None:
    """One of two where the condition is a number, or they are the same."""
    known, like = value_of(C), next((a for a in (C, X, Y) if not a.is_scalar), C)
    if is_zero_leaf(C):
        return Y if Y.shape == like.shape else Y * ones(like.shape)
    if (known is not None or is_ones(C)) or X is Y:
        return X if X.shape == like.shape else X * ones(like.shape)
    return None


@elementwise(
    form=_decided, notation=Notation(None, None, "np.where"), value=lambda N, c, x, y: _chosen(N.sign(c) * N.sign(c), x, y), gives=_ALL, cite="definition",
    domain=(_kink(_STEADY, lambda C, X, Y: C, lambda C, X, Y: not _is_comparison(C)),),
)  # fmt: skip
def where(C: Expr, X: Expr, Y: Expr) -> tuple[Expr, Expr, Expr]:
    """Entry by entry x where the condition holds (is not 0), else y: where(x > 0, x, y)."""
    return zeros(C.shape), *_cases(C)


@elementwise(
    notation=Notation(None, None, "np.clip"), value=lambda N, x, low, high: -_larger(N, -_larger(N, x, low), -high),
    domain=(_kink(_CHOICE, lambda X, low, high: _difference(X, low)), _kink(_CHOICE, lambda X, low, high: _difference(X, high))),
    gives=_ALL, cite="definition",
)  # fmt: skip
def clip(X: Expr, low: Expr, high: Expr) -> tuple[Expr, Expr, Expr]:
    """Every entry, or the bound that it is beyond: min(max(x, low), high)."""
    # The three are 1 together at every tie too, as those of min and max are, so that a generalized gradient comes out.
    return greater(X, low) * greater(high, X), _other(low, X) * greater(high, low), _other(maximum(X, low), high, X)

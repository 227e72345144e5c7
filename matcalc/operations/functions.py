"""Functions applied to every entry."""

from matcalc.core.builders import minus
from matcalc.core.expression import Expr
from matcalc.core.leaves import number, ones, value_of, zeros
from matcalc.core.operation import Domain, Notation, elementwise
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.core.reality import is_real
from matcalc.core.size import SCALAR
from matcalc.core.terms import Term, is_ones, join, split
from matcalc.operations.complexes import conj

_KINK = "sign(0) = 0 picks one generalized gradient"


@elementwise(
    notation=Notation("|{0}|", r"\lvert {0} \rvert", "np.abs"), value=lambda N, x: N.abs(x), parity="even", over_complex="modulus",
    domain=(Domain("{0} ≠ 0", "kink", _KINK, r"{0} \neq 0"),), gives={NONNEG: ()}, aliases=("fabs", "absolute"), cite="definition",
)  # fmt: skip
def abs_(X: Expr) -> Expr:
    """Absolute value of every entry."""
    return direction(X)


@elementwise(
    notation=Notation(None, r"\operatorname{sign}", "np.sign"), aliases=("sgn",), value=lambda N, x: N.sign(x), parity="odd",
    domain=(Domain("{0} ≠ 0", "kink", "sign is constant near every other point, and its derivative is taken as 0", r"{0} \neq 0"),),
    gives={POSITIVE: (POSITIVE,), NONNEG: (NONNEG,)}, cite="definition",
)  # fmt: skip
def sign(X: Expr) -> Expr:
    """Sign of every entry: −1, 0 or 1."""
    return zeros(X.shape)


def direction(X: Expr) -> Expr:
    """What |x| grows by: the sign of what is real, z̄/|z| of what may be complex."""
    return sign(X) if is_real(X) else conj(X) * abs_(X) ** -1


@elementwise(notation=Notation(None, r"\exp", "np.exp"), value=lambda N, x: N.exp(x), over_complex="holomorphic", gives={POSITIVE: ()}, letters="u q", cite="definition")
def exp(X: Expr) -> Expr:
    """Exponential of every entry."""
    return exp(X)


@elementwise(
    notation=Notation(None, r"\log", "np.log"), aliases=("ln",), value=lambda N, x: N.log(x), over_complex="branch",
    domain=(Domain("{0} > 0", strict="greater than 0"),), cite="definition",
)  # fmt: skip
def log(X: Expr) -> Expr:
    """Natural logarithm of every entry."""
    return X**-1


@elementwise(notation=Notation(None, r"\tanh", "np.tanh"), value=lambda N, x: N.tanh(x), over_complex="holomorphic", parity="odd", letters="h t", cite="definition")
def tanh(X: Expr) -> Expr:
    """Hyperbolic tangent of every entry."""
    return 1 - tanh(X) ** 2


def _is_negative(X: Expr, p: Expr) -> bool:
    value = value_of(p)
    return value is not None and value < 0 and value.denominator == 1


def _is_no_integer(X: Expr, p: Expr) -> bool:
    value = value_of(p)
    return value is None or value.denominator > 1


@elementwise(
    domain=(Domain("{0} ≠ 0", latex=r"{0} \neq 0", when=_is_negative), Domain("{0} > 0", when=_is_no_integer, strict="greater than 0")),
    exact=(1,), hidden=True, value=lambda N, x, p: N.power(x, p), over_complex="branch", cost=1, gives={POSITIVE: (POSITIVE,)}, cite="definition",
)  # fmt: skip
def power(X: Expr, p: Expr) -> tuple[Expr, Expr]:
    """Power of every entry, the exponent a scalar."""
    known = value_of(p)
    lower = number(known - 1) if known is not None else minus(p, 1)
    return p * X**lower, log(X) * X**p


def _equal_exponents(X: Expr, P: Expr) -> Expr | None:
    """A power where all exponents are one number or scalar."""
    if is_ones(P):
        return X if X.shape == P.shape else X * ones(P.shape)
    term = split(P)
    if not is_ones(join(Term(chain=term.chain), P.shape)):
        return None
    e = power(X, join(Term(term.coefficient, term.powers), SCALAR))
    return e if e.shape == P.shape else e * ones(P.shape)


@elementwise(
    domain=(Domain("{0} > 0", strict="greater than 0"),), hidden=True, value=lambda N, x, p: N.power(x, p), over_complex="branch", form=_equal_exponents, cost=1,
    gives={POSITIVE: (POSITIVE,)}, cite="definition",
)  # fmt: skip
def powers(X: Expr, P: Expr) -> tuple[Expr, Expr]:
    """Power of every entry, each with an exponent of its own."""
    return P * powers(X, minus(P, 1)), log(X) * powers(X, P)

"""Determinants and their logarithms."""

from matcalc.core.expression import Expr
from matcalc.core.leaves import differential_of, identity
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, operation
from matcalc.core.property import NONNEG, PD, POSITIVE, PSD
from matcalc.operations.functions import abs_, log
from matcalc.operations.inverses import inv
from matcalc.operations.scalars import tr

_NONSINGULAR = (Domain("det {0} ≠ 0", latex=r"\det {0} \neq 0"),)
_FOR_THE_FORM = (Domain("det {0} ≠ 0", "form", latex=r"\det {0} \neq 0"),)


def _det_proof(X: Expr, dX: Expr, dY: Expr) -> list[tuple[Expr, Expr, str]]:
    inside = identity(X.shape[0]) + inv(X) @ dX
    return [
        (det(X + dX), det(X) * det(inside), "a determinant of a product is the product of the determinants"),
        (dY, det(X) * tr(inv(X) @ dX), "in det(I + A) the terms that are linear in A are tr(A)"),
    ]


def _logdet_proof(X: Expr, dX: Expr, dY: Expr) -> list[tuple[Expr, Expr, str]]:
    return [
        (logdet(X), log(abs_(det(X))), "definition"),
        (dY, differential_of(det(X)) / det(X), "d log|t| = dt/t"),
        (differential_of(det(X)) / det(X), tr(inv(X) @ dX), "Jacobi's formula"),
    ]


@operation(
    "nn->", transposition="invariant", over_complex="holomorphic", notation=Notation(None, r"\det", "np.linalg.det"), value=lambda N, X: N.determinant(X), domain=_FOR_THE_FORM, gives={POSITIVE: (PD,), NONNEG: (PSD,)},
    proof=_det_proof, cite="Matrix Cookbook (41); Jacobi's formula",
)  # fmt: skip
def det(X: Expr, dX: Expr) -> Expr:
    """Determinant."""
    return det(X) * tr(inv(X) @ dX)


@operation(
    "nn->", transposition="invariant", over_complex="modulus", notation=Notation(None, r"\log\det", "np.linalg.slogdet({0})[1]"), defining=lambda X: log(abs_(OPERATIONS["det"](X))), domain=_NONSINGULAR,
    proof=_logdet_proof, cite="Matrix Cookbook (43)",
)  # fmt: skip
def logdet(X: Expr, dX: Expr) -> Expr:
    """Logarithm of the absolute value of the determinant, log |det X|."""
    return tr(inv(X) @ dX)


@definition(
    "nn->nn", notation=Notation("adj", r"\operatorname{adj}", "np.linalg.det({0}) * np.linalg.inv({0})"), domain=_FOR_THE_FORM,
    cite="Magnus & Neudecker 2019, §1.9",
)  # fmt: skip
def adjugate(X: Expr) -> Expr:
    """Adjugate of a matrix, det(X) X⁻¹: the transpose of its cofactors."""
    return det(X) * inv(X)


@definition(
    "nn->nn", notation=Notation("cof", r"\operatorname{cof}", "np.linalg.det({0}) * np.linalg.inv({0}).T"), domain=_FOR_THE_FORM,
    cite="Magnus & Neudecker 2019, §1.9",
)  # fmt: skip
def cofactor(X: Expr) -> Expr:
    """Cofactors of a matrix, det(X) X⁻ᵀ."""
    return det(X) * inv(X).T

"""Inverses, solutions of linear equations, pseudoinverses."""

from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, zeros
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, operation, worded
from matcalc.core.property import DIAGONAL, INVERTIBLE, LOWER, ORTHOGONAL, PD, PSD, SKEW, SYMMETRIC, UPPER
from matcalc.core.terms import primitive


def _without_content(X: Expr) -> Expr | None:
    """(c A + c B)⁻¹ = c⁻¹(A + B)⁻¹ for a number c; of a number the power."""
    if X.is_scalar:
        return X**-1
    content, rest = primitive(X) if X.op.name == "add" else (1, X)
    return inv(rest if content > 0 else -rest) / abs(content) if abs(content) != 1 else None


@operation(
    "nn->nn", transposition="equivariant", over_complex="holomorphic", primary=True, form=_without_content, parity="odd",
    notation=Notation(None, None, "np.linalg.inv"), value=lambda N, X: N.inverse(X),
    domain=(Domain("det {0} ≠ 0", latex=r"\det {0} \neq 0"),),
    gives={p: (p,) for p in (SYMMETRIC, PD, DIAGONAL, SKEW, ORTHOGONAL, UPPER, LOWER)} | {INVERTIBLE: ()},
    implicit=lambda X: (X @ OPERATIONS["inv"](X), identity(X.shape[0])), letters="m n", cite="Matrix Cookbook (40)",
)  # fmt: skip
def inv(X: Expr, dX: Expr) -> Expr:
    """Inverse of a nonsingular matrix."""
    return -(inv(X) @ dX @ inv(X))


_SOLVE: dict[str, Any] = {
    "word": "solve", "notation": Notation(None, None, "np.linalg.solve"),
    "domain": (Domain("det {0} ≠ 0", latex=r"\det {0} \neq 0"),), "cite": "definition",
}  # fmt: skip


@definition("nn,n->n", **_SOLVE)
def solve_vector(A: Expr, b: Expr) -> Expr:
    """Solution of the linear equations A x = b."""
    return inv(A) @ b


@definition("nn,nm->nm", **_SOLVE)
def solve(A: Expr, B: Expr) -> Expr:
    """Solution of the linear equations A X = B."""
    return inv(A) @ B


def _pinv_proof(X: Expr, dX: Expr, dY: Expr) -> list[tuple[Expr, Expr, str]]:
    Y = pinv(X)
    P, Q = X @ Y, Y @ X
    left, right = identity(X.shape[0]) - P, identity(X.shape[1]) - Q
    product = OPERATIONS["matmul"]
    return [
        (dX @ Y @ X + X @ dY @ X + P @ dX, dX, "from X X⁺X = X"),
        (Q @ dY @ P, -(Y @ dX @ Y), "X⁺ on both sides"),
        (right @ dY @ X, right @ dX.T @ Y.T, "X⁺X is symmetric, and (I − X⁺X) X⁺ = 0"),
        (X @ dY @ left, Y.T @ dX.T @ left, "X X⁺ is symmetric, and X⁺(I − X X⁺) = 0"),
        (right @ dY @ left, zeros(Y.shape), "from X⁺X X⁺ = X⁺"),
        (dY, product(Q, dY, P) + product(right, dY, P) + product(Q, dY, left), "the four parts of d(X⁺); one is 0"),
        (dY, Y @ Y.T @ dX.T @ left + right @ dX.T @ Y.T @ Y - Y @ dX @ Y, "collect"),
    ]


@operation(
    "mn->nm", transposition="equivariant", parity="odd", value=lambda N, X: N.function("pinv", X),
    notation=Notation(None, None, "np.linalg.pinv", superscript="+"), cost=1,
    domain=(worded("the rank of {0} is the same nearby", settled=(PD, INVERTIBLE)),),
    gives={p: (p,) for p in (SYMMETRIC, PD, PSD, DIAGONAL, SKEW)},
    implicit=lambda X: (X @ OPERATIONS["pinv"](X) @ X, X), proof=_pinv_proof, cite="Golub & Pereyra 1973; Matrix Cookbook, §3.6",
)  # fmt: skip
def pinv(X: Expr, dX: Expr) -> Expr:
    """Moore-Penrose pseudoinverse."""
    Y = pinv(X)
    left, right = identity(X.shape[0]) - X @ Y, identity(X.shape[1]) - Y @ X
    return Y @ Y.T @ dX.T @ left + right @ dX.T @ Y.T @ Y - Y @ dX @ Y

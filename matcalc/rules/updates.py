"""Rules for the inverse of a sum: Woodbury's formula read backwards, a part of the sum beside it, and what is pushed through."""

from matcalc.core.leaves import identity
from matcalc.core.rule import MOVE, SIMPLIFY, declare_rule, letter
from matcalc.operations.determinants import det
from matcalc.operations.inverses import inv

A, B = letter("A", "n", "n"), letter("B", "n", "n")
C, U, V = letter("C", "k", "k"), letter("U", "n", "k"), letter("V", "k", "n")
c = letter("c")
_CITE = "Henderson & Searle 1981"
_BACKWARDS = "Woodbury's formula"
I_n, I_k = identity("n"), identity("k")

declare_rule(
    "inverse of an updated matrix", inv(A) - inv(A) @ U @ inv(inv(C) + V @ inv(A) @ U) @ V @ inv(A), inv(A + U @ C @ V),
    SIMPLIFY, _BACKWARDS, _CITE,
)  # fmt: skip
declare_rule(
    "inverse of a matrix and a product", inv(A) - inv(A) @ U @ inv(I_k + V @ inv(A) @ U) @ V @ inv(A), inv(A + U @ V),
    SIMPLIFY, _BACKWARDS, _CITE,
)  # fmt: skip
declare_rule(
    "inverse of an updated identity", I_n - U @ inv(inv(C) + V @ U) @ V, inv(I_n + U @ C @ V), SIMPLIFY, _BACKWARDS, _CITE,
)  # fmt: skip
declare_rule(
    "inverse of the identity and a product", I_n - U @ inv(I_k + V @ U) @ V, inv(I_n + U @ V), SIMPLIFY, _BACKWARDS, _CITE,
)  # fmt: skip
declare_rule("identity less the inverse of a sum", I_n - inv(I_n + A), A @ inv(I_n + A), SIMPLIFY, "(I + A)(I + A)⁻¹ = I", _CITE)

declare_rule("product of inverses as one", inv(I_n + inv(A) @ B) @ inv(A), inv(A + B), SIMPLIFY, "A (I + A⁻¹B) = A + B", _CITE)
declare_rule(
    "other product of inverses as one", inv(A) @ inv(I_n + B @ inv(A)), inv(A + B), SIMPLIFY, "(I + B A⁻¹) A = A + B", _CITE
)
declare_rule(
    "inverse of a sum of inverses between them",
    inv(A) @ inv(inv(A) + inv(B)) @ inv(B),
    inv(A + B),
    SIMPLIFY,
    "B (A⁻¹ + B⁻¹) A = A + B",
    _CITE,
)
declare_rule("inverse before an inverse in it", inv(inv(A) + B) @ inv(A), inv(I_n + A @ B), SIMPLIFY, "A (A⁻¹ + B) = I + A B", _CITE)
declare_rule("inverse after an inverse in it", inv(A) @ inv(inv(A) + B), inv(I_n + B @ A), SIMPLIFY, "(A⁻¹ + B) A = I + B A", _CITE)

u, v = letter("u", "n"), letter("v", "n")
for word, W, q in (("an updated", I_n + u @ v.T, 1 + v.T @ u), ("a lessened", I_n - u @ v.T, 1 - v.T @ u)):
    declare_rule(f"inverse of {word} identity times the update", inv(W) @ u, u / q, SIMPLIFY, "Sherman-Morrison formula", _CITE, ordered=(u, v))
    declare_rule(f"determinant of {word} identity", det(W), q, SIMPLIFY, "matrix determinant lemma", _CITE)

BESIDE = declare_rule("part of a sum beside its inverse", A @ inv(A + B), I_n - B @ inv(A + B), MOVE, "(A + B)(A + B)⁻¹ = I", _CITE)
THROUGH = declare_rule(
    "push-through", inv(c * I_n + U @ V) @ U, U @ inv(c * I_k + V @ U), MOVE, "(c I + U V) U = U (c I + V U)", _CITE,
)  # fmt: skip

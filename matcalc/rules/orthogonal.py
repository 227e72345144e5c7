"""Rules for orthogonal matrices: QᵀQ = I, and lengths, traces and determinants that they do not change."""

from matcalc.core.leaves import identity, number
from matcalc.core.property import ORTHOGONAL
from matcalc.core.rule import SIMPLIFY, declare_rule, letter
from matcalc.operations.determinants import det, logdet
from matcalc.operations.inverses import inv
from matcalc.operations.norms import norm

Q = letter("Q", "m", "n", properties=frozenset({ORTHOGONAL}))
R = letter("R", "n", "n", properties=frozenset({ORTHOGONAL}))
X, x = letter("X", "n", "k"), letter("x", "n")
_CITE, _LENGTHS = "Magnus & Neudecker 2019, §1.12", "QᵀQ = I"

declare_rule("orthogonal columns", Q.T @ Q, identity("n"), SIMPLIFY, "definition", _CITE)
declare_rule("orthogonal rows", R @ R.T, identity("n"), SIMPLIFY, "Q is square, so Qᵀ is its inverse", _CITE)
declare_rule("inverse of an orthogonal matrix", inv(R), R.T, SIMPLIFY, "QᵀQ = I", _CITE)
declare_rule("length after an orthogonal matrix", norm(Q @ x), norm(x), SIMPLIFY, _LENGTHS, _CITE)
declare_rule("norm after an orthogonal matrix", norm(Q @ X), norm(X), SIMPLIFY, _LENGTHS, _CITE)
declare_rule("square of the determinant of an orthogonal matrix", det(R) ** 2, number(1), SIMPLIFY, "det QᵀQ = 1", _CITE)
declare_rule("logdet of an orthogonal matrix", logdet(R), number(0), SIMPLIFY, "|det Q| = 1", _CITE)

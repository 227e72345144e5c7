"""Rules with a Cholesky factor."""

from matcalc.core.leaves import identity, number, ones
from matcalc.core.property import LOWER, PD
from matcalc.core.rule import SIMPLIFY, declare_rule, letter
from matcalc.core.size import ONE, Size
from matcalc.operations.cholesky import chol, lower_half
from matcalc.operations.determinants import logdet
from matcalc.operations.functions import log
from matcalc.operations.inverses import inv
from matcalc.operations.shapes import diag, diagonal

_CITE = "Golub & Van Loan 2013, §4.2"
S, L = letter("S", "n", "n", properties=frozenset({PD})), letter("L", "n", "n", properties=frozenset({LOWER}))

declare_rule("Cholesky factor times its transpose", chol(S) @ chol(S).T, S, SIMPLIFY, "definition of the Cholesky factor", _CITE)
declare_rule("inverse by a Cholesky factor", inv(chol(S)).T @ inv(chol(S)), inv(S), SIMPLIFY, "the inverse of L Lᵀ is L⁻ᵀ L⁻¹", _CITE)
declare_rule("logdet of a Cholesky factor", logdet(chol(S)), logdet(S) / number(2), SIMPLIFY, "det (L Lᵀ) = (det L)²", _CITE)
declare_rule(
    "logdet by a Cholesky factor", ones((Size.of("n"), ONE)).T @ log(diagonal(chol(S))), logdet(S) / number(2),
    SIMPLIFY, "det (L Lᵀ) is the product of the l_ii²", _CITE,
)  # fmt: skip
declare_rule(
    "lower half of a triangle scaled", lower_half(L.T @ diag(diagonal(L) ** -1)), identity("n") / number(2),
    SIMPLIFY, "half the diagonal is left", "definition",
)  # fmt: skip

"""Rules with eigenvalues, singular values, or words for their vectors at the head."""

from matcalc.core.leaves import identity, number, zeros
from matcalc.core.property import SYMMETRIC
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.operations.determinants import det
from matcalc.operations.extremes import prod
from matcalc.operations.functions import abs_, exp, sign
from matcalc.operations.inverses import inv, pinv
from matcalc.operations.kronecker import khatri_rao, vec
from matcalc.operations.norms import norm
from matcalc.operations.powers import expm
from matcalc.operations.products import inner
from matcalc.operations.scalars import sum_, tr
from matcalc.operations.shapes import diag, diagonal
from matcalc.operations.spectra import (
    bottom_eigvec,
    bottom_resolvent,
    eigvals,
    eigvecs,
    gaps,
    nuclear_norm,
    polar,
    reduced_resolvent,
    spectral_norm,
    svd_left,
    svd_right,
    svdvals,
    top_dyad,
    top_eigvec,
)

A, X = letter("A", "n", "n"), letter("X", "m", "n")
c = letter("c")

declare_rule("sum of eigenvalues", sum_(eigvals(A)), tr(A), CANONICAL, "the trace is that of a similar matrix", "Matrix Cookbook (12)")
declare_rule(
    "product of eigenvalues", prod(eigvals(A)), det(A), CANONICAL, "the determinant is that of a similar matrix", "Matrix Cookbook (18)"
)
declare_rule("length of an eigenvector", norm(top_eigvec(A)), number(1), CANONICAL, "it is a unit vector", "definition")
declare_rule("length of a lowest eigenvector", norm(bottom_eigvec(A)), number(1), CANONICAL, "it is a unit vector", "definition")
NOTHING = "it is 0 on the eigenvector"
declare_rule("resolvent of an eigenvector", reduced_resolvent(A) @ top_eigvec(A), zeros(top_eigvec(A).shape), CANONICAL, NOTHING, "definition")
declare_rule(
    "resolvent of a lowest eigenvector", bottom_resolvent(A) @ bottom_eigvec(A), zeros(top_eigvec(A).shape), CANONICAL, NOTHING, "definition"
)
declare_rule("sum of singular values", sum_(svdvals(X)), nuclear_norm(X), CANONICAL, "definition of the nuclear norm", "Lewis 1996")
declare_rule(
    "product of singular vectors", svd_left(X) @ svd_right(X).T, polar(X), CANONICAL, "definition of the polar factor", "Higham 2008, §8.1"
)
declare_rule("polar factor of a Gram matrix", polar(X.T @ X), identity("n"), CANONICAL, "it is positive definite", "Higham 2008, §8.1")
declare_rule(
    "nuclear norm of a Gram matrix", nuclear_norm(X.T @ X), inner(X, X), CANONICAL, "its singular values are its eigenvalues", "Lewis 1996"
)
declare_rule("polar factor of a multiple", polar(c * X), sign(c) * polar(X), CANONICAL, "X = U Σ Vᵀ", "Higham 2008, §8.1")
declare_rule(
    "nuclear norm of a multiple",
    nuclear_norm(c * X),
    abs_(c) * nuclear_norm(X),
    CANONICAL,
    "norms are homogeneous",
    "Matrix Cookbook, §10.4",
)
declare_rule(
    "spectral norm of a multiple",
    spectral_norm(c * X),
    abs_(c) * spectral_norm(X),
    CANONICAL,
    "norms are homogeneous",
    "Matrix Cookbook, §10.4",
)
declare_rule("singular vectors of a multiple", top_dyad(c * X), sign(c) * top_dyad(X), CANONICAL, "X = U Σ Vᵀ", "Lewis 1996")

n, x, v = A.shape[0], letter("x", "n"), letter("v", "n")
NONE = "there is nothing on the diagonal of the gaps"
declare_rule("gaps beside a diagonal matrix", gaps(x) * diag(v), zeros(A.shape), CANONICAL, NONE, "definition")
declare_rule("diagonal of gaps", diagonal(gaps(x) * A), zeros(v.shape), CANONICAL, NONE, "definition")
one = identity("n")
declare_rule("stacked diagonal of gaps", khatri_rao(one, one).T @ diag(vec(gaps(x))), zeros((n, n * n)), CANONICAL, NONE, "definition")

S = letter("S", "n", "n", properties=frozenset({SYMMETRIC}))
for M in (A, S):
    V, values = eigvecs(M), eigvals(M)
    back, tag, of = (inv(V), CANONICAL, "") if M is A else (V.T, SIMPLIFY, "symmetric ")
    FUNCTIONS = {"matrix": (values, M), "inverse": (values**-1, inv(M)), "square": (values**2, M @ M), "exponential": (exp(values), expm(M))}
    for name, (diagonal_, function) in FUNCTIONS.items():
        declare_rule(
            f"{of}{name} by eigenvalues", V @ diag(diagonal_) @ back, function, tag, "A V = V diag(λ)", "Magnus & Neudecker 2019, §1.12"
        )

U, W, sigma = svd_left(X), svd_right(X), svdvals(X)
declare_rule("singular value decomposition", U @ diag(sigma) @ W.T, X, CANONICAL, "definition", "Golub & Van Loan 2013, §2.4")
declare_rule("pseudoinverse by singular values", W @ diag(sigma**-1) @ U.T, pinv(X), CANONICAL, "X = U Σ Vᵀ", "Golub & Van Loan 2013, §5.5")

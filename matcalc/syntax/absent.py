"""Words that people know and that there is no rule for, each with what says the same where something does."""

_FACTORS = "its factors are written with chol, eigvals and eigvecs, svdvals, svd_left and svd_right"
_ORDERED = "what depends on the order of entries is max, min and where here"
_WHOLE = "its derivative is 0 where it has one; what counts is what it is multiplied with"

ABSENT: dict[str, str] = {
    "frechet": "write expm_frechet(X, E), logm_frechet(X, E) or matpow_frechet(X, k, E)",
    "qr": "of X = Q R with full column rank, R is chol(X.T@X).T, and Q is X@inv(chol(X.T@X).T), up to signs of rows",
    "lu": "for solving write solve(A, b), and logdet(A) for the determinant",
    "svd": "write svdvals(X), svd_left(X), svd_right(X); of all functions of them the norms are the simplest",
    "eig": "write eigvals(X) and eigvecs(X); of a symmetric matrix also eigmax(X) and eigmin(X)",
    "eigh": "write eigvals(X) and eigvecs(X); of a symmetric matrix also eigmax(X) and eigmin(X)",
    "schur": _FACTORS, "ldl": _FACTORS, "cond": "of norm 2 it is norm(A, 2)*norm(inv(A), 2)",
    "median": _ORDERED, "sort": _ORDERED, "argsort": _ORDERED, "quantile": _ORDERED, "percentile": _ORDERED,
    "argmax": "the indicator of the largest entry is argmax_indicator(x)",
    "argmin": "the indicator of the smallest entry is argmax_indicator(-x)",
    "rank": _WHOLE, "matrix_rank": _WHOLE, "count_nonzero": _WHOLE,
    "cov": "write C = X - ones(m)@mean(X, axis=0).T with --let; then it is C.T@C/(m - 1)",
    "reshape": "columns below one another are vec(X), and a matrix of m rows and n columns is unvec(x, m, n)",
    "fft": "a product with the Fourier matrix: give its real and imaginary part as matrices, F.T@x",
    "convolve": "a product with a Toeplitz matrix: toeplitz(c, r)@x, or circulant(c)@x around a circle",
}  # fmt: skip
"""The word → what to write instead."""

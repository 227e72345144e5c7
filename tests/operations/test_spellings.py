"""What people call the same in NumPy, SciPy, SymPy and books is the same here."""

import pytest

import matcalc as mc

WHERE = "x: n; y: n; X: (m, n); A: (n, n); B: (n, n); S: (n, n) pd"
SAME = [
    "asin(x) arcsin(x)", "acos(x) arccos(x)", "atan(x) arctan(x)", "asinh(x) arcsinh(x)", "acosh(x) arccosh(x)", "atanh(x) arctanh(x)",
    "expit(x) sigmoid(x)", "logistic(x) sigmoid(x)", "ReLU(x) relu(x)", "ndtr(x) Phi(x)", "lgamma(x) gammaln(x)", "fabs(x) abs(x)",
    "fmax(x,y) maximum(x,y)", "amax(x) max(x)", "lambda_max(S) eigmax(S)", "lambda_min(S) -eigmax(-S)", "cholesky(S) chol(S)",
    "eigvalsh(S) eigvals(S)", "matrix_power(A,3) A@A@A", "solve_sylvester(A,B,A) sylvester(A,B,A)", "lyapunov(A,B) sylvester(A,A.T,B)",
    "jv(1,x) besselj(1,x)", "LambertW(x) lambertw(x)", "expi(x) Ei(x)", "atan2(x,y) arctan2(x,y)", "swish(x) x*sigmoid(x)",
    "log2(x) log(x)/log(2)", "square(x) x**2", "reciprocal(x) 1/x", "logit(x) log(x)-log(1-x)", "hypot(x,y) sqrt(x**2+y**2)",
    "logaddexp(x,y) log(exp(x)+exp(y))", "logsigmoid(x) -softplus(-x)", "log_softmax(x) x-logsumexp(x)*ones(n)", "entr(x) -(x*log(x))",
    "norm(X,2,axis=1) norm(X,axis=1)", "norm(X,1,axis=0) sum(abs(X),axis=0)", "norm(X,inf,axis=1) max(abs(X),axis=1)",
    "min(X,axis=1) -max(-X,axis=1)", "max(X,axis=0) max(X.T,axis=1)", "prod(X,axis=0) prod(X.T,axis=1)", "adjugate(A) det(A)*inv(A)",
    "cumsum(X,axis=0) tril(ones(m,m))@X", "tril(A,-1) tril(A)-diag(diag(A))", "triu(A,1) triu(A)-diag(diag(A))", "tril(A,0) tril(A)",
    "betaln(x,y) gammaln(x)+gammaln(y)-gammaln(x+y)", "trigamma(x) polygamma(1,x)", "elliptic_k(x) ellipk(x)", "skew(y[:3]) cross_matrix(y[:3])",
]  # fmt: skip


@pytest.mark.parametrize("pair", SAME)
def test_two_spellings_mean_one_thing(pair):
    one, other = (mc.parse(text, where=WHERE) for text in pair.split(" "))
    assert one.shape == other.shape and mc.equal(one, other)

"""Operations with options and the shape operations: gradients as text, values, what is emitted, and messages for bad input."""

import numpy as np
import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.rule import RULES
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

GRADIENTS = [
    ("sum(sum(X**2, axis=1)*g)", "X", "X: (m, n); g: m", "2*diag(g)@X"),
    ("sum(mean(X, axis=1)**2)", "X", "", "2*X@ones(n)@ones(1, n)/n**2"),
    ("sum(softmax(X, axis=1)*Y)", "X", "", "softmax(X, axis=1)*(Y - diag(softmax(X, axis=1)@Y.T)@ones(1, n))"),
    ("sum(logsumexp(X@W, axis=1)*sum(Y, axis=1)) - sum(Y*(X@W))", "W", "", "X.T@(diag(sum(Y, axis=1))@softmax(X@W, axis=1) - Y)"),
    ("logsumexp(A@x)", "x", "", "A.T@softmax(A@x)"),
    ("lam*norm(w, 1)", "w", "w: n; lam: scalar", "lam*sign(w)"),
    ("norm(x, inf)", "x", "", "argmax_indicator(abs(x))*sign(x)"),
    ("norm(x, 2)", "x", "", "x/norm(x)"),
    ("norm(x, 3)", "x", "", "x*abs(x)/norm(x, 3)**2"),
    ("norm(X, 'fro')", "X", "", "X/norm(X)"),
    ("sum(norm(X - M, axis=1))", "X", "", "diag(1/norm(X - M, axis=1))@(X - M)"),
    ("max(A@x)", "x", "", "A.T@argmax_indicator(A@x)"),
    ("min(x)", "x", "", "argmax_indicator(-x)"),
    ("prod(x)", "x", "", "prod(x)/x"),
    ("tr(kron(A, X)@C)", "X", "", "kron_right(C, A.T).T"),
    ("tr(kron(X, A)@C)", "X", "", "kron_left(C, A.T).T"),
    ("u.T@kron(X, B)@v", "X", "X: (m, n); B: (p, q); u: m*p; v: n*q", "unvec(u, p, m).T@B@unvec(v, q, n)"),
    ("norm(vec(X) - x)**2", "X", "X: (m, n)", "2*(X - unvec(x, m, n))"),
    ("inv(X)[1, 2]", "X", "", "-inv(X).T@e(1, n)@e(2, n).T@inv(X).T"),
    ("x[0]*x[1]", "x", "", "x[0]*e(1, n) + x[1]*e(0, n)"),
    ("log(softmax(A@x))[1]", "x", "", "A.T@(e(1, m) - softmax(A@x))"),
    ("norm(X[:, 2] - x)**2", "X", "", "2*(X[:, 2] - x)@e(2, n).T"),
    ("norm(X[1] - x)**2", "X", "X: (m, n)", "2*e(1, m)@(X[1, :] - x).T"),
    ("tr(A@toeplitz(c, r))", "c", "", "diagonal_sums(A.T)"),
    ("tr(A@toeplitz(c))", "c", "", "diagonal_sums(A)*(1 - e(0, n)) + diagonal_sums(A.T)"),
    ("norm(tril(X)@x - b)**2", "X", "", "2*tril((tril(X)@x - b)@x.T)"),
    ("norm(cumsum(x) - b)**2", "x", "", "2*tril(ones(n, n)).T@(cumsum(x) - b)"),
]


@pytest.mark.parametrize(("f", "x", "where", "wanted"), GRADIENTS, ids=[g[0] for g in GRADIENTS])
def test_gradients(f, x, where, wanted):
    r = mc.grad(f, x, where=where)
    assert r.verify().passed
    assert all(step.holds() for step in r.derivation)
    assert mc.equal(r.value, mc.parse(wanted, where=r.where))
    assert mc.parse(r.text(), where=r.where) is r.value
    assert r.latex() and r.pretty() and r.code("numpy")


@pytest.mark.parametrize(("f", "x", "where", "wanted"), GRADIENTS, ids=[g[0] for g in GRADIENTS])
def test_their_texts(f, x, where, wanted):
    assert mc.grad(f, x, where=where).text() == wanted


PULLBACKS = [
    ("softmax(Q@K.T/sqrt(d), axis=1)@V", "V", "Q: (n, d); K: (m, d); V: (m, p)", "softmax((Q@K.T)/sqrt(d), axis=1).T@G"),
    ("unvec(inv(kron(eye(n), A) + kron(B.T, eye(m)))@vec(D), m, n)", "D", "A: (m, m); B: (n, n); D: (m, n)", None),
    ("kron(x, Y)", "x", "x: n", "kron_left(G, Y)"),
    ("toeplitz(c, r)", "r", "c: m; r: n", "diagonal_sums(G.T)*(1 - e(0, n))"),
    ("diagonal_sums(X)", "X", "", "toeplitz(G, zeros(n))"),
]


@pytest.mark.parametrize(("f", "x", "where", "wanted"), PULLBACKS, ids=[g[0] for g in PULLBACKS])
def test_pullbacks(f, x, where, wanted):
    r = mc.pullback(f, x, where=where)
    assert r.verify().passed
    assert wanted is None or r.text() == wanted


JACOBIANS = [
    ("sum(A@diag(x), axis=1)", "x", "A"),
    ("logsumexp(A@x)*x", "x", "x@(softmax(A@x).T@A) + logsumexp(A@x)*I"),
    ("cumsum(x*x)", "x", "2*tril(ones(n, n))@diag(x)"),
    ("x - mean(x)", "x", "I - ones(n, n)/n"),
]


@pytest.mark.parametrize(("f", "x", "wanted"), JACOBIANS, ids=[g[0] for g in JACOBIANS])
def test_jacobians(f, x, wanted):
    r = mc.jacobian(f, x)
    assert r.verify().passed
    assert mc.equal(r.value, mc.parse(wanted, where=r.where))


WORDS = [
    "sum(X, axis=0)", "sum(X, axis=1)", "mean(X)", "mean(X, axis=0)", "mean(X, axis=1)", "softmax(X, axis=0)", "softmax(X, axis=1)",
    "logsumexp(X, axis=0)", "logsumexp(X, axis=1)", "norm(x, 1)", "norm(x, inf)", "norm(x, 3)", "norm(x, 5/2)", "norm(X, axis=0)",
    "kron(X, Y)", "kron_left(kron(X, Y) + Z, Y)", "vec(X)", "unvec(vec(X), m, n)", "X[1, :]", "X[:, 0]", "X[0, 1]", "x[2]", "toeplitz(x, y)",
    "toeplitz(x)", "diagonal_sums(X)", "tril(X)", "triu(X)", "cumsum(x)", "max(x)", "min(x)", "prod(x)", "argmax_indicator(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_words_are_read_back(text):
    e = mc.parse(text, where="X: (m, n); Y: (p, q); Z: (m*p, n*q); x: m; y: n")
    from matcalc.syntax import text as written

    assert written(e) == text


def test_spellings():
    assert mc.parse("sum(X, axis=-1)") is mc.parse("sum(X, axis=1)")
    assert mc.parse("norm(x, ord=1)") is mc.parse("norm(x, 1)")
    assert mc.parse("X[1]", where="X: (m, n)") is mc.parse("X[1, :]")
    X = mc.matrix("X", "m", "n")
    assert mc.sum(X, axis=1) is mc.parse("sum(X, axis=1)", where="X: (m, n)")
    assert mc.unvec(mc.vec(X), "m", "n") is mc.parse("unvec(vec(X), m, n)", where="X: (m, n)")
    with pytest.raises(mc.MatcalcError, match="sum has no such axis 2: it may be 0 or 1"):
        mc.sum(X, axis=2)


NUMPY = {
    "sum(X, axis=1)": lambda X, x: X.sum(1),
    "mean(X, axis=0)": lambda X, x: X.mean(0),
    "softmax(X, axis=1)": lambda X, x: np.exp(X) / np.exp(X).sum(1, keepdims=True),
    "logsumexp(X, axis=0)": lambda X, x: np.log(np.exp(X).sum(0)),
    "norm(x, 3)": lambda X, x: np.linalg.norm(x, 3),
    "norm(x, inf)": lambda X, x: np.abs(x).max(),
    "kron(X, x)": lambda X, x: np.kron(X, x[:, None]),
    "kron(x.T, X)": lambda X, x: np.kron(x[None, :], X),
    "kron(x, x)": lambda X, x: np.kron(x, x),
    "vec(X)": lambda X, x: X.T.ravel(),
    "unvec(vec(X), n, m)": lambda X, x: X.T.ravel().reshape((4, 3), order="F"),
    "X[1, :]": lambda X, x: X[1],
    "X.T[1, :]": lambda X, x: X[:, 1],
    "X[:, 2]*x[0]": lambda X, x: X[:, 2] * x[0],
    "X[0, 1]": lambda X, x: X[0, 1],
    "toeplitz(x)": lambda X, x: np.array([[x[abs(i - j)] for j in range(3)] for i in range(3)]),
    "tril(X) + triu(X)": lambda X, x: np.tril(X) + np.triu(X),
    "prod(x)*max(x)*min(x)": lambda X, x: np.prod(x) * x.max() * x.min(),
}  # fmt: skip


@pytest.mark.parametrize("text", NUMPY)
def test_emitted_values(text):
    from matcalc.emit.numpy import function, function_source

    rng = np.random.default_rng(5)
    X, x = rng.standard_normal((3, 4)), rng.standard_normal(3)
    e = mc.parse(text, where="X: (m, n); x: m")
    f = function(function_source(e, "f"), "f")
    known = {"X": X, "x": x, "m": 3, "n": 4}
    import inspect

    got = f(**{k: known[k] for k in inspect.signature(f).parameters})
    assert np.allclose(got, NUMPY[text](X, x)), got


BAD = [
    ("sum(X, axis=2)", "error[domain]: sum has no such axis 2: it may be 0 or 1"),
    ("softmax(X, keepdims=1)", "error[domain]: softmax has no argument keepdims; it has axis"),
    ("sum(x, axis=0)", "error[rank]: sum wants a matrix, and x is a vector of length n"),
    ("norm(x, 0)", "error[domain]: a norm of order 0 has no derivative"),
    ("tr(X, 1)", "error[syntax]: tr takes 1 argument, and here are 2"),
    ("X[-1, :]", "error[domain]: positions count from 0, and -1 is negative"),
    ("X[2:1]", "error[domain]: the range is empty: X[i:j] goes from i up to j, without j"),
    ("x[1, 2]", "error[rank]: the subscript of x[1, 2] wants a matrix, and x is a vector of length n"),
    ("norm(x, 'abc')", "error[domain]: norm has no such ord 'abc': it may be "),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_bad_input(text, message):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.parse(text, where="X: (m, n); x: n")
    first = str(caught.value).splitlines()[0]
    assert first.startswith(message) if message.endswith(" ") else first == message


def test_a_size_that_a_product_decides():
    r = mc.grad("tr(kron(eye(3), X)@B)", "X", where="X: (n, n); B: (s, s)")
    assert r.text() == "kron_right(B, eye(3)).T"
    assert "B: (3*n, 3*n)" in r.where
    with pytest.raises(mc.MatcalcError, match="a size would be m\\*n, and 7 is wanted"):
        mc.parse("kron(A, X)@B", where="A: (m, m); X: (n, n); B: (7, 7)")


@pytest.mark.parametrize("name", [n for n, r in RULES.items() if any(w in n for w in ("Kronecker", "vec", "row", "column", "mean"))])
def test_rules_hold(name):
    rule = RULES[name]
    chosen = points_for([rule.left, rule.right])
    assert Oracle(chosen.points, chosen.why).holds(rule.left, rule.right).passed
    assert canonical(rule.left).shape == canonical(rule.right).shape

"""Pairs of expressions that are one canonical node, and pairs that must not be."""

import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.leaves import identity, ones, size_number, zeros
from matcalc.core.size import ONE, Size
from matcalc.engine.simplify import simplified
from matcalc.syntax import read

A, B, C = (mc.matrix(c, "n", "n") for c in "ABC")
S = mc.matrix("S", "n", "n", "symmetric")
X, Y, Z = (mc.matrix(c, "m", "n") for c in "XYZ")
W = mc.matrix("W", "n", "p")
x, y, v = (mc.vector(c, "n") for c in "xyv")
u = mc.vector("u", "m")
a, b, c = (mc.scalar(s) for s in "abc")
p, q = mc.vector("p", "n", "positive"), mc.scalar("q", "positive")
N = Size.of("n")
I, one, n = identity("n"), ones((N, ONE)), size_number("n")
abs_, exp, log, sign, tanh = mc.abs, mc.exp, mc.log, mc.sign, mc.tanh
norm, tr, total, diag, inv, det, logdet, inner, outer = (
    mc.norm, mc.tr, mc.sum, mc.diag, mc.inv, mc.det, mc.logdet, mc.inner, mc.outer,
)  # fmt: skip

SAME = {
    "order of a sum": (X + Y + Z, Z + (Y + X)),
    "like terms": (X + 2 * Y + X, 2 * (X + Y)),
    "a difference with itself": (X - X, zeros(X.shape)),
    "fractions": (X / 3 + X / 6, X / 2),
    "order of an elementwise product": (X * (Y * Z), Z * Y * X),
    "powers gather": (X * X * X, X**3),
    "powers of powers": ((a**2) ** 3, a**6),
    "a quotient is a power": (a / b**2, a * b**-1 * b**-1),
    "a number over itself": (a / a * X, X),
    "scalars come out of a product": (a * (X @ (b * W)), (b * a) * (X @ W)),
    "scalars go together": ((a * b) * X, b * (a * X)),
    "brackets of a chain": ((X @ A) @ W, X @ (A @ W)),
    "transpose of a product": ((X @ A @ W).T, W.T @ A.T @ X.T),
    "transpose of a transpose": (X.T.T, X),
    "transpose of a sum": ((X + Y).T, X.T + Y.T),
    "transpose of an elementwise product": ((X * Y).T, X.T * Y.T),
    "transpose inside a function": (exp(X.T), exp(X).T),
    "transpose inside an inverse": (inv(A.T), inv(A).T),
    "transpose of a scalar": ((x.T @ A @ y), (y.T @ A.T @ x)),
    "scalar in the middle": (x @ (y.T @ v), (y.T @ v) * x),
    "outer product": (outer(x, y), x @ y.T),
    "outer product turned": (outer(x, y).T, outer(y, x)),
    "a scalar between vectors": (v @ (v.T @ x), (v @ v.T) @ x),
    "inner product as a trace": (tr(X.T @ Y), inner(X, Y)),
    "cyclic trace": (tr(A @ B @ C), tr(C @ A @ B)),
    "trace of a transpose": (tr((A @ B).T), tr(A @ B)),
    "trace of a transposed word": (tr(A @ B @ C), tr(C.T @ B.T @ A.T)),
    "inner product either way": (inner(X, Y), inner(Y.T, X.T)),
    "trace of an outer product": (tr(x @ y.T), x.T @ y),
    "sum of an outer product": (total(u @ x.T), total(u) * total(x)),
    "sum of a transpose": (total(X.T), total(X)),
    "sum as a product with ones": (total(X), ones((Size.of("m"), ONE)).T @ X @ one),
    "sum of an elementwise product": (total(X * Y), inner(X, Y)),
    "inner product of vectors": (total(x * y), x.T @ y),
    "norm of a transpose": (norm(X.T), norm(X)),
    "norm of a multiple": (norm(-3 * X), 3 * norm(X)),
    "norm squared": (norm(x) ** 2, x.T @ x),
    "norm of a matrix squared": (norm(X) ** 2, tr(X.T @ X)),
    "identity in a product": (X @ I @ W, X @ W),
    "trace of the identity": (tr(I), n),
    "inverse and matrix": (inv(A) @ A @ B, B),
    "matrix and inverse": (B @ A @ inv(A), B),
    "inverse twice": (inv(inv(A)), A),
    "inverse of a multiple": (inv(2 * A), inv(A) / 2),
    "determinant of a product": (det(A @ B), det(B) * det(A)),
    "determinant of a transpose": (det(A.T), det(A)),
    "logdet of an inverse": (logdet(inv(A)), -logdet(A)),
    "diagonal matrices": (diag(x) @ diag(y), diag(x * y)),
    "diagonal matrix in front of a vector": (diag(x) @ y, x * y),
    "transpose of a diagonal matrix": (diag(x).T, diag(x)),
    "diagonal of a diagonal matrix": (diag(diag(x)), x),
    "diagonal of a transpose": (diag(A.T), diag(A)),
    "trace of a diagonal matrix": (tr(diag(x)), total(x)),
    "sign times argument": (sign(X) * X, abs_(X)),
    "sign times absolute value": (sign(X) * abs_(X), X),
    "absolute value squared": (abs_(X) ** 2, X**2),
    "absolute value of a square": (abs_(X**2), X**2),
    "absolute value of a positive": (abs_(p), p),
    "absolute value of a norm": (abs_(norm(x)), norm(x)),
    "odd function": (tanh(-X), -tanh(X)),
    "even function": (abs_(X - Y), abs_(Y - X)),
    "odd function of a difference": (tanh(X - Y), -tanh(Y - X)),
    "logarithm of an exponential": (log(exp(X)), X),
    "root of a positive squared": ((q**2) ** 0.5, q),
    "root of a square": ((a**2) ** 0.5, abs_(a)),
    "symmetric by form inside a function": (inv(X.T @ X + I).T, inv(X.T @ X + I)),
    "symmetric by form inside entries": (exp(A + A.T).T, exp(A + A.T)),
    "a power of a negative sum": ((a - b) ** 3, -((b - a) ** 3)),
    "an odd power of a difference": ((X - Y) ** -1, -((Y - X) ** -1)),
    "a power over a product": ((abs_(X) * X) ** 2, X**4),
}  # fmt: skip

DIFFERENT = {
    "a scalar inside a norm": (norm(a * v), a * norm(v)),
    "the root of a product": ((a * b) ** 0.5, a**0.5 * b**0.5),
    "the root of a square": ((a**2) ** 0.5, a),
    "the logarithm of a product": (log(a * b), log(a) + log(b)),
    "the logarithm of a square": (log(a**2), 2 * log(a)),
    "an exponential of a logarithm of what may be negative": (exp(log(a)), abs_(a)),
    "products in another order": (A @ B, B @ A),
    "a matrix and its transpose": (A, A.T),
    "the transpose of a symmetric matrix, a step and not glue": (S.T, S),
    "a word and its reverse in a trace": (tr(A @ B @ C), tr(A @ C @ B)),
    "an outer product and its transpose": (outer(x, y), outer(y, x)),
    "elementwise and matrix product": (A * B, A @ B),
    "a sum of products": (A @ (B + C), A @ B + A @ C),
    "the inverse of a sum": (inv(A + B), inv(A) + inv(B)),
    "the inverse of a rectangular product": (inv(X.T @ X), inv(X.T.T @ X.T)),
    "the determinant of a rectangular product": (det(X.T @ X), det(X @ X.T)),
    "the diagonal of an outer product, and the product": (diag(x) @ y, x * x),
    "a function of a product": (tanh(a * X), a * tanh(X)),
    "an even function is not odd": (abs_(-X), -abs_(X)),
    "squares of different things": ((X - Y) ** 2, (X + Y) ** 2),
    "an absolute value and its argument": (abs_(X), X),
    "an elementwise and a matrix power": (A**2, A @ A),
    "the sum of a product of three": (total(X * Y * Z), inner(X, Y)),
    "powers of sums": ((a + b) ** 2, a**2 + b**2),
    "one size for another": (size_number("m"), size_number("n")),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_one_node(name):
    left, right = SAME[name]
    assert canonical(left) is canonical(right)


@pytest.mark.parametrize("name", SAME)
def test_what_is_one_node_is_equal(name):
    left, right = SAME[name]
    oracle = mc.equal
    assert left.shape == right.shape and oracle(left, right)


@pytest.mark.parametrize("name", DIFFERENT)
def test_not_one_node(name):
    left, right = DIFFERENT[name]
    assert canonical(left) is not canonical(right)


def test_softmax_is_met_at_the_end_and_not_by_the_glue():
    e = exp(x) / total(exp(x))
    assert canonical(e) is not canonical(mc.softmax(x))
    assert simplified(canonical(e))[0] is canonical(mc.softmax(x))


def test_a_name_is_opaque():
    from matcalc.core.leaves import named

    w = named("w", X - X)
    assert canonical(w + Y) is not canonical(Y)
    assert canonical(w - w) is zeros(X.shape)


def test_identity_of_nodes():
    assert mc.matrix("X", "m", "n") is X
    assert X + Y is X + Y
    assert mc.matrix("X", "m", "n", "positive") is not X
    assert mc.vector("X", "m") is not X


ONE_LETTER = {
    "power of a difference": (lambda M: (1 - exp(M)) ** 3, lambda M: ((1 - exp(M.T)) ** 3).T),
    "reciprocal of a difference": (lambda M: (1 - exp(M)) ** -1, lambda M: ((1 - exp(M.T)) ** -1).T),
    "odd function of a product": (lambda M: tanh((1 - exp(M)) * M), lambda M: tanh((1 - exp(M.T)) * M.T).T),
    "odd function of a power": (lambda M: tanh((1 - exp(M)) ** 3), lambda M: tanh((1 - exp(M.T)) ** 3).T),
    "sum of a power": (lambda M: total((1 - exp(M)) ** 3), lambda M: total((1 - exp(M.T)) ** 3)),
    "power in a chain": (lambda M: M.T @ (1 - exp(M)) ** 3, lambda M: ((1 - exp(M.T)) ** 3 @ M).T),
    "difference in a chain": (lambda M: M.T @ (M - exp(M)) @ tanh(M).T, lambda M: (tanh(M) @ (exp(M) - M).T @ -M).T),
    "even function of a difference": (lambda M: abs_(M - exp(M)), lambda M: abs_(exp(M.T) - M.T).T),
    "elementwise product of differences": (lambda M: (1 - exp(M)) * (M - 1), lambda M: ((1 - M.T) * (exp(M.T) - 1)).T),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_LETTER)
def test_one_node_whatever_the_letter(name):
    """The order of the terms of a sum comes from digests, so a sign that depends on it shows with some letters only."""
    left, right = ONE_LETTER[name]
    strays = []
    for letter in "ABCDEFHKLMPQRUVWXYZ":
        M = mc.matrix(letter, "m", "p")
        if canonical(left(M)) is not canonical(right(M)):
            strays.append(letter)
    assert not strays


@pytest.mark.parametrize("name", ["p", "q", "a", "w", "zz"])
def test_a_power_takes_in_its_base_with_the_other_sign(name):
    """(1 − q)^c (q − 1) is one power, whichever sign the normal form gives to q − 1: no two factors that are written alike."""
    pairs = (("(1-q)**(c)*(q-1)", "-(1-q)**(c+1)"), ("(q-1)**3*(1-q)**(c)", "-(1-q)**(c+3)"), ("(q-1)**2*(1-q)**(c)*(1-q)", "(1-q)**(c+3)"))
    for shape, c in (("scalar", "k"), ("n", "k"), ("scalar", "1/2")):
        for texts in pairs:
            left, right = (read(t.replace("c", c).replace("q", name), where=f"{name}: {shape}; k: scalar").expr for t in texts)
            assert canonical(left) is canonical(right)

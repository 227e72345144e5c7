"""Powers, exponentials, roots, pseudoinverses, norms of singular values, eigenvalues: the text of answers, and their values.

The values are checked against differences of NumPy's and SciPy's functions, which know nothing of matcalc.
"""

import numpy as np
import pytest
import scipy as sp

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.commuting import commute
from matcalc.core.operation import OPERATIONS
from matcalc.errors import DomainMistake, Unsupported

SQUARE, TALL = "X: (n, n); A: (n, n); a: n; b: n", "X: (m, n); A: (m, n)"
PD = "X: (n, n) pd; A: (n, n); B: (n, n) symmetric"
ANSWERS = [
    ("tr(matpow(X, 4))", SQUARE, "4*matpow(X.T, 3)"),
    ("a.T@matpow(X, 3)@b", SQUARE, "a@b.T@X.T@X.T + X.T@a@b.T@X.T + X.T@X.T@a@b.T"),
    ("tr(matpow(X, -1)@A)", SQUARE, "-inv(X).T@A.T@inv(X).T"),
    ("tr(matpow(X, 20))", SQUARE, "20*matpow(X.T, 19)"),
    ("tr(matpow(X, k))", SQUARE + "; k: integer", "k*matpow(X.T, k - 1)"),
    ("tr(matpow(X, k)@A)", SQUARE + "; k: integer", "matpow_frechet(X, k, A).T"),
    ("a.T@solve(X, b)", SQUARE, "-inv(X).T@a@b.T@inv(X).T"),
    ("norm(solve(A, X))**2", "A: (n, n); X: (n, m)", "2*inv(A).T@inv(A)@X"),
    ("tr(pinv(X)@X)", TALL, "zeros(m, n)"),
    ("tr(expm(X))", SQUARE, "expm(X).T"),
    ("tr(sinm(X))", SQUARE, "cosm(X).T"),
    ("tr(cosm(X@X))", SQUARE, "-2*X.T@sinm(X@X).T"),
    ("tr(A@cosm(X))", SQUARE, "cosm_frechet(X, A).T"),
    ("tr(expm(X)@expm(X))", SQUARE, "2*expm(X).T@expm(X).T"),
    ("tr(A@expm(X))", SQUARE, "expm_frechet(X, A).T"),
    ("tr(expm(X*X))", SQUARE, "2*X*expm(X**2).T"),
    ("logdet(expm(X))", SQUARE, "eye(n)"),
    ("tr(logm(X))", PD, "inv(X)"),
    ("tr(X@logm(X) - X)", PD, "logm(X)"),
    ("norm(logm(A) - X)**2", "A: (n, n) pd; X: (n, n)", "2*(X - logm(A))"),
    ("tr(sqrtm(X))", PD, "inv(sqrtm(X))/2"),
    ("tr(sqrtm(X.T@X + c*eye(n)))", "X: (m, n); c: scalar positive", "X@inv(sqrtm(X.T@X + c*I))"),
    ("norm(X, 'nuc')", TALL, "polar(X)"),
    ("norm(X.T@X, 'nuc')", TALL, "2*X"),
    ("norm(A@X, 'nuc')", "A: (k, m); X: (m, n)", "A.T@polar(A@X)"),
    ("norm(X, 2)", TALL, "top_dyad(X)"),
    ("norm(X.T@X - eye(n), 2)", TALL, "2*X@top_dyad(X.T@X - I)"),
    ("norm(X, inf)", TALL, "diag(argmax_indicator(sum(abs(X), axis=1)))@sign(X)"),
    ("eigmax(X)", "X: (n, n) symmetric", "top_eigvec(X)@top_eigvec(X).T"),
    ("prod(eigvals(X))", SQUARE, "det(X)*inv(X).T"),
    ("sum(eigvals(X))", SQUARE, "eye(n)"),
    ("sum(log(eigvals(X)))", PD, "inv(X)"),
    ("sum(svdvals(X)**2)", TALL, "2*X"),
    ("sum(svdvals(X))", TALL, "polar(X)"),
]


@pytest.mark.parametrize(("f", "where", "answer"), ANSWERS, ids=[f for f, _, _ in ANSWERS])
def test_the_answer_reads_well(f, where, answer):
    r = mc.grad(f, "X", where=where)
    assert r.text() == answer
    assert r.verify().passed, r.verify()
    assert all(step.holds() for step in r.derivation)


def test_the_derivative_along_a_line():
    where = "A: (n, n); b: n; t: scalar"
    assert mc.jacobian("expm(t*A)@b", "t", where=where).text() == "A@expm(t*A)@b"
    assert mc.grad("logdet(t*A)", "t", where=where).text() == "n/t"
    assert mc.grad("eigmax(A + t*B)", "t", where="A: (n, n) symmetric; B: (n, n) symmetric; t: scalar").text() == (
        "v.T@B@v where v = top_eigvec(A + t*B)"
    )


def test_how_they_are_written():
    pretty = {
        "tr(A@sqrtm(inv(X)))": "−X⁻ᵀ sylvester((X^(−1/2))ᵀ, (X^(−1/2))ᵀ, Aᵀ) X⁻ᵀ",
        "tr(matpow(X, k)@A)": "(Σ_(i<k) Xⁱ A X^(k−1−i))ᵀ",
        "tr(matpow(X, k))": "k (Xᵀ)ᵏ⁻¹",
        "tr(A@matpow(X, 3))": "(A X² + X A X + X²A)ᵀ",
        "tr(A@matpow(X, 4))": "(Σ_(i<4) Xⁱ A X^(3−i))ᵀ",
        "tr(A@X@X@X@X@X) + tr(B@X@X)": "(Σ_(i<5) Xⁱ A X^(4−i) + B X + X B)ᵀ",
        "norm(X, 2)": "u₁(X) v₁(X)ᵀ",
        "tr(A@pinv(X))": "YᵀY A (I − Y X) + (I − X Y) A YYᵀ − YᵀAᵀYᵀ   where Y = X⁺",
    }
    for f, wanted in pretty.items():
        assert mc.grad(f, "X", where="k: integer; X: (n, n)").pretty() == wanted
    assert mc.grad("tr(expm(X))", "X").latex() == r"(e^{X})^{\top}"
    assert mc.grad("norm(X, 2)", "X", where=TALL).latex() == r"u_1(X) v_1(X)^{\top}"


# ---- values ----


def differences(f, X, h=1e-5):
    """The gradient of f at X by differences."""
    G = np.zeros_like(X)
    for at in np.ndindex(*X.shape):
        E = np.zeros_like(X)
        E[at] = h
        G[at] = (8 * (f(X + E) - f(X - E)) - (f(X + 2 * E) - f(X - 2 * E))) / (12 * h)
    return G


rng = np.random.default_rng(7)
S, T, W, a, b = rng.standard_normal((4, 4)), rng.standard_normal((5, 3)), rng.standard_normal((3, 5)), *rng.standard_normal((2, 4))
P, B = S @ S.T + 2 * np.eye(4), rng.standard_normal((4, 4))
REAL = B @ np.diag([1.0, 2.0, 3.5, 5.0]) @ np.linalg.inv(B)
"""A matrix that is not symmetric and has real, positive, simple eigenvalues."""


def singular(X):
    return np.linalg.svd(X, compute_uv=False)


VALUES = [
    ("tr(matpow(X, 3)@A)", lambda X, A: np.trace(X @ X @ X @ A), S, {"A": B}),
    ("tr(matpow(X, -3)@A)", lambda X, A: np.trace(np.linalg.matrix_power(np.linalg.inv(X), 3) @ A), P, {"A": B}),
    ("tr(matpow(X, 11)@A)", lambda X, A: np.trace(np.linalg.matrix_power(X, 11) @ A), S / 2, {"A": B}),
    ("tr(A@pinv(X))", lambda X, A: np.trace(A @ np.linalg.pinv(X)), T, {"A": rng.standard_normal((5, 3))}),
    ("tr(A@pinv(X))", lambda X, A: np.trace(A @ np.linalg.pinv(X)), W, {"A": rng.standard_normal((3, 5))}),
    ("a.T@expm(X)@b", lambda X, a, b: a @ sp.linalg.expm(X) @ b, S, {"a": a, "b": b}),
    ("a.T@sinm(X)@b", lambda X, a, b: a @ sp.linalg.sinm(X) @ b, S, {"a": a, "b": b}),
    ("a.T@cosm(X)@b", lambda X, a, b: a @ sp.linalg.cosm(X) @ b, S, {"a": a, "b": b}),
    ("a.T@logm(X)@b", lambda X, a, b: a @ sp.linalg.logm(X) @ b, REAL, {"a": a, "b": b}),
    ("a.T@sqrtm(X)@b", lambda X, a, b: a @ sp.linalg.sqrtm(X) @ b, REAL, {"a": a, "b": b}),
    ("norm(logm(X@X.T + eye(n)) - A)**2", lambda X, A: np.sum((sp.linalg.logm(X @ X.T + np.eye(4)) - A) ** 2), S, {"A": B}),
    ("tr(A@sylvester(X, B, A))", lambda X, A, B: np.trace(A @ sp.linalg.solve_sylvester(X, B, A)), P, {"A": B, "B": P + REAL}),
    ("norm(X, 'nuc')", lambda X: singular(X).sum(), T, {}),
    ("norm(X, 'nuc')", lambda X: singular(X).sum(), W, {}),
    ("norm(X, 2)", lambda X: singular(X)[0], T, {}),
    ("norm(X, 2)", lambda X: singular(X)[0], W, {}),
    ("norm(X, 1)", lambda X: np.linalg.norm(X, 1), T, {}),
    ("norm(X, inf)", lambda X: np.linalg.norm(X, np.inf), T, {}),
    ("sum(tanh(svdvals(X)))", lambda X: np.tanh(singular(X)).sum(), T, {}),
    ("sum(tanh(eigvals(X)))", lambda X: np.tanh(np.linalg.eigvals(X).real).sum(), REAL, {}),
    ("eigmax(X@X.T)", lambda X: np.linalg.eigvalsh(X @ X.T)[-1], S, {}),
    ("tr(A@chol(X@X.T))", lambda X, A: np.trace(A @ np.linalg.cholesky(X @ X.T)), S, {"A": B}),
    ("sum(log(diag(chol(X@X.T))))", lambda X: np.log(np.diag(np.linalg.cholesky(X @ X.T))).sum(), S, {}),
    ("tr(A.T@X@inv(sqrtm(X.T@X)))", lambda X, A: np.trace(A.T @ X @ np.linalg.inv(sp.linalg.sqrtm(X.T @ X))), S, {"A": B}),
]


@pytest.mark.parametrize(("text", "f", "X", "others"), VALUES, ids=[f"{v[0]} {v[2].shape}" for v in VALUES])
def test_values_against_differences(text, f, X, others):
    sizes = "X: (m, n)" if X.shape[0] != X.shape[1] else "X: (n, n)"
    declared = {"A": sizes[3:], "B": "(n, n)", "a": "n", "b": "n"}
    r = mc.grad(text, "X", where="; ".join([sizes, *(f"{k}: {declared[k].strip()}" for k in others)]))
    assert r.verify().passed, r.verify()
    found = r.function("numpy")(X=X, **others)
    wanted = differences(lambda Y: f(Y, **others), X)
    assert np.allclose(found, wanted, rtol=1e-7, atol=1e-8 * max(1, np.abs(wanted).max()))


def test_the_symmetric_ones_move_symmetrically():
    """The gradient of what is read from half of a matrix lies in the symmetric matrices."""
    for text, f in (("eigmax(X)", lambda X: np.linalg.eigvalsh(X)[-1]), ("a.T@chol(X)@a", lambda X: a @ np.linalg.cholesky(X) @ a)):
        g = mc.grad(text, "X", where="X: (n, n) pd; a: n").function("numpy")
        G = g(X=P, a=a) if "a" in text[:2] else g(X=P)
        D = (B + B.T) / 2
        assert np.allclose(G, G.T)
        slope = (f(P + 1e-6 * D) - f(P - 1e-6 * D)) / 2e-6
        assert np.isclose(np.sum(G * D), slope, rtol=1e-7)


# ---- facts, conditions, refusals ----


@pytest.mark.parametrize("op", [op for op in OPERATIONS.values() if op.primary], ids=lambda op: op.name)
def test_a_function_of_a_matrix_commutes_with_it(op):
    X = mc.matrix("X", "n", "n")
    args = [X] + [3] * (op.arity - 1)
    assert mc.equal(op(*args) @ X, X @ op(*args))
    assert commute(canonical(X), canonical(op(*args) @ X + 2 * X))


def test_what_does_not_commute():
    X, Y = mc.matrix("X", "n", "n"), mc.matrix("Y", "n", "n")
    for e in (Y, X.T, X + Y, X @ Y, mc.expm(X.T), mc.expm(X) @ Y):
        assert not commute(canonical(X), canonical(e)), e
    assert commute(canonical(X.T), canonical(mc.expm(X).T @ X.T))


def test_conditions():
    def told(f, where=SQUARE):
        return {c.domain.statement for c in mc.grad(f, "X", where=where).conditions}

    assert told("tr(logm(X))") == {"{0} has no eigenvalue on the negative real axis"}
    assert told("tr(logm(X))", PD) == set()
    assert told("tr(matpow(X, -2))") == {"det {0} ≠ 0"} and told("tr(matpow(X, 2))") == set()
    assert told("norm(X, 2)") == {"the largest singular value of {0} is simple"}
    assert told("norm(X, 'nuc')", "X: (n, n) invertible") == set()
    for positive in ("sum(log(diag(chol(X))))", "log(det(X))", "sum(log(diag(X)))", "sum(log(exp(X@a)/sum(exp(X@a))))"):
        assert told(positive, PD + "; a: n") == set()
    assert "{0} > 0" in told("log(eigmin(X))", "X: (n, n) positive symmetric")
    assert told("log(eigmin(X))", PD) == {"the smallest eigenvalue of {0} is simple"}
    assert told("eigmax(X)", "X: (n, n) symmetric") == {"the largest eigenvalue of {0} is simple"}
    assert "unless the largest eigenvalue of X is simple" in str(mc.grad("eigmax(X)", "X", where="X: (n, n) symmetric"))


@pytest.mark.parametrize("f", ["arcsin(1 + exp(X))", "arctanh(-1 - X**2)", "arccos(1 + X.T**2/2)", "log(-exp(X))"])
def test_what_lies_outside_of_the_domain_everywhere_is_refused(f):
    with pytest.raises(mc.MatcalcError, match=r"wants what is .*, and .* is not"):
        mc.grad(f"sum({f})", "X", where=SQUARE)


@pytest.mark.parametrize("f", ["tr(A@expm_frechet(X, A))", "tr(A.T@polar(X))", "sum(top_eigvec(X))"])
def test_words_have_derivatives(f):
    r = mc.grad(f, "X", where=SQUARE)
    assert r.verify().passed and all(s.holds() is not False for s in r.derivation)


def test_third_derivatives_are_refused():
    for f in ("tr(A@expm_frechet2(X, A, A))", "tr(expm_kronecker(X))"):
        with pytest.raises(Unsupported, match="derivative of expm_"):
            mc.grad(f, "X", where=SQUARE)


def test_a_direction_may_move():
    assert mc.grad("a.T@expm_frechet(A, X)@b", "X", where=SQUARE).text() == "expm_frechet(A.T, a@b.T)"


def test_arguments_that_do_not_fit():
    with pytest.raises(DomainMistake, match="exponent of a power of a matrix is an integer"):
        mc.grad("tr(matpow(X, 0.5))", "X", where=SQUARE)
    with pytest.raises(DomainMistake, match="expm wants a square matrix"):
        mc.grad("tr(expm(X))", "X", where=TALL)
    with pytest.raises(DomainMistake, match="at least as tall as wide"):
        mc.grad("sum(svdvals(X))", "X", where="X: (2, 3)")


def test_an_exponent_that_is_not_declared_is_told():
    r = mc.grad("tr(matpow(X, k))", "X", where="X: (n, n)")
    assert r.verify().passed is None and "declare it, as in k: integer" in r.verify().why


@pytest.mark.parametrize(
    ("f", "text", "line", "shown"),
    [
        ("tr(matpow(X, 5))", "5*matpow(X.T, 4)", "return 5 * np.linalg.matrix_power(X.T, 4)", "5 (Xᵀ)⁴"),
        ("tr(inv(X)@inv(X))", "-2*matpow(inv(X).T, 3)", "return -2 * np.linalg.matrix_power(np.linalg.inv(X).T, 3)", "−2 (X⁻ᵀ)³"),
        ("y@matpow(X, 3)@x", "matpow(X.T, 3)@y", "return X.T @ (X.T @ (X.T @ y))", "(Xᵀ)³y"),
    ],
)
def test_equal_factors_are_written_as_a_power(f, text, line, shown):
    r = mc.grad(f, "x" if "x" in f else "X", where="X: (n, n); x: n; y: n")
    assert (r.text(), r.pretty()) == (text, shown)
    assert line in r.code("numpy")
    assert mc.parse(r.text(), where=r.where) is r.value


@pytest.mark.parametrize(
    ("f", "x", "let", "answer"),
    [
        ("logdet(X.T@X)", "Y", {"X": "pinv(Y)"}, "−2 vec(Xᵀ)ᵀ"),
        ("tr(expm(U))", "t", {"U": "A + t*B"}, "tr(B expm(U))"),
        ("tr(logm(U))", "t", {"U": "A + t*B"}, "tr(B U⁻¹)"),
        ("tr(sqrtm(U))", "t", {"U": "A + t*B"}, "tr(B U^(−1/2))/2"),
        ("tr(matpow(U, k))", "t", {"U": "A + t*B"}, "k tr(B Uᵏ⁻¹)"),
    ],
)
def test_names_of_the_user_do_not_hide_what_cancels(f, x, let, answer):
    r = mc.jacobian(f, x, where="Y: (m, n); A: (n, n); B: (n, n); t: scalar; k: integer", let=let)
    assert r.pretty() == answer
    assert all(s.holds() is not False for s in r.derivation)

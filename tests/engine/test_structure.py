"""Structured variables: three conventions, each against differences of the function along the structure."""

import numpy as np
import pytest

import matcalc as mc

F = "tr(A@X@B@X) + tr(C@X)"
rng = np.random.default_rng(3)
A, B, C, X0 = rng.standard_normal((4, 4, 4))
PLAIN = A.T @ X0.T @ B.T
Q = np.linalg.qr(X0)[0]
REFLECTION = Q @ np.diag([1, -1, -1, 1]) @ Q.T
TURN = Q @ np.kron(np.eye(2), [[0, -1], [1, 0]]) @ Q.T
STRUCTURED = {
    "symmetric": (X0 + X0.T, lambda D: D + D.T),
    "pd": (X0 @ X0.T + np.eye(4), lambda D: D + D.T),
    "skew": (X0 - X0.T, lambda D: D - D.T),
    "diagonal": (np.diag(np.diag(X0)), lambda D: np.diag(np.diag(D))),
    "upper": (np.triu(X0), np.triu),
    "lower": (np.tril(X0), np.tril),
    "orthogonal": (Q, lambda D: Q @ (D - D.T)),
    "symmetric orthogonal": (REFLECTION, lambda D: D + D.T - REFLECTION @ (D + D.T) @ REFLECTION),
    "skew orthogonal": (TURN, lambda D: D - D.T + TURN @ (D - D.T) @ TURN),
    "upper lower": (np.diag(np.diag(X0)), lambda D: np.diag(np.diag(D))),
    "symmetric lower": (np.diag(np.diag(X0)), lambda D: np.diag(np.diag(D))),
}
ON_A_MANIFOLD = [word for word in STRUCTURED if "orthogonal" in word]


def f(X):
    return np.trace(A @ X @ B @ X) + np.trace(C @ X)


def gradient(word, convention):
    result = mc.grad(F, "X", where=f"X: (n, n) {word}; A: (n, n); B: (n, n); C: (n, n)", convention=convention)
    assert result.verify().passed
    assert f"Convention: {'Riemannian gradient' if word in ON_A_MANIFOLD and convention == 'projected' else convention}" in str(result)
    X = STRUCTURED[word][0]
    return X, result.function("numpy")(A=A, B=B, C=C, X=X)


def slope(X, D, h=1e-6):
    return (f(X + h * D) - f(X - h * D)) / (2 * h)


@pytest.mark.parametrize("word", STRUCTURED)
def test_a_projected_gradient_lies_in_the_space_and_gives_the_slope_along_it(word):
    X, G = gradient(word, "projected")
    along = STRUCTURED[word][1]
    for _ in range(3):
        D = along(rng.standard_normal((4, 4)))
        assert np.isclose(slope(X, D), np.sum(G * D), atol=1e-6)
    # the space is its own projection: what is left of G outside it is nothing
    basis = [along(np.eye(16)[k].reshape(4, 4)).ravel() for k in range(16)]
    rest = G.ravel() - np.array(basis).T @ np.linalg.lstsq(np.array(basis).T, G.ravel(), rcond=None)[0]
    assert np.allclose(rest, 0, atol=1e-9)


@pytest.mark.parametrize("word", [word for word in STRUCTURED if word not in ON_A_MANIFOLD])
def test_distinct_entries_move_one_at_a_time(word):
    X, G = gradient(word, "distinct")
    along = STRUCTURED[word][1]
    for i in range(4):
        for j in range(4):
            E = np.zeros((4, 4))
            E[i, j] = 1
            D = along(E)
            D[i, j] = min(D[i, j], 1)  # the diagonal of E + Eᵀ
            assert np.isclose(slope(X, D), G[i, j], atol=1e-5), (i, j)


@pytest.mark.parametrize("word", STRUCTURED)
def test_unstructured_derivatives_are_those_of_independent_entries(word):
    X, G = gradient(word, "unstructured")
    assert np.allclose(G, A.T @ X.T @ B.T + B.T @ X.T @ A.T + C.T)


def test_what_is_not_known_is_refused():
    with pytest.raises(mc.MatcalcError, match="no entry of a matrix that is orthogonal can be varied alone"):
        mc.grad("tr(A@X)", "X", where="X: (n, n) orthogonal", convention="distinct")
    with pytest.raises(mc.MatcalcError, match="no entry of a matrix that is symmetric and orthogonal can be varied alone"):
        mc.grad("tr(A@X)", "X", where="X: (n, n) symmetric orthogonal", convention="distinct")


@pytest.mark.parametrize(
    "words, what",
    [
        ("diagonal orthogonal", "has ±1 on its diagonal"),
        ("lower orthogonal", "has ±1 on its diagonal"),
        ("pd orthogonal", "is I"),
        ("orthogonal nonneg", "is a permutation"),
    ],
)
def test_what_cannot_move_has_no_derivative(words, what):
    with pytest.raises(mc.MatcalcError, match=f"{what}.*: it cannot move"):
        mc.grad("tr(A@X)", "X", where=f"X: (n, n) {words}")
    assert mc.grad("tr(A@X)", "X", where=f"X: (n, n) {words}", convention="unstructured").verify().passed


@pytest.mark.parametrize("words", ["symmetric skew", "pd skew", "skew upper", "skew diagonal", "lower skew"])
def test_the_matrix_0_is_refused_where_it_is_declared(words):
    with pytest.raises(mc.MatcalcError, match="only the matrix 0 is"):
        mc.grad("a.T@X@a", "a", where=f"X: (n, n) {words}")


@pytest.mark.parametrize("words", ["symmetric orthogonal", "skew orthogonal"])
def test_facts_of_several_properties_at_once(words):
    assert mc.grad("a.T@X@X@a", "a", where=f"X: (n, n) {words}").verify().passed


def test_the_tangent_space_of_orthonormal_columns():
    result = mc.grad("tr(X.T@A@X)", "X", where="X: (m, n) orthogonal")
    X = np.linalg.qr(rng.standard_normal((4, 2)))[0]
    G = result.function("numpy")(A=A, X=X)
    assert np.allclose(X.T @ G + G.T @ X, 0)


def test_the_steps_say_how_free_entries_pair():
    lines = str(mc.grad("logdet(S)", "S", where="S: (n, n) pd", convention="distinct"))
    assert "∂f/∂S = 2 S⁻¹ − diag(diag(S⁻¹))" in lines and "df = tril(A) : dS  ⇔  ∂f/∂S = A" in lines


@pytest.mark.parametrize(
    ("f", "where", "wanted"),
    [
        ("logdet(X)/2 + y.T@inv(X)@y/2", "X: (n, n) pd", "(X⁻¹ − X⁻¹yyᵀX⁻¹)/2"),
        ("logdet(X + B) + y.T@inv(X + B)@y", "X: (n, n) pd; B: (n, n) pd", "M − M yyᵀM   where M = (X + B)⁻¹"),
        ("norm(sqrtm(X) - B)**2", "X: (n, n) pd; B: (n, n) symmetric", "2 sylvester(X^(1/2), X^(1/2), X^(1/2) − B)"),
        ("tr(X@X)", "X: (n, n) diagonal", "2 X"),
        ("norm(X)**2", "X: (n, n) skew", "2 X"),
        ("norm(X)**2", "X: (n, n) upper", "2 X"),
    ],
)
def test_what_lies_in_the_space_already_is_not_projected(f, where, wanted):
    result = mc.grad(f, "X", where=where)
    assert result.pretty() == wanted
    assert result.verify().passed
    assert not {"(dX)ᵀ = dX", "(dX)ᵀ = −dX", "triu", "dX = diag"} & {step.reason.split(";")[0] for step in result.derivation}
    assert all("diag(" not in str(step.after) for step in result.derivation)


@pytest.mark.parametrize(
    ("f", "where", "wanted"),
    [
        ("logdet(X)/2 + y.T@inv(X)@y/2", "X: (n, n) pd", "2 G − diag(diag(G))   where G = (X⁻¹ − X⁻¹yyᵀX⁻¹)/2"),
        ("logdet(X)", "X: (n, n) pd", "2 X⁻¹ − diag(diag(X⁻¹))"),
        ("x.T@X@y", "X: (n, n) symmetric", "xyᵀ + yxᵀ − diag(x ⊙ y)"),
    ],
)
def test_a_long_gradient_is_said_once_in_distinct_entries(f, where, wanted):
    result = mc.grad(f, "X", where=where, convention="distinct")
    assert result.pretty() == wanted
    assert result.verify().passed and all(step.holds() for step in result.derivation)
    assert mc.parse(result.text(), where=result.where) is result.value and result.code() and result.latex()

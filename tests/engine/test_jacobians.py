"""Jacobians of and with respect to matrices, as the book prints them; each is checked by the oracle."""

import pytest

import matcalc as mc

BOOK = [
    ("X", "X", "X: (m, n)", "I"),
    ("X.T", "X", "X: (m, n)", "Kₘₙ"),
    ("inv(X)", "X", "", "−(X⁻ᵀ ⊗ X⁻¹)"),
    ("X@X.T", "X", "", "(I_(m²) + Kₘₘ) (X ⊗ Iₘ)"),
    ("X.T@X", "X", "", "(I_(n²) + Kₙₙ) (Iₙ ⊗ Xᵀ)"),
    ("A@X@B", "X", "", "Bᵀ ⊗ A"),
    ("A@X.T@B", "X", "", "K_qm (A ⊗ Bᵀ)"),
    ("X@A - A@X", "X", "", "Aᵀ ⊗ I − I ⊗ A"),
    ("X@a", "X", "a: n", "aᵀ ⊗ I"),
    ("a@X@b", "X", "a: m; b: n", "bᵀ ⊗ aᵀ"),
    ("outer(x, x)", "x", "", "x ⊗ I + I ⊗ x"),
    ("outer(A@x, k)", "x", "", "k ⊗ A"),
    ("A*X", "X", "A: (m, n); X: (m, n)", "diag(vec(A))"),
    ("tanh(A@X)", "X", "", "diag(vec(1 − tanh(A X)∘²)) (I ⊗ A)"),
    ("det(X)*X", "X", "", "det(X) (vec(X) vec(X⁻ᵀ)ᵀ + I)"),
    ("X/norm(X)", "X", "X: (m, n)", "(1/‖X‖) (I − vec(X) vec(X)ᵀ/‖X‖²)"),
    ("X@inv(X.T@X)@X.T", "X", "", "(I_(m²) + Kₘₘ) (X M ⊗ (Iₘ − X M Xᵀ))   where M = (XᵀX)⁻¹"),
    ("diag(x)", "x", "x: n", "I ∗ I"),
    ("diag(A@X)", "X", "A: (m, n); X: (n, m)", "(I ∗ Aᵀ)ᵀ"),
    ("A@diag(x)@B", "x", "A: (m, n); x: n; B: (n, p)", "Bᵀ ∗ A"),
    ("vec(X)", "X", "X: (m, n)", "I"),
    ("tril(X)", "X", "", "diag(vec(tril(1)))"),
    ("sqrtm(X)", "X", "", None),
    ("kron(A, X)", "X", "A: (2, n); X: (p, 2)", None),
    ("kron(X, A)", "X", "A: (2, n); X: (p, 2)", None),
    ("softmax(X, axis=1)", "X", "", None),
    ("inv(A + t*B)", "t", "t: scalar", "−M B M   where M = (A + t B)⁻¹"),
    ("x.T", "x", "x: n", "I"),
    ("softmax(X@w)", "X", "", "wᵀ ⊗ (diag(p) − ppᵀ)   where p = softmax(X w)"),
    ("sigmoid(W@x + b)", "W", "", "xᵀ ⊗ diag(σ ⊙ (1 − σ))   where σ = sigmoid(W x + b)"),
    ("unvech(x)", "x", "x: n*(n + 1)/2", "Dₙ"),
    ("vech(X)", "X", "", "Lₙ"),
    ("toeplitz(c)", "c", "c: m", "toeplitz_left(m, m) + toeplitz_right(m, m)"),
    ("expm(X)", "X", "", "K_exp(X)"),
    ("matpow(A, k)@x", "A", "k: integer", "(xᵀ ⊗ I) (Σ_(i<k) (Aᵀ)^(k−1−i) ⊗ Aⁱ)"),
    ("D@X", "X", "D: (n, n)", "I ⊗ D"),
    ("chol(X)", "X", "X: (n, n) pd", None),
    ("hstack(X, A)", "X", "X: (m, n); A: (m, p)", None),
    ("vstack(X@A, X)", "X", "X: (m, n); A: (n, n)", None),
    ("cross(a, X@b)", "X", "a: 3; b: n", None),
    ("A@B", "x", "x: n", "0"),
]


@pytest.mark.parametrize(("f", "x", "where", "pretty"), BOOK)
def test_the_book_form(f, x, where, pretty):
    r = mc.jacobian(f, x, where=where)
    assert r.verify().passed, r.verify().why
    if pretty is not None:
        assert r.pretty() == pretty
    assert all(s.holds() for s in r.derivation)
    assert str(r) and r.derivation.latex() and r.code()


@pytest.mark.parametrize(
    ("f", "x", "where", "kind", "shape"),
    [
        ("A@x", "x", "A: (m, n)", "jacobian", "(m, n)"),
        ("A@x*t", "t", "t: scalar; A: (m, n)", "jacobian", "(m,)"),
        ("A*t", "t", "t: scalar; A: (m, n)", "jacobian", "(m, n)"),
        ("A@x@x.T", "x", "A: (m, n)", "vec-jacobian", "(m*n, n)"),
        ("X@x", "X", "X: (m, n)", "vec-jacobian", "(m, m*n)"),
        ("tr(X)", "X", "X: (n, n)", "vec-jacobian", "(1, n**2)"),
        ("tr(X)", "y", "X: (n, n); y: k", "jacobian", "(1, k)"),
    ],
)
def test_kinds_and_shapes(f, x, where, kind, shape):
    r = mc.jacobian(f, x, where=where)
    assert (r.kind, str(r.shape)) == (kind, shape)


def test_the_letter_of_the_commutation_matrix_may_be_a_variable():
    r = mc.jacobian("K@X.T", "X", where="K: (n, n); X: (m, n)")
    assert r.verify().passed and mc.parse(r.text(), where=r.where) is r.value


@pytest.mark.parametrize("shape", [("n",), ("n", "m")])
def test_the_jacobian_of_a_residual_network_is_linear_in_its_depth(shape):
    """Each layer uses the one before twice: written out, the matrix has as many terms as there are paths."""
    A, X = mc.matrix("A", "n", "n"), (mc.matrix if len(shape) > 1 else mc.vector)("X", *shape)
    lengths = []
    for depth in (6, 12):
        h = X
        for _ in range(depth):
            h = h + mc.tanh(A @ h)
        r = mc.jacobian(h, X)
        assert r.verify().passed
        lengths.append(len(r.text()))
    assert lengths[1] < 4 * lengths[0]

"""Second derivatives of eigenvalues, singular values, norms made of them, and matrix functions: checked, and as books print them."""

import pytest

import matcalc as mc

S, T = "S: (n, n) symmetric", "; A: (n, n) symmetric; B: (n, n) symmetric; t: scalar"
CASES = [
    ("eigmax(S)", "S", S, "(I + Kₙₙ) (X ⊗ vvᵀ + vvᵀ ⊗ X)/2   where X = (λₘₐₓ(S) I − S)⁺, v = vₘₐₓ(S)"),
    ("eigmin(S)", "S", S, "−(I + Kₙₙ) (X ⊗ vvᵀ + vvᵀ ⊗ X)/2   where X = (S − λₘᵢₙ(S) I)⁺, v = vₘᵢₙ(S)"),
    ("eigmin(diag(x) + A)", "x", "x: n" + T, "−2 diag(vₘᵢₙ(X)) (X − λₘᵢₙ(X) I)⁺ diag(vₘᵢₙ(X))   where X = diag(x) + A"),
    ("sum(exp(eigvals(S)))", "S", S, "K_exp(S)"),
    ("c@eigvals(A + t*B)", "t", "c: n" + T, ""),
    ("eigmax(A + t*B)", "t", "c: n" + T, ""),
    ("eigmax(diag(x) + A)", "x", "x: n" + T, ""),
    ("norm(X, 'nuc')", "X", "", ""),
    ("norm(X, 'nuc')", "X", "X: (2, 3)", ""),
    ("norm(X, 2)", "X", "", ""),
    ("sum(svdvals(X)**3)", "X", "", ""),
    ("a@expm(X)@b", "X", "a: n", "Kₙₙ K²_exp(X, baᵀ)"),
    pytest.param("a@logm(X)@b", "X", "a: n", "Kₙₙ K²_log(X, baᵀ)", marks=pytest.mark.slow),
    ("a@matpow(X, k)@b", "X", "a: n; k: integer", "Kₙₙ K²_pow(X, k, baᵀ)"),
    ("a@expm(t*A)@b", "t", "a: n; t: scalar", "aᵀA² expm(t A) b"),
]


@pytest.mark.parametrize(("f", "x", "where", "pretty"), CASES)
def test_hessians(f, x, where, pretty):
    r = mc.hessian(f, x, where=where)
    check = r.verify()
    assert check.passed, check.why
    assert not pretty or r.pretty() == pretty
    assert all(s.holds() is not False for s in r.derivation)
    assert r.latex() and r.text() and r.code() and str(r)


JACOBIANS = [
    ("eigvecs(S)", "S", S, "(I ⊗ V(S)) diag(vec(gaps(λ(S)))) (V(S)ᵀ ⊗ V(S)ᵀ)"),
    ("top_eigvec(S)", "S", S, "(vₘₐₓ(S)ᵀ ⊗ X + X ⊗ vₘₐₓ(S)ᵀ)/2   where X = (λₘₐₓ(S) I − S)⁺"),
    ("bottom_eigvec(S)", "S", S, "−(vₘᵢₙ(S)ᵀ ⊗ X + X ⊗ vₘᵢₙ(S)ᵀ)/2   where X = (S − λₘᵢₙ(S) I)⁺"),
    ("bottom_resolvent(S)@b", "S", S + "; b: n", ""),
    ("polar(X)", "X", "X: (m, n)", ""),
    ("svd_right(X)", "X", "X: (m, n)", ""),
]


@pytest.mark.parametrize(("F", "x", "where", "pretty"), JACOBIANS)
def test_jacobians_of_vectors(F, x, where, pretty):
    r = mc.jacobian(F, x, where=where)
    assert r.verify().passed and r.code()
    assert not pretty or r.pretty() == pretty


def test_the_resolvent_makes_the_largest_eigenvalue_convex():
    told = str(mc.hessian("eigmax(diag(x) + A)", "x", where="x: n; A: (n, n) symmetric").definiteness())
    assert "its Hessian is ⪰ 0" in told


def test_what_is_constant_has_no_derivative():
    for verb, f, x in ((mc.grad, "norm(top_eigvec(S))", "S"), *((v, "norm(eigvecs(A.T@A + I))", "A") for v in (mc.grad, mc.hessian))):
        r = verb(f, x, where=S if x == "S" else "")
        assert r.pretty() == "0" and r.verify().passed


def test_the_resolvent_makes_the_smallest_eigenvalue_concave():
    result = mc.hessian("eigmin(diag(x) + A)", "x", where="x: n; A: (n, n) symmetric")
    assert "its Hessian is ⪯ 0" in str(result.definiteness())
    assert [c.domain.statement for c in result.conditions] == ["the smallest eigenvalue of {0} is simple"]


def test_an_inverse_of_an_orthogonal_matrix_is_its_transpose():
    assert mc.grad("tr(inv(Q)@A)", "A", where="Q: (n, n) orthogonal").pretty() == "Q"
    assert mc.grad("norm(Q@A)**2", "A", where="Q: (n, n) orthogonal").pretty() == "2 A"
    r = mc.grad("c@eigvals(S)", "S", where=S)
    assert r.pretty() == "V(S) diag(c) V(S)ᵀ" and "V(S)ᵀ V(S) = I" in str(r)

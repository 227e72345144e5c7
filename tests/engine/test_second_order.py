"""Hessians, as the book prints them; each is checked against the gradient, against differences, and for its symmetry."""

import pytest

import matcalc as mc

BOOK = [
    ("x@A@x", "x", "", "A + Aᵀ"),
    ("norm(A@x - b)**2", "x", "", "2 AᵀA"),
    ("tr(X.T@A@X@B)", "X", "", "Bᵀ ⊗ A + B ⊗ Aᵀ"),
    ("tr(A@X@B@X)", "X", "X: (m, n)", "Kₙₘ (Aᵀ ⊗ B + Bᵀ ⊗ A)"),
    ("logdet(X)", "X", "", "−Kₙₙ (X⁻ᵀ ⊗ X⁻¹)"),
    ("norm(A@X@B - D)**2", "X", "", "2 (BBᵀ ⊗ AᵀA)"),
    ("norm(X)**2", "X", "", "2 I"),
    ("y@(X@beta) - sum(exp(X@beta))", "beta", "", "−Xᵀ diag(exp(X β)) X"),
    ("sum(x**4)", "x", "x: n", "12 diag(x²)"),
    ("sin(t)*c", "t", "t: scalar; c: scalar", "−c sin(t)"),
    ("c@x", "x", "c: n; x: n", "0"),
    ("logsumexp(W@x)", "W", "", "xxᵀ ⊗ (diag(p) − ppᵀ)   where p = softmax(W x)"),
    ("norm(X@w - y)**2", "X", "", "2 (wwᵀ ⊗ I)"),
    ("norm(x, 4)", "x", "", "3 (diag(x²) − x³(x³)ᵀ/‖x‖_4⁴)/‖x‖_4³"),
    ("prod(x)", "x", "x: n", "prod(x) ((1 ⊘ x) (1 ⊘ x)ᵀ − diag(1 ⊘ x²))"),
    ("log(det(A@X@A.T))", "X", "A: (m, n)", "−Kₙₙ (AᵀMᵀA ⊗ AᵀM A)   where M = (A X Aᵀ)⁻¹"),
    ("norm(A@x - b)", "x", "", "(1/‖r‖) Aᵀ(I − rrᵀ/‖r‖²)A   where r = A x − b"),
    ("log(sum(exp(x)))", "x", "", "diag(p) − ppᵀ   where p = softmax(x)"),
    ("sum(log(1 + exp(A@x)))", "x", "", "Aᵀ diag(σ ⊙ (1 − σ)) A   where σ = sigmoid(A x)"),
    ("-y@log(softmax(z))", "z", "", "sum(y) (diag(p) − ppᵀ)   where p = softmax(z)"),
    ("a@x/(b@x)", "x", "", "(2 ρ bbᵀ − abᵀ − baᵀ)/(bᵀx)²   where ρ = aᵀx/(bᵀx)"),
    ("exp(a@x)*norm(x)**2", "x", "", "exp(aᵀx) (2 axᵀ + 2 xaᵀ + ‖x‖²aaᵀ + 2 I)"),
    ("c@x/sqrt(x@S@x)", "x", "S: (n, n) pd", "−(1/(xᵀS x)^(3/2)) (cxᵀS + S xcᵀ + (cᵀx) (S − 3 S xxᵀS/(xᵀS x)))"),
    ("norm(x)**p", "x", "p: scalar", "p ‖x‖ᵖ⁻²(((p − 2)/‖x‖²) xxᵀ + I)"),
    ("tr((X + t*Y)@A@(X + t*Y))", "t", "t: scalar; X: (n, n); Y: (n, n); A: (n, n)", "2 tr(Y²A)"),
    ("det(A + t*B + t**2*D)", "t", "t: scalar; A: (n, n); B: (n, n); D: (n, n)",
     "det(X) (tr(M Y)² − tr(M Y M Y) + 2 tr(M D))   where X = A + t B + t²D, M = X⁻¹, Y = 2 t D + B"),
]


@pytest.mark.parametrize(("f", "x", "where", "pretty"), BOOK)
def test_the_book_form(f, x, where, pretty):
    r = mc.hessian(f, x, where=where)
    assert r.verify().passed, r.verify().why
    assert r.pretty() == pretty
    assert r.kind == "hessian"
    assert all(s.holds() for s in r.derivation)
    assert str(r) and r.derivation.latex() and r.code()


@pytest.mark.parametrize(
    ("f", "x", "y", "where", "pretty"),
    [
        ("x@A@y", "x", "y", "", "A"),
        ("norm(A@x - b)**2", "x", "b", "", "−2 Aᵀ"),
        ("tr(X.T@A@Y)", "X", "Y", "", "I ⊗ A"),
        ("c*x@x", "x", "c", "c: scalar", "2 x"),
        ("t*tr(X.T@A@X)", "X", "t", "t: scalar", "(A + Aᵀ)X"),
    ],
)
def test_two_variables(f, x, y, where, pretty):
    r = mc.hessian(f, x, y, where=where)
    assert r.verify().passed and r.pretty() == pretty
    assert all(s.holds() for s in r.derivation)


@pytest.mark.parametrize(
    ("f", "x", "where", "pretty"),
    [
        ("norm(A@x - b)**2", "x", "", "2 AᵀA v"),
        ("logsumexp(A@x)", "x", "", "Aᵀ(p ⊙ (A v − (vᵀAᵀp) 1))   where p = softmax(A x)"),
        ("logdet(X)", "X", "", "−X⁻ᵀVᵀX⁻ᵀ"),
        ("exp(t)*c", "t", "t: scalar; c: scalar", "v c exp(t)"),
    ],
)
def test_the_product_with_a_direction(f, x, where, pretty):
    r = mc.hvp(f, x, where=where)
    assert r.verify().passed and r.pretty() == pretty and r.code()


def test_the_direction_has_a_name_of_its_own():
    assert "w" in mc.hvp("v@x*x@x", "x", where="v: n").text()
    with pytest.raises(mc.MatcalcError, match="hide a variable"):
        mc.hvp("v@x", "x", "v")

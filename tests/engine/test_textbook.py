"""Answers that textbooks print, letter by letter; each is checked by the oracle too."""

import pytest

import matcalc as mc
from matcalc.emit.pretty import pretty

GRADIENTS = [
    ("a@x", "x", "a: n", "a"),
    ("x@A@x", "x", "", "(A + Aᵀ)x"),
    ("x@A@x", "x", "A: (n, n) symmetric", "2 A x"),
    ("norm(x)", "x", "", "x/‖x‖"),
    ("norm(x)**2", "x", "", "2 x"),
    ("norm(x - y)**2", "y", "", "2 (y − x)"),
    ("norm(A@x - b)**2", "x", "", "2 Aᵀ(A x − b)"),
    ("norm(A@x - b)", "x", "", "Aᵀ(A x − b)/‖A x − b‖"),
    ("norm(A@x - b)**2/2 + c*norm(x)**2", "x", "", "Aᵀ(A x − b) + 2 c x"),
    ("(A@x - b)@W@(A@x - b)", "x", "A: (m, n); W: (m, m) symmetric; b: m", "2 AᵀW (A x − b)"),
    ("sum(abs(x))", "x", "", "sign(x)"),
    ("sum(x*y)", "x", "x: n; y: n", "y"),
    ("sum(exp(A@x))", "x", "A: (m, n)", "Aᵀ exp(A x)"),
    ("log(sum(exp(x)))", "x", "", "softmax(x)"),
    ("exp(-norm(x)**2/2)", "x", "", "−exp(−‖x‖²/2) x"),
    ("sum(abs(P.T@P - I))", "P", "", "2 P sign(PᵀP − I)"),
    ("norm(X@A - B)**2", "X", "", "2 (X A − B) Aᵀ"),
    ("norm(Y - X@W)**2", "W", "", "−2 Xᵀ(Y − X W)"),
    ("norm(A@X@B - C)**2", "X", "A: (m, n); X: (n, p); B: (p, q); C: (m, q)", "2 Aᵀ(A X B − C) Bᵀ"),
    ("norm(X)", "X", "", "X/‖X‖"),
    ("norm(X)**2", "X", "", "2 X"),
    ("sum(X**2)", "X", "", "2 X"),
    ("tr(A@X)", "X", "", "Aᵀ"),
    ("tr(A@X@B)", "X", "", "AᵀBᵀ"),
    ("tr(X@X)", "X", "", "2 Xᵀ"),
    ("tr(X.T@A@X)", "X", "", "(A + Aᵀ)X"),
    ("tr(A@X@B@X.T)", "X", "", "A X B + AᵀX Bᵀ"),
    ("a@X@b", "X", "a: m; b: n", "abᵀ"),
    ("a@inv(X)@b", "X", "a: n; b: n", "−X⁻ᵀabᵀX⁻ᵀ"),
    ("vec(X)@kron(B, D)@vec(X)", "X", "X: (m, n); B: (n, n); D: (m, m)", "DᵀX B + D X Bᵀ"),
    ("sum(outer(vec(X), vec(X)))", "X", "X: (m, n)", "2 sum(X) 1"),
    ("tr(inv(X)@A)", "X", "", "−X⁻ᵀAᵀX⁻ᵀ"),
    ("norm(y - X@inv(X.T@X + c*I)@X.T@y)**2", "c", "X: (m, n); c: scalar", "2 c yᵀX (XᵀX + c I)⁻³Xᵀy"),
    ("tr(sqrtm(A@S@A))", "S", "A: (n, n) pd; S: (n, n) pd", "A (A S A)^(−1/2) A/2"),
    ("tr(inv(P.T@P))", "P", "", "−2 P (PᵀP)⁻²"),
    ("det(X)", "X", "", "det(X) X⁻ᵀ"),
    ("log(det(X))", "X", "", "X⁻ᵀ"),
    ("logdet(X)", "X", "", "X⁻ᵀ"),
    ("logdet(X)", "X", "X: (n, n) symmetric", "X⁻¹"),
    ("logdet(X.T@X)", "X", "", "2 X (XᵀX)⁻¹"),
    ("tr(A@X)*det(X)", "X", "", "det(X) (Aᵀ + tr(A X) X⁻ᵀ)"),
    ("norm(X@A - B)", "X", "", "(X A − B) Aᵀ/‖X A − B‖"),
    ("tr(matpow(X,k))", "X", "k: integer", "k (Xᵀ)ᵏ⁻¹"),
    ("sum(sigmoid(X@x))", "x", "", "Xᵀ(σ ⊙ (1 − σ))   where σ = sigmoid(X x)"),
    ("x.T@A@x/(x.T@x)", "x", "", "((A + Aᵀ)x − 2 ρ x)/‖x‖²   where ρ = xᵀA x/‖x‖²"),
    ("logdet(X.T@A@X + C)", "X", "", "A X M + AᵀX Mᵀ   where M = (XᵀA X + C)⁻¹"),
    ("x.T@inv(A + x@x.T)@x", "x", "", "(1 − xᵀM x) (M + Mᵀ)x   where M = (A + xxᵀ)⁻¹"),
    ("norm(softmax(W@x) - y)**2", "W", "", "2 (p ⊙ (p − y − (pᵀ(p − y)) 1)) xᵀ   where p = softmax(W x)"),
    ("x.T@x/(1 + x.T@x)", "x", "", "2 x/(1 + xᵀx)²"),
    ("prod(x)", "x", "", "prod(x) ⊘ x"),
    ("norm(chol(S) - B)**2", "S", "S: (n, n) pd; B: (n, n)", "Y⁻ᵀ(X + Xᵀ) Y⁻¹   where Y = chol(S), X = lower_half(Yᵀ(Y − B))"),
    ("sum(i, sum(j, (x[i] - x[j])**2))", "x", "x: n", "4 (n x − sum(x) 1)"),
    ("sum(log(diag(chol(S))))", "S", "S: (n, n) pd", "S⁻¹/2"),
    ("ones(n)@inv(A)@exp(A@x)", "x", "A: (n, n)", "Aᵀ(A⁻ᵀ1 ⊙ exp(A x))"),
    ("(nu + q)/2*log(1 + (x - m).T@inv(S)@(x - m)/nu)", "x", "S: (p, p) pd; nu: scalar positive; q: scalar; x: p; m: p",
     "((ν + q)/(ν + rᵀS⁻¹r)) S⁻¹r   where r = x − m"),
    ("sum(exp(X)@v)", "X", "", "exp(X) diag(v)"),
    ("sum(softmax(z)*(log(softmax(z)) - log(q)))", "z", "", "p ⊙ (r − (rᵀp) 1)   where p = softmax(z), r = log(p) − log(q)"),
    ("-sum(softmax(z)*log(softmax(z)))", "z", "", "p ⊙ ((pᵀ log(p)) 1 − log(p))   where p = softmax(z)"),
    ("sum(log(1 + exp(-Y*(X @ W.T))))", "W", "", "−(Y ⊙ sigmoid(−Y ⊙ X Wᵀ))ᵀX"),
    ("norm(diag(diag(X)) - X)**2", "X", "", "2 (X − diag(diag(X)))"),
    ("norm(X[0,:] - X[1,:])**2", "X", "", "2 (e₀ − e₁) (Xᵀe₀ − Xᵀe₁)ᵀ"),
    ("sum(max(tau*(y - X @ w), (tau - 1)*(y - X @ w)))", "w", "tau: scalar", "−Xᵀ(τ 1[y − X w > 0] + (τ − 1) 1[y − X w ≤ 0])"),
    ("sum(max(x, 0.1*x))", "x", "", "1[x > 0] + 1[x ≤ 0]/10"),
    ("sum(x*(1 + erf(x/sqrt(2)))/2)", "x", "", "(x ⊙ exp(−x²/2))/√(2 π) + erf(x/√2)/2 + 1/2"),
    ("prod(i, x[i]**a[i])", "x", "", "(Πᵢ xᵢ^aᵢ) a ⊘ x"),
    ("-log(exp(w@x)/(exp(w@x) + exp(w@y)))", "w", "", "sigmoid(wᵀy − wᵀx) (y − x)"),
    ("-log(exp(x@y/t)/(exp(x@y/t) + sum(i, exp(x@K[i,:]/t))))", "x", "t: scalar",
     "(Kᵀu − sum(u) y)/(t (exp(xᵀy/t) + sum(u)))   where u = exp(K x/t)"),
    ("(W@x)@(W@y)", "W", "W: (m, n)", "W (xyᵀ + yxᵀ)"),
    # Transposes where there are fewest, of the user's sums too; graph Laplacians; diagonals around a diagonal matrix.
    ("norm(X.T - A)**2", "X", "", "2 (X − Aᵀ)"),
    ("sum(i, norm(Y[:,i] - A @ B[:,i])**2)", "A", "", "−2 (Y − A B) Bᵀ"),
    ("sum(M*(R - U @ V.T)**2)/2", "V", "", "−(M ⊙ (R − U Vᵀ))ᵀU"),
    ("sum(i, sum(j, A[i,j]*(x[i] - x[j])**2))/2", "x", "A: (n, n) symmetric", "2 (x ⊙ A 1 − A x)"),
    ("sum(i, sum(j, A[i,j]*tanh(x[i] - y[j])))", "x", "", "(A ⊙ (1 − tanh(x 1ᵀ − 1 yᵀ)∘²)) 1"),
    ("tr(A @ diag(x) @ B @ diag(x))", "x", "", "(A ⊙ Bᵀ + B ⊙ Aᵀ)x"),
    ("norm(X - outer(ones(m), mean(X, axis=0)))**2 + lam*sum(X)", "X", "X: (m, n)", "2 (I − 1 1ᵀ/m)X + λ 1"),
    ("norm((W.T @ W)*(ones(n,n) - eye(n)))**2", "W", "", "4 W (WᵀW ⊙ (1 1ᵀ − I))"),
    ("logdet(A@X@A.T)", "X", "A: (m, n); X: (n, n)", "Aᵀ(A X Aᵀ)⁻ᵀA"),
    ("norm(M@u - u)**2", "u", "", "2 (Mᵀ − I) (M u − u)"),
    ("norm(M@u - u)**2", "M", "", "2 (M u − u) uᵀ"),
    ("norm(W.T@W@x - x)**2/2", "W", "W: (m, n)", "W (rxᵀ + xrᵀ)   where r = WᵀW x − x"),
    ("norm(X@X.T@A - A)**2", "X", "", "2 (R Aᵀ + A Rᵀ)X   where R = XXᵀA − A"),
    ("norm(A@X + X@B - C)**2", "X", "", "2 (AᵀR + R Bᵀ)   where R = A X + X B − C"),
    ("tr(inv(I + X)@(I - X))", "X", "", "−2 ((I + X)⁻ᵀ)²"),
    ("norm(matpow(X, 4)@b - c)**2", "X", "b: n; c: n", "2 Σ_(i<4) (Xᵀ)ⁱ (rbᵀ) (Xᵀ)^(3−i)   where r = X⁴b − c"),
    ("norm(C@inv(s*I - A)@B)**2", "A", "s: scalar; A: (n, n); B: (n, m); C: (p, n)", "2 MᵀCᵀC M BBᵀMᵀ   where M = (s I − A)⁻¹"),
    ("norm(F - I)**2 + c*tr(F - I)**2", "F", "F: (3, 3); c: scalar", "2 (F − I + c (tr(F) − 3)I)"),
    ("sum(softplus(X@w)) - y@X@w + a*norm(w)**2", "w", "a: scalar; X: (n, k); y: n; w: k", "Xᵀ(sigmoid(X w) − y) + 2 a w"),
    ("logdet(P@H.T@inv(R)@H + I)", "H", "P: (n, n) pd; R: (m, m) pd; H: (m, n)", "2 R⁻¹H (P HᵀR⁻¹H + I)⁻¹P"),
    ("tr(diag(u)@A@diag(u))", "u", "u: n; A: (n, n) symmetric", "2 u ⊙ diag(A)"),
    ("sum(V*(W@H)**(b + 1))/(b + 1) + sum((W@H)**(b + 2))/(b + 2)", "W",
     "V: (m, n); W: (m, k) positive; H: (k, n) positive; b: scalar positive", "((W H)∘ᵇ ⊙ (W H + V)) Hᵀ"),
    ("tr(A@X@C) + tr(B@X)", "X", "", "(C A + B)ᵀ"),
    ("tr(A@X@X)", "X", "", "(A X + X A)ᵀ"),
    ("logdet(X) + tr(B@X)", "X", "", "X⁻ᵀ + Bᵀ"),
    ("2*x.T@a - 2*x.T@b - 2*x.T@c - 2*x.T@d", "x", "", "−2 (b − a + c + d)"),
    ("2*x.T@a - 2*x.T@b - 2*x.T@c", "x", "", "2 (a − b − c)"),
    ("-norm(y)*(x.T@a - x.T@b + x.T@c + x.T@d)", "x", "", "−‖y‖ (a − b + c + d)"),
    ("norm(y)*(x.T@b - x.T@a)", "x", "", "‖y‖ (b − a)"),
    ("norm(exp(x)/sum(exp(x)) - y)**2", "x", "x: n; y: n", "2 p ⊙ (p − y − (pᵀ(p − y)) 1)   where p = softmax(x)"),
    ("sum(W*(diag(1/sum(exp(X),axis=1))@exp(X)))", "X", "", "softmax_rows(X) ⊙ (W − diag(W softmax_rows(X)ᵀ) 1ᵀ)"),
    ("sum(Y*log(exp(X)/(sum(exp(X),axis=1)@ones(n).T)))", "X", "Y: (m, n)", "Y − diag(Y 1) softmax_rows(X)"),
    ("a.T@inv(A + diag(x))@a", "x", "a: n; A: (n, n) symmetric", "−((A + diag(x))⁻¹a)²"),
]
JACOBIANS = [
    ("A@x", "x", "", "A"),
    ("a*x", "a", "", "x"),
    ("x*y", "x", "x: n; y: n", "diag(y)"),
    ("x*x", "x", "x: n", "2 diag(x)"),
    ("exp(x)", "x", "x: n", "diag(exp(x))"),
    ("pinv(X)", "X", "", "Kₘₙ ((Iₙ − Y X) ⊗ YᵀY + YYᵀ ⊗ (Iₘ − X Y)) − Yᵀ ⊗ Y   where Y = X⁺"),
    ("expm(t*A)@B@expm(-t*A)", "t", "t: scalar; A: (n, n); B: (n, n)", "expm(t A) (A B − B A) expm(−t A)"),
    ("expm(t*A)@P@expm(t*A).T", "t", "t: scalar; A: (n, n); P: (n, n)", "X (A P + P Aᵀ) Xᵀ   where X = expm(t A)"),
    ("sin(x)*cos(x)", "x", "x: n", "diag(cos(x)² − sin(x)²)"),
    ("softmax(x)", "x", "", "diag(p) − ppᵀ   where p = softmax(x)"),
    ("exp(x)/sum(exp(x))", "x", "", "diag(p) − ppᵀ   where p = softmax(x)"),
    ("exp(a*x)/sum(exp(a*x))", "x", "", "a (diag(p) − ppᵀ)   where p = softmax(a x)"),
    ("exp(A@x)/sum(exp(A@x))", "x", "", "(diag(p) − ppᵀ)A   where p = softmax(A x)"),
    ("x*exp(x)/sum(exp(x))", "x", "", "diag(p ⊙ (x + 1)) − (x ⊙ p) pᵀ   where p = softmax(x)"),
    ("exp(x)/(1 + sum(exp(x)))", "x", "", "diag(p) − ppᵀ   where p = exp(x)/(1 + sum(exp(x)))"),
    ("x/norm(x)", "x", "", "(1/‖x‖) (I − xxᵀ/‖x‖²)"),
    ("tr(A@(X + t*Y)) + tr(B@(X + t*Y))", "t", "t: scalar; A: (n, n); B: (n, n); X: (n, n); Y: (n, n)", "tr(Y (A + B))"),
    ("g/norm(v)*v", "v", "", "(g/‖v‖) (I − vvᵀ/‖v‖²)"),
]
PULLBACKS = [
    ("A@X@B", "X", "", "AᵀG Bᵀ"),
    ("inv(X)", "X", "", "−X⁻ᵀG X⁻ᵀ"),
    ("X.T@X", "X", "", "X (G + Gᵀ)"),
    ("X@A", "X", "", "G Aᵀ"),
    ("diag(x)@A", "x", "A: (n, p)", "diag(A Gᵀ)"),
    ("softmax(x)", "x", "", "softmax(x) ⊙ (G − (Gᵀ softmax(x)) 1)"),
]
ALL = [(mc.grad, q) for q in GRADIENTS] + [(mc.jacobian, q) for q in JACOBIANS] + [(mc.pullback, q) for q in PULLBACKS]


@pytest.mark.parametrize(("verb", "question"), ALL, ids=[f"{v.__name__} {f} {x} {w}".replace("::", ":") for v, (f, x, w, _) in ALL])
def test_as_the_textbook_prints_it(verb, question):
    f, x, where, wanted = question
    result = verb(f, x, where=where)
    assert result.pretty() == wanted
    check = result.verify()
    assert check.passed, check.why
    assert all(step.holds() for step in result.derivation)


RIGHT = [
    ("(x@A@x)/(x@x)", "x", "", "((A + A.T)@x - 2*(x@A@x)/(x@x)*x)/(x@x)"),
    ("logdet(S) + tr(inv(S)@A)", "S", "S: (n, n) symmetric; A: (n, n) symmetric", "inv(S) - inv(S)@A@inv(S)"),
    ("-y@log(softmax(x))", "x", "x: n; y: n", "sum(y)*softmax(x) - y"),
    ("log(1 + exp(-a*(w@x)))", "w", "w: n; x: n; a: scalar", "-a*exp(-a*(w@x))/(1 + exp(-a*(w@x)))*x"),
    ("x@y/(norm(x)*norm(y))", "x", "x: n; y: n", "y/(norm(x)*norm(y)) - (x@y)/(norm(x)**3*norm(y))*x"),
    ("tr(exp(X))", "X", "X: (n, n)", "diag(diag(exp(X)))"),
    ("norm(diag(x)@A)**2", "x", "A: (n, p); x: n", "2*x*diag(A@A.T)"),
    ("sum(tanh(W@x))", "W", "W: (m, n); x: n", "(1 - tanh(W@x)**2)@x.T"),
    ("norm(softmax(x) - y)**2", "x", "x: n; y: n", "2*(diag(softmax(x)) - softmax(x)@softmax(x).T)@(softmax(x) - y)"),
]


@pytest.mark.parametrize(("f", "x", "where", "known"), RIGHT)
def test_equal_to_the_known_answer(f, x, where, known):
    """Answers that more than one form would do for."""
    result = mc.grad(f, x, where=where)
    names = {s["name"]: s for s in mc_symbols(result)}
    assert mc.equal(result.value, read_with(known, names))
    assert result.verify().passed


def mc_symbols(result):
    from matcalc.core.leaves import symbols

    return symbols(result.f, result.value)


def read_with(text, names):
    from matcalc.syntax import read

    return read(text, known=names).expr


@pytest.mark.parametrize(
    ("f", "x", "wanted"),
    [
        ("norm(A@x - b)**2", "x", ["2 Aᵀ(A x − b)", "2 (AᵀA x − Aᵀb)"]),
        ("x.T@A@x", "x", ["(A + Aᵀ)x", "A x + Aᵀx"]),
        ("tr(X@X.T@X@X.T)", "X", ["4 XXᵀX"]),
    ],
)
def test_other_forms_that_read_about_as_well(f, x, wanted):
    assert list(map(pretty, mc.grad(f, x).forms)) == wanted


RESIDUAL = "norm(v@(p - B@inv(B.T@v.T@v@B)@B.T@v.T@(v@p-w)) - w)**2"


def test_a_residual_is_orthogonal_to_what_it_was_projected_on():
    result = mc.grad(RESIDUAL, "B", where="v: (m, n); B: (n, k); p: n; w: m")
    assert result.pretty().startswith("−2 vᵀr (v p − w)ᵀv B ")
    assert mc.grad("norm(y - P@inv(P.T@P)@P.T@y)**2", "P").pretty() == "−2 ryᵀP (PᵀP)⁻¹   where r = y − P (PᵀP)⁻¹Pᵀy"
    assert any("= 0" in s.reason for s in result.derivation)

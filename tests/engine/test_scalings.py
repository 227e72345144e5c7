"""Normalisations by rows and columns of a matrix, as papers write their gradients: one denominator, the normalised matrix by its name."""

import numpy as np
import pytest

import matcalc as mc

WHERE = "X: (n, d); gamma: d; beta: d; eps: scalar positive; T: (n, d)"
BATCH = {"mu": "mean(X, axis=0)", "C": "X - ones(n)@mu.T", "s": "sqrt(mean(C**2, axis=0) + eps)", "Z": "C/(ones(n)@s.T)"}
AFFINE = {**BATCH, "Z": "C@diag(1/s)", "Y": "Z@diag(gamma) + ones(n)@beta.T"}
INLINE = {"mu": "mean(X, axis=0)", "v": "mean((X - ones(n)@mu.T)**2, axis=0)", "Z": "(X - ones(n)@mu.T)/(ones(n)@sqrt(v + eps).T)"}
CENTRING = {"H": "eye(n) - ones(n)@ones(n).T/n", "C": "H@X", "s": "sqrt(diag(C.T@C)/n + eps)", "Z": "C/(ones(n)@s.T)"}
LAYER = {"m": "mean(X, axis=1)", "C": "X - m@ones(d).T", "s": "sqrt(mean(C*C, axis=1) + eps)", "Z": "C/(s@ones(d).T)"}
SCALED = {**LAYER, "Y": "Z*(ones(n)@gamma.T) + ones(n)@beta.T"}
RMS = {"r": "sqrt(mean(X**2, axis=1) + eps)", "Z": "X/(r@ones(d).T)"}
NORMALISED = [
    ("L(Z)", BATCH, "(∇_ZL − (1 1ᵀ∇_ZL + Z diag(diag(Zᵀ∇_ZL)))/n) diag(1 ⊘ s)"),
    ("L(Y)", AFFINE, "(∇_YL − (1 1ᵀ∇_YL + Z diag(diag(Zᵀ∇_YL)))/n) diag(γ ⊘ s)"),
    ("L(Z)", INLINE, "(∇_ZL − (1 1ᵀ∇_ZL + Z diag(diag(Zᵀ∇_ZL)))/n) diag(1 ⊘ √(v + ε 1))"),
    ("L(Z)", CENTRING, "H (∇_ZL − Z diag(diag(Zᵀ∇_ZL))/n) diag(1 ⊘ s)"),
    ("L(Z)", LAYER, "diag(1 ⊘ s) (∇_ZL − (diag(diag(∇_ZL Zᵀ)) Z + ∇_ZL 1 1ᵀ)/d)"),
    ("L(Y)", SCALED, "diag(1 ⊘ s) (∇_YL diag(γ) − (diag((Z ⊙ ∇_YL) γ) Z + ∇_YL γ 1ᵀ)/d)"),
    ("L(Z)", RMS, "diag(1 ⊘ r) (∇_ZL − diag(diag(Z (∇_ZL)ᵀ)) Z/d)"),
    ("L(Z)", {"s": "norm(X, axis=1)", "Z": "X/(s@ones(d).T)"}, "diag(1 ⊘ s) (∇_ZL − diag(diag(Z (∇_ZL)ᵀ)) Z)"),
    ("L(Z)", {"s": "sum(X, axis=1)", "Z": "diag(1/s)@X"}, "diag(1 ⊘ s) (∇_ZL − diag(Z (∇_ZL)ᵀ) 1ᵀ)"),
    ("L(Z)", {"s": "sum(exp(X), axis=1)", "Z": "exp(X)/(s@ones(d).T)"}, "Z ⊙ (∇_ZL − diag(Z (∇_ZL)ᵀ) 1ᵀ)"),
    ("-sum(T*log(P))/n", {"P": "softmax(X, axis=1)"}, "(diag(T 1) P − T)/n"),
]
"""(1/σ) (G − mean(G) − Z mean(G ⊙ Z)) by columns or rows, and what is like it; as bags of letters, since sums have no fixed order here."""


def bag(text: str) -> list[str]:
    """The characters of a text but for blanks and transposes: A : B may come out as B : A, and diag(AᵀB) as diag(BᵀA)."""
    return sorted(text.replace(" ", "").replace("ᵀ", "").replace("(", "").replace(")", ""))


@pytest.mark.parametrize(("f", "let", "wanted"), NORMALISED, ids=lambda v: str(v)[:30])
def test_the_gradient_is_no_longer_than_the_published_one(f, let, wanted):
    r = mc.grad(f, "X", let=let, where=WHERE)
    assert bag(r.pretty()) == bag(wanted)
    assert r.verify().passed
    assert all(step.holds() is not False for step in r.derivation)
    assert mc.parse(r.text(), where=r.where) is r.value


def test_names_do_not_matter():
    let = {"D": "B - mean(B, axis=1)@ones(k).T", "t": "sqrt(e0 + mean(D*D, axis=1))", "Q": "D/(t@ones(k).T)"}
    r = mc.grad("L(Q)", "B", let=let, where="B: (m, k); e0: scalar positive")
    assert bag(r.pretty()) == bag("diag(1 ⊘ t) (∇_QL − (diag(diag(∇_QL Qᵀ)) Q + ∇_QL 1 1ᵀ)/k)")


def test_it_is_told_and_offered_with_the_other_gradients():
    told = str(mc.grad("L(Y)", "X", let=AFFINE, where=WHERE))
    assert "C = Z diag(s);  Zᵀ1 = 0" in told
    assert "where ∇_γL = diag(Zᵀ∇_YL)" in told and "where ∇_βL = (∇_YL)ᵀ1" in told


def test_the_code_agrees_with_the_formula_of_the_paper():
    fn = mc.grad("L(Y)", "X", let=AFFINE, where=WHERE).function("numpy")
    rng = np.random.default_rng(0)
    X, G, gamma, eps = rng.standard_normal((5, 3)), rng.standard_normal((5, 3)), rng.standard_normal(3), 0.1
    sigma = np.sqrt(X.var(0) + eps)
    Z = (X - X.mean(0)) / sigma
    wanted = gamma / sigma * (G - G.mean(0) - Z * (G * Z).mean(0))
    assert np.allclose(fn(X=X, gamma=gamma, beta=np.ones(3), eps=eps, dL=lambda Y: G), wanted)


PAPERS = [
    ("-sum(diag(log(P)))/n", "U", {"S": "U@V.T/tau", "P": "softmax(S, axis=1)"}, "U: (n, d); V: (n, d); tau: scalar positive", "(P − I)V/(n τ)"),
    ("L(S)", "U", {"Z": "diag(1/norm(U, axis=1))@U", "S": "Z@V.T"}, "U: (n, d); V: (n, d)", "diag(1 ⊘ ‖U‖_rows) (∇_SL V − diag(diag(∇_SL V Zᵀ)) Z)"),
    ("sum(s)", "X", {"s": "sqrt(mean((X - ones(n)@mean(X, axis=0).T)**2, axis=0) + eps)"}, WHERE, "(1/n) (I − 1 1ᵀ/n) X diag(1 ⊘ s)"),
    ("L(W)", "V", {"c": "norm(V, axis=0)", "W": "V@diag(m/c)"}, "V: (d, k); m: k", "(∇_WL − V diag(diag((∇_WL)ᵀV) ⊘ c²)) diag(m ⊘ c)"),
    ("-(1-p)**gamma*log(p)", "z", {"p": "sigmoid(z)"}, "z: scalar; gamma: scalar positive", "−(1 − p)^γ (1 − p − p γ log(p))"),
    ("-sum(y*(1-p)**gamma*log(p))", "W", {"p": "sigmoid(W@x)"}, "y: k; gamma: scalar positive", "−(y ⊙ (1 − p)^γ ⊙ (1 − p − γ log(p) ⊙ p)) xᵀ"),
    ("L(W)", "v", {"u": "v/norm(v)", "W": "g*u"}, "v: n; g: scalar", "(g/‖v‖) (∇_WL − (uᵀ∇_WL) u)"),
]
"""InfoNCE, cosine similarities, VICReg, DoRA, the focal loss."""


@pytest.mark.parametrize(("f", "x", "let", "where", "wanted"), PAPERS, ids=lambda v: str(v)[:30])
def test_losses_of_papers(f, x, let, where, wanted):
    r = mc.grad(f, x, let=let, where=where)
    assert bag(r.pretty()) == bag(wanted)
    assert r.verify().passed
    assert all(step.holds() is not False for step in r.derivation)

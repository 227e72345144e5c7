"""Facts about whole matrices: which are found, and that what is found holds at random points."""

import numpy as np
import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.property import PROPERTIES
from matcalc.engine.infer import known
from matcalc.engine.matrixfacts import WHOLE, facts
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point

WHERE = (
    "X: (m, n); A: (n, n); S: (n, n) psd; P: (n, n) pd; B: (n, n) invertible; U: (n, n) upper; L: (n, n) lower; D: (n, n) diagonal; "
    "Q: (n, n) orthogonal; R: (m, n) orthogonal; K: (n, n) skew; v: n; w: n positive; a: positive; b: nonneg; c: scalar; Y: (n, n) symmetric"
)
FOUND = [
    ("X.T@X", "psd"), ("X.T@X + I", "pd invertible"), ("X@S@X.T", "psd"), ("X@P@X.T", "psd"), ("B@P@B.T", "pd invertible"), ("B.T@B", "pd"),
    ("P + S", "pd"), ("S + S", "psd"), ("a*P + b*S", "pd"), ("P/a", "pd"), ("b*S", "psd"), ("inv(P)", "pd"), ("inv(X.T@X + I)", "pd"),
    ("A.T@diag(w)@A", "psd"), ("diag(w)", "pd diagonal"), ("diag(v)", "diagonal upper"), ("diag(exp(v))", "pd"), ("U@U", "upper"), ("U.T", "lower"),
    ("L + L@L", "lower"), ("inv(L)", "lower"), ("U@D", "upper"), ("D*A", "diagonal"), ("A*U", "upper"), ("tril(A)", "lower"),
    ("Q@Q", "orthogonal invertible"), ("Q.T", "orthogonal"), ("expm(K)", "orthogonal"), ("expm(Y)", "pd"), ("P*P", "pd"), ("S*S", "psd"),
    ("kron(P, P)", "pd"), ("kron(Q, Q)", "orthogonal"), ("B@P", "invertible"), ("inv(B)", "invertible"), ("2*B", "invertible"), ("-B", "invertible"),
    ("sqrtm(P)", "pd"), ("pinv(P)", "psd"), ("unvech(vech(P))", ""), ("outer(v, v)", ""), ("v@v.T", "psd"), ("I - S", ""), ("A@A", ""), ("P - S", ""),
    ("c*P", ""), ("P@P", "pd"), ("P@S@P", "psd"), ("Y@P@Y", "psd"), ("P@Y@S@Y@P", "psd"), ("P@Y@P", ""), ("A.T@A", "psd"), ("R", "orthogonal"), ("R.T@R", "psd"), ("A + A.T", ""), ("c*U", "upper"),
]  # fmt: skip
HOLDS = {
    "diagonal": lambda X: np.allclose(X, np.diag(np.diag(X))),
    "upper": lambda X: np.allclose(X, np.triu(X)),
    "lower": lambda X: np.allclose(X, np.tril(X)),
    "psd": lambda X: np.allclose(X, X.T) and np.linalg.eigvalsh(X).min() > -1e-9,
    "pd": lambda X: np.allclose(X, X.T) and np.linalg.eigvalsh(X).min() > 0,
    "orthogonal": lambda X: np.allclose(X.T @ X, np.eye(X.shape[1])),
    "invertible": lambda X: np.linalg.cond(X) < 1e12,
    "positive diagonal": lambda X: np.diag(X).min() > 0,
}


@pytest.mark.parametrize(("text", "words"), FOUND)
def test_facts_are_found_and_hold(text, words):
    e = mc.parse(text, where=WHERE)
    found = facts(e)
    assert {PROPERTIES[w] for w in words.split()} <= set(found)
    if not words:
        assert not found
    for seed in range(6):
        X = Point(ComplexStep(), {"m": 4 + seed % 2, "n": 4 - seed % 2}, seed).value(e)
        array = np.array(X.entries).real.reshape(X.rows, X.columns)
        for p in found:
            assert HOLDS[p.word](array), (p, seed)


@pytest.mark.parametrize("text", [text for text, words in FOUND if words])
def test_each_fact_has_its_reason(text):
    for p, fact in facts(mc.parse(text, where=WHERE)).items():
        assert fact.property is p and fact.reason
        assert all(f.reason for f in fact.because)


def test_every_property_of_a_matrix_is_known_of():
    assert {p.word for p in WHOLE} == set(HOLDS)


def test_deep_expressions():
    e = mc.parse("P", where=WHERE)
    for _ in range(3000):
        e = e + mc.parse("P", where=WHERE)
        e = e.T
    assert known(e, PROPERTIES["pd"])


@pytest.mark.parametrize(
    ("f", "x", "kinds"),
    [
        ("logdet(X.T@X + I)", "X", []), ("logdet(X)", "X", ["existence"]), ("det(X)", "X", ["form"]), ("prod(x)", "x", ["form"]),
        ("norm(x)", "x", ["existence"]), ("sum(abs(x))", "x", ["kink"]), ("det(X)*logdet(X)", "X", ["existence", "form"]),
        ("tr(inv(X.T@X + I))", "X", []), ("norm(X, 'nuc')", "X", ["kink"]), ("tr(logm(X.T@X + I))", "X", []),
    ],
)  # fmt: skip
def test_conditions_by_kind(f, x, kinds):
    result = mc.grad(f, x)
    assert sorted(c.kind for c in result.conditions) == kinds
    assert ("In this form where" in str(result)) == (kinds == ["form"])


@pytest.mark.parametrize("f", ["sum(chol(-S))", "tr(A@logm(-S - I))", "tr(A@sqrtm(-S))"])
def test_a_function_of_a_negative_definite_matrix_is_refused(f):
    with pytest.raises(mc.MatcalcError, match="wants a positive definite matrix") as caught:
        mc.grad(f, "S", where="S: (n, n) pd; A: (n, n)")
    assert caught.value.code == "domain"


def test_a_condition_that_follows_from_another_is_not_told():
    told = mc.hessian("-sum(log(b - A@x))", "x").conditions
    assert [c.domain.statement for c in told] == ["{0} > 0"]


def test_what_is_positive_by_its_normal_form_has_no_condition():
    assert not mc.grad("c/(1 + norm(u)**2)", "u", where="c: scalar").conditions
    assert not mc.grad("log(1 + u.T@u)", "u").conditions
    assert mc.grad("1/(c + norm(u)**2)", "u", where="c: scalar").conditions


SIGNS = [
    ("tr(P)", "positive"), ("tr(S)", "nonneg"), ("tr(Y)", ""), ("det(P)", "positive"), ("det(S)", "nonneg"), ("det(Y)", ""), ("tr(S@P)", "nonneg"),
    ("tr(S@Y)", ""), ("sum(S*P)", "nonneg"), ("sum(P)", "nonneg"), ("sum(Y)", ""), ("v@S@v", "nonneg"), ("v@P@v + 1", "positive"), ("v@Y@v", ""),
    ("v@S@w", ""), ("eigvals(P)", "positive"), ("eigvals(S)", "nonneg"), ("eigmin(P)", "positive"), ("maximum(v, w)", "positive"), ("max(v, 0)", "nonneg"),
    ("minimum(v, w)", ""), ("erf(w)", "positive"), ("sigmoid(v)", "probability"), ("Phi(v)", "probability"), ("exp(v)", "positive"), ("v@v", "nonneg"),
    ("A - A.T", "skew"), ("v@w.T - w@v.T", "skew"), ("Y@K@Y", "skew"), ("X@K@X.T", "skew"), ("K@K", ""), ("A + A.T", "symmetric"),
    ("block_diag(P, P)", "pd"), ("block_diag(U, D)", "upper"), ("toeplitz(v)", "symmetric"), ("var(v)", "nonneg"), ("tr(P)*v@S@v", "nonneg"),
]  # fmt: skip
SAID = {
    "positive": lambda X: X.min() > 0, "nonneg": lambda X: X.min() > -1e-12, "probability": lambda X: X.min() > 0 and X.max() < 1,
    "skew": lambda X: np.allclose(X, -X.T), "symmetric": lambda X: np.allclose(X, X.T), "pd": HOLDS["pd"], "upper": HOLDS["upper"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "word"), SIGNS)
def test_signs_and_symmetries_are_found_and_hold(text, word):
    e = canonical(mc.parse(text, where=WHERE)) if text in ("v@v",) else mc.parse(text, where=WHERE)
    found = [w for w in SAID if known(e, PROPERTIES[w]) is not None]
    assert word in found if word else not {"positive", "nonneg", "skew"} & set(found)
    X = Point(ComplexStep(), {"m": 3, "n": 4}, 1).value(e)
    value = np.array(X.entries).real.reshape(X.rows, X.columns)
    assert all(SAID[w](value) for w in found)

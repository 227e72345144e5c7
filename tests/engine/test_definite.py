"""Convexity, by certificates of the Hessian or by a witness against it."""

import pytest

import matcalc as mc

CONVEX = [
    ("norm(A@x - b)**2", "x", ""),
    ("norm(A@x - b)**2 + c*norm(x)**2", "x", "c: positive"),
    ("sum(softplus(A@x)) - y@(A@x)", "x", ""),
    ("sum(log(1 + exp(-y*(A@x))))", "x", "A: (m, n); y: m"),
    ("logsumexp(A@x + b)", "x", ""),
    ("log(sum(exp(x)))", "x", ""),
    ("norm(x)", "x", ""),
    ("norm(A@x - b)", "x", ""),
    ("sqrt(1 + norm(A@x - b)**2)", "x", ""),
    ("norm(x)**4", "x", ""),
    ("sum(x*log(x))", "x", "x: n"),
    ("-sum(log(b - A@x))", "x", ""),
    ("-logdet(X)", "X", "X: (n, n) pd"),
    ("x@S@x", "x", "S: (n, n) psd"),
    ("tr(X.T@A@X)", "X", "A: (m, m) psd"),
    ("exp(c@x)", "x", "c: n"),
    ("-y@log(softmax(z))", "z", "y: n nonneg"),
]
NOT = [
    ("x@Q@x", "x", "Q: (n, n) symmetric"),
    ("sum(tanh(x))", "x", "x: n"),
    ("-logdet(X)", "X", "X: (n, n) symmetric"),
    ("sum(abs(P.T@P - I))", "P", ""),
]


@pytest.mark.parametrize(("f", "x", "where"), CONVEX)
def test_convex_with_a_certificate(f, x, where):
    d = mc.hessian(f, x, where=where).definiteness()
    assert (d.kind, d.convex) == ("psd", True)
    assert d.certificate is not None and str(d).startswith("convex, because its Hessian is ⪰ 0")


@pytest.mark.parametrize(("f", "x", "where"), NOT)
def test_neither_with_a_witness(f, x, where):
    d = mc.hessian(f, x, where=where).definiteness()
    assert (d.kind, d.convex, d.concave) == ("indefinite", False, False)
    assert d.witness is not None and d.witness.smallest < 0 < d.witness.largest


@pytest.mark.parametrize(("f", "where"), [(f, w) for f, x, w in CONVEX if x == "x"])
def test_the_negative_is_concave(f, where):
    d = mc.hessian(f"-({f})", "x", where=where).definiteness()
    assert (d.kind, d.concave) == ("nsd", True)


def test_affine_and_kinks():
    assert mc.hessian("c@x", "x", where="c: n").definiteness().convex
    assert mc.hessian("sum(abs(x))", "x", where="x: n").definiteness().convex is None
    assert mc.hessian("-sum(abs(x))", "x", where="x: n").definiteness().convex is None


def test_a_certificate_says_what_it_rests_on():
    told = str(mc.hessian("-sum(log(b - A@x))", "x").definiteness())
    assert "Aᵀ diag(1 ⊘ (b − A x)²) A  of the form BᵀS B" in told and "positive0" not in told


def test_of_hessians_with_respect_to_one_variable():
    with pytest.raises(mc.MatcalcError, match="one variable"):
        mc.hessian("x@A@y", "x", "y").definiteness()

"""The gradient by stacked columns: d vec F = A d vec X, and (vec C)ᵀA = (vec Γ)ᵀ, law by law."""

from __future__ import annotations

import pytest

import matcalc as mc

FUNCTIONS = [
    "sum(abs(X.T@X - I))", "beta*sum(abs(X.T@X - I))", "sum(exp(A@X@B))", "norm(A@X - B)**2", "logdet(X.T@X)", "tr(A@X@B)", "sum(X*X)",
    "norm(inv(X)@A)**2", "tr(inv(X)@A)", "norm(Y - X@diag(s)@X.T)**2", "sum(softmax(A@X@b))", "sum(log(1 + exp(-y*(A@X@b))))",
    "sum(tanh(V@tanh(X@x)))", "norm(X.T - A)**2", "sum(abs(A@X@B + X))", "max(X@A)", "log(sum(exp(X@A)))",
]  # fmt: skip


@pytest.mark.parametrize("f", FUNCTIONS)
def test_the_route_by_vec_arrives_where_the_colon_does(f: str) -> None:
    result, usual = mc.grad(f, "X", route="vec"), mc.grad(f, "X")
    assert result.verify().passed and all(step.holds() for step in result.derivation)
    assert mc.equal(result, usual) and result.conditions == usual.conditions


def test_the_identification_by_name() -> None:
    told = str(mc.grad("sum(abs(X.T@X - I))", "X", route="vec"))
    assert told.startswith("∂f/∂X = 2 X sign(XᵀX − I)\n")
    for line in (
        "  f  = sum(F)", "  dF = G ⊙ dY", "= diag(vec(G)) (I_(n²) + Kₙₙ) (Iₙ ⊗ Xᵀ) vec(dX)", "vec dF = J vec dX ⇔ ∂vec F/∂(vec X)ᵀ = J",
        "  df = vec(1)ᵀ vec(dF)", "= vec(G)ᵀ(I_(n²) + Kₙₙ) (Iₙ ⊗ Xᵀ) vec(dX)", "= 2 vec(G)ᵀ(I ⊗ Xᵀ) vec(dX)", "= 2 vec(X G)ᵀ vec(dX)",
    ):  # fmt: skip
        assert line in told, line


def test_of_vectors_nothing_is_stacked() -> None:
    told = str(mc.grad("norm(A@x - b)**2", "x", route="vec"))
    assert "  ∂g/∂x = A           dg = J dx  ⇔  ∂g/∂x = J" in told and "vec" not in told.replace("vector", "")


@pytest.mark.parametrize(("f", "x", "where", "word"), [
    ("tr(X.T@X) + sum(X)", "X", "", "one matrix"), ("norm(X)", "X", "", "one matrix"), ("sum(S@S)", "S", "S: (n, n) symmetric", "structure"),
    ("sum(T*T)", "T", "T: (l, m, n)", "slice"), ("sum(a*A)", "a", "a: scalar", "vector or a matrix"), ("sum(kron(X, A)*B)", "X", "", "law"),
])  # fmt: skip
def test_where_the_route_does_not_lead(f: str, x: str, where: str, word: str) -> None:
    with pytest.raises(mc.MatcalcError, match=word):
        mc.grad(f, x, where=where, route="vec")


def test_it_is_told_in_latex_too() -> None:
    result = mc.grad("sum(abs(X.T@X - I))", "X", route="vec")
    assert r"\operatorname{vec}" in result.derivation.latex() and r"\otimes" in result.derivation.latex()
    with pytest.raises(mc.MatcalcError, match="route"):
        mc.grad("x@x", "x", route="tensor")

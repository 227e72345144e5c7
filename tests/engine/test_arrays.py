"""Whole arrays of order three and more: what goes entry by entry takes them as it takes matrices."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

ARRAYS = "T: (l, m, n); S: (l, m, n); beta: scalar; v: n"


@pytest.mark.parametrize(("f", "answer"), [
    ("sum(T*T)", "2*T"), ("norm(T)", "T/norm(T)"), ("sum(abs(T))", "sign(T)"), ("sum(exp(T))", "exp(T)"), ("norm(T - S)**2", "2*(T - S)"),
    ("sum(T)", "ones(l, m, n)"), ("mean((T - S)**2)", "2*(T - S)/(n*l*m)"), ("sum(T*S)", "S"), ("dot(T, S)", "S"), ("max(T)", None),
    ("prod(T)", "prod(T)*ones(l, m, n)/T"), ("sum(maximum(T, 0))", "1.0*(T > 0)"), ("sum(log(1 + exp(T)))", "sigmoid(T)"),
    ("sum(f(T))", "f'(T)"), ("beta*sum(T**3*S)", "3*beta*T**2*S"), ("log(sum(exp(T)))", "exp(T)/sum(exp(T))"),
    ("exp(-norm(T - S)**2/beta)", None), ("sum(abs(T*S/beta))", None), ("sum(T/S)", None), ("norm(abs(T)[0,:,:])", None),
    ("sum(i, norm(T[i,:,:] @ v)**2) + beta*norm(T)**2", None), ("sum(i, sum(abs(T[i,:,:] - S[i,:,:])))", "sign(T - S)"),
    ("sum(i, sum(j, sum(k, (T[i,j,k] - S[i,j,k])**2)))", "2*(T - S)"), ("sum(i, sum(j, sum(k, exp(T[i,j,k]*S[i,j,k]))))", "S*exp(T*S)"),
])  # fmt: skip
def test_gradients_of_whole_arrays(f: str, answer: str | None) -> None:
    result = mc.grad(f, "T", where=ARRAYS)
    assert result.verify().passed and all(step.holds() for step in result.derivation)
    assert answer is None or mc.equal(result.text(), answer, where=ARRAYS)


@pytest.mark.parametrize("x", ["T[c,:,:]", "T[:,c,:]", "T[a,b,:]", "T[a,b,c]", "T[0,1,:]"])
def test_slices_of_the_gradient_of_a_whole(x: str) -> None:
    result = mc.grad("sum(exp(T*S)) + beta*norm(T)", x, where=ARRAYS)
    assert result.verify().passed
    T = x.removeprefix("T")
    assert mc.equal(result.text(), f"exp(T{T}*S{T})*S{T} + beta/norm(T)*T{T}", where=ARRAYS)


def test_an_array_in_indices_and_in_code() -> None:
    result = mc.grad("sum(abs(T - S)) + norm(T)**2", "T", where=ARRAYS)
    assert result.index() == "∂f/∂Tᵢⱼₖ = 2 Tᵢⱼₖ + sign(Tᵢⱼₖ − Sᵢⱼₖ)"
    T, S = np.random.default_rng(1).normal(size=(2, 2, 3, 4))
    assert np.allclose(result.function()(T=T, S=S), np.sign(T - S) + 2 * T)


@pytest.mark.parametrize(("f", "where"), [
    ("sum(abs(T)) + norm(T - S) + sum(sinh(T - S)**2)", "T: (n, n, n); S: (n, n, n)"),
    ("sum(T*T*S) + sum(i, tr(T[i,:,:] @ S[:,i,:]))", "T: (n, n, n); S: (n, n, n)"), ("sum(exp(T)*S)", "T: (k, l, m, n); S: (k, l, m, n)"),
    ("norm(T)*sum(S*tanh(T))", "T: (2, 3, n); S: (2, 3, n)"),
])  # fmt: skip
def test_cubes_and_arrays_of_order_four(f: str, where: str) -> None:
    assert mc.grad(f, "T", where=where).verify().passed


FOUR = "T: (l, m, n); S: (l, m, n); R: (k, l, m, n)"


@pytest.mark.parametrize(("f", "wrt", "answer"), [
    ("sum(i, sum(abs(R[i,:,:,:] - T)))", "R[a,:,:,:]", "sign(R[a,:,:,:] - T)"), ("sum(i, norm(R[i] - T)**2)", "T", None),
    ("sum(i, sum(R[i][j,:,:]**2))", "R", None), ("sum(stack(p, T*x[p], axis=2)*stack(p, S*x[p], axis=2))", "T", "norm(x)**2*S"),
    ("sum(stack(p, T*x[p], axis=1)**3)", "x", "3*sum(T**3)*x**2"), ("sum(U[0,:,1]**2) where U = T + S", "T", None),
    ("sum(stack(i, stack(j, R[:,:,i,j]))**2)", "R", None), ("norm(stack(p, stack(q, R[:,q,:,p], axis=2), axis=1))", "R[a,:,:,b]", None),
    ('sum(einsum("i,j,k->ijk", x, y, z)*T)', "x", "stack(i, y.T @ T[i,:,:] @ z)"), ('norm(einsum("i,j,k,l->ljki", x, y, z, v)*R)', "x", None),
    ('norm(T - einsum("ir,jr,kr->ijk", A, B, C))**2', "A", "-2*stack(i, diag(B.T@(T[i,:,:] - B@diag(A[i,:])@C.T)@C))"),
    ("norm(tensordot(T, A, axes=([2], [0])))**2", "T[a,:,:]", "2*T[a,:,:]@A@A.T"), ("sum(tensordot(T, S, axes=([0], [0]))**2)", "T[:,a,:]", None),
    ("norm(tensordot(T, R, axes=([0, 2], [1, 3])))**2", "R", None),
])  # fmt: skip
def test_arrays_of_order_four(f: str, wrt: str, answer: str | None) -> None:
    result = mc.grad(f, wrt, where=FOUR)
    assert result.verify().passed and all(step.holds() for step in result.derivation)
    assert answer is None or mc.equal(result.text(), answer, where=FOUR + "; x: p" * ("x[p]" in f))


@pytest.mark.parametrize(("f", "word"), [
    ("T @ v", "order 3"), ("tr(T)", "order 3"), ("norm(T, 1)", "order 3"), ("sum(T*v)", "order 3"), ("sum(T*R)", "one shape"),
    ("inv(T)", "order 3"), ("norm(T, 'nuc')", "order 3"),
])  # fmt: skip
def test_what_wants_a_matrix_says_so(f: str, word: str) -> None:
    with pytest.raises(mc.MatcalcError, match=word):
        mc.grad(f, "T", where=ARRAYS + "; R: (l, m, n, n)")


def test_objects() -> None:
    T, S = mc.array("T", "l", "m", "n"), mc.array("S", "l", "m", "n", properties="positive")
    assert mc.grad(mc.sum(abs(T)) + mc.norm(T - S) ** 2, T).verify().passed
    for sizes, properties in ((("m", "n"), ""), (("n", "n", "n"), "symmetric")):
        with pytest.raises(mc.MatcalcError):
            mc.array("T", *sizes, properties=properties)
    read = {s["name"]: s for s in mc.core.leaves.symbols(mc.parse("sum(T*S)", where=ARRAYS))}
    assert mc.grad(mc.sum(abs(read["T"] - read["S"])), read["T"]).text() == "sign(T - S)"


def test_of_an_array_there_is_the_pullback() -> None:
    result = mc.grad("exp(T)*S", "T", where=ARRAYS)
    assert result.kind == "pullback" and result.text() == "G*S*exp(T)" and result.verify().passed
    assert mc.grad("v*sum(T*T)", "T", where=ARRAYS).verify().passed


def test_names_of_an_index_form_are_told() -> None:
    told = mc.grad("sum(i, -log(sum(k, p[k]*exp(-norm(X[i,:] - M[k,:])**2/2))))", "M").index()
    assert "   where " in told and "= exp(" in told.partition("   where ")[2]

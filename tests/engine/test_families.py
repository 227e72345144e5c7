"""What an answer says for every value of an index gets one name: under a stack and under a sum it is the same."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

MIXTURE = "sum(i, log(sum(k, alpha[k]*exp(-0.5*((X[i,:] - M[k,:]) @ P[k,:,:] @ (X[i,:] - M[k,:]))))))"
SHARED = MIXTURE.replace("P[k,:,:]", "S")
WHERE = "M: (K, d); X: (N, d); P: (K, d, d); S: (d, d) symmetric; alpha: K positive; G: (N, K)"
_RESIDUALS = "R = [X − 1 M[k,:]ᵀ]ₖ, U = [exp(−(Rₖ Pₖ ⊙ Rₖ) 1/2)]_(k,:)"


@pytest.mark.parametrize(
    ("f", "wrt", "pretty"),
    [
        (MIXTURE, "M", f"[αₖ (Pₖ + Pₖᵀ) Rₖᵀ(U[k,:] ⊘ Uᵀα)]_(k,:)/2   where {_RESIDUALS}"),
        (MIXTURE, "X", f"−(Σₖ αₖ diag(U[k,:] ⊘ Uᵀα) Rₖ (Pₖ + Pₖᵀ))/2   where {_RESIDUALS}"),
        (MIXTURE, "P", "−[αₖ Rₖᵀ diag(U[k,:] ⊘ Uᵀα) Rₖ]ₖ/2   where R = [X − 1 M[i,:]ᵀ]ᵢ, U = [exp(−(Rᵢ Pᵢ ⊙ Rᵢ) 1/2)]_(i,:)"),
        (MIXTURE, "alpha", "U (1 ⊘ Uᵀα)   where U = [exp(−((X − 1 M[k,:]ᵀ)Pₖ ⊙ (X − 1 M[k,:]ᵀ)) 1/2)]_(k,:)"),
    ],
)
def test_responsibilities_are_written_once(f: str, wrt: str, pretty: str) -> None:
    r = mc.grad(f, wrt, where=WHERE)
    assert r.pretty() == pretty
    assert r.verify().passed
    assert mc.parse(r.text(), where=r.where) is r.value
    assert all(step.holds() for step in r.derivation)


def test_the_code_of_a_mixture_is_batched() -> None:
    r = mc.grad(MIXTURE, "M", where=WHERE)
    draw = np.random.default_rng(0).normal
    M, X, P, alpha = draw(size=(2, 3)), draw(size=(5, 3)), draw(size=(2, 3, 3)), abs(draw(size=2))
    Z = X[:, None] - M[None]
    E = alpha * np.exp(-0.5 * np.einsum("ika,kab,ikb->ik", Z, P, Z))
    expected = np.einsum("ik,kab,ikb->ka", E / E.sum(1, keepdims=True), (P + P.transpose(0, 2, 1)) / 2, Z)
    assert np.allclose(r.function("numpy")(M=M, X=X, P=P, alpha=alpha), expected)


@pytest.mark.parametrize("letter", ["i", "j"])
def test_residuals_keep_the_sign_that_was_typed_at_every_index(letter: str) -> None:
    f = SHARED.replace("[i,", f"[{letter},").replace("sum(i", f"sum({letter}")
    assert f"where R = [1 X[{letter},:]ᵀ − M]" in mc.grad(f, "M", where=WHERE).pretty()


def test_short_residuals_get_no_name() -> None:
    assert mc.hessian("sum(i, norm(x - A[i,:]))", "x").pretty() == "Σᵢ (1/‖x − A[i,:]‖) (I − (x − A[i,:]) (x − A[i,:])ᵀ/‖x − A[i,:]‖²)"


_SHARES = "log(sum(k, exp(-norm(X[i,:] - M[k,:])**2)))"


@pytest.mark.parametrize(
    ("f", "wrt", "pretty"),
    [
        (f"sum(i, {_SHARES})", "M", "2 (PᵀX − diag(Pᵀ1) M)   where P = softmax_rows(2 X Mᵀ − 1 1ᵀ(Mᵀ)∘²)"),
        (f"sum(i, {_SHARES})", "X", "2 (softmax_rows(2 X Mᵀ − 1 1ᵀ(Mᵀ)∘²) M − X)"),
        ("sum(i, log(sum(k, exp(M[k,:]@X[i,:]))))", "M", "softmax_columns(M Xᵀ) X"),
        ("sum(i, sum(k, G[i,k]*log(exp(X[i,:]@M[k,:])/sum(l, exp(X[i,:]@M[l,:])))))", "X", "(G − diag(G 1) softmax_columns(M Xᵀ)ᵀ)M"),
    ],
)
def test_soft_assignments_are_a_softmax_by_rows(f: str, wrt: str, pretty: str) -> None:
    r = mc.grad(f, wrt, where=WHERE)
    assert r.pretty() == pretty
    assert r.verify().passed
    assert mc.parse(r.text(), where=r.where) is r.value


@pytest.mark.parametrize(
    ("shifted", "pretty"),
    [
        ("softmax(A + b@ones(K).T, axis=1)", "softmax_rows(A)"),
        ("softmax(A - 2*b@ones(K).T, axis=1)", "softmax_rows(A)"),
        ("softmax(A + 3, axis=1)", "softmax_rows(A)"),
        ("softmax(A - ones(N)@c.T/2, axis=0)", "softmax_columns(A)"),
        ("softmax(A + ones(N)@c.T, axis=1)", "softmax_rows(A + 1 cᵀ)"),
    ],
)
def test_a_shift_of_whole_rows_is_no_change_of_their_softmax(shifted: str, pretty: str) -> None:
    assert mc.simplify(shifted, where="A: (N, K); b: N; c: K").pretty() == pretty


@pytest.mark.parametrize(
    ("f", "pretty"),
    [
        ("sum(k, u[k]*P[k]@x) where u = stack(k, exp(x@P[k]@x))", "Σₖ uₖ Pₖ xxᵀ(Pₖ + Pₖᵀ) + Σₖ uₖ Pₖ"),
        ("sum(k, u[k]*P[k]@x)/(alpha.T@u) where u = stack(k, exp(x@P[k]@x))", None),
        (
            "sum(k, alpha[k]*u[k]*(P[k] + P[k].T)@(x - M[k,:]))/(2*alpha.T@u) where u = stack(k, exp(-(x - M[k,:])@P[k]@(x - M[k,:])/2))",
            None,
        ),
    ],
)
def test_jacobians_through_a_stack_that_has_a_name(f: str, pretty: str | None) -> None:
    r = mc.jacobian(f, "x", where=f"{WHERE}; x: d")
    assert r.verify().passed
    assert pretty is None or r.pretty() == pretty
    assert all(step.holds() for step in r.derivation)


def test_a_family_of_symmetric_matrices_has_no_transposes() -> None:
    r = mc.hessian("log(sum(k, alpha[k]*exp(-0.5*((x - M[k,:]) @ P[k,:,:] @ (x - M[k,:])))))", "x", where=f"{WHERE}; x: d")
    assert r.verify().passed
    assert r.pretty().endswith("where u = [exp(−(x − M[k,:])ᵀPₖ (x − M[k,:])/2)]ₖ, X = [Pₖ + Pₖᵀ]ₖ")
    assert "Xₖᵀ" not in r.pretty()
    assert mc.parse(r.text(), where=r.where) is r.value


def test_a_slice_of_a_named_stack_is_read() -> None:
    where = "P: (K, n, n); x: n"
    read = mc.parse("sum(k, R[k]@x) where R = stack(k, P[k] + P[k].T)", where=where)
    assert read is mc.parse("sum(k, R[k,:,:]@x) where R = stack(k, P[k,:,:] + P[k,:,:].T)", where=where)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        ("log(1 + sum(k, alpha[k]*sigmoid(exp(P[k]@x)@exp(P[k]@x)))**2)", "x"),
        pytest.param("sum(i, log(1 + sum(k, exp(-(X[i,:] - P[k]@x)@Q[i]@(X[i,:] - P[k]@x)))**2))", "x", marks=pytest.mark.slow),
        ("log(1 + sum(i, sqrt(1 + ((Q[i]@X[i,:] - x)@x)**2))**2)", "x"),
    ],
)
def test_a_hessian_goes_on_through_the_families_of_its_gradient(f: str, x: str) -> None:
    r = mc.hessian(f, x, where=f"{WHERE}; Q: (N, d, d); x: d")
    assert r.verify().passed
    assert mc.parse(r.text(), where=r.where) is r.value

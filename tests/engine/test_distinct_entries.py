"""Jacobians and Hessians in the distinct entries of a symmetric variable: the columns of J D belong to vech X."""

import numpy as np
import pytest

import matcalc as mc

SYMMETRIC = "S: (n, n) symmetric"


@pytest.mark.parametrize(
    ("F", "where", "pretty"),
    [
        ("inv(S)", SYMMETRIC, "−(S⁻¹ ⊗ S⁻¹) Dₙ"),
        ("vech(inv(S))", SYMMETRIC, "−Lₙ (S⁻¹ ⊗ S⁻¹) Dₙ"),
        ("S@a", SYMMETRIC, "(aᵀ ⊗ I) Dₙ"),
        ("S", SYMMETRIC, "Dₙ"),
        ("A@S@A.T", "A: (m, n); " + SYMMETRIC, "(A ⊗ A) Dₙ"),
        ("tr(S)", SYMMETRIC, "vec(I)ᵀDₙ"),
    ],
)
def test_jacobians(F, where, pretty):
    r = mc.jacobian(F, "S", where=where, convention="distinct")
    assert r.pretty() == pretty and r.verify().passed and all(s.holds() for s in r.derivation)
    assert "vech S" in str(r) and r.derivation.latex() and r.code()


def test_the_denominator_layout_is_the_transpose():
    r = mc.jacobian("S@a", "S", where=SYMMETRIC, convention="distinct", layout="denominator")
    assert r.pretty() == "Dₙᵀ(a ⊗ I)" and r.verify().passed


@pytest.mark.parametrize(
    ("f", "where", "pretty"),
    [
        ("logdet(S)", "S: (n, n) pd", "−Dₙᵀ(S⁻¹ ⊗ S⁻¹) Dₙ"),
        ("norm(S - A)**2", SYMMETRIC, "2 DₙᵀDₙ"),
    ],
)
def test_hessians(f, where, pretty):
    r = mc.hessian(f, "S", where=where, convention="distinct")
    assert r.pretty() == pretty and r.verify().passed and all(s.holds() for s in r.derivation)
    assert r.definiteness().kind in ("psd", "nsd")


def test_the_hessian_against_differences():
    n = 3
    A = np.random.default_rng(0).normal(size=(n, n))
    S = A @ A.T + n * np.eye(n)
    at = [(i, j) for j in range(n) for i in range(j, n)]

    def f(h):
        moved = S.copy()
        for (i, j), step in zip(at, h):
            moved[i, j] += step
            moved[j, i] = moved[i, j]
        return np.linalg.slogdet(moved)[1] + np.trace(A @ moved @ moved)

    H = mc.hessian("logdet(S) + tr(A@S@S)", "S", where="S: (n, n) pd; A: (n, n)", convention="distinct").function()(S=S, A=A)
    e, h = np.eye(len(at)), 1e-4
    wanted = [[(f(h * (a + b)) - f(h * (a - b)) - f(h * (b - a)) + f(-h * (a + b))) / (4 * h * h) for b in e] for a in e]
    assert np.allclose(H, wanted, atol=1e-5)


def test_what_is_not_known_is_refused():
    with pytest.raises(mc.MatcalcError, match="skew"):
        mc.jacobian("S@a", "S", where="S: (n, n) skew; a: n", convention="distinct")
    with pytest.raises(mc.MatcalcError, match="no convention"):
        mc.jacobian("S@a", "S", convention="free")
    assert mc.jacobian("S@a", "a", where=SYMMETRIC, convention="distinct").pretty() == "S"


def test_nothing_is_shown_of_the_curvature_of_an_unknown_function():
    r = mc.hessian("L(X@A)", "X", where="L: scalar function; X: (m, n)")
    assert r.pretty() == "(A ⊗ I) ∇²L(X A) (Aᵀ ⊗ I)" and r.verify().passed
    assert r.definiteness().kind == "unknown"

"""Newton's step, with the solution as simple as rules make it, as expression and as code."""

import numpy as np
import pytest

import matcalc as mc
from matcalc.cli import main

STEPS = [
    ("norm(A@x - b)**2", "x", "", "x ← (AᵀA)⁻¹Aᵀb"),
    ("norm(A@x - b)**2 + lam*norm(x)**2", "x", "lam: positive", "x ← (AᵀA + λ I)⁻¹Aᵀb"),
    ("norm(A@X@B - C)**2", "X", "", "X ← (AᵀA)⁻¹AᵀC Bᵀ(BBᵀ)⁻¹"),
    ("tr(A@S) - logdet(S)", "S", "S: (n, n) pd; A: (n, n) symmetric", "S ← 2 S − S A S"),
    ("logdet(X)", "X", "", "X ← 2 X"),
    ("c@x - sum(log(b - A@x))", "x", "", "x ← x − (Aᵀ diag(1 ⊘ (b − A x)²) A)⁻¹(Aᵀ(1 ⊘ (b − A x)) + c)"),
    ("t**4 - 3*t", "t", "t: scalar", "t ← 2 t/3 + 1/(4 t²)"),
    ("sum(log(1 + exp(-y*(X@w))))", "w", "", "w ← w + (Xᵀ diag(y² ⊙ p ⊙ (1 − p)) X)⁻¹Xᵀ(y ⊙ sigmoid(−y ⊙ X w))   where p = sigmoid(y ⊙ X w)"),
]


@pytest.mark.parametrize(("f", "x", "where", "pretty"), STEPS)
def test_the_step(f, x, where, pretty):
    step = mc.newton(f, x, where=where)
    assert step.pretty() == pretty and step.simplification.verify().passed
    assert r"\leftarrow" in step.latex() and "inv(" not in step.code().partition('"""\n')[2] and str(step)


def test_the_code_solves_and_converges():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(40, 3)), np.sign(rng.normal(size=40))
    f = "sum(log(1 + exp(-y*(X@w)))) + lam/2*norm(w)**2"
    step, gradient = mc.newton(f, "w", where="lam: positive"), mc.grad(f, "w", where="lam: positive").function()
    assert "np.linalg.solve" in step.code()
    w = np.zeros(3)
    for _ in range(8):
        w = step.function()(X=X, y=y, w=w, lam=0.1)
    assert np.linalg.norm(gradient(X=X, y=y, w=w, lam=0.1)) < 1e-10


@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        ("norm(A@x - b)**2", "x", "one step reaches"),
        ("sum(exp(A@x))", "x", "⪰ 0: where it is nonsingular the step descends"),
        ("-sum(exp(A@x))", "x", "climbs"),
        ("sum(tanh(A@x))", "x", "not definite"),
        ("logsumexp(x)", "x", "singular"),
    ],
)
def test_where_it_leads(f, x, words):
    assert words in mc.newton(f, x).remark()


def test_a_linear_function_has_none():
    with pytest.raises(mc.MatcalcError, match="is 0, so there is no Newton step"):
        mc.newton("c@x", "x", where="c: n; x: n")


def test_the_command(capsys):
    assert main(["hessian", "norm(A@x - b)**2", "wrt", "x", "--newton", "-q"]) == 0
    assert capsys.readouterr().out == "x ← (AᵀA)⁻¹Aᵀb\n"
    assert main(["hessian", "norm(A@x - b)**2", "wrt", "x", "--newton", "--steps", "none"]) == 0
    assert "Newton's step, x − (∇²f)⁻¹∇f:\nx ← (AᵀA)⁻¹Aᵀb" in capsys.readouterr().out
    assert main(["hessian", "norm(A@x - b)**2", "wrt", "x", "--newton", "--to", "json"]) == 2

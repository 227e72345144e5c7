"""Index notation without Σ: an index that stands twice in a term is summed over."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.cli import main

WHERE = "Phi: (l, m, n); beta: scalar; T: (l, m, n); z: n"
PENALTY = "beta*sum(i, sum(abs(Phi[:,i,:].T @ Phi[:,i,:] - I)))"


@pytest.mark.parametrize(("f", "x", "wanted"), [
    (PENALTY, "Phi[c,a,b]", "∂f/∂Φ_{cab} = 2 β Φ_{cai} sign(Φⱼₐᵢ Φ_{jab} − δ_{ib})   (summed over i, j)"),
    ("norm(A@x - b)**2", "x", "∂f/∂xᵢ = 2 Aⱼᵢ (Aⱼₖ xₖ − bⱼ)   (summed over j, k)"),
    ("x@A@x*(y@B@y)", "x", "∂f/∂xᵢ = yⱼ Bⱼₖ yₖ (Aᵢₗ + Aₗᵢ)xₗ   (summed over j, k, l)"), ("sum(A@x)", "x", "∂f/∂xᵢ = Σⱼ Aⱼᵢ"),
    ("norm(x)", "x", "∂f/∂xᵢ = xᵢ/√(Σⱼ xⱼ²)"), ("x@x", "x", "∂f/∂xᵢ = 2 xᵢ"),
    ("sum(log(1 + exp(-y*(X@x))))", "x", "∂f/∂xᵢ = −Σₖ Xₖᵢ yₖ sigmoid(−yₖ Xₖⱼ xⱼ)   (summed over j)"),
    ("sum(i, j, k, T[i,j,k]*x[i]*y[j]*z[k])**2", "x", "∂f/∂xᵢ = 2 (xⱼ yₖ Tⱼₖₚ zₚ) y_q T_{iqr} zᵣ   (summed over j, k, p, q, r)"),
    ("tr(A@B@A)", "A", "∂f/∂Aᵢⱼ = Aⱼₖ Bₖᵢ + Bⱼₖ Aₖᵢ   (summed over k)"),
])  # fmt: skip
def test_sums_without_their_signs(f: str, x: str, wanted: str) -> None:
    assert mc.grad(f, x, where=WHERE).index(einstein=True) == wanted


def test_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grad", "norm(A@x)**2", "wrt", "x", "--to", "index-latex", "--einstein"]) == 0
    wanted = r"\frac{\partial f}{\partial x_{i}} = 2 A_{ji} A_{jk} x_{k} \qquad\text{(summed over $j$, $k$)}"
    assert capsys.readouterr().out.strip() == wanted
    assert main(["grad", "x@x", "wrt", "x", "--einstein"]) == 2 and "--to index" in capsys.readouterr().err

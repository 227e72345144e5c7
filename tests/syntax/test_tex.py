"""LaTeX as it is pasted, and our own LaTeX read back."""

import json
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.emit.latex import latex
from matcalc.syntax.tex import candidates

READ = [
    (r"\frac{1}{2} \|Ax-b\|^2", "norm(A@x - b)**2/2"),
    (r"$x^\top A x$", "x.T@A@x"),
    (r"\frac12 \lVert A x - b \rVert_2^2 + \lambda \|x\|_1", "norm(A@x - b)**2/2 + lambda*norm(x, 1)"),
    (r"\operatorname{tr}(A X B X^{\top})", "tr(A@X@B@X.T)"),
    (r"\log\det X", "log(det(X))"),
    (r"\log |X|", "log(det(X))"),
    (r"\mathbf{x}^T \mathbf{A}\, \mathbf{x}", "x.T@A@x"),
    (r"\left\| P^\top P - I \right\|_F^2", "norm(P.T@P - I)**2"),
    (r"e^{-x^T A x}", "exp(-(x.T@A@x))"),
    (r"A \otimes B", "kron(A, B)"),
    (r"A B \odot C", "(A@B)*C"),
    (r"(y - X\beta)^T \Sigma^{-1} (y - X\beta)", "(y - X@beta).T@inv(Sigma)@(y - X@beta)"),
    (r"\sin^2(a)", "sin(a)**2"),
    (r"\hat{y}^\top y_{1}", "yhat.T@y_1"),
    (r"\|X\|_*", "norm(X, 'nuc')"),
    (r"\langle A, X \rangle", "dot(A, X)"),
    (r"\frac{x^\top A x}{x^\top x}", "(x.T@A@x)/(x.T@x)"),
    (r"\det(A+tB)", "det(A + t*B)"),
    (r"-\log \sigma(a)", "-log(sigmoid(a))"),
    (r"\mathcal{L}(w)", "L(w)"),
    (r"f(w) = \sum_{i=1}^{n} \log(1 + e^{-y_i x_i^T w})", "sum(i, log(1 + exp(-y[i]*x[i].T@w)))"),
    (r"\sum_{i} \sum_{j} X_{ij}^2", "sum(i, sum(j, X[i, j]**2))"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), READ)
def test_what_is_pasted_is_read(typed, meant):
    assert mc.equal(mc.from_latex(typed), meant)


REFUSED = [r"\foo{x}", r"{x", r"x^", r"\frac{1}", r"\sum_{i=2}^n x_i", r"\mathbf{1}^T x", "x = y = 1", r"x^{*}", "{" * 300, r"\left(" * 300, r"\|x", ""]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_not_read_is_refused(typed):
    with pytest.raises(mc.MatcalcError):
        mc.from_latex(typed)


PROBLEMS = [json.loads(line) for line in (Path(__file__).parents[1] / "cases" / "problems.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["about"])
def test_our_own_latex_is_read_back(problem):
    e = mc.parse(problem["f"], where=problem["where"])
    assert mc.equal(mc.parse(mc.from_latex(latex(e), where=problem["where"]), where=problem["where"]), e)


def test_candidates_are_few():
    assert list(candidates("a b")) == ["a * b", "a @ b"]

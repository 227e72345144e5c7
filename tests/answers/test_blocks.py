"""Hessians of several variables: all blocks, the whole as code, convexity in all of them together."""

import numpy as np
import pytest

import matcalc as mc
from matcalc.cli import main


def test_three_variables():
    h = mc.block_hessian("norm(A@x + B@y - c*z)**2", ["x", "y", "c"])
    assert h.pretty() == "[2 AᵀA, 2 AᵀB, −2 Aᵀz; 2 BᵀA, 2 BᵀB, −2 Bᵀz; −2 zᵀA, −2 zᵀB, 2‖z‖²]"
    assert all(r.verify().passed for r in h.results.values())
    assert "bmatrix" in h.latex() and h.text() and "[ 2 AᵀA    2 AᵀB    −2 Aᵀz ]" in str(h)
    assert h.block("y", "x") is h.rows[1][0]


CASES = [
    ("norm(A@x + B@y - c*z)**2 + exp(c)*norm(x)**4", ["x", "y", "c"], ""),
    ("t*tr(X.T@A@Y) + norm(X)**2*norm(Y)**2", ["t", "X", "Y"], "t: scalar; X: (m, n)"),
    ("logsumexp(A@x + b)", ["x", "b"], ""),
    ("s**2*t + sin(s)", ["s", "t"], "s: scalar; t: scalar"),
]


@pytest.mark.parametrize(("f", "names", "where"), CASES)
def test_the_code_is_symmetric_and_equal_to_differences(f, names, where):
    h = mc.block_hessian(f, names, where=where)
    gradients = mc.grad(f, names, where=where)
    shape = {"A": (4, 3), "B": (4, 2), "x": (3,), "y": (2,), "z": (4,), "b": (4,), "c": (), "t": (), "s": (), "X": (4, 2), "Y": (3, 2)}
    data = {k: np.random.default_rng(i).normal(size=s) for i, (k, s) in enumerate(shape.items())}

    def run(function, **given):
        import inspect

        known = {**data, "m": 4, "n": 2 if "X" in names else 3, "p": 3, **given}
        return np.asarray(function(**{k: known[k] for k in inspect.signature(function).parameters}))

    def gradient(**given):
        return np.concatenate([run(gradients[k].function(), **given).ravel(order="F") for k in names])

    H = run(h.function())
    columns = []
    for k in names:
        for e in np.eye(data[k].size):
            step = 1e-5 * e.reshape(data[k].shape, order="F")
            columns.append((gradient(**{k: data[k] + step}) - gradient(**{k: data[k] - step})) / 2e-5)
    assert np.allclose(H, H.T) and np.allclose(H, np.stack(columns, 1), atol=1e-5)


@pytest.mark.parametrize(
    ("f", "names", "where", "kind"),
    [
        ("norm(A@x + B@y - d)**2", ["x", "y"], "", "psd"),
        ("logsumexp(A@x + b)", ["x", "b"], "", "psd"),
        ("x@y", ["x", "y"], "", "indefinite"),
        ("norm(X@Y - A)**2", ["X", "Y"], "", "indefinite"),
        ("norm(x)**2/t", ["x", "t"], "t: positive", "unknown"),
    ],
)
def test_convex_in_all_together(f, names, where, kind):
    assert mc.block_hessian(f, names, where=where).definiteness().kind == kind


def test_the_command(capsys):
    assert main(["hessian", "x@A@y + z@z", "wrt", "x,y,z", "-q"]) == 0
    assert capsys.readouterr().out == "[0, A, 0; Aᵀ, 0, 0; 0, 0, 2 I]\n"
    assert main(["hessian", "x@A@y", "wrt", "x", "y", "-q"]) == 0
    assert capsys.readouterr().out == "A\n"
    assert main(["hessian", "x@A@y", "wrt", "x", "y", "--blocks", "--to", "numpy"]) == 0
    assert "np.block([[h11, h12], [h12.T, h22]])" in capsys.readouterr().out
    assert main(["hessian", "x*z", "wrt", "x,y,z", "--where", "x: n; z: n"]) == 2

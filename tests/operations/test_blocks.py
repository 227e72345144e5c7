"""Stacks, ranges, triangles, cross products, exponents entry by entry, ties: answers as they read, checked, and their code run."""

import inspect

import numpy as np
import pytest

import matcalc as mc

ANSWERS = [
    ("norm(vstack(X, Y)@a)**2", "X", "", "2*X@a@a.T"),
    ("norm(hstack(A, X)@b)**2", "X", "", "2*hstack(A, X)@b@b[n:].T"),
    ("sum(vstack(x, y, z)**2)", "y", "x: m; y: n; z: p", "2*y"),
    ("sum(X[0:2]**2)", "X", "X: (m, n)", "2*vstack(X[:2], zeros(m - 2, n))"),
    ("norm(D@X[:, 1:])**2", "X", "X: (m, n); D: (k, m)", "2*hstack(zeros(m), D.T@D@X[:, 1:])"),
    ("norm(X[0:n-1, :])**2", "X", "X: (n, n)", "2*vstack(X[:n - 1], zeros(1, n))"),
    ("norm(X[1:, :2])**2", "X", "X: (m, n)", "2*vstack(zeros(1, n), hstack(X[1:, :2], zeros(m - 1, n - 2)))"),
    ("tr(hstack(x, y).T@A@hstack(x, y))", "x", "x: n; y: n; A: (n, n)", "(A + A.T)@x"),
    ("a.T@cross(b, x)", "x", "a: 3; b: 3; x: 3", "cross(a, b)"),
    ("cross(b, x)", "x", "b: 3; x: 3", "cross_matrix(b)"),
    ("vstack(x, A@x)", "x", "", "vstack(eye(n), A)"),
    ("x[1:3]", "x", "x: n", "eye(n)[1:3]"),
    ("sum(vech(X)**2)", "X", "", "2*tril(X)"),
    ("a.T@unvech(x)@b", "x", "x: 6; a: 3; b: 3", None),
    ("norm(x[1:] - x[:-1])**2", "x", "x: n", None),
    ("logdet(block([[A, B], [C, X]]))", "X", "A: (m, m); B: (m, n); C: (n, m); X: (n, n)", None),
    ("sum(x**a)", "x", "x: n positive; a: n", "a*x**(a - 1)"),
    ("sum(x**a)", "a", "x: n positive; a: n", "log(x)*x**a"),
    ("sum(min(x, x) + maximum(x, 2*x - x))", "x", "x: n", "2*ones(n)"),
    ("sum(clip(Y, B, Y))", "Y", "Y: (m, n); B: (m, n)", "ones(m, n)"),
    ("sum(clip(Y, Y, B))", "Y", "Y: (m, n); B: (m, n)", "B > Y"),
    ("sum(where(x > x, x, 2*x))", "x", "x: n", "2*ones(n)"),
]


@pytest.mark.parametrize(("f", "x", "where", "wanted"), ANSWERS)
def test_the_answer(f, x, where, wanted):
    result = mc.grad(f, x, where=where)
    assert result.verify().passed, result.verify().why
    assert all(step.holds() for step in result.derivation)
    if wanted is not None:
        assert result.text() == wanted
    assert result.latex()


@pytest.mark.parametrize(("f", "x", "where", "wanted"), [row for row in ANSWERS if not row[1].islower() or "x:" in row[2]])
def test_the_code_gives_the_slope(f, x, where, wanted):
    result = mc.grad(f, x, where=where)
    if not mc.parse(f, where=where).is_scalar:
        return
    rng = np.random.default_rng(2)
    sizes = {"m": 3, "n": 4, "p": 2, "k": 5, "q": 4}
    value = mc.grad(f"zz*({f})", "zz", where=(where + "; " if where else "") + "zz: scalar").function("numpy")
    gradient = result.function("numpy")
    symbols = {e["name"]: tuple(s.at(sizes) for s in e.shape if s.at(sizes) > 1) for e in _symbols(f, where)}
    data = {name: rng.uniform(0.4, 1.2, shape) for name, shape in symbols.items()}
    step = rng.uniform(-1, 1, symbols[x])

    def run(function, **more):
        known = {**sizes, **data, **more}
        return function(**{name: known[name] for name in inspect.signature(function).parameters})

    h = 1e-6
    slope = (run(value, **{x: data[x] + h * step}) - run(value, **{x: data[x] - h * step})) / (2 * h)
    assert np.isclose(np.sum(run(gradient) * step), slope, rtol=1e-5, atol=1e-6)


def _symbols(f, where):
    from matcalc.core.leaves import symbols

    return symbols(mc.parse(f, where=where))

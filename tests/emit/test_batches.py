"""Index sums, stacks and slices in NumPy: the value is that of the expression, and no loop runs over an axis."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.core.size import ONE
from matcalc.emit.numpy import function, function_source
from matcalc.errors import Unsupported
from matcalc.syntax import read
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point

BATCHES = [
    ("beta*stack(i, Phi[:,i,:] @ sign(Phi[:,i,:].T @ Phi[:,i,:] - I), axis=1)", "Phi: (l, m, n); beta: scalar"),
    ("sum(k, p[k]*(W[k] @ x))", "W: (l, m, n)"), ("stack(k, x @ W[k] @ y)", "W: (l, m, n)"), ("stack(k, diag(W[k] @ y))", "W: (l, m, n)"),
    ("sum(k, W[k] @ diag(D[k,:]) @ B.T)", "W: (l, m, n)"), ("sum(i, j, A[i,j]*exp(-norm(X[i,:] - Y[j,:])))", ""),
    ("stack(i, inv(S[i] + eye(n)) @ x)", "S: (l, n, n)"), ("sum(i, logdet(S[i] @ S[i].T + eye(n)))", "S: (l, n, n)"), ("W[:,a,:] @ x", "W: (l, m, n)"),
    ("stack(i, tr(S[i] @ A))", "S: (l, n, n)"), ("sum(i, i*x[i])", "x: n"), ("stack(i, W[:,:,i].T, axis=2)", "W: (l, m, n)"),
    ("sum(i, 0, n-2, x[i+1]*x[i])", "x: n"), ("stack(i, j, x[i]*T[i,j,:] @ z)", "T: (l, m, n)"), ("sum(i, maximum(x[i], y)*S[i])", "S: (l, n, n); y: scalar"),
    ("stack(i, softmax(X[i,:] + x))", ""), ("sum(i, outer(X[i,:], Y[i,:]) / norm(X[i,:]))", ""), ("x[a]*e(a, n)", "x: n"),
    ("sum(i, sigmoid(x[i])*softplus(S[i]))", "S: (l, n, n)"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "where"), BATCHES)
def test_sums_over_indices(typed: str, where: str) -> None:
    reading = read(typed, where=where)
    shapes = [e.shape for e in reading.symbols.values()]
    sizes = {name: k for k, name in enumerate(sorted({n for shape in shapes for s in shape for n in s.names()}), 3)}
    point = Point(ComplexStep(), sizes, 7)
    wanted = [x.real for x in point.value(reading.expr).entries]
    source = function_source(reading.expr, "f")
    assert " for " not in source.partition("def f(")[2] or "softmax" in source
    given = {name: int(point.value(i).entries[0]) for name, i in reading.indices.items()}
    for name, e in reading.symbols.items():
        entries = [x.real for x in point.value(e).entries]
        given[name] = np.array(entries).reshape([s.at(sizes) for s in e.shape if s is not ONE]) if not e.is_scalar else entries[0]
    found = function(source, "f")
    assert np.allclose(np.ravel(found(**{k: {**sizes, **given}[k] for k in inspect.signature(found).parameters})), wanted)


def test_what_has_no_form_under_a_sum() -> None:
    with pytest.raises(Unsupported):
        function_source(read("sum(i, kron(S[i], S[i]))", where="S: (l, 3, 3)").expr)

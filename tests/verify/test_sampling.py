"""Samples have the declared properties and, by construction, no others."""

from itertools import combinations

import numpy as np
import pytest

from matcalc.core.leaves import symbol
from matcalc.core.property import (
    DIAGONAL,
    INTEGER,
    INVERTIBLE,
    LOWER,
    NONNEG,
    ORTHOGONAL,
    PD,
    POSITIVE,
    PROBABILITY,
    PROPERTIES,
    PSD,
    SKEW,
    SYMMETRIC,
    UPPER,
    closure,
)
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.numbers import Unlucky
from matcalc.verify.primefield import PrimeField
from matcalc.verify.sampling import drawn_tangent, drawn_value

HOLDS = {
    SYMMETRIC: lambda X: np.allclose(X, X.T),
    SKEW: lambda X: np.allclose(X, -X.T),
    DIAGONAL: lambda X: np.allclose(X, np.diag(np.diag(X))),
    UPPER: lambda X: np.allclose(X, np.triu(X)),
    LOWER: lambda X: np.allclose(X, np.tril(X)),
    PSD: lambda X: np.allclose(X, X.T) and np.linalg.eigvalsh(X).min() > -1e-10,
    PD: lambda X: np.allclose(X, X.T) and np.linalg.eigvalsh(X).min() > 1e-6,
    ORTHOGONAL: lambda X: np.allclose(X.T @ X, np.eye(X.shape[1])),
    INVERTIBLE: lambda X: abs(np.linalg.det(X)) > 1e-9,
    POSITIVE: lambda X: X.min() > 0,
    NONNEG: lambda X: X.min() >= 0,
    PROBABILITY: lambda X: X.min() > 0 and X.max() < 1,
    INTEGER: lambda X: np.allclose(X, np.round(X)),
}
SEEDS = range(12)


def samples(properties, rows=4, columns=4):
    e = symbol("X", rows, columns, properties=frozenset(properties))
    return [np.array(drawn_value(ComplexStep(), e, rows, columns, s).entries).real.reshape(rows, columns) for s in SEEDS]


def test_a_test_for_every_property():
    assert set(HOLDS) == set(PROPERTIES.values())


@pytest.mark.parametrize("wanted", PROPERTIES.values(), ids=repr)
@pytest.mark.parametrize("other", PROPERTIES.values(), ids=repr)
def test_what_is_declared_and_nothing_more(wanted, other):
    found = [bool(HOLDS[other](X)) for X in samples([wanted])]
    if other in closure(frozenset({wanted})):
        assert all(found)
    elif other is not INVERTIBLE:  # a generic matrix has an inverse; nothing can be done about that
        assert not all(found)


def test_a_matrix_without_properties_has_none():
    for X in samples([]):
        assert [p for p, holds in HOLDS.items() if holds(X)] in ([], [INVERTIBLE])


POSSIBLE = [
    {SYMMETRIC, POSITIVE}, {SYMMETRIC, NONNEG}, {SYMMETRIC, INTEGER}, {SYMMETRIC, PROBABILITY}, {PD, DIAGONAL}, {PSD, DIAGONAL},
    {PD, POSITIVE}, {ORTHOGONAL, SYMMETRIC}, {ORTHOGONAL, DIAGONAL}, {ORTHOGONAL, UPPER}, {UPPER, LOWER}, {UPPER, SYMMETRIC},
    {UPPER, INVERTIBLE}, {SKEW, INTEGER}, {POSITIVE, INTEGER}, {NONNEG, INTEGER}, {PSD, SYMMETRIC}, {PSD, PD},
]  # fmt: skip


@pytest.mark.parametrize("together", POSSIBLE, ids=lambda together: "+".join(sorted(p.word for p in together)))
def test_properties_together(together):
    for X in samples(together):
        assert [p for p in closure(frozenset(together)) if not HOLDS[p](X)] == []


def test_orthogonal_of_both_determinants_and_tall():
    signs = {round(float(np.linalg.det(X))) for X in samples([ORTHOGONAL])}
    assert signs == {1, -1}
    assert all(HOLDS[ORTHOGONAL](X) for X in samples([ORTHOGONAL], 5, 3))
    with pytest.raises(Unlucky):
        samples([ORTHOGONAL], 3, 5)


def test_samples_differ():
    all_samples = samples([]) + samples([], 4, 3)
    assert all(X.shape != Y.shape or not np.allclose(X, Y) for X, Y in combinations(all_samples, 2))


@pytest.mark.parametrize("n", [3, 4])
def test_samples_in_the_field(n):
    N = PrimeField()

    def draw(*properties, seed=1):
        return drawn_value(N, symbol("X", n, n, properties=frozenset(properties)), n, n, seed)

    Q = draw(ORTHOGONAL)
    assert N.product(Q.transposed(), Q).entries == [int(i == j) for i in range(n) for j in range(n)]
    assert draw(SYMMETRIC).transposed().entries == draw(SYMMETRIC).entries
    assert N.sign(N.determinant(draw(PD))) == 1
    assert N.is_zero(N.determinant(draw(PSD, seed=2))) and not N.is_zero(N.determinant(draw(PSD, seed=1)))
    assert {N.sign(x) for x in draw(POSITIVE).entries} == {1} and {N.sign(x) for x in draw().entries} == {1, -1}
    for s in draw(PROBABILITY).entries:
        assert N.sign(s) == N.sign(1 - s) == 1


def test_directions():
    N = ComplexStep()

    def moved(structured, *properties):
        e = symbol("X", 4, 4, properties=frozenset(properties))
        X = drawn_value(N, e, 4, 4, 1)
        return (np.array(A.entries).real.reshape(4, 4) for A in (X, drawn_tangent(N, e, X, 1, structured)))

    for p in (SYMMETRIC, PD, PSD, DIAGONAL, SKEW, UPPER, LOWER):
        kept = {PD: SYMMETRIC, PSD: SYMMETRIC}.get(p, p)
        _, D = moved(False, p)
        assert not HOLDS[kept](D)
        _, D = moved(True, p)
        assert HOLDS[kept](D)
    X, D = moved(True, ORTHOGONAL)
    assert np.allclose(X.T @ D, -(X.T @ D).T)


def test_every_sample_is_the_same_again():
    e = symbol("X", "m", "n")
    assert drawn_value(PrimeField(), e, 2, 2, 3).entries == drawn_value(PrimeField(), e, 2, 2, 3).entries
    assert drawn_value(PrimeField(), symbol("fixed"), 1, 1, 0).entries == [100735681]  # whatever the hash seed

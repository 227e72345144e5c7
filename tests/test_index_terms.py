"""A small campaign of index terms in every run, the large one when asked for, and the reason why a sum stays."""

from __future__ import annotations

import pytest

import matcalc as mc
from tests.index_terms import outcome, random_term, treewidth_above_two


@pytest.mark.parametrize("seed", range(80))
def test_a_random_term_becomes_matrix_algebra(seed: int) -> None:
    assert outcome(seed) in ("converted", "refused"), random_term(seed)


@pytest.mark.slow
def test_two_thousand_terms() -> None:
    found = [(seed, outcome(seed)) for seed in range(50_000, 52_000)]
    assert not [f for f in found if f[1] not in ("converted", "refused")]


def test_the_graph_of_a_term() -> None:
    square = {frozenset(pair) for pair in ("ij", "jk", "kp", "pi")}
    assert not treewidth_above_two(frozenset(square)) and not treewidth_above_two(frozenset({*square, frozenset("ik")}))
    assert treewidth_above_two(frozenset({*square, frozenset("ik"), frozenset("jp")}))


@pytest.mark.parametrize(("typed", "wanted"), [
    ("sum(j, sum(p, sum(i, A[k,i]*B[i,j]*C[p,i])))", None), ("sum(q, sum(k, sum(i, x[i]*A[q,k]*B[i,q]*y[k])))", "(A.T@B.T@x).T@y"),
])  # fmt: skip
def test_the_order_of_sums_does_not_matter(typed: str, wanted: str | None) -> None:
    found = mc.simplify(f"stack(k, {typed})" if wanted is None else typed)
    assert "sum(" not in found.text().replace("axis", "") or "axis" in found.text()
    assert not found.why_sums() and found.verify().passed


def test_the_reason_of_a_sum_that_stays() -> None:
    f = "sum(a, b, c, d, A[a,b]*B[a,c]*C[a,d]*D[b,c]*E[b,d]*F[c,d])"
    where = "; ".join(f"{name}: (n, n)" for name in "ABCDEF")
    said = "No product of matrices computes the sum over a, b, c, d: each index meets three others, and a matrix holds two (treewidth above 2)."
    assert said in str(mc.simplify(f, where=where)) and said in str(mc.grad(f, "A", where=where))
    assert mc.grad(f, "A", where=where).verify().passed

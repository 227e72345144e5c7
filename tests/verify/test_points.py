"""The choice of points."""

import pytest

from matcalc.core.leaves import gradient_of, identity, number, symbol
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import POSITIVE
from matcalc.verify.points import MOST_SIZES, points_for, sizes_for

O = OPERATIONS
X, x, A, b = symbol("X", "m", "n"), symbol("x", "n"), symbol("A", "n", "n"), symbol("b", "n")


@pytest.mark.parametrize("count", range(1, 8))
def test_sizes(count):
    names = [f"n{k}" for k in range(count)]
    chosen = [sizes_for(names, which, attempt) for which in range(4) for attempt in range(4)]
    for sizes in chosen:
        assert len(set(sizes.values())) == min(count, MOST_SIZES) and min(sizes.values()) >= 2 and max(sizes.values()) >= 4
    for name in names:
        for which in (0, 2):
            assert {sizes_for(names, w, 0)[name] % 2 for w in (which, which + 1)} == {0, 1}
    assert max(max(s.values()) for s in chosen) <= max(5, min(count, MOST_SIZES) + 3)
    if count > 1:
        assert len({tuple(sorted(names, key=s.__getitem__)) for s in chosen}) > 1


def test_two_exact_and_two_in_floats():
    chosen = points_for([O["tr"](X.T @ X)], [X])
    assert [p.method for p in chosen.points] == ["exact, modulo a prime"] * 2 + ["floating point"] * 2
    assert chosen.points[0].N.p != chosen.points[1].N.p
    assert len({tuple(p.sizes.items()) for p in chosen.points}) == 4


def test_the_same_points_again():
    first, again = (points_for([O["norm"](x)], [x]).points for _ in range(2))
    assert [(p.sizes, p.seed) for p in first] == [(p.sizes, p.seed) for p in again]


def test_the_prime_suits_the_constants():
    for point in points_for([29 * x + number(59) / 41 * x], exact=2, floating=0).points:
        assert all(point.N.sign(q) == 1 for q in (29, 59, 41))


@pytest.mark.parametrize("f", [O["tr"](O["inv"](X.T @ X)), O["tr"](O["inv"](X @ X.T))], ids=["tall", "wide"])
def test_rectangular_inverses_get_sizes_that_have_them(f):
    points = points_for([f], [X]).points
    assert len(points) == 4
    tall = f is O["tr"](O["inv"](X.T @ X))
    assert all((p.sizes["m"] > p.sizes["n"]) == tall for p in points)


def test_roots_are_sought():
    f = O["norm"](x) + O["norm"](X) + O["norm"](A @ x) + O["norm"](b)
    assert [p.N.exactly for p in points_for([f], [x, X]).points] == [True, True, False, False]


def test_too_many_roots_for_a_field():
    f = O["norm"](x)
    for k in range(40):
        f = f + O["norm"](A @ x + number(k) * b)
    chosen = points_for([f], [x])
    assert [p.N.exactly for p in chosen.points] == [False] * 3 and chosen.why


def test_an_exponent_that_only_floats_know():
    chosen = points_for([(x.T @ x) ** symbol("c")], [x])
    assert [p.N.exactly for p in chosen.points] == [False] * 3 and "exponent" in chosen.why


@pytest.mark.parametrize("f", [O["sum"](O["log"](x)), O["sum"](O["log"](b - A @ x)), O["sum"](x**0.5 + (1 - x) ** 0.5)])
def test_domains_are_found(f):
    """Without a declared positivity: the logarithm of a vector has no value at most points."""
    points = points_for([f], [x]).points
    assert sum(not p.N.exactly for p in points) >= 2


def test_no_points():
    assert points_for([gradient_of(x.T @ x, x)]).points == []
    assert "gradient" in points_for([gradient_of(x.T @ x, x)]).why
    never = O["log"](-(x.T @ x))
    found = points_for([never])
    assert not any(not p.N.exactly for p in found.points) and found.why


def test_structured_directions():
    S = symbol("S", "n", "n", properties=frozenset())
    assert all(p.structured for p in points_for([S], [S], structured=True).points)


def test_without_sizes_or_variables():
    a = symbol("a", properties=frozenset({POSITIVE}))
    assert len(points_for([a**0.5 + 1]).points) == 4
    assert len(points_for([identity("n")]).points) == 4

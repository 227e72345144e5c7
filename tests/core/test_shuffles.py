"""Shuffled presentations of random expressions have one canonical node, and it has the value of what was typed."""

from random import Random

import pytest
import shuffles
from campaign import size_numbers, symbol
from random_expressions import Maker, where

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.expression import postorder
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

PRESENTATIONS, EACH = 5, 100
"""How many presentations of an expression, and how many expressions a part has."""
SIZE_NUMBERS = size_numbers()


def expressions(part):
    """Plain expressions of depth 6, of every shape."""
    totals = {}
    for k in range(part * EACH, (part + 1) * EACH):
        maker = Maker(7_000_000 + k, made=totals)
        shape = maker.random.choice([(), (), ("n",), ("m", "n"), ("p", "m"), ("n", "n")])
        tree = maker.expression(shape, 6, 6, 80)
        if any(t.form.by_text for t in tree.walk() if t.form):
            yield mc.parse(tree.text(), where=where(tree.names, {})), maker.random
        else:
            yield tree.objects({name: symbol(name, "") for name in tree.names}, SIZE_NUMBERS), maker.random


@pytest.mark.parametrize("part", [0, 1, *(pytest.param(k, marks=pytest.mark.slow) for k in range(2, 10))])
def test_one_normal_form_with_the_value_of_what_was_typed(part):
    """Ten parts are 5,000 presentations, of which 10 may stray; two of them are in every run."""
    strays, count = [], 0
    for e, chance in expressions(part):
        wanted = canonical(e)
        others = []
        for _ in range(PRESENTATIONS):
            other = shuffles.shuffled(e, chance)
            count += 1
            if canonical(other) is not wanted:
                strays.append((e, canonical(other)))
                others.append(canonical(other))
        roots = [e, wanted, *others]
        chosen = points_for(roots, exact=1, floating=1)
        oracle = Oracle(chosen.points, chosen.why)
        for new in [wanted, *others]:
            verdict = oracle.holds(e, new)
            assert verdict.passed is not False, f"{e} is not {new}: {verdict}"
    assert count == EACH * PRESENTATIONS
    assert len(strays) <= 1, "\n".join(f"{a}\n    {canonical(a)}\n    {b}" for a, b in strays[:5])


def test_a_normal_form_is_its_own():
    for e, _ in expressions(0):
        new = canonical(e)
        assert canonical(new) is new
        # built again from its own parts, without what is remembered
        assert canonical(shuffles.shuffled(new, Random(1))) is new
        assert sum(1 for _ in postorder(new)) <= 4 * sum(1 for _ in postorder(e)) + 10

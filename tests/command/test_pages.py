"""Pages of `matcalc explain`: every word and every code has one."""

import pytest

import matcalc as mc
from matcalc.command.pages import explained
from matcalc.core.words import vocabulary


@pytest.mark.parametrize("word", sorted(vocabulary()))
def test_every_word_has_a_page(word):
    page = explained(word)
    assert page.splitlines()[0] and len(page.splitlines()) >= 2


def test_a_page_tells_the_differential_and_where_it_does_not_hold():
    lines = explained("inv").splitlines()
    assert lines[0] == "inv(X)   X: (n, n)" and "  d(X⁻¹) = −X⁻¹dX X⁻¹" in lines and lines[-1] == "  where det X ≠ 0"
    assert explained("tr").endswith("also written trace")


def test_a_page_that_is_not_there():
    with pytest.raises(mc.MatcalcError, match="the nearest is 'softmax'"):
        explained("softmx")
    assert "softmax" in explained("") and "ambiguous" in explained("")

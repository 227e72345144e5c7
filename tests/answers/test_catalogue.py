"""The catalogue: made from the declarations, its worked lines derived and checked."""

import pytest

from matcalc.answers.catalogue import entries, listing, look_up
from matcalc.cli import main
from matcalc.core.operation import OPERATIONS
from matcalc.core.rule import RULES
from matcalc.errors import NameMistake

ALL = list(entries())


def test_every_rule_and_every_word_has_a_page():
    sources = {e.source for e in ALL}
    assert set(RULES.values()) <= sources
    assert {o for o in OPERATIONS.values() if not o.hidden and o.kind.value not in ("leaf", "binder")} <= sources


@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_a_page_says_what_why_and_where(entry):
    assert entry.statements and entry.reason and entry.cite and entry.chapter
    assert all(s.strip() and "\n" not in s for s in entry.statements)


PAGES = {
    "det": "d(det(X)) = det(X) tr(X⁻¹dX)\n  Determinant.\n  see Matrix Cookbook (41); Jacobi's formula\n  for example  ∂(det(X))/∂X = det(X) X⁻ᵀ",
    "inverse of a product": "(AB)⁻¹ = B⁻¹A⁻¹\n  the factors are square, so each is invertible\n  see Matrix Cookbook (1)\n  for example  (K L B)⁻¹ = B⁻¹(K L)⁻¹",
    "matmul": "A : BC = ACᵀ : B\n  A : BC = BᵀA : C\n",
    "norm": "d‖X‖ = (X : dX)/‖X‖\n  ‖X‖ = √(X : X)\n  ‖X‖² = X : X\n",
    "sign": "d(sign(X)) = 0 almost everywhere\n",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name):
    assert any(PAGES[name] in str(e) for e in look_up(name))


@pytest.mark.slow
@pytest.mark.parametrize("entry", ALL, ids=lambda e: e.name)
def test_a_worked_line_is_true(entry):
    assert isinstance(entry.example(), str)


def test_most_have_a_worked_line():
    some = ALL[::2]
    assert sum(bool(e.example()) for e in some) > 0.8 * len(some)


def test_the_command(capsys):
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    assert out == listing() + "\n" and "determinants\n  det " in out
    assert main(["rules", "det"]) == 0
    assert "Jacobi" in capsys.readouterr().out


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(NameMistake, match="the nearest is 'norm'"):
        look_up("nrm")

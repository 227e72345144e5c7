"""Texts to trees."""

import re
import subprocess
import sys

import pytest
from tables import table

from matcalc.errors import LimitReached, SyntaxMistake
from matcalc.syntax.letters import checked_name
from matcalc.syntax.parse import normal, parse, settled
from matcalc.syntax.tree import outline, postorder

ACCEPTED = re.findall(r"^> (.*)\n(.+)$", table("accepts.md").read_text(encoding="utf-8").replace("⟨U+00A0⟩", "\u00a0"), re.MULTILINE)


@pytest.mark.parametrize(("typed", "tree"), ACCEPTED)
def test_a_sentence_has_its_tree(typed: str, tree: str) -> None:
    assert outline(settled(parse(normal(typed)), (), normal(typed))) == tree


def test_the_table_is_long() -> None:
    assert len(ACCEPTED) >= 55


def test_a_power_of_a_variable_called_t_is_a_power() -> None:
    assert outline(settled(parse("A^T"), ("T",))) == "(^ A T)"


def test_spans_take_brackets_in() -> None:
    tree = parse("2*( a + b )")
    assert [(b.start, b.end) for b in postorder(tree)] == [(0, 1), (4, 5), (8, 9), (2, 11), (0, 11)]


def test_names_of_the_api_pass_the_same_door() -> None:
    assert checked_name(" Σ_1 ") == "Sigma_1"
    for wrong in ("x y", "1x", "", "_x", "x;y", "αβ"):
        with pytest.raises(ValueError, match="is not a name"):
            checked_name(wrong)


def test_combining_characters_are_composed_first() -> None:
    with pytest.raises(SyntaxMistake, match=r"'é' \(U\+00E9 LATIN SMALL LETTER E WITH ACUTE\) is not a character"):
        parse(normal("e\u0301"))


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 1900 + "x" + ")" * 1900,
        "f(" * 1900 + "x" + ")" * 1900,
        "+".join(["x"] * 3000),
        "-" * 5000 + "x",
        "x" + ".T" * 4000,
        "x**" * 3000 + "x",
    ],
    ids=["brackets", "calls", "sum", "signs", "transposes", "powers"],
)
def test_deep_texts_have_trees(typed: str) -> None:
    assert sum(1 for _ in postorder(parse(typed))) >= 1


LIMITS = [
    ("x" * 65, "a name may have 64 characters, and this one has 65"),
    ("9" * 100, "a number may have 256 bits"),
    ("1e999999999", "a number may have 256 bits"),
    ("9" * 5000, "a number may have 256 bits"),
    ("(" * 2001 + "x" + ")" * 2001, "brackets may be 2,000 deep"),
    ("x+" * 5000 + "x", "a text may have 10,000 characters, and this one has 10,001"),
]


@pytest.mark.parametrize(("typed", "message"), LIMITS)
def test_limits(typed: str, message: str) -> None:
    with pytest.raises(LimitReached) as caught:
        parse(normal(typed))
    assert caught.value.message == message


def test_the_parser_is_built_only_when_a_text_is_parsed() -> None:
    code = "import sys, matcalc.operations, matcalc.syntax; sys.exit(any(m in sys.modules for m in ('lark', 'numpy', 'sympy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Messages, whole, from the table `grammar/mistakes.md`; and every fix can be read."""

import importlib.util
import sys
from pathlib import Path

import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.errors import MatcalcError
from matcalc.syntax import read

_spec = importlib.util.spec_from_file_location("mistakes", Path(__file__).with_name("mistakes.py"))
assert _spec is not None and _spec.loader is not None
table = importlib.util.module_from_spec(_spec)
sys.modules["mistakes"] = table
_spec.loader.exec_module(table)
MISTAKES = table.mistakes()


def caught(mistake) -> MatcalcError:
    with pytest.raises(MatcalcError) as found:
        read(mistake.typed, **mistake.options)
    return found.value


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.heading}: {m.typed}"[:60].encode("unicode_escape").decode())
def test_a_mistake_has_its_message_and_its_fixes_can_be_read(mistake) -> None:
    error = caught(mistake)
    assert str(error).split("\n") == mistake.message
    assert len(error.fixes) <= 2
    for fix in error.fixes:
        assert error.span is not None and fix.strip() != error.span.text.strip()
        read(**repaired(mistake, error.span.text, fix))


def repaired(mistake, wrong: str, fix: str) -> dict:
    """The reading with the fix in the place of the text at fault."""
    if wrong == mistake.typed:
        return {"text": fix, **mistake.options}
    if wrong == mistake.options.get("where"):
        return {"text": mistake.typed, **mistake.options, "where": fix}
    let = {name: fix if body == wrong else body for name, body in mistake.options["let"].items()}
    return {"text": mistake.typed, **mistake.options, "let": let}


def test_the_table_is_long_and_has_no_entry_twice() -> None:
    assert len(MISTAKES) >= 200
    assert len({(m.typed, str(m.options)) for m in MISTAKES}) == len(MISTAKES)
    assert {m.message[0].partition("]")[0] for m in MISTAKES} >= {
        f"error[{code}" for code in ("syntax", "name", "shape", "rank", "domain", "ambiguous", "limit", "unsupported")
    }


def test_a_message_says_what_operands_are_and_where_shapes_come_from() -> None:
    for mistake in MISTAKES:
        if mistake.message[0].startswith("error[shape]") and "@" in mistake.typed and mistake.heading == "Shapes":
            assert any("(declared)" in line or "(from" in line or "by its letter" in line or " = " in line for line in mistake.message), mistake.typed


@pytest.mark.parametrize("mistake", MISTAKES[::3], ids=lambda m: m.typed[:40].encode("unicode_escape").decode())
def test_nothing_raw_is_echoed(mistake) -> None:
    assert all(c.isprintable() or c == "\n" for c in str(caught(mistake)))

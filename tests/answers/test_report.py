"""Results as data and as Markdown."""

import json

import pytest

import matcalc as mc
from matcalc.answers.report import markdown

KEYS = {
    "schema", "kind", "expression", "variable", "shape", "value", "where", "assumptions", "notes", "lets", "names", "steps", "conditions", "convention",
    "verification", "layout", "pullback",
}  # fmt: skip
QUESTIONS = [
    ("grad", "sum(abs(P.T@P - I))", "P", {}),
    ("grad", "norm(w)**2", "x", {"let": {"w": "A@x - b"}}),
    ("grad", "softmax(A@x)", "x", {}),
    ("jacobian", "A@x", "x", {"where": "A: (m, n) positive"}),
    ("pullback", "inv(X)", "X", {}),
    ("grad", "sum(f(A@x))", "x", {}),
]


@pytest.mark.parametrize(("verb", "f", "x", "more"), QUESTIONS)
def test_a_result_is_data(verb, f, x, more):
    result = getattr(mc, verb)(f, x, **more)
    found = json.loads(json.dumps(result.to_json()))
    assert found.keys() == KEYS
    assert found["schema"] == 1 and found["kind"] == result.kind and found["variable"] == x
    assert found["value"]["text"] == result.text() and found["value"]["latex"] == result.latex()
    assert found["verification"]["passed"] and found["verification"]["max_error"] < 1e-6
    assert all(s["holds"] and s["before"]["pretty"] and s["after"]["latex"] for s in found["steps"])
    assert {a["name"] for a in found["assumptions"]} == {a.name for a in result.assumptions}
    assert (found["pullback"] is None) == (result.pullback is None)
    assert mc.parse(found["value"]["text"], where=found["where"]) is result.value


def test_the_page_about_json_names_every_key():
    from matcalc.command.pages import explained

    assert all(f"    {key} " in explained("json") for key in KEYS)


def test_an_error_is_data():
    with pytest.raises(mc.MatcalcError) as caught:
        mc.parse("sum(abs(P)")
    found = json.loads(json.dumps(caught.value.to_json()))
    assert found == {
        "schema": 1, "error": "syntax", "message": "'(' is never closed", "span": {"text": "sum(abs(P)", "start": 3, "end": 4},
        "notes": [], "fixes": ["sum(abs(P))"], "exit": 2,
    }  # fmt: skip


@pytest.mark.parametrize(("verb", "f", "x", "more"), QUESTIONS)
def test_a_result_is_markdown(verb, f, x, more):
    result = getattr(mc, verb)(f, x, **more)
    text = markdown(result)
    assert text.startswith("$$\n") and text.count("$$") % 2 == 0
    assert result.latex() in text and "✓" in text
    assert "aligned" not in markdown(result, "none")

"""What the README shows is what is printed."""

import re
import shlex
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.cli import main
from matcalc.core.operation import OPERATIONS

README = Path(__file__).parent.parent / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="the tests run away from the checkout")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README.read_text(encoding="utf-8"), re.S | re.M) if README.exists() else []
SESSIONS = [body for kind, body in BLOCKS if not kind and body.startswith("$ matcalc ")]


def lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda s: s.splitlines()[0].replace("::", ":"))
def test_a_session(session, capsys):
    command, _, wanted = session.partition("\n")
    main(shlex.split(command.removeprefix("$ matcalc ")))
    out, err = capsys.readouterr()
    assert lines(out + err) == lines(wanted)


def test_the_first_sample(capsys):
    text = README.read_text(encoding="utf-8")
    assert main(["grad", "sum(abs(P.T@P - I))", "wrt", "P"]) == 0
    assert "\n".join(lines(capsys.readouterr().out)) in "\n".join(line.rstrip() for line in text.splitlines())
    screen = "\n".join(text.splitlines()[:16])
    assert 'matcalc grad "sum(abs(P.T@P - I))" wrt P' in screen and ".ci/run" in screen


def test_the_python_of_the_readme_runs():
    for kind, body in BLOCKS:
        if kind == "python" and body.startswith("import matcalc"):
            space = {}
            exec(body, space)
            assert space["r"].verify().passed


def test_the_comments_of_the_python_are_true():
    r = mc.grad("norm(A@x - b)**2", "x")
    shown = README.read_text(encoding="utf-8")
    assert repr(r.pretty()) in shown and repr(r.text()) in shown


def test_the_operation_of_the_walk_through_is_as_declared():
    sample = next(body for kind, body in BLOCKS if kind == "python" and body.startswith("@elementwise"))
    name = re.search(r"def (\w+)", sample)[1]
    assert " ".join(OPERATIONS[name].doc.split()) in " ".join(sample.split())


def test_there_is_at_least_one_session():
    assert len(SESSIONS) >= 1

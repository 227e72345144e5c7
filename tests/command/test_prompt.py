"""The prompt: what each line does."""

import pytest

from matcalc.cli import VERBS, main
from matcalc.command.prompt import HELP, Session

COMMANDS = [
    (["norm(A@x - b)**2 wrt x"], ["grad", "norm(A@x - b)**2", "wrt", "x"]),
    (["matcalc jacobian 'softmax(x)' wrt x"], ["jacobian", "softmax(x)", "wrt", "x"]),
    (["tr(A@B) wrt A, B"], ["grad", "tr(A@B)", "wrt", "A", "B"]),
    (["where A: (m, n)", "where x: n", "A@x wrt x"], ["grad", "A@x", "wrt", "x", "--where", "A: (m, n); x: n"]),
    (["where A: (m, n)", "where", "A@x wrt x"], ["grad", "A@x", "wrt", "x"]),
    (["let r = A@x - b", "to latex", "norm(r) wrt x"], ["grad", "norm(r)", "wrt", "x", "--to", "latex", "--let", "r = A@x - b"]),
    (["let r = x", "let", "to latex", "to full", "norm(r) wrt r"], ["grad", "norm(r)", "wrt", "r"]),
    (["explain shape"], ["explain", "shape"]),
]


@pytest.mark.parametrize(("lines", "command"), COMMANDS)
def test_lines_become_commands(lines, command):
    ran = []
    session = Session(lambda words: ran.append(words) or 0, VERBS)
    for line in lines:
        assert session.answer(line)
    assert ran == [command]


def test_a_session_ends_and_helps():
    said = []
    session = Session(lambda words: 1 / 0, VERBS)
    assert session.answer("help", said.append) and said == [HELP] and "wrt x" in HELP
    assert session.answer("") and session.answer("   ")
    assert not session.answer("quit")


def test_a_session_answers(capsys):
    session = Session(main, VERBS)
    for line in ("to text", "norm(x)**2 wrt x", "nrom(x) wrt x", "jacobian 2*x"):
        session.answer(line)
    out, err = capsys.readouterr()
    assert out == "2*x\n" and "error[name]" in err and "say the variable" in err

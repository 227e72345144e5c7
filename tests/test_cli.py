"""The command as a person meets it: what it prints where, and how it ends."""

import io
import json
import os
import shlex
import subprocess
import sys

import pytest

from matcalc.cli import main


def run(capsys, *words, stdin=None, monkeypatch=None):
    if stdin is not None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    status = main(list(words))
    out, err = capsys.readouterr()
    return status, out, err


def test_the_first_sample(capsys):
    status, out, err = run(capsys, "grad", "sum(abs(P.T@P - I))", "wrt", "P")
    assert (status, err) == (0, "")
    assert out.startswith("∂f/∂P = 2 P sign(PᵀP − I)\n\nwhere  P ∈ ℝᵐˣⁿ  (from P.T@P)\n")
    assert out.endswith("✓ every line checked at 3 random points\n")


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["-q"], "2 Aᵀ(A x − b)\n"),
        (["--to", "pretty"], "2 Aᵀ(A x − b)\n"),
        (["--to", "text"], "2*A.T@(A@x - b)\n"),
        (["--to", "latex"], "2 A^{\\top} (A x - b)\n"),
    ],
)
def test_the_value_alone(capsys, options, wanted):
    assert run(capsys, "grad", "norm(A@x - b)**2", "wrt", "x", *options) == (0, wanted, "")


def test_code_runs_on_its_own(capsys, tmp_path):
    status, out, _ = run(capsys, "grad", "norm(A@x - b)**2", "wrt", "x", "--to", "numpy")
    assert status == 0
    program = out + "\n\nprint(gradient(A=np.eye(2), x=np.array([3.0, 4.0]), b=np.ones(2)))\n"
    path = tmp_path / "program.py"
    path.write_text(program, encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[4.", "6.]"]


def test_standard_input(capsys, monkeypatch):
    assert run(capsys, "grad", "-", "wrt", "v", "-q", stdin="norm(v)**2\n", monkeypatch=monkeypatch) == (0, "2 v\n", "")


@pytest.mark.parametrize("words", [["x,b"], ["x", "b"], ["x,", "b"]])
def test_several_variables(capsys, words):
    assert run(capsys, "grad", "norm(A@x-b)**2", "wrt", *words, "-q") == (0, "2 Aᵀ(A x − b)\n\n2 (b − A x)\n", "")


def test_options_anywhere(capsys):
    wanted = (0, "2 A x\n", "")
    assert run(capsys, "grad", "-q", "x@A@x", "wrt", "x", "--where", "A: (n, n) symmetric") == wanted
    assert run(capsys, "--where", "A: (n, n) symmetric", "grad", "x@A@x", "-q", "wrt", "x") == wanted


def test_definitions(capsys):
    status, out, _ = run(capsys, "grad", "norm(r)**2", "wrt", "x", "--let", "r = A@x - b", "--let", "c = 2*b")
    assert status == 0 and "2 Aᵀr" in out.splitlines()[0]


def test_the_steps_can_be_left_out(capsys):
    _, with_steps, _ = run(capsys, "grad", "norm(x)", "wrt", "x")
    _, without, _ = run(capsys, "grad", "norm(x)", "wrt", "x", "--steps", "none")
    assert "df =" in with_steps and "df =" not in without
    assert with_steps.splitlines()[0] == without.splitlines()[0]


def test_full_steps_show_more_than_brief_ones(capsys):
    lengths = [len(run(capsys, "grad", "sum(abs(P.T@P - I))", "wrt", "P", "--steps", s)[1]) for s in ("brief", "normal", "full")]
    assert lengths == sorted(lengths)


def test_jacobian_and_pullback(capsys):
    assert run(capsys, "jacobian", "softmax(x)", "wrt", "x", "-q")[1] == "diag(p) − ppᵀ   where p = softmax(x)\n"
    assert run(capsys, "pullback", "inv(X)", "wrt", "X", "-q", "--upstream", "Z")[1] == "−X⁻ᵀZ X⁻ᵀ\n"


def test_version_and_help(capsys):
    for option in ("--version", "--help"):
        with pytest.raises(SystemExit) as stop:
            main([option])
        assert stop.value.code == 0
    assert "matcalc" in capsys.readouterr().out


BAD = {
    # what was typed, the exit status, the whole message
    "unknown name": (
        ["grad", "nrom(v)", "wrt", "v"], 2,
        """\
error[name]: 'nrom' is not a function that matcalc knows; the nearest is 'norm'
  nrom(v)
  ^^^^
help: did you mean  norm(v)  ?
""",
    ),
    "wrong shapes": (
        ["grad", "sum(A @ x + A.T @ x)", "wrt", "x", "--where", "A: (m, n)"], 2,
        """\
error[shape]: A.T and x cannot be multiplied: the inner sizes m and n differ
  sum(A @ x + A.T @ x)
              ^^^^^^^
  A.T is n×m
  A is m×n  (declared)
  x is a vector of length n  (from A @ x)
help: did you mean  sum(A @ x + A @ x)  ?
""",
    ),
    "unbalanced bracket": (
        ["grad", "sum(abs(P)", "wrt", "P"], 2,
        """\
error[syntax]: '(' is never closed
  sum(abs(P)
     ^
help: did you mean  sum(abs(P))  ?
""",
    ),
    "a matrix and a vector do not broadcast": (
        ["grad", "norm(X + b)", "wrt", "X", "--where", "X: (m, n); b: n"], 2,
        """\
error[shape]: a matrix and a vector cannot be added: neither is repeated to fit
  norm(X + b)
       ^^^^^
  X is m×n  (declared)
  b is a vector of length n  (declared)
help: did you mean  norm(X + ones(m) @ b.T)  ?
""",
    ),
    "unknown variable": (["grad", "norm(x)", "wrt", "y"], 2, "error[name]: there is no variable y here; the variables are x\n"),
    "no operator": (
        ["grad", "2x", "wrt", "x"], 2,
        """\
error[syntax]: an operator is missing between '2' and 'x'
  2x
  ^^
help: did you mean  2*x  ?
""",
    ),
    "not square": (
        ["grad", "tr(X)", "wrt", "X", "--where", "X: (m, n)"], 2,
        """\
error[domain]: tr wants a square matrix, and X is m×n
  tr(X)
  ^^^^^
  X is m×n  (declared)
""",
    ),
    "nothing": (["grad", "", "wrt", "x"], 2, "error[syntax]: there is nothing to read: the text is empty\n"),
    "no variable": (["grad", "norm(v)"], 2, 'error[syntax]: say the variable: matcalc grad "EXPR" wrt VARIABLE\n'),
    "unknown verb": (["gard", "norm(v)", "wrt", "v"], 2, "error[name]: there is no verb 'gard'; the nearest is 'grad'; matcalc --help lists them\n"),
    "a definition without =": (
        ["grad", "norm(w)", "wrt", "v", "--let", "w g"], 2, "error[syntax]: a definition is NAME = EXPR, and this is 'w g'\n",
    ),
    "planned word": (
        ["grad", "sum(frechet(A))", "wrt", "A"], 3,
        """\
error[unsupported]: frechet is not supported yet
  sum(frechet(A))
      ^^^^^^^
  write expm_frechet(X, E), logm_frechet(X, E) or matpow_frechet(X, k, E)
""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_whole_and_nothing_else(capsys, name):
    words, status, message = BAD[name]
    assert run(capsys, *words) == (status, "", message)


@pytest.mark.parametrize(
    "words",
    [
        ["grad", "norm(v)", "wrt", "v", "--to", "svg"],
        ["grad", "norm(v)", "wrt", "v", "--convention", "foo"],
        ["grad", "norm(v)", "wrt", "v", "--layout", "foo"],
        ["grad", "norm(v)", "wrt", "v", "--steps", "all"],
        ["grad", "norm(v)", "wrt", "v", "--where", "v: "],
        ["grad", "norm(v)", "wrt", "v", "--where", "v: n funny"],
        ["grad", "norm(v)", "wrt", "v", "--let", "v = v"],
        ["grad", "norm(v", "wrt", "v"],
        ["grad", "norm(v))", "wrt", "v"],
        ["grad", "norm(v) norm(v)", "wrt", "v"],
        ["grad", "import os", "wrt", "os"],
        ["grad", "__import__('os').getpid()", "wrt", "x"],
        ["grad", "norm(\u0410)", "wrt", "\u0410"],
        ["grad", "x[0", "wrt", "x"],
        ["grad", "norm(v)", "wrt", "v", "--unknown"],
        [],
    ],
)
def test_bad_input_is_an_error_of_ours(capsys, words):
    status, out, err = run(capsys, *words)
    assert status == 2
    assert out == ""
    assert err.startswith("error[") and "Traceback" not in err and "bug" not in err


@pytest.mark.parametrize(
    ("option", "meant"), [("--latex", "--to latex"), ("--quite", "--quiet"), ("--wher=x: n", "--where"), ("--wrt=x", "wrt x"), ("--zzz", "")]
)
def test_an_option_that_there_is_not(capsys, option, meant):
    status, out, err = run(capsys, "grad", "x.T@x", "wrt", "x", option)
    assert not out and status == 2 and f"there is no option {option.partition('=')[0]}" in err
    assert (f"did you mean  {meant}  ?" if meant else "see matcalc --help") in err


@pytest.mark.parametrize("words", [["hessian", "tr(A@expm_frechet(X, A))", "wrt", "X"]])
def test_what_is_not_supported_yet(capsys, words):
    status, out, err = run(capsys, *words)
    assert (status, out) == (3, "") and err.startswith("error[unsupported]")


def test_a_limit(capsys):
    status, out, err = run(capsys, "grad", "x" + "+x" * 6000, "wrt", "x")
    assert (status, out) == (4, "") and err.startswith("error[limit]")


def test_a_wrong_answer_is_never_printed(capsys, monkeypatch):
    import matcalc.api as api
    from matcalc.engine.answer import Answer, gradient_answer

    def wrong(f, x, convention):
        a = gradient_answer(f, x, convention)
        return Answer(a.kind, 2 * a.value, a.derivation, a.conditions)

    monkeypatch.setattr(api, "gradient_answer", wrong)
    status, out, err = run(capsys, "grad", "norm(x)**2", "wrt", "x")
    assert (status, out) == (1, "") and err.startswith("error[bug]") and "the gradient is wrong" in err


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m matcalc.cli grad 'sum(abs(P.T@P - I))' wrt P | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert done.stdout == "∂f/∂P = 2 P sign(PᵀP − I)\n" and "Traceback" not in done.stderr


def test_latex_is_read_and_how_it_was_understood_is_told(capsys):
    assert run(capsys, "grad", r"\frac12 \|Ax - b\|_2^2", "wrt", "x", "--to", "text") == (
        0, "A.T@(A@x - b)\n", "read as  1/2 * ‖A @ x - b‖_2^2\n",
    )  # fmt: skip
    assert run(capsys, "grad", "x^T A x", "wrt", "x", "--from", "latex", "-q") == (0, "(A + Aᵀ)x\n", "")
    assert run(capsys, "grad", r"\foo x", "wrt", "x")[0] == 2


def test_errors_and_answers_as_json(capsys):
    status, out, err = run(capsys, "grad", "nrom(x)", "wrt", "x", "--to", "json")
    assert (status, out) == (2, "") and json.loads(err)["fixes"] == ["norm(x)"]
    status, out, err = run(capsys, "grad", "norm(x)**2", "wrt", "x", "--to", "json")
    assert (status, err) == (0, "") and json.loads(out)["value"]["text"] == "2*x"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the alarm may ring inside a finalizer
def test_a_time_limit(capsys):
    status, out, err = run(capsys, "grad", "+".join(f"tr(A{k}@X@B{k})" for k in range(200)), "wrt", "X", "--timeout", "0.05")
    assert (status, out) == (4, "") and err == "error[limit]: no answer within 0.05 seconds; --timeout (timeout=) gives more\n"


@pytest.mark.parametrize("topic", ["shape", "softmax", "json", "I"])
def test_pages(capsys, topic):
    status, out, err = run(capsys, "explain", topic)
    assert (status, err) == (0, "") and len(out) > 40


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_verbs_and_options(capsys, shell):
    out = run(capsys, "completion", shell)[1]
    assert "jacobian" in out and "latex" in out
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=out, text=True, check=True)


def test_several_answers_as_json_are_a_list(capsys):
    out = run(capsys, "grad", "norm(A@x - b)**2", "wrt", "x", "b", "--to", "json")[1]
    assert [r["variable"] for r in json.loads(out)] == ["x", "b"]


def test_help_teaches_by_examples_that_work(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = [line.strip().partition("   ")[0] for line in capsys.readouterr().out.splitlines() if line.startswith('  matcalc ')]
    examples = [shlex.split(line)[1:] for line in lines if len(line.split()) > 1]
    assert len(examples) >= 11
    for words in examples:
        status, out, err = run(capsys, *words)
        assert status in (0, 5) and out, (words, err)


def whole(*words, stdin=b"", **environment):
    """The command as a process of its own."""
    command = [sys.executable, "-m", "matcalc", *words]
    return subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **environment}, timeout=60, check=False)


def test_a_terminal_without_greek_gets_escapes():
    done = whole("grad", "norm(x)**2", "wrt", "x", "--steps", "none", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and done.stdout.startswith(b"\\u2202f/\\u2202x = 2 x")


def test_bytes_that_are_no_text():
    done = whole("grad", "-", "wrt", "x", stdin=b"norm(x\xff)", PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stdout) == (2, b"") and done.stderr == b"error[syntax]: what stands on standard input is no text in UTF-8\n"
    done = whole("grad", b"norm(x\xff)", "wrt", "x", PYTHONIOENCODING="utf-8")
    assert done.returncode == 2 and b"Traceback" not in done.stderr and done.stderr.startswith(b"error[syntax]: U+DCFF")

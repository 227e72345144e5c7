"""Nothing that is typed gets out of its place: names, texts and options through every door and every printer."""

import ast
import builtins
import itertools
import json
import keyword
import re
import sys

import numpy as np
import pytest

import matcalc as mc
from matcalc.answers.report import markdown

SEEDS = [
    "__import__('os').system('touch /tmp/pwned')", "eval('1')", "exec('x=1')", "x; import os", "x\nimport os", "x}\\input{/etc/passwd}", "\\input{x}",
    "\\write18{ls}", "\\def\\a{\\a\\a}\\a", "${x}", "{{7*7}}", "%s%s%n", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "x\x00y", "x\ry", "x\u202ey", "\ufeffx", "../../etc/passwd", "'; DROP TABLE x; --", "\"\"\"", "'''",
    "lambda: 0", "[c for c in ().__class__.__base__.__subclasses__()]", "x.__class__", "x.__class__.__bases__[0]", "getattr(x, 'y')", "open('/etc/passwd')",
    "`ls`", "$(ls)", "| cat /etc/passwd", "&& ls", "#include <stdio.h>", "\\catcode`\\%=12", "\\immediate\\openout", "{}", "}{", "$$", "\\\\", "\\n", "\\",
    "ﬁ", "Аx", "x\u0301\u0301\u0301", "𝒙", "ｘ", "x" * 65, "x" * 5000, "_", "__x__", "1x", "x y", "x-y", "x.y", "x:y", "x,y", "", " ", "\t", "∞", "x'", "x\"",
]  # fmt: skip
WRAPPED = ["{}", "norm({})", "x + {}", "{}@x", "sum(x) where {} = x", "norm(x, '{}')"]
TEXTS = [wrap.format(seed) for wrap, seed in itertools.product(WRAPPED, SEEDS)]


def printed(result) -> dict[str, str]:
    """A result in every form."""
    return {
        "text": result.text(), "pretty": result.pretty(), "latex": result.latex(), "numpy": result.code("numpy"), "str": str(result),
        "steps": str(result.derivation), "align": result.derivation.latex(), "document": result.derivation.document(),
        "markdown": markdown(result), "json": json.dumps(result.to_json()),
    }  # fmt: skip


def sound(forms: dict[str, str]) -> None:
    """Every form is what it should be: code compiles, JSON and text are read, LaTeX is balanced, nothing controls a terminal."""
    tree = ast.parse(forms["numpy"])
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Import) and any(a.name.partition(".")[0] not in ("numpy", "scipy") for a in n.names)]
    json.loads(forms["json"])
    for what, text in forms.items():
        assert all(c.isprintable() or c in "\n" for c in text), what
    for what in ("latex", "align"):
        assert forms[what].count("{") == forms[what].count("}"), what
        commands = set(re.findall(r"\\([A-Za-z]+)", forms[what]))
        assert not commands & {"input", "include", "write", "openout", "def", "catcode", "immediate", "csname", "read"}, what


@pytest.mark.parametrize("start", range(0, len(TEXTS), 30))
def test_texts_are_answered_or_refused(start):
    for typed in TEXTS[start : start + 30]:
        try:
            symbols = mc.grad("norm(x)**2 + norm(y)**2", "x", let={"y": typed})
        except mc.MatcalcError as error:
            assert error.code != "bug", typed
            assert all(c.isprintable() or c == "\n" for c in str(error)), typed
        else:
            sound(printed(symbols))


def test_there_are_many_payloads():
    assert len(TEXTS) >= 300


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_names_pass_one_door(seed):
    doors = [
        lambda: mc.matrix(seed, "m", "n"), lambda: mc.vector(seed, "n"), lambda: mc.scalar(seed), lambda: mc.matrix("X", seed, "n"),
        lambda: mc.matrix("X", "n", "n", seed), lambda: mc.grad("norm(x)", seed), lambda: mc.pullback("x", "x", upstream=seed),
        lambda: mc.grad("norm(x)", "x", let={seed: "x"}), lambda: mc.grad("norm(x)", "x", where=f"{seed}: n"),
        lambda: mc.grad("norm(x)", "x", where=f"x: {seed}"), lambda: mc.grad("norm(x)", "x", convention=seed),
        lambda: mc.jacobian("x", "x", layout=seed), lambda: mc.from_latex(seed),
    ]  # fmt: skip
    for door in doors:
        try:
            door()
        except mc.MatcalcError as error:
            assert error.code != "bug"
            assert all(c.isprintable() or c == "\n" for c in str(error))


COMMANDS = "alpha beta frac sqrt sum int left right begin end input def let mathbf text top odot times cdot infty partial nabla in it bf"
WORDS = sorted(
    {w for w in (*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *COMMANDS.split(), "np", "sp", "gradient", "t1", "t_1", "G", "self") if re.fullmatch(r"[A-Za-z]\w*", w)}
)
NUMPY = sorted(w for w in dir(np) if re.fullmatch(r"[A-Za-z]\w{0,30}", w))


def checked(word: str) -> None:
    """A variable of this name is differentiated, printed, and its code computes."""
    x = mc.vector(word, "n")
    A = mc.matrix("A", "m", "n")
    result = mc.grad(mc.norm(A @ x) ** 2 + x @ x, x)
    sound(printed(result))
    namespace: dict = {}
    exec(compile(result.code("numpy"), "<code>", "exec"), namespace)
    arguments = [n.arg for n in ast.walk(ast.parse(result.code("numpy"))) if isinstance(n, ast.arg)]
    assert len(set(arguments)) == len(arguments) == 2
    values = {name: np.ones((2, 3)) if name == "A" else np.arange(3.0) for name in arguments}
    if word != "A":
        M, v = values["A"], values[next(a for a in arguments if a != "A")]
        assert np.allclose(namespace["gradient"](**values), 2 * M.T @ (M @ v) + 2 * v)


@pytest.mark.parametrize("word", keyword.kwlist)
def test_keywords_are_names(word):
    checked(word)


@pytest.mark.slow
def test_words_of_python_latex_and_numpy_are_names():
    for word in {*WORDS, *NUMPY} - {"A"}:
        checked(word)


def test_words_of_python_latex_and_numpy_are_names_here_and_there():
    for word in [*WORDS[::20], *NUMPY[::60]]:
        checked(word)


def test_names_that_look_alike_in_code_stay_apart():
    a, b = mc.vector("lambda", "n"), mc.vector("lambda_", "n")
    code = mc.grad((a @ b) * (b @ b), b).code("numpy")
    arguments = [n.arg for n in ast.walk(ast.parse(code)) if isinstance(n, ast.arg)]
    assert len(set(arguments)) == 2 and not set(arguments) & set(keyword.kwlist)
    assert sys.modules.get("os") is not None  # nothing was executed that a text asked for

"""The house stands as drawn: who may name whom, what loads what, and how long a module may be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import matcalc

PACKAGE = Path(matcalc.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py"))
LONGEST = 320
TOO_LONG: dict[str, int] = {}
"""Modules that are longer than they may be, and how long they may be until they are cut.  This list only shrinks."""
LOADED_LATE = {"syntax/grammar.py"}
"""Modules that load something heavy, and are loaded when it is needed."""

MAY_IMPORT = {
    "errors": set(),
    "core": {"core", "errors"},
    "operations": {"operations", "core"},
    "rules": {"rules", "operations", "core"},
    "engine": {"engine", "core", "errors"},
    "syntax": {"syntax", "core", "errors"},
    "emit": {"emit", "core", "errors"},
    "verify": {"verify", "core", "engine", "syntax.tree", "errors"},
    "answers": {"answers", "core", "engine", "syntax", "emit", "verify", "errors"},
    "objects": {"core", "syntax", "errors"},
    "api": {"answers", "objects", "core", "operations", "rules", "engine", "syntax", "emit", "verify", "errors"},
    "command": {"command", "cli", "api", "answers", "core", "emit", "errors"},
    "cli": {"api", "answers", "command", "core.words", "syntax.tex", "errors"},
    "__main__": {"cli"},
    "__init__": {"api", "objects", "errors"},
}
"""Who may name whom: operations and rules are loaded by the api alone, and reach the others through the tables of the core."""
HEAVY = {"numpy", "sympy", "lark", "scipy", "torch", "jax"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, bool]]:
    """Every module that a module imports, and whether that happens when it is loaded."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(f)}
    guarded = [c for c in ast.walk(tree) if isinstance(c, ast.If) and "TYPE_CHECKING" in ast.unparse(c.test)]
    only_types = {id(n) for c in guarded for b in c.body for n in ast.walk(b)}
    found = []
    for n in ast.walk(tree):
        if isinstance(n, ast.Import):
            names = [a.name for a in n.names]
        elif isinstance(n, ast.ImportFrom):
            assert n.level == 0, f"{name_of(path)} imports relatively"
            names = [n.module or ""]
            if n.module == "matcalc":  # `from matcalc import rules` names a part as well as `matcalc.rules` does
                names = [f"matcalc.{a.name}" for a in n.names]
        else:
            continue
        if id(n) not in only_types:
            found += [(name, id(n) not in late) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_names_only_what_its_layer_may(path):
    allowed = MAY_IMPORT[layer(path)]
    for module, _ in imports(path):
        if module.split(".")[0] == "matcalc" and module != "matcalc":
            inside = module.removeprefix("matcalc.")
            assert any(inside == a or inside.startswith(f"{a}.") for a in allowed), f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_heavy_is_loaded_with_a_module(path):
    assert name_of(path) in LOADED_LATE or not [m for m, at_once in imports(path) if at_once and m.split(".")[0] in HEAVY]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), name_of(path)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_one_subject(path):
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= TOO_LONG.get(name_of(path), LONGEST), f"{name_of(path)} has {length} lines: it has two subjects"


def test_the_list_of_modules_that_are_too_long_shrinks():
    fine = [n for n in TOO_LONG if not (PACKAGE / n).exists() or len((PACKAGE / n).read_text(encoding="utf-8").splitlines()) <= LONGEST]
    assert not fine, f"take these off the list: {fine}"


def loaded_after(program: str) -> set[str]:
    code = f"{program}\nimport sys\nprint('LOADED', *sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stderr.rpartition("LOADED ")[2].split())


def test_importing_loads_nothing_heavy():
    assert not loaded_after("import matcalc") & HEAVY


@pytest.mark.parametrize(
    "arguments",
    [
        ["grad", "sum(abs(P.T@P - I))", "wrt", "P"],
        ["grad", "g/norm(v)*v", "wrt", "v"],
        ["grad", "logdet(X)", "wrt", "X", "--to", "latex"],
    ],
)
def test_an_answer_with_its_check_needs_no_numpy(arguments):
    assert not loaded_after(f"from matcalc.cli import main\nassert main({arguments!r}) == 0") & {"numpy", "sympy", "scipy"}


def test_code_in_numpy_is_written_without_numpy():
    assert "numpy" not in loaded_after("from matcalc.cli import main\nassert main(['grad', 'logdet(X)', 'wrt', 'X', '--to', 'numpy']) == 0")

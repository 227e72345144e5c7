"""Notebooks: their code run cell by cell, without a notebook program, and the outputs stored.

`python -m tests.notebooks notebooks/checking.ipynb` runs a notebook and writes its outputs.
"""

import ast
import contextlib
import io
import json
import sys
from pathlib import Path


def outputs_of(cells):
    """The outputs of each code cell: what it prints, and the value of its last line; a picture stays as it is."""
    scope = {"__name__": "__main__"}
    found = []
    for number, cell in enumerate((c for c in cells if c["cell_type"] == "code"), 1):
        if any(o["output_type"] == "display_data" for o in cell["outputs"]):
            found.append(cell["outputs"])
            continue
        tree = ast.parse("".join(cell["source"]))
        last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(tree, "cell", "exec"), scope)
            value = eval(compile(last, "cell", "eval"), scope) if last is not None else None
        found.append([*streams(printed.getvalue()), *values(value, number)])
    return found


def streams(text):
    """What was printed, as an output."""
    return [{"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}] if text else []


def values(value, number):
    """The value of the last line, as an output."""
    if value is None:
        return []
    data = {"text/plain": repr(value).splitlines(keepends=True)}
    for kind, method in (("text/latex", "_repr_latex_"), ("text/markdown", "_repr_markdown_"), ("image/svg+xml", "_repr_svg_")):
        rich = getattr(value, method, None)
        if rich is not None and rich():
            data[kind] = rich().splitlines(keepends=True)
    return [{"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data}]


def run(path):
    """Run a notebook and store its outputs."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    for number, (cell, outputs) in enumerate(zip(code, outputs_of(notebook["cells"]), strict=True), 1):
        cell["outputs"], cell["execution_count"] = outputs, number
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(Path(name))

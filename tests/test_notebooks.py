"""The notebooks run, cell after cell, and say what they said when they were saved; pictures only where there is what draws them."""

import contextlib
import importlib.util
import io
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(path):
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_cell_prints_what_it_printed(path):
    space = {}
    for cell in cells(path):
        source = "".join(cell["source"])
        if "matplotlib" in source:
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(source, path.name, "exec"), space)
        saved = "".join(text for o in cell["outputs"] if o["output_type"] == "stream" for text in o["text"])
        assert printed.getvalue() == saved


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_was_saved_with_its_results(path):
    kinds = [o["output_type"] for c in cells(path) for o in c["outputs"]]
    assert kinds and "error" not in kinds
    assert all(c["execution_count"] for c in cells(path))


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="nothing here draws")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_pictures_are_drawn(path):
    import matplotlib

    matplotlib.use("Agg")
    space = {}
    for cell in cells(path):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile("".join(cell["source"]), path.name, "exec"), space)

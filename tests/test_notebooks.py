"""The notebooks show what the program says today."""

import json
from pathlib import Path

import pytest

from tests.notebooks import outputs_of

FOLDER = Path(__file__).parent.parent / "notebooks"
ALONE = ("checking", "first_derivation", "matrix_cookbook", "newton", "tensor_penalty", "weight_normalisation")
"""Notebooks that need nothing but this package, but for pictures."""
NOTEBOOKS = [path for name in ALONE if (path := FOLDER / f"{name}.ipynb").exists()]


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def stored(path):
    return [c["outputs"] for c in cells_of(path) if c["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs(path):
    kinds = [[o["output_type"] for o in outputs] for outputs in outputs_of(cells_of(path))]
    assert kinds == [[o["output_type"] for o in outputs] for outputs in stored(path)] and any(kinds)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_outputs_of_a_notebook_are_those_it_stores(path):
    assert outputs_of(cells_of(path)) == stored(path)

"""Real problems are read: with their declarations, and with none where letters and operations say the same.

`problems.jsonl` has what people asked on question sites and in papers: expression, definitions, declarations.
"""

import json
from pathlib import Path

import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.core.size import ONE
from matcalc.errors import Unsupported
from matcalc.syntax import Reading, read
from matcalc.syntax.declare import Declaration, declarations

PROBLEMS = [json.loads(line) for line in (Path(__file__).parent / "problems.jsonl").read_text(encoding="utf-8").splitlines()]

LETTER = "its letter says otherwise"
ADDED = "a bare name that is added has the shape of what it is added to"
FREE = "nothing in the text tells"
PARTS = "a product of sizes is not taken apart"
OTHERWISE = {
    "mcb-g7": LETTER, "wiki-vv-03": LETTER, "wiki-ss-04": LETTER, "sy-15": LETTER, "ml-wn-mat": LETTER, "ml-bn-mat": LETTER,
    "ml-phuber": LETTER, "ml-ppca": LETTER, "ml-lstm-Wf": LETTER, "ml-trs-dual": LETTER, "ml-trs-sec": LETTER, "ml-socbar": LETTER,
    "ml-lsestab": LETTER, "se-004": LETTER, "se-037": LETTER, "se-052": LETTER, "se-074": LETTER, "se-075": LETTER, "se-088": LETTER,
    "ml-mlp-gp": LETTER, "ml-dirichlet-H": LETTER, "se-131": LETTER, "se-138": LETTER, "se-139": LETTER, "se-233": LETTER, "se-116": LETTER,
    "ml-bn-gamma": ADDED, "ml-rpca": ADDED, "ml-spring": ADDED, "ml-tv": ADDED, "ml-tv1": ADDED,
    "cx-08": LETTER, "se-015": FREE, "se-045": FREE, "se-046": FREE,
    "ml-lqr-full": PARTS, "ml-sylvester": PARTS,
}  # fmt: skip
"""Problems that are read otherwise, or not at all, where their declarations are withheld, and why."""


def read_as_asked(problem: dict[str, str], where: str) -> Reading:
    try:
        return read(problem["expr"], where=where, let=dict(problem.get("let") or {}), wrt=problem["wrt"])
    except Unsupported as error:
        pytest.skip(error.message)


def rank(declared: Declaration) -> int:
    """How many axes a declared name has that are longer than 1."""
    return len([size for size in declared.sizes if size is not ONE])


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["id"])
def test_a_problem_is_read_as_declared(problem: dict[str, str]) -> None:
    reading = read_as_asked(problem, problem["where"])
    for declared in declarations(problem["where"]):
        if declared.name in reading.symbols and len(declared.sizes) < 3 and not declared.function:
            found = reading.symbols[declared.name].shape
            # A name of a size may stand for a product: B: (s, s) in kron(eye(3), X) @ B.
            # n of M: (n, n) is 3 where x: 6 makes X = unvech(x).
            assert all(f is d or "*" in f.text or f.number() for f, d in zip(found, declared.shape, strict=True))
    assert problem["task"] not in ("grad", "hessian") or reading.expr.is_scalar


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p["id"])
def test_the_shapes_are_found_without_declarations(problem: dict[str, str]) -> None:
    there = {d.name: d for d in declarations(problem["where"])}
    given = [d for d in problem["where"].split("; ") if there[d.partition(":")[0]].function or len(there[d.partition(":")[0]].sizes) > 2]
    if problem["id"] in OTHERWISE:
        pytest.skip(OTHERWISE[problem["id"]])
    reading = read_as_asked(problem, "; ".join(given))
    for name, symbol in reading.symbols.items():
        if name in there and not there[name].function and len(there[name].sizes) < 3:
            assert sum(size is not ONE for size in symbol.shape) == rank(there[name]), name


def test_few_problems_are_read_otherwise() -> None:
    assert len(OTHERWISE) <= 37 and OTHERWISE.keys() <= {p["id"] for p in PROBLEMS}

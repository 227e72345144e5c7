"""No operation without its facts: what the catalogue tells, how it is written and computed, and where it is not defined."""

import re

import numpy as np
import pytest
from applications import parameters_of, sizes_of

import matcalc  # noqa: F401 - fills the table
from matcalc.core.leaves import number, symbol
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.property import POSITIVE_DIAGONAL, PROPERTIES
from matcalc.emit.latex import latex
from matcalc.emit.numpy import function_source
from matcalc.emit.pretty import pretty
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point
from matcalc.verify.numbers import Unlucky

DECLARED = [o for o in OPERATIONS.values() if o.kind not in (Kind.LEAF, Kind.BINDER) and o.body is not None]
VISIBLE = [o for o in DECLARED if not o.hidden]
by_name = {"ids": lambda o: o.name}


def applied(op):
    """The operation on symbols, and their names."""
    words = op.equation.inputs if op.equation is not None else ("mn",) * op.arity
    sizes = [() if k in op.exact else sizes_of(w) for k, w in enumerate(words)]
    args = [number(3) if k in op.exact else symbol("XYZW"[k], *sizes[k]) for k in range(op.arity)]
    return op(*args, **parameters_of(op))


FACTS = {
    "a sentence": lambda op: re.fullmatch(r"[A-Z].*\.", op.doc.splitlines()[0]),
    "a citation": lambda op: op.cite,
    "a reading cost": lambda op: op.cost >= 0,
    "pretty": lambda op: pretty(applied(op)),
    "LaTeX": lambda op: "_" not in re.sub(r"\\_|_\{|_[A-Za-z0-9\\]", "", latex(applied(op))),
    "NumPy": lambda op: function_source(applied(op)),
    "properties of its result": lambda op: all({p, *ws} <= {*PROPERTIES.values(), POSITIVE_DIAGONAL} for p, ws in op.gives.items()),
    "a value": lambda op: op.value or op.defining or op.kind in (Kind.MULTILINEAR, Kind.DEFINITION) or op.name == "add",
    "what its domains say": lambda op: all(d.choice for d in op.domain if d.kind == "kink"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_no_operation_lacks(fact):
    lacking = [op.name for op in VISIBLE if not FACTS[fact](op)]
    assert lacking == []


EVERYWHERE = [op for op in DECLARED if not any(d.kind in ("existence", "never") for d in op.domain) and "function" not in op.parameters]


@pytest.mark.parametrize("op", EVERYWHERE, **by_name)
def test_what_declares_no_domain_has_a_value_everywhere(op):
    e = applied(op)
    for seed in range(8):
        point = Point(ComplexStep(), dict(zip("lmnkpq", (4, 4 + seed % 2, 5 - seed % 2, 4, 3, 2))), seed)
        try:
            entries = point.value(e).entries
        except Unlucky as problem:
            pytest.fail(f"{op.name} has no value at a generic point ({problem}); declare its domain")
        assert np.all(np.isfinite(np.array(entries).real))


def test_what_is_declared_for_an_existence_can_be_written():
    for op in DECLARED:
        for d in op.domain:
            assert d.kind in ("existence", "kink", "form", "never")
            assert d.latex or re.fullmatch(r"\{\d\} > 0", d.statement) or d.kind == "never", op.name

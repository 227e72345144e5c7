"""Every operation, tested by being declared: what it is called, how it is written, that it can be read again and differentiated.

(Its derivative and its facts against its value: tests/verify/test_declarations.py.)
"""

import inspect
import re

import numpy as np
import pytest
from applications import parameters_of, sizes_of
from random_expressions import forms, numpy_word, visible

import matcalc as mc
from matcalc.core.abstract import APPLICATIONS, functions
from matcalc.core.canonical import canonical
from matcalc.core.leaves import number, symbol, symbols
from matcalc.core.operation import OPERATIONS, Kind, declare
from matcalc.core.size import ONE, Size
from matcalc.emit.latex import latex
from matcalc.emit.numpy import function_source
from matcalc.emit.pretty import pretty
from matcalc.emit.text import fill
from matcalc.syntax import read, text
from matcalc.verify.points import points_for

DECLARED = [o for o in OPERATIONS.values() if o.kind not in (Kind.LEAF, Kind.BINDER) and o.body is not None]
each_operation = pytest.mark.parametrize("op", DECLARED, ids=lambda o: o.name)


def applied(op):
    """The operation on symbols, rectangular where it may be."""
    args = []
    for k in range(op.arity):
        word = op.equation.inputs[k] if op.equation is not None else "" if k in op.exact else "mn"
        args.append(number(3) if k in op.exact else symbol("XYZW"[k], *sizes_of(word)))
    return op(*args, **parameters_of(op))


@each_operation
def test_it_is_told(op):
    assert re.fullmatch(r"[A-Z].*\.", op.doc.splitlines()[0]), f"{op.name}: the docstring is the catalogue entry, a sentence"
    assert op.cite, f"{op.name} has no citation"
    assert op.place.rpartition(":")[0].endswith(".py")


@each_operation
def test_domains_can_be_written(op):
    for d in op.domain:
        names = ["a", "b", "c"][: op.arity]
        assert d.statement.format(*names)
        assert d.kind in ("existence", "kink", "form", "never")
        assert d.choice or d.kind != "kink", f"{op.name}: say which value is chosen at the kink"
        if d.latex:
            assert balanced("".join(map(str, fill(d.latex, names))))


@each_operation
def test_the_value_has_the_declared_shape(op):
    e = applied(op)
    for point in points_for([e]).points:
        point.still.evaluate(e)
        value = point.still.values[e]
        assert (value.rows, value.columns) == point.shape(e)


@each_operation
def test_it_is_written_in_every_form(op):
    e = applied(op)
    assert pretty(e) and balanced(latex(e))
    names = {s["name"]: s for s in symbols(e)}
    assert read(text(e), known=names, functions=functions(e)).expr is e


def balanced(source):
    assert source.count("{") == source.count("}")
    assert len(re.findall(r"\\left", source)) - len(re.findall(r"\\left[a-z]", source)) == len(re.findall(r"\\right", source)) - len(
        re.findall(r"\\right[a-z]", source)
    )
    return bool(source)


@each_operation
def test_its_code_is_what_it_means(op):
    """The emitted function against the meaning that the tests have of the word."""
    e = applied(op)
    if op.hidden:
        return  # written with signs: tests/emit
    space = {}
    exec(function_source(e, "f"), space)
    rng = np.random.default_rng(1)
    sizes = {"m": 3, "n": 4, "l": 5, "i": 3, "j": 2, "k": 2, "p": 5, "q": 2}
    given = {}
    for s in symbols(e):
        shape = tuple(x.at(sizes) for x in s.shape if x is not ONE)
        given[s["name"]] = float(rng.uniform(0.3, 0.9)) if not shape else rng.uniform(0.3, 0.9, shape)
        if len(shape) == 2 and shape[0] == shape[1] and op.domain:
            given[s["name"]] = given[s["name"]] @ given[s["name"]].T + np.eye(shape[0])
        if any(d.strict == "greater than 1" for d in op.domain):
            given[s["name"]] = given[s["name"]] + 1
    args = [given[a["name"]] if a.op.name == "symbol" else int(a["value"]) for a in e.args]
    names = inspect.signature(space["f"]).parameters
    found = space["f"](**{k: v for k, v in {**given, **sizes}.items() if k in names})
    extra = [e[name].at(sizes) if isinstance(e[name], Size) else e[name] for name in op.parameters]
    assert np.allclose(found, numpy_word(op)(*args, *extra))


@pytest.mark.parametrize("op", visible(), ids=lambda o: o.name)
def test_it_is_differentiated_alone(op):
    e = applied(op)
    for s in symbols(e):
        result = mc.pullback(e, s)
        assert result.verify().passed is not False
        assert result.text() and str(result)


@pytest.mark.parametrize("op", visible(), ids=lambda o: o.name)
def test_it_takes_part_in_the_campaign(op):
    shapes = [(), ("n",), ("m", "n"), ("n", "n")]
    assert any(op.name in forms(s) for s in shapes)


def test_every_hidden_operation_has_a_form_in_the_campaign():
    met = {name for s in [(), ("n",), ("m", "n"), ("n", "n")] for name in forms(s)}
    assert {o.name for o in DECLARED if o.hidden} - set(APPLICATIONS) <= met


@each_operation
def test_its_normal_form_has_its_value(op):
    e = applied(op)
    assert mc.equal(e, canonical(e)) or canonical(e) is e


def test_a_second_declaration_shows_both_places():
    with pytest.raises(ValueError, match=r"tr is declared twice: .*scalars.py:\d+ and .*scalars.py:\d+"):
        declare(OPERATIONS["tr"])


def test_all_five_kinds_are_met():
    assert {o.kind for o in DECLARED} == set(Kind) - {Kind.LEAF, Kind.BINDER}

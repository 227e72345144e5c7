"""Every declared operation, tested by being declared: its derivative against its value, its value against NumPy, its facts."""

import re
from fractions import Fraction

import numpy as np
import pytest
import scipy
from applications import parameters_of, sizes_of

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.core.builders import inner_product, times
from matcalc.core.equation import Equation, axes
from matcalc.core.expression import Expr
from matcalc.core.leaves import differential_of, number, symbol, zeros
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.property import PD, POSITIVE, POSITIVE_DIAGONAL, PROPERTIES, SYMMETRIC
from matcalc.core.size import Size
from matcalc.verify.compare import Oracle
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point
from matcalc.verify.numbers import Unlucky
from matcalc.verify.points import points_for

DECLARED = [op for op in OPERATIONS.values() if op.kind not in (Kind.LEAF, Kind.BINDER) and op.body is not None and op.arity]
LINEAR = [op for op in DECLARED if op.kind in (Kind.MULTILINEAR, Kind.LINEAR)]
ELEMENTWISE = [op for op in DECLARED if op.kind is Kind.ELEMENTWISE]
WHOLE = [op for op in DECLARED if op.kind is Kind.OPERATION and (op.linear_in or len(op.opaque) < op.arity)]
"""Operations with a differential, along some of their arguments at least; the rest are words for results."""
PARTLY_LINEAR = [op for op in DECLARED if op.linear_in]
BY_NAME = {"ids": lambda op: op.name if isinstance(op, Operation) else str(op)}


CONDITIONS = {("where", 0)}
"""Arguments that hold or do not: a comparison is tried there."""


def needed(op):
    """The properties without which the operation has no meaning: its domain is that the argument has them."""
    return tuple(p for d in op.domain for p in d.settled or () if p.statement == d.statement)


def arguments(op, properties=(), exact=3):
    """Symbols of the shapes that the signature wants, rectangular where it allows; `exact` where a constant is wanted."""
    found: list[Expr] = []
    properties = (*properties, *needed(op))
    for k in range(op.arity):
        scalar_wanted = k in op.exact
        shape = sizes_of(op.equation.inputs[k]) if op.equation is not None else () if scalar_wanted else ("m", "n")
        fits = [p for p in properties if p.of == "entry" or len(shape) == 2]
        is_exact = scalar_wanted and exact is not None
        found.append(number(exact) if is_exact else symbol("XYZW"[k], *shape, properties=frozenset(fits)))
        if (op.name, k) in CONDITIONS:
            found[k] = OPERATIONS["greater"](found[k], 0)
    return found


def several(parts):
    return parts if isinstance(parts, tuple) else (parts,)


def total(parts):
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


def shaped_like(e, name):
    return symbol(name, *[s for k, s in enumerate(e.shape) if k < (0 if e.is_scalar else 1 if e.is_column else 2)])


def adjoint_equations(op):
    """⟨G, L(…, V, …)⟩ = ⟨adjoint, V⟩, for each argument."""
    args = arguments(op)
    G = shaped_like(op(*args, **parameters_of(op)), "G")
    adjoints = several(op.body(*args, G, **parameters_of(op)))
    for k, adjoint in enumerate(adjoints):
        V = shaped_like(args[k], "V")
        # linear in all together: the part of one argument is with zeros for the others
        rest = [times(number(0), a) if op.kind is Kind.LINEAR else a for a in args]
        moved = [V if i == k else a for i, a in enumerate(rest)]
        yield inner_product(G, op(*moved, **parameters_of(op))), inner_product(adjoint, V)


def differential_equations(op, exact):
    """The tangent of op(X, …), and what the declaration says that it is."""
    args = arguments(op, exact=exact)
    result = op(*args, **parameters_of(op))
    moving = [a for k, a in enumerate(args) if a.op.name == "symbol" and k not in op.opaque]
    if op.is_word:
        declared = total([op(*args[:k], differential_of(args[k]), *args[k + 1 :], **parameters_of(op)) for k in op.linear_in])
    elif op.kind is Kind.ELEMENTWISE:
        partials = several(op.body(*args, **parameters_of(op)))
        declared = total([times(partial, differential_of(a)) for partial, a in zip(partials, args) if a in moving and partial])
    else:
        declared = op.body(*args, *(differential_of(a) if a in moving else zeros(a.shape) for a in args), **parameters_of(op))
    return differential_of(result), declared, moving


@pytest.mark.parametrize("op", LINEAR, **BY_NAME)
def test_adjoints_against_the_index_equation(op):
    for left, right in adjoint_equations(op):
        verdict = Oracle(points_for([left, right]).points).holds(left, right)
        assert verdict.passed and verdict.confirmed and verdict.method.startswith("exact"), verdict


@pytest.mark.parametrize("op", PARTLY_LINEAR, **BY_NAME)
def test_adjoints_of_what_is_linear_in_some_arguments(op):
    args = arguments(op)
    G = shaped_like(op(*args, **parameters_of(op)), "G")
    for k, adjoint in op.linear_in.items():
        V = shaped_like(args[k], "V")
        left, right = inner_product(G, op(*args[:k], V, *args[k + 1 :], **parameters_of(op))), inner_product(adjoint(*args, G, **parameters_of(op)), V)
        chosen = points_for([left, right])
        verdict = Oracle(chosen.points, chosen.why).holds(left, right)
        assert verdict.passed and verdict.confirmed, verdict
        assert Oracle(chosen.points).holds(left, -right).passed is False


@pytest.mark.parametrize("op", [op for op in LINEAR if op.kind is Kind.MULTILINEAR], **BY_NAME)
def test_an_index_equation_is_multilinear_and_its_own_adjoints(op):
    assert op.equation is not None
    for k in range(op.arity):
        adjoint: Equation = op.equation.adjoint(k)
        assert adjoint.adjoint(k) == op.equation


def is_family(op):
    """Whether it is a family of functions, one for each number of an order, such as polygamma(n, x)."""
    return op.kind is Kind.ELEMENTWISE and None in several(op.body(*arguments(op), **parameters_of(op)))


CONSTANTS = (3, -2, Fraction(1, 2), None)
"""What stands where an exact constant is wanted: a number, or a symbol that moves."""


def constants(op):
    """What is tried for an operation that wants an exact constant; integers alone, where it has no derivative along it."""
    if not op.exact or is_family(op):
        return (3,)
    return CONSTANTS[:2] if set(op.exact) <= set(op.opaque) else CONSTANTS


@pytest.mark.parametrize(
    ("op", "exact"), [(op, exact) for op in ELEMENTWISE + WHOLE for exact in constants(op)], **BY_NAME
)
def test_the_declared_derivative_is_that_of_the_value(op, exact):
    tangent, declared, moving = differential_equations(op, exact)
    chosen = points_for([tangent, declared], moving)
    verdict = Oracle(chosen.points, chosen.why).holds(tangent, declared)
    assert verdict.passed, verdict
    assert verdict.confirmed


@pytest.mark.parametrize("op", ELEMENTWISE + WHOLE, **BY_NAME)
def test_wrong_derivatives_are_caught(op):
    tangent, declared, moving = differential_equations(op, 3)
    oracle = Oracle(points_for([tangent, declared], moving).points)
    wrong = [-declared, 2 * declared]
    if declared.shape == moving[0].shape:
        wrong.append(declared + differential_of(moving[0]))
    if not declared.is_scalar and declared.shape[0] is declared.shape[1] and op.gives.get(SYMMETRIC) != ():
        wrong.append(declared.T)
    for other in wrong:
        if oracle.is_zero(declared) and other in wrong[:2]:
            continue
        assert oracle.holds(tangent, other).passed is False, other


@pytest.mark.parametrize("op", LINEAR, **BY_NAME)
def test_wrong_adjoints_are_caught(op):
    for left, right in adjoint_equations(op):
        oracle = Oracle(points_for([left, right]).points)
        for other in (-right, 2 * right, number(0)):
            assert oracle.holds(left, other).passed is False


# ---- values against NumPy ----

HIDDEN = {
    "powers": np.power,
    "matmul": np.matmul, "scale": np.multiply, "add": np.add, "transpose": np.transpose, "quotient": np.divide, "power": np.power,
}  # fmt: skip


def numpy_function(op):
    """What the declaration says that NumPy computes: a name, or a template over the arguments."""
    template = op.notation.numpy
    if op.name in HIDDEN and template is None:
        return HIDDEN[op.name]
    if template is None:
        return None
    space = {"np": np, "sp": scipy}
    exec(op.notation.helper, space)
    names = "abcd"[: op.arity + len(op.parameters)]
    template = re.sub(r"\{\*([^{}]+)\}", lambda m: m[1].join(f"{{{k}}}" for k in range(op.arity)), template)
    body = re.sub(r"\{(\d)\}", lambda m: names[int(m[1])], template) if "{" in template else f"{template}({', '.join(names)})"
    return eval(f"lambda {', '.join(names)}: {body}", space)


def array_of(X, word):
    """As the emitted code has it: a vector with one axis, a scalar with none."""
    if not isinstance(X, (int, float)):
        X = np.array([x.real for x in X.entries]).reshape(X.rows, X.columns)
        return X if len(axes(word)) == 2 else X[:, 0] if len(axes(word)) == 1 else X[0, 0]
    return X


def float_point(roots, wrt=(), structured=False):
    return next(p for p in points_for(roots, wrt, exact=0, structured=structured).points if isinstance(p.N, ComplexStep))


def whole(a, value):
    """A constant integer as Python has it: the power of a matrix wants no float."""
    return int(a["value"]) if a.op.name == "number" and a["value"].denominator == 1 else value


def words_of(op):
    return op.equation.inputs if op.equation is not None else tuple("" if k in op.exact else "mn" for k in range(op.arity))


@pytest.mark.parametrize("op", DECLARED, **BY_NAME)
def test_values_and_tangents_against_numpy(op):
    f = numpy_function(op)
    if f is None:
        return  # its declaration names no NumPy function: it is emitted in another way, and tested there
    args = arguments(op)
    result = op(*args, **parameters_of(op))
    moving = [a for a in args if a.op.name == "symbol"]
    point = float_point([result, *args], moving, structured=bool(needed(op)))
    words = words_of(op)
    values = [whole(a, array_of(point.value(a), w)) for a, w in zip(args, words)]
    steps = [array_of(point.tangent(a), w) for a, w in zip(args, words)]
    extra = [point.number(v) if isinstance(v, Size) else v for v in parameters_of(op).values()]
    wanted = np.asarray(f(*values, *extra), dtype=float).ravel()
    found = [x.real for x in point.value(result).entries]
    assert np.allclose(found, wanted, rtol=1e-10, atol=1e-12)
    h = 1e-6
    ahead, behind = (np.asarray(f(*[v if isinstance(v, int) else v + s * d for v, d in zip(values, steps)], *extra), dtype=float).ravel() for s in (h, -h))
    difference = (ahead - behind) / (2 * h)
    assert np.allclose([x.real for x in point.tangent(result).entries], difference, rtol=1e-6, atol=1e-7 * max(1, abs(difference).max()))


# ---- property facts ----

HOLDS = {
    "symmetric": lambda X: np.allclose(X, X.T),
    "skew": lambda X: np.allclose(X, -X.T),
    "diagonal": lambda X: np.allclose(X, np.diag(np.diag(X))),
    "upper": lambda X: np.allclose(X, np.triu(X)),
    "lower": lambda X: np.allclose(X, np.tril(X)),
    "psd": lambda X: np.allclose(X, X.T) and np.linalg.eigvalsh(X).min() > -1e-9,
    "pd": lambda X: np.allclose(X, X.T) and np.linalg.eigvalsh(X).min() > 0,
    "orthogonal": lambda X: np.allclose(X.T @ X, np.eye(X.shape[1])),
    "invertible": lambda X: abs(np.linalg.det(X)) > 0,
    "positive": lambda X: X.min() > 0,
    "positive diagonal": lambda X: np.diag(X).min() > 0,
    "nonneg": lambda X: X.min() > -1e-12,
    "probability": lambda X: X.min() > 0 and X.max() < 1,
    "integer": lambda X: np.allclose(X, np.round(X)),
}
FACTS = [(op, result, tuple(PD if w is POSITIVE_DIAGONAL else w for w in wanted)) for op in DECLARED for result, wanted in op.gives.items()]


def test_there_is_a_test_for_every_property():
    assert set(HOLDS) == {*PROPERTIES, POSITIVE_DIAGONAL.word}


@pytest.mark.parametrize(("op", "result", "wanted"), FACTS, ids=lambda x: x.name if isinstance(x, Operation) else repr(x))
def test_facts_hold(op, result, wanted):
    """The property that an operation gives, where its arguments have what is asked of every one of them."""
    tried = 0
    usual = [p for d in op.domain for p in (d.settled or ())[:1] if p.of == "matrix"]
    for seed in range(80):
        if seed == 40 and tried:
            break
        e = op(*arguments(op, (*wanted, *usual) if seed >= 40 else wanted), **parameters_of(op))
        sizes = dict(zip("lmnkijpq", (3, 4, 4, 3, 2, 2, 3, 2) if seed % 2 else (4, 4, 4, 4, 3, 3, 3, 2)))
        point = Point(ComplexStep(), sizes, seed)
        try:
            X = point.value(e)
        except Unlucky:
            continue
        tried += 1
        assert HOLDS[result.word](np.array(X.entries).real.reshape(X.rows, X.columns)), (seed, e)
    assert tried or POSITIVE in wanted


@pytest.mark.parametrize("op", [op for op in DECLARED if op.parity], **BY_NAME)
def test_parity(op):
    args = arguments(op)
    left, right = op(-args[0], *args[1:]), op(*args)
    right = right if op.parity == "even" else -right
    chosen = points_for([left, right])
    verdict = Oracle(chosen.points).holds(left, right)
    assert verdict.passed and (verdict.method.startswith("exact") or not any(p.N.exactly for p in chosen.points))


# ---- the tests test ----


def test_a_wrong_declaration_fails():
    class Wrong:
        """exp of a matrix, declared as if its differential were dX."""

        name, kind, arity, exact, equation = "wrong", Kind.OPERATION, 1, (), Equation.of("mn->mn")
        domain, opaque, is_word = (), (), False
        body = staticmethod(lambda X, dX: dX)

        def __call__(self, X):
            return OPERATIONS["exp"](X)

    tangent, declared, moving = differential_equations(Wrong(), 3)
    assert Oracle(points_for([tangent, declared], moving).points).holds(tangent, declared).passed is False

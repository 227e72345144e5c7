"""Values and tangents at a point: leaves, binders, sharing, depth."""

import time
from fractions import Fraction

import numpy as np
import pytest

from matcalc.core.builders import inner_product
from matcalc.core.leaves import (
    differential_of,
    gradient_of,
    identity,
    index,
    index_sum,
    named,
    number,
    ones,
    pi,
    size_number,
    symbol,
    unit,
    zeros,
)
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.property import INTEGER
from matcalc.core.size import Size
from matcalc.errors import Unsupported
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point, evaluate, tangent, value
from matcalc.verify.numbers import NotInField, Unlucky
from matcalc.verify.primefield import PrimeField

O = OPERATIONS
SIZES = {"m": 5, "n": 4}
P, x, y, c = symbol("P", "m", "n"), symbol("x", "n"), symbol("y", "n"), symbol("c")
A = symbol("A", "n", "n")
N_, M_ = Size.of("n"), Size.of("m")


def floats(*wrt, sizes=SIZES):
    return Point(ComplexStep(), sizes, 1, wrt)


def exact(*wrt, sizes=SIZES):
    return Point(PrimeField(), sizes, 1, wrt)


def array(X):
    return np.array([z.real for z in X.entries]).reshape(X.rows, X.columns)


def same(left, right, point):
    a, b = value(left, point), value(right, point)
    return (a.rows, a.columns) == (b.rows, b.columns) and all(
        point.N.is_zero(s - t) if point.N.exactly else abs(s - t) < 1e-10 for s, t in zip(a.entries, b.entries, strict=True)
    )


def test_leaves():
    point = floats()
    assert array(value(identity("n"), point)).tolist() == np.eye(4).tolist()
    assert array(value(ones((N_, M_)), point)).tolist() == np.ones((4, 5)).tolist()
    assert array(value(zeros((N_, M_)), point)).tolist() == np.zeros((4, 5)).tolist()
    assert array(value(unit(2, "n"), point)).ravel().tolist() == [0, 0, 1, 0]
    assert array(value(size_number(N_ * N_ + 1), point)).item() == 17
    assert array(value(pi(), point)).item() == np.pi
    assert array(value(number(Fraction(1, 3)), point)).item() == 1 / 3
    with pytest.raises(Unlucky):
        value(unit(4, "n"), point)


def test_a_square_penalty_by_hand():
    point = floats(P)
    X = P.T @ P - identity("n")
    f = O["sum"](abs(X))
    p, dp = array(value(P, point)), array(tangent(P, point))
    Y = p.T @ p - np.eye(4)
    assert array(value(f, point)).item() == pytest.approx(abs(Y).sum())
    assert array(tangent(f, point)).item() == pytest.approx((np.sign(Y) * (dp.T @ p + p.T @ dp)).sum())


@pytest.mark.parametrize("where", [floats, exact])
def test_lines_of_a_derivation_are_closed_equations(where):
    point = where(P)
    X = named("X", P.T @ P - identity("n"))
    S = O["sign"](X)
    dX = differential_of(P).T @ P + P.T @ differential_of(P)
    assert same(differential_of(X), dX, point)
    assert same(differential_of(O["sum"](abs(X))), O["inner"](S, dX), point)
    assert same(O["inner"](S, dX), O["inner"](2 * P @ S, differential_of(P)), point)
    assert not same(O["inner"](S, dX), O["inner"](P @ S, differential_of(P)), point)


@pytest.mark.parametrize("where", [floats, exact])
def test_what_does_not_move(where):
    point = where(x)
    assert {complex(z) for z in tangent(A @ y, point).entries} == {0}
    assert same(differential_of(differential_of(x)), zeros(x.shape), point)
    # nothing that rests is evaluated twice
    f = O["sum"](O["tanh"](A @ y)) + x.T @ x
    tangent(f, point)
    assert point.moved.values[A @ y] is point.still.values[A @ y]
    assert point.moved.values[x.T @ x] is not point.still.values[x.T @ x]


@pytest.mark.parametrize("where", [floats, exact])
def test_a_definition_as_the_variable(where):
    w = named("w", A @ x)
    point = where(w)
    assert same(differential_of(w.T @ w), 2 * (w.T @ differential_of(w)), point)
    assert any(z != 0 for z in tangent(w, point).entries)
    assert all(z == 0 for z in tangent(x, point).entries)


def test_other_variables_at_the_same_point():
    for point in (floats(x), exact(x)):
        other = point.about([y])
        assert value(x.T @ y, point).entries == value(x.T @ y, other).entries
        assert all(z == 0 for z in tangent(x, other).entries) and any(z != 0 for z in tangent(y, other).entries)


# ---- sums over an index ----


@pytest.mark.parametrize("where", [floats, exact])
def test_index_sums(where):
    i = index(0, N_)
    point = where(x, c)
    total = index_sum((i + 1) * c * x, N_, 0)
    assert same(total, (size_number(N_) * (size_number(N_) + 1) / 2) * c * x, point)
    # its tangent, and a differential inside
    assert same(differential_of(total), 10 * (c * differential_of(x) + differential_of(c) * x), point)
    inside = index_sum((i + 1) * differential_of(c * x), N_, 0)
    assert same(inside, differential_of(total), point)
    assert same(differential_of(inside), zeros(x.shape), point)


@pytest.mark.parametrize("where", [floats, exact])
def test_nested_index_sums(where):
    i, j = index(1, N_), index(0, M_)
    point = where(c)
    double = index_sum(i * c + index_sum(i * j * c**2, M_, 0), N_, 1)
    assert same(double, 6 * c + 60 * c**2, point)
    assert same(differential_of(double), (6 + 120 * c) * differential_of(c), point)
    # two sums one after the other with one level, and one inside the other that binds the same level again
    n = index(0, N_)
    assert same(index_sum(n * c, N_, 0) + index_sum(j * c, M_, 0), 16 * c, point)
    assert same(index_sum(n * c + index_sum(j * c, M_, 0), N_, 0), 46 * c, point)


def test_an_index_sum_with_operations_that_unfold():
    j = index(0, N_)
    point = floats(x)
    total = index_sum(O["norm"](x) / (j + 1), N_, 0)
    assert same(total, Fraction(25, 12) * O["norm"](x), point)
    assert same(differential_of(total), Fraction(25, 12) * differential_of(O["norm"](x)), point)


def test_a_free_index_is_some_position():
    at = value(index("a", N_), floats()).entries[0]
    assert at in range(floats().number(N_))



# ---- exponents ----


@pytest.mark.parametrize("where", [floats, exact])
def test_exponents_are_exact(where):
    k = symbol("k", properties=frozenset({INTEGER}))
    point = where(c)
    assert same(c ** size_number(N_), c * c * c * c, point)
    assert same(c ** (size_number(N_) / 2 - 1), c, point)
    assert same(c**k * c**-k, number(1), point)
    assert same(differential_of(c**k), k * c ** (k - 1) * differential_of(c), point)
    assert same(c ** named("q", number(2)), c * c, point)


def test_an_exponent_that_is_no_constant():
    with pytest.raises(NotInField):
        value((x.T @ x) ** c, exact())
    point = floats(c)
    f = (x.T @ x) ** c
    assert same(differential_of(f), f * O["log"](x.T @ x) * differential_of(c), point)


# ---- what cannot be evaluated ----


def test_no_way_to_evaluate():
    mystery = Operation("mystery", Kind.OPERATION, "", equation=x.T.op.equation, arity=1)
    with pytest.raises(Unsupported, match="mystery"):
        value(mystery(A), floats())
    with pytest.raises(Unsupported, match="gradient"):
        value(gradient_of(x.T @ x, x), floats())


def test_after_a_failure_the_point_goes_on():
    point = floats(x, sizes={"m": 5, "n": 4})
    singular = O["inv"](x @ y.T)
    bad = O["sum"](singular) + x.T @ y
    with pytest.raises(Unlucky) as problem:
        value(bad, point)
    assert problem.value.node is singular
    assert same(x.T @ y, y.T @ x, point)
    with pytest.raises(Unlucky):
        tangent(bad, point)
    assert same(differential_of(x.T @ y), differential_of(x).T @ y, point)


# ---- size ----


def test_a_size_that_the_problem_did_not_have():
    point = floats()
    X = value(ones((Size.of("k"), Size.of("n"))), point)
    assert X.rows not in SIZES.values() and X.rows > 1 and X.columns == 4


def test_deep_graphs():
    e = x
    for _ in range(3000):
        e = O["tanh"](A @ e)
    for point in (floats(x), exact(x)):
        tangent(e, point)
    doubled = x
    for _ in range(60):
        doubled = doubled + doubled.T.T * 1  # 2⁶⁰ as a tree
    assert same(doubled, 2**60 * x, exact())
    exponent = number(1)
    for _ in range(1500):
        exponent = (exponent + 0) * 1
    assert same(c**exponent, c, exact())


def test_speed():
    """Loose bounds: a machine that is busy must not fail."""
    point = exact()
    B = symbol("B", "n", "n")
    evaluate([A, B], point)
    from matcalc.core.equation import Equation
    from matcalc.verify.contraction import contract

    matmul, operands = Equation.of("lm,mn->ln"), evaluate([A, B], point)
    best = min(_timed(lambda: [contract(point.N, matmul, operands) for _ in range(100)]) for _ in range(5))
    assert best / 100 < 100e-6


def _timed(f):
    start = time.perf_counter()
    f()
    return time.perf_counter() - start


def test_inner_products_of_everything_agree():
    for point in (floats(P), exact(P)):
        assert same(inner_product(P, P), O["tr"](P.T @ P), point)
        assert same(O["sum"](P * P), O["inner"](P, P), point)

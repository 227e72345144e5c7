"""The oracle: true equations pass, planted mistakes do not, and what is not shown is said to be so."""

import pytest

from matcalc.core.leaves import differential_of, identity, number, ones, symbol, zeros
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import ORTHOGONAL, PD, POSITIVE, SKEW, SYMMETRIC
from matcalc.core.size import Size
from matcalc.verify.compare import Oracle, equal_at, relative_error
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.matrix import Matrix
from matcalc.verify.points import points_for
from matcalc.verify.primefield import PrimeField

O = OPERATIONS
P, X, Y = symbol("P", "m", "n"), symbol("X", "m", "n"), symbol("Y", "n", "k")
A, B, S = symbol("A", "n", "n"), symbol("B", "n", "n"), symbol("S", "n", "n", properties=frozenset({SYMMETRIC}))
x, y, z, a = symbol("x", "n"), symbol("y", "n"), symbol("z", "m"), symbol("a")
I = identity("n")
inv, tr, exp, log, norm = (O[w] for w in ("inv", "tr", "exp", "log", "norm"))


def holds(left, right, *wrt):
    chosen = points_for([left, right], wrt)
    return Oracle(chosen.points, chosen.why).holds(left, right)


TRUE = {
    "cyclic trace": (tr(A @ B), tr(B @ A)),
    "transpose of a product": ((X @ Y).T, Y.T @ X.T),
    "inverse of a product": (inv(A @ B), inv(B) @ inv(A)),
    "determinant of a product": (O["det"](A @ B), O["det"](A) * O["det"](B)),
    "logdet of a product": (O["logdet"](A @ B), O["logdet"](A) + O["logdet"](B)),
    "absolute value": ((x * x) ** 0.5, abs(x)),
    "a constant that is no square of a small field": (abs(19 * x), 19 * abs(x)),
    "norm of a multiple": (norm(a * x), abs(a) * norm(x)),
    "exp of a sum": (exp(a + x.T @ y), exp(a) * exp(x.T @ y)),
    "log of a square": (log(a**2), 2 * log(abs(a))),
    "tanh": (O["tanh"](x), (exp(2 * x) - 1) / (exp(2 * x) + 1)),
    "a positive sum": (abs(x.T @ x), x.T @ x),
    "softmax sums to one": (O["sum"](O["softmax"](x)), number(1)),
    "push through": (inv(I + A @ B) @ A, A @ inv(I + B @ A)),
    "symmetric": (S @ S.T, S.T @ S),
    "zero": (tr(A @ B - B @ A), number(0)),
    "diag": (O["diagonal"](O["outer"](x, y)), x * y),
}
FALSE = {
    "order": (A @ B, B @ A),
    "trace of a transpose of one factor": (tr(A @ B), tr(A @ B.T)),
    "sign": (inv(A), -inv(A)),
    "Hall at 2×2": ((A @ B - B @ A) @ (A @ B - B @ A) @ S, S @ (A @ B - B @ A) @ (A @ B - B @ A)),
    "determinant of −A": (O["det"](-A), O["det"](A)),
    "norm without its absolute value": (norm(a * x), a * norm(x)),
    "sign of a sum": (O["sign"](x + y), O["sign"](x)),
    "one sign": (abs(a), a),
    "root of a square": ((a**2) ** 0.5, a),
    "exponential": (exp(x + y), exp(x) + exp(y)),
    "a small term": (tr(A), tr(A) + number(1) / 10**6 * tr(B)),
    "shape": (x, x.T),
    "not zero": (tr(A @ B @ A - B @ A @ B), number(0)),
    "transposed": (A, A.T),
    "softmax": (O["softmax"](x), O["softmax"](2 * x)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true(name):
    verdict = holds(*TRUE[name])
    assert verdict.passed is True and verdict.confirmed and verdict.points >= 2 and verdict.max_error < 1e-9, verdict


@pytest.mark.parametrize("name", FALSE)
def test_false(name):
    verdict = holds(*FALSE[name])
    assert verdict.passed is False and verdict.why, verdict


def test_few_signs_are_looked_at_more_often():
    """Where a norm has one sign at each point, the points of a problem may all have it right by accident."""
    c = symbol("c")
    right, wrong = abs(c) * norm(x), c * norm(x)
    for which in range(20):
        b = symbol(f"b{which}")
        points = points_for([norm(b * x)]).points
        assert Oracle(points).holds(norm(b * x), b * norm(x)).passed is False
        assert Oracle(points).holds(norm(b * x), abs(b) * norm(x)).points >= 6
    assert holds(right, wrong).passed is False


def test_methods():
    assert holds(*TRUE["cyclic trace"]).method == "exact, modulo a prime, and floating point"
    assert holds(*TRUE["exp of a sum"]).method == "floating point"  # not shown modulo a prime
    assert holds(*FALSE["order"]).method == "exact, modulo a prime"


def test_questions():
    K = symbol("K", "n", "n", properties=frozenset({SKEW}))
    Q = symbol("Q", "n", "n", properties=frozenset({ORTHOGONAL}))
    D = symbol("D", "n", "n", properties=frozenset({PD}))
    roots = [A, X, S, K, Q, D, x, y]
    oracle = Oracle(points_for(roots).points)
    assert oracle.is_symmetric(X.T @ X) and oracle.is_symmetric(inv(S)) and oracle.is_symmetric(K @ K) and oracle.is_symmetric(x.T @ y)
    assert not oracle.is_symmetric(A) and not oracle.is_symmetric(A @ S) and not oracle.is_symmetric(X)
    assert oracle.is_zero(x.T @ K @ x) and oracle.is_zero(zeros(x.shape)) and oracle.is_zero(Q.T @ Q - I)
    assert not oracle.is_zero(x.T @ A @ x) and not oracle.is_zero(K)
    assert oracle.equal(Q.T, inv(Q)) and oracle.equal(O["det"](D), abs(O["det"](D))) and not oracle.equal(Q, Q.T)


@pytest.mark.parametrize(
    ("f", "x_", "right", "wrong"),
    [
        (O["sum"](abs(P.T @ P - I)), P, 2 * P @ O["sign"](P.T @ P - I), P @ O["sign"](P.T @ P - I)),
        (tr(A.T @ S @ A), A, (S + S.T) @ A, 2 * A @ S),
        (O["logdet"](A), A, inv(A).T, inv(A)),
        (norm(x), x, x / norm(x), x),
        (a * a * a, a, 3 * a * a, 3 * a),
        (O["sum"](exp(x)), x, exp(x), x),
    ],
)
def test_gradients(f, x_, right, wrong):
    oracle = Oracle(points_for([f], [x_]).points)
    assert oracle.check_gradient(f, x_, right).passed is True
    for bad in (wrong, -right, 2 * right, zeros(x_.shape)):
        assert oracle.check_gradient(f, x_, bad).passed is False
    assert oracle.check_gradient(f, x_, right @ ones((x_.shape[1], Size.of(7)))).passed is False
    # at points where something else moved
    assert Oracle(points_for([f, y], [y]).points).check_gradient(f, x_, right).passed is True


def test_jacobians_and_pullbacks():
    oracle = Oracle(points_for([A, x, y, z, X], [x]).points)
    F = (A @ x) * x
    J = O["diag"](x) @ A + O["diag"](A @ x)
    assert oracle.check_jacobian(F, x, J).passed is True
    assert oracle.check_jacobian(F, x, J.T).passed is False
    assert oracle.check_pullback(F, x, y, J.T @ y).passed is True
    assert oracle.check_pullback(F, x, y, J @ y).passed is False
    assert oracle.check_jacobian(a * x, a, x).passed is True
    assert oracle.check_jacobian(a**2 * X, a, 2 * a * X).passed is True
    assert oracle.check_jacobian(X @ x, X, X).passed is False  # the shape is wrong
    assert oracle.check_pullback(A @ S @ A, S, B, A.T @ B @ A.T).passed is True


def test_differentials():
    dA = differential_of(A)
    assert holds(differential_of(inv(A)), -inv(A) @ dA @ inv(A), A).passed is True
    assert holds(differential_of(inv(A)), -inv(A) @ dA.T @ inv(A), A).passed is False
    assert holds(differential_of(O["logdet"](A)), tr(inv(A) @ dA), A).passed is True


def test_both_sides_zero_is_suspicious_only_in_floats():
    e = O["sign"](exp(a)) - 1  # 0, as a number; nothing says so modulo a prime but the model
    assert holds(e, 2 * e).passed is True
    only_floats = Oracle(points_for([e], exact=0).points)
    assert only_floats.holds(e, 2 * e).passed is None
    assert only_floats.is_zero(e)


def test_not_checked_says_why():
    never = log(-(x.T @ x))
    chosen = points_for([never])
    verdict = Oracle([p for p in chosen.points if not p.N.exactly], chosen.why).holds(never, 2 * never)
    assert verdict.passed is None and "not positive" in verdict.why


def test_rounding_is_no_difference():
    big = 10**7 * tr(A @ B)
    assert holds(big + tr(A) - 10**7 * tr(B @ A), tr(A)).passed is True
    assert equal_at(Matrix(1, 1, [1e-9]), Matrix(1, 1, [0j]), ComplexStep(), magnitude=1e6)
    assert not equal_at(Matrix(1, 1, [1e-9]), Matrix(1, 1, [0j]), ComplexStep())
    assert not equal_at(Matrix(1, 1, [float("nan")]), Matrix(1, 1, [0j]), ComplexStep())
    assert not equal_at(Matrix(1, 2, [1, 2]), Matrix(2, 1, [1, 2]), PrimeField())
    N = PrimeField()
    assert relative_error(Matrix(1, 1, [N.p + 3]), Matrix(1, 1, [3]), N) == 0


def test_positive_symbols():
    u = symbol("u", "n", properties=frozenset({POSITIVE}))
    assert holds(log(u * x * x), log(u) + log(x * x)).passed is True
    assert holds(abs(u), u).passed is True

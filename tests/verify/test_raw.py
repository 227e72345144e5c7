"""The evaluator of parse trees, against expressions made by hand."""

import pytest

from matcalc.core.leaves import identity, number, ones, size_number, symbol, unit
from matcalc.core.operation import OPERATIONS
from matcalc.core.size import SCALAR, Size
from matcalc.errors import CheckFailed, Unsupported
from matcalc.syntax.tree import Branch
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for
from matcalc.verify.raw import agrees, raw_value

O = OPERATIONS
A, B, X, x, y, c = (
    symbol("A", "n", "n"), symbol("B", "n", "n"), symbol("X", "m", "n"), symbol("x", "n"), symbol("y", "n"), symbol("c"),
)  # fmt: skip
NAMES = {e["name"]: e for e in (A, B, X, x, y, c)}
I, n = identity("n"), size_number("n")


def b(kind, *parts, value=None):
    return Branch(kind, tuple(leaf(p) for p in parts), value)


def leaf(p):
    if isinstance(p, Branch):
        return p
    if isinstance(p, str):
        return Branch("name", (), p)
    return Branch("number", (), (number(p)["value"], False))


def call(word, *parts):
    return b("call", *parts, value=word)


def verdict(tree, e, names=NAMES, shapes=None):
    oracle = Oracle(points_for([e, *NAMES.values()]).points)
    return agrees(leaf(tree), e, oracle, names, shapes)


RIGHT = [
    (b("@", "A", "x"), A @ x),
    (b("@", "x", "A"), A.T @ x),
    (b("@", "x", "y"), x.T @ y),
    (b("@", b("T", "x"), "y"), x.T @ y),
    (b("@", "x", b("T", "y")), O["outer"](x, y)),
    (b("@", b("@", b("T", "x"), "A"), "y"), x.T @ A @ y),
    (b("@", "X", "A"), X @ A),
    (b("*", "c", "X"), c * X),
    (b("*", "A", "B"), O["hadamard"](A, B)),
    (b("hadamard", "A", "B"), O["hadamard"](A, B)),
    (b("/", "x", "y"), x / y),
    (b("/", 1, "y"), 1 / y),
    (b("/", "X", b("*", 2, "c")), X / (2 * c)),
    (b("+", "X", "c"), c * ones(X.shape) + X),
    (b("-", 1, "x"), 1 - x),
    (b("-", "A", "I"), A - I),
    (b("-", b("*", b("/", 1, 2), "I"), "A"), I / 2 - A),
    (b("-", b("*", "c", "I"), b("@", "A", "I")), c * I - A),
    (b("+", b("T", "I"), b("neg", b("inverse", b("+", "I", "A")))), I - O["inv"](I + A)),
    (b("@", b("+", "I", b("*", 3, "I")), "x"), 4 * x),
    (b("**", "x", 2), x * x),
    (b("^", "c", b("neg", 1)), 1 / c),
    (b("**", "c", "n"), c**n),
    (b("**", "c", b("/", b("-", "n", 1), "n")), c ** ((n - 1) / n)),
    (b("inverse", "A"), O["inv"](A)),
    (b("inverse", "y"), 1 / y),
    (b("inverse", "c"), 1 / c),
    (b("neg", b("neg", "x")), x),
    (b("/", call("norm", "x"), "n"), O["norm"](x) / n),
    (call("sqrt", b("*", "x", "x")), abs(x)),
    (call("dot", "X", "X"), O["inner"](X, X)),
    (call("diag", "x"), O["diag"](x)),
    (call("diag", "A"), O["diagonal"](A)),
    (call("sum", call("abs", b("-", b("@", b("T", "X"), "X"), "I"))), O["sum"](abs(X.T @ X - I))),
    (call("norm", "X", b("string", value="fro")), O["norm"](X)),
    (b("@", call("ones", "m", "n"), "x"), ones((Size.of("m"), Size.of("n"))) @ x),
    (b("@", call("eye", "n"), "x"), x),
    (call("e", 1, "n"), unit(1, "n")),
    (b("*", "pi", "pi"), b"pi"),
    (call("tr", b("@", "A", "I")), O["tr"](A)),
    (call("logdet", b("*", 2, "A")), O["logdet"](2 * A)),
    (b("-", b("/", 1, 3), b("**", 2, b("neg", 2))), number(1) / 12),
]


@pytest.mark.parametrize(("tree", "e"), RIGHT, ids=lambda t: t.kind if isinstance(t, Branch) else "")
def test_readings(tree, e):
    if e == b"pi":
        from matcalc.core.leaves import pi

        e = pi() ** 2
    found = verdict(tree, e)
    assert found.passed is True, found
    assert verdict(tree, -e).passed is False
    if e.shape != SCALAR and e.shape[0] is e.shape[1] and not Oracle(points_for([e]).points).is_symmetric(e):
        assert verdict(tree, e.T).passed is False


def test_a_mistake_of_the_builders_is_seen():
    """The one that a checker of expressions alone missed: ‖c x‖ became c ‖x‖."""
    tree = call("norm", b("*", "c", "x"))
    assert verdict(tree, abs(c) * O["norm"](x)).passed is True
    assert verdict(tree, c * O["norm"](x)).passed is False


def test_definitions():
    names = {**NAMES, "r": b("-", b("@", "A", "x"), "y"), "s": b("@", "r", "r")}
    assert verdict(b("/", "s", 2), (A @ x - y).T @ (A @ x - y) / 2, names).passed is True


def test_an_identity_that_meets_nothing():
    eye = leaf("I")
    tree = call("tr", eye)
    with pytest.raises(Unsupported):
        raw_value(tree, points_for([A]).points[0], NAMES)
    assert verdict(tree, n, shapes={id(eye): I.shape}).passed is True


@pytest.mark.parametrize("tree", [b("+", "A", "x"), b("@", "A", "X"), b("*", "A", "X"), leaf("unknown")], ids=["+", "@", "*", "name"])
def test_what_a_reading_must_not_have_let_through(tree):
    with pytest.raises(CheckFailed):
        raw_value(tree, points_for([A, X, x]).points[0], NAMES)


def test_what_is_not_known():
    assert verdict(b("nonesuch", "x", 0), c).passed is None
    assert verdict(call("tr", "x"), c).passed is None


@pytest.mark.parametrize("kind", ["+", "-", "*"])
def test_deep_trees(kind):
    tree, e = leaf("c"), c
    for _ in range(3000):
        tree = b(kind, tree, "c")
    point = points_for([c]).points[0]
    p = point.N.p
    start = point.value(c).entries[0]
    wanted = {"+": 3001 * start, "-": -2999 * start, "*": pow(start, 3001, p)}[kind]
    assert (raw_value(tree, point, {"c": e}).entries[0] - wanted) % p == 0

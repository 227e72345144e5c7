"""Large expressions: long sums, long chains, deep nesting, and sharing whose written form would be exponential."""

import signal
import sys
from contextlib import contextmanager

import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.expression import postorder
from matcalc.errors import LimitReached

SECONDS = 60
"""More than enough on a slow machine: each should take a few seconds at most."""

X, Y = mc.matrix("X", "m", "n"), mc.matrix("Y", "m", "n")
A = mc.matrix("A", "n", "n")
x, v = mc.vector("x", "n"), mc.vector("v", "n")


@contextmanager
def in_time():
    """What is inside has its seconds, and no traversal asks for a deeper stack."""

    def stop(*_):
        raise TimeoutError(f"more than {SECONDS} s")

    depth, before = sys.getrecursionlimit(), signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert sys.getrecursionlimit() == depth


def nodes(e):
    return sum(1 for _ in postorder(e))


def written(result):
    """Everything printed; only the text itself may be too long."""
    for write in (result.pretty, result.text, result.latex, lambda: str(result), lambda: result.code("numpy")):
        try:
            assert write()
        except LimitReached as error:
            assert error.code == "limit"


def answered(f, wrt):
    with in_time():
        result = mc.grad(f, wrt)
        passed, steps = result.verify().passed, len(result.derivation)
        canonical(result.value)
        written(result)
    assert steps >= 1 and passed is not False
    return result


def network(layers):
    h = x
    for k in range(layers):
        h = mc.tanh(mc.matrix(f"W{k + 1}", "n", "n") @ h)
    return mc.norm(h - mc.vector("y", "n")) ** 2


def deep_tanh(depth):
    e = X
    for _ in range(depth):
        e = mc.tanh(e)
    return mc.sum(e)


def deep_sums(depth):
    e = X
    for _ in range(depth // 2):
        e = X + mc.tanh(e)
    return mc.sum(e)


def deep_brackets(depth):
    e = x
    for _ in range(depth):
        e = e + v if _ % 2 else v + e
    return mc.norm(e) ** 2


def deep_products(depth):
    e = x
    for _ in range(depth):
        e = A @ e
    return mc.norm(e) ** 2


def doubled(times, step, start=X, over=mc.sum):
    e = start
    for _ in range(times):
        e = step(e)
    return over(e)


def test_a_sum_of_128_norms():
    terms = [mc.norm(mc.matrix(f"A{k}", "m", "n") @ x - mc.vector(f"b{k}", "m")) for k in range(128)]
    f = terms[0]
    for t in terms[1:]:
        f = f + t
    result = answered(f, x)
    assert nodes(result.value) < 40 * 128
    assert len(result.text()) < 100 * 128
    assert len(str(result)) < 600 * 128


def test_a_sum_of_squared_norms_is_linear_in_its_length():
    lengths = {}
    for count in (32, 64):
        f = mc.norm(mc.matrix("A0", "m", "n") @ x) ** 2
        for k in range(1, count):
            f = f + mc.norm(mc.matrix(f"A{k}", "m", "n") @ x) ** 2
        lengths[count] = len(str(mc.grad(f, x)))
    assert lengths[64] < 2.5 * lengths[32]


def test_a_chain_of_64():
    chain = mc.matrix("A0", "n", "n")
    for k in range(1, 64):
        chain = chain @ mc.matrix(f"A{k}", "n", "n")
    result = answered(mc.tr(chain), mc.matrix("A31", "n", "n"))
    assert nodes(result.value) < 400


def test_a_network_of_64_layers_is_linear():
    sizes = {}
    for layers in (16, 32, 64):
        result = answered(network(layers), mc.matrix("W1", "n", "n"))
        sizes[layers] = (len(str(result)), len(result.text()), len(result.code("numpy")), nodes(result.value))
    for before, after in ((16, 32), (32, 64)):
        for small, large in zip(sizes[before], sizes[after]):
            assert large < 2.6 * small, sizes


DEEP = [(deep_tanh, X), (deep_sums, X), (deep_brackets, x), (deep_products, x)]


@pytest.mark.parametrize(("make", "wrt"), DEEP, ids=["tanh", "sums", "brackets", "products"])
def test_nesting_600_deep(make, wrt):
    answered(make(600), wrt)


@pytest.mark.parametrize(("make", "wrt"), DEEP, ids=["tanh", "sums", "brackets", "products"])
def test_nesting_3000_deep(make, wrt):
    """Built, differentiated and written; the checks of all its lines are left to the smaller ones."""
    with in_time():
        result = mc.grad(make(3000), wrt, check=False)
        assert result.text() and len(result.derivation) >= 1
        assert str(result.derivation)


@pytest.mark.parametrize(
    ("step", "start", "over"),
    [
        (lambda e: e + e, X, mc.sum),
        (lambda e: e * e, X, mc.sum),
        (lambda e: e @ e, A, mc.tr),
        (lambda e: e + mc.tanh(e), X, mc.sum),
        (lambda e: e * mc.exp(e), X, mc.sum),
        (lambda e: mc.inv(e @ e.T), A, mc.tr),
        (lambda e: e + e.T, A, mc.tr),
        (lambda e: mc.softmax(e) * e, x, mc.sum),
        (lambda e: e / mc.norm(e) + e, x, mc.sum),
    ],
    ids=["e+e", "e*e", "e@e", "e+tanh(e)", "e*exp(e)", "inv(e@e.T)", "e+e.T", "softmax(e)*e", "e/norm(e)+e"],
)
def test_an_expression_doubled_25_times(step, start, over):
    answered(doubled(25, step, start, over), start)


def test_a_node_is_shown_without_walking_a_shared_graph_as_a_tree():
    with in_time():
        assert len(repr(doubled(25, lambda e: e + e))) < 10_000
        assert len(repr(deep_tanh(3000))) < 10_000


def test_a_long_text_is_refused_and_a_deep_one_read():
    with pytest.raises(LimitReached):
        mc.grad("+".join(["x"] * 6000), "x")
    deep = "(" * 1000 + "x" + ")" * 1000
    assert mc.grad(f"sum({deep})", "x", where="x: n").text()
    nested = "tanh(" * 300 + "x" + ")" * 300  # the answer's own text is longer than a person may type
    assert mc.grad(f"sum({nested})", "x", where="x: n").verify().passed is not False

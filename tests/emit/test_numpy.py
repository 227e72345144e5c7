"""Emitted NumPy functions against an evaluator of this file, which knows nothing of them; and their text."""

import ast
import builtins
import itertools
import keyword
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from applications import arguments_of, parameters_of

import matcalc.operations  # noqa: F401
from matcalc.core.builders import negative
from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.leaves import (
    differential_of,
    gradient_of,
    identity,
    named,
    number,
    ones,
    pi,
    size_number,
    symbol,
    symbols,
    unit,
    zeros,
)  # fmt: skip
from matcalc.core.operation import OPERATIONS, Kind, Notation, Operation
from matcalc.core.property import SYMMETRIC
from matcalc.core.size import ONE, Size
from matcalc.emit.numpy import function, function_source
from matcalc.errors import NameMistake, Unsupported
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.contraction import contract
from matcalc.verify.matrix import Matrix

F = OPERATIONS
Array = Any
SIZES = {"m": 3, "n": 4, "l": 5, "k": 2, "i": 3, "j": 2}
M, N = Size.of("m"), Size.of("n")
P, X, Y = symbol("P", "m", "n"), symbol("X", "m", "n"), symbol("Y", "m", "n")
A, B, C = (symbol(c, "n", "n") for c in "ABC")
S = symbol("S", "n", "n", properties=frozenset({SYMMETRIC}))
W = symbol("W", "l", "m")
x, y, b, v = (symbol(c, "n") for c in "xybv")
u = symbol("u", "m")
g, h, beta = symbol("g"), symbol("h"), symbol("beta")
norm, inv, inner, tr, total, diag = (F[name] for name in ("norm", "inv", "inner", "tr", "sum", "diag"))

# The evaluator: everything has two axes.
VALUES: dict[str, Callable[..., Array]] = {
    "add": lambda *a: sum(a[1:], a[0]),
    "scale": lambda *a: np.prod([c.item() for c in a[:-1]]) * a[-1],
    "hadamard": lambda *a: np.prod(np.stack(a), axis=0),
    "matmul": lambda *a: np.linalg.multi_dot(a) if len(a) > 1 else a[0],
    "quotient": lambda a, c: a / c,
    "power": lambda a, p: a ** p.item(),
    "transpose": lambda a: a.T,
    "inv": np.linalg.inv,
    "det": lambda a: np.array([[np.linalg.det(a)]]),
    "logdet": lambda a: np.array([[np.log(abs(np.linalg.det(a)))]]),
    "norm": lambda a: np.array([[np.sqrt((a * a).sum())]]),
    "abs": np.abs, "sign": np.sign, "exp": np.exp, "log": np.log, "tanh": np.tanh,
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(),
}  # fmt: skip


def by_equation(e: Expr, args: list[Array], shape: tuple[int, ...]) -> Array:
    """A multilinear operation by the loops of its index equation."""
    equation = e.op.equation
    assert equation is not None
    if equation.is_grouped:
        operands = [Matrix(*a.shape, list(a.flat)) for a in args]
        given = () if args else tuple((name, e[name].at(SIZES)) for name in e.op.parameters)
        found = contract(ComplexStep(), equation, operands, shape, given)
        return np.array(found.entries).real.reshape(shape)
    sizes = {c: n for word, a in zip(equation.inputs, args) for c, n in zip(word.ljust(2), a.shape) if c != " "}
    result = np.zeros([sizes.get(c, 1) for c in equation.output.ljust(2)])
    for point in itertools.product(*(range(n) for n in sizes.values())):
        at = dict(zip(sizes, point)) | {" ": 0}
        term = np.prod([a[at[w[0]], at[w[1]]] for a, w in zip(args, (word.ljust(2) for word in equation.inputs))])
        result[at[equation.output.ljust(2)[0]], at[equation.output.ljust(2)[1]]] += term
    return result


def evaluated(root: Expr, data: dict[str, Array]) -> Array:
    values: dict[Expr, Array] = {}
    for e in postorder(root):
        args = [values[a] for a in e.args]
        shape = tuple(s.at(SIZES) for s in e.shape)
        match e.op.name:
            case "symbol":
                values[e] = data[e["name"]].reshape(shape)
            case "differential":
                values[e] = data["d" + e.args[0]["name"]].reshape(shape)
            case "number":
                values[e] = np.array([[float(e["value"])]])
            case "size":
                values[e] = np.array([[float(e["size"].at(SIZES))]])
            case "pi":
                values[e] = np.array([[np.pi]])
            case "identity":
                values[e] = np.eye(shape[0])
            case "ones" | "zeros":
                values[e] = np.full(shape, float(e.op.name == "ones"))
            case "unit":
                values[e] = np.eye(shape[0])[:, [e["position"]]]
            case "named":
                values[e] = args[0]
            case name if name in VALUES:
                values[e] = VALUES[name](*args)
            case _:
                values[e] = by_equation(e, args, shape)
        assert values[e].shape == shape, e
    return values[root]


def sampled(shape: tuple[Size, ...], rng: np.random.Generator) -> Array:
    rows, columns = (s.at(SIZES) for s in shape)
    a = rng.uniform(0.3, 1.7, (rows, columns))
    if rows == columns and rows > 1:
        a = (a + a.T) / 4 + 2 * np.eye(rows) + np.triu(a) / 5
    if shape[0] is ONE and shape[1] is ONE:
        return np.float64(a.item())
    return a.ravel() if ONE in shape else a


def data_for(e: Expr, seed: int = 0) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    data = {s["name"]: sampled(s.shape, rng) for s in symbols(e)}
    for s in postorder(e):
        if s.op.name == "differential":
            data["d" + s.args[0]["name"]] = sampled(s.shape, rng)
        if s is S:
            data["S"] = data["S"] + data["S"].T
    return data


def arguments(fn: Callable[..., Any], data: dict[str, Array]) -> dict[str, Array]:
    wanted = fn.__kwdefaults__ or {}
    names = fn.__code__.co_varnames[: fn.__code__.co_kwonlyargcount]
    assert not wanted and fn.__code__.co_argcount == 0
    return {n: data[n] if n in data else data[n.rstrip("_")] if n.rstrip("_") in data else SIZES[n] for n in names}


def check(e: Expr, source: str | None = None, seed: int = 0) -> str:
    source = source or function_source(e)
    fn = function(source)
    data = data_for(e, seed)
    kept = {n: np.copy(a) for n, a in data.items()}
    result = fn(**arguments(fn, data))
    wanted = evaluated(e, data)
    shape = tuple(s.at(SIZES) for s in e.shape if s is not ONE)
    if not shape:
        assert isinstance(result, float), type(result)
    else:
        assert isinstance(result, np.ndarray) and result.shape == shape
        assert not any(np.shares_memory(result, a) for a in data.values())
    np.testing.assert_allclose(np.asarray(result).reshape(wanted.shape), wanted, rtol=1e-9, atol=1e-11)
    assert all(np.array_equal(kept[n], a) for n, a in data.items())
    return source


R = P.T @ P - identity("n")
r = named("r", P @ x - u)
G = named("G", F["sign"](R))
CASES: dict[str, Expr] = {
    "return 2 * (P @ np.sign(P.T @ P - np.eye(P.shape[1])))": 2 * P @ F["sign"](R),
    "return 2 * (P.T @ (P @ x - u))": 2 * P.T @ (P @ x - u),
    "return (A + A.T) @ x": (A + A.T) @ x,
    "return g / np.linalg.norm(v) * v": g / norm(v) * v,
    "return x @ (A @ y)": x.T @ A @ y,
    "return np.outer(x, u)": x @ u.T,
    "return np.outer(2 * x, u)": 2 * x @ u.T,
    "return np.linalg.solve(A, b)": inv(A) @ b,
    "return np.linalg.solve(A.T, b)": inv(A).T @ b,
    "return x @ np.linalg.solve(A, y)": x.T @ inv(A) @ y,
    "return np.linalg.solve(A.T, x)": x.T @ inv(A),
    "return np.linalg.solve(A.T, P.T).T": P @ inv(A),
    "return np.linalg.inv(A)": inv(A),
    "return np.linalg.inv(A).T": inv(A).T,
    "return v[:, None] * A": diag(v) @ A,
    "return P * v": P @ diag(v),
    "return v * x": diag(v) @ x,
    "return (P.T * u) @ P": P.T @ diag(u) @ P,
    "return np.vdot(A.T, B)": tr(A @ B),
    "return np.vdot(P, X)": tr(P.T @ X),
    "return y @ (A @ x)": tr(A @ x @ y.T),
    "return np.trace(A)": tr(A),
    "return np.trace(np.linalg.solve(A, B))": tr(inv(A) @ B),
    "return 2 * np.vdot(A.T, B)": tr(2 * A @ B),
    "return np.linalg.slogdet(A)[1]": F["logdet"](A),
    "return P.sum(1)": P @ ones(x.shape),
    "return P.sum(0)": ones((ONE, M)) @ P,
    "return P.sum()": total(P),
    "sum of a product": total(P * X),
    "return x @ y": total(x * y),
    "return np.vdot(P, P)": norm(P) ** 2,
    "return x ** 2 * x": x**3,
    "return g ** 3": g**3,
    "return 1 / x ** 2": x**-2,
    "return np.sqrt(x)": x**0.5,
    "return 1 / np.sqrt(x)": x**-0.5,
    "return x ** 2.5": x**2.5,
    "return x ** g": x**g,
    "return np.outer(np.ones(m), x)": ones(u.shape) @ x.T,
    "return np.zeros(x.shape[0]) + x": zeros(x.shape) + x,
    "return np.ones((n, m))": ones((N, M)),
    "return 1 - np.tanh(x) ** 2": 1 - F["tanh"](x) ** 2,
    "return x + 2": x + 2,
    "return A + g * np.eye(A.shape[0])": A + g * identity("n"),
    "diagonal of a product": F["diagonal"](A @ B),
    "return np.diag(A).copy()": F["diagonal"](A),
    "return np.diag(x)": diag(x),
    "return np.eye(1, x.shape[0], 2)[0] + x": unit(2, "n") + x,
    "return t1 @ (A @ t1)": (x - y).T @ A @ (x - y),
    "return -x": -x,
    "return -A + B": -A + B,
    "return P.T.copy()": P.T,
    "return float(g)": g,
    "return float(3)": number(3),
    "return np.linalg.norm(x)": norm(x),
    "return x / np.linalg.norm(x)": x / norm(x),
    "return x @ x": inner(x, x),
    "return x - (v @ x) / (v @ v) * v": (identity("n") - v @ v.T / (v.T @ v)) @ x,
    "1 / 3": number(1) / 3 * x,
    "return np.abs(P)": abs(P),
    "size": norm(x) ** 2 / size_number(N * M),
    "G": 2 * P @ G,
    "r": P.T @ r / norm(r),
    "softmax": diag(F["softmax"](x)) - F["softmax"](x) @ F["softmax"](x).T,
    "inner": inner(P, u @ x.T),
    "pi": pi() * x,
    "long": total(F["exp"](F["tanh"](P @ x + u) * F["tanh"](X @ y - u) / norm(P) + F["log"](abs(X @ v)) * F["sign"](P @ y)) * u),
    "row": (x.T @ A).T + (y.T @ B.T @ A).T,
    "scalar in the middle": plain(F["matmul"], x, x.T @ y),
    "dyad chain": x @ y.T @ A @ x @ u.T,
    "wide": W @ P @ A @ x @ y.T @ P.T @ u,
    "quotients": (P / g) @ (x / h) / norm(x),
    "determinant": F["det"](A) * (B.T + tr(B @ A) * inv(A).T),
    "twice": inv(A) @ B @ inv(A) + inv(A) @ inv(A),
    "symmetric": S @ x - (x.T @ S @ x) * x,
    "differential": inner(A + A.T, P.T @ differential_of(P)),
    "outer": F["outer"](P @ x, -y),
    "squared": (P @ x - u) ** 2 * u / (u + 1),
    "scalars": -g * 2 * h / (g + h) ** 2 - g**-1 + g**0.5,
    "e": negative(g) * x - 3 * y + 0.5 * b,
    "sixth": A**6,
    "matrix of ones": 2 * ones(A.shape) @ A + ones(A.shape) * A,
    "powers of a product": A @ A @ A @ x,
    "sums": ones(x.shape) + 2 * ones(x.shape),
    "big": number(10**30) * x / 10**25,
    "one": A @ identity("n") @ x,
    "named scalar": named("c", norm(x)) * x / named("c", norm(x)) ** 2,
    "two labels": named("a", P @ x) + named("b", P @ x) * u,
    "e symbols": total(F["exp"](A @ symbol("q", "n"))) * symbol("q", "n"),
}


@pytest.mark.parametrize("wanted", CASES)
def test_value(wanted: str) -> None:
    lines = check(CASES[wanted]).splitlines()
    if wanted.startswith("return "):
        assert [line.strip() for line in lines if line.startswith("    return")][-1] == wanted


def test_whole_text() -> None:
    G_ = named("G", F["sign"](named("X", R)))
    penalty = '''\
import numpy as np


def penalty(*, beta, P):
    """2 β P G

    beta: scalar; P: (m, n).  Returns an array of shape (m, n).
    """
    X = P.T @ P - np.eye(P.shape[1])
    G = np.sign(X)
    return 2 * beta * (P @ G)
'''
    assert function_source(2 * beta * P @ G_, "penalty", [beta, P]) == penalty
    residual = '''\
import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()


def residual(*, lambda_, A, x, y):
    """softmax(A x) − y

    lambda_: scalar (for lambda); A: (n, n); x: n; y: n.  Returns an array of shape (n,).
    """
    return softmax(A @ x) - y
'''
    assert function_source(F["softmax"](A @ x) - y, "residual", [symbol("lambda"), A, x]) == residual


# Depth, sharing, length.
def tame(source: str) -> None:
    """No line is long, no expression deep: CPython takes it."""
    assert max(map(len, source.splitlines())) < 260
    for statement in ast.parse(source).body[-1].body[1:]:  # type: ignore[attr-defined]
        depths = [(statement, 0)]
        while depths:
            part, depth = depths.pop()
            assert depth < 80
            depths += [(below, depth + isinstance(part, ast.BinOp | ast.UnaryOp | ast.Call)) for below in ast.iter_child_nodes(part)]


def repeated(step: Callable[[Expr], Expr], count: int, start: Expr = x) -> Expr:
    e = start
    for _ in range(count):
        e = step(e)
    return e


DEEP: dict[str, Callable[[Expr], Expr]] = {
    "layers": lambda e: F["tanh"](A @ e),
    "sums": lambda e: plain(F["add"], e, y),
    "nested sums": lambda e: y - e / 2,
    "products": lambda e: plain(F["matmul"], A / 8, e),
    "scalings": lambda e: plain(F["scale"], g, e),
    "negations": lambda e: plain(F["scale"], number(-1), e),
    "quotients": lambda e: e / norm(x),
    "norms": lambda e: e / norm(e),
    "powers": lambda e: (abs(e) + 1) ** 0.5,
    "elementwise": lambda e: plain(F["hadamard"], e, F["tanh"](e)),
    "transposes": lambda e: plain(F["transpose"], e),
    "solves": lambda e: F["inv"](A) @ e + y,
    "named": lambda e: named("w", F["tanh"](e)),
    "outer": lambda e: F["outer"](e, y) @ y / norm(y) ** 2,
    "dyads": lambda e: (identity("n") - e @ e.T / (e.T @ e)) @ y,
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep(kind: str) -> None:
    e = repeated(DEEP[kind], 3000)
    if kind in ("outer", "dyads", "solves", "elementwise", "negations", "layers", "powers", "norms", "nested sums", "quotients", "named"):
        with np.errstate(all="ignore"):
            tame(check(e))
    else:
        source = function_source(e)
        tame(source)
        function(source)


def test_flat() -> None:
    e = plain(F["add"], *[F["tanh"](number(k) * x) for k in range(1, 3001)])
    tame(check(e))
    tame(check(plain(F["hadamard"], *[F["exp"](x / k) for k in range(1, 500)])))
    tame(check(plain(F["matmul"], *[A / 3] * 300, x)))
    tame(check(plain(F["matmul"], *[A / 3] * 20, x, y.T, *[A / 3] * 20, *[x, y.T] * 20)))


def test_shared() -> None:
    e = repeated(lambda e: (e + e) / 2, 25)
    source = check(e * y)
    assert len(source) < 2000
    source = check(repeated(lambda e: F["tanh"](e * e), 25))
    assert len(source) < 2000


def test_linear_in_size() -> None:
    lengths = [len(function_source(repeated(DEEP["layers"], n))) for n in (200, 400, 800)]
    assert 1.9 < lengths[1] / lengths[0] < 2.1 and 1.9 < lengths[2] / lengths[1] < 2.1


# Names.
BUILTINS = [n for n in dir(builtins) if not n.startswith("_")]
NAMES = [*keyword.kwlist, *BUILTINS, "np", "t1", "gradient", "softmax", "beta", "e", "self"]


@pytest.mark.parametrize("name", NAMES)
def test_names(name: str) -> None:
    e = F["softmax"](symbol(name, "n") + symbol(name + "_", "n") * 2) * (symbol(name, "n") + symbol(name + "_", "n") * 2)
    source = function_source(e)
    fn = function(source)
    wanted = set(fn.__code__.co_varnames[: fn.__code__.co_kwonlyargcount])
    assert len(wanted) == 2 and not any(keyword.iskeyword(n) for n in wanted)
    first, second = fn.__code__.co_varnames[:2]
    a, c = np.arange(4.0), np.ones(4)
    s = np.exp(a + 2 * c)
    np.testing.assert_allclose(fn(**{first: a, second: c}), s / s.sum() * (a + 2 * c))


def test_labels_do_not_clash() -> None:
    source = check(named("x", x + y) * x + named("t1", x * y) * named("np", x - y) + named("sum", (x - y) ** 2))
    assert "x_1 = x + y" in source and "np_ = x - y" in source


def test_same_label_twice() -> None:
    check(named("w", x + y) * named("w", x - y))


@pytest.mark.parametrize("bad", ["x y", "x;import os", "1x", "", "x-y", "х"])
def test_no_name_slips_through(bad: str) -> None:
    with pytest.raises(NameMistake):
        function_source(symbol(bad, "n") + y)
    with pytest.raises(NameMistake):
        function_source(y, bad)


def test_sizes_that_no_array_tells() -> None:
    source = function_source(ones((N, M)) * symbol("c"))
    assert "def gradient(*, c, n, m):" in source or "def gradient(*, c, m, n):" in source
    source = function_source(g * size_number(N) + symbol("n"))
    assert function(source)(g=2.0, n=3.0, n_1=5) == 13.0


def test_variables_that_do_not_occur() -> None:
    fn = function(function_source(zeros(P.shape), variables=[P, g]))
    assert fn(P=np.ones((3, 4)), g=1.0).shape == (3, 4)


@pytest.mark.parametrize("e", [gradient_of(x.T @ x, x), differential_of(norm(x)) * x])
def test_what_has_no_form(e: Expr) -> None:
    with pytest.raises(Unsupported):
        function_source(e)


def test_an_operation_without_numpy_is_named() -> None:
    op = Operation("nonesuch", Kind.ELEMENTWISE, "", arity=1, notation=Notation("nonesuch"))
    with pytest.raises(Unsupported, match="nonesuch has no form in NumPy"):
        function_source(plain(op, x))


def test_a_template_with_operators_gets_brackets() -> None:
    op = Operation("gap", Kind.ELEMENTWISE, "", arity=2, notation=Notation(numpy="{0} - {1}"))
    source = function_source(y * plain(op, x, x + y))
    assert "return y * (x - (x + y))" in source


# Every operation, by its declaration.
@pytest.mark.parametrize("op", [op for op in OPERATIONS.values() if not op.hidden], ids=repr)
@pytest.mark.parametrize("scalar", [False, True])
def test_every_operation(op: Operation, scalar: bool) -> None:
    args, given = arguments_of(op, scalar=scalar), parameters_of(op, scalar)
    e = op(*args, **given)
    known = op.name in VALUES or op.kind is Kind.MULTILINEAR
    for whole in (e, 2 * e + e * e, op(*(2 * a for a in args), **given)):
        if known:
            check(whole)
        else:
            function(function_source(whole))


@pytest.mark.parametrize("seed", range(60))
def test_random_chains(seed: int) -> None:
    """Products of matrices, vectors, inverses and diagonals in all orders."""
    rng = np.random.default_rng(seed)
    kinds = [A, B.T, inv(A), inv(B).T, diag(v), x @ y.T, identity("n"), S, A + x @ v.T, named("K", inv(C)), g * B, C / h, ones(A.shape)]
    factors = [kinds[k] for k in rng.integers(0, len(kinds), rng.integers(2, 6))]
    left, right = rng.integers(0, 3, 2)
    ends = [[], [y.T], [P]][left], [[], [b], [ones(x.shape)]][right]
    e = plain(F["matmul"], *ends[0], *factors, *ends[1])
    check(e, seed=seed)
    check(3 * g * e / h, seed=seed)
    if left == right == 0:
        check(tr(e) * tr(2 * e), seed=seed)
        check(F["diagonal"](e), seed=seed)
    if not e.is_scalar:
        check(total(e * e) + total(e) + inner(e, e), seed=seed)

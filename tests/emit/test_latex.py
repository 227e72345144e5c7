"""LaTeX, compared whole, and its braces counted."""

import re
from fractions import Fraction

import pytest
from applications import example

import matcalc.operations  # noqa: F401
from matcalc.core.builders import chained
from matcalc.core.expression import Expr, plain
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
)  # fmt: skip
from matcalc.core.operation import OPERATIONS, Operation
from matcalc.core.size import Size
from matcalc.emit.latex import latex
from matcalc.emit.names import GREEK
from matcalc.emit.text import Level
from matcalc.errors import LimitReached, NameMistake

F = OPERATIONS
M, N = Size.of("m"), Size.of("n")
P, X, Y = symbol("P", "m", "n"), symbol("X", "m", "n"), symbol("Y", "m", "n")
A, B, C = (symbol(c, "n", "n") for c in "ABC")
x, y, b, v = (symbol(c, "n") for c in "xybv")
g, h, beta, L = symbol("g"), symbol("h"), symbol("beta"), symbol("L")
w = named("w", g / F["norm"](v) * v)
R = P.T @ P - identity("n")
d = differential_of
norm, inv, inner = F["norm"], F["inv"], F["inner"]
sigma = named("sigma", F["tanh"](x))

FORMULAS: list[tuple[Expr, str]] = [
    (2 * P @ F["sign"](R), r"2 P \operatorname{sign}(P^{\top} P - I)"),
    (inner(ones(R.shape), abs(named("X", R))), r"\mathbf{1} : \lvert X \rvert"),
    (inner(B, C * d(named("X", R))), r"B : (C \odot \mathrm{d}X)"),
    (inner(B, d(P).T @ P + P.T @ d(P)), r"B : \bigl((\mathrm{d}P)^{\top} P + P^{\top} \, \mathrm{d}P\bigr)"),
    (inner(B + B.T, P.T @ d(P)), r"(B + B^{\top}) : P^{\top} \, \mathrm{d}P"),
    (2 * inner(B, P.T @ d(P)), r"2 B : P^{\top} \, \mathrm{d}P"),
    (g / norm(v) * v, r"\frac{g}{\lVert v \rVert} v"),
    (gradient_of(L, w), r"\nabla_{w} L"),
    (
        g / norm(v) * gradient_of(L, v) - (g * gradient_of(L, g) / norm(v) ** 2) * v,
        r"\frac{g}{\lVert v \rVert} \nabla_{v} L - \frac{g \nabla_{g} L}{\lVert v \rVert^{2}} v",
    ),
    (v.T @ d(v) / norm(v), r"\frac{v^{\top} \, \mathrm{d}v}{\lVert v \rVert}"),
    (d(1 / norm(v)), r"\mathrm{d}\left(\frac{1}{\lVert v \rVert}\right)"),
    (-(v.T @ d(v)) / norm(v) ** 3, r"-\frac{v^{\top} \, \mathrm{d}v}{\lVert v \rVert^{3}}"),
    (d(norm(v)), r"\mathrm{d}\lVert v \rVert"),
    (
        g / norm(v) * ((identity("n") - v @ v.T / norm(v) ** 2) @ d(v)),
        r"\frac{g}{\lVert v \rVert} \left(I - \frac{v v^{\top}}{\lVert v \rVert^{2}}\right) \, \mathrm{d}v",
    ),
    (2 * A.T @ (A @ x - b), r"2 A^{\top} (A x - b)"),
    ((A + A.T) @ x, r"(A + A^{\top}) x"),
    ((X @ A - Y) @ A.T / norm(X @ A - Y), r"\frac{(X A - Y) A^{\top}}{\lVert X A - Y \rVert}"),
    (-2 * P @ plain(F["matmul"], inv(P.T @ P), inv(P.T @ P)), r"-2 P (P^{\top} P)^{-2}"),
    (
        F["det"](A) * (B.T + F["tr"](B @ A) * inv(A).T),
        r"\det(A) \bigl(B^{\top} + \operatorname{tr}(B A) A^{-\top}\bigr)",
    ),
    (F["logdet"](A), r"\log\det(A)"), (F["softmax"](x), r"\operatorname{softmax}(x)"),
    (A.T @ (sigma * (1 - sigma)), r"A^{\top} \bigl(\sigma \odot (\mathbf{1} - \sigma)\bigr)"),
    (F["diag"](y) - y @ y.T, r"\operatorname{diag}(y) - y y^{\top}"), (F["outer"](x, y), "x y^{\\top}"),
    (F["exp"](x), r"\exp(x)"), (F["tanh"](x) ** 2, r"\tanh(x)^{2}"), (x / y, r"x \oslash y"), (A * B, r"A \odot B"),
    (A**2, r"A^{\circ 2}"), (A @ A, "A^{2}"), (x**2, "x^{2}"), ((g + h) ** 2, r"(g + h)^{2}"), (g**0.5, r"\sqrt{g}"),
    (g ** Fraction(3, 2), r"g^{3/2}"), ((g / h) ** 2, r"\left(\frac{g}{h}\right)^{2}"), (g ** (h - 1), "g^{h - 1}"),
    (inv(A), "A^{-1}"), (inv(A.T), r"(A^{\top})^{-1}"), (g * 2, r"g \cdot 2"), (number(Fraction(1, 2)) * x, r"\frac{1}{2} x"),
    (0.25 * x, "0.25 x"), (beta * x, r"\beta x"), (symbol("Phi_i", "n", "n") @ x, r"\Phi_{i} x"), (symbol("W_2"), "W_{2}"),
    (symbol("x1"), "x_{1}"), (symbol("foo"), r"\mathit{foo}"), (symbol("foo_bar"), r"\mathit{foo}_{\mathit{bar}}"), (pi() * g, r"\pi g"),
    (symbol("x_a_b"), r"x_{\mathit{a\_b}}"), (symbol("x_"), r"\mathit{x\_}"), (symbol("Alpha"), r"\mathrm{A}"), (symbol("β"), r"\beta"),
    (unit(1, "n"), "e_{1}"), (zeros(x.shape), "0"), (2 * ones(x.shape), r"2 \mathbf{1}"), (2 * ones(x.shape) - x, "2 - x"),
    (ones((Size.of(1), N)) @ A, r"\mathbf{1}^{\top} A"), (size_number(N * N + 1) * x, r"(n^{2} + 1) x"),
    (index_sum(index(0, N) * g, N, 0), r"\sum_{i=0}^{n - 1} i g"), (index_sum(index(0, Size.of(3)) * g, Size.of(3), 0, "k"), r"\sum_{k=0}^{2} k g"),
    (g - (h - 1), r"g - (h - 1)"), (-(g + h), r"-(g + h)"), (A * (-B), r"A \odot (-B)"),
]  # fmt: skip


def assert_balanced(text: str) -> None:
    depth = 0
    for c in re.sub(r"\\[{}]", "", text):
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert text.count(r"\left") == text.count(r"\right")


@pytest.mark.parametrize("e, written", FORMULAS, ids=[str(k) for k in range(len(FORMULAS))])
def test_formula(e: Expr, written: str) -> None:
    assert latex(chained(e)) == written
    assert_balanced(written)


def test_only_known_commands() -> None:
    plain_ones = (
        r"operatorname left right top lVert rVert lvert rvert frac nabla mathrm mathbf mathit odot oslash det log exp tanh sqrt circ"
    )
    known = {"\\" + word for word in re.findall(r"\w+", plain_ones + " bigl bigr cdot sum pi _") + list(GREEK)}
    for _, written in FORMULAS:
        assert set(re.findall(r"\\(?:[A-Za-z]+|_)", written)) <= known


def test_levels() -> None:
    assert latex(A + B, level=Level.INNER) == r"(A + B)"
    assert latex(A @ B, tight=True) == r"(A B)"


def test_names_that_look_alike_are_told_apart() -> None:
    assert latex(symbol("x1") + symbol("x_1")) == r"x_{1} + \mathit{x\_1}"


@pytest.mark.parametrize("bad", ["x}\\input{/etc/passwd}", "a b", "", "$", "x^2", "α\u0301"])
def test_no_name_slips_through(bad: str) -> None:
    with pytest.raises(NameMistake):
        latex(symbol(bad))


@pytest.mark.parametrize("name", ["input", "def", "write18", "begin", "left", "frac", *GREEK])
def test_commands_as_names(name: str) -> None:
    written = latex(symbol(name))
    assert written.startswith(("\\mathit{", "\\mathrm{", "\\" + name)) or len(written) == 1
    assert_balanced(written)


def test_deep_and_shared() -> None:
    e = x
    for _ in range(500):
        e = F["tanh"](e)
    assert_balanced(latex(e))
    for _ in range(3000):
        e = A @ e + x
    for _ in range(25):
        e = e * e
    with pytest.raises(LimitReached):
        latex(e)


@pytest.mark.parametrize("op", [op for op in OPERATIONS.values() if not op.hidden], ids=repr)
def test_every_operation(op: Operation) -> None:
    e = example(op)
    written = latex(2 * e)
    assert_balanced(written)
    assert "{0}" not in written and all(c in written for c in "ABC"[: len(e.args)])

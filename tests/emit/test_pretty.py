"""One line of Unicode, compared whole."""

from fractions import Fraction

import pytest
from applications import example

import matcalc.operations  # noqa: F401
from matcalc.core.builders import chained, minus, negative, turned
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
from matcalc.emit.pretty import pretty
from matcalc.emit.text import Level
from matcalc.errors import LimitReached, NameMistake

F = OPERATIONS
M, N = Size.of("m"), Size.of("n")
P, X, Y = symbol("P", "m", "n"), symbol("X", "m", "n"), symbol("Y", "m", "n")
A, B, C, S = (symbol(c, "n", "n") for c in "ABCS")
x, y, b, v, z = (symbol(c, "n") for c in "xybvz")
g, h, beta, L = symbol("g"), symbol("h"), symbol("beta"), symbol("L")
w = named("w", g / F["norm"](v) * v)
I_n = identity("n")
R = P.T @ P - I_n
G = named("G", F["sign"](R))
d = differential_of


def inner(left: Expr, right: Expr) -> Expr:
    return F["inner"](left, right)


def inv(e: Expr) -> Expr:
    return F["inv"](e)


def norm(e: Expr) -> Expr:
    return F["norm"](e)


sigma = named("sigma", F["tanh"](x))
Gv = symbol("G", "n", "n")

FORMULAS: list[tuple[Expr, str]] = [
    # the first sample of the design
    (2 * P @ F["sign"](R), "2 P sign(PᵀP − I)"),
    (inner(ones(R.shape), abs(named("X", R))), "1 : |X|"),
    (inner(ones(R.shape), G * d(named("X", R))), "1 : (G ⊙ dX)"),
    (F["sign"](named("X", R)) * d(named("X", R)), "sign(X) ⊙ dX"),
    (d(abs(X)), "d|X|"),
    (inner(Gv, d(P).T @ P + P.T @ d(P)), "G : ((dP)ᵀP + PᵀdP)"),
    (inner(Gv + Gv.T, P.T @ d(P)), "(G + Gᵀ) : PᵀdP"),
    (2 * inner(Gv, P.T @ d(P)), "2 G : PᵀdP"),
    (inner(2 * P @ G, d(P)), "2 P G : dP"),
    (2 * P @ G, "2 P G"),
    ((P.T @ d(P)).T, "(PᵀdP)ᵀ"),
    (inner(A, B * C), "A : (B ⊙ C)"),
    (inner(A * B, C), "(A ⊙ B) : C"),
    # the second
    (g / norm(v) * v, "(g/‖v‖) v"),
    (g / norm(v) * gradient_of(L, v) - (g * gradient_of(L, g) / norm(v) ** 2) * v, "(g/‖v‖) ∇ᵥL − (g ∇_gL/‖v‖²) v"),
    (gradient_of(L, w), "∇_wL"),
    (v.T @ gradient_of(L, w) / norm(v), "vᵀ∇_wL/‖v‖"),
    (g / norm(v) * d(v) + g * (plain(F["matmul"], v, d(1 / norm(v)))), "(g/‖v‖) dv + g v d(1/‖v‖)"),
    (d(norm(v)), "d‖v‖"),
    (v.T @ d(v) / norm(v), "vᵀdv/‖v‖"),
    (2 * norm(v) * d(norm(v)), "2‖v‖ d‖v‖"),
    (2 * (v.T @ d(v)), "2 vᵀdv"),
    (-d(norm(v)) / norm(v) ** 2, "−d‖v‖/‖v‖²"),
    (-(v.T @ d(v)) / norm(v) ** 3, "−vᵀdv/‖v‖³"),
    (g / norm(v) * ((I_n - v @ v.T / norm(v) ** 2) @ d(v)), "(g/‖v‖) (I − vvᵀ/‖v‖²) dv"),
    (inner(d(w), g / norm(v) * ((I_n - F["outer"](v, v) / norm(v) ** 2) @ gradient_of(L, w))), "dw : (g/‖v‖) (I − vvᵀ/‖v‖²) ∇_wL"),
    (plain(F["matmul"], v, plain(F["matmul"], v.T, d(v))), "v (vᵀdv)"),
    (plain(F["matmul"], plain(F["matmul"], v, v.T), d(v)), "(vvᵀ) dv"),
    # the issues
    (2 * A.T @ (A @ x - b), "2 Aᵀ(A x − b)"),
    ((A + A.T) @ x, "(A + Aᵀ)x"),
    (2 * A @ x, "2 A x"),
    (2 * (symbol("X", "m", "n") @ A - Y) @ A.T, "2 (X A − Y) Aᵀ"),
    ((X @ A - Y) @ A.T / norm(X @ A - Y), "(X A − Y) Aᵀ/‖X A − Y‖"),
    (-2 * P @ plain(F["matmul"], inv(P.T @ P), inv(P.T @ P)), "−2 P (PᵀP)⁻²"),
    (F["det"](A) * (B.T + F["tr"](B @ A) * inv(A).T), "det(A) (Bᵀ + tr(B A) A⁻ᵀ)"),
    (F["softmax"](x), "softmax(x)"),
    (A.T @ (sigma * (1 - sigma)), "Aᵀ(σ ⊙ (1 − σ))"),
    (A.T @ F["diag"](sigma * (1 - sigma)) @ A, "Aᵀ diag(σ ⊙ (1 − σ)) A"),
    (1 / norm(x) * (A.T @ (I_n - x @ x.T / norm(x) ** 2) @ A), "(1/‖x‖) Aᵀ(I − xxᵀ/‖x‖²)A"),
    (F["diag"](y) - y @ y.T, "diag(y) − yyᵀ"),
    (negative(x.T @ F["log"](y)), "−xᵀ log(y)"),
    (x.T @ A @ x / (x.T @ x), "xᵀA x/(xᵀx)"),
    (1 - F["tanh"](x) ** 2, "1 − tanh(x)²"),
    # the rest of the rule
    (X @ X.T @ Y, "XXᵀY"), (x @ y.T, "xyᵀ"), (A @ B.T, "A Bᵀ"), (F["outer"](A @ x, y), "A x yᵀ"), ((x.T @ y) * z, "(xᵀy) z"),
    (g * 2, "g·2"), (2 * ones(x.shape), "2·1"), (2 * ones(x.shape) + x, "2 + x"), (ones((Size.of(1), N)) @ A, "1ᵀA"),
    (g * ones(x.shape) - x, "g 1 − x"), (A @ ones(x.shape), "A 1"), (F["sum"](A), "sum(A)"),
    (symbol("foo", "n", "n") @ symbol("x1", "n"), "foo x1"), (A.T @ symbol("foo", "n"), "Aᵀ foo"), (beta / 2 * x, "(β/2) x"),
    (symbol("Phi_i", "n", "n") @ symbol("W_2", "n", "n"), "Φ_i W_2"), (pi() * g, "π g"), (number(1) / 3 * x, "(1/3) x"),
    (0.25 * x, "0.25 x"), (minus(g, 1), "g − 1"),
    (plain(F["scale"], number(-1), plain(F["scale"], number(-1), h)), "−(−h)"),
    (g - (h - 1), "g − (h − 1)"), (-(g + h), "−(g + h)"),
    ((g + h) / (2 * g), "(g + h)/(2 g)"), (g / (h / 2), "g/(h/2)"), (A * (-B), "A ⊙ (−B)"), ((-A) * B, "−A ⊙ B"),
    (x / y, "x ⊘ y"), (1 / x, "1 ⊘ x"), (x**2, "x²"), (A**2, "A∘²"), (A @ A, "A²"), (A.T @ A.T, "(Aᵀ)²"), (A.T**2, "(Aᵀ)∘²"),
    ((g + h) ** 2, "(g + h)²"), (g**0.5, "√g"), ((g + h) ** 0.5, "√(g + h)"), (A ** Fraction(1, 2), "√A"),
    (A**0.5, "√A"), (g**h, "gʰ"), (g**-1, "g⁻¹"),
    (g ** (h - 1), "gʰ⁻¹"), (g**beta, "g^β"), (g ** (1 / beta), "g^(1/β)"), (x.T.T, "(xᵀ)ᵀ"), (inv(A.T), "(Aᵀ)⁻¹"), (norm(v) ** 2, "‖v‖²"),
    (d(x.T), "d(xᵀ)"), (d(A @ x), "d(A x)"), (d(symbol("foo")), "d(foo)"), (d(beta), "dβ"), (gradient_of(L, x), "∇ₓL"),
    (unit(1, "n"), "e₁"),
    (gradient_of(symbol("loss"), symbol("W_2", "n")), "∇_W_2 loss"), (gradient_of(x.T @ x, x), "∇ₓ(xᵀx)"), (zeros(x.shape), "0"),
    (size_number(N * M + 1) * x, "(m n + 1)x"), (norm(x) ** 2 / size_number(N), "‖x‖²/n"), (size_number(N * N), "n²"),
    (index_sum(index(0, N) * g, N, 0), "Σᵢ i g"), (2 * index_sum(index(0, N) * b, N, 0, "k"), "2 Σₖ k b"), (F["diagonal"](A), "diag(A)"),
    (index_sum(index_sum(index(0, N) * index(1, M), N, 0), M, 1), "Σᵢ Σⱼ j i"), (F["tr"](A) * A.T, "tr(A) Aᵀ"), (F["logdet"](A), "logdet(A)"),
    (turned(A @ x), "xᵀAᵀ"), ((A + B) @ (A - B) @ x, "(A + B) (A − B)x"),
]  # fmt: skip


@pytest.mark.parametrize("e, written", FORMULAS, ids=[t for _, t in FORMULAS])
def test_formula(e: Expr, written: str) -> None:
    assert written in (pretty(e), pretty(chained(e)))


@pytest.mark.parametrize(
    "e, written",
    [
        (inner(A, B @ C), "A : BC"), (inner(B.T @ A, C), "BᵀA : C"), (inner(A, B.T), "A : Bᵀ"), (2 * A @ B, "2 AB"),
        (A @ (B + C) @ x, "A (B + C)x"), (A @ symbol("B1", "n", "n") @ C, "AB1 C"),
    ],
)  # fmt: skip
def test_compact(e: Expr, written: str) -> None:
    assert pretty(chained(e), compact=True) == written


def test_levels() -> None:
    assert pretty(A + B, level=Level.INNER) == "(A + B)"
    assert pretty(inner(A, B), level=Level.SUM) == "A : B"
    assert pretty(A @ B, tight=True) == "(A B)"
    assert pretty(A.T, tight=True) == "Aᵀ"


def test_no_name_slips_through() -> None:
    for bad in ("x}\\input{/etc/passwd}", "a b", "", "<img>", "x\x1b[2J", "х"):
        with pytest.raises(NameMistake):
            pretty(symbol(bad))


def test_a_label_that_is_no_name_shows_what_it_defines() -> None:
    assert pretty(2 * named("‖v‖", norm(v))) == "2‖v‖"


def test_bound_letters_avoid_symbols() -> None:
    assert pretty(index_sum(index(0, N) * symbol("i"), N, 0)) == "Σⱼ j i"


def test_deep() -> None:
    e = x
    for _ in range(3000):
        e = F["tanh"](e)
    assert len(pretty(e)) == 3000 * 6 + 1
    for _ in range(60_000):
        e = A @ e + x
    with pytest.raises(LimitReached):
        pretty(e)


def test_shared() -> None:
    e = x
    for _ in range(25):
        e = e * e
    with pytest.raises(LimitReached) as caught:
        pretty(e)
    assert str(caught.value) == (
        "error[limit]: the written expression has more than 200,000 characters\n  give parts of it names: then they are written once"
    )
    assert pretty(named("w", e) + x) == "w + x"


VISIBLE = [op for op in OPERATIONS.values() if not op.hidden]


@pytest.mark.parametrize("op", VISIBLE, ids=repr)
def test_every_operation(op: Operation) -> None:
    e = example(op)
    text = pretty(e)
    assert "{" not in text and all(c in text for c in "ABC"[: len(e.args)])
    assert pretty(e.T if not e.is_scalar else e**2)

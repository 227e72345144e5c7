"""Rules with a diagonal matrix or a diagonal at the head."""

from matcalc.core.leaves import identity, ones
from matcalc.core.property import DIAGONAL
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.core.size import ONE, Size
from matcalc.operations.inverses import inv
from matcalc.operations.shapes import diag, diagonal

A = letter("A", "n", "n")
u, v = letter("u", "n"), letter("v", "n")
row = letter("w", ONE, "n")
one = ones((Size.of("n"), ONE))

declare_rule(
    "product of diagonal matrices", diag(u) @ diag(v), diag(u * v), CANONICAL, "they act entry by entry", "Magnus & Neudecker 2019, §1.7"
)
declare_rule("diagonal matrix of ones", diag(one), identity("n"), CANONICAL, "definition of I", "Magnus & Neudecker 2019, §1.7")
declare_rule("diagonal of a diagonal matrix", diagonal(diag(v)), v, CANONICAL, "definition", "Magnus & Neudecker 2019, §1.7")
declare_rule("diagonal of the identity", diagonal(identity("n")), one, CANONICAL, "definition of I", "Magnus & Neudecker 2019, §1.7")
declare_rule(
    "inverse of a diagonal matrix", inv(diag(v)), diag(v**-1), CANONICAL, "it acts entry by entry", "Magnus & Neudecker 2019, §1.7"
)
declare_rule(
    "diagonal of a column times a row", diagonal(u @ row), u * row.T, CANONICAL, "entry by entry", "Magnus & Neudecker 2019, §1.7"
)
declare_rule(
    "diagonal of a diagonal matrix times another",
    diagonal(diag(u) @ A),
    u * diagonal(A),
    SIMPLIFY,
    "row by row",
    "Magnus & Neudecker 2019, §1.7",
)
declare_rule(
    "diagonal of a matrix times a diagonal one",
    diagonal(A @ diag(u)),
    u * diagonal(A),
    SIMPLIFY,
    "column by column",
    "Magnus & Neudecker 2019, §1.7",
)

X, Y = letter("X", "m", "n"), letter("Y", "m", "n")
declare_rule(
    "diagonal of a quotient times its divisor", diagonal((X * Y**-1) @ Y.T), X @ one,
    SIMPLIFY, "row by row", "Magnus & Neudecker 2019, §3.6",
)  # fmt: skip
B = letter("B", "n", "m")
declare_rule(
    "diagonal of a quotient times its turned divisor", diagonal((X * B.T**-1) @ B), X @ one,
    SIMPLIFY, "row by row", "Magnus & Neudecker 2019, §3.6",
)  # fmt: skip
for _how, _divisor in (("", Y), (" turned", B.T)):
    declare_rule(
        f"diagonal of a{_how} divisor times its quotient", diagonal(_divisor.T @ (X * _divisor**-1)), X.T @ ones((Size.of("m"), ONE)),
        SIMPLIFY, "column by column", "Magnus & Neudecker 2019, §3.6",
    )  # fmt: skip
declare_rule(
    "columns scaled entry by entry", X * (ones((Size.of("m"), ONE)) @ v.T), X @ diag(v),
    SIMPLIFY, "x_ij v_j", "Magnus & Neudecker 2019, §1.7",
)  # fmt: skip
L, R = letter("L", "m", "n"), letter("R", "n", "m")
declare_rule(
    "diagonal of a product around a diagonal matrix", diagonal(L @ diag(v) @ R), (L * R.T) @ v,
    SIMPLIFY, "Σ_j l_ij v_j r_ji, row by row", "Magnus & Neudecker 2019, §3.6",
)  # fmt: skip
w = letter("w", "m")
high, wide = ones((Size.of("m"), ONE)), ones((ONE, Size.of("n")))
c = letter("c")
for name, left, right in (
    ("weighted sums row by row", w @ wide + high @ v.T, w * (X @ one) + X @ v),
    ("weighted sums with columns scaled", w @ wide + c * (high @ v.T), w * (X @ one) + c * (X @ v)),
    ("weighted sums with rows scaled", high @ v.T + c * (w @ wide), X @ v + c * (w * (X @ one))),
):
    declare_rule(name, (X * left) @ one, right, SIMPLIFY, "Σ_j x_ij (w_i + v_j)", "Magnus & Neudecker 2019, §3.6")
off_diagonal = one @ one.T - identity("n")
declare_rule("square of the ones off the diagonal", off_diagonal**2, off_diagonal, SIMPLIFY, "0² = 0 and 1² = 1", "definition")
D = letter("D", "n", "n", properties=frozenset({DIAGONAL}))
declare_rule(
    "diagonal of the inverse of a diagonal matrix", diagonal(inv(D)), diagonal(D) ** -1,
    SIMPLIFY, "it acts entry by entry", "Magnus & Neudecker 2019, §1.7",
)  # fmt: skip
declare_rule("diagonal part of a diagonal matrix", diag(diagonal(D)), D, SIMPLIFY, "the rest is 0 already", "definition")
declare_rule(
    "diagonal of a matrix and its transpose", diagonal(A + A.T), 2 * diagonal(A), SIMPLIFY, "A and Aᵀ have one diagonal", "Magnus & Neudecker 2019, §1.7"
)

"""Rules with a Kronecker product, or with stacked columns, at the head."""

from matcalc.core.builders import inner_product
from matcalc.core.leaves import identity, number, size_number
from matcalc.core.rule import CANONICAL, MOVE, SIMPLIFY, declare_rule, letter
from matcalc.core.size import Size
from matcalc.operations.determinants import logdet
from matcalc.operations.inverses import inv
from matcalc.operations.kronecker import kron, kron_left, kron_right, unvec, vec
from matcalc.operations.norms import norm
from matcalc.operations.scalars import tr

A, B = letter("A", "m", "n"), letter("B", "p", "q")
C, D = letter("C", "n", "k"), letter("D", "q", "l")
S, T = letter("S", "n", "n"), letter("T", "q", "q")
E, F = letter("E", "m", "m"), letter("F", "n", "n")
X, x = letter("X", "m", "n"), letter("x", "k")
P = letter("P", "p", "q")
W = letter("W", "m", "n")
y = letter("y", Size.of("m") * Size.of("n"))
_CITE = "Magnus & Neudecker 2019, §2.2"

declare_rule(
    "product of Kronecker products", kron(A, B) @ kron(C, D), kron(A @ C, B @ D),
    CANONICAL, "they act on the two factors apart", _CITE,
)  # fmt: skip
declare_rule("inverse of a Kronecker product", inv(kron(S, T)), kron(inv(S), inv(T)), CANONICAL, "(A ⊗ B)(A⁻¹ ⊗ B⁻¹) = I", _CITE)
declare_rule(
    "trace of a Kronecker product", tr(kron(S, T)), tr(S) * tr(T),
    CANONICAL, "the diagonal blocks are s_ii T", "Magnus & Neudecker 2019, §2.2",
)  # fmt: skip
declare_rule(
    "Kronecker product of identities", kron(identity("n"), identity("q")), identity(Size.of("n") * Size.of("q")),
    CANONICAL, "they act on the two factors apart", _CITE,
)  # fmt: skip
declare_rule("Kronecker product with the number 1", kron(number(1), B), B, CANONICAL, "one block", _CITE)
declare_rule("Kronecker product with 1 on the right", kron(A, number(1)), A, CANONICAL, "blocks of one entry", _CITE)
declare_rule("vec of a column", vec(x), x, CANONICAL, "a column has one column", "Magnus & Neudecker 2019, §2.4")
declare_rule(
    "vec of an unvec", vec(unvec(y, m=Size.of("m"), n=Size.of("n"))), y,
    CANONICAL, "they undo each other", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule(
    "unvec of a vec", unvec(vec(X), m=Size.of("m"), n=Size.of("n")), X,
    CANONICAL, "they undo each other", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule("vec of a product", vec(E @ X @ F), kron(F.T, E) @ vec(X), MOVE, "vec(AXB) = (Bᵀ ⊗ A) vec X", "Magnus & Neudecker 2019, §2.4")
declare_rule(
    "unvec of a Kronecker product times a vec", unvec(kron(C.T, E) @ vec(W), m=Size.of("m"), n=Size.of("k")), E @ W @ C,
    SIMPLIFY, "vec(AXB) = (Bᵀ ⊗ A) vec X", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule("norm of a Kronecker product", norm(kron(A, B)), norm(A) * norm(B), CANONICAL, "its entries are the products of theirs", _CITE)
declare_rule(
    "logdet of a Kronecker product", logdet(kron(S, T)), size_number("q") * logdet(S) + size_number("n") * logdet(T),
    CANONICAL, "A ⊗ B = (A ⊗ I)(I ⊗ B)", _CITE,
)  # fmt: skip
declare_rule(
    "Kronecker product paired with a right factor", kron_left(kron(A, B), P), inner_product(B, P) * A,
    CANONICAL, "the blocks are a_ij B", "definition",
)  # fmt: skip
declare_rule(
    "Kronecker product paired with a left factor", kron_right(kron(A, B), X), inner_product(A, X) * B,
    CANONICAL, "the blocks are a_ij B", "definition",
)  # fmt: skip

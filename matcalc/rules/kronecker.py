"""Rules with a Kronecker product, or with stacked columns, at the head."""

from matcalc.core.builders import chained, inner_product
from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, number, ones, size_number
from matcalc.core.rule import CANONICAL, MOVE, declare_rule, letter
from matcalc.core.size import ONE, Size
from matcalc.operations.determinants import logdet
from matcalc.operations.inverses import inv
from matcalc.operations.kronecker import commutation, khatri_rao, kron, kron_left, kron_right, unvec, vec
from matcalc.operations.norms import norm
from matcalc.operations.scalars import sum_, tr
from matcalc.operations.shapes import diagonal

A, B = letter("A", "m", "n"), letter("B", "p", "q")
C, D = letter("C", "n", "k"), letter("D", "q", "l")
S, T = letter("S", "n", "n"), letter("T", "q", "q")
E, F = letter("A", "m", "m"), letter("B", "n", "n")
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
declare_rule("vec of a row", vec(letter("w", ONE, "k")), letter("w", ONE, "k").T, CANONICAL, "its columns are numbers", "Magnus & Neudecker 2019, §2.4")
declare_rule("vec of a column", vec(x), x, CANONICAL, "a column has one column", "Magnus & Neudecker 2019, §2.4")
declare_rule(
    "vec of an unvec", vec(unvec(y, m=Size.of("m"), n=Size.of("n"))), y,
    CANONICAL, "they undo each other", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule(
    "unvec of a vec", unvec(vec(X), m=Size.of("m"), n=Size.of("n")), X,
    CANONICAL, "they undo each other", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule("vec of a product", vec(chained(E @ X @ F)), kron(F.T, E) @ vec(X), MOVE, "vec(AXB) = (Bᵀ ⊗ A) vec X", "Magnus & Neudecker 2019, §2.4")
entries = ones((Size.of("m") * Size.of("n"), ONE))
declare_rule("sum of a vec", entries.T @ vec(X), sum_(X), CANONICAL, "the entries are the same", "Magnus & Neudecker 2019, §2.4")
declare_rule(
    "unvec of ones", unvec(entries, m=Size.of("m"), n=Size.of("n")), ones((Size.of("m"), Size.of("n"))),
    CANONICAL, "the entries are the same", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule("norm of a vec", norm(vec(X)), norm(X), CANONICAL, "the entries are the same", "Magnus & Neudecker 2019, §2.4", over_complex=True)
declare_rule("norm of a Kronecker product", norm(kron(A, B)), norm(A) * norm(B), CANONICAL, "its entries are the products of theirs", _CITE, over_complex=True)
declare_rule(
    "logdet of a Kronecker product", logdet(kron(S, T)), size_number("q") * logdet(S) + size_number("n") * logdet(T),
    CANONICAL, "A ⊗ B = (A ⊗ I)(I ⊗ B)", _CITE, over_complex=True,
)  # fmt: skip
declare_rule(
    "Kronecker product paired with a right factor", kron_left(kron(A, B), P), inner_product(B, P) * A,
    CANONICAL, "the blocks are a_ij B", "definition",
)  # fmt: skip
declare_rule(
    "Kronecker product paired with a left factor", kron_right(kron(A, B), X), inner_product(A, X) * B,
    CANONICAL, "the blocks are a_ij B", "definition",
)  # fmt: skip

def K(rows: str, columns: str) -> Expr:  # noqa: N802 - the letter of the book
    """The commutation matrix of these sizes."""
    return commutation(m=Size.of(rows), n=Size.of(columns))


u, v = letter("u", "m"), letter("v", "p")
Y, Z = letter("Y", "r", "n"), letter("Z", "s", "n")
U, V = letter("U", "r", "k"), letter("V", "s", "k")
one, other = ones((Size.of("m"), ONE)), ones((Size.of("p"), ONE))
_TURNING = "Magnus & Neudecker 2019, §3.7"

declare_rule(
    "Kronecker product turned round", kron(B, A) @ K("q", "n"), K("p", "m") @ kron(A, B),
    CANONICAL, "K (A ⊗ B) = (B ⊗ A) K", _TURNING, mirrored=False,
)  # fmt: skip
declare_rule("Kronecker product with a column turned round", K("p", "m") @ kron(u, B), kron(B, u), CANONICAL, "K (a ⊗ B) = B ⊗ a", _TURNING)
declare_rule("Kronecker product and a column turned round", K("p", "m") @ kron(A, v), kron(v, A), CANONICAL, "K (A ⊗ b) = b ⊗ A", _TURNING)
declare_rule("product of commutation matrices", K("m", "n") @ K("n", "m"), identity(Size.of("m") * Size.of("n")), CANONICAL, "Xᵀᵀ = X", _TURNING)
declare_rule("commutation matrix and a vec", K("m", "n") @ vec(X), vec(X.T), CANONICAL, "definition", _TURNING)
declare_rule(
    "Kronecker product times a vec", kron(A, B) @ vec(letter("R", "q", "n")), vec(chained(B @ letter("R", "q", "n") @ A.T)),
    CANONICAL, "vec(BRAᵀ) = (A ⊗ B) vec R", "Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
declare_rule("inner product of vecs", vec(X).T @ vec(W), inner_product(X, W), CANONICAL, "entry by entry", "Magnus & Neudecker 2019, §2.4")
Q = letter("Q", "l", "p")
declare_rule(
    "product with a row before a Kronecker sign", Q @ kron(x.T, B), kron(x.T, Q @ B), CANONICAL, "Q = 1 ⊗ Q", _CITE,
)  # fmt: skip
declare_rule(
    "product with a row behind a Kronecker sign", Q @ kron(B, x.T), kron(Q @ B, x.T), CANONICAL, "Q = Q ⊗ 1", _CITE,
)  # fmt: skip
declare_rule("Kronecker product of ones", kron(one, other), ones((Size.of("m") * Size.of("p"), ONE)), CANONICAL, "1 · 1 = 1", _CITE)
M, N = letter("M", "n", "k"), letter("N", "q", "k")
G, H = letter("G", "m", "k"), letter("H", "p", "k")
declare_rule(
    "Kronecker product times Khatri-Rao product", kron(A, B) @ khatri_rao(M, N), khatri_rao(A @ M, B @ N),
    CANONICAL, "column by column", "Khatri & Rao 1968", mirrored=False,
)  # fmt: skip
declare_rule(
    "Khatri-Rao product times Kronecker product", khatri_rao(G, H).T @ kron(A, B), khatri_rao(A.T @ G, B.T @ H).T,
    CANONICAL, "row by row", "Khatri & Rao 1968", mirrored=False,
)  # fmt: skip
declare_rule(
    "product of Khatri-Rao products", khatri_rao(Y, Z).T @ khatri_rao(U, V), (Y.T @ U) * (Z.T @ V),
    CANONICAL, "entry by entry", "Khatri & Rao 1968",
)  # fmt: skip
declare_rule(
    "Khatri-Rao product and a vec", khatri_rao(identity("n"), identity("n")).T @ vec(S), diagonal(S),
    CANONICAL, "I ∗ I takes v to vec(diag(v))", "definition",
)  # fmt: skip

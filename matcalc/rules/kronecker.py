"""Rules with a Kronecker product, or with stacked columns, at the head."""

from matcalc.core.leaves import identity
from matcalc.core.rule import CANONICAL, MOVE, declare_rule, letter
from matcalc.core.size import Size
from matcalc.operations.inverses import inv
from matcalc.operations.kronecker import kron, unvec, vec
from matcalc.operations.scalars import tr

A, B = letter("A", "m", "n"), letter("B", "p", "q")
C, D = letter("C", "n", "k"), letter("D", "q", "l")
S, T = letter("S", "n", "n"), letter("T", "q", "q")
E, F = letter("E", "m", "m"), letter("F", "n", "n")
X, x = letter("X", "m", "n"), letter("x", "k")
y = letter("y", Size.of("m") * Size.of("n"))
_CITE = "Magnus & Neudecker 2019, §2.2"

declare_rule("product of Kronecker products", kron(A, B) @ kron(C, D), kron(A @ C, B @ D), CANONICAL, "they act on the two factors apart", _CITE)
declare_rule("inverse of a Kronecker product", inv(kron(S, T)), kron(inv(S), inv(T)), CANONICAL, "(A ⊗ B)(A⁻¹ ⊗ B⁻¹) = I", _CITE)
declare_rule("trace of a Kronecker product", tr(kron(S, T)), tr(S) * tr(T), CANONICAL, "the diagonal blocks are s_ii T", "Magnus & Neudecker 2019, §2.2")
declare_rule("Kronecker product of identities", kron(identity("n"), identity("q")), identity(Size.of("n") * Size.of("q")), CANONICAL, "they act on the two factors apart", _CITE)
declare_rule("vec of a column", vec(x), x, CANONICAL, "a column has one column", "Magnus & Neudecker 2019, §2.4")
declare_rule("vec of an unvec", vec(unvec(y, m=Size.of("m"), n=Size.of("n"))), y, CANONICAL, "they undo each other", "Magnus & Neudecker 2019, §2.4")
declare_rule("unvec of a vec", unvec(vec(X), m=Size.of("m"), n=Size.of("n")), X, CANONICAL, "they undo each other", "Magnus & Neudecker 2019, §2.4")
declare_rule("vec of a product", vec(E @ X @ F), kron(F.T, E) @ vec(X), MOVE, "vec(AXB) = (Bᵀ ⊗ A) vec X", "Magnus & Neudecker 2019, §2.4")

"""Rules with an inverse or a determinant at the head."""

from matcalc.core.leaves import identity, number, size_number
from matcalc.core.rule import CANONICAL, declare_rule, letter
from matcalc.operations.determinants import det, logdet
from matcalc.operations.functions import abs_, log
from matcalc.operations.inverses import inv

A, B = letter("A", "n", "n"), letter("B", "n", "n")
c = letter("c")

declare_rule("inverse times matrix", inv(A) @ A, identity("n"), CANONICAL, "definition of the inverse", "Magnus & Neudecker 2019, §1.5")
declare_rule("matrix times inverse", A @ inv(A), identity("n"), CANONICAL, "definition of the inverse", "Magnus & Neudecker 2019, §1.5")
declare_rule("inverse of an inverse", inv(inv(A)), A, CANONICAL, "inverting twice changes nothing", "Magnus & Neudecker 2019, §1.5")
declare_rule("inverse of the identity", inv(identity("n")), identity("n"), CANONICAL, "I I = I", "Magnus & Neudecker 2019, §1.5")
declare_rule(
    "inverse of a multiple", inv(c * A), c ** number(-1) * inv(A), CANONICAL, "scalars come out of an inverse", "Matrix Cookbook (1)"
)
declare_rule(
    "inverse of a product", inv(A @ B), inv(B) @ inv(A), CANONICAL, "the factors are square, so each is invertible", "Matrix Cookbook (1)"
)
declare_rule(
    "determinant of the identity", det(identity("n")), number(1), CANONICAL, "the identity has determinant 1", "Matrix Cookbook (18)"
)
declare_rule("determinant of an inverse", det(inv(A)), det(A) ** number(-1), CANONICAL, "det A det A⁻¹ = det I", "Matrix Cookbook (22)")
declare_rule("determinant of a product", det(A @ B), det(A) * det(B), CANONICAL, "the factors are square", "Matrix Cookbook (21)")
declare_rule(
    "determinant of a multiple",
    det(c * A),
    c ** size_number("n") * det(A),
    CANONICAL,
    "each of n rows gives a factor",
    "Matrix Cookbook (20)",
)
declare_rule(
    "logdet of the identity", logdet(identity("n")), number(0), CANONICAL, "the identity has determinant 1", "Matrix Cookbook (18)"
)
declare_rule(
    "logdet of an inverse", logdet(inv(A)), -logdet(A), CANONICAL, "det A det A⁻¹ = det I", "Matrix Cookbook (22)", over_complex=True
)
declare_rule(
    "logdet of a product", logdet(A @ B), logdet(A) + logdet(B), CANONICAL, "the factors are square", "Matrix Cookbook (21)", over_complex=True
)
declare_rule(
    "logdet of a multiple",
    logdet(c * A),
    size_number("n") * log(abs_(c)) + logdet(A),
    CANONICAL,
    "each of n rows gives a factor",
    "Matrix Cookbook (20)",
    over_complex=True,
)

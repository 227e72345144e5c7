"""Rules with a trace, a sum or a norm at the head."""

from matcalc.core.rule import CANONICAL, MOVE, declare_rule, letter
from matcalc.operations.functions import abs_
from matcalc.operations.norms import norm
from matcalc.operations.products import inner
from matcalc.operations.scalars import tr

X = letter("X", "m", "n")
c = letter("c")

declare_rule("norm of a multiple", norm(c * X), abs_(c) * norm(X), CANONICAL, "norms are homogeneous", "Matrix Cookbook, §10.4", over_complex=True)

declare_rule("norm of absolute values", norm(abs_(X)), norm(X), CANONICAL, "only the squares count", "definition", over_complex=True)

A, B = letter("A", "m", "n"), letter("B", "m", "n")
a, b = letter("a", "n"), letter("b", "n")
S, T = letter("S", "n", "n"), letter("T", "n", "n")

declare_rule(
    "inner product as a trace", tr(A.T @ B), inner(A, B), MOVE, "definition of the inner product", "Magnus & Neudecker 2019, §1.10"
)
declare_rule("inner product of columns", a.T @ b, inner(a, b), MOVE, "definition of the inner product", "Magnus & Neudecker 2019, §1.10")
declare_rule("cyclic trace", tr(S @ T), tr(T @ S), MOVE, "a product and its rotation have one trace", "Matrix Cookbook (14)")

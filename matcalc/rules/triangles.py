"""Rules with the entries of a triangle at the head."""

from matcalc.core.property import LOWER, UPPER
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.core.size import Size, triangle
from matcalc.operations.selections import tril, triu
from matcalc.operations.shapes import diag
from matcalc.operations.triangles import unvech, vech

_CITE = "Magnus & Neudecker 2019, §3.8"
A, v, X, x = letter("A", "m", "n"), letter("v", "n"), letter("X", "n", "n"), letter("x", triangle(Size.of("n")))

declare_rule("vech of an unvech", vech(unvech(x)), x, CANONICAL, "they undo each other", _CITE)
declare_rule("triangle of a vech", tril(unvech(vech(X))), tril(X), CANONICAL, "both keep what is on and below the diagonal", _CITE)
declare_rule("lower triangle of a lower triangle", tril(tril(A)), tril(A), CANONICAL, "what is above is 0 already", "definition")
declare_rule("upper triangle of an upper triangle", triu(triu(A)), triu(A), CANONICAL, "what is below is 0 already", "definition")
declare_rule("lower triangle of a diagonal matrix", tril(diag(v)), diag(v), CANONICAL, "the rest is 0 already", "definition")
declare_rule("upper triangle of a diagonal matrix", triu(diag(v)), diag(v), CANONICAL, "the rest is 0 already", "definition")

U, L = letter("U", "n", "n", properties=frozenset({UPPER})), letter("L", "n", "n", properties=frozenset({LOWER}))
declare_rule("upper part of an upper triangular matrix", triu(U), U, SIMPLIFY, "what is below is 0 already", "definition")
declare_rule("lower part of a lower triangular matrix", tril(L), L, SIMPLIFY, "what is above is 0 already", "definition")

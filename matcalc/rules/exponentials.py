"""Rules that bring sums of exponentials back to the words people use."""

from matcalc.core.leaves import identity, number, ones
from matcalc.core.rule import SIMPLIFY, declare_rule, letter
from matcalc.core.size import ONE, Size
from matcalc.operations.exponentials import column_softmax, row_softmax, softmax
from matcalc.operations.functions import exp
from matcalc.operations.powers import expm
from matcalc.operations.scalars import sum_

x, c, n = letter("x", "n"), letter("c"), Size.of("n")
u, v, m = letter("u", "m"), letter("v", "n"), Size.of("m")
A, X, Y = letter("A", n, n), letter("X", "m", n), letter("Y", "m", n)

_SHIFT = "a common factor cancels"
declare_rule("sum of a softmax", sum_(softmax(x)), number(1), SIMPLIFY, "definition of softmax", "definition; Bridle 1990")
declare_rule("softmax of what is shifted", softmax(x + c * ones((n, ONE))), softmax(x), SIMPLIFY, _SHIFT, "definition; Bridle 1990")
_ALONG, _ACROSS = u @ ones((n, ONE)).T, ones((m, ONE)) @ v.T
for how, along, across in (("", _ALONG, _ACROSS), (" by a multiple", c * _ALONG, c * _ACROSS)):
    declare_rule(f"softmax of rows shifted{how}", row_softmax(X + along), row_softmax(X), SIMPLIFY, _SHIFT, "definition; Bridle 1990")
    declare_rule(f"softmax of columns shifted{how}", column_softmax(X + across), column_softmax(X), SIMPLIFY, _SHIFT, "definition; Bridle 1990")
declare_rule("product of exponentials", exp(X) * exp(Y), exp(X + Y), SIMPLIFY, "eˣeʸ = eˣ⁺ʸ", "NIST DLMF 4.2.30", entrywise=True)
declare_rule("matrix exponentials of opposites", expm(A) @ expm(-A), identity(n), SIMPLIFY, "A and −A commute", "Higham 2008, §10.1")
declare_rule("softmax", exp(x) / sum_(exp(x)), softmax(x), SIMPLIFY, "definition of softmax", "definition; Bridle 1990")

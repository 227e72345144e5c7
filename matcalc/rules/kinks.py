"""Rules for functions made of pieces and for indicators."""

from matcalc.core.leaves import number
from matcalc.core.property import POSITIVE
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.operations.functions import abs_, sign
from matcalc.operations.kinks import greater, greater_equal, maximum, minimum, relu

X, Y = letter("X", "m", "n"), letter("Y", "m", "n")
c = letter("c", properties=frozenset({POSITIVE}))
t = letter("t")
zero = number(0)
_SQUARE = "0² = 0 and 1² = 1"

declare_rule("square of an indicator", greater(X, Y) ** 2, greater(X, Y), CANONICAL, _SQUARE, "definition", entrywise=True)
declare_rule("square of an indicator with a number", greater(X, t) ** 2, greater(X, t), CANONICAL, _SQUARE, "definition", entrywise=True)
declare_rule(
    "square of the other indicator", greater_equal(X, Y) ** 2, greater_equal(X, Y), CANONICAL, _SQUARE, "definition", entrywise=True
)

for name, piece, indicator in (
    ("positive part where it is positive", relu(X), greater(X, zero)),
    ("maximum with zero where it is positive", maximum(X, zero), greater(X, zero)),
    ("zero and a maximum where it is positive", maximum(zero, X), greater(X, zero)),
    ("minimum with zero where it is negative", minimum(X, zero), greater(zero, X)),
    ("zero and a minimum where it is negative", minimum(zero, X), greater(zero, X)),
):
    declare_rule(name, piece * indicator, piece, CANONICAL, "it is 0 elsewhere", "definition", entrywise=True)

declare_rule(
    "indicator of a positive multiple", greater(c * X, zero), greater(X, zero), SIMPLIFY, "the sign stays", "definition", entrywise=True
)
declare_rule("sign over an absolute value", sign(X) * abs_(X) ** -1, X**-1, CANONICAL, "definition of the sign", "definition", entrywise=True)
declare_rule("number over its absolute value", X * abs_(X) ** -1, sign(X), SIMPLIFY, "definition of the sign", "definition", entrywise=True)

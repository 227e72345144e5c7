"""Rules for functions made of pieces and for indicators."""

from matcalc.core.leaves import number, ones
from matcalc.core.property import POSITIVE
from matcalc.core.rule import CANONICAL, MOVE, SIMPLIFY, declare_rule, letter
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
declare_rule(
    "indicator against a positive multiple", greater_equal(zero, c * X), greater_equal(zero, X),
    SIMPLIFY, "the sign stays", "definition", entrywise=True,
)  # fmt: skip
declare_rule("sign over an absolute value", sign(X) * abs_(X) ** -1, X**-1, CANONICAL, "definition of the sign", "definition", entrywise=True)
declare_rule("number over its absolute value", X * abs_(X) ** -1, sign(X), SIMPLIFY, "definition of the sign", "definition", entrywise=True)

a, b = letter("a"), letter("b")
declare_rule(
    "larger by the sign of the difference", greater(X, Y), greater(X - Y, zero), MOVE, "their difference decides", "definition", entrywise=True
)
declare_rule(
    "not smaller by the sign of the difference", greater_equal(X, Y), greater_equal(zero, Y - X),
    MOVE, "their difference decides", "definition", entrywise=True,
)  # fmt: skip
declare_rule(
    "one number where it holds and another elsewhere", a * greater(X, Y) + b * greater_equal(Y, X),
    a * ones(X.shape) + (b - a) * greater_equal(Y, X), MOVE, "1[x > y] = 1 − 1[y ≥ x]", "definition", entrywise=True,
)  # fmt: skip

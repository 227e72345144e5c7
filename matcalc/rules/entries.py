"""Rules for functions of entries."""

from matcalc.core.leaves import number, ones
from matcalc.core.property import NONNEG
from matcalc.core.rule import CANONICAL, declare_rule, letter
from matcalc.core.size import Size
from matcalc.operations.functions import abs_, exp, log, sign

X = letter("X", "m", "n")
P = letter("P", "m", "n", properties=frozenset({NONNEG}))

declare_rule("sign times its argument", sign(X) * X, abs_(X), CANONICAL, "definition of the absolute value", "definition", entrywise=True)
declare_rule("square of an absolute value", abs_(X) ** 2, X**2, CANONICAL, "squares do not see the sign", "definition", entrywise=True)
declare_rule("absolute value of what is not negative", abs_(P), P, CANONICAL, "it is not negative", "definition", entrywise=True)
declare_rule("sign times absolute value", sign(X) * abs_(X), X, CANONICAL, "definition of the absolute value", "definition", entrywise=True)
declare_rule("logarithm of an exponential", log(exp(X)), X, CANONICAL, "they are inverse functions", "definition", entrywise=True)
declare_rule(
    "exponential of zero",
    exp(number(0) * ones((Size.of("m"), Size.of("n")))),
    ones((Size.of("m"), Size.of("n"))),
    CANONICAL,
    "e⁰ = 1",
    "definition",
)

declare_rule(
    "logarithm of one",
    log(ones((Size.of("m"), Size.of("n")))),
    number(0) * ones((Size.of("m"), Size.of("n"))),
    CANONICAL,
    "e⁰ = 1",
    "definition",
)
declare_rule("logarithm of the number one", log(number(1)), number(0), CANONICAL, "e⁰ = 1", "definition")

"""Rules that fold exponentials back to the functions they make: sigmoid, tanh; and undo logarithms."""

from matcalc.core.leaves import ones
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.operations.functions import exp, log, tanh
from matcalc.operations.special import sigmoid
from matcalc.operations.trigonometric import cosh, sinh

X, Y = letter("X", "m", "n"), letter("Y", "m", "n")
c = letter("c")
one = ones(X.shape)

declare_rule(
    "exponential of a logarithm", exp(log(X)), X, CANONICAL, "they are inverse functions", "definition", entrywise=True, over_complex=True
)
declare_rule(
    "exponential of a scaled logarithm", exp(c * log(X)), X**c, CANONICAL, "definition of x^c", "NIST DLMF 4.2.26", entrywise=True, over_complex=True
)  # fmt: skip
declare_rule("sigmoid", (one + exp(X)) ** -1, sigmoid(-X), SIMPLIFY, "definition of the sigmoid", "definition", entrywise=True)
declare_rule("exponential times a sigmoid", exp(X) * sigmoid(-X), sigmoid(X), SIMPLIFY, "definition of σ", "definition", entrywise=True)
declare_rule(
    "share of two exponentials", exp(X) * (exp(X) + exp(Y)) ** -1, sigmoid(X - Y),
    SIMPLIFY, "σ(x − y) = eˣ/(eˣ + eʸ)", "definition; Bradley & Terry 1952", entrywise=True,
)  # fmt: skip
declare_rule("sigmoid of the opposite", one - sigmoid(-X), sigmoid(X), SIMPLIFY, "σ(−x) = 1 − σ(x)", "definition", entrywise=True)
declare_rule("hyperbolic tangent", sinh(X) * cosh(X) ** -1, tanh(X), SIMPLIFY, "definition", "NIST DLMF 4.28.4", entrywise=True)

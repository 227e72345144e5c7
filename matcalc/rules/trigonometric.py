"""Rules for squares of trigonometric and hyperbolic functions."""

from matcalc.core.leaves import ones
from matcalc.core.rule import SIMPLIFY, declare_rule, letter
from matcalc.operations.trigonometric import cos, cosh, sin, sinh, tan

X = letter("X", "m", "n")
one = ones(X.shape)

declare_rule("sine and cosine squared", sin(X) ** 2 + cos(X) ** 2, one, SIMPLIFY, "Pythagoras", "NIST DLMF 4.21.12", entrywise=True)
declare_rule("one less cosine squared", one - cos(X) ** 2, sin(X) ** 2, SIMPLIFY, "Pythagoras", "NIST DLMF 4.21.12", entrywise=True)
declare_rule("one less sine squared", one - sin(X) ** 2, cos(X) ** 2, SIMPLIFY, "Pythagoras", "NIST DLMF 4.21.12", entrywise=True)
declare_rule("tangent", sin(X) * cos(X) ** -1, tan(X), SIMPLIFY, "definition", "NIST DLMF 4.14.4", entrywise=True)
declare_rule("hyperbolic squares", cosh(X) ** 2 - sinh(X) ** 2, one, SIMPLIFY, "e^x e^−x = 1", "NIST DLMF 4.35.11", entrywise=True)
declare_rule("one and sinh squared", one + sinh(X) ** 2, cosh(X) ** 2, SIMPLIFY, "e^x e^−x = 1", "NIST DLMF 4.35.11", entrywise=True)

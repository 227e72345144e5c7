"""Which equations hold over the complex numbers because they hold over the real ones.

An equation between functions that are holomorphic, and have no branches, and that is true of all real arguments is true of all complex
ones: so says the identity theorem, and nothing has to be declared.  Moduli, conjugates, real parts, logarithms and roots are no such
functions, nor is a condition such as x ≥ 0 one that complex numbers can meet.
"""

from __future__ import annotations

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NUMBER, SIZE
from matcalc.core.operation import Kind
from matcalc.core.property import DIAGONAL, INTEGER, INVERTIBLE, LOWER, SKEW, SYMMETRIC, UPPER, Property

ALGEBRAIC: frozenset[Property] = frozenset({SYMMETRIC, SKEW, DIAGONAL, UPPER, LOWER, INVERTIBLE, INTEGER})
"""Conditions that mean the same of complex matrices, being equations of entries; and that a power is a whole one."""


def extends(*sides: Expr) -> bool:
    """Whether an equation of these sides holds for complex letters if it does for real ones.

    >>> import matcalc.operations
    >>> from matcalc.core.leaves import symbol
    >>> x = symbol("x", "n")
    >>> extends(x * x), extends(abs(x)), extends(x**0.5)
    (True, False, False)
    """
    return all(_is_entire(e) for side in sides for e in postorder(side))


def _is_entire(e: Expr) -> bool:
    """Whether an operation has one holomorphic value, poles aside; a definition is what it stands for."""
    if not e.args:
        return "properties" not in dict(e.attrs) or ALGEBRAIC.issuperset(e["properties"])
    if e.op.name == "power" and e.args[1].op in (NUMBER, SIZE):
        return e.args[1].op is SIZE or bool(e.args[1]["value"].denominator == 1)
    if e.op.kind is Kind.DEFINITION and e.op.body is not None:
        return extends(e.op.body(*e.args, **dict(e.attrs)))
    return e.op.is_holomorphic and e.op.over_complex != "branch"

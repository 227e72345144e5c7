"""matcalc: matrix calculus with every step shown, justified and checked.

    >>> import matcalc as mc
    >>> r = mc.grad("sum(abs(P.T@P - I))", "P")
    >>> r.pretty(), r.text()
    ('2 P sign(PᵀP − I)', '2*P@sign(P.T@P - I)')
"""

from matcalc.api import (
    I,
    Result,
    array,
    block_hessian,
    check,
    differential,
    equal,
    explain,
    from_latex,
    function,
    grad,
    hessian,
    hvp,
    jacobian,
    matrix,
    newton,
    parse,
    pullback,
    scalar,
    simplify,
    taylor,
    vector,
)
from matcalc.errors import MatcalcError
from matcalc.objects import word_as_function as __getattr__  # noqa: F401 - words of the language: mc.sum, mc.norm, …

__all__ = [
    "I", "MatcalcError", "Result", "array", "block_hessian", "check", "differential", "equal", "explain", "from_latex", "function", "grad",
    "hessian", "hvp", "jacobian", "matrix", "newton", "parse", "pullback", "scalar", "simplify", "taylor", "vector",
]  # fmt: skip

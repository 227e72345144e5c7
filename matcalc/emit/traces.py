"""Trace notation: tr(AᵀB) where the Frobenius notation has A : B.  Lines stay the same equations; only the writing differs."""

from __future__ import annotations

from matcalc.core.builders import call, matrix_product, times, turned
from matcalc.core.expression import Expr, plain, rebuilt, transform
from matcalc.core.leaves import NAMED, NUMBER


def traced(e: Expr) -> Expr:
    """The expression with every inner product as a trace, of columns as a product.

    >>> import matcalc.operations
    >>> from matcalc.core.leaves import symbol
    >>> P, G = symbol("P", "m", "n"), symbol("G", "n", "n")
    >>> from matcalc.emit.pretty import pretty
    >>> pretty(traced(call("inner", P @ G, P))), pretty(traced(call("inner", symbol("a", "n"), symbol("b", "n"))))
    ('tr(GᵀPᵀP)', 'aᵀb')
    """
    return transform(e, lambda x, args: x if x.op is NAMED else _as_trace(*args) if x.op.name == "inner" else rebuilt(x, args))


def _as_trace(a: Expr, b: Expr) -> Expr:
    """tr(aᵀb); numbers in front of a come out."""
    if a.op.name == "scale" and a.args[0].op is NUMBER:
        rest = a.args[1] if len(a.args) == 2 else plain(a.op, *a.args[1:])
        return times(a.args[0], _as_trace(rest, b))
    if a.is_column:
        return matrix_product(a, b)
    return call("tr", matrix_product(turned(a), b))

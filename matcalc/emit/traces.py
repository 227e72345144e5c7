"""Trace notation: tr(AᵀB) where the Frobenius notation has A : B.  Lines stay the same equations; only the writing differs."""

from __future__ import annotations

from matcalc.core.builders import call, matrix_product, over, times, turned
from matcalc.core.expression import Expr, plain, rebuilt, transform
from matcalc.core.leaves import NAMED


def traced(e: Expr) -> Expr:
    """The expression with every inner product of matrices as a trace, of columns as a product.

    >>> import matcalc.operations
    >>> from matcalc.core.leaves import symbol
    >>> P, G = symbol("P", "m", "n"), symbol("G", "n", "n")
    >>> from matcalc.emit.pretty import pretty
    >>> pretty(traced(call("inner", P @ G, P))), pretty(traced(call("inner", symbol("a", "n"), symbol("b", "n"))))
    ('tr(GᵀPᵀP)', 'aᵀb')
    """
    return transform(e, lambda x, args: x if x.op is NAMED else _as_trace(*args) if _is_pair(x) else rebuilt(x, args))


def _is_pair(e: Expr) -> bool:
    """Whether this is an inner product of matrices: one of arrays with more axes is no trace."""
    return e.op.name == "inner" and all(len(a.shape) == 2 for a in e.args)


def _as_trace(a: Expr, b: Expr) -> Expr:
    """tr(aᵀb) as one product; scalars come out."""
    if a.op.name == "scale":
        rest = a.args[1] if len(a.args) == 2 else plain(a.op, *a.args[1:])
        return times(a.args[0], _as_trace(rest, b))
    if a.op.name == "quotient" and a.args[1].is_scalar:
        return over(_as_trace(a.args[0], b), a.args[1])
    first = turned(a)
    product = matrix_product(first, b.args[0]) if b.op.name == "matmul" else matrix_product(first, b)
    for factor in b.args[1:] if b.op.name == "matmul" else ():
        product = matrix_product(product, factor)
    return product if product.is_scalar else call("tr", product)

"""Gradients inside expressions: `grad(f, x)` is carried out, the innermost first, before anything else is done."""

from __future__ import annotations

from matcalc.core.expression import Expr, rebuilt, substitute, transform
from matcalc.core.leaves import GRAD, NAMED, symbol
from matcalc.engine.answer import gradient_answer


def carried_out(root: Expr, memo: dict[Expr, Expr] | None = None) -> Expr:
    """The expression with every gradient in it carried out; `memo` remembers what was done."""
    return transform(root, _carried_out, memo)


def _carried_out(e: Expr, args: tuple[Expr, ...]) -> Expr:
    return gradient(*args) if e.op is GRAD else rebuilt(e, args)


def gradient(f: Expr, x: Expr) -> Expr:
    """∂f/∂x of a scalar f; a definition as x is a variable for the while."""
    if x.op is not NAMED:
        return gradient_answer(f, x).value
    free = symbol(x["label"], *x.shape)
    return substitute(gradient_answer(substitute(f, {x: free}), free).value, {free: x})

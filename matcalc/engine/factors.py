"""Plain products by their factors: brackets opened, put together again."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.core.builders import times, turned
from matcalc.core.expression import Expr, plain
from matcalc.core.operation import OPERATIONS, Operation


class NoMatrixForm(Exception):
    """What stands under an index sum has no form of order two or less for all values of the index together."""


def operation(name: str) -> Operation:
    """The operation of this name."""
    return OPERATIONS[name]


def product_of(scalars: Sequence[Expr]) -> Expr:
    """The product of scalars."""
    return scalars[0] if len(scalars) == 1 else plain(operation("scale"), *scalars)


def front(e: Expr) -> Expr:
    """The scalars of a multiple."""
    return product_of(e.args[:-1])


def chain_of(factors: Sequence[Expr]) -> Expr:
    """The product of factors, those of products among them without brackets."""
    flat = [a for f in factors for a in (f.args if f.op.name == "matmul" and not f.is_scalar else (f,))]
    return flat[0] if len(flat) == 1 else plain(operation("matmul"), *flat)


def entrywise_product(factors: Sequence[Expr]) -> Expr:
    """The product entry by entry."""
    return factors[0] if len(factors) == 1 else plain(operation("hadamard"), *factors)


def opened(e: Expr) -> tuple[list[Expr], list[Expr]]:
    """The scalars and the factors of a product, brackets taken away; a product that is a scalar has factors alone."""
    scalars: list[Expr] = []
    chain: list[Expr] = []
    waiting = [e]
    while waiting:
        x = waiting.pop()
        name = x.op.name
        if name == "matmul":
            waiting.extend(reversed(x.args))
        elif x.is_scalar:
            scalars.append(x)
        elif name == "scale":
            scalars += x.args[:-1]
            waiting.append(x.args[-1])
        elif name == "outer":
            waiting += (x.args[1].T, x.args[0])
        elif name == "transpose" and x.args[0].op.name == "matmul":
            waiting.append(turned(x.args[0]))
        elif name == "transpose" and x.args[0].op.name == "scale":
            waiting.append(times(front(x.args[0]), x.args[0].args[-1].T))
        else:
            chain.append(x)
    return scalars, chain

"""Long sums and products, built once.

The builders take the operands of a chain into one n-ary node at every step, which for 3,000 terms is quadratic.  A `Chain` holds
the operands of the node to be, and makes it when something other than one more operand follows.  What comes out is the
very node that the builders make.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from matcalc.core import builders
from matcalc.core.expression import Expr, plain
from matcalc.core.operation import OPERATIONS, Operation
from matcalc.core.size import ONE, SCALAR, Shape


@dataclass
class Chain:
    """Operands of a variadic operation, and the shape of the result; of `scale` the last one may be a chain itself."""

    op: Operation
    args: deque[Term]
    shape: Shape


Term: TypeAlias = "Expr | Chain"


def closed(term: Term) -> Expr:
    """The expression of a chain."""
    if isinstance(term, Expr):
        return term
    return plain(term.op, *(a if isinstance(a, Expr) else closed(a) for a in term.args))


def _opened(term: Term, name: str) -> Chain | None:
    """The chain of this operation that a term is, so that an operand can be added."""
    op = OPERATIONS[name]
    if term.op is not op:
        return None
    return term if isinstance(term, Chain) else Chain(op, deque(term.args), term.shape)


def _longer(chain: Chain, operand: Expr, shape: Shape) -> Chain:
    chain.args.append(operand)
    chain.shape = shape
    return chain


def _under_scalars(scale: Chain, join: Callable[[Term, Expr], Term], right: Expr) -> Chain:
    """The scalars in front of a scaled expression stay in front of its product with something else."""
    product = join(scale.args.pop(), right)
    scale.args += product.args if product.op is scale.op else (product,)
    scale.shape = product.shape
    return scale


def added(left: Term, right: Expr) -> Term:
    """left + right."""
    chain = _opened(left, "add")
    if chain is not None and chain.shape == right.shape:
        return _longer(chain, right, chain.shape)
    return builders.plus(closed(left), right)


def subtracted(left: Term, right: Expr) -> Term:
    """left − right."""
    if left.shape == right.shape:
        return added(left, builders.negative(right))
    return builders.minus(closed(left), right)


def scaled(left: Term, right: Expr) -> Term:
    """left * right."""
    scale = _opened(left, "scale")
    if left.shape == SCALAR:
        if scale is None:
            return builders.times(closed(left), right)
        scale.args.append(closed(scale.args.pop()))
        return _longer(scale, right, right.shape)
    if right.shape != SCALAR:
        if scale is not None:
            return _under_scalars(scale, scaled, right)
        chain = _opened(left, "hadamard")
        if chain is not None and chain.shape == right.shape:
            return _longer(chain, right, chain.shape)
    return builders.times(closed(left), right)


def multiplied(left: Term, right: Expr) -> Term:
    """left @ right."""
    if left.shape == SCALAR or right.shape == SCALAR:
        return builders.matrix_product(closed(left), right)
    scale = _opened(left, "scale")
    if scale is not None:
        return _under_scalars(scale, multiplied, right)
    chain = _opened(left, "matmul")
    if chain is None:
        return builders.matrix_product(closed(left), right)
    if chain.shape[1] is not ONE or builders.is_row(right):
        return _longer(chain, right, (chain.shape[0], right.shape[1]))
    turned = builders.turned(right)
    if right.is_column or turned.op.name == "scale":
        return builders.matrix_product(closed(chain), right)
    chain.args.extendleft(reversed(turned.args if turned.op is chain.op else (turned,)))
    chain.shape = (right.shape[1], ONE)
    return chain


JOINS: dict[str, Callable[[Term, Expr], Term]] = {
    "+": added, "-": subtracted, "*": scaled, "hadamard": scaled, "@": multiplied,
}  # fmt: skip

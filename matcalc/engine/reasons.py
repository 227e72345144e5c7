"""Reasons made from declarations: how a factor crosses the colon, what an operation's differential is, which laws were used."""

from __future__ import annotations

from functools import lru_cache

from matcalc.core.builders import call
from matcalc.core.canonical import laws_used
from matcalc.core.expression import Expr, plain
from matcalc.core.leaves import differential_of, symbol
from matcalc.core.operation import Kind, Operation
from matcalc.core.rule import RULES
from matcalc.core.derivation import Reason
from matcalc.engine.differentiate import derivatives


@lru_cache(maxsize=None)
def crossing(operation: Operation, position: int) -> Reason:
    """A : op(…, B, …) = adjoint : B, in letters, from the declared adjoint.

    >>> import matcalc.operations
    >>> from matcalc.core.operation import OPERATIONS
    >>> crossing(OPERATIONS["matmul"], 1).right.op.name
    'inner'
    """
    assert operation.equation is not None and operation.body is not None
    letters = iter("BCDEFG")
    args = tuple(_letter(next(letters), word) for word in operation.equation.inputs)
    incoming = _letter("A", operation.equation.output)
    parts = operation.body(*args, incoming)
    part = parts[position] if isinstance(parts, tuple) else parts
    return Reason(_pair(incoming, plain(operation, *args)), _pair(part, args[position]), cite=operation.cite)


def _letter(name: str, word: str) -> Expr:
    """A letter with the shape of an index word; small for scalars and vectors."""
    return symbol(name if len(word) == 2 else name.lower(), *word)


def _pair(a: Expr, b: Expr) -> Expr:
    return call("scale", a, b) if a.is_scalar else call("inner", a, b)


def slope(e: Expr) -> Reason:
    """d e = …, as the operation declares it, for this application."""
    if e.op.kind is Kind.ELEMENTWISE:
        right = derivatives(e)[0] * differential_of(e.args[0])
    else:
        assert e.op.body is not None
        right = e.op.body(*e.args, *map(differential_of, e.args)) if e.op.kind is Kind.OPERATION else e.op.body(*e.args)
    left = differential_of(e) if e.op.kind is not Kind.DEFINITION else e
    return Reason(left, right, cite=e.op.cite)


def laws(e: Expr) -> list[Reason]:
    """The laws of the glue and the canonical rules that led from a plain expression to its normal form."""
    found = []
    for law in laws_used(e):
        rule = RULES.get(law)
        found.append(Reason(rule.left, rule.right, cite=rule.cite) if rule else Reason(words=law))
    return found

"""Reasons made from declarations: how a factor crosses the colon, what an operation's differential is, which laws were used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from matcalc.core.builders import call, matrix_product
from matcalc.core.canonical import canonical, laws_used
from matcalc.core.derivation import Reason
from matcalc.core.equation import axes, extent, letters
from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.leaves import NAMED, SYMBOL, differential_of, identity, is_zero_leaf, number, ones, symbol, zeros
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.rule import RULES
from matcalc.core.size import Size
from matcalc.core.terms import is_ones
from matcalc.engine.differentiate import derivatives, entrywise, of_modulus

_OF_UNKNOWN = {"function": "L", "at": (0, 0)}
"""The attributes of an unknown function in a statement in letters."""


@cache
def crossing(operation: Operation, position: int) -> Reason:
    """A : op(…, B, …) = adjoint : B, in letters, from the declared adjoint; of what is linear in all together, a sum of such.

    >>> import matcalc.operations
    >>> from matcalc.core.operation import OPERATIONS
    >>> crossing(OPERATIONS["matmul"], 1).right.op.name
    'inner'
    """
    assert operation.equation is not None and operation.body is not None
    names = iter("BCDEFG")
    args = tuple(_letter(next(names), word) for word in operation.equation.inputs)
    incoming = _letter("A", operation.equation.output) if operation.equation.output else number(1)
    known = {**_OF_UNKNOWN, **{name: Size.of(name) for name in operation.equation.letters}}
    given = {name: known.get(name, 0) for name in operation.parameters}
    parts = operation.linear_in.get(position, operation.body)(*args, incoming, **given)
    if operation.kind is Kind.LINEAR and isinstance(parts, tuple) and incoming is not number(1):
        right = plain(OPERATIONS["add"], *(_pair(part, a) for part, a in zip(parts, args, strict=True)))
        return Reason(_pair(incoming, plain(operation, *args, **given)), right, cite=operation.cite, in_letters=True)
    part = parts[position] if isinstance(parts, tuple) else parts
    if not operation.equation.output:
        return Reason(plain(operation, *args, **given), _pair(canonical(part), args[position]), cite=operation.cite, in_letters=True)
    return Reason(_pair(incoming, plain(operation, *args, **given)), _pair(part, args[position]), cite=operation.cite, in_letters=True)


@cache
def stacking(operation: Operation, position: int) -> Reason:
    """vec op(…, B, …) = S vec B, in letters, as the operation declares it; for an elementwise product with two factors.

    Of what is linear in all its arguments together it is a sum of such.
    """
    assert operation.equation is not None and operation.stacked is not None
    names = iter("ABCDEFG")
    args = tuple(_letter(next(names), word) for word in operation.equation.inputs)
    known = {**_OF_UNKNOWN, **{name: Size.of(name) for name in operation.equation.letters}}
    given = {name: known.get(name, 0) for name in operation.parameters}
    together = operation.kind is Kind.LINEAR
    parts = []
    for i in range(len(args)) if together else [min(position, len(args) - 1)]:
        weights = canonical(operation.stacked(i, *args, **given))
        parts.append(plain(OPERATIONS["matmul"], weights, plain(OPERATIONS["vec"], args[i])))
    right = parts[0] if len(parts) == 1 else plain(OPERATIONS["add"], *parts)
    return Reason(plain(OPERATIONS["vec"], plain(operation, *args, **given)), right, cite=operation.cite, in_letters=True)


@cache
def product_statement() -> Reason:
    """vec(ABC) = (Cᵀ ⊗ A) vec B."""
    rule = RULES["vec of a product"]
    return Reason(rule.left, rule.right, cite=rule.cite, in_letters=True)


def _letter(name: str, word: str) -> Expr:
    """A letter with the shape of an index word; small for scalars and vectors."""
    parts, sizes = axes(word), {c: Size.of(c) for c in letters(word)}
    return symbol(name if len(parts) == 2 else name.lower(), *(extent(axis, sizes) for axis in parts))


def _pair(a: Expr, b: Expr) -> Expr:
    if a.is_scalar:
        return call("scale", a, b)
    return call("inner", ones(a.shape) if is_ones(a) else a, b)


def slope(e: Expr, dependent: set[Expr]) -> Reason:
    """d e = …, as the operation declares it, for this application; what does not depend on the variable has no differential."""
    if e.op.kind is Kind.ELEMENTWISE:
        moved = [
            entrywise(p, differential_of(a), e)
            for p, a in zip(derivatives(e), e.args, strict=True)
            if p is not None and moves(a, dependent)
        ]
        right = of_modulus(e, moved[0] if len(moved) == 1 else plain(OPERATIONS["add"], *moved))
    else:
        assert e.op.body is not None
        tangents = [differential_of(a) if moves(a, dependent) else zeros(a.shape) for a in e.args] if e.op.kind is Kind.OPERATION else []
        right = of_modulus(e, e.op.body(*e.args, *tangents, **dict(e.attrs)))
    left = differential_of(e) if e.op.kind is not Kind.DEFINITION else e
    return Reason(left, right, words="almost everywhere" if is_zero_leaf(canonical(right)) else "", cite=e.op.cite)


def is_notation(operation: Operation) -> bool:
    """Whether this is another writing of something, as a quotient is; that is told to nobody."""
    return operation.kind is Kind.DEFINITION and operation.hidden


def arranged(reason: Reason, arrange: Callable[[Expr], Expr]) -> Reason:
    """The reason as a person writes it."""
    assert reason.left is not None and reason.right is not None
    return replace(reason, left=arrange(reason.left), right=arrange(canonical(reason.right)))


def moves(e: Expr, dependent: set[Expr]) -> bool:
    """Whether an argument depends on the variable; of names that is known, and nothing looks into them."""
    return any(x in dependent for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args))


def origin(e: Expr) -> list[Reason]:
    """The defining equation that the differential of e is proved from, where its operation declares one."""
    if e.op.implicit is None:
        return []
    left, right = e.op.implicit(*e.args, **dict(e.attrs))
    return [Reason(left, right, words="from", cite=e.op.cite)]


UNITS = ("1 is the unit of ⊙", "I is the unit of the product")


def laws(e: Expr, normal: Expr, units: bool = True) -> list[Reason]:
    """The laws of the glue and the canonical rules that led from a plain expression to its normal form.

    A unit that went is told by this very equation, 1 ⊙ G = G, where `units` are told; a rule by its statement in letters.
    """
    found = []
    for law in laws_used(e):
        rule = RULES.get(law)
        if rule is not None:
            found.append(Reason(rule.left, rule.right, cite=rule.cite, in_letters=True))
        elif law in UNITS and not units:
            continue
        elif law in UNITS and normal.op in (SYMBOL, NAMED):
            found.append(Reason(plain(e.op, *(ones(a.shape) if is_ones(a) else a for a in e.args)), normal))
        elif law in UNITS:
            A = _letter("A", "mn")
            product_ = call("hadamard", ones(A.shape), A) if law == UNITS[0] else matrix_product(identity("m"), A)
            found.append(Reason(product_, A, in_letters=True))
        elif law not in UNITS:
            found.append(Reason(words=law))
    return found

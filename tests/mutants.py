"""Faults planted in an expression: one sign, one transpose, one factor, one term, one order, one number."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.leaves import number
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.errors import MatcalcError

TRANSPOSE = OPERATIONS["transpose"]


def faults(e: Expr) -> Iterator[tuple[str, Expr]]:
    """What may have been written by mistake in place of one node."""
    name, args = e.op.name, e.args
    if name != "number":
        yield "a sign", -e
    if name == "number":
        yield "a number", number(e["value"] + 1)
        yield "a sign", number(-e["value"])
    if name == "transpose":
        yield "a transpose dropped", args[0]
    elif not e.is_scalar:
        yield "a transpose too many", plain(TRANSPOSE, e)
    if name in ("add", "matmul", "hadamard", "scale") and len(args) > 1:
        for k in range(len(args)):
            rest = args[:k] + args[k + 1 :]
            yield f"a part of {name} dropped", rest[0] if len(rest) == 1 else plain(e.op, *rest)
    if name == "matmul" and len(args) == 2:
        yield "two factors in the other order", plain(e.op, args[1], args[0])
    if name == "power":
        yield "a power dropped", args[0]
    if name in ("inv", "abs", "sign", "tanh", "exp", "log", "softmax", "diag"):
        yield f"{name} dropped", args[0]


def mutants(root: Expr) -> Iterator[tuple[str, Expr]]:
    """The expression with one fault at one node, wherever the shapes allow it; those of equal form are left out."""
    seen = {root}
    for place in postorder(root, below=_visible):
        for what, wrong in _faults(place):
            try:
                new = put(root, place, wrong)
            except MatcalcError:
                continue
            if new.shape == root.shape and new not in seen:
                seen.add(new)
                yield what, new


def _faults(place: Expr) -> list[tuple[str, Expr]]:
    found = []
    source = faults(place)
    while True:
        try:
            found.append(next(source))
        except StopIteration:
            return found
        except MatcalcError:
            source = iter(())  # shapes that do not fit are no fault that anyone could write


def put(root: Expr, place: Expr, new: Expr) -> Expr:
    """The root with one node replaced, nothing looked for inside the replacement; all else is built as it stood."""
    built: dict[Expr, Expr] = {place: new}
    for e in postorder(root, below=_visible, seen={place}):
        built[e] = e if e.op.kind is Kind.BINDER else rebuilt(e, tuple(built[a] for a in e.args))
    return built[root]


def _visible(e: Expr) -> tuple[Expr, ...]:
    """The parts of a node; a differential is one thing."""
    return () if e.op.kind is Kind.BINDER else e.args

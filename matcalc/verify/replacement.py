"""One node put in place of another: what stands above it is built anew, as the language would read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from matcalc.core.builders import matrix_product
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.errors import ShapeMistake

Factors: TypeAlias = tuple[Expr, ...]
Found: TypeAlias = tuple[str, Callable[[], Expr]]
"""The name of a slip, and what it makes of a node (which may fit nowhere, and then raises)."""


def users(root: Expr) -> dict[Expr, list[Expr]]:
    """For every node those that use it."""
    found: dict[Expr, list[Expr]] = {root: []}
    for e in postorder(root):
        for a in e.args:
            found.setdefault(a, []).append(e)
    return found


def put(root: Expr, place: Expr, new: Expr, above: dict[Expr, list[Expr]]) -> Expr:
    """The root with one node replaced: only what stands above it is built anew."""
    touched, waiting = {place}, [place]
    while waiting:
        for e in above[waiting.pop()]:
            if e not in touched:
                touched.add(e)
                waiting.append(e)
    built = {place: new}
    for e in postorder(root, below=lambda x: x.args if x in touched and x is not place else ()):
        if e in touched and e is not place:
            built[e] = again(e, tuple(built.get(a, a) for a in e.args))
    return built[root]


def again(e: Expr, args: Factors) -> Expr:
    """The node over other arguments; a product one of whose factors has become a scalar, as the language reads it."""
    if e.op.name == "matmul" and any(a.is_scalar for a in args):
        return chain_of(args)
    tensors = len(e.shape) != 2 or any(len(a.shape) != 2 for a in e.args)
    if (tensors or e.op.kind in (Kind.LEAF, Kind.BINDER)) and [a.shape for a in args] != [a.shape for a in e.args]:
        raise ShapeMistake("this node has the shape of what stands in it")
    return rebuilt(e, args)


def chain_of(factors: Factors) -> Expr:
    """The product of factors, as the language reads it."""
    whole = factors[0]
    for f in factors[1:]:
        whole = matrix_product(whole, f)
    return whole


def nothing(e: Expr) -> Iterator[Found]:
    """No slips."""
    yield from ()


def flipped(e: Expr) -> Expr:
    """The transpose, without a transpose if there is one."""
    return e.args[0] if e.op.name == "transpose" else plain(OPERATIONS["transpose"], e)


def with_argument(e: Expr, k: int, new: Expr) -> Expr:
    """The node with another argument at one place."""
    return again(e, (*e.args[:k], new, *e.args[k + 1 :]))


def without(e: Expr, k: int) -> Expr:
    """The node without one of its arguments; what is left alone stands by itself."""
    rest = e.args[:k] + e.args[k + 1 :]
    return rest[0] if len(rest) == 1 else again(e, rest)

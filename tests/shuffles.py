"""One expression in many presentations: other orders, other brackets, transposed where transposing both ways changes nothing."""

from __future__ import annotations

from random import Random

from matcalc.core.expression import Expr, plain, transform
from matcalc.core.operation import OPERATIONS, Kind


def T(e: Expr) -> Expr:  # noqa: N802 - as it is written behind a matrix
    """The transpose, as a node."""
    return plain(OPERATIONS["transpose"], e)


def bracketed(op: str, parts: list[Expr], chance: Random) -> Expr:
    """An associative operation with brackets at random."""
    parts = list(parts)
    while len(parts) > 1:
        if chance.random() < 0.3:
            return plain(OPERATIONS[op], *parts)
        k = chance.randrange(len(parts) - 1)
        parts[k : k + 2] = [plain(OPERATIONS[op], *parts[k : k + 2])]
    return parts[0]


def shuffled(e: Expr, chance: Random) -> Expr:
    """Another presentation of the same."""

    def change(x: Expr, args: tuple[Expr, ...]) -> Expr:
        new = again(x, list(args), chance)
        if chance.random() < 0.05:
            new = T(T(new))
        assert new.shape == x.shape, x
        return new

    return transform(e, change)


def again(x: Expr, args: list[Expr], chance: Random) -> Expr:
    """The node on these arguments, presented at random."""
    op, turn = x.op, chance.random() < 0.4
    if op.kind in (Kind.LEAF, Kind.BINDER):
        return x

    def made(*new: Expr) -> Expr:
        return plain(op, *new, **dict(x.attrs))

    match op.name:
        case "add" | "hadamard":
            chance.shuffle(args)
            return T(bracketed(op.name, [T(a) for a in args], chance)) if turn else bracketed(op.name, args, chance)
        case "scale":
            last = [] if x.is_scalar else [args.pop()]
            chance.shuffle(args)
            if last and turn:
                last = [T(last[0])]
            new = bracketed_scale([*args, *last], chance)
            return T(new) if last and turn else new
        case "matmul":
            return T(bracketed("matmul", [T(a) for a in reversed(args)], chance)) if turn else bracketed("matmul", args, chance)
        case "transpose":
            return T(args[0])
        case "outer":
            return T(made(*reversed(args))) if turn else made(*args)
    if op.kind in (Kind.ELEMENTWISE, Kind.DEFINITION) and op.equation is None:
        return T(made(*(a if a.is_scalar else T(a) for a in args))) if turn else made(*args)
    if op.kind is Kind.MULTILINEAR and op.equation is not None:
        if op.equation.symmetric_under_exchange:
            chance.shuffle(args)
        if turn and op.equation.symmetric_result:
            return T(made(*args))
        of_matrices = all(not word or (word.isalpha() and len(word) == 2) for word in op.equation.inputs) and not x.attrs
        if turn and of_matrices and op.equation.invariant_under_transposition:
            return made(*map(T, args))
        if turn and of_matrices and op.equation.equivariant_under_transposition:
            return T(made(*map(T, args)))
        if turn and op.name == "diagonal":
            return made(*map(T, args))
        return made(*args)
    if turn and op.transposition == "invariant":
        return made(*map(T, args))
    if turn and op.transposition == "equivariant":
        return T(made(*map(T, args)))
    return made(*args)


def bracketed_scale(parts: list[Expr], chance: Random) -> Expr:
    """Scalars in front, with brackets at random: a (b X), (a b) X."""
    scale = OPERATIONS["scale"]
    parts = list(parts)
    while len(parts) > 1:
        if chance.random() < 0.3:
            return plain(scale, *parts)
        k = chance.randrange(len(parts) - 1)
        parts[k : k + 2] = [plain(scale, *parts[k : k + 2])]
    return parts[0]

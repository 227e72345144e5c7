"""Matrix products of batches: by `@` where NumPy multiplies what stands in front of it, else as sums of products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matcalc.core.chains import pieces
from matcalc.core.expression import Expr
from matcalc.core.size import ONE
from matcalc.emit.batch import Batch
from matcalc.errors import Unsupported

if TYPE_CHECKING:
    from matcalc.emit.batched import Batched


def chain(batched: Batched, factors: Sequence[Expr]) -> Batch:
    """A chain of factors, cut at its inner sizes of 1, each piece from the end that is a vector."""
    cut = pieces(factors)
    found = [_piece(batched, piece) for piece in cut]
    kinds = [(piece[0].shape[0] is not ONE, piece[-1].shape[1] is not ONE) for piece in cut]
    result, (has_rows, _) = found[0], kinds[0]
    for batch, (rows, columns) in zip(found[1:], kinds[1:], strict=True):
        if result.rank and batch.rank and has_rows and columns:
            result = outer(batched, result, batch)
        else:
            result = batched.shape.entrywise("multiply", *sorted((result, batch), key=lambda b: b.rank))
        has_rows = has_rows or rows
    return result


def _piece(batched: Batched, piece: list[Expr]) -> Batch:
    if piece[-1].is_column:
        result = batched.of(piece[-1])
        for f in reversed(piece[:-1]):
            result = _times_column(batched, f, result)
        return result
    result = batched.of(piece[0])
    is_row = piece[0].shape[0] is ONE
    for f in piece[1:]:
        result = _row_times(batched, result, f) if is_row else _product(batched, result, f)
    return result


def _diagonal(batched: Batched, f: Expr) -> Batch | None:
    """The vector of a diagonal matrix."""
    inside = f.args[0] if f.op.name == "transpose" else f
    return batched.of(inside.args[0]) if inside.op.name == "diag" else None


def _product(batched: Batched, left: Batch, f: Expr) -> Batch:
    """A matrix times a matrix."""
    d = _diagonal(batched, f)
    if d is not None:
        return batched.shape.entrywise("multiply", left, batched.shape.formed("{0}[..., None, :]", 2, d))
    a, b = batched.shape.aligned([left, batched.of(f)], 2)
    return Batch(batched.shape.make("matmul", a.code, b.code, rank=len(a.over or b.over) + 2), a.over or b.over, 2)


def _times_column(batched: Batched, f: Expr, x: Batch) -> Batch:
    """A matrix (or a row) times a column."""
    if f.shape[0] is ONE:
        return inner(batched, batched.of(f), x)
    d = _diagonal(batched, f)
    if d is not None:
        return batched.shape.entrywise("multiply", d, x)
    M = batched.of(f)
    if not M.over:
        turned = batched.lowering.program.transposed(M.code)
        return Batch(batched.shape.make("matmul", x.code, turned, rank=x.code.rank), x.over, 1)
    if not x.over:
        return Batch(batched.shape.make("matmul", M.code, x.code, rank=M.code.rank - 1), M.over, 1)
    return batched.shape.contracted("ij", "j", "i", M, x)


def _row_times(batched: Batched, x: Batch, f: Expr) -> Batch:
    """A row times a matrix."""
    d = _diagonal(batched, f)
    if d is not None:
        return batched.shape.entrywise("multiply", x, d)
    M = batched.of(f)
    if not M.over or not x.over:
        over = M.over or x.over
        return Batch(batched.shape.make("matmul", x.code, M.code, rank=len(over) + 1), over, 1)
    return batched.shape.contracted("i", "ij", "j", x, M)


def inner(batched: Batched, a: Batch, b: Batch) -> Batch:
    """The sum of products of all entries."""
    word = "ij"[: a.rank]
    if a.rank != b.rank:
        raise Unsupported("an inner product of arrays of different orders has no form in NumPy")
    if a.rank == 1 and (not a.over or not b.over):
        left, right = (a, b) if not b.over else (b, a)
        return Batch(batched.shape.make("matmul", left.code, right.code, rank=len(left.over)), left.over, 0)
    return batched.shape.contracted(word, word, "", a, b)


def outer(batched: Batched, x: Batch, y: Batch) -> Batch:
    """x yᵀ."""
    left = batched.shape.formed("{0}[..., None]", 2, x)
    return batched.shape.entrywise("multiply", left, batched.shape.formed("{0}[..., None, :]", 2, y))

"""Slips in products: of matrices, entry by entry, of Kronecker."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from matcalc.core.builders import call, is_row, matrix_product, times, turned
from matcalc.core.expression import Expr
from matcalc.core.indices import is_square
from matcalc.core.leaves import identity, ones
from matcalc.core.size import ONE
from matcalc.core.terms import is_ones
from matcalc.errors import ShapeMistake
from matcalc.verify.replacement import Factors, Found, chain_of, flipped, with_argument, without


def of_product(e: Expr) -> Iterator[Found]:
    """Slips in a product of matrices: a factor lost, turned inside out, in another order, taken entry by entry."""
    n = len(e.args)
    for k in range(n):
        yield "sum" if is_ones(e.args[k]) else "factor", partial(without, e, k)
    for k in range(n - 1):
        a, b = e.args[k], e.args[k + 1]
        before, after = e.args[:k], e.args[k + 2 :]
        if a.is_column and is_row(b):
            yield "inner", partial(_inside_out, before, b, a, after)
            if n == 2 and is_square(e):
                yield "inner", partial(_on_diagonal, b, a)
            if n == 2:
                yield "inner", partial(_in_every_entry, b, a)
        if is_row(a) and b.is_column:
            yield "inner", partial(_joined, before, (b, a), after)
            yield "inner", partial(_joined, before, (turned(a), b.T), after)
        yield "order", partial(_joined, before, (b, a), after)
        yield "elementwise", partial(_merged, before, a, b, after)
        if n > 2:
            yield "sum" if is_ones(a) and is_ones(flipped(b)) else "factor", partial(_joined, before, (), after)
        if not (a.is_column or is_row(a) or b.is_column or is_row(b)) or n == 2:
            yield "sum", partial(_summed_apart, before, a, b, after)
        if k:
            yield "elementwise", partial(_split, e.args[: k + 1], e.args[k + 1 :])
        if b.op.name == "hadamard" and b.is_column and not after:
            yield "elementwise", partial(_outside, e.args[:-1], b)
            for at, u in enumerate(b.args):
                if u.op.name == "matmul" and len(u.args) > 1:
                    yield "order", partial(_pulled_out, e.args[:-1], b, at)
    if n > 2:
        yield "order", lambda: chain_of(e.args[::-1])
        yield "order", lambda: chain_of((e.args[-1], *e.args[:-1]))
        yield "order", lambda: chain_of((*e.args[1:], e.args[0]))


def _joined(before: Factors, new: Factors, after: Factors) -> Expr:
    return chain_of((*before, *new, *after))


def _inside_out(before: Factors, row: Expr, column: Expr, after: Factors) -> Expr:
    """xᵀy in front of what is left of A x yᵀB."""
    c, rest = call("matmul", row, column), (*before, *after)
    return times(c, chain_of(rest)) if rest else c


def _on_diagonal(row: Expr, column: Expr) -> Expr:
    """(xᵀy) I for x yᵀ."""
    return times(call("matmul", row, column), identity(row.shape[1]))


def _in_every_entry(row: Expr, column: Expr) -> Expr:
    """xᵀy in every entry for x yᵀ."""
    return times(call("matmul", row, column), ones((column.shape[0], row.shape[1])))


def _summed_apart(before: Factors, a: Expr, b: Expr, after: Factors) -> Expr:
    """Σⱼ aᵢⱼ Σⱼ bⱼₖ for Σⱼ aᵢⱼ bⱼₖ."""
    one = ones((a.shape[1], ONE))
    return chain_of((*before, chain_of((a, one)), chain_of((one.T, b)), *after))


def _split(left: Factors, right: Factors) -> Expr:
    """(A B) ⊙ C for A B C, one of them turned where only that fits."""
    a, b = chain_of(left), chain_of(right)
    return call("hadamard", a, b if a.shape == b.shape else flipped(b))


def _pulled_out(before: Factors, product: Expr, at: int) -> Expr:
    """B A (u ⊙ v) for A (B u ⊙ v)."""
    first, *rest = product.args[at].args
    inside = call("hadamard", *product.args[:at], chain_of(tuple(rest)), *product.args[at + 1 :])
    return chain_of((first, *before, inside))


def _outside(before: Factors, product: Expr) -> Expr:
    """(A u) ⊙ v for A (u ⊙ v)."""
    for k, u in enumerate(product.args):
        moved = chain_of((*before, u))
        if moved.shape == product.shape:
            return call("hadamard", moved, *product.args[:k], *product.args[k + 1 :])
    raise ShapeMistake("the product has another shape")


def _merged(before: Factors, a: Expr, b: Expr, after: Factors) -> Expr:
    """A ⊙ B for A B where the shapes are one, else with one of them turned."""
    return chain_of((*before, call("hadamard", a, b if a.shape == b.shape else flipped(b)), *after))


def of_entrywise(e: Expr) -> Iterator[Found]:
    """Slips in a product entry by entry: a factor lost, a product of matrices in its place."""
    for k in range(len(e.args)):
        yield "factor", partial(without, e, k)
    if len(e.args) == 2:
        a, b = e.args
        yield "elementwise", lambda: matrix_product(a, b)
        yield "elementwise", lambda: matrix_product(b, a)
        yield "elementwise", lambda: matrix_product(a.T, b)
        yield "elementwise", lambda: matrix_product(a, b.T)


def of_kronecker(e: Expr) -> Iterator[Found]:
    """The factors of a Kronecker product in the other order."""
    yield "order", lambda: with_argument(with_argument(e, 0, e.args[1]), 1, e.args[0])

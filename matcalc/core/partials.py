"""Partial derivatives of unknown functions of several arguments: their shapes, and how they go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from matcalc.core.abstract import SEVERAL_ALONG
from matcalc.core.builders import inner_product, matrix_product, times
from matcalc.core.expression import Expr, plain, shape_text
from matcalc.core.leaves import is_zero_leaf
from matcalc.core.operation import OPERATIONS
from matcalc.core.size import SCALAR, Shape, Size, product
from matcalc.errors import ShapeMistake, Unsupported

Places: TypeAlias = tuple[int, ...]
"""The arguments, counted from 0 and in order, in which a function is differentiated."""


def derivative_shape(*X: Expr, at: Places, m: Size | None = None, **more: Any) -> Shape:
    """The shape of a derivative in the arguments at these places: their sizes one after the other, behind that of the value.

    In one matrix it has the shape of that; where there are two axes, those of a matrix are its columns one below the other.
    """
    wide = [X[i].shape for i in at if not X[i].is_scalar]
    before = () if m is None else (m,)
    if len(wide) == 1 and not before:
        return wide[0]
    if len(wide) + len(before) > 2:
        raise ShapeMistake("a derivative in arguments of shapes " + " and ".join(map(shape_text, wide)) + " has no matrix form")
    return (*before, *(product(shape) for shape in wide), *SCALAR)[:2]


def differential(e: Expr, places: Sequence[Expr]) -> Expr:
    """d of an application, of the differentials of its arguments: a term for each that moves, a derivative in one place more."""
    terms = [_term(e, i, dX) for i, dX in enumerate(places) if not is_zero_leaf(dX)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _term(e: Expr, i: int, dX: Expr) -> Expr:
    """What the move of one argument gives."""
    at, X, given = e["at"], e.args, dict(e.attrs)
    axes = [k for k in at if not X[k].is_scalar]
    if not X[i].is_scalar and len(axes) + ("m" in given) > 1:
        raise Unsupported("a derivative of an unknown function with three axes has no matrix form")
    if not X[i].is_scalar and axes and not (X[i].is_column and e.is_column):
        if len(at) > 1:
            raise third_derivative()
        return plain(OPERATIONS[SEVERAL_ALONG], dX, *X, function=e["function"], at=(axes[0], i))
    J = plain(e.op, *X, **{**given, "at": tuple(sorted((*at, i)))})
    if X[i].is_scalar:
        return times(J, dX)
    if not axes and "m" not in given:
        return inner_product(J, dX)
    return matrix_product(J if not axes or axes[0] <= i else J.T, dX)


def third_derivative() -> Unsupported:
    """The error that a derivative would have more axes than there is room for."""
    return Unsupported("the third derivative of an unknown function of a matrix is not known")

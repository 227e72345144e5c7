"""Applications of unknown functions of several arguments, differentiated in the arguments at some places: `core.abstract` has the words.

One operation is a function with all its derivatives: the attribute `at` has the places, in order, and the sizes of the arguments
there are the axes of the value, a number having none.  With respect to a matrix a second derivative stands along a direction E.
"""

from matcalc.core.expression import Expr, plain
from matcalc.core.operation import OPERATIONS, elementwise, operation
from matcalc.core.partials import Places, derivative_shape, differential, third_derivative
from matcalc.core.size import Size

_CITE = "Magnus & Neudecker 2019, §5.9"


@elementwise(
    hidden=True, arity=2, word="an unknown function", cite=_CITE,
    value=lambda N, *xs, function, at: N.function("unknown entry", *xs, function, at).entries[0],
)  # fmt: skip
def entries_of_several(*X: Expr, function: str, at: Places) -> tuple[Expr, ...]:
    """Unknown real function of the entries that stand at one place, or a partial derivative of it."""
    return tuple(entries_of_several(*X, function=function, at=tuple(sorted((*at, i)))) for i in range(len(X)))


def _is_own_hessian(*X: Expr, function: str, at: Places) -> bool:
    """Whether both axes are those of one argument."""
    axes = [i for i in at if not X[i].is_scalar]
    return len(axes) == 2 and axes[0] == axes[1]


@operation(
    "mn,pq->", hidden=True, arity=2, word="an unknown function", shape_of=derivative_shape, mirrored=_is_own_hessian, cite=_CITE,
    value=lambda N, *X, function, at: N.function("unknown partial", *X, function, at),
)  # fmt: skip
def number_of_several(*given: Expr, function: str, at: Places) -> Expr:
    """Value of an unknown function that makes one number of several arguments, or a partial derivative of it."""
    half = len(given) // 2
    return differential(plain(OPERATIONS["number_of_several"], *given[:half], function=function, at=at), given[half:])


def _block(*X: Expr, function: str, at: Places) -> Expr:
    """The second derivative in the arguments at two places, a row for each entry at the first."""
    block = plain(number_of_several, *X, function=function, at=tuple(sorted(at)))
    return block if at == tuple(sorted(at)) else block.T


@operation(
    "mn,mn,pq->mn", hidden=True, arity=3, word="the second derivative of an unknown function", opaque=(1, 2), cite=_CITE,
    linear_in={0: lambda E, *X, function, at: OPERATIONS["several_along"](X[-1], *X[:-1], function=function, at=at[::-1])},
    stacked=lambda place, E, *X, function, at: _block(*X, function=function, at=at),
    shape_of=lambda E, *X, function, at: X[at[0]].shape,
    value=lambda N, E, *X, function, at: N.function("unknown partial along", E, *X, function, at),
)  # fmt: skip
def several_along(*given: Expr, function: str, at: Places) -> Expr:
    """Derivative of the gradient in the first of two places as the argument at the second goes in the direction E."""
    raise third_derivative()


@operation(
    "n,p->m", hidden=True, arity=2, word="an unknown function", shape_of=derivative_shape, cite=_CITE,
    value=lambda N, *X, function, at, m: N.function("unknown partial of a vector", *X, function, at, m),
)  # fmt: skip
def vector_of_several(*given: Expr, function: str, at: Places, m: Size) -> Expr:
    """Value of an unknown function that makes a vector of several vectors and numbers, or its Jacobian in one of them."""
    half = len(given) // 2
    return differential(plain(OPERATIONS["vector_of_several"], *given[:half], function=function, at=at, m=m), given[half:])

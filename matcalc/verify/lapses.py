"""Slips of differentiation: what comes out where one step of the calculation is done wrongly, at one place of the function.

    product rule      one factor of several is not differentiated, or only one is, or one twice
    inner derivative  the differential of f(u) taken to be du
    sign              lost at one place
    transpose         (dX)ᵀ taken for dX
    diagonal          the diagonal of a Jacobian taken for the Jacobian
    scalar calculus   df(X) = f′(X) dX, as if matrices commuted

Each is a change of the tangent of one node, and what stands above that node goes its usual way: no rule is needed, and no line of
derivation is written.  The answer is then tried against the tangent that comes out, in the direction in which the variable moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from matcalc.core.expression import Expr, depends, postorder, rebuilt
from matcalc.core.indices import is_square
from matcalc.core.leaves import INDEX_SUM, named
from matcalc.core.operation import Kind
from matcalc.verify.evaluate import Frame, Point
from matcalc.verify.matrix import Matrix, added, multiplied
from matcalc.verify.meaning import below

Tangent: TypeAlias = Callable[[Point], Matrix]
MOST = 80
LARGEST_JACOBIAN = 36
_LABEL = "argument"


@dataclass(frozen=True)
class Lapse:
    """A slip at a node, of its argument number `argument` (−1 for the node as a whole); `tangent` is what it makes of the node's."""

    slip: str
    node: Expr
    argument: int
    tangent: Tangent


def lapses(f: Expr, x: Expr) -> Iterator[Lapse]:
    """The slips that can be made in differentiating f with respect to x, those near the variable last."""
    moving = depends([f], {x})
    count = 0
    for e in reversed(list(postorder(f, below=_body))):
        if e in moving and e is not x and e.args and e.op is not INDEX_SUM:
            for lapse in (*_at(e, moving), *_of_inner(e, x, moving)):
                yield lapse
                count += 1
            if count > MOST:
                return


def _body(e: Expr) -> tuple[Expr, ...]:
    return () if e.op is INDEX_SUM else e.args


def _at(e: Expr, moving: set[Expr]) -> Iterator[Lapse]:
    places = [k for k, a in enumerate(e.args) if a in moving]
    for k in places:
        others = [j for j in places if j != k]
        if others:
            yield Lapse("product rule", e, k, partial(_total, e, others))
            if len(places) > 2:
                yield Lapse("product rule", e, k, partial(contribution, e, k))
            elif e.op.kind is Kind.MULTILINEAR:
                yield Lapse("scalar calculus", e, k, partial(_mixed, e, k, [], _twice))
            yield Lapse("sign", e, k, partial(_mixed, e, k, others, _negative))
        a = e.args[k]
        if is_square(a) and not a.is_scalar:
            yield Lapse("transpose", e, k, partial(_mixed, e, k, others, Matrix.transposed))
    if len(places) == 1 and e.args[places[0]].shape == e.shape and e.op.kind not in (Kind.LINEAR, Kind.BINDER):
        yield from _of_one(e, places[0])


def _of_one(e: Expr, k: int) -> Iterator[Lapse]:
    """Slips in differentiating a function of one argument with the shape of its value."""
    argument = e.args[k]
    if not e.is_scalar or e.op.kind is Kind.ELEMENTWISE:
        yield Lapse("inner derivative", e, k, partial(velocity, argument))
    if e.op.kind is Kind.ELEMENTWISE:
        yield Lapse("not differentiated", e, k, partial(_kept, e, argument))
    if e.op.kind is Kind.ELEMENTWISE or e.is_scalar:
        return
    yield Lapse("diagonal", e, k, partial(_diagonal, e, k))
    if is_square(e):
        yield Lapse("scalar calculus", e, k, partial(_as_of_scalars, e, k, True))
        yield Lapse("scalar calculus", e, k, partial(_as_of_scalars, e, k, False))


def _of_inner(e: Expr, x: Expr, moving: set[Expr]) -> Iterator[Lapse]:
    """Slips with what has the shape of the variable: its derivative taken to be 1, or the diagonal of its Jacobian for the Jacobian."""
    if e.shape != x.shape:
        return
    if x not in e.args:
        yield Lapse("inner derivative", e, next(k for k, a in enumerate(e.args) if a in moving), partial(velocity, x))
    if not e.is_scalar and sum(a in moving for a in e.args) > 1:
        yield Lapse("diagonal", e, 0, partial(_diagonal_along, e, x))


def _diagonal_along(e: Expr, x: Expr, point: Point) -> Matrix:
    """The diagonal of the Jacobian with respect to the variable ⊙ its tangent."""
    X, rest, d = point.value(x), point.value(e), velocity(x, point)
    if len(X.entries) > LARGEST_JACOBIAN:
        raise OverflowError("too large a Jacobian")
    slopes = []
    for i in range(len(X.entries)):
        frame = Frame(point, point.still)
        frame.recall({x: Matrix(X.rows, X.columns, [point.N.displaced(a, int(i == j)) for j, a in enumerate(X.entries)])})
        frame.evaluate(e)
        slopes.append(point.N.velocity(frame.values[e].entries[i], rest.entries[i]))
    return Matrix(X.rows, X.columns, [s * t for s, t in zip(slopes, d.entries, strict=True)])


def velocity(e: Expr, point: Point) -> Matrix:
    """The tangent of a node."""
    return point.tangent(e)


def _kept(e: Expr, argument: Expr, point: Point) -> Matrix:
    """f(u) ⊙ du: the function stands as it is."""
    d = velocity(argument, point)
    return Matrix(d.rows, d.columns, [a * b for a, b in zip(point.value(e).entries, d.entries, strict=True)])


def _negative(d: Matrix) -> Matrix:
    return multiplied(-1, d)


def _twice(d: Matrix) -> Matrix:
    return multiplied(2, d)


def _total(e: Expr, places: list[int], point: Point) -> Matrix:
    """The tangent where these arguments move."""
    total = contribution(e, places[0], point)
    for k in places[1:]:
        total = added(total, contribution(e, k, point))
    return total


def _mixed(e: Expr, k: int, others: list[int], change: Callable[[Matrix], Matrix], point: Point) -> Matrix:
    """The tangent where some arguments move as they do, and one as it should not."""
    own = contribution(e, k, point, change)
    return added(_total(e, others, point), own) if others else own


def contribution(e: Expr, k: int, point: Point, change: Callable[[Matrix], Matrix] | None = None, along: Matrix | None = None) -> Matrix:
    """The tangent of a node where one argument alone moves: as it does, or changed, or along a direction of one's own."""
    still = point.still
    argument = e.args[k]
    still.evaluate(e)
    if along is None:
        along = point.tangent(argument)
        along = along if change is None else change(along)
    value = still.values[argument]
    # The same node may stand at several places; a name sets this one apart.
    apart = named(_LABEL, argument)
    node = rebuilt(e, (*e.args[:k], apart, *e.args[k + 1 :]))
    frame = Frame(point, still)
    frame.recall({a: still.values[a] for a in e.args})
    frame.recall({apart: Matrix(value.rows, value.columns, list(map(point.N.displaced, value.entries, along.entries)))})
    frame.evaluate(node)
    result, rest = frame.values[node], still.values[e]
    return Matrix(result.rows, result.columns, list(map(point.N.velocity, result.entries, rest.entries)))


def _directions(X: Matrix, at: int) -> Matrix:
    return Matrix(X.rows, X.columns, [int(i == at) for i in range(len(X.entries))])


def _diagonal(e: Expr, k: int, point: Point) -> Matrix:
    """The diagonal of the Jacobian ⊙ the tangent of the argument."""
    X = point.value(e.args[k])
    if len(X.entries) > LARGEST_JACOBIAN:
        raise OverflowError("too large a Jacobian")
    slopes = [contribution(e, k, point, along=_directions(X, i)).entries[i] for i in range(len(X.entries))]
    d = velocity(e.args[k], point)
    return Matrix(X.rows, X.columns, [s * t for s, t in zip(slopes, d.entries, strict=True)])


def _as_of_scalars(e: Expr, k: int, left: bool, point: Point) -> Matrix:
    """f′(X) dX or dX f′(X), where f′(X) is how f changes along I."""
    X = point.value(e.args[k])
    identity = Matrix(X.rows, X.rows, [int(i == j) for i in range(X.rows) for j in range(X.rows)])
    slope, d = contribution(e, k, point, along=identity), velocity(e.args[k], point)
    return point.N.product(slope, d) if left else point.N.product(d, slope)


def carried(f: Expr, lapse: Lapse, point: Point) -> Matrix:
    """The tangent of f where the slip was made."""
    point.tangent(f)
    still, moved = point.still, point.moved
    above = {lapse.node}
    for e in postorder(f, below=below):
        if any(a in above for a in below(e)):
            above.add(e)
    frame = Frame(point, still)
    frame.recall({e: v for e, v in moved.values.items() if e not in above})
    wrong, rest = lapse.tangent(point), still.values[lapse.node]
    entries = list(map(point.N.displaced, rest.entries, wrong.entries))
    frame.recall({lapse.node: Matrix(rest.rows, rest.columns, entries)})
    frame.evaluate(f)
    result, value = frame.values[f], still.values[f]
    return Matrix(result.rows, result.columns, list(map(point.N.velocity, result.entries, value.entries)))

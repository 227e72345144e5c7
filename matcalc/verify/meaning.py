"""What a node means as numbers: how its value comes from the values below it, by the kind of its operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, partial
from operator import add
from typing import TYPE_CHECKING, Any, TypeAlias

from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import PLACE, SLICE, UNIT_AT, counter
from matcalc.core.leaves import (
    DIFFERENTIAL,
    GRAD,
    IDENTITY,
    INDEX,
    INDEX_SUM,
    NAMED,
    NUMBER,
    ONES,
    PI,
    SIZE,
    SYMBOL,
    UNIT,
    ZEROS,
)  # fmt: skip
from matcalc.core.operation import Kind, Operation
from matcalc.core.reality import IMAGINARY
from matcalc.core.size import Size
from matcalc.errors import Unsupported
from matcalc.verify import reductions, series, spectral, systems, unknown  # noqa: F401 - they enter their functions
from matcalc.verify.constants import exact_value
from matcalc.verify.contraction import contract
from matcalc.verify.matrix import Matrix, diagonal_matrix, scalar
from matcalc.verify.numbers import Unlucky, random_bytes
from matcalc.verify.sampling import drawn_value

if TYPE_CHECKING:
    from matcalc.verify.evaluate import Frame

Meaning: TypeAlias = Callable[[Expr, "Frame"], Matrix]


def below(e: Expr) -> Iterable[Expr]:
    """What a node's value is made of: its arguments, or the equal expression that stands for it.

    The body of an index sum has no value of its own; the sum sees to it.
    """
    if e.op is INDEX_SUM:
        return ()
    return (unfolded(e),) if _unfolds(e.op) else e.args


def all_below(e: Expr) -> Iterable[Expr]:
    """The same, with the bodies of index sums."""
    return e.args if e.op is INDEX_SUM else below(e)


@cache
def _unfolds(op: Operation) -> bool:
    """Whether an operation is evaluated through an equal expression."""
    return op.value is None and (op.defining is not None or op.kind is Kind.DEFINITION)


def unfolded(e: Expr) -> Expr:
    """The equal expression that an operation's declaration gives for a node."""
    found: Expr | None = e.memo.get("unfolded")
    if found is None:
        body = e.op.defining or e.op.body
        assert body is not None
        found = e.memo["unfolded"] = body(*e.args, **dict(e.attrs))
    return found


@cache
def meaning(op: Operation) -> Meaning:
    """How to find the value of a node of this operation."""
    if op in _OF_THE_CORE:
        return _OF_THE_CORE[op]
    if op.kind is Kind.MULTILINEAR:
        return _multilinear(op)
    if _unfolds(op):
        return lambda e, frame: frame.values[unfolded(e)]
    if op.name == "add":
        return _total
    if op.value is None:
        raise Unsupported(f"{op.name} cannot be evaluated: its declaration has neither a value nor an equal expression")
    return _elementwise(op) if op.kind is Kind.ELEMENTWISE else _whole(op)


def _multilinear(op: Operation) -> Meaning:
    """From the index equation alone; more than two operands are folded from the left."""

    def rule(e: Expr, frame: Frame) -> Matrix:
        N, values = frame.point.N, frame.values
        equation = op.equation or e["equation"]
        if op.variadic:
            result = values[e.args[0]]
            for a in e.args[1:]:
                result = contract(N, equation, (result, values[a]))
            return result
        known = not equation.is_grouped and set(equation.output) <= set().union(*equation.inputs)
        shape = None if known else frame.point.shape(e)
        given = tuple((name, frame.point.number(e[name])) for name in op.parameters) if not e.args else ()
        return contract(N, equation, [values[a] for a in e.args], shape, given)

    return rule


def _total(e: Expr, frame: Frame) -> Matrix:
    """The sum of the arguments: what a linear operation means that says nothing else."""
    first = frame.values[e.args[0]]
    entries = first.entries
    for a in e.args[1:]:
        entries = list(map(add, entries, frame.values[a].entries))
    return Matrix(first.rows, first.columns, frame.point.N.settle(entries))


def _elementwise(op: Operation) -> Meaning:
    """A real function of every entry; scalars go with every entry of a matrix."""
    function = op.value
    assert function is not None

    def rule(e: Expr, frame: Frame) -> Matrix:
        N, attributes = frame.point.N, dict(e.attrs)
        rows, columns = frame.point.shape(e)
        operands = [_operand(e, i, frame) for i in range(len(e.args))]
        if attributes or len(operands) > 1:
            entries = [_entries(x, rows * columns) for x in operands]
            return Matrix(rows, columns, N.settle([function(N, *xs, **attributes) for xs in zip(*entries, strict=True)]))
        return Matrix(rows, columns, N.settle([function(N, x) for x in _entries(operands[0], rows * columns)]))

    return rule


def _entries(x: Matrix | Fraction, count: int) -> list[Any]:
    if isinstance(x, Fraction):
        return [x] * count
    return x.entries if len(x.entries) == count else x.entries * count


def _whole(op: Operation) -> Meaning:
    """An operation on whole matrices."""
    function = op.value
    assert function is not None

    def rule(e: Expr, frame: Frame) -> Matrix:
        N = frame.point.N
        given = {name: frame.point.number(x) if isinstance(x, Size) else x for name, x in e.attrs}
        operands = [_operand(e, i, frame) for i in range(len(e.args))]
        if op.kind is Kind.LINEAR and not op.over_complex:
            result = N.linearly(partial(function, **given), *operands)
        else:
            result = function(N, *operands, **given)
        if not isinstance(result, Matrix):
            result = scalar(result)
        return Matrix(result.rows, result.columns, N.settle(result.entries))

    return rule


def _operand(e: Expr, position: int, frame: Frame) -> Matrix | Fraction:
    """An argument's value; an exact rational where the operation wants one there and it is a constant."""
    argument = e.args[position]
    if position in e.op.exact:
        known = exact_value(argument, frame.point)
        if known is not None:
            return known
    return frame.values[argument]


def _symbol(e: Expr, frame: Frame) -> Matrix:
    point = frame.point
    rows, columns = point.shape(e)
    return drawn_value(point.N, e, rows, columns, point.seed, point.kinds.get(e, "generic"))


def _number(e: Expr, frame: Frame) -> Matrix:
    return scalar(frame.point.N.exact(e["value"]))


def _size(e: Expr, frame: Frame) -> Matrix:
    return scalar(frame.point.N.exact(frame.point.number(e["size"])))


def _identity(e: Expr, frame: Frame) -> Matrix:
    return diagonal_matrix([frame.point.N.one] * frame.point.shape(e)[0])


def _filled(value: int) -> Meaning:
    def rule(e: Expr, frame: Frame) -> Matrix:
        rows, columns = frame.point.shape(e)
        return Matrix(rows, columns, [value] * (rows * columns))

    return rule


def _unit(e: Expr, frame: Frame) -> Matrix:
    rows, _ = frame.point.shape(e)
    if not 0 <= e["position"] < rows:
        raise Unlucky(f"there is no entry {e['position']} in a vector of size {rows}")
    return Matrix(rows, 1, [int(i == e["position"]) for i in range(rows)])


def _differential(e: Expr, frame: Frame) -> Matrix:
    return frame.point.tangent(e.args[0])


def _constant(e: Expr, frame: Frame) -> Matrix:
    N = frame.point.N
    return scalar(N.pi if e.op is PI else N.imaginary())


def _index(e: Expr, frame: Frame) -> Matrix:
    """An index that stands free: the one that the point says, else a random one.  What holds for any index holds for this one."""
    if e in frame.point.positions:
        return scalar(frame.point.positions[e])
    size, key = frame.point.number(e["size"]), b"index%d|" % frame.point.seed + e.key
    return scalar(random_bytes(key, 1)[0] % size)


def _position(x: Matrix, size: int) -> int:
    """The value of an index or of a sum of such, within an axis."""
    at = int(x.entries[0].real)
    if not 0 <= at < size:
        raise Unlucky(f"there is no entry {at} in an axis of size {size}")
    return at


def _unit_at(e: Expr, frame: Frame) -> Matrix:
    rows = frame.point.shape(e)[0]
    at = _position(frame.values[e.args[0]], rows)
    return Matrix(rows, 1, [int(i == at) for i in range(rows)])


def _slice(e: Expr, frame: Frame) -> Matrix:
    rows, columns = frame.point.shape(e)
    entries = frame.values[e.args[0]].entries
    return Matrix(rows, columns, [entries[k] for k in _offsets(e, frame, e.args[0])])


def _place(e: Expr, frame: Frame) -> Matrix:
    rows, columns = frame.point.shape(e)
    entries: list[Any] = [frame.point.N.zero] * (rows * columns)
    for k, x in zip(_offsets(e, frame, e), frame.values[e.args[0]].entries, strict=True):
        entries[k] = x
    return Matrix(rows, columns, entries)


def _offsets(e: Expr, frame: Frame, array: Expr) -> list[int]:
    """Where the entries of a slice stand among those of the array, the last axis running fastest."""
    sizes = [frame.point.number(size) for size in array.shape]
    fixed = {k: _position(frame.values[p], sizes[k]) for k, p in zip(e["axes"], e.args[1:], strict=True)}
    found = [0]
    for k, size in enumerate(sizes):
        found = [start * size + i for start in found for i in ([fixed[k]] if k in fixed else range(size))]
    return found


def _gradient(e: Expr, frame: Frame) -> Matrix:
    raise Unsupported("a gradient that has not been carried out cannot be evaluated")


def _index_sum(e: Expr, frame: Frame) -> Matrix:
    """The body evaluated anew for every value of the index; what does not depend on the index is kept.

    The frame at rest follows along, since differentials and the frame of displaced variables look there.
    """
    body, (rows, columns) = e.args[0], frame.point.shape(e)
    i, frames = counter(e), (frame.point.still, frame.point.moved)
    changing = _changing(e, i)
    kept = [f.forget(changing) for f in frames]
    total = [frame.point.N.zero] * (rows * columns)
    try:
        for at in range(frame.point.number(e["size"])):
            for f in frames:
                f.forget(changing)
                f.recall({i: scalar(at)})
            frame.evaluate(body)
            total = list(map(add, total, frame.values[body].entries))
    finally:
        for f, values in zip(frames, kept, strict=True):
            f.forget(changing)
            f.recall(values)
    return Matrix(rows, columns, frame.point.N.settle(total))


def _changing(e: Expr, i: Expr) -> list[Expr]:
    """The nodes under an index sum that depend on its index."""
    found: list[Expr] | None = e.memo.get("changing")
    if found is None:
        changing = {i}
        for x in postorder(e.args[0], below=all_below):
            if any(a in changing for a in all_below(x)):
                changing.add(x)
        found = e.memo["changing"] = list(changing)
    return found


_OF_THE_CORE: dict[Operation, Meaning] = {
    SYMBOL: _symbol,
    NUMBER: _number,
    SIZE: _size,
    PI: _constant,
    IMAGINARY: _constant,
    IDENTITY: _identity,
    ONES: _filled(1),
    ZEROS: _filled(0),
    UNIT: _unit,
    NAMED: lambda e, frame: frame.values[e.args[0]],
    DIFFERENTIAL: _differential,
    INDEX: _index,
    UNIT_AT: _unit_at,
    SLICE: _slice,
    PLACE: _place,
    INDEX_SUM: _index_sum,
    GRAD: _gradient,
}

"""The value and the tangent of an expression at a point.

A point gives every size a number and every symbol a value.  Each node is evaluated once at a point, however many lines of a
derivation it occurs in, and from its declaration alone: a multilinear operation from its index equation, an elementwise one
or an operation from its `value`, and where it has none from an equal expression.

Only the variables move.  `tangent(e)` is the derivative of e in the one random direction dX of the point, found by evaluating
e a second time where the variables are displaced (`numbers` says how); d(e) is a node whose value is that tangent, and so
every line of a derivation is a closed equation.  None of this uses the rules of differentiation that it checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import prod

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import DIFFERENTIAL, INDEX_SUM
from matcalc.core.size import Shape, Size
from matcalc.verify.constants import exact_value
from matcalc.verify.matrix import Matrix
from matcalc.verify.meaning import below, meaning
from matcalc.verify.numbers import Arithmetic, Unlucky
from matcalc.verify.rounding import rests_on_rounding
from matcalc.verify.sampling import drawn_tangent


class Point:
    """Where expressions are evaluated: an arithmetic, a number for each size name, and what has been evaluated so far.

    `wrt` are the variables, the only nodes that move: symbols, or named definitions taken as variables.  `structured` says
    whether they keep their structure when they move.  `kinds` may say how a symbol's entries are drawn, `positions` which
    numbers indices that stand free are.
    """

    def __init__(
        self, N: Arithmetic, sizes: Mapping[str, int], seed: int, wrt: Iterable[Expr] = (),
        structured: bool = False, kinds: Mapping[Expr, str] | None = None, positions: Mapping[Expr, int] | None = None,
    ) -> None:  # fmt: skip
        self.N, self.sizes, self.seed, self.wrt = N, dict(sizes), seed, frozenset(wrt)
        self.structured, self.kinds, self.positions = structured, dict(kinds or {}), dict(positions or {})
        self.still = Frame(self)
        self.moved = Frame(self, self.still)
        self.modelled: set[Expr] = set()
        """Nodes whose value here is only a model of the real one, such as the sign of a number modulo p."""
        self.ordered: set[Expr] = set()
        """Nodes whose value depends on what is positive here: signs, roots, logarithms."""
        self.is_nudged = False
        """Whether this is a point a little beside another one, whose values it is to confirm."""
        self._shapes: dict[Shape, tuple[int, int]] = {}

    @property
    def method(self) -> str:
        """How this point computes."""
        return self.N.method

    def shape(self, e: Expr) -> tuple[int, int]:
        """Rows and columns of an expression; an array of order three or more is a matrix whose other axes lie one after the other."""
        found = self._shapes.get(e.shape)
        if found is None:
            found = self._shapes[e.shape] = self.number(e.shape[0]), prod(map(self.number, e.shape[1:]))
        return found

    def number(self, size: Size) -> int:
        """The number that a size is here; a name that the problem did not have takes one that no other has."""
        for name in size.names():
            if name not in self.sizes:
                self.sizes[name] = next(k for k in range(2 + self.seed % 3, 99) if k not in self.sizes.values())
        return size.at(self.sizes)

    def value(self, e: Expr) -> Matrix:
        """The value of an expression."""
        self.still.evaluate(e)
        return self.still.values[e]

    def tangent(self, e: Expr) -> Matrix:
        """The derivative of an expression in the direction in which the variables move."""
        self.moved.evaluate(e)
        still, moved = self.still.values[e], self.moved.values[e]
        if moved is still:
            return Matrix(still.rows, still.columns, [self.N.zero] * len(still.entries))
        return Matrix(still.rows, still.columns, list(map(self.N.velocity, moved.entries, still.entries)))

    def constant(self, e: Expr) -> Fraction | None:
        """The rational that a constant scalar is here, sizes and integers being numbers."""
        self.still.evaluate(e)
        return exact_value(e, self)

    def about(self, wrt: Iterable[Expr]) -> Point:
        """The same point with other variables moving."""
        return Point(self.N.fresh(), self.sizes, self.seed, wrt, self.structured, self.kinds, self.positions)

    def placed(self, positions: Mapping[Expr, int]) -> Point:
        """The same point with other positions of the indices that stand free."""
        return Point(self.N.fresh(), self.sizes, self.seed, self.wrt, self.structured, self.kinds, positions)


class Frame:
    """The values of nodes at a point: at rest, or, where `rest` is given, with the variables displaced.

    `values[e]` of a displaced frame is the very object of the frame at rest where e does not move, and so nothing that does
    not depend on a variable is evaluated twice.
    """

    def __init__(self, point: Point, rest: Frame | None = None) -> None:
        self.point, self.rest = point, rest
        self.values: dict[Expr, Matrix] = {}
        self.seen: set[Expr] = set()

    def evaluate(self, *roots: Expr) -> None:
        """Enter the values of the roots and of everything below.

        Raises Unlucky where there is no value here, NotInField where this arithmetic has none, Unsupported where none has.
        """
        if all(e in self.values for e in roots):
            return
        e: Expr | None = None
        point = self.point
        N = point.N
        try:
            if self.rest is not None:
                self.rest.evaluate(*roots)
            for e in postorder(*roots, below=below, seen=self.seen):
                beyond, order = N.beyond, N.order
                found = meaning(e.op)(e, self) if self.rest is None else self._displaced(e, self.rest.values)
                if not N.is_finite(found.entries):
                    raise Unlucky("a value is not finite")
                if N.order != order and not (N.exactly or point.is_nudged) and rests_on_rounding(e, found, self):
                    raise Unlucky("what is positive is decided by rounding")
                self.values[e] = found
                if e.args:
                    if N.beyond != beyond:
                        point.modelled.add(e)
                    if N.order != order:
                        point.ordered.add(e)
        except Exception as problem:
            self.seen = set(self.values)
            if isinstance(problem, ArithmeticError):
                raise Unlucky("a number is too large or too small", e) from problem
            if isinstance(problem, Unlucky) and problem.node is None:
                problem.node = e
            raise

    def _displaced(self, e: Expr, rest: dict[Expr, Matrix]) -> Matrix:
        """The value of a node where the variables are displaced."""
        point = self.point
        if e in point.wrt:
            value = rest[e]
            direction = drawn_tangent(point.N, e, value, point.seed, point.structured)
            moved = map(point.N.displaced, value.entries, direction.entries)
            return Matrix(value.rows, value.columns, list(moved))
        if e.op is DIFFERENTIAL or (e.op is not INDEX_SUM and all(self.values[a] is rest[a] for a in below(e))):
            return rest[e]
        return meaning(e.op)(e, self)

    def forget(self, nodes: Iterable[Expr]) -> dict[Expr, Matrix]:
        """Take the values of nodes away, and return them."""
        taken = {e: self.values.pop(e) for e in nodes if e in self.values}
        self.seen.difference_update(taken)
        return taken

    def recall(self, taken: Mapping[Expr, Matrix]) -> None:
        """Put values back that were taken away."""
        self.values.update(taken)
        self.seen.update(taken)


def evaluate(roots: Iterable[Expr], point: Point) -> list[Matrix]:
    """The values of expressions at a point.

    Modulo a prime, they mean something modulo p only (see `compare`).
    """
    roots = list(roots)
    point.still.evaluate(*roots)
    return [point.still.values[e] for e in roots]


def value(e: Expr, point: Point) -> Matrix:
    """The value of an expression at a point."""
    return point.value(e)


def tangent(e: Expr, point: Point) -> Matrix:
    """The derivative of an expression at a point, in the direction in which the variables move there."""
    return point.tangent(e)

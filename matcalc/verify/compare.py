"""Equality of values, and the oracle: what the engine asks when it wants to know whether something is true.

A polynomial or rational identity that holds modulo a prime at a random point is true (the chance of error is about 10⁻⁷), and
one that fails there is false.  Where signs, roots, exponentials took part a failure modulo a prime shows nothing, and floating
point decides.  A zero, symmetry or equality counts only when floating point confirms it too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from matcalc.core.expression import Expr, postorder, shown
from matcalc.core.indices import is_square
from matcalc.core.leaves import is_zero_leaf, zeros
from matcalc.errors import Unsupported
from matcalc.verify.differences import by_differences
from matcalc.verify.evaluate import Point, tangent, value
from matcalc.verify.matrix import Matrix, Number, scalar
from matcalc.verify.meaning import all_below
from matcalc.verify.numbers import Arithmetic, NotInField, Unlucky
from matcalc.verify.rounding import differs_by_rounding, magnitude_below

TOLERANCE = 1e-8
TRUST = 2
"""How many points in floating point outweigh one that disagrees, where the equality was shown modulo a prime."""
ROUNDING = 1e-12
"""How far rounding may take a value from the truth, relative to the largest number on the way to it."""
SMALL = 1e-3
"""A relative difference that rounding may explain."""
FEWEST_SIGNS = 30
FURTHER = 8
"""Where a line depends on fewer signs than that at its points, or is not shown modulo a prime, as many points more are looked at,
in floating point: min(max(x, a), b) has three pieces, and a matrix of them may miss one."""

Sides: TypeAlias = Callable[[Point], tuple[Matrix, Matrix]]


@dataclass(frozen=True)
class Verdict:
    """Whether something holds: True, False, or None where it could not be checked, and then `why`."""

    passed: bool | None
    max_error: float = 0.0
    """The largest relative error in floating point; infinite for a difference modulo a prime."""
    method: str = ""
    points: int = 0
    why: str = ""
    confirmed: bool = False
    """Whether floating point agrees."""


def relative_error(a: Matrix, b: Matrix, N: Arithmetic, magnitude: float = 0.0) -> float:
    """How far a and b are apart: 0 or infinite modulo a prime, where the first digit alone counts.

    In floating point, relative to the larger of them; differences that rounding explains, where numbers as large as
    `magnitude` took part, count little.
    """
    if (a.rows, a.columns) != (b.rows, b.columns):
        return math.inf
    a, b = N.apart(a), N.apart(b)
    if N.exactly:
        return 0.0 if all(N.is_zero(x - y) for x, y in zip(a.entries, b.entries, strict=True)) else math.inf
    difference = max((abs(x.real - y.real) for x, y in zip(a.entries, b.entries, strict=True)), default=0.0)
    if difference == 0:
        return 0.0
    largest = max(abs(x.real) for x in (*a.entries, *b.entries))
    error = difference / max(largest, magnitude * ROUNDING / TOLERANCE)
    return error if error == error else math.inf


def equal_at(a: Matrix, b: Matrix, N: Arithmetic, magnitude: float = 0.0) -> bool:
    """Whether two values at a point are equal."""
    return relative_error(a, b, N, magnitude) < TOLERANCE


class Oracle:
    """Answers by evaluation at the points of a problem.  `why` says why there are none, where there are none."""

    def __init__(self, points: Sequence[Point], why: str = "") -> None:
        self.points, self.why = list(points), why
        self._about: dict[tuple[int, Expr], Point] = {}
        self._further: dict[Point, list[Point]] = {}
        self._signs: dict[Expr, float] = {}
        self._moves: dict[Expr, bool] = {}
        self._moving: dict[Expr, Oracle] = {}

    def moving(self, x: Expr | None) -> Oracle:
        """The oracle at the same points where x alone moves; itself where x does already, or for None."""
        if x is None or all(p.wrt == {x} for p in self.points):
            return self
        if x not in self._moving:
            self._moving[x] = Oracle(self._points_about(x), self.why)
        return self._moving[x]

    def holds(self, before: Expr, after: Expr) -> Verdict:
        """Whether two expressions are equal, differentials in them being those of the points' direction."""
        if before is after:
            return Verdict(True, method="the same expression")
        if before.shape != after.shape:
            return Verdict(False, math.inf, why=f"one side is {shown(before)}, the other {shown(after)}")
        syntactic = is_zero_leaf(before) or is_zero_leaf(after) or self._rests(before, after)
        return self.judged(lambda point: (value(before, point), value(after, point)), (before, after), self.points, syntactic)

    def _rests(self, *roots: Expr) -> bool:
        """Whether nothing below moves, so that it is no surprise that differentials are 0."""
        moving = set().union(*(p.wrt for p in self.points))
        known = self._moves
        for e in postorder(*roots, below=lambda y: () if y in known else y.args) if moving else ():
            if e not in known:
                known[e] = e in moving or any(known[a] for a in e.args)
        return bool(moving) and not any(known[e] for e in roots)

    def equal(self, a: Expr, b: Expr) -> bool:
        """Whether two expressions are equal beyond doubt."""
        return a is b or _certain(self.holds(a, b))

    def is_zero(self, e: Expr) -> bool:
        """Whether an expression is zero beyond doubt."""
        return is_zero_leaf(e) or _certain(self.holds(e, zeros(e.shape)))

    def is_symmetric(self, e: Expr) -> bool:
        """Whether a square matrix equals its transpose beyond doubt."""
        if not is_square(e):
            return False

        def sides(point: Point) -> tuple[Matrix, Matrix]:
            X = value(e, point)
            return X, X.transposed()

        return e.is_scalar or _certain(self.judged(sides, (e,), self.points, True))

    def check_gradient(self, f: Expr, x: Expr, G: Expr) -> Verdict:
        """Whether G is the gradient of a scalar f: ⟨G, dx⟩ is the tangent of f."""

        def sides(point: Point) -> tuple[Matrix, Matrix]:
            return scalar(_inner(value(G, point), tangent(x, point))), tangent(f, point)

        if G.shape != x.shape:
            return _misfit("the gradient", G, x)
        return self.judged(sides, (f, G), self._points_about(x), is_zero_leaf(G))

    def check_pullback(self, F: Expr, x: Expr, upstream: Expr, B: Expr) -> Verdict:
        """Whether B takes the upstream G back through F: ⟨G, dF⟩ = ⟨B, dx⟩."""

        def sides(point: Point) -> tuple[Matrix, Matrix]:
            left = _inner(value(upstream, point), tangent(F, point))
            return scalar(_inner(value(B, point), tangent(x, point))), scalar(left)

        if B.shape != x.shape:
            return _misfit("the pullback", B, x)
        return self.judged(sides, (F, upstream, B), self._points_about(x), is_zero_leaf(B))

    def check_jacobian(self, F: Expr, x: Expr, J: Expr) -> Verdict:
        """Whether vec dF = J vec dx, columns stacked; for a scalar x, J may have the shape of F."""

        def sides(point: Point) -> tuple[Matrix, Matrix]:
            jacobian, dx, dF = value(J, point), tangent(x, point), tangent(F, point)
            if len(dx.entries) == 1 and (jacobian.rows, jacobian.columns) == (dF.rows, dF.columns):
                jacobian = Matrix(len(dF.entries), 1, jacobian.stacked())
            if (jacobian.rows, jacobian.columns) != (len(dF.entries), len(dx.entries)):
                return jacobian, Matrix(len(dF.entries), len(dx.entries), [])
            return point.N.product(jacobian, Matrix(jacobian.columns, 1, dx.stacked())), Matrix(jacobian.rows, 1, dF.stacked())

        return self.judged(sides, (F, J), self._points_about(x), is_zero_leaf(J))

    def check_hessian(self, f: Expr, x: Expr, y: Expr, H: Expr) -> Verdict:
        """Whether vec(dx)ᵀ H vec(dy) is the change of the tangent of f along x when y moves on, by differences.

        This is independent of any gradient.  Only floating point can tell; it does at one point of three.
        """
        template = next((p for p in self.points if not p.N.exactly), None)
        points = [] if template is None else [template, *self.further_points(template)[:2]]
        agrees, error, why = by_differences(f, x, y, H, points)
        return Verdict(agrees, error, "differences", 1, why, confirmed=agrees is True)

    def _points_about(self, x: Expr) -> list[Point]:
        """The points, with x alone moving."""
        return [p if p.wrt == {x} else self._about.setdefault((i, x), p.about([x])) for i, p in enumerate(self.points)]

    def judged(self, sides: Sides, roots: tuple[Expr, ...], points: Sequence[Point], zero_is_fine: bool) -> Verdict:
        """The verdict on the equality of two sides, which are made of the roots, at the points.

        `zero_is_fine` where it is no surprise that both are 0 everywhere.
        """
        tally = _Tally(self.why)
        doubts: list[Verdict] = []
        for point in points:
            if refuted := tally.enter(point, sides, roots):
                if not tally.shown_exactly or point.N.exactly or _few_signs(points, roots):
                    return refuted
                doubts.append(refuted)
        template = next((p for p in points if not p.N.exactly), None)
        if template is not None and (doubts or tally.not_shown or self._rests_on_few_signs(points, roots)):
            for point in self.further_points(template):
                if refuted := tally.enter(point, sides, roots):
                    if not doubts:
                        return refuted
                    doubts.append(refuted)
        # Where it was shown modulo a prime, and not by a few signs that may be right by accident, floating point may be wrong
        # alone: 1 − tanh² is all rounding where tanh saturates.
        if len(doubts) * TRUST > tally.floats:
            return doubts[0]
        return tally.verdict(zero_is_fine)

    def _rests_on_few_signs(self, points: Sequence[Point], roots: tuple[Expr, ...]) -> bool:
        """The same as `_few_signs`, once every point has been heard: what is below a node is then looked through once for all lines."""
        if points is not self.points:
            return _few_signs(points, roots)
        fewest = self._signs
        for e in postorder(*roots, below=lambda y: () if y in fewest else all_below(y)):
            if e not in fewest:
                own = math.inf
                if any(e in p.ordered for p in points):
                    own = sum(p.shape(e)[0] * p.shape(e)[1] for p in points)
                fewest[e] = min([own, *(fewest[a] for a in all_below(e))])
        return min(fewest[e] for e in roots) < FEWEST_SIGNS

    def further_points(self, like: Point) -> list[Point]:
        """More points in floating point, of small sizes in the same order: each has signs of its own."""
        if like not in self._further:
            names = sorted(like.sizes, key=like.sizes.__getitem__)
            sizes = {name: k for k, name in enumerate(names, 2)}
            self._further[like] = [
                Point(like.N.fresh(), sizes, like.seed + 1000 * k, like.wrt, like.structured, like.kinds) for k in range(1, FURTHER + 1)
            ]
        return self._further[like]


class _Tally:
    """What the points say together."""

    def __init__(self, why: str) -> None:
        self.why = why
        self.exact = self.floats = self.not_shown = 0
        self.error, self.nonzero = 0.0, False

    @property
    def shown_exactly(self) -> bool:
        """Whether it was shown modulo a prime, at every point where that could be tried."""
        return self.exact > 0 and not self.not_shown

    def enter(self, point: Point, sides: Sides, roots: tuple[Expr, ...]) -> Verdict | None:
        """Hear a point; a verdict at once where it refutes, or where none can say anything."""
        try:
            left, right = sides(point)
            error = relative_error(left, right, point.N)
            if error >= TOLERANCE and not point.N.exactly:
                error = relative_error(left, right, point.N, magnitude_below(point, roots))
                if TOLERANCE <= error < SMALL and differs_by_rounding(sides, left, right, point):
                    raise Unlucky("rounding is all that the two sides differ by")
        except (Unlucky, NotInField) as problem:
            self.why = str(problem)
            return None
        except Unsupported as missing:
            return Verdict(None, why=missing.message)
        if error >= TOLERANCE and not (point.N.exactly and _modelled(point, roots)):
            return Verdict(False, error, point.method, 1, "the two sides differ")
        self._count(point, error)
        self.nonzero = self.nonzero or not all(map(point.N.is_zero, left.entries))
        return None

    def _count(self, point: Point, error: float) -> None:
        if not point.N.exactly:
            self.floats += 1
            self.error = max(self.error, error)
        elif error:
            self.not_shown += 1
        else:
            self.exact += 1

    def verdict(self, zero_is_fine: bool) -> Verdict:
        """Passed where a point agreed, and no disagreement modulo a prime is left without a floating-point answer."""
        if not self.exact and not self.floats:
            return Verdict(None, why=self.why or "it could not be evaluated at any point")
        if self.not_shown and not self.floats:
            return Verdict(None, why=f"it is not shown modulo a prime, and floating point does not apply: {self.why}")
        if not self.nonzero and not zero_is_fine and not self.exact:
            return Verdict(None, why="both sides are 0 at every point")
        exact = "exact, modulo a prime" if self.exact and not self.not_shown else ""
        method = ", and ".join(filter(None, (exact, "floating point" if self.floats else "")))
        return Verdict(True, self.error, method, self.floats + (self.exact if exact else 0), confirmed=self.floats > 0)


def _misfit(what: str, given: Expr, wanted: Expr) -> Verdict:
    return Verdict(False, math.inf, why=f"{what} is {shown(given)}, and {shown(wanted)} is wanted")


def _certain(verdict: Verdict) -> bool:
    return verdict.passed is True and verdict.confirmed


def _inner(A: Matrix, B: Matrix) -> Number:
    return sum(x * y for x, y in zip(A.entries, B.entries, strict=True))


def _modelled(point: Point, roots: tuple[Expr, ...]) -> bool:
    """Whether functions took part on which this arithmetic is only a model of the real numbers."""
    return bool(point.modelled) and any(e in point.modelled for e in postorder(*roots, below=all_below))


def _few_signs(points: Sequence[Point], roots: tuple[Expr, ...]) -> bool:
    """Whether something depends on so few signs, as ‖c x‖ = |c| ‖x‖ does, that the points may have them right by accident."""
    ordered = set().union(*(p.ordered for p in points))
    if not ordered:
        return False
    sizes = [sum(p.shape(e)[0] * p.shape(e)[1] for p in points) for e in postorder(*roots, below=all_below) if e in ordered]
    return bool(sizes) and min(sizes) < FEWEST_SIGNS

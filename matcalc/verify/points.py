"""The choice of points for a problem: made once, and used for every line.

Two points modulo primes and two in floating point.  Every size name has a number of its own, which changes between even and
odd, and one size at each point is at least 4: small matrices satisfy identities that larger ones do not (2×2 matrices:
[A − Aᵀ, B − Bᵀ] = 0).  A point where something has no value, such as the root of a negative, is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import INDEX, INDEX_SUM, NUMBER, SIZE, SYMBOL, UNIT
from matcalc.core.reality import IMAGINARY
from matcalc.core.size import Size
from matcalc.errors import Unsupported
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point
from matcalc.verify.meaning import all_below
from matcalc.verify.numbers import Arithmetic, NotInField, Unlucky, random_bytes
from matcalc.verify.plane import Plane
from matcalc.verify.primefield import field_for

EXACT_TRIES = 200
FLOAT_TRIES = 60
MOST_SIZES = 6
MOST_STEPS = 400
MOST_NODES = 4_000
"""How many nodes may be evaluated in vain; k square roots exist together at one point in 2ᵏ."""
_FIRST_KINDS = ("positive", "large")
_KINDS = ("positive", "generic", "small", "probability", "positive")


@dataclass
class Chosen:
    """The points, and, where there are none or no exact ones, why."""

    points: list[Point]
    why: str = ""


def points_for(
    roots: Sequence[Expr], wrt: Iterable[Expr] = (), *, exact: int = 2, floating: int = 2, structured: bool = False
) -> Chosen:  # fmt: skip
    """Points where the roots have values and, along the variables `wrt`, derivatives.

    Where nothing can be said modulo a prime there is one more in floating point.
    """
    problem = _Problem.of(roots, wrt, structured)
    points: list[Point] = []
    try:
        for which in range(exact):
            point = problem.point(which, exact=True)
            if point is None:
                break
            points.append(point)
        count = len(points) + floating + (len(points) < exact)
        for which in range(len(points), count):
            point = problem.point(which, exact=False)
            if point is None:
                break
            points.append(point)
    except Unsupported as missing:
        return Chosen([], missing.message)
    return Chosen(points, problem.why)


@dataclass
class _Problem:
    """What points are sought for, and what was learnt on the way."""

    roots: Sequence[Expr]
    wrt: frozenset[Expr]
    structured: bool
    names: list[str]
    constants: list[Fraction]
    suspects: dict[Expr, None] = field(default_factory=dict)
    """Symbols below a root or logarithm that had no value: they are drawn in other ways at later tries."""
    is_complex: bool = False
    """Whether i occurs."""
    room: tuple[Size, ...] = ()
    """Sizes that are at least 1 at every point: n − 1 of x[1:], and what an entry at a given position needs."""
    why: str = ""

    @classmethod
    def of(cls, roots: Sequence[Expr], wrt: Iterable[Expr], structured: bool) -> _Problem:
        wrt = frozenset(wrt)
        names: dict[str, None] = {}
        constants: list[Fraction] = []
        room: dict[Size, None] = {}
        is_complex = False
        for e in postorder(*roots, *sorted(wrt, key=lambda x: x.key), below=all_below):
            if e.op is NUMBER:
                constants.append(e["value"])
            is_complex |= e.op is IMAGINARY
            own = (*e.shape, e["size"]) if e.op in (SIZE, INDEX, INDEX_SUM) else e.shape
            names.update((name, None) for size in own for name in size.names())
            room.update((size, None) for size in _room(e) if size.names())
        return cls(roots, wrt, structured, list(names), constants, is_complex=is_complex, room=tuple(room))

    def point(self, which: int, exact: bool) -> Point | None:
        """Point number `which`, or None where none was found (`why` says the last reason)."""
        spent = 0
        for attempt in range(EXACT_TRIES if exact else FLOAT_TRIES):
            if spent > MOST_NODES and attempt > 12:
                break
            N: Arithmetic = field_for(self.constants, which // 2 if which > 1 else which) if exact else ComplexStep()
            if self.is_complex:
                N = Plane(N)
            kinds = self._kinds(attempt - (8 if exact else 2))
            sizes = roomy(sizes_for(self.names, which, attempt), self.room)
            point = Point(N, sizes, which + 16 * attempt, self.wrt, self.structured, kinds)
            try:
                point.still.evaluate(*self.roots)
                if self.wrt:
                    point.moved.evaluate(*self.roots)
            except NotInField as reason:
                self.why = str(reason)
                return None
            except Unlucky as problem:
                self.why = str(problem)
                self._suspect(problem)
                spent += len(point.still.values)
            else:
                return point
        return None

    def _suspect(self, problem: Unlucky) -> None:
        if isinstance(problem.node, Expr) and "positive" in str(problem):
            self.suspects.update((e, None) for e in postorder(problem.node, below=all_below) if e.op is SYMBOL)

    def _kinds(self, attempt: int) -> dict[Expr, str]:
        """Other ways to draw the suspects: a random one for each, but first all positive, and then all greater than 1."""
        if attempt < 0 or attempt % 2:
            return {}
        if attempt < 2 * len(_FIRST_KINDS):
            return dict.fromkeys(self.suspects, _FIRST_KINDS[attempt // 2])
        choice = random_bytes(b"kinds%d" % attempt, len(self.suspects))
        return {e: _KINDS[b % len(_KINDS)] for e, b in zip(self.suspects, choice, strict=True)}


def sizes_for(names: Sequence[str], which: int, attempt: int) -> dict[str, int]:
    """A number for each size name: from 2, one of them at least 4; distinct for up to six names, and neighbours always differ.

    A network has as many sizes as layers, and numbers that grow with them would make its check cubic.

    Points of even number have them falling in the order of appearance, so that X is tall where X comes first; those of odd
    number rising, each with the other parity; later attempts in any order.

    >>> sizes_for(["m", "n"], 0, 0), sizes_for(["m", "n"], 1, 0), sizes_for(["n"], 0, 0), sizes_for(["n"], 1, 0)
    ({'m': 4, 'n': 3}, {'m': 3, 'n': 4}, {'n': 4}, {'n': 5})
    """
    count = min(len(names), MOST_SIZES)
    top = max(4, count + 1) + which // 2 % 2
    start = next(s for s in range(2, top + 3) if s % 2 != top % 2 and s + count > 4)
    numbers = [start + i if (which + attempt) % 2 else top - i for i in range(count)]
    if attempt > 1:
        mixed = random_bytes(b"sizes%d|%d" % (which, attempt), count)
        numbers = [n for _, _, n in sorted(zip(mixed, range(count), numbers, strict=True))]
    return {name: numbers[i % count] for i, name in enumerate(names)}


def _room(e: Expr) -> tuple[Size, ...]:
    """The sizes that must be at least 1 where a node has a value."""
    if e.op is UNIT:
        return (e.shape[0] + -e["position"],)
    if e.op.room is not None:
        return tuple(e.op.room(*e.args, **dict(e.attrs)))
    return tuple(size for size in e.shape if len(size.terms) > 1)


def roomy(sizes: dict[str, int], room: Sequence[Size]) -> dict[str, int]:
    """The sizes, larger (what is taken away from them smaller) where some of these must be at least 1 and are not.

    >>> roomy({"m": 4, "n": 3}, (Size.of("n") + -5,))
    {'m': 4, 'n': 6}
    """
    sizes = dict(sizes)
    for _ in range(MOST_STEPS):
        short = next((s for s in room if s.at({name: sizes.get(name, 2) for name in s.names()}) < 1), None)
        if short is None:
            break
        for name in dict.fromkeys(name for monomial, coefficient in short.terms for name in monomial if coefficient > 0):
            sizes[name] = sizes.get(name, 2) + 1
        for name in dict.fromkeys(name for monomial, coefficient in short.terms for name in monomial if coefficient < 0):
            sizes[name] = max(2, sizes.get(name, 2) - 1)
    return sizes

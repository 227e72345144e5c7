"""Under what an answer would be right: A symmetric, X orthogonal, x positive, n = 1.

Found by testing: a symbol is given the property, in the answer and in what is right, and the two are compared again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.indices import is_square
from matcalc.core.leaves import SYMBOL, symbol
from matcalc.core.property import DIAGONAL, ORTHOGONAL, PD, POSITIVE, PSD, SKEW, SYMMETRIC, Property
from matcalc.errors import MatcalcError
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Witness, value_at

_SYMMETRICS = frozenset({SYMMETRIC, DIAGONAL, PD, PSD})
MORE = 8
"""How many points more are looked at where something depends on signs, which a few points may have right by accident."""
OF_SQUARES = (SYMMETRIC, ORTHOGONAL, SKEW, DIAGONAL)


@dataclass(frozen=True)
class Presumption:
    """Symbols that would need a property, or a size that would need to be 1."""

    symbols: tuple[Expr, ...] = ()
    property: Property | None = None
    size: str = ""


def presumptions(
    given: Expr, right: Expr, points: Sequence[Point], properties: Sequence[Property] = (*OF_SQUARES, POSITIVE)
) -> Iterator[Presumption]:  # fmt: skip
    """The single assumptions under which the two are the same, the weakest first; none where they are so at such points anyway."""
    if given.shape == right.shape and _agree(given, right, [p.sizes for p in points]):
        return
    symbols = [s for s in postorder(given, right) if s.op is SYMBOL]
    squares = [s for s in symbols if is_square(s) and not s.is_scalar]
    groups = [(s,) for s in squares] + ([tuple(squares)] if len(squares) > 1 else [])
    for wanted in (p for p in OF_SQUARES if p in properties):
        for group in groups:
            if all(_possible(wanted, s) for s in group) and _same_with(given, right, group, wanted, points):
                yield Presumption(group, wanted)
    for s in symbols if POSITIVE in properties else ():
        if POSITIVE not in s["properties"] and (s.is_column or s not in squares) and _same_with(given, right, (s,), POSITIVE, points):
            yield Presumption((s,), POSITIVE)


def _possible(wanted: Property, s: Expr) -> bool:
    """Whether a symbol may have one property more: what is symmetric and skew is 0."""
    own = frozenset(s["properties"])
    clash = {SKEW: _SYMMETRICS, SYMMETRIC: {SKEW}, DIAGONAL: {SKEW}}.get(wanted, frozenset())
    return wanted not in own and own.isdisjoint(clash)


def _same_with(given: Expr, right: Expr, group: tuple[Expr, ...], wanted: Property, points: Sequence[Point]) -> bool:
    """Whether the two agree where the symbols of a group have a property more."""
    new = {s: symbol(s["name"], *s.shape, properties=frozenset({*s["properties"], wanted}), role=s["role"]) for s in group}
    try:
        pair = substitute(given, dict(new)), substitute(right, dict(new))
    except MatcalcError:
        return False
    return _agree(*pair, (p.sizes for p in points))


def _agree(given: Expr, right: Expr, sizes: Iterable[Mapping[str, int]]) -> bool:
    """Whether two expressions agree at a few points of these sizes, at more where it depends on signs, and at none do not."""
    agreed, chosen, signs = 0, list(sizes), False
    for attempt in range(len(chosen) + MORE if chosen else 0):
        if attempt >= len(chosen) and not signs:
            break
        point = Point(ComplexStep(), chosen[attempt % len(chosen)], 900 + attempt)
        witness = Witness(given, [point])
        other = value_at(right, point)
        signs = signs or bool(point.ordered)
        if not witness.points or other is None or not (any(other.entries) or any(witness.values[0].entries)):
            continue
        like = witness.likeness(right)
        if like is None or not like.same:
            return False
        agreed += 1
    return agreed >= 2


def sizes_of_one(given: Expr, right: Expr, points: Sequence[Point]) -> Presumption | None:
    """The size that would need to be 1, or all of them (an empty name): then numbers are meant, and their order does not matter."""
    names = sorted({name for p in points for name in p.sizes})
    if given.shape == right.shape and _agree(given, right, [p.sizes for p in points]):
        return None
    for name in names if given.shape == right.shape else ():
        if _agree(given, right, ({**p.sizes, name: 1} for p in points)):
            return Presumption(size=name)
    if names and _agree(given, right, (dict.fromkeys(p.sizes, 1) for p in points)):
        return Presumption(size="" if len(names) > 1 else names[0])
    return None



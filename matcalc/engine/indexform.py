"""Index notation: an entry of an expression as sums of products of entries of its letters.

    (A B x)ᵢ = Σⱼ Σₖ Aᵢⱼ Bⱼₖ xₖ          (AᵀA − I)ᵢⱼ = Σₖ Aₖᵢ Aₖⱼ − δᵢⱼ

What an operation is made of its index equation says; functions of entries go through, and what has no equation, such as an inverse,
stays as it is with its indices below.  Diagonal matrices, identities and basis vectors cost no sum: they make two indices one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, count

from matcalc.core.builders import over, to_power
from matcalc.core.canonical import canonical
from matcalc.core.equation import letters
from matcalc.core.expression import Expr, plain
from matcalc.core.indices import SLICE, UNIT_AT, array_axes, counter, levelled, put, sliced, unit_at
from matcalc.core.leaves import IDENTITY, INDEX_SUM, NAMED, NUMBER, ONES, UNIT, ZEROS, index, index_sum, number
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.size import ONE, Size
from matcalc.core.stacks import LETTERS, stacked

FIRST = 1 << 23
"""Levels of indices while they are being made."""


def index_form(e: Expr, positions: Sequence[Expr]) -> Expr:
    """The entry of a plain expression at these positions, one for each of its axes, as a plain scalar."""
    return levelled(_Entries().of(e, tuple(positions)))


def entry(e: Expr, used: Iterable[str]) -> tuple[list[Expr], Expr]:
    """Letters for the axes of an expression, none of them used, and its entry there in index notation."""
    taken = set(used)
    names = (c for c in chain(LETTERS, (f"i{k}" for k in count(1))) if c not in taken)
    sizes = e.shape if len(e.shape) > 2 else [size for size in e.shape if size is not ONE]
    at = [index(next(names), size) for size in sizes]
    return at, index_form(e, at)


class _Entries:
    """Entries, and new indices for the sums in them."""

    def __init__(self) -> None:
        self.levels = count(FIRST)

    def fresh(self, size: Size) -> Expr:
        """An index that nothing else has."""
        return index(next(self.levels), size)

    def of(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        """The entry of an expression; `at` has a position for each axis that is longer than 1."""
        name = e.op.name
        if e.op is ONES:
            return number(1)
        if e.op is ZEROS:
            return number(0)
        if e.op is IDENTITY:
            return delta(at[0], at[1], e.shape[0])
        if e.op in (UNIT, UNIT_AT):
            return delta(at[0], number(e["position"]) if e.op is UNIT else e.args[0], e.shape[0])
        if name == "transpose":
            return self.of(e.args[0], at[::-1])
        if name in ("matmul", "tr"):
            return self._chain(e, at)
        if e.op is INDEX_SUM:
            return self._summed(e, at)
        if e.op is SLICE:
            return self._slice(e, at)
        if name == "norm":
            return to_power(self._squares(e.args[0]), number(1) / number(2))
        if name == "power" and e.args[0].op.name == "norm" and e.args[1] is number(2):
            return self._squares(e.args[0].args[0])
        if name == "quotient":
            return over(self._beside(e.args[0], at), self._beside(e.args[1], at))
        if not e.args or e.op is NAMED or not (e.op.kind is Kind.ELEMENTWISE or name in ("add", "scale", "power") or self._has_equation(e)):
            return e if not at else sliced(e, at, tuple(range(len(at))))
        if e.op.kind is Kind.ELEMENTWISE or name in ("add", "scale", "power", "hadamard"):
            return self._entrywise(e, at)
        if e.op.kind is Kind.DEFINITION and e.op.body is not None:
            return self.of(e.op.body(*e.args, **dict(e.attrs)), at)
        return self._by_equation(e, at)

    def _has_equation(self, e: Expr) -> bool:
        if e.op.kind is Kind.DEFINITION:
            return e.op.is_linear
        return e.op.kind is Kind.MULTILINEAR and e.op.equation is not None and not e.op.equation.is_grouped

    def _beside(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        """An operand of something that goes entry by entry: scalars stay."""
        return self.of(e, () if e.is_scalar else at)

    def _entrywise(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        args = [self._beside(a, at) for a in e.args]
        if e.op.name == "add":
            kept = [a for a in args if not (a.op is NUMBER and a["value"] == 0)]
            return plain(e.op, *kept) if len(kept) > 1 else kept[0] if kept else number(0)
        if e.op.name in ("scale", "hadamard"):
            return _product(args)
        return plain(e.op, *args, **dict(e.attrs))

    def _summed(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        """An entry of a sum; of a stack the entry of one slice."""
        found = stacked(e)
        if found is not None:
            body, axis = found
            return self.of(put(body, {counter(e): at[axis]}), (*at[:axis], *at[axis + 1 :]))
        own = self.fresh(e["size"])
        return self._sum(self.of(put(e.args[0], {counter(e): own}), at), own)

    def _sum(self, body: Expr, i: Expr) -> Expr:
        return index_sum(body, i["size"], i["level"])

    def _slice(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        """An entry of a slice is an entry of the array."""
        array = e.args[0]
        places = dict(zip(e["axes"], e.args[1:], strict=True))
        rest = iter(at)
        axes = len(array_axes(array.shape)) if len(array.shape) == 2 else len(array.shape)
        whole = tuple(places[k] if k in places else next(rest) for k in range(max(axes, len(places))))
        return self.of(array, whole) if array.args and array.op is not NAMED else sliced(array, whole, tuple(range(len(whole))))

    def _squares(self, e: Expr) -> Expr:
        at = tuple(self.fresh(size) for size in e.shape if size is not ONE)
        body = to_power(self.of(e, at), number(2))
        for i in reversed(at):
            body = self._sum(body, i)
        return body

    def _chain(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        """A product: an index for each inner size, none where a factor makes its two indices one; a trace joins the ends."""
        factors = _factors(e.args[0] if e.op.name == "tr" else e)
        ends: list[Expr | None] = [None] * (len(factors) + 1)
        outside = list(at)
        if e.op.name != "tr":
            if factors[0].shape[0] is not ONE:
                ends[0] = outside.pop(0)
            if factors[-1].shape[1] is not ONE:
                ends[-1] = outside.pop(0)
        joined = Joined(self, ends, factors, e.op.name == "tr")
        body = _product([*joined.deltas, *(self._factor(f, joined.at(k)) for k, f in enumerate(factors) if not _joins(f))])
        for i in reversed(joined.new):
            body = self._sum(body, i)
        return body

    def _factor(self, f: Expr, ends: tuple[Expr | None, Expr | None]) -> Expr:
        at = tuple(i for i in ends if i is not None)
        inside = _diagonal_of(f)
        return self.of(inside, at[:1]) if inside is not None else self.of(f, at)

    def _by_equation(self, e: Expr, at: tuple[Expr, ...]) -> Expr:
        """From the index equation: what is not in the output is summed."""
        assert e.op.equation is not None
        sizes = e.op.equation.bind(tuple(a.shape for a in e.args)) or {}
        place: dict[str, Expr] = {}
        deltas = []
        rest = iter(at)
        for letter in letters(e.op.equation.output):
            if sizes[letter] is not ONE:
                position = next(rest)
                if letter in place:
                    deltas.append(delta(place[letter], position, sizes[letter]))
                place.setdefault(letter, position)
        new = []
        for word in e.op.equation.inputs:
            for letter in letters(word):
                if letter not in place and sizes[letter] is not ONE:
                    place[letter] = self.fresh(sizes[letter])
                    new.append(place[letter])
        entries = [self.of(a, tuple(place[c] for c in letters(w) if c in place)) for a, w in zip(e.args, e.op.equation.inputs, strict=True)]
        body = _product([*deltas, *entries])
        for i in reversed(new):
            body = self._sum(body, i)
        return body


class Joined:
    """The indices at the ends and between the factors of a chain, those that factors make one being one."""

    def __init__(self, entries: _Entries, ends: list[Expr | None], factors: Sequence[Expr], closed: bool) -> None:
        self.deltas: list[Expr] = []
        self.new: list[Expr] = []
        last = len(factors)
        for k in range(1, last):
            if factors[k].shape[0] is not ONE:
                ends[k] = _known(factors, k)
        group = list(range(last + 1))
        for k, f in enumerate(factors):
            if f.shape[0] is not ONE and (f.op is IDENTITY or _diagonal_of(f) is not None):
                group = [group[k] if g == group[k + 1] else g for g in group]
        if closed:
            group = [group[0] if g == group[last] else g for g in group]
        found: dict[int, Expr] = {}
        for k in sorted(range(last + 1), key=lambda k: ends[k] is None):
            if _size_at(factors, k) is ONE:
                continue
            given = ends[k]
            if group[k] in found:
                if given is not None and given is not found[group[k]]:
                    self.deltas.append(delta(found[group[k]], given, _size_at(factors, k)))
                continue
            if given is None:
                given = entries.fresh(_size_at(factors, k))
                self.new.append(given)
            found[group[k]] = given
        self.places = [found.get(group[k]) if _size_at(factors, k) is not ONE else None for k in range(last + 1)]
        for k, f in enumerate(factors):
            position, place = _position(f), self.places[k] if f.shape[0] is not ONE else self.places[k + 1]
            if position is not None and place is not None and place is not position:
                self.deltas.append(delta(place, position, f.shape[0] if f.shape[0] is not ONE else f.shape[1]))

    def at(self, k: int) -> tuple[Expr | None, Expr | None]:
        """The two indices of a factor."""
        return self.places[k], self.places[k + 1]


def _size_at(factors: Sequence[Expr], k: int) -> Size:
    return factors[k].shape[0] if k < len(factors) else factors[-1].shape[1]


def _known(factors: Sequence[Expr], k: int) -> Expr | None:
    """The position that a basis vector beside an inner index gives it."""
    found = _position(factors[k])
    return _position(factors[k - 1]) if found is None else found


def _position(f: Expr) -> Expr | None:
    """The position of a basis vector, a column or a row; None for another factor."""
    inside = f.args[0] if f.op.name == "transpose" else f
    return inside.args[0] if inside.op is UNIT_AT else number(inside["position"]) if inside.op is UNIT else None


def _joins(f: Expr) -> bool:
    """Whether a factor is spoken for by its indices alone."""
    inside = f.args[0] if f.op.name == "transpose" else f
    return inside.op in (IDENTITY, UNIT, UNIT_AT)


def _diagonal_of(f: Expr) -> Expr | None:
    inside = f.args[0] if f.op.name == "transpose" else f
    return inside.args[0] if inside.op.name == "diag" else None


def _factors(e: Expr) -> list[Expr]:
    """The factors of a product, brackets taken away."""
    if e.op.name == "matmul":
        return [f for a in e.args for f in _factors(a)]
    if e.op.name == "transpose" and e.args[0].op.name == "matmul":
        return [f.T for f in reversed(_factors(e.args[0]))]
    return [e]


def _product(factors: Sequence[Expr]) -> Expr:
    """A product of scalars, ones left away."""
    kept: list[Expr] = []
    for f in factors:
        kept += f.args if f.op.name == "scale" else (f,)
    numbers = [f for f in kept if f.op is NUMBER]
    rest = [f for f in kept if f.op is not NUMBER]
    front = canonical(plain(OPERATIONS["scale"], *numbers)) if len(numbers) > 1 else numbers[0] if numbers else number(1)
    if front is number(0) or not rest:
        return front
    whole = rest if front is number(1) else [front, *rest]
    return whole[0] if len(whole) == 1 else plain(OPERATIONS["scale"], *whole)


def delta(p: Expr, q: Expr, size: Size) -> Expr:
    """Kronecker's δ."""
    return number(1) if p is q else unit_at(p, size).T @ unit_at(q, size)

"""The value of an index equation, from the equation alone: no operation is known here by name.

A plan says, for given shapes, which entries of the operands each entry of the result is made of.  It is found once for each
equation and shapes; carrying it out costs little more than the multiplications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from operator import itemgetter, mul
from typing import Any, TypeAlias

from matcalc.core.equation import Equation, axes, letters
from matcalc.verify.matrix import Matrix, Number
from matcalc.verify.numbers import Arithmetic

Shape: TypeAlias = tuple[int, int]
Given: TypeAlias = tuple[tuple[str, int], ...]
Rule: TypeAlias = Callable[..., list[Number]]
_PRODUCT = Equation.of("lm,mn->ln")
LARGE = 12
"""A matrix product over more than this is left to the arithmetic: a plan of it would be cubic."""


def contract(
    N: Arithmetic, equation: Equation, operands: Sequence[Matrix], shape: Shape | None = None, given: Given = ()
) -> Matrix:  # fmt: skip
    """The matrix that the equation makes of the operands; its shape is wanted where no operand has a letter of the output.

    `given` are sizes of letters that no shape tells.

    >>> from matcalc.verify.complexstep import ComplexStep
    >>> contract(ComplexStep(), Equation.of("lm,mn->ln"), [Matrix(1, 2, [1, 2]), Matrix(2, 2, [1, 2, 3, 4])]).entries
    [7, 10]
    """
    if equation == _PRODUCT and operands[0].columns > LARGE:
        return N.product(operands[0], operands[1])
    rule, rows, columns = _plan(equation, tuple([(A.rows, A.columns) for A in operands]), shape, given)
    return Matrix(rows, columns, N.settle(rule(*[A.entries for A in operands])))


@lru_cache(maxsize=4096)
def _plan(equation: Equation, shapes: tuple[Shape, ...], wanted: Shape | None, given: Given) -> tuple[Rule, int, int]:
    """How to make the entries of the result, and its shape."""
    sizes = _sizes(equation, shapes, wanted, given)
    rows, columns = [prod(sizes[c] for c in axis) for axis in (*axes(equation.output), "", "")][:2]
    shape = (rows, columns)
    places, offsets = _offsets(equation, sizes, shapes, shape)
    rule = _sums(offsets, len(places))
    if places != list(range(rows * columns)):
        rule = _scattered(rule, places, rows * columns)
    return rule, rows, columns


def _sizes(equation: Equation, shapes: tuple[Shape, ...], wanted: Shape | None, given: Given) -> dict[str, int]:
    """The size of each letter; where letters share an axis, all but one are known from elsewhere."""
    sizes: dict[str, int] = dict(given)
    words, known = [*equation.inputs], [*shapes]
    if wanted is not None:
        words, known = [*words, equation.output], [*known, wanted]
    found = [pair for word, shape in zip(words, known, strict=True) for pair in zip(axes(word), shape, strict=False)]
    for axis, size in sorted(found, key=lambda pair: len(pair[0])):
        whole = prod(sizes[c] for c in axis if c in sizes)
        for letter in axis:
            if letter not in sizes:
                sizes[letter] = size // whole
                whole *= sizes[letter]
        assert whole == size, (equation, shapes, wanted)
    return sizes


def _offsets(
    equation: Equation, sizes: dict[str, int], shapes: tuple[Shape, ...], shape: Shape
) -> tuple[list[int], list[list[list[int]]]]:
    """The places in the result that are not 0, and for each operand and place the offsets of the entries to multiply."""
    free = list(dict.fromkeys(letters(equation.output)))
    summed = [c for c in sizes if c not in free]
    places = _positions(equation.output, free, sizes, shape)
    offsets = []
    for word, dimensions in zip(equation.inputs, shapes, strict=True):
        inner = _positions(word, summed, sizes, dimensions)
        offsets.append([[start + i for i in inner] for start in _positions(word, free, sizes, dimensions)])
    order = sorted(range(len(places)), key=places.__getitem__)
    return [places[i] for i in order], [[found[i] for i in order] for found in offsets]


def _positions(word: str, names: list[str], sizes: dict[str, int], shape: Shape) -> list[int]:
    """Where an entry stands in its list, as far as these letters decide, for all their values in order."""
    found = [0]
    for letter in names:
        step = 0
        for axis, width in zip(axes(word), (shape[1], 1), strict=False):
            for at, c in enumerate(axis):
                step += width * prod(sizes[d] for d in axis[at + 1 :]) if c == letter else 0
        found = [start + i * step for start in found for i in range(sizes[letter])]
    return found


def _sums(offsets: list[list[list[int]]], count: int) -> Rule:
    """The rule for given offsets, of `count` places: without sums a gathering and multiplication, else a sum for each place."""
    terms = len(offsets[0][0]) if offsets and offsets[0] else 1
    if terms == 1:
        return _products([_gather([term[0] for term in found]) for found in offsets], count)
    if len(offsets) == 1:
        pickers = [_gather(term) for term in offsets[0]]
        return lambda entries: [sum(pick(entries)) for pick in pickers]
    if len(offsets) == 2:
        return _sums_of_products(*offsets)
    return lambda *operands: [
        sum(_multiplied([entries[o] for entries, o in zip(operands, factors, strict=True)]) for factors in zip(*term, strict=True))
        for term in zip(*offsets, strict=True)
    ]


def _sums_of_products(left: list[list[int]], right: list[list[int]]) -> Rule:
    """Each place is a row of selected entries times another; equal selections (rows, columns) are made once."""
    lefts, rights = list(dict.fromkeys(map(tuple, left))), list(dict.fromkeys(map(tuple, right)))
    pairs = [(lefts.index(tuple(a)), rights.index(tuple(b))) for a, b in zip(left, right, strict=True)]
    left_pick, right_pick = [_gather(list(s)) for s in lefts], [_gather(list(s)) for s in rights]
    table = _TABLES.get(len(left[0]))
    if table is not None and pairs == list(product(range(len(lefts)), range(len(rights)))):
        return lambda a, b: table([pick(a) for pick in left_pick], [pick(b) for pick in right_pick])

    def rule(a: list[Number], b: list[Number]) -> list[Number]:
        rows, columns = [pick(a) for pick in left_pick], [pick(b) for pick in right_pick]
        return [sum(map(mul, rows[i], columns[j])) for i, j in pairs]

    return rule


# Every row times every column, for the usual lengths: written out it takes half the time of sum(map(mul, …)).
_TABLES: dict[int, Callable[[Any, Any], list[Number]]] = {
    2: lambda rows, columns: [a * p + b * q for a, b in rows for p, q in columns],
    3: lambda rows, columns: [a * p + b * q + c * r for a, b, c in rows for p, q, r in columns],
    4: lambda rows, columns: [a * p + b * q + c * r + d * s for a, b, c, d in rows for p, q, r, s in columns],
    5: lambda rows, columns: [a * p + b * q + c * r + d * s + e * t for a, b, c, d, e in rows for p, q, r, s, t in columns],
}


def _products(pickers: list[Callable[[Any], Sequence[Number]]], count: int) -> Rule:
    """Products of gathered entries, one for each place; an equation without operands has ones there."""
    if not pickers:
        return lambda: [1] * count
    if len(pickers) == 1:
        only = pickers[0]
        return lambda entries: list(only(entries))
    if len(pickers) == 2:
        left, right = pickers
        return lambda a, b: list(map(mul, left(a), right(b)))
    return lambda *operands: [
        _multiplied(factors) for factors in zip(*(p(entries) for p, entries in zip(pickers, operands, strict=True)), strict=True)
    ]


def _multiplied(factors: Sequence[Number]) -> Number:
    result = factors[0]
    for x in factors[1:]:
        result = result * x
    return result


def _gather(offsets: list[int]) -> Callable[[Any], Sequence[Number]]:
    """The entries at these offsets; a slice where the steps are equal, which is the fastest."""
    first, count = offsets[0], len(offsets)
    step = offsets[1] - first if count > 1 else 1
    if step > 0 and offsets == list(range(first, first + step * count, step)):
        return itemgetter(slice(first, first + step * (count - 1) + 1, step))
    if step == 0 and offsets == [first] * count:
        return lambda entries: [entries[first]] * count
    return itemgetter(*offsets)


def _scattered(rule: Rule, places: list[int], count: int) -> Rule:
    """The same with zeros between the places, as in a diagonal matrix."""

    def spread(*operands: list[Number]) -> list[Number]:
        result: list[Number] = [0] * count
        for place, x in zip(places, rule(*operands), strict=True):
            result[place] = x
        return result

    return spread

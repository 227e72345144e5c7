"""The order in which a matrix product is computed.

Between a vector and a cube of work lies only the order: `x'Ay` is two products by a vector.  Sizes that are names count as one
large number, so the order is that of the book: vectors first; where it makes no difference, from the vector at an end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcalc.core.expression import Expr
from matcalc.core.leaves import NUMBER
from matcalc.core.size import ONE, Size
from matcalc.emit.program import Code, Program

LARGE = 1000
LONGEST_SEARCH = 24
LARGEST_REPEATED = 8
"""Powers up to this are so many products by a vector."""


@dataclass(frozen=True)
class Factor:
    """A factor of a matrix product with its numbers of rows and columns."""

    code: Code
    rows: Size
    columns: Size

    @property
    def is_cheap(self) -> bool:
        """Whether a product by this only scales."""
        return self.code.op in ("diag", "eye")


def factors_of(chain: Sequence[Expr], codes: Mapping[Expr, Code]) -> list[Factor]:
    """The factors of a product; beside a vector a power is so many of them."""
    single = [f for e in chain for f in _repeated(e)] if any(ONE in e.shape for e in chain) else chain
    return [Factor(codes[f], *f.shape) for f in single]


def _repeated(e: Expr) -> list[Expr]:
    count = e.args[1]["value"] if e.op.name == "matpow" and e.args[1].op is NUMBER else 0
    return [e.args[0]] * int(count) if 0 < count <= LARGEST_REPEATED else [e]


def _extent(size: Size) -> int:
    return size.number() or LARGE


def joined(program: Program, left: Factor, right: Factor) -> Factor:
    """The product of two neighbours."""
    if left.columns is ONE:
        code = program.outer(left.code, right.code)
    else:
        code = program.product(left.code, right.code)
    return Factor(code, left.rows, right.columns)


def multiplied(program: Program, factors: Sequence[Factor]) -> Code:
    """The product of a chain, in the order of least work."""
    if len(factors) > LONGEST_SEARCH:
        return _by_ends(program, factors)
    return _searched(program, factors)


def _searched(program: Program, factors: Sequence[Factor]) -> Code:
    """The best order by dynamic programming; of equal ones, the one that begins at a vector."""
    count = len(factors)
    extents = [_extent(f.rows) for f in factors] + [_extent(factors[-1].columns)]
    cost = {(i, i): 0 for i in range(count)}
    split: dict[tuple[int, int], int] = {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            from_right = factors[j].columns is ONE
            choices = range(i, j) if from_right else range(j - 1, i - 1, -1)
            works = {k: cost[i, k] + cost[k + 1, j] + _work(factors, extents, i, k, j) for k in choices}
            split[i, j] = best = min(works, key=works.__getitem__)
            cost[i, j] = works[best]
    done: dict[tuple[int, int], Factor] = {(i, i): f for i, f in enumerate(factors)}
    waiting = [(0, count - 1)]
    while waiting:
        i, j = waiting[-1]
        if (i, j) in done:
            waiting.pop()
            continue
        parts = ((i, split[i, j]), (split[i, j] + 1, j))
        missing = [part for part in parts if part not in done]
        if missing:
            waiting.extend(missing)
        else:
            done[i, j] = joined(program, done[parts[0]], done[parts[1]])
    return done[0, count - 1].code


def _work(factors: Sequence[Factor], extents: Sequence[int], i: int, k: int, j: int) -> int:
    """Multiplications in the product of factors i…k by factors k+1…j."""
    outside = extents[i] * extents[j + 1]
    if (i == k and factors[i].is_cheap) or (k + 1 == j and factors[j].is_cheap):
        return outside
    return outside * extents[k + 1]


def _by_ends(program: Program, factors: Sequence[Factor]) -> Code:
    """A long chain: cut where columns meet rows, each piece from its vector end."""
    pieces: list[list[Factor]] = [[]]
    for factor in factors:
        pieces[-1].append(factor)
        if factor.columns is ONE:
            pieces.append([])
    done = [_from_end(program, piece) for piece in pieces if piece]
    result = done[0]
    for piece in done[1:]:
        result = joined(program, result, piece)
    return result.code


def _from_end(program: Program, piece: Sequence[Factor]) -> Factor:
    if piece[-1].columns is ONE:
        result = piece[-1]
        for factor in reversed(piece[:-1]):
            result = joined(program, factor, result)
        return result
    result = piece[0]
    for factor in piece[1:]:
        result = joined(program, result, factor)
    return result


def traced(program: Program, factors: Sequence[Factor]) -> Code:
    """The trace of a chain: turned around until it begins with a row, else the inner product of its two halves."""
    for k, factor in enumerate(factors):
        if factor.columns is ONE:
            return multiplied(program, [*factors[k + 1 :], *factors[: k + 1]])
    first, rest = factors[0], factors[1:]
    if not rest:
        return program.trace(first.code)
    if any(f.code.op == "inv" or (f.code.op == "transpose" and f.code.args[0].op == "inv") for f in factors):
        return program.trace(multiplied(program, factors))
    return program.dot(program.transposed(first.code), multiplied(program, rest))

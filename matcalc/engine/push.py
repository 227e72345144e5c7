"""Push: a part of a sum taken into or through the inverse that it stands beside, where something then cancels or collects.

(I − X) (I + X)⁻¹ + I is 2 (I + X)⁻¹, because X (I + X)⁻¹ = I − (I + X)⁻¹; and (I + A B)⁻¹A − A (I + B A)⁻¹ is 0.  Such rules make
nothing shorter by themselves, so a product or a sum is multiplied out, one of them is applied wherever it fits, and what comes
out is factored, and taken if it is shorter to read.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from fractions import Fraction

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, NAMED, identity, number
from matcalc.core.rule import RULES, Rule
from matcalc.core.size import ONE
from matcalc.core.terms import Exponent, Term, build, join, power_node, split
from matcalc.engine.cost import cost
from matcalc.engine.expand import DEEPEST, MARGIN, terms
from matcalc.engine.factor import factored

MOST_TERMS, MOST_MOVES, MOST_ROUNDS = 12, 8, 4
LARGEST = 200
"""What costs more than this to read is not looked at."""
BESIDE, THROUGH = "part of a sum beside its inverse", "push-through"


@dataclass(frozen=True)
class Move:
    """A window of a product, and the terms that it equals once the scalars that it `needs` are taken from in front of it."""

    rule: str
    window: tuple[Expr, ...]
    new: tuple[Expr, ...]
    needs: tuple[tuple[Expr, Exponent], ...] = ()


def pushed(e: Expr, typed: Container[Expr] = ()) -> tuple[Expr, list[Rule]]:
    """The canonical e after the moves that make it shorter, and the rules used."""
    if not any(_inside(x) for x in postorder(e, below=_below)):
        return e, []
    used: list[Rule] = []
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=_below):
        args = x.args if x.op in (NAMED, DIFFERENTIAL) else tuple(new[a] for a in x.args)
        new[x] = _at(x if args == x.args else canonical(rebuilt(x, args)), typed, used)
    return new[e], used


def _below(e: Expr) -> tuple[Expr, ...]:
    return () if e.op in (NAMED, DIFFERENTIAL) else e.args


def _inside(f: Expr) -> Expr | None:
    """The sum that this is the inverse of."""
    turned = f.op.name == "transpose"
    inverse = f.args[0] if turned else f
    if inverse.op.name != "inv" or inverse.args[0].op.name != "add":
        return None
    return build("transpose", inverse.args[0]) if turned else inverse.args[0]


def _at(e: Expr, typed: Container[Expr], used: list[Rule]) -> Expr:
    for _ in range(MOST_ROUNDS):
        if e.op.name not in ("add", "scale", "matmul") or cost(e) > LARGEST:
            break
        found = min(_others(e, typed), key=lambda other: (cost(other[0]), _foreign(other[0], typed)), default=(e, ()))
        if cost(found[0]) + MARGIN > cost(e):
            break
        e = found[0]
        used += [RULES[name] for name in found[1]]
    return e


def _foreign(e: Expr, typed: Container[Expr]) -> int:
    """How many sums the user did not type."""
    return sum(x.op.name == "add" and x not in typed for x in postorder(e, below=_below))


def _others(e: Expr, typed: Container[Expr]) -> Iterator[tuple[Expr, tuple[str, ...]]]:
    """The node multiplied out, one move made wherever it fits, and factored; after a push, what it brought beside an inverse."""
    seen: list[list[Expr]] = []
    for kept, levels in ((typed, 1), ((), DEEPEST)):
        listed = terms(e, kept, levels)
        if len(listed) > MOST_TERMS or listed in seen:
            continue
        seen.append(listed)
        moves = dict.fromkeys(m for t in listed for m in _moves(_term(t).chain))
        for move in list(moves)[:MOST_MOVES]:
            new = _everywhere(listed, move)
            yield factored(build("add", *new)), (move.rule,)
            if move.rule == THROUGH:
                then = dict.fromkeys(m for t in new for m in _moves(_term(t).chain) if m.rule == BESIDE)
                for second in list(then)[:MOST_MOVES]:
                    yield factored(build("add", *_everywhere(new, second))), (move.rule, second.rule)


def _everywhere(listed: list[Expr], move: Move) -> list[Expr]:
    """The terms after a move wherever it fits; X (I + X)⁻² holds the window twice."""
    new = listed
    for _ in range(MOST_ROUNDS):
        before, new = new, [made for t in new for made in _moved(t, move)]
        if new == before:
            break
    return new


def _moved(t: Expr, move: Move) -> list[Expr]:
    """What a term is after a move at the first place where its window stands."""
    term, width = _term(t), len(move.window)
    if all(_holds(term.powers.get(base), p) for base, p in move.needs):
        for at in range(len(term.chain) - width + 1):
            if tuple(term.chain[at : at + width]) == move.window:
                front = join(Term(term.coefficient, term.powers), (ONE, ONE))
                return [build("scale", front, build("matmul", *term.chain[:at], new, *term.chain[at + width :])) for new in move.new]
    return [t]


def _term(t: Expr) -> Term:
    """The parts of a term; of a number aᵀB c those of the product that it is."""
    return Term(Fraction(1), {}, list(t.args)) if t.is_scalar and t.op.name == "matmul" else split(t)


def _holds(have: Exponent | None, need: Exponent) -> bool:
    """Whether a power holds another, so that nothing is divided by what may be 0."""
    if isinstance(have, Fraction) and isinstance(need, Fraction):
        return have / need >= 1
    return have is need


def _moves(chain: list[Expr]) -> Iterator[Move]:
    """The moves of the inverses of a chain with what stands on their left and on their right."""
    for at, f in enumerate(chain):
        inside = _inside(f)
        if inside is not None:
            for left in (True, False):
                beside = chain[:at] if left else chain[at + 1 :]
                yield from _taken_in(f, inside, beside, left)
                yield from _pushed_through(f, inside, beside, left)


def _taken_in(f: Expr, inside: Expr, beside: list[Expr], left: bool) -> Iterator[Move]:
    """A (A + B)⁻¹ = I − B (A + B)⁻¹."""
    for t in inside.args:
        part = split(t)
        width = len(part.chain)
        if part.chain[0].op is IDENTITY or (beside[-width:] if left else beside[:width]) != part.chain:
            continue
        by = [number(1 / part.coefficient), *(power_node(b, -p) for b, p in part.powers.items() if isinstance(p, Fraction))]
        if len(by) > len(part.powers):
            rest = build("add", *(s for s in inside.args if s is not t))
            others = rest.args if rest.op.name == "add" else (rest,)
            products = [build("scale", number(-1), *by, build("matmul", *((s, f) if left else (f, s)))) for s in others]
            window = (*part.chain, f) if left else (f, *part.chain)
            yield Move(BESIDE, window, (build("scale", *by, identity(f.shape[0])), *products), tuple(part.powers.items()))


def _pushed_through(f: Expr, inside: Expr, beside: list[Expr], left: bool) -> Iterator[Move]:
    """(c I + U V)⁻¹U = U (c I + V U)⁻¹, and V (c I + U V)⁻¹ = (c I + V U)⁻¹V."""
    parts = [split(t) for t in inside.args]
    products = [p for p in parts if p.chain[0].op is not IDENTITY]
    widest = min(min(len(p.chain) for p in products), len(beside)) if products else 0
    for width in range(1, widest + 1):
        window = beside[-width:] if left else beside[:width]
        if any((p.chain[-width:] if left else p.chain[:width]) != window for p in products):
            break
        U = build("matmul", *window)
        n = U.shape[0] if left else U.shape[1]
        turned = []
        for p in parts:
            rest = p.chain[:-width] if left else p.chain[width:]
            other = [*window, *rest] if left else [*rest, *window]
            front = join(Term(p.coefficient, p.powers), (ONE, ONE))
            turned.append(build("scale", front, build("matmul", *other) if p in products else identity(n)))
        inverse = build("inv", build("add", *turned))
        product = build("matmul", inverse, U) if left else build("matmul", U, inverse)
        yield Move(THROUGH, (*window, f) if left else (f, *window), (product,))

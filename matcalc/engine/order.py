"""Order: where terms stand in a sum, factors in a product, and in which direction a word is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from matcalc.core.builders import turned
from matcalc.core.canonical import behaviour, canonical, transposes
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.indices import is_square
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, NAMED, NUMBER, ONES, SYMBOL
from matcalc.core.operation import Kind
from matcalc.core.reality import IMAGINARY
from matcalc.core.size import ONE
from matcalc.core.terms import Term, build, is_ones, split
from matcalc.engine.infer import by_facts
from matcalc.engine.naming import is_simple
from matcalc.engine.signs import holds_differential, outside_names

Reading: TypeAlias = tuple[int, bool, int, bool, list[int], int, list[int]]
_UNKNOWN = 1 << 20


class Order:
    """The order of one problem: letters stand as they first appear in what was typed."""

    def __init__(self, typed: Iterable[Expr], dependent: set[Expr]) -> None:
        self.dependent = dependent
        self.rank: dict[Expr, int] = {}
        self.readings: dict[tuple[Expr, bool], Reading] = {}
        for e in postorder(*typed):
            if e.op in (SYMBOL, NAMED):
                self.rank.setdefault(e, len(self.rank))

    def introduce(self, name: Expr) -> None:
        """A name stands where the first letter of what it stands for would."""
        letters = [self.rank[x] for x in postorder(name.args[0]) if x in self.rank]
        self.rank.setdefault(name, min(letters, default=len(self.rank)))

    def reading(self, t: Expr, in_product: bool = False) -> Reading:
        """Where a term stands in a sum, and where a factor stands in a product.

        In a sum those without tr(A X) or xᵀy in front come first, and of these the variable's terms; transposed twins stand last,
        I and constants at the end.  In a product letters come first, then products of matrices, functions and
        names, sums: y ⊙ σ(x) ⊙ (1 − σ(x)), and a differential last.
        """
        known = self.readings.get((t, in_product))
        if known is None:
            known = self.readings[t, in_product] = self._read(t, in_product)
        return known

    def terms(self, terms: Iterable[Expr], is_positive: Callable[[Expr], bool]) -> list[Expr]:
        """The terms of a sum in their order, each followed by its transpose where that is a term too; a positive one stands first."""
        waiting = dict.fromkeys(sorted(terms, key=self.reading))
        groups = []
        while waiting:
            t = next(iter(waiting))
            del waiting[t]
            twin = upright(t) if waiting and is_square(t) and not t.is_scalar else t
            group = [t, twin] if twin in waiting else [t]
            groups.append(sorted(group, key=lambda x: not is_positive(x)))
            waiting.pop(twin, None)
        first = next((i for i, group in enumerate(groups) if is_positive(group[0])), 0)
        return [t for group in (groups[first], *groups[:first], *groups[first + 1 :]) for t in group]

    def _read(self, t: Expr, in_product: bool) -> Reading:
        seen = list(postorder(t, below=outside_names))
        varies = any((x.args[0] if x.op is DIFFERENTIAL else x) in self.dependent for x in seen)
        constant = all(x.op in (NUMBER, IDENTITY, ONES, IMAGINARY) or x.op.name in ("scale", "size", "transpose", "matmul") for x in seen)
        ranks = [self.rank.get(x, _UNKNOWN) for x in seen if x.op in (SYMBOL, NAMED)]
        moves = in_product and t.op.name != "add" and holds_differential(t)
        if in_product:
            base = t.args[0] if t.op.name == "power" else t
            composite = 0 if not base.args else 1 if base.op.name == "matmul" else 2
            return (
                moves,
                base.op.name == "add",
                composite,
                False,
                [min(ranks, default=_UNKNOWN)],
                sum(x.op.name == "transpose" for x in seen),
                ranks,
            )
        turns = sum(x.op.name == "transpose" for x in seen)
        turned = constant and any(x.op is IMAGINARY for x in seen)  # 1 + i
        last = int(constant) + turned if t.op.mirror is None else 2  # I + K
        return last, _has_word_in_front(t), not varies, moves, [min(ranks, default=_UNKNOWN)], turns, ranks

    def direction(self, chain: list[Expr]) -> tuple[bool, bool, int, list[int], bool]:
        """The differential last, ones first, few transposes, letters in order; rather a letter transposed than a function."""
        holds = [holds_differential(f) for f in chain]
        last_is_plain = chain[-1].op.name != "transpose"
        ranks = [self.rank.get(x, _UNKNOWN) for f in chain for x in postorder(f, below=outside_names) if x.op in (SYMBOL, NAMED)]
        misplaced = any(holds) and not (holds[-1] and last_is_plain)
        return misplaced, not is_ones(chain[0]), sum(map(transposes, chain)), ranks, not is_simple(chain[0])

    def scalar_rank(self, base: Expr) -> tuple[int, int, bytes]:
        """Where a scalar factor stands: letters, leaves, functions, sums, and what holds a differential last."""
        if holds_differential(base):
            return 3, 0, base.key
        if base.op is IMAGINARY:
            return -1, 0, base.key
        if base.op in (SYMBOL, NAMED):
            return 0, self.rank.get(base, _UNKNOWN), base.key
        return (0 if not base.args else 2 if base.op.name == "add" else 1), 0, base.key


def _has_word_in_front(t: Expr) -> bool:
    """Whether a matrix is multiplied by a scalar that is a long word itself, such as tr(A X)."""
    if t.is_scalar:
        return False
    bases = [b for b in split(t).powers if b.op not in (NAMED, DIFFERENTIAL)]
    return any(a.args and a.op is not NAMED for b in bases for a in b.args)


def upright(row: Expr) -> Expr:
    """The transpose, to be written and turned round; what is symmetric by a fact has no ᵀ."""
    return by_facts(build("transpose", row))[0]


def laid(column: Expr) -> Expr:
    """A written column turned round to a row: (M Xᵀy)ᵀ is yᵀX M where M is symmetric."""
    if column.op.name != "matmul":
        return turned(column)
    return plain(column.op, *(a if (normal := canonical(a)) is upright(normal) else turned(a) for a in reversed(column.args)))


def with_fewest_transposes(e: Expr, write: Callable[[Expr, list[int]], Expr], turn: Callable[[Term], int], signs: list[int]) -> Expr:
    """An elementwise product as it is written, or the transpose of its transpose: (M ⊙ R)ᵀ for Mᵀ ⊙ Rᵀ; its signs join the others.

    `turn` gives sums among the factors the sign that they were typed with.
    """
    found: list[int] = []
    written = write(e, found)
    if ONE not in e.shape and len(e.shape) == 2 and transposes(written) > 1:
        term = split(build("transpose", e))
        if not term.powers and abs(term.coefficient) == 1 and len(term.chain) == 1 and term.chain[0].op is e.op:
            turned_signs = [turn(term)]
            mirror = write(term.chain[0], turned_signs)
            if transposes(mirror) + 1 < transposes(written):
                written, found = mirror.T, turned_signs
    signs += found
    return written


def turned_function(f: Expr, write: Callable[[Expr], Expr]) -> Expr | None:
    """The transpose of a function as the function of what is turned, where that has no more transposes: tanh(x 1ᵀ − 1 yᵀ), L_exp(Aᵀ, G)."""
    if len(f.args) > 1 and behaviour(f.op) == "equivariant" and f.op.kind is Kind.OPERATION and ONE not in f.shape:
        others = [write(build("transpose", a)) for a in f.args]
        return rebuilt(f, tuple(others)) if sum(map(transposes, others)) <= 1 + sum(transposes(write(a)) for a in f.args) else None
    if f.op.kind is not Kind.ELEMENTWISE or len(f.args) != 1 or ONE in f.shape or len(f.shape) > 2:
        return None
    other = write(build("transpose", f.args[0]))
    return rebuilt(f, (other,)) if other.op.name != "transpose" and transposes(other) <= transposes(write(f.args[0])) else None

"""Arrangement: a canonical expression as the plain one that a person would write.

Order, signs, fractions and the direction of a word are decided here and nowhere else, so emitters only print what stands.  Sums
and elementwise products that the user typed keep the user's form; others start with a positive term, the variable's terms before
constants, transposes after what they transpose, and otherwise in the order in which letters first appear in the problem.
Scalars in front of a matrix are one fraction; without a numerator they divide it: `vvᵀ/‖v‖²`, but `(g/‖v‖) v`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod

from matcalc.core.builders import call, is_row, minus, negative, over, plus, turned
from matcalc.core.canonical import behaviour, canonical, transposes
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.indices import PLACE
from matcalc.core.leaves import DIFFERENTIAL, INDEX_SUM, NAMED, NUMBER, ONES, differential_of, number, ones
from matcalc.core.operation import Kind
from matcalc.core.size import ONE
from matcalc.core.terms import Exponent, Term, build, chain_node, exponent_node, is_column, is_ones, op, split
from matcalc.engine.entries import entry_of, rows_summed, with_means
from matcalc.engine.fractions import fraction, joined
from matcalc.engine.order import Order, laid, turned_function, upright, with_fewest_transposes
from matcalc.engine.pairing import is_pair, summed_entries
from matcalc.engine.powersums import gathered, in_powers
from matcalc.engine.realparts import real_part
from matcalc.engine.signs import holds_differential, oddness, outside_names, signed_place, split_number, turned_inside
from matcalc.engine.slices import as_stack, holds_basis, with_slices
from matcalc.engine.transposedsums import is_lighter_turned
from matcalc.engine.turns import Turns
from matcalc.engine.typed import Typed


class Arrangement:
    """How to write the expressions of one problem."""

    def __init__(self, typed: Iterable[Expr] = (), dependent: set[Expr] | None = None) -> None:
        """From what the user typed (and definitions), and the nodes that depend on the variable."""
        roots = list(typed)
        self.order = Order(roots, dependent if dependent is not None else set())
        self.typed = Typed(roots)
        self.turns = Turns(self.typed, self._signed)
        self.done: dict[Expr, Expr] = {}
        self.unsigned: dict[Expr, tuple[int, Expr]] = {}

    def introduce(self, name: Expr) -> None:
        """A name that is made late stands where the first letter of what it stands for would, in the user's sums as well."""
        self.order.introduce(name)
        self.typed.introduce(name)

    def __call__(self, e: Expr) -> Expr:
        """The canonical expression, arranged."""
        if e not in self.done:
            for x in postorder(e, below=lambda y: () if y in self.done else outside_names(y)):
                if x not in self.done:
                    self.done[x] = self._arranged(x)
        return self.done[e]

    def _arranged(self, e: Expr) -> Expr:
        if e in self.typed:
            return self.typed[e]
        name = e.op.name
        if is_row(e) and name in ("add", "hadamard", "power", "index_sum"):
            sign, column = self._signed(upright(e))
            return self._kept(e, (sign, turned(column)))
        if name == "add":
            return self._sum(e)
        if name in ("scale", "matmul", "power", "hadamard"):
            return self._kept(e, self._term(e))
        if e.op is NAMED or not e.args:
            return e
        if e.op is DIFFERENTIAL:
            inside = e.args[0]
            return e if inside.op is NAMED or not inside.args else differential_of(self(canonical(inside)))
        if name == "transpose" and e.args[0].op is ONES:
            return ones(e.shape)
        if name in ("tr", "sum"):
            return self._trace(e) if name == "tr" else summed_entries(self.done[e.args[0]])
        if e.op in (PLACE, INDEX_SUM) and (stack := as_stack(e, self.done[e.args[0]], self._signed, self.typed)) is not None:
            return self._kept(e, stack)
        if name == "real" or (name == "transpose" and e.args[0].op.name == "real"):
            return self._kept(e, real_part(e, self._signed, self.typed))
        mirror = self.turns.typed_mirror(e)
        if mirror is not None:
            written = rebuilt(e, tuple(self(a) for a in mirror.args))
            if oddness(e) == "even":
                return written
            return self._kept(e, (-1, written))
        args = tuple(self.done[a] for a in e.args)
        place = signed_place(e, [self.unsigned.get(a, (1, a))[0] for a in e.args])
        sign, unsigned = self.unsigned.get(e.args[place], (1, e))
        if sign < 0 and len(args) == 1 and oddness(e) == "even":
            return rebuilt(e, (unsigned,))
        if name == "transpose" and "{" in e.args[0].op.notation.superscript:
            return rebuilt(args[0], (turned(args[0].args[0]), *args[0].args[1:]))
        if name == "transpose" and sign > 0:
            return args[0].args[0] if args[0].op is e.op else turned_function(e.args[0], self) or rebuilt(e, args)
        if len(args) == 1 and args[0].op.name == "transpose" and behaviour(e.op) == "equivariant" and not e.is_column:
            return rebuilt(e, args[0].args).T
        is_linear = (len(args) == 1 or oddness(e) == "odd") and (e.op.kind in (Kind.LINEAR, Kind.MULTILINEAR) or e.op is INDEX_SUM)
        if sign < 0 and (is_linear or oddness(e) == "odd"):
            return self._kept(e, (-1, rebuilt(e, (*args[:place], unsigned, *args[place + 1 :]))))
        return rebuilt(e, args)

    def _kept(self, e: Expr, found: tuple[int, Expr]) -> Expr:
        """The expression as it is written, its sign and what has that sign remembered."""
        sign, written = self.unsigned[e] = found
        return negative(written) if sign < 0 else written

    # Sums
    def _sum(self, e: Expr) -> Expr:
        if len(set(e.args)) < len(e.args):  # as it was typed, X + X
            return self(canonical(e))
        common = {abs(split_number(t)) for t in e.args}
        if len(common) == 1 and common != {1} and not all(map(is_pair, e.args)):
            c = Fraction(common.pop())
            outside, inside = self.turns.with_fewest_minuses(build("scale", number(1 / c), e))
            sign, written = self._signed(inside)
            return self._kept(e, (outside * sign, fraction(*self._fraction(Term(c), []), written)))
        is_turned = is_lighter_turned(e)
        known = self.typed.part_of(e) if not is_turned else None
        if known is not None:
            return self._around(e, known)
        powers, others = gathered(e.args)
        ordered = self.order.terms([*powers, *others], lambda t: self._signed(t)[0] > 0)
        if is_turned:  # X²A + X A X + A X² the other way round
            ordered = [build("transpose", t) for t in ordered]
            ends = self.order.reading(ordered[-1]), self.order.reading(ordered[0])
            ordered = ordered[::-1] if ends[0] < ends[1] and self._signed(ordered[-1])[0] > 0 else ordered
        listed = [self._signed(t) for t in ordered]
        sign = listed[0][0]
        if sign < 0:
            listed = [(1, t) for _, t in listed]
        total = listed[0][1]
        for s, t in listed[1:]:
            total = minus(total, t) if s < 0 else plus(total, t)
        return self._kept(e, (sign, total.T if is_turned else total))

    def _around(self, e: Expr, known: Expr) -> Expr:
        """A sum with a part in the user's order, and the other terms behind it."""
        total = self(known)
        for s, t in [self._signed(t) for t in sorted(set(e.args) - set(known.args), key=self.order.reading)]:
            total = minus(total, t) if s < 0 else plus(total, t)
        return total

    def sign(self, t: Expr) -> int:
        """−1 for what is written with a minus in front."""
        return self._signed(t)[0]

    def _signed(self, t: Expr) -> tuple[int, Expr]:
        """The sign of a term as it is written, and the term without it."""
        written = self(t)
        if t in self.unsigned:
            return self.unsigned[t]
        return (-1, number(-t["value"])) if t.op is NUMBER and t["value"] < 0 else (1, written)

    # Terms
    def _term(self, e: Expr) -> tuple[int, Expr]:
        """The sign of a term and the term without it; the signs of its factors are taken up into it."""
        if e.op.name == "scale" and canonical(e) is not e and len({a.args[0] if a.op.name == "power" else a for a in e.args}) < len(e.args):
            return self._signed(canonical(e))  # as it was typed, c c
        term = turned_inside(split(e), self.typed.forms)
        if e.op.name == "matmul" and e.is_scalar:
            return self._word(list(e.args))
        signs = [self.turns.sums_of(term)]
        tail = [b for b, p in term.powers.items() if is_column(e) and p == 1 and holds_differential(b)]
        for b in tail:
            del term.powers[b]
        top, bottom = self._fraction(with_means(term), signs)
        matrix = self._matrix(term.chain, signs) if term.chain else None
        if tail:
            assert matrix is not None
            matrix = plain(op("matmul"), *(matrix.args if matrix.op.name == "matmul" else (matrix,)), *map(self, tail))
        return prod(signs), fraction(top, bottom, matrix)

    def _fraction(self, term: Term, signs: list[int]) -> tuple[list[Expr], list[Expr]]:
        """The scalars above and below the line, numbers first."""
        c = abs(term.coefficient)
        top = [number(c.numerator)] if c.numerator != 1 else []
        bottom = [number(c.denominator)] if c.denominator != 1 else []
        for base, p in sorted(term.powers.items(), key=lambda item: self.order.scalar_rank(item[0])):
            if isinstance(p, Fraction) and p < 0:
                bottom.append(self._power(base, -p))
            else:
                top.append(self._without_sign(base, signs) if p == 1 else self._power(base, p))
        return top, bottom

    def _power(self, base: Expr, p: Exponent) -> Expr:
        written = self(base)
        if p == 1:
            return written
        return call("power", written, number(p) if isinstance(p, Fraction) else self(canonical(exponent_node(p))))

    def _matrix(self, chain: list[Expr], signs: list[int]) -> Expr:
        """A chain of matrices as it reads: ones as sums of rows, a row as a transpose; signs that come out join the others."""
        whole = chain_node(chain)
        if whole in self.typed:
            return self.typed[whole]
        if is_ones(whole):
            return ones(whole.shape)
        if len(chain) == 1:
            return self._factor(chain[0], signs)
        if len(chain) == 2 and chain[1].op is ONES and ONE not in chain[0].shape:
            return rows_summed(chain[0], lambda f: self._factor(f, signs))
        if chain[0].shape[0] is ONE:
            return laid(self._matrix([upright(f) for f in reversed(chain)], signs))
        return self._product(chain, signs)

    def _product(self, chain: list[Expr], signs: list[int]) -> Expr:
        factors = in_powers(with_slices(chain, lambda f: self._factor(f, signs)))
        return factors[0] if len(factors) == 1 else plain(op("matmul"), *factors)

    def _factor(self, f: Expr, signs: list[int]) -> Expr:
        if is_row(f):
            return self._without_sign(f, signs)
        if f.op.name in ("hadamard", "power"):
            return with_fewest_transposes(f, self._entrywise, self.turns.sums_of, signs)
        if f.op.name == "transpose" and f.args[0].op is ONES:
            return ones(f.args[0].shape).T
        return self._without_sign(f, signs)

    def _without_sign(self, f: Expr, signs: list[int]) -> Expr:
        written = self(f)
        if f not in self.unsigned:
            return written
        sign, written = self.unsigned[f]
        signs.append(sign)
        return written

    def _entrywise(self, whole: Expr, signs: list[int]) -> Expr:
        """An elementwise product, quotients for negative powers."""
        if whole in self.typed:
            return self.typed[whole]
        parts = whole.args if whole.op.name == "hadamard" else (whole,)
        top: list[Expr] = []
        bottom: list[Expr] = []
        for h in sorted(parts, key=lambda part: self.order.reading(part, True)):
            base, p = (h.args[0], h.args[1]) if h.op.name == "power" else (h, number(1))
            if p.op is NUMBER and p["value"] < 0:
                bottom.append(self._power(base, -p["value"]))
            elif p.op is NUMBER:
                top.append(self._power(base, p["value"]) if p["value"] != 1 else self._without_sign(base, signs))
            else:
                top.append(call("power", self(base), self(p)))
        above = joined(top) if top else ones(whole.shape)
        return over(above, joined(bottom)) if bottom else above

    # Scalars made of words
    def _word(self, chain: list[Expr]) -> tuple[int, Expr]:
        """pᵀ M q in the direction that reads best; sums where an end is ones."""
        other = [build("transpose", f) for f in reversed(chain)]
        best = min((chain, other), key=self.order.direction)
        if is_ones(best[0]) and is_ones(best[-1]) and len(best) > 2:
            return 1, self._summed(best[1:-1])
        if is_ones(best[0]):
            return 1, self._summed(best[1:])
        if holds_basis(best):
            return self._factors(best)
        picked = entry_of(chain, self) or entry_of(other, self)
        return (1, picked) if picked is not None else self._factors(best)

    def _factors(self, chain: list[Expr]) -> tuple[int, Expr]:
        """A word with its sums as they were typed, and the sign that this costs."""
        term = Term(chain=list(chain))
        signs = [self.turns.sums_of(term)]
        written = self._product(term.chain, signs)
        return prod(signs), written

    def _summed(self, chain: list[Expr]) -> Expr:
        signs: list[int] = []
        written = self._matrix(chain, signs)
        return call("sum", negative(written) if prod(signs) < 0 else written)

    def _trace(self, e: Expr) -> Expr:
        """The trace of the word that reads best; A : dX where the differential is one factor of two."""
        m = e.args[0]
        if m.op.name != "matmul":
            return call("tr", self(m))
        words = []
        for word in (list(m.args), [build("transpose", f) for f in reversed(m.args)]):
            words += [word[i:] + word[:i] for i in range(len(word))]
        best = min(words, key=self.order.direction)
        if len(best) == 2 and holds_differential(best[1]):
            left = build("transpose", best[0])
            if transposes(left) <= transposes(best[0]):
                return call("inner", self(left), self(best[1]))
        if len(best) == 2 and any(f.op.name == "transpose" for f in best):
            turned_, kept = best if best[0].op.name == "transpose" else best[::-1]
            pair = sorted((build("transpose", turned_), kept), key=lambda f: self.order.direction([f])[3])
            return call("inner", *map(self, pair))
        sign, product = self._factors(best)
        return self._kept(e, (sign, call("tr", product)))

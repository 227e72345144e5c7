"""Which way round a sum is written, −(b − A x) or A x − b: as it was typed, else so that few minus signs are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcalc.core.expression import Expr, node
from matcalc.core.leaves import number
from matcalc.core.terms import Term, build
from matcalc.engine.signs import Slot, has_negative_constants, oddness, signed_place, slots
from matcalc.engine.typed import Typed


@dataclass(frozen=True)
class Turns:
    """The choice for the sums of one problem; `signed` gives the sign of a term as it is written, and the term without it."""

    typed: Typed
    signed: Callable[[Expr], tuple[int, Expr]]

    def sums_of(self, term: Term) -> int:
        """The sign in front after sums among the factors were turned: to what the user typed, else so that no minus is left."""
        sign = -1 if term.coefficient < 0 else 1
        loose: list[Slot] = []
        for slot in slots(term):
            mirror = self.mirror(slot.factor)
            if mirror is None:
                continue
            if self.was_typed(slot.factor, mirror):
                sign *= slot.turned_to(mirror)
            elif slot.is_loose and slot.factor not in self.typed and not self.was_typed(mirror, slot.factor):
                loose.append(slot)
        for slot in loose:
            mirror = build("scale", number(-1), slot.factor)
            # A minus goes into a sum where no more of them are printed then, and comes out where fewer are.
            if self.minuses(mirror) + (sign > 0) < self.minuses(slot.factor) + 2 * (sign < 0):
                sign *= slot.turned_to(mirror)
        return sign

    def minuses(self, e: Expr) -> int:
        """How many minus signs are printed in a sum."""
        return sum(self.signed(t)[0] < 0 for t in e.args)

    def mirror(self, f: Expr) -> Expr | None:
        """−f for a sum with both signs, or f of the sum turned round for an odd or even function of such a sum."""
        if f.op.name == "add":
            return build("scale", number(-1), f) if any(self.signed(t)[0] < 0 for t in f.args) else None
        return self.typed_mirror(f)

    def was_typed(self, f: Expr, mirror: Expr) -> bool:
        """Whether the mirror image is the better known of the two: as typed, else with a positive constant, as in 1 − tanh²."""
        if f.op.name != "add" or f in self.typed or mirror in self.typed:
            return f not in self.typed
        return has_negative_constants(f)

    def typed_mirror(self, f: Expr) -> Expr | None:
        """g(−s) for a function g(s) that is odd or even, where −s is the better known of the two."""
        place = signed_place(f)
        if not oddness(f) or f.args[place].op.name != "add":
            return None
        other = self.mirror(f.args[place])
        if other is None or not self.was_typed(f.args[place], other):
            return None
        return node(f.op, (*f.args[:place], other, *f.args[place + 1 :]), f.attrs, f.shape)

    def with_fewest_minuses(self, e: Expr) -> tuple[int, Expr]:
        """A sum behind a number, and a sign in front of it: −2 (b + c + d − a)."""
        other = build("scale", number(-1), e)
        if e not in self.typed and other not in self.typed and self.minuses(other) + 1 < self.minuses(e):
            return -1, other
        return 1, e

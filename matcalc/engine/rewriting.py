"""Simplification of an expression by itself, one named step after another.

Normal form, facts, rules one at a time, then factoring, until nothing gets shorter.  What comes out is never longer to read than
what went in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from matcalc.core.canonical import canonical, transposes
from matcalc.core.derivation import Act, Derivation, Reason
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import levelled
from matcalc.core.leaves import INDEX_SUM, NAMED, unnamed
from matcalc.engine.arrange import Arrangement
from matcalc.engine.cost import cost
from matcalc.engine.derive import Turn
from matcalc.engine.expand import shortest
from matcalc.engine.fold import named_again
from matcalc.engine.infer import by_facts
from matcalc.engine.matrixform import matrix_form
from matcalc.engine.naming import Labels
from matcalc.engine.push import pushed
from matcalc.engine.reasons import laws
from matcalc.engine.simplify import simplified
from matcalc.engine.telling import uses_of

ROUNDS = 6
LONGEST = 150
"""What costs more than this to read, with its names written out, is left with them."""


@dataclass
class Rewriting:
    """An expression on its way to a shorter form, and the steps so far."""

    typed: Expr
    derivation: Derivation = field(init=False)

    def __post_init__(self) -> None:
        self.derivation = Derivation(self.typed)
        arrange = Arrangement([self.typed])
        # What was typed is not what is sought, where the normal form is shorter.
        bare = Arrangement()
        arrange.typed.forms = {
            normal: form
            for normal, form in arrange.typed.forms.items()
            if cost(form) <= cost(normal) and (not _may_turn(form) or cost(form) <= cost(bare(normal)))
        }
        self.turn = Turn(arrange, Labels(set()), set(), self.derivation, {})
        self.at, self.written = canonical(self.typed), self.typed

    def run(self) -> Expr:
        """The shortest form found."""
        if any(e.op is INDEX_SUM for e in postorder(self.typed)):
            self._go(Act.COLLECT, canonical(matrix_form(levelled(self.typed))), [Reason(words="index sums as matrix algebra")])
        arranged = self.turn.arrange(self.at)
        if cost(arranged) < cost(self.typed):
            self._go(Act.WRITE, self.at, laws(self.typed, self.at) or [Reason(words="transposes, scalars and like terms")])
        for _ in range(ROUNDS):
            before = self.at
            self._round()
            if self.at is before:
                break
        self._through_definitions()
        if cost(self.written) >= cost(self.typed):
            self.derivation.steps.clear()
            self.written = self.typed
        return self.written

    def _through_definitions(self) -> None:
        """The names written out and put back, where that is shorter: H H = H for H = X (XᵀX)⁻¹Xᵀ."""
        names = [x for x in postorder(self.at) if x.op is NAMED]
        e = canonical(unnamed(self.at)) if names else self.at
        if not names or cost(e) > LONGEST:
            return
        for _ in range(ROUNDS):
            before, e = e, pushed(shortest(simplified(by_facts(e)[0])[0]))[0]
            if e is before:
                break
        e = named_again(e, names)
        if cost(e) < cost(self.at):
            self._go(Act.USING, e, [Reason(name, name.args[0]) for name in names])

    def _round(self) -> None:
        e, facts = by_facts(self.at)
        self._go(Act.FACT, e, uses_of(facts, self.turn))
        while True:
            e, rules = simplified(self.at, 1)
            if not rules or e is self.at:
                break
            self._go(Act.SIMPLIFY, e, [Reason(rules[0].left, rules[0].right, cite=rules[0].cite, in_letters=True)])
        self._go(Act.COLLECT, shortest(self.at), [Reason(words="collect")])
        e, rules = pushed(self.at)
        self._go(Act.SIMPLIFY, e, [Reason(rule.left, rule.right, cite=rule.cite, in_letters=True) for rule in dict.fromkeys(rules)])

    def _go(self, act: Act, new: Expr, reasons: list[Reason]) -> None:
        if new is self.at and act is not Act.WRITE:
            return
        after = self.turn.arrange(new)
        self.derivation.add(act, self.written, after, reasons)
        self.at, self.written = new, after


def rewriting(e: Expr) -> tuple[Expr, Derivation]:
    """The expression as short as it gets, and the steps that lead there; none where it cannot be shortened.

    >>> import matcalc.operations, matcalc.rules
    >>> from matcalc.core.leaves import symbol
    >>> A, B = symbol("A", "m", "n"), symbol("B", "n", "p")
    >>> rewriting((B.T @ A.T).T)[0] is A @ B
    True
    """
    work = Rewriting(e)
    return work.run(), work.derivation


def _may_turn(e: Expr) -> bool:
    """Whether a sum may be shorter as a transpose, or with a minus in front."""
    return len(e.args) > 2 or transposes(e) > 1 or all(t.op.name == "scale" for t in e.args)

"""From the derivative over names to the answer as it is printed: names put away, facts, simplification; each a step.

What happens here is part of the derivation, so that its last line is the answer, and every line between is checked as all are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from matcalc.core.builders import call
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason
from matcalc.core.expression import Expr, postorder, substitute, substitute_here
from matcalc.core.indices import levelled
from matcalc.core.leaves import INDEX_SUM, NAMED, named, number, zeros
from matcalc.core.rule import RULES, Rule
from matcalc.core.size import ONE
from matcalc.engine.abbreviate import abbreviated, reflected, through_function, written_out
from matcalc.engine.centred import without_centred
from matcalc.engine.comparisons import compared
from matcalc.engine.cost import cost
from matcalc.engine.derive import Turn
from matcalc.engine.expand import shortest
from matcalc.engine.families import index_of
from matcalc.engine.fold import as_typed, folded, named_again, opened, without_names
from matcalc.engine.infer import by_facts
from matcalc.engine.matrixform import matrix_form
from matcalc.engine.naming import Named, written_sizes
from matcalc.engine.normalisations import shorter
from matcalc.engine.normalised import with_constants_out
from matcalc.engine.push import pushed
from matcalc.engine.quotients import quotients
from matcalc.engine.reasons import laws
from matcalc.engine.simplify import simplified
from matcalc.engine.solve import Pair, Rewriting
from matcalc.engine.symmetric import symmetric_form
from matcalc.engine.telling import uses_of
from matcalc.engine.vanish import without_vanishing

MOST_USERS, LONGEST, SAVED = 12, 200, 2
"""So many definitions are solved, in answers that cost at most so much to read, and each must save so much."""
ROUNDS = 3
MOST_TOLD, MOST_OPENED = 3, 8
"""So many definitions are told where names are put away, more are left to the list at the top; so many names are tried written out."""


@dataclass
class Finish:
    """The steps that follow the identification."""

    turn: Turn
    names: Named
    function: Expr
    """What was differentiated, as it was typed."""
    at: Expr
    """Where the steps have arrived, canonical."""
    written: Expr = field(init=False)
    waiting: list[Reason] = field(default_factory=list)
    """Reasons for what has changed without a line of its own."""

    def __post_init__(self) -> None:
        self.written = self.turn.arrange(self.at)

    def answer(self) -> Expr:
        """The answer as a plain expression; the steps that lead to it are recorded."""
        self._put_names_away()
        self._go(Act.COLLECT, canonical(matrix_form(levelled(self.at))), [Reason(words="index sums as matrix algebra")])
        e, used = by_facts(self.at)
        if cost(e) < cost(self.at):
            self._go(Act.FACT, e, uses_of(used, self.turn))
        else:  # a word turned round is no line of its own
            self.at = e
            self.waiting = uses_of(used, self.turn) if self.turn.arrange(e) is not self.written else []
        users = list(self.names.users.values())
        e = named_again(self.at, users)
        self._go(Act.FOLD, e, self._definitions(set(_names(e)) - set(_names(self.at)), self.names.users))
        e, zero = without_vanishing(self.at, self.turn.arrange.typed.sums())
        self._go(Act.SIMPLIFY, e, [Reason(self.turn.arrange(w), zeros(w.shape)) for w in zero[:MOST_TOLD]])
        self._under_names(lambda e: without_vanishing(e, self.turn.arrange.typed.sums())[0])
        self._open_names()
        self._by_quotients()
        self._shorten()
        self._with_constants_out()
        self._open_users()
        self._through_users()
        self._without_centred()
        self._by_scalings()
        self._by_quotients()
        self._abbreviate()
        if self.waiting:
            self.turn.derivation.add(Act.FACT, self.written, self.turn.arrange(self.at), self.waiting)
            self.written = self.turn.arrange(self.at)
        return levelled(self._with_definitions_arranged())

    def _collected(self) -> Expr:
        """The shortest form; one in which the sums that were typed stay whole, where names make that no longer: (R Aᵀ + A Rᵀ)X."""
        sums = self.turn.arrange.typed.sums()
        best = shortest(self.at, sums)
        if not {x for x in postorder(self.at) if x in sums}.difference(postorder(best)):
            return best
        whole = shortest(self.at, sums, whole=True)
        return whole if whole is not best and self._named_cost(whole) <= self._named_cost(best) else best

    def _named_cost(self, e: Expr) -> int:
        """What an answer costs to read with names for what it repeats."""
        counter = count()
        shown, _ = abbreviated(reflected(e), lambda x: f"?{next(counter)}", self.turn.arrange.typed.forms)
        users = set(self.names.users.values())
        names = [x for x in postorder(shown, below=lambda y: () if y in users else y.args) if x.op is NAMED and x not in users]
        return cost(shown) + sum(cost(canonical(name.args[0])) for name in names if name["label"])

    def _opened(self) -> Expr:
        """The answer without the engine's names, where index sums in them say what it says as well: what both say gets one name."""
        if not any(x.op is INDEX_SUM for x in postorder(self.at)):
            return self.at
        return min(self.at, without_names(self.at, set(self.names.users.values()), LONGEST), key=self._named_cost)

    def _shorten(self) -> None:
        """Factored, expanded and by rules; what a rule has changed is looked at once more."""
        for _ in range(ROUNDS):
            self._go(Act.COLLECT, self._collected(), [Reason(words="collect")])
            before = self.at
            for change in (compared, simplified, self._pushed):
                e, rules = change(self.at)
                self._go(Act.SIMPLIFY, e, [_statement(rule) for rule in rules] or [Reason(words="collect")])
            if self.at is before:
                break

    def _pushed(self, e: Expr) -> tuple[Expr, list[Rule]]:
        return pushed(e, self.turn.arrange.typed.sums())

    def _by_quotients(self) -> None:
        """The values of a function by their quotient with a sum, where that makes it shorter: exp(x) by softmax(x)."""
        arrange, f = self.turn.arrange, self.function
        own = None if f.is_scalar or written_sizes(f)[f] > LONGEST else named("", canonical(f))
        for q in quotients(self.at, list(self.names.users.values()), own):
            scaled = None if ONE in q.value.shape else shorter(self.at, (), arrange.typed.sums())
            forms = [self.at] if scaled is None else [self.at, scaled[0]]
            put_in = [shortest(new, arrange.typed.sums()) for e in forms if (new := q.put_into(e)) is not e]
            found = min(put_in, key=self._named_cost, default=self.at)
            extra = cost(q.definition) if q.whole is own else 0
            if found is self.at or self._named_cost(found) + extra >= self._named_cost(self._collected()):
                continue
            pair = q.definition, q.whole
            if q.whole is own:
                label = self.turn.labels.of(q.definition, lambda: self.turn.labels.take("vector", "p q"))
                pair = named(label, q.definition), q.definition
                arrange.introduce(pair[0])
                found = canonical(substitute(found, {q.whole: pair[0]}))
            self._go(Act.FOLD, found, [Reason(arrange(pair[0]), arrange(pair[1]))])
            e, rules = simplified(self.at)
            self._go(Act.SIMPLIFY, e, [_statement(rule) for rule in rules])

    def _open_users(self) -> None:
        """The definitions of the user written out where that lets something cancel: Y X Xᵀ = Xᵀ for X = Y⁺."""
        users = [name for name in self.names.users.values() if name in set(_names(self.at))]
        e = opened(self.at, users) if cost(self.at) <= LONGEST else self.at
        if e is not self.at and cost(e) <= LONGEST:
            e = named_again(shortest(e, self.turn.arrange.typed.sums()), users)
            kept = set(users) <= set(_names(e)) or 2 * cost(e) < cost(self.at)
            if kept and cost(e) < cost(self.at) - SAVED:
                self._go(Act.USING, e, [Reason(name, self.turn.arrange(name.args[0])) for name in users[:MOST_TOLD]])

    def _through_users(self) -> None:
        """The definitions of the user put in where they make it shorter, solved for what stands in them: ‖v‖ w = g v, o ⊙ tanh(c) = h.

        What stands under names of the engine is seen to as well.
        """
        users = list(self.names.users.values())[:MOST_USERS]
        for name in users:
            found = self._shorter(self.at, name)
            if found is not None:
                e, (left, right) = found
                self._go(Act.USING, e, [Reason(self.turn.arrange(left), self.turn.arrange(right))])

        def through(e: Expr) -> Expr:
            for name in users:
                found = self._shorter(e, name)
                e = found[0] if found is not None else e
            return e

        self._under_names(through)

    def _under_names(self, change: Callable[[Expr], Expr]) -> None:
        """What the engine's names stand for in another form, which is told."""
        users = set(self.names.users.values())
        new = {}
        for x in _names(self.at):
            inside = canonical(x.args[0])
            e = change(inside) if x not in users else inside
            if e is not inside:
                new[x] = named(x["label"], self.turn.arrange(e))
                self.turn.arrange.introduce(new[x])
                self.turn.derivation.add(Act.SIMPLIFY, x, new[x].args[0], [Reason(words="collect")])
        if new:
            self._go(Act.WRITE, canonical(substitute_here(self.at, new)), [])

    def _without_centred(self) -> None:
        """Sums of what is centred are 0; what is left is factored again."""
        e, found = without_centred(self.at)
        self._go(Act.FACT, e, [Reason(call("sum", self.turn.arrange(z)), number(0)) for z in found])
        if found:
            self._go(Act.COLLECT, shortest(self.at, self.turn.arrange.typed.sums()), [Reason(words="collect")])

    def _open_names(self) -> None:
        """Scalars that the engine named written out where that is shorter: u/(c (u + v)) with c = u/(u + v) is 1."""
        tried = users = set(self.names.users.values())
        while len(tried) < MOST_OPENED and (left := [x for x in _names(self.at) if x.is_scalar and x not in tried]):
            e = shortest(opened(self.at, left[:1]), self.turn.arrange.typed.sums())
            shorter = self._named_cost(e) < self._named_cost(self.at)
            tried = users if shorter else {*tried, left[0]}
            self._go(Act.FOLD, e if shorter else self.at, [Reason(left[0], self.turn.arrange(left[0].args[0]))])

    def _with_constants_out(self) -> None:
        """What sums to 1 meets a constant, where that makes it shorter: pᵀ(r + 1) is pᵀr + 1."""
        e, found = with_constants_out(self.at)
        e = shortest(e, self.turn.arrange.typed.sums()) if found else self.at
        if cost(e) < cost(self.at):
            self._go(Act.FACT, e, [Reason(call("sum", self.turn.arrange(p)), number(1)) for p in found])

    def _by_scalings(self) -> None:
        """A normalisation by rows or columns with one denominator."""
        users = list(self.names.users.values())[:MOST_USERS]
        found = None
        for e in dict.fromkeys((self.at, without_names(self.at, set(self.names.users.values()), LONGEST))):
            found = found or shorter(e, users, self.turn.arrange.typed.sums())
        if found is not None and cost(found[0]) < _with_names(self.at, users):
            e, pairs, centred = found
            arrange = self.turn.arrange
            told = [Reason(arrange(left), arrange(right)) for left, right in pairs]
            zero = [Reason(call("column_sums", arrange(C)), zeros((C.shape[1], ONE))) for C in dict.fromkeys(centred)]
            self._go(Act.SIMPLIFY, e, [_statement(RULES["columns scaled entry by entry"]), *told, *zero])

    def _shorter(self, e: Expr, name: Expr) -> tuple[Expr, Pair] | None:
        if cost(e) > LONGEST:
            return None
        return Rewriting(e, name, self.turn.arrange.typed.sums(), asked=False).shortest(cost(e) - SAVED)

    def _with_definitions_arranged(self) -> Expr:
        """The answer, in which the definitions of the engine's names are written as all else is."""
        users = set(self.names.users.values())
        arrange = self.turn.arrange
        new: dict[Expr, Expr] = {}
        for x in postorder(self.written, below=lambda y: () if y in users else y.args):
            if x.op is NAMED and x not in users:
                new[x] = named(x["label"], substitute(arrange(canonical(x.args[0])), new))
        e = substitute(self.written, new) if new else self.written
        return e.args[0] if e.op is NAMED and e not in users else e  # no answer is a name alone

    def _abbreviate(self) -> None:
        """Names for what is written more than once; the engine's own, where it had one for that."""
        originals = {**self.turn.definitions, **self.names.originals}
        known: dict[Expr, str] | None = None

        def label(e: Expr) -> str:
            nonlocal known
            if known is None:
                known = written_out(originals)
            all_of = index_of(e) is not None
            return (not (all_of and ONE in e.shape) and known.get(e)) or self.turn.labels.for_value(e, all_of)

        found = through_function(self.at, self.function, lambda: self.turn.labels.take("quotient"))
        if found is not None:
            e, rho = found
            self.turn.arrange.introduce(rho)
            self._go(Act.ABBREVIATE, e, [Reason(rho, self.turn.arrange(rho.args[0]))])
        self._go(Act.COLLECT, symmetric_form(self.at, self.turn.arrange.typed.sums()), [Reason(words="collect")])
        e, names = abbreviated(reflected(self._opened()), label, self.turn.arrange.typed.forms, self.turn.arrange.sign)
        e = symmetric_form(e, self.turn.arrange.typed.sums()) if names else e
        for name in names:
            self.turn.arrange.introduce(name)
        self._go(Act.ABBREVIATE, e, [Reason(name, self.turn.arrange(name.args[0])) for name in names])
        e, used = by_facts(self.at) if names else (self.at, [])
        self._go(Act.FACT, e, uses_of(used, self.turn))

    def _go(self, act: Act, new: Expr, reasons: list[Reason]) -> None:
        """One step, if it changes anything."""
        if new is not self.at:
            after = self.turn.arrange(new)
            self.turn.derivation.add(act, self.written, after, [*self.waiting, *reasons])
            self.at, self.written, self.waiting = new, after, []

    def _put_names_away(self) -> None:
        originals = {**self.turn.definitions, **self.names.originals}
        if self.turn.typed is not None:
            originals[self.turn.derivation.subject] = self.turn.typed
        put_back = folded(self.at, originals, self.turn.deltas)
        normal = canonical(put_back)
        normal = canonical(levelled(as_typed(normal, {**originals, **self.names.users})))
        left = {name["label"] for name in _names(normal)}
        gone = [name for name in _names(self.at, originals) if name in originals and name["label"] not in left]
        # Where names are kept, the same labels stand for what is written out inside them: nothing that a reader sees has changed.
        act = Act.FOLD if gone else Act.WRITE
        told = [r for r in laws(put_back, normal, units=False) if gone and r.in_letters]
        self._go(act, normal, [*self._definitions(gone, originals), *told])

    def _definitions(self, names: Iterable[Expr], originals: Mapping[Expr, Expr]) -> list[Reason]:
        """X = PᵀP − I, for names that are put away or back."""
        told = [name for name in originals if name in set(names)]
        if len(told) > MOST_TOLD:
            return [Reason(words="definitions above")]
        return [Reason(name, originals[name]) for name in told]


def _with_names(e: Expr, users: Iterable[Expr]) -> int:
    """What an answer costs to read, with the definitions of the engine's names in it."""
    known = set(users)
    return cost(e) + sum(cost(canonical(x.args[0])) for x in _names(e) if x not in known)


def _statement(rule: Rule) -> Reason:
    return Reason(rule.left, rule.right, cite=rule.cite, in_letters=True)


def _names(e: Expr, originals: Mapping[Expr, Expr] | None = None) -> list[Expr]:
    """The names that are written in an expression, and in the definitions of these where `originals` has them."""
    known = originals or {}
    return [x for x in postorder(e, below=lambda y: (known[y],) if y in known else () if y.op is NAMED else y.args) if x.op is NAMED]

"""Equations solved: a definition for each of its terms and factors, and each solution put into a result.

X = PᵀP − I names PᵀP − I, and it gives PᵀP = X + I as well; ∇ = vᵀq/‖v‖ gives vᵀq = ‖v‖ ∇.  A solution is put into the result as it
stands and into the result multiplied out; what comes out is made short.  That is one step of reduction with every possible leading
term.  Nothing is divided by that was no divisor before.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, NAMED, NUMBER, is_zero_leaf, number
from matcalc.core.match import EMPTY, instance
from matcalc.core.nonneg import nonneg, positive
from matcalc.core.property import Property
from matcalc.core.rule import match_window, rewritten_at_head
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, chain_node, exponent_node, join, primitive, split
from matcalc.engine.cost import cost
from matcalc.engine.expand import expanded, shortest
from matcalc.engine.infer import by_facts
from matcalc.engine.simplify import simplified

Pair: TypeAlias = tuple[Expr, Expr]


@dataclass(frozen=True)
class Rewriting:
    """A canonical value, and a named definition that it is to be written with; `sums` are not multiplied out.

    Unless it is `asked` for, the value is taken as it stands and the definition is solved for products only: what a person did not
    ask for must not tear apart what reads well.
    """

    value: Expr
    name: Expr
    sums: Container[Expr]
    asked: bool = True

    def forms(self) -> Iterator[tuple[Expr, Pair]]:
        """What the value becomes by each solution that puts the name into it."""
        definition = canonical(self.name.args[0])
        allowed = _divisors(self.value) | _divisors(definition)
        values = dict.fromkeys((self.value, expanded(self.value)) if self.asked else (self.value,))
        for pair in solutions(self.name, definition, allowed):
            if not self.asked and any(x.op.name == "add" for x in (pair[1], *pair[1].args)):
                continue
            put_in = _in_terms if pair[0] in set(postorder(pair[1], below=_outside)) else replaced
            for value in values:
                found = put_in(value, pair)
                if self.name in set(postorder(found, below=_outside)):
                    yield short(found, self.sums) if self.asked else simplified(by_facts(found)[0])[0], pair

    def shortest(self, limit: int, holds: Callable[[Expr], bool] = lambda e: True) -> tuple[Expr, Pair] | None:
        """The shortest form, and the equation used; None where none costs at most `limit`."""
        best: tuple[int, int] | None = None
        chosen = None
        for order, (found, pair) in enumerate(self.forms()):
            key = (cost(found), order)
            if key[0] <= limit and (best is None or key < best) and holds(found):
                best, chosen = key, (found, pair)
        if chosen is None:
            return None
        found, (left, right) = chosen
        if right.op.name == "scale" and right.args[0] is number(-1):
            left, right = build("scale", number(-1), left), build("scale", number(-1), right)
        return found, (left, right)


def short(e: Expr, sums: Container[Expr]) -> Expr:
    """The canonical e after facts, factoring, expanding and the rules that make it shorter."""
    e, _ = by_facts(e)
    return simplified(shortest(e, sums))[0]


def solutions(name: Expr, definition: Expr, allowed: set[Expr]) -> Iterator[Pair]:
    """The equation name = definition solved for each of its terms and factors; `allowed` are bases that may be divided by."""
    if is_zero_leaf(definition) or definition.op is NUMBER:
        return
    terms = definition.args if definition.op.name == "add" else (definition,)
    if len(terms) > 1:
        content, whole = primitive(definition)
        yield whole, build("scale", number(1 / content), name)
    for i, t in enumerate(terms):
        rest = [build("scale", number(Fraction(-1)), other) for k, other in enumerate(terms) if k != i]
        right = build("add", name, *rest) if rest else name
        yield from _isolated(split(t), right, allowed)


def _isolated(term: Term, right: Expr, allowed: set[Expr]) -> Iterator[Pair]:
    """coefficient · Π base^p · chain = right, solved for the chain, or for a base where there is no chain."""
    if term.chain:
        if _may_divide(term.powers, allowed) and term.chain[0].op is not IDENTITY:
            yield chain_node(term.chain), build("scale", join(_inverse(term), SCALAR), right)
        return
    for base, p in term.powers.items():
        others = {b: q for b, q in term.powers.items() if b is not base}
        # b² = a says b = √a only where b is known not to be negative; b^(1/2) = a says b = a² always, and 1/b is never 0.
        if isinstance(p, Fraction) and (p > 0 or not others) and (abs(p.numerator) == 1 or nonneg(base)) and _may_divide(others, allowed):
            solved = build("scale", join(_inverse(Term(term.coefficient, others)), SCALAR), right)
            yield base, build("power", solved, number(1 / p))


def _inverse(term: Term) -> Term:
    return Term(1 / term.coefficient, {b: -p if isinstance(p, Fraction) else canonical(-p) for b, p in term.powers.items()})


def _may_divide(powers: dict[Expr, Fraction | Expr], allowed: set[Expr]) -> bool:
    """Whether all that would come into a denominator is known not to be 0, or is in one already."""
    return all((isinstance(p, Fraction) and p < 0) or b in allowed or positive(b) for b, p in powers.items())


def _divisors(e: Expr) -> set[Expr]:
    """What e divides by."""
    powers = (x for x in postorder(e, below=_outside) if x.op.name == "power" and x.args[0].is_scalar)
    return {x.args[0] for x in powers if x.args[1].op is NUMBER and x.args[1]["value"] < 0}


def _outside(e: Expr) -> tuple[Expr, ...]:
    return () if e.op in (NAMED, DIFFERENTIAL) else e.args


def _never(e: Expr, wanted: Property) -> bool:
    return False


def replaced(e: Expr, pair: Pair) -> Expr:
    """The canonical e with the left side of an equation replaced by the right one, and its transpose by that of the right one."""
    pairs = [pair]
    turned = build("transpose", pair[0])
    if turned is not pair[0]:
        # S⁻¹x names xᵀS⁻¹ too where S is symmetric.
        pairs += [(left, build("transpose", pair[1])) for left in dict.fromkeys((turned, by_facts(turned)[0])) if left is not pair[0]]
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=_outside):
        y = x if not _outside(x) else canonical(rebuilt(x, tuple(new[a] for a in x.args)))
        for left, right in pairs:
            y = _at(y, left, right)
        new[x] = y
    return new[e]


def _is_dyad(e: Expr) -> bool:
    """Whether this is p qᵀ for two columns."""
    return e.op.name == "matmul" and len(e.args) == 2 and e.args[0].shape[1] is ONE and e.args[1].shape[0] is ONE


def _outer(e: Expr, left: Expr, right: Expr) -> Expr:
    """(qᵀr) p as (p qᵀ) r, with p qᵀ replaced."""
    term = split(e)
    for base, power in term.powers.items():
        words = (base.args, tuple(build("transpose", f) for f in reversed(base.args))) if base.op.name == "matmul" and power == 1 else ()
        for word in words:
            if word[0] is left.args[1] and term.chain and term.chain[-1] is left.args[0]:
                rest = Term(term.coefficient, {b: p for b, p in term.powers.items() if b is not base})
                return build("scale", join(rest, SCALAR), build("matmul", *term.chain[:-1], instance(right, EMPTY), *word[1:]))
    return e


def _in_terms(e: Expr, pair: Pair) -> Expr:
    """The same for an equation whose right side holds its left one, x = ‖x‖ u: in products that are shorter for it, and not inside ‖x‖."""
    turned = tuple(build("transpose", side) for side in pair)
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=_outside):
        y = x if not _outside(x) else canonical(rebuilt(x, tuple(new[a] for a in x.args)))
        if y.op.name == "scale":
            term = split(y)
            parts = [build("power", b, exponent_node(p)) for b, p in term.powers.items()] + ([chain_node(term.chain)] if term.chain else [])
            for left, right in (pair, turned):
                parts = [_in_product(p, left, right) for p in parts]
            other = build("scale", number(term.coefficient), *parts)
            y = other if cost(other) < cost(y) else y
        new[x] = y
    return new[e]


def _in_product(e: Expr, left: Expr, right: Expr) -> Expr:
    """A factor, or some next to each other, replaced in a product; what is no product as a whole."""
    if e.op.name == "matmul" and left.op.name != "matmul":
        return build("matmul", *(right if f is left else f for f in e.args))
    return _at(e, left, right) if e.op.name == "matmul" or e is left else e


def _at(e: Expr, left: Expr, right: Expr) -> Expr:
    """The same at the head of a node: the whole of it, windows of a product, some terms of a sum, some factors entry by entry."""
    if e is left:
        return right
    if e.op.name == "matmul" and left.op.name == "matmul":
        for start in range(len(e.args) - len(left.args) + 1):
            found = match_window(left, list(e.args), start, _never)
            if found is not None:
                return _at(build("matmul", *e.args[:start], instance(right, EMPTY), *e.args[start + len(left.args) :]), left, right)
    elif e.op.name == "scale" and _is_dyad(left):
        return _outer(e, left, right)
    elif e.op is left.op and e.op.name in ("add", "hadamard"):
        found_here = rewritten_at_head(left, right, e, _never)
        return e if found_here is None else found_here
    return e

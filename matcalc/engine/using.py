"""Results through quantities that a person names: `r = Ax − b` turns 2Aᵀ(Ax − b) into 2Aᵀr, ∇_gL = vᵀq/‖v‖ turns vᵀq into ‖v‖ ∇_gL.

A definition is an equation, and it can be solved for any of its terms and factors: X = PᵀP − I gives PᵀP = X + I as well.  Each
solution is put into the result, as it stands and multiplied out; what comes out is made short, and the shortest is kept if it is
no longer than the result was.  That is one step of reduction with every possible leading term.  Nothing is divided by that was no
divisor before, and every candidate is checked by evaluation before it is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Reason, Step
from matcalc.core.expression import Expr, depends, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, NAMED, NUMBER, is_zero_leaf, number
from matcalc.core.match import EMPTY, instance
from matcalc.core.property import Property
from matcalc.core.rule import match_window, rewritten_at_head
from matcalc.core.size import SCALAR
from matcalc.core.terms import Term, build, chain_node, join, primitive, split
from matcalc.engine.answer import Answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.cost import cost
from matcalc.engine.expand import distributed, shortest
from matcalc.engine.infer import by_facts, positive
from matcalc.engine.simplify import simplified

Pair = tuple[Expr, Expr]
APART = 4
"""Terms stand apart, each with its own scalars, where brackets would save no more than this: a quantity is named to see what it
multiplies, g/‖v‖ ∇_wL − (g ∇_gL/‖v‖²) v."""


def through(answer: Answer, f: Expr, x: Expr, name: Expr, holds: Callable[[Expr, Expr], bool]) -> Answer | None:
    """The answer with its value written through a named definition; None where no form with it is as short."""
    value = canonical(answer.value)
    arrange = Arrangement([f, name.args[0], answer.value, name], depends([f, x], {x}))
    best: tuple[int, int] | None = None
    chosen = None
    limit = cost(_short(value, arrange))
    for order, (found, pair) in enumerate(_candidates(value, name, arrange)):
        key = (cost(found), order)
        if key[0] <= limit and (best is None or key < best) and holds(answer.value, arrange(found)):
            best, chosen = key, (found, pair)
    if chosen is None:
        return None
    found, (left, right) = chosen
    written = arrange(_apart(found))
    if right.op.name == "scale" and right.args[0] is number(-1):
        left, right = build("scale", number(-1), left), build("scale", number(-1), right)
    step = Step(Act.USING, answer.value, written, (Reason(arrange(left), arrange(right)),))
    steps = Derivation(answer.derivation.subject, answer.derivation.lets, [*answer.derivation, step])
    return replace(answer, value=written, derivation=steps)


def _candidates(value: Expr, name: Expr, arrange: Arrangement) -> Iterator[tuple[Expr, Pair]]:
    """What the result becomes by each solution of the definition."""
    definition = canonical(name.args[0])
    allowed = _divisors(value) | _divisors(definition)
    forms = [value]
    expanded = build("add", *(t for a in (value.args if value.op.name == "add" else (value,)) for t in distributed(a, ())))
    if expanded is not value:
        forms.append(expanded)
    for pair in solutions(name, definition, allowed):
        for form in forms:
            found = _replaced(form, pair)
            if name in set(postorder(found, below=_outside)):
                yield _short(found, arrange), pair


def _short(e: Expr, arrange: Arrangement) -> Expr:
    e, _ = by_facts(e)
    return simplified(shortest(e, arrange.typed.sums()))[0]


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
        for left, solved in _isolated(split(t), right, allowed):
            if left not in set(postorder(solved, below=_outside)):
                yield left, solved


def _isolated(term: Term, right: Expr, allowed: set[Expr]) -> Iterator[Pair]:
    """coefficient · Π base^p · chain = right, solved for the chain, or for a base where there is no chain."""
    if term.chain:
        if _may_divide(term.powers, allowed) and term.chain[0].op is not IDENTITY:
            yield chain_node(term.chain), build("scale", join(_inverse(term), SCALAR), right)
        return
    for base, p in term.powers.items():
        others = {b: q for b, q in term.powers.items() if b is not base}
        if p == 1 and _may_divide(others, allowed):
            yield base, build("scale", join(_inverse(Term(term.coefficient, others)), SCALAR), right)


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


def _replaced(e: Expr, pair: Pair) -> Expr:
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


def _at(e: Expr, left: Expr, right: Expr) -> Expr:
    """The same at the head of a node: the whole of it, windows of a product, some terms of a sum, some factors entry by entry."""
    if e is left:
        return right
    if e.op.name == "matmul" and left.op.name == "matmul":
        for start in range(len(e.args) - len(left.args) + 1):
            found = match_window(left, list(e.args), start, _never)
            if found is not None:
                return _at(build("matmul", *e.args[:start], instance(right, EMPTY), *e.args[start + len(left.args) :]), left, right)
    elif e.op is left.op and e.op.name in ("add", "hadamard"):
        found_here = rewritten_at_head(left, right, e, _never)
        return e if found_here is None else found_here
    return e


def _apart(e: Expr) -> Expr:
    """Scalars in front of a sum of products taken back to its terms, where that costs little."""
    if e.op.name != "scale" or e.args[-1].op.name != "add" or e.is_scalar:
        return e
    spread = build("add", *(build("scale", *e.args[:-1], t) for t in e.args[-1].args))
    return spread if cost(spread) <= cost(e) + APART else e

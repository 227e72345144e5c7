"""Simplification: the rules tagged SIMPLIFY, wherever they make the whole shorter to read.

Termination: a rule is applied only where the reading cost of the node falls.
"""

from __future__ import annotations

from functools import lru_cache

from matcalc.core.canonical import behaviour, canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.indices import is_square
from matcalc.core.leaves import DIFFERENTIAL, NAMED
from matcalc.core.match import instance
from matcalc.core.operation import Kind
from matcalc.core.property import Property
from matcalc.core.rule import RULES, SIMPLIFY, Rule, match_window, needed_below, rewritten_at_head
from matcalc.core.terms import build, coefficient, operations_below
from matcalc.engine.cost import cost
from matcalc.engine.factor import factored
from matcalc.engine.infer import by_facts, known

MANY = 1 << 30
TWICE = "diagonal of a matrix and its transpose"


def has(e: Expr, wanted: Property) -> bool:
    """Whether the condition of a rule is known to hold."""
    return known(e, wanted) is not None


@lru_cache(maxsize=1)
def _table() -> dict[str, list[tuple[frozenset[str], Rule, Expr, Expr]]]:
    """Head of a left side → rules, with their canonical left sides."""
    table: dict[str, list[tuple[frozenset[str], Rule, Expr, Expr]]] = {}
    for rule in RULES.values():
        if rule.tag is SIMPLIFY:
            for left, right in rule.sides():
                pattern = canonical(left)
                table.setdefault(pattern.op.name, []).append((needed_below(pattern), rule, pattern, right))
    return table


def simplified(e: Expr, most: int = MANY) -> tuple[Expr, list[Rule]]:
    """The canonical e after the rules, and those that were used; `most` says after how many to stop."""
    used: list[Rule] = []
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        args = x.args if x.op in (NAMED, DIFFERENTIAL) else tuple(new[a] for a in x.args)
        y = x if args == x.args else canonical(rebuilt(x, args))
        new[x] = _at(y, used, most)
    return new[e], used


def _at(e: Expr, used: list[Rule], most: int) -> Expr:
    e = _term_by_term(e, used, most)
    again = True
    while again and len(used) < most and e.op.name in _table():
        again = False
        below = operations_below(e)
        if e.op.name == "scale" and e.args[-1].op.name == "matmul":
            below |= operations_below(e.args[-1])
        for needs, rule, pattern, template in _table()[e.op.name]:
            if not needs <= below:
                continue
            found = _in_window(e, pattern, template) if e.op.name == "matmul" else rewritten_at_head(pattern, template, e, has)
            if found is None and e.op.name == "scale" and e.args[-1].op.name == "matmul":
                found = _on_one_factor(e, pattern, template)
            if found is not None and cost(found) < cost(e):
                used.append(rule)
                e, again = found, True
                break
    return e


def _term_by_term(e: Expr, used: list[Rule], most: int) -> Expr:
    """What is linear in a sum, of its terms: diag(diag(u) A + A diag(u)) is 2 u ⊙ diag(A)."""
    if len(e.args) != 1 or e.args[0].op.name != "add" or e.op.kind is not Kind.MULTILINEAR or e.op.name == "transpose":
        return e
    found: list[Rule] = []
    parts: list[Expr] = []
    for t in e.args[0].args:
        part = canonical(rebuilt(e, (t,)))
        if behaviour(e.op) == "invariant" and is_square(t):
            other = canonical(rebuilt(e, (by_facts(build("transpose", t))[0],)))
            if any(coefficient(other)[1] is coefficient(p)[1] for p in parts):
                part = other
                found.append(RULES[TWICE])
        parts.append(part)
    new = factored(build("add", *(_at(p, found, most) for p in parts)))
    if len(used) + len(found) > most or cost(new) >= cost(e):
        return e
    used += found
    return new


def _on_one_factor(e: Expr, pattern: Expr, template: Expr) -> Expr | None:
    """A rule for scalars times a matrix, where the matrix is one factor of a product: A exp(x)/sum(exp(x))."""
    chain = e.args[-1].args
    for i, f in enumerate(chain):
        found = rewritten_at_head(pattern, template, build("scale", *e.args[:-1], f), has)
        if found is not None:
            return build("matmul", *chain[:i], found, *chain[i + 1 :])
    return None


def _in_window(e: Expr, pattern: Expr, template: Expr) -> Expr | None:
    chain = list(e.args)
    for start in range(len(chain)):
        found = match_window(pattern, chain, start, has)
        if found is not None:
            return build("matmul", *chain[:start], instance(template, found), *chain[start + len(pattern.args) :])
    return None

"""Quotients: the values of a function over their sum, exp(x)/sum(exp(x)), as one thing in every place of an answer.

U/s = p says U = s p: with that diag(U)/s − UUᵀ/s² is diag(p) − ppᵀ.  What is a quotient is told by the definitions of operations
(softmax), by those of the user, and by the function itself; each is put in where that makes the answer shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import NAMED, named, number, symbol
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.size import ONE
from matcalc.core.terms import build, split
from matcalc.engine.cost import cost
from matcalc.engine.normalisations import shorter
from matcalc.engine.scalings import as_scalings, below
from matcalc.engine.solve import replaced

MOST = 4
"""So many quotients are tried in an answer."""
LARGEST = 200
"""What costs more than this to read is not looked at."""


@dataclass(frozen=True)
class Quotient:
    """U over s as a canonical definition, and what stands for it: a word, or a name."""

    value: Expr
    divisor: Expr
    definition: Expr
    whole: Expr

    def put_into(self, e: Expr) -> Expr:
        """The canonical e with the quotient in it wherever its value stands; not made short yet."""
        p, s = named("quotient", self.definition), named("divisor", self.divisor)
        divisors = [x for x in postorder(e, below=below) if x.op is NAMED and canonical(x.args[0]) is self.divisor]
        e = canonical(substitute(e, dict.fromkeys(divisors, self.divisor))) if divisors else e
        if ONE not in self.value.shape:
            found = shorter(e, [p], ())
            new = e if found is None else found[0]
        else:
            new = replaced(replaced(e, (self.divisor, s)), (self.value, build("scale", s, p)))
        return canonical(substitute(new, {p: self.whole, s: self.divisor})) if p in postorder(new, below=below) else e


@lru_cache(maxsize=1)
def _words() -> dict[str, list[Operation]]:
    """Operation of the values → the operations that are defined as a quotient of these."""
    found: dict[str, list[Operation]] = {}
    for op in OPERATIONS.values():
        equation = op.equation
        if op.defining is not None and equation is not None and equation.inputs == (equation.output,):
            parts = _parts(canonical(op.defining(symbol("x", *equation.output))))
            if parts is not None:
                found.setdefault(parts[0].op.name, []).append(op)
    return found


def _parts(definition: Expr) -> tuple[Expr, Expr] | None:
    """The values of a function and what they are divided by, where a canonical expression is such a quotient."""
    term = split(definition if ONE in definition.shape else as_scalings(definition))
    if term.coefficient != 1 or definition.is_scalar:
        return None
    scaled = [f for f in term.chain if f.op.name == "diag" and _is_reciprocal(f.args[0])]
    inside = [f for f in term.chain if f not in scaled]
    below_line = [base for base, p in term.powers.items() if p == -1] + [f.args[0].args[0] for f in scaled]
    if len(inside) != 1 or len(below_line) != 1 or len(term.powers) + len(scaled) != 1:
        return None
    is_function = inside[0].op.kind is Kind.ELEMENTWISE or inside[0].op is NAMED
    return (inside[0], below_line[0]) if is_function and inside[0] in postorder(below_line[0]) else None


def _is_reciprocal(v: Expr) -> bool:
    return v.op.name == "power" and v.args[1] is number(Fraction(-1))


def quotients(e: Expr, users: Iterable[Expr], own: Expr | None) -> Iterator[Quotient]:
    """The quotients whose values stand in the canonical e: by the user's names, by words, by a name for the function."""
    if cost(e) > LARGEST:
        return
    order = list(postorder(e, below=below))
    present, seen = set(order), set[tuple[Expr, Expr]]()
    for definition, whole in [*map(_by_name, users), *_by_words(order), *map(_by_name, filter(None, [own]))]:
        parts = _parts(definition)
        if parts is None or parts in seen or len(seen) >= MOST:
            continue
        seen.add(parts)
        # A divisor of rows may stand inside a longer product, U 1 1ᵀ; the user's names of matrices are put in by scalings.
        if parts[0] in present and (parts[1] in present if parts[1].is_scalar else whole.op is not NAMED):
            yield Quotient(*parts, definition, whole)


def _by_name(name: Expr) -> tuple[Expr, Expr]:
    return canonical(name.args[0]), name


def _by_words(order: list[Expr]) -> Iterator[tuple[Expr, Expr]]:
    for x in order:
        function = x.args[0] if x.op is NAMED else x
        for op in _words().get(function.op.name, ()):
            assert op.defining is not None and op.equation is not None
            if len(x.shape) == 2 and len(op.equation.output) == 2 - (x.shape[1] is ONE) and not x.is_scalar:
                z = function.args[0]
                yield substitute(canonical(op.defining(z)), {canonical(function): x}), canonical(op(z))

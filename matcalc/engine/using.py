"""Results through quantities that a person names: `r = Ax − b` turns 2Aᵀ(Ax − b) into 2Aᵀr, ∇_gL = vᵀq/‖v‖ turns vᵀq into ‖v‖ ∇_gL.

The definition is solved in every way (`solve`); the shortest of what the solutions make of the result is kept, if it is no longer
than the result was, and if evaluation says that it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Reason, Step
from matcalc.core.expression import Expr, depends, postorder, rebuilt, transform
from matcalc.core.leaves import NAMED
from matcalc.core.terms import build
from matcalc.engine.answer import Answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.cost import cost
from matcalc.engine.solve import Rewriting, short

LONGEST = 400
"""A result that costs more than this to read keeps the names that the engine gave."""
APART = 4
"""Terms stand apart, each with its own scalars, where brackets would save no more than this: a quantity is named to see what it
multiplies, g/‖v‖ ∇_wL − (g ∇_gL/‖v‖²) v."""


def through(answer: Answer, f: Expr, x: Expr, name: Expr, holds: Callable[[Expr, Expr], bool], kept: Iterable[Expr] = ()) -> Answer | None:
    """The answer with its value written through a named definition; None where no form with it is as short.

    `kept` are names that stay, beside those that stand in f; the engine's own are put away first.
    """
    value = _written_out(canonical(answer.value), {e for e in postorder(f, *kept) if e.op is NAMED})
    arrange = Arrangement([f, name.args[0], answer.value, name], depends([f, x], {x}))
    sums = arrange.typed.sums()
    best = Rewriting(value, name, sums).shortest(cost(short(value, sums)), lambda e: holds(answer.value, arrange(e)))
    if best is None:
        return None
    found, (left, right) = best
    written = arrange(_apart(found) if name.is_scalar else found)
    step = Step(Act.USING, answer.value, written, (Reason(arrange(left), arrange(right)),))
    steps = Derivation(answer.derivation.subject, answer.derivation.lets, [*answer.derivation, step])
    return replace(answer, value=written, derivation=steps)


def applies(value: Expr, name: Expr) -> bool:
    """Whether anything that a definition says can be put into a value."""
    return next(Rewriting(canonical(value), name, ()).forms(), None) is not None


def _written_out(e: Expr, users: set[Expr]) -> Expr:
    """The canonical e without the names that the engine gave, unless that is long."""

    def opened(x: Expr, args: tuple[Expr, ...]) -> Expr:
        return args[0] if x.op is NAMED else rebuilt(x, args)

    whole = canonical(transform(e, opened, {u: u for u in users}))
    return whole if cost(whole) <= LONGEST else e


def _apart(e: Expr) -> Expr:
    """Scalars in front of a sum of products taken back to its terms, where that costs little."""
    if e.op.name != "scale" or e.args[-1].op.name != "add" or e.is_scalar:
        return e
    spread = build("add", *(build("scale", *e.args[:-1], t) for t in e.args[-1].args))
    return spread if cost(spread) <= cost(e) + APART else e

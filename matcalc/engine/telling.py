"""What a turn tells beside its lines: why a differential is what it is, the equations on the side, which facts were used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.core.builders import call, matrix_product, negative
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, NUMBER, ONES, SYMBOL, differential_of, identity, zeros
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.property import HERMITIAN, ORTHOGONAL, SYMMETRIC, Fact
from matcalc.engine.differentiate import Level, atoms, in_its_value, with_sides
from matcalc.engine.naming import is_simple
from matcalc.engine.reasons import crossing, is_notation, origin, slope

if TYPE_CHECKING:
    from matcalc.engine.derive import Turn


def outside(e: Expr) -> tuple[Expr, ...]:
    """The parts of a node that a line shows: nothing inside names and differentials."""
    return () if e.op.kind is Kind.BINDER else e.args


def uses_of(facts: list[Fact], turn: Turn) -> list[Reason]:
    """Sᵀ = S or Sᵀ = −S or QᵀQ = I, or S̄ = Sᵀ, as it is used."""
    said = []
    for f in facts:
        subject = turn.arrange(canonical(f.subject))
        if f.property is ORTHOGONAL:
            said.append(Reason(matrix_product(call("transpose", subject), subject), identity(subject.shape[1]), f))
            continue
        if f.property is HERMITIAN:
            said.append(Reason(call("conj", subject), subject if subject.is_scalar else call("transpose", subject), f))
            continue
        right = subject if f.property is SYMMETRIC else negative(subject)
        said.append(Reason(call("transpose", subject), right, f))
    return said


def why(name: Expr, level: Level, turn: Turn, before: Expr) -> list[Reason]:
    """The differentials used that have no line of their own, the product rule, and the constants that went; else that of the name.

    That one is left out where it is the very line, whose left side is `before`.
    """
    aside = {small for small, _ in level.sides}
    reasons = [_arranged(slope(x, turn.dependent), name, turn) for x in level.used if x not in aside and not is_notation(x.op)][:3]
    constants = [(_unsigned(c), c.shape) for c in level.constants if is_simple(c)]
    gone = [Reason(differential_of(c), zeros(shape), words="also") for c, shape in constants if c.op not in (NUMBER, ONES)][:2]
    said = [*reasons, *([Reason(words="product rule")] if level.product_rule else []), *gone]
    if not said and name.op is NAMED and name.shape == level.value.shape and before is not differential_of(name):
        said.append(Reason(differential_of(name), turn.arrange(level.value)))
    return said or [Reason(words="d is linear")]


def _arranged(reason: Reason, name: Expr, turn: Turn) -> Reason:
    """The reason with its right side as a person writes it, over the name whose differential it is."""
    assert reason.left is not None and reason.right is not None
    right = canonical(reason.right)
    if name.op is NAMED and turn.is_value(name):
        right = in_its_value(right, name)
    return replace(reason, left=turn.arrange(reason.left), right=turn.arrange(right))


def _unsigned(c: Expr) -> Expr:
    """A constant without its number: d(−I) = 0 is told as dI = 0."""
    return c.args[1] if c.op.name == "scale" and c.args[0].op is NUMBER and len(c.args) == 2 else c


def _aside(small: Expr, de: Expr) -> list[Reason]:
    """What gives the differential of a small scalar: the chain rule, where it goes on to another, else its declaration."""
    inner = [x for x in atoms(de) if x.op not in (NAMED, SYMBOL)]
    return [Reason(words="chain rule")] if inner else [Reason(words=f"derivative of {small.op.written}", cite=small.op.cite)]


def sides(level: Level, turn: Turn) -> None:
    """The equations on the side, what others need first; each goes on until only differentials of the state are left."""
    done: list[tuple[Expr, Expr]] = []
    for small, de in level.sides:
        turn.derivation.add(Act.SIDE, turn.arrange(differential_of(small)), turn.arrange(de), origin(small) or _aside(small, de))
        turn.derivation.add(Act.SIDE, turn.arrange(de), turn.arrange(with_sides(de, done)))
        done.append((small, de))


def about(before: Expr, reasons: list[Reason]) -> list[Reason]:
    """The reasons, without a statement about traces where none is written; where no factor crossed, scalars did."""
    traces = any(x.op.name == "tr" for x in postorder(before, below=outside))
    kept = [r for r in reasons if traces or r.left is None or r.left.op.name != "tr"]
    return kept or [replace(crossing(OPERATIONS["scale"], 1), words="tidy")]

"""Jacobians: the turn of the engine for F of any shape, with dF = Σ Lₖ(dUₖ), each Lₖ an expression that is linear in dUₖ.

Only the way a term crosses differs from the gradient's turn: the differential of a name is put where it stands, and when only dX
is left `columns` gives the matrix of each term, vec dF = J vec dX.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from matcalc.core.builders import call, matrix_product, times
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason
from matcalc.core.expression import Expr, postorder, shown, substitute_here
from matcalc.core.indices import free
from matcalc.core.leaves import NAMED, differential_of, is_zero_leaf, zeros
from matcalc.core.operation import OPERATIONS
from matcalc.core.reality import is_real
from matcalc.core.size import ONE, Shape
from matcalc.core.terms import build
from matcalc.engine.columns import columns
from matcalc.engine.cost import cost
from matcalc.engine.derive import FEW, Turn
from matcalc.engine.differentiate import atoms, with_sides
from matcalc.engine.factor import factored
from matcalc.engine.families import at_own_indices, opened_elsewhere
from matcalc.engine.infer import by_facts
from matcalc.engine.opening import started
from matcalc.engine.pairing import total
from matcalc.engine.telling import sides, uses_of, why
from matcalc.errors import RankMistake, Unsupported

LARGE = 100
"""An expression in the differential of a name that costs more than this to read is gathered into a matrix with a name.

Not of an array, nor under a sum over an index of the name: there the matrix is another one for every value of the index.
"""


def jacobian_shape(F: Expr, x: Expr) -> Shape:
    """The shape of ∂vec F/∂(vec x)ᵀ; of ∂F/∂x for a scalar x that of F.  Raises RankMistake for arrays of order 3 and more."""
    for e in (F, x):
        if len(e.shape) > 2:
            note = "matcalc grad and matcalc pullback give derivatives in the shape of an array"
            raise RankMistake(f"columns are stacked of vectors and matrices, and there is an array that is {shown(e)}", notes=(note,))
    if x.is_scalar:
        return F.shape
    return F.shape[0] * F.shape[1], x.shape[0] * x.shape[1]


def stacked(e: Expr) -> Expr:
    """vec e, as a person writes it: a column is its own."""
    return e if e.is_column else call("vec", e)


def applied(matrix: Expr, x: Expr) -> Expr:
    """J vec dx."""
    d = differential_of(x)
    if is_zero_leaf(matrix):
        return zeros(matrix.shape if x.is_scalar else (matrix.shape[0], ONE))
    return times(d, matrix) if x.is_scalar else matrix_product(matrix, stacked(d))


def jacobian(root: Expr, x: Expr, turn: Turn) -> Expr:
    """J with vec dF = J vec dx; canonical, over names."""
    shape = jacobian_shape(root, x)
    state = terms(root, [x], turn)
    return _crossed(state[x], x, turn) if x in state else zeros(shape)


def differential(root: Expr, xs: Sequence[Expr], turn: Turn) -> Expr:
    """dF in terms of dx, for the variables x; canonical, over names."""
    state = terms(root, xs, turn)
    parts = [part for x in xs for part in state.get(x, ())]
    return factored(build("add", *parts)) if parts else zeros(root.shape)


def terms(root: Expr, xs: Sequence[Expr], turn: Turn) -> dict[Expr, list[Expr]]:
    """For each variable the terms of dF that are linear in its differential; the lines that lead there are recorded."""
    definition = root.args[0]
    started(root, turn.typed, None, turn.dependent, turn.derivation)
    if definition not in turn.dependent:
        return {}
    names = dict.fromkeys(u for u in postorder(definition) if u.op is NAMED)
    order = [u for u in names if u in turn.dependent]
    state: dict[Expr, list[Expr]] = {}
    _column_turn(root, definition, lambda e: e, state, turn, differential_of(root), names)
    for name in reversed(order):
        if name not in xs and name in state:
            parts = state.pop(name)
            whole = canonical(total(parts)) if len(parts) > 1 else parts[0]
            if cost(whole) > LARGE and is_real(name) and len(name.shape) == 2 and not free(name):
                whole = _gathered(whole, name, turn)
            d = differential_of(name)
            _column_turn(name, name.args[0], _putting(whole, d), state, turn, turn.arrange(whole), names)
    if (lost := next((u for u in state if u not in xs), None)) is not None:
        raise Unsupported(f"the differential of {shown(lost)} at another index than its own is not known here")
    return state


def _gathered(whole: Expr, name: Expr, turn: Turn) -> Expr:
    """A long expression in dU as J vec dU, the matrix under a name: so no Jacobian of a network is longer than its layers."""
    simple, used = by_facts(columns(whole, name))
    J = turn.matrix_here(turn.arrange(factored(simple)), name)
    d = differential_of(name)
    if name.is_scalar:
        new = build("scale", d, J)
    else:
        new = build("matmul", J, canonical(stacked(d)))
        if not whole.is_column:
            new = canonical(OPERATIONS["unvec"](new, m=whole.shape[0], n=whole.shape[1]))
    turn.derivation.add(Act.MOVE, turn.arrange(whole), turn.arrange(new), uses_of(used, turn))
    return new


def _crossed(parts: list[Expr], x: Expr, turn: Turn) -> Expr:
    """The matrix of the sum of the terms in dx, and the line that says so."""
    reasons: list[Reason] = []
    before = turn.arrange(build("add", *parts) if len(parts) > 1 else parts[0])
    if not x.is_column and len(parts) > 1:
        parts = [factored(build("add", *parts))]
    found = [columns(p, x, reasons) for p in parts]
    reasons = [r if r.in_letters or r.left is None else Reason(turn.arrange(r.left), r.right) for r in reasons]
    joined = build("add", *found) if len(found) > 1 else found[0]
    simple, used = by_facts(joined)
    if before.is_column and x.is_column:
        simple = factored(simple)
    after = applied(turn.arrange(simple), x)
    turn.derivation.add(Act.MOVE, before if x.is_scalar else stacked(before), after, [*reasons, *uses_of(used, turn)])
    return simple


def _putting(whole: Expr, d: Expr) -> Callable[[Expr], Expr]:
    """Put an expression where a differential stands."""
    return lambda e: canonical(substitute_here(whole, {d: e}))


def _column_turn(
    name: Expr,
    definition: Expr,
    put: Callable[[Expr], Expr],
    state: dict[Expr, list[Expr]],
    turn: Turn,
    before: Expr,
    names: Collection[Expr],
) -> None:
    """One turn: the differential of a definition goes where that of the name stood."""
    pending = [p for parts in state.values() for p in parts]
    others: list[Expr | None] = [turn.arrange(p) for p in pending[:FEW]]
    if len(pending) > FEW:
        others.append(None)
    level = turn.differential(name, definition)
    after = turn.arrange(put(level.value))
    turn.derivation.add(Act.DIFFERENTIAL, before, after, why(name, level, turn, before), others)
    sides(level, turn)
    whole = put(with_sides(level.value, level.sides))
    turn.derivation.add(Act.SUBSTITUTE, after, turn.arrange(whole), [Reason(words="substitute")], others)
    for t in whole.args if whole.op.name == "add" else (whole,):
        moving = atoms(t)
        for u in moving:
            still = {differential_of(w): zeros(w.shape) for w in moving if w is not u}
            part = canonical(substitute_here(t, still)) if still else t
            part, known = at_own_indices(part, u, names) if u.op is NAMED and u not in names else (part, u)
            state.setdefault(known, []).append(opened_elsewhere(part, names))

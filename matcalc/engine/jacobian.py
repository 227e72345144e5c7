"""Jacobians: the turn of the engine for a column F, with dF = Σ Lₖ dUₖ.

Only the way a term crosses differs from the gradient's turn: `columns` instead of adjoints.  A name that is a matrix has no Lₖ; its
term stays an expression in dUₖ until the definition makes it a column of smaller things.
"""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.builders import matrix_product, times
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason
from matcalc.core.expression import Expr, postorder, substitute_here
from matcalc.core.leaves import NAMED, differential_of, zeros
from matcalc.core.terms import build
from matcalc.engine.columns import columns
from matcalc.engine.derive import FEW, Turn, sides, total, uses_of, why
from matcalc.engine.differentiate import atoms, with_sides
from matcalc.engine.infer import by_facts
from matcalc.engine.opening import started


def jacobian(root: Expr, x: Expr, turn: Turn) -> Expr:
    """J with dF = J dx, for a column root and a scalar or column x; canonical, over names."""
    definition = root.args[0]
    started(root, turn.typed, None, turn.dependent, turn.derivation)
    if definition not in turn.dependent:
        return zeros((root.shape[0], x.shape[0]))
    order = [u for u in postorder(definition) if u.op is NAMED and u in turn.dependent]
    state: dict[Expr, list[Expr]] = {}
    _column_turn(root, definition, lambda e: e, state, turn, differential_of(root))
    for name in reversed(order):
        if name is not x and name in state:
            parts = state.pop(name)
            whole = canonical(total(parts)) if len(parts) > 1 else parts[0]
            d = differential_of(name)
            _column_turn(name, name.args[0], _putting(whole, d), state, turn, turn.arrange(whole))
    if x not in state:
        return zeros((root.shape[0], x.shape[0]))
    d = differential_of(x)
    reasons: list[Reason] = []
    parts = [columns(p, x, reasons) for p in state[x]]
    reasons = [Reason(turn.arrange(r.left), r.right) for r in reasons if r.left is not None]
    before = total([turn.arrange(p) for p in state[x]])
    joined = build("add", *parts) if len(parts) > 1 else parts[0]
    simple, used = by_facts(joined)
    after = _applied(turn.arrange(simple), d)
    turn.derivation.add(Act.MOVE, before, after, [*reasons, *uses_of(used, turn)])
    return simple


def _putting(whole: Expr, d: Expr) -> Callable[[Expr], Expr]:
    """Put an expression where a differential stands."""
    return lambda e: canonical(substitute_here(whole, {d: e}))


def _applied(matrix: Expr, d: Expr) -> Expr:
    """L dv."""
    return times(d, matrix) if d.is_scalar else matrix_product(matrix, d)


def _column_turn(
    name: Expr, definition: Expr, put: Callable[[Expr], Expr], state: dict[Expr, list[Expr]], turn: Turn, before: Expr
) -> None:
    """One turn of a column: the differential of a definition goes where that of the name stood."""
    pending = [p for parts in state.values() for p in parts]
    others: list[Expr | None] = [turn.arrange(p) for p in pending[:FEW]]
    if len(pending) > FEW:
        others.append(None)
    level = turn.differential(name, definition)
    after = turn.arrange(put(level.value))
    turn.derivation.add(Act.DIFFERENTIAL, before, after, why(name, level, turn), others)
    sides(level, turn)
    whole = put(with_sides(level.value, level.sides))
    turn.derivation.add(Act.SUBSTITUTE, after, turn.arrange(whole), (), others)
    for t in whole.args if whole.op.name == "add" else (whole,):
        moving = atoms(t)
        for u in moving:
            still = {differential_of(w): zeros(w.shape) for w in moving if w is not u}
            state.setdefault(u, []).append(canonical(substitute_here(t, still)) if still else t)

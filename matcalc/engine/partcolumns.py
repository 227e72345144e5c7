"""Jacobians and Hessians with respect to a slice of the variable: the columns of the whole that belong to it, J S with vec dX = S dx.

Sᵀ is the Jacobian of the slice: S is I ⊗ e_a for a row X[a, :], e_b ⊗ I for a column, e_i for an entry of a vector.
"""

from __future__ import annotations

from dataclasses import replace

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason
from matcalc.core.expression import Expr
from matcalc.core.indices import levelled
from matcalc.core.leaves import differential_of
from matcalc.core.operation import OPERATIONS
from matcalc.engine.answer import Answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.columns import columns
from matcalc.engine.expand import shortest
from matcalc.engine.infer import by_facts
from matcalc.engine.parts import cut, picked
from matcalc.engine.simplify import simplified
from matcalc.errors import RankMistake, Unsupported


def part_columns(answer: Answer, f: Expr, part: Expr) -> Answer:
    """The answer for a slice of the variable, as one step more; raises RankMistake, Unsupported."""
    if len(part.args[0].shape) > 2:
        raise RankMistake("the columns of a Jacobian belong to a vector or a matrix; of an array take a slice as a matrix of its own")
    if answer.convention.spread(part.args[0]) is not None:
        raise Unsupported("a slice of a variable has entries of its own: ask for it without the convention of distinct ones")
    chosen = of_part(answer, answer.value, part)
    arrange = Arrangement([f, answer.value], {part.args[0]})
    e, _ = by_facts(picked(canonical(chosen)))
    e, _ = simplified(shortest(e, arrange.typed.sums()))
    kind = answer.kind
    if part.is_scalar and kind != "hessian":  # of a scalar variable the derivative has the shape of f
        kind = "jacobian"
        e = e if f.is_column or answer.derivation.transposed else canonical(OPERATIONS["unvec"](e, m=f.shape[0], n=f.shape[1]))
        chosen = chosen if f.is_column or answer.derivation.transposed else OPERATIONS["unvec"](chosen, m=f.shape[0], n=f.shape[1])
    value = levelled(arrange(e))
    answer.derivation.add(Act.PART, chosen, value, [Reason(left=value, right=part, words="the columns of the slice")])
    return replace(answer, kind=kind, value=value, part=part, whole=answer.value)


def of_part(answer: Answer, whole: Expr, part: Expr) -> Expr:
    """J S, or Sᵀ H S; transposed where the layout is."""
    x = part.args[0]
    S = columns(canonical(cut(differential_of(x), part)), x).T
    if answer.kind == "hessian":
        return S.T @ whole @ S
    if answer.derivation.transposed:
        return S.T @ whole
    return whole @ S

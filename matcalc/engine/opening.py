"""How a derivation opens: the function as it was typed, over names, or as the inner product that it is."""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Reason
from matcalc.core.expression import Expr, postorder, rebuilt, transform
from matcalc.core.leaves import INDEX_SUM, number
from matcalc.core.operation import Kind
from matcalc.engine.differentiate import adjoint
from matcalc.engine.naming import squared_norm


def started(root: Expr, typed: Expr | None, inner: Expr | None, dependent: set[Expr], derivation: Derivation) -> None:
    """What is differentiated: as an inner product where it is one, else as it was typed; then squares as they are differentiated."""
    at = inner or typed
    if at is None:
        return  # the definition is told already
    if derivation.steps:
        derivation.add(Act.START, derivation.steps[-1].after, at, [Reason(words="index sums as matrix algebra")])
    else:
        derivation.add(Act.START, root, at)
    if inner is None:
        derivation.add(Act.START, at, transform(at, lambda e, args: _squared(e, args, dependent) or rebuilt(e, args)))


def _squared(e: Expr, args: tuple[Expr, ...], dependent: set[Expr]) -> Expr | None:
    """X : X for ‖X‖², where X depends on the variable."""
    square = squared_norm(e, args)
    if square is None or not any(x in dependent for x in postorder(*args, below=lambda y: () if y.op.kind is Kind.BINDER else y.args)):
        return None
    return square


def opened(definition: Expr, dependent: set[Expr]) -> tuple[Expr, Expr]:
    """f as A : E: scalar factors and sums of entries that hold all of the variable are crossed at once."""
    cotangent: Expr = number(1)
    inside = definition
    while inside.is_scalar and (inside.op.name in ("scale", "sum", "quotient") or inside.op is INDEX_SUM):
        moving = [i for i, a in enumerate(inside.args) if a in dependent]
        if len(moving) != 1 or (inside.op.name == "quotient" and moving != [0]):
            break
        if inside.op is INDEX_SUM:
            pass  # A : Σᵢ Eᵢ = Σᵢ A : Eᵢ
        elif inside.op.name == "quotient":
            cotangent = canonical(cotangent / inside.args[1])
        else:
            cotangent = canonical(adjoint(inside, moving[0], cotangent))
        inside = inside.args[moving[0]]
    return (cotangent, inside) if not inside.is_scalar else (number(1), definition)

"""Whether two matrices commute by their form: both made of one matrix, by sums, products, inverses and functions of a matrix."""

from __future__ import annotations

from typing import TypeAlias

from matcalc.core.expression import Expr
from matcalc.core.leaves import IDENTITY
from matcalc.core.terms import build

Generators: TypeAlias = set[tuple[Expr, bool]]


def commute(A: Expr, B: Expr) -> bool:
    """Whether A B = B A by the form of the canonical A and B.

    >>> from matcalc.core.canonical import canonical
    >>> from matcalc.core.leaves import identity, symbol
    >>> import matcalc.operations
    >>> X, t = symbol("X", "n", "n"), symbol("t")
    >>> commute(canonical(t * X), canonical(X @ X + identity("n"))), commute(X, canonical(X.T))
    (True, False)
    """
    return not _generators(B, A) - {(A, False)} or len(_generators(A) | _generators(B)) <= 1


def _generators(e: Expr, known: Expr | None = None) -> Generators:
    """The matrices, each with whether it stands transposed, that e is made of as a function of a matrix is; `known` is one."""
    found: Generators = set()
    mirror = build("transpose", known) if known is not None else None
    waiting = [(e, False)]
    while waiting:
        x, turned = waiting.pop()
        if (x is known and not turned) or (x is mirror and turned):
            found.add((known, False))  # type: ignore[arg-type]
        elif x.op.name == "transpose":
            waiting.append((x.args[0], not turned))
        elif x.op is not IDENTITY:
            parts = _parts(x)
            waiting += [(part, turned) for part in parts]
            if not parts:
                found.add((x, turned))
    return found


def _parts(e: Expr) -> list[Expr]:
    """The matrices that e is a function of; none where e is one of its own."""
    if e.op.primary:
        return [e.args[0]]
    if e.op.name not in ("add", "scale", "matmul"):
        return []
    parts = [a for a in e.args if not a.is_scalar]
    return parts if all(a.shape == e.shape for a in parts) else []

"""Arrays of ones and zeros, basis vectors, and slices at positions known outside all sums: numbers, and indices given as arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr
from matcalc.core.size import ONE
from matcalc.emit.code import Code

if TYPE_CHECKING:
    from matcalc.emit.lower import Lowering


def filled(lowering: Lowering, op: str, e: Expr) -> Code:
    """Ones or zeros in the shape of an expression."""
    sizes = [lowering.size(size) for size in e.shape if size is not ONE]
    if len(sizes) > 2:
        places = ", ".join(f"{{{k}}}" for k in range(len(sizes)))
        return lowering.program.code("formed", *sizes, rank=len(sizes), data=f"np.{op}(({places}))")
    return lowering.program.code(op, *sizes, rank=len(sizes))


def filled_rules(lowering: Lowering) -> dict[str, Callable[[Expr], Code]]:
    """How they are computed."""

    def formed(e: Expr, template: str, *args: Code) -> Code:
        return lowering.program.code("formed", *args, rank=sum(size is not ONE for size in e.shape), data=template)

    def part(e: Expr) -> Code:
        at = {k: n for n, k in enumerate(e["axes"], 1)}
        places = ", ".join(f"{{{at[k]}}}" if k in at else ":" for k in range(max(at) + 1))
        return formed(e, f"{{0}}[{places}]", *(lowering.codes[a] for a in e.args))

    def unit(e: Expr) -> Code:
        return lowering.program.code("unit", lowering.size(e.shape[0]), lowering.program.constant(e["position"]), rank=1)

    return {
        "ones": lambda e: filled(lowering, "ones", e),
        "zeros": lambda e: filled(lowering, "zeros", e),
        "unit": unit,
        "index": lambda e: lowering.program.code("argument", rank=0, data=f"index {e['level']}"),
        "unit_at": lambda e: formed(e, "np.eye({1})[{0}]", lowering.codes[e.args[0]], lowering.size(e.shape[0])),
        "slice": part,
    }

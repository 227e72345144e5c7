"""How a real part is written: Re or Im, of what reads better or its conjugate, transposes inside."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.builders import call
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import DIFFERENTIAL, NAMED
from matcalc.core.reality import conjugations, imaginary
from matcalc.core.terms import build, join, split
from matcalc.engine.cost import cost
from matcalc.engine.signs import outside_names
from matcalc.engine.typed import Typed

TYPED = 2
"""What it saves to read, that a sum has the user's form."""


def real_part(e: Expr, signed: Callable[[Expr], tuple[int, Expr]], typed: Typed) -> tuple[int, Expr]:
    """The sign of Re z, and what is written behind it: Re or Im, Re(iz) = −Im z; of Re(X)ᵀ too, which is Re(Xᵀ) unless X is a name."""
    is_turned = e.op.name == "transpose"
    z, is_imaginary = _without_unit((e.args[0] if is_turned else e).args[0])
    if is_turned and z.args and z.op is not NAMED:
        z, is_turned = build("transpose", z), False
    other = build("conj", z)
    # Im z̄ = −Im z, and so Re(iz) = −Im z = Im z̄.
    found, mirrored = signed(z), signed(other)
    turned_round = _rank(other, mirrored[1], typed) < _rank(z, found[1], typed)
    sign, written = mirrored if turned_round else found
    part = call("imag" if is_imaginary else "real", written)
    return (-sign if is_imaginary and not turned_round else sign), part.T if is_turned else part


def _without_unit(e: Expr) -> tuple[Expr, bool]:
    """What stands behind i, and whether there is one."""
    if e.op.name == "add":
        return e, False
    term = split(e)
    if term.powers.get(imaginary()) != 1:
        return e, False
    del term.powers[imaginary()]
    return join(term, e.shape), True


def _rank(e: Expr, written: Expr, typed: Typed) -> tuple[int, int, bytes]:
    """How well it reads: short, in the user's sums, with z̄ dz rather than z dz̄, and with Zᴴ rather than Z̄."""
    known = sum(1 for x in postorder(e, below=outside_names) if x.op.name == "add" and x in typed)
    moved = sum(1 for x in postorder(e, below=outside_names) if x.op.name == "conj" and x.args[0].op is DIFFERENTIAL)
    return cost(written) - TYPED * known + moved, conjugations(written)[0], e.key

"""Real and complex: the imaginary unit, and whether an expression is seen to be real.

Variables are real, and what is complex is made of them with i.  So an expression is real where no i stands below it, or only inside of
what makes real numbers of complex ones; where that is not seen it may be real all the same (`conjugates.real_by_form` sees more).
Whatever holds for real numbers alone asks here: laws of the glue, letters of rules, signs, definiteness.

While no i was ever made nothing can be complex, and nobody looks.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.core.expression import Expr, node, postorder
from matcalc.core.leaves import DIFFERENTIAL, NAMED, SYMBOL
from matcalc.core.operation import Kind, Notation, Operation, declare
from matcalc.core.size import SCALAR

IMAGINARY = declare(
    Operation(
        name="imaginary", kind=Kind.LEAF, doc="The imaginary unit i, with i² = −1.", hidden=True, place=__file__,
        notation=Notation("i", r"\mathrm{i}", "1j"),
    )
)  # fmt: skip
OVER_REALS, OVER_COMPLEX = "pattern", "complex pattern"
"""The roles of letters of rules: they stand for what is seen to be real, or for anything."""
UNIT = "1j"
"""How i is written in the language."""
COMPLEX = "complex"
"""The role of a symbol whose value may be complex: an argument of the check of readings."""
OPAQUE = (NAMED, DIFFERENTIAL)
"""Of these nothing is known but that they have a conjugate."""
_MAY_BE_COMPLEX = frozenset({OVER_COMPLEX, COMPLEX})
_met = False


def imaginary() -> Expr:
    """The imaginary unit."""
    global _met
    _met = True
    return node(IMAGINARY, (), (), SCALAR)


def i_squared(count: Fraction) -> int:
    """The sign that i² = −1 takes out of a power of i."""
    return -1 if count % 4 > 1 else 1


def is_real(e: Expr) -> bool:
    """Whether an expression is seen to be real, by what stands below it.

    >>> import matcalc.operations
    >>> from matcalc.core.leaves import symbol
    >>> u, v = symbol("u", "n"), symbol("v", "n")
    >>> z = u + imaginary() * v
    >>> is_real(u), is_real(z), is_real(abs(z))
    (True, False, True)
    """
    if not _met:
        return True
    known: bool | None = e.memo.get("real")
    if known is None:
        for x in postorder(e, below=lambda y: () if "real" in y.memo else y.args):
            if "real" not in x.memo:
                x.memo["real"] = _is_real(x)
        known = e.memo["real"]
    return bool(known)


def all_real(*es: Expr) -> bool:
    """Whether all of these are seen to be real."""
    return not _met or all(map(is_real, es))


def wanted_real(e: Expr) -> Expr | None:
    """An argument that may be complex where the operation takes real ones; a definition is looked into."""
    if e.op.over_complex or e.op.is_holomorphic or all_real(*e.args):
        return None
    if e.op.kind is not Kind.DEFINITION or e.op.body is None:
        return next(a for a in e.args if not is_real(a))
    body = e.op.body(*e.args, **dict(e.attrs))
    inside = postorder(body, below=lambda y: () if y in e.args else y.args)
    return next((found for x in inside if x not in e.args and (found := wanted_real(x)) is not None), None)


def conjugations(e: Expr) -> tuple[int, int]:
    """How many conjugates an expression has that are not transposed, as z̄ is not and Zᴴ is, and how many in all; capped."""
    for x in postorder(e, below=lambda y: () if "conjugations" in y.memo or y.op in OPAQUE else y.args):
        if "conjugations" not in x.memo:
            below = [(0, 0)] if x.op in OPAQUE else [a.memo["conjugations"] for a in x.args]
            bare, all_ = (sum(counts) for counts in zip((0, 0), *below, strict=True))
            own = x.op.name == "conj"
            turned = x.op.name == "transpose" and x.args[0].op.name == "conj"
            x.memo["conjugations"] = min(bare + own - turned, 1 << 30), min(all_ + own, 1 << 30)
    found: tuple[int, int] = e.memo["conjugations"]
    return found


def _is_real(e: Expr) -> bool:
    if not e.args:
        return e.op is not IMAGINARY and not (e.op is SYMBOL and e["role"] in _MAY_BE_COMPLEX)
    if e.op.over_complex in ("modulus", "real") or all(a.memo["real"] for a in e.args):
        return True
    if e.op in OPAQUE:
        from matcalc.core.conjugates import is_seen_real

        return is_seen_real(e.args[0])
    return False

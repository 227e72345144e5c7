"""Moving factors across the colon: A : t(dV) = B : dV, by the declared adjoints, one operation at a time."""

from __future__ import annotations

from dataclasses import replace

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Reason
from matcalc.core.expression import Expr, postorder
from matcalc.core.index_sums import summed
from matcalc.core.indices import NO_INDEX, bound, counter, free
from matcalc.core.leaves import DIFFERENTIAL, INDEX_SUM, NUMBER
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.reality import is_real
from matcalc.core.rule import RULES
from matcalc.core.terms import build
from matcalc.engine.differentiate import adjoint, is_differential_below
from matcalc.engine.reasons import crossing, laws
from matcalc.errors import Unsupported


def pulled(
    cotangent: Expr, e: Expr, over: frozenset[Expr] = NO_INDEX, kept: frozenset[Expr] = NO_INDEX, whole: bool = False
) -> tuple[dict[Expr, list[Expr]], list[Reason]]:  # fmt: skip
    """What each atom of e receives, canonical, and the statements used.  e is linear in its atoms.

    Indices that stand free are those of sums around A : e, and so may be more (`over`): A : Σᵢ eᵢ = Σᵢ A : eᵢ, and what goes to an
    atom without the index is summed over it.  Indices that are `kept` stand for one value, and nothing is summed over them.  A : e is read
    as its real part, unless the `whole` of it is wanted.
    """
    moving = is_differential_below(e)
    incoming: dict[Expr, dict[frozenset[Expr], list[Expr]]] = {e: {over - free(e): [cotangent]}}
    received: dict[Expr, list[Expr]] = {}
    reasons: list[Reason] = []
    told_at_once = _words(moving, reasons)
    for x in reversed(list(postorder(e, below=lambda y: y.args if y in moving and y.op is not DIFFERENTIAL else ()))):
        if x not in moving or x not in incoming:
            continue
        a = _together(incoming[x])
        if x.op is DIFFERENTIAL:
            received.setdefault(x.args[0], []).append(a if whole else _received(a, x, reasons))
            continue
        for i, argument in enumerate(x.args):
            if argument in moving:
                inside = x.op is INDEX_SUM
                crossed = a if inside else _adjoint(x, i, a)
                part = canonical(crossed)
                there = (free(x) | {counter(x)} if inside else free(x)) - kept
                incoming.setdefault(argument, {}).setdefault(there - free(argument), []).append(part)
                if x not in told_at_once and not inside:
                    _note(x, i, reasons)
                    _add_new(reasons, laws(crossed, part))
    return received, reasons


def _received(a: Expr, atom: Expr, reasons: list[Reason]) -> Expr:
    """What goes to an atom: of A : dU with a real U the real part alone counts, since A : dZ is read as its real part."""
    if is_real(a) or not is_real(atom):
        return a
    _add_new(reasons, [crossing(OPERATIONS["real"], 0)])
    return build("real", a)


def _together(parts: dict[frozenset[Expr], list[Expr]]) -> Expr:
    """All that has come in, summed over the indices that are left behind: what is summed over the same ones as one sum."""
    found = []
    for indices, several in parts.items():
        part = build("add", *several) if len(several) > 1 else several[0]
        for i in bound(indices):
            part = summed(part, i, i.memo.get("letter", ""))
        found.append(part)
    return build("add", *found) if len(found) > 1 else found[0]


def _words(moving: set[Expr], reasons: list[Reason]) -> set[Expr]:
    """The nodes of traces and of products of columns, which one statement moves to an inner product; it is told here."""
    inside: set[Expr] = set()
    for x in sorted(moving, key=lambda e: e.key):
        if x.op.name == "tr" and x.args[0].op.name == "matmul":
            inside |= {x, x.args[0]}
            _add_new(reasons, [_statement("inner product as a trace")])
        elif x.op.name == "matmul" and x.is_scalar and (x.args[0] in moving or x.args[-1] in moving):
            inside |= {x, x.args[0], x.args[-1]}
            _add_new(reasons, [replace(_statement("inner product of columns"), words="notation")])
        elif x.op.name == "scale" and x.is_scalar:
            inside.add(x)
    return inside


def _statement(rule: str) -> Reason:
    left, right = RULES[rule].sides()[0]
    return Reason(left, right, cite=RULES[rule].cite, in_letters=True)


def _adjoint(x: Expr, position: int, incoming: Expr) -> Expr:
    if x.op.name == "power" and x.args[1].op.name == "number" and x.args[1]["value"] == 1:
        return incoming
    if x.op.kind not in (Kind.MULTILINEAR, Kind.LINEAR) and position not in x.op.linear_in:
        raise Unsupported(f"the adjoint of {x.op.name} is not known yet")
    return adjoint(x, position, incoming)


def _note(x: Expr, position: int, reasons: list[Reason]) -> None:
    """The statement of the crossing; of a long product, of what stands before and of what stands after."""
    if (x.op.kind is not Kind.MULTILINEAR and position not in x.op.linear_in) or x.op.equation is None:
        return
    if x.op.name == "scale" and all(a.op is NUMBER for i, a in enumerate(x.args) if i != position):
        return
    commutes = x.op.kind is Kind.MULTILINEAR and x.op.equation is not None and x.op.equation.symmetric_under_exchange
    if commutes:
        _add_new(reasons, [crossing(x.op, 1)])
    elif x.op.variadic:
        if position > 0:
            _add_new(reasons, [crossing(x.op, 1)])
        if position < len(x.args) - 1:
            _add_new(reasons, [crossing(x.op, 0)])
    else:
        _add_new(reasons, [crossing(x.op, position)])


def _add_new(reasons: list[Reason], more: list[Reason]) -> None:
    for r in more:
        if r not in reasons:
            reasons.append(r)

"""Conjugates and real parts in normal form.

A conjugate goes through sums, products and all that is holomorphic to the names and differentials, where it stays, and i becomes −i;
so what is its own conjugate is real: ‖z‖, zᴴz, det(ZᴴZ).  The real part is linear over real numbers: it goes through sums, real factors
come out, and of z and z̄ one is chosen by keys.  An imaginary part is a real one, Im z = −Re(iz).  Of a name for u + iv the parts are
known, and z z̄ is |z|².
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, node, postorder, rebuilt
from matcalc.core.index_sums import summed
from matcalc.core.indices import counter, letter_of
from matcalc.core.leaves import INDEX_SUM, NAMED, number, zeros
from matcalc.core.notes import note
from matcalc.core.operation import Kind
from matcalc.core.reality import IMAGINARY, OPAQUE, all_real, conjugations, imaginary, is_real
from matcalc.core.size import SCALAR
from matcalc.core.terms import (
    RULES_AT,
    Exponent,
    Term,
    as_exponent,
    build,
    chain_node,
    coefficient,
    constructor,
    factors,
    join,
    op,
    power_node,
    split,
    with_coefficient,
)


def is_seen_real(e: Expr) -> bool:
    """Whether any expression is seen to be real, by its normal form too."""
    return is_real(e) or real_by_form(canonical(e))


def real_by_form(e: Expr) -> bool:
    """Whether a canonical expression is real: made of real ones, or its own conjugate."""
    return is_real(e) or conjugate(e) is e


@constructor("conj")
def conjugate(e: Expr) -> Expr:
    """The conjugate of a canonical expression, at its atoms."""
    if is_real(e):
        return e
    for x in postorder(e, below=lambda y: () if "conjugate" in y.memo or y.op in OPAQUE or is_real(y) else y.args):
        if "conjugate" not in x.memo:
            x.memo["conjugate"] = _conjugate(x)
    found: Expr = e.memo["conjugate"]
    return found


def _conjugate(e: Expr) -> Expr:
    if is_real(e):
        return e
    if e.op is IMAGINARY:
        return build("scale", number(-1), e)
    if e.op.name == "conj":
        return e.args[0]
    if e.args and e.op.is_holomorphic and e.op not in OPAQUE:
        return canonical(rebuilt(e, tuple(a.memo["conjugate"] for a in e.args)))
    return node(op("conj"), (e,), (), e.shape)


@constructor("real")
def real_part(e: Expr) -> Expr:
    """The real part of a canonical expression."""
    if real_by_form(e):
        return e
    known: Expr | None = e.memo.get("real part")
    if known is None:
        known = e.memo["real part"] = _real_part(e)
    return known


def _real_part(e: Expr) -> Expr:
    if e.op.name == "add":
        return build("add", *map(real_part, e.args))
    term = split(e)
    turned = term.powers.get(imaginary()) == 1
    if turned:
        del term.powers[imaginary()]
    outside, inside = Term(term.coefficient), Term()
    for base, p in term.powers.items():
        is_out = real_by_form(base) and (isinstance(p, Fraction) or is_real(p))
        (outside if is_out else inside).powers[base] = p
    left, middle, right = _peeled(term.chain)
    inside.chain = middle
    part = _of_unit(join(inside, (middle[0].shape[0], middle[-1].shape[1]) if middle else SCALAR), turned)
    if not middle:
        return build("scale", join(outside, SCALAR), part, *([chain_node(left)] if left else []))
    return build("scale", join(outside, SCALAR), build("matmul", *left, part, *right) if left or right else part)


def _peeled(chain: Sequence[Expr]) -> tuple[list[Expr], list[Expr], list[Expr]]:
    """The real factors in front, what stands between, and the real ones behind."""
    places = [k for k, f in enumerate(chain) if not real_by_form(f)]
    if not places:
        return list(chain), [], []
    return list(chain[: places[0]]), list(chain[places[0] : places[-1] + 1]), list(chain[places[-1] + 1 :])


def _of_unit(e: Expr, turned: bool) -> Expr:
    """Re e, or Re(ie) where `turned`, of what has no scalars in front: it goes into what is linear, as far as it can."""
    if real_by_form(e):
        return zeros(e.shape) if turned else e
    if e.op.name == "add":
        return build("add", *(_of_term(t, turned) for t in e.args))
    if e.op.name == "conj":
        return build("scale", number(-1 if turned else 1), _of_unit(e.args[0], turned))
    if e.op is INDEX_SUM:
        return summed(_of_term(e.args[0], turned), counter(e), letter_of(e))
    if e.op is NAMED:
        known = _of_term(canonical(e.args[0]), turned)
        if not coefficient(known)[1].args:
            note("the real and the imaginary part of what is named")
            return known
    moved = _inside(e, turned)
    return _chosen(e, turned) if moved is None else moved


def _of_term(e: Expr, turned: bool) -> Expr:
    return real_part(build("scale", imaginary(), e) if turned else e)


def _inside(e: Expr, turned: bool) -> Expr | None:
    """The real part taken further in, past real factors; None where it can go no further."""
    if e.op.kind is Kind.LINEAR:
        return canonical(rebuilt(e, tuple(_of_term(a, turned) for a in e.args))) if e.op.is_holomorphic else None
    if e.op.kind is not Kind.MULTILINEAR:
        return None
    args = list(e.args)
    at = [k for k, a in enumerate(args) if not real_by_form(a)]
    if e.op.name == "matmul" and e.is_scalar:
        left, middle, right = _peeled(args)
        return build("matmul", *left, _of_unit(chain_node(middle), turned), *right) if left or right else None
    if e.op.name == "hadamard" and len(at) < len(args):
        inner = build("hadamard", *(args[k] for k in at)) if len(at) > 1 else args[at[0]]
        return build("hadamard", *(a for k, a in enumerate(args) if k not in at), _of_term(inner, turned))
    if e.op.name == "tr":
        word = factors(args[0])
        at = [k for k, f in enumerate(word) if not real_by_form(f)]
        if len(at) > 1:
            return None
        rest = [*word[at[0] + 1 :], *word[: at[0]]]
        part = _of_unit(word[at[0]], turned)
        return build("tr", build("matmul", part, *rest) if rest else part)
    if e.op.name in ("matmul", "scale", "hadamard") or len(at) > 1:
        return None
    args[at[0]] = _of_term(args[at[0]], turned)
    return canonical(rebuilt(e, tuple(args)))


def _chosen(e: Expr, turned: bool) -> Expr:
    """The node, on the better of e and its conjugate: Re(iz̄) is −Re(iz)."""
    c, other = coefficient(conjugate(e))
    sign = Fraction(1)
    if _rank(other) < _rank(e) and other.op.name != "transpose":  # past which the real part would go again
        e, sign = other, -c if turned else c
    inside = build("scale", imaginary(), e) if turned else e
    part = node(op("real"), (inside,), (), e.shape)
    return build("scale", number(sign), part) if sign != 1 else part


def _rank(e: Expr) -> tuple[int, int, bytes]:
    return (*conjugations(e), e.key)


def same_modulus(e: Expr) -> Expr:
    """Of z, z̄ and iz the one that stands for all where only the modulus counts."""
    if e.op.name != "add":
        term = split(e)
        if term.powers.pop(imaginary(), None) is not None:
            return same_modulus(join(term, e.shape))
    other = conjugate(e)
    return other if _rank(other) < _rank(e) else e


@constructor("conjugate terms")
def conjugate_terms(*terms: Expr) -> Expr:
    """A sum of different terms, z + z̄ as 2 Re z."""
    left = {unit: c for c, unit in map(coefficient, terms)}
    found: list[Expr] = []
    for unit, c in list(left.items()):
        if unit in left and not is_real(unit):
            d, other = coefficient(conjugate(unit))
            if other is not unit and left.get(other) == c * d:
                note("z + z̄ = 2 Re z")
                del left[unit], left[other]
                found.append(build("scale", number(2 * c), real_part(unit)))
    if not found:
        return node(op("add"), terms, (), terms[0].shape)
    return build("add", *(with_coefficient(c, unit) for unit, c in left.items()), *found)


def _squared_moduli(e: Expr) -> Expr | None:
    """z z̄ is |z|², among scalars or entry by entry."""
    if all_real(*e.args):
        return None
    parts: dict[Expr, Exponent] = {}
    for a in e.args:
        base, p = (a.args[0], as_exponent(a.args[1])) if a.op.name == "power" else (a, Fraction(1))
        parts[base] = p
    complex_ = [z for z in parts if not is_real(z)]
    for z in complex_ if len(complex_) > 1 else ():
        p = parts[z]
        other = conjugate(z)
        q = parts.get(other)
        if other is z or not (isinstance(p, Fraction) and isinstance(q, Fraction) and p * q > 0):
            continue
        both = min(p, q, key=abs)
        note("z z̄ = |z|²")
        left = {**parts, z: p - both, other: q - both}
        rest = [build("power", b, number(r)) if isinstance(r, Fraction) else power_node(b, r) for b, r in left.items() if r != 0]
        return build(e.op.name, build("power", build("abs", z), number(2 * both)), *rest)
    return None


for _head in ("scale", "hadamard"):
    RULES_AT.setdefault(_head, []).append((frozenset(), _squared_moduli))

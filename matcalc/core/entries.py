"""Entry by entry: the normal form of elementwise products and powers, and of powers of scalars.

(bᵖ)^q = b^(pq) holds where q is an integer or b ≥ 0, and (b²)^(1/2) = |b| for a real b; a product under a root is split only at
factors that are known to be ≥ 0.  Anything looser is wrong: ‖g v‖ = |g| ‖v‖, and g may be negative.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from matcalc.core.chains import word
from matcalc.core.expression import Expr, node
from matcalc.core.indices import PLACE, UNIT_AT, sliced
from matcalc.core.leaves import IDENTITY, UNIT, is_small_power, is_zero_leaf, number, ones, zeros
from matcalc.core.nonneg import nonneg
from matcalc.core.notes import note
from matcalc.core.reality import is_real
from matcalc.core.size import ONE, Shape
from matcalc.core.terms import (
    Exponent,
    Term,
    as_exponent,
    build,
    combine,
    constructor,
    exponent_node,
    exponent_product,
    exponent_sum,
    is_ones,
    is_whole,
    join,
    op,
    power_node,
    reduced,
    split,
)


@constructor("hadamard")
def hadamard(*args: Expr) -> Expr:
    """Scalars out, ones dropped, equal factors as powers, in order of keys."""
    shape = args[0].shape
    if args[0].is_scalar:
        return build("scale", *args)
    if any(is_zero_leaf(a) for a in args):
        note("nothing times anything is nothing")
        return zeros(shape)
    term, rest = combine(args)
    entries: dict[Expr, Exponent] = {}
    for r in rest:
        for h in r.args if r.op.name == "hadamard" else (r,):
            if is_ones(h):
                note("1 is the unit of ⊙")
                continue
            base, exponent = (h.args[0], as_exponent(h.args[1])) if h.op.name == "power" else (h, Fraction(1))
            entries[base] = exponent_sum(entries.get(base, Fraction(0)), exponent)
    if not all(map(is_whole, entries.values())):
        term.coefficient *= _aligned(entries)
    listed = sorted((power_node(b, p) for b, p in entries.items() if p != 0), key=lambda e: e.key)
    return scaled(term, _entry_product(listed, shape))


def _aligned(entries: dict[Expr, Exponent]) -> int:
    """(1 − p)^γ ⊙ (p − 1) = −(1 − p)^(γ + 1), as of scalars; the sign that comes out."""
    sign = 1
    for base in [b for b, p in entries.items() if b.op.name == "add" and not is_whole(p)]:
        other = build("scale", number(-1), base)
        whole = entries.get(other)
        if isinstance(whole, Fraction) and whole.denominator == 1:
            del entries[other]
            entries[base] = exponent_sum(entries[base], whole)
            sign *= (-1) ** (int(whole) % 2)
    return sign


def _entry_product(listed: list[Expr], shape: Shape) -> Expr:
    """The product of different powers in order, after the rules for ⊙."""
    if not listed:
        return canonical_ones(shape)
    if len(listed) == 1:
        return reduced(listed[0])
    placed = next((h for h in listed if h.op is PLACE), None)
    if placed is not None:
        return _placed([h for h in listed if h is not placed], placed)
    others = [h for h in listed if h.op is not IDENTITY]
    if len(others) < len(listed):
        note("I ⊙ A keeps the diagonal")
        return build("diag", build("diagonal", hadamard(*others)))
    if shape[0] is ONE and any(h.op.name == "transpose" and h.args[0].op in (UNIT, UNIT_AT) for h in listed):
        # The transpose of an elementwise product may not have scalars that it has not: chains are turned without looking for them.
        return build("transpose", hadamard(*(build("transpose", h) for h in listed)))
    units = [h for h in listed if (h.args[0] if h.op.name == "power" else h).op in (UNIT, UNIT_AT)]
    if len(units) == 1 and units[0].op.name != "power":
        unit = units[0]
        note("x ⊙ eᵢ = xᵢ eᵢ")
        return build("scale", *(_entry(h, unit) for h in listed if h is not unit), unit)
    return reduced(node(op("hadamard"), tuple(listed), (), shape))


def _placed(others: list[Expr], placed: Expr) -> Expr:
    """T ⊙ place(B, i) = place(T[i] ⊙ B, i)."""
    from matcalc.core.canonical import canonical

    note("T ⊙ what is zero but for a slice")
    inside = [canonical(sliced(h, placed.args[1:], placed["axes"])) for h in others]
    return canonical(node(PLACE, (build("hadamard", placed.args[0], *inside), *placed.args[1:]), placed.attrs, placed.shape))


def _entry(h: Expr, unit: Expr) -> Expr:
    """The entry of one factor of an elementwise product that a unit vector picks."""
    base, exponent = (h.args[0], h.args[1]) if h.op.name == "power" else (h, number(1))
    row = build("transpose", unit)
    # A sum of entries is told from an elementwise product: asking for the product of the chain would come back here.
    picked = build("matmul", row, base) if base.op.name == "matmul" else word([row, base])
    return build("power", picked, exponent)


def canonical_ones(shape: Shape) -> Expr:
    """Ones by columns: a row is 1ᵀ and a matrix 1 1ᵀ, so that chains can be cut inside."""
    if len(shape) > 2 or shape[1] is ONE:
        return ones(shape)
    rows, columns = shape
    row = node(op("transpose"), (ones((columns, ONE)),), (), (ONE, columns))
    return row if rows is ONE else node(op("matmul"), (ones((rows, ONE)), row), (), shape)


def scaled(term: Term, matrix: Expr) -> Expr:
    """A term's scalars times a canonical matrix."""
    part = split(matrix)
    part.coefficient *= term.coefficient
    for base, exponent in term.powers.items():
        part.take(base, exponent)
    return join(part, matrix.shape)


@constructor("power")
def power(x: Expr, p: Expr) -> Expr:
    """x^p of every entry, pulled into products where that is true."""
    exponent = as_exponent(p)
    if exponent == 1:
        return x
    if exponent == 0:
        return canonical_ones(x.shape)
    if is_zero_leaf(x) or not isinstance(exponent, Fraction):
        return _opaque(x, exponent)
    term = split(x)
    result, left = Term(), Term()
    _raise_number(term.coefficient, exponent, result, left)
    for base, e in term.powers.items():
        _raise(base, e, exponent, result, left)
    if not term.chain:
        return _with_root(result, left, None, exponent)
    return _with_root(result, left, x, exponent, term.chain)


def _raise_number(c: Fraction, p: Fraction, result: Term, left: Term) -> None:
    """c^p into the result where it is a rational number of a decent size, else under the root."""
    root = rational_power(c, p)
    if root is not None:
        result.coefficient *= root
    elif c > 0:
        result.powers[number(c)] = p
    elif p.denominator == 1:
        result.powers[number(-c)] = p
        result.coefficient *= -1 if p % 2 else 1
    else:
        left.coefficient *= c


def rational_power(c: Fraction, p: Fraction) -> Fraction | None:
    """c^p where that is a rational number of at most 256 bits, else None.

    >>> rational_power(Fraction(9, 4), Fraction(-1, 2)), rational_power(Fraction(2), Fraction(1, 2))
    (Fraction(2, 3), None)
    """
    if c == 1:
        return c
    if c == 0 or not is_small_power(c, p):
        return None
    if p.denominator == 1:
        return c ** int(p)
    if p.denominator == 2 and c > 0:
        top, bottom = isqrt(c.numerator), isqrt(c.denominator)
        if top * top == c.numerator and bottom * bottom == c.denominator:
            return Fraction(top, bottom) ** p.numerator
    return None


def _raise(base: Expr, e: Exponent, p: Fraction, result: Term, left: Term) -> None:
    """(base^e)^p into the result where the power can be pulled in, else base^e under the root."""
    if p.denominator == 1 or nonneg(base):
        result.take(base, exponent_product(e, p))
    elif isinstance(e, Fraction) and e.denominator == 1 and e % 2 == 0 and is_real(base):
        note("√x² = |x|")
        result.take_scalar(power(build("abs", base), number(e * p)))
    else:
        left.powers[base] = e


def _with_root(result: Term, left: Term, x: Expr | None, p: Fraction, chain: list[Expr] | None = None) -> Expr:
    """What came out, times what stays under the power."""
    if chain is None:
        if left.powers or left.coefficient != 1:
            rest = join(left, (ONE, ONE))
            result.take(rest, p)
        return join(result, (ONE, ONE))
    assert x is not None
    entries = chain[0].args if len(chain) == 1 and chain[0].op.name == "hadamard" else (join(Term(chain=chain), x.shape),)
    out: list[Expr] = []
    under: list[Expr] = []
    for h in entries:
        base, e = (h.args[0], as_exponent(h.args[1])) if h.op.name == "power" else (h, Fraction(1))
        if p.denominator == 1 or nonneg(base):
            out.append(power_node(base, exponent_product(e, p)))
        elif isinstance(e, Fraction) and e.denominator == 1 and e % 2 == 0 and is_real(base):
            note("√x² = |x|")
            out.append(power_node(build("abs", base), e * p))
        else:
            under.append(h)
    if under:
        rest = hadamard(*under) if len(under) > 1 else under[0]
        out.append(_opaque(scaled(left, rest), p))
    elif left.powers or left.coefficient != 1:
        result.take(join(left, (ONE, ONE)), p)
    return scaled(result, hadamard(*out))


def _opaque(x: Expr, p: Exponent) -> Expr:
    """A power that stays as it is; (b^q)^p = b^(qp) for b ≥ 0."""
    if x.op.name == "power" and nonneg(x.args[0]):
        return power(x.args[0], exponent_node(exponent_product(as_exponent(x.args[1]), p)))
    return reduced(power_node(x, p))

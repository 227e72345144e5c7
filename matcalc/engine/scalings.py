"""Scalings of rows and columns: what is constant along an axis as a diagonal matrix, X ⊘ (1 sᵀ) as X diag(1 ⊘ s).

In that form a normalisation by rows or columns has one denominator: diagonal matrices meet, come out of the diagonals of products
and of sums over an axis, and stand at the end of every term, where they are one factor.  The definitions of the user say the same,
and are solved for what they scale: Z = C diag(1 ⊘ s) gives C = Z diag(s).  A matrix whose columns sum to 0 adds nothing to column
sums.  All of it together is one step, taken where it makes the answer shorter.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction
from itertools import pairwise

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, NAMED, NUMBER, is_zero_leaf, number, ones, unnamed
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, chain_node, coefficient, is_ones, join, split
from matcalc.engine.cost import cost
from matcalc.engine.expand import expanded, shortest
from matcalc.engine.factor import factored
from matcalc.engine.simplify import simplified
from matcalc.engine.solve import Pair, replaced

LARGEST = 200
"""What costs more than this to read is not looked at."""
PASSES = 3


def below(e: Expr) -> tuple[Expr, ...]:
    """What stands below, not under names."""
    return () if e.op in (NAMED, DIFFERENTIAL) else e.args


def as_scalings(e: Expr) -> Expr:
    """The canonical e with diagonal matrices for what is constant along rows or columns."""
    for _ in range(PASSES):  # a diagonal matrix that comes out of one place may come out of the next
        before = e
        new: dict[Expr, Expr] = {}
        for x in postorder(e, below=below):
            args = tuple(new[a] for a in below(x))
            y = x if not args else canonical(rebuilt(x, args))
            new[x] = _scaled(y)
        e = new[e]
        if e is before:
            break
    return e


def _scaled(e: Expr) -> Expr:
    """One node, its parts being in this form."""
    name = e.op.name
    if name == "scale" and not e.is_scalar and e.args[-1].op.name in ("hadamard", "matmul", "diagonal"):
        return build("scale", *e.args[:-1], _scaled(e.args[-1]))
    if name == "hadamard" and ONE not in e.shape:
        return _of_entries(e)
    if name == "power" and ONE not in e.shape and (apart := _constant(e)) is not None:
        u, v = apart
        return build("matmul", u, build("transpose", v))
    if name == "diagonal":
        return _of_diagonal(e)
    if name == "matmul":
        return _of_sums(e)
    return e


def _constant(h: Expr) -> tuple[Expr, Expr] | None:
    """u and v of h = u vᵀ, one of them ones, or a power of that."""
    base, exponent = (h.args[0], h.args[1]) if h.op.name == "power" else (h, None)
    if base.op.name != "matmul" or len(base.args) != 2 or base.args[0].shape[1] is not ONE:
        return None
    u, v = base.args[0], build("transpose", base.args[1])
    if not (is_ones(u) or is_ones(v)):
        return None
    if exponent is not None:
        u, v = (x if is_ones(x) else build("power", x, exponent) for x in (u, v))
    return u, v


def _of_entries(e: Expr) -> Expr:
    """An elementwise product, at its ends what is constant along an axis and the diagonal matrices at the ends of its factors."""
    left: list[Expr] = []
    right: list[Expr] = []
    rest: list[Expr] = []
    term = Term()
    for h in e.args:
        pair = _constant(h)
        if pair is not None:
            for ends, x in zip((left, right), pair, strict=True):
                ends += [] if is_ones(x) else [x]
            continue
        chain = list(h.args) if h.op.name == "matmul" else [h]
        for ends, at in ((left, 0), (right, -1)):
            while len(chain) > 1 and chain[at].op.name == "diag":
                ends.append(chain.pop(at).args[0])
        part = split(build("matmul", *chain) if len(chain) > 1 else chain[0])
        term.coefficient *= part.coefficient
        rest.append(chain_node(part.chain))
    if not left and not right:
        return e
    inner = build("hadamard", *rest) if len(rest) > 1 else rest[0] if rest else ones(e.shape)
    return build("scale", number(term.coefficient), build("matmul", *_diagonal(left), inner, *_diagonal(right)))


def _diagonal(vectors: list[Expr]) -> list[Expr]:
    if not vectors:
        return []
    return [build("diag", build("hadamard", *vectors) if len(vectors) > 1 else vectors[0])]


def _of_diagonal(e: Expr) -> Expr:
    """diag(diag(u) A diag(v)) = u ⊙ v ⊙ diag(A)."""
    term = split(e.args[0])
    chain, outside = list(term.chain), []
    for end in (0, -1):
        while len(chain) > 1 and chain[end].op.name == "diag":
            outside.append(chain.pop(end).args[0])
    if not outside:
        return e
    inner = build("diagonal", build("matmul", *chain) if len(chain) > 1 else chain[0])
    whole = build("hadamard", *outside, inner)
    term.chain = []
    return build("scale", join(term, (ONE, ONE)), whole)


def _of_sums(e: Expr) -> Expr:
    """(A ⊙ B) 1 = diag(A Bᵀ) and (A ⊙ B)ᵀ1 = diag(AᵀB), diagonal matrices taken out."""
    if len(e.args) < 2 or not is_ones(e.args[-1]) or e.shape[1] is not ONE:
        return e
    *front, f, _ = e.args
    turned = f.op.name == "transpose"
    inside = f.args[0] if turned else f
    if inside.op.name != "hadamard" or len(inside.args) != 2:
        return e
    A, B = inside.args
    product = build("matmul", build("transpose", A), B) if turned else build("matmul", A, build("transpose", B))
    d = _scaled(build("diagonal", product))
    return build("matmul", *front, d) if front else d


def solved(name: Expr) -> Pair | None:
    """Of a definition Z = diag(u) C diag(v) with reciprocals for u and v, the matrix C and what it is by Z."""
    term = split(as_scalings(canonical(name.args[0])))
    chain = list(term.chain)
    ends: tuple[list[Expr], list[Expr]] = ([], [])
    for k, end in enumerate((0, -1)):
        while len(chain) > 1 and chain[end].op.name == "diag" and _is_reciprocal(chain[end].args[0]):
            ends[k].append(build("diag", build("power", chain.pop(end).args[0], number(-1))))
    if not any(ends) or ONE in name.shape or term.powers:
        return None
    C = build("matmul", *chain) if len(chain) > 1 else chain[0]
    return C, build("scale", number(1 / term.coefficient), build("matmul", *ends[0], name, *ends[1]))


def _is_reciprocal(v: Expr) -> bool:
    """Whether every factor stands in a denominator, so that its inverse divides by nothing."""
    factors = v.args if v.op.name == "hadamard" else (v,)
    return all(f.op.name == "power" and f.args[1].op.name == "number" and f.args[1]["value"] < 0 for f in factors)


def shorter(e: Expr, names: Iterable[Expr], typed: Container[Expr]) -> tuple[Expr, list[Pair], list[Expr]] | None:
    """The canonical e by scalings, the definitions and the matrices with centred columns that were used, where that is shorter to read."""
    if cost(e) > LARGEST or not any(_may_gain(x) for x in postorder(e, below=below)):
        return None
    found, used = _in_order(e), []
    for name in names:
        pair = solved(name)
        if pair is not None:
            new = _in_order(replaced(found, pair))
            if new is not found and cost(new) <= cost(found):
                found = new
                used.append(pair)
    found, centred = _without_centred(_in_order(simplified(found)[0]))
    found = shortest(found, typed)
    return (found, used, centred) if cost(found) < cost(e) else None


def _in_order(e: Expr) -> Expr:
    return as_scalings(_with_ends(as_scalings(e)))


def _may_gain(x: Expr) -> bool:
    return x.op.name in ("diag", "diagonal") or (x.op.name == "hadamard" and ONE not in x.shape and any(map(_constant, x.args)))


def _with_ends(e: Expr) -> Expr:
    """The canonical e with what the diagonal matrices at the ends of the terms of a sum have in common in front of it or behind it."""
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=below):
        args = tuple(new[a] for a in below(x))
        y = x if not args else canonical(rebuilt(x, args))
        new[x] = _ends_of_sum(y) if y.op.name == "add" and ONE not in y.shape else y
    return new[e]


def _ends_of_sum(e: Expr) -> Expr:
    parts = [split(t) for t in e.args]
    around: list[list[Expr]] = []
    for end in (0, -1):
        vectors = [_end(t.chain, end) for t in parts]
        common = {base: p for base in vectors[0] if (p := _shared([v.get(base) for v in vectors]))}
        around.append(_diagonal(_vectors(common)))
        for t, v in zip(parts, vectors, strict=True):
            if common:
                rest = _vectors({base: p - common.get(base, 0) for base, p in v.items() if p != common.get(base)})
                t.chain[end : end + 1 or None] = _diagonal(rest) if t.chain[end].op.name == "diag" else [_column(rest, t.chain[end], end)]
    if not any(around):
        return e
    inner = build("add", *(build("scale", join(Term(t.coefficient, t.powers), SCALAR), build("matmul", *t.chain)) for t in parts))
    return build("matmul", *around[0], inner, *around[1])


def _end(chain: list[Expr], end: int) -> dict[Expr, Fraction]:
    """What scales the rows, or the columns, of a product: the diagonal matrix there, or u of u vᵀ."""
    if len(chain) < 2:
        return {}
    if chain[end].op.name == "diag":
        return _powers(chain[end].args[0])
    u = chain[end] if not end else build("transpose", chain[end])
    return _powers(u) if u.shape[1] is ONE else {}


def _column(vectors: list[Expr], like: Expr, end: int) -> Expr:
    """What is left of the column or the row at an end of a product."""
    size = like.shape[1] if end else like.shape[0]
    u = build("hadamard", *vectors) if len(vectors) > 1 else vectors[0] if vectors else ones((size, ONE))
    return build("transpose", u) if end else u


def _powers(v: Expr) -> dict[Expr, Fraction]:
    """The factors of a column, each with its exponent."""
    found: dict[Expr, Fraction] = {}
    for h in v.args if v.op.name == "hadamard" else (v,):
        numeric = h.op.name == "power" and h.args[1].op is NUMBER
        base, p = (h.args[0], h.args[1]["value"]) if numeric else (h, Fraction(1))
        found[base] = p
    return found


def _shared(exponents: list[Fraction | None]) -> Fraction | None:
    """The exponent that all have, the one nearest to 0 where they are of one sign."""
    known = [p for p in exponents if p is not None]
    same = len(known) == len(exponents) and len({p > 0 for p in known}) == 1
    return min(known, key=abs) if same else None


def _vectors(powers: dict[Expr, Fraction]) -> list[Expr]:
    return [base if p == 1 else build("power", base, number(p)) for base, p in powers.items()]


def _without_centred(e: Expr) -> tuple[Expr, list[Expr]]:
    """(I − 1 1ᵀ/n) (A + C) as (I − 1 1ᵀ/n) A + C where the columns of C sum to 0; and the other way round for rows."""
    used: list[Expr] = []
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=below):
        args = tuple(new[a] for a in below(x))
        y = x if not args else canonical(rebuilt(x, args))
        new[x] = _past_centring(y, used) if y.op.name == "matmul" else y
    return new[e], used


def _past_centring(e: Expr, used: list[Expr]) -> Expr:
    for k, (H, A) in enumerate(pairwise(e.args)):
        for matrix, other, turned in ((H, A, False), (A, H, True)):
            if not is_centring(matrix):
                continue
            parts = list(other.args) if other.op.name == "add" else [other]
            still = [t for t in parts if not _is_centred(t, turned, used)]
            if len(still) == len(parts):
                continue
            moved = [build("matmul", t, matrix) if turned else build("matmul", matrix, t) for t in still]
            front = next(coefficient(t)[0] for t in matrix.args if _is_identity(t))
            gone = [build("scale", number(front), t) for t in parts if t not in still]
            opened = factored(build("add", *gone, *map(expanded, moved)))
            inner = min(build("add", *gone, *moved), opened, key=lambda x: (cost(x), x is not opened))
            return build("matmul", *e.args[:k], inner, *e.args[k + 2 :])
    return e


def is_centring(e: Expr) -> bool:
    """Whether this is I − 1 1ᵀ/n."""
    if e.op.name != "add" or e.shape[0] is not e.shape[1] or len(e.args) != 2 or not any(map(_is_identity, e.args)):
        return False
    one = ones((e.shape[1], ONE))
    return is_zero_leaf(build("add", *(build("matmul", t, one) for t in e.args)))


def _is_identity(t: Expr) -> bool:
    chain = split(t).chain
    return bool(chain) and chain[0].op is IDENTITY


def has_centred_columns(M: Expr) -> bool:
    """Whether the columns of a matrix are known to sum to 0.  Names are transparent here."""
    known = M.memo.get("centred columns")
    if known is None:
        known = False
        if ONE not in M.shape and len(list(postorder(M))) <= LARGEST:
            e = expanded(split(as_scalings(canonical(unnamed(M)))).chain[0])
            row = build("transpose", ones((M.shape[0], ONE)))
            known = e.op.name == "add" and is_zero_leaf(build("add", *(build("matmul", row, t) for t in e.args)))
        M.memo["centred columns"] = known
    return bool(known)


def _is_centred(t: Expr, rows: bool, used: list[Expr]) -> bool:
    """Whether the columns of a term, or its rows, are known to sum to 0: those of its first or last factor, or of some."""
    chain = split(t).chain
    for count in range(1, len(chain) + 1):
        part = chain[-count:] if rows else chain[:count]
        C = build("matmul", *part) if len(part) > 1 else part[0]
        if has_centred_columns(build("transpose", C) if rows else C):
            used.append(build("transpose", C) if rows else C)
            return True
    return False

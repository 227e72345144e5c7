"""Normalisations by rows or columns: a result with one denominator, and the normalised matrix by its name.

With scalings as diagonal matrices (`scalings`) the definitions of the user are solved for what they scale: Z = C diag(1 ⊘ s) gives
C = Z diag(s).  What the diagonal matrices at the ends of the terms of a sum share is one factor.  A matrix whose columns sum to 0
adds nothing to column sums.  All of it together is one step, taken where it makes the answer shorter.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction
from itertools import pairwise

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import IDENTITY, NUMBER, is_zero_leaf, number, ones, unnamed
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, coefficient, join, split
from matcalc.engine.cost import cost
from matcalc.engine.expand import expanded, shortest
from matcalc.engine.factor import factored
from matcalc.engine.scalings import as_scalings, below, constant, diagonal
from matcalc.engine.simplify import simplified
from matcalc.engine.solve import Pair, replaced

LARGEST = 200
"""What costs more than this to read is not looked at."""
LINEAR = frozenset({"add", "scale", "matmul", "hadamard", "transpose", "diag", "diagonal"})
"""What a factor may stand below."""


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
            new = _in_order(_in_products(found, pair) if pair[0] in set(postorder(pair[1], below=below)) else replaced(found, pair))
            if new is not found and cost(new) <= cost(found):
                found = new
                used.append(pair)
    found, centred = _without_centred(_in_order(simplified(found)[0]))
    found = shortest(found, typed)
    return (found, used, centred) if cost(found) < cost(e) else None


def _in_products(e: Expr, pair: Pair) -> Expr:
    """The canonical e with one side for the other where it is a factor: X = diag(‖X‖) Z, but not inside of ‖X‖."""
    left, right = pair
    new = {left: right, build("transpose", left): build("transpose", right)}
    for x in postorder(e, below=lambda y: () if y in new or y.op.name not in LINEAR else y.args, seen=set(new)):
        new[x] = canonical(rebuilt(x, tuple(new[a] for a in x.args))) if x.op.name in LINEAR else x
    return new[e]


def _in_order(e: Expr) -> Expr:
    return as_scalings(_with_ends(as_scalings(e)))


def _may_gain(x: Expr) -> bool:
    return x.op.name in ("diag", "diagonal") or (x.op.name == "hadamard" and ONE not in x.shape and any(map(constant, x.args)))


def _with_ends(e: Expr) -> Expr:
    """The canonical e with what the diagonal matrices at the ends of the terms of a sum have in common in front of it or behind it."""
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=below):
        args = tuple(new[a] for a in below(x))
        y = x if not args else canonical(rebuilt(x, args))
        new[x] = _ends_of_sum(y) if y.op.name == "add" and len(y.shape) == 2 and ONE not in y.shape else y
    return new[e]


def _ends_of_sum(e: Expr) -> Expr:
    parts = [split(t) for t in e.args]
    around: list[list[Expr]] = []
    for end in (0, -1):
        vectors = [_end(t.chain, end) for t in parts]
        common = {base: p for base in vectors[0] if (p := _shared([v.get(base) for v in vectors]))}
        around.append(diagonal(_vectors(common)))
        for t, v in zip(parts, vectors, strict=True):
            if common:
                rest = _vectors({base: p - common.get(base, 0) for base, p in v.items() if p != common.get(base)})
                t.chain[end : end + 1 or None] = diagonal(rest) if t.chain[end].op.name == "diag" else [_column(rest, t.chain[end], end)]
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
            whole = has_centred_columns(build("transpose", other) if turned else other)
            parts = list(other.args) if other.op.name == "add" and not whole else [other]
            still = [t for t in parts if not _is_centred(t, turned, used)]
            if len(still) == len(parts):
                continue
            moved = [build("matmul", *((t, matrix) if turned else (matrix, t))) for t in still]
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

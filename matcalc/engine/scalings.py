"""Scalings of rows and columns: what is constant along an axis as a diagonal matrix, X ⊘ (1 sᵀ) as X diag(1 ⊘ s).

In that form diagonal matrices meet, come out of the diagonals of products and of sums over an axis, and stand at the end of every
term, where they are one factor.
"""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import DIFFERENTIAL, NAMED, NUMBER, number, ones
from matcalc.core.operation import Kind
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, chain_node, is_ones, join, split

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
    """One node, its parts being in this form; an array of order three or more stays as it is."""
    name = e.op.name
    if len(e.shape) > 2:
        return e
    if name == "scale" and not e.is_scalar and e.args[-1].op.name in ("hadamard", "matmul", "diagonal"):
        return build("scale", *e.args[:-1], _scaled(e.args[-1]))
    if name == "hadamard" and ONE not in e.shape:
        return _of_entries(e)
    if name == "power" and ONE not in e.shape and (apart := constant(e)) is not None:
        u, v = apart
        return build("matmul", u, build("transpose", v))
    if name == "power" and ONE not in e.shape:
        return _of_power(e)
    if name == "diagonal":
        return _of_diagonal(e)
    if name == "matmul":
        return _of_sums(e)
    return e


def constant(h: Expr) -> tuple[Expr, Expr] | None:
    """u and v of h = u vᵀ, one of them ones, or a power of that; None for what varies along both axes."""
    base, exponent = (h.args[0], h.args[1]) if h.op.name == "power" else (h, None)
    if base.op.name != "matmul":
        return None
    at = 1 if base.args[0].shape[1] is ONE else len(base.args) - 1
    if base.args[at].shape[0] is not ONE:
        return None
    u, v = (build("matmul", *part) if len(part) > 1 else part[0] for part in (base.args[:at], base.args[at:]))
    v = build("transpose", v)
    if not (is_ones(u) or is_ones(v)):
        return None
    if exponent is not None:
        u, v = (x if is_ones(x) else build("power", x, exponent) for x in (u, v))
    return u, v


def _of_power(e: Expr) -> Expr:
    """(u_i A_ij v_j)ᵖ = u_iᵖ A_ijᵖ v_jᵖ for a whole number p."""
    base, p = e.args
    if base.op.name != "matmul" or p.op is not NUMBER or p["value"].denominator != 1:
        return e
    chain = [build("diag", build("power", f.args[0], p)) if f.op.name == "diag" else f for f in base.args]
    inside = [k for k, f in enumerate(base.args) if f.op.name != "diag"]
    first, last = inside[0], inside[-1] + 1
    if last - first == len(chain):
        return e
    return build("matmul", *chain[:first], build("power", build("matmul", *chain[first:last]), p), *chain[last:])


def _of_entries(e: Expr) -> Expr:
    """An elementwise product, at its ends what is constant along an axis and the diagonal matrices at the ends of its factors."""
    left: list[Expr] = []
    right: list[Expr] = []
    rest: list[Expr] = []
    term = Term()
    for h in e.args:
        pair = constant(h)
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
        return _taken_apart(e)
    inner = build("hadamard", *rest) if len(rest) > 1 else rest[0] if rest else ones(e.shape)
    return build("scale", number(term.coefficient), build("matmul", *diagonal(left), inner, *diagonal(right)))


def _taken_apart(e: Expr) -> Expr:
    """A ⊙ diag(v) = diag(v ⊙ diag(A)), and a sum multiplied out that holds such a matrix."""
    for h in e.args:
        others = [o for o in e.args if o is not h]
        if _is_diagonal(h):
            term = split(h)
            v = build("hadamard", term.chain[0].args[0], *(_scaled(build("diagonal", o)) for o in others))
            return build("scale", join(Term(term.coefficient, term.powers), SCALAR), build("diag", v))
        if h.op.name == "add" and any(map(_is_diagonal, h.args)):
            return build("add", *(_scaled(build("hadamard", t, *others)) for t in h.args))
    return e


def _is_diagonal(h: Expr) -> bool:
    chain = split(h).chain
    return len(chain) == 1 and chain[0].op.name == "diag"


def diagonal(vectors: list[Expr]) -> list[Expr]:
    """The diagonal matrix of the product of some columns, as factors; none for none."""
    if not vectors:
        return []
    return [build("diag", build("hadamard", *vectors) if len(vectors) > 1 else vectors[0])]


def _of_diagonal(e: Expr) -> Expr:
    """diag(diag(u) A diag(v)) = u ⊙ v ⊙ diag(A); of what goes entry by entry, that of the diagonals."""
    inside = e.args[0]
    if inside.op.name in ("hadamard", "power") or (inside.op.kind is Kind.ELEMENTWISE and len(inside.args) == 1):
        parts = [a if a.is_scalar else _scaled(build("diagonal", a)) for a in inside.args]
        return canonical(rebuilt(inside, tuple(parts)))
    term = split(inside)
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

"""The column form of a linear expression: e = L dv for a column e, a column or scalar v.

A factor crosses the other way than under the colon: `a ⊙ (B dv)` is diag(a) B dv, and a scalar w : dv in front of u is u wᵀ dv, w
by the adjoints; so there is always an answer.
"""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Reason
from matcalc.core.expression import Expr, node, plain, substitute_here
from matcalc.core.leaves import SYMBOL, differential_of, identity, number, symbol, zeros
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, chain_node, join, op, split
from matcalc.engine.differentiate import is_differential_below
from matcalc.errors import Unsupported

COTANGENT = "cotangent"
"""The role of the letter that stands for an arbitrary cotangent."""


def columns(e: Expr, v: Expr, reasons: list[Reason] | None = None) -> Expr:
    """L with e = L dv; e is canonical and linear in d(v), v a scalar or a column.  What was used is added to the reasons."""
    atom = differential_of(v)
    if v.is_scalar:
        return canonical(substitute_here(e, {atom: number(1)}))
    if e is atom:
        return identity(v.shape[0])
    if e.is_scalar:
        return build("transpose", row(e, v))
    if e.op.name == "add":
        moving = is_differential_below(e)
        return build("add", *(columns(t, v, reasons) for t in e.args if t in moving))
    term = split(e)
    for base, power in term.powers.items():
        if is_differential_below(base):
            rest = Term(term.coefficient, {b: p for b, p in term.powers.items() if b is not base}, term.chain)
            assert power == 1
            front, end = chain_node(term.chain), build("transpose", row(base, v))
            if reasons is not None:
                product = plain(op("matmul"), front, end)
                reasons.append(Reason(plain(op("matmul"), front, base), plain(op("matmul"), product, atom)))
            return build("matmul", join(rest, e.shape), end)
    front = join(Term(term.coefficient, term.powers), SCALAR)
    return build("scale", front, _chain(term.chain, v))


def _chain(chain: list[Expr], v: Expr) -> Expr:
    last = chain[-1]
    moving = is_differential_below(last)
    if moving:
        inner = _last(last, v, moving)
        return build("matmul", *chain[:-1], inner) if len(chain) > 1 else inner
    for i, f in enumerate(chain):
        below = is_differential_below(f)
        if below:
            rest = build("matmul", *chain[i + 1 :])
            return _matrix_slot(chain[:i], f, rest, v)
    raise AssertionError("no differential in a term of a differential")


def _last(f: Expr, v: Expr, moving: set[Expr]) -> Expr:
    """The last factor of a column, which holds the differential."""
    if f.op.name in ("add", "scale", "matmul") or f is differential_of(v):
        return columns(f, v)
    if f.op.name == "hadamard":
        still = [h for h in f.args if h not in moving]
        (mover,) = [h for h in f.args if h in moving]
        return build("matmul", build("diag", build("hadamard", *still)), columns(mover, v))
    if f.op.name == "kron" and len([a for a in f.args if a in moving]) == 1:
        return build("kron", *(columns(a, v) if a in moving else a for a in f.args))
    if f.op.rowwise:
        pieces = [columns(a, v) if a in moving else zeros((a.shape[0], v.shape[0])) for a in f.args]
        return canonical(node(f.op, tuple(pieces), f.attrs, (f.shape[0], v.shape[0])))
    place = next(i for i, a in enumerate(f.args) if a in moving)
    if place in f.op.jacobian:
        return build("matmul", canonical(f.op.jacobian[place](*f.args)), columns(f.args[place], v))
    if f.op.name == "diagonal":
        found = _diagonal(split(f.args[0]), v)
        if found is not None:
            return found
    return _by_adjoint(f, v, f"the Jacobian of {f.op.name} is not known yet")


def _diagonal(term: Term, v: Expr) -> Expr | None:
    """The diagonal of A diag(du) B is (A ⊙ Bᵀ) du; None for another form."""
    at = next((i for i, f in enumerate(term.chain) if is_differential_below(f)), 0)
    middle = term.chain[at]
    if term.powers or middle.op.name != "diag" or any(is_differential_below(f) for f in term.chain[at + 1 :]):
        return None
    size = middle.shape[0]
    before = build("matmul", *term.chain[:at]) if at else identity(size)
    after = build("matmul", *term.chain[at + 1 :]) if at + 1 < len(term.chain) else identity(size)
    weights = build("hadamard", before, build("transpose", after))
    return build("scale", number(term.coefficient), build("matmul", weights, columns(middle.args[0], v)))


def _by_adjoint(e: Expr, v: Expr, refusal: str) -> Expr:
    """L with e = L dv from the adjoint: Lᵀg is what dv receives from g : e, and it is linear in g."""
    from matcalc.engine.pull import pulled

    if v.op is SYMBOL and v["role"] == COTANGENT:
        raise Unsupported(refusal)
    g = symbol("g", e.shape[0], role=COTANGENT)
    try:
        parts = pulled(differential_of(g), e)[0][v]
        return build("transpose", columns(build("add", *parts) if len(parts) > 1 else parts[0], g))
    except Unsupported:
        raise Unsupported(refusal) from None


def _matrix_slot(before: list[Expr], f: Expr, after: Expr, v: Expr) -> Expr:
    """… F(dv) u with a matrix F linear in dv: a sum is taken term by term, diag(dv) u is diag(u) dv."""
    if f.op.name == "add":
        moving = is_differential_below(f)
        return build("add", *(_matrix_slot(before, t, after, v) for t in f.args if t in moving))
    opened = _as_products(f)
    if opened is not None:
        return columns(build("matmul", *before, *opened, after), v)
    turned, inner = f.op.name == "transpose", f.args[0] if f.op.name == "transpose" else f
    if inner.op.name == "unvec" and is_differential_below(inner.args[0]):
        row = build("transpose", after)
        weights = build("kron", identity(inner.shape[1]), row) if turned else build("kron", row, identity(inner.shape[0]))
        return build("matmul", *before, weights, columns(inner.args[0], v))
    whole = build("matmul", *before, f, after)
    still = split(whole).chain[:-1] if whole.op.name in ("scale", "matmul") else []
    if any(x.op is f.op and is_differential_below(x) for x in still):
        return _by_adjoint(whole, v, f"the Jacobian through {f.op.name} in the middle of a product has no product form here yet")
    return columns(whole, v)


def _as_products(f: Expr) -> list[Expr] | None:
    """A ⊙ p qᵀ as the factors diag(p), A, diag(q); None for another form."""
    for h in f.args if f.op.name == "hadamard" else ():
        cut = next((k for k, g in enumerate(h.args) if k and g.shape[0] is ONE), 0) if h.op.name == "matmul" else 0
        if cut:
            p, q = build("matmul", *h.args[:cut]), build("transpose", build("matmul", *h.args[cut:]))
            return [build("diag", p), build("hadamard", *(other for other in f.args if other is not h)), build("diag", q)]
    return None


def row(s: Expr, v: Expr) -> Expr:
    """b with s = bᵀdv, for a canonical scalar s that is linear in d(v)."""
    from matcalc.engine.pull import pulled

    found = pulled(number(1), s)[0]
    return build("add", *found[v]) if len(found[v]) > 1 else found[v][0]

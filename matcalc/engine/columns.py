"""The column form of a linear expression: e = L dv for a column e, a column or scalar v.

A factor crosses the other way than under the colon: `a ⊙ (B dv)` is diag(a) B dv, and a scalar w : dv in front of u is u wᵀ dv, w
by the adjoints; so there is always an answer.
"""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Reason
from matcalc.core.expression import Expr, plain, substitute_here
from matcalc.core.leaves import differential_of, identity, number
from matcalc.core.size import SCALAR
from matcalc.core.terms import Term, build, chain_node, join, op, split
from matcalc.engine.differentiate import is_differential_below
from matcalc.errors import Unsupported


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
    if f.op.name == "diagonal":
        raise Unsupported("the Jacobian of a diagonal has no product form here yet")
    raise Unsupported(f"the Jacobian of {f.op.name} is not known yet")


def _matrix_slot(before: list[Expr], f: Expr, after: Expr, v: Expr) -> Expr:
    """… F(dv) u with a matrix F linear in dv: a sum is taken term by term, diag(dv) u is diag(u) dv."""
    if f.op.name == "add":
        moving = is_differential_below(f)
        return build("add", *(_matrix_slot(before, t, after, v) for t in f.args if t in moving))
    whole = build("matmul", *before, f, after)
    if whole.op.name == "matmul" and whole.args[-1] is after and f in whole.args:
        raise Unsupported(f"the Jacobian through {f.op.name} in the middle of a product has no product form here yet")
    return columns(whole, v)


def row(s: Expr, v: Expr) -> Expr:
    """b with s = bᵀdv, for a canonical scalar s that is linear in d(v)."""
    from matcalc.engine.pull import pulled

    found = pulled(number(1), s)[0]
    return build("add", *found[v]) if len(found[v]) > 1 else found[v][0]

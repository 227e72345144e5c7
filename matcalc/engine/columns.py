"""The matrix of a linear expression: vec e = J vec dV, columns stacked; for a scalar V the derivative has the shape of e.

A factor crosses the other way than under the colon: L dV R gives Rᵀ ⊗ L, `W ⊙ dV` gives diag(vec W), and a scalar A : dV in front
of E gives vec(E) vec(A)ᵀ.  What the vec of an operation is made of its declaration says (`stacked`); where it says nothing, J is
the transpose of the matrix of its adjoint.
"""

from __future__ import annotations

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Reason
from matcalc.core.expression import Expr, node, plain, substitute_here
from matcalc.core.index_sums import summed
from matcalc.core.indices import counter, free, letter_of
from matcalc.core.leaves import DIFFERENTIAL, INDEX_SUM, SYMBOL, differential_of, identity, number, symbol, zeros
from matcalc.core.reality import imaginary, is_real
from matcalc.core.size import ONE, SCALAR
from matcalc.core.terms import Term, build, chain_node, join, op, split
from matcalc.engine.differentiate import is_differential_below
from matcalc.engine.reasons import product_statement, stacking
from matcalc.errors import Unsupported

COTANGENT = "cotangent"
"""The role of the letter that stands for an arbitrary cotangent."""
MOST_TERMS = 12
"""A sum of more terms than this among factors is crossed as a whole."""


def columns(e: Expr, v: Expr, reasons: list[Reason] | None = None) -> Expr:
    """J with vec e = J vec dv; e is canonical and linear in d(v).  What was used is added to the reasons."""
    atom = differential_of(v)
    if v.is_scalar:
        return canonical(substitute_here(e, {atom: number(1)}))
    if e is atom:
        return identity(v.shape[0] * v.shape[1])
    if e.is_scalar:
        return build("transpose", build("vec", row(e, v)))
    if e.op.name == "add":
        moving = is_differential_below(e)
        return build("add", *(columns(t, v, reasons) for t in e.args if t in moving))
    term = split(e)
    for base, power in term.powers.items():
        if is_differential_below(base):
            assert power == 1
            return _scalar_in_front(term, base, e, v, reasons)
    front = join(Term(term.coefficient, term.powers), SCALAR)
    return build("scale", front, _chain(term.chain, v, reasons))


def _scalar_in_front(term: Term, base: Expr, e: Expr, v: Expr, reasons: list[Reason] | None) -> Expr:
    """(A : dV) E as vec(E) vec(A)ᵀ."""
    rest = Term(term.coefficient, {b: p for b, p in term.powers.items() if b is not base}, term.chain)
    end = build("transpose", build("vec", row(base, v)))
    if reasons is not None and e.is_column and v.is_column:
        front = chain_node(term.chain)
        product = plain(op("matmul"), front, end)
        reasons.append(Reason(plain(op("matmul"), front, base), plain(op("matmul"), product, differential_of(v))))
    return build("matmul", build("vec", join(rest, e.shape)), end)


def _chain(chain: list[Expr], v: Expr, reasons: list[Reason] | None) -> Expr:
    """L f(dV) R: the factor that moves, between what rests."""
    at = next(i for i, f in enumerate(chain) if is_differential_below(f))
    f = chain[at]
    if f.op is INDEX_SUM:
        inside = build("matmul", *chain[:at], f.args[0], *chain[at + 1 :]) if len(chain) > 1 else f.args[0]
        return summed(columns(inside, v, reasons), counter(f), letter_of(f))
    if len(chain) == 1:
        return _factor(f, v, reasons)
    opened = [chain[:at] + found + chain[at + 1 :] for found in _opened(f)]
    if opened:
        return columns(build("add", *(build("matmul", *c) for c in opened)) if len(opened) > 1 else build("matmul", *opened[0]), v, reasons)
    if not f.is_column or at + 1 < len(chain):
        _note(reasons, product_statement())
    left = build("matmul", *chain[:at]) if at else identity(f.shape[0])
    right = build("matmul", *chain[at + 1 :]) if at + 1 < len(chain) else identity(f.shape[1])
    weights = build("kron", build("transpose", right), left)
    return build("matmul", weights, _factor(f, v, reasons))


def _opened(f: Expr) -> list[list[Expr]]:
    """A factor as products that stand in its place: the terms of a sum, diag(p) A diag(q) for A ⊙ p qᵀ; none for another form."""
    if f.op.name == "add":
        moving = is_differential_below(f)
        terms = [t for t in f.args if t in moving]
        return [[t] for t in terms] if len(terms) <= MOST_TERMS else []
    for h in f.args if f.op.name == "hadamard" else ():
        cut = next((k for k, g in enumerate(h.args) if k and g.shape[0] is ONE), 0) if h.op.name == "matmul" else 0
        if cut and is_differential_below(h):
            p, q = build("matmul", *h.args[:cut]), build("transpose", build("matmul", *h.args[cut:]))
            return [[build("diag", p), build("hadamard", *(other for other in f.args if other is not h)), build("diag", q)]]
    return []


def _factor(f: Expr, v: Expr, reasons: list[Reason] | None) -> Expr:
    """The matrix of one factor, by the declaration of its operation."""
    if f.op is DIFFERENTIAL or f.op.name in ("add", "scale", "matmul"):
        return columns(f, v, reasons)
    moving = [i for i, a in enumerate(f.args) if is_differential_below(a)]
    if f.op.rowwise and f.is_column:
        width = v.shape[0] * v.shape[1]
        pieces = [columns(a, v) if i in moving else zeros((a.shape[0], width)) for i, a in enumerate(f.args)]
        return canonical(node(f.op, tuple(pieces), f.attrs, (f.shape[0], width)))
    if f.op.over_complex in ("real", "conjugate") and is_real(v):
        return canonical(f.op(columns(f.args[0], v, reasons)))  # of every entry, and dV is real
    if f.op.stacked is None:
        return _by_adjoint(f, v)
    parts = []
    for i in moving:
        if not f.is_column:
            _note(reasons, stacking(f.op, i))
        weights = canonical(f.op.stacked(i, *f.args, **dict(f.attrs)))
        parts.append(build("matmul", weights, columns(f.args[i], v, reasons)))
    return build("add", *parts) if len(parts) > 1 else parts[0]


def _note(reasons: list[Reason] | None, reason: Reason) -> None:
    if reasons is not None and reason not in reasons:
        reasons.append(reason)


def _by_adjoint(e: Expr, v: Expr) -> Expr:
    """J from the adjoint: Jᵀ is the matrix of what dV receives from G : e, which is linear in G."""
    from matcalc.engine.pull import pulled

    refusal = f"the Jacobian of {e.op.written} has no matrix form here yet"
    if (v.op is SYMBOL and v["role"] == COTANGENT) or not is_real(v):
        raise Unsupported(refusal)
    G = symbol("G", *e.shape, role=COTANGENT)
    try:
        parts = pulled(differential_of(G), e, kept=free(e))[0][v]
        return build("transpose", columns(build("add", *parts) if len(parts) > 1 else parts[0], G))
    except Unsupported:
        raise Unsupported(refusal) from None


def row(s: Expr, v: Expr) -> Expr:
    """A with s = A : dv, for a canonical scalar s that is linear in d(v)."""
    from matcalc.engine.pull import pulled

    def received(a: Expr, whole: bool = False) -> Expr:
        found = pulled(a, s, kept=free(s), whole=whole)[0]
        return build("add", *found[v]) if len(found[v]) > 1 else found[v][0]

    if is_real(s):
        return received(number(1))
    if not any(x.op.over_complex in ("real", "conjugate") for x in is_differential_below(s)):
        return received(number(1), whole=True)
    i = imaginary()  # A : dV is read as its real part, and Im s = Re(−is)
    return build("add", received(number(1)), build("scale", i, received(build("scale", number(-1), i))))

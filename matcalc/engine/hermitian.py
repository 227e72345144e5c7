"""Facts about complex matrices: which are their own conjugate transpose, and what reads better turned round and conjugated."""

from __future__ import annotations

from matcalc.core.canonical import behaviour, canonical, transposes
from matcalc.core.conjugates import is_seen_real
from matcalc.core.expression import Expr, node, rebuilt
from matcalc.core.leaves import NAMED
from matcalc.core.property import HERMITIAN, Fact
from matcalc.core.reality import conjugations
from matcalc.core.terms import build


def _by_facts(e: Expr) -> tuple[Expr, list[Fact]]:
    from matcalc.engine.infer import by_facts

    return by_facts(e)


def uprighted(e: Expr, used: list[Fact]) -> Expr:
    """The canonical e, an operation on what may be complex, by facts: S̄ is Sᵀ where S is Hermitian; those that were used are added."""
    if e.op.name == "conj":
        fact = hermitian(e.args[0])
        new, facts = (build("transpose", e.args[0]), [fact]) if fact is not None else (e, [])
    else:
        new, facts = _upright(e)
    used += [fact for fact in facts if fact not in used]
    return new


def seen_real(e: Expr) -> bool:
    """Whether any expression is seen to be real, by facts too: zᴴSz is where S is symmetric."""
    if is_seen_real(e):
        return True
    normal = canonical(e)
    return _by_facts(build("conj", normal))[0] is _by_facts(normal)[0]


def _upright(e: Expr) -> tuple[Expr, list[Fact]]:
    """det(ZᴴSZ) for det(ZᵀSZ̄), which are the same where S is symmetric; the real part of what reads better than its conjugate."""
    how = behaviour(e.op)
    if e.op.name == "real":
        conjugate, facts = _by_facts(build("conj", e.args[0]))
        return (build("real", conjugate), facts) if facts and conjugations(conjugate) < conjugations(e.args[0]) else (e, [])
    if how not in ("invariant", "equivariant") or e.op.name in ("transpose", "conj"):
        return e, []
    turned, facts = _by_facts(build("transpose", e.args[0]))
    if not facts or _rank(turned) >= _rank(e.args[0]):
        return e, []
    new = canonical(rebuilt(e, (turned,))) if how == "invariant" else build("transpose", canonical(node(e.op, (turned,), e.attrs, e.shape)))
    return new, facts


def _rank(e: Expr) -> tuple[int, int]:
    return transposes(e), conjugations(e)[0]


def hermitian(e: Expr) -> Fact | None:
    """That a complex matrix under a name is its own conjugate transpose, by its definition and facts; or that a scalar is its conjugate."""
    if e.op is not NAMED or e.shape[0] is not e.shape[1]:
        return None
    if "fact hermitian" not in e.memo:
        normal = canonical(e.args[0])
        (one, first), (other, second) = _by_facts(build("conj", normal)), _by_facts(build("transpose", normal))
        because = tuple(dict.fromkeys([*first, *second]))
        e.memo["fact hermitian"] = Fact(e, HERMITIAN, "it reads the same turned round and conjugated", because) if one is other else None
    found: Fact | None = e.memo["fact hermitian"]
    return found

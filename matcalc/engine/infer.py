"""Facts by rule, with their reasons: which expressions are symmetric, skew or of one sign, and because of what.

Three-valued in spirit: a fact, or nothing known.  What only evaluation can see (S (I + S)⁻¹ is symmetric) is left to the oracle.
Names are transparent here: what holds for a definition holds for its name.
"""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.core.canonical import always_symmetric, behaviour, canonical, transposes
from matcalc.core.expression import Expr, node, postorder, rebuilt
from matcalc.core.indices import SLICE, is_square
from matcalc.core.leaves import NAMED, SYMBOL, ZEROS, identity, number
from matcalc.core.nonneg import is_probability, nonneg, positive
from matcalc.core.operation import Kind
from matcalc.core.property import NONNEG, ORTHOGONAL, POSITIVE, PROBABILITY, SKEW, SYMMETRIC, Fact, Property
from matcalc.core.reality import is_real
from matcalc.core.stacks import stacked
from matcalc.core.terms import build
from matcalc.engine.hermitian import uprighted
from matcalc.engine.matrixfacts import WHOLE, facts


def known(e: Expr, wanted: Property) -> Fact | None:
    """The fact that e has the property, or None; found once per node.

    >>> import matcalc.operations, matcalc.rules
    >>> from matcalc.core.leaves import identity, symbol
    >>> P = symbol("P", "m", "n")
    >>> fact = known(P.T @ P - identity("n"), SYMMETRIC)
    >>> fact.reason, [f.reason for f in fact.because]
    ('a sum of such', ['of the form AᵀA', 'by definition'])
    """
    if wanted in (NONNEG, POSITIVE):
        if (nonneg if wanted is NONNEG else positive)(e):
            return Fact(e, wanted, "by its form")
        from matcalc.engine.positivity import sign_by_facts

        return Fact(e, wanted, "by facts about matrices") if sign_by_facts(e, wanted) else None
    if wanted is PROBABILITY and is_probability(e):
        return Fact(e, wanted, "by its form")
    if wanted in WHOLE:
        return facts(e).get(wanted)
    if wanted not in (SYMMETRIC, SKEW):
        return _declared(e, wanted)
    if not is_square(e):
        return None
    memo = f"fact {wanted.word}"
    for x in postorder(e, below=lambda y: () if memo in y.memo else y.args):
        if memo not in x.memo and is_square(x):
            x.memo[memo] = _fact(x, wanted, memo)
    found: Fact | None = e.memo.get(memo)
    return found


def _declared(e: Expr, wanted: Property) -> Fact | None:
    if e.op is SYMBOL and wanted in e["properties"]:
        return Fact(e, wanted, "declared")
    return None


def _fact(e: Expr, wanted: Property, memo: str) -> Fact | None:
    declared = _declared(e, wanted)
    if declared:
        return declared
    if e.op.gives.get(wanted) == () or (wanted is SYMMETRIC and (e.is_scalar or e.op is ZEROS or always_symmetric(e))):
        return Fact(e, wanted, "by definition")
    below = [a.memo.get(memo) for a in e.args if not a.is_scalar]
    if e.op is NAMED or (e.op.name == "scale" and len(below) == 1):
        return Fact(e, wanted, below[0].reason, below[0].because) if below and below[0] else None
    if e.op is SLICE and (body := _stacked_here(e)) is not None and (each := known(body, wanted)) is not None:
        return Fact(e, wanted, each.reason, each.because)
    if below and all(below) and _kept(e, wanted):
        several = e.op.name == "index_sum" or (e.op.name == "add" and len(below) > 1)
        reason = "a sum of such" if several else "its argument is"
        return Fact(e, wanted, reason, tuple(f for f in below if f))
    return _by_form(e, wanted, memo)


def _stacked_here(e: Expr) -> Expr | None:
    """What a named stack holds where it is sliced, at any index."""
    found = stacked(e.args[0].args[0]) if e.args[0].op is NAMED else None
    return found[0] if found is not None and e["axes"] == (found[1],) else None


def _kept(e: Expr, wanted: Property) -> bool:
    """Whether the operation hands the property on from all its arguments."""
    if e.op.name in ("add", "scale", "transpose", "quotient", "index_sum"):
        return True
    if wanted is SYMMETRIC:
        if e.op.kind is Kind.ELEMENTWISE or (e.op.keeps_symmetry is not None and e.op.keeps_symmetry(*e.args)):
            return True
        if e.op.kind is Kind.MULTILINEAR and e.op.equation is not None and e.op.equation.equivariant_under_transposition:
            return True
    elif e.op.kind is Kind.ELEMENTWISE:
        return e.op.parity == "odd"
    return e.op.gives.get(wanted) == (wanted,)


def _by_form(e: Expr, wanted: Property, memo: str) -> Fact | None:
    """A word that reads the same turned round: AᵀA, A S Aᵀ, A + Aᵀ."""
    if e.op.name not in ("matmul", "add", "scale", "hadamard"):
        return None
    normal = canonical(e)
    if normal.op is ZEROS:
        return Fact(e, wanted, "it is zero")
    mirror = build("transpose", normal)
    if wanted is SKEW and e.op.name != "matmul":
        return Fact(e, wanted, "it changes its sign transposed") if mirror is canonical(-normal) else None
    if wanted is SYMMETRIC and mirror is normal:
        if e.op.name == "matmul" and len(e.args) > 2:
            return Fact(e, wanted, "of the form A S Aᵀ")
        return Fact(e, wanted, "of the form AᵀA" if e.op.name == "matmul" else "it reads the same transposed")
    if e.op.name == "matmul":
        middle = len(e.args) // 2
        centre = e.args[middle : len(e.args) - middle]
        facts = [c.memo.get(memo) for c in centre]
        turned = mirrored(e.args[:middle], e.args[len(e.args) - middle :])
        if middle and all(facts) and turned is not None and (centre or wanted is SYMMETRIC):
            return Fact(e, wanted, "of the form A S Aᵀ" if centre else "of the form AᵀA", (*(f for f in facts if f), *turned))
    return None


def mirrored(left: Sequence[Expr], right: Sequence[Expr]) -> tuple[Fact, ...] | None:
    """What a product turned round needs to be another, factor by factor: nothing for A B and BᵀAᵀ, of A and A that it is symmetric.

    None where it is not.
    """
    found = []
    for a, b in zip(map(canonical, left), map(canonical, reversed(right)), strict=True):
        if build("transpose", a) is not b:
            fact = known(a, SYMMETRIC) if a is b else None
            if fact is None:
                return None
            found.append(fact)
    return tuple(found)


def by_facts(e: Expr) -> tuple[Expr, list[Fact]]:
    """The canonical e with Sᵀ = S used wherever S is known to be symmetric (Sᵀ = −S where skew), Q⁻¹ = Qᵀ and QᵀQ = I where Q is
    orthogonal, and the facts used.

    The use of a property is never part of the normal form: it is a step with a reason.
    """
    used: list[Fact] = []
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args):
        args = tuple(new[a] for a in x.args) if x.op is not NAMED else x.args
        y = x if args == x.args else _again(x, args)
        if y.op.name == "transpose" and y.args[0].shape[0] is y.args[0].shape[1]:
            for wanted in (SYMMETRIC, SKEW):
                fact = known(y.args[0], wanted)
                if fact:
                    if fact not in used:
                        used.append(fact)
                    y = y.args[0] if wanted is SYMMETRIC else build("scale", number(-1), y.args[0])
                    break
        y = _turned(y, used)
        if len(y.args) == 1 and not is_real(y.args[0]):
            y = uprighted(y, used)
        new[x] = _orthogonal(y, used)
    return new[e], used


def _turned(e: Expr, used: list[Fact]) -> Expr:
    """f(X)ᵀ as f(Xᵀ) where facts make that shorter: (P H + I)⁻ᵀ is (H P + I)⁻¹ for symmetric P and H."""
    inside = e.args[0] if e.op.name == "transpose" else None
    if inside is None or len(inside.args) != 1 or behaviour(inside.op) != "equivariant" or inside.args[0].op.name != "add":
        return e
    turned, facts = by_facts(build("transpose", inside.args[0]))
    new = node(inside.op, (turned,), inside.attrs, e.shape)
    if transposes(new) >= transposes(e):
        return e
    for fact in facts:
        _enter(fact, used)
    return new


def _orthogonal(e: Expr, used: list[Fact]) -> Expr:
    """An inverse as a transpose, a product without QᵀQ, where Q is known to have orthonormal columns."""
    if e.op.name == "inv" and (fact := known(e.args[0], ORTHOGONAL)) is not None:
        _enter(fact, used)
        return build("transpose", e.args[0])
    chain = list(e.args) if e.op.name == "matmul" else []
    at = 0
    while at + 1 < len(chain):
        pair = [f.args[0] if f.op.name == "transpose" else f for f in chain[at : at + 2]]
        turned = [f.op.name == "transpose" for f in chain[at : at + 2]]
        square = pair[0].shape[0] is pair[0].shape[1]
        fact = known(pair[0], ORTHOGONAL) if pair[0] is pair[1] and turned[0] is not turned[1] and (square or turned[0]) else None
        if fact is None:
            at += 1
        else:
            _enter(fact, used)
            del chain[at : at + 2]
            at = max(0, at - 1)
    if len(chain) < len(e.args) and e.op.name == "matmul":
        return build("matmul", *chain) if len(chain) > 1 else chain[0] if chain else identity(e.shape[0])
    return e


def _enter(fact: Fact, used: list[Fact]) -> None:
    if fact not in used:
        used.append(fact)


def _again(e: Expr, args: tuple[Expr, ...]) -> Expr:
    return canonical(rebuilt(e, args))

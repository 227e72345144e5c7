"""Where an answer does not hold: conditions for a derivative to exist, kept apart from kinks, where one generalized gradient is chosen.

They are the domains that the operations declare, at the arguments that depend on the variable; what is known to be positive is
not asked for.  ‖r‖² has none: it is unfolded before it is differentiated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcalc.core.canonical import canonical
from matcalc.core.conjugates import is_seen_real
from matcalc.core.expression import Expr, postorder, rebuilt, transform
from matcalc.core.indices import is_square
from matcalc.core.leaves import NUMBER, is_zero_leaf
from matcalc.core.operation import Domain, Kind
from matcalc.core.property import INVERTIBLE, PD, POSITIVE, PSD
from matcalc.core.terms import coefficient
from matcalc.engine.cost import cost
from matcalc.engine.infer import known
from matcalc.engine.positivity import positive_by_facts
from matcalc.engine.reasons import moves
from matcalc.errors import DomainMistake

LONGEST = 120
"""What costs more than this to read is told over the names that the derivation has."""


OFF_THE_CUT = Domain("{0} ∉ (−∞, 0]", latex=r"{0} \notin (-\infty, 0]")
"""Where a principal branch is holomorphic: what `{0} > 0` is of complex numbers."""


@dataclass(frozen=True)
class Condition:
    """One condition: the declared domain and the arguments it speaks of, as the user typed them."""

    kind: str
    domain: Domain
    arguments: tuple[Expr, ...]


def conditions(root: Expr, dependent: set[Expr], originals: Mapping[Expr, Expr]) -> list[Condition]:
    """The conditions of a named expression; `originals` says what the engine's names stand for."""
    found: list[Condition] = []
    full: dict[Expr, Expr] = {}
    moving = set(dependent)
    for e in postorder(root, below=_parts):
        if e not in moving and not any(a in moving for a in e.args):
            continue
        moving.add(e)
        for domain in e.op.domain:
            if domain.kind == "never" or (domain.when is not None and not domain.when(*e.args)):
                continue
            about = e.args[:2] if domain.subject is None else (domain.subject(*e.args),)
            if _surely_met(e, domain, about) or not any(moves(a, moving) for a in _spoken_of(about, domain)):
                continue
            written = [_written_out(a, originals, full) for a in about]
            if _is_positive(written[-1] if e.op.name == "quotient" else written[0], domain):
                continue
            if "> 0" in domain.statement and not is_seen_real(written[0]):
                domain = OFF_THE_CUT
            told = Condition(domain.kind, domain, tuple(_subject(a, domain) for a in written))
            if told not in found and not _is_everywhere(e, domain, written[0]):
                found.append(told)
    return without_implied(found)


def without_implied(found: list[Condition]) -> list[Condition]:
    """The conditions without those that follow from another one: what is greater than 0 is not 0."""
    above = {c.arguments[0] for c in found if c.domain.statement == "{0} > 0"}
    return [c for c in found if c.domain.statement != "{0} ≠ 0" or c.arguments[0] not in above]


def _parts(e: Expr) -> tuple[Expr, ...]:
    """What a node's conditions are those of besides: a definition that has none of its own is what it unfolds to."""
    if e.op.kind is not Kind.DEFINITION or e.op.domain or e.op.body is None:
        return e.args
    return (*e.args, e.op.body(*e.args, **dict(e.attrs)))


def _spoken_of(about: tuple[Expr, ...], domain: Domain) -> Iterator[Expr]:
    """The arguments that the statement speaks of: of a quotient what stands below."""
    return (a for k, a in enumerate(about) if f"{{{k}}}" in domain.statement)


def _surely_met(e: Expr, domain: Domain, about: tuple[Expr, ...]) -> bool:
    """Whether declarations and forms already say so; a norm in a denominator has said its own condition."""
    if domain.settled is not None:
        return any(known(e.args[0], p) is not None for p in domain.settled)
    if domain.subject is not None:
        return known(about[0], POSITIVE) is not None or known(-about[0], POSITIVE) is not None
    if e.op.equation is not None and is_square(e.args[0]) and not e.args[0].is_scalar:
        return known(e.args[0], INVERTIBLE) is not None
    subject = e.args[-1] if e.op.name == "quotient" else e.args[0]
    if e.op.name in ("power", "quotient") and (subject.op.name == "norm" or _is_root(subject)):
        return True
    return known(subject, POSITIVE) is not None


def _is_positive(about: Expr, domain: Domain) -> bool:
    """Whether what must not be 0 is positive by its normal form, as 1 + uᵀu is, which is 1 + ‖u‖², or by facts about matrices."""
    return domain.statement in ("{0} ≠ 0", "{0} > 0", "{1} ≠ 0") and (
        known(canonical(about), POSITIVE) is not None or positive_by_facts(about)
    )


def _is_everywhere(e: Expr, domain: Domain, about: Expr) -> bool:
    """Whether a kink is met everywhere, so that the function is constant there; raises DomainMistake where no derivative exists."""
    if domain.settled == (PD,) and known(canonical(-about), PSD) is not None:
        raise DomainMistake(f"{e.op.written} wants a positive definite matrix, and its argument has no eigenvalue above 0")
    if ("{0} ≠ 0" not in domain.statement and "{0} > 0" not in domain.statement) or not is_zero_leaf(canonical(about)):
        return False
    if domain.kind != "kink":
        raise DomainMistake(f"the argument of {e.op.written} is 0 everywhere, and there it has no derivative")
    return True


def _is_root(e: Expr) -> bool:
    """Whether this is a power whose own condition is that its base is positive."""
    return e.op.name == "power" and e.args[1].op is NUMBER and e.args[1]["value"].denominator > 1


def _subject(e: Expr, domain: Domain) -> Expr:
    """What must not be 0, without the numbers, powers and norms around it: 2 σ² ≠ 0 is σ ≠ 0, ‖x‖² ≠ 0 is x ≠ 0."""
    if "≠ 0" not in domain.statement:
        return e
    normal = coefficient(canonical(e))[1] if e.is_scalar else e
    base = normal.args[0] if normal.op.name == "power" else normal
    if base.op.name == "norm":
        return base.args[0]
    return base if e.is_scalar and not base.args else e


def _written_out(e: Expr, originals: Mapping[Expr, Expr], full: dict[Expr, Expr]) -> Expr:
    """The expression with what the engine named written out; where that is long, the names inside the names stay."""
    for x in postorder(e, below=lambda y: (originals[y],) if y in originals else y.args, seen=set(full)):
        full[x] = full[originals[x]] if x in originals else rebuilt(x, tuple(full[a] for a in x.args))
    if cost(full[e]) <= LONGEST:
        return full[e]
    return transform(e, lambda x, args: originals.get(x, x) if x in originals else rebuilt(x, args))

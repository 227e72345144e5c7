"""Curvature: whether a function is convex, by the definiteness of its Hessian; with a certificate, or a witness, or neither.

A certificate is a proof by rule (engine.definite); a witness is a point where an eigenvalue has the other sign.  A function with
kinks is more than its Hessian: nothing is said of it but where it is not convex between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcalc.core.abstract import functions
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr
from matcalc.core.leaves import is_zero_leaf, number
from matcalc.core.property import SYMMETRIC, Fact
from matcalc.core.terms import build
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import Answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.definite import Certifier, assuming, spelled_out, without_turning
from matcalc.errors import Unsupported
from matcalc.verify.compare import Oracle
from matcalc.verify.spectrum import Witness, spectra

WORDS = {"psd": "positive semidefinite", "nsd": "negative semidefinite", "zero": "zero", "indefinite": "indefinite", "unknown": "unknown"}
VALUES = 12
"""A witness with more numbers than this is not written out."""


@dataclass(frozen=True)
class Definiteness:
    """What is known of the sign of a Hessian: "psd", "nsd", "zero", "indefinite" or "unknown"."""

    kind: str
    subject: Expr
    certificate: Fact | None = None
    """Why it is semidefinite; of a negative one, why its negative is positive."""
    witness: Witness | None = None
    kinks: bool = False

    @property
    def convex(self) -> bool | None:
        """Whether the function is convex; None where that is not known."""
        if self.witness is not None and self.witness.negative:
            return False
        return True if self.kind in ("psd", "zero") and not self.kinks else None

    @property
    def concave(self) -> bool | None:
        """Whether the function is concave; None where that is not known."""
        if self.witness is not None and self.witness.positive:
            return False
        return True if self.kind in ("nsd", "zero") and not self.kinks else None

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """The verdict and what it rests on."""
        if self.kind == "zero" and not self.kinks:
            yield "affine: convex and concave, because the Hessian is 0"
        elif self.certificate is not None:
            sign, word = ("⪰", "convex") if self.kind == "psd" else ("⪯", "concave")
            said = f"{word}, because" if not self.kinks else f"not known to be {word}: f has kinks, and between them"
            yield f"{said} its Hessian is {sign} 0:"
            negated = "" if self.kind == "psd" else "its negative is "
            yield from _told(self.certificate, "  ", negated)
        elif self.witness is not None:
            what = "neither convex nor concave" if self.kind == "indefinite" else "not convex" if self.witness.negative else "not concave"
            yield f"{what}: the Hessian has the eigenvalue{_eigenvalues(self)}{_where(self.witness)}"
        else:
            yield "not known to be convex or concave: no rule says so, and no point says otherwise"


def _eigenvalues(d: Definiteness) -> str:
    assert d.witness is not None
    low, high = f"{d.witness.smallest:.3g}".replace("-", "−"), f"{d.witness.largest:.3g}".replace("-", "−")
    return f"s {low} and {high}" if d.kind == "indefinite" else f" {low if d.witness.negative else high}"


def _where(witness: Witness) -> str:
    """` at x = (0.3, −1.2)`, where that is short."""
    told = [f"{name} = {_number(value)}" for name, value in witness.values.items()]
    return f" at {', '.join(told)}" if sum(t.count(",") + 1 for t in told) <= VALUES else ""


def _number(value: object) -> str:
    if isinstance(value, list):
        return "(" + ", ".join(map(_number, value)) + ")"
    return f"{value:.3g}".replace("-", "−")


def _told(fact: Fact, indent: str, negated: str = "") -> Iterator[str]:
    """A certificate, what it rests on below it."""
    arrange = Arrangement()
    yield f"{indent}{pretty(arrange(fact.subject))}  {negated}{fact.reason}"
    for below in fact.because:
        if below.subject.args or below.reason != "declared":
            yield from _told(below, indent + "  ")


def definiteness(answer: Answer, f: Expr, x: Expr, oracle: Oracle) -> Definiteness:
    """The definiteness of a Hessian with respect to one variable."""
    if answer.kind != "hessian" or answer.derivation.second is not x:
        raise Unsupported("definiteness is a matter of Hessians with respect to one variable")
    H = canonical(answer.value)
    kinks = any(c.kind == "kink" for c in answer.conditions)
    if is_zero_leaf(H):
        return Definiteness("zero", answer.value, kinks=kinks)
    if SYMMETRIC in x["properties"] and not x.is_column:
        H = without_turning(H)
    H, letters = assuming(H, [canonical(c.arguments[0]) for c in answer.conditions if c.domain.statement == "{0} > 0"])
    certifier = Certifier(oracle.is_zero)
    for kind, matrix in (("psd", H), ("nsd", build("scale", number(-1), H))):
        fact = certifier.certified(matrix)
        if fact is not None:
            return Definiteness(kind, answer.value, spelled_out(fact, letters), kinks=kinks)
    return _by_points(answer.value, f, x, oracle, kinks)


def _by_points(H: Expr, f: Expr, x: Expr, oracle: Oracle, kinks: bool) -> Definiteness:
    """What eigenvalues at points show; of functions of which only the name is known they show nothing."""
    if functions(f):
        return Definiteness("unknown", H, kinks=kinks)
    template = next((p for p in oracle.points if not p.N.exactly), None)
    points = [] if template is None else [template, *oracle.further_points(template)]
    best: Witness | None = None
    for witness in spectra(H, x, f, points):
        if witness.negative and witness.positive:
            return Definiteness("indefinite", H, witness=witness, kinks=kinks)
        if best is None or (witness.negative and not best.negative):
            best = witness
    return Definiteness("unknown", H, witness=best, kinks=kinks)

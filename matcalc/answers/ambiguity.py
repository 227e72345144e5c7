"""Where a question can be read in more than one way: the conventions for a structured variable, layouts, other meanings of a word."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.answers.asked import Asked, compared
from matcalc.answers.result import Result
from matcalc.core import leaves
from matcalc.core.expression import Expr, substitute
from matcalc.core.indices import is_square
from matcalc.core.leaves import SYMBOL
from matcalc.core.property import SYMMETRIC
from matcalc.emit.pretty import pretty
from matcalc.engine.structure import CONVENTIONS, Convention, structure_of
from matcalc.errors import Unsupported
from matcalc.verify.diagnosis import Diagnosis
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Witness


def conventions(asked: Asked) -> dict[str, Expr]:
    """What is right in each convention for a structured variable, by the words that name it; the one that is asked for first."""
    if asked.derivative != "gradient" or asked.gradient is None or asked.part is not None or not is_structured(asked.x):
        return {}
    found: dict[str, Expr] = {}
    for name in sorted(CONVENTIONS, key=lambda n: n != asked.convention):
        try:
            words = Convention.of(name, asked.x).told(pretty(asked.x))
            found[words] = asked.gradient(asked.f, asked.x, convention=name, check=False).value
        except Unsupported:
            continue
    return found


def readings(given: Expr, asked: Asked) -> tuple[tuple[str, bool], ...]:
    """Where the question can be read in more than one way, whether the answer is right in each; none where it is right in none."""
    found = tuple((words, bool(compared(given, e, asked)[0].passed)) for words, e in conventions(asked).items())
    return found if any(fine for _, fine in found) else ()


def other_readings(d: Diagnosis, result: Result) -> tuple[tuple[str, bool], ...]:
    """Where the answer is right in another layout, or for another reading of a word in the question."""
    if d.kind == "transposed" and d.factor == 1 and result.kind in ("jacobian", "vec-jacobian"):
        words = {"numerator": "the rows belong to the entries of f", "denominator": "the columns do"}
        return tuple((f"{name} layout: {told}", name != result.layout) for name, told in words.items())
    if d.kind == "convention":
        return (f"any square {pretty(result.variable)}", False), (d.convention, True)
    read = next((s for s in d.slips if s.name == "reading" and s.like.same and s.right is not None and s.given is not None), None)
    if read is None or read.right is None or read.given is None:
        return ()
    return (f"{pretty(read.right)} as it is written", False), (f"{pretty(read.given)} in its place", True)


def if_symmetric(given: Expr, right: Expr, asked: Asked, points: Sequence[Point]) -> Diagnosis | None:
    """The verdict for a square variable that was not declared symmetric, and may be meant to be."""
    x = asked.x
    if asked.derivative != "gradient" or asked.part is not None or x.is_scalar or x.op is not SYMBOL:
        return None
    if not is_square(x) or structure_of(x) is not None:
        return None
    X = leaves.symbol(x["name"], *x.shape, properties=frozenset({*x["properties"], SYMMETRIC}))
    structure = structure_of(X)
    if structure is None or structure.distinct is None:
        return None
    mine = Witness(substitute(given, {x: X}), [Point(p.N.fresh(), p.sizes, p.seed, (X,), True) for p in points])
    projected = structure.projected(substitute(right, {x: X}), X)
    if (like := mine.likeness(substitute(right, {x: X}))) is not None and like.same:
        return None
    for name, e in (("projected", projected), ("distinct", structure.distinct(projected))):
        if (like := mine.likeness(e)) is not None and like.same:
            return Diagnosis("convention", convention=f"of a symmetric {pretty(x)}, {structure.told(name, pretty(x))}")
    return None


def is_structured(x: Expr) -> bool:
    """Whether a variable was declared with a structure that its gradient may keep."""
    return x.op is SYMBOL and not x.is_scalar and any(p.of == "matrix" and p.word != "invertible" for p in x["properties"])

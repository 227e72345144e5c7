"""What a diagnosis is made of: the case, the slips, and what an answer is right up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from matcalc.core.expression import Expr
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Likeness
from matcalc.verify.presumptions import Presumption
from matcalc.verify.termwise import Term

SAME = Likeness(Fraction(1))


@dataclass(frozen=True)
class Slip:
    """What was probably done: `given` stands where `right` should; `place` is the node of f or of the answer, `factor` what is left."""

    name: str
    right: Expr | None = None
    given: Expr | None = None
    like: Likeness = SAME
    in_f: bool = False
    coefficient: Fraction | None = None
    """How many times a term of the right answer is there."""


@dataclass
class Diagnosis:
    """All that was found out about an answer that is not correct."""

    kind: str
    slips: list[Slip] = field(default_factory=list)
    factor: Fraction | Expr | None = None
    difference: Expr | None = None
    presumption: Presumption | None = None
    convention: str = ""
    transposed: bool = False
    terms: list[Term] = field(default_factory=list)
    differing: tuple[list[Expr], list[Expr]] = field(default_factory=lambda: ([], []))


@dataclass(frozen=True)
class Case:
    """What an answer is compared with: the question, its right answer, and the points (in floating point, x moving)."""

    f: Expr
    x: Expr
    kind: str
    right: Expr
    points: Sequence[Point]
    conventions: Mapping[str, Expr] = field(default_factory=dict)
    forms: Sequence[Expr] = ()
    """Other forms of what is right, such as the one before it was simplified."""
    upstream: Expr | None = None

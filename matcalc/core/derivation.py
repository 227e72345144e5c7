"""The derivation: steps as data, in the order in which the engine took them.  Rendering happens when it is asked for.

A step is an equation about the terms that change.  Both sides are closed plain expressions, so an evaluator can check it.  Its
reasons are equations from declarations and rules, facts, or the name of a law: never sentences written for the occasion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import overload

from matcalc.core.expression import Expr
from matcalc.core.property import Fact


class Act(Enum):
    """What a step does; the value is what a derivation calls it."""

    START = "f as an inner product"
    DIFFERENTIAL = "differential"
    SIDE = "differential of a scalar factor"
    SUBSTITUTE = "substitution"
    MERGE = "transposing inside the inner product"
    FACT = "use of a property"
    MOVE = "moving factors across"
    COLLECT = "collecting"
    DEFINE = "definition"
    PROJECT = "the differential's own structure"
    IDENTIFY = "identification"
    PART = "slice of the gradient"
    FOLD = "back-substitution"
    SIMPLIFY = "simplification"
    WRITE = "order of writing"
    DEFINING = "defining equation"
    BOTH = "differential of both sides"
    SOLVE = "solving for the differential"
    USING = "named quantity"
    ABBREVIATE = "abbreviation"


FINISHING = (Act.FOLD, Act.SIMPLIFY, Act.WRITE, Act.USING, Act.ABBREVIATE)
"""What may come after the identification: from the derivative over the names of the derivation to the answer as printed."""


@dataclass(frozen=True)
class Reason:
    """An equation, a fact, or a law by name."""

    left: Expr | None = None
    right: Expr | None = None
    fact: Fact | None = None
    words: str = ""
    cite: str = ""
    in_letters: bool = False
    """Whether it speaks of any A, B, C: such statements are written without spaces, A : BC = BᵀA : C."""


@dataclass(frozen=True)
class Step:
    """before = after, because of the reasons."""

    act: Act
    before: Expr
    after: Expr
    reasons: tuple[Reason, ...] = ()
    others: tuple[Expr | None, ...] = ()
    """Terms of the whole that this step leaves alone: all of them where they are few, else the first and None."""
    wrt: Expr | None = None
    """The variable that moves in it, where that is not the one of the whole derivation."""
    check: Callable[[Step], bool | None] | None = field(default=None, compare=False, repr=False)
    tell: Callable[[Step], str] | None = field(default=None, compare=False, repr=False)

    @property
    def rule(self) -> str:
        """What the step does, in a word or two."""
        return self.act.value

    @property
    def reason(self) -> str:
        """The reasons as one line of text."""
        return "" if self.tell is None else self.tell(self)

    def holds(self) -> bool | None:
        """Whether both sides agree at the points of this problem; None where it could not be checked."""
        return None if self.check is None else self.check(self)


@dataclass(frozen=True)
class Let:
    """A name that the derivation uses, its definition as a person writes it, and the facts worth telling about it."""

    name: Expr
    definition: Expr
    facts: tuple[Fact, ...] = ()


@dataclass
class Derivation(Sequence[Step]):
    """The steps, the names they use, and what is differentiated."""

    subject: Expr
    lets: list[Let] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    transposed: bool = False
    """Whether the derivative is the transpose of the matrix J with df = J dx: the denominator layout."""
    second: Expr | None = None
    """The variable of the second differential, where there is one."""
    distinct: bool = False
    """Whether the variable of a Jacobian or Hessian stands for its distinct entries, vech X."""

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        return self.steps[index]

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def add(self, act: Act, before: Expr, after: Expr, reasons: Sequence[Reason] = (), others: Sequence[Expr | None] = ()) -> None:
        """Record a step, unless both its sides are one node."""
        if before is not after:
            self.steps.append(Step(act, before, after, tuple(reasons), tuple(others)))

    @property
    def end(self) -> Expr | None:
        """The derivative that the last step arrives at; None before the identification."""
        if not self.steps:
            return None
        last = self.steps[-1]
        return last.reasons[0].left if last.act is Act.IDENTIFY else last.after

    def bound(self, check: Callable[[Step], bool | None], tell: Callable[[Step], str]) -> None:
        """Give every step the check that `holds` asks and the words that `reason` gives."""
        self.steps = [replace(s, check=check, tell=tell) for s in self.steps]

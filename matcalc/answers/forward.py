"""Differentials as answers: dF in terms of dX, with the derivation, checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcalc.core.expression import Expr
from matcalc.core.leaves import differential_of, symbols
from matcalc.emit.latex import latex
from matcalc.emit.page import text_lines
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import Answer, differential_answer
from matcalc.errors import CheckFailed
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.lines import line_holds
from matcalc.verify.points import points_for

LETTER = "d"


@dataclass(frozen=True)
class Differential:
    """The differential of a function: `value` holds the atoms dX."""

    f: Expr
    variables: tuple[Expr, ...]
    answer: Answer
    verdict: Verdict

    @property
    def kind(self) -> str:
        """ "differential"."""
        return self.answer.kind

    @property
    def value(self) -> Expr:
        """What dF is."""
        return self.answer.value

    def pretty(self) -> str:
        """The right side of dF = … on one line."""
        return pretty(self.value)

    def latex(self) -> str:
        """The same in LaTeX."""
        return latex(self.value)

    def told(self, steps: str = "normal", notation: str = "frobenius") -> str:
        """What the command prints."""
        parts = [f"{pretty(differential_of(self.answer.derivation.subject))} = {self.pretty()}"]
        if steps != "none":
            parts.append("\n".join(text_lines(self.answer.derivation, self.variables[0], steps, notation)))
        v = self.verdict
        parts.append(f"✓ every line checked at {v.points} random points" if v.passed else f"not checked: {v.why}")
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.told()


def differential(f: Expr, xs: Sequence[Expr]) -> Differential:
    """The differential of f; without variables all symbols move.  Raises CheckFailed where a line is wrong."""
    moving = tuple(xs) or tuple(symbols(f))
    answer = differential_answer(f, moving)
    chosen = points_for([f], moving, exact=2, floating=1)
    oracle = Oracle(chosen.points, chosen.why)
    verdicts = [oracle.holds(differential_of(f), answer.value), *(line_holds(oracle, s) for s in answer.derivation)]
    if any(v.passed is False for v in verdicts):
        raise CheckFailed("the differential did not pass its check; please report the input")
    unsure = next((v for v in verdicts if v.passed is None), None)
    verdict = unsure or Verdict(True, points=len(chosen.points))
    return Differential(f, moving, answer, verdict)

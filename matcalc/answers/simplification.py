"""`matcalc simplify EXPR`: an expression in a shorter form, each rewrite named and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcalc.answers.leftsums import reasons
from matcalc.answers.result import Check
from matcalc.core.derivation import Derivation
from matcalc.core.expression import Expr
from matcalc.emit.latex import latex
from matcalc.emit.page import text_lines
from matcalc.emit.paper import latex_lines
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import reason_text
from matcalc.engine.nested import carried_out
from matcalc.engine.rewriting import rewriting
from matcalc.errors import CheckFailed, Unsupported
from matcalc.syntax import read
from matcalc.syntax.unparse import text
from matcalc.verify.compare import Oracle
from matcalc.verify.lines import line_holds
from matcalc.verify.points import points_for


@dataclass(frozen=True, repr=False)
class Simplification:
    """An expression, its shorter form, and the steps between; `value` is `typed` itself where nothing is shorter."""

    typed: Expr
    value: Expr
    derivation: Derivation
    oracle: Oracle

    def text(self) -> str:
        """The value in the input language."""
        return text(self.value)

    def pretty(self) -> str:
        """The value on one line of Unicode."""
        return pretty(self.value)

    def latex(self) -> str:
        """The value in LaTeX."""
        return latex(self.value)

    def shown(self, form: str = "") -> str:
        """The value as "pretty", "text" or "latex"; else all of it."""
        forms = {"text": self.text, "latex": self.latex, "pretty": self.pretty, "": self.__str__}
        if form not in forms:
            raise Unsupported(f"{form} of a simplified expression is not supported yet; there are {', '.join(filter(None, forms))}")
        return forms[form]()

    def why_sums(self) -> list[str]:
        """Why sums over indices are left."""
        return reasons(self.typed, self.value)

    def lines(self) -> str:
        """The steps in Unicode."""
        return "\n".join(text_lines(self.derivation, self.typed))

    def latex_lines(self) -> str:
        """The steps as an amsmath `align*`."""
        return latex_lines(self.derivation, self.typed, "normal", "frobenius")

    def verify(self) -> Check:
        """Check every step, and the value, by evaluation."""
        points = self.oracle.points
        if not points:
            return Check(None, 0, 0.0, "", self.oracle.why or "no point was found where it has a value")
        verdicts = [*(line_holds(self.oracle, s) for s in self.derivation), self.oracle.holds(self.typed, self.value)]
        worst = next((v for v in verdicts if v.passed is not True), None)
        error = max(v.max_error for v in verdicts)
        return Check(True if worst is None else worst.passed, len(points), error, points[0].method, "" if worst is None else worst.why)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        check = self.verify()
        last = f"✓ every line checked at {check.points} random points" if check.passed else f"not checked: {check.why}"
        steps = self.lines() if self.derivation.steps else "  nothing shorter was found"
        return "\n\n".join([self.pretty(), steps, "\n".join([*self.why_sums(), last])])


def simplified(e: str | Expr, where: str = "", let: Mapping[str, str] | None = None) -> Simplification:
    """The shorter form of an expression; raises CheckFailed where a step does not hold."""
    typed = carried_out(read(e, where=where, let=let).expr if isinstance(e, str) else e)
    value, derivation = rewriting(typed)
    chosen = points_for([typed, value])
    oracle = Oracle(chosen.points, chosen.why)
    derivation.bound(lambda step: line_holds(oracle, step).passed, reason_text)
    found = Simplification(typed, value, derivation, oracle)
    if found.verify().passed is False:
        raise CheckFailed(f"a step of the simplification of {pretty(typed)} did not pass its check; please report it")
    return found

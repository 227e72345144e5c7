"""`matcalc explain "d norm(v)"`: a differential that everyone uses, derived from the equation that defines the function."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.answers.result import Check
from matcalc.answers.steps import Steps
from matcalc.core.derivation import Derivation, Let
from matcalc.core.expression import Expr, postorder, rebuilt
from matcalc.core.leaves import NAMED, SYMBOL, named
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import reason_text
from matcalc.engine.naming import Labels
from matcalc.engine.proof import proof
from matcalc.errors import CheckFailed, SyntaxMistake
from matcalc.syntax import read
from matcalc.verify.compare import Oracle
from matcalc.verify.lines import line_holds
from matcalc.verify.points import points_for

SIGN = "d "
"""What the text begins with."""


class Explanation(Steps):
    """The proof of an elementary differential: a derivation, checked at points of its own."""

    def __init__(self, derivation: Derivation, subject: Expr, oracle: Oracle) -> None:
        super().__init__(derivation, subject)
        self.subject, self.oracle = subject, oracle

    def verify(self) -> Check:
        """Check every line by evaluation."""
        points = self.oracle.points
        if not points:
            return Check(None, 0, 0.0, "", self.oracle.why)
        for i, step in enumerate(self.derivation):
            verdict = line_holds(self.oracle, step)
            if verdict.passed is not True:
                return Check(verdict.passed, len(points), verdict.max_error, points[0].method, verdict.why or f"line {i + 1} is wrong")
        return Check(True, len(points), 0.0, points[0].method)

    def checked(self) -> Explanation:
        """The same, unless a line is wrong; then CheckFailed."""
        check = self.verify()
        if check.passed is False:
            raise CheckFailed(f"the proof of d({pretty(self.subject)}) did not pass its check: {check.why}; please report it")
        return self

    def text(self, detail: str = "full", notation: str = "frobenius") -> str:
        """The lines in Unicode, and what was checked."""
        check = self.verify()
        last = f"✓ every line checked at {check.points} random points" if check.passed else f"not checked: {check.why}"
        return f"{super().text(detail, notation)}\n\n{last}"

    def latex(self, detail: str = "full", notation: str = "frobenius") -> str:
        """The lines as an amsmath `align*`."""
        return super().latex(detail, notation)

    def markdown(self, detail: str = "full", notation: str = "frobenius") -> str:
        """The lines as Markdown, for a notebook or a post."""
        return super().markdown(detail, notation)


def explain(text: str, where: str = "", let: Mapping[str, str] | None = None) -> Explanation:
    """The proof of `d f(x)` for a function f of the language, every line checked.

    Raises SyntaxMistake where the text is no application of a function.
    """
    if not text.startswith(SIGN):
        raise SyntaxMistake('what is to be explained is a differential: matcalc explain "d norm(v)"')
    e = read(text.removeprefix(SIGN).strip(), where=where, let=let).expr
    if not e.args:
        raise SyntaxMistake(f"there is nothing to derive in d {pretty(e)}: it is what stands in other differentials")
    lets: list[Let] = []
    labels = Labels({x["name"] for x in postorder(e) if x.op is SYMBOL})
    e = rebuilt(e, tuple(_named(a, labels, lets) for a in e.args))
    moving = {a for a in e.args if a.op in (SYMBOL, NAMED)}
    derivation = proof(e, moving)
    derivation.lets[:0] = lets
    symbols_ = {x for x in postorder(e) if x.op is SYMBOL}
    chosen = points_for([e], symbols_)
    oracle = Oracle(chosen.points, chosen.why)
    derivation.bound(lambda step: line_holds(oracle, step).passed, reason_text)
    return Explanation(derivation, e, oracle).checked()


def _named(a: Expr, labels: Labels, lets: list[Let]) -> Expr:
    """An argument that is composite under a name: the proof is about the function."""
    if a.op in (SYMBOL, NAMED) or not any(x.op is SYMBOL for x in postorder(a)):
        return a
    new = named(labels.for_value(a), a)
    lets.append(Let(new, a))
    return new

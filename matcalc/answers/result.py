"""What a question gets: the value, in every form, the derivation, what was assumed, where it does not hold, whether it was checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from matcalc.answers.curvature import Definiteness, definiteness
from matcalc.answers.steps import Steps as Steps
from matcalc.core import leaves
from matcalc.core.abstract import function_of
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, is_zero_leaf, symbols
from matcalc.core.size import ONE, Size
from matcalc.emit.breaking import text_lines_of
from matcalc.emit.derivative import PLAIN as MARKS
from matcalc.emit.latex import latex
from matcalc.emit.numpy import function, function_source
from matcalc.emit.page import PAGE, text_lines
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import derivative_text, reason_text
from matcalc.engine.answer import Answer
from matcalc.engine.conditions import Condition
from matcalc.engine.otherforms import other_forms
from matcalc.errors import CheckFailed, NameMistake, Unsupported
from matcalc.syntax.elaborate import Assumption
from matcalc.syntax.letters import checked_name
from matcalc.syntax.unparse import text, where_text
from matcalc.verify.compare import Oracle
from matcalc.verify.lines import line_holds

_RAISED = dict(zip("0123456789abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))


ROWS = {
    "jacobian": ("the rows belong to the entries of f", "the columns belong to the entries of f"),
    "vec-jacobian": ("the rows belong to the entries of f, column by column", "the columns belong to the entries of f, column by column"),
}
"""What the layout means, for each kind of derivative that has one: numerator, denominator."""


@dataclass(frozen=True)
class Check:
    """The outcome of a check: `passed` is None where nothing could be said, and then `why`."""

    passed: bool | None
    points: int
    max_error: float
    method: str
    why: str = ""


@dataclass(eq=False)
class Result:
    """A derivative.  `value` is a plain expression: what `text` says, read again, is the same node."""

    f: Expr
    variable: Expr
    answer: Answer
    oracle: Oracle
    assumptions: tuple[Assumption, ...]
    where: str
    checks: Callable[[Result], Check] = field(repr=False)
    remarks: Callable[[Result, str, str], Iterable[list[str]]] = field(default=lambda result, steps, notation: (), repr=False)
    """What is told beside the answer, in blocks of lines, given how steps are shown."""
    pullback: Result | None = None
    layout: str = "numerator"
    notes: tuple[str, ...] = ()
    """What a reader should know about how the text was read."""
    _checked: Check | None = None

    def __post_init__(self) -> None:
        self.answer.derivation.bound(lambda step: line_holds(self.oracle, step).passed, reason_text)

    @property
    def value(self) -> Expr:
        """The derivative."""
        return self.answer.value

    @property
    def kind(self) -> str:
        """ "gradient", "jacobian", "vec-jacobian", "hessian" or "pullback"."""
        return self.answer.kind

    @property
    def shape(self) -> tuple[Size, ...]:
        """() for a scalar, (n,) for a vector, (m, n) for a matrix; of a tensor all its sizes."""
        rows, columns, *more = self.value.shape
        if columns is ONE and not more:
            return () if rows is ONE else (rows,)
        return self.value.shape

    @property
    def forms(self) -> tuple[Expr, ...]:
        """The value, and other forms of it that read about as well: multiplied out.  Each is equal to it, by evaluation."""
        others = other_forms(self.value, self.f, self.variable)
        return self.value, *(form for form in others if self.oracle.equal(self.value, form))

    @property
    def derivation(self) -> Steps:
        """The steps that led to the value."""
        return Steps(self.answer.derivation, self.variable)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Where the answer does not hold, or holds by a choice."""
        return self.answer.conditions

    def text(self) -> str:
        """The value in the input language, self-contained."""
        return text(self.value)

    def pretty(self) -> str:
        """The value on one line of Unicode, with what names that are not the user's stand for."""
        definitions = self._definitions()
        return pretty(self.value) + (f"   where {', '.join(definitions)}" if definitions else "")

    def _definitions(self, write: Callable[[Expr], str] | None = None) -> list[str]:
        """`S = …` for the names that the engine left in the value, what others need first."""
        users = {e["label"] for e in postorder(self.f) if e.op is NAMED}
        names = [e for e in postorder(self.value) if e.op is NAMED and e["label"] not in users]
        told = write or pretty
        return [f"{told(e)} = {told(e.args[0])}" for e in names]

    def index(self, target: str = "pretty", einstein: bool = False) -> str:
        """An entry of the value in index notation, as an equation: ∂f/∂xᵢ = Σⱼ …; `target` is "pretty" or "latex".

        `einstein` leaves the signs of sums away where an index stands twice.
        """
        from matcalc.answers.notation import index_equation

        return index_equation(self.answer, self.f, self.variable, target, einstein)

    def update(self, rate: str = "eta", target: str = "pretty") -> str:
        """One step of gradient descent, X ← X − η ∂f/∂X; raises NameMistake where the rate's name is taken."""
        from matcalc.answers.notation import update_rule

        if self.kind != "gradient":
            raise Unsupported("an update rule is that of a gradient")
        if has_name(self.f, rate):
            raise NameMistake(f"{rate} is a variable of this function; give the rate another name")
        return update_rule(self.answer, self.variable, checked_name(rate), target)

    def latex(self) -> str:
        """The value in LaTeX (amsmath), with what names that are not the user's stand for."""
        definitions = r",\; ".join(self._definitions(latex))
        return latex(self.value) + (rf" \qquad\text{{where }} {definitions}" if definitions else "")

    def code(self, target: str = "numpy") -> str:
        """A complete function as source."""
        if target != "numpy":
            raise Unsupported(f"code for {target} is not supported yet; there is numpy")
        return function_source(self.value, self.kind.rpartition("-")[2], self._arguments())

    def function(self, target: str = "numpy") -> Callable[..., Any]:
        """The same, callable: keyword arguments, one for each variable that the value needs."""
        return function(self.code(target), self.kind.rpartition("-")[2])

    def _arguments(self) -> list[Expr]:
        needed = set(symbols(self.value))
        return [s for s in symbols(self.f) if s in needed]

    def definiteness(self) -> Definiteness:
        """The sign of a Hessian with respect to one variable: a certificate, a witness, or "unknown"."""
        return definiteness(self.answer, self.f, self.variable, self.oracle)

    def verify(self) -> Check:
        """Check the reading, every step, the value and its text by evaluation."""
        if self._checked is None:
            self._checked = self.checks(self)
        return self._checked

    def checked(self) -> Result:
        """The result, unless a check says it is wrong; then CheckFailed."""
        check = self.verify()
        if check.passed is False:
            raise CheckFailed(f"the answer did not pass its check: {check.why}; please report the input")
        return self

    def __repr__(self) -> str:
        return self.pretty()

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def __str__(self) -> str:
        return self.told()

    def told(self, steps: str = "normal", notation: str = "frobenius") -> str:
        """What the command prints: the answer, what was assumed, the derivation, where it does not hold, the check."""
        parts = [[self.headline()], self.where_lines(), [f"note  {note}" for note in self.notes]]
        if steps != "none":
            parts.append(text_lines(self.answer.derivation, self.variable, steps, notation))
        parts += self.remarks(self, steps, notation)
        if steps == "full":
            parts.append([f"also  {pretty(form)}" for form in self.forms[1:]])
        parts.append([*self.kinks(), *self.footers()])
        if self.pullback is not None and self.pullback.answer.upstream is not None:
            upstream = pretty(self.pullback.answer.upstream)
            parts.insert(1, [f"pullback of {upstream}:  ∂({upstream} : f)/∂{pretty(self.variable)} = {self.pullback.pretty()}"])
        return "\n\n".join("\n".join(p) for p in parts if p)

    def headline(self) -> str:
        """∂f/∂x = …, with the conditions for it to exist."""
        derivation = self.answer.derivation
        if self.answer.part is not None and derivation.second is not None:
            derivation = replace(derivation, second=self.answer.part)
        left = derivative_text(MARKS, pretty, self.kind, derivation, self.answer.part or self.variable)
        if self.answer.upstream is not None:
            v = pretty(self.answer.upstream)
            left = f"∇²f {v}" if self.kind == "product" else f"∂({v} : f)/∂{pretty(self.variable)}"
        if self.kind == "gradient" and function_of(self.f) is not None:
            left = pretty(leaves.gradient_of(derivation.subject, self.variable))
        existence = ", ".join(dict.fromkeys(_existence(c) for c in self.conditions if c.kind == "existence"))
        tail = f"          ({existence})" if existence else ""
        if self.answer.slice is not None:
            part, value = self.answer.slice
            left = derivative_text(MARKS, pretty, self.kind, derivation, part)
            return f"{left} = {pretty(value)}          for every {pretty(part.args[1])}{tail}"
        whole = f"{left} = {self.pretty()}{tail}"
        return whole if len(whole) <= PAGE else self._broken(f"{left} = ", tail)

    def _broken(self, left: str, tail: str) -> str:
        """A headline that is longer than a page is wide; definitions have lines of their own."""
        first, *more = text_lines_of(pretty(self.value), PAGE - len(left), 4)
        rows = [left + first, *(" " * (len(left) + 4) + part for part in more)]
        rows = [*rows[:-1], rows[-1] + tail] if len(rows[-1] + tail) <= PAGE else [*rows, f"  {tail.strip()}"] if tail else rows
        for i, definition in enumerate(self._definitions()):
            parts = text_lines_of(definition, PAGE - 9, 4)
            rows += [f"  {'where' if i == 0 else '     '}  {parts[0]}", *(" " * 13 + part for part in parts[1:])]
        return "\n".join(rows)

    def where_lines(self) -> list[str]:
        """What the names were taken to be."""
        shown = [a for a in self.assumptions if not a.declared]
        out = []
        for i, a in enumerate(shown):
            what = f"∈ {_space(a.sizes)}" if a.function is None else f"any {a.function.declared}"
            out.append(f"{'where' if i == 0 else '     '}  {a.name} {what}  ({a.origin})")
        return out

    def to_json(self) -> dict[str, Any]:
        """The result as plain data, with the version of its schema (matcalc.answers.report)."""
        from matcalc.answers.report import record

        return record(self)

    def kinks(self) -> list[str]:
        """Where one generalized gradient was chosen, and where the answer holds in another form only."""
        needed = {_existence(c) for c in self.conditions if c.kind == "existence"}
        forms = dict.fromkeys(_existence(c) for c in self.conditions if c.kind == "form")
        out = [f"In this form where {w}; the derivative exists elsewhere too." for w in forms if w not in needed]
        for c in self.conditions:
            if c.kind == "kink" and not _hidden_by_other(c, self.conditions):
                where = f"where {_kink(c)}; there" if c.domain.statement == "{0} ≠ 0" else f"unless {_existence(c)}; otherwise"
                out.append(f"May fail to be differentiable {where} {c.domain.choice}.")
        return out

    def footers(self) -> list[str]:
        """The layout, the convention, the check."""
        out = []
        if not (self.answer.part or self.variable).is_scalar and self.kind in ROWS:
            rows, columns = ROWS[self.kind]
            told = f"Layout: {self.layout}; {columns if self.layout == 'denominator' else rows}."
            same = self.kind == "jacobian" and not self.value.is_scalar and self.oracle.is_symmetric(self.value)
            out.append(told + " The matrix is symmetric, so that both layouts coincide." * same)
        has_one = self.kind not in ROWS or self.answer.derivation.distinct
        convention = self.answer.convention.told(pretty(self.variable), self.kind) if has_one else ""
        if convention:
            out.append(f"Convention: {convention}.")
        if is_zero_leaf(self.value) and self.variable not in postorder(self.f):
            out.append(f"{pretty(self.answer.derivation.subject)} does not depend on {pretty(self.variable)}.")
        check = self.verify()
        if check.passed:
            out.append(f"✓ every line checked at {check.points} random points")
        else:
            out.append(f"not checked: {check.why}")
        return out


def _space(sizes: tuple[Size, ...]) -> str:
    """ℝᵐˣⁿ; with a name that has no raised letters ℝ^(m×q)."""
    if not sizes:
        return "ℝ"
    raised = [_RAISED.get(s.text) for s in sizes]
    if None in raised:
        alone = len(sizes) == 1 and sizes[0].text.isidentifier()
        return f"ℝ^{sizes[0].text}" if alone else "ℝ^(" + "×".join(s.text for s in sizes) + ")"
    return "ℝ" + "ˣ".join(r for r in raised if r)


def _existence(c: Condition) -> str:
    alone = c.domain.statement.startswith("{")
    return c.domain.statement.format(*(pretty(a, tight=not alone) for a in c.arguments))


def _kink(c: Condition) -> str:
    written = pretty(c.arguments[0])
    return f"{written} = 0" if c.arguments[0].is_scalar else f"an entry of {written} is 0"


def _hidden_by_other(c: Condition, all_: tuple[Condition, ...]) -> bool:
    """Two kinks at one place are told once."""
    return any(o is not c and o.kind == "kink" and o.arguments == c.arguments and all_.index(o) < all_.index(c) for o in all_)


def where_of(assumptions: Sequence[Assumption]) -> str:
    """The declarations that say what was assumed."""
    return where_text(assumptions)


def has_name(e: Expr, name: str) -> bool:
    """Whether a symbol of this name occurs."""
    return any(s["name"] == name for s in postorder(e) if s.op.name == "symbol")

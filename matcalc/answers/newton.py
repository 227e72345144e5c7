"""Newton's method: the step x ← x − (∇²f)⁻¹∇f, with its matrix as simple as rules make it, as an expression and as code.

Of a matrix the entries are stacked, and what comes out is put back: X ← X − unvec(H⁻¹ vec ∇f).  Where H is a Kronecker product
the solution is one by its factors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matcalc.answers.curvature import Definiteness
from matcalc.answers.result import Result
from matcalc.answers.simplification import Simplification, simplified
from matcalc.core.builders import minus, plus
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, is_zero_leaf, symbols
from matcalc.core.operation import OPERATIONS
from matcalc.emit.latex import latex
from matcalc.emit.numpy import function, function_source
from matcalc.emit.pretty import pretty
from matcalc.engine.arrange import Arrangement
from matcalc.errors import Unsupported
from matcalc.syntax import text

NAME = "newton_step"
SINGULAR = "singular"


@dataclass(frozen=True)
class NewtonStep:
    """One step of Newton's method: `value` is the next point."""

    gradient: Result
    hessian: Result
    simplification: Simplification

    @property
    def variable(self) -> Expr:
        """What the step moves."""
        return self.gradient.variable

    @property
    def value(self) -> Expr:
        """The next point, in terms of the present one."""
        return self.simplification.value

    @cached_property
    def definiteness(self) -> Definiteness:
        """The sign of the Hessian: where it is positive the step descends."""
        return self.hessian.definiteness()

    def text(self) -> str:
        """The next point in the input language."""
        return text(self.value)

    def pretty(self) -> str:
        """x ← … on one line."""
        return f"{pretty(self.variable)} ← {pretty(self.value)}{self._where(pretty, '   where ', ', ')}"

    def latex(self) -> str:
        """The same in LaTeX."""
        return rf"{latex(self.variable)} \leftarrow {latex(self.value)}" + self._where(latex, r" \qquad\text{where } ", r",\; ")

    def _where(self, write: Callable[[Expr], str], before: str, between: str) -> str:
        users = {e["label"] for e in postorder(self.gradient.f) if e.op is NAMED}
        told = [f"{write(e)} = {write(e.args[0])}" for e in postorder(self.value) if e.op is NAMED and e["label"] not in users]
        return before + between.join(told) if told else ""

    def code(self, target: str = "numpy") -> str:
        """The source of a function that gives the next point, by solving, not by inverting."""
        if target != "numpy":
            raise Unsupported(f"code for {target} is not supported yet; there is numpy")
        needed = set(symbols(self.value))
        return function_source(self.value, NAME, [s for s in symbols(self.gradient.f) if s in needed])

    def function(self, target: str = "numpy") -> Callable[..., Any]:
        """The same, callable."""
        return function(self.code(target), NAME)

    def remark(self) -> str:
        """What is known of where the step leads."""
        check, kind = self.simplification.verify(), self.definiteness.kind
        if check.passed is None and SINGULAR in check.why:
            return "The Hessian is singular: the step is not determined. Add a ridge, or fix what can be moved freely."
        if self.variable not in postorder(self.value):
            return "f is quadratic: one step reaches the point where its gradient is 0, from anywhere."
        if kind == "psd":
            return "The Hessian is ⪰ 0: where it is nonsingular the step descends."
        if kind == "nsd":
            return "The Hessian is ⪯ 0: the step climbs, to a maximum."
        where = "is not definite" if kind == "indefinite" else "is not known to be definite"
        return f"The Hessian {where}: the step descends only where it is ≻ 0, and may lead to a saddle point or a maximum."

    def __str__(self) -> str:
        check = self.simplification.verify()
        steps = f"\n\n{self.simplification.lines()}" if self.simplification.derivation.steps else ""
        last = f"✓ every line checked at {check.points} random points" if check.passed else f"not checked: {check.why}"
        x = pretty(self.variable)
        step = f"{x} − (∇²f)⁻¹∇f" if self.variable.is_column else f"{x} − unvec((∇²f)⁻¹ vec(∇f))"
        return f"Newton's step, {step}:\n{self.pretty()}{steps}\n\n{self.remark()}\n{last}"

    def __repr__(self) -> str:
        return self.pretty()

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def newton_step(gradient: Result, hessian: Result) -> NewtonStep:
    """The step of the function that these are derivatives of; raises Unsupported where the Hessian is 0."""
    x, g, H = gradient.variable, gradient.value, hessian.value
    if is_zero_leaf(canonical(H)):
        raise Unsupported(f"the Hessian with respect to {pretty(x)} is 0, so there is no Newton step")
    arrange = Arrangement([gradient.f, g, H, x])
    if x.is_scalar:
        along = canonical(g / H)
    elif x.is_column:
        along = canonical(OPERATIONS["inv"](H) @ g)
    else:
        stacked = OPERATIONS["inv"](H) @ OPERATIONS["vec"](g)
        along = canonical(OPERATIONS["unvec"](stacked, m=x.shape[0], n=x.shape[1]))
    whole = arrange(along)
    sign, written = arrange.unsigned.get(along, (1, whole))
    return NewtonStep(gradient, hessian, simplified(plus(x, written) if sign < 0 else minus(x, written)))

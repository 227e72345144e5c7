"""Taylor expansions to second order: f(x + h) = f(x) + gᵀh + ½ hᵀH h + …, from a checked gradient and a checked Hessian."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from matcalc.answers.result import Result, has_name
from matcalc.core.builders import call, inner_product, matrix_product, plus, times
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED, number, symbol
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty
from matcalc.engine.arrange import Arrangement
from matcalc.syntax import text

STEPS = {"column": ("h", "s", "delta"), "matrix": ("H", "S", "Delta")}
"""Letters for the step, the first that the function does not have."""


@dataclass(frozen=True)
class Expansion:
    """The polynomial in the step, `value`, and the derivatives that it is made of."""

    f: Expr
    variable: Expr
    step: Expr
    value: Expr
    gradient: Result
    hessian: Result | None

    @property
    def order(self) -> int:
        """1 or 2."""
        return 1 if self.hessian is None else 2

    def text(self) -> str:
        """The polynomial in the input language."""
        return text(self.value)

    def pretty(self) -> str:
        """The polynomial on one line, with what its names stand for."""
        return pretty(self.value) + self._where()

    def _where(self) -> str:
        names = [e for e in postorder(self.value) if e.op is NAMED]
        users = {e["label"] for e in postorder(self.f) if e.op is NAMED}
        told = [f"{pretty(e)} = {pretty(e.args[0])}" for e in names if e["label"] not in users]
        return f"   where {', '.join(told)}" if told else ""

    def latex(self) -> str:
        """The polynomial in LaTeX."""
        return latex(self.value)

    def __str__(self) -> str:
        x, h = pretty(self.variable), pretty(self.step)
        size = f"‖{h}‖" if not self.step.is_scalar else f"|{h}|"
        raised = "²" if self.order == 1 else "³"
        return f"f({x} + {h}) = {pretty(self.value)} + O({size}{raised}){self._where()}"


def step_for(f: Expr, x: Expr) -> Expr:
    """A letter for the step in the variable."""
    name = next(n for n in STEPS["column" if x.is_column else "matrix"] if not has_name(f, n))
    return symbol(name, *[s for i, s in enumerate(x.shape) if i < (0 if x.is_scalar else 1 if x.is_column else 2)])


def expansion(gradient: Result, hessian: Result | None) -> Expansion:
    """The expansion of the function that these are derivatives of."""
    f, x = gradient.f, gradient.variable
    h = step_for(f, x)
    arrange = Arrangement([f, gradient.value, *([] if hessian is None else [hessian.value]), h])
    total = plus(f, arrange(canonical(inner_product(gradient.value, h))))
    if hessian is not None:
        total = plus(total, arrange(canonical(_quadratic(hessian.value, h))))
    return Expansion(f, x, h, total, gradient, hessian)


def _quadratic(H: Expr, h: Expr) -> Expr:
    """½ hᵀH h, of a matrix with its columns stacked."""
    half = number(Fraction(1, 2))
    if h.is_scalar:
        return times(half, times(H, h**2))
    if h.is_column:
        return times(half, matrix_product(matrix_product(call("transpose", h), H), h))
    column, normal = call("vec", h), canonical(H)
    front, whole = (normal.args[:-1], normal.args[-1]) if normal.op.name == "scale" else ((), normal)
    terms = whole.args if whole.op.name == "add" else (whole,)
    parts = [matrix_product(matrix_product(call("transpose", column), t), column) for t in terms]
    total = parts[0]
    for t in parts[1:]:
        total = plus(total, t)
    for c in (half, *front):
        total = times(c, total)
    return total

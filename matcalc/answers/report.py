"""Results as data and as Markdown: what `--to json` and `--to markdown` print.

The JSON has a version, `schema`.  Within a version keys are added and never changed or taken away:

    schema          1
    kind            "gradient", "jacobian", "hessian", "pullback", "differential"
    expression      what was differentiated, in the input language
    variable        the name after wrt
    shape           the sizes of the value: [] of a scalar, ["n"] of a vector, ["m", "n"] of a matrix
    value           the value: "text" (in the input language), "pretty", "latex", "numpy" (source of a function)
    where           declarations of every name, as --where reads them
    assumptions     for each name: name, kind, sizes, properties, declared, origin
    notes           what a reader should know about how the text was read
    lets            names that the steps use: name, pretty, latex
    names           names that the value uses and the question has not: name, pretty, latex
    steps           for each step: rule, reason, before and after (each pretty and latex), holds (true, false, null: not checked)
    conditions      for each condition: kind ("existence", "kink", "form"), statement, choice
    verification    passed (true, false, null), points, max_error, method, why
    convention      of a structured variable: name ("projected", "distinct", "unstructured") and what it says, else null
    layout          of a Jacobian: "numerator" or "denominator"
    pullback        beside a Jacobian: the same for the pullback, else null

An error is an object with `error` (its code), message, span (text, start, end), notes, fixes, exit.  What is too long to be written
is null.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matcalc.core.derivation import Step
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NAMED
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty
from matcalc.errors import SCHEMA, LimitReached, Unsupported

if TYPE_CHECKING:
    from matcalc.answers.result import Result


def record(result: Result) -> dict[str, Any]:
    """A result as plain data."""
    check = result.verify()
    return {
        "schema": SCHEMA,
        "kind": result.kind,
        "expression": _written(lambda: _text(result.f)),
        "variable": result.variable["name"],
        "shape": [size.text for size in result.shape],
        "value": {
            "text": _written(result.text), "pretty": _written(result.pretty), "latex": _written(result.latex),
            "numpy": _written(lambda: result.code("numpy")),
        },
        "where": result.where,
        "assumptions": [
            {
                "name": a.name, "kind": a.kind if a.function is None else a.function.declared, "sizes": [size.text for size in a.sizes],
                "properties": sorted(p.word for p in a.properties), "declared": a.declared, "origin": a.origin,
            }
            for a in result.assumptions
        ],
        "notes": list(result.notes),
        "lets": [{"name": pretty(let.name), **_both(let.definition)} for let in result.answer.derivation.lets],
        "names": [{"name": e["label"], **_both(e.args[0])} for e in postorder(result.value) if e.op is NAMED],
        "steps": [_step(step, check.passed) for step in result.derivation],
        "conditions": [
            {"kind": c.kind, "statement": c.domain.statement.format(*map(pretty, c.arguments)), "choice": c.domain.choice}
            for c in result.conditions
        ],
        "verification": {
            "passed": check.passed, "points": check.points, "max_error": check.max_error, "method": check.method, "why": check.why,
        },
        "convention": _convention(result),
        "layout": result.layout,
        "pullback": record(result.pullback) if result.pullback is not None else None,
    }  # fmt: skip


def _text(e: Expr) -> str:
    from matcalc.syntax.unparse import text

    return text(e)


def _convention(result: Result) -> dict[str, str] | None:
    """The convention in use, where the variable has a structure."""
    used = result.answer.convention
    return {"name": used.name, "told": used.told(pretty(result.variable))} if used.structure is not None else None


def _step(step: Step, passed: bool | None) -> dict[str, Any]:
    """A step; where the whole was checked, so was each step."""
    holds = True if passed else step.holds()
    return {"rule": step.rule, "reason": step.reason, "before": _both(step.before), "after": _both(step.after), "holds": holds}


def _both(e: Expr) -> dict[str, str | None]:
    return {"pretty": _written(lambda: pretty(e)), "latex": _written(lambda: latex(e))}


def _written(write: Callable[[], str]) -> str | None:
    """What is written, or None where that is too long or has no form."""
    try:
        return write()
    except (LimitReached, Unsupported):
        return None


def markdown(result: Result, steps: str = "normal", notation: str = "frobenius") -> str:
    """A result for a notebook, an issue or a post: the answer, what was assumed, the derivation, the check."""
    subject = latex(result.answer.derivation.subject)
    about = subject if result.kind != "pullback" else rf"\\langle G, {subject}\\rangle"
    parts = [f"$$\n\\frac{{\\partial {about}}}{{\\partial {latex(result.variable)}}} = {result.latex()}\n$$"]
    parts += [_assumed(result), *result.notes]
    if result.pullback is not None:
        parts.append(f"With an upstream gradient $G$: ${result.pullback.latex()}$")
    if steps != "none":
        parts.append(result.derivation.markdown(steps, notation))
    parts.append("\n".join(f"* {line}" for line in (*result.kinks(), *result.footers())))
    return "\n\n".join(part for part in parts if part)


def _assumed(result: Result) -> str:
    lines = [f"* `{a.name}`: {_kind(a)} ({a.origin})" for a in result.assumptions if not a.declared]
    return "\n".join(["Assumed:", "", *lines]) if lines else ""


def _kind(a: Any) -> str:
    if a.function is not None:
        return f"any {a.function.declared}"
    sizes = "×".join(size.text for size in a.sizes)
    return f"{a.kind} {sizes}".strip()

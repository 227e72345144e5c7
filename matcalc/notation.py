"""An answer in index notation: an equation for one entry of it, with sums over the indices inside."""

from __future__ import annotations

from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import free
from matcalc.core.leaves import NAMED, symbols
from matcalc.emit.derivative import LATEX, PLAIN
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import derivative_text
from matcalc.engine.answer import Answer
from matcalc.engine.indexform import entry, index_form


def index_equation(answer: Answer, f: Expr, variable: Expr, target: str = "pretty") -> str:
    """∂f/∂xᵢ = Σⱼ …, of a gradient; of other derivatives the entry in brackets, (∂f/∂x)[i, j] = …"""
    write, marks = (latex, LATEX) if target == "latex" else (pretty, PLAIN)
    part = answer.part or variable
    used = {e["name"] for e in symbols(f, answer.value)} | {e["label"] for e in postorder(f, answer.value) if e.op is NAMED}
    used |= {name for e in postorder(f, answer.value) for size in e.shape for name in size.names()}
    at, value = entry(answer.value, used | {str(i["level"]) for i in free(part) | free(f)})
    if answer.kind == "gradient":
        left = derivative_text(marks, write, answer.kind, answer.derivation, index_form(part, at))
    else:
        whole, places = derivative_text(marks, write, answer.kind, answer.derivation, part), [write(i) for i in at]
        below = f"[{', '.join(places)}]" if target != "latex" else "_{" + "".join(places) + "}"
        left = f"({whole}){below}" if target != "latex" else rf"\left({whole}\right){below}"
    return f"{left} = {write(value)}"

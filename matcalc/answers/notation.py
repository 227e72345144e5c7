"""An answer in other words: in index notation, an equation for one entry of it; as the update of a descent."""

from __future__ import annotations

from matcalc.core.builders import minus, times
from matcalc.core.expression import Expr, plain, postorder
from matcalc.core.indices import free
from matcalc.core.leaves import NAMED, NUMBER, symbol, symbols
from matcalc.emit.derivative import LATEX, PLAIN
from matcalc.emit.latex import latex
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import derivative_text
from matcalc.engine.answer import Answer
from matcalc.engine.einstein import without_signs
from matcalc.engine.indexform import entry, index_form


def index_equation(answer: Answer, f: Expr, variable: Expr, target: str = "pretty", einstein: bool = False) -> str:
    """∂f/∂xᵢ = Σⱼ …, of a gradient; of other derivatives the entry in brackets, (∂f/∂x)[i, j] = …

    By Einstein's convention the signs of sums are left away, and the indices that are summed are told behind.
    """
    write, marks = (latex, LATEX) if target == "latex" else (pretty, PLAIN)
    part = answer.part or variable
    used = {e["name"] for e in symbols(f, answer.value)} | {e["label"] for e in postorder(f, answer.value) if e.op is NAMED}
    used |= {name for e in postorder(f, answer.value) for size in e.shape for name in size.names()}
    used |= {str(i["level"]) for i in free(part) | free(f)}
    at, value = entry(answer.value, used)
    if answer.kind == "gradient":
        left = derivative_text(marks, write, answer.kind, answer.derivation, index_form(part, at))
    else:
        whole, places = derivative_text(marks, write, answer.kind, answer.derivation, part), [write(i) for i in at]
        below = f"[{', '.join(places)}]" if target != "latex" else "_{" + "".join(places) + "}"
        left = f"({whole}){below}" if target != "latex" else rf"\left({whole}\right){below}"
    users = {e["label"] for e in postorder(f) if e.op is NAMED}
    names = [e for e in postorder(answer.value) if e.op is NAMED and e["label"] not in users]
    meant = ", ".join(f"{write(e)} = {write(e.args[0])}" for e in names)
    behind = (rf" \qquad\text{{where }} {meant}" if target == "latex" else f"   where {meant}") if names else ""
    if not einstein:
        return f"{left} = {write(value)}{behind}"
    value, summed = without_signs(value, used | {str(i["level"]) for i in at})
    over = ", ".join(f"${write(i)}$" if target == "latex" else write(i) for i in summed)
    told = (rf" \qquad\text{{(summed over {over})}}" if target == "latex" else f"   (summed over {over})") if summed else ""
    return f"{left} = {write(value)}{told}{behind}"


def update_rule(answer: Answer, variable: Expr, rate: str, target: str = "pretty") -> str:
    """X ← X − η ∂f/∂X: one step of gradient descent, of an array for each of its slices."""
    write, arrow = (latex, r" \leftarrow ") if target == "latex" else (pretty, " ← ")
    part, value = answer.slice or (answer.part or variable, answer.value)
    eta = symbol(rate)
    if value.op.name == "scale":
        numbers = [a for a in value.args if a.op is NUMBER]
        step = plain(value.op, *numbers, eta, *(a for a in value.args if a.op is not NUMBER))
    else:
        step = times(eta, value)
    return f"{write(part)}{arrow}{write(minus(part, step))}"

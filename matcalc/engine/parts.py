"""The gradient with respect to a slice of the variable, from that with respect to the whole: Σᵢ δᵢₐ gᵢ = gₐ.

Of an array of order three or more the whole gradient is a stack, and is told by its slice for any index.
"""

from __future__ import annotations

from dataclasses import replace

from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Reason
from matcalc.core.expression import Expr, plain, postorder, rebuilt
from matcalc.core.index_sums import DELTA
from matcalc.core.indices import PLACE, UNIT_AT, counter, free, letter_of, levelled, put, sliced
from matcalc.core.leaves import INDEX, INDEX_SUM, NAMED, SYMBOL, UNIT, index
from matcalc.core.terms import build, split
from matcalc.engine.answer import Answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.expand import shortest
from matcalc.engine.infer import by_facts
from matcalc.engine.matrixform import matrix_form
from matcalc.engine.simplify import simplified


def part_answer(answer: Answer, f: Expr, part: Expr) -> Answer:
    """The answer for a slice of the variable, as one step more."""
    value = _slice_of(answer, f, part)
    told(answer, part, value)
    return replace(answer, value=value, part=part, gradient=answer.value)


def cut(whole: Expr, part: Expr) -> Expr:
    """The slice of an array that `part` is of the variable: `X[i, :]` by an index, `X[0, :]` by a number."""
    if any(name == "axes" for name, _ in part.attrs):
        return sliced(whole, part.args[1:], part["axes"])
    return plain(part.op, whole, *part.args[1:], **dict(part.attrs))


def told(answer: Answer, part: Expr, value: Expr) -> None:
    """The last line: a slice of the gradient, and what it is."""
    whole = cut(answer.value, part)
    answer.derivation.add(Act.PART, whole, value, [Reason(left=value, right=part, words=DELTA)])


def slicewise(answer: Answer, f: Expr, x: Expr) -> Answer:
    """The answer with the slice that tells it, where it stacks slices of an array; as it is otherwise."""
    if len(x.shape) < 3:
        return answer
    sums = [e for e in postorder(answer.value, below=_below) if e.op is INDEX_SUM and e.args[0].op is PLACE]
    axes = {e.args[0]["axes"] for e in sums}
    if len(axes) != 1 or len(next(iter(axes))) != 1:
        return answer
    (axis,) = axes.pop()
    taken = {e["name"] for e in postorder(f, x) if e.op is SYMBOL} | {e["label"] for e in postorder(f) if e.op is NAMED}
    taken |= {name for e in postorder(f, x) for size in e.shape for name in size.names()}
    taken |= {str(i["level"]) for i in free(f)}
    name = next(c for c in (letter_of(sums[0]) or "i", *"ijklpqrstuvw") if c not in taken)
    part = sliced(x, (index(name, x.shape[axis]),), (axis,))
    return replace(answer, slice=(part, _slice_of(answer, f, part)))


def _below(e: Expr) -> tuple[Expr, ...]:
    """What of a sum of multiples of arrays is an array."""
    return tuple(a for a in e.args if len(a.shape) > 2) if e.op is not INDEX_SUM else ()


def _at_positions(roots: list[Expr], part: Expr) -> list[Expr]:
    """What stands under sums in the text, with the positions of the slice for their indices: so it would have been typed."""
    found = []
    for e in postorder(*roots):
        if e.op is INDEX_SUM:
            found += [put(e.args[0], {counter(e): p}) for p in part.args[1:] if p.op is INDEX and p["size"] is e["size"]]
    return found


def picked(e: Expr) -> Expr:
    """The canonical e with a basis vector beside a sum taken to its terms, where these have some that it meets: so deltas are made."""
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args):
        args = x.args if x.op is NAMED else tuple(new[a] for a in x.args)
        new[x] = _picked(x if args == x.args else canonical(rebuilt(x, args)))
    return new[e]


def _picked(x: Expr) -> Expr:
    for k, f in enumerate(x.args if x.op.name == "matmul" else ()):
        if f.op.name != "add":
            continue
        before, after = x.args[:k], x.args[k + 1 :]
        if _meet(f, after[:1], -1) or _meet(f, before[-1:], 0):
            return build("add", *(build("matmul", *before, t, *after) for t in f.args))
    return x


def _meet(f: Expr, beside: tuple[Expr, ...], end: int) -> bool:
    """Whether a basis vector beside a sum stands next to a basis vector in every term."""
    return bool(beside) and _is_basis(beside[0]) and all(bool(c := split(t).chain) and len(c) > 1 and _is_basis(c[end]) for t in f.args)


def _is_basis(f: Expr) -> bool:
    return (f.args[0] if f.op.name == "transpose" else f).op in (UNIT, UNIT_AT)


def _slice_of(answer: Answer, f: Expr, part: Expr) -> Expr:
    """The slice of a gradient, as a person writes it."""
    arrange = Arrangement([f, answer.value, *_at_positions([f, answer.value], part)], {part.args[0]})
    e = picked(canonical(matrix_form(canonical(cut(answer.value, part)))))
    e, _ = by_facts(e)
    e, _ = simplified(shortest(e, arrange.typed.sums()))
    return levelled(arrange(e))

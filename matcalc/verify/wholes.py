"""Slips that concern an answer as a whole: another reading of the question, a sum of it, a part of it, a factor too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from matcalc.core.builders import call, matrix_product, times, to_power
from matcalc.core.expression import Expr, depends, plain, postorder
from matcalc.core.indices import is_square
from matcalc.core.leaves import NUMBER, SYMBOL, number, ones
from matcalc.core.operation import Kind
from matcalc.core.size import ONE
from matcalc.engine.answer import gradient_answer, jacobian_answer
from matcalc.engine.differentiate import derivatives
from matcalc.engine.matrixform import matrix_form
from matcalc.errors import MatcalcError, Unsupported
from matcalc.verify.alterations import INVITED, Alteration
from matcalc.verify.replacement import Factors, Found, again, chain_of, nothing, put, users


def _taxicab(X: Expr) -> Expr:
    return call("sum", call("abs", X))


def _squared(X: Expr) -> Expr:
    return to_power(call("norm", X), 2)


OTHER_READINGS: dict[str, tuple[Callable[[Expr], Expr], ...]] = {
    "abs": (partial(call, "det"), partial(call, "norm")),
    "det": (partial(call, "norm"), _taxicab),
    "norm": (partial(call, "det"), _taxicab, partial(call, "nuclear_norm"), partial(call, "spectral_norm"), _squared),
    "spectral_norm": (partial(call, "norm"), partial(call, "nuclear_norm")),
    "nuclear_norm": (partial(call, "norm"), partial(call, "spectral_norm"), _taxicab),
    "logdet": (partial(call, "norm"), partial(call, "det")),
}
"""What |X| and ‖X‖ may mean beside what was written."""


def readings(f: Expr) -> Iterator[Alteration]:
    """The function as it may have been read: |X| as a determinant or a norm, an elementwise product as one of matrices."""
    above = users(f)
    for place in postorder(f):
        found: list[Found] = [(s, make) for s, make in INVITED.get(place.op.name, nothing)(place) if s == "elementwise"]
        found += [("reading", partial(other, place.args[0])) for other in OTHER_READINGS.get(place.op.name, ())]
        if place.op.name == "power" and place.args[0].op.name == "norm" and place.args[1] is number(2):
            found.append(("reading", partial(_first, place)))
        for _, make in found:
            try:
                given = make()
                whole = put(f, place, given, above)
            except (MatcalcError, ValueError, IndexError):
                continue
            if whole.is_scalar == f.is_scalar:
                yield Alteration("reading", place, given, whole)


def _first(e: Expr) -> Expr:
    return e.args[0]


SUMMARIES = (
    ("sum", "sum"), ("trace", "tr"), ("sum", "row_sums"), ("sum", "column_sums"), ("diagonal", "diagonal"), ("diagonal", "diag"),
    ("norm", "norm"),
)  # fmt: skip
"""Slips that summarise the whole, and the operations that do."""


def summaries(e: Expr) -> Iterator[Alteration]:
    """The sum, the trace, the diagonal, … of the whole: an index was summed over that should have been kept, or kept and not summed."""
    if len(e.shape) != 2:
        return
    found: list[Found] = [(slip, partial(call, name, e)) for slip, name in SUMMARIES]
    found.append(("diagonal", lambda: call("diag", call("diagonal", e))))
    for slip, make in found:
        try:
            given = make()
        except MatcalcError:
            continue
        yield Alteration(slip, e, given, given)


def insertions(root: Expr, variables: Sequence[Expr]) -> Iterator[Alteration]:
    """The expression with a factor too many: a variable on either side, or entry by entry."""
    for s in (s for s in variables if len(s.shape) == len(root.shape) == 2):
        for make in (matrix_product, times, _outer):
            for pair in ((s, root), (root, s)):
                try:
                    whole = make(*pair)
                except MatcalcError:
                    continue
                if whole is not root:
                    yield Alteration("extra factor", root, whole, whole)


def _outer(x: Expr, y: Expr) -> Expr:
    return call("outer", x, y)


def parts(root: Expr) -> Iterator[Alteration]:
    """What stands inside: the rest was lost."""
    for e in postorder(root):
        if e is not root and e.op is not NUMBER and (e.args or e.shape == root.shape) and e.shape != (ONE, ONE):
            yield Alteration("part", root, e, e)


def all_untransposed(root: Expr) -> Iterator[Alteration]:
    """No transposes at all, and an inverse for each inverse transpose."""
    yield from _throughout(root, "transpose", lambda e, args: args[0] if e.op.name == "transpose" else None)


def all_of_one_kind(root: Expr) -> Iterator[Alteration]:
    """All elementwise products and powers taken for those of matrices, or the reverse."""
    yield from _throughout(root, "elementwise", _as_matrices)
    yield from _throughout(root, "elementwise", _as_entries)


def _as_matrices(e: Expr, args: Factors) -> Expr | None:
    if e.op.name == "hadamard":
        return chain_of(args)
    whole = e.op.name == "power" and is_square(e) and not e.is_scalar and e.args[1].op is NUMBER
    k = e.args[1]["value"] if whole else 0
    return chain_of((args[0],) * int(k)) if k in (2, 3, 4) else None


def _as_entries(e: Expr, args: Factors) -> Expr | None:
    alike = e.op.name == "matmul" and not e.is_scalar and all(a.shape == args[0].shape for a in args)
    return call("hadamard", *args) if alike else None


def _throughout(root: Expr, slip: str, change: Callable[[Expr, Factors], Expr | None]) -> Iterator[Alteration]:
    """The same slip wherever it can be made."""
    new: dict[Expr, Expr] = {}
    try:
        for e in postorder(root):
            args = tuple(new[a] for a in e.args)
            other = change(e, args)
            new[e] = again(e, args) if other is None else other
    except MatcalcError:
        return
    if new[root] is not root:
        yield Alteration(slip, root, new[root], new[root])


def applied_to_derivatives(f: Expr, x: Expr) -> Iterator[Alteration]:
    """f(u′) or f′(u′) for f′(u) u′: sin(2x) as the derivative of sin(x²), Σ max(−yᵢxᵢ, 0) as that of Σ max(1 − yᵢxᵢᵀw, 0)."""
    whole = matrix_form(f)
    while whole.op.name in ("sum", "scale") and whole.is_scalar:
        whole = whole.args[-1]
    moving = [k for k, a in enumerate(whole.args) if depends([a], {x})]
    if whole.op.kind is not Kind.ELEMENTWISE or len(moving) != 1 or x.op is not SYMBOL or x.shape[1:] != (ONE,):
        return
    (k,) = moving
    u = whole.args[k]
    for e in _derivatives(u, x):
        for makes in (partial(_function, whole, k), partial(_slope, whole, k)):
            try:
                given = makes(e)
                given = given.T @ ones((given.shape[0], ONE)) if e.shape != x.shape else given
            except MatcalcError:
                continue
            yield Alteration("applied", whole, given, given)


def _function(e: Expr, k: int, argument: Expr) -> Expr:
    return plain(e.op, *e.args[:k], argument, *e.args[k + 1 :], **dict(e.attrs))


def _slope(e: Expr, k: int, argument: Expr) -> Expr:
    """The derivative of the function, of another argument."""
    found = derivatives(_function(e, k, argument))[k]
    if found is None:
        raise Unsupported("no derivative")
    return found


def _derivatives(u: Expr, x: Expr) -> Iterator[Expr]:
    """The slope of u, for each entry of x its own; the Jacobian of u."""
    try:
        yield gradient_answer(u if u.is_scalar else call("sum", u), x).value
        if not u.is_scalar:
            yield jacobian_answer(u, x).value
    except Unsupported:
        return

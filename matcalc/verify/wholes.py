"""Slips that concern an answer as a whole: another reading of the question, a sum of it, a part of it, a factor too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from matcalc.core.builders import call, matrix_product, times
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NUMBER
from matcalc.core.size import ONE
from matcalc.errors import MatcalcError
from matcalc.verify.alterations import INVITED, Alteration, Found, again, nothing, put, users

OTHER_READINGS = {"abs": ("det", "norm"), "det": ("norm",), "norm": ("det", "nuclear_norm", "spectral_norm"), "logdet": ("norm",)}
"""What |X| and ‖X‖ may mean beside what was written."""


def readings(f: Expr) -> Iterator[Alteration]:
    """The function as it may have been read: |X| as a determinant or a norm, an elementwise product as one of matrices."""
    above = users(f)
    for place in postorder(f):
        found: list[Found] = [(s, make) for s, make in INVITED.get(place.op.name, nothing)(place) if s == "elementwise"]
        others = OTHER_READINGS.get(place.op.name, ())
        found += [("reading", partial(call, n, place.args[0])) for n in others]
        for _, make in found:
            try:
                given = make()
                whole = put(f, place, given, above)
            except (MatcalcError, ValueError, IndexError):
                continue
            if whole.is_scalar == f.is_scalar:
                yield Alteration("reading", place, given, whole)


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
    new: dict[Expr, Expr] = {}
    try:
        for e in postorder(root):
            args = tuple(new[a] for a in e.args)
            new[e] = args[0] if e.op.name == "transpose" else again(e, args)
    except MatcalcError:
        return
    if new[root] is not root:
        yield Alteration("transpose", root, new[root], new[root])

"""Ranges and stacks in a formula: X[1:3, 2:], and a matrix of blocks as one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr
from matcalc.emit.text import Level, Text, fill, text

if TYPE_CHECKING:
    from matcalc.emit.layout import Layout


def rows(layout: Layout, e: Expr) -> Text:
    """x[1:3], X[1:3]."""
    return layout.ranged(layout.fit(layout.of(e.args[0]), Level.ATOM), _bounds(layout, e, 0), e.args[0].is_column)


def columns(layout: Layout, e: Expr) -> Text:
    """X[:, 2:]; X[1:3, 2:] for a range of columns of a range of rows."""
    inner, bounds = e.args[0], [":"]
    if inner.op.name == "rows":
        inner, bounds = inner.args[0], _bounds(layout, inner, 0)  # type: ignore[assignment]
    return layout.ranged(layout.fit(layout.of(inner), Level.ATOM), [*bounds, ", ", *_bounds(layout, e, 1)], True)


def _bounds(layout: Layout, e: Expr, axis: int) -> list[str | Text]:
    """i:j of a range, without an end that is that of the axis."""
    start = layout.size(e["i"]) if e["i"].number() != 0 else ""
    return [start, ":", layout.size(e["j"]) if e["j"] is not e.args[0].shape[axis] else ""]


def vstack(layout: Layout, e: Expr) -> Text | None:
    """A stack of stacks of equal length as one matrix of blocks; None for any other, which is a function."""
    counts = {len(a.args) if a.op.name == "hstack" else 1 for a in e.args}
    if len(counts) > 1 or counts == {1}:
        return None
    between = re.search(r"\{\*([^{}]+)\}", layout.template(e.args[0]))
    assert between is not None
    lines = [text(*fill(between[0], [layout.of(x) for x in a.args]), level=Level.ATOM) for a in e.args]
    return text(*fill(layout.template(e), lines), level=Level.ATOM)

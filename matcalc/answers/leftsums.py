"""Why a sum over indices is left where others become matrix algebra: in plain words."""

from __future__ import annotations

from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import INDEX_SUM
from matcalc.engine.elimination import stuck


def reasons(e: Expr, value: Expr) -> list[str]:
    """A line for each product in e that no order of summing makes matrix algebra, where sums or stacks are left in the value."""
    if not any(x.op is INDEX_SUM for x in postorder(value)):
        return []
    lines = []
    for letters in stuck(e):
        named = ", ".join(letter for letter in letters if letter)
        why = "each index meets three others, and a matrix holds two (treewidth above 2)"
        lines.append(f"No product of matrices computes the sum over {named}: {why}.")
    return list(dict.fromkeys(lines))

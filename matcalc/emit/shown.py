"""What of an expression is written: a name for its definition, of a stack what is stacked."""

from __future__ import annotations

from matcalc.core.expression import Expr
from matcalc.core.leaves import NAMED
from matcalc.core.size import ONE
from matcalc.core.stacks import stacked
from matcalc.emit.names import is_name


def is_opaque(e: Expr) -> bool:
    """Whether this is a definition that shows as its label; one whose label is no name shows as what it defines."""
    return e.op is NAMED and is_name(e["label"])


def shown_below(e: Expr) -> tuple[Expr, ...]:
    """What of a node is written: nothing of a name, of a stack what is stacked."""
    if is_opaque(e):
        return ()
    found = stacked(e)
    return (*e.args, found[0]) if found is not None else e.args


def is_matrix(e: Expr) -> bool:
    """Whether the shape has two sizes that are not 1."""
    return ONE not in e.shape

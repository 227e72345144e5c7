"""Rules that rewrite a window of a product, found by the operation of any of their factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from matcalc.core.expression import Expr

Window: TypeAlias = Callable[[list[Expr], int], "tuple[int, Expr] | None"]
WINDOWS: dict[str, list[Window]] = {}
"""Name of the first factor's operation ("" for any) → rules; each gives the length it replaces and what with."""


def rewritten(chain: list[Expr], start: int) -> tuple[int, Expr] | None:
    """The first rule that fires on the chain at this place."""
    for name in (chain[start].op.name, ""):
        for window in WINDOWS.get(name, ()):
            found = window(chain, start)
            if found is not None:
                return found
    return None

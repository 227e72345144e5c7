"""Rules that rewrite a window of a product, found by the operation of any of their factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from matcalc.core.expression import Expr

Window: TypeAlias = Callable[[list[Expr], int], "tuple[int, Expr] | None"]
WINDOWS: dict[str, list[tuple[frozenset[str], Window]]] = {}
"""Name of the first factor's operation ("" for any) → the operations that must be among the factors, and a rule.

A rule gives the length it replaces and what with.
"""
WIDEST = 16
"""The most factors that a rule replaces, where one of its letters stands for a product."""


def operations_of(chain: list[Expr]) -> set[str]:
    """The operations of the factors."""
    return {f.op.name for f in chain}


def rewritten(chain: list[Expr], start: int, present: set[str]) -> tuple[int, Expr] | None:
    """The first rule that fires on the chain at this place; `present` are the operations of its factors."""
    for name in (chain[start].op.name, ""):
        for needs, window in WINDOWS.get(name, ()):
            if needs <= present:
                found = window(chain, start)
                if found is not None:
                    return found
    return None

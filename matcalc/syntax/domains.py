"""Arguments for which an operation has no value or no derivative, where that can be known: the log of a number below 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from matcalc.core import builders
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import is_zero_leaf, symbols
from matcalc.core.nonneg import nonneg
from matcalc.core.operation import Domain

MOST_NODES = 200
"""Larger arguments are not looked at."""


def impossible(e: Expr, word: str, words: Callable[[int], str]) -> str:
    """Why there is no such application of an operation; "" where there may be one.

    `word` is what the operation is called, `words` gives an argument as typed.
    """
    for domain in e.op.domain:
        if domain.when is not None and not domain.when(*e.args, **dict(e.attrs)):
            continue
        if domain.kind == "never":
            return domain.statement
        found = _violated(e, domain) if domain.kind == "existence" else None
        if found is not None:
            place, wanted = found
            known = "not" if wanted != "not 0" else "0 everywhere" if symbols(e.args[place]) else "0"
            return f"{word} wants what is {wanted}, and {words(place)} is {known}"
    return ""


def _violated(e: Expr, domain: Domain) -> tuple[int, str] | None:
    """The place of an argument that is nowhere in the domain, and what it would have to be."""
    form = re.fullmatch(r"(det )?\{(\d)\} ([>≠]) 0", domain.statement)
    if form is None or (form[3] == ">" and not domain.strict):
        return None
    place = int(form[2])
    subject = e.args[place] if domain.subject is None else domain.subject(*e.args)
    if sum(1 for _ in islice(postorder(subject), MOST_NODES)) == MOST_NODES:
        return None
    if is_zero_leaf(canonical(subject)) and domain.subject is None:
        wanted = "invertible" if form[1] else "not 0" if form[3] == "≠" else "greater than 0"
        return place, wanted
    below = builders.negative(subject)
    if form[3] == ">" and (nonneg(below) or nonneg(canonical(below))):
        return place, domain.strict
    return None

"""Arguments for which an operation has no value or no derivative, where that can be known: the log of a number below 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from math import isqrt

from matcalc.core import builders
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import is_zero_leaf, number, symbols
from matcalc.core.nonneg import nonneg
from matcalc.core.operation import Domain
from matcalc.core.terms import build, coefficient, is_ones

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
    if form[3] == ">" and (nonneg(below) or nonneg(canonical(below)) or _is_square_too_large(canonical(subject))):
        return place, domain.strict
    return None


def _is_square_too_large(e: Expr) -> bool:
    """Whether a canonical 1 − t² is nowhere positive because t is everywhere ≥ 1, or ≤ −1: t = 1 + exp(x)."""
    one = next((a for a in e.args if is_ones(a) or a is number(1)), None) if e.op.name == "add" and len(e.args) == 2 else None
    if one is None:
        return False
    c, square = coefficient(e.args[e.args[0] is one])
    if c >= 0 or square.op.name != "power" or square.args[1] is not number(2):
        return False
    t = build("scale", number(Fraction(isqrt(-c.numerator * c.denominator), c.denominator)), square.args[0])  # √c, or less than that
    return any(nonneg(build("add", build("scale", number(sign), t), build("scale", number(-1), one))) for sign in (1, -1))

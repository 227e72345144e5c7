"""Variances and standard deviations, of all entries and along an axis; `ddof=1` divides by one less than there are."""

from fractions import Fraction
from typing import Any

from matcalc.core.builders import call, inner_product, minus
from matcalc.core.expression import Expr
from matcalc.core.leaves import ones, size_number
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, operation
from matcalc.core.property import NONNEG
from matcalc.core.size import ONE
from matcalc.operations.axes import column_means, column_sums, mean, row_means, row_sums

_CITE = "Mardia, Kent & Bibby 1979, §1.4"
_AXES = ((None, "", "mn->"), (1, "row", "mn->m"), (0, "column", "mn->n"))


def _count(X: Expr, axis: int | None, ddof: int) -> Expr:
    """How many entries there are, less ddof."""
    whole = call("scale", *map(size_number, X.shape)) if axis is None else size_number(X.shape[axis])
    return minus(whole, ddof) if ddof else whole


def _centred(X: Expr, axis: int | None) -> Expr:
    """X less its mean, or less those of its rows or columns."""
    if axis is None:
        return X - mean(X)
    return X - (row_means(X) @ ones((ONE, X.shape[1])) if axis else ones((X.shape[0], ONE)) @ column_means(X).T)


def _products(A: Expr, B: Expr, axis: int | None) -> Expr:
    """The inner products of the wholes, of the rows or of the columns."""
    return inner_product(A, B) if axis is None else row_sums(A * B) if axis else column_sums(A * B)


def _facts(word: str, axis: int | None, place: str, ddof: int) -> dict[str, Any]:
    """What a variance and a standard deviation have in common to say."""
    name = word + (f"_{place}s" if place else "") + ("₁" if ddof else "")
    below = ",".join(filter(None, (rf"\mathrm{{{place}s}}" if place else "", "1" if ddof else "")))
    latex = rf"\operatorname{{{word}}}" + (f"_{{{below}}}" if len(below) > 1 else f"_{below}" if below else "")  # {1} would be an argument
    options = {"axis": (1, -1) if axis else (0, -2)} if axis is not None else {}
    code = f"np.{word}({{0}}" + (f", axis={axis}" if axis is not None else "") + (", ddof=1)" if ddof else ")")
    return {
        "word": word, "options": {**options, "ddof": 1 if ddof else (None, 0)}, "notation": Notation(name, latex, code),
        "gives": {NONNEG: ()}, "entrywise": axis is None, "cite": _CITE,
    }  # fmt: skip


def _declare(axis: int | None, place: str, signature: str, ddof: int) -> None:
    """A variance and its root."""
    kind, of = ("sample_" if ddof else ""), {None: "all entries", 1: "each row", 0: "each column"}[axis]
    name, root = f"{kind}{place}_var".replace("__", "_").strip("_"), f"{kind}{place}_std".replace("__", "_").strip("_")

    def along(X: Expr, dX: Expr) -> Expr:
        return 2 * _products(_centred(X, axis), dX, axis) / _count(X, axis, ddof)

    def rooted(X: Expr) -> Expr:
        return OPERATIONS[name](X) ** Fraction(1, 2)

    less = ", divided by one less than their number" if ddof else ""
    along.__name__, along.__doc__ = name, f"Variance of {of}{less}."
    rooted.__name__, rooted.__doc__ = root, f"Standard deviation of {of}{less}, √var."
    operation(signature, defining=lambda X: _products(C := _centred(X, axis), C, axis) / _count(X, axis, ddof), **_facts("var", axis, place, ddof))(along)
    same = "the entries of {0} are not all equal" if axis is None else f"no {place} of {{0}} has all its entries equal"
    definition(signature, domain=(Domain(same, latex=_worded(same)),), **_facts("std", axis, place, ddof))(rooted)


def _worded(statement: str) -> str:
    return rf"\text{{{{{statement}}}}}".replace("{0}", "}}{0}\\text{{")


for _axis, _place, _signature in _AXES:
    for _ddof in (0, 1):
        _declare(_axis, _place, _signature, _ddof)

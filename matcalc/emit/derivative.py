"""How a derivative is written: ∂f/∂x, ∂vec F/∂(vec X)ᵀ, ∂²f/∂x∂xᵀ, and the differential that identifies it, dF = J dx."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Marks:
    """The signs of a target: a fraction of what is differentiated and by what, vec and vech of a text, a transpose, d, ∂ and ∂²."""

    fraction: str
    vec: str
    vech: str
    transposed: str
    d: str
    partial: str
    second: str


PLAIN = Marks("{0}/{1}", "vec {0}", "vech {0}", "{0}ᵀ", "d", "∂", "∂²")
LATEX = Marks(
    r"\frac{{{0}}}{{{1}}}", r"\operatorname{{vec}} {0}", r"\operatorname{{vech}} {0}", r"{0}^{{\top}}", r"\mathrm{d}", r"\partial ",
    r"\partial^{2} ",
)  # fmt: skip


def written(
    marks: Marks, kind: str, f: str, x: str, y: str = "", *, matrices: str = "", scalar: bool = False, transposed: bool = False,
    distinct: bool = False,
) -> str:  # fmt: skip
    """The derivative of f with respect to x; of a Hessian, y is the second variable.

    `matrices` says which of f, x and y are neither columns nor scalars, `scalar` that x and y are scalars, `distinct` that it is the
    distinct entries of x and y that move.

    >>> written(PLAIN, "gradient", "f", "X"), written(PLAIN, "vec-jacobian", "F", "X", matrices="fx")
    ('∂f/∂X', '∂vec F/∂(vec X)ᵀ')
    >>> written(PLAIN, "hessian", "f", "x", "x"), written(PLAIN, "hessian", "f", "X", "X", matrices="xy")
    ('∂²f/∂x∂xᵀ', '∂²f/∂vec X ∂(vec X)ᵀ')
    """
    p, stacked = marks.partial, marks.vech if distinct else marks.vec
    if kind == "hessian" and scalar:
        squared = f"{p}{x}²" if marks is PLAIN else f"{p}{x}^{{2}}"
        return marks.fraction.format(f"{marks.second}{f}", squared if x == y else f"{p}{x} {p}{y}")
    if kind == "hessian":
        first = f"{p}{stacked.format(x)} " if "x" in matrices else f"{p}{x}"
        return marks.fraction.format(f"{marks.second}{f}", first + _row(marks, stacked.format(y) if "y" in matrices else "", y))
    if kind == "vec-jacobian":
        if transposed:
            above = _row(marks, marks.vec.format(f) if "f" in matrices else "", f)
            return marks.fraction.format(above, f"{p}{stacked.format(x)}" if "x" in matrices else f"{p}{x}")
        top = f"{p}{marks.vec.format(f)}" if "f" in matrices else f"{p}{f}"
        return marks.fraction.format(top, _row(marks, stacked.format(x) if "x" in matrices else "", x))
    return marks.fraction.format(f"{p}{f}", f"{p}{x}")


def _row(marks: Marks, stacked: str, x: str) -> str:
    """∂xᵀ; of a matrix, which is stacked, ∂(vec X)ᵀ."""
    return marks.partial + marks.transposed.format(f"({stacked})" if stacked else x)

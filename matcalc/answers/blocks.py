"""Hessians of several variables: a block for each pair of them, and the whole matrix, in which matrices have their columns stacked.

The whole is symmetric by construction: below the diagonal stand the transposes.  Whether f is convex in all variables together is
asked of the Hessian with respect to one column z that the variables are parts of, x = E₁ z, y = E₂ z.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

from matcalc.answers.curvature import Definiteness, definiteness
from matcalc.answers.question import Question
from matcalc.answers.result import Result, has_name
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, substitute
from matcalc.core.leaves import symbol, symbols
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import SYMMETRIC
from matcalc.core.size import Size
from matcalc.emit.latex import latex
from matcalc.emit.numpy import function, function_source
from matcalc.emit.page import PAGE
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import hessian_answer
from matcalc.engine.arrange import Arrangement
from matcalc.errors import MatcalcError, RankMistake, Unsupported
from matcalc.syntax import text
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for


@dataclass(frozen=True)
class BlockHessian:
    """The second derivatives of a scalar in several variables."""

    f: Expr
    variables: tuple[Expr, ...]
    results: dict[tuple[int, int], Result]
    """For each pair i ≤ j of variables the Hessian with respect to them, or for a scalar before a matrix that of the other order."""
    rows: tuple[tuple[Expr, ...], ...]
    """All blocks, columns stacked."""

    @property
    def value(self) -> Expr:
        """The whole matrix as one expression."""
        return OPERATIONS["vstack"](*(OPERATIONS["hstack"](*row) for row in self.rows))

    def block(self, x: str, y: str) -> Expr:
        """The block of two variables."""
        names = [v["name"] for v in self.variables]
        return self.rows[names.index(x)][names.index(y)]

    def text(self) -> str:
        """The whole matrix in the input language."""
        return text(self.value)

    def pretty(self) -> str:
        """Row after row, `[A, B; Bᵀ, C]`, with what names stand for."""
        return "[" + "; ".join(", ".join(map(pretty, row)) for row in self.rows) + "]"

    def latex(self) -> str:
        """The whole matrix in LaTeX."""
        return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(map(latex, row)) for row in self.rows) + r" \end{bmatrix}"

    def code(self, target: str = "numpy") -> str:
        """The source of a function that gives the whole matrix, from one for each block on and above the diagonal."""
        if target != "numpy":
            raise Unsupported(f"code for {target} is not supported yet; there is numpy")
        sources, calls, given = [], {}, dict[str, None]()
        for i, j in self.results:
            name, value = f"block_{i + 1}_{j + 1}", self.rows[i][j]
            needed = set(symbols(value))
            source = function_source(value, name, [s for s in symbols(self.f) if s in needed])
            arguments = list(inspect.signature(function(source, name)).parameters)
            given.update(dict.fromkeys(arguments))
            rows, columns = ("1" if x.is_scalar else "-1" for x in (self.variables[i], self.variables[j]))
            if rows == columns == "-1":
                shaped = ""
            else:
                shaped = f".reshape({rows}, {columns})"
            sources.append(source)
            calls[i, j] = f"np.asarray({name}({', '.join(f'{a}={a}' for a in arguments)})){shaped}"
        lines = [f"    h{i + 1}{j + 1} = {call}" for (i, j), call in calls.items()]
        n = range(len(self.variables))
        table = ", ".join("[" + ", ".join(f"h{i + 1}{j + 1}" if i <= j else f"h{j + 1}{i + 1}.T" for j in n) + "]" for i in n)
        names = ", ".join(x["name"] for x in self.variables)
        head = f"def hessian({'*, ' if given else ''}{', '.join(given)}):\n    \"\"\"The Hessian in ({names}), columns stacked.\"\"\""
        whole = "\n".join([head, *lines, f"    return np.block([{table}])", ""])
        imports = dict.fromkeys(line for source in sources for line in source.splitlines() if line.startswith("import "))
        bodies = ["\n".join(line for line in source.splitlines() if not line.startswith("import ")).strip("\n") for source in sources]
        return "\n".join(imports) + "\n\n\n" + "\n\n\n".join([*bodies, whole])

    def function(self, target: str = "numpy") -> Callable[..., Any]:
        """The same, callable."""
        return function(self.code(target), "hessian")

    def definiteness(self) -> Definiteness:
        """Whether f is convex in all variables together."""
        if any(SYMMETRIC in x["properties"] for x in self.variables):
            raise Unsupported("convexity in several variables of which one is a symmetric matrix is not known")
        total, parts = Size.of(0), {}
        for x in self.variables:
            total = total + x.shape[0] * x.shape[1]
        z = symbol(next(n for n in ("z", "u", "zz") if not has_name(self.f, n)), total)
        for k, x in enumerate(self.variables, 1):
            E = symbol(next(n for n in (f"E{k}", f"EE{k}") if not has_name(self.f, n)), x.shape[0] * x.shape[1], total)
            part = E @ z
            parts[x] = part if x.is_column else OPERATIONS["unvec"](part, m=x.shape[0], n=x.shape[1])
        whole = canonical(substitute(self.f, parts))
        chosen = points_for([whole], [z], exact=0, floating=2)
        found = definiteness(hessian_answer(whole, z, z), whole, z, Oracle(chosen.points, chosen.why))
        if found.witness is not None and any(x["properties"] for x in self.variables):
            return Definiteness("unknown", found.subject)  # the point may lie outside of what is declared
        return found

    def __str__(self) -> str:
        names = ", ".join(pretty(x) if x.is_column else f"vec {pretty(x)}" for x in self.variables)
        shown = [[pretty(b) for b in row] for row in self.rows]
        widths = [max(len(row[k]) for row in shown) for k in range(len(shown))]
        parts = [f"∂²f/∂({names})∂({names})ᵀ ="]
        if sum(widths) + 4 * len(widths) <= PAGE:
            parts[0] += "".join(f"\n  [ {'   '.join(b.ljust(w) for b, w in zip(row, widths, strict=True))} ]" for row in shown)
        else:
            parts[0] = "The Hessian in blocks; below the diagonal stand their transposes."
        parts.append("\n".join(r.headline() for r in self.results.values()))
        first = next(iter(self.results.values()))
        parts += ["\n".join(first.where_lines())] if first.where_lines() else []
        failed = next((r.verify() for r in self.results.values() if not r.verify().passed), None)
        parts.append(self._curvature())
        parts.append("✓ every block checked, line by line" if failed is None else f"not checked: {failed.why}")
        return "\n\n".join(filter(None, parts))

    def _curvature(self) -> str:
        """Whether f is convex in all variables together, in a line."""
        try:
            line = next(self.definiteness().lines())
        except MatcalcError:
            return ""
        return f"In all variables together: {line.rstrip(':')}."

    def __repr__(self) -> str:
        return self.pretty()

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


def block_hessian(question: Question) -> BlockHessian:
    """The Hessian of a scalar in the variables of a question, every block checked."""
    f, xs = question.f, list(dict.fromkeys(question.xs))
    if not f.is_scalar:
        raise RankMistake("a Hessian is of a scalar")
    results: dict[tuple[int, int], Result] = {}
    above: dict[tuple[int, int], Expr] = {}
    for i, j in combinations_with_replacement(range(len(xs)), 2):
        turned = xs[i].is_scalar and not xs[j].is_scalar
        x, y = (xs[j], xs[i]) if turned else (xs[i], xs[j])
        answer = hessian_answer(f, x, y)
        result = question.about_variable(x).result(answer, answer.convention.structured).checked()
        results[i, j] = result
        value = result.value if not (y.is_scalar and not x.is_column) else OPERATIONS["vec"](result.value)
        above[i, j] = value.T if turned else value
    arrange = Arrangement([f, *(r.value for r in results.values())])
    rows = [
        tuple(above[i, j] if i <= j else arrange(canonical(above[j, i].T)) for j in range(len(xs))) for i in range(len(xs))
    ]
    return BlockHessian(f, tuple(xs), results, tuple(rows))

"""Hessian times vector, ∇²f v, without the Hessian: the pullback of the gradient, in the shape of the variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from matcalc.answers.question import Question, Source
from matcalc.answers.result import Result, has_name
from matcalc.core.builders import inner_product
from matcalc.core.expression import plain
from matcalc.core.leaves import symbol
from matcalc.core.size import ONE
from matcalc.engine.answer import gradient_answer
from matcalc.errors import RankMistake

NAMES = ("v", "w", "direction")


def hvp(f: Source, x: Source, v: str = "", *, where: str = "", let: Mapping[str, Source] | None = None) -> Result:
    """The product of the Hessian of a scalar f with a direction v of the shape of x, as an expression and as code.

    >>> import matcalc.api
    >>> hvp("norm(A@x - b)**2", "x").pretty()
    '2 AᵀA v'
    """
    question = Question(f, x, where, let)
    if not question.f.is_scalar:
        raise RankMistake("a Hessian is of a scalar")
    g = question.result(gradient_answer(question.f, question.x, "unstructured")).checked().value
    names = [n if question.x.is_column else n.upper() for n in ([v] if v else NAMES)]
    free = [n for n in names if not has_name(question.f, n)]
    if not free:
        raise RankMistake(f"the direction {names[0]} would hide a variable of that name; give another")
    direction = symbol(v or free[0], *(s for s in question.x.shape if s is not ONE))
    again = Question(g, question.x)
    # One chain of factors, vᵀAᵀp: what is typed in brackets stays so.
    chain = again.f.op.name == "matmul" and again.f.is_column and not again.f.is_scalar
    along = plain(again.f.op, direction.T, *again.f.args) if chain else inner_product(direction, again.f)
    answer = replace(gradient_answer(along, again.x, label="L"), kind="product", upstream=direction)
    return again.result(answer, structured=True, upstream=direction).checked()

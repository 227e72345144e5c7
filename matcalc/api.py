"""The doors for programs: `grad`, `jacobian`, `hessian`, `pullback`, `check`, `parse`, `equal` and the rest.

Operations and rules are loaded here; how a question is read and its answer checked is in `matcalc.answers.question`.  What only some
questions need is loaded when they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matcalc.operations
import matcalc.rules  # noqa: F401 - both fill their tables
from matcalc.answers.deadline import limited
from matcalc.answers.quantity import Using
from matcalc.answers.question import Question, Source
from matcalc.answers.result import Result as Result
from matcalc.answers.result import has_name
from matcalc.core import leaves
from matcalc.core.builders import UNSIZED_IDENTITY
from matcalc.core.canonical import canonical
from matcalc.core.expression import WRITERS, Expr, shown
from matcalc.emit.latex import latex
from matcalc.engine.answer import gradient_answer, gradient_answers, hessian_answer, jacobian_answer, pullback_answer
from matcalc.engine.nested import carried_out
from matcalc.engine.structure import CONVENTIONS
from matcalc.errors import MatcalcError, NameMistake, RankMistake, SyntaxMistake, Unsupported
from matcalc.objects import array as array
from matcalc.objects import function as function
from matcalc.objects import matrix as matrix
from matcalc.objects import scalar as scalar
from matcalc.objects import vector as vector
from matcalc.objects import word_as_function as __getattr__  # noqa: F401 - mc.sum, mc.norm, …
from matcalc.syntax import read, text
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

if TYPE_CHECKING:
    from matcalc.answers.assessment import Assessment
    from matcalc.answers.blocks import BlockHessian
    from matcalc.answers.expansion import Expansion
    from matcalc.answers.explanation import Explanation
    from matcalc.answers.forward import Differential
    from matcalc.answers.newton import NewtonStep
    from matcalc.answers.simplification import Simplification

WRITERS |= {"text": text, "latex": lambda e: f"$\\displaystyle {latex(e)}$"}
I = UNSIZED_IDENTITY  # noqa: E741 - the field's own letter
LAYOUTS = ("numerator", "denominator")
ROUTES = ("colon", "vec")


def parse(text_: str, where: str = "", let: Mapping[str, str] | None = None) -> Expr:
    """The plain expression that a text means."""
    return carried_out(read(text_, where=where, let=let).expr)


def from_latex(formula: str, where: str = "", let: Mapping[str, str] | None = None) -> str:
    """A LaTeX formula in the input language: the likeliest text whose shapes fit.

    >>> from_latex(r"\\frac12 \\|A x - b\\|_2^2")
    '1/2 * ‖A @ x - b‖_2^2'
    """
    from matcalc.syntax.tex import candidates

    wrong: MatcalcError | None = None
    for text_ in candidates(formula):
        try:
            read(text_, where=where, let=let)
        except MatcalcError as error:
            wrong = wrong or error
        else:
            return text_
    assert wrong is not None
    raise wrong


def equal(a: Source | Simplification | Result, b: Source | Simplification | Result, where: str = "") -> bool:
    """Whether two expressions are equal, their names being the same: by normal form, else by evaluation."""
    from matcalc.answers.scoping import in_one_scope

    first, second = map(carried_out, in_one_scope(_source(a), _source(b), where))
    if canonical(first) is canonical(second):
        return True
    return first.shape == second.shape and Oracle(points_for([first, second]).points).equal(first, second)


def _source(x: Source | Simplification | Result | float) -> Source:
    """A text or an expression; raises SyntaxMistake for what is neither, nor a result or a number."""
    if isinstance(x, (str, Expr)):
        return x
    value = repr(x) if isinstance(x, (int, float)) else getattr(x, "value", None)
    if not isinstance(value, (str, Expr)):
        raise SyntaxMistake(f"a text, an expression or a result is wanted, and this is of type {type(x).__name__}")
    return value


@limited
def check(
    f: Source, x: Source, answer: Source | Simplification | Result, *, of: str = "", where: str = "",
    let: Mapping[str, Source] | None = None, convention: str = "projected", layout: str = "numerator", upstream: str = "G",
    timeout: float | None = None,
) -> Assessment:  # fmt: skip
    """Whether an answer is the derivative of f with respect to x, and what is wrong with it if it is not.

    `of` says which derivative: "gradient", "jacobian", "hessian", "pullback", "differential"; else the shape of the answer does.
    It is read in the scope of the question; in it, dx is the differential of the variable, and G an upstream gradient.
    Raises MatcalcError where one of the texts cannot be read.
    """
    from matcalc.answers.checking import judged

    _known_choice("convention", convention, CONVENTIONS)
    _known_choice("layout", layout, LAYOUTS)
    if of:
        _known_choice("derivative", of, (*DERIVATIVES, "differential"))
    question = Question(f, x, where, let, in_parts=True)
    more = {"of": of, "where": where, "convention": convention, "layout": layout, "upstream": upstream}
    return judged(question.f, question.x, _source(answer), DERIVATIVES, part=question.part, **more)


def simplify(e: Source, where: str = "", let: Mapping[str, str] | None = None) -> Simplification:
    """An expression in a shorter form, `.value`, with its named and checked steps."""
    from matcalc.answers.simplification import simplified

    return simplified(e, where, let)


def explain(text_: str, where: str = "", let: Mapping[str, str] | None = None) -> Explanation:
    """The proof of an elementary differential, "d norm(v)", every line checked.

    Raises SyntaxMistake where the text is no application of a function.
    """
    from matcalc.answers.explanation import explain

    return explain(text_, where, let)


@limited
def grad(
    f: Source, x: Source | Iterable[Source], *, where: str = "", let: Mapping[str, Source] | None = None,
    using: Using = None, convention: str = "projected", layout: str = "numerator", route: str = "colon",
    timeout: float | None = None, check: bool = True,
) -> Any:  # fmt: skip
    """The gradient of a scalar, in the shape of the variable; of a column the Jacobian and, beside it, the pullback.

    The route is by inner products, df = A : dX ("colon"), or by stacked columns, d vec F = A d vec X ("vec").
    Several variables give a dict of results.  Raises MatcalcError and its kinds.
    """
    _known_choice("route", route, ROUTES)
    _known_choice("convention", convention, CONVENTIONS)
    _known_choice("layout", layout, LAYOUTS)
    if not isinstance(x, (str, Expr)) and route != "colon":
        return {str(v): grad(f, v, where=where, let=let, using=using, route=route, check=check) for v in x}
    if not isinstance(x, (str, Expr)):
        return _several(f, list(x), where=where, let=let, using=using, convention=convention, layout=layout, check=check)
    question = Question(f, x, where, let, using, in_parts=True)
    if not question.f.is_scalar:
        if question.part is not None:
            result = _laid_out(question, layout)
            return result.checked() if check else result
        return _with_pullback(question, layout, check)
    if route == "vec":
        result = question.by_vec()
        return result.checked() if check else result
    result = question.result(question.in_parts(gradient_answer(question.f, question.x, convention)), convention != "unstructured")
    return result.checked() if check else result


def _several(f: Source, xs: list[Source], *, convention: str, check: bool, **more: Any) -> dict[str, Result]:
    """The gradients with respect to several variables, from one derivation; of a column a Jacobian for each."""
    if not xs:
        raise SyntaxMistake("say a variable at least")
    if any(isinstance(x, str) and "[" in x for x in xs):
        return {str(x): grad(f, x, convention=convention, check=check, **more) for x in xs}
    question = Question(f, xs[0], more["where"], more["let"], more["using"], xs[1:])
    typed = {x: name if isinstance(name, str) else x["name"] for x, name in zip(question.xs, xs, strict=True)}
    if not question.f.is_scalar:
        return {name: grad(f, name, convention=convention, check=check, **more) for name in typed.values()}
    answers = gradient_answers(question.f, list(dict.fromkeys(question.xs)), convention)
    results = {typed[x]: question.about_variable(x).result(a, convention != "unstructured") for x, a in answers.items()}
    return {name: result.checked() if check else result for name, result in results.items()}


def _known_choice(what: str, word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        raise NameMistake(f"there is no {what} {word!r}; there are {', '.join(known)}")


def _with_pullback(question: Question, layout: str, check: bool) -> Result:
    is_array = max(len(question.f.shape), len(question.x.shape)) > 2  # its columns are not stacked: the pullback tells all
    result = None if is_array else _laid_out(question, layout)
    name = next(n for n in ("G", "Gbar", "Upstream") if not has_name(question.f, n))
    G = leaves.symbol(name, *question.f.shape)
    question.quantities = []  # the Jacobian was to be written through them
    pulled = question.result(pullback_answer(question.f, question.x, G), structured=True, upstream=G)
    pulled = pulled.checked() if check else pulled
    if result is None:
        return pulled
    result.pullback = pulled
    return result.checked() if check else result


def _laid_out(question: Question, layout: str, convention: str = "projected") -> Result:
    _known_choice("layout", layout, LAYOUTS)
    _known_choice("convention", convention, CONVENTIONS)
    answer = jacobian_answer(question.f, question.x, layout == "denominator", convention)
    result = question.result(question.in_columns(answer), structured=convention == "distinct")
    result.layout = layout
    return result


@limited
def block_hessian(
    f: Source, xs: Sequence[Source], *, where: str = "", let: Mapping[str, Source] | None = None, timeout: float | None = None
) -> BlockHessian:  # fmt: skip
    """The Hessian of a scalar in several variables together: a block for each pair, matrices with their columns stacked."""
    from matcalc.answers.blocks import block_hessian

    if len(xs) < 2:
        raise SyntaxMistake("blocks are those of two variables or more")
    return block_hessian(Question(f, xs[0], where, let, more=list(xs[1:])))


def taylor(
    f: Source, x: Source, order: int = 2, *, where: str = "", let: Mapping[str, Source] | None = None, timeout: float | None = None
) -> Expansion:
    """f(x + h) to the first or second order in h, for a scalar f."""
    from matcalc.answers.expansion import expansion

    if order not in (1, 2):
        raise Unsupported(f"an expansion of order {order} is not known; there are 1 and 2")
    second = hessian(f, x, where=where, let=let, timeout=timeout) if order == 2 else None
    return expansion(grad(f, x, where=where, let=let, timeout=timeout), second)


@limited
def jacobian(
    f: Source, x: Source, *, where: str = "", let: Mapping[str, Source] | None = None, layout: str = "numerator", check: bool = True,
    using: Using = None, convention: str = "projected", timeout: float | None = None,
) -> Result:  # fmt: skip
    """J[i, j] = ∂fᵢ/∂xⱼ of columns; ∂vec f/∂(vec x)ᵀ of matrices; for a scalar x the derivative in the shape of f.

    With the distinct convention the columns belong to the distinct entries, vech x, of a symmetric x.
    """
    result = _laid_out(Question(f, x, where, let, using, in_parts=True), layout, convention)
    return result.checked() if check else result


@limited
def pullback(
    f: Source, x: Source, *, upstream: str = "G", where: str = "", let: Mapping[str, Source] | None = None, check: bool = True,
    using: Using = None, timeout: float | None = None,
) -> Result:  # fmt: skip
    """The gradient of ⟨G, f⟩ with respect to x, for an upstream gradient G of the shape of f."""
    question = Question(f, x, where, let, using)
    if has_name(question.f, upstream):
        raise RankMistake(f"the upstream gradient {upstream} would hide a variable of that name; give another with upstream=")
    G = leaves.symbol(upstream, *question.f.shape)
    result = question.result(pullback_answer(question.f, question.x, G), structured=True, upstream=G)
    return result.checked() if check else result


def differential(f: Source, *xs: Source, where: str = "", let: Mapping[str, Source] | None = None) -> Differential:
    """df in terms of the differentials of the variables xs, or of all symbols."""
    from matcalc.answers.forward import differential as differential_of

    if xs:
        question = Question(f, xs[0], where, let, more=xs[1:])
        return differential_of(question.f, question.xs)
    e = read(f, where=where, let={k: str(v) for k, v in (let or {}).items()}).expr if isinstance(f, str) else f
    return differential_of(e, ())


def newton(
    f: Source, x: Source, *, where: str = "", let: Mapping[str, Source] | None = None, timeout: float | None = None
) -> NewtonStep:  # fmt: skip
    """The step of Newton's method, x ← x − (∇²f)⁻¹∇f, for a scalar f; of a matrix with its entries stacked."""
    from matcalc.answers.newton import newton_step

    return newton_step(grad(f, x, where=where, let=let, timeout=timeout), hessian(f, x, where=where, let=let, timeout=timeout))


def hvp(f: Source, x: Source, v: str = "", *, where: str = "", let: Mapping[str, Source] | None = None) -> Result:
    """The product of the Hessian of a scalar f with a direction v of the shape of x, without the Hessian."""
    from matcalc.answers.products import hvp

    return hvp(f, x, v, where=where, let=let)


@limited
def hessian(
    f: Source, x: Source, y: Source | None = None, *, where: str = "", let: Mapping[str, Source] | None = None, check: bool = True,
    using: Using = None, convention: str = "projected", timeout: float | None = None,
) -> Result:  # fmt: skip
    """The matrix of second derivatives ∂²f/∂vec x ∂(vec y)ᵀ of a scalar; with one variable, y is x."""
    _known_choice("convention", convention, CONVENTIONS)
    question = Question(f, x, where, let, using, more=[] if y is None else [y], in_parts=y is None)
    if not question.f.is_scalar:
        note = "matcalc jacobian gives the first derivatives of its entries"
        raise RankMistake(f"a Hessian is of a scalar, and this is {shown(question.f)}", notes=(*question.notes, note))
    answer = question.in_columns(hessian_answer(question.f, question.x, question.xs[-1], convention))
    result = question.result(answer, answer.convention.structured)
    return result.checked() if check else result


DERIVATIVES: dict[str, Callable[..., Any]] = {
    "gradient": grad, "jacobian": jacobian, "vec-jacobian": jacobian, "hessian": hessian, "pullback": pullback,
}  # fmt: skip
"""What can be checked, and how we derive it."""

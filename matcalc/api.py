"""The doors for programs: `grad`, `jacobian`, `hessian`, `pullback`, `parse`, `equal`, and the words of the language as functions.

Operations and rules are loaded here; how a question is read and its answer checked is in `matcalc.question`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import matcalc.operations
import matcalc.rules  # noqa: F401 - both fill their tables
from matcalc.assessment import Assessment as Assessment
from matcalc.catalogue import listing as listing
from matcalc.catalogue import look_up as look_up
from matcalc.checking import judged
from matcalc.core import leaves
from matcalc.core.abstract import KINDS, Function
from matcalc.core.builders import SHORTHANDS, UNSIZED_IDENTITY, lift
from matcalc.core.canonical import canonical
from matcalc.core.expression import WRITERS, Expr, shown
from matcalc.core.property import PROPERTIES, Property
from matcalc.core.size import Size
from matcalc.core.words import NOTHING, Argument, NoSuchCall, readings
from matcalc.core.words import vocabulary as vocabulary
from matcalc.deadline import limited
from matcalc.emit.latex import latex
from matcalc.engine.answer import gradient_answer, gradient_answers, hessian_answer, jacobian_answer, pullback_answer
from matcalc.engine.nested import carried_out
from matcalc.engine.structure import CONVENTIONS
from matcalc.errors import MatcalcError, NameMistake, RankMistake, ShapeMistake, SyntaxMistake, Unsupported
from matcalc.expansion import Expansion, expansion
from matcalc.explanation import Explanation as Explanation
from matcalc.explanation import explain as explain
from matcalc.forward import Differential
from matcalc.forward import differential as differential_of
from matcalc.pages import explained as explained
from matcalc.products import hvp as hvp
from matcalc.quantity import Using
from matcalc.question import Question, Source
from matcalc.result import Result as Result
from matcalc.result import has_name
from matcalc.scoping import in_one_scope
from matcalc.simplification import Simplification, simplified
from matcalc.syntax import read, text
from matcalc.syntax.calls import count_wrong
from matcalc.syntax.tex import looks_like_latex as looks_like_latex
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

WRITERS |= {"text": text, "latex": lambda e: f"$\\displaystyle {latex(e)}$"}
I = UNSIZED_IDENTITY  # noqa: E741 - the field's own letter
LAYOUTS = ("numerator", "denominator")


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


def symbol_of(name: str, sizes: tuple[Size | int | str, ...], properties: str) -> Expr:
    """A symbol with checked name and properties."""
    from matcalc.syntax.letters import checked_name

    words: set[Property] = set()
    for word in properties.split():
        if word not in PROPERTIES:
            raise NameMistake(f"{word!r} is no property; there are {', '.join(PROPERTIES)}")
        words.add(PROPERTIES[word])
    return leaves.symbol(checked_name(name), *map(_size_of, sizes), properties=frozenset(words))


def _size_of(size: Size | int | str) -> Size:
    """A size from a number or from its text: `n`, `n*p`; through the same door as declarations."""
    if not isinstance(size, str):
        return Size.of(size)
    from matcalc.syntax.declare import size_of
    from matcalc.syntax.parse import parse as parsed

    return size_of(size, parsed(size))


def matrix(name: str, rows: Size | int | str, columns: Size | int | str, properties: str = "") -> Expr:
    """A matrix variable."""
    return symbol_of(name, (rows, columns), properties)


def vector(name: str, size: Size | int | str, properties: str = "") -> Expr:
    """A column variable."""
    return symbol_of(name, (size,), properties)


def scalar(name: str, properties: str = "") -> Expr:
    """A scalar variable."""
    return symbol_of(name, (), properties)


def function(name: str, kind: str = "elementwise", size: Size | int | str | None = None) -> Function:
    """A function of which only the name is known: "elementwise", "scalar", or "vector" with so many entries; called, it applies itself."""
    from matcalc.syntax.letters import checked_name

    if kind not in KINDS or (size is not None) != (kind == "vector"):
        raise NameMistake("a function is 'elementwise' or 'scalar', or 'vector' with the size of its values")
    return Function(checked_name(name), kind, None if size is None else _size_of(size))


def __getattr__(word: str) -> Callable[..., Expr]:
    """A word of the language as a function: `mc.sum(X)`, `mc.norm(x)`."""
    found = vocabulary().get(word, ())
    if word in SHORTHANDS:
        return lambda *arguments: SHORTHANDS[word](*map(lift, arguments))
    if not found:
        raise AttributeError(f"module 'matcalc' has no attribute {word!r}")

    def function(*arguments: Any, **options: Any) -> Expr:
        given = [*(("", a) for a in arguments), *options.items()]
        try:
            calls = readings(word, [Argument(name, _literal(a)) for name, a in given])
        except NoSuchCall as problem:
            raise SyntaxMistake(problem.message or count_wrong(word, problem.wanted, len(given))) from None
        wrong: list[ShapeMistake] = []
        for call in calls:
            inside = call.operation.equation.letters if call.operation.equation is not None else ""
            extra = {name: Size.of(given[k][1]) if name in inside else given[k][1] for name, k in call.parameters.items()}
            try:
                return call.operation(*(lift(given[k][1]) for k in call.operands), **extra)
            except ShapeMistake as problem:
                wrong.append(problem)
        raise wrong[0]

    function.__name__, function.__doc__ = word, found[0].doc
    return function


def _literal(argument: Any) -> Any:
    """An argument as a literal: a number or a string."""
    if isinstance(argument, float):
        return "inf" if argument == float("inf") else Fraction(repr(argument))
    return argument if isinstance(argument, (int, Fraction, str)) else NOTHING


def equal(a: Source | Simplification | Result, b: Source | Simplification | Result, where: str = "") -> bool:
    """Whether two expressions are equal, their names being the same: by normal form, else by evaluation."""
    first, second = map(carried_out, in_one_scope(_source(a), _source(b), where))
    if canonical(first) is canonical(second):
        return True
    return first.shape == second.shape and Oracle(points_for([first, second]).points).equal(first, second)


def _source(x: Source | Simplification | Result) -> Source:
    return x if isinstance(x, (str, Expr)) else x.value


@limited
def check(
    f: Source, x: Source, answer: Source | Simplification | Result, *, of: str = "", where: str = "",
    let: Mapping[str, Source] | None = None, convention: str = "projected", upstream: str = "G", timeout: float | None = None,
) -> Assessment:  # fmt: skip
    """Whether an answer is the derivative of f with respect to x, and what is wrong with it if it is not.

    `of` says which derivative: "gradient", "jacobian", "hessian", "pullback", "differential"; else the shape of the answer does.
    It is read in the scope of the question; in it, dx is the differential of the variable, and G an upstream gradient.
    Raises MatcalcError where one of the texts cannot be read.
    """
    _known_choice("convention", convention, CONVENTIONS)
    if of:
        _known_choice("derivative", of, (*DERIVATIVES, "differential"))
    question = Question(f, x, where, let)
    more = {"of": of, "where": where, "convention": convention, "upstream": upstream}
    return judged(question.f, question.x, _source(answer), DERIVATIVES, **more)


def simplify(e: Source, where: str = "", let: Mapping[str, str] | None = None) -> Simplification:
    """An expression in a shorter form, `.value`, with its named and checked steps."""
    return simplified(e, where, let)


@limited
def grad(
    f: Source, x: Source | Iterable[Source], *, where: str = "", let: Mapping[str, Source] | None = None,
    using: Using = None, convention: str = "projected", layout: str = "numerator",
    timeout: float | None = None, check: bool = True,
) -> Any:  # fmt: skip
    """The gradient of a scalar, in the shape of the variable; of a column the Jacobian and, beside it, the pullback.

    Several variables give a dict of results.  Raises MatcalcError and its kinds.
    """
    _known_choice("convention", convention, CONVENTIONS)
    _known_choice("layout", layout, LAYOUTS)
    if not isinstance(x, (str, Expr)):
        return _several(f, list(x), where=where, let=let, using=using, convention=convention, layout=layout, check=check)
    question = Question(f, x, where, let, using, in_parts=True)
    if not question.f.is_scalar:
        if question.part is not None:
            raise Unsupported("the Jacobian with respect to a slice is not supported yet; the gradient of a scalar is")
        return _with_pullback(question, layout, check)
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
    result = _laid_out(question, layout)
    name = next(n for n in ("G", "Gbar", "Upstream") if not has_name(question.f, n))
    G = leaves.symbol(name, *question.f.shape)
    question.quantities = []  # the Jacobian was to be written through them
    pulled = question.result(pullback_answer(question.f, question.x, G), structured=True, upstream=G)
    result.pullback = pulled.checked() if check else pulled
    return result.checked() if check else result


def _laid_out(question: Question, layout: str) -> Result:
    _known_choice("layout", layout, LAYOUTS)
    result = question.result(jacobian_answer(question.f, question.x, layout == "denominator"))
    result.layout = layout
    return result


def taylor(
    f: Source, x: Source, order: int = 2, *, where: str = "", let: Mapping[str, Source] | None = None, timeout: float | None = None
) -> Expansion:
    """f(x + h) to the first or second order in h, for a scalar f."""
    if order not in (1, 2):
        raise Unsupported(f"an expansion of order {order} is not known; there are 1 and 2")
    second = hessian(f, x, where=where, let=let, timeout=timeout) if order == 2 else None
    return expansion(grad(f, x, where=where, let=let, timeout=timeout), second)


@limited
def jacobian(
    f: Source, x: Source, *, where: str = "", let: Mapping[str, Source] | None = None, layout: str = "numerator", check: bool = True,
    using: Using = None, timeout: float | None = None,
) -> Result:  # fmt: skip
    """J[i, j] = ∂fᵢ/∂xⱼ of columns; ∂vec f/∂(vec x)ᵀ of matrices; for a scalar x the derivative in the shape of f."""
    result = _laid_out(Question(f, x, where, let, using), layout)
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
    if xs:
        question = Question(f, xs[0], where, let, more=xs[1:])
        return differential_of(question.f, question.xs)
    e = read(f, where=where, let={k: str(v) for k, v in (let or {}).items()}).expr if isinstance(f, str) else f
    return differential_of(e, ())


@limited
def hessian(
    f: Source, x: Source, y: Source | None = None, *, where: str = "", let: Mapping[str, Source] | None = None, check: bool = True,
    using: Using = None, timeout: float | None = None,
) -> Result:  # fmt: skip
    """The matrix of second derivatives ∂²f/∂vec x ∂(vec y)ᵀ of a scalar; with one variable, y is x."""
    question = Question(f, x, where, let, using, more=[] if y is None else [y])
    if not question.f.is_scalar:
        note = "matcalc jacobian gives the first derivatives of its entries"
        raise RankMistake(f"a Hessian is of a scalar, and this is {shown(question.f)}", notes=(note,))
    answer = hessian_answer(question.f, question.x, question.xs[-1])
    result = question.result(answer, answer.convention.structured)
    return result.checked() if check else result


DERIVATIVES: dict[str, Callable[..., Any]] = {
    "gradient": grad, "jacobian": jacobian, "vec-jacobian": jacobian, "hessian": hessian, "pullback": pullback,
}  # fmt: skip
"""What can be checked, and how we derive it."""

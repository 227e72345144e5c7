"""The doors for programs: `grad`, `jacobian`, `pullback`, `parse`, `equal`, and the words of the language as functions.

This is where tables and parts are wired: operations and rules are loaded, the parser reads, the engine derives, the oracle
checks.  A result that fails its check is never returned: CheckFailed is raised, and that is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import matcalc.operations
import matcalc.rules  # noqa: F401 - both fill their tables
from matcalc.core import leaves
from matcalc.core.builders import SHORTHANDS, UNSIZED_IDENTITY, chained, lift
from matcalc.core.canonical import canonical
from matcalc.core.equation import letters
from matcalc.core.expression import Expr, postorder
from matcalc.core.property import PROPERTIES, Property
from matcalc.core.size import Size
from matcalc.core.words import NOTHING, Argument, NoSuchCall, readings, vocabulary
from matcalc.engine.answer import Answer, gradient_answer, jacobian_answer, pullback_answer
from matcalc.errors import LimitReached, NameMistake, RankMistake, ShapeMistake, SyntaxMistake, Unsupported
from matcalc.result import Check, has_name, where_of
from matcalc.result import Result as Result
from matcalc.syntax import Reading, read, text
from matcalc.syntax.calls import count_wrong
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.points import points_for
from matcalc.verify.raw import agrees

I = UNSIZED_IDENTITY  # noqa: E741 - the field's own letter
Source = str | Expr
CONVENTIONS = ("projected", "distinct", "unstructured")
LAYOUTS = ("numerator", "denominator")


def parse(text_: str, where: str = "", let: Mapping[str, str] | None = None) -> Expr:
    """The plain expression that a text means."""
    return read(text_, where=where, let=let).expr


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
            inside = letters("".join(call.operation.equation.inputs)) if call.operation.equation is not None else ""
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


def equal(a: Source, b: Source, where: str = "") -> bool:
    """Whether two expressions are equal: by normal form, else by evaluation."""
    first = read(a, where=where).expr if isinstance(a, str) else a
    second = read(b, where=where).expr if isinstance(b, str) else b
    if canonical(first) is canonical(second):
        return True
    return first.shape == second.shape and Oracle(points_for([first, second]).points).equal(first, second)


class Question:
    """A function and a variable as they were asked, read."""

    def __init__(self, f: Source, x: Source, where: str, let: Mapping[str, Source] | None) -> None:
        self.reading: Reading | None = None
        name = x if isinstance(x, str) else x["name"]
        if isinstance(f, str):
            texts = {k: v if isinstance(v, str) else str(v) for k, v in (let or {}).items()}
            self.reading = read(f, where=where, let=texts, wrt=name)
            self.f = self.reading.expr
            self.assumptions = self.reading.assumptions
            self.x = self.reading.symbols[name]
        else:
            self.f, self.assumptions = chained(f), ()
            self.x = x if isinstance(x, Expr) else self._symbol(name)

    def _symbol(self, name: str) -> Expr:
        for s in leaves.symbols(self.f):
            if s["name"] == name:
                return s
        names = ", ".join(s["name"] for s in leaves.symbols(self.f))
        raise NameMistake(f"there is no variable {name!r}; there are {names}")

    def result(self, answer: Answer, structured: bool = False, upstream: Expr | None = None) -> Result:
        """The result of an answer, with its oracle."""
        roots = [self.f] if upstream is None else [self.f, upstream]
        chosen = points_for(roots, {self.x}, exact=2, floating=1, structured=structured)
        oracle = Oracle(chosen.points, chosen.why)

        def checks(result: Result) -> Check:
            return _checked(self, result, oracle, upstream)

        answer = replace(answer, value=self._settled(answer.value))
        return Result(self.f, self.x, answer, oracle, self.assumptions, where_of(self.assumptions), checks)

    def _settled(self, value: Expr) -> Expr:
        """The value as its own text reads: operators put scalars in front where a word's arguments may hold them elsewhere.

        A value too long for a text stays as it is.
        """
        try:
            again = read_again(self.f, value)
            return again if again.shape == value.shape else value
        except LimitReached:
            return value


def _checked(question: Question, result: Result, oracle: Oracle, upstream: Expr | None) -> Check:
    """The reading, every step, the value, and the text read again."""
    if not oracle.points:
        return Check(None, 0, 0.0, "", oracle.why or "no point was found where the function has a value")
    verdicts: list[tuple[str, Verdict]] = []
    reading = question.reading
    if reading is not None:
        names: dict[str, Any] = {**reading.symbols, **dict(reading.let_trees)}
        verdicts.append(("the reading of the text", agrees(reading.tree, reading.expr, oracle, names, reading.shapes)))
    f, x = result.f, result.variable
    if result.kind == "gradient":
        verdicts.append(("the gradient", oracle.check_gradient(f, x, result.value)))
    elif result.kind == "jacobian":
        verdicts.append(("the Jacobian", oracle.check_jacobian(f, x, result.value)))
    elif upstream is not None:
        verdicts.append(("the pullback", oracle.check_pullback(f, x, upstream, result.value)))
    verdicts += [(f"step {i + 1} ({s.rule})", oracle.holds(s.before, s.after)) for i, s in enumerate(result.answer.derivation)]
    failed = [what for what, v in verdicts if v.passed is False]
    if failed:
        return Check(False, len(oracle.points), 1.0, oracle.points[0].method, f"{failed[0]} is wrong")
    unsure = [(what, v) for what, v in verdicts if v.passed is None]
    if unsure:
        return Check(None, len(oracle.points), 0.0, "", f"{unsure[0][0]}: {unsure[0][1].why}")
    try:
        if read_again(f, result.value) is not result.value:
            return Check(False, len(oracle.points), 1.0, "", "its text, read again, is something else")
    except LimitReached:
        pass  # a value too long to be a text is checked as it is
    error = max((v.max_error for _, v in verdicts), default=0.0)
    return Check(True, len(oracle.points), error, oracle.points[0].method)


def read_again(f: Expr, value: Expr) -> Expr:
    """What the text of a value means, with the symbols of the problem."""
    known = {s["name"]: s for s in postorder(f, value) if s.op is leaves.SYMBOL}
    return read(text(value), known=known).expr


def grad(
    f: Source, x: Source | Iterable[Source], *, where: str = "", let: Mapping[str, Source] | None = None,
    using: Mapping[str, str] | None = None, convention: str = "projected", layout: str = "numerator",
    timeout: float | None = None, check: bool = True,
) -> Any:  # fmt: skip
    """The gradient of a scalar, in the shape of the variable; of a column the Jacobian and, beside it, the pullback.

    Several variables give a dict of results.  Raises MatcalcError and its kinds.
    """
    if using is not None:
        raise Unsupported("results written through named quantities (using=) are not supported yet")
    _known_choice("convention", convention, CONVENTIONS)
    _known_choice("layout", layout, LAYOUTS)
    if not isinstance(x, (str, Expr)):
        return {
            (n if isinstance(n, str) else n["name"]): grad(f, n, where=where, let=let, convention=convention, layout=layout, check=check)
            for n in x
        }
    question = Question(f, x, where, let)
    if not question.f.is_scalar:
        return _with_pullback(question, layout, check)
    structured = convention == "projected"
    if convention == "distinct" and question.x["properties"]:
        raise Unsupported("the convention of distinct entries is not supported yet")
    result = question.result(gradient_answer(question.f, question.x, structured), structured)
    return result.checked() if check else result


def _known_choice(what: str, word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        raise NameMistake(f"there is no {what} {word!r}; there are {', '.join(known)}")


def _with_pullback(question: Question, layout: str, check: bool) -> Result:
    result = _laid_out(question, layout)
    name = next(n for n in ("G", "Gbar", "Upstream") if not has_name(question.f, n))
    G = leaves.symbol(name, *question.f.shape)
    pulled = question.result(pullback_answer(question.f, question.x, G), structured=True, upstream=G)
    result.pullback = pulled.checked() if check else pulled
    return result.checked() if check else result


def _laid_out(question: Question, layout: str) -> Result:
    _known_choice("layout", layout, LAYOUTS)
    if layout == "denominator":
        raise Unsupported("the denominator layout is not supported yet")
    return question.result(jacobian_answer(question.f, question.x))


def jacobian(
    f: Source, x: Source, *, where: str = "", let: Mapping[str, Source] | None = None, layout: str = "numerator", check: bool = True
) -> Result:
    """J[i, j] = ∂fᵢ/∂xⱼ of a column with respect to a column or a scalar."""
    result = _laid_out(Question(f, x, where, let), layout)
    return result.checked() if check else result


def pullback(
    f: Source, x: Source, *, upstream: str = "G", where: str = "", let: Mapping[str, Source] | None = None, check: bool = True
) -> Result:
    """The gradient of ⟨G, f⟩ with respect to x, for an upstream gradient G of the shape of f."""
    question = Question(f, x, where, let)
    if has_name(question.f, upstream):
        raise RankMistake(f"the upstream gradient {upstream} would hide a variable of that name; give another with upstream=")
    G = leaves.symbol(upstream, *question.f.shape)
    result = question.result(pullback_answer(question.f, question.x, G), structured=True, upstream=G)
    return result.checked() if check else result


def hessian(f: Source, x: Source, y: Source | None = None, **options: Any) -> Result:
    """The second derivative; not supported yet."""
    raise Unsupported("Hessians are not supported yet; there are grad, jacobian and pullback")

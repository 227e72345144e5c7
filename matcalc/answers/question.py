"""A question as it was asked: read, and, once the engine has answered, checked before anyone sees the answer.

Here the parts meet: the parser reads, the engine derives, the oracle checks the reading, every step, the value and its text.  A
result that fails is never returned: CheckFailed is raised, and that is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias

from matcalc.answers.quantity import Quantity, Using, quantity, texts_of
from matcalc.answers.result import Check, Result, where_of
from matcalc.core import leaves
from matcalc.core.abstract import functions, is_gradient
from matcalc.core.builders import call, chained
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act
from matcalc.core.expression import Expr, postorder
from matcalc.core.operation import OPERATIONS
from matcalc.core.reality import wanted_real
from matcalc.core.unify import unified
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import Answer, gradient_answer
from matcalc.engine.hermitian import seen_real
from matcalc.engine.jacobian import stacked
from matcalc.engine.nested import carried_out
from matcalc.engine.partcolumns import of_part, part_columns
from matcalc.engine.parts import cut, part_answer, slicewise, told
from matcalc.engine.using import applies, through
from matcalc.errors import DomainMistake, LimitReached, NameMistake, RankMistake, SyntaxMistake, Unsupported
from matcalc.syntax import Reading, read, text
from matcalc.syntax.declare import declarations
from matcalc.syntax.elaborate import said
from matcalc.syntax.letters import checked_name
from matcalc.syntax.reals import complex_function
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.lines import lets_hold, line_holds
from matcalc.verify.points import points_for
from matcalc.verify.raw import agrees

Source: TypeAlias = str | Expr
MOST_NODES = 50_000


def _name_of(x: Source) -> str:
    """The name of a variable; raises RankMistake for what is none."""
    if isinstance(x, str):
        return x if "[" in x else checked_name(x)
    if x.op is not leaves.SYMBOL:
        raise RankMistake(f"a derivative is with respect to a variable, and {pretty(x)} is none")
    return str(x["name"])


def _check_size(f: Expr) -> None:
    """Raise LimitReached for an object of more parts than this door admits."""
    if next(islice(postorder(f), MOST_NODES, None), None) is not None:
        raise LimitReached(f"an expression may have {MOST_NODES:,} different parts, and this one has more")


def _objects(variables: Sequence[Source], let: Mapping[str, Source]) -> tuple[dict[str, Expr], dict[str, str]]:
    """What a text may name that exists already, by name; and the definitions that are texts."""
    definitions = {name: e for name, e in let.items() if isinstance(e, Expr)}
    objects = unified([*definitions.values(), *(x for x in variables if isinstance(x, Expr))])
    known = {s["name"]: s for s in leaves.symbols(*objects)}
    known |= {name: leaves.named(name, e) for name, e in zip(definitions, objects, strict=False)}
    return known, {name: text_ for name, text_ in let.items() if isinstance(text_, str)}


class Question:
    """A function and a variable as they were asked, read; there may be more variables, of which `about_variable` speaks."""

    def __init__(
        self, f: Source, x: Source, where: str = "", let: Mapping[str, Source] | None = None, using: Using = None,
        more: Sequence[Source] = (), in_parts: bool = False,
    ) -> None:  # fmt: skip
        self.reading: Reading | None = None
        self.part: Expr | None = None
        """The slice of the variable that was asked for."""
        self.texts: dict[str, Expr] = {}
        """What was read again, so that one text is read once."""
        typed = [_name_of(n) for n in (x, *more)]
        if any("[" in name for name in typed) and not in_parts:
            raise Unsupported("a slice can be the variable of a gradient only, and stand alone there; take the whole variable")
        names = [checked_name(name.partition("[")[0]) for name in typed]
        if isinstance(f, str):
            known, texts = _objects((x, *more), let or {})
            self.reading = read(f, where=where, let=texts, wrt=typed, known=known)
            self.f = carried_out(self.reading.expr)
            told = {a.name for a in self.reading.assumptions}
            self.assumptions = (*self.reading.assumptions, *(said(s) for s in leaves.symbols(self.f) if s["name"] not in told))
            self.xs = [self.reading.symbols[name] for name in names]
            self.part = self.reading.slices.get(typed[0])
        else:
            _check_size(f)
            if let:
                raise SyntaxMistake("definitions (let=) belong to a text; an object has what it was made of")
            declared = [] if not where else list(read("0", where=where, wrt=[d.name for d in declarations(where)]).symbols.values())
            objects = [n for n in (x, *more) if isinstance(n, Expr)]
            whole, *objects = unified([chained(f), *objects, *declared])
            self.f = carried_out(whole)
            self.assumptions = tuple(map(said, leaves.symbols(self.f)))
            given = iter(objects)
            self.xs = [next(given) if isinstance(n, Expr) else self._symbol(name) for n, name in zip((x, *more), names, strict=True)]
            if "[" in typed[0]:
                known = {s["name"]: s for s in leaves.symbols(self.f)}
                self.part = read("0", wrt=typed[:1], known=known).slices[typed[0]]
        for e in postorder(self.f) if self.reading is None else ():
            if (part := wanted_real(e)) is not None and not seen_real(part):
                raise DomainMistake(f"{e.op.written} is of real numbers, and {pretty(part)} may be complex")
        if not seen_real(self.f):
            raise complex_function(f if isinstance(f, str) else "")
        self.x = self.xs[0]
        self.quantities: list[Quantity] = []
        for text_ in texts_of(using):
            self.quantities.append(quantity(text_, self, self.quantities))

    def _symbol(self, name: str) -> Expr:
        for s in leaves.symbols(self.f):
            if s["name"] == name:
                return s
        names = ", ".join(s["name"] for s in leaves.symbols(self.f))
        raise NameMistake(f"there is no variable {name!r}; there are {names}")

    def about_variable(self, x: Expr) -> Question:
        """The same question, x being the variable of the result."""
        question = copy(self)
        question.x = x
        return question

    def gradient(self) -> Result:
        """The gradient of a scalar."""
        return self.result(self.in_parts(gradient_answer(self.f, self.x)), structured=True)

    def by_vec(self) -> Result:
        """The same by stacked columns: d vec F = A d vec X."""
        from matcalc.engine.vecroute import vec_answer

        if self.part is not None:
            raise Unsupported("the route by vec is for a whole variable: give the slice a name, as a matrix of its own")
        return self.result(vec_answer(self.f, self.x))

    def in_parts(self, answer: Answer) -> Answer:
        """The gradient with respect to the slice of the variable that was asked for; of an array, with the slice that tells it."""
        return part_answer(answer, self.f, self.part) if self.part is not None else slicewise(answer, self.f, self.x)

    def in_columns(self, answer: Answer) -> Answer:
        """The Jacobian or Hessian with respect to the slice of the variable that was asked for."""
        return part_columns(answer, self.f, self.part) if self.part is not None else answer

    def result(self, answer: Answer, structured: bool = False, upstream: Expr | None = None) -> Result:
        """The result of an answer, with its oracle."""
        roots = [self.f] if upstream is None else [self.f, upstream]
        chosen = points_for(roots, self.xs, exact=2, floating=1, structured=structured)
        oracle = Oracle(chosen.points, chosen.why)

        def checks(result: Result) -> Check:
            return _checked(self, result, oracle, upstream)

        def remarks(result: Result, steps: str, notation: str) -> Iterator[list[str]]:
            from matcalc.answers.remarks import remarks

            return remarks(self, result, steps, notation)

        answer = self._through_quantities(answer, oracle)
        answer = replace(answer, value=self._settled(answer.value))
        if answer.slice is not None:
            answer = replace(answer, slice=(answer.slice[0], self._settled(answer.slice[1])))
        if answer.derivation.end is not None:
            answer.derivation.add(Act.WRITE, answer.derivation.end, answer.value)
        if answer.slice is not None:
            told(answer, *answer.slice)
        told_ = {a.name for a in self.assumptions}
        beside = [said(s) for s in leaves.symbols(*roots[1:]) if s["name"] not in told_]
        where = where_of([*self.assumptions, *beside])
        return Result(self.f, self.x, answer, oracle, self.assumptions, where, checks, remarks, notes=self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about how the text was read."""
        return self.reading.notes if self.reading is not None else ()

    def through(self, answer: Answer, q: Quantity, oracle: Oracle) -> Answer | None:
        """The answer written through a quantity, where that is no longer."""
        return through(answer, self.f, self.x, q.name, lambda a, b: oracle.holds(a, b).passed is True, [k.name for k in self.quantities])

    def about(self, part: Expr, answered: Callable[[Expr, Expr], Answer]) -> Result:
        """Another question about a part of the function."""
        question = Question(part, self.x)
        return question.result(answered(question.f, question.x))

    def _through_quantities(self, answer: Answer, oracle: Oracle) -> Answer:
        """The answer written through the quantities that were asked for, one after the other."""
        for q in self.quantities:
            definition = canonical(q.name.args[0])
            if definition is canonical(answer.value) or ("gradient" in q.name.memo and is_gradient(definition)):
                continue  # it is the result itself, or ∇_wL by that name
            found = self.through(answer, q, oracle)
            if found is None:
                how = "is not shorter with" if applies(answer.value, q.name) else "cannot be written with"
                raise q.refused(f"the result, {pretty(answer.value)}, {how} {pretty(q.name)} = {pretty(q.name.args[0])}")
            answer = found
        return answer

    def _settled(self, value: Expr) -> Expr:
        """The value as its own text reads: operators put scalars in front where a word's arguments may hold them elsewhere.

        A value too long for a text stays as it is.
        """
        try:
            again = read_again(self.f, value, self.texts)
            return again if again.shape == value.shape else value
        except LimitReached:
            return value
        except DomainMistake as nowhere:
            raise DomainMistake(f"there is no point with a derivative: it would be {pretty(value)}, and {nowhere.message}") from None


def _checked(question: Question, result: Result, oracle: Oracle, upstream: Expr | None) -> Check:
    """The reading, every step, the value, and the text read again."""
    if not oracle.points:
        return Check(None, 0, 0.0, "", oracle.why or "no point was found where the function has a value")
    verdicts: list[tuple[str, Verdict]] = []
    reading = question.reading
    if reading is not None:
        names: dict[str, Any] = {**reading.functions, **reading.symbols, **reading.indices, **dict(reading.let_trees)}
        given = {place: (carried_out(e), *map(carried_out, e.args)) for place, e in reading.gradients.items()}
        verdicts += [("a gradient in the text", oracle.check_gradient(f, x, value)) for value, f, x in given.values()]
        values = {place: value for place, (value, _, _) in given.items()}
        verdicts.append(("the reading of the text", agrees(reading.tree, question.f, oracle, names, reading.shapes, values)))
    f, x = result.f, result.variable
    if result.kind == "gradient":
        whole = result.answer.gradient if result.answer.part is not None else result.value
        assert whole is not None
        verdicts.append(("the gradient", oracle.check_gradient(f, x, result.answer.convention.free(whole))))
        if result.answer.part is not None:
            verdicts.append(("the slice of the gradient", oracle.holds(cut(whole, result.answer.part), result.value)))
    elif result.kind in ("jacobian", "vec-jacobian"):
        whole = result.answer.whole if result.answer.whole is not None else result.value
        J = call("transpose", whole) if result.answer.derivation.transposed else whole
        verdicts.append(("the Jacobian", oracle.check_jacobian(f, x, _spread(result, J))))
    elif result.kind == "hessian":
        verdicts += _second_order(question, result, oracle)
    if result.answer.whole is not None and result.answer.part is not None:
        chosen = of_part(result.answer, result.answer.whole, result.answer.part)
        verdicts.append(("the columns of the slice", oracle.holds(stacked(chosen), stacked(result.value))))
    if upstream is not None and result.kind not in ("gradient", "jacobian", "vec-jacobian", "hessian"):
        verdicts.append(("the pullback", oracle.check_pullback(f, x, upstream, result.value)))
    steps = enumerate(result.answer.derivation)
    verdicts += [(f"step {i + 1} ({s.rule})", line_holds(oracle, s)) for i, s in steps]
    verdicts += lets_hold(oracle, result.answer.derivation)
    failed = [what for what, v in verdicts if v.passed is False]
    if failed:
        return Check(False, len(oracle.points), 1.0, oracle.points[0].method, f"{failed[0]} is wrong")
    unsure = [(what, v) for what, v in verdicts if v.passed is None]
    if unsure:
        return Check(None, len(oracle.points), 0.0, "", f"{unsure[0][0]}: {unsure[0][1].why}")
    try:
        if read_again(f, result.value, question.texts) is not result.value:
            return Check(False, len(oracle.points), 1.0, "", "its text, read again, is something else")
    except LimitReached:
        pass  # a value too long to be a text is checked as it is
    error = max((v.max_error for _, v in verdicts), default=0.0)
    return Check(True, len(oracle.points), error, oracle.points[0].method)


def _spread(result: Result, J: Expr) -> Expr:
    """J with a column for every entry of a variable, where it has one for each distinct entry: J vech dX = (J L) vec dX."""
    x = result.variable
    return J if result.answer.convention.spread(x) is None else J @ OPERATIONS["elimination"](n=x.shape[0])


def _second_order(question: Question, result: Result, oracle: Oracle) -> list[tuple[str, Verdict]]:
    """The gradient against f, the Hessian against the gradient, and the Hessian against f by differences; its symmetry."""
    f, x, gradient, H = result.f, result.variable, result.answer.gradient, result.answer.whole or result.value
    y = result.answer.derivation.second or x
    assert gradient is not None
    D = result.answer.convention.spread(x)
    found = [
        ("the gradient", oracle.check_gradient(f, x, gradient)),
        ("the Hessian", oracle.moving(y).check_jacobian(gradient if D is None else D.T @ call("vec", gradient), y, _spread(result, H))),
    ]
    stacked = call("vec", H) if y.is_scalar and not x.is_column else H  # by a number: in the shape of x
    differences = oracle.check_hessian(f, x, y, stacked if D is None else _spread(result, _spread(result, H).T).T)
    if differences.passed is not None:
        found.append(("the Hessian by differences", differences))
    if x is y and not H.is_scalar and result.answer.convention.structure is None:
        found.append(("the symmetry of the Hessian", oracle.holds(H, call("transpose", H))))
    return found


def read_again(f: Expr, value: Expr, done: dict[str, Expr]) -> Expr:
    """What the text of a value means, with the symbols of the problem; `done` keeps what was read."""
    written = text(value)
    if written not in done:
        known = {s["name"]: s for s in postorder(f, value) if s.op is leaves.SYMBOL}
        done[written] = read(written, known=known, functions=functions(f, value)).expr
    return done[written]

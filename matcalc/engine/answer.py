"""From a question to an answer: name, derive, identify, fold back, arrange."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace

from matcalc.core.abstract import function_of, functions, order_of
from matcalc.core.builders import call, inner_product, matrix_product
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Let, Reason
from matcalc.core.expression import Expr, depends, postorder, rebuilt, substitute_here, transform
from matcalc.core.indices import counter, letter_of, levelled
from matcalc.core.leaves import INDEX_SUM, NAMED, SYMBOL, differential_of, is_zero_leaf, named
from matcalc.core.terms import build
from matcalc.engine.arrange import Arrangement
from matcalc.engine.conditions import Condition, conditions, without_implied
from matcalc.engine.cost import cost, cost_with_names
from matcalc.engine.derive import Turn, facts_worth_telling, gradient
from matcalc.engine.finish import Finish
from matcalc.engine.infer import by_facts
from matcalc.engine.jacobian import applied, differential, jacobian, stacked
from matcalc.engine.matrixform import matrix_form
from matcalc.engine.naming import Labels, name_parts
from matcalc.engine.pairing import pair, total
from matcalc.engine.projection import lies_in
from matcalc.engine.structure import PLAIN, Convention
from matcalc.engine.telling import uses_of
from matcalc.errors import Unsupported

FEW_SCALARS = 4
"""So many numbers that a person named are solved for what shortens a line."""


@dataclass(frozen=True)
class Answer:
    """A derivative: its kind, its value as a person writes it, the derivation that led there, and where it does not hold."""

    kind: str
    value: Expr
    derivation: Derivation
    conditions: tuple[Condition, ...]
    convention: Convention = PLAIN
    """What a gradient is, where the variable has a structure."""
    gradient: Expr | None = None
    """Of a Hessian, the gradient that was differentiated; of a slice of a gradient, the whole."""
    upstream: Expr | None = None
    """Of a pullback, the gradient that came from above."""
    whole: Expr | None = None
    """Of a slice of a Jacobian or a Hessian, the whole."""
    part: Expr | None = None
    """The slice of the variable that the value is for, where it is not for all of it."""
    slice: tuple[Expr, Expr] | None = None
    """Of the gradient with respect to an array, a slice of the variable at any index, and what belongs to it."""


class Problem:
    """A function and its variables, named and ready for the engine."""

    def __init__(self, f: Expr, *xs: Expr, label: str = "", before: Problem | None = None) -> None:
        """The naming pass is run here; `label` is a letter for f besides the usual ones, `before` has used names already."""
        self.f = f
        used = {e["name"] for e in postorder(f, *xs) if e.op is SYMBOL} | {e["label"] for e in postorder(f) if e.op is NAMED}
        used |= set(functions(f))
        used |= {name for e in postorder(f, *xs) for size in e.shape for name in size.names()}
        labels = Labels(used) if before is None else Labels(used | before.turn.labels.used, before.turn.labels.known)
        applied_function = function_of(f)
        wanted = (applied_function.name,) if applied_function is not None and order_of(f) == 0 else ()
        usual = (*label, "f" if f.is_column else "F", "f", "F", "h", "phi", "f1")
        self.label = next(name for name in (*wanted, *usual) if name in wanted or name not in labels.used)
        labels.used.add(self.label)
        written = levelled(matrix_form(f)) if any(e.op is INDEX_SUM for e in postorder(f)) else f
        for e in postorder(written):
            if e.op is INDEX_SUM:  # the letters of this problem, and of no other one
                counter(e).memo["letter"] = letter_of(e)
        whole = name_parts(written, set(xs), labels)
        root = whole.root if whole.root.op is NAMED else named(self.label, whole.root)
        self.names = whole
        dependent = depends([root, *xs], set(xs))
        arrange = Arrangement([f, *whole.originals.values(), whole.root], dependent)
        self.derivation = Derivation(root)
        self.turn: Turn = Turn(arrange, labels, dependent, self.derivation, {})
        self.turn.typed = whole.typed if whole.root.op is not NAMED and not wanted else None
        self.turn.values = {name.args[0]: name for name in (*whole.originals, *whole.users)}
        self.turn.users = set(whole.users)
        scalars = [name for name in whole.users if name.is_scalar]
        self.turn.scalars = scalars if len(scalars) <= FEW_SCALARS else []
        parts = {definition: part for part, definition in whole.originals.items()}
        for name in [e for e in postorder(whole.root) if e in whole.originals or e in whole.users]:
            shown = whole.originals[name] if name in whole.originals else substitute_here(whole.users[name].args[0], parts)
            self.derivation.lets.append(Let(name, shown, facts_worth_telling(name)))
        if written is not f:
            self.derivation.add(Act.START, root, f)
        self.root = root

    def finished(self, e: Expr) -> Expr:
        """A canonical answer over names as the plain expression to show; how it comes about is told."""
        return Finish(self.turn, self.names, self.f, e).answer()

    def tried(self, e: Expr) -> Expr:
        """What `finished` would give; nothing is told."""
        labels = Labels(set(self.turn.labels.used), dict(self.turn.labels.known))
        return Finish(replace(self.turn, labels=labels, derivation=Derivation(self.root)), self.names, self.f, e).answer()

    def conditions(self) -> tuple[Condition, ...]:
        """Where the derivative does not exist, or one generalized gradient is chosen."""
        return tuple(conditions(self.names.root, self.turn.dependent, {**self.turn.definitions, **self.names.originals}))


def gradient_answer(f: Expr, x: Expr, convention: str = "projected", label: str = "") -> Answer:
    """∂f/∂x of a scalar f, in the shape of x; the convention says what that is where x has a structure."""
    return gradient_answers(f, [x], convention, label)[x]


def gradient_answers(f: Expr, xs: Sequence[Expr], convention: str = "projected", label: str = "") -> dict[Expr, Answer]:
    """The gradients with respect to several variables: one derivation, which ends in a way of its own for each of them."""
    chosen = {x: Convention.of(convention, x) for x in xs}
    problem = Problem(f, *xs, label=label)
    found = gradient(problem.root, list(xs), problem.turn)
    conditions, shared = problem.conditions(), problem.derivation
    answers = {}
    for x in xs:
        problem.derivation = problem.turn.derivation = Derivation(shared.subject, list(shared.lets), list(shared.steps))
        answers[x] = _gradient_answer(x, found, problem, chosen[x], conditions)
    return answers


def _gradient_answer(
    x: Expr, found: dict[Expr, Expr], problem: Problem, convention: Convention, conditions: tuple[Condition, ...]
) -> Answer:  # fmt: skip
    arrange, derivation = problem.turn.arrange, problem.derivation
    beside = [pair(arrange(g), differential_of(y)) for y, g in found.items() if y is not x and not is_zero_leaf(g)]
    paired = over_names = _structured(found[x], x, problem, convention, beside)
    if convention.name == "distinct" and convention.structure is not None and convention.structure.distinct is not None:
        paired = _named_once(paired, x, problem, convention.structure.distinct)
        over_names = convention.structure.distinct(paired)
        paired = _told(paired, canonical(convention.free(over_names)), x, problem, convention, beside)
    written = arrange(over_names)
    reason = Reason(left=written, right=x, words="gradient" if over_names is paired else "distinct")
    whole = total([pair(arrange(paired), differential_of(x)), *beside])
    derivation.add(Act.IDENTIFY, differential_of(problem.root), whole, [reason], beside[:1])
    return Answer("gradient", problem.finished(over_names), derivation, conditions, convention)


def _named_once(g: Expr, x: Expr, problem: Problem, distinct: Callable[[Expr], Expr]) -> Expr:
    """A name for a gradient that the answer in distinct entries would say several times, 2 G − diag(diag(G)), where that is shorter."""
    whole, name = problem.tried(g), named("", g)
    known = problem.names.users
    if cost_with_names(problem.tried(distinct(g)), known) <= cost_with_names(whole, known) + cost(distinct(name)) + cost(name):
        return g
    name = named(problem.turn.labels.take("derivative"), whole)
    problem.names.users[name] = whole
    problem.turn.arrange.introduce(name)
    d, arrange, derivation = differential_of(x), problem.turn.arrange, problem.derivation
    derivation.add(Act.DEFINE, name, whole)
    derivation.add(Act.ABBREVIATE, pair(arrange(g), d), pair(name, d), [Reason(name, whole)])
    return name


def _structured(g: Expr, x: Expr, problem: Problem, convention: Convention, beside: list[Expr]) -> Expr:
    """The gradient in the space of the variable's structure, in which its differential lies too."""
    if convention.structure is None or not convention.structured or lies_in(g, x, convention.structure):
        return g
    return _told(g, convention.structure.projected(g, x), x, problem, convention, beside)


def _told(g: Expr, new: Expr, x: Expr, problem: Problem, convention: Convention, beside: list[Expr]) -> Expr:
    """The new factor of dX, after facts; that it gives the same df is a step, because of what dX satisfies."""
    d = differential_of(x)
    new, used = by_facts(new)
    arrange = problem.turn.arrange
    reasons = [*convention.own(d, x), *uses_of(used, problem.turn)]
    problem.derivation.add(Act.PROJECT, pair(arrange(g), d), pair(arrange(new), d), reasons, beside)
    return new


def jacobian_answer(F: Expr, x: Expr, transposed: bool = False, convention: str = "projected") -> Answer:
    """∂vec F/∂(vec x)ᵀ, columns stacked; of columns ∂F/∂xᵀ, and for a scalar x the derivative in the shape of F.

    `transposed` for the denominator layout, which is the transpose of that; for a scalar x there is nothing to transpose.  By the
    distinct convention the entries of a symmetric x are those of vech x.
    """
    kind = "jacobian" if x.is_scalar or (F.is_column and x.is_column) else "vec-jacobian"
    chosen = Convention.of(convention, x) if convention == "distinct" else PLAIN
    return jacobian_of(Problem(F, x), x, kind, x, transposed and not x.is_scalar, chosen)


def jacobian_of(problem: Problem, x: Expr, kind: str, first: Expr, transposed: bool = False, convention: Convention = PLAIN) -> Answer:
    """The same of a problem with names; of a gradient with respect to `first` it is a Hessian."""
    over_names = jacobian(problem.root, x, problem.turn)
    before = differential_of(problem.root)
    D = convention.spread(x)
    if D is not None:
        return _in_distinct_entries(problem, x, kind, transposed, convention, over_names, D)
    written = problem.turn.arrange(over_names)
    if transposed:
        over_names = build("transpose", over_names)
        problem.derivation.transposed = True
        reason = Reason(left=problem.turn.arrange(over_names), right=first, words=kind)
        problem.derivation.add(Act.IDENTIFY, stacked(before), applied(written, x), [reason])
        return Answer(kind, problem.finished(over_names), problem.derivation, problem.conditions())
    reason = Reason(left=written, right=first, words=kind)
    problem.derivation.add(Act.IDENTIFY, before if x.is_scalar else stacked(before), applied(written, x), [reason])
    return Answer(kind, problem.finished(over_names), problem.derivation, problem.conditions())


def _in_distinct_entries(
    problem: Problem, x: Expr, kind: str, transposed: bool, convention: Convention, J: Expr, D: Expr
) -> Answer:  # fmt: skip
    """J D, the columns of which belong to the distinct entries of x; of a gradient Dᵀ H D."""
    arrange, derivation, d = problem.turn.arrange, problem.derivation, differential_of(x)
    derivation.distinct = True
    before, entries = stacked(differential_of(problem.root)), call(convention.entries, d)
    if kind == "hessian":
        J, before = build("matmul", build("transpose", D), J), matrix_product(D.T, before)
    moved = applied(arrange(J), x)
    J, used = by_facts(build("matmul", J, D))
    after = matrix_product(arrange(J), entries)
    derivation.add(Act.PROJECT, moved, after, [Reason(stacked(d), matrix_product(D, entries)), *uses_of(used, problem.turn)])
    if transposed:
        J, derivation.transposed = build("transpose", J), True
    derivation.add(Act.IDENTIFY, before, after, [Reason(left=arrange(J), right=x, words=kind)])
    return Answer(kind, problem.finished(J), derivation, problem.conditions(), convention)


def differential_answer(F: Expr, xs: Sequence[Expr]) -> Answer:
    """dF in terms of the differentials of the variables."""
    problem = Problem(F, *xs)
    over_names = differential(problem.root, xs, problem.turn)
    problem.derivation.add(Act.COLLECT, differential_of(problem.root), problem.turn.arrange(over_names), [Reason(words="collect")])
    return Answer("differential", problem.finished(over_names), problem.derivation, problem.conditions())


def hessian_answer(f: Expr, x: Expr, y: Expr, convention_: str = "projected") -> Answer:
    """The Jacobian with respect to y of the gradient with respect to x: ∂²f/∂vec x ∂(vec y)ᵀ; the derivation goes on."""
    convention = Convention.of("projected", x)
    distinct = Convention.of(convention_, x) if convention_ == "distinct" and x is y else PLAIN
    if convention_ == "distinct" and x is not y:
        raise Unsupported("derivatives in the distinct entries are known with respect to one variable")
    if convention.structure is not None and convention.structure.is_riemannian:
        raise Unsupported("the Hessian with respect to an orthogonal matrix is not known yet; declare it without that property")
    problem = Problem(f, x)
    found = gradient(problem.root, [x], problem.turn)
    first = _gradient_answer(x, found, problem, convention, problem.conditions())
    again = Problem(first.value, y, label="g" if x.is_column else "G", before=problem)
    derivation = problem.derivation
    derivation.second = y
    derivation.add(Act.DEFINE, again.root, first.value, [Reason(words="the gradient")])
    second = jacobian_of(again, y, "hessian", x, convention=distinct)
    derivation.distinct = second.derivation.distinct
    derivation.lets += second.derivation.lets
    derivation.steps = [replace(s, wrt=x) for s in derivation.steps] + [replace(s, wrt=y) for s in second.derivation.steps]
    shown = {e for e in postorder(first.value) if e.op is NAMED} - set(postorder(f))
    again_told = [replace(c, arguments=tuple(_without(shown, a) for a in c.arguments)) for c in second.conditions]
    told = without_implied([*first.conditions, *(c for c in again_told if c not in first.conditions)])
    chosen = distinct if derivation.distinct else first.convention
    return Answer("hessian", second.value, derivation, tuple(told), chosen, first.value)


def _without(names: Container[Expr], e: Expr) -> Expr:
    """An expression with what these names stand for in their place."""
    return transform(e, lambda x, args: args[0] if x in names else rebuilt(x, args))


def pullback_answer(F: Expr, x: Expr, upstream: Expr) -> Answer:
    """The gradient of ⟨G, F⟩ with respect to x, G an upstream gradient of the shape of F."""
    answer = gradient_answer(inner_product(upstream, F), x, label="L")
    return replace(answer, kind="pullback", upstream=upstream)

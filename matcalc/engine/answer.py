"""From a question to an answer: name, derive, identify, fold back, arrange."""

from __future__ import annotations

from dataclasses import dataclass

from matcalc.core.abstract import function_of, functions, order_of
from matcalc.core.builders import inner_product, matrix_product, times
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Let, Reason
from matcalc.core.expression import Expr, depends, postorder, rebuilt, substitute
from matcalc.core.leaves import NAMED, SYMBOL, differential_of, named
from matcalc.core.property import DIAGONAL, SKEW, SYMMETRIC
from matcalc.core.terms import build
from matcalc.engine.arrange import Arrangement
from matcalc.engine.conditions import Condition, conditions
from matcalc.engine.derive import Turn, facts_worth_telling, gradient, pair
from matcalc.engine.expand import shortest
from matcalc.engine.fold import folded
from matcalc.engine.infer import by_facts
from matcalc.engine.jacobian import jacobian
from matcalc.engine.naming import Labels, name_parts
from matcalc.engine.simplify import simplified
from matcalc.errors import Unsupported


@dataclass(frozen=True)
class Answer:
    """A derivative: its kind, its value as a person writes it, the derivation that led there, and where it does not hold."""

    kind: str
    value: Expr
    derivation: Derivation
    conditions: tuple[Condition, ...]


class Problem:
    """A function and a variable, named and ready for the engine."""

    def __init__(self, f: Expr, x: Expr) -> None:
        """The naming pass is run here."""
        self.f, self.x = f, x
        used = {e["name"] for e in postorder(f, x) if e.op is SYMBOL} | {e["label"] for e in postorder(f) if e.op is NAMED}
        used |= set(functions(f))
        used |= {name for e in postorder(f, x) for size in e.shape for name in size.names()}
        labels = Labels(set(used))
        applied = function_of(f)
        wanted = (applied.name,) if applied is not None and order_of(f) == 0 else ()
        self.label = next(name for name in (*wanted, "f", "F", "h", "phi", "f1") if name in wanted or name not in used)
        labels.used.add(self.label)
        whole = name_parts(f, {x}, labels)
        root = whole.root if whole.root.op is NAMED else named(self.label, whole.root)
        self.names = whole
        dependent = depends([root, x], {x})
        arrange = Arrangement([f, *whole.originals.values(), whole.root], dependent)
        self.derivation = Derivation(root)
        self.turn = Turn(arrange, labels, dependent, self.derivation, {})
        for name in [e for e in postorder(whole.root) if e in whole.originals or e in whole.users]:
            shown = whole.originals[name] if name in whole.originals else whole.users[name].args[0]
            self.derivation.lets.append(Let(name, shown, facts_worth_telling(name)))
        self.root = root

    def finished(self, e: Expr) -> Expr:
        """A canonical answer over names as the plain expression to show."""
        originals = {**self.turn.definitions, **self.names.originals}
        shown = {**originals, **self.names.users}
        e = _with_users(folded(e, originals), shown)
        e, _ = by_facts(e)
        e = _named_again(e, list(self.names.users.values()))
        e, _ = simplified(shortest(e, self.turn.arrange.sums_typed()))
        return self.turn.arrange(e)

    def conditions(self) -> tuple[Condition, ...]:
        """Where the derivative does not exist, or one generalized gradient is chosen."""
        return tuple(conditions(self.names.root, self.turn.dependent, {**self.turn.definitions, **self.names.originals}))


def _with_users(e: Expr, shown: dict[Expr, Expr]) -> Expr:
    """The names of the user in the form that they were typed."""
    present = {new: old for new, old in shown.items() if new.op is NAMED and old.op is NAMED and new is not old}
    return canonical(substitute(e, present)) if present else e


def _named_again(e: Expr, users: list[Expr]) -> Expr:
    """The canonical e with the user's names wherever their definitions stand written out."""
    names = {canonical(name.args[0]): name for name in users}
    names = {definition: name for definition, name in names.items() if definition.args and definition.op is not NAMED}
    if not names:
        return e
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args):
        args = x.args if x.op is NAMED else tuple(new[a] for a in x.args)
        y = x if args == x.args else canonical(rebuilt(x, args))
        new[x] = names.get(y, y)
    return new[e]


def gradient_answer(f: Expr, x: Expr, structured: bool = True) -> Answer:
    """∂f/∂x of a scalar f, in the shape of x; in the space of its structure where `structured`."""
    problem = Problem(f, x)
    over_names = gradient(problem.root, [x], problem.turn)[x]
    d = differential_of(x)
    problem.derivation.add(
        Act.IDENTIFY, differential_of(problem.root), pair(problem.turn.arrange(over_names), d),
        [Reason(left=problem.turn.arrange(over_names), words="gradient")],
    )  # fmt: skip
    return Answer(
        "gradient", problem.finished(_projected(over_names, x) if structured else over_names), problem.derivation, problem.conditions()
    )


def _projected(g: Expr, x: Expr) -> Expr:
    """The gradient in the space of the variable's structure."""
    properties = x["properties"] if x.op is SYMBOL else ()
    if SYMMETRIC in properties and DIAGONAL not in properties:
        return canonical((g + g.T) / 2)
    if SKEW in properties:
        return canonical((g - g.T) / 2)
    if DIAGONAL in properties:
        return build("diag", build("diagonal", g))
    unknown = [p.word for p in properties if p.word in ("upper", "lower", "orthogonal")]
    if unknown:
        raise Unsupported(f"the gradient with respect to a matrix declared {unknown[0]} is not known yet")
    return g


def jacobian_answer(F: Expr, x: Expr) -> Answer:
    """The Jacobian of a column (or scalar) F with respect to a column or scalar x: dF = J dx."""
    if not (F.is_column and x.is_column):
        what = "matrix" if not F.is_column else f"{F.shape[0]}×1 column"
        raise Unsupported(f"the Jacobian of a {what} with respect to a {'column' if x.is_column else 'matrix'} is not known yet")
    problem = Problem(F, x)
    over_names = jacobian(problem.root, x, problem.turn)
    d = differential_of(x)
    applied = times(d, problem.turn.arrange(over_names)) if x.is_scalar else matrix_product(problem.turn.arrange(over_names), d)
    reason = Reason(left=problem.turn.arrange(over_names), words="jacobian")
    problem.derivation.add(Act.IDENTIFY, differential_of(problem.root), applied, [reason])
    return Answer("jacobian", problem.finished(over_names), problem.derivation, problem.conditions())


def pullback_answer(F: Expr, x: Expr, upstream: Expr) -> Answer:
    """The gradient of ⟨G, F⟩ with respect to x, G an upstream gradient of the shape of F."""
    answer = gradient_answer(inner_product(upstream, F), x)
    return Answer("pullback", answer.value, answer.derivation, answer.conditions)

"""The engine: reverse accumulation that writes down what it does.

The state is df = Σ Aₖ : dUₖ, a list of contributions for each name.  A turn takes the latest name, collects its list, replaces its
differential by that of its definition (one level), merges terms that are transposes of each other, uses facts, and moves the
factors across the colon; what comes out goes to the lists of earlier names.  Each name is met once and each contribution is
added once, so time and text are linear in the size of the expression.

For a column F the same turn runs with dF = Σ Lₖ dUₖ: only the way a term crosses differs (`columns`).  A name that is a matrix
has no such Lₖ; its term stays an expression in dUₖ until the definition makes it a column of smaller things.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from matcalc.core.builders import call
from matcalc.core.derivation import Act, Derivation, Let, Reason
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import SLICE, free, is_square
from matcalc.core.leaves import DIFFERENTIAL, NAMED, differential_of, is_zero_leaf, named, number, zeros
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.property import SYMMETRIC, Fact
from matcalc.core.terms import build, split
from matcalc.engine.arrange import Arrangement
from matcalc.engine.cost import cost
from matcalc.engine.differentiate import Level, differential, in_its_value, with_sides
from matcalc.engine.factor import factored
from matcalc.engine.infer import by_facts, known
from matcalc.engine.naming import Labels, is_simple, number_of
from matcalc.engine.opening import opened, started
from matcalc.engine.pairing import pair, total
from matcalc.engine.pull import pulled
from matcalc.engine.reasons import crossing
from matcalc.engine.solve import Rewriting
from matcalc.engine.telling import about, sides, uses_of, why

FEW = 2
ATOM = 2
"""What a name costs to read."""
SOLVED = 80
"""What a name receives is written through numbers that a person named where it costs at most this to read."""
LARGE_COTANGENT = 28
"""A cotangent that costs more than this to read gets a name, so that text stays linear."""


@dataclass
class Turn:
    """What all turns of one derivation share."""

    arrange: Arrangement
    labels: Labels
    dependent: set[Expr]
    derivation: Derivation
    definitions: dict[Expr, Expr]
    """Names made on the way, with what they stand for as a person would write it."""
    typed: Expr | None = None
    """The whole function as it was typed, over the names."""
    values: dict[Expr, Expr] = field(default_factory=dict)
    """What the names that were made before stand for → the name."""
    deltas: set[Expr] = field(default_factory=set)
    """What layers receive, under names of their own."""
    scalars: list[Expr] = field(default_factory=list)
    """Numbers among the names that a person gave, where they are few."""
    users: set[Expr] = field(default_factory=set)
    """The names that a person gave."""

    def differential(self, name: Expr, definition: Expr) -> Level:
        """One level, with a name for f′(X) where that is a function's value itself; the name in place of what it stands for."""
        level = differential(definition, self.dependent, self._slope_name)
        if name.op is NAMED and name.args[0] is definition and self.is_value(name):
            level.value = in_its_value(level.value, name)
        return level

    def is_value(self, name: Expr) -> bool:
        """Whether a name stands for the value of a function in its own derivative: what a person named, else what has a letter."""
        return name in self.users or bool(name.args[0].op.letters)

    def is_layer(self, name: Expr) -> bool:
        """Whether a person numbered this among layers, z2 = W2 a1 + b2; what it receives is δ2, as books on networks have it."""
        return name in self.users and bool(number_of(name)) and name.args[0].op.name in ("add", "matmul") and not name.is_scalar

    def _slope_name(self, slope_: Expr) -> Expr:
        if slope_.op.kind is not Kind.ELEMENTWISE or slope_.op.name == "power" or slope_.is_scalar:
            return slope_
        if not all(is_simple(a) for a in slope_.args) or all(a.op is not NAMED for a in slope_.args):
            return slope_
        known_names = {**{d: n for n, d in self.definitions.items()}, **self.values}
        if slope_ in known_names:
            return known_names[slope_]
        return self.name("derivative", slope_)

    def name(self, kind: str, definition: Expr) -> Expr:
        """A new name, told among the definitions of the derivation."""
        new = self._new(kind, definition)
        self.derivation.lets.append(Let(new, definition, facts_worth_telling(new)))
        return new

    def name_here(self, kind: str, definition: Expr, of: Expr) -> Expr:
        """A new name for what another receives, told where the derivation stands: G3 for what h3 receives."""
        new = self._new(kind, definition, number_of(of))
        self.derivation.add(Act.DEFINE, new, definition)
        return new

    def matrix_here(self, definition: Expr, of: Expr) -> Expr:
        """A new name for the matrix that takes the differential of another to that of the function: J3 for that of h3."""
        new = self._new("derivative", definition, number_of(of), "J")
        self.derivation.add(Act.DEFINE, new, definition)
        return new

    def _new(self, kind: str, definition: Expr, count: str = "", letters: str = "") -> Expr:
        letters = letters or (definition.op.letters if definition.is_column else "")  # σ(z), but G = sign(X)
        new = named(self.labels.of(definition, lambda: self.labels.take(kind, letters, count)), definition)
        self.definitions[new] = definition
        self.dependent.add(new)
        return new


def facts_worth_telling(e: Expr) -> tuple[Fact, ...]:
    """That a named matrix is symmetric."""
    fact = known(e, SYMMETRIC) if not e.is_scalar else None
    return (fact,) if fact else ()


def gradient(root: Expr, wrt: list[Expr], turn: Turn) -> dict[Expr, Expr]:
    """For each variable the gradient of the scalar root, canonical, over names."""
    definition = root.args[0]
    if definition not in turn.dependent:
        started(root, turn.typed, None, turn.dependent, turn.derivation)
        return {x: zeros(x.shape) for x in wrt}
    cotangent: Expr = number(1)
    cotangent, inside = opened(definition, turn.dependent)
    started(root, turn.typed, pair(turn.arrange(cotangent), inside) if inside is not definition else None, turn.dependent, turn.derivation)
    order = [x for x in postorder(definition) if x.op is NAMED and x in turn.dependent]
    state: dict[Expr, list[Expr]] = {}
    _turn(root, inside, [cotangent], state, turn, first=differential_of(root))
    for name in reversed(order):
        if name not in wrt and name in state:
            _turn(name, name.args[0], state.pop(name), state, turn)
    found = {}
    for x in wrt:
        parts = state.get(x)
        found[x] = _collected(x, parts, state, turn) if parts else zeros(x.shape)
        if parts:
            state[x] = [found[x]]
    return found


def _turn(name: Expr, definition: Expr, parts: list[Expr], state: dict[Expr, list[Expr]], turn: Turn, first: Expr | None = None) -> None:
    """One turn: the term of one name becomes terms of earlier ones."""
    a = _collected(name, parts, state, turn) if first is None else parts[0]
    if first is None and is_zero_leaf(a):
        return  # nothing is left to follow
    others = _others(state, turn)
    if first is None and turn.is_layer(name) and cost(a) > ATOM:
        a = turn.name_here("delta", turn.arrange(a), name)
        turn.deltas.add(a)
    elif first is None and cost(a) > LARGE_COTANGENT:
        a = turn.name_here("derivative" if not a.is_scalar else "scalar", turn.arrange(a), name)
    level, over = turn.differential(name, definition), free(definition)
    before = first if first is not None else pair(turn.arrange(a), differential_of(name))
    _differential_steps(name, before, a, level, turn, others, over)
    e = with_sides(level.value, level.sides)
    if is_zero_leaf(e):
        return
    merged = _merged(a, e, turn, others, over)
    _moved(merged, state, turn, others, over)


def _others(state: dict[Expr, list[Expr]], turn: Turn, but: Expr | None = None) -> list[Expr | None]:
    """The pending terms of other names, where they are few: a whole state in every line would be quadratic."""
    found: list[Expr | None] = []
    for u, parts in state.items():
        for part in parts if u is not but else ():
            if len(found) == FEW:
                return [*found, None]
            found.append(pair(turn.arrange(part), differential_of(u)))
    return found


def _collected(name: Expr, parts: list[Expr], state: dict[Expr, list[Expr]], turn: Turn) -> Expr:
    """The sum of what a name has received, factored, after facts."""
    others = _others(state, turn, name)
    d = differential_of(name)
    a = build("add", *parts) if len(parts) > 1 else parts[0]
    simple, used = by_facts(a)
    simple = factored(simple)
    before = total([pair(turn.arrange(p), d) for p in parts])
    if used and len(parts) > 1:
        turn.derivation.add(Act.COLLECT, before, pair(turn.arrange(a), d), [Reason(words="collect")], others)
        before = pair(turn.arrange(a), d)
    if used and cost(simple) == cost(a) and len(parts) == 1:
        return _through_scalars(a, d, others, turn)  # a word turned round is no line
    act = Act.FACT if used else Act.COLLECT
    turn.derivation.add(act, before, pair(turn.arrange(simple), d), uses_of(used, turn) or [Reason(words="collect")], others)
    return _through_scalars(simple, d, others, turn)


def _through_scalars(a: Expr, d: Expr, others: list[Expr | None], turn: Turn) -> Expr:
    """What a name receives, through numbers that a person named: ‖u‖ = √n s where s = ‖u‖/√n."""
    for name in turn.scalars if cost(a) <= SOLVED else ():
        found = Rewriting(a, name, (), asked=False).shortest(cost(a) - ATOM)
        if found is not None:
            e, (left, right) = found
            told = [Reason(turn.arrange(left), turn.arrange(right))]
            turn.derivation.add(Act.SUBSTITUTE, pair(turn.arrange(a), d), pair(turn.arrange(e), d), told, others)
            a = e
    return a


def _differential_steps(
    name: Expr, before: Expr, a: Expr, level: Level, turn: Turn, others: list[Expr | None], over: frozenset[Expr]
) -> None:  # fmt: skip
    """A : dU = A : (dU by its definition), the side equations, and the line with them put in."""
    written = turn.arrange(a)
    after = pair(written, turn.arrange(level.value), over)
    turn.derivation.add(Act.DIFFERENTIAL, before, after, why(name, level, turn, before), others)
    sides(level, turn)
    if level.sides:
        put_in = pair(written, turn.arrange(with_sides(level.value, level.sides)), over)
        turn.derivation.add(Act.SUBSTITUTE, after, put_in, [Reason(words="substitute")], others)


def _merged(a: Expr, e: Expr, turn: Turn, others: list[Expr | None], over: frozenset[Expr]) -> list[tuple[Expr, Expr]]:
    """The terms A : t, those that are transposes of each other as one: A : (t + tᵀ) = (A + Aᵀ) : t; then facts on the left."""
    if e.op.name != "add" or a.is_scalar or not is_square(e):
        return [(a, e)]
    groups: dict[Expr, Expr] = {}
    for t in e.args:
        part = split(t)
        c, unit = part.coefficient, build("scale", number(1 / part.coefficient), t)
        mirror = build("transpose", unit)
        multiple = build("scale", number(c), a)
        if mirror in groups:
            groups[mirror] = build("add", groups[mirror], build("transpose", multiple))
        else:
            groups[unit] = build("add", groups[unit], multiple) if unit in groups else multiple
    if len(groups) == len(e.args):
        return [(a, e)]
    terms = [_upright(b, t) for t, b in groups.items()]
    before = pair(turn.arrange(a), turn.arrange(e), over)
    after = total([pair(turn.arrange(b), turn.arrange(t), over) for b, t in terms])
    turn.derivation.add(Act.MERGE, before, after, _transposing(e, terms, turn), others)
    simpler = []
    used: list[Fact] = []
    for b, t in terms:
        new, facts = by_facts(b)
        used += [f for f in facts if f not in used]
        simpler.append((new, t))
    last = total([pair(turn.arrange(b), turn.arrange(t), over) for b, t in simpler])
    turn.derivation.add(Act.FACT, after, last, uses_of(used, turn), others)
    return simpler


def _upright(a: Expr, t: Expr) -> tuple[Expr, Expr]:
    """The term or both sides of it transposed, so that no differential is."""
    leaning = any(x.op.name == "transpose" and _is_differential(x.args[0]) for x in postorder(t, below=_outside_names))
    return (build("transpose", a), build("transpose", t)) if leaning else (a, t)


def _is_differential(e: Expr) -> bool:
    """Whether this is a differential or a slice of one."""
    return (e.args[0] if e.op is SLICE else e).op is DIFFERENTIAL


def _outside_names(e: Expr) -> tuple[Expr, ...]:
    return () if e.op.kind is Kind.BINDER else e.args


def _transposing(e: Expr, terms: list[tuple[Expr, Expr]], turn: Turn) -> list[Reason]:
    """(dP)ᵀP = (PᵀdP)ᵀ, A : Bᵀ = Aᵀ : B, and the collecting."""
    kept = {t for _, t in terms}
    gone = [t for t in e.args if build("scale", number(1 / split(t).coefficient), t) not in kept][:1]
    said = [Reason(turn.arrange(t), call("transpose", turn.arrange(build("transpose", t)))) for t in gone]
    return [*said, crossing(OPERATIONS["transpose"], 0), Reason(words="collect")]


def _moved(
    terms: list[tuple[Expr, Expr]], state: dict[Expr, list[Expr]], turn: Turn, others: list[Expr | None], over: frozenset[Expr]
) -> None:  # fmt: skip
    """Every factor crosses the colon; what each name receives joins its list."""
    reasons: list[Reason] = []
    received: dict[Expr, list[Expr]] = {}
    for a, e in terms:
        found, more = pulled(a, e, over)
        reasons += [r for r in more if r not in reasons]
        for u, parts in found.items():
            received.setdefault(u, []).extend(parts)
    before = total([pair(turn.arrange(a), turn.arrange(e), over) for a, e in terms])
    after = total([pair(turn.arrange(p), differential_of(u)) for u, parts in received.items() for p in parts])
    turn.derivation.add(Act.MOVE, before, after, about(before, reasons), others)
    for u, parts in received.items():
        state.setdefault(u, []).extend(parts)

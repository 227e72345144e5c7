"""Reading: the door from text to expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from matcalc.core.abstract import Function
from matcalc.core.expression import Expr
from matcalc.core.indices import array_axes
from matcalc.core.leaves import INDEX
from matcalc.core.size import Shape
from matcalc.errors import Ambiguous, MatcalcError, NameMistake, Span, SyntaxMistake
from matcalc.syntax.clauses import without_clauses
from matcalc.syntax.declare import Declaration, declarations
from matcalc.syntax.doubts import check_doubts, notes, unknown_variable
from matcalc.syntax.elaborate import Assumption, Elaboration
from matcalc.syntax.infer import Inference, Misfit
from matcalc.syntax.letters import checked_name
from matcalc.syntax.misfits import explained
from matcalc.syntax.parse import normal, parse, settled
from matcalc.syntax.passage import Passage
from matcalc.syntax.respell import BAR, LONGEST, separated
from matcalc.syntax.scope import Scope
from matcalc.syntax.spellings import opened
from matcalc.syntax.tree import Branch

MOST_FIXES = 2


@dataclass(frozen=True, eq=False)
class Reading:
    """A text that was read.

    `tree` and `let_trees` are what was typed (syntax.tree), `expr` is what it means; a definition that `wrt` names is no longer
    among the `let_trees`, since it is a free symbol.  `shapes` has the shape of every branch that is an expression, by
    `id(branch)`; sizes inside `ones(m, n)` have none.  `gradients` has the node of each `grad(f, x)` likewise.  Of the name that a
    sum binds `shapes` has the first value and their number.
    """

    text: str
    tree: Branch
    let_trees: tuple[tuple[str, Branch], ...]
    expr: Expr
    symbols: dict[str, Expr]
    assumptions: tuple[Assumption, ...]
    wrt: tuple[str, ...] = ()
    shapes: dict[int, Shape] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What a reader of an answer should know about how the text was read."""
    functions: dict[str, Function] = field(default_factory=dict)
    definitions: dict[str, Expr] = field(default_factory=dict)
    """What the definitions stand for, those of a `where` clause too."""
    slices: dict[str, Expr] = field(default_factory=dict)
    """The slices of variables that `wrt` names, by their texts."""
    indices: dict[str, Expr] = field(default_factory=dict)
    """The indices that stand free in the expression."""

    gradients: dict[int, Expr] = field(default_factory=dict)


def read(
    text: str,
    where: str = "",
    let: Mapping[str, str] | None = None,
    wrt: str | Iterable[str] | None = None,
    known: Mapping[str, Expr] | None = None,
    functions: Mapping[str, Function] | None = None,
    expected: Shape | None = None,
) -> Reading:
    """The expression that a text means.

    `where` declares names, `let` defines some, `wrt` names the variables of a derivative to come (a definition that it names
    becomes a free symbol), `known` gives names whose expressions exist already (of indices, how far those go of which the text
    does not tell), `functions` abstract functions; `expected` is the shape of the whole where nothing else says it.
    Raises SyntaxMistake, NameMistake, ShapeMistake, RankMistake, Ambiguous, DomainMistake, Unsupported, LimitReached; their
    `fixes` can all be read in place of the text at fault.

    >>> import matcalc.operations
    >>> [(a.name, a.sizes, a.origin) for a in read("sum(abs(P.T@P - I))").assumptions]
    [('P', (m, n), 'from P.T@P')]
    """
    wanted = (wrt,) if isinstance(wrt, str) else tuple(wrt or ())
    request = _Request(text, where, dict(let or {}), wanted, dict(known or {}), dict(functions or {}), expected)
    try:
        return request.read()
    except MatcalcError as error:
        error.fixes = request.working(error) or request.translation()
        raise


@dataclass(frozen=True)
class _Request:
    """All that `read` was asked, so that it can be asked again with a fix put in."""

    text: str
    where: str
    let: dict[str, str]
    wrt: tuple[str, ...]
    known: dict[str, Expr]
    functions: dict[str, Function] = field(default_factory=dict)
    expected: Shape | None = None

    def read(self) -> Reading:
        declared = {d.name: d for d in declarations(self.where)}
        known = {checked_name(name): e for name, e in self.known.items() if name not in declared and e.op is not INDEX}
        ranges = {name: e["size"] for name, e in self.known.items() if e.op is INDEX}
        slices = [sliced_variable(name) for name in self.wrt if "[" in name]
        wrt = tuple(checked_name(name.partition("[")[0].strip()) for name in self.wrt)
        scope = Scope(declared, known, frozenset(wrt), [*slices, *self.passages(declared, known)], dict(self.functions))
        inference = Inference(scope, ranges, self.expected)
        try:
            inference.solve()
        except Misfit as misfit:
            raise explained(inference, misfit) from None
        _check_variables(inference, wrt)
        check_doubts(inference)
        elaboration = Elaboration(inference)
        for name in wrt:
            if name not in elaboration.symbols:
                elaboration.add_declared(name)
        main = scope.passages[-1]
        return Reading(
            text=main.text,
            tree=main.tree,
            let_trees=tuple((p.label, p.tree) for p in scope.passages if p.label and p.label not in wrt and p not in slices),
            expr=elaboration.expr,
            symbols=elaboration.symbols,
            assumptions=tuple(elaboration.assumed()),
            wrt=wrt,
            shapes={at: inference.sizes.shape(places) for at, places in inference.shapes.items()} | _counts(inference),
            indices={name: inference.ranges.expr(i) for name, i in scope.free.items()},
            functions=scope.functions,
            notes=notes(inference),
            definitions={name: e for name, e in elaboration.definitions.items() if "[" not in name},
            slices={p.label: elaboration.definitions[p.label].args[0] for p in slices},
            gradients=elaboration.gradients,
        )

    def passages(self, declared: Mapping[str, Declaration], known: Mapping[str, Expr]) -> list[Passage]:
        """The texts in the order of definition: those of `let`, those of where clauses, then the text itself."""
        found: list[Passage] = []
        for name, given in [*self.let.items(), ("", self.text)]:
            text = normal(given)
            tree, definitions = without_clauses(parse(text))
            found += [Passage(label, text, body) for label, body in definitions]
            found.append(Passage(checked_name(name) if name else "", text, tree))
        names: set[str] = {*declared, *known}
        for passage in found:
            if passage.label in names:
                how = "both declared and defined" if passage.label in declared else "defined twice"
                raise NameMistake(f"{passage.label} is {how}", passage.span(passage.tree))
            names.add(passage.label)
        orders = {name: len(array_axes(e.shape)) for name, e in known.items()} | {name: len(d.sizes) for name, d in declared.items()}
        for passage in found:
            passage.tree = opened(settled(passage.tree, names, passage.text), passage.text, orders)
        return found

    def working(self, error: MatcalcError) -> tuple[str, ...]:
        """Those of an error's fixes that can be read in place of the text at fault, two at most."""
        kept: list[str] = []
        most = 1 if isinstance(error, SyntaxMistake) and error.span is not None and not BAR.search(error.span.text) else MOST_FIXES
        for fix in [*error.fixes, *(separated(fix, name) for fix in error.fixes for name in self.wrt if len(name) == 1)]:
            if len(kept) < most and error.span is not None and fix not in kept and fix.strip() != error.span.text.strip():
                request = self._with(error.span.text, fix)
                found = request.mended(fix) if request is not None else None
                if found is not None and found not in kept:
                    kept.append(found)
        return tuple(kept)

    def translation(self) -> tuple[str, ...]:
        """The text in the words of this language, where it was written in those of another system and can then be read."""
        from matcalc.syntax.dialects import translated

        other = translated(self.text) if len(self.text) <= LONGEST else self.text
        found = replace(self, text=other).mended(other, again=False) if other != self.text else None
        return () if found is None else (found,)

    def _with(self, wrong: str, fix: str) -> _Request | None:
        if normal(self.text) == wrong:
            return replace(self, text=fix)
        if normal(self.where) == wrong:
            return replace(self, where=fix)
        for name, given in self.let.items():
            if normal(given) == wrong:
                return replace(self, let=self.let | {name: fix})
        return None

    def mended(self, fix: str, again: bool = True) -> str | None:
        """The fix that this request tries, where it can be read; else the fix of its own mistake, where that can."""
        try:
            self.read()
        except MatcalcError as error:
            if not again or error.span is None or error.span.text != fix or not isinstance(error, Ambiguous) or len(error.fixes) != 1:
                return None
            request = self._with(fix, error.fixes[0])
            return None if request is None else request.mended(error.fixes[0], again=False)
        return fix


def _counts(inference: Inference) -> dict[int, Shape]:
    """Where each bound index begins and how many values it has, by the branch that names it."""
    bound = [i for found in inference.scope.bindings.values() for i in found.indices]
    return {id(i.branch): (i.first, inference.ranges.size(i)) for i in bound}


def sliced_variable(text: str) -> Passage:
    """`Phi[:, a, :]` after `wrt`; raises SyntaxMistake for what is no slice of a name."""
    shown = normal(text)
    tree = parse(shown)
    if tree.kind != "index" or tree.parts[0].kind != "name":
        raise SyntaxMistake("a variable is a name or a slice of one, such as X[i, :]", Span(shown, 0, len(shown)))
    return Passage(text, shown, tree)


def _check_variables(inference: Inference, wrt: tuple[str, ...]) -> None:
    """`wrt` must name variables; raises NameMistake with a list of those there are."""
    scope = inference.scope
    there = [*inference.variables, *(label for label in sorted(scope.labels) if label not in inference.variables)]
    for name in wrt:
        if name in there or ((name in scope.declared or name in scope.known) and not scope.is_size(name)):
            continue
        what = f"{name} is a size" if scope.is_size(name) else f"there is no variable {name} here"
        listed = f"the variables are {', '.join(there)}" if there else "there are no variables"
        raise unknown_variable(inference, name, f"{what}; {listed}")

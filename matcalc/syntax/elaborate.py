"""Trees to expressions: each branch becomes what the builders make of it, so that text and Python operators mean the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from matcalc.core import abstract, builders, leaves
from matcalc.core.canonical import canonical
from matcalc.core.conjugates import is_seen_real
from matcalc.core.equation import axes
from matcalc.core.expression import Expr, plain
from matcalc.core.indices import array_axes, place, sliced, summed_over, unit_at
from matcalc.core.operation import Operation
from matcalc.core.property import Property
from matcalc.core.reality import UNIT, imaginary
from matcalc.core.size import ONE, Size
from matcalc.errors import Ambiguous, DomainMistake, NameMistake, ShapeMistake, Unsupported
from matcalc.syntax.calls import FromEnd, cut_letter
from matcalc.syntax.chains import JOINS, Term, closed
from matcalc.syntax.domains import impossible
from matcalc.syntax.infer import Inference, cropped
from matcalc.syntax.kinds import WORDS, A, M, R
from matcalc.syntax.partials import Application
from matcalc.syntax.passage import Passage
from matcalc.syntax.question import Variable, kind_of
from matcalc.syntax.reals import complex_variable, real_wanted, turned_with_mark
from matcalc.syntax.scope import GRADIENT
from matcalc.syntax.tree import Branch

_SPOKEN = {"/": "division", "**": "this power", "^": "this power", "inverse": "an inverse"}
_SPOKEN |= dict.fromkeys(("<", "<=", ">", ">=", "!="), "a comparison")
"""What messages call the operations that have a sign."""


@dataclass(frozen=True)
class Assumption:
    """What is taken a name to be, and why: `declared`, or by inference, with its origin "from P.T@P" or "by its letter".

    `kind` is "scalar", "vector", "row" or "matrix"; `sizes` has as many entries as a declaration would (a row has two).
    """

    name: str
    kind: str
    sizes: tuple[Size, ...]
    properties: frozenset[Property]
    origin: str
    declared: bool
    function: abstract.Function | None = None
    """What an abstract function is; its kind then says "function"."""


def said(e: Expr) -> Assumption:
    """What a symbol that was made as an object says of itself."""
    kind = kind_of(e.shape)
    sizes = e.shape if kind in (A, M, R) else e.shape[:1] if e.shape[0] is not ONE else ()
    return Assumption(e["name"], WORDS[kind], sizes, frozenset(e["properties"]), "declared", True)


class Elaboration:
    """The expressions of a solved inference: of the passages, of the symbols, and what was assumed of those in use."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.scope = inference.scope
        self.symbols: dict[str, Expr] = {}
        self.assumptions: dict[str, Assumption] = {}
        self.definitions: dict[str, Expr] = {}
        self.gradients: dict[int, Expr] = {}
        self.done: dict[int, Term] = {}
        """What the branches of a passage have become."""
        self.expr = leaves.number(0)
        for passage in self.scope.passages:
            expr = self._expression(passage)
            if not passage.label:
                self.expr = expr
            elif passage.label in self.scope.wrt:
                mistake = complex_variable(passage, expr)
                if mistake is not None:
                    raise mistake
                self.definitions[passage.label] = self._free(passage, expr)
            else:
                self.definitions[passage.label] = leaves.named(passage.label, expr)

    def _expression(self, passage: Passage) -> Expr:
        done = self.done = {}
        for i in (i for b in passage.order if id(b) in self.scope.bindings for i in self.scope.bindings[id(b)].indices):
            self.inference.ranges.check(i, passage.span(i.branch))
        for branch in passage.order:
            done[id(branch)] = self._term(passage, branch, [done[id(p)] for p in branch.parts if id(p) in done])
        return closed(done[id(passage.tree)])

    def _term(self, passage: Passage, branch: Branch, parts: list[Term]) -> Term:
        join = JOINS.get(branch.kind)
        if join is not None:
            return join(parts[0], closed(parts[1]))
        return self._built(passage, branch, [closed(p) for p in parts])

    def _built(self, passage: Passage, branch: Branch, parts: list[Expr]) -> Expr:
        match branch.kind:
            case "number":
                return leaves.number(*branch.value)
            case "name":
                return self._named(branch)
            case "neg":
                return builders.negative(parts[0])
            case "T":
                if (doubt := turned_with_mark(passage, branch, parts[0])) is not None:
                    raise doubt
                return parts[0].T
            case "/":
                return self._refuse(passage, branch, builders.over(*parts))
            case "!=" if all(self.scope.index(p) is not None for p in branch.parts if p.kind == "name") and _are_names(branch.parts):
                return self._different(branch, parts)
            case "<" | "<=" | ">" | ">=" | "!=":
                return self._refuse(passage, branch, builders.compared(branch.kind, *parts))
            case "^" if kind_of(parts[0].shape) == M:
                raise _matrix_power(passage, branch)
            case "**" | "^":
                return self._refuse(passage, branch, builders.to_power(*parts))
            case "inverse":
                return self._refuse(passage, branch, self._inverse(passage, branch, parts[0]))
        if id(branch) in self.scope.bindings:
            return self._summed(passage, branch, parts)
        if id(branch) in self.scope.subscripts:
            return self._sliced(branch, parts)
        return self._called(passage, branch, parts)

    def _summed(self, passage: Passage, branch: Branch, parts: list[Expr]) -> Expr:
        """Σ of the body where the conditions hold; of a stack the slices in their places."""
        found, ranges = self.scope.bindings[id(branch)], self.inference.ranges
        *conditions, body = parts
        for condition in reversed(conditions):
            body = builders.times(condition, body)
        if found.word == "stack":
            counter, within = ranges.counter(found.indices[0]), self.inference.shape(branch)
            body = place(body, (counter,), (min(found.axis, len(array_axes(within)) - 1),), within)
        for i in reversed(found.indices):
            body = summed_over(body, ranges.counter(i), i.name)
        return body

    def _sliced(self, branch: Branch, parts: list[Expr]) -> Expr:
        places = self.scope.subscripts[id(branch)].places
        return sliced(parts[0], map(_position, parts[1:]), tuple(k for k, p in enumerate(places) if p is not None))

    def _inverse(self, passage: Passage, branch: Branch, x: Expr) -> Expr:
        """The inverse of a matrix; of a scalar or a vector the reciprocal."""
        if kind_of(x.shape) != M:
            return builders.to_power(x, -1)
        return builders.call("inv", x)

    def _called(self, passage: Passage, branch: Branch, parts: list[Expr]) -> Expr:
        word = str(branch.value)
        sizes = self.scope.shapes.get(id(branch))
        if sizes is not None:
            meant = tuple(map(self.inference.sizes.meant, sizes))
            return unit_at(parts[0], meant[1]) if parts else _constant(word, meant)
        partial = self.scope.partials.get(id(branch))
        if partial is not None:
            return self._partial(passage, branch, partial, parts)
        op = self.inference.operation(branch)
        if op is not None:
            given = self.scope.attributes.get((id(branch), op), {})
            found = plain(op, *parts, **{name: self._attribute(op, parts, v) for name, v in given.items()})
            return self._refuse(passage, branch, found)
        if word == GRADIENT:
            return self._gradient(passage, branch, *parts)
        return self._refuse(passage, branch, builders.SHORTHANDS[word](*parts))

    def _partial(self, passage: Passage, branch: Branch, partial: Application, parts: list[Expr]) -> Expr:
        """A function of several arguments, or a derivative of it."""
        try:
            return partial.made(self.scope.functions[branch.word], parts)
        except ShapeMistake as problem:
            raise Unsupported(problem.message, passage.span(branch)) from None

    def _gradient(self, passage: Passage, branch: Branch, f: Expr, x: Expr) -> Expr:
        if x.op not in (leaves.SYMBOL, leaves.NAMED):
            raise NameMistake(f"{branch.parts[1].value} is no variable", passage.span(branch.parts[1]))
        if not (is_seen_real(f) and is_seen_real(x)):
            raise Unsupported("a gradient of or with respect to what is complex has no meaning inside an expression", passage.span(branch))
        found = self.gradients[id(branch)] = leaves.gradient_of(f, x)
        return found

    def _attribute(self, op: Operation, parts: list[Expr], given: int | Size | FromEnd) -> int | Size:
        """A position or a size, one that counts from the end put at its place."""
        if isinstance(given, FromEnd):
            assert op.equation is not None
            axis = axes(op.equation.inputs[0]).index(cut_letter(op))
            return parts[0].shape[axis] + self.inference.sizes.meant(given.offset)
        return self.inference.sizes.meant(given) if isinstance(given, Size) else given

    def _refuse(self, passage: Passage, branch: Branch, e: Expr) -> Expr:
        """The expression of a branch; raises DomainMistake where there is no such application of its operation."""
        operands = [p for p in branch.parts if id(p) in self.inference.shapes]
        if len(operands) == len(e.args) or branch.kind == "inverse" or branch.value == "sqrt":
            word = _SPOKEN.get(branch.kind, branch.word if branch.kind == "call" else "a subscript")
            why = impossible(e, word, lambda k: passage.words(operands[k]))
            if why:
                raise DomainMistake(why, passage.span(branch))
            mistake = real_wanted(passage, branch, word, [(p, closed(self.done[id(p)])) for p in operands], e)
            if mistake is not None:
                raise mistake
        return e

    def _named(self, branch: Branch) -> Expr:
        name = str(branch.value)
        index = self.scope.index(branch)
        if index is not None:
            return self.inference.ranges.expr(index)
        if name in self.definitions:
            return self.definitions[name]
        variable = self.inference.variables.get(name)
        if variable is not None:
            return self.symbols[name] if name in self.symbols else self._symbol(variable, branch)
        if self.scope.is_size(name):
            return leaves.size_number(self.inference.sizes.meant(Size.of(name)))
        if name == UNIT:
            return imaginary()
        return leaves.pi() if name == "pi" else leaves.identity(self.inference.shape(branch)[0])

    def _different(self, branch: Branch, parts: list[Expr]) -> Expr:
        """i ≠ j of two indices, as 1 − δᵢⱼ."""
        found = [self.scope.index(p) for p in branch.parts]
        sizes = [self.inference.ranges.size(i) for i in found if i is not None]
        if sizes[0] is not sizes[1]:
            return builders.compared("!=", *parts)
        return leaves.number(1) - unit_at(parts[0], sizes[0]).T @ unit_at(parts[1], sizes[1])

    def _symbol(self, variable: Variable, branch: Branch) -> Expr:
        """The symbol of a name that is met for the first time; `known` ones are taken as they are."""
        name, shape = variable.name, self.inference.shape(branch)
        declaration = self.scope.declared.get(name)
        properties = declaration.properties if declaration is not None else frozenset()
        expr = variable.expr if variable.expr is not None else leaves.symbol(name, *shape, properties=properties)
        if expr.op is leaves.SYMBOL:
            if variable.expr is not None:
                properties = frozenset(expr["properties"])
            self._assume(name, expr, properties, self.inference.origin(variable), variable.declared)
        self.symbols[name] = expr
        return expr

    def _free(self, passage: Passage, definition: Expr) -> Expr:
        """The symbol that stands for a definition which is a variable of the derivative."""
        name = passage.label
        expr = leaves.symbol(name, *definition.shape)
        origin = f"from {name} = {cropped(passage.words(passage.tree))}"
        self._assume(name, expr, frozenset(), origin, False)
        self.symbols[name] = expr
        return expr

    def _assume(self, name: str, expr: Expr, properties: frozenset[Property], origin: str, declared: bool) -> None:
        kind = kind_of(expr.shape)
        sizes = expr.shape if kind in (M, R, A) else expr.shape[:1] if expr.shape[0] is not ONE else ()
        self.assumptions[name] = Assumption(name, WORDS[kind], sizes, properties, origin, declared)

    def add_declared(self, name: str) -> None:
        """A declared variable that does not occur: its symbol is made all the same."""
        declaration, known = self.scope.declared.get(name), self.scope.known.get(name)
        if known is not None:
            self.symbols[name] = known
        elif declaration is not None:
            expr = leaves.symbol(name, *declaration.shape, properties=declaration.properties)
            self._assume(name, expr, declaration.properties, "declared", True)
            self.symbols[name] = expr

    def assumed(self) -> Iterator[Assumption]:
        """The assumptions about names that occur in the expression, its definitions included, or after `wrt`."""
        used = {e["name"] for e in leaves.symbols(self.expr)} | self.scope.wrt
        yield from (a for a in self.assumptions.values() if a.name in used)
        for name, function in abstract.functions(self.expr).items():
            declared = name not in self.scope.supposed
            origin = "declared" if declared else "by its letter"
            yield Assumption(name, "function", (), frozenset(), origin, declared, function)


def _position(e: Expr) -> Expr:
    """A position with its numbers added up: of an index that starts at 1, i + 1 − 1 is i."""
    normal = canonical(e)
    if normal.op.name != "add":
        return normal
    rest = [t for t in normal.args if t.op is not leaves.NUMBER]
    shift = sum((t["value"] for t in normal.args if t.op is leaves.NUMBER), Fraction(0))
    total = rest[0]
    for t in rest[1:]:
        total = total + t
    return total + leaves.number(shift) if shift > 0 else total - leaves.number(-shift) if shift else total


def _are_names(branches: tuple[Branch, ...]) -> bool:
    return all(b.kind == "name" for b in branches)


def _constant(word: str, sizes: tuple[Size, ...]) -> Expr:
    if word == "eye":
        return leaves.identity(sizes[0])
    if word == "e":
        return leaves.unit(sizes[0].number() or 0, sizes[1])
    shape = sizes if len(sizes) > 1 else (sizes[0], ONE)
    return leaves.ones(shape) if word == "ones" else leaves.zeros(shape)


def _matrix_power(passage: Passage, branch: Branch) -> Ambiguous | Unsupported:
    """X^2 of a matrix: elementwise in one dialect, a product in another."""
    base, exponent = branch.parts
    shown, power = passage.words(base), passage.words(exponent)
    whole, before, after = passage.text, passage.text[: branch.start], passage.text[branch.end :]
    head, tail = whole[base.start : base.end], whole[exponent.start : exponent.end]
    fixes = [f"{before}{head}**{tail}{after}"]
    if exponent.kind == "number" and exponent.value[0] == 2:
        product = f"{shown}@{shown}"
        fixes.append(f"{before}({head}@{head}){after}" if before.strip() or after.strip() else f"{head}@{head}")
    else:
        product = f"matpow({shown}, {power})"
        fixes.append(f"{before}matpow({head}, {tail}){after}")
    note = f"{shown}**{power} raises every entry; {product} multiplies the matrix by itself"
    return Ambiguous(f"{shown}^{power} of a matrix may mean two things", passage.span(branch), notes=(note,), fixes=tuple(fixes))

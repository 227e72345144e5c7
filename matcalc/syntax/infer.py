"""Shapes by inference: first the kind of every part of the texts (kinds), then its sizes (sizes).

Declared shapes come first, then what the operators and functions want, then letters.  Each inferred name keeps the branch that
decided it, for messages and for the printed assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcalc.core.expression import Expr
from matcalc.core.operation import Kind, Operation
from matcalc.core.size import ONE, Shape, Size
from matcalc.errors import NameMistake, RankMistake, Unsupported
from matcalc.syntax import kinds
from matcalc.syntax.kinds import MATMUL, M, Puzzle, R, S, Solution, Table, V, by_letter, signature
from matcalc.syntax.scope import Passage, Scope, is_function_word
from matcalc.syntax.sizes import Conflict, Sizes
from matcalc.syntax.tree import Branch

Places = tuple[int, int]


def kind_of(shape: Shape) -> int:
    """The kind that a shape makes."""
    if shape[1] is ONE:
        return S if shape[0] is ONE else V
    return R if shape[0] is ONE else M


@dataclass
class Variable:
    """A name that stands for an array: its place in the puzzle, and where it comes from."""

    name: str
    place: int
    passage: Passage
    first: Branch
    shape: Shape | None = None
    expr: Expr | None = None

    @property
    def declared(self) -> bool:
        """Whether a person gave its shape."""
        return self.shape is not None


class Misfit(Exception):
    """The operands of a branch do not fit: by kind, or by the sizes in `conflict`."""

    def __init__(self, passage: Passage, branch: Branch, conflict: Conflict | None) -> None:
        super().__init__(branch)
        self.passage, self.branch, self.conflict = passage, branch, conflict


class Inference:
    """The shapes of all branches of a scope's passages.  After `solve`, `shape` and `operation` answer."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.puzzle = Puzzle()
        self.sizes = Sizes()
        self.variables: dict[str, Variable] = {}
        self.definitions: dict[str, tuple[Passage, int]] = {}
        self.places: dict[int, int] = {}
        self.shapes: dict[int, Places] = {}
        self.name_shapes: dict[str, Places] = {}
        self.solution: Solution | None = None
        self._made_by: list[tuple[Passage, Branch]] = []
        self._scalar = self.puzzle.variable(S)
        self._matrix = self.puzzle.variable(M)
        for passage in scope.passages:
            self._pose(passage)

    # ---- kinds ----

    def _pose(self, passage: Passage) -> None:
        for branch in passage.order:
            self.places[id(branch)] = self._place(passage, branch)
        if passage.label:
            self.definitions[passage.label] = (passage, self.places[id(passage.tree)])

    def _place(self, passage: Passage, branch: Branch) -> int:
        """The puzzle variable of a branch, its constraint stated; signs and functions of entries share their part's."""
        parts = [self.places[id(p)] for p in branch.parts if id(p) in self.places]
        match branch.kind:
            case "number":
                return self._scalar
            case "name":
                return self._name(passage, branch)
            case "neg":
                return parts[0]
            case "call":
                return self._call(passage, branch, parts)
        return self._state(passage, branch, self._table(branch), parts)

    def _state(self, passage: Passage, branch: Branch, table: Table, parts: list[int]) -> int:
        result = self.puzzle.variable()
        self.puzzle.constrain(branch, table, *parts, result)
        self._made_by.append((passage, branch))
        return result

    def _table(self, branch: Branch) -> Table:
        match branch.kind:
            case "+" | "-":
                return self._addition(*branch.parts)
            case "@":
                return MATMUL
            case "**" | "^":
                return kinds.POWER
            case "T":
                return kinds.TRANSPOSE
            case "inverse":
                return kinds.INVERSE
        return kinds.ELEMENTWISE

    def _addition(self, left: Branch, right: Branch) -> Table:
        """A scalar is added to every entry, unless it is a bare undeclared name; and nothing is added so to `I`."""
        table = kinds.SAME
        if self.scope.is_identity(left.bare("T")) or self.scope.is_identity(right.bare("T")):
            return table
        if self._spreads(left):
            table += kinds.SPREAD_LEFT
        if self._spreads(right):
            table += kinds.SPREAD_RIGHT
        return table

    def _spreads(self, branch: Branch) -> bool:
        bare = branch.bare("T")
        return bare.kind != "name" or bare.value not in self.variables or self.variables[bare.value].declared

    def _call(self, passage: Passage, branch: Branch, parts: list[int]) -> int:
        word = str(branch.value)
        if id(branch) in self.scope.shapes:
            return self.puzzle.variable(kind_of(self._given_shape(branch)))
        operations = self.scope.operations[id(branch)]
        if len(parts) == 1 and (word == "sqrt" or any(op.kind is Kind.ELEMENTWISE for op in operations)):
            return parts[0]
        table = kinds.INNER if word == "dot" and not operations else call_table(operations, len(parts))
        return self._state(passage, branch, table, parts)

    def _given_shape(self, branch: Branch) -> Shape:
        """The shape of `ones(n)`, `zeros(m, n)`, `eye(n)`, `e(i, n)`."""
        sizes = self.scope.shapes[id(branch)]
        if branch.value == "eye":
            return (sizes[0], sizes[0])
        if branch.value == "e":
            return (sizes[1], ONE)
        return (sizes[0], sizes[1]) if len(sizes) == 2 else (sizes[0], ONE)

    def _name(self, passage: Passage, branch: Branch) -> int:
        name, scope = str(branch.value), self.scope
        if name in scope.labels:
            if name not in self.definitions:
                raise NameMistake(f"{name} is used before it is defined", passage.span(branch))
            return self.definitions[name][1]
        if name in self.variables:
            return self.variables[name].place
        if scope.is_size(name):
            return self._scalar
        if not scope.is_variable(name):
            if name == "pi":
                return self._scalar
            if name == "I":
                return self._matrix
            if is_function_word(name):
                raise NameMistake(f"{name} is a function, and lacks its arguments", passage.span(branch))
        return self._variable(passage, branch, name).place

    def _variable(self, passage: Passage, branch: Branch, name: str) -> Variable:
        expr, declaration = self.scope.known.get(name), self.scope.declared.get(name)
        shape = expr.shape if expr is not None else None
        if declaration is not None:
            if declaration.function:
                raise RankMistake(f"{name} is declared as a function, and lacks its arguments", passage.span(branch))
            if len(declaration.sizes) > 2:
                raise Unsupported(f"{name} is an array of order {len(declaration.sizes)}, and those are not supported yet", passage.span(branch))
            shape = declaration.shape
        place = self.puzzle.variable(kinds.NAMEABLE if shape is None else kind_of(shape))
        if shape is None:
            self.puzzle.letters.append((place, by_letter(name)))
        variable = self.variables[name] = Variable(name, place, passage, branch, shape, expr)
        return variable

    # ---- sizes ----

    def solve(self) -> None:
        """Find kinds and sizes; raises Misfit at the first branch whose operands do not fit what came before."""
        self.solution = self.puzzle.solve()
        if self.solution is not None:
            self._find_sizes(None)
            return
        failing = self.puzzle.failing()
        passage, branch = self._made_by[failing]
        self.solution = self.puzzle.solve(failing)
        self._find_sizes(branch)
        raise Misfit(passage, branch, None)

    def _find_sizes(self, until: Branch | None) -> None:
        """Sizes of the branches in order, up to one whose operands do not fit, and letters for those left free."""
        for passage in self.scope.passages:
            for branch in passage.order:
                if branch is until:
                    self._name_sizes()
                    return
                try:
                    self.shapes[id(branch)] = self._sized(branch)
                except Conflict as conflict:
                    self._name_sizes()
                    raise Misfit(passage, branch, conflict) from None
        self._name_sizes()

    def _name_sizes(self) -> None:
        names = {str(b.value) for passage in self.scope.passages for b in passage.order if b.kind == "name"}
        taken = names | self.scope.sizes | self.scope.labels | set(self.scope.declared) | set(self.scope.known)
        self.sizes.name([*self.name_shapes.values(), *self.shapes.values()], taken)

    def kind(self, branch: Branch) -> int:
        """The kind of a branch."""
        assert self.solution is not None
        return self.solution.kinds[self.places[id(branch)]]

    def shape(self, branch: Branch) -> Shape:
        """The shape of a branch, after `solve`."""
        return self.sizes.shape(self.shapes[id(branch)])

    def operation(self, branch: Branch) -> Operation | None:
        """The operation that a call means, by the kinds of its arguments; None for `dot` and `sqrt`."""
        operations = self.scope.operations[id(branch)]
        if len(operations) < 2:
            return operations[0] if operations else None
        found = tuple(self.kind(p) for p in branch.parts if id(p) in self.places)
        return next(op for op in operations if any(row[:-1] == found for row in signature(op)))

    def _fresh(self, kind: int) -> Places:
        one, free = self.sizes.one, self.sizes.free
        return {S: lambda: (one, one), V: lambda: (free(), one), R: lambda: (one, free()), M: lambda: (free(), free())}[kind]()

    def _rigid(self, shape: Shape) -> Places:
        return (self.sizes.rigid(shape[0]), self.sizes.rigid(shape[1]))

    def _sized(self, branch: Branch) -> Places:
        """The sizes of a branch from those of its parts; joins what must be equal."""
        parts = [self.shapes[id(p)] for p in branch.parts if id(p) in self.shapes]
        match branch.kind:
            case "number":
                return (self.sizes.one, self.sizes.one)
            case "name":
                return self._sized_name(branch)
            case "neg":
                return parts[0]
            case "T":
                return parts[0][::-1]
            case "inverse":
                if self.kind(branch) == M:
                    self.sizes.join(*parts[0], branch)
                return parts[0]
            case "@":
                return self._sized_product(branch, *parts)
            case "call":
                return self._sized_call(branch, parts)
        return self._entrywise(branch, parts)

    def _sized_name(self, branch: Branch) -> Places:
        name = str(branch.value)
        if name in self.definitions:
            return self.shapes[id(self.definitions[name][0].tree)]
        if name not in self.variables:
            side = self.sizes.free() if self.kind(branch) == M else self.sizes.one
            return (side, side)
        if name not in self.name_shapes:
            shape = self.variables[name].shape
            self.name_shapes[name] = self._fresh(self.kind(branch)) if shape is None else self._rigid(shape)
        return self.name_shapes[name]

    def _entrywise(self, branch: Branch, parts: list[Places]) -> Places:
        """Operands of one shape, or scalars."""
        wide = [s for s in parts if s != (self.sizes.one, self.sizes.one)]
        for other in wide[1:]:
            self.sizes.join(wide[0][0], other[0], branch)
            self.sizes.join(wide[0][1], other[1], branch)
        return wide[0] if wide else parts[0]

    def _sized_product(self, branch: Branch, left: Places, right: Places) -> Places:
        """A column on the left is turned where only that fits: xᵀy, Aᵀx."""
        first, second = (self.kind(p) for p in branch.parts)
        if first == V and second == V:
            left = left[::-1]
        elif first == V and second == M:
            left, right = right[::-1], left
        self.sizes.join(left[1], right[0], branch)
        return (left[0], right[1])

    def _sized_call(self, branch: Branch, parts: list[Places]) -> Places:
        if id(branch) in self.scope.shapes:
            return self._rigid(self._given_shape(branch))
        op = self.operation(branch)
        if op is None or op.kind is Kind.ELEMENTWISE:
            shape = self._entrywise(branch, parts)
            return (self.sizes.one, self.sizes.one) if op is None and branch.value == "dot" else shape
        assert op.equation is not None
        words = op.equation.inputs
        found: dict[str, int] = {" ": self.sizes.one}
        for word, shape in zip((*words, *words[-1:] * (len(parts) - len(words))), parts, strict=True):
            for letter, size in zip(word.ljust(2), shape, strict=True):
                self.sizes.join(found.setdefault(letter, size), size, branch)
        rows, columns = op.equation.output.ljust(2)
        return (found[rows], found[columns])

    # ---- where shapes come from ----

    def origin(self, variable: Variable) -> str:
        """What decided the shape of a name: "declared", "from P.T@P", "by its letter"."""
        if variable.declared:
            return "declared"
        assert self.solution is not None
        because = self.solution.because[variable.place]
        likely = by_letter(variable.name)[0] == self.solution.kinds[variable.place]
        if because is None or (likely and variable.place in self.solution.defaulted):
            return "by its letter"
        passage, branch = self._made_by[because]
        return "from " + cropped(passage.words(branch))

    def size_origin(self, variable: Variable) -> str:
        """What decided its sizes, where that says more than what decided its kind."""
        if variable.declared:
            return "declared"
        for k in self.name_shapes.get(variable.name, ()):
            branch = self.sizes.because.get(k)
            for passage in self.scope.passages:
                if branch is not None and any(b is branch for b in passage.order):
                    return "from " + cropped(passage.words(branch))
        return self.origin(variable)


def call_table(operations: tuple[Operation, ...], count: int) -> Table:
    """The kinds that fit any of the operations."""
    rows: dict[tuple[int, ...], None] = {}
    for op in operations:
        for row in signature(op):
            rows[row if len(row) == count + 1 else (*row[:-1], *row[-2:-1] * (count + 1 - len(row)), row[-1])] = None
    return tuple(rows)


def cropped(text: str, width: int = 40) -> str:
    """The text, its middle left out where it is long."""
    return text if len(text) <= width else f"{text[: width // 2]}…{text[-(width // 2) + 1 :]}"


__all__ = ["Inference", "Misfit", "Places", "Size", "Variable", "cropped", "kind_of"]

"""The question of kinds that a scope poses: a puzzle with a variable for each name and each result."""

from __future__ import annotations

from dataclasses import dataclass

from matcalc.core.equation import axes
from matcalc.core.expression import Expr
from matcalc.core.operation import Operation
from matcalc.core.reality import UNIT
from matcalc.core.size import ONE, Shape, Size
from matcalc.errors import NameMistake, RankMistake, Unsupported
from matcalc.syntax import kinds
from matcalc.syntax.calls import FromEnd
from matcalc.syntax.kinds import CAPITAL, MATMUL, STACKED, A, M, Puzzle, R, S, Table, V, by_letter, call_table
from matcalc.syntax.passage import Passage, too_early
from matcalc.syntax.scope import Scope, is_function_word
from matcalc.syntax.tree import Branch


def kind_of(shape: Shape) -> int:
    """The kind that a shape makes."""
    if len(shape) > 2:
        return A
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


class Question:
    """The puzzle of a scope's passages: `places` has the variable of each branch, by `id(branch)`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.puzzle = Puzzle()
        self.variables: dict[str, Variable] = {}
        self.definitions: dict[str, tuple[Passage, int]] = {}
        self.places: dict[int, int] = {}
        self.arguments: dict[str, int] = {}
        """The first argument of each abstract function."""
        self.made_by: list[tuple[Passage, Branch]] = []
        """The branch that made each constraint of the puzzle."""
        self._scalar = self.puzzle.variable(S)
        self._matrix = self.puzzle.variable(M)
        for passage in scope.passages:
            self._pose(passage)

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
            case "call" if id(branch) in self.scope.bindings:
                return self._sum(passage, branch, parts)
            case "index" if id(branch) in self.scope.subscripts:
                return self._slice(passage, branch, parts)
            case "call" | "index":
                return self._call(passage, branch, parts)
        return self._state(passage, branch, self._table(branch), parts)

    def _state(self, passage: Passage, branch: Branch, table: Table, parts: list[int]) -> int:
        result = self.puzzle.variable()
        self.puzzle.constrain(branch, table, *parts, result)
        self.made_by.append((passage, branch))
        return result

    def _table(self, branch: Branch) -> Table:
        match branch.kind:
            case "+" | "-":
                return self._addition(*branch.parts)
            case "@":
                return MATMUL
            case "**" | "^":
                return self._power(branch.parts[1].bare())
            case "T":
                return kinds.TRANSPOSE
            case "inverse":
                return kinds.INVERSE
        return kinds.ELEMENTWISE

    def _power(self, exponent: Branch) -> Table:
        """An exponent for each entry is rare: a bare name that nothing declares is rather a scalar."""
        variable = self.variables.get(str(exponent.value)) if exponent.kind == "name" else None
        if variable is not None and not variable.declared:
            self.puzzle.letters[variable.place] = (S, V, M, R)
        return kinds.POWER

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
            return self.puzzle.variable(kind_of(self.given_shape(branch)))
        if id(branch) in self.scope.partials:
            return self._partial(passage, branch, parts)
        operations = self.scope.operations[id(branch)]
        if branch.word in self.scope.functions and not operations[0].is_of_entries:
            self._one_kind(passage, branch, branch.word, parts[0])
        if len(parts) == 1 and (word == "sqrt" or any(op.is_of_entries for op in operations)):
            return parts[0]
        self._suppose(branch, operations)
        table = call_table(operations, self._is_single(branch, operations)) if operations else kinds.WORDS_ALONE[word]
        place = self._folded(passage, branch, table, parts) if len(parts) > 2 and any(op.variadic for op in operations) else None
        place = self._state(passage, branch, table, parts) if place is None else place
        if any(op.equation is not None and op.equation.is_grouped for op in operations):
            # Kinds do not tell how a shared axis is divided; sizes will.
            self.puzzle.letters[place] = (M, V, R, S)
        return place

    def _suppose(self, branch: Branch, operations: tuple[Operation, ...]) -> None:
        """A small letter that only functions of matrices take is rather a matrix than a scalar: `tr(x)`."""
        if len(branch.parts) != 1 or branch.parts[0].kind != "name":
            return
        variable = self.variables.get(str(branch.parts[0].value))
        words = [op.equation.inputs[0] if op.equation is not None and op.arity else "" for op in operations]
        if words and variable is not None and not variable.declared and all(len(axes(word)) == 2 for word in words):
            self.puzzle.letters[variable.place] = (V, M, S, R) if variable.name[0].islower() else CAPITAL

    def _one_kind(self, passage: Passage, branch: Branch, place: str, part: int) -> None:
        """An abstract function of a whole takes arguments of one kind, each at its place."""
        first = self.arguments.setdefault(place, part)
        if first != part:
            self.puzzle.constrain(branch, kinds.EQUAL, first, part)
            self.made_by.append((passage, branch))

    def _partial(self, passage: Passage, branch: Branch, parts: list[int]) -> int:
        """A function of several arguments: by entries like a product; else each argument has its kind, and they that of the result."""
        found, function = self.scope.partials[id(branch)], self.scope.functions[branch.word]
        if function.kind == "elementwise":
            return self._folded(passage, branch, kinds.ELEMENTWISE, parts)
        at = found.at or ()
        arguments = [parts[k] for k in found.places]
        for k, part in enumerate(arguments):
            self._one_kind(passage, branch, f"{branch.word} {k}", part)
            if function.kind == "vector":
                self.puzzle.constrain(branch, ((S,), (V,)), part)
                self.made_by.append((passage, branch))
        if found.direction is not None:
            self._one_kind(passage, branch, f"{branch.word} {at[1]}", parts[found.direction])
            return arguments[at[0]]
        moving = sorted(set(at))
        table = kinds.derivative(tuple(moving.index(k) for k in at), len(moving), function.kind == "vector")
        return self._state(passage, branch, table, [arguments[k] for k in moving])

    def _folded(self, passage: Passage, branch: Branch, table: Table, parts: list[int]) -> int:
        """Of more than two operands the first two are taken together, and that with the next."""
        place = parts[0]
        for part in parts[1:]:
            place = self._state(passage, branch, table, [place, part])
        return place

    def _is_single(self, branch: Branch, operations: tuple[Operation, ...]) -> bool:
        """Whether a subscript is a range of one position, X[2:3] or X[-1:]."""
        for op in operations:
            ends = [end for end in self.scope.attributes.get((id(branch), op), {}).values() if not isinstance(end, int)]
            for kind in (Size, FromEnd):
                if len(ends) == 2 and all(isinstance(end, kind) for end in ends):
                    i, j = (end.offset if isinstance(end, FromEnd) else end for end in ends)
                    return j + i * -1 is ONE
        return False

    def _sum(self, passage: Passage, branch: Branch, parts: list[int]) -> int:
        """An index sum is of the kind of its body, and its conditions are scalars; a stack has an axis more."""
        *conditions, body = parts
        for condition in conditions:
            self.puzzle.constrain(branch, ((S,),), condition)
            self.made_by.append((passage, branch))
        if self.scope.bindings[id(branch)].word == "sum":
            return body
        return self._state(passage, branch, STACKED, [body])

    def _slice(self, passage: Passage, branch: Branch, parts: list[int]) -> int:
        """The kind that is left: of an array what its open axes say, of a vector a scalar, of a matrix a column or a scalar."""
        found, array = self.scope.subscripts[id(branch)], branch.parts[0]
        count = len(found.places)
        order = self.scope.order(str(array.value)) if array.kind == "name" else count
        order = order or (count if array.value in self.scope.labels else 0)
        if order > 2:
            left = order - len(found.positions)
            if count > order:
                message = f"{passage.words(array)} has {order} axes, and here are {count} subscripts"
                raise RankMistake(message, passage.span(branch))
            if not found.positions:
                raise Unsupported(f"{passage.words(branch)} is all of {passage.words(array)}", passage.span(branch))
            table: Table = ((A, *(S,) * len(found.positions), (S, V, M, A)[min(left, 3)]),)
        elif count > 2:
            words, sizes = passage.words(array), ", ".join("lmnpqrs"[:count])
            message = f"{words} has at most 2 axes, and here are {count} subscripts"
            note = f'an array with more axes is declared: --where "{words}: ({sizes})"'
            undeclared = array.kind == "name" and count <= 7 and not self.scope.is_variable(words)
            raise RankMistake(message, passage.span(branch), notes=(note,) if undeclared else ())
        else:
            variable = self.variables.get(str(array.value)) if array.kind == "name" and count == 1 else None
            if variable is not None and not variable.declared:
                self.puzzle.letters[variable.place] = (V, M, S, R)
            scalars = (S,) * len(found.positions)
            ends = {1: ((V, *scalars, S), (M, *scalars, V)), 2: ((M, *scalars, S if len(scalars) == 2 else V),)}
            table = ends[count] if found.positions else ()
            if array.value in self.scope.labels and len(scalars) == count:
                table = (*table, (A, *scalars, M))  # of a name for a stack of matrices, one of them
        return self._state(passage, branch, table, parts)

    def given_shape(self, branch: Branch) -> Shape:
        """The shape of `ones(n)`, `zeros(m, n)`, `eye(n)`, `e(i, n)`."""
        sizes = self.scope.shapes[id(branch)]
        if branch.value == "eye":
            return (sizes[0], sizes[0])
        if branch.value == "e":
            return (sizes[1], ONE)
        return sizes if len(sizes) > 1 else (sizes[0], ONE)

    def _name(self, passage: Passage, branch: Branch) -> int:
        name, scope = str(branch.value), self.scope
        if scope.index(branch) is not None:
            return self._scalar
        if name in scope.labels:
            if name not in self.definitions:
                raise too_early(scope.passages, name, passage, branch)
            return self.definitions[name][1]
        if name in scope.functions:
            how = "declared as a function" if name not in scope.supposed else "called elsewhere, as a function"
            raise RankMistake(f"{name} is {how}, and lacks its arguments", passage.span(branch))
        if name in self.variables:
            return self.variables[name].place
        if scope.is_size(name):
            return self._scalar
        if not scope.is_variable(name):
            if name in ("pi", UNIT):
                return self._scalar
            if name == "I":
                return self._matrix
            if is_function_word(name):
                raise NameMistake(f"{name} is a function, and lacks its arguments", passage.span(branch))
            if name == "inf":
                raise NameMistake("inf is no number to compute with: it stands for an order, as in norm(x, inf)", passage.span(branch))
        return self._variable(passage, branch, name).place

    def _variable(self, passage: Passage, branch: Branch, name: str) -> Variable:
        expr, declaration = self.scope.known.get(name), self.scope.declared.get(name)
        shape = expr.shape if expr is not None else None
        if declaration is not None:
            shape = declaration.shape
        order = self.scope.order(name)
        place = self.puzzle.variable(A if order > 2 else kinds.NAMEABLE if shape is None else kind_of(shape))
        if shape is None and order < 3:
            self.puzzle.letters[place] = by_letter(name)
        variable = self.variables[name] = Variable(name, place, passage, branch, shape, expr)
        return variable

"""Shapes by inference: first the kind of every part of the texts (kinds), then its sizes (sizes).

Declared shapes come first, then what the operators and functions want, then letters.  Each inferred name keeps the branch that
decided it, for messages and for the printed assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from matcalc.core.equation import axes, is_product, letters, terms
from matcalc.core.operation import Operation
from matcalc.core.size import ONE, Shape, Size
from matcalc.syntax.calls import FromEnd, cut_letter
from matcalc.syntax.indices import Binding
from matcalc.syntax.kinds import A, M, R, S, Solution, V, by_letter, signature
from matcalc.syntax.passage import Passage
from matcalc.syntax.question import Question, Variable
from matcalc.syntax.ranges import Ranges
from matcalc.syntax.scope import Scope
from matcalc.syntax.sizes import Conflict, Sizes
from matcalc.syntax.tree import Branch

Places: TypeAlias = tuple[int, ...]
NONE = Size.of(0)


class Misfit(Exception):
    """The operands of a branch do not fit: by kind, or by the sizes in `conflict`."""

    def __init__(self, passage: Passage, branch: Branch, conflict: Conflict | None) -> None:
        super().__init__(branch)
        self.passage, self.branch, self.conflict = passage, branch, conflict


class Inference:
    """The shapes of all branches of a scope's passages.  After `solve`, `shape` and `operation` answer."""

    def __init__(self, scope: Scope, known_ranges: Mapping[str, Size] | None = None, expected: Shape | None = None) -> None:
        self.scope, self.known_ranges, self.expected = scope, known_ranges or {}, expected
        self.question = Question(scope)
        self.variables, self.definitions = self.question.variables, self.question.definitions
        self.sizes = Sizes()
        self.ranges = Ranges(scope, self.sizes)
        self.shapes: dict[int, Places] = {}
        self.name_shapes: dict[str, Places] = {}
        self.solution: Solution | None = None
        self.arguments: dict[str, Places] = {}
        """The shape of the argument of each abstract function that takes one of a certain shape."""

    def solve(self) -> None:
        """Find kinds and sizes; raises Misfit at the first branch whose operands do not fit what came before."""
        self.solution = self.question.puzzle.solve()
        if self.solution is not None:
            self._find_sizes(None)
            return
        failing = self.question.puzzle.failing()
        passage, branch = self.question.made_by[failing]
        self.solution = self.question.puzzle.solve(failing)
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
        beyond = self.ranges.beyond()
        for passage in self.scope.passages:
            for branch in passage.order:
                wrong = self.sizes.wrong_formula(branch)
                if wrong is not None:
                    raise Misfit(passage, branch, wrong)
                if beyond is not None and beyond[0] is branch:
                    raise Misfit(passage, branch, beyond[1])

    def _name_sizes(self) -> None:
        self.ranges.take(self.known_ranges)
        self._expect()
        names = {str(b.value) for passage in self.scope.passages for b in passage.order if b.kind == "name"}
        taken = names | self.scope.sizes | self.scope.labels | set(self.scope.declared) | set(self.scope.known)
        self.sizes.name([*self.name_shapes.values(), *self.shapes.values(), self.ranges.all()], taken)

    def _expect(self) -> None:
        """Where nothing says how large the whole is, as where it is made of I alone, it is as large as what is expected."""
        main = self.scope.passages[-1].tree
        for place, size in zip(self.shapes.get(id(main), ()), self.expected or (), strict=False):
            if size is not ONE and self.sizes.could_be(place, size):
                self.sizes.join(place, self.sizes.rigid(size), main)
        self.ranges.take(dict(zip(sorted(self.scope.free.keys() - self.known_ranges.keys()), self.expected or (), strict=False)))

    def kind(self, branch: Branch) -> int:
        """The kind of a branch."""
        assert self.solution is not None
        return self.solution.kinds[self.question.places[id(branch)]]

    def shape(self, branch: Branch) -> Shape:
        """The shape of a branch, after `solve`."""
        return self.sizes.shape(self.shapes[id(branch)])

    def operation(self, branch: Branch) -> Operation | None:
        """The operation that a call means, by the kinds of its arguments; None for `dot` and `sqrt`."""
        operations = self.scope.operations[id(branch)]
        if len(operations) < 2:
            return operations[0] if operations else None
        found = tuple(self.kind(p) for p in branch.parts if id(p) in self.question.places)
        return next(op for op in operations if any(row[:-1] == found for row in signature(op)))

    def _fresh(self, kind: int, order: int = 0) -> Places:
        one, free = self.sizes.one, self.sizes.free
        if kind == A:
            return tuple(free() for _ in range(order))
        return {S: lambda: (one, one), V: lambda: (free(), one), R: lambda: (one, free()), M: lambda: (free(), free())}[kind]()

    def _rigid(self, shape: Shape) -> Places:
        return tuple(map(self.sizes.rigid, shape))

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
            case "!=" if len(indices := [i for p in branch.parts if (i := self.scope.index(p)) is not None]) == 2:
                self.ranges.same(indices[0], indices[1], branch)
                return parts[0]
            case "inverse":
                if self.kind(branch) == M:
                    self.sizes.join(parts[0][0], parts[0][1], branch)
                return parts[0]
            case "@":
                return self._sized_product(branch, *parts)
            case "call" if id(branch) in self.scope.bindings:
                return self._sized_sum(self.scope.bindings[id(branch)], parts[-1])
            case "index" if id(branch) in self.scope.subscripts:
                return self._sized_slice(branch, parts[0])
            case "call" | "index":
                return self._sized_call(branch, parts)
        return self._entrywise(branch, parts)

    def _sized_name(self, branch: Branch) -> Places:
        name = str(branch.value)
        if self.scope.index(branch) is not None:
            return (self.sizes.one, self.sizes.one)
        if name in self.definitions:
            return self.shapes[id(self.definitions[name][0].tree)]
        if name not in self.variables:
            side = self.sizes.free() if self.kind(branch) == M else self.sizes.one
            return (side, side)
        if name not in self.name_shapes:
            shape = self.variables[name].shape
            self.name_shapes[name] = self._fresh(self.kind(branch), self.scope.order(name)) if shape is None else self._rigid(shape)
        return self.name_shapes[name]

    def _entrywise(self, branch: Branch, parts: list[Places]) -> Places:
        """Operands of one shape, or scalars."""
        wide = [s for s in parts if s != (self.sizes.one, self.sizes.one)]
        for other in wide[1:]:
            self.sizes.join_all(wide[0], other, branch)
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

    def _sized_sum(self, found: Binding, body: Places) -> Places:
        """That of the body; of a stack with an axis more."""
        wide = [self.ranges.place(i) for i in found.indices]
        if found.word == "sum":
            return body
        one = self.sizes.one
        axes = [] if body == (one, one) else [body[0]] if self.kind(found.body) == V else list(body)
        axes.insert(min(found.axis, len(axes)), wide[0])
        return (*axes, one)[:2] if len(axes) < 2 else tuple(axes)

    def _sized_slice(self, branch: Branch, array: Places) -> Places:
        """What is left of an array; an index has the size of the axis at which it stands."""
        places = self.scope.subscripts[id(branch)].places
        column = self.kind(branch.parts[0]) == V
        left = []
        for k, size in enumerate(array[:1] if column else array):
            position = places[k] if k < len(places) else None
            if position is None:
                left.append(size)
            else:
                self.ranges.meet(position, size, branch)
        return (*left, self.sizes.one, self.sizes.one)[:2] if len(left) < 2 else tuple(left)

    def _sized_call(self, branch: Branch, parts: list[Places]) -> Places:
        if id(branch) in self.scope.shapes:
            shape = self._rigid(self.question.given_shape(branch))
            if parts:
                self.ranges.meet(branch.parts[0], shape[0], branch)
            return shape
        if id(branch) in self.scope.partials:
            return self._sized_partial(branch, parts)
        op = self.operation(branch)
        if op is None or op.is_of_entries:
            shape = self._entrywise(branch, parts)
            return (self.sizes.one, self.sizes.one) if op is None and branch.value == "dot" else shape
        assert op.equation is not None
        if "function" in op.parameters:
            self._one_shape(branch, branch.word, parts[0])
        given = self.scope.attributes.get((id(branch), op), {})
        if not op.variadic:
            return self._applied(op, parts, given, branch)
        whole = parts[0]
        for part in parts[1:]:
            whole = self._applied(op, [whole, part], given, branch)
        return whole

    def _one_shape(self, branch: Branch, place: str, part: Places) -> None:
        self.sizes.join_all(self.arguments.setdefault(place, part), part, branch)

    def _sized_partial(self, branch: Branch, parts: list[Places]) -> Places:
        """The sizes of those arguments in which a function is differentiated, one after the other."""
        found, function = self.scope.partials[id(branch)], self.scope.functions[branch.word]
        if function.kind == "elementwise":
            return self._entrywise(branch, parts)
        arguments = [parts[k] for k in found.places]
        for k, part in enumerate(arguments):
            self._one_shape(branch, f"{branch.word} {k}", part)
        at = found.at or ()
        if found.direction is not None:
            self._one_shape(branch, f"{branch.word} {at[1]}", parts[found.direction])
            return arguments[at[0]]
        one = (self.sizes.one, self.sizes.one)
        wide = [arguments[k] for k in at if arguments[k] != one]
        if function.size is None and len(wide) == 1:
            return wide[0]
        axes = [] if function.size is None else [self.sizes.rigid(function.size)]
        axes += [self.sizes.product(list(shape), branch) for shape in wide]
        return (*axes, *one)[:2]

    def _applied(self, op: Operation, parts: list[Places], given: dict[str, Any], branch: Branch) -> Places:
        """The sizes of an operation's result, by its equation."""
        assert op.equation is not None
        if op.entrywise and any(len(shape) > 2 for shape in parts):
            whole = self._entrywise(branch, parts)
            return whole if op.equation.output else (self.sizes.one, self.sizes.one)
        found = {name: self.sizes.rigid(size) for name, size in given.items() if isinstance(size, Size)}
        found.update((c, self.sizes.rigid(Size.of(int(c)))) for c in repr(op.equation) if c.isdigit())
        grouped: list[tuple[str, int]] = []
        for word, shape in zip(op.equation.inputs, parts, strict=True):
            for axis, size in zip((*axes(word), "", "")[:2], shape, strict=True):
                if len(axis) > 1:
                    grouped.append((axis, size))
                else:
                    self.sizes.join(found.setdefault(axis, size) if axis else self.sizes.one, size, branch)
        for axis, size in grouped:
            self.sizes.join(self._together(axis, found, branch), size, branch)
        for name, place in given.items():
            if isinstance(place, FromEnd):
                found[name] = self.sizes.combination([(1, found[cut_letter(op)])], place.offset, branch)
        rows, columns = (*axes(op.equation.output), "", "")[:2]
        return (self._together(rows, found, branch), self._together(columns, found, branch))

    def _together(self, axis: str, found: dict[str, int], branch: Branch) -> int:
        """The size of an axis: that of its letter, or what a formula makes of several."""
        for letter in letters(axis):
            found.setdefault(letter, self.sizes.free())
        if axis.startswith("½"):
            return self.sizes.triangle(found[axis[1:]], branch)
        if not axis or is_product(axis):
            return self.sizes.product([found[letter] for letter in axis], branch)
        return self.sizes.combination([(sign, self._together(part, found, branch)) for sign, part in terms(axis)], NONE, branch)

    # ---- where shapes come from ----

    def origin(self, variable: Variable) -> str:
        """What decided the shape of a name: "declared", "from P.T@P", "by its letter"."""
        if variable.declared:
            return "declared" if variable.expr is None else "in the question"
        assert self.solution is not None
        if variable.name in self.scope.arrays:
            passage, branch = self.scope.arrays[variable.name]
            return "from " + cropped(passage.inside(branch))
        because = self.solution.because[variable.place]
        likely = by_letter(variable.name)[0] == self.solution.kinds[variable.place]
        if because is None or (likely and variable.place in self.solution.defaulted):
            return "by its letter"
        passage, branch = self.question.made_by[because]
        return "from " + cropped(passage.inside(branch))

    def size_origin(self, variable: Variable) -> str:
        """What decided its sizes, where that says more than what decided its kind."""
        if variable.declared:
            return "declared" if variable.expr is None else "in the question"
        for k in self.name_shapes.get(variable.name, ()):
            branch = self.sizes.because.get(k)
            for passage in self.scope.passages:
                if branch is not None and any(b is branch for b in passage.order):
                    return "from " + cropped(passage.inside(branch))
        return self.origin(variable)


def cropped(text: str, width: int = 40) -> str:
    """The text, its middle left out where it is long."""
    return text if len(text) <= width else f"{text[: width // 2]}…{text[-(width // 2) + 1 :]}"

"""Messages about operands that do not fit: what each one is, where its shape came from, and what may have been meant.

The fixes are candidates, whole texts each; the reading that failed keeps those that it can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.core.equation import axes
from matcalc.core.operation import Operation
from matcalc.errors import DomainMistake, MatcalcError, RankMistake, ShapeMistake, Unsupported
from matcalc.syntax.indices import offset
from matcalc.syntax.infer import Inference, Misfit, cropped
from matcalc.syntax.kinds import WORDS, A, M, R, S, V, call_table
from matcalc.syntax.partials import Application
from matcalc.syntax.passage import Passage
from matcalc.syntax.remedies import Remedies
from matcalc.syntax.scope import GRADIENT
from matcalc.syntax.tree import Branch, postorder

MOST_NAMES = 4


def explained(inference: Inference, misfit: Misfit) -> MatcalcError:
    """The error that tells a person about a misfit."""
    return _Account(inference, misfit).error()


class _Account(Remedies):
    """One misfit, with the words for its operands."""

    def __init__(self, inference: Inference, misfit: Misfit) -> None:
        self.inference, self.conflict = inference, misfit.conflict
        self.passage: Passage = misfit.passage
        self.branch: Branch = misfit.branch
        self.operands = [p for p in self.branch.parts if id(p) in inference.shapes]
        self.kinds = [inference.kind(p) for p in self.operands]

    def error(self) -> MatcalcError:
        """The message for the branch's kind."""
        if id(self.branch) in self.inference.scope.subscripts:
            return self._subscript()
        if A in self.kinds:
            return self._array()
        match self.branch.kind:
            case "@":
                return self._product()
            case "+" | "-":
                return self._sum()
            case "**" | "^":
                what = WORDS[self.kinds[1]]
                wanted = "an exponent is a scalar, or is declared and has the shape of what it raises"
                return self._made(RankMistake, f"{wanted}, and this is a {what}")
            case "call" | "index":
                return self._call()
            case "inverse":
                words, shape = self._words(self.operands[0]), self._shape(self.operands[0])
                return self._made(DomainMistake, f"only a square matrix has an inverse, and {words} is {shape}")
        return self._entrywise()

    # ---- one message for each kind of branch ----

    def _array(self) -> MatcalcError:
        """An array of order three or more where a matrix would stand."""
        array = self.operands[self.kinds.index(A)]
        words, order = self._words(array), len(self.inference.shape(array))
        if self.conflict is not None:
            return self._made(ShapeMistake, f"the operands are to have one shape, and they differ: {self._two_shapes()}")
        first = f"{words}[i{', :' * (order - 1)}]"
        whole = "what goes entry by entry takes it whole"
        message = f"{words} is an array of order {order}: {whole}; elsewhere its slices stand, such as {first}"
        return self._made(RankMistake, message)

    def _subscript(self) -> MatcalcError:
        """An index that stands at axes of two sizes, or beyond an end; subscripts of what has no such axes."""
        array, *positions = self.operands
        if self.conflict is None:
            wanted = "a vector" if len(self.branch.parts) == 2 else "a matrix"
            return self._made(RankMistake, f"these subscripts want {wanted}, and {self._words(array)} is {self._shape(array)}")
        index = next((i for p in positions if (found := offset(p)) and (i := self.inference.scope.index(found[0]))), None)
        name = index.name if index is not None else self._words(positions[0])
        if index is not None and index.size is not None:
            message = f"{name} goes beyond the end of an axis: {self._words(array)} is {self._shape(array)}"
            return self._made(DomainMistake, message)
        shifts = self.inference.ranges.shifts(index) if index is not None else []
        if index is not None and any(shifts):
            text, at = self.passage.text, index.branch.end
            message = f"{name} runs along a whole axis, and {self._words(positions[0])} goes beyond its end: say how far {name} goes"
            size = self.inference.ranges.size(index)
            fix = f"{text[:at]}, {-min(shifts)}, {size} - {max(shifts) + 1}{text[at:]}"
            return DomainMistake(message, self.passage.span(self.branch), notes=(self._said(array),), fixes=(fix,))
        one, other = self.conflict.left, self.conflict.right
        where = f"; it is {one} by {cropped(self.passage.words(index.used_at))}" if index is not None and index.used_at is not None else ""
        return self._made(ShapeMistake, f"{name} stands at axes of two sizes, {one} and {other}{where}")

    def _product(self) -> MatcalcError:
        left, right = self.operands
        for operand, kind in zip(self.operands, self.kinds, strict=True):
            if kind == S:
                message = f"@ multiplies matrices and vectors, and {self._words(operand)} is a scalar"
                return self._made(RankMistake, message, self.join("*"))
        message = f"{self._words(left)} and {self._words(right)} cannot be multiplied"
        if self.conflict is not None:
            message += f": the inner sizes {self.conflict.left} and {self.conflict.right} differ"
        if all(kind in (V, R) for kind in self.kinds) and (fits := self._lengths()):
            return self._made(ShapeMistake, message, self.outer(), fits)
        if self.kinds == [V, M]:
            candidates = [self.swapped()]
        elif self.kinds == [M, V]:
            candidates = self.turned("@")[:1]
        else:
            candidates = [*self.turned("@"), self.swapped(), *(self.join("*") if self.kinds[0] == self.kinds[1] else [])]
        return self._made(ShapeMistake, message, candidates)

    def _lengths(self) -> list[str]:
        """Which lengths would fit in an inner product of names."""
        names = [p.bare("T") for p in self.operands]
        lengths = [self.inference.shape(p)[k == R] for p, k in zip(self.operands, self.kinds, strict=True)]
        if lengths[0] is lengths[1]:
            return []
        fits = [f"{n.value} of length {other!r}" for n, other in zip(names, reversed(lengths), strict=True) if n.kind == "name"]
        told = f"{', or '.join(fits)}," if len(fits) > 1 else "".join(fits)
        return [f"an inner product is of one length: {told} would fit"] if fits else []

    def _sum(self) -> MatcalcError:
        left, right = self.operands
        sign = self.branch.kind
        verb = "added" if sign == "+" else "subtracted"
        if S in self.kinds:
            return self._scalar_term()
        if sorted(self.kinds) in ([V, M], [R, M]):
            message = f"a matrix and a {WORDS[min(self.kinds)]} cannot be {verb}: neither is repeated to fit"
            return self._made(ShapeMistake, message, self.repeated())
        message = f"{self._words(left)} and {self._words(right)} cannot be {verb}: {self._two_shapes()}"
        return self._made(ShapeMistake, message, self.turned(sign))

    def _scalar_term(self) -> MatcalcError:
        """A scalar beside `I`, or a bare undeclared name that something else made a scalar."""
        left, right = self.operands
        sign, at = self.branch.kind, self.kinds.index(S)
        scalar, other = self.operands[at], self.operands[1 - at]
        sizes = ", ".join(map(repr, self.inference.shape(other)[: 1 if self.kinds[1 - at] == V else 2]))
        candidates = []
        for factor in ("I", f"ones({sizes})"):
            multiple = f"{self.tight(scalar)}*{factor}"
            candidates.append(f"{multiple} {sign} {self.tight(right)}" if at == 0 else f"{self.text(left)} {sign} {multiple}")
        message = f"{self._words(scalar)} is a scalar and {self._words(other)} is not: a multiple of I is meant, or of ones?"
        return self._made(RankMistake, message, candidates)

    def _entrywise(self) -> MatcalcError:
        left, right = self.operands
        sign = self.branch.kind
        if sign == "/":
            message = f"{self._words(left)} cannot be divided entry by entry by {self._words(right)}: {self._two_shapes()}"
            return self._made(ShapeMistake, message, self.turned("/"))
        if sign in ("<", "<=", ">", ">=", "!="):
            message = f"{self._words(left)} and {self._words(right)} cannot be compared entry by entry: {self._two_shapes()}"
            return self._made(ShapeMistake, message, self.turned(sign))
        message = f"{self._words(left)} and {self._words(right)} cannot be multiplied entry by entry: {self._two_shapes()}"
        return self._made(ShapeMistake, message, [*self.join("@"), *self.turned("*"), *self.turned("@")])

    def _call(self) -> MatcalcError:
        word = str(self.branch.value) if self.branch.kind == "call" else f"the subscript of {self._words(self.branch)}"
        if id(self.branch) in self.inference.scope.bindings:
            wrong = next((p for p in self.operands[:-1] if self._shape(p) != "a scalar"), self.operands[-1])
            said = "a condition of an index sum compares numbers" if wrong is not self.operands[-1] else "this cannot be summed"
            return self._made(RankMistake, f"{said}, and {self._words(wrong)} is {self._shape(wrong)}")
        if (partial := self.inference.scope.partials.get(id(self.branch))) is not None:
            return self._partial(partial)
        operations = self.inference.scope.operations[id(self.branch)]
        grouped = self.conflict is not None and any(op.equation is not None and op.equation.is_grouped for op in operations)
        if (earlier := self._earlier()) is not None:
            said = f"{earlier[0]} is of {earlier[1]} and {self._words(self.branch)} of {self._shape(self.operands[0])}"
            return self._made(ShapeMistake, f"{self.branch.word} takes arguments of one shape, and here {said}")
        if not operations and self.branch.word == GRADIENT:
            return self._made(RankMistake, f"grad wants a scalar, and {self._words(self.operands[0])} is {self._shape(self.operands[0])}")
        squares = [op for op in operations if op.equation is not None and op.equation.inputs == ("nn",)]
        if len(self.operands) == 1:
            wanted = "a square matrix" if squares else self._wanted()
            shown = f"{word} wants {wanted}, and {self._words(self.operands[0])} is {self._shape(self.operands[0])}"
            if grouped and not squares:
                return self._made(ShapeMistake, f"the length of {self._words(self.branch)} {self._unequal()}")
            return self._made(RankMistake if self.conflict is None else DomainMistake, shown)
        if (lopsided := self._lopsided(operations)) is not None:
            return self._made(DomainMistake, f"{word} wants a square matrix, and {self._words(lopsided)} is {self._shape(lopsided)}")
        shapes = self._shapes()
        wanted = "vectors" if self.conflict is None and self._wanted() == "a vector" else "operands that fit"
        exact = {inputs for op in operations if op.equation is not None for inputs in op.equation.inputs if inputs.isdigit()}
        wanted = f"vectors of length {exact.pop()}" if len(exact) == 1 else wanted
        if grouped:
            shapes += f": a size {self._unequal()}"
        return self._made(RankMistake if wanted == "vectors" else ShapeMistake, f"{word} wants {wanted}, and {shapes}")

    def _shapes(self) -> str:
        return " and ".join(f"{self._words(p)} is {self._shape(p)}" for p in self.operands)

    def _partial(self, partial: Application) -> MatcalcError:
        """A function of several arguments: entries that do not meet, another call with other shapes, or too many axes."""
        scope, name, shapes = self.inference.scope, self.branch.word, self._shapes()
        if scope.functions[name].kind == "elementwise":
            return self._made(ShapeMistake, f"{name} goes entry by entry, and {shapes}; or is {name}: scalar function meant?")
        earlier = next(scope.partials[id(b)] for p in scope.passages for b in p.order if id(b) in scope.partials and b.word == name)
        for ours, theirs in zip(partial.arguments, earlier.arguments, strict=True):
            if earlier is not partial and self._shape(ours) != self._shape(theirs):
                said = f"{self._words(ours)} is {self._shape(ours)} and {self._words(theirs)} {self._shape(theirs)}"
                return self._made(ShapeMistake, f"{name} takes arguments of the same shapes everywhere, and {said}")
        many = f"{self._words(self.branch)} would have more than two axes: {shapes}"
        return self._made(*((Unsupported, many) if partial.primes else (RankMistake, f"{name} takes columns, and {shapes}")))

    def _lopsided(self, operations: tuple[Operation, ...]) -> Branch | None:
        """The operand that every reading of a call wants square, and that is not."""
        equations = [op.equation.inputs for op in operations if op.equation is not None]
        for k, operand in enumerate(self.operands):
            words = [axes(inputs[k]) for inputs in equations if k < len(inputs)]
            rows, columns = self.inference.shape(operand)
            if rows is not columns and words and all(len(word) == 2 and word[0] == word[1] for word in words):
                return operand
        return None

    def _unequal(self) -> str:
        """`would be m*n, and 6 is wanted`: what products of sizes say of each other."""
        assert self.conflict is not None
        return f"would be {self.conflict.right}, and {self.conflict.left} is wanted"

    def _earlier(self) -> tuple[str, str] | None:
        """Another application of the abstract function that the call applies, and the shape of its argument."""
        scope, name = self.inference.scope, self.branch.word
        if name not in scope.functions:
            return None
        calls = ((p, b) for p in scope.passages for b in p.order if b.kind == "call" and b.word == name)
        passage, first = next(calls)
        if first is self.branch or id(first.parts[0]) not in self.inference.shapes:
            return None
        return cropped(passage.words(first)), self._shape(first.parts[0])

    def _wanted(self) -> str:
        """What the first argument of the call may be."""
        table = call_table(self.inference.scope.operations[id(self.branch)])
        return " or ".join(f"a {WORDS[k]}" for k in (S, V, M) if any(row[0] == k for row in table))

    # ---- words for operands ----

    def _made(
        self, error: type[MatcalcError], message: str, candidates: list[str] | None = None, more: Sequence[str] = ()
    ) -> MatcalcError:  # fmt: skip
        text, branch = self.passage.text, self.branch
        opening, closing = ("(", ")") if branch.in_brackets() else ("", "")
        fixes = tuple(f"{text[: branch.start]}{opening}{c}{closing}{text[branch.end :]}" for c in candidates or ())
        return error(message, self.passage.span(branch), notes=tuple(dict.fromkeys((*self._notes(), *more))), fixes=fixes)

    def _notes(self) -> Iterator[str]:
        """What each operand is, then what each name in it is."""
        for operand in self.operands:
            if operand.kind not in ("name", "number"):
                yield self._said(operand)
        names = [b for operand in self.operands for b in postorder(operand) if self._is_told(b)]
        for name in list({str(b.value): b for b in reversed(names)}.values())[::-1][:MOST_NAMES]:
            yield self._said(name)

    def _is_told(self, branch: Branch) -> bool:
        """Whether a name is worth a note; an index is not."""
        return branch.kind == "name" and id(branch) in self.inference.shapes and self.inference.scope.index(branch) is None

    def _said(self, branch: Branch) -> str:
        """`A is m×n  (declared)`."""
        origin = self._origin(str(branch.value)) if branch.kind == "name" else ""
        return f"{self._words(branch)} is {self._shape(branch)}" + (f"  ({origin})" if origin else "")

    def _origin(self, name: str) -> str:
        inference = self.inference
        if name in inference.definitions:
            passage = inference.definitions[name][0]
            return f"{name} = {cropped(passage.words(passage.tree))}"
        variable = inference.variables.get(name)
        if variable is None:
            return "a size" if inference.scope.is_size(name) else ""
        return inference.origin(variable) if self.conflict is None else inference.size_origin(variable)

    def _shape(self, branch: Branch) -> str:
        """`m×n`, `a vector of length n`, `a row of length n`, `a scalar`."""
        shape, kind = self.inference.shape(branch), self.inference.kind(branch)
        if kind == A:
            return "an array of shape " + "×".join(map(repr, shape))
        rows, columns = shape
        if kind == M:
            return f"{rows}×{columns}"
        return "a scalar" if kind == S else f"a vector of length {rows}" if kind == V else f"a row of length {columns}"

    def _two_shapes(self) -> str:
        first, second = (self._shape(p) for p in self.operands)
        return f"one is {first}, the other {second}"

    def _words(self, branch: Branch) -> str:
        return cropped(self.passage.words(branch))

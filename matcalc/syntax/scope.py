"""What the words of a text mean: which names are variables, definitions, sizes or constants, and which words are operations.

Declared names beat built-in ones.  A word that is called must be known; a word that is not called is a variable, unless it is
the word of an operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from matcalc.core.abstract import Function
from matcalc.core.expression import Expr
from matcalc.core.leaves import symbols
from matcalc.core.operation import Operation
from matcalc.core.size import Size
from matcalc.core.words import vocabulary
from matcalc.errors import LimitReached, NameMistake, RankMistake, Span, SyntaxMistake, Unsupported
from matcalc.syntax.absent import ABSENT
from matcalc.syntax.calls import LARGEST_ENTRY, CallReader, Meaning, count_wrong
from matcalc.syntax.declare import Declaration, size_of
from matcalc.syntax.indices import Binding, Index, Subscripts, binding, bound_in, has_names, subscripts
from matcalc.syntax.letters import GREEK_NAMES
from matcalc.syntax.partials import Application, application
from matcalc.syntax.passage import Passage
from matcalc.syntax.respell import MEANT, candidates
from matcalc.syntax.slips import ARRAYS
from matcalc.syntax.tree import Branch, postorder

SHAPED = {"ones": (1, 8), "zeros": (1, 8), "eye": (1, 1), "e": (2, 2)}
"""Words whose arguments are sizes (of `e(i, n)` the second one), and how many they take."""
SHORT = {"dot": 2, "sqrt": 1}
"""Words that stand for operators: `dot(x, y)` is xᵀy or A : B, `sqrt(x)` is x**(1/2)."""
TYPO = 0.7
"""Words that are as alike as this are taken for each other's typing mistakes."""
GRADIENT = "grad"
"""The word of a gradient inside an expression: `grad(f, x)`."""


@dataclass
class Scope:
    """All that a name can mean."""

    declared: Mapping[str, Declaration]
    known: Mapping[str, Expr]
    wrt: frozenset[str]
    passages: list[Passage]
    functions: dict[str, Function] = field(default_factory=dict)
    """Abstract functions: declared, known, and those that are called without a declaration."""
    supposed: set[str] = field(default_factory=set)
    """The last of these."""
    labels: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    shapes: dict[int, tuple[Size, ...]] = field(default_factory=dict)
    """The sizes that a call of `ones`, `zeros`, `eye` or `e` names, by the identity of its branch."""
    operations: dict[int, tuple[Operation, ...]] = field(default_factory=dict)
    """The operations that a call may mean, likewise."""
    attributes: dict[tuple[int, Operation], dict[str, Any]] = field(default_factory=dict)
    """The attributes that the node of a call gets where it means this operation."""
    partials: dict[int, Application] = field(default_factory=dict)
    """The calls of functions of several arguments."""
    bindings: dict[int, Binding] = field(default_factory=dict)
    """What index sums and stacks bind, by the identity of the call."""
    subscripts: dict[int, Subscripts] = field(default_factory=dict)
    """The subscripts of slices that hold an index, or of arrays of order three and more."""
    indices: dict[int, Index] = field(default_factory=dict)
    """The bound index that a name stands for, by the identity of its branch."""
    free: dict[str, Index] = field(default_factory=dict)
    """Indices that stay free."""
    arrays: dict[str, tuple[Passage, Branch]] = field(default_factory=dict)
    """Undeclared names that have three subscripts or more somewhere, with the place that has most."""

    def __post_init__(self) -> None:
        self.labels = {p.label for p in self.passages if p.label}
        for declaration in self.declared.values():
            self._add_sizes(declaration.sizes)
            if declaration.function:
                size = declaration.sizes[0] if declaration.sizes else None
                self.functions[declaration.name] = Function(declaration.name, declaration.function, size)
        for e in symbols(*self.known.values()):
            self._add_sizes(e.shape)
        for passage in self.passages:
            if passage.label in self.sizes:
                raise NameMistake(f"{passage.label} is a size by its declarations, and is defined too", passage.span(passage.tree))
        for passage in self.passages:
            self._find_arrays(passage)
        for passage in self.passages:
            passage.order = list(self._survey(passage))

    def _add_sizes(self, sizes: tuple[Size, ...]) -> None:
        self.sizes.update(name for size in sizes for name in size.names())

    def _find_arrays(self, passage: Passage) -> None:
        """Names that are arrays of order three or more by their subscripts."""
        for branch in postorder(passage.tree):
            name = str(branch.parts[0].value) if branch.kind == "index" and branch.parts[0].kind == "name" else ""
            count = len(branch.parts) - 1
            if count > 2 and name and not self.is_variable(name) and name != "I":
                known = self.arrays.get(name)
                if known is None or len(known[1].parts) - 1 < count:
                    self.arrays[name] = passage, branch

    def order(self, name: str) -> int:
        """How many axes a name was declared with, or has by its subscripts; 0 where nothing says so."""
        declaration, known = self.declared.get(name), self.known.get(name)
        if declaration is not None:
            return len(declaration.sizes)
        if known is not None:
            return len(known.shape) if len(known.shape) > 2 else 0
        return len(self.arrays[name][1].parts) - 1 if name in self.arrays else 0

    def is_variable(self, name: str) -> bool:
        """Whether a person said what the name is, so that it is no built-in one."""
        return name in self.declared or name in self.known or name in self.labels or name in self.functions

    def is_identity(self, branch: Branch) -> bool:
        """Whether this is the built-in `I`."""
        return branch.kind == "name" and branch.value == "I" and not self.is_variable("I")

    def is_size(self, name: str) -> bool:
        """Whether the name is a size used as a number.  A declaration as a scalar integer says nothing new."""
        if name not in self.sizes or name in self.labels:
            return False
        declaration = self.declared.get(name)
        return name not in self.known and (declaration is None or not (declaration.sizes or declaration.function))

    def _survey(self, passage: Passage) -> Iterator[Branch]:
        """The branches that are expressions, parts first; calls are looked up on the way, sizes read."""
        stack: list[tuple[Branch, bool, Mapping[str, Index]]] = [(passage.tree, False, {})]
        while stack:
            branch, finished, bound = stack.pop()
            if finished:
                yield branch
                continue
            parts = branch.parts
            if branch.kind == "call":
                parts = self._called(passage, branch, bound)
                if id(branch) in self.bindings:
                    bound = bound_in(bound, self.bindings[id(branch)], passage.text)
            elif branch.kind == "index":
                parts = self._indexed(passage, branch, bound)
            elif branch.kind == "name" and str(branch.value) in bound:
                self.indices[id(branch)] = bound[str(branch.value)]
            elif branch.kind in ("keyword", "string"):
                raise SyntaxMistake("this can only be an argument of a function", passage.span(branch))
            elif branch.kind == "list":
                raise SyntaxMistake(ARRAYS, passage.span(branch))
            stack.append((branch, True, bound))
            stack.extend((part, False, bound) for part in reversed(parts))

    def _indexed(self, passage: Passage, branch: Branch, bound: Mapping[str, Index]) -> tuple[Branch, ...]:
        """`X[1, :]` is an operation like any other; with a name among the subscripts, or of an array, it is a slice."""
        array = branch.parts[0]
        named = array.kind == "name" and array.value not in self.labels
        order = self.order(str(array.value)) if named else len(branch.parts) - 1
        if order < 3 and not any(has_names(p) for p in branch.parts[1:] if p.kind != "slice"):
            return self._meant(branch, self._reader(passage).indexed(branch))
        found = self.subscripts[id(branch)] = subscripts(branch, passage.text)
        for position in found.positions:
            for b in postorder(position):
                if b.kind == "name" and str(b.value) not in bound and not self._is_array(str(b.value)):
                    self.free.setdefault(str(b.value), Index(str(b.value), b, is_free=True))
        return (array, *found.positions)

    def _is_array(self, name: str) -> bool:
        """Whether a name was declared as something else than a scalar."""
        return name in self.labels or name in self.known or bool(self.declared.get(name, _SCALAR).sizes)

    def index(self, branch: Branch) -> Index | None:
        """The index that a name stands for, if it does."""
        return self.indices.get(id(branch)) or self.free.get(str(branch.value))

    def _called(self, passage: Passage, branch: Branch, bound: Mapping[str, Index]) -> tuple[Branch, ...]:
        """Look a call up; the arguments that are expressions."""
        word = branch.word
        function = self._function(word)
        if function is not None:
            return self._applied(passage, branch, function)
        if word == GRADIENT and not self.is_variable(word):
            return self._gradient(passage, branch)
        if (self.is_variable(word) or word in self.wrt) and not self._is_sized(word, branch):
            after = passage.text[branch.start :].index("(") + branch.start
            fixes = tuple(passage.text[:after].rstrip() + sign + passage.text[after:] for sign in "*@")
            raise NameMistake(f"{word} is a variable here, not a function", passage.span(branch), fixes=fixes)
        if branch.primes:
            raise Unsupported(f"{branch.value} is read for functions of which only the name is known", passage.span(branch))
        if word in SHAPED:
            self.shapes[id(branch)] = self._shaped(passage, branch, word)
            at = branch.parts[:1] if word == "e" and has_names(branch.parts[0]) else ()
            for b in (b for part in at for b in postorder(part) if b.kind == "name" and str(b.value) not in bound):
                self.free.setdefault(str(b.value), Index(str(b.value), b, is_free=True))
            return at
        found = binding(branch, passage.text, self.is_variable, self.is_size, lambda b, least: self._size(passage, b, least))
        if found is not None:
            self.bindings[id(branch)] = found
            return (*found.conditions, found.body)
        if word not in vocabulary():
            if word not in SHORT:
                raise self._unknown(passage, branch, word)
            if len(branch.parts) != SHORT[word]:
                raise SyntaxMistake(count_wrong(word, [SHORT[word]], len(branch.parts)), passage.span(branch))
            self.operations[id(branch)] = ()
            return branch.parts
        return self._meant(branch, self._reader(passage).called(word, branch))

    def _function(self, name: str) -> Function | None:
        """The abstract function of a name; an unknown letter that is called is one, by its size."""
        unknown = name not in vocabulary() and name not in (*SHAPED, *SHORT, *ABSENT, GRADIENT, "pi")
        letter = len(name) == 1 or name in GREEK_NAMES
        if unknown and letter and not self.is_variable(name) and name not in self.wrt:
            self.functions[name] = Function(name, "scalar" if name[0].isupper() else "elementwise")
            self.supposed.add(name)
        return self.functions.get(name)

    def _gradient(self, passage: Passage, branch: Branch) -> tuple[Branch, ...]:
        """`grad(f, x)`: both are expressions, the second a name."""
        if len(branch.parts) != 2:
            raise SyntaxMistake(count_wrong(GRADIENT, [2], len(branch.parts)), passage.span(branch))
        if branch.parts[1].kind != "name":
            raise SyntaxMistake("grad(f, x) wants a variable after the comma", passage.span(branch.parts[1]))
        self.operations[id(branch)] = ()
        return branch.parts

    def _applied(self, passage: Passage, branch: Branch, function: Function) -> tuple[Branch, ...]:
        """Remember which derivative of a function a call is; its arguments."""
        found = application(branch, function, passage.text)
        if function.count not in (None, found.count):
            counted = f"{function.name} takes {function.count} argument{'s' * (function.count > 1)} elsewhere, and here {found.count}"
            raise SyntaxMistake(counted, passage.span(branch))
        self.functions[branch.word] = replace(function, count=found.count)
        if found.at is not None:
            self.partials[id(branch)], self.operations[id(branch)] = found, ()
            return found.operands
        meant = function.derivatives(branch.primes, len(found.operands))
        if not meant:
            what = f"{branch.value} would be a derivative of order {branch.primes} of a {function.kind}-valued function"
            raise Unsupported(what, passage.span(branch))
        self.operations[id(branch)] = tuple(operation for operation, _ in meant)
        self.attributes |= {(id(branch), operation): given for operation, given in meant}
        return found.operands

    def _is_sized(self, word: str, branch: Branch) -> bool:
        """Whether this is K(m, n) or D(n): what stands in brackets are sizes, and a word that takes these has the name of a variable."""
        if not any(not op.arity and len(op.parameters) == len(branch.parts) for op in vocabulary().get(word, ())):
            return False
        inside = [b for part in branch.parts for b in postorder(part)]
        return all(b.kind != "name" or self.is_size(str(b.value)) for b in inside)

    def _reader(self, passage: Passage) -> CallReader:
        return CallReader(passage.text, self.is_variable, lambda part: self._size(passage, part))

    def _meant(self, branch: Branch, found: tuple[tuple[Branch, ...], list[Meaning]]) -> tuple[Branch, ...]:
        """Remember what a call may mean; its arguments that are expressions."""
        self.operations[id(branch)] = tuple(meaning.operation for meaning in found[1])
        self.attributes |= {(id(branch), meaning.operation): meaning.attributes for meaning in found[1]}
        return found[0]

    def _shaped(self, passage: Passage, branch: Branch, word: str) -> tuple[Size, ...]:
        """The sizes of `ones(m, n)`, `eye(n)`, and of `e(i, n)` the number and the size."""
        least, most = SHAPED[word]
        arguments = branch.parts
        if not least <= len(arguments) <= most:
            raise SyntaxMistake(count_wrong(word, range(least, most + 1), len(arguments)), passage.span(branch))
        if word == "e":
            at = Size.of(0) if has_names(arguments[0]) else self._entry(passage, arguments[0])
            return (at, self._size(passage, arguments[1]))
        return tuple(self._size(passage, a) for a in arguments)

    def _size(self, passage: Passage, branch: Branch, least: int = 1) -> Size:
        size = size_of(passage.text, branch, least)
        for name in size.names():
            if self.is_variable(name) and not self.is_size(name) and self.declared.get(name, _SCALAR).sizes:
                raise RankMistake(f"a size is wanted here, and {name} is a variable", passage.span(branch))
        self._add_sizes((size,))
        return size

    def _entry(self, passage: Passage, branch: Branch) -> Size:
        """The position in e(i, n), kept as a size; only integers are known."""
        if branch.kind != "number" or branch.value[1] or branch.value[0].denominator != 1:
            raise Unsupported("e(i, n) with a position that is not an integer is not supported yet", passage.span(branch))
        if branch.value[0] > LARGEST_ENTRY:
            raise LimitReached(f"the position in e(i, n) may be {LARGEST_ENTRY:,} at most", passage.span(branch))
        return Size.of(int(branch.value[0]))

    def _unknown(self, passage: Passage, branch: Branch, word: str) -> NameMistake | Unsupported:
        span = Span(passage.text, branch.start, branch.start + _length(passage.text, branch.start))
        if word in ABSENT:
            return Unsupported(f"{word} is not supported yet", span, notes=(ABSENT[word],))
        near = [MEANT[word]] if word in MEANT else get_close_matches(word, [*vocabulary(), *SHAPED, *SHORT, GRADIENT], 1, 0.6)
        fixes = tuple(passage.text[: span.start] + better + passage.text[span.end :] for better in near)
        nearest = f"; the nearest is {near[0]!r}" if near else ""
        others = [] if word in MEANT else [text for text in candidates(passage.text) if word not in text]
        if others:
            fixes, nearest = tuple(others), ""
        typo = word in MEANT or others or get_close_matches(word, [*vocabulary(), *SHAPED, *SHORT, GRADIENT], 1, TYPO)
        notes = () if typo else (f"a function of which only the name is known is declared, {word}: scalar function, say",)
        return NameMistake(f"{word!r} is not a function that matcalc knows{nearest}", span, notes=notes, fixes=fixes)


_SCALAR = Declaration("", ())


def _length(text: str, start: int) -> int:
    """How long the word at a place is."""
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return end - start


def is_function_word(name: str) -> bool:
    """Whether a bare name is the word of an operation, and so lacks its arguments.  Letters, Greek ones too, are always variables."""
    return len(name) > 1 and name not in GREEK_NAMES and (name in vocabulary() or name in SHAPED or name in (*SHORT, GRADIENT))

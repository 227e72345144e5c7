"""An evaluator of its own for what the parser read: the check of a reading.

A checker that evaluates only expressions cannot see a mistake of what makes them: it sits on both sides of every equation.  So
the tree of the text is evaluated here by itself, with the meaning that the language gives to `+ - * / ** @ .T` and `I` decided
from the numbers at hand (as NumPy does it), and compared with the expression.  It shares with the rest the values of symbols,
and the declared operations for calls: parsing, names, shapes, operators and normal forms are what it checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul, sub
from typing import Any, TypeAlias

from matcalc.core.abstract import Function
from matcalc.core.expression import Expr
from matcalc.core.leaves import INDEX, number, symbol
from matcalc.core.reality import UNIT
from matcalc.core.size import Shape, Size
from matcalc.core.words import NoSuchCall, readings
from matcalc.errors import CheckFailed, ShapeMistake, Unsupported
from matcalc.syntax.tree import Branch, postorder
from matcalc.verify.arrays import MADE, selected, sliced
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.evaluate import Point
from matcalc.verify.matrix import Matrix, Number, diagonal_matrix, scalar
from matcalc.verify.plane import role_of
from matcalc.verify.rawcalls import Keyword, applied, told
from matcalc.verify.rawsums import binds, summed


@dataclass(frozen=True)
class Multiple:
    """A multiple of an identity matrix.  It takes the size of what it meets; where it meets nothing, the one that was inferred."""

    factor: Number
    inferred: int | None


Value: TypeAlias = Any
"""A Matrix; a Fraction, for numbers known exactly; a Multiple; a Keyword; a slice; or the text of a string."""


def raw_value(
    tree: Branch, point: Point, names: Mapping[str, Expr | Branch | Function], shapes: Mapping[int, Shape] | None = None,
    given: Mapping[int, Expr] | None = None,
) -> Matrix:  # fmt: skip
    """The value of a tree at a point.

    `names` says what each name is: a symbol, an abstract function, or the tree of a definition, which may use the names before
    it.  Other names are sizes, `I` and `pi`.  `shapes` may give the shape of a branch, by its identity, for an `I` that meets no
    other matrix, as in `tr(I)`; nothing else is looked up there.  `given` has the gradients in the text.
    """
    reader = _Reader(point, names, shapes or {}, given or {})
    trees = {name: meaning for name, meaning in names.items() if isinstance(meaning, Branch)}
    used = _names_in(tree)
    for name in reversed(trees):
        used |= _names_in(trees[name]) if name in used else set()
    for name, meaning in trees.items():
        if name in used:
            reader.defined[name] = reader.tree(meaning)
    return reader.matrix(reader.tree(tree))


def _names_in(tree: Branch) -> set[str]:
    return {str(branch.value) for branch in postorder(tree) if branch.kind == "name"}


def agrees(
    tree: Branch, e: Expr, oracle: Oracle, names: Mapping[str, Expr | Branch | Function], shapes: Mapping[int, Shape] | None = None,
    given: Mapping[int, Expr] | None = None,
) -> Verdict:  # fmt: skip
    """Whether an expression has the value of the tree that it was made of; the arguments are those of `raw_value`."""
    return oracle.judged(lambda point: (raw_value(tree, point, names, shapes, given), point.value(e)), (e,), oracle.points, True)


class _Reader:
    """The values of branches at one point."""

    def __init__(
        self, point: Point, names: Mapping[str, Expr | Branch | Function], shapes: Mapping[int, Shape], given: Mapping[int, Expr]
    ) -> None:
        self.point, self.N, self.names, self.shapes, self.given = point, point.N, names, shapes, given
        self.defined: dict[str, Value] = {}
        self.arguments = Point(point.N, point.sizes, point.seed)
        self._count = 0

    def tree(self, root: Branch) -> Value:
        """The value of a tree."""
        values: dict[int, Value] = {}
        for branch in postorder(root, below=lambda branch: () if binds(self, branch) else branch.parts):
            values[id(branch)] = self._branch(branch, [values[id(part)] for part in branch.parts if id(part) in values])
        return values[id(root)]

    def _branch(self, branch: Branch, parts: list[Value]) -> Value:
        if binds(self, branch):
            return summed(self, branch)
        match branch.kind:
            case "number":
                return branch.value[0]
            case "string":
                return str(branch.value)
            case "name":
                return self._name(str(branch.value), branch)
            case "call":
                return self._called(branch, parts)
            case "keyword":
                return Keyword(str(branch.value), parts[0])
            case "slice":
                bounds = iter(parts)
                return slice(*(int(next(bounds)) if given else None for given in branch.value))
            case "index":
                shape = self.shapes.get(id(branch.parts[0]), ())
                if len(shape) > 2:
                    return sliced(self.matrix(parts[0]), list(map(self.point.number, shape)), parts[1:])
                return selected(self.matrix(parts[0]), parts[1:])
        rule = _OPERATORS.get(branch.kind)
        if rule is None:
            raise Unsupported(f"{branch.kind!r} is not known to the check of readings")
        return rule(self, *parts)

    # ---- names and calls ----

    def symbol(self, e: Expr) -> Value:
        """The value of an expression; exactly, where it is a number or an integer."""
        if e.op is INDEX:
            return Fraction(int(self.point.value(e).entries[0]))
        known = self.point.constant(e)
        return known if known is not None else self.point.value(e)

    def _name(self, name: str, branch: Branch) -> Value:
        if name in self.defined:
            return self.defined[name]
        meaning = self.names.get(name)
        if isinstance(meaning, Expr):
            return self.symbol(meaning)
        if name in self.point.sizes:
            return Fraction(self.point.sizes[name])
        if name == "I":
            shape = self.shapes.get(id(branch))
            return Multiple(self.N.one, self.point.number(shape[0]) if shape else None)
        if name in ("pi", UNIT):
            return scalar(self.N.pi if name == "pi" else self.N.imaginary())
        if name == "inf":
            return name
        raise CheckFailed(f"the check of a reading met {name}, which has no value")

    def _called(self, branch: Branch, parts: list[Value]) -> Value:
        if id(branch) in self.given:
            return self.point.value(self.given[id(branch)])
        function = self.names.get(branch.word)
        if isinstance(function, Function):
            return self.arguments.value(applied(function, branch.primes, parts, self._operand))
        return self._call(branch.word, parts)

    def _call(self, word: str, parts: list[Value]) -> Value:
        made = MADE.get(word)
        if made is not None and all(isinstance(part, Fraction) for part in parts):
            return made(*map(int, parts))
        if word == "sqrt":
            return self.power(parts[0], Fraction(1, 2))
        if word == "dot":
            left, right = map(self.matrix, parts)
            return scalar(sum(map(mul, left.entries, right.entries)))
        try:
            calls = readings(word, [told(part) for part in parts])
        except NoSuchCall as problem:
            raise CheckFailed(f"the check of a reading met a call that no operation fits: {problem.message}") from None
        for call in calls:
            operands = [self._operand(parts[k]) for k in call.operands]
            inside = call.operation.equation.letters if call.operation.equation is not None else ""
            given = {name: self._position(parts[k]) for name, k in call.parameters.items()}
            try:
                e = call.operation(*operands, **{name: Size.of(k) if name in inside else k for name, k in given.items()})
            except ShapeMistake:
                continue
            return self.arguments.value(e)
        raise Unsupported(f"{word} with these arguments is not known to the check of readings")

    def _position(self, part: Value) -> int:
        return int(part.value if isinstance(part, Keyword) else part)

    def _operand(self, part: Value) -> Expr:
        return number(part) if isinstance(part, Fraction) else self._argument(self.matrix(part))

    def _argument(self, value: Matrix) -> Expr:
        """A symbol that has this value."""
        self._count += 1
        e = symbol(f"argument{self._count}", value.rows, value.columns, role=role_of(value))
        self.arguments.still.recall({e: value})
        return e

    # ---- operators ----

    def matrix(self, value: Value) -> Matrix:
        """A value as a matrix of numbers."""
        if isinstance(value, Matrix):
            return value
        if isinstance(value, Fraction):
            return scalar(self.N.exact(value))
        if isinstance(value, Multiple) and value.inferred:
            return diagonal_matrix([value.factor] * value.inferred)
        raise Unsupported("the size of an identity matrix is not known to the check of readings")

    def entrywise(self, f: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
        """f of every entry; a scalar goes with every entry of a matrix, and I with its diagonal."""
        if isinstance(left, Fraction) and isinstance(right, Fraction) and f is not self.N.divide:
            return f(left, right)
        if isinstance(left, Multiple) and isinstance(right, Multiple):
            return Multiple(self._one(f(left.factor, right.factor)), left.inferred or right.inferred)
        A, B = self._sized(left, right), self._sized(right, left)
        if len(A.entries) > 1 and len(B.entries) > 1 and (A.rows, A.columns) != (B.rows, B.columns):
            raise CheckFailed(f"the check of a reading met {A.rows}×{A.columns} with {B.rows}×{B.columns}")
        wide = A if len(A.entries) > 1 else B
        count = len(wide.entries)
        left_entries, right_entries = (X.entries if len(X.entries) == count else X.entries * count for X in (A, B))
        return Matrix(wide.rows, wide.columns, self.N.settle(list(map(f, left_entries, right_entries))))

    def _sized(self, value: Value, other: Value) -> Matrix:
        """An identity with the size of the other operand."""
        if not isinstance(value, Multiple):
            return self.matrix(value)
        size = self.matrix(other).rows
        return diagonal_matrix([value.factor] * size)

    def _one(self, x: Number) -> Number:
        return self.N.settle([x])[0]

    def times(self, left: Value, right: Value) -> Value:
        """Entry by entry; a scalar times I is a multiple of I."""
        for a, b in ((left, right), (right, left)):
            if isinstance(a, Multiple) and isinstance(b, (Matrix, Fraction)) and len(self.matrix(b).entries) == 1:
                return Multiple(self._one(a.factor * self.matrix(b).entries[0]), a.inferred)
        return self.entrywise(mul, left, right)

    def over(self, left: Value, right: Value) -> Value:
        """Entry by entry, or by a scalar."""
        if isinstance(left, Fraction) and isinstance(right, Fraction) and right:
            return left / right
        if isinstance(left, Multiple):
            return Multiple(self.N.divide(left.factor, self.matrix(right).entries[0]), left.inferred)
        return self.entrywise(self.N.divide, left, right)

    def product(self, left: Value, right: Value) -> Value:
        """The matrix product; a column on the left is turned where only that fits."""
        for a, b in ((left, right), (right, left)):
            if isinstance(a, Multiple):
                return self.times(scalar(a.factor), b)
        A, B = self.matrix(left), self.matrix(right)
        if len(A.entries) == 1 or len(B.entries) == 1:
            return self.entrywise(mul, A, B)
        if A.columns == B.rows:
            return self.N.product(A, B)
        if A.columns == 1 and A.rows == B.rows:
            return self.N.product(A.transposed(), B) if B.columns == 1 else self.N.product(B.transposed(), A)
        raise CheckFailed(f"the check of a reading met the product of {A.rows}×{A.columns} and {B.rows}×{B.columns}")

    def power(self, base: Value, exponent: Value) -> Value:
        """Entry by entry."""
        whole = isinstance(exponent, Fraction) and exponent.denominator == 1
        if whole and isinstance(base, Fraction) and base and abs(exponent) < 64:
            return base ** int(exponent)
        X = self.matrix(base)
        if not isinstance(exponent, Fraction) and len(self.matrix(exponent).entries) > 1:
            return self.entrywise(self.N.power, X, exponent)
        p = exponent if isinstance(exponent, Fraction) else self.matrix(exponent).entries[0]
        return Matrix(X.rows, X.columns, self.N.settle([self.N.power(x, p) for x in X.entries]))

    def inverse(self, value: Value) -> Value:
        """Of a square matrix its inverse, of a scalar or vector 1/x."""
        if isinstance(value, Multiple):
            return Multiple(self.N.divide(1, value.factor), value.inferred)
        X = self.matrix(value)
        return self.N.inverse(X) if X.rows == X.columns and X.rows > 1 else self.over(Fraction(1), X)

    def compared(self, left: Value, right: Value) -> Value:
        """1 where left > right, else 0."""
        N = self.N

        def indicator(x: Number, y: Number) -> Number:
            s = N.compared(x, y)
            return N.divide(s * s + s, 2)

        return self.entrywise(indicator, self.matrix(left) if isinstance(left, Fraction) else left, right)

    def transpose(self, value: Value) -> Value:
        """The transpose."""
        return self.matrix(value).transposed() if isinstance(value, Matrix) else value


_OPERATORS: dict[str, Callable[..., Value]] = {
    "+": lambda reader, a, b: reader.entrywise(add, a, b),
    "-": lambda reader, a, b: reader.entrywise(sub, a, b),
    "*": _Reader.times,
    "hadamard": _Reader.times,
    ">": lambda reader, a, b: reader.compared(a, b),
    "<": lambda reader, a, b: reader.compared(b, a),
    ">=": lambda reader, a, b: reader.entrywise(sub, Fraction(1), reader.compared(b, a)),
    "<=": lambda reader, a, b: reader.entrywise(sub, Fraction(1), reader.compared(a, b)),
    "!=": lambda reader, a, b: reader.entrywise(add, reader.compared(a, b), reader.compared(b, a)),
    "/": _Reader.over,
    "@": _Reader.product,
    "**": _Reader.power,
    "^": _Reader.power,
    "inverse": _Reader.inverse,
    "neg": lambda reader, x: reader.times(Fraction(-1), x),
    "list": lambda reader, *parts: parts,
    "T": _Reader.transpose,
}

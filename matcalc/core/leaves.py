"""Leaves and binders: symbols, numbers, constants, named definitions, differentials, index sums, nested gradients.

They are operations like the rest, of kinds the core keeps for itself.  A bound index is known by its level, the innermost
being 0, so that two sums that differ in the letter alone are one node.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.core.expression import Expr, node, postorder, rebuilt, transform
from matcalc.core.operation import Kind, Notation, Operation, declare
from matcalc.core.property import NONNEG, POSITIVE, SYMMETRIC, Property, closure
from matcalc.core.size import ONE, SCALAR, Shape, Size


def _leaf(name: str, doc: str, kind: Kind = Kind.LEAF, **facts: object) -> Operation:
    return declare(Operation(name=name, kind=kind, doc=doc, hidden=True, place=__file__, **facts))  # type: ignore[arg-type]


SYMBOL = _leaf("symbol", "A variable or a constant with a name, a shape and properties.")
NUMBER = _leaf("number", "An exact rational number; one typed as a decimal is shown as one.")
SIZE = _leaf("size", "A size used as a number.")
PI = _leaf("pi", "The number π.", notation=Notation("π", r"\pi", "np.pi"))
IDENTITY = _leaf("identity", "The identity matrix of a size.", gives={SYMMETRIC: ()})
ONES = _leaf("ones", "The vector or matrix of ones.")
ZEROS = _leaf("zeros", "The vector or matrix of zeros; the number 0 is a number.")
UNIT = _leaf("unit", "The standard basis vector e_i, counted from 0.")

NAMED = _leaf("named", "A named definition: opaque to the canonical form and to d, transparent to evaluation.", Kind.BINDER)
DIFFERENTIAL = _leaf("differential", "The differential of a variable, a named definition or an expression.", Kind.BINDER)
INDEX = _leaf("index", "An index: a bound one by its level, a free one by its name.", gives={NONNEG: ()})
INDEX_SUM = _leaf("index_sum", "The sum of a body over a bound index; no leaf, but like one it is known to the core alone.", is_linear=True)
GRAD = _leaf("grad", "The gradient of a scalar with respect to a variable, not yet carried out.", Kind.BINDER)


def symbol(name: str, *shape: Size | int | str, properties: frozenset[Property] = frozenset(), role: str = "") -> Expr:
    """A symbol: no sizes for a scalar, one for a column, two for a matrix, more for an array of that order.

    `role` is "" for what a person typed and "pattern" for a metavariable of a rule; it is another for complex ones (`core.reality`).
    """
    sizes = tuple(map(Size.of, shape)) + (ONE,) * (2 - len(shape))
    words = tuple(sorted(closure(properties), key=lambda p: p.word))
    return node(SYMBOL, (), (("name", name), ("properties", words), ("role", role)), sizes)


def number(value: int | Fraction, decimal: bool = False) -> Expr:
    """An exact number."""
    return node(NUMBER, (), (("decimal", decimal), ("value", Fraction(value))), SCALAR)


def value_of(e: Expr) -> Fraction | None:
    """The value of a number, else None."""
    return e["value"] if e.op is NUMBER else None


def size_number(size: Size | int | str) -> Expr:
    """A size as a number."""
    size = Size.of(size)
    constant = size.number()
    return number(constant) if constant is not None else node(SIZE, (), (("size", size),), SCALAR)


def pi() -> Expr:
    """The number π."""
    return node(PI, (), (), SCALAR)


def identity(size: Size | int | str) -> Expr:
    """The identity matrix of a size; the number 1 where the size is 1."""
    size = Size.of(size)
    return number(1) if size is ONE else node(IDENTITY, (), (), (size, size))


def ones(shape: Shape) -> Expr:
    """The matrix or vector of ones; the number 1 for 1×1."""
    return number(1) if shape == SCALAR else node(ONES, (), (), shape)


def zeros(shape: Shape) -> Expr:
    """The matrix or vector of zeros; the number 0 for 1×1."""
    return number(0) if shape == SCALAR else node(ZEROS, (), (), shape)


def unit(position: int, size: Size | int | str) -> Expr:
    """The standard basis vector with a 1 at `position`, counted from 0."""
    return node(UNIT, (), (("position", position),), (Size.of(size), ONE))


def is_zero_leaf(e: Expr) -> bool:
    """Whether this is the number 0 or a matrix of zeros."""
    return e.op is ZEROS or (e.op is NUMBER and e["value"] == 0)


def named(label: str, definition: Expr) -> Expr:
    """A definition under a name."""
    return node(NAMED, (definition,), (("label", label),), definition.shape)


def unnamed(e: Expr) -> Expr:
    """The expression with every named definition put in place of its name."""
    return transform(e, lambda x, args: args[0] if x.op is NAMED else rebuilt(x, args))


def differential_of(e: Expr) -> Expr:
    """The atom d(e)."""
    return node(DIFFERENTIAL, (e,), (), e.shape)


def index(level: int | str, size: Size) -> Expr:
    """The bound index of a level and a size, as a number; with a name for a level, an index that stays free."""
    return node(INDEX, (), (("level", level), ("size", size)), SCALAR)


def index_sum(body: Expr, size: Size, level: int, letter: str = "") -> Expr:
    """Σ of the body over the index of this level, from 0 to size − 1.  The letter is for display and no part of the identity."""
    result = node(INDEX_SUM, (body,), (("level", level), ("size", size)), body.shape)
    if letter:
        result.memo["letter"] = letter
    return result


def gradient_of(f: Expr, wrt: Expr) -> Expr:
    """The gradient of a scalar f, as a node."""
    return node(GRAD, (f, wrt), (), wrt.shape)


def symbols(*roots: Expr) -> list[Expr]:
    """The symbols below, in order of appearance."""
    return [e for e in postorder(*roots) if e.op is SYMBOL]


def is_declared_positive(e: Expr) -> bool:
    """Whether a leaf is known to be greater than 0 in every entry."""
    if e.op is NUMBER:
        return bool(e["value"] > 0)
    return e.op in (PI, SIZE, ONES) or (e.op is SYMBOL and POSITIVE in e["properties"])


MOST_BITS = 256
"""Numbers are folded while they have at most this many bits; 9**9**9 stays as it is."""


def is_small_power(c: Fraction, p: Fraction) -> bool:
    """Whether c^p has few enough bits to be folded."""
    return abs(p) * max(c.numerator.bit_length(), c.denominator.bit_length()) <= MOST_BITS

"""Expressions: one uniform node, immutable and interned.

A node has an operation, arguments, attributes and a shape.  Inside, everything has two dimensions: a vector is n×1, a scalar
1×1.  Two expressions are the same exactly when they are the same object.  Nodes form graphs with sharing, so nothing here or
elsewhere walks one as a tree, and no walk recurses: `postorder` is the one way to visit.

`plain` is the builder that keeps structure as typed: it checks shapes and nothing else.  `core.canonical` has the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial, partialmethod
from hashlib import blake2b
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from matcalc.core.operation import Kind, Operation
from matcalc.core.size import ONE, SCALAR, Shape, Size
from matcalc.errors import MatcalcError, ShapeMistake

Attributes: TypeAlias = tuple[tuple[str, Any], ...]
WRITERS: dict[str, Callable[[Expr], str]] = {}
"""How an expression is written for a person, "text" and "latex"; filled where the house is put together."""
_table: WeakValueDictionary[tuple[Operation, tuple[Expr, ...], Attributes, Shape], Expr] = WeakValueDictionary()


class Expr:
    """A node.  Made by `plain` and by the operators; never changed.

    `key` is a digest of the structure: the same in every process, and the only thing that orders nodes; found when asked for.
    `memo` keeps what was once found out about the node (its canonical form, its facts): never part of its identity.
    """

    __slots__ = ("__weakref__", "_key", "args", "attrs", "memo", "op", "shape")
    op: Operation
    args: tuple[Expr, ...]
    attrs: Attributes
    shape: Shape
    _key: bytes
    memo: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """The attribute of this name."""
        for known, value in self.attrs:
            if known == name:
                return value
        raise KeyError(name)

    @property
    def key(self) -> bytes:
        """The digest of the structure."""
        if not self._key:
            for e in postorder(self, below=lambda x: () if x._key else x.args):
                if not e._key:
                    e._key = _digest(e)
        return self._key

    @property
    def is_scalar(self) -> bool:
        """Whether the shape is 1×1."""
        return self.shape is SCALAR or (self.shape[0] is ONE and self.shape[1] is ONE and len(self.shape) == 2)

    @property
    def is_column(self) -> bool:
        """Whether the shape is n×1 (a scalar is a column too)."""
        return self.shape[1] is ONE and len(self.shape) == 2

    def __repr__(self) -> str:
        """Two levels of the structure: a graph with sharing, written out, can be endless."""
        return _outline(self, 2)

    def __str__(self) -> str:
        return self._written("text") or repr(self)

    def _repr_latex_(self) -> str | None:
        return self._written("latex")

    def _written(self, form: str) -> str | None:
        """The expression as a person writes it, where that is not too long."""
        try:
            return WRITERS[form](self)
        except (KeyError, MatcalcError):
            return None

    # The operators build plain expressions with the meaning they have in the language; builders make nodes, so they are met late.
    def __add__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.plus, self, other, builders.apart)

    def __radd__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.plus, other, self, builders.apart)

    def __sub__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.minus, self, other, builders.apart)

    def __rsub__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.minus, other, self, builders.apart)

    def __mul__(self, other: Any) -> Expr:
        from matcalc.core import builders

        if isinstance(other, builders.UnsizedIdentity):
            return NotImplemented
        return builders.mixed(builders.times, self, other, builders.apart)

    def __rmul__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.times, other, self, builders.apart)

    def __truediv__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.over, self, other)

    def __rtruediv__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.mixed(builders.over, other, self)

    def __matmul__(self, other: Any) -> Expr:
        from matcalc.core import builders

        if isinstance(other, builders.UnsizedIdentity):
            return NotImplemented
        return builders.mixed(builders.matrix_product, self, other, builders.apart)

    def __pow__(self, other: Any) -> Expr:
        from matcalc.core import builders

        return builders.to_power(self, other)

    def _compared(self, other: Any, sign: str) -> Expr:
        """1 where it holds and 0 elsewhere, entry by entry; `==` asks whether two are one node."""
        from matcalc.core import builders

        return builders.mixed(partial(builders.compared, sign), self, other)

    __lt__, __le__ = partialmethod(_compared, sign="<"), partialmethod(_compared, sign="<=")
    __gt__, __ge__ = partialmethod(_compared, sign=">"), partialmethod(_compared, sign=">=")

    def __neg__(self) -> Expr:
        from matcalc.core import builders

        return builders.negative(self)

    def __abs__(self) -> Expr:
        from matcalc.core import builders

        return builders.call("abs", self)

    @property
    def T(self) -> Expr:  # noqa: N802 - the field's own letter
        """The transpose."""
        from matcalc.core import builders

        return builders.call("transpose", self)


def _outline(e: Expr, depth: int) -> str:
    inside = [_outline(a, depth - 1) for a in e.args[:6]] if depth else ["…"] if e.args else []
    inside += [f"{k}={v!r}" for k, v in e.attrs]
    return f"{e.op.name}({', '.join(inside)})"


def node(op: Operation, args: tuple[Expr, ...], attrs: Attributes, shape: Shape) -> Expr:
    """The one node with these parts.  Checks nothing: `plain` and the leaves' makers do."""
    identity = (op, args, attrs, shape)
    found = _table.get(identity)
    if found is None:
        found = Expr.__new__(Expr)
        found.op, found.args, found.attrs, found.shape = op, args, attrs, shape
        found._key, found.memo = b"", {}
        _table[identity] = found
    return found


def _digest(e: Expr) -> bytes:
    """The digest of a node whose arguments have theirs."""
    head = f"{e.op.name}|{e.attrs!r}|{e.shape!r}|".encode()
    return blake2b(head + b"".join(a._key for a in e.args), digest_size=12).digest()


def plain(op: Operation, *args: Expr, **attrs: Any) -> Expr:
    """The expression of an operation, structure as typed.

    Raises ShapeMistake where the operands do not fit.
    """
    given = tuple(sorted(attrs.items()))
    return node(op, args, given, result_shape(op, args, given))


def result_shape(op: Operation, args: tuple[Expr, ...], attrs: Attributes = ()) -> Shape:
    """The shape of an operation's result; raises ShapeMistake where the operands do not fit."""
    if op.shape_of is not None:
        return op.shape_of(*args, **dict(attrs))
    if op.is_of_entries:
        if len(args) != op.arity:
            raise ShapeMistake(f"{op.name} takes {op.arity} argument{'s' * (op.arity > 1)}, not {len(args)}")
        wide = {a.shape for a in args if not a.is_scalar}
        if len(wide) > 1:
            raise ShapeMistake(f"{op.name} needs operands of one shape, and these are " + " and ".join(map(shown, args)))
        return wide.pop() if wide else SCALAR
    assert op.equation is not None, op
    if op.variadic and len(args) != 2:
        shape = args[0].shape
        for argument in args[1:]:
            shape = _equation_shape(op, (shape, argument.shape), attrs)
        return shape
    return _equation_shape(op, tuple(a.shape for a in args), attrs)


def _equation_shape(op: Operation, shapes: tuple[Shape, ...], attrs: Attributes) -> Shape:
    assert op.equation is not None
    if len(shapes) != len(op.equation.inputs):
        raise ShapeMistake(f"{op.name} takes {len(op.equation.inputs)} arguments, not {len(shapes)}")
    if any(len(shape) > 2 for shape in shapes):
        return _array_shape(op, shapes)
    sizes = op.equation.bind(shapes, {name: size for name, size in attrs if isinstance(size, Size)})
    if sizes is None:
        raise ShapeMistake(f"{op.name} does not fit operands of shapes " + " and ".join(map(shape_text, shapes)))
    return op.equation.shape(sizes)


def _array_shape(op: Operation, shapes: tuple[Shape, ...]) -> Shape:
    """The shape of a sum, a multiple, an inner product or another entrywise operation of arrays; nothing else takes an array."""
    assert op.equation is not None
    if not op.entrywise:
        raise ShapeMistake(f"{op.name} does not take arrays of shapes " + " and ".join(map(shape_text, shapes)))
    first, *more = op.equation.inputs
    if not op.equation.output and first and all(word == first for word in more) and len(set(shapes)) == 1:
        return SCALAR
    wide = {shape for word, shape in zip(op.equation.inputs, shapes, strict=True) if word == op.equation.output}
    if len(wide) > 1 or not set(op.equation.inputs) <= {"", op.equation.output}:
        raise ShapeMistake(f"{op.name} does not take arrays of shapes " + " and ".join(map(shape_text, shapes)))
    return wide.pop()


def shape_text(shape: Shape) -> str:
    """`m×n`, as messages say it."""
    return "×".join(map(repr, shape))


def shown(e: Expr) -> str:
    """The shape of an expression, for messages."""
    return shape_text(e.shape)


def rebuilt(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The same node over other arguments; the shape is found anew."""
    if args == e.args:
        return e
    if e.op.kind in (Kind.LEAF, Kind.BINDER):
        new = node(e.op, args, e.attrs, e.shape)
        if "letter" in e.memo:
            new.memo["letter"] = e.memo["letter"]  # a sum keeps the letter of its index
        return new
    return node(e.op, args, e.attrs, result_shape(e.op, args, e.attrs))


def postorder(*roots: Expr, below: Callable[[Expr], Iterable[Expr]] | None = None, seen: set[Expr] | None = None) -> Iterator[Expr]:
    """Every node once, arguments before what uses them; `below` may say where not to go, `seen` what is done already."""
    done: set[Expr] = set() if seen is None else seen
    stack: list[Expr | None] = list(reversed(roots))
    while stack:
        e = stack.pop()
        if e is None:
            # What stands under the mark has all its arguments behind it.
            finished = stack.pop()
            assert finished is not None
            yield finished
        elif e not in done:
            done.add(e)
            args = e.args if below is None else tuple(below(e))
            if not args:
                yield e
                continue
            stack += (e, None)
            stack.extend([a for a in reversed(args) if a not in done])


def transform(root: Expr, change: Callable[[Expr, tuple[Expr, ...]], Expr], memo: dict[Expr, Expr] | None = None) -> Expr:
    """The root after `change(node, changed arguments)` from the leaves up, each node once."""
    new: dict[Expr, Expr] = {} if memo is None else memo
    for e in postorder(root, seen=set(new)):
        new[e] = change(e, tuple(new[a] for a in e.args))
    return new[root]


def substitute(root: Expr, replacements: dict[Expr, Expr]) -> Expr:
    """The root with nodes replaced; what stands inside a replacement is left alone."""
    return transform(root, lambda e, args: rebuilt(e, args), dict(replacements))


def substitute_here(root: Expr, replacements: dict[Expr, Expr]) -> Expr:
    """The same, not looking into names and differentials: they are replaced whole or not at all."""
    new = dict(replacements)
    for e in postorder(root, below=lambda y: () if y.op.kind is Kind.BINDER else y.args, seen=set(new)):
        new[e] = e if e.op.kind is Kind.BINDER else rebuilt(e, tuple(new[a] for a in e.args))
    return new[root]


def depends(roots: Iterable[Expr], on: set[Expr]) -> set[Expr]:
    """The nodes under the roots that have one of `on` at or below them."""
    found: set[Expr] = set()
    for e in postorder(*roots):
        if e in on or any(a in found for a in e.args):
            found.add(e)
    return found

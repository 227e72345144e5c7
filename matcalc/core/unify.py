"""Symbols of one name made one: what a text assumed of `x` and the object `x` that a person made mean the same variable.

A text that is read by itself names its sizes itself.  Where it meets an object of the same name, their sizes are made equal, and
what is known of either is known of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcalc.core.expression import Expr, node, plain, rebuilt, shape_text, transform
from matcalc.core.leaves import SIZE, SYMBOL, size_number, symbol, symbols
from matcalc.core.operation import Kind
from matcalc.core.property import Property
from matcalc.core.size import ONE, Shape, Size
from matcalc.errors import ShapeMistake


def unified(roots: Sequence[Expr]) -> list[Expr]:
    """The expressions, with one symbol for each name; raises ShapeMistake where two of a name cannot be one.

    >>> x, y = symbol("x", "k"), symbol("x", "n")
    >>> [e.shape for e in unified([x, y])]
    [(k, 1), (k, 1)]
    """
    named: dict[str, list[Expr]] = {}
    for s in symbols(*roots):
        if not s["role"]:
            named.setdefault(s["name"], []).append(s)
    double = {name: found for name, found in named.items() if len(found) > 1}
    if not double:
        return list(roots)
    sizes: dict[str, Size] = {}
    for name, (first, *others) in double.items():
        for other in others:
            _join(name, first.shape, other.shape, sizes)
    memo: dict[Expr, Expr] = {}
    properties = {name: frozenset(p for s in found for p in s["properties"]) for name, found in double.items()}
    return [transform(root, lambda e, args: _renamed(e, args, sizes, properties), memo) for root in roots]


def _join(name: str, left: Shape, right: Shape, sizes: dict[str, Size]) -> None:
    """Make two shapes equal by giving names of sizes other names, or numbers."""
    if len(left) != len(right):
        raise ShapeMistake(f"there are two different variables {name}: one is {shape_text(left)}, the other {shape_text(right)}")
    for a, b in zip((s.put(sizes) for s in left), (s.put(sizes) for s in right), strict=True):
        if a is b:
            continue
        old, new = (b, a) if b.names() == (b.text,) else (a, b)
        if old.names() != (old.text,) or old.text in new.names() or new is ONE:
            raise ShapeMistake(f"there are two different variables {name}: one is {shape_text(left)}, the other {shape_text(right)}")
        for other, size in sizes.items():
            sizes[other] = size.put({old.text: new})
        sizes[old.text] = new


def _renamed(e: Expr, args: tuple[Expr, ...], sizes: dict[str, Size], properties: dict[str, frozenset[Property]]) -> Expr:
    if e.op is SYMBOL and not e["role"]:
        return symbol(e["name"], *_put(e.shape, sizes), properties=properties.get(e["name"], frozenset(e["properties"])))
    if e.op is SIZE:
        return size_number(e["size"].put(sizes))
    attrs = tuple((name, _meant(value, sizes)) for name, value in e.attrs)
    if e.op.kind is Kind.LEAF:
        return node(e.op, args, attrs, _put(e.shape, sizes))
    return plain(e.op, *args, **dict(attrs)) if attrs != e.attrs else rebuilt(e, args)


def _meant(value: object, sizes: dict[str, Size]) -> object:
    if isinstance(value, Size):
        return value.put(sizes)
    return _put(value, sizes) if isinstance(value, tuple) and value and all(isinstance(v, Size) for v in value) else value


def _put(shape: Iterable[Size], sizes: dict[str, Size]) -> Shape:
    return tuple(size.put(sizes) for size in shape)

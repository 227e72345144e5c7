"""Variables and unknown functions as Python objects, and the words of the language as functions: `mc.sum(X)`, `mc.norm(x)`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from matcalc.core import leaves
from matcalc.core.abstract import KINDS, Function
from matcalc.core.builders import SHORTHANDS, lift
from matcalc.core.expression import Expr
from matcalc.core.property import PROPERTIES, Property
from matcalc.core.size import Size
from matcalc.core.words import NOTHING, Argument, NoSuchCall, readings, vocabulary
from matcalc.errors import NameMistake, RankMistake, ShapeMistake, SyntaxMistake
from matcalc.syntax.calls import count_wrong


def symbol_of(name: str, sizes: tuple[Size | int | str, ...], properties: str) -> Expr:
    """A symbol with checked name and properties."""
    from matcalc.syntax.letters import checked_name

    words: set[Property] = set()
    for word in properties.split():
        if word not in PROPERTIES:
            raise NameMistake(f"{word!r} is no property; there are {', '.join(PROPERTIES)}")
        words.add(PROPERTIES[word])
    return leaves.symbol(checked_name(name), *map(_size_of, sizes), properties=frozenset(words))


def _size_of(size: Size | int | str) -> Size:
    """A size from a number or from its text: `n`, `n*p`; through the same door as declarations."""
    if not isinstance(size, str):
        return Size.of(size)
    from matcalc.syntax.declare import size_of
    from matcalc.syntax.parse import parse as parsed

    return size_of(size, parsed(size))


def matrix(name: str, rows: Size | int | str, columns: Size | int | str, properties: str = "") -> Expr:
    """A matrix variable."""
    return symbol_of(name, (rows, columns), properties)


def array(name: str, *sizes: Size | int | str, properties: str = "") -> Expr:
    """An array of order three or more; raises RankMistake for fewer sizes."""
    if len(sizes) < 3:
        raise RankMistake("an array has three axes or more; there are matrix, vector and scalar for fewer")
    found = symbol_of(name, sizes, properties)
    wrong = next((p for p in found["properties"] if p.of == "matrix"), None)
    if wrong is not None:
        raise RankMistake(f"{wrong.word} is a property of a matrix, and {name} is an array")
    return found


def vector(name: str, size: Size | int | str, properties: str = "") -> Expr:
    """A column variable."""
    return symbol_of(name, (size,), properties)


def scalar(name: str, properties: str = "") -> Expr:
    """A scalar variable."""
    return symbol_of(name, (), properties)


def function(name: str, kind: str = "elementwise", size: Size | int | str | None = None) -> Function:
    """A function of which only the name is known: "elementwise", "scalar", or "vector" with so many entries; called, it applies itself."""
    from matcalc.syntax.letters import checked_name

    if kind not in KINDS or (size is not None) != (kind == "vector"):
        raise NameMistake("a function is 'elementwise' or 'scalar', or 'vector' with the size of its values")
    return Function(checked_name(name), kind, None if size is None else _size_of(size))


def word_as_function(word: str) -> Callable[..., Expr]:
    """A word of the language as a function: `mc.sum(X)`, `mc.norm(x)`."""
    found = vocabulary().get(word, ())
    if word in SHORTHANDS:
        return lambda *arguments: SHORTHANDS[word](*map(lift, arguments))
    if not found:
        raise AttributeError(f"module 'matcalc' has no attribute {word!r}")

    def function(*arguments: Any, **options: Any) -> Expr:
        given = [*(("", a) for a in arguments), *options.items()]
        try:
            calls = readings(word, [Argument(name, _literal(a)) for name, a in given])
        except NoSuchCall as problem:
            raise SyntaxMistake(problem.message or count_wrong(word, problem.wanted, len(given))) from None
        wrong: list[ShapeMistake] = []
        for call in calls:
            inside = call.operation.equation.letters if call.operation.equation is not None else ""
            extra = {name: Size.of(given[k][1]) if name in inside else given[k][1] for name, k in call.parameters.items()}
            try:
                return call.operation(*(lift(given[k][1]) for k in call.operands), **extra)
            except ShapeMistake as problem:
                wrong.append(problem)
        raise wrong[0]

    function.__name__, function.__doc__ = word, found[0].doc
    return function


def _literal(argument: Any) -> Any:
    """An argument as a literal: a number or a string."""
    if isinstance(argument, float):
        return "inf" if argument == float("inf") else Fraction(repr(argument))
    return argument if isinstance(argument, (int, Fraction, str)) else NOTHING

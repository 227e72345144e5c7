"""Declarations: what `--where "P: (l, n); S: (n, n) symmetric; x: n positive; g: scalar"` says."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from matcalc.core.property import PROPERTIES, SQUARE, ZERO_ALONE, Property, closure
from matcalc.core.reality import UNIT
from matcalc.core.size import ONE, SCALAR, Shape, Size
from matcalc.errors import LimitReached, NameMistake, RankMistake, ShapeMistake, Span, SyntaxMistake, Unsupported
from matcalc.syntax.parse import normal, parse
from matcalc.syntax.tree import Branch, postorder

HIGHEST_POWER = 8
MOST_TERMS = 64


@dataclass(frozen=True)
class Declaration:
    """One declared name.

    `sizes` has no entry for a scalar, one for a vector, two for a matrix; three and more parse, and are refused on use.
    `function` is "elementwise", "scalar" or "vector" for an abstract function; only the last has a size, that of its values.
    """

    name: str
    sizes: tuple[Size, ...]
    properties: frozenset[Property] = frozenset()
    function: str = ""
    span: Span | None = None

    @property
    def shape(self) -> Shape:
        """Rows and columns: a vector is a column."""
        return (*self.sizes, *SCALAR)[:2] if len(self.sizes) < 2 else self.sizes


@lru_cache(maxsize=256)
def declarations(where: str) -> tuple[Declaration, ...]:
    """The declarations of a text, in order.

    >>> [(d.name, d.sizes, sorted(d.properties, key=repr)) for d in declarations("X: (m, 2*n); x: n positive; k: integer")]
    [('X', (m, 2*n), []), ('x', (n,), [positive]), ('k', (), [integer])]
    """
    text = normal(where)
    found: dict[str, Declaration] = {}
    for branch in parse(text, "declarations").parts:
        declared = _declaration(text, branch)
        if declared.name in found:
            raise NameMistake(f"{declared.name} is declared twice", declared.span)
        found[declared.name] = declared
    return tuple(found.values())


def _declaration(text: str, branch: Branch) -> Declaration:
    shape, words = branch.parts[0], [(word.value, word) for word in branch.parts[1:]]
    span = Span(text, branch.start, branch.end)
    if len(branch.parts) == 2 and branch.parts[1].kind == "arrow":
        return _map(text, branch, span)
    sizes: tuple[Size, ...] = ()
    if shape.kind == "name" and [w for w, _ in words] == ["function"] and shape.value in ("elementwise", "scalar"):
        return Declaration(branch.value, (), frozenset(), shape.value, span)
    if shape.kind == "name" and (shape.value == "function" or shape.value in PROPERTIES):
        words.insert(0, (shape.value, shape))
    elif shape.kind != "name" or shape.value != "scalar":
        sizes = tuple(size_of(text, s) for s in (shape.parts if shape.kind == "sizes" else (shape,)))
    properties = frozenset(_property(text, word, mark) for word, mark in words)
    declared = Declaration(branch.value, sizes, properties, "", span)
    _check_square(declared, text)
    return declared


def _map(text: str, branch: Branch, span: Span) -> Declaration:
    """`F: function -> m`."""
    word, arrow = branch.parts
    if word.value != "function":
        raise SyntaxMistake("a function whose values are vectors is declared as 'function -> m'", Span(text, word.start, word.end))
    return Declaration(branch.value, (size_of(text, arrow.parts[0]),), frozenset(), "vector", span)


def _property(text: str, word: str, mark: Branch) -> Property:
    if word in PROPERTIES:
        return PROPERTIES[word]
    span = Span(text, mark.start, mark.end)
    if word == "function":
        raise SyntaxMistake("a function is declared as 'elementwise function', 'scalar function' or 'function -> m'", span)
    if word == "complex":
        note = "make it of two: Z = U + 1j*V is a definition, --let, and real, imag, conj are words"
        raise Unsupported("variables are real", span, notes=(note,))
    near = get_close_matches(word, PROPERTIES, 1, 0.6)
    fixes = tuple(text[: mark.start] + better + text[mark.end :] for better in near)
    raise NameMistake(f"{word!r} is not a property", span, notes=("the properties are " + " ".join(PROPERTIES),), fixes=fixes)


def _check_square(declared: Declaration, text: str) -> None:
    """Matrix properties need a matrix, most of them a square one."""
    for p in sorted(declared.properties, key=lambda p: p.word):
        if p.of != "matrix":
            continue
        if len(declared.sizes) != 2:
            raise RankMistake(f"{p.word} is a property of a matrix; say {declared.name}: (n, n) {p.word}", declared.span)
        rows, columns = declared.sizes
        if p in SQUARE and rows is not columns:
            message = f"a matrix that is {p.word} is square, and {declared.name} has {rows} rows and {columns} columns"
            raise ShapeMistake(message, declared.span)
    for pair in ZERO_ALONE:
        if pair <= closure(declared.properties):
            words = " and ".join(sorted(p.word for p in pair))
            raise RankMistake(f"only the matrix 0 is {words} at once; {declared.name} can be one of them", declared.span)


def size_of(text: str, root: Branch, least: int = 1) -> Size:
    """The size that a tree of names, integers, `+ - *` and small powers stands for."""
    done: dict[int, Size] = {}
    for branch in postorder(root):
        parts = [done.pop(id(part)) for part in branch.parts]
        done[id(branch)] = _size(text, branch, parts)
        if len(done[id(branch)].terms) > MOST_TERMS:
            raise LimitReached(f"a size may have {MOST_TERMS} terms", Span(text, root.start, root.end))
    size = done[id(root)]
    constant = size.number()
    if constant is not None and constant < least:
        raise ShapeMistake(f"a size is at least {least}, and this one is {constant}", Span(text, root.start, root.end))
    return size


def _size(text: str, branch: Branch, parts: list[Size]) -> Size:
    match branch.kind:
        case "name" if branch.value != UNIT:
            return Size.of(str(branch.value))
        case "number" if branch.value[0].denominator == 1 and not branch.value[1]:
            return Size.of(int(branch.value[0]))
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] + parts[1] * -1
        case "neg":
            return parts[0] * -1
        case "*":
            return parts[0] * parts[1]
        case "/" if (quotient := parts[0].over(parts[1])) is not None:
            return quotient
        case "**" | "^" if (k := parts[1].number()) is not None and 0 < k <= HIGHEST_POWER:
            power = ONE
            for _ in range(k):
                power = power * parts[0]
            return power
    raise SyntaxMistake("a size is made of names, integers, + - and *", Span(text, branch.start, branch.end))

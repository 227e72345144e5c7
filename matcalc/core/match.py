"""Matching: whether a canonical expression is an instance of a canonical pattern, and what its letters then stand for.

Letters of a pattern are symbols of a role of their own, which says whether they stand for real things alone; its size names stand for
sizes.  Sums, ⊙ and products of scalars match in any order, chains in theirs.  Nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, node, plain, rebuilt, transform
from matcalc.core.leaves import INDEX_SUM, SIZE, SYMBOL, number, size_number
from matcalc.core.operation import Kind
from matcalc.core.property import Property, strongest
from matcalc.core.reality import OVER_COMPLEX, OVER_REALS, is_real
from matcalc.core.size import Shape, Size
from matcalc.core.terms import build, coefficient, primitive

Has: TypeAlias = Callable[[Expr, Property], bool]
ANY_ORDER = ("add", "hadamard", "scale")


@dataclass(frozen=True)
class Binding:
    """What the letters and the sizes of a pattern stand for."""

    letters: dict[Expr, Expr]
    sizes: dict[str, Size]

    def with_letter(self, letter: Expr, e: Expr) -> Binding:
        """The binding with one more letter."""
        return Binding({**self.letters, letter: e}, self.sizes)


EMPTY = Binding({}, {})


def is_letter(e: Expr) -> bool:
    """Whether this is a letter of a pattern."""
    return e.op is SYMBOL and e["role"] in (OVER_REALS, OVER_COMPLEX)


def fit(pattern: Shape, shape: Shape, b: Binding) -> Binding | None:
    """The binding under which a pattern's shape is the shape, or None."""
    sizes = b.sizes
    if len(pattern) != len(shape):
        return None
    for p, s in zip(pattern, shape, strict=True):
        if p is s and not p.names():
            continue
        if p.names() != (p.text,):
            if len(p.names()) and (p.put(sizes) in (s, p) or not sizes.keys() >= set(p.names())):
                continue  # a size such as m*n: what it is made of decides
            return None
        if sizes.get(p.text, s) is not s:
            return None
        if p.text not in sizes:
            sizes = {**sizes, p.text: s}
    return b if sizes is b.sizes else Binding(b.letters, sizes)


def matches(pattern: Expr, e: Expr, b: Binding, has: Has) -> Iterator[Binding]:
    """Every way in which e is an instance of the pattern, given what is bound.  Patterns are small: this recurses on them."""
    fitted = fit(pattern.shape, e.shape, b)
    if fitted is None:
        return
    if is_letter(pattern):
        bound = fitted.letters.get(pattern)
        if bound is None and not (is_real(e) or pattern["role"] == OVER_COMPLEX):
            return
        if bound is e or (bound is None and all(has(e, p) for p in strongest(pattern["properties"]))):
            yield fitted if bound is e else fitted.with_letter(pattern, e)
        return
    if _is_negated_letter(pattern) and (found := _negated(pattern.args[1], e, fitted, has)) is not None:
        yield found
        return
    if e.op is not pattern.op:
        return
    if pattern.op.name == "matmul":
        yield from products(pattern.args, e.args, fitted, has)
        return
    if len(e.args) != len(pattern.args) and not (e.op.name in ("add", "scale") and len(e.args) > len(pattern.args)):
        return
    told = _attributes(pattern, e, fitted)
    if told is None:
        return
    fitted = told
    if not pattern.args:
        yield fitted
        return
    if pattern.op.name in ANY_ORDER:
        yield from bags(pattern.op.name, list(pattern.args), list(e.args), fitted, has)
    else:
        yield from sequences(pattern.args, e.args, fitted, has)


def _negated(letter: Expr, e: Expr, b: Binding, has: Has) -> Binding | None:
    """The binding under which e is the negative of a letter: of a sum the minus stands inside, and −2 x is that of 2 x."""
    other = build("scale", number(-1), e)
    if letter in b.letters:
        return b if b.letters[letter] is other else None
    minus = (primitive(e) if e.op.name == "add" else coefficient(e))[0] < 0
    return next(matches(letter, other, b, has), None) if minus else None


def _attributes(pattern: Expr, e: Expr, b: Binding) -> Binding | None:
    """The binding under which the attributes are those of the pattern: sizes may be names of sizes."""
    if pattern.attrs == e.attrs and not any(isinstance(value, Size) for _, value in pattern.attrs):
        return b
    for (_, wanted), (_, value) in zip(pattern.attrs, e.attrs, strict=True):
        if isinstance(wanted, Size):
            fitted = fit((wanted,), (value,), b)
            if fitted is None:
                return None
            b = fitted
        elif wanted != value:
            return None
    return b


def _is_negated_letter(pattern: Expr) -> bool:
    return pattern.op.name == "scale" and len(pattern.args) == 2 and pattern.args[0] is number(-1) and is_letter(pattern.args[1])


def sequences(patterns: tuple[Expr, ...], es: tuple[Expr, ...], b: Binding, has: Has) -> Iterator[Binding]:
    """Every way in which these match in order."""
    if not patterns:
        yield b
        return
    for first in matches(patterns[0], es[0], b, has):
        yield from sequences(patterns[1:], es[1:], first, has)


def products(patterns: tuple[Expr, ...], es: tuple[Expr, ...], b: Binding, has: Has) -> Iterator[Binding]:
    """Every way in which these match in order, a letter standing for one factor or for several next to each other."""
    if not patterns:
        if not es:
            yield b
        return
    most = len(es) - len(patterns) + 1
    for count in range(1, (most if is_letter(patterns[0]) else min(most, 1)) + 1):
        first = es[0] if count == 1 else build("matmul", *es[:count])
        for found in matches(patterns[0], first, b, has):
            yield from products(patterns[1:], es[count:], found, has)


def bags(name: str, patterns: list[Expr], es: list[Expr], b: Binding, has: Has) -> Iterator[Binding]:
    """Every way in which these match in any order, none left over; of a longer sum or product of scalars, a letter is the rest."""
    if len(es) > len(patterns):
        for i, last in enumerate(patterns):
            if is_letter(last):
                for found, rest in choices(patterns[:i] + patterns[i + 1 :], es, b, has):
                    yield from matches(last, build(name, *rest), found, has)
        return
    for found, rest in choices(patterns, es, b, has):
        if not rest:
            yield found


def choices(patterns: list[Expr], es: list[Expr], b: Binding, has: Has) -> Iterator[tuple[Binding, list[Expr]]]:
    """Every way in which the patterns match some of es, with what is left; what tells most of its letters is matched first."""
    if not patterns:
        yield b, es
        return
    at = min(range(len(patterns)), key=lambda i: _rank(patterns[i]))
    pattern, others = patterns[at], patterns[:at] + patterns[at + 1 :]
    for i, e in enumerate(es):
        for found in matches(pattern, e, b, has):
            yield from choices(others, es[:i] + es[i + 1 :], found, has)


def _rank(pattern: Expr) -> int:
    """0 of what tells what its letters are, 1 of what has them with a minus (exp(X) tells what σ(−X) leaves open), 2 of a letter alone."""
    inner = pattern.args[0].args if pattern.op.name == "transpose" else pattern.args
    return 2 if is_letter(pattern) else int(any(map(_is_negated_letter, inner)))


def instance(template: Expr, b: Binding) -> Expr:
    """The canonical expression of a template under a binding."""

    def change(e: Expr, args: tuple[Expr, ...]) -> Expr:
        if is_letter(e):
            return b.letters[e]
        if e.op is SIZE:
            return size_number(e["size"].put(b.sizes))
        if e.op.kind is Kind.LEAF or e.op is INDEX_SUM:
            return node(e.op, args, e.attrs, tuple(s.put(b.sizes) for s in e.shape))
        sized = any(isinstance(value, Size) for _, value in e.attrs)
        if sized:
            return plain(e.op, *args, **{name: v.put(b.sizes) if isinstance(v, Size) else v for name, v in e.attrs})
        return rebuilt(e, args)

    return canonical(transform(template, change))

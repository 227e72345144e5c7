"""Expressions to text in the input language, so that reading the text gives back the very node.

What the builders do decides where brackets stand: a chain is taken in from the left, a factor goes in front of a product, a sign
joins a number, a scalar that is added spreads.  `I` is written where its neighbours give its size, else `eye(n)`.
Each node is written once for each context, and a text may have 20,000 characters, so a graph with sharing ends in an error and not
in an explosion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from matcalc.core import builders, leaves
from matcalc.core.expression import Expr, postorder
from matcalc.core.operation import Kind
from matcalc.core.size import ONE, Shape
from matcalc.errors import LimitReached
from matcalc.syntax.elaborate import Assumption

LONGEST = 20_000
SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(1, 6)
ENTRYWISE = frozenset({"add", "hadamard", "quotient", "inner"})


@dataclass(frozen=True, slots=True)
class Written:
    """A text and how tightly it holds together; `plain` is one that stands in a product without brackets for the eye."""

    text: str
    level: int = ATOM

    def within(self, least: int) -> str:
        """The text, in brackets where it holds less tightly than wanted."""
        return self.text if self.level >= least else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Part:
    """An operand to be written: whether a minus goes before it, and whether its place gives its shape."""

    expr: Expr
    anchored: bool
    minus: bool = False


def text(e: Expr) -> str:
    """The expression as a person would type it, definitions in a `where` clause; raises LimitReached.

    >>> import matcalc.operations
    >>> from matcalc.syntax import read
    >>> text(read("abs(P'P - I) where P = A".replace("P'P", "P'@P")).expr)
    'abs(P.T @ P - I) where P = A'
    """
    writer = _Writer(e)
    clauses = [f"{writer.labels[d]} = {writer.written(d.args[0]).text}" for d in writer.definitions]
    body = writer.written(e).text
    return body + (" where " + ", ".join(clauses) if clauses else "")


def where_text(assumptions: Iterable[Assumption]) -> str:
    """The declarations that say what was assumed; `where=` reads them back.

    >>> from matcalc.syntax import read
    >>> where_text(read("A@x", where="x: n positive").assumptions)
    'A: (m, n); x: n positive'
    """
    return "; ".join(_declared(a) for a in assumptions)


def _declared(a: Assumption) -> str:
    sizes = ", ".join(map(repr, a.sizes))
    shape = "scalar" if not a.sizes else sizes if len(a.sizes) == 1 else f"({sizes})"
    return " ".join([f"{a.name}: {shape}", *sorted(p.word for p in a.properties)])


class _Writer:
    """The texts of the nodes below a root, each once for each context."""

    def __init__(self, root: Expr) -> None:
        self.anchored: dict[Expr, bool] = {}
        self.definitions: list[Expr] = []
        self.labels: dict[Expr, str] = {}
        self.done: dict[tuple[Expr, bool], Written] = {}
        names = set()
        for e in postorder(root):
            self.anchored[e] = self._fixes_shape(e)
            if e.op is leaves.SYMBOL:
                names.add(e["name"])
            elif e.op is leaves.NAMED:
                self.definitions.append(e)
        self.identity_is_free = "I" not in names
        for d in self.definitions:
            label = d["label"]
            while label in names:
                label += "_"
            names.add(label)
            self.labels[d] = label

    def _fixes_shape(self, e: Expr) -> bool:
        """Whether the text of a node gives its shape without its surroundings: `I` does not, and `I + I` neither."""
        if e.op is leaves.IDENTITY:
            return False
        if e.is_scalar or e.op.kind in (Kind.LEAF, Kind.BINDER):
            return True
        if e.op.name == "scale":
            return self._is_anchored(e.args[-1])
        return any(self._is_anchored(a) for a in e.args if not a.is_scalar)

    def _is_anchored(self, e: Expr) -> bool:
        known = self.anchored.get(e)
        return known if known is not None else self._fixes_shape(e)

    def written(self, root: Expr) -> Written:
        """The text of a node that stands alone."""
        stack = [(root, False, False)]
        while stack:
            e, context, ready = stack.pop()
            if (e, context) in self.done:
                continue
            parts = self._parts(e, context)
            if ready:
                self.done[e, context] = self._compose(e, context, parts)
            else:
                stack.append((e, context, True))
                stack.extend((p.expr, p.anchored, False) for p in parts if (p.expr, p.anchored) not in self.done)
        return self.done[root, False]

    def _compose(self, e: Expr, context: bool, parts: list[Part]) -> Written:
        texts = [self.done[p.expr, p.anchored] for p in parts]
        if e.op is leaves.IDENTITY:
            found = Written("I" if context and self.identity_is_free else f"eye({e.shape[0]})")
        elif e.op is leaves.NAMED:
            found = Written(self.labels[e])
        elif e.op is _op("scale") and len(parts) == 1:
            found = Written("-" + texts[0].within(PRODUCT), NEGATIVE)
        else:
            found = _FORMS.get(e.op.name, _call)(e, parts, texts)
        if len(found.text) > LONGEST:
            raise LimitReached(f"the text of this expression has more than {LONGEST:,} characters")
        return found

    def _parts(self, e: Expr, context: bool) -> list[Part]:
        """The operands as they are written: a factor −1 or −2 in front as a minus sign."""
        if e.op is leaves.NAMED:
            return []
        name = e.op.name
        if name == "add":
            return [self._term(a, context or self._beside(e, k), k > 0) for k, a in enumerate(e.args)]
        if name == "scale":
            positive = _without_sign(e)
            if positive is not None:
                return [Part(positive, context, True)]
            return [Part(a, context if k == len(e.args) - 1 else True) for k, a in enumerate(e.args)]
        if name == "matmul":
            return [Part(a, context or self._next_to(e, k)) for k, a in enumerate(e.args)]
        if name in ENTRYWISE or e.op.kind is Kind.ELEMENTWISE:
            return [Part(a, (context and a.shape == e.shape) or self._beside(e, k)) for k, a in enumerate(e.args)]
        return [Part(a, context and name in ("transpose", "inv")) for a in e.args]

    def _beside(self, e: Expr, k: int) -> bool:
        """Whether another operand of the same shape fixes the shape of the k-th."""
        shape = e.args[k].shape
        return any(self._is_anchored(a) for j, a in enumerate(e.args) if j != k and a.shape == shape) if len(e.args) < 64 else True

    def _next_to(self, e: Expr, k: int) -> bool:
        return any(self._is_anchored(a) for a in (*e.args[max(k - 1, 0) : k], *e.args[k + 1 : k + 2]))

    def _term(self, a: Expr, anchored: bool, later: bool) -> Part:
        positive = _without_sign(a) if later else None
        return Part(a, anchored) if positive is None else Part(positive, anchored, True)


def _op(name: str) -> object:
    from matcalc.core.operation import OPERATIONS

    return OPERATIONS.get(name)


def _without_sign(e: Expr) -> Expr | None:
    """What stands after a minus sign, where reading the two together gives this node."""
    if e.op is leaves.NUMBER:
        return leaves.number(-e["value"], e["decimal"]) if e["value"] < 0 else None
    if e.op.name != "scale" or e.args[0].op is not leaves.NUMBER or e.args[0]["value"] >= 0:
        return None
    positive = builders.negative(e)
    return positive if builders.negative(positive) is e else None


# ---- leaves ----


def _number(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    value: Fraction = e["value"]
    shown = _decimal(abs(value)) if e["decimal"] else None
    if shown is None:
        shown = str(abs(value))
    tight = ATOM if "/" not in shown else PRODUCT
    return Written(shown, tight) if value >= 0 else Written("-" + shown, NEGATIVE)


def _decimal(value: Fraction) -> str | None:
    """A number as a decimal, with at least one digit after the point; None where it has no end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives, 1)
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    if places > 16:
        return f"{digits.lstrip('0')}e-{places}"
    return f"{digits[:-places]}.{digits[-places:]}"


def _sized(word: str, shape: Shape) -> Written:
    sizes = shape[:1] if shape[1] is ONE else shape
    return Written(f"{word}({', '.join(map(repr, sizes))})")


def _size(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    shown = repr(e["size"])
    return Written(shown) if shown.isidentifier() else Written(f"({shown})")


# ---- operators ----


def _add(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """A sum; a multiple of ones beside a matrix or a vector is written as the number alone, where it is one."""
    short = [None if e.is_scalar else _spread_number(p.expr) for p in parts]
    unit = [p.expr.op is leaves.IDENTITY for p in parts]
    pieces: list[str] = []
    wide = False
    for k, (part, written) in enumerate(zip(parts, texts, strict=True)):
        other = 1 if k == 0 else 0
        able = wide if k else len(parts) > 1 and short[1] is None
        if able and not (k < 2 and unit[other]) and short[k] is not None:
            written = _number(short[k], [], [])  # type: ignore[arg-type]
        else:
            wide = True
        if k == 0:
            pieces.append(written.within(NEGATIVE))
        else:
            pieces.append(("- " if part.minus else "+ ") + written.within(PRODUCT))
    return Written(" ".join(pieces), SUM)


def _spread_number(e: Expr) -> Expr | None:
    """The number that a multiple of ones is, when it is added."""
    if e.op is leaves.ONES:
        return leaves.number(1)
    if e.op.name == "scale" and len(e.args) == 2 and e.args[1].op is leaves.ONES and e.args[0].op is leaves.NUMBER:
        return e.args[0] if e.args[0]["value"] != 1 else None
    return None


def _scale(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    *factors, last = texts
    first = factors[0].within(ATOM) if parts[0].expr.op.name in ("matmul", "scale") else factors[0].within(PRODUCT)
    end = last.text if parts[-1].expr.op.name in ("matmul", "hadamard") else last.within(POWER)
    return Written("*".join([first, *(f.within(POWER) for f in factors[1:]), end]), PRODUCT)


def _matmul(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """A product; where its first factors make a scalar (reading never makes that) they go in front."""
    pieces: list[str] = []
    front: list[str] = []
    rows: object = None
    for part, written in zip(parts, texts, strict=True):
        if pieces and rows is ONE and parts[0].expr is not part.expr and part.expr.shape[0] is ONE:
            front.append(f"({' @ '.join(pieces)})" if len(pieces) > 1 else pieces[0])
            pieces, rows = [], None
        rows = part.expr.shape[0] if rows is None else rows
        pieces.append(written.within(POWER))
    return Written("*".join([*front, " @ ".join(pieces)]), PRODUCT)


def _hadamard(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    first = parts[0].expr
    if first.op.name == "hadamard" or any(p.expr.is_scalar for p in parts):
        return _call(e, parts, texts)
    head = texts[0].within(ATOM if first.op.name == "matmul" else PRODUCT)
    return Written("*".join([head, *(t.within(POWER) for t in texts[1:])]), PRODUCT)


def _quotient(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    above, below = parts[0].expr, parts[1].expr
    head = texts[0].within(ATOM if above.op.name == "matmul" else PRODUCT)
    if not below.is_scalar and (spread := _spread_number(above)) is not None:
        head = _number(spread, [], []).within(PRODUCT)
    return Written(f"{head}/{texts[1].within(POWER)}", PRODUCT)


def _power(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    exponent = texts[1]
    signed = exponent.level == NEGATIVE and parts[1].expr.op is leaves.NUMBER and "/" not in exponent.text
    return Written(f"{texts[0].within(ATOM)}**{exponent.text if signed else exponent.within(ATOM)}", POWER)


def _transpose(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    if parts[0].expr.op is leaves.NUMBER:
        return Written(f"({texts[0].text}).T")
    return Written(texts[0].within(ATOM) + ".T")


def _call(e: Expr, parts: list[Part], texts: list[Written]) -> Written:
    """A function by its word; what only a derivation holds is written likewise, to be looked at."""
    attributes = [f"{name}={value}" for name, value in e.attrs]
    return Written(f"{e.op.word or e.op.name}({', '.join([*(t.text for t in texts), *attributes])})")


_FORMS: dict[str, Callable[[Expr, list[Part], list[Written]], Written]] = {
    "symbol": lambda e, parts, texts: Written(e["name"]),
    "number": _number,
    "size": _size,
    "pi": lambda e, parts, texts: Written("pi"),
    "ones": lambda e, parts, texts: _sized("ones", e.shape),
    "zeros": lambda e, parts, texts: _sized("zeros", e.shape),
    "unit": lambda e, parts, texts: Written(f"e({e['position']}, {e.shape[0]})"),
    "differential": lambda e, parts, texts: Written(f"d({texts[0].text})"),
    "add": _add,
    "scale": _scale,
    "matmul": _matmul,
    "hadamard": _hadamard,
    "quotient": _quotient,
    "power": _power,
    "transpose": _transpose,
}

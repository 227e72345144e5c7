"""Expressions to text in the input language, so that reading the text gives back the very node.

What the builders do decides where brackets stand: a chain is taken in from the left, a factor goes in front of a product, a sign
joins a number, a scalar that is added spreads.  `I` is written where its neighbours give its size, else `eye(n)`.
Each node is written once for each context, and a text may have 20,000 characters, so a graph with sharing ends in an error and not
in an explosion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from matcalc.core import builders, leaves
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import counter
from matcalc.core.operation import Kind
from matcalc.core.size import ONE
from matcalc.core.stacks import letters, stacked
from matcalc.errors import LimitReached
from matcalc.syntax.elaborate import Assumption
from matcalc.syntax.forms import FORMS, NEGATIVE, PRODUCT, Part, Written, called, is_spread, summation

LONGEST = 200_000
ENTRYWISE = frozenset({"add", "hadamard", "quotient", "inner"})
SPREADING = frozenset({"add", "quotient"})
"""Where multiples of ones are written as scalars, which take their shape from what stands beside them."""


def text(e: Expr) -> str:
    """The expression as a person would type it, definitions in a `where` clause; raises LimitReached.

    >>> import matcalc.operations
    >>> from matcalc.syntax import read
    >>> text(read("abs(P'@P - I) where P = A").expr)
    'abs(P.T@P - I) where P = A'
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
    if a.function is not None:
        return f"{a.name}: {a.function.declared}"
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
        names: set[str] = set()
        order = list(postorder(root))
        for e in order:
            self.anchored[e] = self._fixes_shape(e)
            names.update(name for size in e.shape for name in size.names())
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
        self.letters = letters(order, names | {"I"}, set(self.definitions))

    def _fixes_shape(self, e: Expr) -> bool:
        """Whether the text of a node gives its shape without its surroundings: `I` does not, and `I + I` neither."""
        if e.op is leaves.IDENTITY:
            return False
        if e.is_scalar or e.op.kind in (Kind.LEAF, Kind.BINDER):
            return True
        if e.op.name == "scale":
            return self._is_anchored(e.args[-1])
        return any(self._fixes(a, e) for a in e.args if not a.is_scalar)

    def _fixes(self, a: Expr, e: Expr) -> bool:
        """Whether an operand fixes the shape of the others: ones that are written as a scalar do not."""
        return self._is_anchored(a) and not (e.op.name in SPREADING and is_spread(a))

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
        elif e.op is leaves.INDEX:
            found = Written(self.letters[e])
        elif e.op is leaves.INDEX_SUM:
            found = summation(e, parts[0].expr, self.letters[counter(e)], texts[0])
        elif e.op is _op("scale") and len(parts) == 1:
            spread = texts[0].spread
            found = Written("-" + texts[0].within(PRODUCT), NEGATIVE, spread and Written("-" + spread.within(PRODUCT), NEGATIVE))
        else:
            found = FORMS.get(e.op.name, called)(e, parts, texts)
        if len(found.text) > LONGEST:
            raise LimitReached(f"the text of this expression has more than {LONGEST:,} characters")
        return found

    def _parts(self, e: Expr, context: bool) -> list[Part]:
        """The operands as they are written: a factor −1 or −2 in front as a minus sign."""
        if e.op is leaves.NAMED:
            return []
        name = e.op.name
        if e.op is leaves.INDEX_SUM:
            found = stacked(e)
            return [Part(found[0] if found is not None else e.args[0], False)]
        if name == "add":
            beside = self._beside(e)
            return [self._term(a, context or beside[k], k > 0) for k, a in enumerate(e.args)]
        if name == "scale":
            positive = _without_sign(e)
            if positive is not None:
                return [Part(positive, context, True)]
            return [Part(a, context if k == len(e.args) - 1 else True) for k, a in enumerate(e.args)]
        if name == "matmul":
            anchored = [context or self._next_to(e, k) for k in range(len(e.args))]
            parts = [Part(a, fixed) for a, fixed in zip(e.args, anchored, strict=True)]
            return [Part(builders.turned(p.expr), p.anchored) for p in parts[-2::-1]] + parts[-1:] if _was_turned(e) else parts
        if name in ENTRYWISE or e.op.is_of_entries:
            beside = self._beside(e)
            return [Part(a, (context and a.shape == e.shape) or beside[k]) for k, a in enumerate(e.args)]
        return [Part(a, context and name in ("transpose", "inv")) for a in e.args]

    def _beside(self, e: Expr) -> list[bool]:
        """For each operand whether another one of the same shape fixes its shape."""
        fixing = [self._fixes(a, e) for a in e.args]
        count = Counter(a.shape for a, fixed in zip(e.args, fixing, strict=True) if fixed)
        return [count[a.shape] > fixed for a, fixed in zip(e.args, fixing, strict=True)]

    def _next_to(self, e: Expr, k: int) -> bool:
        return any(self._is_anchored(a) for a in (*e.args[max(k - 1, 0) : k], *e.args[k + 1 : k + 2]))

    def _term(self, a: Expr, anchored: bool, later: bool) -> Part:
        positive = _without_sign(a) if later else None
        return Part(a, anchored) if positive is None else Part(positive, anchored, True)


def _was_turned(e: Expr) -> bool:
    """Whether a product hᵀy xᵀz is one that only reading x @ y.T @ h @ z makes, as its first factors make a scalar."""
    inner = (k for k in range(1, len(e.args) - 1) if e.args[k].shape[1] is ONE)
    return e.is_scalar and e.args[0].shape[0] is ONE and next(inner, None) is not None


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

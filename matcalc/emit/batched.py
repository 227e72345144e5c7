"""Index sums and stacks as array programs: the body for all values of its indices at once, an axis in front for each index.

A `Batch` is an array whose first axes belong to bound indices, the outermost first, and whose other axes are those of the value: none
for a scalar, one for a column or a row, two for a matrix.  Slices are views, products are `@` where NumPy has it so and a sum of
products otherwise, and no loop runs over an axis, unless a function takes one matrix only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import SLICE, UNIT_AT, bound, counter, free
from matcalc.core.leaves import INDEX, INDEX_SUM, NUMBER
from matcalc.core.operation import Operation
from matcalc.core.size import ONE
from matcalc.core.stacks import stacked
from matcalc.emit import batchedproducts as products
from matcalc.emit.batch import Batch, Shaper
from matcalc.emit.code import Code, Formed
from matcalc.errors import Unsupported

if TYPE_CHECKING:
    from matcalc.emit.lower import Lowering

MANY_AT_ONCE = ("np.linalg.inv", "np.linalg.det", "np.linalg.slogdet", "np.linalg.pinv", "np.linalg.cholesky", "np.linalg.eigvalsh")
"""Functions of NumPy that take many matrices at once."""


def is_open(e: Expr) -> bool:
    """Whether a bound index stands free in an expression, so that it has a value only inside its sum."""
    return bool(free(e)) and bool(bound(free(e)))


class Batched:
    """The batches of one program; `lowering` gives the values of what holds no index."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering, self.shape = lowering, Shaper(lowering.program.code)
        self.done: dict[Expr, Batch] = {}
        self.rules: dict[str, Callable[[Expr], Batch]] = {
            "index": self._index,
            "unit_at": self._unit,
            "slice": self._slice,
            "index_sum": self._sum_over,
            "named": lambda e: self.of(e.args[0]),
            "add": self._add,
            "scale": lambda e: self._product(e, "multiply"),
            "hadamard": lambda e: self._product(e, "multiply"),
            "quotient": lambda e: self._product(e, "divide"),
            "power": lambda e: self._product(e, "power"),
            "transpose": self._transpose,
            "matmul": lambda e: products.chain(self, e.args),
            "outer": lambda e: products.outer(self, *map(self.of, e.args)),
            "inner": lambda e: products.inner(self, *map(self.of, e.args)),
            "tr": self._trace,
            "sum": self._sum,
            "row_sums": lambda e: self.shape.formed("{0}.sum(-1)", 1, self.of(e.args[0])),
            "column_sums": lambda e: self.shape.formed("{0}.sum(-2)", 1, self.of(e.args[0])),
            "norm": self._norm,
            "diag": self._diag,
            "diagonal": lambda e: self.shape.formed("np.diagonal({0}, axis1=-2, axis2=-1)", 1, self.of(e.args[0])),
        }

    def summed(self, e: Expr) -> Code:
        """The value of an index sum in which no bound index stands free."""
        return self.of(e).code

    def of(self, e: Expr) -> Batch:
        """The batch of an expression."""
        if not is_open(e) and e.op is not INDEX_SUM:
            return Batch(self.lowering.codes[e], (), self._rank(e))
        for x in postorder(e, below=lambda y: self._below(y) if is_open(y) or y is e else ()):
            if x not in self.done and (is_open(x) or x is e):
                self.done[x] = self.rules.get(x.op.name, self._function)(x)
        return self.done[e]

    def _below(self, e: Expr) -> tuple[Expr, ...]:
        """What a batch is made of; the positions of slices and the body of a sum are looked at by their rules."""
        if e in self.done or e.op in (SLICE, UNIT_AT):
            return e.args[:1] if e.op is SLICE and e not in self.done else ()
        found = stacked(e)
        return (found[0],) if found is not None else e.args

    def _rank(self, e: Expr) -> int:
        return sum(size is not ONE for size in e.shape)

    # Leaves.
    def _index(self, e: Expr) -> Batch:
        size = self.lowering.size(e["size"])
        return Batch(self.lowering.program.code("formed", size, rank=1, data="np.arange({0})"), (e,), 0)

    def _unit(self, e: Expr) -> Batch:
        size, position = self.lowering.size(e.shape[0]), e.args[0]
        if position.op is INDEX and position["size"] is e.shape[0]:
            return Batch(self.lowering.program.code("eye", size, rank=2), (position,), 1)
        return self.shape.formed("np.eye({1})[{0}]", 1, self._position(position), Batch(size, (), 0))

    def _position(self, e: Expr) -> Batch:
        return self.of(e)

    def _slice(self, e: Expr) -> Batch:
        """A view with the axes of the indices in front; entries at i + 1 and the like are taken first."""
        array, labels = self.of(e.args[0]), list[Expr | None]()
        labels += array.over
        axes: list[Expr | None] = [None] * array.rank
        code = array.code
        for k, p in zip(e["axes"], e.args[1:], strict=True):
            size = e.args[0].shape[k]
            if p.op is INDEX and isinstance(p["level"], int) and p["size"] is size:
                axes[k] = p
            elif is_open(p) and len(bound(free(p))) == 1:
                axes[k] = bound(free(p))[0]
                at = f"np.take({{0}}, {{1}}, axis={len(array.over) + k})"
                code = self.lowering.program.code("formed", code, self._position(p).code, rank=code.rank, data=at)
            else:
                raise Unsupported("a slice at a position that holds two indices has no form in NumPy here yet")
        return self.shape.relabelled(code, [*labels, *axes])

    # Sums and products entry by entry.
    def _add(self, e: Expr) -> Batch:
        terms = [(a, self._signed(a)) for a in e.args]
        result: Batch | None = None
        for _, (batch, negative) in terms:
            if result is None:
                result = self.shape.formed("-{0}", batch.rank, batch) if negative else batch
            else:
                result = self.shape.entrywise("subtract" if negative else "add", result, batch)
        assert result is not None
        return result

    def _signed(self, e: Expr) -> tuple[Batch, bool]:
        """A term without its minus, and whether it had one."""
        if e.op.name == "scale" and e.args[0].op is NUMBER and e.args[0]["value"] == -1 and len(e.args) == 2 and is_open(e):
            return self.of(e.args[1]), True
        return self.of(e), False

    def _product(self, e: Expr, operation: str) -> Batch:
        result = self.of(e.args[0])
        for a in e.args[1:]:
            result = self.shape.entrywise(operation, result, self.of(a))
        return result

    def _transpose(self, e: Expr) -> Batch:
        found = self.of(e.args[0])
        return found if found.rank < 2 else self.shape.formed("{0}.swapaxes(-1, -2)", 2, found)

    # Sums over axes.
    def _sum(self, e: Expr) -> Batch:
        found = self.of(e.args[0])
        return self.shape.formed("{0}.sum((-2, -1))" if found.rank == 2 else "{0}.sum(-1)", 0, found) if found.rank else found

    def _norm(self, e: Expr) -> Batch:
        found = self.of(e.args[0])
        if not found.rank:
            return self.shape.formed("np.abs({0})", 0, found)
        return self.shape.formed(f"np.linalg.norm({{0}}, axis={'(-2, -1)' if found.rank == 2 else '-1'})", 0, found)

    def _trace(self, e: Expr) -> Batch:
        m = e.args[0]
        if m.op.name == "matmul" and len(m.args) > 1:
            left, right = products.chain(self, m.args[:-1]), self.of(m.args[-1])
            if left.rank == right.rank == 2:
                return self.shape.contracted("ij", "ji", "", left, right)
        return self.shape.formed("np.trace({0}, axis1=-2, axis2=-1)", 0, self.of(m))

    def _diag(self, e: Expr) -> Batch:
        v = self.of(e.args[0])
        eye = Batch(self.lowering.program.code("eye", self.lowering.size(e.shape[0]), rank=2), (), 2)
        return self.shape.entrywise("multiply", self.shape.formed("{0}[..., None]", 2, v), eye)

    def _sum_over(self, e: Expr) -> Batch:
        """The sum along the axis of the index; of a stack, that axis at its place among those of the value."""
        i, found = counter(e), stacked(e)
        if found is not None and found[0].op.name != "place":
            return self.shape.placed(self._holding(found[0], i), i, found[1])
        body = e.args[0]
        if body.op.name == "place":
            raise Unsupported("a slice of an array that is no stack has no form in NumPy here yet")
        return self.shape.total(self.of(body), i)

    def _holding(self, e: Expr, i: Expr) -> Batch:
        """The batch of a body, repeated along the axis of an index that it does not hold."""
        found = self.of(e)
        if i in found.over:
            return found
        ones = Batch(self.lowering.program.code("ones", self.lowering.size(i["size"]), rank=1), (i,), 0)
        return self.shape.entrywise("multiply", ones, found)

    # Functions.
    def _function(self, e: Expr) -> Batch:
        """A function as it is declared: of entries, or one that takes many matrices at once; else one matrix after the other."""
        template: str = self._template(e.op)
        args = [self.of(a) for a in e.args]
        template = Formed.of(template, e.op.notation.helper)
        if e.op.is_of_entries:
            rank = max(a.rank for a in args)
            return self.shape.formed(template, rank, *self.shape.aligned(args, rank))
        if e.attrs or len(args) != 1 or len(args[0].over) > 1:
            raise Unsupported(f"{e.op.written} under an index sum has no form in NumPy here yet")
        many = any(template.startswith(name) for name in MANY_AT_ONCE)
        if many and "slogdet" in template:
            template = "np.linalg.slogdet({0})[1]"
        if many:
            return self.shape.formed(template, self._rank(e), args[0])
        one = template.replace("{0}", "one") if "{0}" in template else f"{template}(one)"
        stack = Formed.of(f"np.stack([{one} for one in {{0}}])", e.op.notation.helper)
        return self.shape.formed(stack, self._rank(e), args[0])

    def _template(self, op: Operation) -> str:
        names = {"inv": "np.linalg.inv", "greater": "np.where({0} > {1}, 1.0, 0.0)", "log": "np.log", "where": "np.where"}
        names |= {"greater_equal": "np.where({0} >= {1}, 1.0, 0.0)", "not_equal": "np.where({0} != {1}, 1.0, 0.0)"}
        template = names.get(op.name) or op.notation.numpy
        if template is None:
            raise Unsupported(f"{op.written} under an index sum has no form in NumPy here yet")
        return template

"""From a plain expression to an array program: what each operation computes on one-dimensional vectors.

Only the glue and the operations that have no function of their own in an array library are known here by name; every other
operation is a call, as its declaration says.  A definition under a name stays one value of the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from matcalc.core.abstract import APPLICATIONS, arguments_of, direction_of
from matcalc.core.conjugates import is_seen_real
from matcalc.core.equation import axes
from matcalc.core.expression import Expr, postorder
from matcalc.core.leaves import NUMBER, ONES, SYMBOL, is_zero_leaf
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.reality import is_real
from matcalc.core.size import ONE, Size
from matcalc.emit.applied import what
from matcalc.emit.batched import Batched, is_open
from matcalc.emit.chain import factors_of, multiplied, traced
from matcalc.emit.entrywise import chosen, compared, logarithm
from matcalc.emit.filled import filled, filled_rules
from matcalc.emit.names import is_name
from matcalc.emit.program import Code, Program
from matcalc.errors import Unsupported

SOLVES = 2
"""An inverse that is needed in more places than this is computed once."""


def rank_of(e: Expr) -> int:
    """How many axes the array of an expression has: vectors have one."""
    return sum(size is not ONE for size in e.shape)


def lowered(root: Expr) -> Code:
    """The program that computes an expression."""
    return Lowering(root).result


def _continued(e: Expr) -> Sequence[Expr]:
    """The operands of a product or a scaling in which the same chain of factors may go on."""
    if e.op.name == "matmul":
        return [a for a in e.args if not a.is_scalar]
    if e.op.name == "scale":
        return e.args[-1:]
    if e.op.name == "quotient" and e.args[1].is_scalar and not e.is_scalar:
        return e.args[:1]
    return ()


class Lowering:
    """One expression on its way to a program."""

    def __init__(self, root: Expr) -> None:
        self.program = Program()
        self.codes: dict[Expr, Code] = {}
        order = [e for e in postorder(root) if not is_open(e)]
        self.uses = Counter(a for e in order for a in e.args)
        self.absorbed = {a for e in order for a in (e.args if e.op.name == "tr" else _continued(e)) if self.uses[a] == 1 and _continued(a)}
        rules: dict[str, Callable[[Expr], Code]] = {
            "symbol": lambda e: self.program.code("argument", rank=rank_of(e), data=e["name"]),
            "differential": self._differential,
            "number": lambda e: self.program.constant(e["value"]),
            "size": lambda e: self.size(e["size"]),
            "identity": lambda e: self.program.code("eye", self.size(e.shape[0]), rank=2),
            **dict.fromkeys(APPLICATIONS, self._applied),
            **filled_rules(self),
            "index_sum": Batched(self).summed,
            "named": self._named,
            "add": self._add,
            "scale": lambda e: self._multiplied(self._scalars_and_factors(e)),
            "matmul": lambda e: self._multiplied(self._scalars_and_factors(e)),
            "hadamard": self._hadamard,
            "quotient": self._quotient,
            "power": self._power,
            "powers": lambda e: self.program.code("power", *self._all(e), rank=rank_of(e)),
            "transpose": lambda e: self.program.transposed(self.codes[e.args[0]]),
            "inner": lambda e: self.program.dot(*self._all(e)),
            "outer": lambda e: self.program.outer(*self._all(e)),
            "tr": self._trace,
            "row": lambda e: self.program.selected(self.program.transposed(self.codes[e.args[0]]), e["i"]),
            "column": lambda e: self.program.selected(self.codes[e.args[0]], e["i"]),
            "row_sums": lambda e: self.program.row_sums(self.codes[e.args[0]]),
            "column_sums": lambda e: self.program.row_sums(self.program.transposed(self.codes[e.args[0]])),
            "sum": lambda e: self.program.total(self.codes[e.args[0]]),
            "diag": lambda e: self.program.diag(self.codes[e.args[0]]),
            "diagonal": lambda e: self.program.diagonal(self.codes[e.args[0]]),
            "inv": self._inverse,
            **dict.fromkeys(("rows", "columns"), lambda e: self._range(e, int(e.op.name == "columns"))),
            "vstack": lambda e: self._stack(e, 0),
            "hstack": lambda e: self._stack(e, 1),
            **dict.fromkeys(("conj", "real", "imag"), lambda e: self.program.code("call", *self._all(e), rank=rank_of(e), data=e.op)),
            "log": lambda e: logarithm(self.program, *self._all(e)),
            "where": lambda e: chosen(self.program, *self._all(e)),
            **dict.fromkeys(("greater", "greater_equal", "not_equal"), lambda e: compared(self.program, e.op.name, *self._all(e))),
        }
        for e in (e for e in order if e not in self.absorbed):
            code = rules.get(e.op.name, self._call)(e)
            if not is_real(e) and is_seen_real(e):  # to NumPy zᴴz is a complex number
                code = self.program.code("call", code, rank=code.rank, data=OPERATIONS["real"])
            self.codes[e] = code
        self.result = self.codes[root]

    def _all(self, e: Expr) -> list[Code]:
        return [self.codes[a] for a in e.args]

    # Leaves.
    def _differential(self, e: Expr) -> Code:
        """dX is an array that the caller gives, beside X."""
        if e.args[0].op is not SYMBOL:
            raise Unsupported("the differential of an expression has no value of its own; write it out first")
        return self.program.code("differential", rank=rank_of(e), data=e.args[0]["name"])

    def size(self, size: Size) -> Code:
        """A size as a number."""
        number = size.number()
        return self.program.constant(number) if number is not None else self.program.code("size", rank=0, data=size)

    def _named(self, e: Expr) -> Code:
        value = self.codes[e.args[0]]
        if value.op in ("argument", "constant") or not is_name(e["label"]):
            return value
        return self.program.code("named", value, rank=value.rank, data=e["label"])

    # Sums: ones in them are the number 1, which every entry gets.
    def _add(self, e: Expr) -> Code:
        spread = [self._spread(a) for a in e.args]
        if None not in spread:
            result = self.program.sum([t for t in spread if t is not None])
            return self.program.times(result, filled(self, "ones", e))
        return self.program.sum([t if t is not None else self._signed(a) for a, t in zip(e.args, spread, strict=True)])

    def _signed(self, e: Expr) -> tuple[Code, bool]:
        """A term without its minus, and whether it had one."""
        code = self.codes[e]
        if e.op is NUMBER and e["value"] < 0:
            return self.program.constant(-e["value"]), True
        if e.op.name != "scale" or e.args[0].op is not NUMBER or e.args[0]["value"] >= 0 or self.uses[e] > 1:
            return code, False
        scalars, below, factors = self._scalars_and_factors(e)
        scalars[0] = self.program.constant(-scalars[0].data)
        return self._multiplied((scalars, below, factors)), True

    def _spread(self, e: Expr) -> tuple[Code, bool] | None:
        """The number of a term that is a multiple of ones, with its sign."""
        if e.op is ONES:
            return self.program.constant(1), False
        if e.op.name != "scale" or e.args[-1].op is not ONES:
            return None
        first = e.args[0]
        negative = first.op is NUMBER and first["value"] < 0
        result = self.program.constant(-first["value"]) if negative else self.codes[first]
        for a in e.args[1:-1]:
            result = self.program.times(result, self.codes[a])
        return result, negative

    # Products.
    def _scalars_and_factors(self, e: Expr) -> tuple[list[Code], list[Code], list[Expr]]:
        """Scalars above and below, and the matrices of a product, through scalings and products that only this one uses."""
        scalars: list[Code] = []
        below: list[Code] = []
        factors: list[Expr] = []
        waiting = [e]
        while waiting:
            a = waiting.pop()
            own = a is e or a in self.absorbed
            if own and a.op.name == "scale":
                scalars.extend(self.codes[c] for c in a.args[:-1])
                waiting.append(a.args[-1])
            elif own and a.op.name == "matmul":
                scalars.extend(self.codes[f] for f in a.args if f.is_scalar)
                waiting.extend(f for f in reversed(a.args) if not f.is_scalar)
            elif own and _continued(a):
                below.append(self.codes[a.args[1]])
                waiting.append(a.args[0])
            elif a.is_scalar:
                scalars.append(self.codes[a])
            else:
                factors.append(a)
        return scalars, below, factors

    def _multiplied(self, parts: tuple[list[Code], list[Code], list[Expr]]) -> Code:
        scalars, below, factors = parts
        if factors and len(factors[0].shape) > 2:
            scalars, factors = [*scalars, self.codes[factors[0]]], []
        values = [*scalars, multiplied(self.program, factors_of(factors, self.codes))] if factors else scalars
        result = values[0]
        for value in values[1:]:
            result = self.program.times(result, value)
        for divisor in below:
            result = self.program.over(result, divisor)
        return result

    def _quotient(self, e: Expr) -> Code:
        if _continued(e):
            return self._multiplied(self._scalars_and_factors(e))
        above, below = self._all(e)
        spread = None if e.args[1].is_scalar else self._spread(e.args[0])
        if spread is not None:
            above = self.program.negative(spread[0]) if spread[1] else spread[0]
        return self.program.over(above, below)

    def _trace(self, e: Expr) -> Code:
        argument = e.args[0]
        if argument not in self.absorbed:
            return self.program.trace(self.codes[argument])
        scalars, below, factors = self._scalars_and_factors(argument)
        result = traced(self.program, factors_of(factors, self.codes)) if factors else self.program.constant(1)
        for scalar in reversed(scalars):
            result = self.program.times(scalar, result)
        for divisor in below:
            result = self.program.over(result, divisor)
        return result

    # Entry by entry.
    def _hadamard(self, e: Expr) -> Code:
        codes = [self.codes[a] for a in e.args if a.op is not ONES]
        if not codes:
            return filled(self, "ones", e)
        result = codes[0]
        for code in codes[1:]:
            result = self.program.times(result, code)
        return result

    def _power(self, e: Expr) -> Code:
        base, exponent = e.args
        if exponent.op is not NUMBER:
            return self.program.code("power", *self._all(e), rank=rank_of(e))
        if base.op.name == "norm" and exponent["value"] == 2 and self.uses[base] == 1 and is_real(base.args[0]):
            squared = self.codes[base.args[0]]
            return self.program.dot(squared, squared)
        return self.program.power(self.codes[base], exponent["value"])

    # Blocks.
    def _range(self, e: Expr, axis: int) -> Code:
        """X[1:3], X[:, 1:]; one entry of a vector, one row or column of a matrix without a range."""
        code, whole = self.codes[e.args[0]], e.args[0].shape[axis]
        start, stop = self.size(e["i"]), self.size(e["j"])
        if rank_of(e) < code.rank:
            single = "entry" if code.rank == 1 else ("row", "column")[axis]
            return self.program.code(single, code, start, rank=rank_of(e))
        if whole is ONE:
            return code
        ends = [("from", start)] * (e["i"].number() != 0) + [("to", stop)] * (e["j"] is not whole)
        name = " ".join(["columns" if axis and code.rank == 2 else "rows", *(word for word, _ in ends)])
        return self.program.code(name, code, *(end for _, end in ends), rank=code.rank)

    def _stack(self, e: Expr, axis: int) -> Code:
        """Vectors that go on in the direction of the stack are one longer vector; else each part is a matrix."""
        one = self.program.constant(1)
        codes = [self.program.code("zeros", one, rank=1) if a.is_scalar and is_zero_leaf(a) else self.codes[a] for a in e.args]
        if rank_of(e) == 1 and e.shape[1 - axis] is ONE:
            return self.program.code("concatenate", *(self._boxed(code, 1) for code in codes), rank=1)
        boxed = [code if code.rank else self._boxed(code, 2) for code in codes]
        turned = ("as_column", "as_row")[axis]
        along = [code.rank == 1 and a.shape[axis] is not ONE for code, a in zip(boxed, e.args, strict=True)]
        parts = [self.program.code(turned, code, rank=2) if turn else code for code, turn in zip(boxed, along, strict=True)]
        return self.program.code("call", *parts, rank=2, data=e.op)

    # Functions.
    def _applied(self, e: Expr) -> Code:
        """An abstract function is an argument itself, and so is each of its derivatives."""
        codes = [self.codes[a] for a in (*arguments_of(e), direction_of(e)) if a is not None]
        return self.program.code("apply", *codes, rank=rank_of(e), data=what(e))

    def _inverse(self, e: Expr) -> Code:
        code = self.codes[e.args[0]]
        if code.rank == 0:
            return self.program.over(self.program.constant(1), code)
        return self.program.code("inv" if self.uses[e] <= SOLVES else "inverse", code, rank=2)

    def _call(self, e: Expr) -> Code:
        """A call of the library; where an operation wants a matrix and the argument is a scalar, it is put into one."""
        if e.op.kind in (Kind.LEAF, Kind.BINDER) and e.op.notation.numpy is None:
            raise Unsupported(f"{e.op.name.replace('_', ' ')} has no form as an array program yet")
        equation = e.op.equation
        if equation is not None and equation.is_grouped and any(code.rank < 2 for code in self._all(e)):
            return self._by_matrices(e)
        words = equation.inputs if equation is not None else ("",) * len(e.args)
        codes = [self._boxed(code, len(axes(word))) for code, word in zip(self._all(e), words)]
        rank = len(axes(equation.output)) if equation is not None else 0
        if e.is_scalar and rank:
            call = self.program.code("call", *codes, *self._parameters(e), rank=rank, data=e.op)
            return self.program.code("unbox", call, rank=0)
        return self.program.code("call", *codes, *self._parameters(e), rank=rank_of(e), data=e.op)

    def _parameters(self, e: Expr) -> list[Code]:
        """The sizes and positions that a call has beside its arguments."""
        found = [e[name] for name in e.op.parameters]
        return [self.size(value) if isinstance(value, Size) else self.program.constant(value) for value in found]

    def _by_matrices(self, e: Expr) -> Code:
        """A call whose operands share axes, such as a Kronecker product, by matrices alone."""
        codes = []
        for a, word in zip(e.args, e.op.equation.inputs if e.op.equation is not None else ()):
            code = self.codes[a]
            if len(axes(word)) == 2:
                row = "any_row" if code.op == "argument" else "as_row"
                shape = "box_matrix" if code.rank == 0 else row if a.shape[0] is ONE else "as_column"
                code = code if code.rank == 2 else self.program.code(shape, code, rank=2)
            else:
                code = self._boxed(code, len(axes(word)))
            codes.append(code)
        assert e.op.equation is not None
        rank = len(axes(e.op.equation.output))
        call = self.program.code("call", *codes, *self._parameters(e), rank=rank, data=e.op)
        if rank_of(e) == rank:
            return call
        return self.program.code("unbox" if e.is_scalar else "flat", call, rank=rank_of(e))

    def _boxed(self, code: Code, rank: int) -> Code:
        if code.rank or not rank:
            return code
        return self.program.code("box_matrix" if rank == 2 else "box_vector", code, rank=rank)

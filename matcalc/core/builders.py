"""The operators of the language as plain expressions: what `A @ B`, `c * X`, `X + 1` mean.

They decide by shape, keep chains n-ary from the left (so that `A @ B @ C` is one product of three), and simplify nothing.
Python's own operators on expressions nest instead (`apart`): a program that writes h = h + f(h) shares h, and taking its terms
in would lose that; `chained` joins what is used once, and so gives what the text would have given.
A vector is a column: `x @ y` of two columns is the inner product xᵀy, and `x @ A` is Aᵀx.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, TypeAlias

from matcalc.core.expression import Expr, node, plain, postorder, rebuilt, result_shape, shown
from matcalc.core.leaves import NUMBER, identity, number, ones
from matcalc.core.operation import OPERATIONS
from matcalc.core.reality import imaginary
from matcalc.core.size import ONE
from matcalc.errors import ShapeMistake

Join: TypeAlias = Callable[..., Expr]


def lift(x: Any) -> Expr:
    """An expression from an expression or an exact number; a float becomes the decimal that it is shown as, 2j is 2i."""
    if isinstance(x, Expr):
        return x
    if isinstance(x, float):
        return number(Fraction(repr(x)), decimal=True)
    if isinstance(x, complex):
        re, im = (lift(int(part) if part.is_integer() else part) for part in (x.real, x.imag))
        turned = imaginary() if im is number(1) else plain(OPERATIONS["scale"], im, imaginary())
        return turned if x.real == 0 else plain(OPERATIONS["add"], re, turned)
    if isinstance(x, (int, Fraction)) and not isinstance(x, bool):
        return number(x)
    raise TypeError(f"an expression or a number is wanted, not {type(x).__name__}")


class UnsizedIdentity:
    """A multiple of the identity whose size what it meets decides: `P.T @ P - I`, `X + 2*I`."""

    def __init__(self, factor: Any = 1) -> None:
        self.factor = factor

    def of(self, size: Any) -> Expr:
        """The identity of a size."""
        whole = identity(size)
        return whole if isinstance(self.factor, int) and self.factor == 1 else times(self.factor, whole)

    def sized(self, other: Expr) -> Expr:
        """The identity that goes with a square matrix."""
        if other.shape[0] is not other.shape[1]:
            raise ShapeMistake(f"I goes with a square matrix, and this is {shown(other)}")
        return self.of(other.shape[0])

    def __mul__(self, factor: Any) -> UnsizedIdentity:
        return UnsizedIdentity(factor if isinstance(self.factor, int) and self.factor == 1 else times(self.factor, factor))

    __rmul__ = __mul__

    def __neg__(self) -> UnsizedIdentity:
        return UnsizedIdentity(negative(self.factor))

    def __add__(self, other: Any) -> Expr:
        return plus(self, other)

    def __sub__(self, other: Any) -> Expr:
        return minus(self, other)

    def __matmul__(self, other: Any) -> Expr:
        return matrix_product(self.of(lift(other).shape[0]), other)

    def __rmatmul__(self, other: Any) -> Expr:
        return matrix_product(other, self.of(lift(other).shape[1]))


UNSIZED_IDENTITY = UnsizedIdentity()


def sized(left: Any, right: Any) -> tuple[Expr, Expr]:
    """Two operands of a sum or an elementwise product, an identity without a size given that of the other."""
    if isinstance(left, UnsizedIdentity):
        right = lift(right)
        return left.sized(right), right
    left = lift(left)
    return left, right.sized(left) if isinstance(right, UnsizedIdentity) else lift(right)


def lift_all(xs: Iterable[Any]) -> tuple[Expr, ...]:
    """Each of them as an expression."""
    return tuple(lift(x) for x in xs)


def call(name: str, *args: Expr) -> Expr:
    """The operation with this name on these arguments."""
    return plain(OPERATIONS[name], *args)


def _chain(name: str, left: Expr, *right: Expr) -> Expr:
    """A variadic operation, its left operand's own operands taken in."""
    op = OPERATIONS[name]
    if left.op is not op or len(right) > 1:
        return plain(op, *(left.args if left.op is op else (left,)), *right)
    # The shape is that of the two operands: checking the whole chain again at every step would be quadratic.
    return node(op, (*left.args, *right), (), result_shape(op, (left, *right)))


def apart(name: str, left: Expr, *right: Expr) -> Expr:
    """The operation on these operands, the left one kept whole."""
    if len(right) > 1:
        return apart(name, apart(name, left, right[0]), *right[1:])
    return plain(OPERATIONS[name], left, *right)


def mixed(build: Callable[..., Expr], left: Any, right: Any, *join: Join) -> Expr:
    """The result of an operator between Python objects; where shapes do not fit, symbols of one name are made one first."""
    try:
        return build(left, right, *join)
    except ShapeMistake as mistake:
        if isinstance(left, UnsizedIdentity) or isinstance(right, UnsizedIdentity):
            raise
        from matcalc.core.unify import unified

        both = [lift(left), lift(right)]
        one = unified(both)
        if all(a is b for a, b in zip(both, one, strict=True)):
            raise mistake
        return build(*one, *join)


def chained(root: Expr) -> Expr:
    """The expression with left operands taken in wherever they are used once, as the parser has them."""
    uses: dict[Expr, int] = {}
    order = list(postorder(root))
    for e in order:
        for a in e.args:
            uses[a] = uses.get(a, 0) + 1
    new: dict[Expr, Expr] = {}
    for e in order:
        args = tuple(new[a] for a in e.args)
        if e.op.variadic and args[0].op is e.op and uses[e.args[0]] == 1:
            args = args[0].args + args[1:]
        new[e] = rebuilt(e, args)
    return new[root]


def _spread(x: Expr, like: Expr) -> Expr:
    """A scalar that is added to every entry of a matrix, as a multiple of ones."""
    if x.is_scalar and not like.is_scalar:
        return ones(like.shape) if x.op is NUMBER and x["value"] == 1 else times(x, ones(like.shape))
    return x


def plus(left: Any, right: Any, chain: Join = _chain) -> Expr:
    """left + right; a scalar is added to every entry."""
    left, right = sized(left, right)
    return chain("add", _spread(left, right), _spread(right, left))


def minus(left: Any, right: Any, chain: Join = _chain) -> Expr:
    """left − right."""
    left, right = sized(left, right)
    return chain("add", _spread(left, right), negative(_spread(right, left)))


def negative(x: Any) -> Expr:
    """−x: the sign joins a number in front, so that −2x is written and kept in one way."""
    e = lift(x)
    if e.op is NUMBER:
        return number(-e["value"], e["decimal"])
    scale = OPERATIONS["scale"]
    if e.op is not scale:
        return plain(scale, number(-1), e)
    first = e.args[0]
    if first.op is not NUMBER:
        return plain(scale, number(-1), *e.args)
    if first["value"] == -1 and len(e.args) == 2:
        return e.args[1]
    kept = () if first["value"] == -1 else (number(-first["value"], first["decimal"]),)
    return plain(scale, *kept, *e.args[1:])


def times(left: Any, right: Any, chain: Join = _chain) -> Expr:
    """left * right: scaling by a scalar, else elementwise.

    A scalar in front joins the scalars: `a * b * X` is one product of three, and `a * X * Y` is a (X ⊙ Y).
    """
    left, right = sized(left, right)
    if left.is_scalar:
        return chain("scale", left, right)
    if right.is_scalar:
        return chain("scale", right, left)
    if left.op.name == "scale":
        return _under_scalars(left, times(left.args[-1], right, chain))
    return chain("hadamard", left, right)


def _under_scalars(scaled: Expr, matrix: Expr) -> Expr:
    """The scalars of a scaled expression in front of another matrix."""
    return plain(scaled.op, *scaled.args[:-1], *(matrix.args if matrix.op is scaled.op else (matrix,)))


def over(left: Any, right: Any) -> Expr:
    """left / right: by a scalar, or entry by entry."""
    left, right = lift_all((left, right))
    if left.op is NUMBER and right.op is NUMBER and right["value"] and not (left["decimal"] or right["decimal"]):
        return number(left["value"] / right["value"])
    if right.is_scalar or left.shape == right.shape:
        return call("quotient", left, right)
    if left.is_scalar:
        return call("quotient", _spread(left, right), right)
    raise ShapeMistake(f"/ divides by a scalar or entry by entry, and these are {shown(left)} and {shown(right)}")


COMPARISONS = {">": "greater", ">=": "greater_equal", "!=": "not_equal"}


def compared(sign: str, left: Any, right: Any) -> Expr:
    """1 where left < right (or another sign) holds, 0 elsewhere; < and <= are > and >= of the operands turned round."""
    left, right = sized(left, right)
    if sign in COMPARISONS:
        return call(COMPARISONS[sign], left, right)
    return call(COMPARISONS[sign.replace("<", ">")], right, left)


def to_power(x: Any, exponent: Any) -> Expr:
    """x ** exponent, entry by entry; exponents that make a vector or a matrix belong to its entries."""
    x, exponent = lift_all((x, exponent))
    return call("power" if exponent.is_scalar else "powers", x, exponent)


def root(x: Any) -> Expr:
    """The square root, entry by entry."""
    return to_power(x, Fraction(1, 2))


def is_row(x: Expr) -> bool:
    """Whether the shape is 1×n and no scalar."""
    return x.shape[0] is ONE and x.shape[1] is not ONE


def turned(x: Expr) -> Expr:
    """The transpose, through a product and a transpose to what stands below: (Aᵀx)ᵀ is xᵀA."""
    if x.op.name == "transpose":
        return x.args[0]
    if x.op.name != "matmul":
        return x if x.is_scalar else x.T
    factors, waiting = [], [x]
    while waiting:
        e = waiting.pop()
        if e.op is x.op:
            waiting.extend(e.args)
        else:
            factors.append(turned(e))
    return _product(*factors)


def _product(first: Expr, *rest: Expr, chain: Join = _chain) -> Expr:
    """The chain of factors, the scalars of the first one in front."""
    if first.op.name == "scale":
        return _under_scalars(first, _product(first.args[-1], *rest, chain=chain))
    return chain("matmul", first, *rest)


def matrix_product(left: Any, right: Any, chain: Join = _chain) -> Expr:
    """left @ right; scalars of the left operand stay in front, and a column on the left is turned where only that fits."""
    left, right = lift_all((left, right))
    if left.is_scalar or right.is_scalar:
        return times(left, right, chain)
    if left.op.name == "scale":
        return _under_scalars(left, matrix_product(left.args[-1], right, chain))
    if left.is_column and not is_row(right):
        if right.is_column:
            return _product(turned(left), right, chain=chain)
        return _product(turned(right), *(left.args if left.op.name == "matmul" else (left,)), chain=chain)
    return _product(left, right, chain=chain)


def inner_product(left: Expr, right: Expr) -> Expr:
    """The inner product as a person writes it: xᵀy of columns, A : B of matrices, a product of scalars."""
    if left.is_scalar:
        return times(left, right)
    return matrix_product(left, right) if left.is_column else call("inner", left, right)


SHORTHANDS: dict[str, Callable[..., Expr]] = {"dot": inner_product, "sqrt": root}
"""Words of the language that stand for operators: `dot(x, y)` is xᵀy or A : B, `sqrt(x)` is x**(1/2)."""

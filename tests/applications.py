"""Each declared operation applied to symbols of the shapes that its index equation wants."""

from matcalc.core.equation import axes, letters
from matcalc.core.expression import Expr
from matcalc.core.leaves import symbol
from matcalc.core.operation import Kind, Operation
from matcalc.core.size import ONE, Size, product


def sizes_of(word: str) -> tuple[Size, ...]:
    """The sizes that an index word stands for, with names like its letters."""
    return tuple(product(map(Size.of, axis)) for axis in axes(word))


def parameters_of(op: Operation, scalar: bool = False) -> dict[str, object]:
    """What the parameters of an operation are: sizes like the letters of its equation, names of functions, or positions."""
    inside = letters("".join((*op.equation.inputs, op.equation.output))) if op.equation is not None else ""
    found: dict[str, object] = {}
    for name in getattr(op, "parameters", ()):
        number = 0 if scalar else 1
        found[name] = (ONE if scalar else Size.of(name)) if name in inside else "f" if name == "function" else number
    return found


def words_of(op: Operation) -> tuple[str, ...]:
    """The index word of each argument."""
    return op.equation.inputs if op.equation is not None and op.kind is not Kind.ELEMENTWISE else ("mn",) * op.arity


def arguments_of(op: Operation, names: str = "ABCD", scalar: bool = False) -> list[Expr]:
    """Symbols for the arguments."""
    return [symbol(names[k], *(() if scalar else sizes_of(word))) for k, word in enumerate(words_of(op))]


def example(op: Operation) -> Expr:
    """Some expression of an operation."""
    return op(*arguments_of(op), **parameters_of(op))

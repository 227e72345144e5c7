"""Each declared operation applied to symbols of the shapes that its index equation wants."""

from matcalc.core.abstract import SEVERAL_ALONG
from matcalc.core.equation import axes, extent, letters
from matcalc.core.expression import Expr
from matcalc.core.leaves import symbol
from matcalc.core.operation import Kind, Operation
from matcalc.core.size import ONE, Size


def sizes_of(word: str, scalar: bool = False) -> tuple[Size, ...]:
    """The sizes that an index word stands for, with names like its letters, or all of them 1."""
    return tuple(extent(axis, {c: ONE if scalar else Size.of(c) for c in letters(axis)}) for axis in axes(word))


def parameters_of(op: Operation, scalar: bool = False) -> dict[str, object]:
    """What the parameters of an operation are: sizes like the letters of its equation, the ends of a range, names of functions, positions."""
    inside = op.equation.letters if op.equation is not None else ()
    ends = {"i": Size.of(0 if scalar else 1), "j": Size.of(1 if scalar else 3)}
    sizes = {name: ends.get(name, ONE if scalar else Size.of(name)) for name in getattr(op, "parameters", ()) if name in inside}
    return {name: sizes.get(name, {"function": "f", "order": 2, "at": (0, 0) if op.name == SEVERAL_ALONG else ()}.get(name, 0 if scalar else 1)) for name in getattr(op, "parameters", ())}


def words_of(op: Operation) -> tuple[str, ...]:
    """The index word of each argument."""
    return op.equation.inputs if op.equation is not None and op.kind is not Kind.ELEMENTWISE else ("mn",) * op.arity


def arguments_of(op: Operation, names: str = "ABCD", scalar: bool = False) -> list[Expr]:
    """Symbols for the arguments."""
    return [symbol(names[k], *sizes_of(word, scalar)) for k, word in enumerate(words_of(op))]


def example(op: Operation) -> Expr:
    """Some expression of an operation."""
    return op(*arguments_of(op), **parameters_of(op))

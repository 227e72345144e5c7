"""Words: which operations a call may mean, by its word, by how many arguments it has, and by those that are literal.

Several operations may share a word: `diag` of a vector and of a matrix, `sum(X)` and `sum(X, axis=1)`, `norm(x)`, `norm(x, 1)`
and `norm(x, p)`.  What is left open here is decided by the kinds of the arguments.  All of it is read off the declarations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from matcalc.core.operation import OPERATIONS, Kind, Operation

NOTHING = object()


@dataclass(frozen=True)
class Argument:
    """An argument of a call: its name, where it is given by name, and its value, where that is literal (else NOTHING)."""

    name: str = ""
    value: Any = NOTHING


@dataclass(frozen=True)
class Call:
    """One operation that a call may mean: which of the arguments are expressions, and which give its parameters."""

    operation: Operation
    operands: tuple[int, ...]
    parameters: dict[str, int] = field(default_factory=dict)
    options: int = 0
    """How many options were given."""


class NoSuchCall(Exception):
    """No operation fits; the message says what there is.  `argument` is the one at fault, None for their number."""

    def __init__(self, message: str, argument: int | None = None, wanted: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.message, self.argument, self.wanted = message, argument, tuple(wanted)


_vocabulary: dict[str, tuple[Operation, ...]] = {}
_counted = 0


def vocabulary() -> dict[str, tuple[Operation, ...]]:
    """The operations by their words in the language; made again when more have been declared."""
    global _vocabulary, _counted
    if _counted != len(OPERATIONS):
        found: dict[str, tuple[Operation, ...]] = {}
        for op in OPERATIONS.values():
            if not op.hidden and op.kind not in (Kind.LEAF, Kind.BINDER):
                for word in op.words:
                    found[word] = (*found.get(word, ()), op)
        _vocabulary, _counted = found, len(OPERATIONS)
    return _vocabulary


def spellings(value: Any) -> tuple[Any, ...]:
    """The values that an option may have in a call; None among them means that it may be left out."""
    return value if isinstance(value, tuple) else (value,)


def readings(word: str, arguments: Sequence[Argument]) -> list[Call]:
    """What a call may mean; of operations that fit, those with the most options, so that norm(x, 1) is not norm(x, p).

    Raises NoSuchCall.
    """
    operations = vocabulary().get(word, ())
    found = [call for op in operations if (call := _fitted(op, arguments)) is not None]
    if not found:
        raise _misfit(word, operations, arguments)
    most = max(call.options for call in found)
    return [call for call in found if call.options == most]


def _fitted(op: Operation, arguments: Sequence[Argument]) -> Call | None:
    """The call of this operation with these arguments, if it is one."""
    places = [k for k, a in enumerate(arguments) if not a.name]
    named = {a.name: k for k, a in enumerate(arguments) if a.name}
    open_ = [name for name in (*_placed(op), *op.parameters) if name not in named]
    count = op.arity if len(places) in range(op.arity, op.arity + len(open_) + 1) else len(places) - len(open_)
    if not (count == op.arity or (op.variadic and count > 1)) or set(named) - {*op.options, *op.parameters}:
        return None
    given = {**named, **dict(zip(open_, places[count:], strict=False))}
    if any(name not in given and None not in spellings(op.options.get(name)) for name in (*op.options, *op.parameters)):
        return None
    if any(name not in given for name in op.parameters):
        return None
    for name in given:
        if name in op.options and arguments[given[name]].value not in spellings(op.options[name]):
            return None
    if any(isinstance(arguments[k].value, str) for k in places[:count]):
        return None
    chosen = sum(name in given for name in op.options)
    return Call(op, tuple(places[:count]), {name: given[name] for name in op.parameters}, chosen)


def _misfit(word: str, operations: Sequence[Operation], arguments: Sequence[Argument]) -> NoSuchCall:
    """What is wrong with a call that no operation fits."""
    wanted = sorted({_count(op) for op in operations})
    for k, a in enumerate(arguments):
        if a.name and not any(a.name in (*op.options, *op.parameters) for op in operations):
            there = list(dict.fromkeys(name for op in operations for name in (*op.options, *op.parameters)))
            return NoSuchCall(f"{word} has no argument {a.name}" + (f"; it has {', '.join(there)}" if there else ""), k)
        is_option = k > 0 and len(arguments) in wanted and a.value is not NOTHING and any(map(_placed, operations))
        if a.name or isinstance(a.value, str) or is_option:
            name = a.name or next((n for op in operations for n in _placed(op)), "")
            values = _values(operations, name)
            if not values:
                return NoSuchCall(f"{word} takes no {shown(a.value)}", k)
            if a.value not in values:
                told = [shown(v) for v in dict.fromkeys(_values(operations, name, 1))]
                listed = ", ".join(told[:-1]) + " or " * (len(told) > 1) + told[-1]
                what = "" if a.value is NOTHING else " " + shown(a.value)
                return NoSuchCall(f"{word} has no such {name}{what}: it may be {listed}", k)
    return NoSuchCall("", None, wanted)


def _values(operations: Sequence[Operation], name: str, most: int = 9) -> list[Any]:
    """The values that an option has among the operations, numbers in order; `most` spellings of each."""
    given = [[v for v in spellings(op.options[name]) if v is not None] for op in operations if name in op.options]
    found = [v for values in given for v in values[:most]]
    return sorted(found, key=lambda v: (isinstance(v, str), v if not isinstance(v, str) else 0))


def _count(op: Operation) -> int:
    least = op.arity + len(op.parameters)
    return least if any(None in spellings(op.options[name]) for name in _placed(op)) else least + len(_placed(op))


def _placed(op: Operation) -> tuple[str, ...]:
    """The option that may be given by its place: the first."""
    return tuple(op.options)[:1] if op.positional else ()


def shown(value: Any) -> str:
    """A literal as it is typed."""
    if isinstance(value, str):
        return value if value == "inf" else f"'{value}'"
    return str(value) if isinstance(value, (int, Fraction)) else "…"


def extras(op: Operation, attributes: dict[str, Any]) -> list[str]:
    """The literal arguments of a call in the order in which they are written."""
    found = []
    for name, value in op.options.items():
        first = spellings(value)[0]
        if first is not None:
            found.append(shown(first) if name in _placed(op) else f"{name}={shown(first)}")
    return [*found, *(repr(attributes[name]) for name in op.parameters)]

"""Calls and subscripts: which operations a call may mean, which of its arguments are expressions, and what the others say.

`X[1, :]` is the call of the word `[i, :]`, an operation like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matcalc.core.equation import letters
from matcalc.core.operation import Operation
from matcalc.core.size import Size
from matcalc.core.words import NOTHING, Argument, Call, NoSuchCall, readings, vocabulary
from matcalc.errors import DomainMistake, LimitReached, MatcalcError, Span, SyntaxMistake, Unsupported
from matcalc.syntax.tree import Branch

LARGEST_ENTRY = 10**6
SUBSCRIPTS = "ijk"


@dataclass(frozen=True)
class Meaning:
    """An operation that a call may mean, with the attributes that it then gets."""

    operation: Operation
    attributes: dict[str, Any]


@dataclass(frozen=True)
class FromEnd:
    """A bound that counts from the end of its axis: the offset is 0 for `X[1:]` and −2 for `X[:-2]`."""

    offset: Size


def cut_letter(op: Operation) -> str:
    """The letter of an operation's equation for the axis that a range is taken of: the one that the result does not keep.

    >>> import matcalc.operations
    >>> from matcalc.core.operation import OPERATIONS
    >>> cut_letter(OPERATIONS["rows"]), cut_letter(OPERATIONS["columns"])
    ('m', 'n')
    """
    assert op.equation is not None
    return next(c for c in letters(op.equation.inputs[0]) if c not in letters(op.equation.output))


@dataclass(frozen=True)
class CallReader:
    """Reads calls of one text; `is_variable` and `size` ask the scope."""

    text: str
    is_variable: Callable[[str], bool]
    size: Callable[[Branch], Size]

    def called(self, word: str, branch: Branch) -> tuple[tuple[Branch, ...], list[Meaning]]:
        """The arguments that are expressions, and what the call may mean; raises SyntaxMistake, DomainMistake."""
        given = [part for part in branch.parts if part.kind == "keyword"]
        for k, part in enumerate(given):
            if any(part.value == other.value for other in given[:k]):
                raise SyntaxMistake(f"{part.value} is given twice", self._span(part))
        try:
            found = readings(word, [self._argument(part) for part in branch.parts])
        except NoSuchCall as problem:
            raise self._told(problem, word, branch) from None
        calls = [call for call in found if call.operands == found[0].operands]
        return tuple(branch.parts[k] for k in calls[0].operands), [self._meaning(call, branch.parts) for call in calls]

    def indexed(self, branch: Branch) -> tuple[tuple[Branch, ...], list[Meaning]]:
        """The same for `X[1, :]` and `X[:n - 1]`."""
        places = branch.parts[1:]
        if len([part for place in places for part in (place.parts if place.kind == "slice" else (place,))]) > len(SUBSCRIPTS):
            raise Unsupported(f"subscripts such as {self._words(branch)} are not supported yet", self._span(branch))
        names = iter(SUBSCRIPTS)
        word = "[" + ", ".join(_pattern(place, names) for place in places) + "]"
        found = vocabulary().get(word, ())
        values = [value for place in places for value in self._values(place)]
        if not found:
            raise Unsupported(f"subscripts such as {self._words(branch)} are not supported yet", self._span(branch))
        return branch.parts[:1], [Meaning(op, dict(zip(op.parameters, values, strict=True))) for op in found]

    def _values(self, place: Branch) -> list[int | Size | FromEnd]:
        """What one subscript says: a position, nothing, or the two ends of a range."""
        if place.kind != "slice":
            return [self._integer(place)]
        if place.value == (False, False):
            return []
        given = iter(place.parts)
        ends = [self._bound(next(given)) if known else None for known in place.value]
        return [ends[0] or Size.of(0), ends[1] or FromEnd(Size.of(0))]

    def _bound(self, branch: Branch) -> Size | FromEnd:
        """Where a range begins or ends: a size, or, where it is negative, so far from the end."""
        if branch.kind == "number":
            return Size.of(self._integer(branch))
        if branch.kind == "neg":
            return FromEnd(self.size(branch.parts[0]) * -1)
        return self.size(branch)

    def _argument(self, branch: Branch) -> Argument:
        if branch.kind == "keyword":
            return Argument(str(branch.value), self._literal(branch.parts[0]))
        return Argument("", self._literal(branch))

    def _literal(self, branch: Branch) -> Any:
        if branch.kind == "number":
            return branch.value[0]
        if branch.kind == "neg" and branch.parts[0].kind == "number":
            return -branch.parts[0].value[0]
        if branch.kind == "string" or (branch.kind == "name" and branch.value == "inf" and not self.is_variable("inf")):
            return str(branch.value)
        return NOTHING

    def _meaning(self, call: Call, parts: Sequence[Branch]) -> Meaning:
        op = call.operation
        inside = op.equation.letters if op.equation is not None else ""
        values = {}
        for name, k in call.parameters.items():
            part = parts[k].parts[0] if parts[k].kind == "keyword" else parts[k]
            values[name] = self.size(part) if name in inside else self._whole(part)
        return Meaning(op, values)

    def _whole(self, branch: Branch) -> int:
        """An integer that is said, of either sign."""
        if branch.kind == "neg":
            return -self._integer(branch.parts[0])
        return self._integer(branch)

    def _integer(self, branch: Branch) -> int:
        """A position: an integer, from 0."""
        if branch.kind != "number" or branch.value[1] or branch.value[0].denominator != 1:
            words = self._words(branch)
            if branch.kind == "neg":
                raise DomainMistake(f"positions count from 0, and {words} is negative", self._span(branch))
            raise Unsupported(f"{words} as a position is not supported yet: positions are integers", self._span(branch))
        if branch.value[0] > LARGEST_ENTRY:
            raise LimitReached(f"a position may be {LARGEST_ENTRY:,} at most", self._span(branch))
        return int(branch.value[0])

    def _told(self, problem: NoSuchCall, word: str, branch: Branch) -> MatcalcError:
        if problem.argument is not None:
            return DomainMistake(problem.message, self._span(branch.parts[problem.argument]))
        return SyntaxMistake(count_wrong(word, problem.wanted, len(branch.parts)), self._span(branch))

    def _span(self, branch: Branch) -> Span:
        return Span(self.text, branch.start, branch.end)

    def _words(self, branch: Branch) -> str:
        return " ".join(self.text[branch.start : branch.end].split())


def _pattern(place: Branch, names: Any) -> str:
    """`i` for a position, `:` for all of an axis, `i:j` for a part of it, whichever of its ends are given."""
    if place.kind != "slice":
        return str(next(names))
    return ":" if place.value == (False, False) else f"{next(names)}:{next(names)}"


def count_wrong(word: str, wanted: Sequence[int], found: int) -> str:
    """`solve takes 2 arguments, and here is 1`."""
    plural = "" if list(wanted) == [1] else "s"
    many = f"{min(wanted)} to {max(wanted)}" if len(wanted) > 3 else " or ".join(map(str, wanted))
    return f"{word} takes {many} argument{plural}, and here {'is' if found == 1 else 'are'} {found or 'none'}"

"""Calls of unknown functions: which derivative a call is, in which of several arguments, and along which direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcalc.core.abstract import Function
from matcalc.core.expression import Expr
from matcalc.errors import DomainMistake, MatcalcError, Span, SyntaxMistake, Unsupported
from matcalc.syntax.tree import Branch

IN, ALONG = "arg", "along"
"""The keywords of a partial derivative: in which arguments, counted from 1, and which one in the brackets is a direction."""


@dataclass(frozen=True)
class Application:
    """A call of a function; `at` has the places, from 0, in which it is differentiated, None for a function of one argument."""

    operands: tuple[Branch, ...]
    primes: int
    at: tuple[int, ...] | None = None
    direction: int | None = None
    """The place of the direction among the operands."""

    @property
    def places(self) -> tuple[int, ...]:
        """Where among the operands the arguments stand."""
        return tuple(k for k in range(len(self.operands)) if k != self.direction)

    @property
    def arguments(self) -> tuple[Branch, ...]:
        """The operands that are arguments."""
        return tuple(self.operands[k] for k in self.places)

    @property
    def count(self) -> int:
        """How many arguments the function takes."""
        return 1 if self.at is None else len(self.places)

    def made(self, function: Function, operands: Sequence[Expr]) -> Expr:
        """The expression."""
        if self.direction is None:
            return function(*operands, order=self.primes, at=self.at)
        return function(*(operands[k] for k in self.places), order=self.primes, at=self.at, direction=operands[self.direction])


def application(branch: Branch, function: Function, text: str) -> Application:
    """What a call of a function says; raises SyntaxMistake, DomainMistake, Unsupported."""
    span = Span(text, branch.start, branch.end)
    operands = tuple(part for part in branch.parts if part.kind != "keyword")
    options = branch.parts[len(operands) :]
    said = {str(part.value): part.parts[0] for part in options}
    name, n = function.name, len(operands)
    if not operands:
        raise SyntaxMistake(f"{name} takes one argument or several, and here is none", span)
    if any(part.kind in ("string", "list") for part in operands) or any(part.kind == "keyword" for part in branch.parts[:n]):
        raise SyntaxMistake(f"the arguments of {name} are expressions; in which of them it is differentiated stands last", span)
    if set(said) - {IN, ALONG} or len(said) < len(options):
        raise SyntaxMistake(f"after its arguments a derivative of {name} says {IN}=1, or {IN}=[1, 2]", span)
    if not said and not _lacks_place(branch, function, n):
        one = n == 1 or branch.primes > 0
        return Application(operands, branch.primes, None if one else ())
    direction = _numbers(said[ALONG], text)[0] - 1 if ALONG in said else None
    at = tuple(k - 1 for k in _numbers(said[IN], text)) if IN in said else ()
    count = n - (direction is not None)
    if count < 2 and function.count in (None, 1):
        raise SyntaxMistake(f"{name} has one argument here, and its derivative is {name}{chr(39)}(x)", span)
    if not branch.primes:
        raise SyntaxMistake(f"a derivative is written with primes: {name}{chr(39) * max(len(at), 1)}(…)", span)
    if at and len(at) != branch.primes:
        primed = text[: branch.start] + name + chr(39) * len(at) + text[text.index("(", branch.start) :]
        raise SyntaxMistake(f"{len(at)} arguments want as many primes, and here are {branch.primes}", span, fixes=(primed,))
    if not at:
        raise _in_which(branch, function, count, text)
    if min(at) < 0 or max(at) >= count or not 0 <= (direction or 0) < n:
        raise DomainMistake(f"{name} has {count} arguments here, counted from 1", span)
    if direction is None and list(at) != sorted(at):
        raise DomainMistake(f"the arguments are named in order: {IN}={[k + 1 for k in sorted(at)]}", span)
    if direction is not None and (function.kind != "scalar" or len(at) != 2):
        raise Unsupported("along a direction stand second derivatives of functions whose value is one number", span)
    return Application(operands, branch.primes, at, direction)


def _lacks_place(branch: Branch, function: Function, count: int) -> bool:
    """Whether a derivative does not say in which of its arguments; one along a direction of a function of one argument need not."""
    along = branch.primes == 2 and count == 2 and function.kind == "scalar" and function.count in (None, 1)
    return branch.primes > 0 and count > 1 and not along


def _in_which(branch: Branch, function: Function, count: int, text: str) -> MatcalcError:
    """The error that a partial derivative does not say in which arguments, or in how many."""
    order = branch.primes
    end = branch.parts[count - 1].end
    found = [k if order == 1 else [k] * order for k in range(1, count + 1)]
    fixes = tuple(f"{text[:end]}, {IN}={at}{text[branch.end - 1 :]}" for at in found)
    how = "which of its arguments" if order == 1 else f"which {order} of its arguments, the same one perhaps"
    return SyntaxMistake(f"say in {how} {function.name} is differentiated", Span(text, branch.start, branch.end), fixes=fixes)


def _numbers(branch: Branch, text: str) -> list[int]:
    """The integers of `1` or `[1, 2]`."""
    parts = branch.parts if branch.kind == "list" else (branch,)
    if any(part.kind != "number" or part.value[1] or part.value[0].denominator != 1 for part in parts):
        raise SyntaxMistake("arguments are counted: 1, or [1, 2]", Span(text, branch.start, branch.end))
    return [int(part.value[0]) for part in parts]

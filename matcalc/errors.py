"""The one exception tree.

    MatcalcError(ValueError)        the root: .code, .span, .fixes
      SyntaxMistake    syntax       the text is not a sentence of the language
      NameMistake      name         a word that nothing declares
      ShapeMistake     shape        operands do not fit
      RankMistake      rank         a scalar, vector or matrix was wanted and another came
      Ambiguous        ambiguous    more than one reading, and nothing decides
      DomainMistake    domain       an argument outside the domain of an operation
      Unsupported      unsupported  true mathematics that we do not have (yet); names what is missing
      LimitReached     limit        the input is larger than a door admits
      CheckFailed      bug          an answer of ours did not pass its check; it is not shown

Each class docstring is its page in `matcalc explain CODE`.  A message has up to three parts: what is wrong, the user's own text
with a caret span, and a fix that itself parses and type-checks.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

WIDTH = 80


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` (not included) of the text a person typed."""

    text: str
    start: int
    end: int

    def drawn(self) -> str:
        """The line with a caret span under it; long lines are cropped around the span.

        >>> print(Span("A @ x", 2, 3).drawn())
          A @ x
            ^
        """
        before = self.text.rfind("\n", 0, self.start) + 1
        after = self.text.find("\n", self.start)
        line = self.text[before : len(self.text) if after < 0 else after]
        start, end = self.start - before, max(min(self.end - before, len(line)), self.start - before + 1)
        if len(line) > WIDTH:
            first = max(0, min(start - 20, len(line) - WIDTH))
            last = min(len(line), first + WIDTH)
            head, tail = "…" if first else "", "…" if last < len(line) else ""
            line = head + line[first:last] + tail
            start, end = start - first + len(head), min(end - first + len(head), len(line))
        shown = "".join(c if c.isprintable() else " " if c == "\t" else c.encode("unicode_escape").decode() for c in line)
        offset = _columns(line[:start])
        return f"  {shown}\n  {' ' * offset}{'^' * max(1, _columns(line[start:end]))}"


def _columns(text: str) -> int:
    """Display columns: wide characters count two, combining ones none, others that do not print as many as their escape."""
    total = 0
    for c in text:
        if c == "\t":
            total += 1
        elif not c.isprintable():
            total += len(c.encode("unicode_escape"))
        elif not unicodedata.combining(c):
            total += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return total


class MatcalcError(ValueError):
    """The root of all our errors: `.code` is stable, `.span` says where, `.fixes` are texts that work."""

    code = "error"
    exit_status = 2

    def __init__(self, message: str, span: Span | None = None, *, notes: tuple[str, ...] = (), fixes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.span, self.notes, self.fixes = message, span, notes, fixes

    def __str__(self) -> str:
        lines = [f"error[{self.code}]: {self.message}"]
        if self.span is not None:
            lines.append(self.span.drawn())
        lines += [f"  {note}" for note in self.notes]
        if self.fixes:
            lines.append("help: did you mean  " + "  or  ".join(self.fixes) + "  ?")
        return "\n".join(lines)


class SyntaxMistake(MatcalcError):
    """The text is not a sentence of the language.  `sum(abs(P)` lacks a bracket; `2x` wants a `*`."""

    code = "syntax"


class NameMistake(MatcalcError):
    """A word that no declaration, definition or operation knows.  `nrom(v)` is likely `norm(v)`."""

    code = "name"


class ShapeMistake(MatcalcError):
    """The operands do not fit.  `A @ x` needs as many columns in A as x has entries; `A * B` needs one shape."""

    code = "shape"


class RankMistake(MatcalcError):
    """A scalar, a vector or a matrix was wanted and another came.  `tr(x)` of a vector has no meaning."""

    code = "rank"


class Ambiguous(MatcalcError):
    """More than one reading fits and nothing decides.  Declare the name with `--where`."""

    code = "ambiguous"


class DomainMistake(MatcalcError):
    """An argument lies outside the domain of an operation.  `inv(A)` needs a square matrix."""

    code = "domain"


class Unsupported(MatcalcError):
    """The question has an answer that this program does not know how to give; the message names what is missing."""

    code = "unsupported"
    exit_status = 3


class LimitReached(MatcalcError):
    """The input is larger than this door admits: 10,000 characters of text, brackets 2,000 deep."""

    code = "limit"
    exit_status = 4


class CheckFailed(MatcalcError):
    """An answer did not pass its own check.  This is a bug of ours; nothing was printed as true.  Please report the input."""

    code = "bug"
    exit_status = 1

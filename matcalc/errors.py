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
from inspect import cleandoc

WIDTH = 80
SCHEMA = 1
"""The version of what `to_json` gives; a change that breaks readers of it counts up."""


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
        shown = printable(line)
        offset = _columns(line[:start])
        return f"  {shown}\n  {' ' * offset}{'^' * max(1, _columns(line[start:end]))}"


def printable(text: str) -> str:
    """The text with a blank for a tab, and escapes for what does not print."""
    return "".join(c if c.isprintable() else " " if c == "\t" else c.encode("unicode_escape").decode() for c in text)


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
        self.message, self.span, self.notes, self.fixes = printable(message), span, tuple(map(printable, notes)), fixes
        super().__init__(self.message)

    def to_json(self) -> dict[str, object]:
        """The error as plain data; `start` and `end` count characters of `text`."""
        span = None if self.span is None else {"text": self.span.text, "start": self.span.start, "end": self.span.end}
        return {
            "schema": SCHEMA, "error": self.code, "message": self.message, "span": span, "notes": list(self.notes),
            "fixes": list(self.fixes), "exit": self.exit_status,
        }  # fmt: skip

    def __str__(self) -> str:
        lines = [f"error[{self.code}]: {self.message}"]
        if self.span is not None:
            lines.append(self.span.drawn())
        lines += [f"  {note}" for note in self.notes]
        if self.fixes:
            lines.append("help: did you mean  " + "  or  ".join(map(printable, self.fixes)) + "  ?")
        return "\n".join(lines)


class SyntaxMistake(MatcalcError):
    """The text is not a sentence of the language.

    The language is NumPy's, with mathematics beside it: `@` multiplies matrices, `*` goes entry by entry, `x.T` or `x'` transposes,
    `A^-1` and `inv(A)` invert, `‖x‖` is `norm(x)`.  Common slips:

        2x             an operator is missing:      2*x
        A x, x'Ax      likewise:                    A@x, x'@A@x
        |x|            bars have several meanings:  abs(x), norm(x), det(X)
        np.sum(x)      functions have no prefix:    sum(x)
        sum(abs(P)     a bracket is open:           sum(abs(P))
        \\frac{1}{2}    this is LaTeX:               matcalc … --from latex

    A definition stands behind the expression: `norm(w)**2 where w = A@x`, or is given with --let "w = A@x".
    """

    code = "syntax"


class NameMistake(MatcalcError):
    """A word that no declaration, definition or operation knows.

    Functions must be known: `nrom(v)` is likely `norm(v)`.  A word that is not called is a variable and needs no declaration; its shape
    is found from its use, else from its letter, and printed with the answer.  A call of one letter, `f(x)`, is an abstract function.
    The variable after `wrt` must occur in the expression; `Ax` is one name, and the product is `A@x`.
    `matcalc explain WORD` tells what an operation does.
    """

    code = "name"


class ShapeMistake(MatcalcError):
    """The operands do not fit.

    `A @ x` needs as many columns in A as x has entries; `A + B` and `A * B` need one shape.  A vector is a column: `x @ y` is xᵀy, `x @ A`
    is Aᵀx, `outer(x, y)` is x yᵀ.  A scalar combines with anything; a matrix and a vector are never repeated to fit: `X + ones(m) @ b.T`
    adds bᵀ to every row.  The message says what each operand is and where its shape comes from: declared, from a part of the text, or
    by its letter (capitals are matrices, a to g and Greek names scalars, others vectors).  A wrong guess is mended with
    --where "A: (m, n); x: n; c: scalar".
    """

    code = "shape"


class RankMistake(MatcalcError):
    """A scalar, a vector or a matrix was wanted and another came.

    `tr(x)` of a vector has no meaning, `A @ 2` is `2*A`, and `I + g` with a scalar g may mean `I + g*I` or `I + g*ones(n, n)`.
    """

    code = "rank"


class Ambiguous(MatcalcError):
    """More than one reading fits and nothing decides.

        A^2          every entry squared is A**2, the product A@A
        x'*A*x       in MATLAB `*` is the product, which is `@` here:  x'@A@x
        e**x         the exponential is exp(x); a variable e is declared:  --where "e: scalar"
    """

    code = "ambiguous"


class DomainMistake(MatcalcError):
    """An argument lies outside the domain of an operation.

    `inv(A)`, `det(A)`, `tr(A)` need a square matrix, `norm(X, p)` an order that there is, `sum(X, axis=2)` an axis that there is.
    Positions count from 0.
    """

    code = "domain"


class Unsupported(MatcalcError):
    """The question has an answer that this program does not know how to give; the message names what is missing.

    Complex variables are among it: define what is complex from its real and imaginary part, Z = U + 1j*V.
    """

    code = "unsupported"
    exit_status = 3


class LimitReached(MatcalcError):
    """The input is larger than this door admits, or the answer took longer than --timeout.

    A text may have 10,000 characters, brackets 2,000 deep, names of 64 characters and numbers of 256 bits; positions go up to a million.
    Powers stay as they are typed, so `x**(10**9)` is no limit.  Definitions (`where W = …`, --let) keep a long text short.
    """

    code = "limit"
    exit_status = 4


class CheckFailed(MatcalcError):
    """An answer did not pass its own check.  This is a bug of ours, and nothing was printed as true.  Please report the input."""

    code = "bug"
    exit_status = 1


def pages() -> dict[str, str]:
    """The page of each code, for `matcalc explain CODE`.

    >>> sorted(pages())
    ['ambiguous', 'bug', 'domain', 'limit', 'name', 'rank', 'shape', 'syntax', 'unsupported']
    """
    return {kind.code: cleandoc(kind.__doc__ or "") for kind in MatcalcError.__subclasses__()}

r"""LaTeX: `2 P \operatorname{sign}(P^{\top} P - I)`.

The layout is that of `pretty`, with fractions that are built up and so need no brackets.  Only commands of LaTeX, amsmath and
amssymb are used, no macros; every brace that is opened is closed; a name is split into letters and a subscript, and what LaTeX
would take for a command is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from matcalc.core.expression import Expr
from matcalc.core.size import Size
from matcalc.emit.layout import Layout
from matcalc.emit.names import latex_letter, shown_parts
from matcalc.emit.text import End, Level, Text, decimal_text, text

LIMIT = 200_000
FEW = 24
_FRACTION = re.compile(r"(-?)\\frac\{(\d+)\}\{(\d+)\}")

_D = r"\mathrm{d}"
_SIGNS = {"inner": " : ", "hadamard": r" \odot ", "quotient": r" \oslash ", "kron": r" \otimes ", "khatri_rao": r" \ast "}


def latex(e: Expr, *, level: Level = Level.SUM, tight: bool = False, limit: int = LIMIT) -> str:
    r"""The expression as LaTeX, without dollar signs.

    `level` and `tight` ask for brackets as in `pretty`.  Raises LimitReached where the text would have more than `limit`
    characters, before it is made.

    >>> from matcalc.core.leaves import symbol
    >>> import matcalc.operations
    >>> A, x, beta = symbol("A", "n", "n"), symbol("x", "n"), symbol("beta")
    >>> print(latex(beta / 2 * ((A + A.T) @ x)))
    \frac{\beta}{2} (A + A^{\top}) x
    """
    return LatexLayout().write(e, max(level, Level.POWER) if tight else level, limit)


def escaped(word: str) -> str:
    """Letters, digits and underscores, in italics as one word."""
    return r"\mathit{" + word.replace("_", r"\_") + "}"


def _script(characters: str) -> str:
    """What stands in a subscript: digits or a letter as they are, a word in italics."""
    return characters if characters.isdigit() or len(characters) == 1 else escaped(characters)


def _below(places: Sequence[int]) -> str:
    """Some counts as a subscript."""
    return f"_{{{('' if max(places) < 10 else ',').join(map(str, places))}}}" if places else ""


def brackets(inside: Text, pair: str = "()") -> tuple[str, str]:
    """The two brackets around a text: plain ones where it has none itself and is no taller than a line."""
    opening, closing = pair[0], pair[1]
    before, after = (("", ""), (r"\bigl", r"\bigr"), (r"\left", r"\right"))[inside.height]
    return before + opening, after + closing


def _stands_apart(t: Text) -> bool:
    """Whether this is a differential or a word, which would run into what stands beside it."""
    first = t.pieces[0] if t.pieces else ""
    return first == _D or (isinstance(first, str) and first.startswith(r"\mathit"))


class LatexLayout(Layout):
    """The signs of LaTeX."""

    minus = "-"

    def written_name(self, name: str) -> Text:
        """A letter or a word, and a subscript."""
        parts = shown_parts(name)
        if parts.rest and not parts.subscript:
            return self.verbatim(name)
        base = latex_letter(parts.base) if parts.is_letter else escaped(parts.base)
        index = f"_{{{_script(parts.subscript)}}}" if parts.subscript else ""
        return text(base + index, level=Level.ATOM, bare=parts.is_letter)

    def verbatim(self, name: str) -> Text:
        """The letters as typed."""
        return text(escaped(name), level=Level.ATOM)

    def digits(self, value: Fraction, decimal: bool) -> Text:
        """An integer, a decimal or a fraction."""
        written = decimal_text(value) if decimal or value.denominator == 1 else None
        if written is None:
            return text(rf"\frac{{{value.numerator}}}{{{value.denominator}}}", level=Level.POWER, head=End.NUMBER)
        return text(written, level=Level.ATOM, head=End.NUMBER)

    def ones(self, row: bool) -> Text:
        """A bold 1, transposed for a row."""
        one = text(r"\mathbf{1}", level=Level.ATOM)
        return self.transposed(one) if row else one

    def unit(self, position: int) -> Text:
        """e with its position, counted from 0."""
        return text(f"e_{{{position}}}", level=Level.ATOM, bare=True)

    def labelled(self, letter: str, *sizes: Size) -> Text:
        """I, I_{n}, I_{m^{2}}, K_{m n}; with commas where the sizes are no letters."""
        written = [str(self.size(size)) for size in sizes]
        comma = " " if all(len(w) == 1 for w in written) else ", "
        return text(letter, "_{" + comma.join(written) + "}" if written else "", level=Level.ATOM, bare=not written)

    def subscripted(self, base: Text, *positions: int) -> Text:
        """The positions below; of what has an index of its own, in brackets."""
        base = base if base.bare else self.bracket(base)
        return text(base, "_{", ",".join(map(str, positions)), "}", level=Level.ATOM)

    def ranged(self, base: Text, bounds: Sequence[str | Text], complete: bool) -> Text:
        """x_{[1:3]}, X_{[:, 1:]}."""
        base = base if base.bare else text("{", base, "}", level=Level.ATOM)
        return text(base, "_{[", *bounds, "" if complete else ", :", "]}", level=Level.ATOM)

    def sliced(self, base: Text, places: Sequence[Text | None]) -> Text:
        """x_{i}, A_{ij}, with commas where an axis is whole."""
        shown = [":" if p is None else str(p) for p in places]
        sign = "" if all(len(p) == 1 and p != ":" for p in shown) else ","
        base = text("{", base, "}", level=Level.ATOM) if base.bare and "_" in str(base) else self.fit(base, Level.ATOM)
        return text(base, "_{" + sign.join(shown) + "}", level=Level.ATOM, head=base.head)

    def unit_at(self, position: Text) -> Text:
        """e_{i}."""
        return text("e_{", position, "}", level=Level.ATOM, head=End.LETTER, tail=End.WORD, bare=True)

    def stack(self, body: Text, places: Sequence[Text | None]) -> Text:
        """[body]_{:,i,:}: what has the body for its slice there."""
        shown = [":" if p is None else str(p) for p in places]
        opening, closing = brackets(body, "[]")
        return text(opening, body, closing + "_{" + ",".join(shown) + "}", level=Level.ATOM)

    def bracket(self, t: Text) -> Text:
        """Brackets as tall as what is in them wants."""
        opening, closing = brackets(t)
        return text(opening, t, closing, level=Level.ATOM)

    def joined(self, factors: Sequence[Text], tight: Sequence[bool], level: Level) -> Text:
        """Factors side by side; a number that is not the first is set off by a dot, a differential or a word by a thin space."""
        pieces: list[str | Text] = [factors[0]]
        for left, right in pairwise(factors):
            apart = any(map(_stands_apart, (left, right)))
            pieces += [r" \cdot " if right.head is End.NUMBER else r" \, " if apart else " ", right]
        return text(*pieces, level=level, head=factors[0].head)

    def infix(self, operation: str, left: Text, right: Text, level: Level) -> Text:
        """A : B and elementwise products and quotients."""
        return text(left, _SIGNS[operation], right, level=level, head=left.head)

    def comparison(self, sign: str, left: Text, right: Text) -> Text:
        """x > y and its like."""
        sign = {">=": r"\geq", "<=": r"\leq", "!=": r"\neq"}.get(sign, sign)
        return text(left, f" {sign} ", right, level=Level.SUM)

    def indicator(self, condition: Text) -> Text:
        """A bold 1 with the condition in brackets."""
        opening, closing = brackets(condition, "[]")
        return text(r"\mathbf{1}" + opening, condition, closing, level=Level.ATOM)

    def fraction(self, numerator: Text, denominator: Text) -> Text:
        """A built-up fraction."""
        return text(r"\frac{", numerator, "}{", denominator, "}", level=Level.POWER)

    def _superscript(self, base: Text, *raised: str | Text) -> Text:
        base = self.fit(base, Level.ATOM)
        return text(base, "^{", *raised, "}", level=Level.POWER, head=base.head)

    def transposed(self, base: Text) -> Text:
        """The transpose."""
        return self._superscript(base, r"\top")

    def conjugated(self, base: Text) -> Text:
        """A line above."""
        return text(r"\overline{", base, "}", level=Level.ATOM, bare=base.bare)

    def adjoint(self, base: Text) -> Text:
        """An upright H, raised."""
        return self._superscript(base, r"\mathsf{H}")

    def inverse(self, base: Text, more: str) -> Text:
        """The inverse, its transpose, or a power of it."""
        return self._superscript(base, r"-\top" if more == "T" else f"-{more or 1}")

    def raised(self, base: Text, exponent: Text, entrywise: bool) -> Text:
        """A power, with a ring where it is meant entry by entry; a fraction of numbers is written on one line there."""
        flat = _FRACTION.fullmatch(str(exponent)) if exponent.length < FEW else None
        return self._superscript(base, r"\circ " if entrywise else "", rf"{flat[1]}{flat[2]}/{flat[3]}" if flat else exponent)

    def root(self, base: Text) -> Text:
        """A square root."""
        return text(r"\sqrt{", base, "}", level=Level.POWER)

    def differential(self, body: Text) -> Text:
        """An upright d."""
        return text(_D, self.fit(body, Level.ATOM), level=Level.POWER)

    def gradient(self, body: Text, wrt: Text) -> Text:
        """Nabla with the variable below."""
        return text(r"\nabla_{", wrt, "} ", self.fit(body, Level.ATOM), level=Level.POWER)

    def primed(self, name: Text, order: int) -> Text:
        """Primes, and from the fourth on the order in brackets."""
        marks = "'" * order if order < 4 else f"^{{({order})}}"
        return text(name, marks, level=Level.ATOM)

    def nabla(self, name: Text, order: int, places: Sequence[int] = ()) -> Text:
        """Nabla, squared for the Hessian."""
        power = f"^{{{order}}}" if order > 1 else ""
        return text(r"\nabla", power, _below(places), " ", name, level=Level.POWER)

    def partial(self, name: Text, places: Sequence[int]) -> Text:
        """The sign of a partial derivative, with places below."""
        return text(r"\partial", _below(places), " ", name, level=Level.ATOM)

    def indexed(self, letter: str, index: Text) -> Text:
        """A letter with an index."""
        return text(letter, "_{", index, "}", level=Level.ATOM)

    def summation(self, letter: Text, size: Size, body: Text, product: bool = False) -> Text:
        """A sum or a product with its range, from 0."""
        return text(r"\prod_{" if product else r"\sum_{", letter, "=0}^{", self.size(size + -1), "} ", body, level=Level.INNER)

    def template(self, e: Expr) -> str:
        """The declared one, or the word of the language in upright letters."""
        word = (e.op.word or e.op.name).replace("_", r"\_")
        return e.op.notation.latex or rf"\operatorname{{{word}}}"

    def bracketed(self, pieces: tuple[str | Text, ...]) -> tuple[str | Text, ...]:
        r"""The brackets of a template grow (`\\left`, `\\right`) only around what is tall."""
        new = list(pieces)
        for k in range(1, len(new) - 1):
            before, inside, after = new[k - 1 : k + 2]
            if isinstance(before, str) and isinstance(inside, Text) and isinstance(after, str) and before.endswith(r"\left("):
                opening, closing = brackets(inside)
                if after.startswith(r"\right)"):
                    new[k - 1] = before.removesuffix(r"\left(") + opening
                    new[k + 1] = closing + after.removeprefix(r"\right)")
        return tuple(new)

    def function(self, name: str, arguments: Sequence[Text]) -> Text:
        """A function with its brackets; what grows would keep away from the name."""
        inside = text(*[piece for a in arguments for piece in (", ", a)][1:], level=Level.SUM)
        opening, closing = brackets(inside)
        return text(name, opening.replace(r"\left", r"\!\left"), inside, closing, level=Level.ATOM)

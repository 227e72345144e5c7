"""One line of Unicode: `2 P sign(PᵀP − I)`.

Spacing, one rule: one space between factors, none after a superscript, and besides these exceptions:

* a word (a function, or a name of several letters) always has a space before it: Aᵀ diag(v) A;
* a letter and its own transpose, and a column and a row that are letters, stand together: X XᵀY is XXᵀY, vvᵀ, xyᵀ;
* a bracketed sum and the single letter that ends the product stand together: (A + Aᵀ)x, but (X A − B) Aᵀ;
* a number and a norm stand together, 2‖v‖; a number that is not the first factor is set off by a dot: g·2;
* `compact` puts letters together: A : BC = BᵀA : C, as reasons are written.

A vector or matrix of ones is `1` (in a row 1ᵀ), with a dot after a number: 2·1; the reader takes its shape from what stands
around it.  Basis vectors count from 0, as the language does: e₀.  Elementwise powers of a matrix are X∘², for X² is X X.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from matcalc.core.expression import Expr
from matcalc.core.size import Size
from matcalc.emit.layout import Layout
from matcalc.emit.names import shown_parts
from matcalc.emit.text import MACRON, End, Level, Text, decimal_text, text

LIMIT = 200_000

_SIGNS = {"inner": " : ", "hadamard": " ⊙ ", "quotient": " ⊘ ", "kron": " ⊗ ", "khatri_rao": " ∗ "}
_SUPERSCRIPT = dict(zip("0123456789−+abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_SUBSCRIPT = dict(zip("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SHORT = 12


def pretty(e: Expr, *, level: Level = Level.SUM, tight: bool = False, compact: bool = False, limit: int = LIMIT) -> str:
    """The expression on one line.

    `level` asks for a bracket around what binds looser, so that the text can be put into another; `tight` asks for what
    can be a factor.  `compact` writes products of letters without spaces.  Raises LimitReached where the text would
    have more than `limit` characters, before it is made.

    >>> from matcalc.core.leaves import symbol, identity
    >>> import matcalc.operations
    >>> P = symbol("P", "m", "n")
    >>> pretty(P @ (P.T @ P - identity("n"))), pretty(P.T @ P, compact=True), pretty(P + P, tight=True)
    ('P (PᵀP − I)', 'PᵀP', '(P + P)')
    """
    return PrettyLayout(compact).write(e, max(level, Level.POWER) if tight else level, limit)


def _raised_text(characters: str) -> str | None:
    """The characters as superscripts, or None where one of them has none."""
    raised = [_SUPERSCRIPT.get(c) for c in characters.replace(" ", "")]
    return None if None in raised else "".join(c for c in raised if c)


def _lowered_places(places: Sequence[int]) -> str:
    """Some counts one after the other: ₁₂; with brackets from 10 on, ₁₍₁₂₎."""
    return _lowered_text("".join(str(k) if k < 10 else f"({k})" for k in places))


def _lowered_text(characters: str) -> str:
    """The characters as a subscript, in Unicode's own or after an underscore."""
    lowered = [_SUBSCRIPT.get(c) for c in characters]
    return f"_{characters}" if None in lowered else "".join(c for c in lowered if c)


class PrettyLayout(Layout):
    """The signs and the spacing of one line of Unicode."""

    minus = "−"

    def __init__(self, compact: bool = False) -> None:
        super().__init__()
        self.compact = compact

    def written_name(self, name: str) -> Text:
        """Greek letters for Greek words; what follows the first word as typed."""
        parts = shown_parts(name)
        end = End.LETTER if parts.is_letter else End.WORD
        tail = End.WORD if parts.rest else end
        return text(parts.base + parts.rest, level=Level.ATOM, head=end, tail=tail, bare=parts.is_letter)

    def verbatim(self, name: str) -> Text:
        """The letters as typed."""
        return text(name, level=Level.ATOM, head=End.WORD, tail=End.WORD)

    def digits(self, value: Fraction, decimal: bool) -> Text:
        """An integer, a decimal or a fraction."""
        written = decimal_text(value) if decimal or value.denominator == 1 else None
        level = Level.FRACTION if written is None else Level.ATOM
        return text(str(value) if written is None else written, level=level, head=End.NUMBER, tail=End.NUMBER)

    def ones(self, row: bool) -> Text:
        """1, or 1ᵀ for a row."""
        one = text("1", level=Level.ATOM, head=End.ONES, tail=End.ONES)
        return self.transposed(one) if row else one

    def unit(self, position: int) -> Text:
        """e₀, e₁, …"""
        return text("e" + _lowered_text(str(position)), level=Level.ATOM, head=End.LETTER, tail=End.WORD, bare=True)

    def labelled(self, letter: str, *sizes: Size) -> Text:
        """I, Iₙ, Kₘₙ; I_(m²), K(m, n²) where the sizes are no letters."""
        written = [str(self.size(size)) for size in sizes]
        joined = "".join(written)
        if all(len(w) == 1 for w in written):
            index = _lowered_text(joined) if joined else ""
        else:
            index = f"_({written[0]})" if len(written) == 1 else f"({', '.join(written)})"
        return text(letter + index, level=Level.ATOM, head=End.LETTER, tail=End.WORD if index else End.LETTER, bare=not index)

    def subscripted(self, base: Text, *positions: int) -> Text:
        """x₀ of a vector with one letter, else [1, 2] behind."""
        if base.bare and len(positions) == 1:
            return text(base, _lowered_text(str(positions[0])), level=Level.ATOM, head=base.head)
        return text(base, f"[{', '.join(map(str, positions))}]", level=Level.ATOM, head=base.head)

    def ranged(self, base: Text, bounds: Sequence[str | Text], complete: bool) -> Text:
        """x[1:3], X[:, 1:]."""
        return text(base, "[", *bounds, "]", level=Level.ATOM, head=base.head)

    def sliced(self, base: Text, places: Sequence[Text | None]) -> Text:
        """xᵢ, Aᵢⱼ, Φ_{abc} where all is one letter, else Φ[:,i,:]."""
        base = self.fit(base, Level.ATOM)
        shown = [":" if p is None else str(p) for p in places]
        if base.bare and all(len(p) == 1 and p in _SUBSCRIPT for p in shown):
            return text(base, _lowered_text("".join(shown)), level=Level.ATOM, head=base.head, tail=base.tail, bare=True)
        if base.bare and all(len(p) == 1 and p != ":" for p in shown):
            below = f"_{{{''.join(shown)}}}" if len(shown) > 1 else "_" + shown[0]
            return text(base, below, level=Level.ATOM, head=base.head, tail=End.WORD)
        return text(base, f"[{','.join(shown)}]", level=Level.ATOM, head=base.head)

    def unit_at(self, position: Text) -> Text:
        """eᵢ."""
        shown = str(position)
        below = _lowered_text(shown if len(shown) == 1 else f"({shown})")
        return text("e", below, level=Level.ATOM, head=End.LETTER, tail=End.WORD, bare=True)

    def stack(self, body: Text, places: Sequence[Text | None]) -> Text:
        """[body]ᵢ, [body]_(:,i,:): what has the body for its slice there."""
        shown = [":" if p is None else str(p) for p in places]
        below = _lowered_text(shown[0]) if len(shown) == 1 else f"_({','.join(shown)})"
        return text("[", body, "]", below, level=Level.ATOM)

    def bracket(self, t: Text) -> Text:
        """( … )"""
        tail = End.SUM if t.level is Level.SUM and t.positive is None else End.OTHER
        return text("(", t, ")", level=Level.ATOM, tail=tail)

    def joined(self, factors: Sequence[Text], tight: Sequence[bool], level: Level) -> Text:
        """Factors with the spaces of the one rule."""
        pieces: list[str | Text] = [factors[0]]
        for k, (left, right) in enumerate(itertools.pairwise(factors)):
            last = k + 2 == len(factors)
            pieces.append("" if tight[k] else self._gap(left, right, last))
            pieces.append(right)
        return text(*pieces, level=level, head=factors[0].head, tail=factors[-1].tail)

    def _gap(self, left: Text, right: Text, last: bool) -> str:
        if right.head is End.NUMBER or (right.head is End.ONES and left.tail is End.NUMBER):
            return "·"
        if left.tail is End.SUPERSCRIPT:
            return " " if right.head is End.WORD else ""
        if left.tail is End.SUM and right.bare and last:
            return ""
        if left.tail is End.NUMBER and right.head is End.BAR:
            return ""
        if self.compact and left.tail is End.LETTER and right.head is End.LETTER:
            return ""
        return " "

    def infix(self, operation: str, left: Text, right: Text, level: Level) -> Text:
        """A : B, A ⊙ B, A ⊘ B."""
        return text(left, _SIGNS[operation], right, level=level, head=left.head, tail=right.tail)

    def comparison(self, sign: str, left: Text, right: Text) -> Text:
        """x > y, x ≥ y, x ≠ y."""
        sign = {">=": "≥", "<=": "≤", "!=": "≠"}.get(sign, sign)
        return text(left, f" {sign} ", right, level=Level.SUM)

    def indicator(self, condition: Text) -> Text:
        """1[x > y]."""
        return text("1[", condition, "]", level=Level.ATOM, head=End.ONES)

    def fraction(self, numerator: Text, denominator: Text) -> Text:
        """a/b, with brackets around a sum above and a product below."""
        above, below = self.fit(numerator, Level.CHAIN), self.fit(denominator, Level.POWER)
        return text(above, "/", below, level=Level.FRACTION, head=above.head, tail=below.tail)

    def _superscript(self, base: Text, raised: str, tail: End = End.SUPERSCRIPT) -> Text:
        base = self.fit(base, Level.ATOM)
        return text(base, raised, level=Level.POWER, head=base.head, tail=tail)

    def transposed(self, base: Text) -> Text:
        """Aᵀ."""
        return self._superscript(base, "ᵀ")

    def conjugated(self, base: Text) -> Text:
        """z̄, conj(A z)."""
        if not base.bare:
            return self.function("conj", [base])
        return text(base, MACRON, level=Level.ATOM, head=base.head, tail=base.tail, bare=True)

    def adjoint(self, base: Text) -> Text:
        """Zᴴ."""
        return self._superscript(base, "ᴴ")

    def inverse(self, base: Text, more: str) -> Text:
        """A⁻¹, A⁻ᵀ, A⁻²."""
        return self._superscript(base, "⁻ᵀ" if more == "T" else "⁻" + (_raised_text(more or "1") or ""))

    def raised(self, base: Text, exponent: Text, entrywise: bool) -> Text:
        """x², xᵏ⁻¹, x^(1/2); X∘² entry by entry."""
        sign = "∘" if entrywise else ""
        raised = _raised_text(str(exponent)) if exponent.length <= _SHORT else None
        if raised is not None:
            return self._superscript(base, sign + raised)
        base, exponent = self.fit(base, Level.ATOM), self.fit(exponent, Level.ATOM)
        return text(base, sign + "^", exponent, level=Level.POWER, head=base.head)

    def root(self, base: Text) -> Text:
        """√x, √(x + y)."""
        body = base if base.level is Level.ATOM and base.head is not End.WORD else self.bracket(base)
        return text("√", body, level=Level.POWER)

    def differential(self, body: Text) -> Text:
        """dX, d‖v‖, d(1/‖v‖)."""
        body = body if body.level is Level.ATOM and (body.bare or body.head is End.BAR) else self.bracket(body)
        return text("d", body, level=Level.POWER, tail=body.tail)

    def gradient(self, body: Text, wrt: Text) -> Text:
        """∇ᵥL, ∇_wL, ∇_mu L."""
        index = _lowered_text(str(wrt)) if wrt.bare else "_" + str(self.fit(wrt, Level.ATOM))
        word = body.level is Level.ATOM and body.head is End.WORD
        body = body if body.bare or word else self.bracket(body)
        apart = word or (index[0] == "_" and len(index) > 2)
        return text("∇" + index, " " if apart else "", body, level=Level.POWER, tail=body.tail)

    def primed(self, name: Text, order: int) -> Text:
        """f′, f″, f⁽⁴⁾."""
        marks = ("", "′", "″", "‴")[order] if order < 4 else "⁽" + (_raised_text(str(order)) or "") + "⁾"
        return text(name, marks, level=Level.ATOM, head=name.head, tail=End.WORD)

    def nabla(self, name: Text, order: int, places: Sequence[int] = ()) -> Text:
        """∇L, ∇²L, ∇²₁₂L."""
        power = _raised_text(str(order)) or "" if order > 1 else ""
        return text("∇", power, _lowered_places(places), name, level=Level.POWER)

    def partial(self, name: Text, places: Sequence[int]) -> Text:
        """∂₁₂f."""
        return text("∂", _lowered_places(places), name, level=Level.ATOM, tail=End.WORD)

    def indexed(self, letter: str, index: Text) -> Text:
        """J_F."""
        return text(letter + "_", index, level=Level.ATOM, head=End.WORD, tail=End.WORD)

    def summation(self, letter: Text, size: Size, body: Text, product: bool = False) -> Text:
        """Σᵢ or Πᵢ of the body; the range is the size of what the index counts."""
        return text(("Π" if product else "Σ") + _lowered_text(str(letter)), " ", body, level=Level.INNER, tail=body.tail)

    def template(self, e: Expr) -> str:
        """The declared one, or the word of the language."""
        return e.op.notation.pretty or e.op.word or e.op.name

    def function(self, name: str, arguments: Sequence[Text]) -> Text:
        """f(x, y)."""
        pieces: list[str | Text] = [name, "("]
        for k, argument in enumerate(arguments):
            pieces += [", ", argument] if k else [argument]
        return text(*pieces, ")", level=Level.ATOM, head=End.WORD)

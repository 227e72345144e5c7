# ruff: noqa: D102 - the transformer's methods are the rules of the grammar, and are told there
"""The grammar made ready: Lark's LALR parser with a transformer inside, so that no depth of brackets matters.

Imported only when a text is parsed: Lark costs 70 ms, building the parser 35 ms.  The parser is never cached on disk, since
Lark's cache unpickles a file that anyone can have put there.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path

from lark import Lark, Token, Transformer, v_args

from matcalc.core.reality import UNIT
from matcalc.errors import LimitReached, Span
from matcalc.syntax.letters import SUBSCRIPTS, SUPERSCRIPTS, ascii_name
from matcalc.syntax.stacks import stacked
from matcalc.syntax.tree import Branch

BITS = 256
_ALL = (False, False)
"""What a slice without ends says."""
_SPELLED = {"−": "-", "⊙": "hadamard", ".*": "hadamard", "./": "/", ".^": "**", "≤": "<=", "≥": ">=", "≠": "!="}


@cache
def parser() -> Lark:
    """The one parser, with the doors `text` and `declarations`."""
    shipped = files("matcalc").joinpath("grammar", "matcalc.lark")
    if shipped.is_file():
        source = shipped.read_text(encoding="utf-8")
    else:
        source = (Path(__file__).resolve().parents[2] / "grammar" / "matcalc.lark").read_text(encoding="utf-8")
    return Lark(source, parser="lalr", transformer=Growth(), start=["text", "declarations"], maybe_placeholders=False)


def _start(token: Token) -> int:
    assert token.start_pos is not None
    return token.start_pos


def _end(token: Token) -> int:
    assert token.end_pos is not None
    return token.end_pos


def _quotient(token: Token) -> Fraction:
    """The value of a number; exact, and within the limit before any large power is formed.

    The span of the error has no text: the parser knows only the token, and `syntax.parse` puts the text in.
    """
    digits, _, exponent = token.lower().partition("e")
    too_large = LimitReached(f"a number may have {BITS} bits", Span("", _start(token), _end(token)))
    if len(digits) > BITS or len(exponent) > 4 or abs(int(exponent or 0)) > BITS:
        raise too_large
    value = Fraction(digits) * Fraction(10) ** int(exponent or 0)
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS:
        raise too_large
    return value


def _order(token: Token) -> Branch:
    """The second argument of `norm` that a subscript of its bars stands for."""
    start, end = _start(token), _end(token)
    order = token.removeprefix("_").translate(SUBSCRIPTS)
    if order[0].isdigit():
        return Branch("number", (), (Fraction(order[:80]), False), start, end)
    if order in ("∞", "inf"):
        return Branch("name", (), "inf", start, end)
    return Branch("string", (), "fro" if order == "F" else "nuc", start, end)


@v_args(inline=True)
class Growth(Transformer[Token, Branch]):
    """How each rule of the grammar becomes a node; the methods are the grammar's words."""

    def text(self, body: Branch) -> Branch:
        return body

    def text_where(self, body: Branch, _: Token, *bindings: Branch) -> Branch:
        return Branch("where", (body, *bindings), None, body.start, bindings[-1].end)

    def group_where(self, opening: Token, body: Branch, _: Token, *rest: Branch | Token) -> Branch:
        bindings = tuple(part for part in rest if isinstance(part, Branch))
        closing = rest[-1]
        assert isinstance(closing, Token)
        return Branch("where", (body, *bindings), None, _start(opening), _end(closing))

    def binding(self, name: Token, body: Branch) -> Branch:
        return Branch("binding", (body,), ascii_name(name), _start(name), body.end)

    def binary(self, left: Branch, sign: Token, right: Branch) -> Branch:
        return Branch(_SPELLED.get(sign, str(sign)), (left, right), None, left.start, right.end)

    def negative(self, sign: Token, part: Branch) -> Branch:
        return Branch("neg", (part,), None, _start(sign), part.end)

    def positive(self, sign: Token, part: Branch) -> Branch:
        return Branch(part.kind, part.parts, part.value, _start(sign), part.end)

    def transpose(self, part: Branch, mark: Token) -> Branch:
        return Branch("T", (part,), None, part.start, _end(mark))

    def adjoint(self, part: Branch, mark: Token) -> Branch:
        start, end = part.start, _end(mark)
        return Branch("T", (Branch("call", (part,), "conj", start, end),), None, start, end)

    def raised(self, part: Branch, mark: Token) -> Branch:
        start, end = part.start, _end(mark)
        minus, letters = mark.startswith("⁻"), mark.lstrip("⁻")
        if letters == "ᴴ":
            return self.adjoint(part, mark)
        if letters == "ᵀ":
            return Branch("T", (Branch("inverse", (part,), None, start, end) if minus else part,), None, start, end)
        exponent = Branch("number", (), (Fraction(int(letters.translate(SUPERSCRIPTS)[:80])), False), _start(mark), end)
        if minus:
            exponent = Branch("neg", (exponent,), None, _start(mark), end)
        return Branch("^", (part, exponent), None, start, end)

    def indexed(self, part: Branch, _: Token, *rest: Branch | Token) -> Branch:
        closing = rest[-1]
        assert isinstance(closing, Token)
        places, start, end = [s for s in rest if isinstance(s, Branch)], part.start, _end(closing)
        ranges = [s.kind == "slice" and s.value != _ALL for s in places]
        if len(places) == 2 and any(ranges) and not any(s.kind == "slice" and s.value == _ALL for s in places):
            # X[1:3, 2:] is X[1:3, :][:, 2:], X[1, 2:] is X[1, :][2:], X[1:3, 2] is X[:, 2][1:3].
            all_ = Branch("slice", (), _ALL, start, end)
            order = [(places[0], all_), (all_, places[1])]
            first, second = order if ranges[0] == ranges[1] else (order[0], (places[1],)) if ranges[1] else (order[1], (places[0],))
            return Branch("index", (Branch("index", (part, *first), None, start, end), *second), None, start, end)
        return Branch("index", (part, *places), None, start, end)

    def slice(self, *parts: Branch | Token) -> Branch:
        bounds = tuple(p for p in parts if isinstance(p, Branch))
        colon = next(p for p in parts if isinstance(p, Token))
        given = (isinstance(parts[0], Branch), isinstance(parts[-1], Branch))
        start = bounds[0].start if given[0] else _start(colon)
        return Branch("slice", bounds, given, start, bounds[-1].end if given[1] else _end(colon))

    def number(self, token: Token) -> Branch:
        decimal = not token.isdigit()
        return Branch("number", (), (_quotient(token), decimal), _start(token), _end(token))

    def imaginary(self, token: Token) -> Branch:
        start, end = _start(token), _end(token)
        unit = Branch("name", (), UNIT, start, end)
        value = _quotient(Token("NUMBER", token[:-1], start_pos=start, end_pos=end))
        if value == 1:
            return unit
        return Branch("*", (Branch("number", (), (value, not token[:-1].isdigit()), start, end), unit), None, start, end)

    def name(self, token: Token) -> Branch:
        return Branch("name", (), ascii_name(token), _start(token), _end(token))

    def call(self, word: Token, *rest: Branch | Token) -> Branch:
        closing = rest[-1]
        assert isinstance(closing, Token)
        parts = tuple(p for p in rest if isinstance(p, Branch))
        return stacked(Branch("call", parts, ascii_name(word), _start(word), _end(closing)))

    def list(self, opening: Token, *rest: Branch | Token) -> Branch:
        closing = rest[-1]
        assert isinstance(closing, Token)
        return Branch("list", tuple(p for p in rest if isinstance(p, Branch)), None, _start(opening), _end(closing))

    def group(self, opening: Token, part: Branch, closing: Token) -> Branch:
        return Branch(part.kind, part.parts, part.value, _start(opening), _end(closing))

    def bars(self, opening: Token, part: Branch, closing: Token, order: Token | None = None) -> Branch:
        parts = (part,) if order is None else (part, _order(order))
        return Branch("call", parts, "norm", _start(opening), _end(order or closing))

    def keyword(self, name: Token, part: Branch) -> Branch:
        return Branch("keyword", (part,), ascii_name(name), _start(name), part.end)

    def axes(self, token: Token) -> Branch:
        return Branch("string", (), str(token), _start(token), _end(token))

    def string(self, token: Token) -> Branch:
        return Branch("string", (), str(token)[1:-1], _start(token), _end(token))

    def declarations(self, *found: Branch) -> Branch:
        return Branch("declarations", found)

    def declaration(self, name: Token, shape: Branch, *words: Token) -> Branch:
        marks = tuple(Branch("word", (), str(w), _start(w), _end(w)) for w in words)
        return Branch("declaration", (shape, *marks), ascii_name(name), _start(name), marks[-1].end if marks else shape.end)

    def map(self, name: Token, word: Token, arrow: Token, size: Branch) -> Branch:
        function = Branch("name", (), str(word), _start(word), _end(word))
        made = Branch("arrow", (size,), None, _start(arrow), size.end)
        return Branch("declaration", (function, made), ascii_name(name), _start(name), size.end)

    def sizes(self, opening: Token, *rest: Branch | Token) -> Branch:
        closing = rest[-1]
        assert isinstance(closing, Token)
        return Branch("sizes", tuple(p for p in rest if isinstance(p, Branch)), None, _start(opening), _end(closing))

"""Tokens of a text that does not parse, for messages about it and for texts that may have been meant."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<number>(\d+\.\d+|\.\d+|\d+)([eE][+-]?\d+)?([jJ](?!\w))?)|(?P<name>(?![⁰¹²³⁴-⁹ᵀᴴ₀-₉])[^\W\d_][A-Za-z0-9_]*)|(?P<postfix>\.[TH](?!\w)|[⁻⁰¹²³⁴-⁹]+|⁻?ᵀ|ᴴ|(?<=[\w)\]'])')"
    r"|(?P<sign>\*\*|\.\*|\./|\.\^|<=|>=|!=|==|->|//|&&|\|\||[-+*/@^<>⊙−])|(?P<mark>\S)"
)


class Token(NamedTuple):
    """A token: its sort (number, name, postfix, sign, mark), its text, where it starts and ends."""

    sort: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text, whatever it is."""
    return [Token(m.lastgroup or "number", m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]


def ends_operand(token: Token) -> bool:
    """Whether an operand may end here."""
    return token.sort in ("number", "name", "postfix") or token.text in (")", "]", "‖")


def starts_operand(token: Token) -> bool:
    """Whether an operand may begin here."""
    return token.sort in ("number", "name") or token.text in ("(", "[", "‖")

"""What is wrong with a text that does not parse, by its two tokens at the place where the parser stopped.

The parser knows the place; a person wants to know the slip.  So the text is cut into tokens again, and the pair of the last
good token and the one that did not fit decides: two operands lack an operator between them, an operator lacks an operand, an
equation is no expression.
"""

from __future__ import annotations

import re

from matcalc.errors import LimitReached, MatcalcError, Span, SyntaxMistake, Unsupported

_TOKEN = re.compile(
    r"(?P<number>(\d+\.\d+|\.\d+|\d+)([eE][+-]?\d+)?)|(?P<name>[^\W\d][A-Za-z0-9_]*)|(?P<postfix>\.T(?!\w)|[⁻⁰¹²³⁴-⁹ᵀ]+)"
    r"|(?P<sign>\*\*|\.\*|\./|\.\^|<=|>=|!=|==|[-+*/@^<>⊙−])|(?P<mark>\S)"
)
_OPERAND_ENDS = (")", "]", "'", "‖")


def _tokens(text: str) -> list[tuple[str, str, int, int]]:
    """The tokens as (sort, text, start, end)."""
    return [(m.lastgroup or "number", m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]


def slip(text: str, place: int, door: str) -> MatcalcError:
    """The mistake in a text that the parser left at `place`."""
    tokens = _tokens(text)
    if not tokens:
        return SyntaxMistake("there is nothing to read: the text is empty")
    at = next((k for k, token in enumerate(tokens) if token[3] > place), len(tokens))
    last = tokens[at - 1] if at else None
    if at == len(tokens):
        return _ended(text, tokens, door)
    sort, found, start, end = tokens[at]
    span = Span(text, start, end)
    if door == "declarations":
        return SyntaxMistake(f"'{found}' is not expected here; a declaration is NAME: SHAPE WORDS, as in X: (m, n) positive", span)
    if last is not None and last[1] == "where":
        return SyntaxMistake("after 'where' a definition NAME = EXPR is wanted", span)
    if found in ("=", "=="):
        return _equation(text, span)
    if last is not None and _ends_operand(last) and (sort in ("number", "name") or found in ("(", "[")):
        return _juxtaposed(text, last, tokens[at])
    return SyntaxMistake(_misplaced(tokens, at), span)


def _ends_operand(token: tuple[str, str, int, int]) -> bool:
    return token[0] in ("number", "name", "postfix") or token[1] in _OPERAND_ENDS


def _ended(text: str, tokens: list[tuple[str, str, int, int]], door: str) -> SyntaxMistake:
    last = tokens[-1]
    span = Span(text, last[2], last[3])
    if door == "declarations":
        return SyntaxMistake("the declaration is not complete; write NAME: SHAPE WORDS, as in X: (m, n) positive", span)
    wanted = "a definition NAME = EXPR" if last[1] == "where" else "'='" if _ends_operand(last) else "an operand"
    return SyntaxMistake(f"the text ends after '{last[1]}', where {wanted} is wanted", span)


def _equation(text: str, span: Span) -> SyntaxMistake:
    right = text[span.end :].strip()
    single = span.end - span.start == 1
    fixes = (right,) if single and parses(right) else ()
    return SyntaxMistake(f"an expression is wanted, not an equation: '{text[span.start : span.end]}'", span, fixes=fixes)


def _juxtaposed(text: str, last: tuple[str, str, int, int], token: tuple[str, str, int, int]) -> MatcalcError:
    """Two operands side by side: `2x`, `A x`, `(a)(b)`."""
    adjacent = last[3] == token[2]
    if last[0] == "number" and token[1] == "j" and adjacent:
        return Unsupported("complex numbers are not supported yet", Span(text, last[2], token[3]))
    signs = ("*",) if last[0] == "number" else ("@", "*")
    gaps = signs if adjacent else tuple(f" {sign} " for sign in signs)
    fixes = tuple(text[: last[3]] + gap + text[token[2] :] for gap in gaps)
    message = f"an operator is missing between '{last[1]}' and '{token[1]}'"
    return SyntaxMistake(message, Span(text, last[2], token[3]), fixes=tuple(f for f in fixes if parses(f)))


def _misplaced(tokens: list[tuple[str, str, int, int]], at: int) -> str:
    """Which operand is missing, or what a mark is for."""
    sort, found = tokens[at][:2]
    before = tokens[at - 1][1] if at else ""
    if sort == "sign" and (not at or before in ("(", "[", ",", "where")):
        return f"'{found}' has no operand on its left"
    if at and tokens[at - 1][0] == "sign":
        return f"an operand is wanted between '{before}' and '{found}'"
    if before == "(" and found == ")":
        return "there is nothing inside these brackets"
    if before == "," and found in (")", "]"):
        return f"something is wanted between ',' and '{found}'"
    if sort == "name" and found == "where":
        return "a text has one 'where', at its end, and it holds NAME = EXPR, NAME = EXPR"
    return _MARKS.get(found, f"'{found}' is not expected here")


_MARKS = {
    ",": "a comma stands only between the arguments of a function",
    ".": "after '.' only T is read, as in X.T",
    "'": "' transposes right after a name or a bracket; a text in quotes can only be an argument, as in norm(X, 'fro')",
    '"': "a text in quotes can only be an argument, as in norm(X, 'fro')",
    ":": "':' stands only between the bounds of a slice, as in X[0:2]",
    ";": "';' stands only between declarations",
    "[": "'[' stands only after what is indexed, as in X[0, 1]",
    "]": "a subscript is wanted before ']'",
    ")": "an operand is wanted before ')'",
}


def parses(text: str) -> bool:
    """Whether a text is a sentence of the language."""
    from matcalc.syntax.parse import parse

    try:
        parse(text)
    except (SyntaxMistake, LimitReached, Unsupported):
        return False
    return True

"""What is wrong with a text that does not parse, by its two tokens at the place where the parser stopped.

The parser knows the place; a person wants to know the slip.  So the text is cut into tokens again, and the pair of the last
good token and the one that did not fit decides: two operands lack an operator between them, an operator lacks an operand, an
equation is no expression.  What may have been meant is found by respelling the whole text (syntax.respell).
"""

from __future__ import annotations

import re

from matcalc.core.words import vocabulary
from matcalc.errors import MatcalcError, Span, SyntaxMistake
from matcalc.syntax.letters import GREEK
from matcalc.syntax.tokens import Token, ends_operand, tokens


def slip(text: str, place: int, door: str) -> MatcalcError:
    """The mistake in a text that the parser left at `place`."""
    found = tokens(text)
    if not found:
        return SyntaxMistake("there is nothing to read: the text is empty")
    at = next((k for k, token in enumerate(found) if token.end > place), len(found))
    last = found[at - 1] if at else None
    if at == len(found):
        return _ended(text, found, door)
    token = found[at]
    span = Span(text, token.start, token.end)
    if door == "declarations":
        return _declared(text, found, at, span)
    if last is not None and last.text == "where":
        return SyntaxMistake("after 'where' a definition NAME = EXPR is wanted", span)
    if token.text in ("=", "=="):
        return _equation(text, span)
    if (words := next((t for t in found[max(at - 1, 0) : at + 1] if t.text in _PYTHON), None)) is not None:
        return SyntaxMistake(_PYTHON[words.text], Span(text, words.start, words.end))
    if token.text == "where":
        return SyntaxMistake(_CLAUSE, span)
    if _DERIVATIVE.match(text):
        return SyntaxMistake('the expression alone is given; the command differentiates it: matcalc grad "f" wrt x', span)
    if last is not None and ends_operand(last) and (token.sort in ("number", "name") or token.text in ("(", "[", "‖")):
        return _juxtaposed(text, last, token)
    return SyntaxMistake(_misplaced(found, at), span)


def _ended(text: str, found: list[Token], door: str) -> SyntaxMistake:
    last = found[-1]
    span = Span(text, last.start, last.end)
    if door == "declarations":
        return SyntaxMistake("the declaration is not complete; write NAME: SHAPE WORDS, as in X: (m, n) positive", span)
    wanted = "a definition NAME = EXPR" if last.text == "where" else "'='" if ends_operand(last) else "an operand"
    return SyntaxMistake(f"the text ends after '{last.text}', where {wanted} is wanted", span)


def _declared(text: str, found: list[Token], at: int, span: Span) -> SyntaxMistake:
    """What is wrong with a declaration; a comma between declarations is the commonest slip."""
    message = f"'{span.text[span.start : span.end]}' is not expected here; a declaration is NAME: SHAPE WORDS, as in X: (m, n) positive"
    fixes: tuple[str, ...] = ()
    if found[at].text == "," and at + 2 < len(found) and found[at + 2].text == ":":
        message = "declarations are separated by ';'"
        fixes = (text[: span.start] + ";" + text[span.end :],)
    elif found[at].text in ("=", "∈"):
        message = "a declaration has a colon after the name: X: (m, n) positive"
        fixes = (text[: span.start].rstrip() + ":" + text[span.end :],)
    return SyntaxMistake(message, span, fixes=fixes)


def _equation(text: str, span: Span) -> SyntaxMistake:
    right = text[span.end :].strip()
    fixes = (right,) if span.end - span.start == 1 and parses(right) else ()
    notes = ("a definition stands behind: EXPR where NAME = EXPR",) if fixes else ()
    if span.end - span.start == 2:
        notes = ("where two sides are to be equal, give their distance: norm(left - right)**2",)
    message = f"an expression is wanted, not an equation: '{text[span.start : span.end]}'"
    return SyntaxMistake(message, span, notes=notes, fixes=fixes)


def _juxtaposed(text: str, last: Token, token: Token) -> MatcalcError:
    """Two operands side by side: `2x`, `A x`, `(a)(b)`."""
    span = Span(text, last.start, token.end)
    if last.sort == "name" and last.text in vocabulary() and len(last.text) > 1 and last.text not in GREEK.values():
        return SyntaxMistake(f"{last.text} is a function, and its argument stands in brackets", span)
    return SyntaxMistake(f"an operator is missing between '{last.text}' and '{token.text}'", span)


def _misplaced(found: list[Token], at: int) -> str:
    """Which operand is missing, or what a mark is for."""
    sort, text = found[at][:2]
    before = found[at - 1].text if at else ""
    if text in _SIGNS:
        return _SIGNS[text]
    if text == "_" and at and found[at - 1].sort == "number":
        return "digits are written without separators"
    if text == "_":
        return "an index stands in square brackets, as in x[0] or softmax(x)[i]"
    if text in "₀₁₂₃₄₅₆₇₈₉":
        return "an index that is part of a name is written x1 or x_1; an entry of a vector is x[0]"
    if sort == "sign" and (not at or before in ("(", "[", ",", "where")):
        return f"'{text}' has no operand on its left"
    if at and before + text in _SIGNS and found[at - 1].end == found[at].start:
        return _SIGNS[before + text]
    if text == "[" and (not at or not ends_operand(found[at - 1])):
        return ARRAYS
    if at and found[at - 1].sort == "sign":
        return f"an operand is wanted between '{before}' and '{text}'"
    if before == "(" and text == ")":
        return "there is nothing inside these brackets"
    if before == "," and text in (")", "]"):
        return f"something is wanted between ',' and '{text}'"
    if sort == "name" and text == "where":
        return _CLAUSE
    if text == "." and at + 1 < len(found) and found[at + 1].sort == "name":
        later = at + 1
        while later + 2 < len(found) and found[later + 1].text == "." and found[later + 2].sort == "name":
            later += 2
        return _attribute(before, "".join(t.text for t in found[at + 1 : later + 1]))
    return _MARKS.get(text, f"'{text}' is not expected here")


def _attribute(before: str, word: str) -> str:
    """`np.sum`, `A.inv()`, `A.shape`."""
    if before in _LIBRARIES:
        return f"functions have no prefix here: {word.rpartition('.')[2]}, not {before}.{word}"
    if word in ("shape", "size", "ndim"):
        return "sizes are names, declared with --where: X: (m, n)"
    if word in vocabulary():
        return f"functions are called, {word}({before or 'x'}); after '.' only T is read, as in X.T"
    return "after '.' only T is read, as in X.T"


_CLAUSE = "a 'where' clause stands at the end of a text or of a bracket: EXPR where NAME = EXPR, NAME = EXPR"
_DERIVATIVE = re.compile(r"\s*d\s*/\s*d[A-Za-z]\b")
_LIBRARIES = frozenset({"np", "numpy", "jnp", "jax", "torch", "tf", "math", "sp", "scipy", "la", "LA", "linalg", "F"})
_PYTHON = {
    "and": "conditions are numbers 0 and 1 here: both hold where (x > 0)*(y > 0)",
    "or": "conditions are numbers 0 and 1 here: one holds where maximum(x > 0, y > 0)",
    "not": "a condition's opposite is 1 - (x > 0)",
    "if": "a choice is written where(condition, x, y)",
    "else": "a choice is written where(condition, x, y)",
    "for": "a sum over an index is written sum(i, f)",
    "in": "a sum over an index is written sum(i, f)",
}
ARRAYS = "arrays of numbers are not read: give the array a name, and declare it with --where"
_SIGNS = {
    "//": "there is no division with remainder; a quotient is x/y",
    "->": "an expression is wanted, not a map",
    "=>": "an expression is wanted, not a map",
    ">=": "something is wanted before '>='",
    "!": "a factorial is gamma(n + 1)",
    "<-": "an expression is wanted, not an assignment",
}
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
    from matcalc.syntax.parse import sentences

    return bool(sentences([text]))

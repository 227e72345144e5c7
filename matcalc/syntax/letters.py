"""Letters and names: which characters the language has, Greek letters by their names, and what looks alike.

One whitelist stands at every door: a name is `[A-Za-z][A-Za-z0-9_]*`, at most 64 characters, and a Greek letter of the list
may begin it.  Anything else (a Cyrillic А, a micro sign, control characters) is refused by its code point, because what looks
like one name and is two is worse than an error.
"""

from __future__ import annotations

import re
import unicodedata

from matcalc.errors import LimitReached, NameMistake, Span, SyntaxMistake

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda",
    "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
GREEK_NAMES = frozenset(GREEK.values())
SUBSCRIPTS = str.maketrans("₁₂₃", "123")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

SUBSCRIBED = {ord(c): f"_{plain}" for c, plain in zip("ᵢⱼₖₗₘₙₚₐ", "ijklmnpa", strict=True)}
"""Letters below the line, as one types them."""

LONGEST_NAME = 64
_NAME = re.compile(f"[A-Za-z{''.join(GREEK)}][A-Za-z0-9_]*")
_KNOWN = re.compile(rf"""[ \t\r\nA-Za-z0-9_+\-*/@^()\[\],:;=<>!.'"‖ᵀᴴ⁻⁰¹²³⁴⁵⁶⁷⁸⁹⊙−≤≥≠₁₂₃∞∗{"".join(GREEK)}]*""")
_TOO_LONG = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{{LONGEST_NAME},}}")
ALIKE = dict(zip("АВЕЅІЈКМНОРСТХУаеорсухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧοµ∥", "ABESIJKMHOPCTXYaeopcyxsijABEZHIKMNOPTYXoμ‖", strict=True))
ALIKE |= {"×": "*", "∗": "*", "·": "@", "⋅": "@", "÷": "/", "∕": "/", "’": "'", "‘": "'", "′": "'", "“": '"', "”": '"', "∘": "⊙"}
ALIKE |= {"–": "-", "—": "-", "⊤": "ᵀ", "∥": "‖", "∞": "inf", "†": "ᴴ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ"}
ALIKE |= {"∑": "sum ", "√": "sqrt ", "½": "1/2 ", "¼": "1/4 ", "¾": "3/4 ", "⅓": "1/3 ", "⅔": "2/3 "}
ALIKE |= dict(zip("₀₁₂₃₄₅₆₇₈₉ₙₘᵢⱼₖₚ", "0123456789nmijkp", strict=True))
"""What stands for what in other texts; whole words among them are only good for fixes."""
INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PRIMES = str.maketrans({"′": "'", "″": "''", "‴": "'''"})
"""Primes as results have them: f″(x) is read as f''(x)."""
SPACES = {ord(c): " " for c in "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\x0b\x0c"}
"""Blanks of other widths, read as blanks: what is copied from a page holds them."""
MEANINGS = {
    "|": "bars have several meanings: abs(x) for every entry, norm(x) or ‖x‖ for a length, det(X) for a determinant",
    "\\": "this looks like LaTeX, which --from latex and mc.from_latex read; MATLAB's A\\b is solve(A, b)",
    "$": "this looks like LaTeX, which --from latex and mc.from_latex read",
    "{": "braces are LaTeX; an index is written x_1, a power x**2",
    "}": "braces are LaTeX; an index is written x_1, a power x**2",
    "%": "the %*% of R is @ here; there is no remainder, and a percentage is a number, 0.05",
    "&": "conditions are numbers 0 and 1 here: both hold where (x > 0)*(y > 0)",
    "~": "a condition's opposite is 1 - (x > 0)",
    "∂": 'the expression alone is given; the command differentiates it: matcalc grad "f" wrt x',
    "∇": 'the expression alone is given; the command differentiates it: matcalc grad "f" wrt x',
    "∑": "a sum of all entries is sum(X), a sum over an index sum(i, f)",
    "√": "a square root is sqrt(x)",
    "†": "a conjugate transpose is X.H, a pseudoinverse pinv(X)",
    "⊗": "a Kronecker product is kron(A, B)",
    "#": "there are no comments here",
}
"""What to do about a character of another language."""


def ascii_name(typed: str) -> str:
    """The name with a Greek letter in front spelled out.

    >>> ascii_name("β1")
    'beta1'
    """
    return GREEK.get(typed[0], typed[0]) + typed[1:]


def checked_name(typed: str) -> str:
    """A name that came in by itself, by its ASCII name; raises NameMistake, LimitReached."""
    typed = unicodedata.normalize("NFC", typed.strip())
    check_characters(typed)
    if not _NAME.fullmatch(typed):
        raise NameMistake(f"{typed!r} is not a name: a letter, then letters, digits and _", Span(typed, 0, len(typed)))
    return ascii_name(typed)


def check_characters(text: str) -> None:
    """Raise SyntaxMistake where a character is none of the language, LimitReached where a name is too long."""
    reached = _KNOWN.match(text)
    assert reached is not None
    place = reached.end()
    if place < len(text):
        raise _stranger(text, place)
    if found := _TOO_LONG.search(text):
        raise LimitReached(f"a name may have {LONGEST_NAME} characters, and this one has {len(found[0])}", Span(text, *found.span()))


def _stranger(text: str, place: int) -> SyntaxMistake:
    """The mistake of a character that is none of the language, by its code point."""
    character = text[place]
    point = f"U+{ord(character):04X}"
    if title := unicodedata.name(character, ""):
        point += f" {title}"
    shown = f"'{character}' ({point})" if character.isprintable() else point
    span = Span(text, place, place + 1)
    if character in MEANINGS:
        return SyntaxMistake(f"{shown} is not a character of the language", span, notes=(MEANINGS[character],))
    if character in INVISIBLE:
        return SyntaxMistake(f"{shown}, which cannot be seen, is not a character of the language", span)
    alike = ALIKE.get(character)
    looks = f"; it looks like '{alike}'" if alike is not None else ""
    return SyntaxMistake(f"{shown} is not a character of the language{looks}", span)

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
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

LONGEST_NAME = 64
_NAME = re.compile(f"[A-Za-z{''.join(GREEK)}][A-Za-z0-9_]*")
_KNOWN = re.compile(rf"""[ \t\r\nA-Za-z0-9_+\-*/@^()\[\],:;=<>!.'"‖ᵀ⁻⁰¹²³⁴⁵⁶⁷⁸⁹⊙−≤≥≠{"".join(GREEK)}]*""")
_TOO_LONG = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{{LONGEST_NAME},}}")
_ALIKE = dict(zip("АВЕЅІЈКМНОРСТХУаеорсухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧοµ∥", "ABESIJKMHOPCTXYaeopcyxsijABEZHIKMNOPTYXoμ‖", strict=True))
_ALIKE |= {"×": "*", "∗": "*", "·": "@", "÷": "/", "’": "'", "‘": "'", "′": "'", "∘": "⊙", "–": "-", "—": "-", "⊤": "ᵀ"}


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
    alike = _ALIKE.get(character)
    if alike is None:
        notes = ("LaTeX is read with --from latex",) if character in "\\{}$" else ()
        return SyntaxMistake(f"{shown} is not a character of the language", span, notes=notes)
    fixed = "".join(_ALIKE.get(c, c) for c in text)
    fixes = (fixed,) if _KNOWN.fullmatch(fixed) else ()
    return SyntaxMistake(f"{shown} is not a character of the language; it looks like '{alike}'", span, fixes=fixes)

"""Names on their way out: Greek letters, subscripts, and the names that Python keeps for itself.

A name reaches us as `[A-Za-z][A-Za-z0-9_]*`, or as a Greek letter.  Nothing else is ever copied into an output.
"""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass

from matcalc.errors import NameMistake

_WORDS = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
]  # fmt: skip
_SMALL = "αβγδεζηθικλμνξοπρστυφχψω"
_LARGE = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
GREEK = dict(zip(_WORDS, _SMALL, strict=True)) | dict(zip((w.capitalize() for w in _WORDS), _LARGE, strict=True))
"""The Greek letter that a word of the input stands for."""
ASCII = {letter: word for word, letter in GREEK.items()}

SHORT = {"lam": "λ", "lamda": "λ", "lmbda": "λ", "eps": "ε"}
"""How programs shorten Greek words: `lambda` is a word of Python itself."""

_LATIN_LOOKALIKE = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo", strict=True))
_IDENTIFIER = re.compile(rf"(?P<base>[A-Za-z]+|[{_SMALL}{_LARGE}])(?P<rest>[A-Za-z0-9_]*)")
_PYTHON = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"np"}


@dataclass(frozen=True)
class Name:
    """A name in its parts: `beta_1` is the base β (of one letter), the rest `_1`."""

    base: str
    rest: str

    @property
    def is_letter(self) -> bool:
        """Whether it is one letter, with or without a subscript."""
        return len(self.base) == 1

    @property
    def subscript(self) -> str:
        """The rest without the underscores around it."""
        return self.rest.strip("_")


def is_name(text: str) -> bool:
    """Whether this may be printed as a name at all."""
    return _IDENTIFIER.fullmatch(text) is not None


def parts_of(name: str) -> Name:
    """The parts of a name; raises NameMistake for what is none.

    >>> parts_of("beta_1"), parts_of("x1")
    (Name(base='β', rest='_1'), Name(base='x', rest='1'))
    """
    match = _IDENTIFIER.fullmatch(name)
    if match is None:
        raise NameMistake(f"{name!r} is not a name: letters, digits and underscores, a letter first")
    base, rest = match["base"], match["rest"]
    return Name(GREEK.get(base, base), rest)


def shown_parts(name: str) -> Name:
    """The parts of a name as a formula shows it: the Greek letter of `lam` and `eps` too.

    >>> shown_parts("lam_1")
    Name(base='λ', rest='_1')
    """
    parts = parts_of(name)
    return Name(SHORT.get(parts.base, parts.base), parts.rest)


def latex_letter(letter: str) -> str:
    """A letter as LaTeX has it: a command where it is Greek."""
    if letter in _LATIN_LOOKALIKE:
        return _LATIN_LOOKALIKE[letter] if letter == "ο" else rf"\mathrm{{{_LATIN_LOOKALIKE[letter]}}}"
    return "\\" + ASCII[letter] if letter in ASCII else letter


def python_name(name: str, reserved: frozenset[str] = frozenset()) -> str:
    """The name as Python can have it: keywords, built-in functions and `np` get an underscore.

    A name that already is a reserved one with underscores gets one more, so that no two names meet.

    >>> python_name("lambda"), python_name("lambda_"), python_name("β"), python_name("x")
    ('lambda_', 'lambda__', 'beta', 'x')
    """
    parts = parts_of(name)
    text = ASCII.get(parts.base, parts.base) + parts.rest
    kept = text.rstrip("_")
    if kept in _RESERVED or kept in reserved:
        text += "_"
    assert _PYTHON.fullmatch(text), text
    return text

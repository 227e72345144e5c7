r"""LaTeX as people paste it, respelled in the input language: `\frac{1}{2} \|A x - b\|_2^2` is `1/2 * ‖A@x - b‖_2^2`.

A letter is a name, as in mathematics: `Ax` is a product.  Which sign a product has is decided as for any text with signs missing
(syntax.respell); the reader of the candidates keeps the first whose shapes fit.  Macros are not expanded, nothing is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from matcalc.core.reality import UNIT
from matcalc.core.words import vocabulary
from matcalc.errors import LimitReached, Span, SyntaxMistake, Unsupported
from matcalc.syntax.letters import GREEK_NAMES
from matcalc.syntax.respell import joined
from matcalc.syntax.texwords import (
    ACCENTS,
    BARS,
    CLOSING,
    ELSEWHERE,
    ENTRYWISE,
    FONTS,
    FUNCTION,
    LEFT,
    OPERATORS,
    RENAMED,
    SKIPPED,
    TOKEN,
    TURNED,
    VARIANTS,
    WORDS,
)  # fmt: skip

DEEPEST = 100


def looks_like_latex(text: str) -> bool:
    """Whether a text has a command, a dollar sign or a group after ^ or _."""
    return bool(re.search(r"\\(?:[A-Za-z]{2}|\||[A-Za-z]\s*\{)|\$|[\^_]\s*\{", text))


def candidates(text: str, indices: Iterable[str] = ()) -> Iterator[str]:
    """Texts of the input language that a LaTeX formula may mean, likeliest first; raises SyntaxMistake, Unsupported, LimitReached.

    `indices` are letters that count wherever they are subscripts, as those that a sum binds do.
    """
    plain = _Reader(LEFT.sub("", text, 1), indices).whole()
    yield from dict.fromkeys(joined(plain, sign) for sign in ("", "@", "*"))


class _Reader:
    """Reads tokens from left to right; products are written with blanks between their factors."""

    def __init__(self, text: str, indices: Iterable[str] = ()) -> None:
        self.text = text
        self.found = [m for m in TOKEN.finditer(text) if m[0] not in SKIPPED and m[0] != "\\ "]
        self.at = 0
        self.depth = 0
        self.indices: list[str] = list(indices)

    def whole(self) -> str:
        """The formula; what is left over is a mistake."""
        found = self.expression()
        if self.at < len(self.found):
            raise self.mistake(f"'{self.token}' is not expected here")
        return found

    @property
    def token(self) -> str:
        return self.found[self.at][0] if self.at < len(self.found) else ""

    def taken(self) -> str:
        self.at += 1
        return self.found[self.at - 1][0] if self.at <= len(self.found) else ""

    def mistake(self, message: str) -> SyntaxMistake:
        return SyntaxMistake(message, self.span())

    def span(self) -> Span:
        where = self.found[min(self.at, len(self.found) - 1)] if self.found else None
        return Span(self.text, where.start(), where.end()) if where else Span(self.text, 0, 0)

    def expression(self, bar: str = "") -> str:
        """Sums and comparisons, up to a closing bracket, a comma or the bar that is open."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise LimitReached(f"LaTeX may be nested {DEEPEST} deep", self.span())
        parts: list[str] = []
        while self.token and self.token not in CLOSING and not (bar and BARS.get(self.token) == bar):
            if self.token in OPERATORS:
                parts.append(OPERATORS[self.taken()])
            elif self.token == ",":
                self.at += 1
                parts.append(",")
            elif self.token == "=":
                raise self.mistake("an expression is wanted, not an equation")
            else:
                parts.append(self.product(bar))
        self.depth -= 1
        if not parts:
            raise self.mistake("something is wanted here")
        return " ".join(parts).replace(" ,", ",")

    def product(self, bar: str) -> str:
        """Factors side by side."""
        factors: list[str] = []
        while self.token and self.token not in CLOSING and self.token not in OPERATORS and self.token not in (",", "="):
            if bar and BARS.get(self.token) == bar:
                break
            if self.token in ENTRYWISE:
                self.at += 1
                factors.append("⊙")
            elif self.token in ("/", r"\oslash"):
                self.at += 1
                factors.append("/")
            elif self.token == r"\otimes":
                self.at += 1
                factors[-1:] = [f"kron({factors[-1] if factors else ''}, {self.factor(bar)})"]
            else:
                factors.append(self.factor(bar))
        return _entrywise(factors) if "⊙" in factors else " ".join(factors)

    def factor(self, bar: str) -> str:
        """An operand with its superscripts and subscripts."""
        atom = self.atom(bar)
        while self.token in ("^", "_", "'"):
            if self.taken() == "'":
                atom += ".T"
            elif self.found[self.at - 1][0] == "_":
                atom += self.subscript(atom)
            else:
                atom = self.raised(atom)
        return atom

    def script(self) -> str:
        """The tokens of a script as one text: a group, or one token."""
        if self.token != "{":
            word = self.taken()
            return word + (f" {self.script()}" if word in FONTS | WORDS else "")
        self.at += 1
        start, depth = self.at, 1
        while depth and self.token:
            depth += (self.token == "{") - (self.token == "}")
            self.at += 1
        return " ".join(m[0] for m in self.found[start : self.at - 1])

    def raised(self, atom: str) -> str:
        start = self.at
        script = re.sub(r"\\(mathsf|mathrm|text|rm) ?\{? ?(\w) ?\}?", r"\2", self.script())
        if script in TURNED or script == "T":
            return f"{atom}.T"
        if script in ("- 1", "-1"):
            return f"{atom}^-1"
        if script.startswith("- ") and script[2:] in TURNED:
            return f"{atom}^-T"
        if script in (r"\dagger", "+"):
            return f"pinv({atom})"
        if script == "H":
            return f"{atom}.H"
        if script in (r"\ast", "*"):
            raise Unsupported("a star may be the conjugate or its transpose; the transpose is X^H", self.span())
        self.at = start
        inside = self.group()
        if atom == "e":
            return f"exp({inside})"
        return f"{atom}^{inside}" if re.fullmatch(r"\w+", inside) else f"{atom}^({inside})"

    def subscript(self, atom: str) -> str:
        script = self.script().replace(" ", "").replace("\\infty", "inf").replace("\\ast", "*").replace("\\", "").replace(",", "_")
        if atom.endswith("‖"):
            return f"_{script}" if script in ("1", "2", "F", "*", "inf") or script.isdigit() else ""
        if script and all(c in self.indices for c in script.replace("_", "")):
            return f"[{', '.join(script.replace('_', ''))}]"
        if not re.fullmatch(r"[A-Za-z0-9_]+", script):
            raise self.mistake(f"the subscript {script} is not read")
        return f"_{script}"

    def group(self) -> str:
        """A group in braces, or a single token, as an expression."""
        if self.token != "{":
            if self.token[:1].isdigit() and len(self.token) > 1:  # \frac12 is one half
                first, last = self.found[self.at].span()
                digits = [TOKEN.match(self.text, k, k + 1) for k in range(first, last)]
                self.found[self.at : self.at + 1] = [digit for digit in digits if digit is not None]
            return self.atom("")
        self.at += 1
        inside = self.expression()
        if self.taken() != "}":
            raise self.mistake("'{' is never closed")
        return inside

    def bracketed(self, closing: str) -> str:
        inside = self.expression()
        if self.taken() not in (closing, ")", "]"):
            raise self.mistake("a bracket is never closed")
        return inside

    def atom(self, bar: str) -> str:
        token = self.taken()
        if token in ("(", "[", r"\{"):
            return f"({self.bracketed(')')})"
        if token == "{":
            self.at -= 1
            return f"({self.group()})"
        if token in BARS:
            return self.barred(BARS[token])
        if token[:1].isdigit() or token[:1] == ".":
            return token
        if token in (r"\frac", r"\tfrac", r"\dfrac"):
            return f"{_tight(self.group())}/{_tight(self.group())}"
        if token == r"\sqrt":
            return f"sqrt({self.group()})"
        if token == r"\langle":
            return f"dot({self.bracketed(chr(92) + 'rangle')})"
        return self.named(token, bar)

    def barred(self, bar: str) -> str:
        inside = self.expression(bar)
        if BARS.get(self.taken()) != bar:
            raise self.mistake("a bar has no partner")
        if bar == "‖":
            return f"‖{inside}‖"
        return f"det({inside})" if re.fullmatch(r"[A-Z]\w*", inside) else f"abs({inside})"

    def named(self, token: str, bar: str) -> str:
        """A letter, a Greek one, a letter in another font, or a function."""
        if token in FONTS:
            inside = self.script().replace(" ", "")
            if inside == "1" and self.token in ("+", "-"):
                return "1"  # added to every entry
            if inside == "1":
                raise Unsupported("a vector of ones is written ones(n), with its size", self.span())
            return self.applied(inside.removeprefix("\\"))
        if token in ACCENTS:
            return self.script().replace(" ", "").removeprefix("\\") + ACCENTS[token]
        word = self.script().replace(" ", "").strip("*") if token in WORDS else token.removeprefix("\\")
        if word == "i" and token == r"\mathrm":
            return UNIT
        word = RENAMED.get(VARIANTS.get(word, word), VARIANTS.get(word, word))
        spelled = FUNCTION.match(self.text, self.found[self.at - 1].start()) if token.isalpha() else None
        if spelled is not None and len(spelled[1]) > 1 and spelled[1] in vocabulary():
            self.at += len(spelled[1]) - 1
            return self.called(spelled[1], bar)
        if len(word) == 1 and word.isalpha() and (token == word or token in WORDS):
            return self.applied(word)
        if word == "sigma" and self.token == "(":
            return self.called("sigmoid", bar)
        if word in GREEK_NAMES or word == "inf":
            return word
        if word == "infty":
            return "inf"
        if word in ("sum", "prod") and self.token == "_":
            return self.summed(word, bar)
        if word == "int":
            raise Unsupported("integrals are not supported", self.span())
        if word in vocabulary() or word in ("sqrt", "dot"):
            return self.called(word, bar)
        self.at -= 1
        mistake = self.mistake(f"'{token}' is not read" if token else "the formula ends where an operand is wanted")
        mistake.notes += (ELSEWHERE[token],) if token in ELSEWHERE else ()
        raise mistake

    def summed(self, word: str, bar: str) -> str:
        """A sum over the whole range of an index: to n from 1, or without bounds."""
        self.at += 1
        index, _, first = self.script().replace(" ", "").partition("=")
        if self.token == "^":
            self.at += 1
            self.script()
        if len(index) != 1 or first not in ("", "1"):
            raise Unsupported("a sum in LaTeX is over the whole range of an index; others are written sum(i, first, last, f)", self.span())
        self.indices.append(index)
        body = self.product(bar)
        self.indices.pop()
        return f"{word}({index}, {body})"

    def applied(self, letter: str) -> str:
        """`f(x)` of a letter that functions have is a call."""
        if letter in "fghL" and self.token == "(":
            self.at += 1
            return f"{letter}({self.bracketed(')')})"
        return letter

    def called(self, word: str, bar: str) -> str:
        """A function with its argument: in brackets, else all factors that follow."""
        power = ""
        if self.token == "^":
            self.at += 1
            inside = self.group()
            power = f"^{inside}" if re.fullmatch(r"\w+", inside) else f"^({inside})"
        if self.token in ("(", "[", "{"):
            closing = {"(": ")", "[": "]", "{": "}"}[self.taken()]
            inside = self.expression()
            if self.taken() != closing:
                raise self.mistake("a bracket is never closed")
        else:
            inside = self.product(bar)
        return f"{word}({inside}){power}"


def _entrywise(factors: list[str]) -> str:
    """Factors with ⊙ among them: on paper a product of matrices binds tighter."""
    chains: list[list[str]] = [[]]
    for factor in factors:
        if factor == "⊙":
            chains.append([])
        else:
            chains[-1].append(factor)
    return " ⊙ ".join(" ".join(chain) if len(chain) == 1 else f"({' '.join(chain)})" for chain in chains)


def _tight(text: str) -> str:
    return text if re.fullmatch(r"[\w.]+", text) else f"({text})"

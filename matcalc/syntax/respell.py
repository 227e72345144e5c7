"""Other notations respelled: what was meant by a text in the manner of MATLAB, of NumPy's attributes, of LaTeX or of a blackboard.

Nothing here is read silently.  A text that does not parse is respelled as a whole, and what then parses is a candidate for the
fix of its error; the reading keeps those whose shapes fit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from matcalc.core.words import vocabulary
from matcalc.errors import MatcalcError
from matcalc.syntax.dialects import translated
from matcalc.syntax.kinds import S, by_letter
from matcalc.syntax.letters import ALIKE, INVISIBLE, ascii_name
from matcalc.syntax.tokens import Token, ends_operand, starts_operand, tokens

LONGEST = 2_000
"""Longer texts are not respelled."""
_MODULES = (
    r"(?<![\w.)\]])(?:np|numpy|jnp|jax|torch|tf|math|sp|scipy|la|LA|linalg|F)"
    r"\s*\.\s*(?:(?:linalg|nn|functional|special|numpy|random)\s*\.\s*)*"
)
_OPERAND = r"(\w+(?:\.T\b)?|\([^()]*\))"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (_MODULES + r"(?=[A-Za-z_])", ""),
    (r"\|\|([^|]+)\|\|_\{?(1|inf)\}?", r"norm(\1, \2)"),
    (r"\|\|([^|]+)\|\|_\{?\*\}?", r"norm(\1, 'nuc')"),
    (r"\|\|([^|]+)\|\|(?:_2|_F|_\{[2F]\})?", r"norm(\1)"),
    (r"\bnorm([12])\(([^(),]*)\)", r"norm(\2, \1)"),
    (r"(\w+|\([^()]*\))\s*(?:⊗|\bkron\b)\s*([A-Za-z]\w*|\([^()]*\))", r"kron(\1, \2)"),
    (r"\blog\s*\|\s*([A-ZΓΔΘΛΞΠΣΥΦΨΩ]\w*)\s*\||\blog\s+det\s*\(([^()]*)\)", r"logdet(\1\2)"),
    (r"\|\s*([A-ZΓΔΘΛΞΠΣΥΦΨΩ]\w*)\s*\|", r"det(\1)"),
    (r"\|([^|]+)\|", r"abs(\1)"),
    (r"(\w+|\([^()]*\))\s*\\\s+(\w+|\([^()]*\))", r"solve(\1, \2)"),
    (r"\^\s*\{\s*(?:T|\\top)\s*\}", ".T"),
    (r"\^\s*\{([^{}]*)\}", r"^(\1)"),
    (r"_\{(\w+)\}", r"_\1"),
    (_OPERAND + r"\s*\.\s*(?:transpose\(\)|t\(\)|H\b|mT\b|t\b)", r"\1.T"),
    (_OPERAND + r"\s*\.\s*(?:dot|matmul)\(([^()]*)\)", r"(\1 @ (\2))"),
    (_OPERAND + r"\s*\.\s*(?:pow|square)\(([^()]*)\)", r"\1**(\2)"),
    (_OPERAND + r"\s*\.\s*([a-z]\w*)\(\)", r"\2(\1)"),
    (_OPERAND + r"\s*\.\s*([a-z]\w*)\(([^()]+)\)", r"\2(\1, \3)"),
    (r"\btranspose\(([^()]*)\)", r"(\1).T"),
    (r"\b(?:matmul|mm)\(([^(),]*),([^(),]*)\)", r"(\1) @ (\2)"),
    (r"\b(?:multiply)\(([^(),]*),([^(),]*)\)", r"(\1) * (\2)"),
    (r"\blog(2|10)\(([^()]*)\)", r"log(\2)/log(\1)"),
    (r"\bsquare\(([^()]*)\)", r"(\1)**2"),
    (r"(?<![\w.])(.+?)\s+if\s+(.+?)\s+else\s+(.+)$", r"where(\2, \1, \3)"),
    (r"//", "/"),
    (r"\$", ""),
    (r"(?<![A-Z])\{([^{}]*)\}", r"(\1)"),
    (r"(?<![\w)\]])\((\w+(?:\.T)?)\)(?!\s*\()", r"\1"),
    (r"^\(([^()]*)\)$", r"\1"),
)
_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in _PATTERNS)


MEANT = {
    word: meant
    for meant, others in {
        "tr": "Tr Trace TR", "det": "Det determinant", "inv": "Inv inverse", "pinv": "pseudoinverse pinverse", "log": "Log Ln loge",
        "logdet": "slogdet log_det", "exp": "Exp", "sqrtm": "msqrt", "sign": "Sign signum", "relu": "Relu RELU",
        "sigmoid": "Sigmoid",
        "abs": "Abs", "vec": "vectorize flatten ravel", "kron": "Kron kronecker", "diag": "Diag diagonal",
        "max": "Max", "min": "Min", "norm": "Norm length frobenius", "eye": "identity", "eigvals": "eig eigenvalues",
        "svdvals": "svd singular_values", "dot": "vdot innerprod", "hadamard": "mul times elementwise",
        "sum": "Sum total", "mean": "Mean average avg", "matpow": "mpower", "expm": "matrix_exp", "digamma": "Digamma",
        "logsumexp": "lse LogSumExp", "softmax": "Softmax SoftMax", "solve": "mldivide linsolve",
    }.items()
    for word in others.split()
}  # fmt: skip
"""Words of other systems, by what they are called here."""
BAR = re.compile(r"(?<!\|)\|([^|]+)\|(?!\|)")
"""|x|, which is an absolute value, or a length, or a determinant."""
_LEFT = re.compile(r"\s*\w+\s*(\([\w\s,]*\))?\s*")
"""`f(x)` in front of `= …`."""
_OTHER = re.compile(r"\b(?:and|or|not|for|in|import|def|return)\b|&|%|->|\dj\b|^\s*(?:d|∂)\s*/\s*(?:d|∂)|#")
"""What cannot be respelled by the letter."""


def candidates(text: str) -> Iterator[str]:
    """Texts that may have been meant, likeliest first."""
    if len(text) > LONGEST:
        return
    if (other := translated(text)) != text:
        yield other
        text = other
    if _OTHER.search(text):
        return
    left, sign, right = text.partition("=")
    if sign and _LEFT.fullmatch(left):
        yield from (right.strip(), *candidates(right))
    yield from _from_latex(text)
    plain = _called(_patterned(_characters(re.sub(r"(?<=[)\]])[₀-₉]+", "", text))))
    bars = BAR.sub(r"norm(\1)", _characters(text))
    yield _closed(joined(separated(plain), ""))
    yield _closed(joined(_called(_patterned(bars)), ""))
    yield from (_closed(joined(plain, sign)) for sign in "@*")


def _from_latex(text: str) -> list[str]:
    from matcalc.syntax import tex

    try:
        return list(tex.candidates(text)) if tex.looks_like_latex(text) else []
    except MatcalcError:
        return []


def _characters(text: str) -> str:
    """Look-alikes and letters in other fonts as the letters that they look like."""
    text = text.translate({ord("ᵢ"): "_i", ord("ⱼ"): "_j", ord("ₖ"): "_k"})
    return "".join(map(_plain_letter, (ALIKE.get(c, c) for c in text if c not in INVISIBLE)))


def _plain_letter(c: str) -> str:
    """A letter of another font (𝐱, ｘ) as the letter that it is."""
    plain = unicodedata.normalize("NFKC", c)
    return plain if c not in "ᵀᴴ" and c.isalpha() and plain.isascii() else c


_SUM = re.compile(r"(?:\bsum|Σ|∑)\s*_\{?([a-z])\}?\s+(.*)$")


_LENGTH = re.compile(r"(\w?)(\|\|[^|]+\|\|)")
"""||x||, with what stands right in front of it."""


def _summed(found: re.Match[str]) -> str:
    """`sum_i y_i` with the index as a subscript: sum(i, y[i])."""
    i, body = found[1], found[2]
    return f"sum({i}, {re.sub(rf'(?<=[A-Za-z])_{i}(?![A-Za-z0-9_])', f'[{i}]', body)})"


def _patterned(text: str) -> str:
    text = _SUM.sub(_summed, text)
    text = _LENGTH.sub(lambda m: f"{m[1]}*{m[2]}" if m[1] else m[2], text)
    for pattern, replacement in _COMPILED:
        text = pattern.sub(replacement, text)
    return text


def _called(text: str) -> str:
    """`sin x`, `sum x^2`, `log sum exp(x)` and `sin^2(x)` as calls."""
    found = tokens(text)
    pieces, at, k = [], 0, 0
    while k < len(found):
        after = found[k + 1] if k + 1 < len(found) else None
        if not _is_function(found[k]) or after is None:
            k += 1
        elif after.text in ("^", "**") and k + 3 < len(found) and found[k + 2].sort == "number" and found[k + 3].text == "(":
            end = _group_end(found, k + 3)
            pieces.append(f"{text[at : found[k].end]}{text[found[k + 3].start : found[end].end]}**{found[k + 2].text}")
            at, k = found[end].end, end + 1
        elif starts_operand(after) and after.text != "(":
            end = _argument_end(found, k + 1)
            pieces.append(f"{text[at : found[k].end]}({_called(text[after.start : found[end].end])})")
            at, k = found[end].end, end + 1
        else:
            k += 1
    return "".join(pieces) + text[at:]


def _is_function(token: Token) -> bool:
    return token.sort == "name" and len(token.text) > 1 and (token.text in vocabulary() or token.text == "sqrt")


def _argument_end(found: list[Token], k: int) -> int:
    """The last token of an argument without brackets: an operand with its powers, or a function with its own argument."""
    end = k
    while _is_function(found[end]) and end + 1 < len(found) and found[end + 1].text != "(":
        end += 1
    while end + 1 < len(found):
        if found[end + 1].text in ("(", "[") and found[end + 1].start == found[end].end:
            end = _group_end(found, end + 1)
        elif found[end + 1].sort == "postfix":
            end += 1
        elif found[end + 1].text in ("^", "**") and end + 2 < len(found):
            end += 2
        else:
            break
    return end


def _group_end(found: list[Token], k: int) -> int:
    """The token that closes the bracket at a place, or the last one."""
    depth = 0
    for end in range(k, len(found)):
        depth += (found[end].text in "([") - (found[end].text in ")]")
        if not depth:
            return end
    return len(found) - 1


def joined(text: str, sign: str) -> str:
    """A sign between operands that stand side by side; where none is given, what their letters suggest.

    What stands side by side binds tighter than a quotient with blanks around its sign: `x y / z w` is x y / (z w).
    """
    found = tokens(text)
    missing = _junctions(found)
    edits = []
    for k in missing:
        left, right = found[k], found[k + 1]
        between = _between(left, right, sign or ("@" if left.sort == "number" and _is_exponent(found, left) else ""))
        edits.append((left.end, right.start, between if left.end == right.start else f" {between} "))
    for first, last in _divisors(text, found, missing):
        edits += [(found[first].start, found[first].start, "("), (found[last].end, found[last].end, ")")]
    pieces, at = [], 0
    for start, end, new in sorted(edits):
        pieces += [text[at:start], new]
        at = end
    return "".join(pieces) + text[at:]


def _junctions(found: list[Token]) -> set[int]:
    """The tokens behind which a sign is missing."""
    missing, inside = set(), False
    for k, (left, right) in enumerate(pairwise(found)):
        inside ^= left.text == "‖"
        if not (inside and "‖" in (left.text, right.text)) and _is_missing(left, right):
            missing.add(k)
    return missing


def _divisors(text: str, found: list[Token], missing: set[int]) -> Iterator[tuple[int, int]]:
    """The first and last tokens of products without signs that stand under a quotient with blanks around its sign."""
    for k, token in enumerate(found):
        if token.text != "/" or not text[token.start - 1 : token.start].isspace() or not text[token.end : token.end + 1].isspace():
            continue
        depth, last = 0, k
        for j in range(k + 1, len(found)):
            depth += (found[j].text in "([") - (found[j].text in ")]")
            ends = found[j].text == "," or (found[j].sort == "sign" and found[j].text not in ("^", "**"))
            if depth < 0 or (not depth and ends):
                break
            last = j
        if any(j in missing and found[j].sort != "number" for j in range(k + 1, last)):
            yield k + 1, last


def _is_missing(left: Token, right: Token) -> bool:
    """Whether a sign is missing between two tokens: a name with a bracket right behind it is a call or a subscript."""
    called = right.text in "([" and left.end == right.start and (left.sort == "name" or right.text == "[")
    return ends_operand(left) and starts_operand(right) and not called


def _is_exponent(found: list[Token], number: Token) -> bool:
    k = found.index(number)
    return any(token.text in ("^", "**") for token in found[max(k - 2, 0) : k])


def _between(left: Token, right: Token, sign: str) -> str:
    """`*` after a number, a norm or a letter of scalars; `@` after what looks like a matrix."""
    if sign or left.sort == "number" or right.sort == "number":
        return sign or "*"
    if left.text == "‖":
        return "*"
    if right.text == "‖" and left.sort == "name":
        return "*"
    small = left.sort == "name" and left.text[0].islower()
    if left.text == "]" or (small and right.sort == "name" and (right.text[0].isupper() or right.text in vocabulary())):
        return "*"  # y[i] x and t B: a vector in front of a matrix would be transposed
    names = [token.text for token in (left, right) if token.sort == "name"]
    matrix = left.sort != "name" or left.text[0].isupper()
    scalar = any(name not in vocabulary() and by_letter(ascii_name(name))[0] == S for name in names)
    return "*" if scalar and not matrix else "@"


def _closed(text: str) -> str:
    """With the brackets closed that are open at the end, and without those that close nothing."""
    opened: list[str] = []
    kept = []
    for c in text:
        if c in "([":
            opened.append(")" if c == "(" else "]")
        elif c in ")]":
            if not opened:
                continue
            c = opened.pop()
        kept.append(c)
    return "".join(kept).strip() + "".join(reversed(opened))


def separated(text: str, wanted: str = "") -> str:
    """`Ax` as `A@x`: short names with a letter that stands alone elsewhere, or is `wanted`, taken apart."""
    found = tokens(text)
    alone = {token.text for token in found if token.sort == "name" and len(token.text) == 1} | {wanted}
    pieces, at = [], 0
    for k, token in enumerate(found):
        called = k + 1 < len(found) and found[k + 1].text == "("
        short = token.sort == "name" and 1 < len(token.text) < 5 and token.text.isalpha() and token.text.isascii()
        if short and not called and token.text not in vocabulary() and set(token.text) & alone:
            pieces.append(text[at : token.start] + "@".join(token.text))
            at = token.end
    return "".join(pieces) + text[at:]

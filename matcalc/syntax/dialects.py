"""Other systems' sentences in the words of this language: R, Mathematica, MATLAB, Julia, loops of Python.

    t(x) %*% A %*% x        x.T @ A @ x          Tr[Inverse[X].A]                    tr(inv(X)@A)
    A \\ b                   solve(A, b)          sum(x[i]**2 for i in range(n))      sum(i, x[i]**2)

Nothing is read so: what comes out is a candidate for the fix of an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_OPERAND = r"(\w+(?:\.T\b)?|\([^()]*\))"
_INSIDE = r"((?:[^()]|\([^()]*\))*)"
_BRACKETED = {
    "Tr": "tr", "Det": "det", "Inverse": "inv", "Norm": "norm", "Log": "log", "Exp": "exp", "Sqrt": "sqrt", "Sin": "sin", "Cos": "cos",
    "Tanh": "tanh", "Abs": "abs", "Sign": "sign", "Total": "sum", "Dot": "dot", "MatrixExp": "expm", "MatrixLog": "logm", "Max": "max",
    "KroneckerProduct": "kron", "Diagonal": "diag", "DiagonalMatrix": "diag", "PseudoInverse": "pinv", "Mean": "mean",
    "Transpose": "transpose", "MatrixPower": "matpow", "Outer": "outer", "LogisticSigmoid": "sigmoid", "IdentityMatrix": "eye", "D": "D",
}  # fmt: skip
"""Words of Mathematica, whose arguments stand in square brackets."""
_CALL = re.compile(rf"\b({'|'.join(_BRACKETED)})\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_ENTRY = re.compile(r"\b([A-Za-z])\(\s*(\d+|:)\s*(?:,\s*(\d+|:)\s*)?\)")
_STACK = re.compile(r"(?<![\w)\]])\[([^\[\],;]+(?:;[^\[\],;]+)+)\]")
_PATTERNS: tuple[tuple[str, str], ...] = (
    (r"\s*%\*%\s*", " @ "),
    (rf"{_OPERAND}\s*%o%\s*{_OPERAND}", r"outer(\1, \2)"),
    (rf"{_OPERAND}\s*%x%\s*{_OPERAND}", r"kron(\1, \2)"),
    (rf"\bcrossprod\({_INSIDE}\)", r"((\1).T @ (\1))"),
    (r"\bt\((\w+)\)", r"\1.T"),
    (rf"\bt\({_INSIDE}\)", r"(\1).T"),
    (r"(\w|\))\s*\.\s*([+-])\s*", r"\1 \2 "),
    (r"\bsolve\(([^(),]*)\)", r"inv(\1)"),
    (rf"\bsum\(abs2,\s*{_INSIDE}\)", r"sum((\1)**2)"),
    (rf"\bsum\({_INSIDE}\s+for\s+(\w+)\s+in\s+range\((?:len\()?\w+\)?\)\)", r"sum(\2, \1)"),
    (r"^\s*lambda\s+[\w, ]+:\s*", ""),
    (r"^\s*(?:d|∂)\s*/\s*(?:d|∂)\s*\w+\s+", ""),
    (rf"{_OPERAND}\s*\.\s*(sum|mean|max|min|prod)\((?:axis\s*=\s*|dim\s*=\s*)?([01])\)", r"\2(\1, axis=\3)"),
    (rf"{_OPERAND}\s*\.\s*(?:dot|matmul)\((\w+(?:\.T)?)\)", r"(\1@\2)"),
    (rf"{_OPERAND}\s*\.\s*(?:dot|matmul)\((\w+(?:\.T)?)\)", r"(\1@\2)"),
    (r"(\w+'?|\([^()]*\)'?)\s*\\\s*(\w+'?|\([^()]*\)'?)(?![\w({'])", r"solve(\1, \2)"),
    (r"^\(([^()]*)\)$", r"\1"),
)
_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in _PATTERNS)
_DOT = re.compile(r"(?<=[\w)\]])\.(?![TtH]\b)(?=(?:[A-Za-z]\b(?!\())|\()")
"""A dot between operands, the right one a letter or in brackets."""


def translated(text: str) -> str:
    """The text as a person of this language would have written it, as far as its dialect is known; else the text."""
    new = _until_it_stays(text, _of_mathematica)
    for pattern, replacement in _COMPILED:
        new = pattern.sub(replacement, new)
    new = _ENTRY.sub(_entry, new)
    return _STACK.sub(lambda m: f"vstack({', '.join(part.strip() for part in m[1].split(';'))})", new)


def _until_it_stays(text: str, change: Callable[[str], str]) -> str:
    for _ in range(20):
        new = change(text)
        if new == text:
            break
        text = new
    return text


def _of_mathematica(text: str) -> str:
    """Calls with square brackets, the innermost first; a dot between operands is a product."""
    return _DOT.sub("@", _CALL.sub(_called, text))


def _called(found: re.Match[str]) -> str:
    word, inside = _BRACKETED[found[1]], found[2]
    if word == "D":
        return inside.partition(",")[0].strip()
    if word == "transpose":
        return f"{inside}.T" if inside.isalnum() else f"({inside}).T"
    return f"{word}({inside})"


def _entry(found: re.Match[str]) -> str:
    """A(1, 2) counted from 1 as A[0, 1]."""
    places = [place if place == ":" else str(int(place) - 1) for place in found.groups()[1:] if place is not None]
    alone = len(places) == 1 and places[0] != ":" and found[1].islower()
    wanted = len(places) == 2 or (alone and found[1] in "xyzuvwabc")
    return f"{found[1]}[{', '.join(places)}]" if wanted and "-1" not in places else found[0]

"""What `matcalc explain` says: about an error code, a word of the language, the JSON.

A word's page is made of its declaration: how it is called, its entry in the catalogue, where it does not hold.
"""

from __future__ import annotations

from difflib import get_close_matches

from matcalc.answers.catalogue import operation_entry
from matcalc.core.equation import axes, letters
from matcalc.core.expression import Expr
from matcalc.core.leaves import symbol
from matcalc.core.operation import Operation
from matcalc.core.size import Size
from matcalc.core.words import extras, vocabulary
from matcalc.emit.pretty import pretty
from matcalc.errors import NameMistake, pages

CONSTANTS = {
    "I": "I   the identity; its size is found from what it meets.  I_n and eye(n) say it.",
    "eye": "eye(n)   the n×n identity, where nothing else says its size.",
    "ones": "ones(n), ones(m, n)   a vector or a matrix of ones.",
    "zeros": "zeros(n), zeros(m, n)   a vector or a matrix of zeros.",
    "e": "e(i, n)   the vector of n entries that is 1 at position i, which counts from 0, and 0 elsewhere.",
    "pi": "pi   the number π.",
    "dot": "dot(x, y)   xᵀy of vectors; of matrices A : B, the sum of all products of entries.",
    "sqrt": "sqrt(X)   the square root of every entry; of a matrix as a whole it is sqrtm(X).",
    "T": "X.T   the transpose; X', X^T and Xᵀ are read too.",
}
"""Pages of the words that are no operations of their own."""
CAPITALS, SMALLS = "XYZ", "xyz"


def explained(topic: str) -> str:
    """The page of a code or a word; without a topic, what there is.

    >>> print(explained("tr"))
    tr(X)   X: (n, n)
      tr(B) = I : B
      Trace.
      see Matrix Cookbook (99)
      for example  ∂(tr(X))/∂X = I
      also written trace
    """
    codes = pages()
    if not topic:
        lines = [f"  {code:12} {page.partition(chr(10))[0]}" for code, page in codes.items()]
        words = sorted(word for word in {*vocabulary(), *CONSTANTS} if word.isidentifier())
        return "\n".join(["error codes:", *lines, "", "json: what --to json prints", "", "words:", *_wrapped(words)])
    if topic in codes:
        return f"error[{topic}]: {codes[topic]}"
    if topic == "json":
        from matcalc.answers import report

        return (report.__doc__ or "").strip()
    if topic in vocabulary():
        return "\n\n".join(_page(op) for op in vocabulary()[topic])
    if topic in CONSTANTS:
        return CONSTANTS[topic]
    known = [*codes, "json", *vocabulary(), *CONSTANTS]
    near = get_close_matches(topic, known, 1, 0.6)
    nearest = f"; the nearest is {near[0]!r}" if near else ""
    raise NameMistake(f"there is no page about {topic!r}{nearest}; matcalc explain lists what there is")


def _wrapped(words: list[str], width: int = 100) -> list[str]:
    lines = ["  "]
    for word in words:
        if len(lines[-1]) + len(word) > width:
            lines.append("  ")
        lines[-1] += word + " "
    return [line.rstrip() for line in lines]


def _page(op: Operation) -> str:
    """The page of one operation: how it is called, its entry in the catalogue, where it does not hold."""
    arguments = _arguments(op)
    named = [a["name"] for a in arguments] + extras(op, {name: Size.of(name) for name in op.parameters})
    shapes = "; ".join(f"{a['name']}: {_declared(a)}" for a in arguments)
    lines = [f"{op.written}({', '.join(named)})   {shapes}" if not op.written.startswith("[") else f"X{op.written}"]
    lines += str(operation_entry(op)).splitlines()[1:]
    for domain in op.domain:
        said = domain.statement.format(*(pretty(a) for a in arguments), "…", "…")
        lines.append(f"  where {said}" if domain.kind != "kink" else f"  a kink unless {said}: {domain.choice}")
    if op.aliases:
        lines.append(f"  also written {', '.join(op.aliases)}")
    return "\n".join(lines)


def _arguments(op: Operation) -> list[Expr]:
    """A symbol for each argument, of the shape that the equation says; of an elementwise function a matrix."""
    words = op.equation.inputs if op.equation is not None else ("mn",) * op.arity
    made = []
    for k, word in enumerate(words):
        sizes = ["*".join(letters(axis)) for axis in axes(word)]
        name = (CAPITALS if len(sizes) == 2 else SMALLS)[k % 3]
        made.append(symbol(name, *(_size(size) for size in sizes)))
    return made


def _size(text: str) -> Size:
    found = Size.of(1)
    for name in text.split("*"):
        found = found * name
    return found


def _declared(a: Expr) -> str:
    rows, columns = a.shape
    return "scalar" if a.is_scalar else rows.text if columns is Size.of(1) else f"({rows}, {columns})"

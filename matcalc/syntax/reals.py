"""Messages about complex numbers where real ones are wanted."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.core.conjugates import is_seen_real
from matcalc.core.expression import Expr
from matcalc.core.reality import wanted_real
from matcalc.errors import Ambiguous, DomainMistake, Span
from matcalc.syntax.passage import Passage
from matcalc.syntax.tree import Branch


def real_wanted(passage: Passage, branch: Branch, word: str, operands: Sequence[tuple[Branch, Expr]], e: Expr) -> DomainMistake | None:
    """The mistake of an operation on what may be complex, where it means something for real numbers alone."""
    if wanted_real(e) is None:
        return None
    found = next(((b, x) for b, x in operands if not is_seen_real(x)), None)
    if found is None:
        return None
    part = found[0]
    words, text = passage.words(part), passage.text
    inside = text[part.start : part.end]
    fixes = [f"{text[: part.start]}{f}({inside}){text[part.end :]}" for f in ("real", "abs")]
    return DomainMistake(f"{word} is of real numbers, and {words} may be complex", passage.span(branch), fixes=tuple(fixes))


def turned_with_mark(passage: Passage, branch: Branch, x: Expr) -> Ambiguous | None:
    """Z' of what may be complex: MATLAB conjugates it."""
    if passage.text[branch.end - 1 : branch.end] != "'" or is_seen_real(x):
        return None
    before, after = passage.text[: branch.end - 1], passage.text[branch.end :]
    words = passage.words(branch)
    note = f"in MATLAB {words} is the transpose of the conjugate, {words[:-1]}.H here; {words[:-1]}.T is the transpose alone"
    fixes = tuple(before + mark + after for mark in (".H", ".T"))
    return Ambiguous(f"{words} of what is complex may mean two things", passage.span(branch), notes=(note,), fixes=fixes)


def complex_variable(passage: Passage, definition: Expr) -> DomainMistake | None:
    """The mistake of a derivative with respect to a definition that is complex."""
    if is_seen_real(definition):
        return None
    words = passage.words(passage.tree)
    note = f"{passage.label} is defined as {words}; ask for the derivatives in the variables that it is made of"
    message = f"a derivative is with respect to real variables, and {passage.label} is complex"
    return DomainMistake(message, passage.span(passage.tree), notes=(note,))


def complex_function(text: str) -> DomainMistake:
    """The mistake of differentiating what may be complex."""
    fixes = (f"real({text})", f"abs({text})") if text and " where " not in text else ()
    message = "a real function is wanted, and this may be complex"
    return DomainMistake(message, Span(text, 0, len(text)) if text else None, fixes=fixes)

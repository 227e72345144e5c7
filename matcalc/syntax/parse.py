"""Text to tree.  The checks that need no grammar come first (limits, letters, brackets), then the parser, then `slips` on failure."""

from __future__ import annotations

import unicodedata
from collections.abc import Container

from matcalc.errors import LimitReached, Span, SyntaxMistake
from matcalc.syntax.letters import check_characters
from matcalc.syntax.tree import Branch, postorder

LONGEST_TEXT = 10_000
DEEPEST = 2_000
_CLOSES = {")": "(", "]": "["}


def normal(text: str) -> str:
    """The text that is parsed and shown in messages: composed (NFC), since an accent may come as two characters."""
    if len(text) > LONGEST_TEXT:
        raise LimitReached(f"a text may have {LONGEST_TEXT:,} characters, and this one has {len(text):,}")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def parse(text: str, door: str = "text") -> Branch:
    """The tree of a text; raises SyntaxMistake, LimitReached.

    >>> parse("A @ x")
    <@, 2 parts, 0:5>
    """
    check_characters(text)
    check_brackets(text)
    from lark.exceptions import UnexpectedInput

    from matcalc.syntax.grammar import parser

    try:
        tree = parser().parse(text, start=door)
    except LimitReached as error:
        assert error.span is not None
        raise LimitReached(error.message, Span(text, error.span.start, error.span.end)) from None
    except UnexpectedInput as error:
        from matcalc.syntax.slips import slip

        token, place = getattr(error, "token", None), error.pos_in_stream
        if place is None or place < 0 or (token is not None and token.type == "$END"):
            place = len(text)
        raise slip(text, place, door) from None
    assert isinstance(tree, Branch)
    return tree


def check_brackets(text: str) -> None:
    """Raise SyntaxMistake at a bracket without its partner, LimitReached where brackets go too deep."""
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in "([":
            opened.append(place)
            if len(opened) > DEEPEST:
                raise LimitReached(f"brackets may be {DEEPEST:,} deep", Span(text, place, place + 1))
        elif character in ")]":
            if not opened:
                fixes = (text[:place] + " " + text[place + 1 :].lstrip(),) if place + 1 < len(text) else (text[:place],)
                raise SyntaxMistake(f"'{character}' closes nothing", Span(text, place, place + 1), fixes=_parsing(fixes))
            last = opened.pop()
            if text[last] != _CLOSES[character]:
                raise SyntaxMistake(f"'{text[last]}' is closed by '{character}'", Span(text, last, place + 1))
    if opened:
        closing = "".join(")" if text[place] == "(" else "]" for place in reversed(opened))
        span = Span(text, opened[-1], opened[-1] + 1)
        raise SyntaxMistake(f"'{text[opened[-1]]}' is never closed", span, fixes=_parsing((text.rstrip() + closing,)))
    if text.count("‖") % 2:
        place = text.rindex("‖")
        raise SyntaxMistake("'‖' has no partner", Span(text, place, place + 1))


def _parsing(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the texts that parse; the fixes of an error are never errors themselves."""
    kept = []
    for text in texts:
        try:
            parse(text)
        except (SyntaxMistake, LimitReached):
            continue
        kept.append(text)
    return tuple(kept)


def settled(tree: Branch, names: Container[str]) -> Branch:
    """The tree with `A^T`, `A^-1` and `A^-T` said plainly; `names` are declared, so that `A^T` may be a power after all."""
    done: dict[int, Branch] = {}
    for branch in postorder(tree):
        parts = tuple(done[id(part)] for part in branch.parts)
        if branch.kind == "^":
            done[id(branch)] = _raised(branch, parts, names)
        elif any(new is not old for new, old in zip(parts, branch.parts, strict=True)):
            done[id(branch)] = Branch(branch.kind, parts, branch.value, branch.start, branch.end)
        else:
            done[id(branch)] = branch
    return done[id(tree)]


def _raised(branch: Branch, parts: tuple[Branch, ...], names: Container[str]) -> Branch:
    base, exponent = parts
    sign, bare = exponent.kind == "neg", exponent.bare()
    turned = bare.kind == "name" and bare.value == "T" and "T" not in names
    if sign and (turned or (bare.kind == "number" and bare.value[0] == 1)) and exponent.parts[0] is bare:
        inverse = Branch("inverse", (base,), None, branch.start, branch.end)
        return Branch("T", (inverse,), None, branch.start, branch.end) if turned else inverse
    if turned and exponent is bare:
        return Branch("T", (base,), None, branch.start, branch.end)
    return Branch("^", parts, None, branch.start, branch.end)

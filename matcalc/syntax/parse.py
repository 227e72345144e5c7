"""Text to tree.  The checks that need no grammar come first (limits, letters, brackets), then the parser, then `slips` on failure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from fractions import Fraction

from matcalc.errors import LimitReached, Span, SyntaxMistake, Unsupported
from matcalc.syntax.letters import PRIMES, SPACES, check_characters
from matcalc.syntax.tree import Branch, postorder

LONGEST_TEXT = 10_000
DEEPEST = 2_000
_CLOSES = {")": "(", "]": "["}


def normal(text: str) -> str:
    """The text that is parsed and shown in messages: composed (NFC), since an accent may come as two characters."""
    if len(text) > LONGEST_TEXT:
        raise LimitReached(f"a text may have {LONGEST_TEXT:,} characters, and this one has {len(text):,}")
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(SPACES | PRIMES)


def parse(text: str, door: str = "text") -> Branch:
    """The tree of a text; raises SyntaxMistake, LimitReached.

    >>> parse("A @ x")
    <@, 2 parts, 0:5>
    """
    try:
        return _tree(text, door)
    except SyntaxMistake as error:
        if door == "text" and not error.fixes:
            from matcalc.syntax.respell import candidates

            error.fixes = sentences(candidates(text))
        raise


def _tree(text: str, door: str) -> Branch:
    """The same; the error has no fixes yet where it takes a respelling to find them."""
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
                raise SyntaxMistake(f"'{character}' closes nothing", Span(text, place, place + 1))
            last = opened.pop()
            if text[last] != _CLOSES[character]:
                raise SyntaxMistake(f"'{text[last]}' is closed by '{character}'", Span(text, last, place + 1))
    if opened:
        raise SyntaxMistake(f"'{text[opened[-1]]}' is never closed", Span(text, opened[-1], opened[-1] + 1))
    if text.count("‖") % 2:
        place = text.rindex("‖")
        raise SyntaxMistake("'‖' has no partner", Span(text, place, place + 1))


def sentences(texts: Iterable[str]) -> tuple[str, ...]:
    """Those of the texts that parse; the fixes of an error are never errors themselves."""
    kept = []
    for text in texts:
        try:
            _tree(text, "text")
        except (SyntaxMistake, LimitReached, Unsupported):
            continue
        kept.append(text)
    return tuple(dict.fromkeys(kept))


def settled(tree: Branch, names: Container[str], text: str = "") -> Branch:
    """The tree with `A^T`, `A^-1`, `A^-T`, `I_n` and `norm(X, fro)` said plainly.

    `names` are declared, so that `A^T` may be a power after all; `text` is what was typed, for messages.
    """
    done: dict[int, Branch] = {}
    for branch in postorder(tree):
        parts = tuple(done[id(part)] for part in branch.parts)
        if branch.kind == "^":
            done[id(branch)] = _raised(branch, parts, names, text)
        elif branch.kind == "name" and _IDENTITY.fullmatch(branch.value) and branch.value not in names:
            done[id(branch)] = _identity(branch)
        elif branch.kind == "call" and branch.value == "norm" and len(parts) == 2 and branch.value not in names:
            done[id(branch)] = Branch("call", (parts[0], _order(parts[1], names)), "norm", branch.start, branch.end)
        elif any(new is not old for new, old in zip(parts, branch.parts, strict=True)):
            done[id(branch)] = Branch(branch.kind, parts, branch.value, branch.start, branch.end)
        else:
            done[id(branch)] = branch
    return done[id(tree)]


_ORDERS = {"fro": "fro", "F": "fro", "frobenius": "fro", "nuc": "nuc", "nuclear": "nuc", "Inf": "inf", "infty": "inf"}


def _order(branch: Branch, names: Container[str]) -> Branch:
    """The order of a norm, in quotes or without them."""
    if branch.kind not in ("name", "string") or branch.value not in _ORDERS or (branch.kind == "name" and branch.value in names):
        return branch
    order = _ORDERS[branch.value]
    return Branch("name" if order == "inf" else "string", (), order, branch.start, branch.end)


_IDENTITY = re.compile("I_([a-z]|[1-9][0-9]{0,5})")


def _identity(branch: Branch) -> Branch:
    """`I_n` and `I_3` are eye(n) and eye(3)."""
    size, start = branch.value[2:], branch.start + 2
    name = Branch("name", (), size, start, branch.end)
    side = Branch("number", (), (Fraction(int(size)), False), start, branch.end) if size.isdigit() else name
    return Branch("call", (side,), "eye", branch.start, branch.end)


def _raised(branch: Branch, parts: tuple[Branch, ...], names: Container[str], text: str) -> Branch:
    base, exponent = parts
    sign, bare = exponent.kind == "neg", exponent.bare()
    turned = bare.kind == "name" and bare.value == "T" and "T" not in names
    if sign and (turned or (bare.kind == "number" and bare.value[0] == 1)) and exponent.parts[0] is bare:
        inverse = Branch("inverse", (base,), None, branch.start, branch.end)
        return Branch("T", (inverse,), None, branch.start, branch.end) if turned else inverse
    if turned and exponent is bare:
        return Branch("T", (base,), None, branch.start, branch.end)
    if exponent.kind == "name" and _TURNED.fullmatch(exponent.value) and exponent.value not in names:
        factors = "@".join(exponent.value[1:])
        fix = f"{text[: base.end]}.T@{factors}{text[branch.end :]}"
        message = f"^{exponent.value} is read as one exponent: an operator is missing after ^T"
        raise SyntaxMistake(message, Span(text, base.end, branch.end), fixes=sentences([fix]))
    return Branch("^", parts, None, branch.start, branch.end)


_TURNED = re.compile("T[A-Za-z]{1,3}")

"""Stacks as NumPy writes them: hstack([A, B]) is hstack(A, B), and block([[A, B], [C, D]]) the stacks that it is made of."""

from __future__ import annotations

from matcalc.syntax.tree import Branch


def stacked(call: Branch) -> Branch:
    """The call with the list that is its only argument taken apart, where its word makes stacks."""
    if call.value not in ("hstack", "vstack", "block") or [p.kind for p in call.parts] != ["list"]:
        return call
    given = call.parts[0].parts
    if call.value != "block":
        return Branch("call", given, call.value, call.start, call.end)
    if not any(p.kind == "list" for p in given):
        return _stack("hstack", given, call)
    return _stack("vstack", tuple(_stack("hstack", p.parts, p) if p.kind == "list" else p for p in given), call)


def _stack(word: str, parts: tuple[Branch, ...], place: Branch) -> Branch:
    return parts[0] if len(parts) == 1 else Branch("call", parts, word, place.start, place.end)

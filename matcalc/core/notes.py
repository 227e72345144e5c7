"""Which laws of the glue and which rules were used: the reasons of a step are gathered from these notes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_notes: list[list[str]] = []


def note(law: str) -> None:
    """Remember that a law of the glue, or a rule, was used: the reasons of a step are gathered from these."""
    if _notes and law not in _notes[-1]:
        _notes[-1].append(law)


@contextmanager
def noting() -> Iterator[list[str]]:
    """Gather the laws used inside."""
    _notes.append([])
    try:
        yield _notes[-1]
    finally:
        _notes.pop()

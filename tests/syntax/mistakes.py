"""The table of mistakes, `grammar/mistakes.md`: what is typed, with what options, and the whole message.

`python tests/syntax/mistakes.py` writes the messages as they are now into the table; read the difference before it is kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tables import table

TABLE = table("mistakes.md")
USUAL = "A: (m, n); B: (n, p); C: (m, n); S: (n, n); x: n; y: m; g: scalar"
_CODED = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")


@dataclass
class Mistake:
    """One entry: the text, the options of the reading, the message by lines, and the heading above it."""

    typed: str
    options: dict[str, Any] = field(default_factory=dict)
    message: list[str] = field(default_factory=list)
    heading: str = ""


def decoded(text: str) -> str:
    """Characters that a table cannot show are written ⟨U+001B⟩."""
    return _CODED.sub(lambda m: chr(int(m[1], 16)), text)


def entries(source: str) -> Iterator[tuple[Mistake, int, int]]:
    """The entries, with the lines of the table where their messages begin and end."""
    lines = source.splitlines()
    heading, fenced, k = "", False, 0
    while k < len(lines):
        line = lines[k]
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and line.startswith("## "):
            heading = line[3:]
        elif fenced and (line.startswith("> ") or line == ">"):
            mistake = Mistake(decoded(line[2:]), heading=heading)
            k = _options(lines, k + 1, mistake.options)
            start = k
            while lines[k] and not lines[k].startswith("```"):
                k += 1
            mistake.message = lines[start:k]
            yield mistake, start, k
            continue
        k += 1


def _options(lines: list[str], k: int, options: dict[str, Any]) -> int:
    """Lines such as `. where A: (m, n)`, `. let w = A@z`, `. wrt Q`."""
    while lines[k].startswith(". "):
        word, _, rest = lines[k][2:].partition(" ")
        if word == "let":
            name, _, body = rest.partition(" = ")
            options.setdefault("let", {})[name] = body
        elif word == "where":
            options["where"] = USUAL if rest == "usual" else rest
        else:
            options[word] = rest
        k += 1
    return k


def mistakes() -> list[Mistake]:
    """All entries of the table."""
    return [mistake for mistake, _, _ in entries(TABLE.read_text(encoding="utf-8"))]


def told(mistake: Mistake) -> list[str]:
    """The message that there is now."""
    from matcalc.errors import MatcalcError
    from matcalc.syntax import read

    try:
        read(mistake.typed, **mistake.options)
    except MatcalcError as error:
        return str(error).split("\n")
    return ["no error"]


def main() -> None:
    """Write the messages as they are now."""
    import matcalc.operations  # noqa: F401 - fills the table

    source = TABLE.read_text(encoding="utf-8")
    lines = source.splitlines()
    for mistake, start, end in reversed(list(entries(source))):
        lines[start:end] = told(mistake)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

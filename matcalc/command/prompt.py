"""A prompt: `matcalc` alone at a terminal.  Expressions need no quotes, and declarations and definitions are kept.

    > norm(A@x - b)**2 wrt x            the gradient; other verbs stand in front: jacobian softmax(x) wrt x
    > where A: (m, n) ; c: scalar       declarations for what follows; `where` alone forgets them
    > let r = A@x - b                   a definition for what follows; `let` alone forgets all
    > to latex                          how answers are printed: full, pretty, text, latex, numpy, markdown, json
    > explain shape                     a page about an error or a word; `help` is this page; `quit` ends
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

HELP = (__doc__ or "").partition("\n\n")[2].rstrip()
Run = Callable[[list[str]], int]


class Session:
    """What is kept between lines, and what each line does; `run` runs a command as the shell would."""

    def __init__(self, run: Run, verbs: Iterable[str]) -> None:
        self.run, self.verbs = run, tuple(verbs)
        self.where, self.to = "", ""
        self.let: list[str] = []

    def answer(self, line: str, say: Callable[[str], Any] = print) -> bool:
        """Do what a line says; False where it ends the session."""
        line = line.strip().removeprefix("matcalc ").strip()
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word in ("quit", "exit", "q"):
            return False
        if word in ("help", "?"):
            say(HELP)
        elif word == "where":
            self.where = "; ".join(filter(None, (self.where, rest))) if rest else ""
        elif word == "let":
            self.let = [*self.let, rest] if rest else []
        elif word == "to" and "wrt" not in rest:
            self.to = "" if rest == "full" else rest
        elif line:
            self.run(self.command(word, line))
        return True

    def command(self, word: str, line: str) -> list[str]:
        """The line as arguments of the command; without a verb, `grad` where there is a variable and `simplify` where not."""
        if word == "explain":
            return line.split()
        verb, body = (word, line.removeprefix(word).strip()) if word in self.verbs else ("", line)
        expression, sign, rest = body.rpartition(" wrt ") if " wrt " in body else (body, "", "")
        if not verb:
            verb = "grad" if sign or "simplify" not in self.verbs else "simplify"
        words = [verb, unquoted(expression)] + (["wrt", *rest.replace(",", " ").split()] if sign else [])
        options = [["--where", self.where] if self.where else [], ["--to", self.to] if self.to else [], *(["--let", d] for d in self.let)]
        return words + [o for option in options for o in option]


def unquoted(text: str) -> str:
    """The text without the quotes that a shell would have needed."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def converse(run: Run, verbs: Iterable[str], words: Iterable[str]) -> int:
    """The loop at a terminal, with history and completion of words."""
    session = Session(run, verbs)
    _prepare([*session.verbs, "where", "let", "to", "explain", "help", "quit", "wrt", *words])
    print("matcalc: type an expression and a variable, as in  norm(A@x - b)**2 wrt x  · help · quit")
    for line in _lines():
        if not session.answer(line):
            break
    return 0


def _lines() -> Iterator[str]:
    while True:
        try:
            yield input("> ")
        except KeyboardInterrupt:
            print()
        except EOFError:
            print()
            return


def _prepare(words: list[str]) -> None:
    """History and completion, where the terminal library is there."""
    try:
        import atexit
        import readline
    except ImportError:
        return
    file = Path(os.environ.get("MATCALC_HISTORY", "~/.matcalc_history")).expanduser()
    with contextlib.suppress(OSError):
        readline.read_history_file(file)
    known = sorted(set(words))

    def complete(text: str, state: int) -> str | None:
        found = [word for word in known if word.startswith(text)]
        return found[state] if state < len(found) else None

    def keep() -> None:
        with contextlib.suppress(OSError):
            readline.write_history_file(file)

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n()[]{},;:=+-*/@^'\"<>!")
    readline.parse_and_bind("tab: complete")
    readline.set_history_length(1000)
    atexit.register(keep)

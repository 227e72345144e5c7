"""Words on the command line that start with a minus: options, expressions such as -x.T@x, and options that there are not."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from matcalc.errors import SyntaxMistake

_OPTION = re.compile(r"--[a-z][a-z-]+(=.*)?", re.DOTALL)
"""What nobody means as an expression."""


def shielded(argv: Sequence[str], parser: argparse.ArgumentParser, forms: Iterable[str]) -> list[str]:
    """The arguments with a space before an expression that starts with a minus, which is no option.

    Raises SyntaxMistake for an option that there is not.
    """
    known = {option for action in parser._actions for option in action.option_strings}
    return [a if not a.startswith("-") or len(a) == 1 or a.partition("=")[0] in known else _expression(a, known, forms) for a in argv]


def _expression(word: str, known: Iterable[str], forms: Iterable[str]) -> str:
    if not _OPTION.fullmatch(word):
        return f" {word}"
    name, _, value = word.partition("=")
    written = {f"--{form}": f"--to {form}" for form in forms} | {"--wrt": f"wrt {value}".strip()} | {k: k for k in known}
    fixes = tuple(written[near] for near in get_close_matches(name, written, n=1))
    raise SyntaxMistake(f"there is no option {name}" + ("" if fixes else "; see matcalc --help"), fixes=fixes)

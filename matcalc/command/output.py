"""A result in the form that the command was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcalc.answers.result import Result


def _markdown(result: Result, steps: str, notation: str) -> str:
    from matcalc.answers.report import markdown

    return markdown(result, steps, notation)


FORMS: dict[str, Callable[[Result, str, str], str]] = {
    "": lambda result, steps, notation: result.told(steps, notation),
    "pretty": lambda result, steps, notation: result.pretty(),
    "text": lambda result, steps, notation: result.text(),
    "latex": lambda result, steps, notation: result.latex(),
    "index": lambda result, steps, notation: result.index(),
    "index-latex": lambda result, steps, notation: result.index("latex"),
    "index einstein": lambda result, steps, notation: result.index(einstein=True),
    "index-latex einstein": lambda result, steps, notation: result.index("latex", einstein=True),
    "numpy": lambda result, steps, notation: result.code("numpy").rstrip("\n"),
    "markdown": _markdown,
    "json": lambda result, steps, notation: json.dumps(result.to_json(), ensure_ascii=False, indent=2),
}
"""What `--to` may say → the text; without it all that there is to tell."""


def written(result: Result, form: str, steps: str, notation: str) -> str:
    """The text of a result."""
    return FORMS[form](result, steps, notation)

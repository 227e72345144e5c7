"""The steps of a derivation as a person has them: a sequence, and its lines as text, LaTeX and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from matcalc.core.derivation import Derivation, Step
from matcalc.core.expression import Expr
from matcalc.emit.page import text_lines
from matcalc.emit.paper import document, latex_lines, markdown


class Steps(Sequence[Step]):
    """The steps of a derivation; `str` gives the lines."""

    def __init__(self, derivation: Derivation, variable: Expr) -> None:
        self.derivation, self.variable = derivation, variable

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        return self.derivation[index]

    def __len__(self) -> int:
        return len(self.derivation)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.derivation)

    def __str__(self) -> str:
        return self.text()

    def text(self, detail: str = "normal", notation: str = "frobenius") -> str:
        """The lines in Unicode, no wider than a page; detail "brief", "normal" or "full", notation "frobenius" or "trace"."""
        return "\n".join(text_lines(self.derivation, self.variable, detail, notation))

    def latex(self, detail: str = "normal", notation: str = "frobenius") -> str:
        """The lines as an amsmath `align*`."""
        return latex_lines(self.derivation, self.variable, detail, notation)

    def document(self, detail: str = "normal", notation: str = "frobenius") -> str:
        """A complete .tex file with the lines."""
        return document(self.derivation, self.variable, detail, notation)

    def markdown(self, detail: str = "normal", notation: str = "frobenius") -> str:
        """The lines as Markdown, for a notebook or a post."""
        return markdown(self.derivation, self.variable, detail, notation)

    def __repr__(self) -> str:
        return self.text()

    def _repr_markdown_(self) -> str:
        return self.markdown()

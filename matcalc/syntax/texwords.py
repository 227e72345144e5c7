"""The commands of LaTeX: which are layout, fonts, signs, and what others are called here."""

from __future__ import annotations

import re

from matcalc.syntax.letters import MEANINGS

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+\.\d+|\.\d+|\d+|[A-Za-z]|\S", re.DOTALL)
_LAYOUT = (
    r"\left \right \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \displaystyle \textstyle \limits \nolimits \, "
    r"\; \: \! \quad \qquad \enspace \enskip \thinspace \cdot \times \mathopen \mathclose \mathrel $ & ~"
)
_STYLES = r"\mathbf \boldsymbol \bm \mathcal \mathsf \mathit \mathbb \mathfrak \vec \mathscr \pmb \bf \rm"
_UPRIGHT = r"\operatorname \mathrm \text \mathop \textrm \mbox"
SKIPPED, FONTS, WORDS = (frozenset(words.split()) for words in (_LAYOUT, _STYLES, _UPRIGHT))
ACCENTS = {r"\hat": "hat", r"\tilde": "tilde", r"\bar": "bar", r"\widehat": "hat", r"\widetilde": "tilde", r"\overline": "bar"}
RENAMED = {"trace": "tr", "Tr": "tr", "ln": "log", "sgn": "sign", "arcsin": "arcsin", "Diag": "diag", "rank": "", "ReLU": "relu"}
RENAMED |= {"Re": "real", "Im": "imag"}
VARIANTS = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "varrho": "rho", "varsigma": "sigma"}
OPERATORS = {c: c for c in "+-<>"} | {"−": "-", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", r"\ne": "!=", r"\neq": "!="}
BARS = {r"\|": "‖", r"\Vert": "‖", r"\lVert": "‖", r"\rVert": "‖", "‖": "‖", "|": "|", r"\vert": "|", r"\lvert": "|", r"\rvert": "|"}
ENTRYWISE = frozenset((r"\odot", r"\circ", r"\ast", "*"))
TURNED = frozenset(("T", r"\top", r"\intercal", r"\mathsf T", r"\mathrm T", r"\prime", "⊤"))
LEFT = re.compile(r"^[\s$]*\\?[A-Za-z]+(?:_\w|\{\w+\})?(?:\([^()=]*\))?\s*:?=(?!=)")
"""`f(x) =` in front of what it is."""
FUNCTION = re.compile(r"([A-Za-z]+)\s*(?:\\left\s*)?\(")
"""A function that is typed without a backslash: tr(A)."""
ELSEWHERE = {
    r"\nabla": MEANINGS["∇"], r"\partial": MEANINGS["∂"], r"\begin": "give an array a name, and declare it with --where",
    "_": r"what stands under \min, \max and the like is not read: give the function alone",
}  # fmt: skip
"""What to do instead of what is not read."""
CLOSING = frozenset(("}", ")", "]", r"\}", r"\rangle"))

"""How wide the signs of a formula are in Computer Modern, in letters: an italic n is 1."""

from __future__ import annotations

_ITALIC = {
    **dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
        1.24, 1.26, 1.19, 1.37, 1.22, 1.07, 1.30, 1.38, 0.73, 0.92, 1.41, 1.13, 1.61,
        1.33, 1.27, 1.07, 1.31, 1.26, 1.02, 0.97, 1.13, 0.97, 1.57, 1.37, 0.96, 1.13,
    ), strict=True)),
    **dict(zip("abcdefghijklmnopqrstuvwxyz", (
        0.88, 0.71, 0.72, 0.86, 0.77, 0.81, 0.79, 0.96, 0.57, 0.68, 0.86, 0.50, 1.46,
        1.00, 0.80, 0.83, 0.74, 0.75, 0.78, 0.60, 0.95, 0.80, 1.19, 0.95, 0.81, 0.77,
    ), strict=True)),
}  # fmt: skip
_COMMANDS = {
    "Leftrightarrow": 1.66, ";": 0.46, ",": 0.28, "!": -0.28, "quad": 1.66, "qquad": 3.32, "enskip": 0.83, "top": 1.29, "sum": 2.4,
    "log": 2.4, "det": 2.5, "exp": 2.8, "tanh": 3.8, "cos": 2.6, "sin": 2.4, "max": 3.2, "min": 3.0, "cdot": 1.2, "cdots": 2.2,
    "lVert": 0.83, "rVert": 0.83, "lvert": 0.46, "rvert": 0.46, "nabla": 1.38, "partial": 0.93, "odot": 2.0,
    "Sigma": 1.2, "Phi": 1.2, "mu": 1.0, "beta": 0.95, "alpha": 1.06, "lambda": 0.97,
}  # fmt: skip
WIDTHS = {
    **_ITALIC, **dict.fromkeys("0123456789/", 0.83), **dict.fromkeys("()", 0.65), **dict.fromkeys("[].'", 0.46), ",": 0.74,
    **dict.fromkeys("=<>", 2.2), **{"\\" + name: width for name, width in _COMMANDS.items()},
}  # fmt: skip
"""Of a letter, a sign or a command; of any other 1."""
NONE = frozenset(
    "\\" + name for name in ("mathbf", "mathrm", "mathit", "operatorname", "text", "mathbb", "footnotesize", "displaystyle")
)
"""Commands that are seen only in what follows them."""
SCRIPT = 0.78
"""What a script is smaller."""
OPERATORS = {":": 1.4, "=": 2.2}
OPERATOR = 2.03
"""An operator with the space around it."""
TALL, BIG = 1.25, 0.8
"""A bracket that grows, and one that is a little larger."""

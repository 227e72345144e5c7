"""Pieces of Python expressions, with how tightly they bind, and what the computations of a program look like in NumPy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcalc.emit.text import decimal_text
from matcalc.errors import Unsupported

COMPARISON, SUM, MATRIX, PRODUCT, SIGN, POWER, POSTFIX = range(-1, 6)
"""Levels of Python's operators.  `@` and `*` bind alike in Python, but a reader is given a bracket between them."""


SHORT = 16
EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Snippet:
    """A Python expression; a trivial one is a name or a number, which costs nothing to write twice."""

    text: str
    level: int
    is_trivial: bool = False


@dataclass(frozen=True)
class Template:
    """Text with places `{0}`; the level each operand needs, one that none may have, and the level of the whole."""

    text: str
    needs: tuple[int, ...]
    level: int = POSTFIX
    is_view: bool = False
    avoids: int = -2


TEMPLATES: Mapping[str, Template] = {
    "add": Template("{0} + {1}", (SUM, MATRIX), SUM),
    "subtract": Template("{0} - {1}", (SUM, MATRIX), SUM),
    "negative": Template("-{0}", (PRODUCT,), SIGN),
    "multiply": Template("{0} * {1}", (PRODUCT, POWER), PRODUCT),
    "divide": Template("{0} / {1}", (PRODUCT, POWER), PRODUCT),
    "power": Template("{0} ** {1}", (POSTFIX, POSTFIX), POWER),
    "sqrt": Template("np.sqrt({0})", (SUM,)),
    "greater": Template("{0} > {1}", (SUM, SUM), COMPARISON),
    "less": Template("{0} < {1}", (SUM, SUM), COMPARISON),
    "less_equal": Template("{0} <= {1}", (SUM, SUM), COMPARISON),
    "greater_equal": Template("{0} >= {1}", (SUM, SUM), COMPARISON),
    "not_equal": Template("{0} != {1}", (SUM, SUM), COMPARISON),
    "indicator": Template("float({0})", (COMPARISON,)),
    "indicator vector": Template("np.where({0}, 1.0, 0.0)", (COMPARISON,)),
    "indicator matrix": Template("np.where({0}, 1.0, 0.0)", (COMPARISON,)),
    "masked": Template("np.where({0}, {1}, 0.0)", (COMPARISON, SUM)),
    "where": Template("({1} if {0} else {2})", (SUM, SUM, SUM)),
    "where vector": Template("np.where({0}, {1}, {2})", (COMPARISON, SUM, SUM)),
    "where matrix": Template("np.where({0}, {1}, {2})", (COMPARISON, SUM, SUM)),
    "matmul": Template("{0} @ {1}", (MATRIX, POWER), MATRIX, avoids=PRODUCT),
    "outer": Template("np.outer({0}, {1})", (SUM, SUM)),
    "vdot": Template("np.vdot({0}, {1})", (SUM, SUM)),
    "scale_rows": Template("{0}[:, None] * {1}", (POSTFIX, POWER), PRODUCT),
    "sum": Template("{0}.sum()", (POSTFIX,)),
    "sum_rows": Template("{0}.sum(1)", (POSTFIX,)),
    "sum_columns": Template("{0}.sum(0)", (POSTFIX,)),
    "trace": Template("np.trace({0})", (SUM,)),
    "transpose": Template("{0}.T", (POSTFIX,), is_view=True),
    "diag": Template("np.diag({0})", (SUM,)),
    "diagonal": Template("np.diag({0})", (SUM,)),
    "inv": Template("np.linalg.inv({0})", (SUM,)),
    "inverse": Template("np.linalg.inv({0})", (SUM,)),
    "solve": Template("np.linalg.solve({0}, {1})", (SUM, SUM)),
    "eye": Template("np.eye({0})", (SUM,)),
    "ones vector": Template("np.ones({0})", (SUM,)),
    "ones matrix": Template("np.ones(({0}, {1}))", (SUM, SUM)),
    "zeros vector": Template("np.zeros({0})", (SUM,)),
    "zeros matrix": Template("np.zeros(({0}, {1}))", (SUM, SUM)),
    "unit": Template("np.eye(1, {0}, {1})[0]", (SUM, SUM)),
    "row": Template("{0}[{1}]", (POSTFIX, SUM), is_view=True),
    "column": Template("{0}[:, {1}]", (POSTFIX, SUM), is_view=True),
    "entry": Template("{0}[{1}]", (POSTFIX, SUM)),
    "rows from": Template("{0}[{1}:]", (POSTFIX, SUM), is_view=True),
    "rows to": Template("{0}[:{1}]", (POSTFIX, SUM), is_view=True),
    "rows from to": Template("{0}[{1}:{2}]", (POSTFIX, SUM, SUM), is_view=True),
    "columns from": Template("{0}[:, {1}:]", (POSTFIX, SUM), is_view=True),
    "columns to": Template("{0}[:, :{1}]", (POSTFIX, SUM), is_view=True),
    "columns from to": Template("{0}[:, {1}:{2}]", (POSTFIX, SUM, SUM), is_view=True),
    "as_column": Template("{0}[:, None]", (POSTFIX,), is_view=True),
    "any_row": Template("np.atleast_2d({0})", (SUM,), is_view=True),
    "as_row": Template("{0}[None, :]", (POSTFIX,), is_view=True),
    "flat": Template("{0}.ravel()", (POSTFIX,)),
    "box_vector": Template("np.reshape({0}, 1)", (SUM,)),
    "box_matrix": Template("np.reshape({0}, (1, 1))", (SUM,)),
    "unbox": Template("{0}.item()", (POSTFIX,)),
}


def concatenation(count: int) -> Template:
    """Vectors one behind the other."""
    return Template(f"np.concatenate(({', '.join(f'{{{k}}}' for k in range(count))}))", (SUM,) * count)


def filled(template: Template, operands: Sequence[Snippet]) -> Snippet:
    """The template with its operands in place, in brackets where they bind too loosely."""
    texts = [
        s.text if s.level >= need and s.level != template.avoids else f"({s.text})"
        for s, need in zip(operands, template.needs, strict=True)
    ]
    text = re.sub(r"\{(\d)\}", lambda place: texts[int(place[1])], template.text)
    return Snippet(text, template.level, template.is_view and operands[0].is_trivial)


def declared(notation: str, count: int) -> Template:
    """The template of a declaration: a text with places, the name of a function, or that of a constant.

    >>> declared("np.tanh", 1).text, declared("np.sum({0} * {1})", 2).needs == (POSTFIX, POSTFIX)
    ('np.tanh({0})', True)
    """
    if "{*" in notation:
        notation = re.sub(r"\{\*([^{}]+)\}", lambda m: m[1].join(f"{{{k}}}" for k in range(count)), notation)
    if count and re.search(r"\{\d\}", notation) is None:
        notation += "(" + ", ".join(f"{{{k}}}" for k in range(count)) + ")"
    needs = [SUM] * count
    for place in re.finditer(r"\{(\d)\}", notation):
        before, after = notation[: place.start()].rstrip(), notation[place.end() :].lstrip()
        if not (before.endswith(("(", ",")) and after.startswith((")", ","))):
            needs[int(place[1])] = POSTFIX
    return Template(notation, tuple(needs), POSTFIX if _is_closed(notation) else SUM)


def _is_closed(notation: str) -> bool:
    """Whether a template is one call with what may hang on it, so that it needs no bracket: `np.linalg.slogdet({0})[1]`."""
    notation = re.sub(r"^\{\d\}(?=[.\[])", "x", notation)
    if re.fullmatch(r"x(\.\w+|\[[^\]]*\]|\([^()]*\))*", notation):
        return True
    if re.match(r"[\w.]+\(", notation) is None:
        return re.fullmatch(r"[\w.]+", notation) is not None
    depth = 0
    for k, character in enumerate(notation):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and character == ")":
            return re.fullmatch(r"(\.\w+|\[[^\]]*\]|\(\))*", notation[k + 1 :]) is not None
    return False


def number_snippet(value: Fraction) -> Snippet:
    """A number as Python has it: exact where that is short, never an integer too large for an array."""
    if value < 0:
        return Snippet(f"-{number_snippet(-value).text}", SIGN, True)
    decimal = decimal_text(value)
    if value.denominator == 1 and value <= EXACT:
        return Snippet(str(value), POSTFIX, True)
    if decimal is not None and len(decimal) <= SHORT:
        return Snippet(decimal, POSTFIX, True)
    if max(value.numerator, value.denominator) <= EXACT:
        return filled(TEMPLATES["divide"], [Snippet(str(value.numerator), POSTFIX), Snippet(str(value.denominator), POSTFIX)])
    try:
        return Snippet(repr(value.numerator / value.denominator), POSTFIX, True)
    except OverflowError:
        raise Unsupported("a number of the expression is too large for floating point") from None

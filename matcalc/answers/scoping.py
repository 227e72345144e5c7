"""Expressions in one scope: an answer is read with the names, sizes and definitions of its question, two texts with each other's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count

from matcalc.answers.strangers import as_identity, right_side, stranger, subscripted, subscripts
from matcalc.core import leaves
from matcalc.core.abstract import functions
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.indices import free
from matcalc.core.leaves import NAMED, SYMBOL
from matcalc.core.property import DIAGONAL, LOWER, SKEW, SYMMETRIC, UPPER
from matcalc.core.size import Shape
from matcalc.engine.nested import carried_out
from matcalc.errors import MatcalcError
from matcalc.syntax import read
from matcalc.syntax.declare import declarations
from matcalc.syntax.parse import normal, parse
from matcalc.syntax.tex import candidates, looks_like_latex

LINEAR = frozenset({SYMMETRIC, SKEW, DIAGONAL, UPPER, LOWER})
"""What is true of dX where it is true of X."""


def names_of(*roots: Expr) -> dict[str, Expr]:
    """The names that occur, and what they stand for: symbols, and definitions."""
    found: dict[str, Expr] = {}
    for e in postorder(*roots):
        if e.op is SYMBOL:
            found[e["name"]] = e
        elif e.op is NAMED:
            found.setdefault(e["label"], e)
    return found


def read_answer(
    answer: str, f: Expr, x: Expr, where: str, upstream: Expr | None = None, part: Expr | None = None, expected: Shape | None = None
) -> Expr:  # fmt: skip
    """The answer, in the scope of the question: the same sizes, symbols, definitions and indices; LaTeX as the first text that fits.

    `dx` is the differential of the variable; `expected` the shape of the answer where it says none, as I does not.
    A name that the question does not have is a NameMistake, unless `where` declares it.
    """
    more = [e for e in (upstream, part) if e is not None]
    latex, answer = looks_like_latex(answer), right_side(answer)
    wrong: MatcalcError | None = None
    arrays = names_of(f, x)
    for text in map(as_identity, candidates(answer, subscripts(answer, arrays))) if latex else (answer,):
        try:
            return _in_scope(text, f, x, where, more, expected)
        except MatcalcError as error:
            wrong = wrong or error
    assert wrong is not None
    entries = subscripted(answer, arrays)
    if entries != answer and not latex:
        with suppress(MatcalcError):
            _in_scope(entries, f, x, where, more, expected)
            wrong.fixes = (entries,)
    raise wrong


def _in_scope(answer: str, f: Expr, x: Expr, where: str, more: Sequence[Expr], expected: Shape | None) -> Expr:
    known = names_of(f, x, *more)
    d = "d" + x["name"]
    if d not in known:
        kept = frozenset(x["properties"]) & LINEAR if x.op is SYMBOL else frozenset()
        known[d] = leaves.symbol(d, *x.shape, properties=kept)
    for name in _defined_in(answer):
        known.pop(name, None)  # what the answer says of a name holds for the answer
    rest = _undeclared(where, known)
    indices = {i["level"]: i for e in (f, *more) for i in free(e) if i["level"] not in known}
    reading = read(answer, where=rest, known=known | indices, functions=functions(f), expected=expected)
    given = carried_out(reading.expr)
    declared = {y.name for y in declarations(rest)} if rest else set()
    strangers = [n for n, s in names_of(given).items() if n not in known and n not in declared and s.op is SYMBOL]
    if strangers:

        def reads(text: str) -> bool:
            try:
                return bool(_in_scope(text, f, x, where, more, expected).shape)
            except MatcalcError:
                return False

        raise stranger(answer, strangers[0], [n for n in names_of(f, x) if n != d], reads)
    return given


def _defined_in(answer: str) -> list[str]:
    """The names that the answer defines itself, in a `where` clause."""
    tree = parse(normal(answer))
    return [str(b.value) for b in tree.parts[1:]] if tree.kind == "where" else []


def _undeclared(where: str, known: Mapping[str, Expr]) -> str:
    """The declarations of names that the question itself does not use."""
    kept = [x.span.text[x.span.start : x.span.end] for x in (declarations(where) if where else ()) if x.span and x.name not in known]
    return "; ".join(kept)


def scoped(given: Expr, f: Expr, x: Expr) -> Expr:
    """An expression with its symbols replaced by those of the question with their names, where the shapes are one."""
    known = names_of(f, x)
    new = {s: known[s["name"]] for s in leaves.symbols(given) if s["name"] in known and known[s["name"]].shape == s.shape}
    return substitute(given, {a: b for a, b in new.items() if a is not b})


def in_one_scope(a: str | Expr, b: str | Expr, where: str) -> tuple[Expr, Expr]:
    """Two expressions whose names are the same: what one of them says of a shape holds for the other."""
    if isinstance(a, str) and isinstance(b, str) and _defined_in(a):
        a = read(a, where=where).expr  # it has definitions of its own
    if isinstance(a, Expr) and isinstance(b, Expr):
        return a, b
    if isinstance(a, Expr) or isinstance(b, Expr):
        known = names_of(*(e for e in (a, b) if isinstance(e, Expr)))
        rest = _undeclared(where, known)
        abstract = functions(*(e for e in (a, b) if isinstance(e, Expr)))
        first, second = (e if isinstance(e, Expr) else read(e, where=rest, known=known, functions=abstract).expr for e in (a, b))
        return first, second
    # Read as a definition of the other, one text and the other say together what the shapes are.
    name = next(n for n in map("first{}".format, count(1)) if n not in a + b + where)
    reading = read(b, where=where, let={name: a})
    return reading.definitions[name].args[0], reading.expr

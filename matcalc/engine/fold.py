"""Folding back: the names that the engine made are put away again wherever the result reads no worse without them.

What the user named stays named.  A result that would be long written out keeps the names that it uses more than once, and the
definitions go with it in a `where` clause; so a residual network of any depth has a result of linear length.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt, substitute, transform
from matcalc.core.indices import free
from matcalc.core.leaves import NAMED, named
from matcalc.engine.cost import cost
from matcalc.engine.families import at, for_any, member, stacked_for_any

SHORT = 120
"""A result that costs at most this to read is shown without the engine's names."""
LINE = 60
"""A name that stands for something longer than this to read stays, even where it is used once."""
SMALL = 9
"""A definition that costs at most this is put back wherever it is used."""


def folded(e: Expr, originals: Mapping[Expr, Expr], kept: Container[Expr] = ()) -> Expr:
    """The canonical e with the engine's names (the keys of `originals`) put away where that reads well; plain.

    Those `kept` stay in a result that is longer than a line, although they are used once.
    """
    sizes = _written(e, originals)
    if sizes[e] <= (LINE if kept else SHORT):
        return _put_back(e, originals, lambda name: True)
    away = _put_away(e, originals, sizes)
    return _put_back(e, originals, lambda name: name in away and name not in kept)


def _put_away(e: Expr, originals: Mapping[Expr, Expr], sizes: dict[Expr, int]) -> set[Expr]:
    """The names that go: those that are written once, counted as the text is written, and small ones.

    From the outermost name inwards, so that how often a name is written is known when it is its turn; the definition of a
    name that stays is written once, whatever the name's uses.
    """
    away: set[Expr] = set()
    written = {e: 1}
    order = list(postorder(e, below=lambda y: (originals[y],) if y in originals else () if y.op is NAMED else y.args))
    for x in reversed(order):
        if x in originals:
            if written[x] == 1 or sizes[x] <= SMALL or free(x):
                away.add(x)
            below: tuple[Expr, ...] = (originals[x],)
            times = written[x] if x in away else 1
        else:
            below, times = () if x.op is NAMED else x.args, written[x]
        for a in below:
            written[a] = min(1 << 40, written.get(a, 0) + times)
    return away - _too_long(order, originals, away)


def _too_long(order: list[Expr], originals: Mapping[Expr, Expr], away: set[Expr]) -> set[Expr]:
    """Names that are written once but would make what they stand in longer than a line; they stay."""
    kept: set[Expr] = set()
    sizes: dict[Expr, int] = {}
    for x in order:
        if x in originals:
            inside = sizes[originals[x]]
            if x in away and inside > LINE and not free(x):
                kept.add(x)
            sizes[x] = inside if x in away and x not in kept else 2
        else:
            below = 0 if x.op is NAMED else sum(sizes[a] for a in x.args)
            sizes[x] = min(1 << 40, (2 if not x.args or x.op is NAMED else x.op.cost) + below)
    return kept


def _written(e: Expr, originals: Mapping[Expr, Expr]) -> dict[Expr, int]:
    """The cost of each node with every name of the engine written out, capped."""
    sizes: dict[Expr, int] = {}
    for x in postorder(e, below=lambda y: (originals[y],) if y in originals else () if y.op is NAMED else y.args):
        if x in originals:
            sizes[x] = sizes[originals[x]]
        else:
            below = 0 if x.op is NAMED else sum(sizes[a] for a in x.args)
            sizes[x] = min(1 << 40, (2 if not x.args or x.op is NAMED else x.op.cost) + below)
    return sizes


def _put_back(e: Expr, originals: Mapping[Expr, Expr], away: Callable[[Expr], bool]) -> Expr:
    """The expression with some names replaced by what they stand for, and the definitions of the others likewise."""
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: (originals[y],) if y in originals else () if y.op is NAMED else y.args):
        if x in originals:
            inside = new[originals[x]]
            new[x] = inside if away(x) else named(x["label"], inside)
        elif x.op is NAMED:
            new[x] = x
        else:
            new[x] = rebuilt(x, tuple(new[a] for a in x.args))
    return new[e]


def named_again(e: Expr, users: list[Expr]) -> Expr:
    """The canonical e with the user's names wherever their definitions stand written out, or one slice of these."""
    names = {canonical(name.args[0]): name for name in users}
    names = {definition: name for definition, name in names.items() if definition.args and definition.op is not NAMED}
    if not names:
        return e
    parts = {body: name for definition, name in names.items() if (body := stacked_for_any(definition)) is not None}
    order = list(postorder(e, below=lambda y: () if y.op is NAMED else y.args))
    alike = for_any(order) if parts else {}
    new: dict[Expr, Expr] = {}
    for x in order:
        args = x.args if x.op is NAMED else tuple(new[a] for a in x.args)
        y = x if args == x.args else canonical(rebuilt(x, args))
        body = alike.get(x)
        new[x] = at(canonical(member(parts[body], body)), x) if body is not None and body in parts else names.get(y, y)
    return new[e]


def opened(e: Expr, names: Container[Expr]) -> Expr:
    """The canonical e with some of its names written out, those inside their definitions as well."""
    e = transform(e, lambda x, args: args[0] if x.op is NAMED and x in names else rebuilt(x, args))
    return canonical(e)


def without_names(e: Expr, users: set[Expr], longest: int) -> Expr:
    """The canonical e without the names that the engine gave, where that costs no more than so much to read."""
    plain = transform(e, lambda x, args: args[0] if x.op is NAMED else rebuilt(x, args), {u: u for u in users})
    return canonical(plain) if plain is not e and cost(plain) <= longest else e


def as_typed(e: Expr, shown: Mapping[Expr, Expr]) -> Expr:
    """The names of the user in the form that they were typed."""
    present = {new: old for new, old in shown.items() if new.op is NAMED and old.op is NAMED and new is not old}
    return canonical(substitute(e, present)) if present else e

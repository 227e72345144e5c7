"""Abbreviation: what an answer says more than once gets a name, where that makes the whole shorter to read.

`Xᵀ(σ ⊙ (1 − σ))` where σ = sigmoid(X x), `(1 − xᵀM x) (M + Mᵀ)x` where M = (A + xxᵀ)⁻¹.  Values of functions and inverses are named
readily; sums, and scalars such as xᵀA x, only where a good deal is saved, since they say what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import groupby

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, rebuilt, substitute
from matcalc.core.leaves import INDEX, INDEX_SUM, NAMED, NUMBER, named, number
from matcalc.core.operation import Kind
from matcalc.core.terms import Term, build, coefficient, is_ones, join, split
from matcalc.engine.cost import cost

MOST = 3
"""An answer gets at most so many names."""
NAME = 2
"""What a name costs to read."""
FUNCTION, OTHER = 1, 12
"""What naming the value of a function, or something else, has to save besides what its definition costs."""
SAVED = 4
"""What the name of the function itself has to save; the reader knows what it stands for."""
LARGEST = 20_000
"""An answer of more nodes than this is left as it is."""


def abbreviated(e: Expr, label: Callable[[Expr], str], upright: Callable[[Expr], Expr] = lambda x: x) -> tuple[Expr, list[Expr]]:
    """The canonical e with names for what it repeats, and the names; `label` gives a letter for what is named.

    `upright` says of a sum which sign it should have: A x − b, as it was typed, and not b − A x.
    """
    names: list[Expr] = []
    while len(names) < MOST:
        wanted = _most_repeated(e, names)
        if wanted is None:
            break
        mine = _upright(wanted) if upright(wanted) is wanted else upright(wanted)
        name = named(label(mine), mine)
        new = _with_name(e, wanted, name)
        labels = {name["label"], *(n["label"] for n in names)}
        names = [n for n in postorder(new) if n.op is NAMED and n["label"] in labels]
        e = new
    return e, names


def _most_repeated(e: Expr, names: list[Expr]) -> Expr | None:
    """What saves most when it is named, of what stands in e more than once; None where nothing saves enough."""
    order = list(postorder(e, below=lambda y: () if y.op is NAMED and y not in names else y.args))
    if len(order) > LARGEST or any(x.op in (INDEX, INDEX_SUM) for x in order):
        return None  # what stands below an index sum may hold its index
    written = dict.fromkeys(order, 0)
    written[e] = 1
    for x in reversed(order):
        times = 1 if x in names else written[x]
        below = x.args if x.op is not NAMED or x in names else ()
        for a, _ in groupby(below):  # X X is written X²
            written[a] = min(1 << 40, written[a] + times)
    best: tuple[int, Expr] | None = None
    for x in order:
        if x is not e and written[x] + _mirrored(x, written) > 1 and (overhead := _overhead(x)) is not None:
            saved = (written[x] + _mirrored(x, written) - 1) * (cost(x) - NAME) - NAME - overhead
            if saved > 0 and (best is None or saved > best[0]):
                best = saved, x
    return best[1] if best else None


def through_function(e: Expr, f: Expr, label: Callable[[], str]) -> tuple[Expr, Expr] | None:
    """The canonical e through a name for the quotient f, which was differentiated, and the name: 2 (A x − ρ x)/‖x‖²; None if no shorter."""
    wanted = split(f)
    if not f.is_scalar or len(wanted.powers) < 2 or not any(isinstance(p, Fraction) and p < 0 for p in wanted.powers.values()):
        return None
    name = named("", f)
    new: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args):
        args = x.args if x.op is NAMED else tuple(new[a] for a in x.args)
        y = x if args == x.args else canonical(rebuilt(x, args))
        new[x] = _with_function(y, wanted, name) if y.op.name == "scale" else y
    if cost(new[e]) + SAVED > cost(e):
        return None
    shown = named(label(), f)
    return canonical(substitute(new[e], {name: shown})), shown


def _with_function(e: Expr, wanted: Term, name: Expr) -> Expr:
    """A product of which all scalars of the function are factors, with the name in their place."""
    part = split(e)
    for base, p in wanted.powers.items():
        have = part.powers.get(base)
        if not isinstance(have, Fraction) or not isinstance(p, Fraction) or have / p < 1:
            return e
    part.coefficient /= wanted.coefficient
    for base, p in wanted.powers.items():
        part.take(base, -p if isinstance(p, Fraction) else p)
    part.take(name, Fraction(1))
    return join(part, e.shape)


def _overhead(x: Expr) -> int | None:
    """What a name for this has to save; None for what never gets one."""
    if not x.args or x.op is NAMED or x.op.name in ("transpose", "scale", "power", "hadamard", "diag"):
        return None
    if x.op.primary and not x.args[0].args:
        return None  # X⁻¹ is as short as a name
    if x.op.name == "matmul" and not x.is_scalar:
        return OTHER
    if x.is_scalar and "{" in (x.op.notation.pretty or ""):
        return OTHER  # ‖A x − b‖ says what it is, and r = A x − b says more
    return FUNCTION if x.op.kind in (Kind.ELEMENTWISE, Kind.OPERATION) else OTHER


def _upright(e: Expr) -> Expr:
    """A sum with a positive constant, 1 − t² for t² − 1; what else there is as it is."""
    constant = next((t for t in e.args if t.op is NUMBER or is_ones(coefficient(t)[1])), None) if e.op.name == "add" else None
    return build("scale", number(-1), e) if constant is not None and coefficient(constant)[0] < 0 else e


def _mirrored(x: Expr, written: Mapping[Expr, int]) -> int:
    """How often the transpose of a column that is a sum, (A x − b)ᵀ, is written, with either sign."""
    return sum(written.get(m, 0) for m in _mirrors(x))


def _mirrors(x: Expr) -> list[Expr]:
    """The transpose of a column that is a sum, and the negative of that."""
    if x.op.name != "add" or not x.is_column or x.is_scalar:
        return []
    mirror = build("transpose", x)
    return [mirror, build("scale", number(-1), mirror)]


def _with_name(e: Expr, wanted: Expr, name: Expr) -> Expr:
    """The canonical e with the name wherever what it stands for, or the negative of that, is written."""
    sign = number(1 if name.args[0] is wanted else -1)
    new: dict[Expr, Expr] = {wanted: build("scale", sign, name)}
    for s, mirror in zip((1, -1), _mirrors(wanted), strict=False):
        new[mirror] = build("scale", number(s), sign, build("transpose", name))
    for x in postorder(e, below=lambda y: () if y in new else y.args):
        if x not in new:
            args = tuple(new[a] for a in x.args)
            new[x] = x if args == x.args else named(x["label"], args[0]) if x.op is NAMED else canonical(rebuilt(x, args))
    return new[e]


def written_out(names: Mapping[Expr, Expr]) -> dict[Expr, str]:
    """What each of the engine's names stands for with all of them written out, in normal form → its label."""
    whole: dict[Expr, Expr] = {}
    for name in names:
        for x in postorder(name, below=lambda y: (names[y],) if y in names else y.args):
            if x not in whole:
                whole[x] = whole[names[x]] if x in names else rebuilt(x, tuple(whole[a] for a in x.args))
    return {canonical(whole[name]): name["label"] for name in names}

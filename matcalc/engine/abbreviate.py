"""Abbreviation: what an answer says more than once gets a name, where that makes the whole shorter to read.

`Xᵀ(σ ⊙ (1 − σ))` where σ = sigmoid(X x), `(1 − xᵀM x) (M + Mᵀ)x` where M = (A + xxᵀ)⁻¹.  Values of functions and inverses are named
readily; sums, and scalars such as xᵀA x, only where a good deal is saved, since they say what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from fractions import Fraction
from itertools import groupby

from matcalc.core.builders import call, negative
from matcalc.core.canonical import canonical, transposes
from matcalc.core.expression import Expr, postorder, rebuilt, substitute
from matcalc.core.leaves import IDENTITY, NAMED, NUMBER, named, number
from matcalc.core.operation import Kind
from matcalc.core.size import ONE
from matcalc.core.terms import Term, build, coefficient, is_ones, join, primitive, split
from matcalc.engine.cost import cost
from matcalc.engine.families import at, can_be_named, family, for_any, index_of, letter_for, member, part_of_family, reading, summed
from matcalc.engine.naming import written_sizes
from matcalc.engine.signs import oddness, signed_place

MOST = 3
"""An answer gets at most so many names."""
NAME = 2
"""What a name costs to read."""
FUNCTION, TYPED, SUM, PRODUCT = 1, 4, 8, 16
"""What naming the value of a function, a sum that was typed, any other sum or a product has to save besides what its definition costs."""
LONG = 4
"""An operation that has a sign of its own and costs as much gets a name all the same: (λ(S) I − S)⁺."""
SAVED = 4
"""What the name of the function itself has to save; the reader knows what it stands for."""
UNNAMED = frozenset({"transpose", "scale", "power", "hadamard", "diag", "slice", "unit_at", "place", "index"})
"""What says what it is, or is put together anew wherever it stands."""
LONGEST = 120
"""What has more nodes than this, written out, is not compared with other things."""
LARGEST = 300
"""An answer of more nodes than this is left as it is: it has names already."""


def abbreviated(
    e: Expr, label: Callable[[Expr], str], typed: Container[Expr] = (), sign: Callable[[Expr], int] = lambda _: 1
) -> tuple[Expr, list[Expr]]:
    """The canonical e with names for what it repeats, and the names; `label` gives a letter for what is named.

    A sum is named with the sign that it has in `typed`, anything else without the minus that is written in front of it, as `sign` tells.
    """
    names: list[Expr] = []
    while len(names) < MOST:
        wanted = _most_repeated(e, names, typed)
        if wanted is None:
            break
        wanted = _as_typed(min((x for x in _forms(wanted) if x in typed), key=cost, default=_upright(wanted)), typed)
        wanted = build("scale", number(-1), wanted) if wanted.op.name not in ("add", "scale") and sign(wanted) < 0 else wanted
        name = named(label(wanted.args[-1] if wanted.op.name == "scale" else wanted), family(wanted, letter_for(wanted, e)))
        before, e = e, _with_name(e, wanted, member(name, wanted))
        if index_of(wanted) is not None:
            e = summed(e)
        if e is before:
            break
        labels = {name["label"], *(n["label"] for n in names)}
        names = [n for n in postorder(e) if n.op is NAMED and n["label"] in labels]
    return e, names


def _forms(x: Expr) -> dict[Expr, Expr]:
    """x, and of a sum what differs from it by its sign or a transpose, upright forms first: → the same of the letter x."""
    if x.op.name == "scale":
        return {x: x, build("scale", number(-1), x): call("scale", number(-1), x)}
    if x.op.name != "add":
        return {x: x}
    turned = {} if x.is_scalar or len(x.shape) > 2 else {build("transpose", x): call("transpose", x)}
    upright = {x: x} if x in turned else {x: x, **turned}
    if x.shape[0] is ONE:
        upright = dict(reversed(upright.items()))
    return {**upright, **{build("scale", number(-1), form): negative(like) for form, like in upright.items()}}


def _as_typed(e: Expr, typed: Container[Expr]) -> Expr:
    """An odd function of a sum that was typed with the other sign is named with that: (s I − A)⁻¹."""
    inside = e.args[signed_place(e)] if e.args and oddness(e) == "odd" else None
    if inside is None or inside.op.name != "add" or inside in typed:
        return e
    return build("scale", number(-1), e) if build("scale", number(-1), inside) in typed else e


def _upright(e: Expr) -> Expr:
    """A sum with a positive constant, 1 − t² for t² − 1; what else there is as it is."""
    constant = next((t for t in e.args if t.op is NUMBER or _is_unit(coefficient(t)[1])), None) if e.op.name == "add" else None
    return build("scale", number(-1), e) if constant is not None and coefficient(constant)[0] < 0 else e


def _is_unit(e: Expr) -> bool:
    return e.op is IDENTITY or is_ones(e)


def _most_repeated(e: Expr, names: list[Expr], typed: Container[Expr]) -> Expr | None:
    """What saves most when it is named, of what stands in e more than once; None where nothing saves enough."""
    order = list(postorder(e, below=lambda y: () if y.op is NAMED and y not in names else y.args))
    if len(order) > LARGEST:
        return None
    alike = for_any(order)
    written = _written(e, order, names, alike)
    best: tuple[int, Expr] | None = None
    longer = [y for y in written if y.op.name == "add" and len(y.args) > 2]
    for x in written:
        if x is not e and (overhead := _overhead(x)) is not None and can_be_named(x):
            known = _forms(x)
            forms = [form for form in known if form in written]
            overhead = min(overhead, TYPED) if not x.is_scalar and any(form in typed for form in known) else overhead
            times = sum(written[form] for form in forms) + sum(written[y] for y in longer if any(_is_part(form, y) for form in known))
            part, definition = (NAME, 0) if index_of(x) is None else part_of_family(x)
            saved = (times - 1) * (reading(x) - part) - part - definition - overhead
            if saved > 0 and (best is None or saved > best[0]):
                best = saved, _with_fewest_transposes(forms[0])
    return best[1] if best else None


def _written(e: Expr, order: list[Expr], names: list[Expr], alike: Mapping[Expr, Expr]) -> dict[Expr, int]:
    """How often each thing is written, at whatever index."""
    written = dict.fromkeys(order, 0)
    written[e] = 1
    for x in reversed(order):
        times = 1 if x in names else written[x]
        below = x.args if x.op is not NAMED or x in names else ()
        for a, _ in groupby(below):  # X X is written X²
            written[a] = min(1 << 40, written[a] + times)
    found: dict[Expr, int] = {}
    for x in order:
        if x in alike:
            found[alike[x]] = found.get(alike[x], 0) + written[x]
    return found


def _with_fewest_transposes(e: Expr) -> Expr:
    """What gets the name, this or its transpose: R = X − 1 μᵀ, and Rᵀ is written for the other; a column, never a row."""
    if e.is_column or e.is_scalar or len(e.shape) > 2:
        return e
    if e.shape[0] is ONE:
        return build("transpose", e)
    return min(e, build("transpose", e), key=transposes)


def _is_part(part: Expr, e: Expr) -> bool:
    """Whether the terms of a sum are some of those of a longer one."""
    return part.op.name == "add" and part.shape == e.shape and len(part.args) < len(e.args) and set(part.args) <= set(e.args)


def reflected(e: Expr) -> Expr:
    """The canonical e in which a function that stands there of z and of −z stands there of z alone: σ(−z) is 1 − σ(z)."""
    present = {x for x in postorder(e, below=lambda y: () if y.op is NAMED else y.args) if x.op.reflection is not None}
    new: dict[Expr, Expr] = {}
    for x in present:
        (z,) = x.args
        other = canonical(rebuilt(x, (build("scale", number(-1), z),)))
        if other in present and other not in new and _is_negative(z):
            assert x.op.reflection is not None
            new[x] = canonical(x.op.reflection(other.args[0]))
    return canonical(substitute(e, new)) if new else e


def _is_negative(z: Expr) -> bool:
    """Whether a minus stands in front of this, of a sum the common one or that of its first term."""
    return (primitive(z) if z.op.name == "add" else coefficient(z))[0] < 0


def through_function(e: Expr, f: Expr, label: Callable[[], str]) -> tuple[Expr, Expr] | None:
    """The canonical e through a name for the quotient f, which was differentiated, and the name: 2 (A x − ρ x)/‖x‖²; None if no shorter."""
    if not f.is_scalar or written_sizes(f)[f] > LONGEST or f.op.name == "inner":
        return None  # ⟨G, F⟩ of a pullback is no quantity that anyone looks at
    f = canonical(f)
    wanted = split(f)
    if len(wanted.powers) < 2 or not any(isinstance(p, Fraction) and p < 0 for p in wanted.powers.values()):
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
    if not x.args or x.op is NAMED or x.op.name in UNNAMED:
        return None
    if (x.op.primary and not x.args[0].args) or ("{0" in (x.op.notation.pretty or "") and x.op.cost < LONG):
        return None  # X⁻¹ is as short as a name, and ‖r‖ says what it is
    if x.op.name == "matmul":
        return PRODUCT
    return FUNCTION if x.op.kind in (Kind.ELEMENTWISE, Kind.OPERATION) else SUM


def _with_name(e: Expr, wanted: Expr, name: Expr) -> Expr:
    """The canonical e with the name wherever what it stands for is written."""
    new = {form: canonical(substitute(like, {wanted: name})) for form, like in _forms(wanted).items()}
    forms = [form for form in new if form.op.name == "add"]
    alike = for_any(postorder(e))
    done: dict[Expr, Expr] = {}
    for x in postorder(e, below=lambda y: () if alike.get(y) in new else y.args):
        if alike.get(x) in new:
            done[x] = at(new[alike[x]], x)
            continue
        part = next((form for form in forms if _is_part(form, x)), None) if x.op.name == "add" else None
        if part is not None:
            done[x] = build("add", new[part], *(done[t] for t in x.args if t not in part.args))
        else:
            args = tuple(done[a] for a in x.args)
            done[x] = x if args == x.args else named(x["label"], args[0]) if x.op is NAMED else canonical(rebuilt(x, args))
    return done[e]


def written_out(names: Mapping[Expr, Expr]) -> dict[Expr, str]:
    """What each of the engine's names stands for with all of them written out, in normal form and if short → its label."""
    whole: dict[Expr, Expr] = {}
    for x in postorder(*names, below=lambda y: (names[y],) if y in names else y.args):
        whole[x] = whole[names[x]] if x in names else rebuilt(x, tuple(whole[a] for a in x.args))
    sizes = written_sizes(*(whole[name] for name in names))
    known = {canonical(whole[name]): name["label"] for name in names if sizes[whole[name]] <= LONGEST}
    return {same: known[e] for e, same in for_any(postorder(*known)).items() if e in known}

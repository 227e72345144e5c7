"""One level of differential: d of a definition, in terms of the differentials of names, of variables and of small scalars.

What a multilinear operation does follows from the product rule; the other kinds say it in their declarations.  A scalar such as
‖v‖ or 1/‖v‖ that stands among other factors keeps its own differential as an atom, d(1/‖v‖), and a side equation says what that
is; so no whole forward differential is ever built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from matcalc.core.canonical import canonical
from matcalc.core.conjugates import is_seen_real
from matcalc.core.expression import Expr, postorder, rebuilt, substitute_here
from matcalc.core.leaves import DIFFERENTIAL, GRAD, NAMED, NUMBER, differential_of, is_zero_leaf, ones, zeros
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.reality import all_real
from matcalc.errors import Unsupported


@dataclass
class Level:
    """The differential of one definition: canonical, linear in atoms; which operations gave it; the side equations it needs."""

    value: Expr
    name: Callable[[Expr], Expr] = lambda e: e
    used: list[Expr] = field(default_factory=list)
    """The nodes whose declared differential was used, each an application of an operation."""
    product_rule: bool = False
    constants: list[Expr] = field(default_factory=list)
    """Terms whose differential is nothing."""
    sides: list[tuple[Expr, Expr]] = field(default_factory=list)
    """(e, de): small scalars with their differentials, what others need first."""


def differential(definition: Expr, dependent: set[Expr], name: Callable[[Expr], Expr] = lambda e: e) -> Level:
    """d of a definition; `dependent` holds every node that has a variable below it.

    `name` may give f′(X) a name: it is asked for every slope of an elementwise function.
    """
    level = Level(zeros(definition.shape), name=name)
    cuts = _cut_scalars(definition, dependent)
    cache: dict[Expr, Expr] = {}
    for e in postorder(definition, below=lambda y: y.args if y in dependent and y.op is not NAMED else ()):
        if e in dependent:
            value = _one(e, cache, dependent, level)
            if e in cuts:
                level.sides.append((e, canonical(value)))
                value = differential_of(e)
            cache[e] = value
    level.value = canonical(cache[definition])
    level.sides = _closed(level.sides, level.value)
    return level


def _closed(sides: list[tuple[Expr, Expr]], value: Expr) -> list[tuple[Expr, Expr]]:
    """The side equations that are needed, in order."""
    needed = set(atoms(value))
    kept = []
    for e, de in reversed(sides):
        if e in needed:
            kept.append((e, de))
            needed |= set(atoms(de))
    return kept[::-1]


def with_sides(e: Expr, sides: list[tuple[Expr, Expr]]) -> Expr:
    """The differential e with the side equations put in."""
    full: dict[Expr, Expr] = {}
    for small, de in sides:
        full[differential_of(small)] = canonical(substitute_here(de, full))
    return canonical(substitute_here(e, full)) if full else e


def in_its_value(differential: Expr, name: Expr) -> Expr:
    """The differential of a name's definition through the name itself: dh = (1 − h²) ⊙ dz, and ds = da/(2 s) where s = √a."""
    definition = name.args[0]
    through = {definition: name}
    if definition.op.name == "power" and definition.args[1].op is NUMBER:
        through[canonical(1 / definition)] = canonical(1 / name)
    return canonical(substitute_here(differential, through))


def _cut_scalars(definition: Expr, dependent: set[Expr]) -> set[Expr]:
    """Non-linear scalars that stand among other factors, or inside another scalar function."""
    cuts: set[Expr] = set()
    for e in postorder(definition, below=lambda y: y.args if y in dependent and y.op is not NAMED else ()):
        if e not in dependent or e.op is NAMED:
            continue
        if e.op.kind is Kind.MULTILINEAR and sum(a in dependent for a in e.args) < 2:
            continue
        if e.op.kind is Kind.LINEAR or e.op.is_linear:
            continue
        for a in e.args:
            if a in dependent and a.is_scalar and a.op.kind in (Kind.ELEMENTWISE, Kind.OPERATION) and not _is_linear(a, dependent):
                cuts.add(a)
    return cuts


def _is_linear(e: Expr, dependent: set[Expr]) -> bool:
    """Whether an operation is linear in all that moves, as a slice is."""
    return bool(e.op.linear_in) and all(i in e.op.linear_in for i, a in enumerate(e.args) if a in dependent)


def _one(e: Expr, cache: dict[Expr, Expr], dependent: set[Expr], level: Level) -> Expr:
    """The plain differential of a node, given those of its arguments."""
    if e.op is NAMED or not e.args:
        return differential_of(e)
    moving = [i for i, a in enumerate(e.args) if a in dependent]
    kind = e.op.kind
    if kind is Kind.LINEAR or e.op.is_linear:
        return _linear(e, moving, cache, level)
    if kind is Kind.MULTILINEAR:
        level.product_rule |= len(moving) > 1
        parts = _sum([rebuilt(e, _replaced(e.args, i, cache[e.args[i]])) for i in moving])
        return parts if all_real(*e.args) or not is_seen_real(e) else OPERATIONS["real"](parts)  # d(zᴴz) is real as zᴴz is
    if kind is Kind.DEFINITION:
        return _unfolded(e, dependent, level)
    if kind is Kind.ELEMENTWISE:
        level.used.append(e)
        partials = derivatives(e)
        for i in moving:
            if partials[i] is None:
                raise Unsupported(f"the derivative of {e.op.name} with respect to its argument number {i + 1} is not known")
        slopes = [entrywise(level.name(d), cache[e.args[i]], e) for i, d in enumerate(partials) if d is not None and i in moving]
        return of_modulus(e, _sum(slopes))
    if kind is Kind.OPERATION and all(i in e.op.linear_in for i in moving):
        return _sum([rebuilt(e, _replaced(e.args, i, cache[e.args[i]])) for i in moving])
    if kind is Kind.OPERATION:
        if any(i in e.op.opaque for i in moving):
            raise Unsupported(f"the derivative of {e.op.word or e.op.name} in its argument is not known: it would be a second derivative")
        level.used.append(e)
        assert e.op.body is not None
        tangents = [cache[a] if a in dependent else zeros(a.shape) for a in e.args]
        result: Expr = e.op.body(*e.args, *tangents, **dict(e.attrs))
        return of_modulus(e, result)
    raise Unsupported(f"the differential of {_told(e)} is not known yet")


def of_modulus(e: Expr, differential: Expr) -> Expr:
    """What is declared, of the modulus of what may be complex its real part: d|z| = Re(z̄ dz)/|z|."""
    if e.op.over_complex != "modulus" or all_real(*e.args):
        return differential
    return OPERATIONS["real"](differential)


def _told(e: Expr) -> str:
    return "a nested gradient" if e.op is GRAD else e.op.name


def _replaced(args: tuple[Expr, ...], i: int, by: Expr) -> tuple[Expr, ...]:
    return (*args[:i], by, *args[i + 1 :])


def _linear(e: Expr, moving: list[int], cache: dict[Expr, Expr], level: Level) -> Expr:
    if e.op.name == "add":
        level.constants += [a for i, a in enumerate(e.args) if i not in moving]
        return _sum([cache[e.args[i]] for i in moving])
    return rebuilt(e, tuple(cache[a] if i in moving else zeros(a.shape) for i, a in enumerate(e.args)))


def _sum(terms: list[Expr]) -> Expr:
    total = terms[0]
    for t in terms[1:]:
        total = total + t
    return total


def derivatives(e: Expr) -> tuple[Expr | None, ...]:
    """The partial derivatives of an elementwise operation at its arguments; None where one is not known."""
    assert e.op.body is not None
    found = e.op.body(*e.args, **dict(e.attrs))
    return found if isinstance(found, tuple) else (found,)


def entrywise(slope: Expr, dx: Expr, e: Expr) -> Expr:
    """f′(X) ⊙ dX; a scalar argument among matrices is spread over the entries."""
    if is_zero_leaf(slope):
        return zeros(e.shape)
    product: Expr = slope * dx
    return product if product.shape == e.shape else product * ones(e.shape)


def _unfolded(e: Expr, dependent: set[Expr], level: Level) -> Expr:
    """d of a defined word, by its definition."""
    assert e.op.body is not None
    plain: Expr = e.op.body(*e.args, **dict(e.attrs))
    inner = set(dependent)
    for x in postorder(plain):
        if any(a in inner for a in x.args):
            inner.add(x)
    below = differential(plain, inner, level.name)
    level.used += [e, *below.used]
    level.product_rule |= below.product_rule
    return with_sides(below.value, below.sides)


def adjoint(e: Expr, position: int, incoming: Expr) -> Expr:
    """The part of the cotangent of e that goes to one argument: A : e(…, dX, …) = adjoint : dX, as a plain expression."""
    if position in e.op.linear_in:
        return e.op.linear_in[position](*e.args, incoming, **dict(e.attrs))  # type: ignore[no-any-return]
    assert e.op.body is not None
    if e.op.variadic and len(e.args) > 2:
        return _variadic_adjoint(e.op, e.args, position, incoming)
    parts = e.op.body(*e.args, incoming, **dict(e.attrs))
    result: Expr = parts[position] if isinstance(parts, tuple) else parts
    return result


def _variadic_adjoint(op: Operation, args: tuple[Expr, ...], position: int, incoming: Expr) -> Expr:
    """By associativity: first what stands before the argument crosses, then what stands after."""
    assert op.body is not None
    if op.name == "add":
        return incoming
    before, after = args[:position], args[position + 1 :]
    inner = _group(op, args[position:])
    if before:
        incoming = op.body(_group(op, before), inner, incoming)[1]
    if after:
        incoming = op.body(args[position], _group(op, after), incoming)[0]
    return incoming


def _group(op: Operation, args: tuple[Expr, ...]) -> Expr:
    return op(*args) if len(args) > 1 else args[0]


def is_differential_below(e: Expr) -> set[Expr]:
    """The nodes under e that hold a differential atom, not looking into names or into the atoms."""
    found: set[Expr] = set()
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        if x.op is DIFFERENTIAL or any(a in found for a in x.args):
            found.add(x)
    return found


def atoms(e: Expr) -> list[Expr]:
    """What e is the differential of: the arguments of its atoms, in order of appearance."""
    return [x.args[0] for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args) if x.op is DIFFERENTIAL]

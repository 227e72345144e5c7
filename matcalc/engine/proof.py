"""Elementary facts proved: why d‖v‖ = vᵀdv/‖v‖, d(X⁻¹) = −X⁻¹dX X⁻¹, d det X = det X tr(X⁻¹dX).

The differential that an operation declares follows from the equation that defines it (its fact `implicit`): both sides are
differentiated, and the result is solved for the differential of the value.  Where no single equation does, the declaration lists
the equations on the way (its fact `proof`).  All are steps of a derivation, and are checked as every line is.
"""

from __future__ import annotations

from matcalc.core.builders import chained, matrix_product, negative
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Reason
from matcalc.core.expression import Expr, depends, plain, postorder, substitute, substitute_here
from matcalc.core.leaves import NUMBER, differential_of, named, number, symbol, zeros
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.property import NONNEG
from matcalc.core.terms import build, join, split
from matcalc.engine.arrange import Arrangement
from matcalc.engine.columns import columns
from matcalc.engine.differentiate import Level, differential, with_sides
from matcalc.engine.reasons import arranged, is_notation, slope
from matcalc.errors import Unsupported

UNNAMED = "="
"""The label of a name that shows as what it stands for."""


def proof(e: Expr, moving: set[Expr]) -> Derivation:
    """The derivation of d e for an operation e whose arguments in `moving` (symbols or names) vary."""
    derivation = Derivation(e)
    dependent = depends([e], moving)
    arrange = Arrangement([e], dependent)
    if e.op.proof is not None:
        tangents = [differential_of(a) for a in e.args]
        for left, right, why in e.op.proof(*e.args, *tangents, differential_of(e), **dict(e.attrs)):
            derivation.add(Act.DEFINING, chained(left), chained(right), [Reason(words=why)])
    elif e.op.implicit is not None:
        _from_equation(e, moving, derivation, arrange)
    else:
        _as_declared(e, moving, derivation, arrange)
    if e.is_scalar and e.op.gives.get(NONNEG) == () and len(moving) == 1:
        _inverse(e, next(iter(moving)), derivation, arrange)
    return derivation


def _from_equation(e: Expr, moving: set[Expr], derivation: Derivation, arrange: Arrangement) -> None:
    """L = R, dL = dR, the terms with d e on one side, and d e."""
    assert e.op.implicit is not None and e.op.body is not None
    left, right = e.op.implicit(*e.args, **dict(e.attrs))
    derivation.add(Act.DEFINING, left, right, [Reason(words="definition", cite=e.op.cite)])
    y = named(UNNAMED, e)
    left, right = substitute(left, {e: y}), substitute(right, {e: y})
    dependent = depends([left, right], {*moving, y}) | {y}
    levels = [_level(s, dependent) for s in (left, right)]
    product_rule = [Reason(words="product rule")] if any(level.product_rule for level in levels) else []
    written = [arrange(with_sides(level.value, level.sides)) for level in levels]
    derivation.add(Act.BOTH, written[0], written[1], [Reason(words="d of both sides"), *product_rule])
    whole = build("add", *(canonical(w) for w in (written[0], negative(written[1]))))
    atom = differential_of(y)
    terms = list(whole.args) if whole.op.name == "add" else [whole]
    with_y = [t for t in terms if any(x is atom for x in postorder(t, below=_outside))]
    rest = build("scale", number(-1), build("add", *(t for t in terms if t not in with_y), zeros(whole.shape)))
    linear = build("add", *with_y) if len(with_y) > 1 else with_y[0]
    derivation.add(Act.SOLVE, arrange(linear), arrange(rest), [Reason(words="rearrange")])
    value = e.op.body(*e.args, *(differential_of(a) if a in moving else zeros(a.shape) for a in e.args), **dict(e.attrs))
    derivation.add(Act.SOLVE, differential_of(e), arrange(canonical(value)), _solving(linear, atom))


def _level(e: Expr, dependent: set[Expr]) -> Level:
    """The differential of one side; of a constant side nothing."""
    return differential(e, dependent) if e in dependent else Level(zeros(e.shape))


def _outside(e: Expr) -> tuple[Expr, ...]:
    return () if e.op.kind is Kind.BINDER else e.args


def _solving(linear: Expr, atom: Expr) -> list[Reason]:
    """How an equation that is linear in d y is solved: by dividing, by an inverse, or as a Sylvester equation."""
    term = split(linear)
    if linear.op.name == "add":
        sylvester = OPERATIONS["sylvester"]
        assert sylvester.implicit is not None
        left, right = sylvester.implicit(*(symbol(letter, "n", "n") for letter in "ABC"))
        return [Reason(left, right, in_letters=True, cite=sylvester.cite)]
    if atom in term.chain and len(term.chain) > 1:
        at = term.chain.index(atom)
        return [Reason(left=build("inv", build("matmul", *(term.chain[:at] or term.chain[at + 1 :]))), words="multiply by")]
    if atom in term.powers:
        del term.powers[atom]
        divisor = join(term, linear.shape)
        return [Reason(left=divisor, words="divide by")] if divisor.op is not NUMBER else []
    return []


def _as_declared(e: Expr, moving: set[Expr], derivation: Derivation, arrange: Arrangement) -> None:
    """By the definition, where there is one; else what the declaration says: the derivative of a real function, the product rule."""
    meaning = e.op.defining or (e.op.body if e.op.kind is Kind.DEFINITION else None)
    at = meaning(*e.args, **dict(e.attrs)) if meaning is not None else e
    dependent = depends([e, at], moving)
    try:
        level = differential(at, dependent)
    except Unsupported:
        at, level = e, differential(e, dependent)
    derivation.add(Act.DEFINING, e, at, [Reason(words="definition", cite=e.op.cite)])
    for small, de in level.sides:
        derivation.add(Act.SIDE, arrange(differential_of(small)), arrange(de))
    used = [arranged(slope(x, dependent), arrange) for x in level.used if x is not e and not is_notation(x.op)][:3]
    reasons = [*used, *([Reason(words="product rule")] if level.product_rule else [])]
    cited = [] if reasons else [Reason(words=f"derivative of {e.op.written}", cite=e.op.cite)]
    found = arrange(with_sides(level.value, level.sides))
    derivation.add(Act.DIFFERENTIAL, differential_of(e), found, reasons or cited)
    if at is not e and e.op.kind is Kind.OPERATION:
        known = arrange(canonical(differential(e, dependent).value))
        derivation.add(Act.SIMPLIFY, found, known, [Reason(words="collect")])


def _inverse(e: Expr, x: Expr, derivation: Derivation, arrange: Arrangement) -> None:
    """d(1/e) of a length e of x, and x d(1/e), which is where the second term of a normalised vector comes from."""
    inverse = canonical(e**-1)
    y = named(UNNAMED, e)
    over_name = differential(y**-1, {y, y**-1}).value
    de = canonical(derivation[-1].after)
    full = canonical(substitute_here(over_name, {differential_of(y): de, y: e}))
    written = arrange(full)
    d = differential_of(inverse)
    derivation.add(Act.SIDE, arrange(d), arrange(over_name), [Reason(words="chain rule")])
    derivation.add(Act.SIDE, arrange(over_name), written)
    if x.is_column and not x.is_scalar:
        whole = canonical(full * x)
        reasons: list[Reason] = []
        matrix = columns(whole, x, reasons)
        said = [Reason(arrange(r.left), r.right) for r in reasons if r.left is not None]
        derivation.add(Act.SIDE, plain(OPERATIONS["matmul"], x, arrange(d)), matrix_product(arrange(matrix), differential_of(x)), said)

"""Facts about a matrix as a whole: definite, diagonal, triangular, orthogonal, invertible, each with its reason.

All are found together, from the leaves up and once per node: definiteness of A S Aᵀ needs that of S and whether A is invertible.
What is not found may hold all the same.
"""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import is_square
from matcalc.core.leaves import IDENTITY, NAMED, NUMBER, SYMBOL
from matcalc.core.nonneg import nonneg, positive
from matcalc.core.property import (
    DIAGONAL,
    IMPLIES,
    INVERTIBLE,
    LOWER,
    NONNEG,
    ORTHOGONAL,
    PD,
    POSITIVE,
    POSITIVE_DIAGONAL,
    PSD,
    SKEW,
    SYMMETRIC,
    UPPER,
    Fact,
    Property,
)  # fmt: skip
from matcalc.core.reality import is_real

SHAPES = (DIAGONAL, UPPER, LOWER)
WHOLE = (PD, PSD, *SHAPES, ORTHOGONAL, INVERTIBLE, POSITIVE_DIAGONAL)
"""The properties that are found here."""
OF_REAL = (PD, PSD, ORTHOGONAL)
"""What is said of real matrices alone."""
Facts = dict[Property, Fact]


def facts(e: Expr) -> Facts:
    """The facts that are known of a matrix.

    >>> import matcalc.operations, matcalc.rules
    >>> from matcalc.core.leaves import identity, symbol
    >>> X = symbol("X", "m", "n")
    >>> [(f.property, f.reason) for f in facts(X.T @ X + identity("n")).values() if f.property in (PD, INVERTIBLE)]
    [(pd, 'a sum of such, one of them positive definite'), (invertible, 'positive definite')]
    """
    for x in postorder(e, below=lambda y: () if "facts" in y.memo else y.args):
        if "facts" not in x.memo:
            found: Facts = {}
            if not x.is_scalar:
                for p, reason, because in _found(x):
                    _enter(found, x, p, reason, because)
            x.memo["facts"] = found
    result: Facts = e.memo["facts"]
    return result


def _enter(found: Facts, e: Expr, p: Property, reason: str, because: tuple[Fact, ...]) -> None:
    """A fact, and what follows from it."""
    if p in found or p not in WHOLE or (p in OF_REAL and not is_real(e)):
        return
    found[p] = Fact(e, p, reason, because)
    for weaker in (*IMPLIES.get(p, ()), *([POSITIVE_DIAGONAL] if p is PD else [])):
        if weaker is not INVERTIBLE or p is not ORTHOGONAL or is_square(e):
            _enter(found, e, weaker, p.word if p is not PD else "positive definite", (found[p],))


Found = list[tuple[Property, str, tuple[Fact, ...]]]


def _found(e: Expr) -> Found:
    if e.op is SYMBOL:
        square = is_square(e)
        return [(p, "declared", ()) for p in e["properties"] if square or p is ORTHOGONAL]
    if e.op is IDENTITY:
        return [(p, "by definition", ()) for p in (PD, DIAGONAL, ORTHOGONAL)]
    if e.op is NAMED:
        return [(f.property, f.reason, f.because) for f in facts_of(e.args[0]).values()]
    rule = _RULES.get(e.op.name)
    return [*(rule(e) if rule is not None else []), *_given(e)]


def facts_of(e: Expr) -> Facts:
    """The facts of an argument, which are there already."""
    found: Facts = e.memo["facts"]
    return found


def _given(e: Expr) -> Found:
    """What the declaration of the operation says."""
    found: Found = []
    matrices = [a for a in e.args if not a.is_scalar]
    for p, wanted in e.op.gives.items():
        if p in WHOLE and all(_has(a, w) for a in matrices for w in wanted):
            because = tuple(facts_of(a)[w] for a in matrices for w in wanted if w in facts_of(a))
            found.append((p, "its argument is" if because else "by definition", because))
    return found


def _has(e: Expr, p: Property) -> bool:
    from matcalc.engine.infer import known

    if p is POSITIVE:
        return positive(e)
    if p in (SYMMETRIC, SKEW):
        return known(e, p) is not None
    return nonneg(e) if p is NONNEG else p in facts_of(e)


def _add(e: Expr) -> Found:
    shared = [p for p in (PSD, *SHAPES) if all(p in facts_of(a) for a in e.args)]
    found: Found = [(p, "a sum of such", tuple(facts_of(a)[p] for a in e.args)) for p in shared]
    if found and found[0][0] is PSD and any(PD in facts_of(a) for a in e.args):
        first = next(facts_of(a)[PD] for a in e.args if PD in facts_of(a))
        found.insert(0, (PD, "a sum of such, one of them positive definite", (first,)))
    return found


def _scale(e: Expr) -> Found:
    """A multiple: definite where the factors are positive, of the same shape always."""
    *scalars, matrix = e.args if e.op.name == "scale" else (e.args[1], e.args[0])
    if matrix.is_scalar or not all(s.is_scalar for s in scalars):
        return []
    kept: list[Property] = list(SHAPES)
    if all(nonneg(s) for s in scalars):
        kept.append(PSD)
    if all(positive(s) for s in scalars):
        kept.append(PD)
    if all(positive(s) or (s.op is NUMBER and s["value"] != 0) for s in scalars):
        kept.append(INVERTIBLE)
    known = facts_of(matrix)
    return [(p, known[p].reason, known[p].because) for p in kept if p in known]


def _product(e: Expr) -> Found:
    found: Found = []
    for p in (*SHAPES, ORTHOGONAL, INVERTIBLE):
        if all(p in facts_of(a) and is_square(a) for a in e.args):
            found.append((p, "a product of such", tuple(facts_of(a)[p] for a in e.args)))
    middle = len(e.args) // 2
    left, centre, right = e.args[:middle], e.args[middle : len(e.args) - middle], e.args[len(e.args) - middle :]
    if not left or (centre and PSD not in facts_of(centre[0])):
        return found
    from matcalc.engine.infer import mirrored

    turned = mirrored(left, right)
    if turned is None:
        return found
    because = (*(facts_of(c)[PSD] for c in centre), *turned)
    reason = "of the form A S Aᵀ" if centre else "of the form AᵀA"
    if all(PD in facts_of(c) for c in centre) and all(INVERTIBLE in facts_of(a) for a in left):
        found.append((PD, reason, because))
    return [*found, (PSD, reason, because)]


def _entrywise(e: Expr) -> Found:
    """An elementwise product: of the shape of any factor; definite where all are."""
    found: Found = []
    for p in SHAPES:
        having = [facts_of(a)[p] for a in e.args if p in facts_of(a)]
        found += [(p, "a factor is", tuple(having[:1]))] * bool(having)
    return [*found, *((p, "Schur's product theorem", ()) for p in (PD, PSD) if all(p in facts_of(a) for a in e.args))]


_RULES: dict[str, Callable[[Expr], Found]] = {
    "add": _add, "scale": _scale, "quotient": _scale, "matmul": _product, "hadamard": _entrywise,
}  # fmt: skip
"""How the glue hands facts on; other operations say it in their declarations."""

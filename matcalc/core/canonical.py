"""The canonical builder: an expression in normal form, once per node.

`canonical` goes up from the leaves and lets the glue and the canonical rules build each node; a plain node keeps its canonical
form and the laws that led to it.  Equality of expressions, as far as the glue knows, is identity of canonical forms.
Names are opaque: a named definition is an atom here, which keeps large expressions linear.  So name first.

Transposes go through sums, products and ⊙ to the atoms.  For operations that commute with transposition, or do not see it, one
of {M, Mᵀ} is chosen by a key on the pair (columns first, then fewer transposes, then the digest); looking for a transpose at
the head would not be confluent.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from matcalc.core import chains, entries, totals  # noqa: F401 - they enter their constructors
from matcalc.core.expression import Expr, node, plain, postorder
from matcalc.core.index_sums import summed
from matcalc.core.indices import UNIT_AT, counter, unit_at
from matcalc.core.leaves import DIFFERENTIAL, IDENTITY, INDEX_SUM, NAMED, NUMBER, ONES, ZEROS, is_zero_leaf, number, zeros
from matcalc.core.notes import note, noting
from matcalc.core.operation import Kind, Operation
from matcalc.core.property import SYMMETRIC
from matcalc.core.reality import all_real, conjugations
from matcalc.core.size import ONE
from matcalc.core.terms import BUILD, Term, build, coefficient, constructor, join, op, primitive, reduced, split


def canonical(e: Expr) -> Expr:
    """The normal form of an expression, found once and kept."""
    if "canonical" not in e.memo:
        operands = _Operands(e)
        for x in postorder(e, below=operands):
            if "canonical" not in x.memo:
                with noting() as laws:
                    new = _canonical_of(x, operands(x))
                x.memo["canonical"] = None if new is x else new
                if laws:
                    x.memo["laws"] = tuple(laws)
                if new is not x and "canonical" not in new.memo:
                    new.memo["canonical"] = None
    known: Expr | None = e.memo["canonical"]
    return known or e


class _Operands:
    """What a node is made of; sums in sums and products in products are taken in where they are used once.

    A chain of brackets 3,000 deep is then built once; taking its parts in level by level would be quadratic.
    """

    def __init__(self, root: Expr) -> None:
        self.uses: dict[Expr, int] = {}
        self.found: dict[Expr, tuple[Expr, ...]] = {}
        for e in postorder(root, below=_below):
            for a in _below(e):
                self.uses[a] = self.uses.get(a, 0) + 1

    def __call__(self, e: Expr) -> tuple[Expr, ...]:
        below = _below(e)
        if not e.op.variadic or not any(self._joins(a, e) for a in below):
            return below
        if e not in self.found:
            taken: list[Expr] = []
            waiting = list(reversed(below))
            while waiting:
                a = waiting.pop()
                if self._joins(a, e):
                    waiting.extend(reversed(a.args))
                else:
                    taken.append(a)
            self.found[e] = tuple(taken)
        return self.found[e]

    def _joins(self, a: Expr, e: Expr) -> bool:
        return a.op is e.op and self.uses.get(a, 0) == 1 and "canonical" not in a.memo


def _below(e: Expr) -> tuple[Expr, ...]:
    return () if e.op in (NAMED, DIFFERENTIAL) or "canonical" in e.memo else e.args


def laws_used(e: Expr) -> list[str]:
    """The laws that led from a plain expression to its canonical form, in the order of use."""
    canonical(e)
    found: list[str] = []
    for x in postorder(e, below=lambda y: () if y.op in (NAMED, DIFFERENTIAL) else y.args):
        for law in x.memo.get("laws", ()):
            if law not in found:
                found.append(law)
    return found


def _canonical_of(e: Expr, operands: tuple[Expr, ...]) -> Expr:
    if e.op in (NAMED, DIFFERENTIAL):
        return e
    if e.op is NUMBER:
        return number(e["value"])
    if e.op is ONES:
        return entries.canonical_ones(e.shape)
    if not e.args:
        found = e.op.form(**dict(e.attrs)) if e.op.form is not None else None
        return e if found is None else canonical(found)
    args = tuple(canonical(a) for a in operands)
    if e.op is UNIT_AT:
        return unit_at(args[0], e.shape[0])
    if e.op.name in BUILD:
        return build(e.op.name, *args)
    return apply(e.op, *args, like=e)


@constructor("*")
def apply(operation: Operation, *args: Expr, like: Expr | None = None) -> Expr:
    """An operation outside the glue on canonical arguments, normal at its head; attributes and shape may be like another's."""
    if like is None:
        like = plain(operation, *args)
    if operation.kind is Kind.DEFINITION:
        assert operation.body is not None
        return canonical(operation.body(*args, **dict(like.attrs)))
    if operation.form is not None and (found := operation.form(*args, **dict(like.attrs))) is not None:
        return canonical(found)
    if operation is INDEX_SUM:
        return summed(args[0], counter(like), like.memo.get("letter", ""))
    alone = operation.kind is Kind.LINEAR and len(args) == 1
    if operation.kind is Kind.MULTILINEAR or operation.linear_in or alone:
        return _multilinear(operation, args, like)
    if operation.kind is Kind.LINEAR and all(map(is_zero_leaf, args)):
        return zeros(like.shape)
    if operation.kind is Kind.BINDER:
        return node(operation, args, like.attrs, like.shape)
    if operation.over_complex == "modulus" and not all_real(*args):
        from matcalc.core.conjugates import same_modulus

        args = tuple(map(same_modulus, args))
    sign = 1
    if operation.parity and len(args) == 1:
        sign, args = _without_sign(operation, args[0])
    e = _oriented(operation, args, like)
    return build("scale", number(sign), e) if sign != 1 else e


def _multilinear(operation: Operation, args: tuple[Expr, ...], like: Expr) -> Expr:
    """Zero, scalars out, and the order of arguments follow from the index equation, or from what it is linear in."""
    linear = operation.linear_in or range(len(args))
    if any(is_zero_leaf(args[i]) for i in linear):
        return zeros(like.shape)
    term = Term()
    units = []
    for i, a in enumerate(args):
        if i not in linear:
            units.append(a)
            continue
        part = split(a)
        term.coefficient *= part.coefficient
        for base, exponent in part.powers.items():
            term.take(base, exponent)
        units.append(join(Term(chain=part.chain), a.shape) if part.chain else number(1))
    if operation.kind is Kind.MULTILINEAR and operation.equation is not None and operation.equation.symmetric_under_exchange:
        units.sort(key=lambda u: u.key)
    return entries.scaled(term, _oriented(operation, tuple(units), like))


def _without_sign(operation: Operation, x: Expr) -> tuple[int, tuple[Expr, ...]]:
    """The sign of an argument, taken out of an odd or even function."""
    negative = (primitive(x)[0] if x.op.name == "add" else coefficient(x)[0]) < 0
    if not negative:
        return 1, (x,)
    note(f"{operation.name} is {operation.parity}")
    return -1 if operation.parity == "odd" else 1, (build("scale", number(-1), x),)


def _oriented(operation: Operation, args: tuple[Expr, ...], like: Expr) -> Expr:
    """The node on the better of the arguments and their transposes.

    Of an odd or even function the signs are compared away first: the transpose of X − Y may come out as −(Yᵀ − Xᵀ).
    """
    how = behaviour(operation)
    if how in ("", "through") or all(a.is_scalar or len(a.shape) > 2 for a in args):
        return reduced(node(operation, args, like.attrs, like.shape))
    turned = tuple(build("transpose", a) for a in args)
    sign = 1
    if operation.parity and len(args) == 1:
        sign, turned = _without_sign(operation, turned[0])
    elif operation.kind is Kind.MULTILINEAR or operation.linear_in:
        linear = operation.linear_in or range(len(turned))
        parts = {i: split(t) for i, t in enumerate(turned) if i in linear}
        sign = prod(int(part.coefficient) for part in parts.values())
        units = {i: join(Term(chain=part.chain), turned[i].shape) if part.chain else number(1) for i, part in parts.items()}
        turned = tuple(units.get(i, t) for i, t in enumerate(turned))
    if _rank(turned) >= _rank(args):
        return reduced(node(operation, args, like.attrs, like.shape))
    if how == "invariant":
        e = reduced(node(operation, turned, like.attrs, like.shape))
    else:
        e = build("transpose", reduced(node(operation, turned, like.attrs, like.shape[::-1])))
    return build("scale", number(sign), e) if sign != 1 else e


def behaviour(operation: Operation) -> str:
    """How an operation meets the transposition of all its arguments: "equivariant", "invariant" or "".

    "through" is an equivariant one whose transpose is always written as that of its arguments, (A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ.
    """
    if operation.kind is Kind.ELEMENTWISE:
        return "equivariant"
    if operation.transposition or operation.equation is None or operation.kind is not Kind.MULTILINEAR:
        return operation.transposition
    if operation.equation.invariant_under_transposition:
        return "invariant"
    return "equivariant" if operation.equation.equivariant_under_transposition else ""


def always_symmetric(e: Expr) -> bool:
    """Whether a node equals its transpose by the index equation of its operation, as diag(v) does, or is declared to."""
    operation = e.op
    if operation.gives.get(SYMMETRIC) == () or (operation.mirrored is not None and operation.mirrored(*e.args, **dict(e.attrs))):
        return True
    return operation.kind is Kind.MULTILINEAR and operation.equation is not None and operation.equation.symmetric_result


def _rank(args: tuple[Expr, ...]) -> tuple[bool, int, int, list[bytes]]:
    """Numbers in front are not compared: the transpose of X (u − v) may come out as −(vᵀ − uᵀ) Xᵀ."""
    bare = 0 if all_real(*args) else sum(conjugations(a)[0] for a in args)
    keys = [coefficient(a)[1].key for a in args]
    return any(a.shape[0] is ONE and a.shape[1] is not ONE for a in args), sum(map(transposes, args)), bare, keys


def transposes(e: Expr) -> int:
    """How many transposes an expression has, counted as often as it is written; capped."""
    known = e.memo.get("transposes")
    if known is None:
        for x in postorder(e, below=lambda y: () if "transposes" in y.memo or y.op in (NAMED, DIFFERENTIAL) else y.args):
            below = 0 if x.op in (NAMED, DIFFERENTIAL) else sum(a.memo["transposes"] for a in x.args)
            x.memo["transposes"] = min(below + (x.op.name == "transpose"), 1 << 30)
        known = e.memo["transposes"]
    return int(known)


@constructor("transpose")
def transpose(e: Expr) -> Expr:
    """The transpose of a canonical node, at its atoms."""
    known: Expr | None = e.memo.get("transposed")
    if known is None:
        known = _transpose(e)
        e.memo["transposed"] = known
    return known


def _transpose(e: Expr) -> Expr:
    name = e.op.name
    if e.is_scalar or len(e.shape) > 2 or e.op is IDENTITY or always_symmetric(e):
        return e  # an array has no transpose, and laws that speak of one say nothing new
    if name in _THROUGH:
        return _THROUGH[name](e)
    if e.op is ZEROS:
        return zeros(e.shape[::-1])
    if e.args and behaviour(e.op) == "through":
        return apply(e.op, *map(transpose, e.args))
    if e.op.mirror is not None:
        return canonical(e.op.mirror(**dict(e.attrs)))
    if e.args and behaviour(e.op) == "equivariant" and all(transpose(a) is a for a in e.args):
        return e
    return node(op("transpose"), (e,), (), e.shape[::-1])


def _through_term(e: Expr) -> Expr:
    term = split(e)
    out, term.chain = chains.turned(term.chain)
    term.coefficient *= out
    return join(term, e.shape[::-1])


_THROUGH: dict[str, Callable[[Expr], Expr]] = {
    "transpose": lambda e: e.args[0],
    "add": lambda e: build("add", *(transpose(t) for t in e.args)),
    "scale": _through_term,
    "matmul": _through_term,
    "hadamard": lambda e: build("hadamard", *(transpose(h) for h in e.args)),
    "power": lambda e: build("power", transpose(e.args[0]), e.args[1]),
    "index_sum": lambda e: summed(transpose(e.args[0]), counter(e), e.memo.get("letter", "")),
}

"""Where the sign of a factor can be turned: the places of a term, and what turning costs.

−(b − Ax) is (Ax − b): a sum among the factors, or an odd or even function of one, may be written either way round.  This module
knows the places; which way reads better is decided in `arrange`.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from fractions import Fraction

from matcalc.core.expression import Expr, node, postorder
from matcalc.core.leaves import DIFFERENTIAL, NAMED, NUMBER, SIZE, number
from matcalc.core.operation import Kind
from matcalc.core.terms import Term, build, coefficient, is_ones


def is_grouped(e: Expr) -> bool:
    """Whether this is a product such as A ⊗ B, or a stack of columns: linear in each argument, a sign comes out of all of them."""
    return e.op.kind is Kind.MULTILINEAR and e.op.equation is not None and e.op.equation.is_grouped and bool(e.args)


def is_word(e: Expr) -> bool:
    """Whether this is a linear function of one array that is called by its name: diag(v), vech(X)."""
    return e.op.kind in (Kind.LINEAR, Kind.MULTILINEAR) and len(e.args) == 1 and e.op.name != "transpose"


def oddness(e: Expr) -> str:
    """ "odd" or "even" for a function of one argument that is so; what is linear is odd, and so are the factors of A ⊗ B."""
    if is_grouped(e):
        return "odd"
    if is_word(e) or len(e.op.linear_in) == 1:
        return "odd"
    return e.op.parity


def signed_place(e: Expr, signs: Sequence[int] = ()) -> int:
    """The argument whose sign comes out of an odd function: the only one, or that in which it is linear; of A ⊗ B a negative one."""
    if is_grouped(e) and len(e.args) > 1:
        negative = [k for k, sign in enumerate(signs) if sign < 0]
        return negative[0] if negative else next((k for k, a in enumerate(e.args) if a.op.name == "add"), 0)
    return next(iter(e.op.linear_in), 0)


def turned_inside(term: Term, typed: Container[Expr]) -> Term:
    """The term without its minus, where the sign can be that of a sum inside: xxᵀ ⊗ (diag(p) − ppᵀ), diag(p − q)."""
    if term.coefficient > 0:
        return term
    for at, f in enumerate(term.chain):
        alone = is_grouped(f) and len(term.chain) == 1
        for k, a in enumerate(f.args) if alone or (is_word(f) and f not in typed) else ():
            if a.op.name == "add" and a not in typed and any(split_number(t) < 0 for t in a.args):
                other = build("scale", number(-1), a)
                turned = node(f.op, (*f.args[:k], other, *f.args[k + 1 :]), f.attrs, f.shape)
                return Term(-term.coefficient, term.powers, [*term.chain[:at], turned, *term.chain[at + 1 :]])
    return term


def _multiplied(e: Expr) -> tuple[Expr, ...]:
    """The factors of a product, brackets opened."""
    return e.args if e.op.name in ("matmul", "hadamard") else ()


@dataclass
class Slot:
    """A place of a factor in a term: among its scalars, in its chain, or inside an elementwise product of the chain."""

    term: Term
    factor: Expr
    odd: bool
    at: int = -1
    inside: int = -1

    @property
    def is_loose(self) -> bool:
        """Whether this is a sum that may take a minus in; not one that stands in the term twice, as in (X − A) P ⊙ (X − A)."""
        if not self.odd or self.factor.op.name != "add":
            return False
        alike = {self.factor, build("transpose", self.factor)}
        alike |= {build("scale", number(-1), f) for f in alike}
        inside = [a for x in postorder(*self.term.chain, below=_multiplied) for a in _multiplied(x)]
        return sum(a in alike for a in (*self.term.chain, *inside)) < 2

    def turned_to(self, mirror: Expr) -> int:
        """Put the mirror image there; the sign that this costs."""
        sign = -1 if self.odd and (self.factor.op.name == "add" or oddness(self.factor) == "odd") else 1
        if self.at < 0:
            self.term.powers[mirror] = self.term.powers.pop(self.factor)
        elif self.inside < 0:
            self.term.chain[self.at] = _with_base(self.term.chain[self.at], mirror)
        else:
            whole = self.term.chain[self.at]
            args = list(whole.args)
            args[self.inside] = _with_base(args[self.inside], mirror)
            self.term.chain[self.at] = node(whole.op, tuple(args), (), whole.shape)
        return sign


def _with_base(e: Expr, base: Expr) -> Expr:
    return node(e.op, (base, e.args[1]), (), e.shape) if e.op.name == "power" else base


def slots(term: Term) -> list[Slot]:
    """The factors of a term whose sign may be turned, with whether that costs a sign."""
    found = []
    for base, p in term.powers.items():
        if isinstance(p, Fraction) and p.denominator == 1:
            found.append(Slot(term, base, p % 2 == 1))
    for at, f in enumerate(term.chain):
        entries = list(enumerate(f.args)) if f.op.name == "hadamard" else [(-1, f)]
        for inside, h in entries:
            base, exponent = (h.args[0], h.args[1]) if h.op.name == "power" else (h, number(1))
            if exponent.op is NUMBER and exponent["value"].denominator == 1:
                found.append(Slot(term, base, exponent["value"] % 2 == 1, at, inside))
    return found


def split_number(t: Expr) -> Fraction:
    """The number in front of a canonical term."""
    return coefficient(t)[0]


def has_negative_constants(e: Expr) -> bool:
    """Whether the numbers 1 in a sum, and its ones, have a minus in front, as in t² − 1; in n − 1 the size leads."""
    if all(coefficient(t)[1].op is SIZE or t.op is NUMBER for t in e.args):
        return all(coefficient(t)[0] < 0 for t in e.args if t.op is not NUMBER)
    constants = [split_number(t) for t in e.args if (t.op is NUMBER and abs(t["value"]) == 1) or is_ones(coefficient(t)[1])]
    return bool(constants) and all(c < 0 for c in constants)


def outside_names(e: Expr) -> tuple[Expr, ...]:
    """What stands below a node, names and differentials taken as atoms."""
    return () if e.op in (NAMED, DIFFERENTIAL) else e.args


def holds_differential(e: Expr) -> bool:
    """Whether a differential stands in e, not looking into names."""
    if "moves" not in e.memo:
        for x in postorder(e, below=lambda y: () if "moves" in y.memo else outside_names(y)):
            x.memo["moves"] = x.op is DIFFERENTIAL or any(a.memo["moves"] for a in outside_names(x))
    return bool(e.memo["moves"])

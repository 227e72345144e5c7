"""Terms: number × powers of scalars × chain of matrices, and sums of terms.  The normal form that all glue works in.

A canonical node is one of
    a leaf, a named definition, a differential, an operation on canonical arguments       an atom
    power(base, exponent)                                                                 of scalars, or entry by entry
    matmul(F₁, …, F_k)                                                                     a chain of atoms and sums
    hadamard(H₁, …, H_k)                                                                   in order of keys
    scale(number?, scalar powers …, matrix?)                                               a term with a coefficient
    add(T₁, …, T_k)                                                                        in order of the keys of their units
A sum stands alone with its coefficients inside; as a factor it is primitive (no common number, its first term positive), and
the number is the term's.  Products are never expanded over sums.

`BUILD` maps the name of an operation to its canonical constructor; the modules of the glue enter theirs here, and meet each
other only through `build`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from matcalc.core.expression import Expr, node
from matcalc.core.leaves import NUMBER, ONES, is_small_power, is_zero_leaf, number, zeros
from matcalc.core.notes import note
from matcalc.core.operation import OPERATIONS, Operation
from matcalc.core.reality import IMAGINARY, all_real, i_squared
from matcalc.core.size import ONE, Shape

Exponent: TypeAlias = Fraction | Expr
Constructor: TypeAlias = Callable[..., Expr]
BUILD: dict[str, Constructor] = {}


def constructor(name: str) -> Callable[[Constructor], Constructor]:
    """Enter a canonical constructor into the table."""

    def enter(function: Constructor) -> Constructor:
        BUILD[name] = function
        return function

    return enter


def build(name: str, *args: Expr) -> Expr:
    """The canonical node of an operation on canonical arguments."""
    special = BUILD.get(name)
    return special(*args) if special else BUILD["*"](op(name), *args)


@dataclass
class Term:
    """number × Π base^exponent × F₁F₂…; the chain is empty for a scalar."""

    coefficient: Fraction = Fraction(1)
    powers: dict[Expr, Exponent] = field(default_factory=dict)
    chain: list[Expr] = field(default_factory=list)

    def take(self, base: Expr, exponent: Exponent) -> None:
        """Multiply by base^exponent, the base a canonical scalar that is no product."""
        folds = base.op is NUMBER and isinstance(exponent, Fraction) and exponent.denominator == 1 and base["value"]
        if folds and isinstance(exponent, Fraction) and is_small_power(base["value"], exponent):
            self.coefficient *= base["value"] ** int(exponent)
            return
        total = exponent_sum(self.powers.get(base, Fraction(0)), exponent)
        if base.op is IMAGINARY and isinstance(total, Fraction) and total.denominator == 1:
            self.coefficient, total = self.coefficient * i_squared(total), total % 2
        if total == 0:
            note("a number over itself")
            self.powers.pop(base, None)
        else:
            self.powers[base] = total
            if base.op.name == "add" and not all(map(is_whole, self.powers.values())):
                self._align(base)

    def _align(self, base: Expr) -> None:
        """(1 − p)^γ (p − 1) = −(1 − p)^(γ + 1): a power from which no sign can be taken takes in its base with the other sign."""
        other = build("scale", number(-1), base)
        if other in self.powers:
            kept, gone = (base, other) if is_whole(self.powers[other]) else (other, base)
            whole = self.powers[gone]
            if isinstance(whole, Fraction) and whole.denominator == 1:
                del self.powers[gone]
                self.coefficient *= Fraction(-1) ** int(whole)
                self.take(kept, whole)

    def take_scalar(self, e: Expr) -> None:
        """Multiply by a canonical scalar."""
        other = split(e)
        self.coefficient *= other.coefficient
        for base, exponent in other.powers.items():
            self.take(base, exponent)


def is_whole(p: Exponent) -> bool:
    """Whether an exponent is known to be an integer."""
    return isinstance(p, Fraction) and p.denominator == 1


def exponent_sum(a: Exponent, b: Exponent) -> Exponent:
    """The sum of two exponents."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    return as_exponent(build("add", exponent_node(a), exponent_node(b)))


def exponent_product(a: Exponent, b: Exponent) -> Exponent:
    """The product of two exponents."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    return as_exponent(build("scale", exponent_node(a), exponent_node(b)))


def exponent_node(p: Exponent) -> Expr:
    """An exponent as an expression."""
    return number(p) if isinstance(p, Fraction) else p


def as_exponent(e: Expr) -> Exponent:
    """A canonical scalar as an exponent."""
    return e["value"] if e.op is NUMBER else e


def op(name: str) -> Operation:
    """The operation of this name."""
    return OPERATIONS[name]


def split(e: Expr) -> Term:
    """The parts of a canonical node that is no sum standing alone; a sum gives its content and its primitive part."""
    name = e.op.name
    if name == "number":
        return Term(e["value"])
    if name == "scale":
        term = Term()
        args = list(e.args)
        if args[0].op is NUMBER:
            term.coefficient = args.pop(0)["value"]
        if not e.is_scalar:
            term.chain = factors(args.pop())
        for s in args:
            term.powers[s.args[0] if s.op.name == "power" else s] = as_exponent(s.args[1]) if s.op.name == "power" else Fraction(1)
        return term
    if name == "add":
        content, e = primitive(e)
    else:
        content = Fraction(1)
    if not e.is_scalar:
        return Term(content, {}, factors(e))
    if name == "power":
        return Term(content, {e.args[0]: as_exponent(e.args[1])})
    return Term(content, {e: Fraction(1)})


def factors(e: Expr) -> list[Expr]:
    """The factors of a chain, or the one thing."""
    return list(e.args) if e.op.name == "matmul" else [e]


def chain_node(chain: list[Expr]) -> Expr:
    """A normal chain as a node."""
    return chain[0] if len(chain) == 1 else node(op("matmul"), tuple(chain), (), (chain[0].shape[0], chain[-1].shape[1]))


def power_node(base: Expr, exponent: Exponent) -> Expr:
    """base^exponent, already normal."""
    return base if exponent == 1 else node(op("power"), (base, exponent_node(exponent)), (), base.shape)


def join(term: Term, shape: Shape) -> Expr:
    """The canonical node of a term of this shape."""
    if term.coefficient == 0:
        return zeros(shape)
    scalars = sorted((power_node(b, p) for b, p in term.powers.items()), key=lambda e: e.key)
    parts = [*scalars, chain_node(term.chain)] if term.chain else scalars
    if not parts:
        return number(term.coefficient)
    if len(parts) == 1:
        return reduced(parts[0]) if term.coefficient == 1 else _multiple(term.coefficient, parts[0], shape)
    if term.coefficient != 1:
        parts.insert(0, number(term.coefficient))
    return reduced(node(op("scale"), tuple(parts), (), shape))


def _multiple(c: Fraction, e: Expr, shape: Shape) -> Expr:
    """A number times one thing; into a sum it is distributed."""
    if e.op.name == "add":
        return _add_node([with_coefficient(c * d, u) for d, u in map(coefficient, e.args)], shape)
    unit = reduced(e) if e.op.name == "power" else e
    return node(op("scale"), (number(c), e), (), shape) if unit is e else build("scale", number(c), unit)


def coefficient(e: Expr) -> tuple[Fraction, Expr]:
    """The number in front of a canonical term, and the term without it."""
    if e.op is NUMBER:
        return e["value"], number(1)
    if e.op.name == "scale" and e.args[0].op is NUMBER:
        rest = e.args[1:]
        return e.args[0]["value"], rest[0] if len(rest) == 1 else node(e.op, rest, (), e.shape)
    return Fraction(1), e


def with_coefficient(c: Fraction, unit: Expr) -> Expr:
    """A term from its number and its unit, the unit no sum."""
    if unit.op is NUMBER:
        return number(c)
    if c == 1:
        return unit
    rest = unit.args if unit.op.name == "scale" else (unit,)
    return node(op("scale"), (number(c), *rest), (), unit.shape)


def _add_node(terms: list[Expr], shape: Shape) -> Expr:
    return node(op("add"), tuple(terms), (), shape)


@constructor("add")
def add(*args: Expr) -> Expr:
    """Flat, like terms collected, in order of the keys of the units."""
    shape = args[0].shape
    total: dict[Expr, Fraction] = {}
    for a in args:
        for t in a.args if a.op.name == "add" else (a,):
            if not is_zero_leaf(t):
                c, unit = coefficient(t)
                total[unit] = total.get(unit, Fraction(0)) + c
    kept = sorted(((c, u) for u, c in total.items() if c), key=lambda t: t[1].key)
    if not kept:
        return zeros(shape)
    terms = [with_coefficient(c, u) for c, u in kept]
    return terms[0] if len(terms) == 1 else _add_node(terms, shape) if all_real(*terms) else build("conjugate terms", *terms)


def primitive(e: Expr) -> tuple[Fraction, Expr]:
    """The content of a sum (its common number, with the sign of its first term) and the sum without it."""
    if "primitive" not in e.memo:
        pairs = [coefficient(t) for t in e.args]
        content = Fraction(gcd(*(c.numerator for c, _ in pairs)), lcm(*(c.denominator for c, _ in pairs)))
        if pairs[0][0] < 0:
            content = -content
        same = content == 1
        e.memo["primitive"] = content, None if same else _add_node([with_coefficient(c / content, u) for c, u in pairs], e.shape)
    found: tuple[Fraction, Expr | None] = e.memo["primitive"]
    return found[0], found[1] or e


def combine(args: Iterable[Expr]) -> tuple[Term, list[Expr]]:
    """The scalars of several canonical factors as one term, and what is left of each that is a matrix."""
    term = Term()
    rest: list[Expr] = []
    for a in args:
        if a.is_scalar:
            term.take_scalar(a)
            continue
        part = split(a)
        term.coefficient *= part.coefficient
        for base, exponent in part.powers.items():
            term.take(base, exponent)
        rest.append(chain_node(part.chain))
    return term, rest


@constructor("scale")
def scale(*args: Expr) -> Expr:
    """Scalars times a matrix, or a product of scalars."""
    shape = args[-1].shape
    if any(is_zero_leaf(a) for a in args):
        note("nothing times anything is nothing")
        return zeros(shape)
    term, rest = combine(args)
    term.chain = factors(rest[0]) if rest else []
    return join(term, shape)


RULES_AT: dict[str, list[tuple[frozenset[str], Callable[[Expr], Expr | None]]]] = {}
"""Name of an operation → the canonical rules with that head, compiled (core.rule enters them), each with what must stand below."""


def reduced(e: Expr) -> Expr:
    """The node after the canonical rules at its head, until none fires."""
    rules = RULES_AT.get(e.op.name)
    if not rules:
        return e
    below = operations_below(e)
    for needs, rewrite in rules:
        if needs <= below:
            new = rewrite(e)
            if new is not None:
                return new
    return e


def operations_below(e: Expr) -> set[str]:
    """The operations of what a node is made of, powers and numbers in front not counted, of a sum those of squares too.

    An index for rules: what a pattern has here, an instance of it has.
    """
    if e.op.name == "add":
        units = [coefficient(a)[1] for a in e.args]
        inside = [u.args[0] for u in units if u.op.name == "power"]
        return {x.op.name for x in (*units, *inside, *(x.args[0] for x in inside if x.op.name == "transpose"))}
    if e.op.name == "power":
        return {e.args[0].op.name}
    return {a.args[0].op.name if a.op.name == "power" else a.op.name for a in e.args}


def is_ones(e: Expr) -> bool:
    """Whether this is a canonical matrix of ones: 1, 1ᵀ or 1 1ᵀ."""
    if e.op is ONES:
        return True
    if e.op.name == "transpose":
        return e.args[0].op is ONES
    return e.op.name == "matmul" and len(e.args) == 2 and all(is_ones(a) for a in e.args)


def is_column(e: Expr) -> bool:
    """Whether this is n×1 and no scalar."""
    return e.shape[1] is ONE and e.shape[0] is not ONE

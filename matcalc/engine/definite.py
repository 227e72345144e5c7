"""Definiteness by rule: why a symmetric matrix, such as a Hessian, is positive semidefinite.

A certificate is a fact with the facts that it rests on: sums, positive multiples, congruences B S Bᵀ, Schur and Kronecker products
of such, declared and given properties; and Cauchy and Schwarz: a D − b (Dw)(Dw)ᵀ is where D is and a ≥ b wᵀDw.  Of what matrices
are made of the declarations say (`gives`); signs of entries are those of `infer`.
"""

from __future__ import annotations

from collections.abc import Callable

from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, substitute, transform
from matcalc.core.leaves import IDENTITY, NAMED, NUMBER, SYMBOL, is_zero_leaf, number, ones, symbol
from matcalc.core.nonneg import nonneg, positive
from matcalc.core.operation import Kind
from matcalc.core.property import NONNEG, PD, POSITIVE, PSD, SYMMETRIC, Fact, Property
from matcalc.core.size import SCALAR
from matcalc.core.terms import Term, build, chain_node, coefficient, join, split
from matcalc.engine.infer import known

DEEPEST = 40
"""Certificates that nest deeper than this are not sought."""


class Certifier:
    """Seeks certificates; `is_zero` may ask an oracle whether a scalar is 0."""

    def __init__(self, is_zero: Callable[[Expr], bool]) -> None:
        self.is_zero = is_zero
        self.found: dict[Expr, Fact | None] = {}

    def certified(self, e: Expr, depth: int = 0) -> Fact | None:
        """The fact that a canonical matrix is positive semidefinite, or None where no rule says so."""
        if e not in self.found and depth < DEEPEST:
            self.found[e] = None
            self.found[e] = self._sought(e, depth + 1)
        return self.found.get(e)

    def _sought(self, e: Expr, depth: int) -> Fact | None:
        if e.is_scalar:
            return _fact(e, "≥ 0 by its form") if nonneg(e) else None
        if is_zero_leaf(e) or e.op is IDENTITY:
            return _fact(e, "the identity" if e.op is IDENTITY else "it is zero")
        if e.op is SYMBOL:
            return _fact(e, "declared") if PSD in e["properties"] else None
        if e.op is NAMED:
            return self.certified(canonical(e.args[0]), depth)
        if e.op.name == "add":
            return self._sum(e, depth)
        if e.op.name == "scale":
            return self._multiple(e, depth)
        if e.op.name == "matmul":
            return self._product(e, depth)
        return self._by_operation(e, depth)

    def _sum(self, e: Expr, depth: int) -> Fact | None:
        """Terms that are; a term that is not needs another that outweighs it."""
        good = {t: self.certified(t, depth) for t in e.args}
        bad = [t for t, fact in good.items() if fact is None]
        because = {t: fact for t, fact in good.items() if fact is not None}
        for t in bad:
            for p in list(because):
                outweighed = self._outweighed(p, t)
                if outweighed is not None:
                    del because[p]
                    because[t] = outweighed
                    break
            else:
                return None
        return _fact(e, "a sum of such", *because.values()) if len(because) > 1 else next(iter(because.values()))

    def _outweighed(self, p: Expr, t: Expr) -> Fact | None:
        """a D − b (Dw)(Dw)ᵀ with a ≥ b wᵀDw, from Cauchy and Schwarz."""
        if _is_projector(build("scale", number(-1), t)) and p.op is IDENTITY:
            return _fact(build("add", p, t), "the identity less an orthogonal projector")
        plus, minus = split(p), split(t)
        if minus.coefficient >= 0 or len(minus.chain) < 2:
            return None
        half = len(minus.chain) // 2
        column = chain_node(minus.chain[:half])
        if not column.is_column or build("transpose", column) is not chain_node(minus.chain[half:]):
            return None
        D = chain_node(plus.chain)
        w = _divided(column, D)
        if w is None:
            return None
        a = join(Term(plus.coefficient, plus.powers), SCALAR)
        b = join(Term(-minus.coefficient, minus.powers), SCALAR)
        if not (nonneg(a) and nonneg(b)):
            return None
        slack = build("add", build("scale", a, build("power", b, number(-1))), build("scale", number(-1), _form(w, D)))
        slack = canonical(transform(slack, lambda x, args: args[0] if x.op is NAMED else _again(x, args)))
        if is_zero_leaf(slack) or nonneg(slack) or self.is_zero(slack):
            return _fact(build("add", p, t), "by the inequality of Cauchy and Schwarz")
        return None

    def _multiple(self, e: Expr, depth: int) -> Fact | None:
        term = split(e)
        front, rest = join(Term(abs(term.coefficient), term.powers), SCALAR), chain_node(term.chain)
        if not nonneg(front):
            return None
        fact = self.certified(rest, depth) if term.coefficient > 0 else self._negative(rest, depth)
        if fact is not None:
            return _fact(e, "of the form c S with c ≥ 0", fact)
        return None

    def _negative(self, e: Expr, depth: int) -> Fact | None:
        """The fact that −e is positive semidefinite: the sign stands before a product, and belongs to a sum among its factors."""
        minus = build("scale", number(-1), e)
        if e.op.name == "add":
            return self.certified(minus, depth)
        if e.op.name == "diag" and _is_negative(e.args[0]):
            return _fact(minus, "diag of entries ≥ 0")
        if e.op.name == "kron":
            for a, b in (e.args, e.args[::-1]):
                facts = self.certified(a, depth), self._negative(b, depth)
                if all(facts):
                    return _fact(minus, "a Kronecker product of such", *(f for f in facts if f))
        if e.op.name == "matmul" and len(e.args) % 2 and len(e.args) > 1:
            half = len(e.args) // 2
            ends = all(_turned(a) is b for a, b in zip(e.args[:half], reversed(e.args[half + 1 :]), strict=True))
            centre = self._negative(e.args[half], depth) if ends else None
            return _fact(minus, "of the form BᵀS B", centre) if centre is not None else None
        return None

    def _product(self, e: Expr, depth: int) -> Fact | None:
        """B Bᵀ, B S Bᵀ."""
        chain = list(e.args)
        while len(chain) > 1 and _turned(chain[0]) is chain[-1]:
            chain = chain[1:-1]
        if len(chain) == len(e.args) or len(chain) > 1:
            return None
        if not chain:
            return _fact(e, "of the form BᵀB")
        centre = self.certified(chain[0], depth)
        return _fact(e, "of the form BᵀS B", centre) if centre is not None else None

    def _by_operation(self, e: Expr, depth: int) -> Fact | None:
        if e.op.name == "hadamard" or (e.op.name == "power" and e.args[1].op is NUMBER and e.args[1]["value"] in (2, 3)):
            factors = e.args if e.op.name == "hadamard" else e.args[:1]
            below = [self.certified(a, depth) for a in factors]
            return _fact(e, "an elementwise product of such (Schur)", *(f for f in below if f)) if all(below) else None
        if e.op.name == "inv":
            return _fact(e, "the inverse of such", inside) if (inside := self.certified(e.args[0], depth)) is not None else None
        for wanted in (PSD, PD):
            needs = e.op.gives.get(wanted)
            if needs is not None and e.op.kind is not Kind.LEAF:
                facts = [self._has(a, p, depth) for p in needs for a in e.args]
                if all(f is not None for f in facts):
                    what = "entries ≥ 0" if set(needs) <= {NONNEG, POSITIVE} else "such"
                    return _fact(e, f"{e.op.written} of {what}" if facts else "by definition", *(f for f in facts if f))
        return None

    def _has(self, e: Expr, wanted: Property, depth: int) -> Fact | None:
        if wanted in (PSD, PD):
            fact = self.certified(e, depth)
            return fact if fact is None or wanted is PSD or e.op is not SYMBOL or PD in e["properties"] else None
        if wanted is NONNEG:
            return Fact(e, NONNEG, "≥ 0 by its form") if nonneg(e) else None
        return Fact(e, POSITIVE, "> 0 by its form") if wanted is POSITIVE and positive(e) else None


def _fact(e: Expr, reason: str, *because: Fact) -> Fact:
    return Fact(e, PSD, reason, because)


def _is_negative(e: Expr) -> bool:
    """Whether every entry is known to be ≤ 0."""
    if e.op.name == "hadamard":
        factors = [h for h in e.args if not nonneg(h)]
        return len(factors) == 1 and _is_negative(factors[0])
    return nonneg(build("scale", number(-1), e))


def _turned(f: Expr) -> Expr:
    """The transpose, which is the matrix itself where it is known to be symmetric."""
    return f if known(f, SYMMETRIC) is not None else build("transpose", f)


def _again(x: Expr, args: tuple[Expr, ...]) -> Expr:
    from matcalc.core.expression import rebuilt

    return rebuilt(x, args)


def _is_projector(e: Expr) -> bool:
    """Whether this is A (AᵀA)⁻¹Aᵀ."""
    middle = len(e.args) // 2
    if e.op.name != "matmul" or len(e.args) % 2 == 0 or e.args[middle].op.name != "inv":
        return False
    A, right = chain_node(list(e.args[:middle])), chain_node(list(e.args[middle + 1 :]))
    return right is build("transpose", A) and e.args[middle].args[0] is build("matmul", right, A)


def _divided(u: Expr, D: Expr) -> Expr | None:
    """w with u = D w."""
    if D.op is IDENTITY:
        return u
    if D.op.name == "diag":
        return build("hadamard", u, build("power", D.args[0], number(-1)))
    parts = list(u.args) if u.op.name == "matmul" else [u]
    front = list(D.args) if D.op.name == "matmul" else [D]
    if len(parts) > len(front) and parts[: len(front)] == front:
        return chain_node(parts[len(front) :])
    return None


def _form(w: Expr, D: Expr) -> Expr:
    """wᵀD w."""
    if D.op.name == "diag":
        squares = build("hadamard", D.args[0], w, w)
        return build("matmul", build("transpose", ones(w.shape)), squares)
    return build("matmul", build("transpose", w), D, w)


def without_turning(e: Expr) -> Expr:
    """The canonical e in which the commutation matrices at the left of terms are put away: for symmetric dX, K vec dX is vec dX."""
    if e.op.name == "add":
        return build("add", *(without_turning(t) for t in e.args))
    term = split(e)
    if len(term.chain) > 1 and term.chain[0].op.mirror is not None and term.chain[0]["m"] is term.chain[0]["n"]:
        return join(Term(term.coefficient, term.powers, term.chain[1:]), e.shape)
    if len(term.chain) > 1 and term.chain[0].op.name == "add":
        opened = [build("matmul", t, *term.chain[1:]) for t in term.chain[0].args]
        if any(coefficient(t)[1].op.mirror is not None for t in term.chain[0].args):
            return build("scale", join(Term(term.coefficient, term.powers), SCALAR), build("add", *map(without_turning, opened)))
    return e


def assuming(e: Expr, subjects: list[Expr]) -> tuple[Expr, dict[Expr, Expr]]:
    """The canonical e with letters that are positive in place of what its conditions say is, b − A x in a barrier, x in an entropy.

    The second value says what the letters stand for.
    """
    new: dict[Expr, Expr] = {}
    letters: dict[Expr, Expr] = {}
    for k, subject in enumerate(subjects):
        shape = [s for i, s in enumerate(subject.shape) if i < (0 if subject.is_scalar else 1 if subject.is_column else 2)]
        letter = symbol(f"positive{k}", *shape, properties=frozenset({POSITIVE}), role="positive")
        letters[letter] = subject
        new[subject] = letter
        new[build("scale", number(-1), subject)] = build("scale", number(-1), letter)
    if not new:
        return e, letters
    return canonical(transform(e, lambda x, args: new[x] if x in new else _again(x, args))), letters


def spelled_out(fact: Fact, letters: dict[Expr, Expr]) -> Fact:
    """The certificate with what the letters stand for."""
    if not letters:
        return fact
    subject = canonical(substitute(fact.subject, letters))
    return Fact(subject, fact.property, fact.reason, tuple(spelled_out(f, letters) for f in fact.because))

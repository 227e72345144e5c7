"""The gradient by stacked columns, as Magnus and Neudecker identify: d vec F = A d vec X, and df = (vec C)ᵀ d vec F.

f is a function of one matrix F(X), C = ∂f/∂F.  The Jacobian A comes from the turn for columns; then (vec C)ᵀ goes through the factors
of A from the left, each by one law, until (vec C)ᵀA is (vec Γ)ᵀ, and Γ is the gradient.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from matcalc.core.builders import call, times
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Act, Derivation, Reason
from matcalc.core.expression import Expr, depends, plain, postorder, substitute
from matcalc.core.indices import free
from matcalc.core.leaves import IDENTITY, INDEX_SUM, differential_of, gradient_of, is_zero_leaf, named, symbol
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import Fact
from matcalc.core.size import SCALAR, Size
from matcalc.core.terms import Term, build, chain_node, join, split
from matcalc.engine.answer import Answer, Problem, gradient_answer
from matcalc.engine.expand import shortest
from matcalc.engine.finish import Finish
from matcalc.engine.infer import by_facts
from matcalc.engine.jacobian import applied, jacobian, stacked
from matcalc.engine.pairing import pair
from matcalc.engine.structure import Convention
from matcalc.engine.telling import uses_of
from matcalc.errors import RankMistake, Unsupported


def vec_answer(f: Expr, x: Expr) -> Answer:
    """∂f/∂x by the route of d vec F = A d vec x; raises Unsupported where f is a function of no one matrix."""
    if len(x.shape) > 2 or x.is_scalar:
        raise RankMistake("the route by vec is for a vector or a matrix; of an array take one slice as a matrix of its own")
    if Convention.of("projected", x).structure is not None:
        raise Unsupported("the route by vec is for a variable without a structure; it gives the derivative in all entries")
    F = _between(f, x)
    if F is None:
        raise Unsupported("the route by vec wants a function of one matrix or vector F that depends on the variable, such as sum(abs(F))")
    usual = gradient_answer(f, x)
    problem = Problem(F, x, label="F" if not F.is_column else "g")
    route = Route(problem, f, F, x)
    return replace(usual, value=route.value, derivation=problem.derivation)


def _between(f: Expr, x: Expr) -> Expr | None:
    """The outermost vector or matrix through which all of x goes into f, and which is not x itself."""
    dependent = depends([f], {x})
    waiting, order = {f} & dependent, [e for e in reversed(list(postorder(f))) if e in dependent]
    for e in order:
        if e not in waiting:
            continue
        if len(waiting) == 1 and not e.is_scalar and not free(e):
            return e if e is not x and len(e.shape) == 2 else None
        waiting.discard(e)
        waiting |= {a for a in e.args if a in dependent}
        if e.op is INDEX_SUM:
            return None
    return None


@cache
def statement(name: str) -> Reason:
    """How (vec A)ᵀ goes through a factor, in letters; with "inner" what it is beside vec B."""
    m, n = Size.of("m"), Size.of("n")
    A, B = symbol("A", "m", "n"), symbol("B", "m", "n")
    vec, row = OPERATIONS["vec"], call("vec", A).T
    L, R, C = symbol("A", "k", "m"), symbol("B", "n", "l"), symbol("C", "k", "l")
    left, right = {
        "diag": (row @ call("diag", vec(B)), vec(A * B).T),
        "commutation": (row @ plain(OPERATIONS["commutation"], m=n, n=m), vec(A.T).T),
        "kron": (vec(C).T @ call("kron", R.T, L), vec(plain(OPERATIONS["matmul"], L.T, C, R.T)).T),
        "inner": (row @ vec(B), call("inner", A, B)),
    }[name]
    return Reason(left, right, cite="Magnus & Neudecker 2019, §2.4", in_letters=True)


class Route:
    """The steps, added to the derivation of F; `value` is the gradient."""

    def __init__(self, problem: Problem, f: Expr, F: Expr, x: Expr) -> None:
        self.problem, self.x = problem, x
        self.turn, self.arrange = problem.turn, problem.turn.arrange
        labels = problem.turn.labels
        label = next(name for name in ("f", "L", "phi", "f1") if name not in labels.used)
        labels.used.add(label)
        self.inner = problem.root
        self.root = named(label, substitute(f, {F: self.inner}))
        inside = Derivation(self.root, problem.derivation.lets, [])
        J = self._jacobian()
        steps = problem.derivation.steps
        problem.derivation = self.turn.derivation = inside
        inside.add(Act.START, self.root, self.root.args[0])
        inside.steps += steps
        self.at: Expr = differential_of(self.root)
        gradient = self._through(self._cotangent(f, F), J)
        written = self.arrange(gradient)
        self._go(Act.MOVE, pair(written, differential_of(x)), [Reason(words="notation") if x.is_column else statement("inner")])
        inside.add(Act.IDENTIFY, differential_of(self.root), self.at, [Reason(left=written, right=x, words="gradient")])
        problem.names.originals[self.inner] = self.turn.typed or self.inner.args[0]
        self.turn.typed = None
        self.value = Finish(self.turn, problem.names, f, gradient).answer()

    def _jacobian(self) -> Expr:
        """A with d vec F = A d vec x, over names, and the steps that lead there."""
        J = jacobian(self.inner, self.x, self.turn)
        short = shortest(J, self.arrange.typed.sums())
        derivation, d = self.problem.derivation, differential_of(self.inner)
        derivation.add(Act.COLLECT, applied(self.arrange(J), self.x), applied(self.arrange(short), self.x), [Reason(words="collect")])
        kind = "jacobian" if self.inner.is_column and self.x.is_column else "vec-jacobian"
        reason = Reason(left=self.arrange(short), right=self.x, words=kind)
        derivation.add(Act.IDENTIFY, stacked(d), applied(self.arrange(short), self.x), [reason])
        return short

    def _cotangent(self, f: Expr, F: Expr) -> Expr:
        """C = ∂f/∂F, over the name of F, canonical; df = (vec C)ᵀ vec(dF)."""
        letter = symbol(self.turn.labels.take("matrix"), *F.shape)
        outer = gradient_answer(substitute(f, {F: letter}), letter)
        C = canonical(substitute(outer.value, {letter: self.inner}))
        d = stacked(differential_of(self.inner))
        reasons = [Reason(gradient_of(self.root, self.inner), self.arrange(C))]
        self._go(Act.DIFFERENTIAL, self._row(C, [d]), reasons if F.is_column else [*reasons, statement("inner")])
        return C

    def _through(self, C: Expr, J: Expr) -> Expr:
        """Γ with (vec C)ᵀA = (vec Γ)ᵀ, one factor of A after the other."""
        d = stacked(differential_of(self.x))
        term = split(J)
        rest = list(term.chain)
        self._go(Act.SUBSTITUTE, self._row(C, [self.arrange(J), d]), [Reason(words="substitute")])
        W = build("scale", join(Term(term.coefficient, term.powers), SCALAR), C)
        while rest:
            reasons: list[Reason] = []
            new = _applied(W, rest[0], reasons)
            if new is None:
                raise Unsupported("the matrix of this differential has factors for which the route by vec knows no law")
            rest.pop(0)
            simple, used = by_facts(new)
            W = shortest(simple, self.arrange.typed.sums())
            behind = [self.arrange(chain_node(rest))] if rest else []
            self._go(Act.MOVE, self._row(W, [*behind, d]), [*reasons, *self._facts(used)])
        if W.shape != self.x.shape:
            raise Unsupported("the matrix of this differential has factors for which the route by vec knows no law")
        return W

    def _facts(self, used: list[Fact]) -> list[Reason]:
        return uses_of(used, self.turn)

    def _row(self, W: Expr, behind: list[Expr]) -> Expr:
        """c (vec W)ᵀ M …, as a person writes it."""
        if W.is_scalar:
            return times(self.arrange(W), _product(behind))
        term = split(W)
        front = join(Term(term.coefficient, term.powers), SCALAR)
        row = stacked(self.arrange(chain_node(term.chain))).T
        product = _product([row, *behind])
        return product if front.op.name == "number" and front["value"] == 1 else times(self.arrange(front), product)

    def _go(self, act: Act, new: Expr, reasons: list[Reason]) -> None:
        self.problem.derivation.add(act, self.at, new, reasons)
        self.at = new


def _product(parts: list[Expr]) -> Expr:
    """The product of all factors, the scalars of each in front."""
    front: list[Expr] = []
    chain: list[Expr] = []
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        if part.op.name == "scale":
            front += part.args[:-1]
            waiting.append(part.args[-1])
        elif part.op.name == "matmul":
            waiting.extend(reversed(part.args))
        else:
            chain.append(part)
    product = plain(OPERATIONS["matmul"], *chain) if len(chain) > 1 else chain[0]
    for c in reversed(front):
        product = times(c, product)
    return product


def _applied(W: Expr, f: Expr, reasons: list[Reason]) -> Expr | None:
    """V with (vec W)ᵀ f = (vec V)ᵀ, canonical; None where no law says what it is."""
    name = f.op.name
    if f.op is IDENTITY or is_zero_leaf(W):
        return W
    if W.is_scalar:
        inside = f.args[0] if name == "transpose" else build("transpose", f)
        return build("scale", W, inside.args[0] if inside.op.name == "vec" else inside)
    if name == "add":
        parts = [_applied(W, t, reasons) for t in f.args]
        found = [p for p in parts if p is not None]
        return build("add", *found) if len(found) == len(parts) and len({p.shape for p in found}) == 1 else None
    if name in ("scale", "matmul"):
        term = split(f)
        V: Expr | None = W
        for g in term.chain:
            V = _applied(V, g, reasons) if V is not None else None
        return None if V is None else build("scale", join(Term(term.coefficient, term.powers), SCALAR), V)
    law = "kron" if name == "transpose" and f.args[0].op.name == "kron" else name
    if law in ("kron", "commutation", "diag") and not W.is_column and (said := statement(law)) not in reasons:
        reasons.append(said)
    if name == "commutation":
        return build("transpose", W) if W.shape == (f["n"], f["m"]) else None
    if law == "kron":
        B, A = f.args if name == "kron" else tuple(build("transpose", a) for a in f.args[0].args)
        return build("matmul", build("transpose", A), W, B) if W.shape == (A.shape[0], B.shape[0]) else None
    if name == "diag" and (W.is_column or f.args[0].op.name == "vec"):
        return build("hadamard", W, f.args[0] if W.is_column else f.args[0].args[0])
    if name == "vec":
        return build("inner", W, f.args[0])
    return build("matmul", build("transpose", f), W) if W.is_column else None



"""The sentence for each slip: what was probably done, and where it leaves the derivation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from matcalc.core.derivation import Step
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import NAMED, NUMBER, unnamed
from matcalc.core.operation import Kind
from matcalc.emit.pretty import pretty
from matcalc.engine.answer import Answer
from matcalc.verify.diagnosis import Diagnosis, Slip
from matcalc.verify.likeness import Likeness
from matcalc.verify.parting import parting


def parting_line(d: Diagnosis, answer: Answer, otherwise: Sequence[Step] = ()) -> str:
    """The line of a derivation where an answer leaves it, the steps given otherwise where none is known."""
    for step in (*parting(d, answer.derivation.steps), *otherwise):
        left, right = pretty(step.before), pretty(step.after)
        if left != right:
            return f"{left} = {right}{'     ' + step.reason if step.reason else ''}"
    return ""


def slip_sentences(d: Diagnosis, *named: Expr) -> list[str]:
    """What was probably done, a sentence for each slip; what has a name in the expressions `named` is written by it."""
    names = {unnamed(e): e for e in postorder(*named) if e.op is NAMED}
    shown = [replace(s, right=_by_names(s.right, names), given=_by_names(s.given, names)) for s in d.slips]
    return [f"{_WORDS[s.name](s)}{_rest(s.like)}." for s in shown if s.name in _WORDS]


def _by_names(e: Expr | None, names: dict[Expr, Expr]) -> Expr | None:
    return None if e is None else substitute(e, names)


def _rest(like: Likeness) -> str:
    """What is left to be told beside a slip."""
    rest = [] if like.factor == 1 else ["the sign" if like.factor == -1 else f"a factor {str(like.factor).replace('-', '−')}"]
    rest += ["a transposition"] if like.transposed else []
    return f", up to {' and '.join(rest)}" if rest else ""


def _both(s: Slip) -> str:
    if s.right is None or s.given is None:
        return ""
    return f": {pretty(s.given)} stands where {pretty(s.right)} should"


def _inside(s: Slip, words: str) -> str:
    return f"{words}{_both(s)}"


def _inner(s: Slip) -> str:
    if s.right is None and s.given is not None:
        return f"{pretty(s.given)} has one number in every entry: an inner product stands where an outer one should, xᵀy for x yᵀ"
    return _inside(s, "An inner and an outer product are confused, xᵀy and x yᵀ")


def _product_rule(s: Slip) -> str:
    if s.right is not None and s.given is not None and s.right.op.name == "add":
        return f"This comes out where the term {pretty(s.given)} is not differentiated"
    at = f" {pretty(s.given)} in {pretty(s.right)}" if s.given is not None and s.right is not None else ""
    return f"This comes out where the factor{at} is not differentiated, or not by itself: the product rule has a term for each"


def _sign(s: Slip) -> str:
    if s.right is None:
        return "The sign is wrong"
    if s.in_f and s.given is not None and s.right is not None:
        return f"This comes out where the sign is lost in differentiating {pretty(s.given)} in {pretty(s.right)}"
    return f"The term {pretty(s.right)} has the wrong sign" if s.given is None and s.right is not None else _inside(s, "A sign is wrong")


def _transposed(s: Slip) -> str:
    if s.in_f and s.given is not None:
        return f"This comes out where d({pretty(s.given)}) is transposed: (dX)ᵀX is not XᵀdX"
    return _inside(s, "A transpose is missing, or too many")


def _term(s: Slip) -> str:
    if s.given is None and s.right is not None:
        return f"The term {pretty(s.right)} is missing"
    return _inside(s, "A term is missing")


def _factor(s: Slip) -> str:
    if s.right is None:
        return "A factor is off"
    if s.coefficient is not None:
        return f"The term {pretty(s.right)} is there {str(s.coefficient).replace('-', '−')} times"
    if s.given is not None and s.given.op is NUMBER and s.right.op is NUMBER:
        return _inside(s, "A number is another")
    return _inside(s, "A factor is lost, as when an inner derivative is forgotten")


def _lost_derivative(s: Slip) -> str:
    if s.in_f and s.right is not None:
        return f"This comes out where the derivative of the outer function is lost: d({pretty(s.right)}) is not d of its argument"
    return _inside(s, "A derivative is lost in the chain rule")


def _not_differentiated(s: Slip) -> str:
    if s.in_f:
        return f"This comes out where {_read(s.right)} is not differentiated but stands as it is, times the inner derivative"
    return f"The term {_read(s.given)} of the function stands in yours as it is, not differentiated"


def _summed(s: Slip) -> str:
    if s.right is not None and s.given is not None and s.right in s.given.args:
        return "This is a sum over entries of the derivative: an index was summed over that should have been kept"
    return _inside(s, "An index is kept that should have been summed over")


def _diagonal(s: Slip) -> str:
    if s.in_f and s.right is not None:
        return f"This comes out where only the diagonal of the Jacobian of {pretty(s.right)} is used"
    return "Only the diagonal is there, where the whole matrix should be"


_SCALARS = "The rules for numbers were used on matrices: "


def _of_scalars(e: Expr | None) -> str:
    if e is None:
        return "for numbers (1×1) it is right; the order, a transpose or the shape is not"
    if e.op.kind is Kind.MULTILINEAR:
        return f"d({pretty(e)}) has a term for each factor, and they are not the same"
    return f"d({pretty(e)}) is not f′(X) dX, since matrices do not commute"


def _read(e: Expr | None) -> str:
    return "it" if e is None else pretty(e)


IMPLIED = {"sign": ("sign",), "factor": ("factor",), "transposed": ("transpose",), "constant": ("term",), "vec": ("vec",)}
"""The slip that a kind of verdict names by itself."""

_WORDS: dict[str, Callable[[Slip], str]] = {
    "transpose": _transposed,
    "inverse": lambda s: _inside(s, "An inverse stands for its transpose, X⁻¹ for X⁻ᵀ or the reverse"),
    "order": lambda s: _inside(s, "The factors stand in another order: matrices do not commute"),
    "elementwise": lambda s: _inside(s, "An elementwise product or inverse and one of matrices are confused"),
    "inner": lambda s: _inner(s),
    "factor": _factor,
    "digits": lambda s: "The two agree to about eight digits where they were tried: a number in yours may be rounded",
    "zero": lambda s: "Yours is 0 wherever it was tried",
    "extra factor": lambda s: _inside(s, "A factor is too many"),
    "not differentiated": _not_differentiated,
    "applied": lambda s: f"The derivative of the argument was put into the function: f(u′) or f′(u′) is not f′(u) u′{_both(s)}",
    "differentiated twice": lambda s: _inside(s, "A function is differentiated once too often"),
    "inner derivative": _lost_derivative,
    "function": lambda s: _inside(s, "A function is lost"),
    "power": lambda s: _inside(s, "An exponent is another"),
    "sign": _sign,
    "term": _term,
    "product rule": _product_rule,
    "diagonal": _diagonal,
    "sum": _summed,
    "trace": lambda s: _inside(s, "A trace or a sum of a matrix and the matrix itself are confused"),
    "norm": lambda s: "This is the norm of the derivative",
    "part": lambda s: f"This is only a part of the derivative{'' if s.given is None else ', ' + pretty(s.given)}: the rest is lost",
    "scalar calculus": lambda s: _SCALARS + _of_scalars(s.right),
    "reading": lambda s: f"This is right where {_read(s.right)} is read as {_read(s.given)}",
}
"""The sentence for each slip."""

"""A fault planted in a declaration of the running engine: the answer's own check must catch it before anything is printed."""

import re

import pytest
from applications import parameters_of, sizes_of
from mutants import mutants
from verify.test_declarations import CONDITIONS, is_family

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.leaves import number, symbol
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.errors import MatcalcError

DECLARED = [
    o for o in OPERATIONS.values()
    if o.kind not in (Kind.LEAF, Kind.BINDER, Kind.DEFINITION) and o.body is not None and not is_family(o) and not o.is_word and o.arity
]  # fmt: skip
"""A family is left out: a sign in J₃(−x) = −J₃(x) is no fault.  The body of a word says nothing that could be wrong."""
count = iter(range(10**6))
NO_FAULT = {("sigmoid", "a sign"), ("pinv", "a transpose too many"), ("svd_left", "a sign")}
"""σ(−x) (1 − σ(−x)) is σ(x) (1 − σ(x)); X X⁺ and X⁺X are symmetric; U of −X is −U, which stands twice."""


def fresh(op):
    """The operation on symbols that nothing was ever asked of: what is remembered about nodes must not hide the fault."""
    k = next(count)
    args = []
    for i in range(op.arity):
        word = op.equation.inputs[i] if op.equation is not None else "" if i in op.exact else "mn"
        args.append(number(3) if i in op.exact else symbol(f"{'XYZW'[i]}{k}", *sizes_of(word)))
        if (op.name, i) in CONDITIONS:
            args[i] = OPERATIONS["greater"](args[i], 0)
    return args


def told(result):
    """The text of a result that was checked; "" for one that could not be, as is then printed: that is as good as refused."""
    return "" if result.verify().passed is None else result.text()


def ask(op, args):
    """The pullbacks to each argument, and the Jacobian where there is one, as text without the number of the question.

    Which of two transposed forms is printed, with what sign of a skew matrix, is chosen by digests, and so by the number: products
    are compared as bags of letters.
    """
    e, texts = op(*args, **parameters_of(op)), []
    for a in args:
        if a.op.name == "symbol":
            texts.append(told(mc.pullback(e, a)))
            if e.is_column and a.is_column:
                texts.append(told(mc.jacobian(e, a)))
    return [sorted(re.sub(r"(?<=[A-Za-z])\d+|[-+ ]", "", t).replace(".T", "")) for t in texts]


def with_fault(body, choose):
    """The body with one of the mutants of what it gives, the one that `choose` picks."""

    def wrong(*given, **options):
        parts = body(*given, **options)
        several = isinstance(parts, tuple)
        new = [choose(k, part) for k, part in enumerate(parts if several else (parts,))]
        return tuple(new) if several else new[0]

    return wrong


def sizes(e):
    return [s for s, used in zip(e.shape, (not e.is_scalar, not e.is_column)) if used]


def faults_of(op):
    """How many mutants each part of the body has, found on the declaration's own letters."""
    args = fresh(op)
    if op.kind in (Kind.MULTILINEAR, Kind.LINEAR):
        e = op(*args, **parameters_of(op))
        given = [*args, symbol("G9", *sizes(e))]
    elif op.kind is Kind.OPERATION:
        given = [*args, *(symbol(f"d{i}", *sizes(a)) for i, a in enumerate(args))]
    else:
        given = args
    parts = op.body(*given, **parameters_of(op))
    parts = parts if isinstance(parts, tuple) else (parts,)
    found = []
    for k, part in enumerate(parts):
        for i, (what, wrong) in enumerate(mutants(part) if part is not None else ()):
            if canonical(wrong) is not canonical(part) and not (op.exact and k in op.exact):
                found.append((k, i, what))
    return found


@pytest.mark.parametrize("op", DECLARED, ids=lambda o: o.name)
def test_a_fault_in_a_declaration_is_caught(op):
    right = ask(op, fresh(op))
    alive = []
    faults = faults_of(op)
    body = op.body
    for k, i, what in faults[:: max(1, len(faults) // 12)]:

        def choose(part_number, part, k=k, i=i):
            made = [w for _, w in mutants(part)] if part_number == k else []
            return made[i] if i < len(made) else part

        object.__setattr__(op, "body", with_fault(body, choose))
        try:
            found = ask(op, fresh(op))
            # Where the answer is as before, the engine had no use for the part: ‖X‖ is crossed without a declaration's help, say.
            if found != right and [] not in found and (op.name, what) not in NO_FAULT:
                alive.append(f"{op.name}: {what} in part {k}: {found}")
        except (MatcalcError, IndexError):
            pass  # the check, or an engine that finds no differential where one must be
        finally:
            object.__setattr__(op, "body", body)
    assert not alive, "\n".join(alive)
    assert ask(op, fresh(op)) == right

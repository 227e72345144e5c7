"""Contraction plans against numpy.einsum."""

from itertools import count
from math import prod

import numpy as np
import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.core.equation import Equation, axes, letters
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.contraction import contract
from matcalc.verify.matrix import Matrix
from matcalc.verify.primefield import PrimeField

DECLARED = [repr(op.equation) for op in OPERATIONS.values() if op.kind is Kind.MULTILINEAR and op.equation]
ADJOINTS = [repr(Equation.of(e).adjoint(k)) for e in DECLARED for k in range(len(Equation.of(e).inputs))]
MORE = [
    "lm,mn->nl", "n,n->nn", "mn,mn->m", "lm,mn,np->lp", "m,mn,n->", ",,mn->mn", "nn,nn->n", "nm->mm", "m->", "n,n,n->n", "->n", "->mn",
    "->nn", "n->nm",
]  # fmt: skip


def reference(equation, arrays, sizes):
    """einsum, with repeated output letters and letters that no operand has put in by identities and ones."""
    fresh = (chr(k) for k in count(ord("A")))
    inputs, output, extra = list(equation.inputs), "", []
    for c in equation.output:
        if c in output:
            other = next(fresh)
            inputs.append(c + other)
            extra.append(np.eye(sizes[c]))
            output += other
        else:
            output += c
            if c not in "".join(equation.inputs):
                inputs.append(c)
                extra.append(np.ones(sizes[c]))
    return np.einsum(",".join(inputs) + "->" + output, *arrays, *extra)


@pytest.mark.parametrize("text", sorted({*DECLARED, *ADJOINTS, *MORE}))
@pytest.mark.parametrize("sizes", [(2, 3, 5, 4), (4, 2, 3, 6), (1, 4, 2, 3)], ids=str)
def test_contraction(text, sizes):
    equation = Equation.of(text)
    apart = Equation(tuple(map(letters, equation.inputs)), letters(equation.output))
    size = dict(zip(sorted({c for word in (*apart.inputs, apart.output) for c in word}), sizes, strict=False))
    random = np.random.default_rng(0)
    arrays = [random.integers(-50, 50, [size[c] for c in word]) for word in apart.inputs]
    wanted = reference(apart, arrays, size)

    def shape_of(word):
        return tuple(([prod(size[c] for c in axis) for axis in axes(word)] + [1, 1])[:2])

    shape = shape_of(equation.output)
    for N in (PrimeField(), ComplexStep()):
        operands = [Matrix(*shape_of(word), [int(x) for x in a.flat]) for word, a in zip(equation.inputs, arrays)]
        found = contract(N, equation, operands, shape, () if operands else tuple(size.items()))
        assert (found.rows, found.columns) == shape
        entries = [N.integer(x) for x in found.entries]
        assert entries == [int(x) for x in wanted.flat]

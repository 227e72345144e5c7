"""Every operation of the table has a Jacobian with respect to each of its arguments, checked."""

import pytest
from applications import arguments_of, parameters_of

import matcalc as mc
from matcalc.core.operation import OPERATIONS, Kind

FORMED = ("slice", "place")
"""Operations that are made with an array, of which the slices of index sums are tested."""
APPLICATIONS = [
    (op, k)
    for op in OPERATIONS.values()
    for k in range(op.arity)
    if op.kind not in (Kind.LEAF, Kind.BINDER) and op.name not in FORMED and k not in (*op.opaque, *op.exact)
]


@pytest.mark.parametrize(("op", "k"), APPLICATIONS, ids=lambda v: getattr(v, "name", v))
def test_no_jacobian_is_refused(op, k):
    arguments = arguments_of(op)
    r = mc.jacobian(op(*arguments, **parameters_of(op)), arguments[k])
    check = r.verify()
    assert check.passed or "no integer" in check.why
    assert r.latex() and r.text() and r.code()

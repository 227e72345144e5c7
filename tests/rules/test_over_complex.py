"""Which rules hold over the complex numbers: what is said to hold is true there, and nothing else is applied to what may be complex."""

import pytest
from rules.test_rules import sizes

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import named, symbol
from matcalc.core.match import EMPTY, is_letter, matches
from matcalc.core.operation import OPERATIONS, Kind
from matcalc.core.property import DIAGONAL, INTEGER, SYMMETRIC
from matcalc.core.reality import OVER_COMPLEX, imaginary, is_real
from matcalc.core.rule import RULES
from matcalc.engine.infer import known
from matcalc.engine.matrixfacts import WHOLE, facts
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

EVERYWHERE = [r for r in RULES.values() if any(is_letter(e) and e["role"] == OVER_COMPLEX for e in postorder(r.left, r.right))]
REAL_ALONE = [r for r in RULES.values() if r not in EVERYWHERE and any(is_letter(e) for e in postorder(r.left))]
STRUCTURE = frozenset({SYMMETRIC, DIAGONAL})


def complex_instance(*roots: Expr) -> list[Expr]:
    """The sides of a rule with u + iv for each letter; the power of a matrix is an integer."""
    powers = {k for e in postorder(*roots) if e.op.kind is Kind.OPERATION for i in e.op.exact for k in postorder(e.args[i]) if is_letter(k)}
    new = {}
    for e in postorder(*roots):
        if is_letter(e):
            properties = frozenset(e["properties"])
            parts = [symbol(e["name"] + k, *sizes(e), properties=properties) for k in "12"]
            new[e] = symbol(e["name"], properties=frozenset({INTEGER})) if e in powers else parts[0] + imaginary() * parts[1]
    return [substitute(root, dict(new)) for root in roots]


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda r: r.name)
def test_it_is_true_of_complex_numbers(rule):
    for left, right in rule.sides():
        left, right = complex_instance(left, right)
        chosen = points_for([left, right], exact=1, floating=2)
        verdict = Oracle(chosen.points, chosen.why).holds(left, right)
        assert verdict.passed and verdict.confirmed, (rule.name, verdict)


@pytest.mark.parametrize("rule", REAL_ALONE, ids=lambda r: r.name)
def test_it_is_not_applied_to_complex_numbers(rule):
    for left, _ in rule.sides():
        pattern = canonical(left)
        letters = [e for e in postorder(pattern) if is_letter(e) and len(e.shape) == 2]
        new = {e: named(e["name"], symbol(e["name"] + "1", *sizes(e)) + imaginary() * symbol(e["name"] + "2", *sizes(e))) for e in letters}
        assert not new or next(matches(pattern, substitute(pattern, dict(new)), EMPTY, lambda e, p: True), None) is None


def test_there_are_both_kinds():
    assert len(EVERYWHERE) > 70 and len(REAL_ALONE) > 60


U, V, A, S = (symbol(name, "n", "n") for name in "UVAS")
Z = named("Z", U + imaginary() * V)
u, v = symbol("u", "n"), symbol("v", "n")
z, c = named("z", u + imaginary() * v), named("c", symbol("a") + imaginary() * symbol("b"))
word = {name: OPERATIONS[name] for name in ("norm", "abs", "exp", "log", "conj", "real", "det", "tr", "inv", "sign", "imag", "logdet")}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (z.T @ z, word["norm"](z) ** 2),
        (word["tr"](Z.T @ Z), word["norm"](Z) ** 2),
        (word["abs"](z) ** 2, z**2),
        ((c**2) ** 0.5, word["abs"](c)),
        (word["log"](word["exp"](10 * c)), 10 * c),
        ((c * c) ** 0.5, c),
        (word["real"](c * c), word["real"](c) ** 2),
        (word["conj"](c), c),
        (word["logdet"](word["inv"](Z)), word["log"](word["det"](Z))),
    ],
    ids=str,
)
def test_laws_of_real_numbers_are_not_laws_of_complex_ones(left, right):
    assert canonical(left) is not canonical(right)
    chosen = points_for([left, right], exact=0, floating=2)
    assert Oracle(chosen.points, chosen.why).holds(left, right).passed is False


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (word["conj"](word["conj"](Z)), Z),
        (word["conj"](Z @ A + imaginary() * Z.T), word["conj"](Z) @ A - imaginary() * word["conj"](Z).T),
        (word["conj"](word["inv"](Z)), word["inv"](word["conj"](Z))),
        (word["conj"](word["det"](Z)), word["det"](word["conj"](Z))),
        (word["conj"](word["exp"](z)), word["exp"](word["conj"](z))),
        (word["real"](A), A),
        (word["real"](A @ Z @ S), A @ U @ S),
        (word["real"](Z + word["inv"](Z)), U + word["real"](word["inv"](Z))),
        (word["real"](word["conj"](word["inv"](Z))), word["real"](word["inv"](Z))),
        (word["real"](imaginary() * word["inv"](Z)), -word["imag"](word["inv"](Z))),
        (word["imag"](Z), V),
        (word["imag"](word["conj"](Z)), -V),
        (c * word["conj"](c), word["abs"](c) ** 2),
        (z * word["conj"](z), word["abs"](z) ** 2),
        (word["conj"](z).T @ z, word["norm"](z) ** 2),
        (word["tr"](Z @ word["conj"](Z).T), word["norm"](Z) ** 2),
        (word["norm"](word["conj"](Z)), word["norm"](Z)),
        (word["norm"](imaginary() * Z), word["norm"](Z)),
        (word["logdet"](word["conj"](Z)), word["logdet"](Z)),
        (word["conj"](word["det"](word["conj"](Z).T @ Z)), word["det"](word["conj"](Z).T @ Z)),
        (imaginary() ** 2 * A, -A),
        (1 / imaginary() * A, -imaginary() * A),
        (imaginary() ** 7 * A, -imaginary() * A),
    ],
    ids=str,
)  # fmt: skip
def test_laws_of_complex_numbers(left, right):
    assert canonical(left) is canonical(right)
    chosen = points_for([left, right], exact=1, floating=1)
    assert Oracle(chosen.points, chosen.why).holds(left, right).passed


@pytest.mark.parametrize("e", [Z.T @ Z, Z @ Z.T + A @ A.T, word["exp"](Z), Z.T @ S @ Z], ids=str)
def test_a_complex_matrix_is_neither_definite_nor_positive(e):
    found = facts(e)
    assert not {p.word for p in found} & {"pd", "psd", "orthogonal"}
    assert not any(known(e, p) for p in WHOLE if p.word in ("pd", "psd"))


def test_nothing_is_complex_without_the_unit():
    assert is_real(A @ S) and not is_real(Z) and is_real(word["norm"](Z)) and not is_real(word["conj"](Z))
    assert mc.parse("real(X)").op.name == "real"

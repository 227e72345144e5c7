"""The parts of a diagnosis, each by itself: likeness, slips of the pen and of differentiation, terms, assumptions, examples."""

from fractions import Fraction

import pytest

import matcalc as mc
from matcalc.core.leaves import symbols
from matcalc.core.property import ORTHOGONAL, SYMMETRIC
from matcalc.verify.alterations import alterations
from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.counterexample import counterexample
from matcalc.verify.evaluate import Point
from matcalc.verify.lapses import carried, lapses
from matcalc.verify.likeness import Likeness, Witness, fraction
from matcalc.verify.presumptions import presumptions, sizes_of_one
from matcalc.verify.termwise import coefficients, levels, terms, unmatched
from matcalc.verify.wholes import insertions, parts, readings, summaries

WHERE = "A: (n, n); B: (n, n); X: (n, n); x: n; y: n; S: (n, n) symmetric; c: scalar"
SIZES = [{"n": 3}, {"n": 4}]


def parsed(text):
    return mc.parse(text, where=WHERE)


def points(wrt=()):
    return [Point(ComplexStep(), sizes, seed, wrt) for seed, sizes in enumerate(SIZES)]


@pytest.mark.parametrize(
    ("answer", "other", "like"),
    [
        ("A@B", "A@B", Likeness(Fraction(1))),
        ("2*A@B", "A@B", Likeness(Fraction(2))),
        ("-(A@B)/3", "A@B", Likeness(Fraction(-1, 3))),
        ("B.T@A.T", "A@B", Likeness(Fraction(1), True)),
        ("-3*A.T", "A", Likeness(Fraction(-3), True)),
        ("A@B", "B@A", None),
        ("c*A", "A", None),
        ("x", "A", None),
    ],
)
def test_likeness(answer, other, like):
    assert Witness(parsed(answer), points()).likeness(parsed(other)) == like


def test_fractions_are_simple_or_none():
    assert fraction(0.75) == Fraction(3, 4) and fraction(3.14159) is None


@pytest.mark.parametrize(
    ("right", "wrong", "slip"),
    [
        ("A@B", "B@A", "order"),
        ("A@B", "A*B", "elementwise"),
        ("A*B", "A@B", "elementwise"),
        ("A.T@x", "A@x", "transpose"),
        ("inv(A).T@x", "inv(A)@x", "inverse"),
        ("A@x@x.T", "A*(x@x)", "inner"),
        ("A@tanh(x)", "A@x", "function"),
        ("A@x + y", "A@x - y", "sign"),
        ("A@(x + y)", "A@x", "term"),
        ("x**3", "x**2", "power"),
        ("A@B@x", "A@x", "factor"),
        ("inv(A)@B", "(1/A)@B", "elementwise"),
        ("A@sin(x)", "A@cos(x)", "differentiated twice"),
    ],
)
def test_a_slip_of_the_pen(right, wrong, slip):
    witness = Witness(parsed(wrong), points())
    found = {a.slip for a in alterations(parsed(right)) if (like := witness.likeness(a.whole)) is not None and like.same}
    assert slip in found


def test_alterations_are_all_different():
    wholes = [a.whole for a in alterations(parsed("A@(B@x + y)*c"))]
    assert len(wholes) == len(set(wholes)) > 10


@pytest.mark.parametrize(
    ("f", "tangent", "slip"),
    [
        ("tr(X@A@X)", "tr(dX@A@X)", "product rule"),
        ("sum(sin(X))", "sum(dX)", "inner derivative"),
        ("sum(sin(X))", "sum(sin(X)*dX)", "not differentiated"),
        ("tr(A@inv(X))", "-tr(A@inv(X)@inv(X)@dX)", "scalar calculus"),
        ("tr(A@X@X.T)", "tr(A@dX@X.T) + tr(A@X@dX)", "transpose"),
        ("tr(A@X) - tr(X@B@X)", "tr(A@dX) + tr(dX@B@X) + tr(X@B@dX)", "sign"),
    ],
)
def test_a_slip_of_differentiation(f, tangent, slip):
    f, made = parsed(f), mc.parse(tangent, where=WHERE + "; dX: (n, n)")
    X = next(s for s in symbols(f) if s["name"] == "X")
    d = next(s for s in symbols(made) if s["name"] == "dX")
    found = set()
    for lapse in lapses(f, X):
        agree = []
        for point in points({X}):
            point.still.recall({d: point.tangent(X)})
            agree.append(abs(carried(f, lapse, point).entries[0] - point.value(made).entries[0].real) < 1e-9)
        if all(agree):
            found.add(lapse.slip)
    assert slip in found


def test_terms_are_multiplied_out_deeper_and_deeper():
    assert [len(level) for level in levels(parsed("2*(A + B)@x + c*(A - B)@(x + y)"))] == [2, 6]
    assert len(terms(parsed("A@x"))) == 1


def test_coefficients_of_terms():
    pieces = terms(parsed("A@x + B@x - y"))
    made = coefficients(Witness(parsed("2*A@x - y"), points()), pieces)
    assert [t.coefficient for t in made] == [2, 0, 1]
    assert coefficients(Witness(parsed("c*A@x"), points()), pieces) is None


def test_terms_that_are_in_one_sum_alone():
    mine, theirs = unmatched(Witness(parsed("A@x + x"), points()), terms(parsed("A@x + x")), terms(parsed("y + A@x")))
    assert (mine, theirs) == ([parsed("x")], [parsed("y")])


def test_what_an_answer_presumes():
    found = next(presumptions(parsed("2*A@x"), parsed("A@x + A.T@x"), points()))
    assert (found.property, [s["name"] for s in found.symbols]) == (SYMMETRIC, ["A"])
    found = next(presumptions(parsed("x"), parsed("A.T@A@x"), points()))
    assert found.property is ORTHOGONAL
    assert next(presumptions(parsed("A@x"), parsed("B@x"), points()), None) is None


def test_sizes_that_would_be_one():
    assert sizes_of_one(parsed("A@B"), parsed("B@A"), points()).size == "n"
    assert sizes_of_one(parsed("A"), parsed("B"), points()) is None


def test_a_counterexample_is_of_small_whole_numbers_with_the_declared_properties():
    c = counterexample(parsed("S@x"), parsed("2*S@x"))
    values = dict(c.values)
    assert len(values["S"]) <= 4 and values["S"] == [list(row) for row in zip(*values["S"], strict=True)]
    assert all(abs(n) <= 3 and n == int(n) for row in values["S"] for n in row)
    assert c.right == [[2 * n for n in row] for row in c.given]
    assert counterexample(parsed("A@x"), parsed("A@x")) is None


def test_a_counterexample_stays_away_from_kinks():
    c = counterexample(parsed("sign(x - y)"), parsed("x"))
    assert all(a != b for a, b in zip(dict(c.values)["x"], dict(c.values)["y"], strict=True))


def test_slips_about_the_whole():
    e = parsed("A@x@x.T")
    assert {a.slip for a in summaries(e)} >= {"sum", "trace", "diagonal"}
    assert any(a.whole is parsed("A@x@x.T@B") or a.slip == "extra factor" for a in insertions(e, [parsed("B")]))
    assert parsed("A") in [a.whole for a in parts(e)]
    assert {a.whole.op.name for a in readings(parsed("det(X)"))} == {"norm", "sum"}

"""Expressions in a shorter form: what comes out, why, and that it is the same."""

import pytest
from random_expressions import SHAPE_OF, Maker

import matcalc as mc
from matcalc.cli import main
from matcalc.engine.cost import cost

FORMS = [
    ("A.T + B.T", "", "(A + B).T"),
    ("A.T@C.T + B.T", "", "(C@A + B).T"),
    ("(B.T@A.T).T", "", "A@B"),
    ("tr(A.T@B) + tr(B.T@A)", "", "2*sum(A*B)"),
    ("exp(x)/sum(exp(x))", "x: n", "softmax(x)"),
    ("A@A.T@inv(A.T)@x", "A: (n, n) invertible; x: n", "A@x"),
    ("S.T@x + S@x", "S: (n, n) symmetric; x: n", "2*S@x"),
    ("2*A.T@A@x - 2*A.T@b", "", "2*A.T@(A@x - b)"),
    ("log(exp(x))", "x: n", "x"),
    ("logdet(inv(X))", "", "-logdet(X)"),
    ("1/(1 + exp(-x))", "x: n", "sigmoid(x)"),
    ("tr(x@y.T)", "x: n; y: n", "x@y"),
    ("A@x - b", "", "A@x - b"),
    ("Q.T@Q@x", "Q: (m, n) orthogonal", "x"),
    ("norm(Q@x)", "Q: (n, n) orthogonal", "norm(x)"),
    ("I - A@inv(I + A)", "", "inv(I + A)"),
    ("I - inv(I + A)", "", "A@inv(I + A)"),
    ("(I - A)@inv(I + A) + I", "", "2*inv(I + A)"),
    ("inv(A + B)@A + inv(A + B)@B", "A: (n, n); B: (n, n)", "I"),
    ("inv(I + A@B)@A - A@inv(I + B@A)", "A: (m, n); B: (n, m)", "zeros(m, n)"),
    ("inv(A) - inv(A)@U@inv(inv(C) + V@inv(A)@U)@V@inv(A)", "A: (n, n); C: (k, k); U: (n, k); V: (k, n)", "inv(A + U@C@V)"),
    ("I - X.T@inv(I + X@X.T)@X", "X: (m, n)", "inv(I + X.T@X)"),
    ("inv(A - A@inv(A + B)@A)", "A: (n, n); B: (n, n)", "inv(A) + inv(B)"),
    ("inv(X.T@X + c*I)@X.T@X + c*inv(X.T@X + c*I)", "X: (m, n); c: scalar", "I"),
    ("inv(I + inv(A)@B)@inv(A)", "A: (n, n); B: (n, n)", "inv(A + B)"),
    ("inv(A)@inv(inv(A) + inv(B))@inv(B)", "A: (n, n); B: (n, n)", "inv(A + B)"),
    ("inv(2*c*A) + inv(3*c*A)", "A: (n, n); c: scalar", "5/(6*c)*inv(A)"),
    ("inv(A - B) + inv(B - A)", "A: (n, n); B: (n, n)", "zeros(n, n)"),
    ("exp(-2*x)*sigmoid(2*x)", "x: n", "sigmoid(-2*x)"),
    ("(1 + abs(a)**2 - (a*(b + a) - a*b))*A + a*A", "A: (n, n); a: scalar; b: scalar", "(a + 1)*A"),
    ("det(S@Y.T@(v + v - w)@x.T)/det(-S)", "S: (n, n); Y: (m, n); v: m; w: m; x: n", "det(Y.T@(w - 2*v)@x.T)"),
    ("norm(x - y)**2 - norm(x)**2 - norm(y)**2", "x: n; y: n", "-2*x.T@y"),
    ("sum(softmax(x + c*ones(n)))", "x: n; c: scalar", "1"),
    ("expm(A)@expm(-A)", "A: (n, n)", "I"),
    ("exp(x)*exp(y)", "x: n; y: n", "exp(x + y)"),
    ("inv(inv(A) + B)@inv(A)", "A: (n, n); B: (n, n)", "inv(I + A@B)"),
    ("X.T@inv(X@X.T + c*I)@X + c*inv(X.T@X + c*I)", "X: (m, n); c: scalar", "I"),
    ("(A + B)@(A + B) - A@A - B@B", "A: (n, n); B: (n, n)", "A@B + B@A"),
    ("(I - X@inv(X.T@X)@X.T)@X", "X: (m, n)", "zeros(m, n)"),
]


@pytest.mark.parametrize(("typed", "where", "wanted"), FORMS)
def test_a_shorter_form(typed, where, wanted):
    s = mc.simplify(typed, where=where)
    assert mc.equal(s, mc.parse(typed, where=where)) and s.verify().passed
    assert cost(s.value) <= cost(mc.parse(wanted, where=where)), s.pretty()
    assert cost(s.value) <= cost(s.typed)
    assert all(step.holds() for step in s.derivation)


def test_what_cannot_be_shortened_stays_as_it_is():
    s = mc.simplify("b + A@x")
    assert s.value is s.typed and not s.derivation.steps and "nothing shorter" in str(s)


def test_the_steps_say_why():
    assert str(mc.simplify("A@A.T@inv(A.T)@x", where="A: (n, n) invertible")) == (
        "A x\n\n  AAᵀ(Aᵀ)⁻¹x = A x       A⁻¹A = I\n\n✓ every line checked at 4 random points"
    )


def test_expressions_of_python_are_simplified_too():
    A, B = mc.matrix("A", "m", "n"), mc.matrix("B", "n", "p")
    assert mc.simplify((B.T @ A.T).T).value is A @ B


def some(count, seed):
    """Random expressions as Python objects make them."""
    for k in range(count):
        maker = Maker(1000 * seed + k)
        tree = maker.expression(maker.random.choice([(), ("m",), ("m", "n"), ("m", "m")]), 3, 3, 25)
        where = "; ".join(f"{n}: ({', '.join(SHAPE_OF[n])})" if len(SHAPE_OF[n]) > 1 else f"{n}: {(*SHAPE_OF[n], 'scalar')[0]}" for n in tree.names)
        yield mc.parse(tree.text(), where=where)


def never_longer_and_the_same(expressions):
    for e in expressions:
        s = mc.simplify(e)
        assert s.verify().passed is not False and cost(s.value) <= cost(e), s.text()


def test_random_expressions_stay_what_they_are():
    never_longer_and_the_same(some(5, 1))


@pytest.mark.slow
def test_many_random_expressions_stay_what_they_are():
    never_longer_and_the_same(some(2000, 2))


@pytest.mark.parametrize(("options", "wanted"), [(["-q"], "A B\n"), (["--to", "text"], "A@B\n"), (["--to", "latex"], "A B\n")])
def test_the_command(capsys, options, wanted):
    assert main(["simplify", "(B.T@A.T).T", *options]) == 0
    assert capsys.readouterr().out == wanted


def test_the_command_wants_no_variable(capsys):
    assert main(["simplify", "A@B", "wrt", "A"]) == 2
    assert "alone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("H@H where H = X@inv(X.T@X)@X.T", "H"),
        ("(I - H)@(I - H) where H = X@inv(X.T@X)@X.T", "I − H"),
        ("X.T@r where H = X@inv(X.T@X)@X.T, r = y - H@y", "0"),
    ],
)
def test_definitions_are_written_out_and_put_back_where_that_is_shorter(typed, wanted):
    s = mc.simplify(typed)
    assert s.pretty() == wanted and s.verify().passed and all(step.holds() for step in s.derivation)

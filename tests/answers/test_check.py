"""Answers are judged as a person would judge them: right in any form, wrong by what was done wrongly."""

import json

import pytest

import matcalc as mc
from matcalc.cli import main

SYMMETRIC = "X: (n, n) symmetric; a: n; b: n"
SQUARE = "A: (n, n); B: (n, n); C: (n, n); X: (n, n)"


@pytest.mark.parametrize(
    ("f", "x", "answer", "where"),
    [
        ("norm(A@x - b)**2", "x", "2*A.T@(A@x - b)", ""),
        ("norm(A@x - b)**2", "x", "2*A.T@A@x - 2*A.T@b", ""),
        ("norm(A@x - b)**2", "x", "-2*A.T@b + A.T@A@x*2", ""),
        ("logdet(X)", "X", "inv(X.T)", ""),
        ("logdet(X)", "X", "inv(X).T", ""),
        ("tr(inv(I + U@V))", "U", "-(inv(eye(m) + U@V)@inv(eye(m) + U@V)).T@V.T", "U: (m, n); V: (n, m)"),  # as it comes
        ("tr(inv(I + U@V))", "U", "-inv(eye(m) + U@V).T@V.T@inv(eye(n) + V@U).T", "U: (m, n); V: (n, m)"),  # pushed through
        ("log(sum(exp(x)))", "x", "exp(x)/sum(exp(x))", ""),
        ("norm(x)", "x", "x/sqrt(x@x)", ""),
        ("a.T@X@b", "X", "(a@b.T + b@a.T)/2", SYMMETRIC),
        ("A@x", "x", "A", ""),
        ("sum(tanh(x))", "x", "1/cosh(x)**2", ""),
    ],
)
def test_any_equal_form_is_right(f, x, answer, where):
    v = mc.check(f, x, answer, where=where)
    assert (v.correct, v.kind) == (True, "correct"), str(v)
    assert bool(v)


@pytest.mark.parametrize("answer", ["x/(norm(x) + 1e-9)", "x/norm(x) + 0.000000000001"])
def test_what_floating_point_cannot_see_is_no_equality(answer):
    assert mc.check("norm(x)", "x", answer).kind == "constant"
    assert mc.check("norm(x)**2*0.0000001", "x", "0.0000002*x").correct


def test_a_shorter_form_is_told():
    assert mc.check("norm(A@x - b)**2", "x", "2*A.T@A@x - 2*A.T@b").message == "Correct, and shorter as 2 Aᵀ(A x − b)."


KINDS = [
    ("tr(X@A)", "X", "A", "", "transposed"),
    ("logdet(X)", "X", "inv(X)", "", "transposed"),
    ("A@x", "x", "A.T", "", "transposed"),
    ("norm(A@x - b)**2", "x", "A.T@(A@x - b)", "", "factor"),
    ("log(sum(exp(K*x)))", "x", "softmax(K*x)", "K: scalar", "factor"),
    ("norm(x)", "x", "x", "", "factor"),
    ("norm(A@x - b)**2", "x", "2*A.T@(b - A@x)", "", "sign"),
    ("norm(A@x - b)**2", "x", "2*A.T@A@x - 2*A.T@b + a", "x: n; a: n", "constant"),
    ("norm(A@x - b)**2", "x", "2*A.T@A@x", "", "constant"),
    ("x.T@A@x", "x", "2*A@x", "", "assumption"),
    ("norm(inv(X))**2", "X", "-2*inv(X)@inv(X)@inv(X)", "X: (n, n)", "assumption"),
    ("a.T@X@b", "X", "a@b.T", SYMMETRIC, "convention"),
    ("logdet(X)", "X", "2*inv(X) - inv(X)*I", "X: (n, n) pd", "convention"),
    ("norm(X)**2", "X", "2*vec(X)", "", "vec"),
    ("norm(X)**2", "X", "2*vec(X.T)", "", "vec"),
    ("x.T@A@x", "x", "x.T@(A + A.T)@dx", "", "differential"),
    ("A@X@B", "X", "kron(A, B.T)", "", "vec"),
    ("norm(A@x)**2", "x", "2*x", "A: (n, n)", "assumption"),
    ("norm(x, 1)", "x", "ones(n)", "x: n", "assumption"),
    ("norm(A@x - b)**2", "x", "2*(A@x - b)", "", "incomparable"),
    ("tr(A@B@A.T@C)", "A", "C.T@A@B.T", "", "wrong"),
]


@pytest.mark.parametrize(("f", "x", "answer", "where", "kind"), KINDS)
def test_what_a_wrong_answer_is_right_up_to(f, x, answer, where, kind):
    v = mc.check(f, x, answer, where=where)
    assert (v.correct, v.kind) == (False, kind), str(v)
    assert v.message and not v


SLIPS = [
    ("x.T@L.T@L@x", "L", "2*L*(x@x)", "", "inner"),
    ("tr(X.T@A@X@B)", "X", "A@X@B + A.T@X@B", "", "transpose"),
    ("a.T@inv(X)@b", "X", "-inv(X).T@a@b.T@inv(X)", "", "inverse"),
    ("norm(A@x - b)**2", "x", "2*(A@x - b)", "", "factor"),
    ("norm(X.T@X - I)**2", "X", "4*(X.T@X - I)@X", "X: (n, n)", "order"),
    ("sum(exp(A)*X*B)", "X", "exp(A)@B", SQUARE, "elementwise"),
    ("c.T@softmax(x)", "x", "c*softmax(x)*(1 - softmax(x))", "c: n", "diagonal"),
    ("tr(A@B@A.T@C)", "A", "C.T@A@B.T", "", "product rule"),
    ("det(X)", "X", "X/norm(X)", "", "reading"),
    ("sum(sin(x))", "x", "sin(x)", "", "not differentiated"),
    ("sum(A@x)", "x", "A.T", "", "sum"),
    ("kron(A, X)@x", "x", "kron(X, A)", "A: (n, n); X: (n, n)", "order"),
    ("sum(sigmoid(A@x))", "x", "A.T@sigmoid(A@x)", "", "not differentiated"),
    ("tr(Y@inv(X))", "X", "-Y@inv(X)@inv(X)", "", "scalar calculus"),
    ("sum(tanh(A@x))", "x", "A.T@ones(m)", "", "inner derivative"),
    ("(K@u)*(T@u)", "u", "K.T@(T@u) + T.T@(K@u)", "K: (n, n); T: (n, n)", "sum"),
    ("norm(A@x - b)**2 + norm(x)**2", "x", "2*A.T@(A@x - b) - 2*x", "", "sign"),
    ("norm(A@x - b)**2 + norm(x)**2", "x", "2*A.T@(A@x - b)", "", "term"),
]


@pytest.mark.parametrize(("f", "x", "answer", "where", "slip"), SLIPS)
def test_what_was_probably_done(f, x, answer, where, slip):
    v = mc.check(f, x, answer, where=where)
    assert v.correct is False and slip in v.slips, str(v)


def test_a_counterexample_is_small_and_true():
    v = mc.check("norm(A@x - b)**2", "x", "A.T@(A@x - b)")
    c = v.counterexample
    A, x, b = (dict(c.values)[n] for n in "Axb")
    assert all(float(n).is_integer() for rows in (A, x, b) for row in rows for n in row)
    r = [sum(a * y[0] for a, y in zip(row, x, strict=True)) - s[0] for row, s in zip(A, b, strict=True)]
    right = [[2 * sum(A[i][j] * r[i] for i in range(len(r)))] for j in range(len(x))]
    assert c.right == right and c.given == [[y[0] / 2] for y in right]


def test_the_message_whole():
    v = mc.check("x.T@L.T@L@x", "L", "2*L*(x@x)")
    assert v.message == (
        "Not the derivative. ∂f/∂L = 2 L xxᵀ.\n"
        "An inner and an outer product are confused, xᵀy and x yᵀ: (xᵀx) L stands where L xxᵀ should."
    )
    assert v.line.startswith("2 xᵀLᵀdL x = 2 L xxᵀ : dL")


def test_the_readings_of_a_structured_variable():
    v = mc.check("a.T@X@b", "X", "a@b.T", where=SYMMETRIC)
    assert [fine for _, fine in v.readings] == [False, False, True]
    assert mc.check("a.T@X@b", "X", "a@b.T", where=SYMMETRIC, convention="unstructured").correct
    assert mc.check("a.T@X@b", "X", "a@b.T + b@a.T - a@b.T*I", where=SYMMETRIC, convention="distinct").correct


def test_other_readings_of_the_question():
    assert [fine for _, fine in mc.check("A@x", "x", "A.T").readings] == [False, True]
    v = mc.check("det(X)", "X", "X/norm(X)")
    assert v.readings == (("det(X) as it is written", False), ("‖X‖ in its place", True))


def test_the_layout_that_is_asked_for():
    assert mc.check("A@x", "x", "A.T", layout="denominator").correct
    v = mc.check("A@x", "x", "A", layout="denominator")
    assert v.kind == "transposed" and [fine for _, fine in v.readings] == [True, False]


def test_a_result_is_an_answer_too():
    assert mc.check("norm(A@x)**2", "x", mc.grad("norm(A@x)**2", "x")).correct


def test_a_variable_that_may_be_meant_to_be_symmetric():
    v = mc.check("logdet(X)", "X", "2*inv(X) - inv(X)*I")
    assert v.kind == "convention" and "of a symmetric X" in v.message and [fine for _, fine in v.readings] == [False, True]
    assert mc.check("a.T@X@b", "X", "(a@b.T + b@a.T)/2", where="X: (n, n); a: n; b: n").kind == "convention"
    assert mc.check("tr(A@X)", "X", "dX", where="X: (n, n) symmetric").kind == "incomparable"
    assert mc.check("tr(A@X)", "X", "tr(A@dX)", where="X: (n, n) symmetric", of="differential").correct


def test_other_derivatives():
    assert mc.check("A@x", "x", "A.T@G", of="pullback").correct
    assert mc.check("x.T@A@x", "x", "dx.T@A@x + x.T@A@dx", of="differential").correct
    assert not mc.check("x.T@A@x", "x", "2*x.T@A@dx", of="differential").correct
    assert mc.check("inv(X)", "X", "-inv(X)@dX@inv(X)", of="differential").correct
    assert mc.check("inv(X)", "X", "-inv(X)@dX@inv(X)").kind == "differential"
    assert mc.check("X.T@X", "X", "2*X.T@dX").kind == "wrong"


def test_the_right_differential_is_told():
    v = mc.check("norm(A@x - b)**2", "x", "(A@x - b).T@A@dx", of="differential")
    assert v.kind == "factor" and "yours is 1/2 times the differential. df = 2 (A x − b)ᵀA dx" in v.message and v.line is not None
    v = mc.check("X.T@X", "X", "2*X.T@dX", of="differential")
    assert "dF = XᵀdX + (dX)ᵀX" in v.message and "transpose" in v.slips and v.differential is not None


def test_second_derivatives():
    assert mc.check("x.T@A@x", "x", "A + A.T").kind == "correct"
    assert mc.check("x.T@A@x", "x", "2*A").kind == "assumption"
    assert mc.check("log(sum(exp(x)))", "x", "diag(softmax(x))", of="hessian").kind == "wrong"
    v = mc.check("exp(a*t)", "t", "a**2*exp(a*t)", where="t: scalar; a: scalar")
    assert v.correct and "second derivative" in v.message


def test_an_answer_may_have_definitions_of_its_own():
    assert mc.check("norm(r)**2", "x", "2*A.T@r where r = A@x - b", let={"r": "A@x - b"}).correct
    assert mc.check("norm(A@x - b)**2", "x", "2*A.T@s where s = A@x - b").correct


def test_tensors():
    f, where = "sum(i, sum(abs(Phi[:,i,:].T@Phi[:,i,:] - I)))", "Phi: (l, m, n)"
    blocks = "stack(i, Phi[:,i,:]@sign(Phi[:,i,:].T@Phi[:,i,:] - I), axis=1)"
    turned = "stack(i, sign(Phi[:,i,:].T@Phi[:,i,:] - I)@Phi[:,i,:].T, axis=1)"
    kinds = [mc.check(f, "Phi", answer, where=where).kind for answer in (f"2*{blocks}", blocks, f"-2*{blocks}", f"2*{turned}")]
    assert kinds == ["correct", "factor", "sign", "transposed"]
    assert mc.grad(f, "Phi", where=where).shape == mc.parse("Phi", where=where).shape


def test_an_answer_in_latex():
    assert mc.check("norm(A@x - b)**2", "x", r"2 A^\top (A x - b)").correct
    assert mc.check("logdet(X)", "X", r"X^{-1}").kind == "transposed"


@pytest.mark.parametrize("answer", ["∂f/∂x = 2*x", "df/dx = 2*x", r"\nabla f = 2x", r"\frac{\partial f}{\partial x} = 2x", "2*x"])
def test_an_answer_may_be_an_equation(answer):
    assert mc.check("norm(x)**2", "x", answer).correct


def test_a_definition_in_an_answer_is_no_equation():
    assert mc.check("softmax(x)", "x", "diag(p) - p@p.T where p = softmax(x)").correct
    assert mc.check("sum(sum(X, axis=0)*b)", "b", "sum(X, axis=0)", where="b: n").correct


def test_an_answer_of_another_type():
    assert mc.check("norm(x)**2", "x", 2).kind == "incomparable" and mc.check("x**2/2 + x", "x", 3.0, where="x: scalar").correct is False
    with pytest.raises(mc.MatcalcError, match="of type NoneType"):
        mc.check("norm(x)**2", "x", None)


def test_definitions_are_in_scope():
    assert mc.check("norm(r)**2", "x", "2*A.T@r", let={"r": "A@x - b"}).correct


def test_expressions_are_answers_too():
    x, A = mc.vector("x", "n"), mc.matrix("A", "m", "n")
    assert mc.check(mc.norm(A @ x) ** 2, x, 2 * A.T @ (A @ x)).correct
    assert mc.check("norm(A@x)**2", "x", 2 * A.T @ (A @ x)).correct
    assert mc.check(mc.norm(A @ x) ** 2, x, "2*A.T@A@x").correct


def test_a_name_that_the_question_does_not_have():
    with pytest.raises(mc.MatcalcError) as caught:
        mc.check("norm(A@x - b)**2", "x", "2*A.T@(A@X - b)")
    assert str(caught.value) == (
        "error[name]: the answer has X, which the question does not have; it has A, x, b\n"
        "  2*A.T@(A@X - b)\n           ^\n"
        "  where X is a quantity of its own, declare it: X: scalar\n"
        "help: did you mean  2*A.T@(A@x - b)  ?"
    )


def test_what_could_be_meant_by_a_name():
    with pytest.raises(mc.MatcalcError) as caught:
        mc.check("norm(A@x - b)**2", "x", "2*A.T@(A@x - c)")
    assert caught.value.fixes == ("2*A.T@(A@x - b)",)
    with pytest.raises(mc.MatcalcError) as caught:
        mc.check("a.T@X@b", "X", "a.T@b")
    assert caught.value.fixes == ("a@b.T",) and "(in the question)" in str(caught.value)


def test_answers_that_do_not_conform_are_errors():
    with pytest.raises(mc.MatcalcError, match="cannot be multiplied"):
        mc.check("norm(c - U@r)**2", "U", "-2*r@(c - U@r)")


@pytest.mark.parametrize(("answer", "status"), [("2*A.T@(A@x - b)", 0), ("-2*A.T@(A@x - b)", 5), ("2*A.T@(A@x - ", 2), ("2*A.T@y", 2)])
def test_the_command(capsys, answer, status):
    assert main(["check", "norm(A@x - b)**2", "wrt", "x", answer]) == status
    out, err = capsys.readouterr()
    assert bool(err) == (status == 2) and bool(out) == (status != 2)


def test_the_command_wants_an_answer(capsys):
    assert main(["check", "norm(x)", "wrt", "x"]) == 2
    assert "say the variable and the answer" in capsys.readouterr().err


def test_json(capsys):
    assert main(["check", "norm(x)**2", "wrt", "x", "x", "--to", "json"]) == 5
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["kind"], told["answer"], told["right"], told["slips"]) == (1, "factor", "x", "2*x", ["factor"])


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("tr(A@B)", "tr(B@A)", True),
        ("tr(A@B)", "sum(A*B.T)", True),
        ("a@b", "sum(a*b)", True),
        ("sum(a*b)", "a@b", True),
        ("norm(x)**2", "x@x", True),
        ("tr(A@B)", "tr(A.T@B)", False),
        ("A@B", "B@A", False),
    ],
)
def test_two_texts_are_read_in_one_scope(a, b, equal):
    assert mc.equal(a, b) is equal


def test_an_expression_and_a_text_are_compared_in_one_scope():
    A, B = mc.matrix("A", "k", "l"), mc.matrix("B", "l", "k")
    assert mc.equal(mc.tr(A @ B), "tr(B@A)") and mc.equal("tr(B@A)", mc.tr(A @ B)) and not mc.equal("tr(A.T@A)", mc.tr(A @ B))

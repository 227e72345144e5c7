"""Answers that are right in special cases only, or as far as one can see: none of them is correct."""

import pytest

import matcalc as mc

SQUARE = "; ".join(f"{c}: (n, n)" for c in "ABCX")

ALMOST = [
    ("det(X)", "X", "(tr(X)*I - X).T", SQUARE),  # the adjugate, of 2×2
    ("tr(A@X)", "X", "A.T + (A@B - B@A)@(A@B - B@A)@C - C@(A@B - B@A)@(A@B - B@A)", SQUARE),  # Hall's identity, of 2×2
    ("norm(x)**2", "x", "2*x + (n - 2)*(n - 3)*(n - 4)*(n - 5)*x", ""),
    ("x.T@A@x", "x", "2*A@x", ""),
    ("sum(abs(x))", "x", "ones(n)", ""),
    ("x**3", "x", "3*x", "x: scalar"),
    ("norm(x)**2", "x", "2.000001*x", ""),
    ("norm(x)**2", "x", "2.00000001*x", ""),
    ("norm(x)**2", "x", "2.000000000001*x", ""),
    ("x**2", "x", "2*x + exp(-50)", "x: scalar"),
    ("x**2", "x", "2*x + exp(-1000)", "x: scalar"),
    ("x**2", "x", "2*x*(1 + exp(-100*x**2 - 200))", "x: scalar"),
    ("x**2", "x", "2*x + max(x - 1000, 0)", "x: scalar"),
    ("x**2", "x", "2*x + (x > 30)", "x: scalar"),
    ("sum(x**2)", "x", "2*clip(x, -5, 5)", "x: n"),
    ("norm(A@x - b)**2", "x", "2*A.T@(A@x - b) + (norm(x) > 1000)*x", ""),
    ("sum(relu(x))", "x", "(x > 0.001)", "x: n"),
    ("sum(abs(x))", "x", "tanh(1000000*x)", "x: n"),
    ("tanh(100*x)", "x", "0*x", "x: scalar"),
]
EQUAL = [
    ("sum(log(x))", "x", "1/abs(x)", "x: n"),
    ("sum(abs(x))", "x", "2*(x > 0) - 1", "x: n"),
    ("exp(x)", "x", "cosh(x) + sinh(x)", "x: scalar"),
    ("sum(softplus(x))", "x", "(1 + tanh(x/2))/2", "x: n"),
    ("logsumexp(x)", "x", "exp(x - max(x))/sum(exp(x - max(x)))", "x: n"),
    ("x.T@inv(A + outer(x, x))@x", "x", "2*inv(A)@x/(1 + x.T@inv(A)@x)**2", "A: (n, n) symmetric"),
    ("tanh(30*x)", "x", "30/cosh(30*x)**2", "x: scalar"),
    ("norm(X, 'nuc')", "X", "X@inv(sqrtm(X.T@X))", "X: (m, n)"),
    ("sum(x)", "x", "cos(2*pi*n)*ones(n)", "x: n"),
]


@pytest.mark.parametrize(("f", "x", "answer", "where"), ALMOST)
def test_what_is_right_at_special_points_alone(f, x, answer, where):
    assert mc.check(f, x, answer, where=where).correct is False


@pytest.mark.parametrize(("f", "x", "answer", "where"), EQUAL)
def test_what_is_equal_in_other_words(f, x, answer, where):
    assert mc.check(f, x, answer, where=where).correct


def test_a_rounded_number_is_told():
    v = mc.check("sum(erf(x))", "x", "2/sqrt(3.14159265)*exp(-x**2)", where="x: n")
    assert v.correct and v.message.startswith("Correct to 9 digits: a number in it is rounded.")
    assert mc.check("sum(erf(x))", "x", "2/sqrt(pi)*exp(-x**2)", where="x: n").message == "Correct."
    assert mc.check("0.5*norm(x)**2", "x", "0.5*2*x").message == "Correct, and shorter as x."

"""Answers by slices, by entries, with indices of the asker's own choosing."""

import pytest

import matcalc as mc
from matcalc.cli import main

PENALTY = "sum(i, sum(abs(Phi[:,i,:].T@Phi[:,i,:] - I)))"
PRODUCT = "(Phi[:,i,:].T@Phi[:,i,:])[j,k]"
ARRAY = "Phi: (l, m, n)"
SIGNS = "sign(Phi[:,{0},:].T@Phi[:,{0},:] - I)"


@pytest.mark.parametrize(("f", "x", "answer"), [
    (PENALTY, "Phi[:,i,:]", "2*Phi[:,i,:]@" + SIGNS.format("i")),
    (PENALTY, "Phi[:,q,:]", "2*Phi[:,i,:]@" + SIGNS.format("i")),
    (PENALTY, "Phi", "2*Phi[:,p,:]@" + SIGNS.format("p")),
    (PENALTY, "Phi[:,a,b]", "2*Phi[:,a,:]@" + SIGNS.format("a") + "[:,b]"),
    (PENALTY, "Phi[c,a,b]", "2*sum(j, Phi[c,a,j]*sign(sum(k, Phi[k,a,j]*Phi[k,a,b]) - I[j,b]))"),
    (PRODUCT, "Phi[:,a,b]", "I[i,a]*(I[j,b]*Phi[:,a,k] + I[k,b]*Phi[:,a,j])"),
    (PRODUCT, "Phi[c,a,b]", "I[i,a]*(I[j,b]*Phi[c,i,k] + I[k,b]*Phi[c,i,j])"),
    (PRODUCT, "Phi", "I[i,a]*(I[j,b]*Phi[c,a,k] + I[k,b]*Phi[c,a,j])"),
    ("tr(A@X)", "X", "A[j,i]"), ("tr(A@X)", "X[p,q]", "A[q,p]"), ("tr(A@X)", "X[p,q]", "A[s,r]"),
    ("norm(A@x - b)**2", "x", "2*sum(k, A[k,i]*(sum(j, A[k,j]*x[j]) - b[k]))"),
    ("norm(X@B)**2", "X", "2*sum(k, sum(l, X[i,k]*B[k,l]*B[j,l]))"), ("norm(X@B)**2", "X", "2*X[i,:]@B@B.T"),
    ("norm(X@B)**2", "X[i,:]", "2*B@B.T@X[i,:]"), ("norm(X@B)**2", "X[:,0]", "2*X@B@B.T[:,0]"), ("x.T@A@x", "x[0]", "(A@x + A.T@x)[0]"),
    ("tr(X)", "X", "I[i,j]"), ("x@x", "x", "2*I[i,j]"), ("x/norm(x)", "x", "I/norm(x) - x@x.T/norm(x)**3"),
    ("x.T@A@x", "x", "A[i,j] + A[j,i]"), ("A@x", "x", "A[i,j]"), ("softmax(x)", "x", "softmax(x)[i]*(I[i,j] - softmax(x)[j])"),
])  # fmt: skip
def test_entries_and_slices_are_answers(f, x, answer):
    v = mc.check(f, x, answer, where=ARRAY if "Phi" in f else "")
    assert (v.correct, v.kind) == (True, "correct"), str(v)


@pytest.mark.parametrize(("f", "x", "answer", "kind", "slips"), [
    (PENALTY, "Phi[:,i,:]", "2*" + SIGNS.format("i") + "@Phi[:,i,:].T", "transposed", ["transpose"]),
    (PENALTY, "Phi", "2*" + SIGNS.format("i") + "@Phi[:,i,:].T", "transposed", ["transpose", "axes"]),
    (PENALTY, "Phi[:,i,:]", "-Phi[:,i,:]@" + SIGNS.format("i"), "factor", ["factor"]),
    (PRODUCT, "Phi[:,a,b]", "I[i,a]*I[j,b]*I[k,b]", "wrong", []), (PRODUCT, "Phi[c,a,b]", "I[i,a]*I[j,b]*I[k,b]", "wrong", []),
    (PRODUCT, "Phi[c,a,b]", "I[i,a]*I[j,b]*Phi[c,a,k]", "wrong", ["term"]),
    ("tr(A@X)", "X", "A[i,j]", "transposed", ["transpose"]), ("tr(A@X)", "X[p,q]", "A[p,q]", "transposed", ["transpose"]),
    ("norm(A@x - b)**2", "x", "sum(k, A[k,p]*(A[k,:]@x - b[k]))", "factor", ["factor"]),
    ("sum(i, log(1 + exp(-y[i]*(X[i,:]@w))))", "w", "-y[i]*X[i,:]*sigmoid(-y[i]*(X[i,:]@w))", "wrong", ["sum"]),
    ("x.T@A@x", "x[0]", "(A@x)[0]", "wrong", ["term"]),
])  # fmt: skip
def test_what_is_wrong_with_entries_and_slices(f, x, answer, kind, slips):
    v = mc.check(f, x, answer, where=ARRAY if "Phi" in f else "")
    assert (v.correct, v.kind, [s for s in slips if s not in v.slips]) == (False, kind, []), str(v)


def test_what_is_right_is_told_in_index_notation():
    v = mc.check(PRODUCT, "Phi[c,a,b]", "I[i,a]*I[j,b]*I[k,b]", where=ARRAY)
    assert v.message == f"Not the derivative. {mc.grad(PRODUCT, 'Phi[c,a,b]', where=ARRAY).index()}."
    assert v.message.count("δ") == 3
    assert v.counterexample.positions and v.counterexample.given != v.counterexample.right


def test_a_slice_at_the_command(capsys):
    assert main(["check", "norm(X@B)**2", "wrt", "X[i,:]", "B@B.T@X[i,:]"]) == 5
    assert "yours is 1/2 times the derivative. ∂f/∂X[i,:] = 2 BBᵀX[i,:]" in capsys.readouterr().out


def test_a_slice_of_an_object():
    f = mc.parse("norm(X@a)**2")
    assert mc.grad(f, "X[0,:]").pretty() == mc.grad("norm(X@a)**2", "X[0,:]").pretty()
    with pytest.raises(mc.MatcalcError, match="a slice can be the variable of a gradient only"):
        mc.check("A@x", "x[0]", "A[:,0]")


@pytest.mark.parametrize(("f", "x", "answer"), [
    ("norm(X@B)**2", "X", r"2\sum_k\sum_l X_{ik}B_{kl}B_{jl}"), ("tr(A@X)", "X", "A_{ji}"), ("tr(X)", "X", r"\delta_{ij}"),
    ("norm(A@x - b)**2", "x", r"2\sum_k A_{ki}(\sum_j A_{kj}x_j - b_k)"),
])  # fmt: skip
def test_indices_in_latex(f, x, answer):
    assert mc.check(f, x, answer).correct


@pytest.mark.parametrize(("f", "x", "answer", "fix"), [
    ("tr(A@X)", "X", "A_ji", "A[j,i]"), ("tr(A@X)", "X", "Aⱼᵢ", "A[j,i]"), ("x@x", "x", "2*x_i", "2*x[i]"),
    ("norm(X@B)**2", "X", "2*sum(k, sum(l, X_ik*B_kl*B_jl))", "2*sum(k, sum(l, X[i,k]*B[k,l]*B[j,l]))"),
])  # fmt: skip
def test_subscripts_stand_in_brackets(f, x, answer, fix):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.check(f, x, answer)
    assert caught.value.fixes == (fix,) and mc.check(f, x, fix).correct


@pytest.mark.parametrize("answer", ["delta[i,j]", "delta(i,j)", "δ_ij"])
def test_kroneckers_delta_is_the_identity(answer):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.check("tr(X)", "X", answer)
    assert caught.value.fixes == ("I[i,j]",)

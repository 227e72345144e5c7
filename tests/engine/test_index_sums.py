"""Index sums: as matrix algebra where they are that, derived in slices where not, and in index notation."""

from __future__ import annotations

import random

import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.expression import postorder
from matcalc.core.indices import free, levelled, sliced
from matcalc.core.leaves import INDEX_SUM, index, symbols
from matcalc.core.size import ONE
from matcalc.engine.indexform import index_form
from matcalc.engine.matrixform import matrix_form
from matcalc.syntax import read, text
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

ARRAY = "Phi: (l, m, n); beta: scalar"
PENALTY = "beta*sum(i, sum(abs(Phi[:,i,:].T @ Phi[:,i,:] - I)))"


def same(a: mc.Expr, b: mc.Expr) -> bool | None:
    found = points_for([a, b])
    return Oracle(found.points, found.why).holds(a, b).passed


# ---- matrix algebra ----


@pytest.mark.parametrize(("typed", "wanted"), [
    ("sum(i, x[i]*y[i])", "x.T@y"), ("sum(i, j, x[i]*A[i,j]*x[j])", "x.T@A@x"), ("sum(i, (A[i,:] @ x)*y[i])", "x.T@A.T@y"),
    ("sum(j, (sum(i, M[i,j]*x[i]) - y[j])**2)", "sum((M.T@x - y)**2)"), ("sum(i, log(1 + exp(X[i,:] @ w)))", "sum(log(1 + exp(X@w)))"),
    ("sum(i, A[i,i])", "tr(A)"), ("sum(i, X[i,:])", "sum(X, axis=0)"), ("sum(i, s[i]*X[i,:])", "X.T@s"),
    ("sum(i, X[i,:] @ Y[i,:].T)", "X.T@Y"), ("sum(i, s[i]*X[i,:] @ X[i,:].T)", "X.T@diag(s)@X"), ("sum(i, norm(X[i,:])**2)", "sum(X**2)"),
    ("sum(j, k, abs(A@B)[j,k])", "sum(abs(A@B))"), ("sum(i, 0, n-2, (x[i+1] - x[i])**2)", "sum((x[1:] - x[:n - 1])**2)"),
    ("sum(i, j, k, T[i,j,k]*x[i]*y[j]*z[k])", "sum(i, x[i]*y.T@T[i]@z)"),
])  # fmt: skip
def test_a_sum_is_matrix_algebra(typed: str, wanted: str) -> None:
    where = "T: (l, m, n)" if "T" in typed else "x: n" if "n-2" in typed else ""
    e = read(typed, where=where).expr
    assert text(matrix_form(e)) == wanted and same(e, matrix_form(e))


@pytest.mark.parametrize(("typed", "wanted"), [
    ('einsum("ij,jk->ik", A, B)', "A@B"), ("einsum('i,i->', x, y)", "x.T@y"), ('einsum("ii->i", A)', "diag(A)"), ('einsum("ij->ji", A)', "A.T"),
    ('einsum("ij,jk", A, B)', "A@B"), ('einsum("i,j->ij", x, y)', "x@y.T"), ('einsum("kij,j->ki", T, x)', "stack(k, T[k]@x)"),
    ('einsum("ij,jk,kl->il", A, B, C)', "A@B@C"), ('einsum("ii", A)', "tr(A)"), ('einsum("xy,y->x", A, x)', "A@x"),
    ('einsum("mn,n->m", A, x)', "A@x"), ('einsum("ijk,ijk", T, T)', "inner(T, T)"), ("tensordot(A, B, axes=1)", "A@B"), ("tensordot(A, B)", "inner(A, B)"),
    ("tensordot(A, B, axes=[[1], [0]])", "A@B"), ("tensordot(A, B, axes=((1,), (1,)))", "A@B.T"), ("tensordot(x, y, 0)", "x@y.T"),
    ("tensordot(x, y, 1)", "x.T@y"), ("tensordot(2*A, x, axes=(0, 0))", "(2*A).T@x"), ("tensordot(T, x, axes=1)", "stack(i, T[i]@x)"),
])  # fmt: skip
def test_einsum_is_another_spelling(typed: str, wanted: str) -> None:
    assert text(matrix_form(read(typed, where="T: (l, m, n)" if "T," in typed else "").expr)) == wanted


def random_term(seed: int) -> str:
    """A product of factors of order two at most over summed indices, as a text."""
    draw = random.Random(seed)
    names, letters = "ijkl"[: draw.randint(1, 4)], iter("ABCDEFGH")
    factors = []
    for i in names:
        factors.append(draw.choice([f"x[{i}]", f"{next(letters)}[{i},{draw.choice(names)}]", f"exp(y[{i}])"]))
    for _ in range(draw.randint(0, 3)):
        factors.append(f"{next(letters)}[{draw.choice(names)},{draw.choice(names)}]")
    body = "*".join(factors)
    for i in draw.sample(names, len(names)):
        body = f"sum({i}, {body})"
    return body


@pytest.mark.parametrize("seed", range(60))
def test_random_terms_keep_their_value(seed: int) -> None:
    e = read(random_term(seed)).expr
    assert same(e, matrix_form(e)), text(matrix_form(e))


def test_a_term_of_treewidth_three_stays_a_sum() -> None:
    where = "; ".join(f"{name}: (n, n)" for name in "ABCDEF")
    e = read("sum(a, b, c, d, A[a,b]*B[a,c]*C[a,d]*D[b,c]*E[b,d]*F[c,d])", where=where).expr
    form = matrix_form(e)
    assert any(x.op is INDEX_SUM for x in postorder(form)) and same(e, form)


# ---- gradients ----


@pytest.mark.parametrize(("wrt", "answer"), [
    ("Phi", "2*beta*stack(i, Phi[:, i, :]@sign(Phi[:, i, :].T@Phi[:, i, :] - I), axis=1)"),
    ("Phi[:,a,:]", "2*beta*Phi[:, a, :]@sign(Phi[:, a, :].T@Phi[:, a, :] - I)"),
    ("Phi[c,:,:]", "2*beta*stack(i, sign(Phi[:, i, :].T@Phi[:, i, :] - I)@Phi[c, i, :])"),
    ("Phi[:,a,b]", "2*beta*Phi[:, a, :]@sign(Phi[:, a, :].T@Phi[:, a, :] - I)[:, b]"),
    ("Phi[c,a,b]", "2*beta*Phi[c, a, :].T@sign(Phi[:, a, :].T@Phi[:, a, :] - I)[:, b]"),
])  # fmt: skip
@pytest.mark.parametrize("f", [PENALTY, "beta*sum(i, sum(j, sum(k, abs(sum(q, Phi[q,i,j]*Phi[q,i,k]) - I[j,k]))))"])
def test_the_penalty_of_an_array(f: str, wrt: str, answer: str) -> None:
    result = mc.grad(f, wrt, where=ARRAY)
    assert result.text() == answer and result.verify().passed


def test_the_penalty_slice_by_slice_and_in_indices() -> None:
    result = mc.grad(PENALTY, "Phi", where=ARRAY)
    assert str(result).startswith("∂f/∂Φ[:,i,:] = 2 β Φ[:,i,:] sign(Φ[:,i,:]ᵀΦ[:,i,:] − I)          for every i\n")
    assert "  df = β Σᵢ 1 : (Gᵢ ⊙ dXᵢ)" in str(result)
    assert mc.grad(PENALTY, "Phi[c,a,b]", where=ARRAY).index() == "∂f/∂Φ_{cab} = 2 β Σᵢ Φ_{cai} sign(Σⱼ Φⱼₐᵢ Φ_{jab} − δ_{ib})"


@pytest.mark.parametrize(("f", "wrt", "where", "answer"), [
    ("sum(i, j, norm(Phi[:,i,:].T @ Phi[:,j,:])**2)", "Phi[:,a,:]", ARRAY, "4*sum(i, Phi[:, i, :]@Phi[:, i, :].T@Phi[:, a, :])"),
    ("logdet(I + sum(i, Phi[:,i,:].T @ Phi[:,i,:]))", "Phi[:,a,:]", ARRAY,
     "2*Phi[:, a, :]@inv(I + sum(i, Phi[:, i, :].T@Phi[:, i, :]))"),
    ("sum(i, j, z[i,j]*norm(X[i,:] - M[j,:])**2)", "M", "z: (n, k)", "2*(diag(sum(z, axis=0))@M - z.T@X)"),
    ("sum(i, norm(x - A[i,:]))", "x", "", "sum(i, (x - A[i, :])/norm(x - A[i, :]))"),
    ("norm(Y - sum(k, A[k] @ X[k]))**2", "A", "A: (l, m, p); X: (l, p, n)", "-2*stack(k, (Y - sum(i, A[i]@X[i]))@X[k].T)"),
    ("sum(i, norm(T[:,i,:] - S[:,i,:])**2)", "T", "T: (l, m, n); S: (l, m, n)", "2*(T - S)"), ("x @ x", "T", "T: (l, m, n)", "zeros(l, m, n)"),
    ("sum(k, (x@W[k]@x)**2)", "W", "W: (l, n, n)", None), ("sum(i, T[i,0,:] @ x)", "T", "T: (l, m, n)", None),
    ("sum(i, j, k, T[i,j,k]*x[i]*y[j]*z[k])", "T", "T: (l, m, n)", None), ("sum(i, j, i != j, exp(-norm(X[i,:] - X[j,:])**2))", "X", "", None),
    ("sum(i, log(sum(k, p[k]*exp(-norm(X[i,:] - M[k,:])**2/2))))", "M", "", None), ("X[a,:] @ X[b,:]", "X", "", None),
    ("sum(i, prod(X[i,:]))", "X", "", None), ("sum(i, norm(A@X[i,:] - b))", "A", "", None), ("sum(i, i*x[i]**2)", "x", "", None),
])  # fmt: skip
def test_gradients_through_sums(f: str, wrt: str, where: str, answer: str | None) -> None:
    result = mc.grad(f, wrt, where=where)
    assert result.verify().passed and all(step.holds() for step in result.derivation)
    assert answer is None or result.text() == answer
    result.function("numpy")


def test_the_update_rule() -> None:
    assert mc.grad(PENALTY, "Phi", where=ARRAY).update() == "Φ[:,i,:] ← Φ[:,i,:] − 2 η β Φ[:,i,:] sign(Φ[:,i,:]ᵀΦ[:,i,:] − I)"
    assert mc.grad("norm(A@x - b)**2", "x").update("t", "latex") == r"x \leftarrow x - 2 t A^{\top} (A x - b)"


def test_simplification_knows_index_sums() -> None:
    assert mc.simplify("sum(i, sum(j, A[i,j]*x[i]*x[j]))").text() == "x.T@A@x"


def test_slices_are_variables_of_gradients_alone() -> None:
    found = mc.grad("sum(i, (X[i,:] @ w)**2)", ["w", "X[a,:]"])
    assert found["X[a,:]"].text() == "2*(X[a, :].T@w)*w" and found["w"].verify().passed
    with pytest.raises(mc.MatcalcError):
        mc.pullback("X@w", "X[a,:]")


def test_a_hessian_through_a_sum() -> None:
    result = mc.hessian("sum(i, norm(x - A[i,:]))", "x")
    assert result.verify().passed
    assert result.pretty() == "Σᵢ (1/‖x − A[i,:]‖) (I − (x − A[i,:]) (x − A[i,:])ᵀ/‖x − A[i,:]‖²)"


# ---- indices ----


def test_an_index_may_stand_free_and_be_bound() -> None:
    r = mc.grad("sum(i, sum(abs(Phi[:,i,:].T @ Phi[:,i,:] - I)))", "Phi[:,i,:]", where=ARRAY)
    assert r.verify().passed and r.pretty() == "2 Φ[:,i,:] sign(Φ[:,i,:]ᵀΦ[:,i,:] − I)"


@pytest.mark.parametrize(
    ("f", "x"), [("(Phi[:,i,:].T @ Phi[:,i,:])[j,k]", "Phi[:,a,b]"), ("X[i,j]*X[j,i]", "X"), ("x[0]*x[i]", "x"), ("X[i,j]**2", "X")]
)
def test_index_notation_keeps_deltas(f: str, x: str) -> None:
    r = mc.grad(f, x, where=ARRAY)
    at = [index(c, size) for c, size in zip("pq", [size for size in r.value.shape if size is not ONE], strict=False)]
    entry = sliced(r.value, at, tuple(range(len(at))))
    found = points_for([entry], exact=3, floating=3)
    assert Oracle(found.points).holds(entry, index_form(r.value, at)).passed


def test_no_index_is_captured() -> None:
    e = read("sum(i, x[i]*sum(j, y[j]))*sum(i, x[i])", where="x: n; y: n").expr
    normal = canonical(e)
    assert not free(normal) and same(e, normal) and same(e, levelled(e))


def test_sums_that_differ_in_the_letter_are_one() -> None:
    assert read("sum(i, x[i]**2)").expr is read("sum(k, x[k]**2)").expr


@pytest.mark.parametrize("typed", [
    "2*A.T@(A@x - b)", "A@diag(v)@B", "A.T@A - I", "tr(A@B@C)", "P@sign(P.T@P - I)", "norm(A@x - b)**2", "(y@x.T)*A", "softmax(A@x)",
    "x/norm(x)", "diag(A@B)", "outer(x, y)", "mean(X, axis=0)", "tr(A)*eye(3)", "A@e(1, n)", "inv(A.T@A)@x",
])  # fmt: skip
def test_index_notation_has_the_same_value(typed: str) -> None:
    reading = read(typed, where="A: (m, n); x: n" if "e(1, n)" in typed else "")
    e = reading.expr
    at = [index(c, size) for c, size in zip("ab", [size for size in e.shape if size is not ONE], strict=False)]
    form = index_form(e, at)
    assert same(sliced(e, at, tuple(range(len(at)))) if at else e, form)
    assert read(text(form), known={s["name"]: s for s in symbols(e)}).expr.is_scalar


def test_a_brief_derivation_keeps_the_line_of_the_slices():
    lines = mc.grad(PENALTY, "Phi", where=ARRAY).derivation.text("brief").splitlines()
    assert any(line.lstrip().startswith("∂f/∂Φ[:,i,:] = 2 β Φ[:,i,:] sign(") for line in lines)
    assert not any(line.lstrip().startswith("= 2 β Φ[:,i,:]") for line in lines)


def test_an_array_that_is_not_declared():
    result = mc.grad(PENALTY, "Phi[:,a,b]")
    assert result.text() == "2*beta*Phi[:, a, :]@sign(Phi[:, a, :].T@Phi[:, a, :] - I)[:, b]" and result.verify().passed
    assert "Phi ∈ ℝᵐˣⁿˣᵖ  (from Phi[:,a,b])" in str(result)
    with pytest.raises(mc.MatcalcError, match="at most 2 axes"):
        mc.grad("sum(i, norm(A[:,i,:])**2)", "A", where="A: (m, n)")


@pytest.mark.parametrize(
    ("f", "x", "where", "wanted"),
    [
        ("prod(i, x[i])", "x", "", "prod(x) ⊘ x"),
        ("prod(i, 1 + a@X[i,:])", "a", "", "prod(1 + X a) Xᵀ(1 ⊘ (1 + X a))"),
        ("max(i, x[i])", "x", "", "e_argmax(x)"),
        ("max(x, 0)@x", "x", "x: n", "x ⊙ 1[x > 0] + max(x, 0)"),
        ("mean(i, (y[i] - w@X[i,:])**2)", "w", "", "−2 Xᵀ(y − X w)/m"),
    ],
)
def test_products_and_extremes_over_an_index(f, x, where, wanted):
    result = mc.grad(f, x, where=where)
    assert result.pretty() == wanted and result.verify().passed


def test_deltas_where_a_person_writes_them() -> None:
    product = mc.grad("(Phi[:,i,:].T @ Phi[:,i,:])[j,k]", "Phi[c,a,b]", where=ARRAY)
    assert product.pretty() == "δₐᵢ (Φ_{cik} δ_{jb} + δ_{kb} Φ_{cij})" and product.verify().passed
    assert mc.grad("(X@X.T)[j,k]", "X[a,b]").pretty() == "δₐₖ X_{jb} + δₐⱼ X_{kb}"


@pytest.mark.parametrize(("f", "x", "wanted"), [
    ("X@w", "X[a,:]", "eₐwᵀ"), ("X@w", "X[a,b]", "w_b eₐ"), ("X@w", "X[:,b]", "w_b I"), ("X@w", "X[0,:]", "e₀wᵀ"), ("A@x", "x[i]", "A[:,i]"),
    ("X@X.T", "X[:,b]", "(I_(m²) + Kₘₘ) (X[:,b] ⊗ Iₘ)"), ("A@x*(x@x)", "x[i]", None), ("X@X", "X[1:3,:]", None), ("X@X.T", "X[a,b]", None),
])  # fmt: skip
def test_jacobians_with_respect_to_slices(f: str, x: str, wanted: str | None) -> None:
    result = mc.jacobian(f, x)
    assert result.verify().passed and (wanted is None or result.pretty() == wanted)
    assert mc.jacobian(f, x, layout="denominator").verify().passed


@pytest.mark.parametrize(("f", "x", "wanted"), [
    ("sum((X@w)**2)", "X[a,:]", "2 wwᵀ"), ("norm(A@X)**2", "X[:,b]", "2 AᵀA"), ("norm(A@x)**2", "x[i]", "2‖A[:,i]‖²"),
    ("logdet(X)", "X[a,b]", "−(X⁻¹)[b,a]²"),
])  # fmt: skip
def test_hessians_with_respect_to_slices(f: str, x: str, wanted: str) -> None:
    result = mc.hessian(f, x)
    assert result.verify().passed and result.pretty() == wanted
    name = result.headline().partition(" = ")[0]
    assert name.count("[") in (0, 2) and "vec" not in name


def test_slices_of_arrays_have_no_columns() -> None:
    with pytest.raises(mc.MatcalcError, match="columns"):
        mc.jacobian("T[0,:,:]@w", "T[a,:,:]", where="T: (l, m, n)")


def test_a_slice_of_what_is_positive_is():
    result = mc.grad("sum(i, log(sum(k, a[k]*exp(norm(X[i,:] - M[k,:])))))", "M", where="a: K positive")
    assert not any("exp" in str(c) for c in result.conditions)

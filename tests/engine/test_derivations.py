"""Whole derivations as text, and what every derivation keeps to."""

import pytest

import matcalc as mc
from matcalc.core.canonical import canonical
from matcalc.core.derivation import FINISHING, Act
from matcalc.core.expression import postorder
from matcalc.core.leaves import differential_of, zeros

PENALTY = """\
∂f/∂P = 2 P sign(PᵀP − I)

where  P ∈ ℝᵐˣⁿ  (from P.T@P)

  let  X = PᵀP − I     symmetric
       G = sign(X)     symmetric, because X is
  f  = 1 : |X|
  df = 1 : (G ⊙ dX)              d|X| = sign(X) ⊙ dX
     = G : dX                    A : (B ⊙ C) = (A ⊙ B) : C;  1 ⊙ G = G
     = G : ((dP)ᵀP + PᵀdP)       product rule; dI = 0
     = (G + Gᵀ) : PᵀdP           (dP)ᵀP = (PᵀdP)ᵀ;  A : Bᵀ = Aᵀ : B;  collect
     = 2 G : PᵀdP                Gᵀ = G
     = 2 P G : dP                A : BC = BᵀA : C
  ∂f/∂P = 2 P G                  df = A : dP  ⇔  ∂f/∂P = A
        = 2 P sign(PᵀP − I)      G = sign(X);  X = PᵀP − I

May fail to be differentiable where an entry of PᵀP − I is 0; there sign(0) = 0 picks one generalized gradient.
✓ every line checked at 3 random points"""


def lines(text):
    return [line.rstrip() for line in text.splitlines()]


def test_the_penalty_prints_as_in_the_design():
    assert lines(str(mc.grad("sum(abs(P.T@P - I))", "P"))) == PENALTY.splitlines()


def test_weight_normalisation_shows_where_its_second_term_comes_from():
    result = mc.grad("g/norm(v)*v", "v")
    text = str(result)
    assert text.startswith("∂f/∂v = (g/‖v‖) (I − vvᵀ/‖v‖²)          (v ≠ 0)\n")
    assert "pullback of G:  ∂(G : f)/∂v = (g/‖v‖) (G − (Gᵀv/‖v‖²) v)\n" in text
    steps = [" ".join(line.split()) for line in str(result.derivation).splitlines()]
    assert steps[0] == "f = (g/‖v‖) v"
    assert steps[1].startswith("df = (g/‖v‖) dv + g v d(1/‖v‖) product rule")
    assert any(s.startswith("d‖v‖ = vᵀdv/‖v‖ from ‖v‖² = vᵀv") for s in steps)
    assert "d(1/‖v‖) = −d‖v‖/‖v‖² = −vᵀdv/‖v‖³ chain rule" in steps
    assert any(s.startswith("= (g/‖v‖) (I − vvᵀ/‖v‖²) dv v (vᵀdv) = (vvᵀ) dv") for s in steps)
    assert "Layout: numerator; the rows belong to the entries of f." in text
    assert text.endswith("✓ every line checked at 3 random points")


def test_a_definition_keeps_its_name():
    result = mc.grad("norm(w - u)**2", "v", let={"w": "g/norm(v)*v"})
    assert "let  w = (g/‖v‖) v\n" in str(result)
    assert "w" in result.pretty().split("where")[0]
    assert result.verify().passed


QUESTIONS = [
    ("sum(abs(P.T@P - I))", "P", ""),
    ("norm(A@x - b)**2 + c*norm(x)", "x", ""),
    ("log(sum(exp(A@x)))", "x", "A: (m, n)"),
    ("tr(inv(P.T@P))", "P", ""),
    ("det(X)*tr(A@X)", "X", ""),
    ("logdet(S) + tr(inv(S)@A)", "S", "S: (n, n) symmetric"),
    ("x@y/(norm(x)*norm(y))", "x", ""),
    ("sum(tanh(W@x)*y)", "W", ""),
    ("norm(diag(x)@A)**2/norm(x)", "x", "A: (n, p)"),
    ("sum(softmax(A@x)**2)", "x", "A: (m, n)"),
    ("sum((X@A)**p)", "X", "X: (m, n); A: (n, k); p: scalar"),
]


@pytest.mark.parametrize(("f", "x", "where"), QUESTIONS)
def test_every_step_is_a_true_equation_that_says_something(f, x, where):
    result = mc.grad(f, x, where=where)
    for step in result.derivation:
        assert step.holds()
        assert step.before is not step.after
        assert step.before.shape == step.after.shape
        assert step.rule
        assert isinstance(step.reason, str)


@pytest.mark.parametrize(("f", "x", "where"), QUESTIONS)
def test_the_steps_go_from_the_differential_to_the_answer(f, x, where):
    result = mc.grad(f, x, where=where)
    steps = list(result.derivation)
    identified = next(s for s in steps if s.act is Act.IDENTIFY)
    d = differential_of(result.variable)
    assert d in set(postorder(identified.after))
    assert {s.act for s in steps[steps.index(identified) + 1 :]} <= {*FINISHING, Act.FACT, Act.COLLECT}
    assert result.answer.derivation.end is result.value
    assert not [e for e in postorder(result.value) if e.op.name == "differential"]


def test_a_false_step_does_not_hold():
    result = mc.grad("sum(abs(P.T@P - I))", "P")
    from dataclasses import replace

    for step in result.derivation:
        assert replace(step, after=-step.after).holds() is False


def test_no_step_has_a_written_reason():
    """Reasons are equations of declarations and rules, facts, or names of laws: all steps of one kind read alike."""
    seen = {}
    for f, x, where in QUESTIONS:
        for step in mc.grad(f, x, where=where).derivation:
            seen.setdefault(step.rule, set()).add(step.reason)
    assert len(seen) >= 6
    assert all(len(reason) < 200 for reasons in seen.values() for reason in reasons)


@pytest.mark.parametrize("f", ["norm(y)**2", "tr(A)", "3", "c", "sum(y)", "norm(y)*tr(A)"])
def test_a_variable_that_is_absent(f):
    result = mc.grad(f, "x", where="x: n; y: n; A: (n, n); c: scalar")
    assert canonical(result.value) is zeros(result.variable.shape)
    assert result.verify().passed is not False
    assert str(result)


def test_absent_from_a_column_and_from_a_matrix():
    assert canonical(mc.jacobian("y", "x", where="x: n; y: m").value).op.name == "zeros"
    assert canonical(mc.pullback("Y", "x", where="x: n; Y: (m, n)").value).op.name == "zeros"


def test_kinks_and_domains_are_told():
    assert [c.kind for c in mc.grad("norm(A@x - b)", "x").conditions] == ["existence"]
    assert "May fail to be differentiable where an entry of x is 0" in str(mc.grad("sum(abs(x))", "x"))
    assert "(x > 0)" in str(mc.grad("sum(log(x))", "x", where="x: n"))


def network(layers):
    deep = "x"
    for k in range(1, layers + 1):
        deep = f"tanh(W{k}@{deep} + b{k})"
    return f"norm({deep} - y)**2", "x: n; y: n; " + "; ".join(f"W{k}: (n, n); b{k}: n" for k in range(1, layers + 1)), {}


def residual_network(blocks):
    before = ["x", *(f"g{k}" for k in range(1, blocks))]
    let = {f"g{k}": f"{g} + tanh(W{k}@{g})" for k, g in enumerate(before, 1)}
    return f"norm(g{blocks} - y)**2", "x: n; y: n; " + "; ".join(f"W{k}: (n, n)" for k in range(1, blocks + 1)), let


@pytest.mark.parametrize("kind", [network, residual_network])
def test_text_grows_as_the_depth_does(kind):
    lengths = []
    for depth in (5, 10, 20):
        f, where, let = kind(depth)
        result = mc.grad(f, "W1", where=where, let=let)
        assert result.verify().passed
        lengths.append(len(str(result)))
    assert lengths[2] - lengths[1] < 2.4 * (lengths[1] - lengths[0])


@pytest.mark.parametrize(("f", "x", "where"), QUESTIONS)
def test_every_step_has_a_reason_and_the_last_one_ends_at_the_answer(f, x, where):
    result = mc.grad(f, x, where=where)
    without = [s for s in result.derivation if not s.reason and s.act not in (Act.START, Act.SIDE, Act.WRITE, Act.DEFINE)]
    assert not without
    assert result.answer.derivation.end is result.value
    told = " ".join(str(result.derivation).split())
    assert " ".join(result.pretty().partition("   where ")[0].split()) in told


def test_the_use_of_a_property_is_told_with_what_it_is_due_to():
    result = mc.grad("sum(abs(P.T@P - I))", "P")
    assert "Gᵀ = G, because X is symmetric, because PᵀP and I are" in result.derivation.text("full")
    assert "Sᵀ = S (declared)" in mc.grad("x@S@x", "x", where="S: (n, n) symmetric").derivation.text("full")


NAMES = [
    # function, variable, declarations, what is called how
    ("norm(A@x - b)**2", "x", "", ["r = A x − b"]),
    ("norm(X@A - B)", "X", "", ["R = X A − B"]),
    ("sum(sigmoid(X@w)*y)", "w", "", ["z = X w", "σ = sigmoid(z)"]),
    ("sum(softmax(A@x)*y)", "x", "A: (m, n)", ["z = A x", "p = softmax(z)"]),
    ("norm(W2@tanh(W1@x + b1) - y)**2", "W1", "W1: (h, n); W2: (k, h); b1: h; x: n; y: k", ["z1 = W1 x + b1", "h1 = tanh(z1)", "r = W2 h1 − y"]),
    ("sum(abs(P.T@P - I))", "P", "", ["X = PᵀP − I", "G = sign(X)"]),
    ("norm(A@x - r)**2 + norm(r)", "x", "r: m", ["s = A x − r"]),
]


@pytest.mark.parametrize(("f", "x", "where", "wanted"), NAMES)
def test_names_are_those_that_a_person_would_choose(f, x, where, wanted):
    from matcalc.emit.pretty import pretty

    lets = mc.grad(f, x, where=where).derivation.derivation.lets
    assert [f"{pretty(let.name)} = {pretty(let.definition)}" for let in lets] == wanted


def test_the_signs_of_a_term_and_of_its_transpose():
    """K⁻¹(yyᵀK⁻¹ − I) is written with another sign than its transpose: a sum of both is written as what it is."""
    kernel = {"D": "outer(sum(X**2, axis=1), ones(n)) + outer(ones(n), sum(X**2, axis=1)) - 2*X@X.T", "K": "s*exp(-D/2) + v*eye(n)"}
    where = "X: (n, d); y: n; s: scalar positive; v: scalar positive"
    assert mc.grad("y @ inv(K) @ y/2 + logdet(K)/2", "X", where=where, let=kernel, convention="unstructured").verify().passed


def test_a_residual_keeps_its_name():
    r = mc.grad("n/2*logdet(S) + tr((X - ones(n)@mu.T)@inv(S)@(X - ones(n)@mu.T).T)/2", "S", where="S: (p, p) pd; X: (n, p); mu: p")
    assert r.pretty() == "(n S⁻¹ − S⁻¹RᵀR S⁻¹)/2   where R = X − 1 μᵀ"


def test_nothing_is_said_twice():
    lines = mc.grad("norm(M*(R - U@V.T))**2/2 + c/2*(norm(U)**2 + norm(V)**2)", "U").derivation.text().splitlines()
    assert sum("dU" in line and "dX" in line for line in lines) == 1
    assert "df = dF" not in str(mc.jacobian("hstack([X, A])", "X")) and "d is linear" in str(mc.jacobian("hstack([X, A])", "X"))

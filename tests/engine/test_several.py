"""Several variables at once: the gradients are those of one variable each, and come from one derivation."""

import pytest

import matcalc as mc
from matcalc.cli import main
from matcalc.core.derivation import Act

PROBLEMS = [
    ("norm(A - U@V.T)**2 + norm(U)**2", ["U", "V"], ""),
    ("logdet(S) + tr(S@M)", ["M", "S"], "S: (n, n) pd; M: (n, n)"),
    ("norm(A@x - b)*norm(x)", ["x", "b", "A"], ""),
    ("sum(sigmoid(W@x + b)*c)", ["W", "b"], "c: m"),
    ("a*b + c", ["a", "z"], "z: n; a: scalar; b: scalar; c: scalar"),
]


@pytest.mark.parametrize(("f", "names", "where"), PROBLEMS)
def test_each_is_the_gradient_in_its_variable(f, names, where):
    together = mc.grad(f, names, where=where)
    assert list(together) == names
    for name, result in together.items():
        assert result.verify().passed and all(step.holds() for step in result.derivation)
        alone = mc.grad(f, name, where=where)
        assert result.shape == alone.shape
        assert mc.equal(result.value, alone.value)


def test_one_derivation():
    U, V = mc.grad("norm(A - U@V.T)**2", ["U", "V"]).values()
    shared = [step.act for step in U.derivation].index(Act.IDENTIFY)
    assert [s.after for s in U.derivation][:shared] == [s.after for s in V.derivation][:shared]


def test_the_command_shows_it_once(capsys):
    assert main(["grad", "norm(A - U@V.T)**2", "wrt", "U,V"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("∂f/∂U = −2 (A − U Vᵀ)V\n∂f/∂V = −2 (A − U Vᵀ)ᵀU\n")
    assert out.count("f  = ‖R‖²") == 1 and out.count("✓") == 1
    assert "df = A : dU + …  ⇔  ∂f/∂U = A" in out and "df = A : dV + …  ⇔  ∂f/∂V = A" in out


def test_a_name_alone_for_each(capsys):
    assert main(["grad", "x.T@y", "wrt", "x", "y", "-q"]) == 0
    assert capsys.readouterr().out.split() == ["y", "x"]

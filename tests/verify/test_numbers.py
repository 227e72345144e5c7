"""The two arithmetics: laws, derivatives, and the choice of a prime."""

import math
from fractions import Fraction

import numpy as np
import pytest

from matcalc.verify.complexstep import ComplexStep
from matcalc.verify.matrix import Matrix
from matcalc.verify.numbers import NotInField, Unlucky
from matcalc.verify.primefield import DEFAULT_PRIME, PrimeField, field_for, is_prime


def test_default_prime():
    assert is_prime(DEFAULT_PRIME) and DEFAULT_PRIME % 4 == 3
    N = PrimeField()
    assert [N.sign(q) for q in (2, 3, 5, 7, 11, 13, 17, 19, 23)] == [1] * 9
    assert N.sign(-5) == -1 and N.sign(0) == 0


@pytest.mark.parametrize("constant", [Fraction(29), Fraction(31415926, 10**7), Fraction(1, 59), Fraction(2**61 - 1), Fraction(-41 * 43)])
@pytest.mark.parametrize("which", [0, 1])
def test_constants_are_positive(constant, which):
    N = field_for([constant, Fraction(0)], which)
    assert is_prime(N.p) and N.p % 8 == 7
    assert N.sign(abs(constant.numerator)) == N.sign(constant.denominator) == 1
    for prime in (2, 3, 5, 7, 11):
        assert N.sign(prime) == 1


def test_primes_of_points_differ():
    assert len({field_for([], which).p for which in range(4)}) == 4


def test_a_huge_constant_does_not_make_a_huge_prime():
    assert field_for([Fraction(3**300), Fraction(7)]).p.bit_length() < 200


def pairs(N):
    """Some positive number, moving, and the same at rest."""
    x = N.drawn("positive", b"x", 1)[0]
    dx = N.drawn("generic", b"dx", 1)[0]
    return N.displaced(x, dx), x, dx


FUNCTIONS = {
    "exp": (lambda N, x: N.exp(x), lambda N, x: N.exp(x)),
    "log": (lambda N, x: N.log(x), lambda N, x: N.divide(1, x)),
    "sin": (lambda N, x: N.sin(x), lambda N, x: N.cos(x)),
    "cos": (lambda N, x: N.cos(x), lambda N, x: -N.sin(x)),
    "tanh": (lambda N, x: N.tanh(x), lambda N, x: 1 - N.tanh(x) * N.tanh(x)),
    "sinh": (lambda N, x: N.sinh(x), lambda N, x: N.cosh(x)),
    "cosh": (lambda N, x: N.cosh(x), lambda N, x: N.sinh(x)),
    "sqrt": (lambda N, x: N.sqrt(x), lambda N, x: N.divide(1, 2 * N.sqrt(x))),
    "abs": (lambda N, x: N.abs(x), lambda N, x: N.sign(x)),
    "sign": (lambda N, x: N.sign(x), lambda N, x: 0),
    "cube": (lambda N, x: N.power(x, Fraction(3)), lambda N, x: 3 * x * x),
    "reciprocal": (lambda N, x: N.power(x, Fraction(-1)), lambda N, x: -N.divide(1, x * x)),
    "cube root": (lambda N, x: N.power(x, Fraction(1, 3)), lambda N, x: N.divide(N.power(x, Fraction(-2, 3)), 3)),
    "erf": (lambda N, x: N.real("erf", x, math.erf, slope, "odd"), lambda N, x: slope_of(N)(x)),
    "unknown": (lambda N, x: N.abstract("f", 0, x), lambda N, x: N.abstract("f", 1, x)),
    "its derivative": (lambda N, x: N.abstract("f", 1, x), lambda N, x: N.abstract("f", 2, x)),
}


def slope(x):
    return 3 * x * x  # any polynomial does where only the rule is tested


def slope_of(N):
    return slope


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("N", [PrimeField(), field_for([Fraction(29)]), ComplexStep()], ids=["default prime", "large prime", "floats"])
def test_every_function_moves_by_its_derivative(N, name):
    f, df = FUNCTIONS[name]
    moved, still, dx = pairs(N)
    found, wanted = N.velocity(f(N, moved), f(N, still)), df(N, still) * dx
    if N.exactly:
        assert N.is_zero(found - wanted)
    else:
        assert found == pytest.approx(wanted.real, rel=1e-12)


def test_floats_are_the_real_functions():
    N = ComplexStep()
    x = complex(0.7)
    for name in ("exp", "log", "sin", "cos", "tanh", "sinh", "cosh", "sqrt"):
        assert getattr(N, name)(x).real == pytest.approx(getattr(math, name)(0.7), rel=1e-14)
    assert N.real("erf", x, math.erf, slope).real == math.erf(0.7)
    # the derivative of an unknown function is that of the function
    a, b = N.abstract("f", 0, complex(0.7 + 1e-6)), N.abstract("f", 0, complex(0.7 - 1e-6))
    assert (a - b).real / 2e-6 == pytest.approx(N.abstract("f", 1, x).real, rel=1e-7)


@pytest.mark.parametrize("N", [PrimeField(), field_for([Fraction(101)])], ids=["default", "large"])
def test_laws_of_the_model(N):
    def same(a, b):
        return not (a - b) % N.modulus

    x, y = N.drawn("positive", b"x", 2)
    a = N.drawn("generic", b"a", 1)[0]
    for t in (a, -a, N.displaced(a, 17)):
        assert same(N.exp(-t) * N.exp(t), 1) and N.sign(N.exp(t)) == 1
        assert same(N.sin(-t), -N.sin(t)) and same(N.cos(-t), N.cos(t)) and same(N.sin(t) ** 2 + N.cos(t) ** 2, 1)
        assert same(N.tanh(-t), -N.tanh(t))
        assert same(N.log(N.exp(t)), t)
        assert same(N.abs(t) ** 2, t * t) and same(N.power(t * t, Fraction(1, 2)), N.abs(t))
    moved = N.displaced(x, 23)
    assert same(N.exp(N.log(moved)), moved)
    assert same(N.log(N.divide(1, moved)), -N.log(moved))
    assert same(N.sqrt(moved * y), N.sqrt(moved) * N.sqrt(y))
    assert same(N.power(moved, Fraction(1, 3)) ** 3, moved)
    assert same(N.power(moved, Fraction(2, 3)) * N.power(moved, Fraction(-1, 6)), N.sqrt(moved))
    assert N.exp(0) == 1 and N.log(1) == 0 and N.sin(0) == 0 and N.cos(0) == 1
    assert same(N.real("erf", -a, math.erf, slope, "odd"), -N.real("erf", a, math.erf, slope, "odd"))
    # the laws that the model does not have are not there by accident
    assert not same(N.exp(2 * a), N.exp(a) ** 2)
    assert not same(N.log(x * y), N.log(x) + N.log(y))
    assert not same(N.abstract("f", 0, a), N.abstract("f", 0, -a))


@pytest.mark.parametrize("N", [PrimeField(), ComplexStep()], ids=["prime", "floats"])
def test_no_value(N):
    negative = -N.drawn("positive", b"x", 1)[0]
    calls = (
        lambda: N.sqrt(negative),
        lambda: N.log(negative),
        lambda: N.power(negative, Fraction(1, 2)),
        lambda: N.power(N.zero, Fraction(-1)),
        lambda: N.divide(1, N.zero),
        lambda: N.inverse(Matrix(1, 1, [N.zero])),
    )
    for call in calls:
        with pytest.raises(Unlucky):
            call()


def test_not_in_the_field():
    N = PrimeField()
    with pytest.raises(NotInField):
        N.power(4, 5)
    with pytest.raises(Unlucky):
        ComplexStep().exp(complex(1000))
    with pytest.raises(Unlucky):
        ComplexStep().exact(Fraction(10) ** 400)


def test_negative_bases_to_integer_powers_are_exact_in_floats():
    N = ComplexStep()
    x = N.displaced(complex(-3), 1)
    assert N.velocity(N.power(x, Fraction(3)), None) == pytest.approx(27, rel=1e-14)
    assert N.power(x, complex(3)).real == -27
    assert N.velocity(N.power(x, Fraction(101)), None) == pytest.approx(101 * 3.0**100, rel=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_inverse_and_determinant(n):
    for N in (PrimeField(), ComplexStep()):
        X = Matrix(n, n, N.drawn("generic", b"X", n * n))
        product = N.product(X, N.inverse(X)).entries
        identity = [int(i == j) for i in range(n) for j in range(n)]
        if N.exactly:
            assert product == identity
        else:
            assert np.allclose(product, identity)
            assert N.determinant(X).real == pytest.approx(np.linalg.det(np.array(X.entries).real.reshape(n, n)))
        assert N.is_zero(N.determinant(X) - N._determinant_without_division(X)) or not N.exactly


@pytest.mark.parametrize("N", [PrimeField(), ComplexStep()], ids=["prime", "floats"])
def test_determinant_of_a_singular_matrix_still_moves(N):
    # d det = tr(adj(X) dX), and adj(X) of diag(1, 2, 0) is diag(0, 0, 2)
    still = Matrix(3, 3, [1, 0, 0, 0, 2, 0, 0, 0, 0])
    moved = Matrix(3, 3, [N.displaced(x, 5) if k == 8 else x for k, x in enumerate(still.entries)])
    assert N.velocity(N.determinant(moved), N.determinant(still)) == pytest.approx(10)


def test_derivatives_in_the_field_are_those_of_rational_functions():
    N = PrimeField()
    x, dx = 123456, 987
    moved = N.displaced(x, dx)
    f = [N.divide((3 * t**2 - t + 5) ** 3, t - 7) for t in (moved, x)]
    u, du = 3 * x**2 - x + 5, 6 * x - 1
    exact = Fraction(3 * u**2 * du, x - 7) - Fraction(u**3, (x - 7) ** 2)
    assert N.velocity(*f) == N.exact(exact * dx) % N.p


def test_a_determinant_that_is_only_rounding_is_zero():
    N = ComplexStep()
    M = Matrix(4, 2, N.drawn("generic", b"M", 8))
    singular = N.product(M, M.transposed())
    assert N.determinant(singular).real == 0.0
    with pytest.raises(Unlucky):
        N.log(N.abs(N.determinant(singular)))

"""Further real functions, by SymPy: the Bessel and Airy functions, gamma, lambertw, … .

A row of the table is a declaration: SymPy gives the derivative, mpmath the values in floating point, SciPy the code.  SymPy is
loaded when one of them is met, and is given names of this table alone, never a person's text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from math import prod
from typing import Any, TypeAlias

from matcalc.core.builders import call, lift, times
from matcalc.core.expression import Expr
from matcalc.core.leaves import NUMBER, PI, SYMBOL, number, pi, symbol
from matcalc.core.operation import OPERATIONS, Domain, Kind, Notation, Operation, declare

_ABOVE_0 = (Domain("{0} > 0", strict="greater than 0"),)
_NOT_0 = (Domain("{0} ≠ 0", latex=r"{0} \neq 0"),)
_SHORT = (Domain("{0} > 0", strict="between −1 and 1", subject=lambda X: 1 - X**2),)
_BELOW_1 = (Domain("{0} > 0", strict="less than 1", subject=lambda X: 1 - X),)
_SIN, _COS = ((Domain("{0} ≠ 0", latex=r"{0} \neq 0", subject=lambda X, f=f: call(f, X)),) for f in ("sin", "cos"))

# words, SymPy's name, SciPy's template, LaTeX, parity, domain, what it is, citation
_FUNCTIONS: tuple[tuple[str, str, str, str, str, tuple[Domain, ...], str, str], ...] = (
    ("arcsin asin", "asin", "np.arcsin", r"\arcsin", "odd", _SHORT, "Inverse sine", "4.24.7"),
    ("arccos acos", "acos", "np.arccos", r"\arccos", "", _SHORT, "Inverse cosine", "4.24.8"),
    ("arcsinh asinh", "asinh", "np.arcsinh", r"\operatorname{arsinh}", "odd", (), "Inverse hyperbolic sine", "4.38.9"),
    ("arctanh atanh", "atanh", "np.arctanh", r"\operatorname{artanh}", "odd", _SHORT, "Inverse hyperbolic tangent", "4.38.11"),
    ("sec", "sec", "1 / np.cos({0})", r"\sec", "even", _COS, "Secant", "4.14.6"),
    ("csc", "csc", "1 / np.sin({0})", r"\csc", "odd", _SIN, "Cosecant", "4.14.5"),
    ("cot", "cot", "1 / np.tan({0})", r"\cot", "odd", _SIN, "Cotangent", "4.14.7"),
    ("sech", "sech", "1 / np.cosh({0})", r"\operatorname{sech}", "even", (), "Hyperbolic secant", "4.28.6"),
    ("csch", "csch", "1 / np.sinh({0})", r"\operatorname{csch}", "odd", _NOT_0, "Hyperbolic cosecant", "4.28.5"),
    ("coth", "coth", "1 / np.tanh({0})", r"\coth", "odd", _NOT_0, "Hyperbolic cotangent", "4.28.7"),
    ("gamma", "gamma", "sp.special.gamma", r"\Gamma", "", _ABOVE_0, "Gamma function", "5.2.1"),
    ("erfc", "erfc", "sp.special.erfc", r"\operatorname{erfc}", "", (), "Complementary error function", "7.2.2"),
    ("erfi", "erfi", "sp.special.erfi", r"\operatorname{erfi}", "odd", (), "Imaginary error function", "7.2.4"),
    ("erfinv", "erfinv", "sp.special.erfinv", r"\operatorname{erf}^{-1}", "odd", _SHORT, "Inverse error function", "7.17.1"),
    ("Si", "Si", "sp.special.sici({0})[0]", r"\operatorname{Si}", "odd", _NOT_0, "Sine integral", "6.2.9"),
    ("Ci", "Ci", "sp.special.sici({0})[1]", r"\operatorname{Ci}", "", _ABOVE_0, "Cosine integral", "6.2.11"),
    ("Shi", "Shi", "sp.special.shichi({0})[0]", r"\operatorname{Shi}", "odd", _NOT_0, "Hyperbolic sine integral", "6.2.15"),
    ("Chi", "Chi", "sp.special.shichi({0})[1]", r"\operatorname{Chi}", "", _ABOVE_0, "Hyperbolic cosine integral", "6.2.16"),
    ("Ei expi", "Ei", "sp.special.expi", r"\operatorname{Ei}", "", _NOT_0, "Exponential integral", "6.2.5"),
    ("fresnels", "fresnels", "sp.special.fresnel({0})[0]", r"\operatorname{S}", "odd", (), "Fresnel integral S", "7.2.8"),
    ("fresnelc", "fresnelc", "sp.special.fresnel({0})[1]", r"\operatorname{C}", "odd", (), "Fresnel integral C", "7.2.7"),
    ("airyai", "airyai", "sp.special.airy({0})[0]", r"\operatorname{Ai}", "", (), "Airy function Ai", "9.2"),
    ("airyaiprime", "airyaiprime", "sp.special.airy({0})[1]", r"\operatorname{Ai}'", "", (), "Derivative of the Airy function Ai", "9.2"),
    ("airybi", "airybi", "sp.special.airy({0})[2]", r"\operatorname{Bi}", "", (), "Airy function Bi", "9.2"),
    ("airybiprime", "airybiprime", "sp.special.airy({0})[3]", r"\operatorname{Bi}'", "", (), "Derivative of the Airy function Bi", "9.2"),
    ("ellipk elliptic_k", "elliptic_k", "sp.special.ellipk", "K", "", _BELOW_1, "Complete elliptic integral of the first kind", "19.2.8"),
    ("ellipe elliptic_e", "elliptic_e", "sp.special.ellipe", "E", "", _BELOW_1, "Complete elliptic integral of the second kind", "19.2.8"),
    ("lambertw LambertW", "LambertW", "sp.special.lambertw({0}).real", r"\operatorname{W}", "", _ABOVE_0, "Lambert's W", "4.13.1"),
)
# The same with a number of an order before x.
_FAMILIES: tuple[tuple[str, str, str, str, tuple[Domain, ...], str, str], ...] = (
    ("besselj jv", "besselj", "sp.special.jv", "J", (), "Bessel function of the first kind", "10.2.2"),
    ("bessely yv", "bessely", "sp.special.yv", "Y", _ABOVE_0, "Bessel function of the second kind", "10.2.3"),
    ("besseli iv", "besseli", "sp.special.iv", "I", (), "Modified Bessel function of the first kind", "10.25.2"),
    ("besselk kv", "besselk", "sp.special.kv", "K", _ABOVE_0, "Modified Bessel function of the second kind", "10.27.4"),
    ("chebyshevt", "chebyshevt", "sp.special.eval_chebyt", "T", (), "Chebyshev polynomial of the first kind", "18.3"),
    ("chebyshevu", "chebyshevu", "sp.special.eval_chebyu", "U", (), "Chebyshev polynomial of the second kind", "18.3"),
    ("legendre", "legendre", "sp.special.eval_legendre", "P", (), "Legendre polynomial", "18.3"),
    ("hermite", "hermite", "sp.special.eval_hermite", "H", (), "Hermite polynomial of the physicists", "18.3"),
)
_SYMPY_NAMES = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
    "polygamma": "polygamma", **{row[1]: str(row[0]).split()[0] for row in (*_FUNCTIONS, *_FAMILIES)},
}  # fmt: skip
"""SymPy's names of functions that a derivative may hold, with the words for them."""


@cache
def _sympy_derivative(name: str, arity: int) -> Any:
    """d/dx of f(x) or f(n, x), by SymPy."""
    import sympy  # type: ignore[import-untyped]

    letters = sympy.symbols("n x", real=True)[2 - arity :]
    return getattr(sympy, name)(*letters).diff(letters[-1])


def _translated(e: Any, letters: Mapping[str, Expr]) -> Expr:
    """An expression of SymPy as one of ours, n and x being what `letters` says."""
    if e.is_Symbol:
        return letters[e.name]
    if e.is_Rational:
        return number(Fraction(int(e.p), int(e.q)))
    if e.is_NumberSymbol and str(e) == "pi":
        return pi()
    args = [_translated(a, letters) for a in e.args]
    if e.is_Add or e.is_Mul:
        # Numbers come first: they join what follows.
        total = args[0]
        for a in args[1:]:
            total = total + a if e.is_Add else times(total, a)
        return total
    if e.is_Pow:
        return args[0] ** args[1]
    word = _SYMPY_NAMES.get(type(e).__name__)
    if word == "polygamma" and args[0] is number(0):
        return OPERATIONS["digamma"](args[1])
    if word is None or word not in OPERATIONS:
        raise NotImplementedError(f"SymPy's {type(e).__name__} has no word here")
    return OPERATIONS[word](*args)


Letters: TypeAlias = Mapping[Expr, Any]


def _over(e: Expr) -> Callable[[Any, Letters], Any]:
    """The value of a scalar expression over an arithmetic N, as a function of N and what the letters are."""
    if e.op is SYMBOL:
        return lambda N, letters: N.exact(letters[e]) if isinstance(letters[e], Fraction) else letters[e]
    if e.op is NUMBER:
        return lambda N, letters: N.exact(e["value"])
    if e.op is PI:
        return lambda N, letters: N.pi
    parts = [_over(a) for a in e.args]
    if e.op.name == "add":
        return lambda N, letters: sum([part(N, letters) for part in parts])
    if e.op.name == "scale":
        return lambda N, letters: prod([part(N, letters) for part in parts])
    function = e.op.value
    assert function is not None
    exact = {k: e.args[k] for k in e.op.exact}

    def applied(N: Any, letters: Letters) -> Any:
        given = [_constant(exact[k], letters) if k in exact else part(N, letters) for k, part in enumerate(parts)]
        return function(N, *given)

    return applied


def _constant(e: Expr, letters: Letters) -> Fraction:
    """An order or an exponent: n + 1, n − 1, 1/2."""
    if e in letters:
        return Fraction(letters[e])
    if e.op is NUMBER:
        return Fraction(e["value"])
    parts = [_constant(a, letters) for a in e.args]
    return sum(parts, Fraction(0)) if e.op.name == "add" else prod(parts, start=Fraction(1))


_n, _x = symbol("n"), symbol("x")
_STEEP = {name for _, name, _, _, _, domain, *_ in _FUNCTIONS if domain is _SHORT}
"""Functions that end at ±1 with a vertical tangent or a pole."""
_MPMATH: dict[str, tuple[str, dict[str, int]]] = {
    "Si": ("si", {}), "Shi": ("shi", {}), "Chi": ("chi", {}), "Ci": ("ci", {}), "Ei": ("ei", {}), "LambertW": ("lambertw", {}), "elliptic_k": ("ellipk", {}), "elliptic_e": ("ellipe", {}),
    "chebyshevt": ("chebyt", {}), "chebyshevu": ("chebyu", {}),
    "airyaiprime": ("airyai", {"derivative": 1}), "airybiprime": ("airybi", {"derivative": 1}),
}  # fmt: skip
"""mpmath's names where they are not SymPy's."""


def _besselk(n: float, x: float) -> float:
    """K_n(x) = ∫₀^∞ exp(−x cosh t) cosh(n t) dt (NIST DLMF 10.32.9) by the trapezoidal rule, which gains digits at every step.

    mpmath takes a limit where n is an integer, and a hundred times as long.
    """
    if not x > 0:
        raise ValueError("no real number")
    h = 0.2 / math.sqrt(1 + x / 4 + abs(n) / 4)
    total, t = 0.5 * math.exp(-x), h
    while True:
        term = math.exp(-x * math.cosh(t)) * math.cosh(n * t)
        total += term
        if term <= 1e-18 * total:  # both are 0 where x is large
            return h * total
        t += h


@lru_cache(maxsize=2**14)
def _at(name: str, orders: tuple[int | Fraction, ...], t: float) -> float:
    """f(t) or f(n, t), by mpmath, which SymPy evaluates with.  A check asks for the same values again and again."""
    import mpmath  # type: ignore[import-untyped]

    if name in _STEEP and abs(t) > 1 - 1e-9:
        raise ValueError("next to ±1 rounding is all that is left of it")
    if name == "besselk":
        return _besselk(float(orders[0]), t)
    word, options = _MPMATH.get(name, (name, {}))
    given = [n.numerator if n.denominator == 1 else mpmath.mpf(n.numerator) / n.denominator for n in orders]
    value = complex(getattr(mpmath, word)(*given, t, **options))
    if abs(value.imag) > 1e-12 * abs(value) or value != value:
        raise ValueError("no real number")
    return value.real


@cache
def _derivative(name: str, arity: int) -> Callable[[Any, Letters], Any]:
    """d/dx of f(x) or f(n, x) over an arithmetic, of the letters n and x."""
    return _over(_translated(_sympy_derivative(name, arity), {"n": _n, "x": _x}))


def _value(name: str, parity: str, N: Any, *given: Any) -> Any:
    """f over an arithmetic: by mpmath in floating point, modulo a prime a random function with the same derivative."""
    *orders, x = given
    if not all(isinstance(n, int | Fraction) for n in orders):
        raise ArithmeticError("the order must be a number")

    def f(t: float) -> float:
        return _at(name, tuple(orders), t)

    def df(t: Any) -> Any:
        return _derivative(name, len(given))(N, {**dict(zip([_n], orders)), _x: t})

    label = "|".join([name, *map(str, orders)])
    return N.real(label, x, f, df, parity)


def _declare(words: str, name: str, notation: Notation, doc: str, cite: str, domain: tuple[Domain, ...], parity: str, orders: int) -> None:
    def body(*args: Expr) -> Any:
        derivative = _translated(_sympy_derivative(name, 1 + orders), dict(zip("nx"[1 - orders :], map(lift, args))))
        return (None, derivative) if orders else derivative

    word, *aliases = words.split()
    declare(
        Operation(
            name=word, aliases=tuple(aliases), kind=Kind.ELEMENTWISE, doc=f"{doc} of every entry.", body=body, arity=1 + orders, exact=tuple(range(orders)),
            notation=notation, value=lambda N, *given: _value(name, parity, N, *given), domain=domain, parity=parity,
            cite=f"NIST DLMF {cite}", place=f"{__file__}: {word}",
        )
    )  # fmt: skip


for _word, _name, _code, _latex, _parity, _domain, _doc, _cite in _FUNCTIONS:
    _declare(_word, _name, Notation(None, _latex, _code), _doc, _cite, _domain, _parity, 0)
for _word, _name, _code, _letter, _domain, _doc, _cite in _FAMILIES:
    _of_x = tuple(Domain(d.statement, strict=d.strict, subject=lambda n, X: X) for d in _domain)
    _declare(_word, _name, Notation(None, rf"{_letter}_{{{{0}}}}\left({{1}}\right)", _code), _doc, _cite, _of_x, "", 1)

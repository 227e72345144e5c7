"""An evaluator that shares nothing with the package's own: the text of a line, run by Python over NumPy, differentials as variables.

What a differential is worth comes from a complex step through the text of what it is the differential of.  So a line is true here
only if its text, read as NumPy reads it (a vector is a column), is true.
"""

from __future__ import annotations

import ast
import re

import numpy as np
import scipy.linalg
import scipy.special

from matcalc.core.abstract import functions
from matcalc.core.expression import postorder, rebuilt, transform
from matcalc.core.leaves import DIFFERENTIAL, NAMED, SYMBOL, symbol
from matcalc.syntax import text

STEP = 1e-30


class Unsayable(Exception):
    """The evaluator has no meaning for the text."""


class M:
    """A matrix, a column or a scalar, with the operators of the language."""

    __array_priority__ = 100

    def __init__(self, a):
        self.a = np.atleast_2d(np.asarray(a, dtype=complex))

    @property
    def T(self):  # noqa: N802
        return M(self.a.T)

    @property
    def one(self):
        return self.a.shape == (1, 1)

    def _pair(self, other):
        if isinstance(other, Identity):
            other = M(other.factor * np.eye(len(self.a)))
        other = lift(other)
        if self.a.shape != other.a.shape and not (self.one or other.one):
            raise Unsayable("shapes")
        return self.a, other.a

    def __add__(self, other):
        a, b = self._pair(other)
        return M(a + b)

    __radd__ = __add__

    def __neg__(self):
        return M(-self.a)

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        if isinstance(other, Identity):
            return other * self
        a, b = self._pair(other)
        return M(a * b)

    __rmul__ = __mul__

    def __truediv__(self, other):
        a, b = self._pair(other)
        return M(a / b)

    def __rtruediv__(self, other):
        return lift(other) / self

    def __pow__(self, p):
        return M(self.a ** lift(p).a)

    def __rpow__(self, base):
        return M(lift(base).a ** self.a)

    def __matmul__(self, other):
        if isinstance(other, Identity):
            return self * other.factor
        other = lift(other)
        if self.one or other.one:
            return self * other
        left, right = self.a, other.a
        if left.shape[1] == 1 and right.shape[0] != 1:
            return M(left.T @ right) if right.shape[1] == 1 else M((left.T @ right).T)
        return M(left @ right)

    def __rmatmul__(self, other):
        return (M(other.factor * np.eye(len(self.a))) if isinstance(other, Identity) else lift(other)) @ self

    def _compare(self, other, test):
        a, b = self._pair(other)
        return M(test(a.real, b.real).astype(float))

    def __gt__(self, other):
        return self._compare(other, np.greater)

    def __ge__(self, other):
        return self._compare(other, np.greater_equal)

    def __lt__(self, other):
        return self._compare(other, np.less)

    def __le__(self, other):
        return self._compare(other, np.less_equal)

    def __ne__(self, other):
        return self._compare(other, np.not_equal)

    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        if not all(isinstance(k, (int, slice)) for k in keys):
            raise Unsayable("an index")
        keys = (*keys, slice(None))[:2]
        row, column = (slice(k, k + 1) if isinstance(k, int) else k for k in keys)
        found = self.a[row, column]
        return M(found.T if isinstance(keys[0], int) and not isinstance(keys[1], int) else found)


class Identity:
    """A multiple of I without a size."""

    def __init__(self, factor=1.0):
        self.factor = factor

    @property
    def T(self):  # noqa: N802
        return self

    def __mul__(self, other):
        return Identity(self.factor * lift(other).a[0, 0])

    __rmul__ = __mul__

    def __truediv__(self, other):
        return Identity(self.factor / lift(other).a[0, 0])

    def __neg__(self):
        return Identity(-self.factor)

    def __add__(self, other):
        return Identity(self.factor + other.factor) if isinstance(other, Identity) else other + self

    __radd__ = __add__

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return other + -self


def lift(x):
    return x if isinstance(x, M) else M(x)


def _sized(name, *sizes):
    return M(getattr(np, name)([int(lift(s).a[0, 0].real) for s in sizes] + [1] * (2 - len(sizes))))


def _total(f):
    """A reduction, of everything or along an axis; a column comes out."""

    def reduced(x, axis=None):
        a = lift(x).a
        return M(f(a)) if axis is None else M(f(a, axis=axis, keepdims=True) if axis in (1, -1) else f(a, axis=axis, keepdims=True).T)

    return reduced


def _softmax(x, axis=0):
    e = np.exp(lift(x).a)
    return M(e / e.sum(axis=0 if lift(x).a.shape[1] == 1 else axis, keepdims=True))


def _norm(x, ord=None, axis=None):
    a = lift(x).a
    if axis is not None:
        return M(np.sqrt(_total(np.sum)(M(a * a), axis).a))
    if ord in (None, 2, "fro") and (ord != 2 or a.shape[1] == 1):
        return M(np.sqrt((a * a).sum()))
    size = a * np.sign(a.real)
    if ord == "nuc":
        return M(np.trace(scipy.linalg.sqrtm(a.T @ a if a.shape[0] >= a.shape[1] else a @ a.T)))
    if ord == 2:
        return M(np.sqrt(max(np.linalg.eigvals(a.T @ a), key=lambda x: x.real)))
    if isinstance(ord, (int, M)) and a.shape[1] == 1:
        p = lift(ord).a
        return M((size**p).sum() ** (1 / p))
    raise Unsayable("a norm")


def _diag(x):
    a = lift(x).a
    return M(np.diag(a[:, 0])) if a.shape[1] == 1 else M(np.diag(a)[:, None])


def _pinv(x):
    a = lift(x).a
    return M(np.linalg.solve(a.T @ a, a.T) if a.shape[0] >= a.shape[1] else np.linalg.solve(a @ a.T, a).T)


def _polar(x):
    a = lift(x).a
    if a.shape[0] < a.shape[1]:
        return M(_polar(M(a.T)).a.T)
    return M(a @ np.linalg.inv(scipy.linalg.sqrtm(a.T @ a)))


def _eigvals(x):
    found = np.linalg.eigvals(lift(x).a)
    return M(np.array(sorted(found, key=lambda c: c.real))[:, None])


def _inner(x, y):
    """The sum of the products of the entries; with an I it is a trace."""
    if isinstance(x, Identity) or isinstance(y, Identity):
        x, y = (y, x) if isinstance(x, Identity) else (x, y)
        return M(np.trace(lift(x).a) * y.factor)
    return M((lift(x).a * lift(y).a).sum())


def _logsumexp(x, axis=None):
    return M(np.log(_total(np.sum)(M(np.exp(lift(x).a)), axis).a))


def _logdet(x):
    d = np.linalg.det(lift(x).a)
    return M(np.log(d * np.sign(d.real)))


def _entrywise(f):
    return lambda x: M(f(lift(x).a))


def _matrix(f):
    return lambda x, *more: M(f(lift(x).a, *(lift(m).a for m in more)))


def _sum(*given, **options):
    if len(given) != 1:
        raise Unsayable("an index sum")
    return _total(np.sum)(*given, **options)


def _maximum(x, y):
    a, b = np.broadcast_arrays(lift(x).a, lift(y).a)
    return M(np.where(a.real > b.real, a, b))


def _outer(x, y):
    return M(lift(x).a @ lift(y).a.T)


def _unit(i, n):
    return M(np.eye(int(lift(n).a[0, 0].real))[:, [i]])


def _frechet(f):
    def along(x, e):
        a, d = lift(x).a, lift(e).a
        n = len(a)
        return M(f(np.block([[a, d], [np.zeros((n, n)), a]]))[:n, n:])

    return along


WORDS = {
    "I": Identity(), "pi": M(np.pi),
    "ones": lambda *s: _sized("ones", *s), "zeros": lambda *s: _sized("zeros", *s), "eye": lambda n: M(np.eye(int(lift(n).a[0, 0].real))),
    "inv": _matrix(np.linalg.inv), "det": _matrix(np.linalg.det), "tr": _matrix(np.trace), "logdet": _logdet, "pinv": _pinv,
    "sum": _sum, "mean": _total(np.mean), "prod": _total(np.prod), "norm": _norm, "diag": _diag, "softmax": _softmax,
    "inner": _inner, "outer": _outer, "kron": _matrix(np.kron), "khatri_rao": _matrix(scipy.linalg.khatri_rao), "e": _unit,
    "vec": lambda x: M(lift(x).a.T.reshape(-1, 1)), "hadamard": lambda x, y: x * y, "dot": lambda x, y: M((lift(x).a * lift(y).a).sum()),
    "exp": _entrywise(np.exp), "log": _entrywise(np.log), "sqrt": _entrywise(np.sqrt), "sin": _entrywise(np.sin), "cos": _entrywise(np.cos),
    "tanh": _entrywise(np.tanh), "sinh": _entrywise(np.sinh), "cosh": _entrywise(np.cosh), "arctan": _entrywise(np.arctan),
    "log1p": _entrywise(lambda a: np.log(1 + a)), "expm1": _entrywise(lambda a: np.exp(a) - 1),
    "sign": _entrywise(lambda a: np.sign(a.real) + 0j), "abs": _entrywise(lambda a: a * np.sign(a.real)),
    "sigmoid": _entrywise(lambda a: 1 / (1 + np.exp(-a))), "softplus": _entrywise(lambda a: np.log(1 + np.exp(a))),
    "relu": _entrywise(lambda a: a * (a.real > 0)), "maximum": _maximum, "minimum": lambda x, y: -_maximum(-lift(x), -lift(y)),
    "logsumexp": _logsumexp, "polar": _polar, "eigvals": _eigvals, "sqrtm": _matrix(scipy.linalg.sqrtm), "expm": _matrix(scipy.linalg.expm),
    "logm": _matrix(scipy.linalg.logm), "sylvester": _matrix(scipy.linalg.solve_sylvester),
    "sinm": _matrix(scipy.linalg.sinm), "cosm": _matrix(scipy.linalg.cosm),
    "sinm_frechet": _frechet(scipy.linalg.sinm), "cosm_frechet": _frechet(scipy.linalg.cosm),
    "expm_frechet": _frechet(scipy.linalg.expm), "logm_frechet": _frechet(scipy.linalg.logm),
    "Phi": _entrywise(scipy.special.ndtr), "phi": _entrywise(lambda a: np.exp(-a * a / 2) / np.sqrt(2 * np.pi)),
    "tril": _matrix(np.tril), "triu": _matrix(np.triu),
    "matpow": lambda x, k: M(np.linalg.matrix_power(lift(x).a, int(lift(k).a[0, 0].real))),
}  # fmt: skip


def _abstract(name, order):
    """An elementwise function of which only the name is known: a sine of its own, and its derivatives."""
    slope = 1 + sum(map(ord, name)) % 7 / 10
    return _entrywise(lambda a: slope**order * np.sin(slope * a + 0.3 + order * np.pi / 2))


class Sums(ast.NodeTransformer):
    """`sum(i, f)` as a sum of calls; the range of i is that of an axis where it stands."""

    def visit_Call(self, node):
        self.generic_visit(node)
        named = isinstance(node.func, ast.Name) and node.func.id in ("sum", "stack")
        if not (named and len(node.args) == 2 and isinstance(node.args[0], ast.Name)):
            return node
        i, body = node.args[0].id, node.args[1]
        for x in ast.walk(body):
            if isinstance(x, ast.Subscript) and isinstance(x.value, ast.Name):
                keys = x.slice.elts if isinstance(x.slice, ast.Tuple) else [x.slice]
                at = [k for k, key in enumerate(keys) if isinstance(key, ast.Name) and key.id == i]
                if at:
                    args = ast.arguments([], [ast.arg(i)], None, [], [], None, [])
                    count = ast.Tuple([x.value, ast.Constant(at[0])], ast.Load())
                    return ast.Call(ast.Name(f"_{node.func.id}_over", ast.Load()), [count, ast.Lambda(args, body)], [])
        raise Unsayable("the range of an index")


def _sum_over(range_, body):
    array, axis = range_
    terms = [body(k) for k in range(array.a.shape[axis])]
    return sum(terms[1:], terms[0])


def _stack_over(range_, body):
    array, axis = range_
    return M(np.array([lift(body(k)).a[:, 0] for k in range(array.a.shape[axis])]))


class Point:
    """Numbers for the symbols of a problem, and a direction for its variable."""

    def __init__(self, roots, variable, structured, seed=0, falling=False):
        self.random = np.random.default_rng(seed)
        symbols = [e for e in postorder(*roots) if e.op is SYMBOL]
        names = sorted({n for e in postorder(*roots) for s in e.shape for n in s.names()})
        first = 3 - seed % 2  # small sizes too: exp(−t aᵀ) has hardly any rank
        order = list(self.random.permutation(names)) if seed else names
        sizes = dict(zip(order[::-1] if falling else order, range(first, first + len(names)), strict=True))
        self.unknown = functions(*roots)
        self.names = {**WORDS, **{name: M(size) for name, size in sizes.items()}}
        self.values = {e: self._draw(e, self._shape(e, sizes)) for e in symbols}
        properties = {p.word for p in variable["properties"]} if structured else set()
        self.variable = variable
        self.direction = self._within(properties, self.random.standard_normal(self.values[variable].a.shape))
        self.known = {}

    @staticmethod
    def _shape(e, sizes):
        return tuple(sum(int(c) * int(np.prod([sizes[n] for n in names])) for names, c in s.terms) for s in e.shape)

    def _draw(self, e, shape):
        words = {p.word for p in e["properties"]}
        a = self.random.standard_normal(shape)
        if "orthogonal" in words:
            return M(np.linalg.qr(a)[0])
        if words & {"pd", "psd"}:
            return M(a @ a.T + np.eye(len(a)))
        if words & {"positive", "nonneg"}:
            return M(self.random.uniform(0.5, 1.5, shape))
        if "probability" in words:
            return M(self.random.uniform(0.2, 0.8, shape))
        if "integer" in words:
            return M(self.random.integers(1, 4, shape))
        if shape[0] == shape[1] and shape != (1, 1):
            a = 0.4 * a + np.diag(np.arange(1.0, len(a) + 1))  # roots and logarithms exist
        return M(self._within(words, a))

    @staticmethod
    def _within(words, a):
        if words & {"symmetric", "pd", "psd"}:
            a = (a + a.T) / 2
        for word, part in (("skew", lambda x: (x - x.T) / 2), ("upper", np.triu), ("lower", np.tril), ("diagonal", lambda x: np.diag(np.diag(x)))):
            a = part(a) if word in words else a
        return a

    def value(self, e, moved=False):
        """The value of an expression, from its text."""
        if (e, moved) not in self.known:
            atoms = {}
            plain = transform(e, lambda x, args: self._without(x, args, atoms))
            names = {s["name"]: self.values[s] for s in self.values}
            if moved:
                names[self.variable["name"]] = names[self.variable["name"]] + M(1j * STEP * self.direction)
            names.update({name: self.differential(x) for name, x in atoms.items()})
            try:
                found = self._said(text(plain), names)
            except (NameError, TypeError, SyntaxError, AttributeError) as problem:
                raise Unsayable(str(problem)) from None
            self.known[e, moved] = found if isinstance(found, Identity) else lift(found)
        return self.known[e, moved]

    def _said(self, written, names):
        """The value of a text; f'(x) is a derivative of an unknown function."""
        known = {}

        def derivative(found):
            known[f"{found[1]}__{len(found[2])}"] = _abstract(found[1], len(found[2]))
            return f"{found[1]}__{len(found[2])}("

        if "norm(" not in written:
            written = re.sub(r"\b(\w+)('+)\(", derivative, written)
        tree = ast.fix_missing_locations(Sums().visit(ast.parse(written, mode="eval")))
        known.update({f: _abstract(f, 0) for f in self.unknown})
        scope = {"__builtins__": {}, "_sum_over": _sum_over, "_stack_over": _stack_over, **self.names, **known, **names}
        return eval(compile(tree, "line", "eval"), scope)

    @staticmethod
    def _without(x, args, atoms):
        """Definitions written out, differentials as variables."""
        if x.op is NAMED:
            return args[0]
        if x.op is DIFFERENTIAL:
            name = f"d{len(atoms)}__"
            atoms[name] = x.args[0]
            return symbol(name, *x.shape)
        return rebuilt(x, args)

    def differential(self, x):
        """d of an expression along the direction, by a complex step."""
        return M(self.value(x, moved=True).a.imag / STEP)

    def gap(self, a, b):
        """How far two sides of a line are apart, relative to the larger."""
        left, right = self.value(a), self.value(b)
        if isinstance(right, Identity):
            left, right = right, left
        if isinstance(left, Identity):
            left = left if isinstance(right, Identity) else M(left.factor * np.eye(len(right.a)))
        if isinstance(left, Identity):
            return abs(left.factor - right.factor)
        left, right = np.broadcast_arrays(left.a, right.a)
        # What is 0 because it is a difference of large numbers is 0 up to their rounding.
        largest = max(float(np.max(np.abs(v.a))) for v in self.known.values() if isinstance(v, M) and v.a.size)
        return float(np.max(np.abs(left - right)) / max(np.max(np.abs(left)), np.max(np.abs(right)), 1e-9 * largest))

"""Random typed expressions, valid by construction, with an evaluation of their own.

An expression here is a tree of forms.  A form is a template in the language (`{0} @ {1}`), which is at once what a person
would type, what Python objects of matcalc mean by it, and what NumPy computes; nothing of matcalc's evaluators takes part.
The forms come from the table of operations: a visible operation that is declared joins by its index equation (which shapes fit)
and its domain (what its argument must be).  The hidden ones, written with signs, have forms of their own below.

Values are known while an expression is made, at two points of distinct sizes, so an argument is put into the domain of what
takes it (`log(X*X + 1)`, `inv(M + 3*I)`), stays away from kinks, and nothing grows without end.
"""

from __future__ import annotations

import inspect
import math
import random
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import scipy
import scipy.special

import matcalc as mc
from matcalc.core.equation import axes, extent
from matcalc.core.leaves import identity, symbol
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.size import Size
from matcalc.core.words import extras
from matcalc.emit.numpy import function_source
from matcalc.objects import _size_of
from matcalc.syntax import text as text_of

Shape = tuple[str, ...]
SIZES = ({"m": 3, "n": 4, "p": 5}, {"m": 5, "n": 2, "p": 3})
"""The two points: rectangular and distinct, once falling and once rising."""
LARGEST, SMALLEST = 60.0, 0.05


def dims(shape: Shape, sizes: dict[str, int]) -> tuple[int, ...]:
    """The shape in numbers; a size may be a formula, `m*n`."""
    return tuple(sized(s).at(sizes) for s in shape)


@cache
def sized(text: str) -> Size:
    """The size that a text stands for."""
    return Size.of(int(text)) if text.isdigit() else _size_of(text)


ENDS = {"i": "0", "j": "2"}
"""The range that is tried: positions 0 and 1."""


STEPPED = ("sign", "greater", "greater_equal", "not_equal")
"""Functions whose derivative is 0: many of them, and nothing is left to differentiate."""
BRANCHING = ("add", "matmul", "hadamard", "inner", "scale", "quotient")

VARIABLES: dict[Shape, str] = {
    (): "abc", ("m",): "yv", ("n",): "xu", ("p",): "zw",
    ("m", "n"): "AX", ("n", "m"): "BY", ("n", "p"): "CZ", ("p", "n"): "DW", ("m", "p"): "EU", ("p", "m"): "FV",
    ("m", "m"): "HP", ("n", "n"): "KQ", ("p", "p"): "LR",
}  # fmt: skip
PLAIN = ("m", "n", "p")
COMPOUND: dict[Shape, str] = {}
"""Variables of sizes that are products, made when an operation with such a size (vec, kron) is met."""
SHAPE_OF = {name: shape for shape, names in VARIABLES.items() for name in names}
NAMES = tuple(SHAPE_OF)


KINKED = {o.name for o in OPERATIONS.values() if any(d.kind == "kink" and d.subject is not None for d in o.domain)}


DEFINITE = ("eigenvalue on the negative real axis", "positive definite", "are real and simple", "{0}ᵀ = {0}")
"""Domains of square matrices that MᵀM + I lies in."""


class Eye:
    """NumPy's side of an identity without a size."""

    __array_ufunc__ = None

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor

    def __rmul__(self, c: float) -> Eye:
        return Eye(self.factor * float(c))

    def __radd__(self, X: Any) -> Any:
        return X + self.factor * np.eye(len(X))

    def __rsub__(self, X: Any) -> Any:
        return X - self.factor * np.eye(len(X))


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max())
    return e / e.sum()


def of_eigenvalues(f: Any) -> Any:
    """The function of a symmetric matrix that has the same eigenvectors."""

    def function(X: Any) -> Any:
        values, Q = np.linalg.eigh((X + X.T) / 2)
        return (Q * f(values)) @ Q.T

    return function


NUMPY: dict[str, Any] = {
    "tr": np.trace, "sum": np.sum, "diag": np.diag, "inv": np.linalg.inv, "det": np.linalg.det,
    "logdet": lambda X: np.log(abs(np.linalg.det(X))), "norm": lambda X: np.sqrt(np.sum(X * X)),
    "abs": np.abs, "sign": np.sign, "exp": np.exp, "log": np.log, "tanh": np.tanh, "cosh": np.cosh, "softmax": softmax,
    "inner": lambda A, B: np.sum(A * B), "hadamard": np.multiply, "outer": np.outer, "I": Eye(), "inf": np.inf,
    "logm": of_eigenvalues(np.log), "sqrtm": of_eigenvalues(np.sqrt),
    "ones": lambda *s: np.ones(s), "eye": np.eye,
}  # fmt: skip
"""What the words mean, said once more.  A word that is not here is taken from its declaration's NumPy template."""


@cache
def numpy_word(op: Operation) -> Any:
    """The NumPy function of a declared operation: this file's; else its declaration's template; else its emitted code."""
    if op.name in NUMPY:
        return NUMPY[op.name]
    template = op.notation.numpy
    if template is None or (op.parameters and op.room is None):
        return emitted(op)
    space: dict[str, Any] = {"np": np, "sp": scipy}
    exec(op.notation.helper, space)
    names = [f"a{k}" for k in range(op.arity + len(op.parameters))]
    template = re.sub(r"\{\*([^{}]+)\}", lambda m: m[1].join(f"{{{k}}}" for k in range(op.arity)), template)
    body = re.sub(r"\{(\d)\}", r"(a\1)", template) if "{" in template else f"{template}({', '.join(names)})"
    return eval(f"lambda {', '.join(names)}: {body}", space)


def emitted(op: Operation) -> Any:
    """The emitted NumPy function of an operation alone: its value as programs get it, if not as this file says it."""
    letters = op.equation.letters if op.equation is not None else set()
    words = [w if op.equation is not None else "mn" for w in (op.equation.inputs if op.equation is not None else [""] * op.arity)]
    at = {c: Size.of(c) for w in words for c in w if c.isalpha()}
    args = [symbol(f"a{k}", *(extent(axis, at) for axis in axes(w))) for k, w in enumerate(words)]
    space: dict[str, Any] = {}
    exec(function_source(op(*args, **{name: Size.of(name) if name in letters else 1 for name in op.parameters}), "f"), space)
    names = inspect.signature(space["f"]).parameters

    def run(*given: Any) -> Any:
        known: dict[str, Any] = {f"a{k}": g for k, g in enumerate(given)}
        for word, g in zip(words, given):
            known.update({axis: size for axis, size in zip(axes(word), np.shape(g)) if len(axis) == 1})
        known.update(zip(op.parameters, given[op.arity :]))
        return space["f"](**{name: known[name] for name in names})

    return run


@dataclass(frozen=True)
class Form:
    """A template over arguments of given shapes.

    `level` is its precedence and `needs` that of each argument: 9 a name or call, 8 a postfix, 7 a power, 5 a product,
    4 a sign, 3 a sum.  `numpy` is the template where NumPy writes it in another way, `python` where Python objects do.
    """

    op: str
    result: Shape
    arguments: tuple[Shape, ...]
    template: str
    level: int = 9
    needs: tuple[int, ...] = ()
    numpy: str = ""
    python: str = ""
    wants: tuple[str, ...] = ()
    """For each argument: "", "positive", "nonzero", "vector nonzero", "invertible", "definite", "full rank", "a value"."""
    by_text: bool = False
    """Whether Python objects cannot say it."""

    @property
    def run(self) -> Callable[..., Any]:
        return compiled(self.numpy or self.template, len(self.arguments), "numpy")

    @property
    def build(self) -> Callable[..., Any]:
        return compiled(self.python or self.template, len(self.arguments), "matcalc")


class _Words(dict[str, Any]):
    """The words of matcalc as functions, for templates."""

    def __missing__(self, word: str) -> Any:
        try:
            return identity_of if word == "eye_of" else mc.I if word == "I" else getattr(mc, word)
        except AttributeError:
            raise KeyError(word) from None


class _NumPyWords(dict[str, Any]):
    """What words mean in NumPy; `f_tr` is the operation tr."""

    def __missing__(self, word: str) -> Any:
        if not word.startswith("f_"):
            raise KeyError(word)
        return numpy_word(OPERATIONS[word.removeprefix("f_")])


def identity_of(X: Any) -> Any:
    """The identity of the size of a square matrix."""
    return identity(X.shape[0])


@cache
def compiled(template: str, count: int, where: str) -> Callable[..., Any]:
    """The template as a function of its arguments and the sizes."""
    names = [f"a{k}" for k in range(count)]
    code = re.sub(r"\{(\d)\}", r"a\1", template)
    text = f"lambda {', '.join([*names, 'm', 'n', 'p'])}: {code}"
    if where == "numpy":
        return eval(text, _NumPyWords(NUMPY))
    return eval(text, _Words(__builtins__={}))


@dataclass(eq=False)
class Tree:
    """An expression: a form over arguments, or a variable or number (`leaf`), and its values at the two points."""

    shape: Shape
    values: tuple[Any, ...]
    form: Form | None = None
    args: tuple[Tree, ...] = ()
    leaf: str = ""

    def walk(self) -> Iterator[Tree]:
        """Every node, as often as it is written."""
        yield self
        for a in self.args:
            yield from a.walk()

    @property
    def size(self) -> int:
        return sum(1 for _ in self.walk())

    @property
    def names(self) -> list[str]:
        """The variables, in order of appearance."""
        return list(dict.fromkeys(t.leaf for t in self.walk() if t.leaf in SHAPE_OF))

    def text(self, need: int = 0) -> str:
        """As a person would type it."""
        if self.form is None:
            return self.leaf
        needs = self.form.needs or (0,) * len(self.args)
        written = self.form.template.format(*(a.text(k) for a, k in zip(self.args, needs)))
        return f"({written})" if self.form.level < need else written

    def objects(self, symbols: dict[str, Any], sizes: dict[str, Any]) -> Any:
        """As an expression of matcalc, made of Python objects."""
        if self.form is None:
            return symbols[self.leaf] if self.leaf in symbols else eval(self.leaf)
        return self.form.build(*(a.objects(symbols, sizes) for a in self.args), *(sizes[s] for s in "mnp"))

    def value(self, data: dict[str, Any], sizes: dict[str, int]) -> Any:
        """Its value for given values of the variables."""
        if self.form is None:
            return data[self.leaf] if self.leaf in data else float(eval(self.leaf))
        return self.form.run(*(a.value(data, sizes) for a in self.args), *(sizes[s] for s in "mnp"))

    def about(self, name: str, point: int) -> Callable[[Any], Any]:
        """Its value at a point as a function of one variable: what that does not move keeps its value."""
        found: dict[int, str] = {}
        lines: list[tuple[str, str]] = []
        known: dict[str, Any] = {}
        numbers = [SIZES[point][s] for s in "mnp"]

        def visit(t: Tree) -> str:
            if id(t) not in found:
                if t.leaf == name:
                    found[id(t)] = "X"
                else:
                    below = [visit(a) for a in t.args]
                    own = found[id(t)] = f"t{len(found)}"
                    if any(b == "X" or b not in known for b in below):
                        known[f"f_{own}"] = t.form.run if t.form else None
                        lines.append((own, f"f_{own}({', '.join([*below, *map(str, numbers)])})"))
                    else:
                        known[own] = t.values[point]
            return found[id(t)]

        root = visit(self)
        space = dict(known)
        exec("def value(X):\n" + "".join(f"    {a} = {b}\n" for a, b in lines) + f"    return {root}", space)
        value: Callable[[Any], Any] = space["value"]

        def value_or_none(X: Any) -> Any:
            try:
                return value(X)
            except np.linalg.LinAlgError:
                return np.full(self.values[point].shape, np.nan)  # beyond the end of some domain

        return value_or_none

    def kinks(self) -> float:
        """How near the nearest kink or end of a domain is, at the points."""
        distances = [1.0]
        for t in self.walk():
            if t.form is not None:
                for a, want in zip(t.args, t.form.wants):
                    if want:
                        distances += [distance(v, want) for v in a.values]
        return min(distances)


def distance(value: Any, want: str) -> float:
    """How far a value is from where it must not be."""
    if want == "invertible":
        return float(1 / np.linalg.cond(value))
    if want == "full rank":
        sizes = np.linalg.svd(value, compute_uv=False)
        return float(sizes[-1] / sizes[0]) if sizes[0] else 0.0
    if want == "vector nonzero":
        return float(np.sqrt(np.sum(value * value)))
    if want == "definite":
        return float(np.linalg.eigvalsh(value)[0] / np.linalg.norm(value)) if np.allclose(value, value.T) else 0.0
    if want == "a value":
        return 1.0
    return float(np.min(value if want == "positive" else np.abs(value)))


# ---- forms: those of the hidden operations, and one for each visible one ---------------------------------------------------------


def _signs(s: Shape) -> Iterator[Form]:
    """Sums, multiples, elementwise products, quotients and powers of one shape."""
    same2 = (s, s)
    yield Form("add", s, same2, "{0} + {1}", 3, (3, 4))
    yield Form("add", s, same2, "{0} - {1}", 3, (3, 4))
    yield Form("add", s, (s, s, s), "{0} + {1} - {2}", 3, (3, 4, 4))
    yield Form("scale", s, ((), s), "{0} * {1}", 5, (5, 7))
    yield Form("scale", s, (s,), "-{0}", 4, (5,))
    yield Form("scale", s, (s,), "2 * {0}", 5, (7,))
    yield Form("scale", s, (s,), "3/2 * {0}", 5, (7,))
    yield Form("quotient", s, (s, ()), "{0} / {1}", 5, (5, 7), wants=("", "nonzero"))
    yield Form("power", s, (s,), "{0}**2", 7, (8,))
    yield Form("power", s, (s,), "{0}**3", 7, (8,))
    yield Form("power", s, (s,), "{0}**-1", 7, (8,), wants=("nonzero",))
    yield Form("power", s, (s,), "{0}**(1/2)", 7, (8,), wants=("positive",))
    yield Form("power", s, (s, ()), "{0}**{1}", 7, (8, 8), wants=("positive", ""))
    yield Form("add", s, (s,), "{0} + 1", 3, (3,))
    yield Form("add", s, (s,), "1 - {0}", 3, (4,))
    if s:
        yield Form("scale", s, (s, ()), "{0} * {1}", 5, (5, 7))
        yield Form("hadamard", s, same2, "{0} * {1}", 5, (5, 7))
        yield Form("powers", s, same2, "{0}**{1}", 7, (8, 8), wants=("positive", ""))
        yield Form("quotient", s, same2, "{0} / {1}", 5, (5, 7), wants=("", "nonzero"))
        yield Form("quotient", s, (s,), f"{{0}} / {s[0]}", 5, (5,))


def _matrices(s: Shape) -> Iterator[Form]:
    """Products and transposes."""
    r, c = s
    yield Form("transpose", s, ((c, r),), "{0}.T", 8, (8,))
    yield Form("matmul", s, ((r,), (c,)), "{0} @ {1}.T", 5, (5, 8), numpy="outer({0}, {1})")
    if r == c:
        yield Form("add", s, (s,), "{0} - I", 3, (3,))
        yield Form("add", s, (s,), "{0} + 2*I", 3, (3,), python="{0} + 2*eye_of({0})")
    for k in "mnp":
        yield Form("matmul", s, ((r, k), (k, c)), "{0} @ {1}", 5, (5, 7))
        yield Form("matmul", s, ((k, r), (k, c)), "{0}.T @ {1}", 5, (8, 7))


def _products(s: Shape) -> Iterator[Form]:
    """Products that give a vector or a scalar."""
    if s:
        for k in "mnp":
            yield Form("matmul", s, ((s[0], k), (k,)), "{0} @ {1}", 5, (5, 7))
            yield Form("matmul", s, ((k,), (k, s[0])), "{0} @ {1}", 5, (5, 7))
    else:
        for k in "mnp":
            yield Form("matmul", s, ((k,), (k,)), "{0} @ {1}", 5, (5, 7))
            yield Form("matmul", s, ((k,), (k,)), "{0}.T @ {1}", 5, (8, 7))
            for j in "mnp":
                yield Form("matmul", s, ((k,), (k, j), (j,)), "{0}.T @ {1} @ {2}", 5, (8, 7, 7))


def domain_wants(op: Operation, position: int) -> str:
    """What an argument must be, read from the declared domains; kinks are kept away from too.

    "a value" where the declaration says it of something made of the arguments: then the value shows whether there is one.
    """
    found = ""
    for d in op.domain:
        place = f"{{{position}}}"
        if found in ("definite", "full rank"):
            break
        if d.subject is not None:
            found = found or ("a value" if d.kind in ("existence", "form") else "")
        elif place not in d.statement or d.when is not None:
            continue
        elif d.statement.startswith("det "):
            found = "invertible"
        elif any(words in d.statement for words in DEFINITE):
            found = "definite"
        elif "rank" in d.statement:
            found = "full rank"
        elif d.statement == f"{place} > 0":
            found = "positive"
        elif d.statement == f"{place} ≠ 0":
            found = "vector nonzero" if op.kind is Kind.OPERATION else "nonzero"
        else:
            found = "a value"
    return found


def _declared(op: Operation, s: Shape) -> Iterator[Form]:
    """The applications of a visible operation that have this shape.

    Of one whose sizes are products (vec, kron) the scalar qᵀ op(…) r is taken, q and r being variables of those sizes.
    """
    open_ = [k for k in range(op.arity) if k not in op.exact]
    wants = tuple(domain_wants(op, k) for k in open_)
    if op.equation is None:
        yield _form(op, s, tuple(s for _ in open_), wants, {})
        return
    letters = sorted(op.equation.letters - set(op.parameters if op.word.startswith("[") else ()))
    for sizes in _choices(len(letters)):
        at = dict(zip(letters, sizes)) | (ENDS if op.room is not None else {})
        result, arguments = _shape(op.equation.output, at), tuple(_shape(op.equation.inputs[k], at) for k in open_)
        if result == s:
            yield _form(op, s, arguments, wants, at)
        elif s == () and any(size not in PLAIN for size in result) and len(set(sizes)) == min(len(sizes), len(PLAIN)):
            inner = _form(op, result, arguments, wants, at)
            count = len(arguments)
            sides = [f"{{{count}}}.T @ {{}}", f"{{{count}}}.T @ {{}} @ {{{count + 1}}}"][len(result) - 1]
            yield Form(
                op.name, s, (*arguments, *((size,) for size in result)), sides.replace("{}", inner.template), 5, (*(inner.needs or (0,) * count), 8, 7),
                numpy=sides.replace("{}", inner.numpy).replace(".T", ""), wants=(*wants, *("",) * len(result)), by_text=inner.by_text,
            )  # fmt: skip


def _shape(word: str, at: dict[str, str]) -> Shape:
    """The sizes of an index word: letters in brackets share an axis."""
    return tuple(repr(extent(axis, {c: sized(size) for c, size in at.items()})) for axis in axes(word))


def _form(op: Operation, s: Shape, arguments: tuple[Shape, ...], wants: tuple[str, ...], at: dict[str, str]) -> Form:
    """`word(a, b, option)` with what is literal written in, or as matcalc writes it where that is no call: `X[1, :]`."""
    places = iter(f"{{{k}}}" for k in range(len(arguments)))
    written = [("3" if k in op.exact else next(places)) for k in range(op.arity)]
    literal = extras(op, {name: _Literal(at.get(name, "1")) for name in op.parameters})
    given = {name: sized(at[name]) if name in at else 1 for name in op.parameters}
    word = op.word or op.name
    template, level, needs = f"{word}({', '.join([*written, *literal])})", 9, ()
    if not word.isidentifier():
        named = [symbol(f"a{k}", *map(sized, shape)) for k, shape in enumerate(arguments)]
        template = re.sub(r"\ba(\d)\b", r"{\1}", text_of(op(*named, **given)))
        level, needs = 8, (8,) * len(arguments)
    values = [at.get(name, "1") for name in op.parameters]
    return Form(
        op.name, s, arguments, template, level, needs, numpy=f"f_{op.name}({', '.join([*written, *values])})", wants=wants,
        by_text=bool(literal) or level < 9,
    )  # fmt: skip


class _Literal(str):
    def __repr__(self) -> str:
        return str(self)


def _choices(count: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for _ in range(count):
        found = [(*f, s) for f in found for s in "mnp"]
    return found


def visible() -> list[Operation]:
    """The operations that the language has a word for, and that can be differentiated."""
    return [o for o in OPERATIONS.values() if not o.hidden and not o.opaque and o.kind not in (Kind.LEAF, Kind.BINDER)]


@cache
def forms(s: Shape, only: frozenset[str] = frozenset()) -> dict[str, list[Form]]:
    """By the name of the operation, its forms of this shape; of all operations, or `only` of some."""
    found: dict[str, list[Form]] = {}
    signs = [*_signs(s), *(_matrices(s) if len(s) == 2 else _products(s))]
    for f in [*signs, *(f for op in visible() for f in _declared(op, s))]:
        if not only or f.op in only:
            found.setdefault(f.op, []).append(f)
    return found


# ---- making expressions ------------------------------------------------------------------------------------------------------------


def applied(form: Form, *args: Tree) -> Tree | None:
    """The form on the arguments, where its values are finite, of a middling size and away from kinks."""
    values = []
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i, sizes in enumerate(SIZES):
            try:
                value = np.asarray(form.run(*(a.values[i] for a in args), *(sizes[s] for s in "mnp")))
            except (ArithmeticError, ValueError):
                return None
            if value.shape != dims(form.result, sizes):
                return None  # the sizes do not suit it: of singular values there are as many as the smaller size
            if not np.all(np.isfinite(value)) or np.max(np.abs(value)) > LARGEST or np.max(np.abs(value.imag)) > 1e-12:
                return None
            values.append(value.real.astype(float))
    tree = Tree(form.result, tuple(values), form, args)
    near = [distance(v, w) for a, w in zip(args, form.wants) if w for v in a.values]
    return tree if min(near, default=1.0) > (0.02 if {"invertible", "definite", "full rank"} & set(form.wants) else SMALLEST) else None


def drawn(numbers: Any, sizes: dict[str, int]) -> dict[str, Any]:
    """Random values of all variables, away from 0."""
    shapes = {name: dims(shape, sizes) for name, shape in SHAPE_OF.items()}
    counts = [math.prod(shape) for shape in shapes.values()]
    entries = np.round(numbers.uniform(0.3, 1.4, sum(counts)) * numbers.choice([-1, 1], sum(counts)), 3)
    parts = np.split(entries, np.cumsum(counts)[:-1])
    return {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts)}


@dataclass
class Maker:
    """Makes expressions from a seed; the operations that it has used least are a little more likely."""

    seed: int
    made: dict[str, int] = field(default_factory=dict)
    only: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        numbers = np.random.default_rng(self.seed)
        self.properties: dict[str, str] = {}
        self.data = tuple(drawn(numbers, sizes) for sizes in SIZES)
        self.pool: list[Tree] = []

    def declare(self, name: str, word: str) -> None:
        """Give a variable a property, and values that have it."""
        self.properties[name] = word
        for d in self.data:
            d[name] = with_property(d[name], word)

    def expression(self, shape: Shape, depth: int, least: int = 1, most: int = 10**9) -> Tree:
        """An expression of this shape, of `least` to `most` nodes."""
        while True:
            self.pool = []
            tree = self.some(shape, depth)
            if least <= tree.size <= most and tree.names:
                return tree

    def some(self, shape: Shape, depth: int) -> Tree:
        if depth <= 0 or any(s not in PLAIN for s in shape) or self.random.random() < 0.04:
            return self.variable(shape)
        shared = [t for t in self.pool if t.shape == shape]
        if shared and self.random.random() < 0.08:
            return self.random.choice(shared)
        table = forms(shape, self.only)
        for _ in range(20):
            form = self.random.choice(table[self.choice(list(table), depth)])
            args = []
            for a, want in zip(form.arguments, form.wants or ("",) * len(form.arguments)):
                below = self.some(a, depth - self.random.choice((1, 1, 1, 2)))
                args.append(self.suited(below, want))
            if len(args) > 1 and form.op in KINKED and len({a.text() for a in args}) < len(args):
                continue  # max(x, x) has its kink everywhere
            tree = self.apply(form, *args)
            if tree is not None:
                self.made[form.op] = self.made.get(form.op, 0) + 1
                self.pool.append(tree)
                return tree
        return self.variable(shape)

    def choice(self, names: list[str], depth: int) -> str:
        """An operation: a scarce one, or any; near the root those of several arguments, so that expressions branch."""
        branching = 4 if depth > 2 else 1
        weights = [(branching if n in BRANCHING else 0.1 if n in STEPPED else 1) / (4 + self.made.get(n, 0)) ** 2 for n in names]
        return self.random.choices(names, weights)[0]

    def variable(self, shape: Shape) -> Tree:
        name = self.random.choice(VARIABLES[shape]) if shape in VARIABLES else self.compound(shape)
        return Tree(shape, tuple(np.asarray(d[name]) for d in self.data), leaf=name)

    def compound(self, shape: Shape) -> str:
        """A variable whose size is a product."""
        name = COMPOUND.setdefault(shape, f"q{len(COMPOUND) + 1}")
        SHAPE_OF[name] = shape
        for d, sizes in zip(self.data, SIZES):
            d.setdefault(name, np.round(np.random.default_rng(self.seed).uniform(-1, 1, dims(shape, sizes)), 3))
        return name

    def apply(self, form: Form, *args: Tree) -> Tree | None:
        return applied(form, *args)

    def suited(self, tree: Tree, want: str) -> Tree:
        """The tree, or one made of it that is what is wanted."""
        s = tree.shape
        if want == "positive":
            made = self.random.choice((self._shifted_square, self._exponential, self._shifted_square))(tree)
            return made or self._shifted_square(self.variable(s)) or tree
        if want in ("invertible", "definite"):
            r = s[0]
            if want == "definite" or self.random.random() < 0.5:
                k = self.random.choice([c for c in "mnp" if c != r])
                other = self.variable((k, r))
                made = self.apply(Form("matmul", s, ((k, r), (k, r)), "{0}.T @ {1}", 5, (8, 7)), other, other)
                made = made and self.apply(Form("add", s, (s,), "{0} + I", 3, (3,)), made)
            else:
                made = self.apply(Form("add", s, (s,), "{0} + 3*I", 3, (3,), python="{0} + 3*eye_of({0})"), tree)
            return made or tree
        if want in ("nonzero", "vector nonzero") and min(distance(v, want) for v in tree.values) < 2 * SMALLEST:
            return self._shifted_square(tree) or tree
        return tree

    def _shifted_square(self, tree: Tree) -> Tree | None:
        s = tree.shape
        square = self.apply(Form("power", s, (s,), "{0}**2", 7, (8,)), tree)
        return square and self.apply(Form("add", s, (s,), "{0} + 1", 3, (3,)), square)

    def _exponential(self, tree: Tree) -> Tree | None:
        return self.apply(Form("exp", tree.shape, (tree.shape,), "exp({0})"), tree)


def with_property(X: Any, word: str) -> Any:
    """A value with a property and no other."""
    n = len(X) if X.ndim else 0
    match word:
        case "symmetric":
            return (X + X.T) / 2
        case "skew":
            return X - X.T
        case "pd":
            return X @ X.T / n + 0.5 * np.eye(n)
        case "diagonal":
            return np.diag(np.diag(X))
        case "positive":
            return np.abs(X)
    raise LookupError(word)


def where(names: list[str], properties: dict[str, str]) -> str:
    """The declarations of these names."""
    parts = []
    for name in names:
        shape = SHAPE_OF[name]
        sizes = "scalar" if not shape else shape[0] if len(shape) == 1 else f"({', '.join(shape)})"
        parts.append(f"{name}: {sizes} {properties.get(name, '')}".strip())
    return "; ".join(parts)

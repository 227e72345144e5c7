"""The naming pass: what a person would give a letter gets one, before anything is brought to normal form.

A node that depends on the variable gets a name when it is composite and used more than once, or when it is the argument of an
operation that is not linear (a named argument is what keeps f′(X) short).  A constant gets one only when it is large and shared.
The user's own definitions are names already.  Quotients by what depends on the variable are unfolded here, and ‖X‖² becomes
X : X, because that is how the differential is taken on paper.

Names are opaque to the normal form, to rules and to d; that is what keeps every later stage linear in the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from matcalc.core.builders import call, inner_product
from matcalc.core.canonical import canonical
from matcalc.core.expression import Expr, depends, postorder, rebuilt
from matcalc.core.indices import SLICE
from matcalc.core.leaves import IDENTITY, NAMED, NUMBER, ONES, SYMBOL, is_zero_leaf, named, number, zeros
from matcalc.core.operation import Kind
from matcalc.core.reality import is_real
from matcalc.engine.differentiate import derivatives

GLUE = ("add", "scale", "matmul", "transpose", "hadamard", "inner", "quotient")
LARGE = 40
"""A shared constant with more nodes than this, written out, gets a name."""
RESIDUAL = 5
"""A shared difference that is constant, such as X − 1μᵀ, gets one where it has as many."""
POOLS = {
    "matrix": "X Y Z M N H U V W S T", "derivative": "G H S T D", "vector": "z u s y t q v", "scalar": "a b c s t q", "quotient": "rho q s",
    "vector residual": "r s q", "matrix residual": "R E Q", "delta": "delta",
}  # fmt: skip


@dataclass
class Labels:
    """Names not in use, in the order a person would take them."""

    used: set[str]
    known: dict[Expr, str] = field(default_factory=dict)
    """What has been named: a second derivation calls it by the same name."""

    def of(self, definition: Expr, new: Callable[[], str]) -> str:
        """The name of a definition: the one that it has, else a new one."""
        normal = canonical(definition)
        if normal not in self.known:
            self.known[normal] = new()
        return self.known[normal]

    def take(self, kind: str, letters: str = "", count: str = "") -> str:
        """The next free name for a matrix, a derivative, a vector or a scalar; `letters` come first, with the number `count`."""
        pool = [*letters.split(), *POOLS[kind].split()]
        for name in [f"{pool[0]}{count}", *pool]:
            if name not in self.used:
                self.used.add(name)
                return name
        number_ = 1
        while f"{pool[0]}{number_}" in self.used:
            number_ += 1
        self.used.add(f"{pool[0]}{number_}")
        return f"{pool[0]}{number_}"

    def for_value(self, e: Expr, for_all: bool = False) -> str:
        """The next free name by what it names: its shape, its operation, whether it is a difference; W1 x + b1 is z1.

        A name for all values of an index has an axis more.
        """
        kind = ("vector" if for_all else "scalar") if e.is_scalar else "vector" if e.is_column and not for_all else "matrix"
        letters = e.op.letters
        if kind == "matrix":
            letters = " ".join(c.upper() for c in letters.split() if len(c) == 1)
        if kind != "scalar" and _is_residual(e):
            return self.take(f"{kind} residual")
        return self.take(kind, letters, number_of(e) if kind != "scalar" else "")


def _is_residual(e: Expr) -> bool:
    """Whether this is a difference of two things, neither of which is a constant such as I: A x − b."""
    if e.op.name != "add" or len(e.args) < 2:
        return False
    moving = [a for a in e.args if (a.args[-1] if a.op.name == "scale" else a).op not in (IDENTITY, ONES, NUMBER)]
    signs = {a.op.name == "scale" and a.args[0].op is NUMBER and a.args[0]["value"] < 0 for a in moving}
    return signs == {True, False}


def number_of(e: Expr) -> str:
    """The number that a name should share: that of the matrix which comes first, W1 x + b1, or of the name that is acted on."""
    first = e
    while first.op is not NAMED and first.args and (first is e or first.op.name in ("matmul", "add", "scale")):
        first = first.args[-1] if first.op.name == "scale" else first.args[0]
    label = first["label"] if first.op is NAMED else first["name"] if first.op is SYMBOL and not first.is_column else ""
    return label.lstrip("".join(c for c in label if not c.isdigit())) if label and label[-1].isdigit() else ""


def is_linear_in_arguments(e: Expr) -> bool:
    """Whether the operation is linear in each argument, so that a product rule does."""
    return e.op.kind in (Kind.MULTILINEAR, Kind.LINEAR) or e.op.is_linear


def is_simple(e: Expr) -> bool:
    """Whether this is a leaf, a name, or the transpose or negative of one: nothing that wants a name."""
    while e.op is SLICE or e.op.name == "transpose" or (e.op.name == "scale" and e.args[0].op is NUMBER and len(e.args) == 2):
        e = e.args[0 if e.op is SLICE else -1]
    return not e.args or e.op is NAMED


@dataclass(frozen=True)
class Named:
    """An expression with names; what each new name stands for, as it was typed but over names; the user's names, with their first form.

    `typed` is the whole as it was typed, over the names.
    """

    root: Expr
    typed: Expr
    originals: dict[Expr, Expr]
    users: dict[Expr, Expr]


def name_parts(root: Expr, variables: Iterable[Expr], labels: Labels) -> Named:
    """The expression with names where a person would put them."""
    variables = set(variables)
    dependent = depends([root], variables)
    uses = _uses(root)
    written = written_sizes(root)
    want = {
        a for e in postorder(root) if e in dependent and not is_linear_in_arguments(e) and e.op is not NAMED for a in _named_arguments(e)
        if not (e.op.primary and _is_scaled_constant(a, dependent))
    }  # fmt: skip
    want |= {e for e in postorder(root) if e in dependent and not e.is_scalar and e is not root and _is_seen_in_its_slope(e)}
    bodies = {e.args[0] for e in postorder(root) if e.op is NAMED}  # a person has named these
    new: dict[Expr, Expr] = {}
    typed: dict[Expr, Expr] = {}
    originals: dict[Expr, Expr] = {}
    users: dict[Expr, Expr] = {}
    for e in postorder(root):
        y = _unfolded(e, tuple(new[a] for a in e.args), dependent)
        form = rebuilt(e, tuple(typed[a] for a in e.args))
        if e.op is NAMED:
            users[y] = e
            form = y
        elif e is root or e in bodies or is_simple(y):
            pass
        elif _wants_name(e, y, uses[e] > 1, e in dependent, e in want, written[e]):
            y = named(labels.of(y, partial(labels.for_value, y)), y)
            originals[y] = form
            form = y
        new[e], typed[e] = y, form
    return Named(new[root], typed[root], originals, users)


def _wants_name(e: Expr, y: Expr, shared: bool, depends_on_variable: bool, is_argument: bool, size: int) -> bool:
    if not depends_on_variable:
        return shared and (size > LARGE or (_is_residual(y) and size >= RESIDUAL))
    return (shared or is_argument) and not _shown_by_what_it_is(y)


def _named_arguments(e: Expr) -> tuple[Expr, ...]:
    """The arguments of a non-linear operation that want a name."""
    if e.op.name == "quotient":
        return ()
    if e.op.name == "power" and e.args[0].op.name == "norm":
        return ()
    return tuple(a for i, a in enumerate(e.args) if i not in e.op.linear_in and not is_steady(a))


def _is_scaled_constant(e: Expr, dependent: set[Expr]) -> bool:
    """Whether this is t A with a constant A, which commutes with its differential A dt: so eᵗᴬ has the derivative A eᵗᴬ."""
    return e.op.name == "scale" and not e.is_scalar and e.args[-1] not in dependent


def _is_seen_in_its_slope(e: Expr) -> bool:
    """Whether the differential of a function speaks of its value, which is then worth a name: h = tanh(z), dh = (1 − h²) ⊙ dz.

    Functions of a matrix such as X⁻¹ are as short as a name.
    """
    if e.op.kind is Kind.ELEMENTWISE and e.op.name != "power":
        slopes: Iterable[Expr] = [p for p in derivatives(e) if p is not None]
    elif e.op.kind is Kind.OPERATION and e.op.letters and e.op.body is not None and not e.op.primary:
        slopes = [e.op.body(*e.args, *(zeros(a.shape) for a in e.args), **dict(e.attrs))]
    else:
        return False
    return any(x is e for x in postorder(*slopes, below=lambda y: () if y is e or y in e.args else y.args))


def is_steady(e: Expr) -> bool:
    """Whether this is a function whose derivative is 0, such as a comparison: it reads as part of what it stands in."""
    return e.op.kind is Kind.ELEMENTWISE and all(p is not None and is_zero_leaf(p) for p in derivatives(e))


def _shown_by_what_it_is(e: Expr) -> bool:
    """Whether the thing reads well enough without a letter: ‖v‖, 1/‖v‖, det X; but no sum and no product.

    Only scalars: an operation on a leaf or a name, or a power of such.
    """
    if not e.is_scalar:
        return False
    if e.op.name == "power" and e.args[1].op is NUMBER:
        e = e.args[0]
    return e.op.name not in GLUE and all(is_simple(a) for a in e.args)


def _uses(root: Expr) -> dict[Expr, int]:
    uses: dict[Expr, int] = {}
    for e in postorder(root):
        for a in e.args:
            uses[a] = uses.get(a, 0) + 1
    return uses


def written_sizes(*roots: Expr) -> dict[Expr, int]:
    """How many nodes each expression has when written out, names taken as letters; capped."""
    sizes: dict[Expr, int] = {}
    for e in postorder(*roots):
        sizes[e] = 1 if e.op is NAMED else min(1 + sum(sizes[a] for a in e.args), 1 << 30)
    return sizes


def _unfolded(e: Expr, args: tuple[Expr, ...], dependent: set[Expr]) -> Expr:
    """The node over new arguments; a quotient by what depends on the variable as a product, a squared norm as X : X."""
    if e not in dependent:
        return rebuilt(e, args)
    if e.op.name == "quotient" and e.args[1] in dependent:
        return _times_inverse(args[0], args[1])
    square = squared_norm(e, args)
    if square is not None:
        return square
    if e.op.name == "scale":
        return rebuilt(e, tuple(s for a in args for s in (a.args if a.op is e.op else (a,))))
    return _respelled(rebuilt(e, args))


def _respelled(e: Expr) -> Expr:
    """What is another spelling of an operation as that operation: norm(x, 2) as norm(x)."""
    if e.op.kind is Kind.DEFINITION and e.op.body is not None:
        meant = e.op.body(*e.args, **dict(e.attrs))
        return meant if meant.args == e.args else e
    return e


def squared_norm(e: Expr, args: tuple[Expr, ...]) -> Expr | None:
    """X : X for ‖X‖², X̄ : X of what may be complex, over new arguments of the power; None for anything else."""
    if e.op.name == "power" and args[0].op.name == "norm" and args[1].op is NUMBER and args[1]["value"] == 2:
        X = args[0].args[0]
        return inner_product(X if is_real(X) else call("conj", X), X)
    return None


def _times_inverse(top: Expr, bottom: Expr) -> Expr:
    """top / bottom as a product, one factor for each factor of the bottom."""
    parts = bottom.args if bottom.op.name == "scale" and bottom.is_scalar else (bottom,)
    product = top
    for part in parts:
        inverse = number(1 / part["value"]) if part.op is NUMBER and part["value"] else part**-1
        if product.op is NUMBER and product["value"] == 1:
            product = inverse if product.shape == inverse.shape else product * inverse
        else:
            product = inverse * product if inverse.is_scalar else product * inverse
    return product

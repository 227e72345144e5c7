"""Operations: one declaration each, of one of five kinds, and the table of all of them.

The kind is the first thing to choose, and it decides what the one line of mathematics says:

    multilinear   an index equation; the body gives the adjoints as a person writes them, one for each argument
    linear        linear in all arguments together; the body gives the adjoints likewise
    elementwise   the body gives the partial derivatives of a real function, one for each argument
    operation     the body is the differential: arguments X, …, then dX, …
    definition    the body is an equal expression, unfolded when a differential meets it

The function's name is the word in the language and its docstring the catalogue entry.  Leaves and binders (symbols, numbers,
named definitions, index sums, differentials) are operations too, of the kinds `leaf` and `binder`: the node is uniform.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from matcalc.core.equation import Equation
from matcalc.core.property import Property

if TYPE_CHECKING:
    from matcalc.core.expression import Expr

Body: TypeAlias = Callable[..., Any]


class Kind(Enum):
    """The five kinds a newcomer chooses from, and the two that the core keeps for itself."""

    LEAF = "leaf"
    BINDER = "binder"
    MULTILINEAR = "multilinear"
    LINEAR = "linear"
    ELEMENTWISE = "elementwise"
    OPERATION = "operation"
    DEFINITION = "definition"


@dataclass(frozen=True)
class Notation:
    """How an operation is written: templates over its arguments `{0}`, `{1}`.

    A template without a place is the name of a function; None means the word itself.  A template that holds places is
    its own bracket, as ‖x‖ is.
    """

    pretty: str | None = None
    latex: str | None = None
    numpy: str | None = None
    """Places after those of the arguments are the values of `parameters`, here and in the other two."""
    helper: str = ""
    """Source of a function that the NumPy template calls, where NumPy has none."""
    superscript: str = ""
    """What is raised behind the first argument where the operation is written so: `+` for X⁺, `1/2` for a root, `{1}` for Xᵏ."""
    binds: str = ""
    """How loosely a template with places binds that is no bracket of its own: "power", "product" or "sum".

    A place `{0^}` of a template puts its argument into a bracket unless it is one letter or a bracket already; a place `{*, }`
    takes all arguments, with what follows the star between them.
    """


@dataclass(frozen=True)
class Domain:
    """A condition that an argument must meet: where the operation has a value, or is differentiable.

    `statement` is a template over the written arguments; `kind` is "existence" (no value or no derivative otherwise), or
    "kink" (one generalized gradient is chosen there, and `choice` says which), "form" (there is a derivative, but not in the form
    in which it is given, as det(X) X⁻ᵀ of a determinant), or "never" (`when` says which applications there
    are not; the statement is the message).
    """

    statement: str
    kind: str = "existence"
    choice: str = ""
    latex: str = ""
    when: Callable[..., bool] | None = None
    """Which applications it concerns: a power has its condition only for some exponents."""
    settled: tuple[Property, ...] | None = None
    """Properties of the argument that settle it, each alone; None for the usual ones, as a definite matrix is nonsingular."""
    strict: str = ""
    """What the arguments must be, in words, where there is no value at all otherwise: "greater than 0" of a logarithm."""
    subject: Callable[..., Expr] | None = None
    """What `{0}` is, where it is no argument: of max(X, Y) the difference X − Y, which must not be 0."""


def worded(statement: str, kind: str = "existence", choice: str = "", settled: tuple[Property, ...] = ()) -> Domain:
    """A condition that is said in words, "{0} has full rank", with its LaTeX."""
    latex = "".join(p if p in ("{0}", "{1}") else rf"\text{{{{{p}}}}}" for p in re.split(r"(\{\d\})", statement) if p)
    return Domain(statement, kind, choice, latex, settled=settled)


@dataclass(frozen=True, eq=False)
class Operation:
    """All facts about one operation.  Identity is equality; `OPERATIONS` has them by name."""

    name: str
    kind: Kind
    doc: str
    equation: Equation | None = None
    body: Body | None = None
    arity: int = 0
    variadic: bool = False
    """Whether more than two operands associate: `matmul(A, B, C)`."""
    word: str = ""
    """The word in the language, where it is not the name: `diag` is two operations, by the kind of its argument."""
    aliases: tuple[str, ...] = ()
    """Other words that are read as this operation: `max(x, 0)` is maximum(x, 0), by the number of its arguments."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What a call must say to mean this one of several operations with a word: {"axis": 1} for `sum(X, axis=1)`.

    A tuple lists several spellings of one value, the first of which is written.
    """
    positional: bool = False
    """Whether the first option is written without its name: {"ord": 1} for `norm(x, 1)`."""
    parameters: tuple[str, ...] = ()
    """Arguments after the others that are literal, and attributes of the node: a size for a letter of the equation, else an integer."""
    is_linear: bool = False
    """Of a definition: whether it is linear in its arguments, so that they need no names."""
    exact: tuple[int, ...] = ()
    """Positions of arguments that evaluation wants as exact rationals where they are constants, as an exponent is."""
    hidden: bool = False
    """Whether the language has no word for it (it is written with a sign, or is a leaf)."""
    notation: Notation = field(default_factory=Notation)
    value: Callable[..., Any] | None = None
    """The value over numbers: `value(N, *arguments)`, where N has the arithmetic (verify.numbers)."""
    defining: Body | None = None
    """An equal expression, for evaluation."""
    implicit: Body | None = None
    """Two equal expressions that the result satisfies, from which its differential is proved: ‖X‖² = X : X."""
    proof: Body | None = None
    """Equations that lead to the differential where no single one defines the result: `(X, dX, dY)` gives (left, right, why)."""
    linear_in: Mapping[int, Body] = field(default_factory=dict)
    """Of an operation, the arguments in which it is linear while the others rest → the adjoint, `(X, E, G)`."""
    opaque: tuple[int, ...] = ()
    """Of an operation, the arguments along which no differential is known: words for results, such as singular vectors."""
    form: Body | None = None
    """An equal expression that takes its place in the normal form, where these arguments allow one; else None."""
    entrywise: bool = False
    """Whether it takes its arguments entry by entry, whatever their order, as a sum of all entries does; an array may stand there."""
    rowwise: bool = False
    """Of a linear operation, whether it moves whole rows, so that op(L v) is op(L) v."""
    stacked: Body | None = None
    """The matrix S with vec of the result = S vec of an argument, for what is linear in it: `(position, X, …, attributes)`."""
    mirror: Body | None = None
    """Of an operation without arguments, its transpose: the same operation with other parameters."""
    room: Body | None = None
    """Sizes that must be at least 1 for it to have a value: the length of a range, and what it leaves."""
    shape_of: Callable[..., tuple[Any, ...]] | None = None
    """The shape of the result, where no equation tells it: of the arguments and attributes."""
    primary: bool = False
    """Whether it is a function of a matrix, which commutes with all that its argument commutes with."""
    domain: tuple[Domain, ...] = ()
    gives: Mapping[Property, tuple[Property, ...]] = field(default_factory=dict)
    """Property of the result → what every argument must have for it; () means always."""
    at_least: bool = False
    """Whether no argument is above the result, as of a maximum: one of them that is positive is enough."""
    mirrored: Callable[..., bool] | None = None
    """Whether an application equals its transpose, where its arguments and attributes decide that: a second derivative in one vector."""
    keeps_symmetry: Callable[..., bool] | None = None
    """Whether it is symmetric of symmetric arguments, where that depends on which they are: A X + X A = Q has a symmetric solution."""
    transposition: str = ""
    """"equivariant" where f(Xᵀ) = f(X)ᵀ, "invariant" where f(Xᵀ) = f(X); known without saying where there is an equation."""
    over_complex: str = ""
    """What it is of complex arguments: "holomorphic" with the differential that it has of real ones, and f(z̄) the conjugate of f(z);
    "branch", the same off the cut of a principal branch; "modulus", a real number that is the same for z, z̄ and iz, whose differential is
    the real part of what is declared; "real", a real number; "conjugate"; "" nothing, so that real arguments are wanted.  What follows
    from an index equation is holomorphic without saying so."""
    parity: str = ""
    """"odd" or "even" for a function that is so under a change of sign of its argument."""
    reflection: Body | None = None
    """Of a function that is neither, f(−x) by means of f(x): σ(−x) = 1 − σ(x)."""
    letters: str = ""
    """What a person calls its value, letters for a column or scalar (capitals for a matrix): `p q` of a softmax."""
    cost: int = 2
    """What it costs to read, beside its arguments; a symbol costs 2."""
    cite: str = ""
    place: str = ""
    """Where it is declared: file and line, for messages about a second declaration."""

    def __repr__(self) -> str:
        return self.name

    @property
    def is_word(self) -> bool:
        """Whether it is a word for results: no differential is known but what `linear_in` says."""
        return self.kind is Kind.OPERATION and len(self.linear_in) + len(self.opaque) == self.arity

    @property
    def is_holomorphic(self) -> bool:
        """Whether it means the same over complex arguments, and commutes with conjugation."""
        by_kind = self.kind in (Kind.LEAF, Kind.BINDER, Kind.MULTILINEAR, Kind.LINEAR)
        return self.over_complex in ("holomorphic", "branch") or (by_kind and not self.over_complex)

    @property
    def is_of_entries(self) -> bool:
        """Whether it goes entry by entry, scalars fitting everything: a function of entries, or one that is defined by such."""
        return self.kind is Kind.ELEMENTWISE or (self.kind is Kind.DEFINITION and self.equation is None)

    @property
    def written(self) -> str:
        """The word in the language."""
        return self.word or self.name

    @property
    def words(self) -> tuple[str, ...]:
        """All words that are read as this operation, the one it is written with first."""
        return (self.word or self.name, *self.aliases)

    def __call__(self, *arguments: Any, **attributes: Any) -> Expr:
        """The plain expression of this operation; see `core.builders`."""
        from matcalc.core.builders import lift_all
        from matcalc.core.expression import plain

        return plain(self, *lift_all(arguments), **attributes)


OPERATIONS: dict[str, Operation] = {}


def declare(operation: Operation) -> Operation:
    """Enter an operation into the table; a second declaration of a name is an error that shows both places."""
    other = OPERATIONS.get(operation.name)
    if other is not None:
        raise ValueError(f"{operation.name} is declared twice: {other.place} and {operation.place}")
    OPERATIONS[operation.name] = operation
    return operation


def _declared(kind: Kind, equation: str | None, parts: int, facts: dict[str, Any]) -> Callable[[Body], Operation]:
    """The decorator: `parts` is how many of the body's parameters are not arguments (0, 1 for G, -1 for one dX each)."""

    def decorator(body: Body) -> Operation:
        found = inspect.signature(body).parameters.values()
        count = sum(p.kind is not p.KEYWORD_ONLY for p in found)
        arity = facts.pop("arity", count // 2 if parts < 0 else count - parts)
        code = body.__code__
        return declare(
            Operation(
                name=body.__name__.rstrip("_"),
                kind=kind,
                doc=inspect.getdoc(body) or "",
                equation=Equation.of(equation) if equation is not None else None,
                body=body,
                arity=arity,
                parameters=tuple(p.name for p in found if p.kind is p.KEYWORD_ONLY),
                place=f"{code.co_filename}:{code.co_firstlineno}",
                **facts,
            )
        )

    return decorator


def multilinear(equation: str, **facts: Any) -> Callable[[Body], Operation]:
    """Declare an operation by its index equation; the body `(A, B, G)` gives the adjoints as a person writes them."""
    return _declared(Kind.MULTILINEAR, equation, 1, facts)


def linear(equation: str, **facts: Any) -> Callable[[Body], Operation]:
    """Declare an operation that is linear in all its arguments together; the body `(A, B, G)` gives the adjoints."""
    return _declared(Kind.LINEAR, equation, 1, facts)


def elementwise(**facts: Any) -> Callable[[Body], Operation]:
    """Declare a real function applied to every entry; the body gives its derivative, or one for each argument."""
    return _declared(Kind.ELEMENTWISE, None, 0, facts)


def operation(signature: str, **facts: Any) -> Callable[[Body], Operation]:
    """Declare an operation by its differential: the body `(X, dX)` is d of it; the signature gives the shapes."""
    return _declared(Kind.OPERATION, signature, -1, facts)


def word(signature: str, **facts: Any) -> Callable[[Body], Operation]:
    """Declare a word that results need: an operation without a differential, but for what `linear_in` says.

    The body takes the arguments alone, and says nothing.
    """

    def decorator(body: Body) -> Operation:
        count = sum(p.kind is not p.KEYWORD_ONLY for p in inspect.signature(body).parameters.values())
        still = tuple(i for i in range(count) if i not in facts.get("linear_in", {}))
        return _declared(Kind.OPERATION, signature, 0, {"opaque": still, **facts})(body)

    return decorator


def definition(signature: str | None, **facts: Any) -> Callable[[Body], Operation]:
    """Declare an operation by an equal expression; without a signature it goes entry by entry, and scalars fit everything."""
    return _declared(Kind.DEFINITION, signature, 0, facts)

"""What a target of the layout says: how signs, brackets, fractions and superscripts look."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction

from matcalc.core.expression import Expr
from matcalc.core.size import Size
from matcalc.emit.text import Level, Text


class Target(ABC):
    """One way of writing: Unicode, LaTeX.  All texts come in without the brackets that the target itself may ask for."""

    minus: str

    def fit(self, t: Text, level: Level) -> Text:
        """The text, in a bracket if it binds looser than `level`."""
        return t if t.level >= level else self.bracket(t)

    @abstractmethod
    def written_name(self, name: str) -> Text:
        """A name."""

    @abstractmethod
    def digits(self, value: Fraction, decimal: bool) -> Text:
        """A number that is not negative."""

    @abstractmethod
    def ones(self, row: bool) -> Text:
        """The vector, row or matrix of ones."""

    @abstractmethod
    def unit(self, position: int) -> Text:
        """A standard basis vector."""

    @abstractmethod
    def labelled(self, letter: str, *sizes: Size) -> Text:
        """A constant matrix by its letter, with the sizes that tell it: I, I_n, K_mn."""

    @abstractmethod
    def subscripted(self, base: Text, *positions: int) -> Text:
        """An entry of a vector or a matrix."""

    @abstractmethod
    def sliced(self, base: Text, places: Sequence[Text | None]) -> Text:
        """A slice at these positions, None for a whole axis."""

    @abstractmethod
    def unit_at(self, position: Text) -> Text:
        """The standard basis vector at an index."""

    @abstractmethod
    def stack(self, body: Text, places: Sequence[Text | None]) -> Text:
        """The array whose slice at these places, None for a whole axis, is the body."""

    def bracketed(self, pieces: tuple[str | Text, ...]) -> tuple[str | Text, ...]:
        """A template that was filled, its own brackets as what is in them wants."""
        return pieces

    @abstractmethod
    def bracket(self, t: Text) -> Text:
        """The text in a bracket."""

    @abstractmethod
    def joined(self, factors: Sequence[Text], tight: Sequence[bool], level: Level) -> Text:
        """A product; `tight[k]` asks for no space between factor k and the next."""

    @abstractmethod
    def infix(self, operation: str, left: Text, right: Text, level: Level) -> Text:
        """Two operands with a sign between them, by the name of the operation."""

    @abstractmethod
    def comparison(self, sign: str, left: Text, right: Text) -> Text:
        """x > y, for the signs > >= < <= != of the language."""

    @abstractmethod
    def indicator(self, condition: Text) -> Text:
        """1 where a condition holds, else 0."""

    @abstractmethod
    def fraction(self, numerator: Text, denominator: Text) -> Text:
        """A quotient by a scalar."""

    @abstractmethod
    def transposed(self, base: Text) -> Text:
        """The transpose."""

    @abstractmethod
    def conjugated(self, base: Text) -> Text:
        """The conjugate."""

    @abstractmethod
    def adjoint(self, base: Text) -> Text:
        """The transpose of the conjugate."""

    @abstractmethod
    def inverse(self, base: Text, more: str) -> Text:
        """The inverse; `more` is "" or "T" for the transposed inverse, or a number for a power of it."""

    @abstractmethod
    def raised(self, base: Text, exponent: Text, entrywise: bool) -> Text:
        """A power; `entrywise` where it could be taken for the power of a matrix."""

    @abstractmethod
    def ranged(self, base: Text, bounds: Sequence[str | Text], complete: bool) -> Text:
        """A range of positions; not `complete` where the other axis of a matrix is still to be said."""

    @abstractmethod
    def root(self, base: Text) -> Text:
        """The square root of a scalar, or of the entries of a vector."""

    @abstractmethod
    def differential(self, body: Text) -> Text:
        """d of a text."""

    @abstractmethod
    def gradient(self, body: Text, wrt: Text) -> Text:
        """∇ of a text with respect to another."""

    @abstractmethod
    def primed(self, name: Text, order: int) -> Text:
        """The name of a derivative of a function: f′."""

    @abstractmethod
    def nabla(self, name: Text, order: int, places: Sequence[int] = ()) -> Text:
        """The name of a gradient or Hessian, of several arguments in those at some places: ∇L, ∇²L, ∇²₁₂L."""

    @abstractmethod
    def partial(self, name: Text, places: Sequence[int]) -> Text:
        """The name of a derivative in the arguments at some places: ∂₁₂f."""

    @abstractmethod
    def indexed(self, letter: str, index: Text) -> Text:
        """A letter with a text below: J_F."""

    @abstractmethod
    def summation(self, letter: Text, size: Size, body: Text, product: bool = False) -> Text:
        """Σ or Π of a body over an index."""

    @abstractmethod
    def template(self, e: Expr) -> str:
        """How the operation of a node is declared to look: a template, or the name of a function."""

    @abstractmethod
    def function(self, name: str, arguments: Sequence[Text]) -> Text:
        """A function with its arguments."""

    @abstractmethod
    def verbatim(self, name: str) -> Text:
        """A name, letter by letter as typed."""

"""How a plain expression is laid out as a formula, whatever the target: what gets a bracket, a fraction, a sign.

Nothing is reordered and nothing evaluated; brackets are only where precedence needs them.  A layout that every reader takes
for granted is used: a minus of the first factor stands in front of the whole term, equal neighbours in a matrix product are a
power, `c·𝟏` in a sum is written `c`.  A target (`pretty`, `latex`) says how each of these looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise

from matcalc.core.abstract import APPLICATIONS
from matcalc.core.expression import Expr, postorder
from matcalc.core.indices import free
from matcalc.core.leaves import IDENTITY, NUMBER, ONES, SYMBOL, number
from matcalc.core.size import ONE, Size
from matcalc.core.stacks import letters
from matcalc.emit.allones import all_ones, beside_identities
from matcalc.emit.applied import applied, told_apart
from matcalc.emit.blocks import columns, rows, vstack
from matcalc.emit.indexed import INDEXED, delta, labelled
from matcalc.emit.shown import is_matrix, is_opaque, shown_below
from matcalc.emit.target import Target
from matcalc.emit.text import End, Level, Text, characters, fill, has_places, negative_of, text
from matcalc.emit.turned import TURNED, turned
from matcalc.errors import LimitReached

SIGNS = {"greater": ">", "greater_equal": ">=", "not_equal": "!="}
_BINDING = {"": Level.ATOM, "power": Level.POWER, "product": Level.CHAIN, "sum": Level.INNER}
LARGEST_NUMBER_BITS = 10_000


class Layout(Target):
    """One writing of one expression; the subclasses say how signs, fractions and superscripts look."""

    def __init__(self) -> None:
        self.texts: dict[Expr, Text] = {}
        self.apart: set[str] = set()
        self.products: frozenset[Expr] = frozenset()
        self.letters: dict[Expr, str] = {}
        self.shown: dict[str, str] = {}
        self.sized = False
        """Whether identities carry their sizes: where there are several, and a Kronecker product hides which is meant."""

    # The walk.
    def write(self, root: Expr, level: Level, limit: int) -> str:
        """The characters of an expression, in a bracket if it binds looser than `level`."""
        order = list(postorder(root, below=shown_below))
        self._choose_letters(order)
        self.apart, self.products = told_apart(order), beside_identities(order)
        grouped = any(e.op.equation is not None and e.op.equation.is_grouped for e in order)
        self.sized = grouped and len({e.shape for e in order if e.op is IDENTITY}) > 1
        for e in order:
            layout = LAYOUTS.get(e.op.name, Layout._function)
            self.texts[e] = layout(self, e)
        return characters(self.fit(self.texts[root], level), limit)

    def of(self, e: Expr) -> Text:
        """The text of an argument."""
        return self.texts[e]

    def _all(self, e: Expr) -> list[Text]:
        return [self.texts[a] for a in e.args]

    def _choose_letters(self, order: Sequence[Expr]) -> None:
        """A letter for each index: the one it was given, if no symbol and no other index has it."""
        taken = {e["name"] for e in order if e.op is SYMBOL} | {e["label"] for e in order if is_opaque(e)}
        below = [i for e in order if is_opaque(e) for i in sorted(free(e), key=lambda i: i.key)]
        self.letters = letters([*order, *below], taken)

    # Names, numbers, sizes.
    def name(self, name: str) -> Text:
        """A name; two that would look alike are told apart by showing the second as it was typed."""
        t = self.written_name(name)
        return t if self.shown.setdefault(str(t), name) == name else self.verbatim(name)

    def _named(self, e: Expr) -> Text:
        """The label, with indices below it that it speaks of; of a gradient that a person named as such, ∇_gL."""
        if "gradient" in e.memo:
            return self.gradient(*map(self.name, e.memo["gradient"]))
        return labelled(self, e) if is_opaque(e) else self.of(e.args[0])

    def _number(self, e: Expr) -> Text:
        value: Fraction = e["value"]
        if max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_NUMBER_BITS:
            raise LimitReached("a number of more than 3,000 digits is not written out")
        digits = self.digits(abs(value), e["decimal"])
        return negative_of(self.minus, digits) if value < 0 else digits

    def size(self, size: Size) -> Text:
        """A size, a polynomial in its names."""
        terms = []
        found, below = size.parts()
        for monomial, coefficient in found:
            powers = [self._size_power(name, monomial.count(name)) for name in dict.fromkeys(monomial)]
            if abs(coefficient) != 1 or not powers:
                powers.insert(0, self.digits(Fraction(abs(coefficient)), False))
            t = powers[0] if len(powers) == 1 else self.joined(powers, [False] * (len(powers) - 1), Level.PRODUCT)
            terms.append(negative_of(self.minus, t) if coefficient < 0 else t)
        whole = self.sum(terms) if terms else self.digits(Fraction(0), False)
        return whole if below == 1 else self.fraction(whole, self.digits(Fraction(below), False))

    def _size_power(self, name: str, exponent: int) -> Text:
        t = self.name(name)
        return t if exponent == 1 else self.raised(t, self.digits(Fraction(exponent), False), False)

    # Brackets and signs.
    def signed(self, first: Text, level: Level, rest: Callable[[Text], Text]) -> Text:
        """`rest` of the first operand at `level`; a minus of the operand goes in front of the whole."""
        if first.positive is None:
            return rest(self.fit(first, level))
        return negative_of(self.minus, self.fit(rest(self.fit(first.positive, level)), Level.INNER))

    # Sums.
    def sum(self, terms: Sequence[Text]) -> Text:
        """Terms with plus and minus between them."""
        if len(terms) == 1:
            return terms[0]
        pieces: list[str | Text] = [terms[0]]
        for t in terms[1:]:
            pieces.append(" + " if t.positive is None else f" {self.minus} ")
            pieces.append(self.fit(t if t.positive is None else t.positive, Level.INNER))
        return text(*pieces, level=Level.SUM, head=terms[0].head)

    def _add(self, e: Expr) -> Text:
        return self.sum([self._term(a) for a in e.args])

    def _term(self, e: Expr) -> Text:
        """A term of a sum: a number times ones is written as the number, which is what it means there."""
        constant = e.op.name == "scale" and len(e.args) == 2 and e.args[0].op is NUMBER and e.args[1].op is ONES
        return self.of(e.args[0] if constant and e.shape[0] is not ONE and e.args[1] not in self.products else e)

    # Products.
    def _scale(self, e: Expr) -> Text:
        first, *others = e.args
        texts = [self.of(a) for a in others]
        if others[-1].op.name in ("kron", "khatri_rao"):
            texts[-1] = self.bracket(texts[-1])
            if first is number(-1) and len(others) == 1:
                return replace(negative_of(self.minus, texts[-1]), positive=self.of(others[-1]))
        if first.op is NUMBER and first["value"] == -1:
            positive = self._scaled(texts) if len(others) > 1 else texts[0]
            return negative_of(self.minus, self.fit(positive, Level.INNER))
        return self.signed(self.of(first), Level.PRODUCT, lambda t: self._scaled([t, *texts]))

    def _scaled(self, factors: Sequence[Text]) -> Text:
        """Scalars in front of the last factor, which needs no bracket unless it is a sum: a (A : B) is (a A) : B."""
        *scalars, last = factors
        first = [self.fit(t, Level.PRODUCT) for t in scalars[:1]]
        middle = [self.fit(t, Level.POWER) for t in scalars[1:]]
        last = self.fit(last, Level.INNER)
        return self.joined([*first, *middle, last], [False] * len(scalars), min(last.level, Level.PRODUCT))

    def _matmul(self, e: Expr) -> Text:
        if (kronecker := delta(self, e)) is not None:
            return kronecker
        runs = [(a, len(list(same))) for a, same in groupby(e.args)]
        factors = [self._repeated(a, count) for a, count in runs]
        tight = [m == n == 1 and self._is_dyad(a, b) for (a, m), (b, n) in pairwise(runs)]
        if len(factors) == 1:
            return factors[0]
        return self.signed(
            factors[0], Level.PRODUCT,
            lambda t: self.joined([t, *(self.fit(f, Level.POWER) for f in factors[1:])], tight, Level.CHAIN),
        )  # fmt: skip

    def _repeated(self, e: Expr, count: int) -> Text:
        """A factor of a matrix product that stands there so many times in a row."""
        if count == 1:
            return self.of(e)
        if e.op.name == "inv" and not e.args[0].op.notation.superscript:
            return self.inverse(self.of(e.args[0]), str(count))
        return self.raised(self.of(e), self.digits(Fraction(count), False), False)

    def _is_dyad(self, left: Expr, right: Expr) -> bool:
        """A letter and its own transpose, or a column and a row that are letters: vvᵀ, XXᵀ, xyᵀ."""
        if right.op.name != "transpose" or not self.of(left).bare or not self.of(right.args[0]).bare:
            return False
        return right.args[0] is left or (left.is_column and right.args[0].is_column)

    def _outer(self, e: Expr) -> Text:
        x, y = self._all(e)
        tight = [x.bare and y.bare]
        return self.signed(x, Level.CHAIN, lambda t: self.joined([t, self.transposed(y)], tight, Level.CHAIN))

    def _selected(self, t: Text, position: int) -> Text:
        """X e_i, a column."""
        return self.signed(t, Level.PRODUCT, lambda first: self.joined([first, self.unit(position)], [False], Level.CHAIN))

    def _summed(self, t: Text) -> Text:
        """X 1, the sums of the rows."""
        return self.signed(t, Level.PRODUCT, lambda first: self.joined([first, self.ones(row=False)], [False], Level.CHAIN))

    def _hadamard(self, e: Expr) -> Text:
        return self._operands("hadamard", self._all(e), Level.HADAMARD)

    def _inner(self, e: Expr) -> Text:
        return self._operands("inner", self._all(e), Level.INNER)

    def _operands(self, operation: str, operands: Sequence[Text], level: Level) -> Text:
        def chain(result: Text) -> Text:
            for t in operands[1:]:
                result = self.infix(operation, result, self.fit(t, Level.CHAIN), level)
            return result

        return self.signed(operands[0], Level.CHAIN, chain)

    def _quotient(self, e: Expr) -> Text:
        numerator, denominator = self._all(e)
        if not e.args[1].is_scalar:
            top = e.args[0]
            if top.op.name == "scale" and top.args[-1].op is ONES:  # c·1 ⊘ x is read as c ⊘ x
                scalars = [self.of(a) for a in top.args[:-1]]
                numerator = self._scaled(scalars) if len(scalars) > 1 else scalars[0]
            return self._operands("quotient", [numerator, denominator], Level.HADAMARD)
        if numerator.positive is None:
            return self.fraction(numerator, denominator)
        return negative_of(self.minus, self.fraction(numerator.positive, denominator))

    # Superscripts.
    def _power(self, e: Expr) -> Text:
        base, exponent = e.args
        if exponent.op is NUMBER and exponent["value"] == Fraction(1, 2):
            return self.root(self.of(base))
        return self.raised(self.of(base), self.of(exponent), is_matrix(base))

    # Comparisons: what stands in brackets after a 1, or alone as a condition.
    def _comparison(self, e: Expr) -> Text:
        """x > y; a number that stands first is written second, with the sign turned round."""
        left, right = self._all(e)
        sign = SIGNS[e.op.name]
        if e.args[0].op is NUMBER and e.args[1].op is not NUMBER:
            left, right, sign = right, left, sign.replace(">", "<")
        return self.comparison(sign, left, right)

    def _where(self, e: Expr) -> Text:
        condition, *cases = self._all(e)
        first = e.args[0]
        return self.function(self.template(e), [self._comparison(first) if first.op.name in SIGNS else condition, *cases])

    # Everything else is a function, and looks as it is declared.
    def _function(self, e: Expr) -> Text:
        if e.op.notation.superscript:
            return self._raised(e)
        template, arguments = self.template(e), self._all(e)
        if not arguments and e.op.parameters:
            return self.function(template, [self.size(e[name]) for name in e.op.parameters])
        if not arguments:
            return text(template, level=Level.ATOM, head=End.LETTER, tail=End.LETTER, bare=True)
        if not has_places(template):
            places = [self.size(Size.of(e[name])) for name in e.op.parameters if isinstance(e[name], int)]
            return self.function(template, [*arguments, *places])
        first = End.BAR if template[0] in "‖|" else End.WORD if template[:2].isalpha() else End.OTHER
        tight = [self.fit(t, Level.ATOM) for t in arguments]
        return text(*self.bracketed(fill(template, arguments, tight)), level=_BINDING[e.op.notation.binds], head=first, tail=first)

    def _raised(self, e: Expr, sign: str = "") -> Text:
        """An operation that is written as a superscript: X⁺, X^(1/2), Xᵏ."""
        written = e.op.notation.superscript
        if has_places(written) and e.args[1].op is NUMBER and e.args[1]["value"] > 1:
            return self._repeated(e.args[0], int(e.args[1]["value"]))
        exponent = text(sign + written, level=Level.FRACTION if "/" in written else Level.ATOM)
        return self.raised(self.of(e.args[0]), self.of(e.args[1]) if has_places(written) else exponent, False)

    def _inverse(self, e: Expr) -> Text:
        """X⁻¹, and X^(−1/2) for the inverse of a root."""
        (argument,) = e.args
        if "/" in argument.op.notation.superscript:
            return self._raised(argument, self.minus)
        return self.inverse(self.of(argument), "")


LAYOUTS: dict[str, Callable[[Layout, Expr], Text]] = {
    "symbol": lambda self, e: self.name(e["name"]),
    "named": Layout._named,
    "number": Layout._number,
    "size": lambda self, e: self.size(e["size"]),
    "identity": lambda self, e: self.labelled("I", *((e.shape[0],) if self.sized else ())),
    "commutation": lambda self, e: self.labelled("K", e["m"], e["n"]),
    "duplication": lambda self, e: self.labelled("D", e["n"]),
    "elimination": lambda self, e: self.labelled("L", e["n"]),
    "ones": all_ones,
    "zeros": lambda self, e: text("0", level=Level.ATOM, head=End.NUMBER, tail=End.NUMBER),
    "unit": lambda self, e: self.unit(e["position"]),
    "index": lambda self, e: self.name(self.letters[e]),
    "unit_at": lambda self, e: self.unit_at(self.of(e.args[0])),
    **INDEXED,
    **TURNED,
    "differential": lambda self, e: self.differential(self.of(e.args[0])),
    "grad": lambda self, e: self.gradient(*self._all(e)),
    **dict.fromkeys(APPLICATIONS, lambda self, e: applied(self, self.name(e["function"]), self._all(e), e, e["function"] in self.apart)),
    "add": Layout._add,
    "scale": Layout._scale,
    "matmul": Layout._matmul,
    "outer": Layout._outer,
    "entry_of_vector": lambda self, e: self.subscripted(self.fit(self.of(e.args[0]), Level.ATOM), e["i"]),
    "entry": lambda self, e: self.subscripted(self.fit(self.of(e.args[0]), Level.ATOM), e["i"], e["j"]),
    "row": lambda self, e: self._selected(self.transposed(self.of(e.args[0])), e["i"]),
    "column": lambda self, e: self._selected(self.of(e.args[0]), e["i"]),
    "rows": lambda self, e: rows(self, e),
    "columns": lambda self, e: columns(self, e),
    "vstack": lambda self, e: vstack(self, e) or self._function(e),
    "kron": lambda self, e: self._operands("kron", self._all(e), Level.HADAMARD),
    "khatri_rao": lambda self, e: self._operands("khatri_rao", self._all(e), Level.HADAMARD),
    "row_sums": lambda self, e: self._summed(self.of(e.args[0])),
    "column_sums": lambda self, e: self._summed(turned(self, e.args[0])),
    "hadamard": Layout._hadamard,
    "inner": Layout._inner,
    "quotient": Layout._quotient,
    "inv": Layout._inverse,
    "power": Layout._power,
    "powers": lambda self, e: self.raised(self.of(e.args[0]), self.of(e.args[1]), is_matrix(e)),
    "where": Layout._where,
    **dict.fromkeys(SIGNS, lambda self, e: self.indicator(self._comparison(e))),
}
"""How an operation that is written with signs is laid out; all others are functions."""

"""Rules: one equation each, with a name, a reason, a citation, and one of three tags.

    CANONICAL   the glue applies it whenever it builds a node; each lowers a declared order
    SIMPLIFY    fewer reading units; applied at the end
    MOVE        true and useful, applied only by a strategy that asks for it

Both sides are plain expressions in letters made by `letter`; conditions are properties of the letters, and that they are real unless
the rule holds over the complex numbers (`core.continuation`, or by saying so).  A rule is compiled from the canonical form of its left
side, also transposed.  The same object is applied, shown in a derivation, tested on numbers, and printed in the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from matcalc.core.canonical import canonical
from matcalc.core.continuation import extends
from matcalc.core.expression import Expr, postorder, shown, substitute
from matcalc.core.indices import shape_with
from matcalc.core.leaves import ONES, number, ones, symbol
from matcalc.core.match import EMPTY, Binding, Has, choices, instance, is_letter, matches, sequences
from matcalc.core.nonneg import nonneg
from matcalc.core.notes import note
from matcalc.core.property import NONNEG, Property
from matcalc.core.reality import OVER_COMPLEX, OVER_REALS
from matcalc.core.size import Size
from matcalc.core.terms import RULES_AT, Exponent, as_exponent, build, coefficient, exponent_node, operations_below, power_node
from matcalc.core.windows import WIDEST, WINDOWS


class Tag(Enum):
    """When a rule may be applied."""

    CANONICAL = "canonical"
    SIMPLIFY = "simplify"
    MOVE = "move"


CANONICAL, SIMPLIFY, MOVE = Tag.CANONICAL, Tag.SIMPLIFY, Tag.MOVE
Rewrite: TypeAlias = Callable[[Expr], "Expr | None"]


def letter(name: str, *shape: str | int | Size, properties: frozenset[Property] = frozenset()) -> Expr:
    """A letter of a rule: it stands for any real expression that has the shape and the properties."""
    return symbol(name, *shape, properties=properties, role=OVER_REALS)


def nonneg_only(e: Expr, wanted: Property) -> bool:
    """What the builders may know of an expression: whether its entries are ≥ 0.  Other properties are steps, never glue."""
    return wanted is NONNEG and nonneg(e)


@dataclass(frozen=True, eq=False)
class Rule:
    """An equation; refuses sides of different shapes."""

    name: str
    left: Expr
    right: Expr
    tag: Tag
    reason: str
    cite: str
    entrywise: bool = False
    """Whether it holds for scalars by the same words: the letters may all be numbers."""
    mirrored: bool = True
    """Whether the transposed equation is a rule in this direction too; of K (A ⊗ B) = (B ⊗ A) K it runs the other way."""
    ordered: tuple[Expr, ...] = ()
    """Two letters by whose order the normal form chooses between a matrix and its transpose, u vᵀ and v uᵀ: both are forms of the rule."""

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape:
            raise ValueError(f"rule '{self.name}' equates {shown(self.left)} and {shown(self.right)}")

    def sides(self) -> list[tuple[Expr, Expr]]:
        """The equation; where it differs in form, the transposed one; for scalars and arrays too where it holds entry by entry.

        Ones of a column have another normal form than those of a matrix, so that such a rule has a form for columns too.
        """
        pairs = [(self.left, self.right)]
        if self.entrywise:
            filled = any(e.op is ONES for e in postorder(self.left, self.right))
            shapes = [("m",), (), ("l", "m", "n")] if filled else [(), ("l", "m", "n")]
            pairs += [(self._over(*shape), self._over(*shape, side="right")) for shape in shapes]
        if self.mirrored and not self.left.is_scalar:
            pairs.append((self.left.T, self.right.T))
        if self.ordered:
            u, v = self.ordered
            pairs += [(substitute(left, {u: v, v: u}), substitute(right, {u: v, v: u})) for left, right in pairs]
        return pairs

    def _over(self, *shape: str, side: str = "left") -> Expr:
        """A side with all its matrices of another shape; what is a scalar stays one."""
        root: Expr = getattr(self, side)
        wide = [e for e in _letters(root) if not e.is_scalar]
        new = {e: symbol(e["name"], *shape, properties=frozenset(e["properties"]), role=e["role"]) for e in wide}
        like = shape_with(map(Size.of, shape))
        return substitute(root, {**new, **{e: ones(like) for e in postorder(root) if e.op is ONES}})


RULES: dict[str, Rule] = {}


def _letters(e: Expr) -> list[Expr]:
    return [x for x in postorder(e) if is_letter(x)]


def declare_rule(
    name: str, left: Expr, right: Expr, tag: Tag, reason: str, cite: str, *, entrywise: bool = False, mirrored: bool = True,
    over_complex: bool = False, ordered: tuple[Expr, ...] = (),
) -> Rule:  # fmt: skip
    """Enter a rule into the table, and where it is canonical into the glue.

    `over_complex` says that it holds for complex numbers too, where that does not follow from its holding for real ones.
    """
    if name in RULES:
        raise ValueError(f"rule '{name}' is declared twice")
    if over_complex or extends(left, right):
        left, right, ordered = _over_complex(left), _over_complex(right), tuple(map(_over_complex, ordered))
    rule = Rule(name, left, right, tag, reason, cite, entrywise, mirrored, ordered)
    RULES[name] = rule
    if tag is CANONICAL:
        # All forms are compiled before any is entered: a form of a rule must not rewrite another.
        for pattern, template in [(canonical(left), right) for left, right in rule.sides()]:
            if pattern is not canonical(template):
                _enter(rule, pattern, template)
    return rule


def _over_complex(e: Expr) -> Expr:
    """A side whose letters may stand for what is complex."""
    return substitute(e, {x: symbol(x["name"], *x.shape, properties=frozenset(x["properties"]), role=OVER_COMPLEX) for x in _letters(e)})


def forget_compilation() -> None:
    """Let go of normal forms that were found while rules were still missing; called when the table is full."""
    for rule in RULES.values():
        for side in (side for pair in rule.sides() for side in pair):
            for e in postorder(side):
                for found in ("canonical", "laws", "transposed"):
                    e.memo.pop(found, None)


def _enter(rule: Rule, pattern: Expr, template: Expr) -> None:
    if pattern.op.name == "matmul":

        def window(chain: list[Expr], start: int) -> tuple[int, Expr] | None:
            length = len(pattern.args)
            found = match_window(pattern, chain, start, nonneg_only)
            if found is None and length == 2:
                length, found = match_product_beside(pattern, chain, start, nonneg_only)
            if found is None:
                return None
            note(rule.name)
            return length, instance(template, found)

        first = "" if is_bare(pattern.args[0]) else pattern.args[0].op.name
        needs = frozenset(f.op.name for f in pattern.args if not is_bare(f))
        WINDOWS.setdefault(first, []).append((needs, window))
    else:

        def rewrite(e: Expr) -> Expr | None:
            new = rewritten_at_head(pattern, template, e, nonneg_only)
            if new is not None:
                note(rule.name)
            return new

        needs = needed_below(pattern)
        for head in ("power", "hadamard", "scale") if pattern.op.name == "power" else (pattern.op.name,):
            RULES_AT.setdefault(head, []).append((needs, rewrite))


def needed_below(pattern: Expr) -> frozenset[str]:
    """The operations that an instance of the pattern has below its head; letters and numbers may be anything."""
    letters = {"symbol", "number"}
    return frozenset(operations_below(pattern) - letters) if pattern.op.name != "matmul" else frozenset()


def match_window(pattern: Expr, chain: list[Expr], start: int, has: Has) -> Binding | None:
    """How a window of a chain is an instance of a product pattern."""
    window = tuple(chain[start : start + len(pattern.args)])
    if len(window) < len(pattern.args):
        return None
    return next(sequences(pattern.args, window, EMPTY, has), None)


def match_product_beside(pattern: Expr, chain: list[Expr], start: int, has: Has) -> tuple[int, Binding | None]:
    """How f(A) A or A f(A) stands at a place of a chain where A is itself a product: (PᵀP)⁻¹PᵀP; its length, and the binding."""
    first, second = pattern.args
    if is_bare(second) and chain[start].op is first.op:
        for found in matches(first, chain[start], EMPTY, has):
            whole = instance(second, found) if all(x in found.letters for x in _letters(second)) else second
            if whole.op.name == "matmul" and tuple(chain[start + 1 : start + 1 + len(whole.args)]) == whole.args:
                return 1 + len(whole.args), found
    elif is_bare(first):
        for at in range(start + 2, min(start + WIDEST, len(chain))):
            if chain[at].op is not second.op or not _may_fit(second, chain[at]):
                continue
            for found in matches(second, chain[at], EMPTY, has):
                whole = instance(first, found) if all(x in found.letters for x in _letters(first)) else first
                if whole.op.name == "matmul" and tuple(chain[start:at]) == whole.args:
                    return at - start + 1, found
    return 0, None


def _may_fit(pattern: Expr, e: Expr) -> bool:
    """Whether the operation below the head is that of the pattern: of f(A)ᵀ, f."""
    inside = pattern.args[0]
    return is_letter(inside) or e.args[0].op is inside.op


def is_bare(pattern: Expr) -> bool:
    """Whether this is a letter or a transposed one."""
    return is_letter(pattern.args[0] if pattern.op.name == "transpose" else pattern)


def rewritten_at_head(pattern: Expr, template: Expr, e: Expr, has: Has) -> Expr | None:
    """The canonical node e with the rule pattern → template applied at its head, or None."""
    if e.op.name in ("hadamard", "scale", "power") and pattern.op.name in (e.op.name, "power"):
        return _in_powers(pattern, template, e, has)
    if e.op is not pattern.op:
        return None
    if e.op.name == "add":
        return _in_sum(pattern, template, e, has)
    found = next(matches(pattern, e, EMPTY, has), None)
    return None if found is None else instance(template, found)


def _in_sum(pattern: Expr, template: Expr, e: Expr, has: Has) -> Expr | None:
    """Some terms of a sum, all with one number in front of what the pattern has."""
    c = coefficient(pattern.args[0])[0]
    for ratio in {coefficient(t)[0] / c for t in e.args}:
        wanted = [build("scale", number(ratio), p) if ratio != 1 else p for p in pattern.args]
        found = next(choices(wanted, list(e.args), EMPTY, has), None)
        if found is not None:
            new = build("scale", number(ratio), instance(template, found[0]))
            return build("add", new, *found[1]) if found[1] else new
    return None


def _in_powers(pattern: Expr, template: Expr, e: Expr, has: Has) -> Expr | None:
    """Some factors of a commutative product; a rule for b² takes every pair of a higher power too."""
    wanted, entries = _bases(pattern), _bases(e)
    found = next(choices([b for b, _ in wanted], [b for b, _ in entries], EMPTY, has), None)
    if found is None:
        return None
    binding, left = found
    have = dict(entries)
    need: dict[Expr, Fraction] = {}
    for base, p in wanted:
        bound = instance(base, binding)
        if not isinstance(p, Fraction):
            return None
        need[bound] = need.get(bound, Fraction(0)) + p
    times = min((_whole(have.get(b), p) for b, p in need.items()), default=0)
    if times == 0 or (times < 0 and len(need) > 1):
        return None
    rest = [power_node(b, have[b]) for b in left if b not in need]
    for b, p in need.items():
        over = have[b]
        assert isinstance(over, Fraction)
        if over != times * p:
            rest.append(build("power", b, number(over - times * p)))
    new = instance(template, binding)
    if times != 1:
        new = build("power", new, number(Fraction(times)))
    if e.op.name == "scale":
        return build("scale", *sorted((new, *rest), key=lambda factor: not factor.is_scalar)) if rest else new
    return build("hadamard", new, *rest) if rest else new


def _bases(e: Expr) -> list[tuple[Expr, Exponent]]:
    """What is raised in a product, and to which power; 2 and 2^(1/2), which stand apart, are one power of 2."""
    found: dict[Expr, Exponent] = {}
    for h in e.args if e.op.name in ("hadamard", "scale") else (e,):
        base, p = (h.args[0], as_exponent(h.args[1])) if h.op.name == "power" else (h, Fraction(1))
        found[base] = as_exponent(build("add", exponent_node(found[base]), exponent_node(p))) if base in found else p
    return list(found.items())


def _whole(have: Fraction | Expr | None, need: Fraction) -> int:
    """How often a power holds the power that a rule needs."""
    return int(have / need) if isinstance(have, Fraction) else 0

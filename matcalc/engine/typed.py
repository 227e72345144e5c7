"""What the user typed: sums and elementwise products that keep their form wherever they come back in an answer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from matcalc.core.builders import turned
from matcalc.core.canonical import canonical, transposes
from matcalc.core.expression import Expr, plain, postorder, rebuilt, transform
from matcalc.core.indices import bound, deepest, free, put
from matcalc.core.leaves import index, number
from matcalc.core.terms import build, primitive
from matcalc.engine.naming import written_sizes
from matcalc.engine.signs import outside_names

WORDS = ("matmul", "tr")
"""Scalars that may be written in many ways: xᵀy is yᵀx, and a trace has rotations."""

LONGEST = 60
"""A word of more nodes than this, written out, has nothing that is worth keeping."""

ANY = 1 << 23
"""The level of an index that stands for any: what is the same for every value of an index is compared at this one."""

INDICES = 2
"""What holds more indices than this is known at its own levels only."""


class Typed:
    """The user's sums, elementwise products, and scalars such as bᵀx, by their normal forms, and by those of their transposes."""

    def __init__(self, roots: Iterable[Expr]) -> None:
        self.forms: dict[Expr, Expr] = {}
        self.sums_of: dict[Expr, list[Expr]] = {}
        """The sums that a term stands in."""
        self._sums: tuple[int, set[Expr]] = 0, set()
        roots = list(roots)
        sizes = written_sizes(*roots)
        flat: dict[Expr, Expr] = {}
        for e in postorder(*roots):
            flat[e] = rebuilt(e, tuple(flat[a] for a in e.args))
            if sizes[e] <= LONGEST:
                flat[e] = _in_one_chain(flat[e])
            if e.op.name not in WORDS or sizes[e] <= LONGEST:
                self._remember(flat[e])
        self._spread(range(2 + max(map(deepest, roots), default=-1)))

    def __contains__(self, e: Expr) -> bool:
        return e in self.forms

    def __getitem__(self, e: Expr) -> Expr:
        return self.forms[e]

    def _remember(self, e: Expr) -> None:
        if e.is_scalar and e.op.name in WORDS:
            normal = canonical(e)
            if normal.op.name in WORDS:
                self.forms.setdefault(normal, e)
            return
        if e.op.name not in ("add", "hadamard"):
            return
        normal = canonical(e)
        if normal.op is e.op and len(normal.args) < len(e.args):
            return  # tr(A B) + tr(B A) has like terms
        if e.op.name == "hadamard" and any(a.op.name == "power" for a in e.args):
            return  # q ⊙ p⁻¹ reads better as a quotient
        if normal.op.name in ("add", "hadamard"):
            self.forms.setdefault(normal, e)
            if normal.op.name == "add":
                for t in normal.args:
                    self.sums_of.setdefault(t, []).append(normal)
            mirror = build("transpose", normal)
            if mirror is not normal and mirror.op is normal.op:
                self.forms.setdefault(mirror, _turned(e))

    def _spread(self, levels: Iterable[int]) -> None:
        """What was typed under a sum is known at whatever level the sum stands in an answer: X − 1 μₖᵀ and X − 1 μᵢᵀ."""
        for normal, e in list(self.forms.items()):
            indices = bound(free(normal))
            if 0 < len(indices) <= INDICES:
                for others in permutations((*levels, ANY), len(indices)):
                    self._remember(put(e, {i: index(level, i["size"]) for i, level in zip(indices, others, strict=True)}))

    def introduce(self, name: Expr) -> None:
        """A name that is made late stands in what was typed too."""
        for normal, e in list(self.forms.items()):
            if name.args[0] in postorder(normal, below=outside_names):
                self._remember(transform(e, lambda x, args: name if canonical(x) is name.args[0] else rebuilt(x, args)))

    def sums(self) -> set[Expr]:
        """The sums in normal form, as they stand, with the other sign, and without their common number."""
        if self._sums[0] != len(self.forms):
            sums = {e for e in self.forms if e.op.name == "add"}
            self._sums = len(self.forms), sums | {build("scale", number(-1), e) for e in sums} | {primitive(e)[1] for e in sums}
        return self._sums[1]

    def part_of(self, e: Expr) -> Expr | None:
        """The largest of the sums whose terms are among those of the sum e, and not all of them."""
        if len(e.args) < 3:
            return None
        terms = set(e.args)
        found = [s for t in e.args for s in self.sums_of.get(t, ()) if len(s.args) < len(terms) and terms.issuperset(s.args)]
        return max(found, key=lambda s: (len(s.args), s.key), default=None)


def _in_one_chain(e: Expr) -> Expr:
    """A product of products without the inner brackets: what they say is the order of work, not what is meant."""
    if e.op.name != "matmul" or not any(a.op is e.op for a in e.args):
        return e
    return plain(e.op, *(f for a in e.args for f in (a.args if a.op is e.op else (a,))))


def _turned(e: Expr) -> Expr:
    """The transpose of a sum or of an elementwise product, of a sum term by term where that has fewer transposes: X − Aᵀ for Xᵀ − A."""
    whole = turned(e)
    if e.op.name != "add":
        return whole
    by_terms = rebuilt(e, tuple(rebuilt(t, (*t.args[:-1], turned(t.args[-1]))) if t.op.name == "scale" else turned(t) for t in e.args))
    return by_terms if transposes(by_terms) < transposes(whole) else whole

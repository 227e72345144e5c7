"""The catalogue: every operation and every rule, with its statement, its reason, where it can be looked up, and a worked line.

Nothing here is written by hand: a page is made from the declaration, and its worked line is derived and checked when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath

from matcalc.core.abstract import APPLICATIONS
from matcalc.core.builders import chained, inner_product, matrix_product, times
from matcalc.core.canonical import canonical
from matcalc.core.derivation import Reason
from matcalc.core.equation import axes, extent, letters
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import SYMBOL, number, symbol
from matcalc.core.operation import OPERATIONS, Kind, Operation
from matcalc.core.rule import RULES, Rule, Tag
from matcalc.core.size import Shape, Size
from matcalc.emit.pretty import pretty
from matcalc.emit.wording import PLAIN, told
from matcalc.engine.answer import gradient_answer
from matcalc.engine.arrange import Arrangement
from matcalc.engine.reasons import crossing, is_notation, origin, slope
from matcalc.errors import CheckFailed, MatcalcError, NameMistake
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

APPLIED = {
    Tag.CANONICAL: "whenever an expression is built",
    Tag.SIMPLIFY: "to a result, where it makes it shorter to read",
    Tag.MOVE: "where a derivation asks for it",
}
WIDTH = 44
LETTERS = "XYZW"


@dataclass(frozen=True)
class Entry:
    """One page: what it is called, what it says, why, and where that stands in a book."""

    name: str
    kind: str
    chapter: str
    statements: tuple[str, ...]
    reason: str
    cite: str
    source: Operation | Rule

    @property
    def line(self) -> str:
        """The entry in one line, for a list."""
        return f"{self.name.ljust(WIDTH)}  {self.statements[0]}"

    def example(self) -> str:
        """A worked line, checked; empty where there is none."""
        return _rule_example(self.source) if isinstance(self.source, Rule) else _operation_example(self.source)

    def __str__(self) -> str:
        rows = [f"{self.name}  ({self.kind})", *(f"  {s}" for s in self.statements), f"  {self.reason}", f"  see {self.cite}"]
        example = self.example()
        return "\n".join([*rows, *([f"  for example  {example}"] if example else [])])


def entries() -> Iterator[Entry]:
    """All operations of the language, and all rules."""
    for op in OPERATIONS.values():
        if op.kind not in (Kind.LEAF, Kind.BINDER) and not is_notation(op) and op.name not in APPLICATIONS:
            yield operation_entry(op)
    for rule in RULES.values():
        statement = f"{pretty(rule.left, compact=True)} = {pretty(rule.right, compact=True)}{_conditions(rule)}"
        yield Entry(rule.name, f"rule, applied {APPLIED[rule.tag]}", "rules", (statement,), rule.reason, rule.cite, rule)


def look_up(name: str) -> list[Entry]:
    """The entries of a name: that very name, else those that have it in theirs.  Raises NameMistake."""
    known = list(entries())
    exact = [e for e in known if name in (e.name, *(e.source.words if isinstance(e.source, Operation) else ()))]
    some = exact or [e for e in known if name.lower() in e.name.lower()]
    if not some:
        near = get_close_matches(name, [e.name for e in known], 1)
        raise NameMistake(f"the catalogue has no {name!r}" + (f"; the nearest is {near[0]!r}" if near else "; see matcalc rules"))
    return some


def listing() -> str:
    """The whole catalogue, a line for each entry, under its chapters."""
    rows: list[str] = []
    chapter = ""
    for e in entries():
        if e.chapter != chapter:
            chapter = e.chapter
            rows += ["", chapter] if rows else [chapter]
        rows.append(f"  {e.line}")
    return "\n".join(rows)


def _conditions(rule: Rule) -> str:
    letters = {x["name"]: x["properties"] for x in postorder(rule.left) if x.op is SYMBOL and x["properties"]}
    told_ = [p.statement.format(name) for name, properties in letters.items() for p in properties[:1]]
    return f"   where {', '.join(told_)}" if told_ else ""


def operation_entry(op: Operation) -> Entry:
    """The entry of an operation."""
    chapter = PurePath(op.place.rpartition(":")[0]).stem or "core"
    statements = tuple(dict.fromkeys(s for s in (told(r, PLAIN) for r in _statements(op)) if s))
    said = op.doc.splitlines()[0]
    return Entry(op.name, op.kind.value, chapter, statements or (said,), said, op.cite or "definition", op)


def applied(op: Operation) -> Expr | None:
    """The operation on letters; None where it needs literal arguments."""
    if op.parameters or op.shape_of is not None:
        return None
    args = []
    for k in range(op.arity):
        word = op.equation.inputs[k] if op.equation is not None else "" if k in op.exact else "mn"
        shape = [extent(axis, {c: Size.of(c) for c in letters(axis)}) for axis in axes(word)]
        args.append(number(3) if k in op.exact else symbol(LETTERS[k] if len(shape) == 2 else LETTERS[k].lower(), *shape))
    return op(*args)


def _statements(op: Operation) -> list[Reason]:
    """What is declared: the differential, how a factor crosses the colon, the equation that defines the result."""
    if op.kind in (Kind.MULTILINEAR, Kind.LINEAR):
        plain_ = op.equation is not None and op.body is not None and not op.parameters
        return [crossing(op, k) for k in range(op.arity)] if plain_ and (op.arity == 1 or op.kind is Kind.MULTILINEAR) else []
    e = applied(op)
    if e is None or (op.kind is Kind.DEFINITION and op.body is None):
        return []
    if op.kind is Kind.DEFINITION and op.body is not None:
        return [Reason(e, op.body(*e.args, **dict(e.attrs)))]
    dependent = {e, *(a for a in e.args if a.op is SYMBOL)}
    found_ = []
    if not op.is_word:
        raw = slope(e, dependent)
        assert raw.left is not None and raw.right is not None
        found_.append(Reason(raw.left, Arrangement([e], dependent)(canonical(raw.right)), words=raw.words))
    if op.defining is not None:
        found_.append(Reason(e, op.defining(*e.args, **dict(e.attrs))))
    return [*found_, *(Reason(r.left, r.right) for r in origin(e))]


def _operation_example(op: Operation) -> str:
    """The gradient of the operation, or of its inner product with another matrix, by its first argument."""
    e = applied(op)
    if e is None or not e.args or e.args[0].op is not SYMBOL or op.is_word:
        return ""
    x = e.args[0]
    f = e if e.is_scalar else inner_product(symbol("G", *e.shape), e)
    try:
        value = gradient_answer(f, x).value
        verdict = Oracle(points_for([f], {x}).points).check_gradient(f, x, value)
    except MatcalcError:
        return ""
    if verdict.passed is False:
        raise CheckFailed(f"the worked line of {op.name} did not pass its check; please report it")
    return f"∂({pretty(f)})/∂{pretty(x)} = {pretty(value)}" if verdict.passed else ""


def _rule_example(rule: Rule) -> str:
    """The rule with a product in place of its first letter that has no condition."""
    letters = [x for x in postorder(rule.left) if x.op is SYMBOL]
    free = next((x for x in letters if not x["properties"]), None)
    if free is None:
        return ""
    plain_ = {x: symbol(x["name"], *x.shape, properties=frozenset(x["properties"])) for x in letters if x is not free}
    plain_[free] = _product_like(free, {x["name"] for x in letters})
    left, right = chained(substitute(rule.left, plain_)), chained(substitute(rule.right, plain_))
    verdict = Oracle(points_for([left, right]).points).holds(left, right)
    if verdict.passed is False:
        raise CheckFailed(f"the worked line of '{rule.name}' did not pass its check; please report it")
    return f"{pretty(left)} = {pretty(right)}" if verdict.passed else ""


def _product_like(x: Expr, used: set[str]) -> Expr:
    """A product of two letters in the shape of one."""
    names = [c for c in ("KLHQUV" if not x.is_column else "uvwpqr") if c not in used]
    if x.is_scalar:
        return times(symbol(names[0]), symbol(names[1]))
    rows, columns = x.shape
    if x.is_column:
        return matrix_product(symbol("H" if "H" not in used else "K", rows, rows), symbol(names[0], rows))
    inner: Shape = (rows, rows)
    return matrix_product(symbol(names[0], *inner), symbol(names[1], rows, columns))

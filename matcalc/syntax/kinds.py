"""Kinds: whether each part of a text is a scalar, a vector, a row or a matrix.

A puzzle of variables (one for each name, one for each result) that take sets of kinds, and of constraints, each a short table
of what may stand together.  Constraints narrow the sets until nothing changes; names that are still open then take the kind
that their letter suggests, in order of appearance, and another one where that does not fit.  Nothing here knows sizes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from matcalc.core.equation import Equation, axes, letters
from matcalc.core.operation import Operation
from matcalc.core.words import spellings
from matcalc.errors import Ambiguous
from matcalc.syntax.letters import GREEK_NAMES
from matcalc.syntax.tree import Branch

S, V, R, M, A = 1, 2, 4, 8, 16
"""Scalar, vector, row, matrix, and array of order three or more."""
ANY = S | V | R | M | A
NAMEABLE = S | V | M
WORDS = {S: "scalar", V: "vector", R: "row", M: "matrix", A: "array"}
Table = tuple[tuple[int, ...], ...]

_EACH = (S, V, R, M)
SAME: Table = tuple((k, k, k) for k in (*_EACH, A))
SPREAD_LEFT: Table = tuple((S, k, k) for k in (*_EACH[1:], A))
SPREAD_RIGHT: Table = tuple((k, S, k) for k in (*_EACH[1:], A))
ELEMENTWISE: Table = (*SAME, *SPREAD_LEFT, *SPREAD_RIGHT)
STACKED: Table = ((S, V), (V, M), (M, A), (A, A))
MATMUL: Table = (
    (V, V, S), (R, V, S), (V, R, M), (V, M, V), (R, M, R), (M, V, V), (M, M, M),
)  # fmt: skip
POWER: Table = tuple((k, S, k) for k in (*_EACH, A)) + tuple((k, k, k) for k in (*_EACH[1:], A)) + SPREAD_LEFT
TRANSPOSE: Table = ((S, S), (V, R), (R, V), (M, M))
INNER: Table = ((S, S, S), (V, V, S), (R, R, S), (M, M, S), (A, A, S))
OF_A_SCALAR: Table = ((S, S, S), (S, V, V), (S, R, R), (S, M, M), (S, A, A))
EQUAL: Table = ((S, S), (V, V), (R, R), (M, M))
INVERSE: Table = ((S, S), (V, V), (M, M))
WORDS_ALONE = {"dot": INNER, "grad": OF_A_SCALAR}
"""Words that are no operations."""
MOST_TRIALS = 5_000
CAPITAL = (M, V, S, R)
SHORT_GREEK = frozenset({"lam", "lamda", "lmbda", "eps"})
"""How people spell λ and ε where lambda is a keyword or too long."""


@lru_cache(maxsize=1024)
def signature(op: Operation, single: bool = False) -> Table:
    """What kinds the arguments and the result of an operation may have together.

    A letter of its equation is 1 or more than 1; a letter that is a whole word makes a vector, so it is more than 1.  `single`
    says that the range which it takes is one position long.
    """
    if op.is_of_entries:
        return tuple(
            (*row, max(row)) for row in product((*_EACH, A), repeat=op.arity) if len({k for k in row if k != S}) <= 1
        )
    assert op.equation is not None
    table = _kinds_of(op.equation, single)
    if op.entrywise:
        table += (tuple(A if word else S for word in (*op.equation.inputs, op.equation.output)),)
    if op.entrywise or (not op.written.startswith("[") and not any(None not in spellings(value) for value in op.options.values())):
        return table
    # Subscripts, and what a call says of an axis or an order, count the axes that the arguments have: sum(x, axis=1) of a vector has none.
    whole = [M if len(axes(word)) == 2 else V if axes(word) else S for word in op.equation.inputs]
    if op.written in ("[i:j]", "[:, i:j]"):
        whole = [M | (V if op.written == "[i:j]" else R)]
    return tuple(row for row in table if all(kind & mask for kind, mask in zip(row[:-1], whole, strict=True)))


def call_table(operations: tuple[Operation, ...], single: bool = False) -> Table:
    """The kinds that fit any of the operations."""
    return tuple(dict.fromkeys(row for op in operations for row in signature(op, single)))


def _kinds_of(equation: Equation, single: bool) -> Table:
    """A letter is 1 or more than 1; an axis that is a whole word makes a vector, so it is more than 1.

    So are digits and sums; a difference, the length of a range, is unless it is `single`.
    """
    words = tuple(axes(word) for word in (*equation.inputs, equation.output))
    names = sorted({letter for word in words for axis in word if "-" not in axis for letter in letters(axis)})
    rows = []
    for choice in product((True, False), repeat=len(names)):
        large = {letter for letter, is_large in zip(names, choice, strict=True) if is_large} | {"+", *"3456789"}
        large |= set() if single else {"-"}
        if all(large & set(word[0]) for word in words if len(word) == 1):
            rows.append(tuple(_kind_of(word, large) for word in words))
    return tuple(dict.fromkeys(rows))


def _kind_of(word: tuple[str, ...], large: set[str]) -> int:
    rows, columns = [bool(large & set(axis)) for axis in (*word, "", "")][:2]
    return M if rows and columns else V if rows else R if columns else S


def derivative(at: tuple[int, ...], count: int, is_column: bool) -> Table:
    """The kinds of so many arguments, and of a derivative in those that `at` lists, of a function with numbers or columns as values."""
    table = []
    for row in product((S, V) if is_column else _EACH, repeat=count):
        axes = [V] * is_column + [row[k] for k in at if row[k] != S]
        if len(axes) < 3:
            table.append((*row, axes[0] if len(axes) == 1 else M if axes else S))
    return tuple(table)


def by_letter(name: str) -> tuple[int, ...]:
    """The kinds of a name that nothing decides, likeliest first.

    A small letter is rather a scalar than a matrix: t in `A + t*B`.

    >>> [WORDS[by_letter(n)[0]] for n in ("X", "x", "b", "beta_1", "lam")]
    ['matrix', 'vector', 'scalar', 'scalar', 'scalar']
    """
    if name[0].isupper():
        return CAPITAL
    if name[0] in "abcdefg" or name.rstrip("0123456789").split("_")[0] in GREEK_NAMES | SHORT_GREEK:
        return (S, V, M, R)
    return (V, S, M, R)


@lru_cache(maxsize=4096)
def _revised(table: Table, masks: tuple[int, ...]) -> tuple[int, ...] | None:
    """The sets of kinds that a table leaves, or None where it leaves none."""
    kept = [0] * len(masks)
    for row in table:
        if all(kind & mask for kind, mask in zip(row, masks, strict=True)):
            for place, kind in enumerate(row):
                kept[place] |= kind
    return tuple(kept) if kept[0] else None


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """That the variables stand together as a table says, because of this branch."""

    branch: Branch
    table: Table
    variables: tuple[int, ...]


class Puzzle:
    """Variables with sets of kinds, constraints between them, and who is open to be decided by letter."""

    def __init__(self) -> None:
        self.domains: list[int] = []
        self.constraints: list[Constraint] = []
        self.watching: list[list[int]] = []
        self.letters: dict[int, tuple[int, ...]] = {}

    def variable(self, domain: int = ANY) -> int:
        """A new variable."""
        self.domains.append(domain)
        self.watching.append([])
        return len(self.domains) - 1

    def constrain(self, branch: Branch, table: Table, *variables: int) -> None:
        """A new constraint; where a variable stands twice, only rows with equal kinds there are kept."""
        first = [variables.index(v) for v in variables]
        if len(set(variables)) < len(variables):
            table = tuple(row for row in table if all(row[k] == row[f] for k, f in enumerate(first)))
        for v in set(variables):
            self.watching[v].append(len(self.constraints))
        self.constraints.append(Constraint(branch, table, variables))

    def solve(self, first: int | None = None) -> Solution | None:
        """Kinds that fit the first so many constraints (all of them by default), or None.

        Raises Ambiguous where too many readings had to be tried.
        """
        solution = Solution(self, len(self.constraints) if first is None else first)
        return solution if solution.found() else None

    def failing(self) -> int:
        """The position of the first constraint that does not fit together with those before it."""
        low, high = 0, len(self.constraints) - 1
        while low < high:
            middle = (low + high) // 2
            if self.solve(middle + 1) is None:
                high = middle
            else:
                low = middle + 1
        return low


class Solution:
    """A state of the search: the sets, and for each variable the constraint that narrowed it last."""

    def __init__(self, puzzle: Puzzle, count: int) -> None:
        self.puzzle, self.count = puzzle, count
        self.kinds = list(puzzle.domains)
        self.because: list[int | None] = [None] * len(self.kinds)
        self.defaulted: set[int] = set()
        self.trail: list[tuple[int, int, int | None]] = []

    def found(self) -> bool:
        """Narrow, then decide; False where nothing fits."""
        if not self._narrow(range(self.count)):
            return False
        rest = [(v, (S, V, M, R, A)) for v in range(len(self.kinds))]
        letters, start = list(self.puzzle.letters.items()), len(self.trail)
        if not self._decide([*letters, *rest]):
            return False
        if all(self.kinds[v] == M for v, preferred in letters if preferred is CAPITAL):
            return True
        # That A is a matrix is surer than that t is a vector, in t*A: once more, capitals first.
        self._undo(start)
        return self._decide([*sorted(letters, key=lambda choice: choice[1] is not CAPITAL), *rest])

    def _narrow(self, waiting: Sequence[int]) -> bool:
        queue, queued = deque(waiting), set(waiting)
        kinds, constraints, watching = self.kinds, self.puzzle.constraints, self.puzzle.watching
        while queue:
            number = queue.popleft()
            queued.discard(number)
            constraint = constraints[number]
            before = tuple([kinds[v] for v in constraint.variables])
            after = _revised(constraint.table, before)
            if after is None:
                return False
            if after == before:
                continue
            for v, old, new in zip(constraint.variables, before, after, strict=True):
                if new != old and kinds[v] != new:
                    self._set(v, new, number)
                    fresh = [d for d in watching[v] if d < self.count and d not in queued]
                    queue.extend(fresh)
                    queued.update(fresh)
        return True

    def _set(self, v: int, mask: int, because: int | None) -> None:
        self.trail.append((v, self.kinds[v], self.because[v]))
        self.kinds[v], self.because[v] = mask, because

    def _undo(self, length: int) -> None:
        while len(self.trail) > length:
            v, mask, because = self.trail.pop()
            self.kinds[v], self.because[v] = mask, because

    def _decide(self, choices: list[tuple[int, tuple[int, ...]]]) -> bool:
        """Give each open variable its likeliest kind, and go back where that does not fit."""
        stack: list[tuple[int, list[int], int]] = []
        at, trials = 0, 0
        while True:
            while at < len(choices) and self.kinds[choices[at][0]] in WORDS:
                at += 1
            if at == len(choices):
                break
            v, preferred = choices[at]
            stack.append((at, [k for k in reversed(preferred) if k & self.kinds[v]], len(self.trail)))
            while stack:
                at, options, length = stack[-1]
                self._undo(length)
                if not options:
                    stack.pop()
                    continue
                trials += 1
                if trials > MOST_TRIALS:
                    raise Ambiguous("too many readings of these names are possible; declare some of them with --where")
                v = choices[at][0]
                self._set(v, options.pop(), self.because[v])
                if self._narrow([c for c in self.puzzle.watching[v] if c < self.count]):
                    break
            else:
                return False
        self.defaulted = {choices[at][0] for at, _, _ in stack}
        return True

"""Matrices side by side and below one another, and ranges of rows and of columns; positions count from 0."""

from collections.abc import Sequence
from itertools import accumulate

from matcalc.core.expression import Expr, plain
from matcalc.core.leaves import ONES, identity, is_zero_leaf, ones, zeros
from matcalc.core.operation import OPERATIONS, Domain, Notation, definition, linear
from matcalc.core.property import NONNEG, POSITIVE
from matcalc.core.size import ONE, Size
from matcalc.core.terms import Term, join, split

_KEEPS = {NONNEG: (NONNEG,), POSITIVE: (POSITIVE,)}
_NOTHING = Size.of(0)


def _below_one_another(parts: Sequence[Expr]) -> Expr:
    """The parts as one matrix; a single one is itself."""
    return parts[0] if len(parts) == 1 else plain(OPERATIONS["vstack"], *parts)


def _some_rows(X: Expr, i: Size, j: Size) -> Expr:
    """Rows i to j, all of them where that is the whole."""
    return X if i is _NOTHING and j is X.shape[0] else OPERATIONS["rows"](X, i=i, j=j)


def _some_columns(X: Expr, i: Size, j: Size) -> Expr:
    """Columns i to j; of a row they are entries."""
    if i is _NOTHING and j is X.shape[1]:
        return X
    return OPERATIONS["rows"](X.T, i=i, j=j).T if X.shape[0] is ONE else OPERATIONS["columns"](X, i=i, j=j)


def _without_scalars(name: str, parts: Sequence[Expr]) -> Expr | None:
    """Zeros alone are zeros; the scalars of the only part that is none stand in front."""
    whole = [k for k, a in enumerate(parts) if not is_zero_leaf(a)]
    if not whole:
        return zeros(plain(OPERATIONS[name], *parts).shape)
    term = split(parts[whole[0]])
    if len(whole) > 1 or parts[whole[0]].is_scalar or (term.coefficient == 1 and not term.powers):
        return None
    only = join(Term(chain=term.chain), parts[whole[0]].shape)
    stack = plain(OPERATIONS[name], *parts[: whole[0]], only, *parts[whole[0] + 1 :])
    return plain(OPERATIONS["scale"], join(Term(term.coefficient, term.powers), (ONE, ONE)), stack)


def _selector(place: int, parts: Sequence[Expr]) -> Expr:
    """The matrix that puts a part into its place among zeros: [0; I; 0]."""
    width = parts[place].shape[0]
    pieces = [identity(width) if k == place else zeros((a.shape[0], width)) for k, a in enumerate(parts)]
    return plain(OPERATIONS["vstack"], *pieces)


def _spread(count: Size, of_column: Expr) -> Expr:
    """I ⊗ S: what is done to each column."""
    return OPERATIONS["kron"](identity(count), of_column)


@linear(
    "mn,pn->(m+p)n", variadic=True, stacked=lambda place, *parts: _spread(parts[0].shape[1], _selector(place, parts)), value=lambda N, *parts: N.function("vstack", *parts), rowwise=True, form=lambda *parts: _without_scalars("vstack", parts), gives=_KEEPS, cite="definition",
    notation=Notation("[{*; }]", r"\begin{bmatrix} {* \\ } \end{bmatrix}", "np.vstack(({*, }))"),
)  # fmt: skip
def vstack(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Matrices (or vectors) one below the other."""
    return _some_rows(G, _NOTHING, A.shape[0]), _some_rows(G, A.shape[0], G.shape[0])


@linear(
    "mp,mq->m(p+q)", variadic=True, stacked=lambda place, *parts: _selector(place, [OPERATIONS["vec"](a) for a in parts]), value=lambda N, *parts: N.function("hstack", *parts), form=lambda *parts: _without_scalars("hstack", parts), gives=_KEEPS, cite="definition",
    notation=Notation("[{*, }]", r"\begin{bmatrix} {* & } \end{bmatrix}", "np.column_stack(({*, }))"),
)  # fmt: skip
def hstack(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Matrices side by side; vectors are columns."""
    return _some_columns(G, _NOTHING, A.shape[1]), _some_columns(G, A.shape[1], G.shape[1])


@definition(
    "mp,mq,np,nq->(m+n)(p+q)", is_linear=True, gives=_KEEPS, cite="definition",
    notation=Notation("[{0}, {1}; {2}, {3}]", r"\begin{bmatrix} {0} & {1} \\ {2} & {3} \end{bmatrix}", "np.block([[{0}, {1}], [{2}, {3}]])"),
)  # fmt: skip
def block(A: Expr, B: Expr, C: Expr, D: Expr) -> Expr:
    """Matrix of four blocks, A and B above C and D."""
    return vstack(hstack(A, B), hstack(C, D))


def _is_empty(X: Expr, *, i: Size, j: Size) -> bool:
    length = (j + i * -1).number()
    return length is not None and length < 1


def _is_beyond(axis: int) -> "Domain":
    def beyond(X: Expr, *, i: Size, j: Size) -> bool:
        start, left = i.number(), (X.shape[axis] + j * -1).number()
        return (start is not None and start < 0) or (left is not None and left < 0)

    return Domain("the range goes beyond the end of its axis; positions count from 0", "never", when=beyond)


_EMPTY = Domain("the range is empty: X[i:j] goes from i up to j, without j", "never", when=_is_empty)


def _rows_form(X: Expr, *, i: Size, j: Size) -> Expr | None:
    """The range of a range; of a product that of its first factor; the parts of a stack that it holds.  Columns are taken last."""
    if i is _NOTHING and j is X.shape[0]:
        return X
    if X.op.name == "scale":
        return plain(X.op, *X.args[:-1], rows(X.args[-1], i=i, j=j))
    if X.op.name == "rows":
        return rows(X.args[0], i=X["i"] + i, j=X["i"] + j)
    if X.op.name == "columns":
        return columns(rows(X.args[0], i=i, j=j), i=X["i"], j=X["j"])
    if X.op.name == "transpose":
        return columns(X.args[0], i=i, j=j).T
    if X.op.name == "matmul":
        return plain(X.op, rows(X.args[0], i=i, j=j), *X.args[1:])
    if X.op is ONES:
        return ones((j + i * -1, X.shape[1]))
    ends = [_NOTHING, *accumulate(a.shape[0] for a in X.args)] if X.op.name == "vstack" else []
    return _below_one_another(X.args[ends.index(i) : ends.index(j)]) if i in ends and j in ends else None


def _columns_form(X: Expr, *, i: Size, j: Size) -> Expr | None:
    """Likewise."""
    if i is _NOTHING and j is X.shape[1]:
        return X
    if X.op.name == "scale":
        return plain(X.op, *X.args[:-1], columns(X.args[-1], i=i, j=j))
    if X.op.name == "columns":
        return columns(X.args[0], i=X["i"] + i, j=X["i"] + j)
    if X.op.name == "transpose":
        return rows(X.args[0], i=i, j=j).T
    if X.op.name == "matmul":
        return plain(X.op, *X.args[:-1], _some_columns(X.args[-1], i, j))
    ends = [_NOTHING, *accumulate(a.shape[1] for a in X.args)] if X.op.name == "hstack" else []
    if i not in ends or j not in ends:
        return None
    parts = X.args[ends.index(i) : ends.index(j)]
    return parts[0] if len(parts) == 1 else plain(OPERATIONS["hstack"], *parts)


@linear(
    "mn->(j-i)n", word="[i:j]", aliases=("[i:j, :]",), rowwise=True, stacked=lambda place, X, i, j: _spread(X.shape[1], OPERATIONS["rows"](identity(X.shape[0]), i=i, j=j)), form=_rows_form, gives=_KEEPS, cost=1,
    notation=Notation(numpy="{0}[{1}:{2}]"), room=lambda X, *, i, j: (j + i * -1, X.shape[0] + j * -1 + 1),
    value=lambda N, X, i, j: N.function("rows", X, i, j), domain=(_EMPTY, _is_beyond(0)), cite="definition",
)  # fmt: skip
def rows(X: Expr, G: Expr, *, i: Size, j: Size) -> Expr:
    """Rows of a matrix, or entries of a vector, from position i up to j, without j."""
    around = [zeros((i, X.shape[1])) if i is not _NOTHING else None, G]
    around.append(zeros((rest, X.shape[1])) if (rest := X.shape[0] + j * -1) is not _NOTHING else None)
    return _below_one_another([part for part in around if part is not None])


@linear(
    "mn->m(j-i)", word="[:, i:j]", stacked=lambda place, X, i, j: OPERATIONS["kron"](OPERATIONS["rows"](identity(X.shape[1]), i=i, j=j), identity(X.shape[0])), form=_columns_form, gives=_KEEPS, cost=1, notation=Notation(numpy="{0}[:, {1}:{2}]"),
    room=lambda X, *, i, j: (j + i * -1, X.shape[1] + j * -1 + 1), value=lambda N, X, i, j: N.function("columns", X, i, j),
    domain=(_EMPTY, _is_beyond(1)), cite="definition",
)  # fmt: skip
def columns(X: Expr, G: Expr, *, i: Size, j: Size) -> Expr:
    """Columns of a matrix from position i up to j, without j."""
    around = [zeros((X.shape[0], i)) if i is not _NOTHING else None, G]
    around.append(zeros((X.shape[0], rest)) if (rest := X.shape[1] + j * -1) is not _NOTHING else None)
    parts = [part for part in around if part is not None]
    return parts[0] if len(parts) == 1 else plain(OPERATIONS["hstack"], *parts)

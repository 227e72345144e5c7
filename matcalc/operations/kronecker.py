"""Kronecker products, columns stacked into a vector, and what undoes them."""

from collections.abc import Callable

from matcalc.core.expression import Expr
from matcalc.core.leaves import identity, ones
from matcalc.core.operation import OPERATIONS, Notation, multilinear
from matcalc.core.property import DIAGONAL, INVERTIBLE, LOWER, NONNEG, ORTHOGONAL, PD, POSITIVE, PSD, SYMMETRIC, UPPER
from matcalc.core.size import ONE, Size
from matcalc.core.terms import Term, chain_node, join, split
from matcalc.operations.shapes import diag

_KEEPS = {p: (p,) for p in (SYMMETRIC, PD, PSD, DIAGONAL, ORTHOGONAL, UPPER, LOWER, INVERTIBLE, POSITIVE, NONNEG)}
_LEFT = """def kron_left(G, B):
    p, q = B.shape
    return np.einsum('ikjl,kl->ij', G.reshape(G.shape[0] // p, p, G.shape[1] // q, q), B)"""
_COMMUTATION = """def commutation(m, n):
    return np.eye(m * n)[np.arange(m * n).reshape(n, m).T.ravel()]"""
_KHATRI_RAO = """def khatri_rao(A, B):
    return np.einsum('in,jn->ijn', A, B).reshape(-1, A.shape[1])"""
_RIGHT = """def kron_right(G, A):
    m, n = A.shape
    return np.einsum('ikjl,ij->kl', G.reshape(m, G.shape[0] // m, n, G.shape[1] // n), A)"""


def _dyads(G: Expr) -> list[tuple[Expr, Expr]] | None:
    """The columns x, y of a canonical sum of dyads x yᵀ, or None where some term is none."""
    found = []
    for t in G.args if G.op.name == "add" else (G,):
        term = split(t)
        cut = next((k for k, f in enumerate(term.chain) if k and f.shape[0] is ONE), None)
        if cut is None:
            return None
        rows = chain_node(term.chain[cut:])
        found.append((join(Term(term.coefficient, term.powers, term.chain[:cut]), (t.shape[0], ONE)), rows.T))
    return found


def _of_dyads(G: Expr, term: Callable[[Expr, Expr], Expr]) -> Expr | None:
    """The sum over the dyads x yᵀ that G is made of."""
    dyads = _dyads(G) if ONE not in G.shape else None
    if dyads is None:
        return None
    total = term(*dyads[0])
    for x, y in dyads[1:]:
        total = total + term(x, y)
    return total


def _left_form(G: Expr, B: Expr) -> Expr | None:
    """kron_left(x yᵀ, B) = Xᵀ B Y for x = vec X, y = vec Y."""
    (p, q), (rows, columns) = B.shape, (G.shape[0].over(B.shape[0]), G.shape[1].over(B.shape[1]))
    if rows is None or columns is None or ONE in B.shape:
        return None
    return _of_dyads(G, lambda x, y: unvec(x, m=p, n=rows).T @ B @ unvec(y, m=q, n=columns))


def _right_form(G: Expr, A: Expr) -> Expr | None:
    """kron_right(x yᵀ, A) = X A Yᵀ for x = vec X, y = vec Y."""
    (m, n), (rows, columns) = A.shape, (G.shape[0].over(A.shape[0]), G.shape[1].over(A.shape[1]))
    if rows is None or columns is None or ONE in A.shape:
        return None
    return _of_dyads(G, lambda x, y: unvec(x, m=rows, n=m) @ A @ unvec(y, m=columns, n=n).T)


def _stacked(position: int, A: Expr, B: Expr) -> Expr:
    """vec(A ⊗ B) = (I ⊗ K ⊗ I)(vec A ⊗ vec B)."""
    (m, n), (p, q) = A.shape, B.shape
    apart = kron(vec(A), identity(p * q)) if position else kron(identity(m * n), vec(B))
    return kron(kron(identity(n), commutation(m=q, n=m)), identity(p)) @ apart


def _apart(G: Expr, B: Expr, count: Size) -> Expr:
    """M with kron_right(G, A) = M vec A and kron_left(G, B) = Mᵀ vec B, columns stacked: the entries of G in another order."""
    (p, q), rows, columns = B.shape, G.shape[0].over(B.shape[0]), G.shape[1].over(B.shape[1])
    assert rows is not None and columns is not None
    order = kron(kron(identity(columns), commutation(m=q, n=rows)), identity(p))
    return unvec(order.T @ vec(G), m=p * q, n=count)


def _left_stacked(position: int, G: Expr, B: Expr) -> Expr:
    """vec kron_left(G, B), linear in G or in B."""
    (p, q), rows, columns = B.shape, G.shape[0].over(B.shape[0]), G.shape[1].over(B.shape[1])
    assert rows is not None and columns is not None
    if position:
        return _apart(G, B, rows * columns).T
    return kron(identity(rows * columns), vec(B).T) @ kron(kron(identity(columns), commutation(m=rows, n=q)), identity(p))


def _right_stacked(position: int, G: Expr, A: Expr) -> Expr:
    """vec kron_right(G, A), linear in G or in A."""
    (m, n), p, q = A.shape, G.shape[0].over(A.shape[0]), G.shape[1].over(A.shape[1])
    assert p is not None and q is not None
    if position:
        return _apart(G, ones((p, q)), m * n)
    return kron(vec(A).T, identity(p * q)) @ kron(kron(identity(n), commutation(m=m, n=q)), identity(p))


def _outer_form(A: Expr, B: Expr) -> Expr | None:
    """x ⊗ yᵀ = yᵀ ⊗ x = x yᵀ."""
    if A.shape[1] is B.shape[0] is ONE:
        return A @ B
    return B @ A if A.shape[0] is B.shape[1] is ONE else None


@multilinear(
    "ij,kl->(ik)(jl)",
    notation=Notation("{0} ⊗ {1}", r"{0} \otimes {1}", "np.kron({0}, {1})"), cost=1, form=_outer_form, transposition="through",
    gives=_KEEPS, stacked=_stacked, cite="Magnus & Neudecker 2019, §2.2",
)  # fmt: skip
def kron(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Kronecker product: the blocks a_ij B."""
    return kron_left(G, B), kron_right(G, A)


@multilinear(
    "(ik)(jl),kl->ij",
    notation=Notation(None, r"\operatorname{kron}_{\mathrm{left}}", "kron_left({0}, {1})", helper=_LEFT), form=_left_form, stacked=_left_stacked,
    cite="the adjoint of A ↦ A ⊗ B",
)  # fmt: skip
def kron_left(G: Expr, B: Expr, H: Expr) -> tuple[Expr, Expr]:
    """The inner products of the blocks of G with B: kron_left(G, B) : A = G : (A ⊗ B)."""
    return kron(H, B), kron_right(G, H)


@multilinear(
    "(ik)(jl),ij->kl",
    notation=Notation(None, r"\operatorname{kron}_{\mathrm{right}}", "kron_right({0}, {1})", helper=_RIGHT), form=_right_form, stacked=_right_stacked,
    cite="the adjoint of B ↦ A ⊗ B",
)  # fmt: skip
def kron_right(G: Expr, A: Expr, H: Expr) -> tuple[Expr, Expr]:
    """The sum of the blocks of G weighted with A: kron_right(G, A) : B = G : (A ⊗ B)."""
    return kron(A, H), kron_left(G, H)


def _khatri_rao_form(A: Expr, B: Expr) -> Expr | None:
    """Of columns it is the Kronecker product; with a row it scales the columns."""
    if A.shape[1] is ONE:
        return kron(A, B)
    for row, other in ((A, B), (B, A)):
        if row.shape[0] is ONE:
            return other @ diag(row.T)
    return None


def _vec_form(X: Expr) -> Expr | None:
    """vec(x yᵀ) = y ⊗ x."""
    dyads = _dyads(X) if ONE not in X.shape and X.op.name != "add" else None
    return kron(dyads[0][1], dyads[0][0]) if dyads else None


@multilinear(
    "mn->(nm)", form=_vec_form, stacked=lambda position, X: identity(X.shape[0] * X.shape[1]),
    notation=Notation(None, r"\operatorname{vec}", "{0}.ravel(order='F')"),
    gives={POSITIVE: (POSITIVE,), NONNEG: (NONNEG,)}, cite="Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
def vec(X: Expr, G: Expr) -> Expr:
    """The columns of a matrix, one below the other."""
    return unvec(G, m=X.shape[0], n=X.shape[1])


@multilinear(
    "(nm)->mn", notation=Notation("unvec({0})", r"\operatorname{unvec}\left({0}\right)", "{0}.reshape(({1}, {2}), order='F')"),
    gives={POSITIVE: (POSITIVE,), NONNEG: (NONNEG,)}, stacked=lambda position, x, m, n: identity(m * n), cite="Magnus & Neudecker 2019, §2.4",
)  # fmt: skip
def unvec(x: Expr, G: Expr, *, m: Size, n: Size) -> Expr:
    """The matrix of m rows and n columns whose columns, one below the other, are a vector."""
    return vec(G)


@multilinear(
    "->(mn)(nm)", word="K", aliases=("commutation",),
    notation=Notation("K", "K", "commutation({0}, {1})", helper=_COMMUTATION), cost=2, gives={ORTHOGONAL: (), NONNEG: ()},
    form=lambda m, n: identity(m * n) if ONE in (m, n) else None, mirror=lambda m, n: OPERATIONS["commutation"](m=n, n=m),
    cite="Magnus & Neudecker 2019, §3.7",
)  # fmt: skip
def commutation(G: Expr, *, m: Size, n: Size) -> tuple[()]:
    """Commutation matrix: K(m, n) vec(X) = vec(X.T) for X with m rows and n columns."""
    return ()


@multilinear(
    "in,jn->(ij)n", notation=Notation(None, None, "khatri_rao({0}, {1})", helper=_KHATRI_RAO), cost=1,
    gives={POSITIVE: (POSITIVE,), NONNEG: (NONNEG,)}, form=_khatri_rao_form, cite="Khatri & Rao 1968",
)  # fmt: skip
def khatri_rao(A: Expr, B: Expr, G: Expr) -> tuple[Expr, Expr]:
    """Khatri-Rao product: the Kronecker products of the columns."""
    (i, j), one = (A.shape[0], B.shape[0]), ONE
    left = kron(identity(i), ones((one, j))) @ (G * kron(ones((i, one)), B))
    return left, kron(ones((one, i)), identity(j)) @ (G * kron(A, ones((j, one))))

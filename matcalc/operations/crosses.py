"""The cross product of vectors with three entries, and its matrix."""

from matcalc.core.expression import Expr
from matcalc.core.operation import OPERATIONS, Notation, linear, operation
from matcalc.core.property import SKEW
from matcalc.operations.blocks import vstack
from matcalc.operations.selections import entry

_MATRIX = """def cross_matrix(a):
    return np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])"""


@linear(
    "3->33", value=lambda N, a: N.function("cross_matrix", a), gives={SKEW: ()}, aliases=("skew",), cite="Magnus & Neudecker 2019, §3.13",
    notation=Notation("[{0}]ₓ", r"\left[{0}\right]_{\times}", "cross_matrix", helper=_MATRIX),
)  # fmt: skip
def cross_matrix(a: Expr, G: Expr) -> Expr:
    """The skew matrix [a]ₓ of the cross product, cross(a, b) = [a]ₓ b."""
    return vstack(*(entry(G, i=i, j=j) - entry(G, i=j, j=i) for i, j in ((2, 1), (0, 2), (1, 0))))


@operation(
    "3,3->3", defining=lambda a, b: cross_matrix(a) @ b, notation=Notation("{0^} × {1^}", r"{0^} \times {1^}", "np.cross", binds="sum"),
    linear_in={0: lambda a, b, G: OPERATIONS["cross"](b, G), 1: lambda a, b, G: OPERATIONS["cross"](G, a)},
    stacked=lambda position, a, b: cross_matrix(a) if position else -cross_matrix(b), cite="definition",
)  # fmt: skip
def cross(a: Expr, b: Expr, da: Expr, db: Expr) -> Expr:
    """Cross product of two vectors with three entries."""
    return cross(da, b) + cross(a, db)

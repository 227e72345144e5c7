"""Functions of a whole vector built on the exponential."""

from matcalc.core.expression import Expr
from matcalc.core.operation import Notation, operation
from matcalc.core.property import POSITIVE, PROBABILITY
from matcalc.operations.functions import exp
from matcalc.operations.scalars import sum_

_SOFTMAX = """def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()"""


@operation(
    "n->n", notation=Notation(None, None, "softmax", helper=_SOFTMAX), defining=lambda x: exp(x) / sum_(exp(x)),
    gives={PROBABILITY: (), POSITIVE: ()}, cite="definition; Bridle 1990",
)  # fmt: skip
def softmax(x: Expr, dx: Expr) -> Expr:
    """Softmax exp(x)/sum(exp(x)) of a vector."""
    s = softmax(x)
    return s * dx - (s.T @ dx) * s

"""Rules for sums and means along an axis."""

from fractions import Fraction

from matcalc.core.leaves import number, ones, size_number
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.core.size import ONE, Size
from matcalc.operations.axes import column_sums, row_sums
from matcalc.operations.norms import column_norms, row_norms
from matcalc.operations.scalars import sum_
from matcalc.operations.shapes import diag

X, u, x = letter("X", "m", "n"), letter("u", "m"), letter("x", "n")
m, n = Size.of("m"), Size.of("n")

declare_rule("row sums", row_sums(X), X @ ones((n, ONE)), CANONICAL, "definition", "Magnus & Neudecker 2019, §1.7")
declare_rule("column sums", column_sums(X), X.T @ ones((m, ONE)), CANONICAL, "definition", "Magnus & Neudecker 2019, §1.7")
declare_rule(
    "rows weighted by a column", X * (u @ ones((ONE, n))), diag(u) @ X,
    SIMPLIFY, "diag(u) A has the rows u_i a_i", "Magnus & Neudecker 2019, §3.6",
)  # fmt: skip
declare_rule("norms of columns", column_sums(X**2) ** Fraction(1, 2), column_norms(X), SIMPLIFY, "definition of the norm", "definition")
declare_rule("norms of rows", row_sums(X**2) ** Fraction(1, 2), row_norms(X), SIMPLIFY, "definition of the norm", "definition")
_deviations = x - (sum_(x) / size_number(n)) * ones((n, ONE))
declare_rule("sum of deviations from the mean", sum_(_deviations), number(0), SIMPLIFY, "definition of the mean", "definition")

"""Rules for sums and means along an axis."""

from matcalc.core.leaves import ones, size_number
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.core.size import ONE, Size
from matcalc.operations.axes import column_sums, mean, row_sums
from matcalc.operations.scalars import sum_

X, x = letter("X", "m", "n"), letter("x", "n")
m, n = Size.of("m"), Size.of("n")

declare_rule("row sums", row_sums(X), X @ ones((n, ONE)), CANONICAL, "definition", "Magnus & Neudecker 2019, §1.7")
declare_rule("column sums", column_sums(X), X.T @ ones((m, ONE)), CANONICAL, "definition", "Magnus & Neudecker 2019, §1.7")
declare_rule("mean", sum_(x) / size_number(n), mean(x), SIMPLIFY, "definition of the mean", "definition")

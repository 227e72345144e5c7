"""Rules that bring sums of exponentials back to the words people use."""

from matcalc.core.rule import SIMPLIFY, declare_rule, letter
from matcalc.operations.exponentials import softmax
from matcalc.operations.functions import exp
from matcalc.operations.scalars import sum_

x = letter("x", "n")

declare_rule("softmax", exp(x) / sum_(exp(x)), softmax(x), SIMPLIFY, "definition of softmax", "definition; Bridle 1990")

"""Rules with a trace, a sum or a norm at the head."""

from matcalc.core.rule import CANONICAL, declare_rule, letter
from matcalc.operations.functions import abs_
from matcalc.operations.norms import norm

X = letter("X", "m", "n")
c = letter("c")

declare_rule("norm of a multiple", norm(c * X), abs_(c) * norm(X), CANONICAL, "norms are homogeneous", "Matrix Cookbook, §10.4")

"""A fault planted in a rule of the running engine: where it changes what is printed, a check must stop it before anyone sees it."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

import pytest
from mutants import mutants
from rules.test_rules import concrete

import matcalc as mc
from matcalc.answers.deadline import within
from matcalc.core import expression
from matcalc.core.builders import inner_product
from matcalc.core.canonical import canonical
from matcalc.core.expression import postorder
from matcalc.core.leaves import SYMBOL, symbol
from matcalc.core.rule import MOVE, RULES, Rule
from matcalc.core.terms import RULES_AT
from matcalc.core.windows import WINDOWS
from matcalc.engine import reasons
from matcalc.engine.simplify import _table as simplifications
from matcalc.errors import MatcalcError
from matcalc.verify.compare import Oracle
from matcalc.verify.points import points_for

ALL = list(RULES.values())
TOLD = ("letter", "gradient")
"""What nodes are given, and not found to be."""
SECONDS = 3.0
"""After which an engine that runs in circles is stopped, as the command stops it."""


def forget():
    """Let go of all that was found out about expressions while a rule said something else."""
    for e in list(expression._table.values()):
        for found in [k for k in e.memo if k not in TOLD]:
            del e.memo[found]
    reasons.product_statement.cache_clear()


@contextmanager
def planted(rule: Rule, wrong: Rule):
    """The engine with another equation in place of a rule: in the glue, in simplification, and where a strategy asks for it by name."""
    new = {right: other for (_, right), (_, other) in zip(rule.sides(), wrong.sides(), strict=True)}
    cells = [(cell, cell.cell_contents) for cell in _templates(rule)]
    table = simplifications()
    before = {head: list(entries) for head, entries in table.items()}
    forget()
    try:
        for cell, was in cells:
            cell.cell_contents = new[was]
        for entries in table.values():
            entries[:] = [(needs, r, pattern, new[t] if r is rule else t) for needs, r, pattern, t in entries]
        RULES[rule.name] = wrong
        yield
    finally:
        RULES[rule.name] = rule
        table.update(before)
        for cell, was in cells:
            cell.cell_contents = was
        forget()


def _templates(rule):
    """Where the forms of a canonical rule, as they were compiled, keep what they give."""
    for table in (RULES_AT, WINDOWS):
        for _, compiled in (entry for entries in table.values() for entry in entries):
            kept = dict(zip(compiled.__code__.co_freevars, compiled.__closure__ or (), strict=True))
            if "rule" in kept and kept["rule"].cell_contents is rule:
                yield kept["template"]


def like(name, f):
    """A symbol in the shape of an expression."""
    return symbol(name, *(() if f.is_scalar else f.shape[:1] if f.is_column else f.shape))


def questions(rule):
    """Problems in which a rule fires: its left side, to be simplified, as a gradient, and as a function of each of its letters."""
    forms = {concrete(left)[0]: None for left, _ in rule.sides() if len(left.shape) == 2}
    for f in forms:
        Z = like("Z9", f)
        weighted = Z * f if f.is_scalar else inner_product(Z, f)
        yield lambda f=f: mc.simplify(f)
        yield lambda Z=Z, w=weighted: mc.grad(w, Z)
        for x in [e for e in postorder(f) if e.op is SYMBOL]:
            yield lambda x=x, w=weighted: mc.grad(w, x)
            if x.is_column:
                yield lambda x=x, f=f: mc.jacobian(f, x)
    if rule.tag is MOVE:
        A, B, X = (mc.matrix(name, "n", "n") for name in "ABX")
        yield lambda: mc.grad(mc.tr(mc.inv(X) @ A), X)
        yield lambda: mc.jacobian(A @ X @ B, X)


def asked(ask):
    """What is printed, and the value; what was raised instead."""
    try:
        with within(SECONDS):
            found = ask()
            return str(found), found
    except Exception as error:  # whatever it is, nothing is printed but that
        return f"{type(error).__name__}: {error}", error


def told_true(right, found):
    """Whether another answer than the right one is true all the same: every line was checked, and its value is the right one."""
    if isinstance(right, Exception):
        return bool(found.verify().passed)
    sides = [right.value, found.value]
    return right.value is found.value or Oracle(points_for(sides).points).holds(*sides).passed is True


def outcome(right, found):
    """What became of a question."""
    if found[0] == right[0]:
        return "the same"
    if isinstance(found[1], Exception):
        return "refused" if isinstance(found[1], MatcalcError) and found[1].exit_status != 1 else "stopped"
    if found[1].verify().passed is None:
        return "not checked"
    return "true" if told_true(right[1], found[1]) else "false"


RANKS = ("false", "stopped", "refused", "not checked", "true", "the same")


def outcomes(rule, every=1):
    """For each mutant of a rule the most telling outcome of the questions, and the mutant with what was printed."""
    forget()
    right = [asked(ask) for ask in questions(rule)]
    faults = [(what, w) for what, w in mutants(rule.right) if canonical(w) is not canonical(rule.right)]
    for what, w in faults[::every]:
        with planted(rule, replace(rule, right=w)):
            found = [asked(ask) for ask in questions(rule)]
        all_ = [outcome(r, f) for r, f in zip(right, found, strict=True)]
        worst = min(all_, key=RANKS.index)
        yield worst, f"{rule.name}: {what}: {w}\n{found[all_.index(worst)][0]}"


def judged(rules, every=1):
    """How many mutants had each outcome, and those that were believed."""
    counts, believed = Counter(), []
    for rule in rules:
        for what, told in outcomes(rule, every):
            counts[what] += 1
            if what == "false":
                believed.append(told)
    return counts, believed


SAMPLE = ("logdet of an inverse", "sign times its argument", "trace of a Kronecker product", "sigmoid", "vec of a product")


@pytest.mark.parametrize("name", SAMPLE)
def test_a_fault_in_a_rule_is_stopped(name):
    counts, believed = judged([RULES[name]], every=9)
    assert counts["stopped"] and not believed


def test_what_was_planted_is_taken_away():
    rule = RULES["trace of a Kronecker product"]
    ask = list(questions(rule))[1]
    forget()
    before = asked(ask)[0]
    with planted(rule, replace(rule, right=2 * rule.right)):
        assert asked(ask)[0].startswith("CheckFailed")
    assert asked(ask)[0] == before and RULES[rule.name] is rule


@pytest.mark.slow
def test_a_fault_in_any_rule_is_stopped():
    """Some faults change nothing that is printed, and some are none: where S is symmetric, Sᵀ is S."""
    counts, believed = judged(ALL)
    print(dict(counts))
    assert not believed, "\n\n".join(believed)
    assert counts["not checked"] * 100 <= counts["stopped"]

"""The verbs of the command that are about differentials and second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matcalc.errors import SyntaxMistake

if TYPE_CHECKING:
    import argparse

    from matcalc.answers.blocks import BlockHessian
    from matcalc.answers.newton import NewtonStep


def hessian(options: argparse.Namespace) -> list[str]:
    """`matcalc hessian EXPR wrt VAR [VAR]`; with one variable, whether the function is convex is told too."""
    import matcalc.api as mc
    from matcalc.cli import given, shown, variables

    names = variables(options.words)
    if len(names) > 2 or (options.blocks and len(names) == 2):
        return _of_blocks(mc.block_hessian(options.expression, names, **given(options)), options)
    if options.times is not None:
        return [shown(mc.hvp(options.expression, names[0], options.times, **given(options)), options)]
    if options.newton and (options.to or options.quiet):
        return [_step(mc.newton(options.expression, name, **given(options)), options) for name in names]
    result = mc.hessian(options.expression, *names, using=options.using, convention=options.convention, **given(options))
    told = [shown(result, options)]
    if not (options.to or options.quiet) and len(set(names)) == 1:
        told.append(str(result.definiteness()))
    if options.newton:
        told += [str(mc.newton(options.expression, name, **given(options))) for name in dict.fromkeys(names)]
    return told


def _of_blocks(found: BlockHessian, options: argparse.Namespace) -> list[str]:
    """The Hessian of several variables in the form that was asked for, and whether f is convex in all of them together."""
    forms: dict[str, Callable[[], str]] = {
        "text": found.text, "latex": found.latex, "pretty": found.pretty, "numpy": lambda: found.code().rstrip("\n"),
    }  # fmt: skip
    if options.to:
        if options.to not in forms:
            raise SyntaxMistake(f"a Hessian in blocks can be printed as {', '.join(forms)}, and not as {options.to}")
        return [forms[options.to]()]
    return [found.pretty()] if options.quiet else [str(found)]


def _step(step: NewtonStep, options: argparse.Namespace) -> str:
    """A step of Newton's method in the form that was asked for."""
    forms = {"text": step.text, "latex": step.latex, "pretty": step.pretty, "numpy": lambda: step.code().rstrip("\n"), "": step.pretty}
    if options.to not in forms:
        raise SyntaxMistake(f"a Newton step can be printed as text, pretty, latex or numpy, and not as {options.to}")
    return forms[options.to]()


def convex(options: argparse.Namespace) -> list[str]:
    """`matcalc convex EXPR wrt VAR`: whether a function is convex or concave, and why."""
    import matcalc.api as mc
    from matcalc.cli import given, variables

    return [str(mc.hessian(options.expression, name, **given(options)).definiteness()) for name in variables(options.words)]


def taylor(options: argparse.Namespace) -> list[str]:
    """`matcalc taylor EXPR wrt VAR`: f(x + h) to the first or second order in h."""
    import matcalc.api as mc
    from matcalc.cli import given, variables

    told = []
    for name in variables(options.words):
        found = mc.taylor(options.expression, name, options.order, **given(options))
        forms = {"text": found.text, "latex": found.latex, "pretty": found.pretty}
        told.append(forms[options.to]() if options.to in forms else found.pretty() if options.quiet else str(found))
    return told


def diff(options: argparse.Namespace) -> list[str]:
    """`matcalc diff EXPR [wrt VAR …]`: the differential, with respect to all symbols or to some."""
    import matcalc.api as mc
    from matcalc.cli import given, variables

    names = variables(options.words) if options.words else []
    found = mc.differential(options.expression, *names, **given(options))
    forms = {"latex": found.latex, "pretty": found.pretty}
    if options.to in forms or options.quiet:
        return [forms.get(options.to, found.pretty)()]
    return [found.told(options.steps, options.notation)]

"""The command: `matcalc grad "expr" wrt v`.

Results go to standard output and everything else to standard error.  Exit 0 answered, 1 a bug of ours, 2 the input is wrong,
3 not supported, 4 a limit, 5 `check` says that an answer is not correct.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from io import TextIOWrapper
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from matcalc.command.manual import EXAMPLES
from matcalc.command.options import shielded
from matcalc.command.second_order import convex, diff, hessian, taylor
from matcalc.errors import MatcalcError, NameMistake, SyntaxMistake

if TYPE_CHECKING:
    from matcalc.answers.result import Result

FORMS = ("pretty", "text", "latex", "index", "index-latex", "numpy", "markdown", "json")
SECONDS = 10.0


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks as the rest does."""

    def error(self, message: str) -> None:  # type: ignore[override]
        """Raise instead of printing usage."""
        raise SyntaxMistake(f"{message}; see matcalc --help")


def arguments() -> Parser:
    """The words and options of the command line."""
    what = "Matrix calculus with every step shown, justified and checked."
    usage = 'matcalc VERB "EXPRESSION" wrt VARIABLE [options]'
    parser = Parser(prog="matcalc", usage=usage, description=what, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", help=", ".join(VERBS))
    parser.add_argument("expression", nargs="?", default="-", help="the expression; - reads standard input")
    parser.add_argument("words", nargs="*", help="wrt VARIABLE [VARIABLE …]")
    parser.add_argument("--where", default="", metavar="DECLARATIONS", help='"P: (l, n); S: (n, n) symmetric; x: n positive"')
    parser.add_argument("--let", action="append", default=[], metavar="NAME=EXPR", help="a definition; may be given several times")
    parser.add_argument("--using", action="append", default=[], metavar="QUANTITY", help='"r = A@x - b", "grad(L(w), g)"; repeatable')
    parser.add_argument("--to", default="", choices=("", *FORMS), metavar="FORM", help=f"the value alone: {', '.join(FORMS)}")
    parser.add_argument("--einstein", action="store_true", help="with --to index: no Σ for an index that stands twice")
    parser.add_argument("--from", dest="source", default="auto", choices=("auto", "text", "latex"), help="what the expression is")
    parser.add_argument("--timeout", type=float, default=SECONDS, metavar="SECONDS", help=f"give up after so long ({SECONDS:g}); 0 never")
    steps = ("none", "brief", "normal", "full")
    parser.add_argument("--steps", default="normal", choices=steps, help="how much of the derivation")
    parser.add_argument("--notation", default="frobenius", choices=("frobenius", "trace"), help="A : B or tr(AᵀB)")
    parser.add_argument("--times", metavar="NAME", help="of a Hessian, its product with a direction of this name")
    parser.add_argument("--blocks", action="store_true", help="of a Hessian in two variables, all blocks, as of three")
    parser.add_argument("--newton", action="store_true", help="of a Hessian, the step of Newton's method too")
    parser.add_argument("--order", type=int, default=2, help="of a Taylor expansion: 1 or 2")
    parser.add_argument("--layout", default="numerator", help="of a Jacobian: numerator (its rows belong to f) or denominator")
    conventions = "of a symmetric variable and the like: projected, distinct (free entries) or unstructured"
    parser.add_argument("--convention", default="projected", help=conventions)
    parser.add_argument("--upstream", default="G", help="the name of the upstream gradient of a pullback")
    parser.add_argument("--update", default="", metavar="RATE", help="the step of a gradient descent too: X ← X − RATE ∂f/∂X")
    parser.add_argument("--route", default="", help="of a gradient: colon (df = A : dX) or vec (d vec F = A d vec X)")
    parser.add_argument("-q", "--quiet", action="store_true", help="the value alone")
    parser.add_argument("--of", default="", metavar="DERIVATIVE", help="what check compares with: gradient, jacobian, hessian, …")
    parser.add_argument("--version", action="version", version=_version())
    parser.set_defaults(status=0)
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"matcalc {version('matcalc-engine')}"
    except PackageNotFoundError:
        return "matcalc (not installed)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status.  Alone at a terminal it is a prompt."""
    from matcalc.answers.deadline import within

    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show ∂ gets an escape, not an error
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        if not words and sys.stdin.isatty():
            return prompted()
        parser = arguments()
        options = parser.parse_intermixed_args(shielded(words, parser, FORMS))
        with within(options.timeout):
            texts = answered(options)
        several = options.to == "json" and len(texts) > 1
        print("[" + ",\n".join(texts) + "]" if several else "\n\n".join(texts))
        return int(options.status)
    except MatcalcError as error:
        print(complaint(error, words), file=sys.stderr)
        return error.exit_status
    except UnicodeDecodeError:
        print("error[syntax]: what stands on standard input is no text in UTF-8", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        print(f"error[bug]: {told}\n  This is a bug of matcalc. Please report the command that you typed.", file=sys.stderr)
        return 1


def complaint(error: MatcalcError, words: Sequence[str]) -> str:
    """The error as it is printed: as data where the answer was wanted so."""
    import json

    wanted = "--to=json" in words or any(a == "--to" and b == "json" for a, b in pairwise(words))
    return json.dumps(error.to_json(), ensure_ascii=False, indent=2) if wanted else str(error)


def prompted() -> int:
    """`matcalc` alone at a terminal."""
    import matcalc.api  # noqa: F401 - fills the tables
    from matcalc.command.prompt import converse
    from matcalc.core.words import vocabulary

    return converse(main, VERBS, [word for word in vocabulary() if word.isidentifier()])


def answered(options: argparse.Namespace) -> list[str]:
    """What is to be printed, one text for each part of the answer."""
    if options.verb not in VERBS:
        near = get_close_matches(options.verb, VERBS, 1, 0.5)
        raise NameMistake(f"there is no verb {options.verb!r}{f'; the nearest is {near[0]!r}' if near else ''}; matcalc --help lists them")
    if options.verb in TALK:
        options.expression = "" if options.expression == "-" else options.expression.strip()
    else:
        options.expression = sys.stdin.read().strip() if options.expression == "-" else options.expression.strip()
        respell(options)
    return VERBS[options.verb](options)


def respell(options: argparse.Namespace) -> None:
    """An expression in LaTeX becomes one in the language; how it was understood is told."""
    import matcalc.api as mc
    from matcalc.syntax.tex import looks_like_latex

    latex = options.source == "latex" or (options.source == "auto" and looks_like_latex(options.expression))
    if latex:
        options.expression = mc.from_latex(options.expression, **given(options))
        if not options.quiet:
            print(f"read as  {options.expression}", file=sys.stderr)


def given(options: argparse.Namespace) -> dict[str, Any]:
    """What every verb is told beside the expression: declarations and definitions."""
    let: dict[str, str] = {}
    for name, body in map(definition, options.let):
        if name in let:
            raise NameMistake(f"{name} is defined twice: as {let[name]}, and as {body}")
        let[name] = body
    return {"where": options.where, "let": let}


def grad(options: argparse.Namespace) -> list[str]:
    """`matcalc grad EXPR wrt VAR …`."""
    import matcalc.api as mc

    more = {"convention": options.convention, "layout": options.layout, "using": options.using, **given(options)}
    more |= {"route": options.route} if options.route else {}
    names = variables(options.words)
    if len(names) == 1:
        result = mc.grad(options.expression, names[0], **more)
        rule = [result.update(options.update, options.to)] if options.update else []
        return rule if rule and (options.quiet or options.to in ("pretty", "latex")) else [shown(result, options), *rule]
    results = mc.grad(options.expression, names, **more)
    if options.to or options.quiet or any(result.kind != "gradient" for result in results.values()):
        return [shown(result, options) for result in results.values()]
    return [together(list(results.values()), options.steps, options.notation)]


def together(results: Sequence[Result], steps: str, notation: str) -> str:
    """Gradients with respect to several variables, with the one derivation that they come from."""
    from matcalc.answers.together import told

    return told(results, steps, notation)


def jacobian(options: argparse.Namespace) -> list[str]:
    """`matcalc jacobian EXPR wrt VAR …`."""
    import matcalc.api as mc

    more = {"layout": options.layout, "using": options.using, "convention": options.convention, **given(options)}
    return [shown(mc.jacobian(options.expression, name, **more), options) for name in variables(options.words)]


def pullback(options: argparse.Namespace) -> list[str]:
    """`matcalc pullback EXPR wrt VAR …`."""
    import matcalc.api as mc

    more = {"upstream": options.upstream, "using": options.using, **given(options)}
    return [shown(mc.pullback(options.expression, name, **more), options) for name in variables(options.words)]


def check(options: argparse.Namespace) -> list[str]:
    """`matcalc check EXPR wrt VAR ANSWER`; sets the exit status."""
    import matcalc.api as mc

    if len(options.words) != 3 or options.words[0] != "wrt":
        raise SyntaxMistake('say the variable and the answer: matcalc check "EXPR" wrt VARIABLE "ANSWER"')
    more = {"of": options.of, "convention": options.convention, "layout": options.layout, "upstream": options.upstream, **given(options)}
    v = mc.check(options.expression, options.words[1], options.words[2].strip(), **more)
    options.status = v.exit_status
    return [v.shown(options.to or ("message" if options.quiet else ""))]


def explain(options: argparse.Namespace) -> list[str]:
    """`matcalc explain shape`, `explain softmax`: a page; `explain "d norm(v)"`: an elementary fact, proved."""
    import matcalc.api as mc
    from matcalc.command.pages import explained

    topic = options.expression
    if not topic or topic.isidentifier():
        return [explained(topic)]
    explanation = mc.explain(topic, options.where, dict(map(definition, options.let)))
    forms = {"latex": explanation.latex, "markdown": explanation.markdown}
    return [forms.get(options.to, explanation.text)(notation=options.notation)]


def rules(options: argparse.Namespace) -> list[str]:
    """`matcalc rules [NAME]`: the catalogue, or the entries of a name."""
    import matcalc.api  # noqa: F401 - fills the tables
    from matcalc.answers.catalogue import listing, look_up

    return [str(e) for e in look_up(options.expression)] if options.expression else [listing()]


def simplify(options: argparse.Namespace) -> list[str]:
    """`matcalc simplify EXPR`."""
    import matcalc.api as mc

    if options.words:
        raise SyntaxMistake('an expression alone is simplified: matcalc simplify "EXPR"')
    form = "pretty" if options.quiet or options.steps == "none" else options.to
    return [mc.simplify(options.expression, **given(options)).shown(form)]


def completion(options: argparse.Namespace) -> list[str]:
    """`matcalc completion bash|zsh|fish`."""
    from matcalc.command.shell import script

    if options.expression not in ("bash", "zsh", "fish"):
        raise SyntaxMistake("say the shell: matcalc completion bash, zsh or fish")
    actions = [a for a in arguments()._actions if a.option_strings]
    choices = {name: [str(c) for c in a.choices or () if c] for a in actions for name in a.option_strings}
    return [script(options.expression, {verb: (f.__doc__ or "").partition("`; ")[0].strip("`.") for verb, f in VERBS.items()}, choices)]


TALK = ("explain", "rules", "completion")
"""Verbs that read no expression."""
VERBS: dict[str, Callable[[argparse.Namespace], list[str]]] = {
    "grad": grad,
    "jacobian": jacobian,
    "hessian": hessian,
    "diff": diff,
    "convex": convex,
    "taylor": taylor,
    "pullback": pullback,
    "check": check,
    "simplify": simplify,
    "explain": explain,
    "rules": rules,
    "completion": completion,
}
"""What each verb does with the options; gives the texts to print."""


def variables(words: Sequence[str]) -> list[str]:
    """The variables after `wrt`."""
    if not words or words[0] != "wrt" or len(words) < 2:
        given = " ".join(word for word in words if word != "wrt") or "VARIABLE"
        raise SyntaxMistake(f'say the variable: matcalc grad "EXPR" wrt {given}')
    return [name.strip() for word in words[1:] for name in re.split(r",(?![^\[]*\])", word) if name.strip()]


def definition(text: str) -> tuple[str, str]:
    """`w = g/norm(v)*v` as a name and a text."""
    name, sign, body = text.partition("=")
    if not sign or not name.strip() or not body.strip():
        raise SyntaxMistake(f"a definition is NAME = EXPR, and this is {text!r}")
    return name.strip(), body.strip()


def shown(result: Result, options: argparse.Namespace) -> str:
    """The result in the form that was asked for."""
    from matcalc.command.output import written

    if options.einstein and not options.to.startswith("index"):
        raise SyntaxMistake("--einstein says how index notation is written: --to index --einstein")
    form = options.to + " einstein" * options.einstein or ("pretty" if options.quiet else "")
    return written(result, form, options.steps, options.notation)


if __name__ == "__main__":
    sys.exit(main())

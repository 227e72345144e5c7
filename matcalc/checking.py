"""Checking an answer: it is read in the scope of the question, compared with what is right, and, where it differs, diagnosed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import count, islice

from matcalc.assessment import IMPLIED, Assessment, headline, shape_words, slip_sentences
from matcalc.core import leaves
from matcalc.core.abstract import functions
from matcalc.core.builders import inner_product
from matcalc.core.expression import Expr, postorder, substitute
from matcalc.core.leaves import NAMED, SYMBOL, differential_of, unnamed
from matcalc.core.operation import OPERATIONS
from matcalc.core.property import SYMMETRIC
from matcalc.emit.pretty import pretty
from matcalc.engine.cost import cost
from matcalc.errors import MatcalcError, NameMistake, Span
from matcalc.result import Result
from matcalc.syntax import read
from matcalc.syntax.declare import declarations
from matcalc.verify.compare import Oracle, Verdict
from matcalc.verify.counterexample import Counterexample, counterexample
from matcalc.verify.diagnose import diagnosed
from matcalc.verify.diagnosis import Case, Diagnosis
from matcalc.verify.evaluate import Point
from matcalc.verify.likeness import Witness
from matcalc.verify.points import points_for

POINTS = 3
STRUCTURES = {
    "projected": "the gradient in the space of the structure, (G + Gᵀ)/2",
    "distinct": "derivatives with respect to the distinct entries, G + Gᵀ − G ⊙ I",
    "unstructured": "derivatives as if all entries were independent",
}
"""The conventions for a symmetric variable, in words."""


@dataclass(frozen=True)
class Asked:
    """What an answer is to be compared with: f, x, our result (None where we have none, and then `why`), and the convention."""

    f: Expr
    x: Expr
    result: Result | None
    derivative: str = "gradient"
    why: str = ""
    where: str = ""
    convention: str = "projected"
    unstructured: Callable[[], Expr | None] = lambda: None
    upstream: Expr | None = None
    wants_differential: bool = False


def names_of(*roots: Expr) -> dict[str, Expr]:
    """The names that occur, and what they stand for: symbols, and definitions."""
    found: dict[str, Expr] = {}
    for e in postorder(*roots):
        if e.op is SYMBOL:
            found[e["name"]] = e
        elif e.op is NAMED:
            found.setdefault(e["label"], e)
    return found


def read_answer(answer: str, asked: Asked) -> Expr:
    """The answer, in the scope of the question: the same sizes, symbols and definitions.

    `dx` is the differential of the variable.  A name that the question does not have is a NameMistake, unless `where` declares it.
    """
    known = names_of(asked.f, asked.x, *([asked.upstream] if asked.upstream is not None else []))
    d = "d" + asked.x["name"]
    if d not in known:
        known[d] = leaves.symbol(d, *asked.x.shape)
    rest = _undeclared(asked.where, known)
    reading = read(answer, where=rest, known=known, functions=functions(asked.f))
    given = reading.expr
    declared = {x.name for x in declarations(rest)} if rest else set()
    strangers = [n for n, s in names_of(given).items() if n not in known and n not in declared and s.op is SYMBOL]
    if strangers:
        raise _stranger(answer, strangers[0], [n for n in known if n != d])
    return given


def _stranger(answer: str, name: str, known: list[str]) -> NameMistake:
    """What is said of a name that the question does not have."""
    at = re.search(rf"\b{re.escape(name)}\b", answer)
    near = get_close_matches(name, known, 1, 0.5) or [n for n in known if n.lower() == name.lower()]
    fixes = tuple(answer[: at.start()] + n + answer[at.end() :] for n in near) if at else ()
    return NameMistake(
        f"the answer has {name}, which the question does not have; it has {', '.join(known)}",
        Span(answer, *at.span()) if at else None,
        notes=(f"where {name} is a quantity of its own, declare it: {name}: scalar",), fixes=fixes,
    )  # fmt: skip


def _undeclared(where: str, known: Mapping[str, Expr]) -> str:
    """The declarations of names that the question itself does not use."""
    kept = [x.span.text[x.span.start : x.span.end] for x in (declarations(where) if where else ()) if x.span and x.name not in known]
    return "; ".join(kept)


def assessed(answer: str | Expr, asked: Asked) -> Assessment:
    """The verdict on an answer."""
    given = read_answer(answer, asked) if isinstance(answer, str) else scoped(answer, asked)
    if asked.result is None:
        return _without_result(given, asked)
    given, as_differential = _from_differential(given, asked)
    right = _in_convention(asked)
    verdict, oracle = _compared(given, right, asked)
    if verdict.passed is None:
        return Assessment(None, "not checked", f"Not checked: {verdict.why}.", given, asked.result)
    if as_differential and not asked.wants_differential:
        return _told_differential(given, right, verdict, asked)
    if verdict.passed:
        return _correct(given, right, asked, _readings(given, asked))
    asked.result.checked()
    return _not_correct(given, right, oracle, asked)


def _compared(given: Expr, right: Expr, asked: Asked) -> tuple[Verdict, Oracle]:
    """Whether two expressions are equal, and the oracle with the points of the problem."""
    structured = asked.convention != "unstructured"
    chosen = points_for([given, right, asked.f], {asked.x}, exact=2, floating=2, structured=structured)
    if not chosen.points:
        chosen = points_for([right, asked.f], {asked.x}, exact=2, floating=2, structured=structured)
    oracle = Oracle(chosen.points, chosen.why)
    return oracle.holds(given, right), oracle


def _without_result(given: Expr, asked: Asked) -> Assessment:
    """We have no derivative of our own: the answer is tried against the function itself, where it can be."""
    if asked.derivative not in ("gradient", "jacobian", "pullback"):
        return Assessment(None, "not checked", f"Not checked: {asked.why}.", given)
    oracle = Oracle(points_for([asked.f, given], {asked.x}, structured=True).points)
    f = asked.f if asked.upstream is None else inner_product(asked.upstream, asked.f)
    scalar = f.is_scalar
    verdict = oracle.check_gradient(f, asked.x, given) if scalar else oracle.check_jacobian(f, asked.x, given)
    if verdict.passed and not (scalar and _structured(asked.x)):
        return Assessment(True, "correct", "Correct, by evaluation.", given)
    if verdict.passed is False:
        if scalar and given.shape != asked.x.shape:
            message = f"Yours is {shape_words(given.shape)}, and the derivative is {shape_words(asked.x.shape)}."
            return Assessment(False, "incomparable", message, given)
        return Assessment(False, "wrong", f"Not the derivative, by evaluation. What is right is not known here: {asked.why}.", given)
    return Assessment(None, "not checked", f"Not checked: {asked.why or verdict.why}.", given)


def _structured(x: Expr) -> bool:
    return x.op is SYMBOL and not x.is_scalar and any(p.of == "matrix" and p.word != "invertible" for p in x["properties"])


def _from_differential(given: Expr, asked: Asked) -> tuple[Expr, bool]:
    """The derivative in an answer that is a differential, A : dX; else the answer itself."""
    from matcalc.engine.answer import gradient_answer, jacobian_answer

    d = next((s for s in leaves.symbols(given) if s["name"] == "d" + asked.x["name"] and s not in leaves.symbols(asked.f)), None)
    if d is None:
        return given, False
    answer = gradient_answer(given, d) if given.is_scalar else jacobian_answer(given, d)
    return answer.value, True


def _told_differential(given: Expr, right: Expr, verdict: Verdict, asked: Asked) -> Assessment:
    left = _left(asked)
    if verdict.passed:
        what = f"the derivative is what stands before d{pretty(asked.x)}"
        message = f"This is the differential, and it is right; {what}. {left} = {pretty(right)}."
        return Assessment(False, "differential", message, given, asked.result, slips=("differential",))
    found = _not_correct(given, right, _compared(given, right, asked)[1], asked)
    note = f"This is a differential; it gives the derivative {pretty(given)}. "
    return replace(found, message=note + found.message)


def _in_convention(asked: Asked) -> Expr:
    """What is right, in the convention that is asked for."""
    assert asked.result is not None
    value = asked.result.value
    return distinct(value) if asked.convention == "distinct" and asked.result.kind == "gradient" and _is_symmetric(asked.x) else value


def _is_symmetric(x: Expr) -> bool:
    return x.op is SYMBOL and not x.is_scalar and SYMMETRIC in x["properties"]


def distinct(G: Expr) -> Expr:
    """The derivatives in the distinct entries of a symmetric variable, from the projected gradient."""
    return 2 * G - OPERATIONS["hadamard"](G, leaves.identity(G.shape[0]))


def _conventions(asked: Asked) -> dict[str, Expr]:
    """What is right in the conventions that are not asked for, by name."""
    result = asked.result
    if result is None or result.kind != "gradient" or asked.x.is_scalar or asked.x.shape[0] is not asked.x.shape[1]:
        return {}
    found = {}
    if _is_symmetric(asked.x):
        found = {"projected": result.value, "distinct": distinct(result.value)}
        if (free := asked.unstructured()) is not None:
            found["unstructured"] = free
    return {name: e for name, e in found.items() if name != asked.convention}


def _readings(given: Expr, asked: Asked) -> tuple[tuple[str, bool], ...]:
    """Where the question can be read in more than one way, whether the answer is right in each."""
    others = _conventions(asked)
    if not others:
        return ()
    every = {asked.convention: _in_convention(asked), **others}
    return tuple((STRUCTURES[name], bool(_compared(given, every[name], asked)[0].passed)) for name in STRUCTURES if name in every)


def _left(asked: Asked) -> str:
    """∂f/∂X, as the derivation calls it."""
    assert asked.result is not None
    f, x = pretty(asked.result.answer.derivation.subject), pretty(asked.x)
    return f"∂{f}/∂{x}" if asked.result.kind != "pullback" else f"∂(G : f)/∂{x}"


def _correct(given: Expr, right: Expr, asked: Asked, readings: tuple[tuple[str, bool], ...]) -> Assessment:
    assert asked.result is not None
    shorter = pretty(right) if cost(right) + 1 < cost(given) else ""
    message = f"Correct, and shorter as {shorter}." if shorter else "Correct."
    if sum(fine for _, fine in readings) == len(readings):
        readings = ()
    return Assessment(True, "correct", message, given, asked.result, readings=readings, shorter=shorter)


def _not_correct(given: Expr, right: Expr, oracle: Oracle, asked: Asked) -> Assessment:
    result = asked.result
    assert result is not None
    f = asked.f if asked.upstream is None else inner_product(asked.upstream, asked.f)
    floats = _telling(given, right, oracle)
    conventions = {STRUCTURES[name]: e for name, e in _conventions(asked).items()}
    d = diagnosed(given, Case(f, asked.x, result.kind, right, floats, conventions))
    sentences = [headline(d, given, right, _left(asked)), *slip_sentences(d)]
    return Assessment(
        False, d.kind, "\n".join(sentences), given, result,
        slips=tuple(dict.fromkeys((*IMPLIED.get(d.kind, ()), *(s.name for s in d.slips)))), counterexample=_example(given, right, f),
        readings=_readings(given, asked) if d.kind == "convention" else (), line=_line(d, result), diagnosis=d,
    )  # fmt: skip


def _telling(given: Expr, right: Expr, oracle: Oracle) -> list[Point]:
    """Points in floating point, one where the two differ among them: where all depends on a few signs, not every point shows it."""
    floats = [p for p in oracle.points if not p.N.exactly]
    if not floats:
        return []
    further = oracle.further_points(floats[0])
    found = (floats + further)[:POINTS]
    like = Witness(given, found).likeness(right)
    if like is None or not like.same:
        return found
    differing = (p for p in further if (other := Witness(given, [p]).likeness(right)) is None or not other.same)
    return [*islice(differing, 1), *found]


def _example(given: Expr, right: Expr, f: Expr) -> Counterexample | None:
    try:
        return counterexample(given, right, [f])
    except MatcalcError:
        return None


def _line(d: Diagnosis, result: Result) -> str:
    """The line of our derivation that has the place of the first slip, and did not have it before."""
    for slip in d.slips:
        if slip.right is None:
            continue
        for step in result.answer.derivation.steps:
            before, after = (set(postorder(unnamed(e))) for e in (step.before, step.after))
            if (differential_of(slip.right) in before) if slip.in_f else (slip.right in after and slip.right not in before):
                reason = f"     {step.reason}" if step.reason else ""
                return f"{pretty(step.before)} = {pretty(step.after)}{reason}"
    return ""


def scoped(given: Expr, asked: Asked) -> Expr:
    """An expression with its symbols replaced by those of the question with their names, where the shapes are one."""
    known = names_of(asked.f, asked.x)
    new = {s: known[s["name"]] for s in leaves.symbols(given) if s["name"] in known and known[s["name"]].shape == s.shape}
    return substitute(given, {a: b for a, b in new.items() if a is not b})


def in_one_scope(a: str | Expr, b: str | Expr, where: str) -> tuple[Expr, Expr]:
    """Two expressions whose names are the same: what one of them says of a shape holds for the other."""
    if isinstance(a, Expr) and isinstance(b, Expr):
        return a, b
    if isinstance(a, Expr) or isinstance(b, Expr):
        known = names_of(*(e for e in (a, b) if isinstance(e, Expr)))
        rest = _undeclared(where, known)
        first, second = (e if isinstance(e, Expr) else read(e, where=rest, known=known).expr for e in (a, b))
        return first, second
    # Read as a definition of the other, one text and the other say together what the shapes are.
    name = next(n for n in map("first{}".format, count(1)) if n not in a + b + where)
    reading = read(b, where=where, let={name: a})
    return reading.definitions[name].args[0], reading.expr

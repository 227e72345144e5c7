"""Readings that fit and are hardly meant: refused, with what was likely meant.

`x'*A*x` is MATLAB, where `*` is the product of matrices, and so is `A*x` with an x that would have to be a scalar; `e**x` with an `e`
that nothing declares is the exponential; and a variable `x` that occurs only inside the name `Ax` was meant to be multiplied.
What is likely enough to be answered is noted beside the answer: `A*B` of two square matrices.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from matcalc.errors import Ambiguous, NameMistake
from matcalc.syntax.infer import Inference
from matcalc.syntax.kinds import WORDS, M, S, V, by_letter
from matcalc.syntax.passage import Passage, closing
from matcalc.syntax.question import Variable
from matcalc.syntax.respell import separated
from matcalc.syntax.tree import Branch, postorder

MOST_NOTES = 3
WHOLE = {"exp": "expm", "log": "logm", "sqrt": "sqrtm"}
"""Functions of every entry that have a namesake for the matrix as a whole."""


def check_doubts(inference: Inference) -> None:
    """Raise Ambiguous where a reading fits and another one is far likelier."""
    for passage in inference.scope.passages:
        if "*" in passage.text:
            products = [b for b in passage.order if b.kind == "*"]
            if "'" in passage.text:
                _check_primes(inference, passage, products)
            _check_scalings(inference, passage, products)
        if "/" in passage.text:
            _check_quotients(inference, passage)
        if "**" in passage.text or "^" in passage.text:
            _check_powers(inference, passage)


def _check_powers(inference: Inference, passage: Passage) -> None:
    for branch in passage.order:
        if branch.kind not in ("**", "^") or branch.parts[1].kind == "number":
            continue
        base, exponent = branch.parts
        if exponent.kind == "name" and exponent.value == "T" and not inference.scope.is_variable("T"):
            fix = f"{passage.text[: base.end]}.T{passage.text[branch.end :]}"
            raise Ambiguous(f"is {passage.words(branch)} the transpose?", passage.span(branch), fixes=(fix,))
        if base.kind == "name" and base.value == "e" and "e" in inference.variables and not inference.variables["e"].declared:
            text = passage.text
            inside = passage.words(exponent)
            inside = inside if inside.startswith("(") and closing(inside) == len(inside) - 1 else f"({inside})"
            fix = f"{text[: branch.start]}exp{inside}{text[branch.end :]}"
            note = "a variable e is declared with --where, as in e: scalar"
            raise Ambiguous(f"is {passage.words(branch)} the exponential?", passage.span(branch), notes=(note,), fixes=(fix,))


def notes(inference: Inference) -> tuple[str, ...]:
    """What a reader of an answer should know about how the text was read."""
    said = (_note(inference, passage, branch) for passage in inference.scope.passages for branch in passage.order)
    return tuple(islice(dict.fromkeys(note for note in chain(_meant_as_scalars(inference), said) if note), MOST_NOTES))


def _meant_as_scalars(inference: Inference) -> Iterator[str]:
    """Vectors by their letters that alone make the whole a vector: s in exp(-norm(x)**2/s**2)."""
    scope, solution, puzzle = inference.scope, inference.solution, inference.question.puzzle
    whole = inference.question.places[id(scope.passages[-1].tree)]
    assert solution is not None
    if solution.kinds[whole] != V or not scope.wrt:
        return
    others = {name: v.place for name, v in inference.variables.items() if name not in scope.wrt and not v.declared}
    open_ = {name: at for name, at in others.items() if solution.kinds[at] == V and puzzle.domains[at] & S}
    for names in [*([name] for name in open_), list(open_)]:
        domains = puzzle.domains
        puzzle.domains = [S if v in [open_[name] for name in names] else domain for v, domain in enumerate(domains)]
        other, puzzle.domains = puzzle.solve(), domains
        if names and other is not None and other.kinds[whole] == S:
            declared = "; ".join(f"{name}: scalar" for name in names)
            read = f"the letter {names[0]} is read as one" if len(names) == 1 else f"the letters {', '.join(names)} are read as such"
            yield f'f is a vector only because {read}; --where "{declared}" makes f a scalar'
            return


def _note(inference: Inference, passage: Passage, branch: Branch) -> str:
    """What one branch does entry by entry, where something else may have been meant."""
    words, parts = passage.words(branch), branch.parts
    if branch.kind == "*" and inference.kind(parts[0]) == M:
        left, right = (inference.shape(p) for p in parts)
        if inference.kind(parts[1]) == M and left[1] is right[0]:
            return f"{words} goes entry by entry; the product of matrices is {_multiplied(inference, passage, [branch], branch)}"
        variable = inference.variables.get(str(parts[1].value)) if parts[1].kind == "name" else None
        if variable is not None and not variable.declared and inference.kind(parts[1]) == S:
            return f"{words} is a multiple of a matrix; its product with a vector is {passage.words(parts[0])}@{variable.name}"
    elif branch.kind == "**" and inference.kind(branch) == M and parts[1].kind == "neg":
        return f"{words} goes entry by entry; the inverse is inv({passage.words(parts[0])})"
    elif branch.kind == "call" and branch.value in WHOLE and len(parts) == 1 and inference.kind(parts[0]) == M:
        rows, columns = inference.shape(parts[0])
        if rows is columns:
            return f"{words} goes entry by entry; of the matrix as a whole it is {WHOLE[branch.value]}({passage.words(parts[0])})"
    return ""


def _check_quotients(inference: Inference, passage: Passage) -> None:
    """x.T@A@x / x.T@x: the quotient ends at the next operand, and a scalar over an array is rarely meant."""
    for branch in passage.order:
        left = branch.parts[0] if branch.kind == "@" else branch
        if left is branch or left.kind != "/" or left.in_brackets():
            continue
        if left.parts[0].kind == "@" and inference.kind(left.parts[0]) == S != inference.kind(left.parts[1]):
            divisor, text = left.parts[1], passage.text
            fix = f"{text[: divisor.start]}({text[divisor.start : branch.end]}){text[branch.end :]}"
            note = f"/ and @ bind alike, from the left: only {passage.words(divisor)} stands under the quotient"
            raise Ambiguous(f"what is divided in {passage.words(branch)}?", passage.span(branch), notes=(note,), fixes=(fix,))


def _check_scalings(inference: Inference, passage: Passage, products: list[Branch]) -> None:
    """A*x where x, a vector by its letter, would have to be a scalar: a scalar that is meant stands in front."""
    odd = any(not v.declared and by_letter(v.name)[0] == V and _kind_of(inference, v) == M for v in inference.variables.values())
    for branch in products:
        left, right = branch.parts
        variable = inference.variables.get(str(right.value)) if right.kind == "name" else None
        if variable is None or variable.declared or inference.kind(left) == S:
            continue
        if by_letter(variable.name)[0] != V and not (odd and inference.kind(right) == S):
            continue
        if inference.kind(right) == S or (inference.kind(right) == M and len(variable.name) == 1):
            kind = WORDS[inference.kind(right)]
            note = f"{variable.name} would have to be a {kind} here; the product of matrices is @, and * goes entry by entry"
            fix = _multiplied(inference, passage, products, sure=branch)
            raise Ambiguous(f"is * in {passage.words(branch)} the product of matrices?", passage.span(branch), notes=(note,), fixes=(fix,))


def _kind_of(inference: Inference, variable: Variable) -> int:
    assert inference.solution is not None
    return inference.solution.kinds[variable.place]


def _check_primes(inference: Inference, passage: Passage, products: list[Branch]) -> None:
    """A transpose by ' is MATLAB's, and then * between arrays is too."""
    primed = [b for b in passage.order if b.kind == "T" and passage.text[b.end - 1] == "'"]
    if not primed:
        return
    known = {id(b) for b in primed}
    flat = any(inference.kind(b) == S and not _is_scalar(inference, b.bare("T")) for b in primed)
    for branch in products:
        factors = list(_factors(branch))
        arrays = [f for f in factors if not _is_scalar(inference, f)]
        if flat or (len(arrays) > 1 and any(id(f.bare()) in known for f in factors)):
            note = f"{passage.words(primed[0])} is the transpose of MATLAB; the product of matrices is @ here, and * goes entry by entry"
            message = f"is * in {passage.words(branch)} the product of matrices?"
            raise Ambiguous(message, passage.span(branch), notes=(note,), fixes=(_multiplied(inference, passage, products),))


def _factors(branch: Branch) -> Iterator[Branch]:
    while branch.kind == "*":
        yield branch.parts[1]
        branch = branch.parts[0]
    yield branch


def _is_scalar(inference: Inference, branch: Branch) -> bool:
    """Whether a factor is a scalar without doubt: no name below it is a vector by its letter and only here a scalar; none is transposed."""
    turned = branch.bare().kind == "T"
    for part in postorder(branch):
        variable = inference.variables.get(str(part.value)) if part.kind == "name" else None
        if variable is not None and not variable.declared and id(part) in inference.shapes and inference.kind(part) == S:
            if turned or by_letter(variable.name)[0] != S:
                return False
    return branch.bare().kind == "number" or (id(branch) in inference.shapes and inference.kind(branch) == S)


def _multiplied(
    inference: Inference, passage: Passage, products: list[Branch], within: Branch | None = None, sure: Branch | None = None
) -> str:  # fmt: skip
    """The text, or the part of a branch, with @ for each * between two arrays, and for one that is known to be such."""
    characters = list(passage.text)
    for branch in products:
        left, right = branch.parts
        before = _factors(left) if left.kind == "*" else [left.parts[1] if left.kind == "@" else left]
        arrays = not all(_is_scalar(inference, f) for f in before) and not _is_scalar(inference, right)
        if arrays or branch is sure:
            place = passage.text.find("*", left.end)
            characters[place] = "@"
    return "".join(characters if within is None else characters[within.start : within.end])


def unknown_variable(inference: Inference, name: str, message: str) -> NameMistake:
    """There is no such variable; where its letter occurs inside another name, an operator is missing there."""
    passage = inference.scope.passages[-1]
    fix = separated(passage.text, name)
    for other in inference.variables.values():
        if not other.declared and name in other.name and len(name) == 1 and fix != passage.text:
            first = other.first
            note = f"{other.name} is read as one name"
            return NameMistake(message, other.passage.span(first), notes=(note,), fixes=(fix,) if other.passage is passage else ())
    return NameMistake(message)

"""Other spellings of sums and stacks over an index.

`einsum("ij,jk->ik", A, B)` is stack(i, stack(k, sum(j, A[i,j]*B[j,k]))), and `prod(i, f)` is prod(stack(i, f)), as are max, min, mean.
"""

from __future__ import annotations

import re

from matcalc.errors import Span, SyntaxMistake
from matcalc.syntax.tree import Branch, postorder

WORD = "einsum"
REDUCTIONS = ("prod", "max", "min", "mean")


def opened(tree: Branch, text: str) -> Branch:
    """The tree with every einsum, and every product over an index, as what it means; raises SyntaxMistake."""
    if not any(word in text for word in (WORD, *REDUCTIONS)):
        return tree
    done: dict[int, Branch] = {}
    for branch in postorder(tree):
        parts = tuple(done[id(part)] for part in branch.parts)
        same = all(new is old for new, old in zip(parts, branch.parts, strict=True))
        new = branch if same else Branch(branch.kind, parts, branch.value, branch.start, branch.end)
        done[id(branch)] = _sums(new, text) if branch.kind == "call" and branch.value == WORD else _stacked(new)
    return done[id(tree)]


def _stacked(branch: Branch) -> Branch:
    """prod(i, x[i]) as prod(stack(i, x[i])): the first argument is a name, and a position in the last one."""
    if branch.kind != "call" or branch.value not in REDUCTIONS or len(branch.parts) < 2 or branch.parts[0].kind != "name":
        return branch
    index, body = branch.parts[0].value, branch.parts[-1]
    positions = (p for b in postorder(body) if b.kind == "index" for place in b.parts[1:] for p in postorder(place))
    if not any(p.kind == "name" and p.value == index for p in positions):
        return branch
    return _made(branch, "call", _made(branch, "call", *branch.parts, value="stack"), value=str(branch.value))


def _sums(call: Branch, text: str) -> Branch:
    words, output = _equation(call, text)
    product = None
    for word, operand in zip(words, call.parts[1:], strict=True):
        factor = _made(call, "index", operand, *(_name(call, c) for c in word)) if word else operand
        product = factor if product is None else _made(call, "*", product, factor)
    assert product is not None
    summed = [c for c in dict.fromkeys("".join(words)) if c not in output]
    for c in reversed(summed):
        product = _made(call, "call", _name(call, c), product, value="sum")
    for c in reversed(output):
        product = _made(call, "call", _name(call, c), product, value="stack")
    return product


def _equation(call: Branch, text: str) -> tuple[list[str], str]:
    """The index words of the operands and of the result; without an arrow, the letters that stand once, in order."""
    span = Span(text, call.start, call.end)
    if not call.parts or call.parts[0].kind != "string" or len(call.parts) < 2:
        raise SyntaxMistake('einsum is einsum("ij,jk->ik", A, B)', span)
    left, arrow, output = str(call.parts[0].value).replace(" ", "").partition("->")
    words = left.split(",")
    if not re.fullmatch(r"[A-Za-z,]*", left) or len(words) != len(call.parts) - 1:
        raise SyntaxMistake(f"the equation has {len(words)} operands, and here are {len(call.parts) - 1}", span)
    letters = "".join(words)
    if not arrow:
        output = "".join(c for c in sorted(set(letters)) if letters.count(c) == 1)
    if len(set(output)) < len(output) or set(output) - set(letters):
        first = call.parts[0]
        raise SyntaxMistake("a letter of the result stands there once, and in an operand", Span(text, first.start, first.end))
    return words, output


def _made(call: Branch, kind: str, *parts: Branch, value: str | None = None) -> Branch:
    return Branch(kind, parts, value, call.start, call.end)


def _name(call: Branch, letter: str) -> Branch:
    return Branch("name", (), letter, call.start, call.end)

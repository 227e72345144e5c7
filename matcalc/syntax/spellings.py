"""Other spellings of sums and stacks over an index.

`einsum("ij,jk->ik", A, B)` is stack(i, stack(k, sum(j, A[i,j]*B[j,k]))), `tensordot(A, B, axes=1)` the same by axes, and `prod(i, f)` is
prod(stack(i, f)), as are max, min, mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_letters

from matcalc.errors import ShapeMistake, Span, SyntaxMistake, Unsupported
from matcalc.syntax.tree import Branch, postorder

WORD, BY_AXES = "einsum", "tensordot"
REDUCTIONS = ("prod", "max", "min", "mean")
ENTRYWISE = ("abs", "exp", "log", "sqrt", "tanh", "sign", "sin", "cos", "sigmoid")
"""Words that leave the axes as they are."""


def opened(tree: Branch, text: str, orders: Mapping[str, int]) -> Branch:
    """The tree with every einsum, tensordot, and product over an index, as what it means; `orders` has the axes of declared names.

    Raises SyntaxMistake, ShapeMistake, Unsupported.
    """
    if not any(word in text for word in (WORD, BY_AXES, *REDUCTIONS)):
        return tree
    names = {str(b.value) for b in postorder(tree) if b.kind == "name"}
    done: dict[int, Branch] = {}
    for branch in postorder(tree):
        parts = tuple(done[id(part)] for part in branch.parts)
        same = all(new is old for new, old in zip(parts, branch.parts, strict=True))
        new = branch if same else Branch(branch.kind, parts, branch.value, branch.start, branch.end)
        if branch.kind == "call" and branch.value == WORD:
            words, output = _equation(new, text)
            new = _sums(new, words, output, new.parts[1:], names)
        elif branch.kind == "call" and branch.value == BY_AXES and BY_AXES not in orders:
            new = _contracted(new, text, orders, names)
        done[id(branch)] = _stacked(new)
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


def _sums(call: Branch, words: Sequence[str], output: str, operands: Sequence[Branch], names: set[str]) -> Branch:
    """The product of the entries, summed over the letters that the result does not have; a letter that is a name is another."""
    spare = (c for c in "ijklpqrstuvwabcdefgh" if c not in names and c not in "".join(words))
    letter = {c: c if c not in names else next(spare, c) for c in dict.fromkeys("".join(words))}
    product = None
    for word, operand in zip(words, operands, strict=True):
        factor = _made(call, "index", operand, *(_name(call, letter[c]) for c in word)) if word else operand
        product = factor if product is None else _made(call, "*", product, factor)
    assert product is not None
    for c in reversed([c for c in letter if c not in output]):
        product = _made(call, "call", _name(call, letter[c]), product, value="sum")
    for c in reversed(output):
        product = _made(call, "call", _name(call, letter[c]), product, value="stack")
    return product


def _contracted(call: Branch, text: str, orders: Mapping[str, int], names: set[str]) -> Branch:
    """Two arrays by the axes that are summed together; the axes that are left come in order."""
    span = Span(text, call.start, call.end)
    if len(call.parts) not in (2, 3):
        raise SyntaxMistake("tensordot is tensordot(A, B, axes=1) or tensordot(A, B, axes=([1], [0]))", span)
    left, right = call.parts[:2]
    a, b = _order(left, orders), _order(right, orders)
    first, second = _axes(call.parts[2] if len(call.parts) == 3 else None, a, span)
    for operand, order, axes in ((left, a, first), (right, b, second)):
        if any(not 0 <= k < order for k in axes) or len(set(axes)) < len(axes) or len(first) != len(second):
            what = " ".join(text[operand.start : operand.end].split())
            raise ShapeMistake(f"these axes do not fit: {what} has {order} of them, counted from 0", span)
    letters = iter(ascii_letters[8:] + ascii_letters[:8])
    one, other = [next(letters) for _ in range(a)], [next(letters) for _ in range(b)]
    for k, j in zip(first, second, strict=True):
        other[j] = one[k]
    output = "".join(c for c in [*one, *other] if (c in one) != (c in other))
    return _sums(call, ["".join(one), "".join(other)], output, (left, right), names)


def _order(operand: Branch, orders: Mapping[str, int]) -> int:
    """How many axes an operand has, as it was declared or by its letter; what is made of others is taken for a matrix."""
    if operand.kind == "index":
        return _order(operand.parts[0], orders) - sum(part.kind != "slice" for part in operand.parts[1:])
    if operand.kind in ("*", "+", "-", "neg", "hadamard"):
        return max(_order(part, orders) for part in operand.parts)
    if operand.kind == "call" and len(operand.parts) == 1 and operand.value in ENTRYWISE:
        return _order(operand.parts[0], orders)
    name = str(operand.value)
    return orders.get(name, 2 if name[0].isupper() else 1) if operand.kind == "name" else 0 if operand.kind == "number" else 2


def _axes(part: Branch | None, order: int, span: Span) -> tuple[list[int], list[int]]:
    """The axes of the first and of the second operand; a number says how many at the end of the one, at the beginning of the other."""
    if part is not None and part.kind == "keyword" and part.value == "axes":
        part = part.parts[0]
    if part is None or part.kind == "number":
        count = 2 if part is None else int(part.value[0])
        return list(range(order - count, order)), list(range(count))
    if part.kind == "list" and len(part.parts) == 2:
        both = [b.parts if b.kind == "list" else (b,) for b in part.parts]
        if all(b.kind == "number" for pair in both for b in pair):
            return [int(b.value[0]) for b in both[0]], [int(b.value[0]) for b in both[1]]
    if part.kind == "string":
        inside = str(part.value)[1:-1]
        found = re.findall(r"\d+|[(\[][\d\s,]*[)\]]", inside)
        pairs = [[int(k) for k in re.findall(r"\d+", word)] for word in found]
        return pairs[0], pairs[1]
    raise SyntaxMistake("the axes are a number or two lists of numbers: axes=1, axes=([1], [0])", span)


def _equation(call: Branch, text: str) -> tuple[list[str], str]:
    """The index words of the operands and of the result; without an arrow, the letters that stand once, in order."""
    span = Span(text, call.start, call.end)
    if not call.parts or call.parts[0].kind != "string" or len(call.parts) < 2:
        raise SyntaxMistake('einsum is einsum("ij,jk->ik", A, B)', span)
    if "." in str(call.parts[0].value):
        first = call.parts[0]
        message = "an ellipsis in an index equation is not supported yet: write a letter for each axis"
        raise Unsupported(message, Span(text, first.start, first.end))
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

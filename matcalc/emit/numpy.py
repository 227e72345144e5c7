"""NumPy: an expression as a complete Python function, which runs on its own and reads as if written by hand.

    import numpy as np


    def gradient(*, P):
        t1 = P.T @ P - np.eye(P.shape[1])
        return 2 * (P @ np.sign(t1))

Vectors, columns and rows alike, are one-dimensional arrays.  What is used twice and what has a name is computed once; no line is
much longer than a person writes, so that CPython compiles functions of any depth.  Sizes come from the shapes of the arguments;
a size that no argument tells is an argument itself.  Nothing but whitelisted names gets into the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from matcalc.core.expression import Expr
from matcalc.core.leaves import SYMBOL, symbols
from matcalc.core.size import ONE, Size
from matcalc.emit import applied
from matcalc.emit.code import Code, helper_of
from matcalc.emit.lower import lowered
from matcalc.emit.names import python_name
from matcalc.emit.pretty import pretty
from matcalc.emit.snippet import (
    POSTFIX,
    PRODUCT,
    SHORT,
    SUM,
    TEMPLATES,
    Snippet,
    Template,
    concatenation,
    declared,
    filled,
    number_snippet,
)
from matcalc.errors import LimitReached, NameMistake, Unsupported

LINE = 100
"""Characters of an expression after which its parts get lines of their own."""

_GIVEN = ("argument", "differential")
_VIEWS = ("transpose", "row", "column", "rows", "columns", "flat", "as_row", "as_column")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def function_source(value: Expr, name: str = "gradient", variables: Sequence[Expr] = ()) -> str:
    """The source of a function that computes a value; its arguments are `variables`, and what else the value needs.

    All arguments are keyword-only.  A name that Python keeps for itself gets an underscore, and the docstring says so.
    Raises Unsupported, naming the operation, where one has no form in NumPy.

    >>> from matcalc.core.leaves import symbol
    >>> import matcalc.operations
    >>> A, x = symbol("A", "m", "n"), symbol("x", "n")
    >>> from matcalc.core.builders import chained
    >>> print(function_source(chained(2 * A.T @ A @ x)))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def gradient(*, A, x):
        \"\"\"2 AᵀA x
    <BLANKLINE>
        A: (m, n); x: n.  Returns an array of shape (n,).
        \"\"\"
        return 2 * (A.T @ (A @ x))
    <BLANKLINE>
    """
    if python_name(name) != name:
        raise NameMistake(f"{name!r} cannot be the name of a Python function")
    return Source(value, variables).text(name)


def function(source: str, name: str = "gradient") -> Callable[..., Any]:
    """The function that an emitted source defines.  For text of this module only: nothing else is ever executed."""
    import numpy as np

    namespace: dict[str, Any] = {"np": np, "__name__": "matcalc.emitted"}
    try:
        exec(compile(source, f"<matcalc {name}>", "exec"), namespace)
    except ModuleNotFoundError as missing:
        raise Unsupported(f"this function needs the package {missing.name}, which is not installed") from None
    found: Callable[..., Any] = namespace[name]
    return found


class Source:
    """The text of one function."""

    def __init__(self, value: Expr, variables: Sequence[Expr]) -> None:
        self.value = value
        self.root = lowered(value)
        self.order = list(_postorder(self.root))
        self.helpers = list(dict.fromkeys(h for c in self.order if (h := helper_of(c))))
        self.imports = _imports(self.order)
        names = re.findall(r"^def (\w+)|import \w+ as (\w+)", "\n".join([*self.helpers, *self.imports]), re.MULTILINE)
        self.reserved = frozenset(w for pair in names for w in pair if w)
        self.taken: set[str] = set(self.reserved) | {"np"}
        self.copies: Counter[str] = Counter()
        self.arguments: dict[str, str] = {}
        self.facts: list[str] = []
        self.size_names: dict[str, str] = {}
        self.lines: list[str] = []
        self.snippets: dict[Code, Snippet] = {}
        self.temporaries = 0
        self._claim_arguments(variables)
        self.labels = self._claim_labels()
        self._write_lines()

    # Names.
    def _claim(self, wanted: str) -> str:
        """A name of the function that nothing else has."""
        name = wanted
        while name in self.taken:
            self.copies[wanted] += 1
            name = f"{wanted}_{self.copies[wanted]}"
        assert _WORD.fullmatch(name), name
        self.taken.add(name)
        return name

    def _claim_arguments(self, variables: Sequence[Expr]) -> None:
        leaves = dict.fromkeys([*variables, *symbols(self.value)])
        for e in leaves:
            if e.op is not SYMBOL:
                raise Unsupported("an argument of an emitted function is a symbol")
            self._claim_argument(e["name"], e)
        self._claim_functions()
        self._claim_differentials_and_sizes()

    def _claim_differentials_and_sizes(self) -> None:
        for code in self.order:
            if code.op == "differential":
                word = self.arguments["d " + code.data] = self._claim(python_name("d" + code.data, self.reserved))
                self.facts.append(f"{word}: of the shape of {self.arguments[code.data]}")
            elif code.op == "argument" and code.data.startswith("index ") and code.data not in self.arguments:
                word = self.arguments[code.data] = self._claim(python_name(code.data.removeprefix("index "), self.reserved))
                self.facts.append(f"{word}: an index, from 0")
        for code in self.order:
            if code.op == "size":
                for n in code.data.names():
                    if n not in self.size_names:
                        self.arguments[f"size {n}"] = self.size_names[n] = self._claim(python_name(n, self.reserved))
                        self.facts.append(f"{self.size_names[n]}: a size")

    def _claim_functions(self) -> None:
        for code in self.order:
            if code.op == "apply" and applied.key(code) not in self.arguments:
                key, wanted, told = applied.argument(code, self.reserved)
                self.arguments[key] = self._claim(wanted)
                self.facts.append(f"{self.arguments[key]}: {told}")

    def _claim_argument(self, name: str, e: Expr) -> None:
        word = self.arguments[name] = self._claim(python_name(name, self.reserved))
        renamed = f" (for {name})" if word != name else ""
        sizes = [size for size in e.shape if size is not ONE]
        shape = f"({', '.join(map(repr, sizes))})" if len(sizes) > 1 else repr(sizes[0]) if sizes else "scalar"
        words = "".join(f" {p.word}" for p in e["properties"])
        self.facts.append(f"{word}: {shape}{words}{renamed}")
        for axis, size in enumerate(sizes):
            if len(size.terms) == 1 and len(size.terms[0][0]) == 1 and size.terms[0][1] == 1:
                self.size_names.setdefault(size.terms[0][0][0], f"{word}.shape[{axis}]")

    def _claim_labels(self) -> dict[Code, str]:
        """The name of each value that has one; a second label of one value is not needed."""
        labels: dict[Code, str] = {}
        for code in self.order:
            if code.op == "named" and code.args[0] not in labels:
                labels[code.args[0]] = self._claim(python_name(code.data, self.reserved))
        return labels

    # Lines.
    def _uses(self) -> dict[Code, int]:
        """How often each value is written; what is never a temporary passes its uses on."""
        uses = dict.fromkeys(self.order, 0)
        uses[self.root] = 1
        for code in reversed(self.order):
            times = min(uses[code], 2) if code.op in ("transpose", "named") else 1
            for a in code.args:
                uses[a] += times
        return uses

    def _write_lines(self) -> None:
        uses = self._uses()
        for code in self.order:
            snippet = self._snippet(code)
            if code in self.labels:
                snippet = self._assigned(self.labels[code], snippet)
            elif uses[code] > 1 and not snippet.is_trivial:
                snippet = self._assigned(self._temporary(), snippet)
            self.snippets[code] = snippet

    def _temporary(self) -> str:
        self.temporaries += 1
        while f"t{self.temporaries}" in self.taken:
            self.temporaries += 1
        return self._claim(f"t{self.temporaries}")

    def _assigned(self, name: str, snippet: Snippet) -> Snippet:
        self.lines.append(f"{name} = {snippet.text}")
        return Snippet(name, POSTFIX, True)

    def _snippet(self, code: Code) -> Snippet:
        """The text of a value over its operands; long operands get lines of their own first."""
        if code.op == "argument":
            return Snippet(self.arguments[code.data], POSTFIX, True)
        if code.op == "differential":
            return Snippet(self.arguments["d " + code.data], POSTFIX, True)
        if code.op == "constant":
            return number_snippet(code.data)
        if code.op == "size":
            return self._size(code.data)
        operands = [self.snippets[a] for a in code.args]
        if code.op == "apply":
            return filled(declared(self.arguments[applied.key(code)], len(operands)), operands)
        if code.op == "named":
            return operands[0]
        while sum(len(s.text) for s in operands) > LINE:
            longest = max(range(len(operands)), key=lambda k: len(operands[k].text))
            if len(operands[longest].text) <= SHORT:
                break
            self.snippets[code.args[longest]] = new = self._assigned(self._temporary(), operands[longest])
            operands = [new if a is code.args[longest] else s for a, s in zip(code.args, operands)]
        if code.op == "call":
            return filled(_template(code), operands)
        if code.op == "concatenate":
            return filled(concatenation(len(operands)), operands)
        if code.op == "formed":
            return filled(declared(code.data, len(code.args)), operands)
        kind = f"{code.op} {('scalar', 'vector', 'matrix')[min(code.rank, 2)]}"
        return filled(TEMPLATES[kind if kind in TEMPLATES else code.op], operands)

    def _size(self, size: Size) -> Snippet:
        terms = []
        found, below = size.parts()
        for monomial, coefficient in found:
            factors = [self.size_names[n] for n in monomial]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            terms.append(("- " if coefficient < 0 else "+ ") + " * ".join(factors))
        written = " ".join(terms)
        written = written.removeprefix("+ ") if written.startswith("+") else "-" + written.removeprefix("- ")
        if below > 1:
            return Snippet(f"({written}) // {below}", PRODUCT, True)
        simple = len(size.terms) == 1 and len(size.terms[0][0]) == 1 and size.terms[0][1] == 1
        return Snippet(written, POSTFIX if simple else SUM, True)

    # The whole.
    def text(self, name: str) -> str:
        """The source: imports, helpers, the function."""
        arguments = "*, " + ", ".join(self.arguments.values()) if self.arguments else ""
        parts = ["\n".join(["import numpy as np", *self.imports]), *self.helpers]
        body = ['"""' + self._title(), "", self._docstring(), '"""', *self.lines, f"return {self._returned()}"]
        parts.append("\n".join([f"def {name}({arguments}):", *(f"    {line}".rstrip() for line in body)]))
        return "\n\n\n".join(parts) + "\n"

    def _title(self) -> str:
        try:
            return pretty(self.value, limit=LINE)
        except LimitReached:
            return "See the steps below."

    def _docstring(self) -> str:
        sizes = [repr(size) for size in self.value.shape if size is not ONE]
        result = f"an array of shape ({', '.join(sizes)}{',' * (len(sizes) == 1)})" if sizes else "a number"
        return "; ".join(self.facts) + ".  " * bool(self.facts) + f"Returns {result}."

    def _returned(self) -> str:
        """The value, as a new array or a float."""
        root, snippet = self.root, self.snippets[self.root]
        if root.rank:
            return snippet.text + ".copy()" * _may_share(root)
        whole = all(c.op in ("constant", "size", "add", "subtract", "multiply", "negative", "named", *_GIVEN) for c in self.order)
        sized = all(c.args or c.op in ("constant", "size") for c in self.order)
        return f"float({snippet.text})" if whole or sized else snippet.text


def _may_share(root: Code) -> bool:
    """Whether an array may be one of the arguments, or a view of it."""
    if root.op == "diagonal" or root.op in _GIVEN:
        return True
    hangs_on = (root.op == "call" and _template(root).text.startswith("{0}")) or (root.op == "formed" and root.data.startswith("{0}"))
    return (hangs_on or root.op.split()[0] in _VIEWS) and _may_share(root.args[0])


def _imports(order: Sequence[Code]) -> list[str]:
    """What is imported besides NumPy: SciPy where a declaration names it."""
    written = [f"{c.data.notation.numpy} {c.data.notation.helper}" for c in order if c.op == "call"]
    written += [f"{c.data} {helper_of(c)}" for c in order if c.op == "formed"]
    return ["import scipy as sp"] if any("sp." in text for text in written) else []


def _template(code: Code) -> Template:
    """The declared template of an operation."""
    if code.data.notation.numpy is None:
        raise Unsupported(f"{code.data.name} has no form in NumPy")
    return declared(code.data.notation.numpy, len(code.args))


def _postorder(root: Code) -> Iterator[Code]:
    """Every computation once, operands first."""
    done: set[Code] = set()
    stack = [(root, False)]
    while stack:
        code, finished = stack.pop()
        if finished:
            yield code
        elif code not in done:
            done.add(code)
            stack.append((code, True))
            stack.extend((a, False) for a in reversed(code.args) if a not in done)

"""Functions of entries that the emitter writes in its own way: comparisons, choices, and logarithms that lose no digits."""

from __future__ import annotations

from matcalc.emit.program import Code, Program, is_call


def logarithm(program: Program, a: Code) -> Code:
    """log a; of 1 + x, 1 + exp(x) and sigmoid(x) by functions that do not lose digits."""
    if a.op == "add" and (ones := [k for k in (0, 1) if a.args[k].op == "constant" and a.args[k].data == 1]):
        other = a.args[1 - ones[0]]
        return program.call("softplus", *other.args) if is_call(other, "exp") else program.call("log1p", other)
    if a.op == "subtract" and a.args[0].op == "constant" and a.args[0].data == 1:
        return program.call("log1p", program.negative(a.args[1]))
    if is_call(a, "sigmoid"):
        return program.negative(program.call("softplus", program.negative(a.args[0])))
    return program.call("log", a)


def compared(program: Program, name: str, a: Code, b: Code) -> Code:
    """1 where a comparison holds, else 0; the truth values themselves are its argument."""
    rank = max(a.rank, b.rank)
    if a.op == "constant" and name != "not_equal":
        name, a, b = name.replace("greater", "less"), b, a
    return program.code("indicator", program.code(name, a, b, rank=rank), rank=rank)


def chosen(program: Program, condition: Code, a: Code, b: Code) -> Code:
    """a where a condition holds, else b."""
    held = condition.args[0] if condition.op == "indicator" else condition
    return program.code("where", held, a, b, rank=max(condition.rank, a.rank, b.rank))

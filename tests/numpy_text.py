"""NumPy expressions as people publish them, in our language: a `lambda x, A: …` as a text, or None where it cannot be said."""

import ast
from collections.abc import Mapping

CALLS = {
    "np.linalg.inv": "inv", "np.trace": "tr", "np.outer": "outer", "np.sign": "sign", "np.abs": "abs", "np.exp": "exp", "np.log": "log",
    "np.sqrt": "sqrt", "np.sin": "sin", "np.cos": "cos", "np.tan": "tan", "np.tanh": "tanh", "np.cosh": "cosh", "np.sinh": "sinh",
    "np.arctan": "arctan", "np.diag": "diag", "np.kron": "kron", "np.linalg.det": "det", "np.linalg.norm": "norm", "np.maximum": "maximum",
    "np.minimum": "minimum", "np.sum": "sum", "np.log1p": "log1p", "np.expm1": "expm1", "np.linalg.pinv": "pinv", "np.dot": "dot",
    "np.linalg.matrix_power": "matpow", "np.linalg.solve": "solve", "np.tril": "tril", "np.triu": "triu", "np.cumsum": "cumsum",
    "np.where": "where", "np.prod": "prod", "np.max": "max", "np.min": "min", "np.mean": "mean", "np.clip": "clip", "sp.linalg.expm": "expm",
    "sp.linalg.logm": "logm", "sp.linalg.sqrtm": "sqrtm", "np.linalg.cholesky": "chol", "sp.special.erf": "erf", "np.diagonal": "diag",
    "sp.special.digamma": "digamma", "sp.special.gammaln": "gammaln", "np.vdot": "dot",
    **{n: n for n in ("softmax", "sigmoid", "vec", "logsumexp", "softplus", "relu", "unvec")},
}  # fmt: skip
SHAPED = {"np.eye": "eye", "np.ones": "ones", "np.zeros": "zeros"}
METHODS = {"sum": "sum", "trace": "tr", "mean": "mean", "prod": "prod", "max": "max", "min": "min", "cumsum": "cumsum"}
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


class Unsayable(Exception):
    """What our language has no words for."""


def translated(source: str, dims: Mapping[str, int], functions: Mapping[str, object] = {}) -> str | None:
    """The body of a lambda in our language; sizes are the names that have these numbers."""
    names = {number: name for name, number in reversed(list(dims.items()))}
    body = ast.parse(source, mode="eval").body
    assert isinstance(body, ast.Lambda)
    try:
        return _Writer(names, functions).text(body.body, {})
    except Unsayable:
        return None


class _Writer:
    def __init__(self, names, functions):
        self.names, self.functions = names, functions

    def text(self, e, scope):
        return getattr(self, f"_{type(e).__name__.lower()}", self.unknown)(e, scope)

    def unknown(self, e, scope):
        raise Unsayable(ast.unparse(e))

    def _name(self, e, scope):
        return scope.get(e.id, e.id)

    def _constant(self, e, scope):
        if not isinstance(e.value, (int, float)):
            raise Unsayable(repr(e.value))
        return repr(e.value) if not (isinstance(e.value, float) and e.value.is_integer()) else str(int(e.value))

    def _binop(self, e, scope):
        return f"({self.text(e.left, scope)}){SIGNS[type(e.op)]}({self.text(e.right, scope)})"

    def _unaryop(self, e, scope):
        if not isinstance(e.op, ast.USub):
            return self.unknown(e, scope)
        return f"-({self.text(e.operand, scope)})"

    def _compare(self, e, scope):
        if len(e.ops) != 1 or type(e.ops[0]) not in COMPARISONS:
            return self.unknown(e, scope)
        return f"(({self.text(e.left, scope)}){COMPARISONS[type(e.ops[0])]}({self.text(e.comparators[0], scope)}))"

    def _attribute(self, e, scope):
        if e.attr == "T":
            return f"({self.text(e.value, scope)}).T"
        if ast.unparse(e) == "np.pi":
            return "pi"
        return self.unknown(e, scope)

    def _call(self, e, scope):
        if isinstance(e.func, ast.Lambda):
            values = dict(zip((a.arg for a in e.func.args.args), (f"({self.text(a, scope)})" for a in e.args), strict=True))
            return self.text(e.func.body, {**scope, **values})
        name = ast.unparse(e.func)
        if name in SHAPED:
            sizes = e.args[0].elts if isinstance(e.args[0], ast.Tuple) else e.args
            return f"{SHAPED[name]}({', '.join(map(self.size, sizes))})"
        if name in CALLS:
            return self.called(CALLS[name], e.args, e.keywords, scope)
        for primes in ("", "d", "dd"):
            if name.removeprefix(primes) in self.functions and name.startswith(primes):
                return self.called(name.removeprefix(primes) + "'" * len(primes), e.args, e.keywords, scope)
        if isinstance(e.func, ast.Attribute) and e.func.attr in METHODS:
            return self.called(METHODS[e.func.attr], [e.func.value, *e.args], e.keywords, scope, axis=True)
        return self.unknown(e, scope)

    def called(self, word, args, keywords, scope, axis=False):
        if any(k.arg != "axis" for k in keywords):
            raise Unsayable(word)
        given = [self.text(a, scope) for a in args]
        if len(given) == 2 and word in METHODS.values():
            given[1] = f"axis={given[1]}"
        return f"{word}({', '.join([*given, *(f'axis={self.text(k.value, scope)}' for k in keywords)])})"

    def size(self, e):
        if isinstance(e, ast.Constant) and e.value in self.names:
            return self.names[e.value]
        raise Unsayable(ast.unparse(e))

    def _subscript(self, e, scope):
        raise Unsayable(ast.unparse(e))

"""Texts come back as the very nodes they were written from."""

import random

import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.core import builders, leaves
from matcalc.core.expression import Expr, plain
from matcalc.core.operation import OPERATIONS
from matcalc.errors import LimitReached
from matcalc.syntax import read, text, where_text
from matcalc.syntax.tree import Branch

WHERE = "A: (m, n); B: (n, p); S: (n, n); P: (n, n) pd; x: n; y: n positive; z: m; a: scalar; k: integer; N: scalar"

WRITTEN = [
    ("sum(abs(P.T@P - I))", "sum(abs(P.T@P - I))"),
    ("tr(I@S)", "tr(I@S)"),
    ("tr(S + 2*I)", "tr(S + 2*I)"),
    ("tr(eye(n))", "tr(eye(n))"),
    ("1 - exp(eye(n))", "1 - exp(eye(n))"),
    ("I + eye(n)", "eye(n) + eye(n)"),
    ("a*(b*c)*x", "a*(b*c)*x"),
    ("x/2/a", "x/2/a"),
    ("x/(2*a)", "x/(2*a)"),
    ("(-x)/2", "(-x)/2"),
    ("-x/2", "-x/2"),
    ("-(1/2)*x", "-1/2*x"),
    ("x*(1/2)", "1/2*x"),
    ("0.50*x", "0.5*x"),
    ("1e-3*x", "0.001*x"),
    ("x**-1", "x**-1"),
    ("x**(1/2)", "sqrt(x)"),
    ("(x**2)**3", "(x**2)**3"),
    ("2**a**2", "2**(a**2)"),
    ("x - -y", "x + y"),
    ("x - 2*y", "x - 2*y"),
    ("x + -2*y", "x - 2*y"),
    ("x - (y - x)", "x - (y - x)"),
    ("1 - x", "1 - x"),
    ("x + 1/2", "x + 1/2"),
    ("-3 + x", "-3 + x"),
    ("a + x", "a*ones(n) + x"),
    ("x - mean(x)", "x - mean(x)"),
    ("x - norm(z)/2", "x - norm(z)/2"),
    ("S + ones(n, n)", "S + 1"),
    ("3 + 1 + x", "(3 + 1) + x"),
    ("1/x", "1/x"),
    ("a*b/x", "a*b*ones(n)/x"),
    ("(-3)/x", "(-3)/x"),
    ("x @ S", "S.T@x"),
    ("x @ S @ y", "x.T@S@y"),
    ("x @ y", "x.T@y"),
    ("x @ z.T", "x@z.T"),
    ("2*x @ y*z", "2*(x.T@y)*z"),
    ("A @ (B @ q)", "A@(B@q)"),
    ("2*A @ x", "2*A@x"),
    ("(2*S)*P", "2*S*P"),
    ("S*(P*S)", "S*(P*S)"),
    ("hadamard(S*P, S)", "hadamard(S*P, S)"),
    ("(S @ P)*S", "(S@P)*S"),
    ("(S + P).T", "(S + P).T"),
    ("tanh(x).T @ x", "tanh(x).T@x"),
    ("diag(x) @ diag(S)", "diag(x)@diag(S)"),
    ("outer(x, z)", "outer(x, z)"),
    ("dot(S, P)", "inner(S, P)"),
    ("norm(x)**2/n", "norm(x)**2/n"),
    ("pi*e(0, n) + zeros(n)", "pi*e(0, n) + zeros(n)"),
    ("ones(2*n + 1, 3)", "ones(2*n + 1, 3)"),
    ("sqrt(x @ x)", "sqrt(x.T@x)"),
    ("‖x‖² + β", "norm(x)**2 + beta"),
    ("S⁻¹ ⊙ P^-T", "inv(S)*inv(P).T"),
    ("G @ x where X = S@P, G = sign(X) + X", "G@x where X = S@P, G = sign(X) + X"),
]


@pytest.mark.parametrize(("typed", "written"), WRITTEN)
def test_a_text_is_written_back(typed: str, written: str) -> None:
    reading = read(typed, where=WHERE)
    assert text(reading.expr) == written
    assert read(written, where=WHERE).expr is reading.expr


@pytest.mark.parametrize("typed", ["sum(abs(P.T@P - I))", "g/norm(v)*v", "x@A@y", "X + 1", "tr(inv(X)) + sum(I*Y)", "outer(x, y) - 2"])
def test_inferred_declarations_are_enough_to_read_again(typed: str) -> None:
    reading = read(typed)
    assert read(text(reading.expr), where=where_text(reading.assumptions)).expr is reading.expr


def test_where_text_keeps_properties_and_rows() -> None:
    where = "r: (1, n); S: (n, n) pd; g: scalar positive; X: (2*n, m + 1)"
    names = {a.name: a for a in read("r@S@r.T*g + sum(X)", where=where).assumptions}
    assert where_text(names[n] for n in "rSgX") == "r: (1, n); S: (n, n) pd; g: scalar positive; X: (2*n, m + 1)"


def test_two_definitions_with_one_label_get_two() -> None:
    x = leaves.symbol("x", "n")
    e = builders.plus(leaves.named("w", x), leaves.named("w", builders.times(2, x)))
    assert text(e) == "w + w_ where w = x, w_ = 2*x"


def test_an_atom_of_a_derivation_is_written_to_be_looked_at() -> None:
    assert text(leaves.differential_of(leaves.symbol("X", "m", "n"))) == "d(X)"


def test_a_shared_graph_ends_in_an_error_not_in_an_explosion() -> None:
    e = leaves.symbol("x", "n")
    for _ in range(40):
        e = builders.plus(e, builders.times(2, e))
    with pytest.raises(LimitReached, match="more than 200,000 characters"):
        text(e)


@pytest.mark.parametrize(
    "typed",
    ["+".join(["x"] * 3000), "@".join(["S"] * 3000), "*".join(["S"] * 3000), "abs(" * 1900 + "x" + ")" * 1900, "2*S" + "@S" * 3000],
    ids=["sum", "product", "entrywise", "nested", "scaled"],
)
def test_deep_texts_come_back(typed: str) -> None:
    reading = read(typed, where="x: n; S: (n, n)")
    assert read(text(reading.expr)[:10_000], where="x: n; S: (n, n)").expr is reading.expr if len(text(reading.expr)) < 10_000 else True


# ---- random texts ----

NAMES = {"S": ["a", "b", "2", "0.5", "k", "n", "pi"], "V": ["x", "y"], "M": ["S", "P", "I"]}


def random_text(random_: random.Random, kind: str, depth: int) -> str:
    """A text of a kind, all its vectors of length n and matrices n×n."""

    def some(k: str) -> str:
        return random_text(random_, k, depth - 1)

    if depth <= 0:
        return random_.choice(NAMES[kind])
    forms = {
        "S": [
            lambda: f"{some('V')} @ {some('V')}", lambda: f"tr({some('M')})", lambda: f"sum({some('V')})", lambda: f"norm({some('M')})**2",
            lambda: f"inner({some('M')}, {some('M')})", lambda: f"({some('S')})**{random_.choice(['2', '-1', '(1/2)'])}",
        ],
        "V": [
            lambda: f"{some('M')} @ {some('V')}", lambda: f"{some('V')} @ {some('M')}", lambda: f"diag({some('M')})",
            lambda: f"({some('V')})/({some('V')})", lambda: f"1/{some('V')}",
        ],
        "M": [
            lambda: f"({some('M')}).T", lambda: f"({some('M')}) @ ({some('M')})", lambda: f"diag({some('V')})", lambda: f"inv({some('M')})",
            lambda: f"({some('V')}) @ ({some('V')}).T", lambda: f"outer({some('V')}, {some('V')})",
        ],
    }  # fmt: skip
    common = [
        lambda: f"{some(kind)} + {some(kind)}", lambda: f"{some(kind)} - ({some(kind)})", lambda: f"-{some(kind)}",
        lambda: f"({some(kind)})",
        lambda: f"({some('S')})*{some(kind)}", lambda: f"({some(kind)})*({some(kind)})", lambda: f"{some(kind)}/({some('S')})",
        lambda: f"{random_.choice(['3', '-3', '1', '1/2'])}*{some(kind)}", lambda: f"tanh({some(kind)})", lambda: f"({some(kind)}) + 1",
    ]  # fmt: skip
    return random_.choice(common + forms[kind])()


def built(tree: Branch, names: dict[str, Expr]) -> Expr:
    """The expression by the builders alone, operator by operator."""
    parts = [built(p, names) for p in tree.parts]
    match tree.kind:
        case "number":
            return leaves.number(*tree.value)
        case "name":
            return names[tree.value]
        case "call":
            word = tree.value if tree.value != "diag" or parts[0].is_column else "diagonal"
            return plain(OPERATIONS[word], *parts)
        case "T":
            return parts[0].T
        case "neg":
            return builders.negative(parts[0])
    operators = {"+": builders.plus, "-": builders.minus, "*": builders.times, "/": builders.over, "**": builders.to_power}
    return (operators | {"@": builders.matrix_product})[tree.kind](*parts)


@pytest.mark.parametrize("kind", ["S", "V", "M"])
def test_random_texts_mean_what_the_builders_make_and_come_back(kind: str) -> None:
    random_ = random.Random(f"texts {kind}")
    read_ = 0
    where = "x: n; y: n; S: (n, n); P: (n, n); a: scalar; b: scalar; k: scalar"
    sizes = {"n": leaves.size_number("n"), "pi": leaves.pi(), "I": leaves.identity("n")}
    for _ in range(400):
        typed = random_text(random_, kind, random_.randint(1, 4))
        try:
            reading = read(typed, where=where)
        except ValueError:
            continue  # a product of scalars, 1 + I
        read_ += 1
        assert built(reading.tree, reading.symbols | sizes) is reading.expr or "I" in typed, typed
        assert read(text(reading.expr), where=where).expr is reading.expr, typed
    assert read_ > 200

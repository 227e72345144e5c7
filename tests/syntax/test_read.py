"""Kinds, sizes, names and definitions: what a reading holds."""

import time

import pytest

import matcalc.operations  # noqa: F401 - fills the table
from matcalc.core import leaves
from matcalc.core.builders import chained
from matcalc.core.size import Size
from matcalc.errors import NameMistake
from matcalc.syntax import read, text
from matcalc.syntax.declare import declarations
from matcalc.syntax.tree import outline


def assumed(typed: str, where: str = "", **more: object) -> str:
    """The assumptions in one line."""
    found = read(typed, where=where, **more).assumptions  # type: ignore[arg-type]
    return "; ".join(f"{a.name} {a.kind} {'×'.join(map(repr, a.sizes))} {a.origin}".replace("  ", " ") for a in found)


INFERRED = [
    ("sum(abs(P.T@P - I))", "", "P matrix m×n from P.T@P"),
    ("g/norm(v)*v", "", "g scalar by its letter; v vector n by its letter"),
    ("x@A@x", "", "x vector n by its letter; A matrix n×n from x@A"),
    ("x@A@y", "", "x vector m by its letter; A matrix m×n from x@A; y vector n by its letter"),
    ("outer(x, y)", "", "x vector m from outer(x, y); y vector n from outer(x, y)"),
    ("tr(X)", "", "X matrix n×n by its letter"),
    ("tr(x)", "", "x matrix n×n from tr(x)"),
    ("norm(A@x - b)**2", "", "A matrix m×n by its letter; x vector n by its letter; b vector m from A@x - b"),
    ("A@B@C", "", "A matrix m×n by its letter; B matrix n×p by its letter; C matrix p×q by its letter"),
    ("diag(v)@A", "", "v vector m by its letter; A matrix m×n by its letter"),
    ("softmax(B@x)", "", "B matrix m×n by its letter; x vector n from B@x"),
    ("X + c", "", "X matrix m×n by its letter; c matrix m×n from X + c"),
    ("X + c", "c: scalar", "X matrix m×n by its letter; c scalar declared"),
    ("X + 2*c", "", "X matrix m×n by its letter; c scalar by its letter"),
    ("beta_1*x + Sigma@x", "", "beta_1 scalar by its letter; x vector n by its letter; Sigma matrix n×n by its letter"),
    ("A@x", "A: (n, m)", "A matrix n×m declared; x vector m by its letter"),
    ("A@x + y", "y: k positive", "A matrix k×n by its letter; x vector n from A@x; y vector k declared"),
    ("n*x", "", "n vector m by its letter; x vector m by its letter"),
    ("norm(r)**2/n", "r: n", "r vector n declared"),
    ("ones(m, p) - X", "", "X matrix m×p from ones(m, p) - X"),
    ("ones(n)@X", "", "X matrix n×m by its letter"),
    ("c*ones(2*k) + x", "", "c scalar by its letter; x vector 2*k from c*ones(2*k) + x"),
    ("kappa*I@x", "", "kappa scalar by its letter; x vector n by its letter"),
    ("I*a", "I: n; a: n", "I vector n declared; a vector n declared"),
    ("e@x", "e: n; x: n", "e vector n declared; x vector n declared"),
    ("tr*x", "tr: scalar", "tr scalar declared; x vector n by its letter"),
    ("A + t*B", "", "A matrix m×n by its letter; t scalar from t*B; B matrix m×n by its letter"),
    ("t*A", "", "t scalar from t*A; A matrix m×n by its letter"),
    ("W@W.T + lam*I", "", "W matrix m×n by its letter; lam scalar by its letter"),
    ("x**p", "", "x vector n by its letter; p scalar from x**p"),
    ("x**p", "p: n", "x vector n by its letter; p vector n declared"),
    ("sin(t*x)", "", "t vector n by its letter; x vector n by its letter"),
    ("eye(n*n) - kron(A, A)", "", "A matrix n×n by its letter"),
    ("tr(kron(A, X))", "", "A matrix n×n by its letter; X matrix m×m by its letter"),
    ("tr(kron(kron(A, X), B))", "", "A matrix n×n by its letter; X matrix m×m by its letter; B matrix p×p by its letter"),
    ("T@x", "T: (m, n)", "T matrix m×n declared; x vector n by its letter"),
    ("r@X", "r: (1, n)", "r row 1×n declared; X matrix n×m by its letter"),
    ("x@y", "x: (n, 1)", "x vector n declared; y vector n by its letter"),
]


@pytest.mark.parametrize(("typed", "where", "found"), INFERRED)
def test_shapes_are_inferred(typed: str, where: str, found: str) -> None:
    assert assumed(typed, where) == found


def test_sizes_inside_identity_and_constants() -> None:
    e = read("I@x + e(1, n) - zeros(n)", where="x: n").expr
    assert [a.op.name for a in e.args] == ["matmul", "unit", "scale"]
    assert e.args[0].args[0] is leaves.identity("n")
    assert e.args[1] is leaves.unit(1, "n")


def test_a_declaration_has_polynomial_sizes_and_properties() -> None:
    found = declarations("A: (n*(n+1), 2*k - 1) ; S: (n,n) symmetric invertible;f: elementwise function; L: scalar function;s: positive")
    assert [(d.name, d.shape, sorted(p.word for p in d.properties), d.function) for d in found] == [
        ("A", (Size.of("n") * "n" + "n", Size.of("k") * 2 + -1), [], ""),
        ("S", (Size.of("n"), Size.of("n")), ["invertible", "symmetric"], ""),
        ("f", (Size.of(1), Size.of(1)), [], "elementwise"),
        ("L", (Size.of(1), Size.of(1)), [], "scalar"),
        ("s", (Size.of(1), Size.of(1)), ["positive"], ""),
    ]


def test_definitions_are_named_nodes_in_order() -> None:
    reading = read("L*w@w", let={"w": "g/norm(v)*v", "L": "sum(w)"})
    assert text(reading.expr) == "L*w.T@w where w = g/norm(v)*v, L = sum(w)"
    assert [(label, outline(tree)) for label, tree in reading.let_trees] == [
        ("w", "(* (/ g (call norm v)) v)"),
        ("L", "(call sum w)"),
    ]


def test_a_definition_after_wrt_is_a_free_symbol() -> None:
    reading = read("sum(z**2)", let={"w": "g/norm(v)*v", "z": "tanh(w)"}, wrt="w")
    assert text(reading.expr) == "sum(z**2) where z = tanh(w)"
    assert reading.symbols["w"] is leaves.symbol("w", "n")
    assert [(a.name, a.origin) for a in reading.assumptions] == [("w", "from w = g/norm(v)*v")]
    assert [label for label, _ in reading.let_trees] == ["z"]


def test_a_declared_variable_need_not_occur() -> None:
    reading = read("x@x", where="Q: (n, n) pd", wrt=("Q", "x"))
    assert reading.symbols["Q"].shape == (Size.of("n"), Size.of("n"))
    assert [a.name for a in reading.assumptions] == ["x", "Q"]


def test_known_names_are_taken_as_they_are() -> None:
    first = read("x@A@x", where="A: (n, n) pd")
    second = read("(A + A.T)@x/n", known=first.symbols)
    assert second.symbols == {"A": first.symbols["A"], "x": first.symbols["x"]}
    assert text(second.expr) == "((A + A.T)@x)/n"


def test_shapes_are_known_for_every_branch() -> None:
    reading = read("tr(I) + sum(A@x)", where="A: (m, n)")
    shapes = {outline(b): reading.shapes[id(b)] for b in (reading.tree, *reading.tree.parts, reading.tree.parts[1].parts[0])}
    assert shapes["(@ A x)"] == (Size.of("m"), Size.of(1))


def test_text_and_operators_mean_the_same() -> None:
    x, A = leaves.symbol("x", "n"), leaves.symbol("A", "n", "n")
    assert read("x@A@x/2 - 0.5*x@x", where="x: n; A: (n, n)").expr is chained(x @ A @ x / 2 - 0.5 * x @ x)
    assert read("1 - 2*A**2", where="A: (n, n)").expr is chained(1 - 2 * A**2)


def test_huge_powers_stay_symbolic() -> None:
    assert text(read("9**9**9").expr) == "9**(9**9)"


def test_reading_is_fast() -> None:
    read("sum(abs(P.T@P - I))")
    start = time.perf_counter()
    for _ in range(20):
        read("sum(abs(P.T@P - I))")
    assert (time.perf_counter() - start) / 20 < 0.02


@pytest.mark.parametrize("count", [1000, 3000])
def test_long_sums_are_read(count: int) -> None:
    assert len(read("+".join(["x"] * count)).expr.args) == count


def test_many_names_share_one_kind() -> None:
    typed = " + ".join(f"x{k}" for k in range(1000))
    assert {a.sizes for a in read(typed).assumptions} == {(Size.of("n"),)}


def test_a_long_product_with_a_vector_in_front_is_read() -> None:
    assert len(read("x" + "@A" * 3000 + "@x").expr.args) == 3002


def test_a_name_cannot_be_both_defined_and_declared() -> None:
    with pytest.raises(NameMistake, match="both declared and defined"):
        read("x", where="x: n", let={"x": "y"})


CLAUSES = [
    ("(norm(w)**2 where w = A@x) + norm(x)", "norm(w)**2 + norm(x) where w = A@x"),
    ("norm(w) where w = (z + y where z = A@x)", "norm(w) where z = A@x, w = z + y"),
    ("(w where w = 2*v) + v where v = A@x", "w + v where v = A@x, w = 2*v"),
    ("2*(x + y where y = 3*x)", "2*(x + y) where y = 3*x"),
]


@pytest.mark.parametrize(("typed", "flat"), CLAUSES)
def test_clauses_stand_in_brackets_too(typed: str, flat: str) -> None:
    assert text(read(typed).expr) == flat
    assert read(flat).expr is read(typed).expr


def test_definitions_have_clauses_too() -> None:
    reading = read("norm(y)", let={"y": "A@z where z = 2*x"})
    assert text(reading.expr) == "norm(y) where z = 2*x, y = A@z"


NOTED = [
    ("tr(A*X)", "", "A*X goes entry by entry; the product of matrices is A@X"),
    ("inv(A)*b", "", "inv(A)*b is a multiple of a matrix; its product with a vector is inv(A)@b"),
    ("A**-1", "A: (n, n)", "A**-1 goes entry by entry; the inverse is inv(A)"),
    ("exp(A)", "A: (n, n)", "exp(A) goes entry by entry; of the matrix as a whole it is expm(A)"),
    ("tr(A@X) + sum(A.*X) + 2*sum(A)", "", ""),
    ("sum(A*B)", "A: (m, n)", ""),
    ("c*A + exp(B)", "", ""),
    ("A*c", "A: (n, n); c: scalar", ""),
]


@pytest.mark.parametrize(("typed", "where", "note"), NOTED)
def test_what_goes_entry_by_entry_and_might_not_be_meant_is_noted(typed: str, where: str, note: str) -> None:
    assert "; ".join(read(typed, where=where).notes) == note


@pytest.mark.parametrize(
    ("typed", "where", "noted"),
    [
        ("exp(-norm(x - m)**2/(2*s**2))", "", ["s"]), ("s*norm(x)", "s: scalar", []), ("s*x", "", []), ("exp(x)*y", "", []),
        ("s*norm(x)", "s: n", []), ("s*t*norm(x)", "", ["s", "t"]), ("A@s*norm(x)", "", []),
    ],
)  # fmt: skip
def test_a_vector_that_was_meant_as_a_scalar_is_noted(typed: str, where: str, noted: list[str]) -> None:
    notes = read(typed, where=where, wrt="x").notes
    declared = "; ".join(f"{name}: scalar" for name in noted)
    assert [f'--where "{declared}"' in note for note in notes] == [True] * bool(noted)
    assert not noted or read(typed, where=declared, wrt="x").expr.is_scalar

"""Python objects mean what texts mean, and the two can be mixed: symbols of one name are one."""

import pytest

import matcalc as mc
from matcalc.core.unify import unified

SAME = [
    ("x@A@x", lambda x, A, b, c: x @ A @ x),
    ("norm(A@x - b)**2/2 + c*norm(x, 1)", lambda x, A, b, c: mc.norm(A @ x - b) ** 2 / 2 + c * mc.norm(x, 1)),
    ("tr(A.T@A - 2*I)", lambda x, A, b, c: mc.tr(A.T @ A - 2 * mc.I)),
    ("sum((x > 0)*x) + sum(1/(1 + exp(-b)))", lambda x, A, b, c: mc.sum((x > 0) * x) + mc.sum(1 / (1 + mc.exp(-b)))),
    ("log(det(A)) + logdet(A) - c**2", lambda x, A, b, c: mc.log(mc.det(A)) + mc.logdet(A) - c**2),
    ("sum(abs(A - outer(x, b)))", lambda x, A, b, c: mc.sum(abs(A - mc.outer(x, b)))),
    ("maximum(c, 0)*dot(x, b) + sum(A, axis=1)@x", lambda x, A, b, c: mc.maximum(c, 0) * mc.dot(x, b) + mc.sum(A, axis=1) @ x),
    ("norm(A, 'nuc') + norm(A, 2) + sqrt(c)", lambda x, A, b, c: mc.norm(A, "nuc") + mc.norm(A, 2) + mc.sqrt(c)),
    ("1.5*c - 0.25", lambda x, A, b, c: 1.5 * c - 0.25),
]  # fmt: skip
WHERE = "x: n; A: (n, n); b: n; c: scalar"


@pytest.mark.parametrize(("text", "made"), SAME)
def test_objects_and_texts_are_the_same_nodes(text, made):
    from matcalc.core.builders import chained

    e = made(mc.vector("x", "n"), mc.matrix("A", "n", "n"), mc.vector("b", "n"), mc.scalar("c"))
    assert chained(e) is mc.parse(text, where=WHERE)
    assert mc.parse(str(e), where=WHERE) is mc.parse(text, where=WHERE)


def test_a_parsed_expression_meets_objects():
    e = mc.parse("A@x - b")
    x, A = mc.vector("x", "k"), mc.matrix("A", "k", "k", "symmetric")
    assert mc.grad(mc.norm(e) ** 2, x).text() == "2*A.T@(A@x - b)"
    r = mc.grad(e @ A @ e, "x")
    assert r.where == "A: (n, n) symmetric; x: n; b: n"
    assert mc.equal(r.value, mc.parse("2*A@A@(A@x - b)", where=r.where))


def test_a_variable_as_an_object_says_what_it_is():
    x, A = mc.vector("x", "k"), mc.matrix("A", "k", "k", "symmetric")
    assert mc.grad("x@A@x", x).where == "x: k; A: (k, k)"
    assert mc.grad("x@A@x", x, where="A: (k, k) symmetric").text() == "2*A@x"
    assert mc.grad("tr(A@B)", A, where="B: (k, k)").text() == "(B + B.T)/2"


def test_definitions_may_be_objects():
    A, x = mc.matrix("A", "m", "n"), mc.vector("x", "n")
    r = mc.grad("w@w + c", "x", let={"w": A @ x, "c": "norm(x)**2"})
    assert mc.equal(r.value, mc.parse("2*(x + A.T@A@x)", where=r.where)) and mc.parse(r.text(), where=r.where) is r.value


@pytest.mark.parametrize("f", ["x@A@x", "norm(A@x)", "sum(exp(x))"])
def test_a_result_of_objects_is_read_back(f):
    r = mc.grad(mc.parse(f), "x")
    assert mc.parse(r.text(), where=r.where) is r.value


WRONG = [
    (lambda x: mc.grad(x @ x, mc.matrix("x", "m", "n")), "shape", "two different variables x"),
    (lambda x: mc.grad(x @ x, x @ x), "rank", "is none"),
    (lambda x: mc.grad(x @ x, "x", let={"y": "x"}), "syntax", "belong to a text"),
    (lambda x: mc.vector("x", 3) @ mc.vector("x", 4), "shape", "two different variables x"),
    (lambda x: x + mc.vector("y", "m"), "shape", "n×1 and m×1"),
]


@pytest.mark.parametrize(("ask", "code", "words"), WRONG)
def test_what_cannot_be_mixed_is_told(ask, code, words):
    with pytest.raises(mc.MatcalcError, match=words) as caught:
        ask(mc.vector("x", "n"))
    assert caught.value.code == code


def test_sizes_are_joined_in_turn():
    a, b = mc.matrix("X", "m", "n"), mc.matrix("X", "n", "p")
    assert len(set(unified([a, b]))) == 1
    a, b = mc.matrix("X", "m", "n"), mc.matrix("X", "2", "n")
    assert [e.shape[0].text for e in unified([a, b])] == ["2", "2"]


def test_an_object_has_a_size_limit(monkeypatch):
    import matcalc.answers.question

    monkeypatch.setattr(matcalc.answers.question, "MOST_NODES", 100)
    x = mc.vector("x", "n")
    e = mc.sum(x)
    for k in range(40):
        e = e + k * mc.sum(x)
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grad(e, x)
    assert caught.value.code == "limit"


def test_an_object_shows_itself():
    x = mc.vector("x", "n")
    assert str(mc.norm(x) ** 2) == "norm(x)**2"
    assert (mc.norm(x) ** 2)._repr_latex_() == "$\\displaystyle \\lVert x \\rVert^{2}$"

"""Derivations on a page of text and on paper: nothing wider than the page, LaTeX that compiles."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.emit.breaking import latex_lines_of, latex_pieces, text_lines_of, text_pieces
from matcalc.emit.page import PAGE
from matcalc.emit.paper import _PREAMBLE as PREAMBLE
from matcalc.emit.paper import LETTER

SEEN = 1.0
"""Points that a reader sees."""
CASES = Path(__file__).parent.parent / "cases"
LAYERS = 6
DEEP = "x"
for k in range(1, LAYERS + 1):
    DEEP = f"tanh(W{k}@{DEEP} + b{k})"
PROBLEMS = [
    ("sum(abs(P.T@P - I))", "P", ""),
    ("norm(X@A - B)", "X", ""),
    ("tr(inv(A + X.T@C@X)@B)", "X", ""),
    ("sum(log(1 + exp(-y*(A@w))))", "w", ""),
    ("n/2*logdet(Sigma) + tr((X - ones(n)@mu.T)@inv(Sigma)@(X - ones(n)@mu.T).T)/2", "Sigma", "Sigma: (p, p) pd; X: (n, p); mu: p"),
    ("-sum(Y*log(softmax(X@W, axis=1)))", "W", ""),
    ("g/norm(v)*v", "v", ""),
    ("norm(sqrtm(X) - A)**2", "X", ""),
    (f"norm({DEEP} - y)**2", "W1", "x: n; y: n; " + "; ".join(f"W{k}: (n, n); b{k}: n" for k in range(1, LAYERS + 1))),
]


@pytest.fixture(scope="module")
def results():
    return [mc.grad(f, x, where=where) for f, x, where in PROBLEMS]


@pytest.mark.parametrize("notation", ["frobenius", "trace"])
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_no_line_is_wider_than_a_page(results, detail, notation):
    for result in results:
        for line in [*result.headline().splitlines(), *result.derivation.text(detail, notation).splitlines()]:
            assert len(line) <= PAGE, line


def test_more_detail_has_more_lines(results):
    for result in results:
        counts = [len(result.derivation.text(detail).splitlines()) for detail in ("brief", "normal", "full")]
        assert counts == sorted(counts)


def test_trace_notation_has_no_colon_product(results):
    for result in results:
        text = result.derivation.text(notation="trace")
        assert " : " not in text and ("tr(" in text or "ᵀd" in text or result.kind == "jacobian")


def test_breaking_loses_nothing():
    line = "A (B + C) − D ⊙ (E F + ‖G − H‖ I) : K L M + tr(X Y Z) − N"
    for width in range(8, 60, 7):
        parts = text_lines_of(line, width, 2)
        assert " ".join(" ".join(parts).split()) == line
    assert "".join(p.text for p in text_pieces(line)) == line
    source = mc.grad("tr(inv(A + X.T@C@X)@B)", "X").latex()
    assert "".join(p.text for p in latex_pieces(source)) == source
    for width in (6, 12, 20, 30):
        parts = latex_lines_of(source, width, 2)
        assert re.sub(r"\\(left|bigl|right|bigr)\b|\s", "", "".join(parts)) == re.sub(r"\\(left|right)\b|\s", "", source)
        for part in parts:
            assert part.count(r"\left") == part.count(r"\right")


def test_what_is_on_paper_is_balanced(results):
    for result in results:
        for source in (result.derivation.latex(), result.derivation.document(), result.derivation.markdown()):
            assert source.count("{") - source.count(r"\{") == source.count("}") - source.count(r"\}")
            assert source.isascii()
            assert len(re.findall(r"\\begin\{", source)) == len(re.findall(r"\\end\{", source))


def test_words_and_formulas_keep_apart():
    source = mc.grad("sum(i, sum(abs(Phi[:,i,:].T@Phi[:,i,:] - I)))", "Phi", where="Phi: (l, m, n)").derivation.latex()
    assert r"\text{symmetric, because }X_{i}\text{ is}" in source


def compiled(sources, folder):
    """What LaTeX has against a document with these derivations: errors, and lines that are too wide."""
    body = "\n".join(rf"\typeout{{NUMBER {k}}}" + "\n" + source for k, source in enumerate(sources))
    (folder / "derivations.tex").write_text(f"{PREAMBLE}\n{body}\n\\end{{document}}\n", encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "derivations.tex"], cwd=folder, capture_output=True, text=True, errors="replace", timeout=120
    )
    return [line for line in done.stdout.splitlines() if line.startswith("!")], [line for line in done.stdout.splitlines() if "Overfull" in line]


needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")


@needs_latex
def test_latex_takes_the_documents(results, tmp_path):
    sources = [r.derivation.latex(notation=notation) for r in results for notation in ("frobenius", "trace")]
    sources += [mc.explain(f"d {what}").latex() for what in ("norm(v)", "inv(X)", "det(X)", "pinv(X)", "sqrtm(X)")]
    errors, wide = compiled(sources, tmp_path)
    assert not errors and not wide


@needs_latex
@pytest.mark.slow
def test_latex_takes_every_case(tmp_path):
    sources = []
    for line in (CASES / "right_answers.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        verb = {"gradient": mc.grad, "jacobian": mc.jacobian, "hessian": mc.hessian, "pullback": mc.pullback}.get(case["of"])
        if verb is not None:
            try:
                derivation = verb(case["f"], case["x"], where=case["where"], let=case.get("let")).derivation
                sources += [derivation.latex(notation=notation) for notation in ("frobenius", "trace")]
            except mc.MatcalcError:
                continue
    errors, wide = compiled(sources, tmp_path)
    assert len(sources) > 100 and not errors
    assert not [line for line in wide if float(re.search(r"([\d.]+)pt", line)[1]) > SEEN], "no line is wider than the page"


@needs_latex
def test_widths_are_those_of_latex(results, tmp_path):
    """What breaking takes for the width of a line is, within a tenth or two, what LaTeX makes of it."""
    rows = [row for r in results for row in re.findall(r" &= (.*?)(?: && | \\\\|\n)", r.derivation.latex())]
    boxes = "\n".join(rf"\setbox0\hbox{{$\displaystyle {row}$}}\typeout{{WIDTH=\the\wd0}}" for row in rows)
    (tmp_path / "widths.tex").write_text(f"{PREAMBLE}\n{boxes}\n\\end{{document}}\n", encoding="utf-8")
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "widths.tex"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    found = [float(w) for w in re.findall(r"WIDTH=([\d.]+)pt", done.stdout)]
    assert len(found) == len(rows) > 40
    for row, width in zip(rows, found, strict=True):
        if width > 100:
            assert 0.8 < width / (LETTER * sum(p.width for p in latex_pieces(row))) < 1.25, row

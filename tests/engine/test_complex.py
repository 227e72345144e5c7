"""Complex numbers: derivatives in real and imaginary parts, from the Matrix Cookbook's §4 and Hjørungnes & Gesbert's tables.

Each value is compared with NumPy's central differences of the function, its text and its beauty with what is written here.
"""

import re

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError

MATRIX = "U: (n, n); V: (n, n); A: (n, n); B: (n, n); S: (n, n) symmetric; P: (n, n) pd"
TALL = "U: (m, n); V: (m, n); A: (n, m); C: (m, n); D: (m, n); P: (m, m) pd"
VECTOR = "u: n; v: n; A: (m, n); B: (k, n); M: (n, n); b: n; d: n; y: m; a: scalar; c: scalar; S: (n, n) symmetric"
Z, z = {"Z": "U + 1j*V"}, {"z": "u + 1j*v"}
DET, INV = "np.linalg.det", "np.linalg.inv"

CASES = [
    # f, wrt, declarations, definitions, NumPy's f, the answer
    # Traces: Cookbook (236)-(248), Hjørungnes & Gesbert table IV
    ("real(tr(Z))", "U", MATRIX, Z, "tr(Z).real", "I"),
    ("imag(tr(Z))", "V", MATRIX, Z, "tr(Z).imag", "I"),
    ("imag(tr(conj(Z)))", "V", MATRIX, Z, "-tr(Z).imag", "−I"),
    ("real(tr(A @ Z))", "U", TALL, Z, "tr(A @ Z).real", "Aᵀ"),
    ("real(tr(A @ conj(Z)))", "U", TALL, Z, "tr(A @ np.conj(Z)).real", "Aᵀ"),
    ("imag(tr(A @ conj(Z)))", "V", TALL, Z, "tr(A @ np.conj(Z)).imag", "−Aᵀ"),
    ("real(tr(C @ Z.H))", "U", TALL, Z, "tr(C @ np.conj(Z).T).real", "C"),
    ("real(tr((C + 1j*D) @ Z.H))", "V", TALL, Z, "tr((C + 1j*D) @ np.conj(Z).T).real", "D"),
    ("tr(Z @ Z.H)", "U", TALL, Z, "tr(Z @ np.conj(Z).T).real", "2 U"),
    ("real(tr(Z @ Z))", "V", MATRIX, Z, "tr(Z @ Z).real", "−2 Vᵀ"),
    ("real(tr(Z @ Z.T))", "V", MATRIX, Z, "tr(Z @ Z.T).real", "−2 V"),
    ("real(tr(A @ Z @ B @ Z))", "U", MATRIX, Z, "tr(A @ Z @ B @ Z).real", "(A U B + B U A)ᵀ"),
    ("real(tr(A @ Z @ B @ Z.H))", "U", MATRIX, Z, "tr(A @ Z @ B @ np.conj(Z).T).real", "A U B + AᵀU Bᵀ"),
    ("real(tr(matpow(Z, 3)))", "V", MATRIX, Z, "tr(Z @ Z @ Z).real", "−3 Im((Zᵀ)²)"),
    ("real(tr(inv(Z)))", "U", MATRIX, Z, "tr(inv(Z)).real", "−Re((Z⁻ᵀ)²)"),
    ("real(tr(A @ inv(Z) @ B))", "V", MATRIX, Z, "tr(A @ inv(Z) @ B).real", "Im(Z⁻ᵀAᵀBᵀZ⁻ᵀ)"),
    # Determinants: (249)-(250), table IV
    ("real(det(Z))", "U", MATRIX, Z, "det(Z).real", "Re(det(Z) Z⁻ᵀ)"),
    ("imag(det(Z))", "V", MATRIX, Z, "det(Z).imag", "Re(det(Z) Z⁻ᵀ)"),
    ("real(det(Z.H @ P @ Z))", "U", TALL, Z, "det(np.conj(Z).T @ P @ Z).real", "2 P Re(det(ZᴴP Z) Z (ZᴴP Z)⁻¹)"),
    ("det(Z.H @ Z)", "V", TALL, Z, "det(np.conj(Z).T @ Z).real", "2 det(ZᴴZ) Im(Z (ZᴴZ)⁻¹)"),
    ("abs(det(Z))**2", "U", MATRIX, Z, "abs(det(Z))**2", "2|det(Z)|² Re(Z⁻ᵀ)"),
    ("log(abs(det(Z)))", "U", MATRIX, Z, "np.log(abs(det(Z)))", "Re(Z⁻ᵀ)"),
    ("log(abs(det(Z)))", "V", MATRIX, Z, "np.log(abs(det(Z)))", "−Im(Z⁻ᵀ)"),
    ("log(abs(det(Z))**2)", "U", MATRIX, Z, "2*np.log(abs(det(Z)))", "2 Re(Z⁻ᵀ)"),
    ("logdet(Z)", "V", MATRIX, Z, "np.log(abs(det(Z)))", "−Im(Z⁻ᵀ)"),
    ("logdet(Z.H @ Z)", "U", TALL, Z, "np.log(abs(det(np.conj(Z).T @ Z)))", "2 Re(Z (ZᴴZ)⁻¹)"),
    ("logdet(I + Z.H @ Z)", "V", TALL, Z, "np.log(abs(det(np.eye(3) + np.conj(Z).T @ Z)))", "2 Im(Z (I + ZᴴZ)⁻¹)"),
    ("real(log(det(Z)))", "U", MATRIX, Z, "np.log(det(Z)).real", "Re(Z⁻ᵀ)"),
    # Norms: (89), (233)
    ("norm(Z)", "U", TALL, Z, "norm(Z)", "U/‖Z‖"),
    ("norm(Z)**2", "V", TALL, Z, "norm(Z)**2", "2 V"),
    ("norm(Z.H @ Z - I)**2", "U", TALL, Z, "norm(np.conj(Z).T @ Z - np.eye(3))**2", "4 Re(Z (ZᴴZ − I))"),
    ("norm(A @ z - y)**2", "u", VECTOR, z, "norm(A @ z - y)**2", "2 Aᵀ(A u − y)"),
    ("real(conj(r) @ r)", "u", VECTOR, {"r": "A @ (u + 1j*v) - y"}, "norm(A @ (u + 1j*v) - y)**2", "2 Aᵀ Re(r)"),
    ("norm(A @ z - y)", "v", VECTOR, z, "norm(A @ z - y)", "AᵀA v/‖A z − y‖"),
    ("abs(a - z.H @ b)**2", "u", VECTOR, z, "abs(a - np.conj(z) @ b)**2", None),
    ("real(conj(r)*r)", "u", VECTOR, {"r": "a + 1j*c - conj(u + 1j*v) @ (b + 1j*d)"},
     "abs(a + 1j*c - np.conj(u + 1j*v) @ (b + 1j*d))**2", "−2 Re(r̄ (b + i d))"),
    ("abs(z.H @ b)**2", "v", VECTOR, z, "abs(np.conj(z) @ b)**2", "2 (vᵀb) b"),
    # Quadratic forms and quotients: (251)-(252)
    ("real(z.H @ M @ z)", "u", VECTOR, z, "(np.conj(z) @ M @ z).real", "(M + Mᵀ)u"),
    ("z.H @ S @ z", "v", VECTOR, z, "(np.conj(z) @ S @ z).real", "2 S v"),
    ("real((z.H @ A.T @ A @ z)/(z.H @ B.T @ B @ z))", "u", VECTOR, z, "norm(A @ z)**2/norm(B @ z)**2", None),
    ("real(z.H @ M @ z)/norm(z)**2", "v", VECTOR, z, "(np.conj(z) @ M @ z).real/norm(z)**2", None),
    # Entry by entry
    ("sum(abs(z))", "u", VECTOR, z, "abs(z).sum()", "u ⊘ |z|"),
    ("norm(z, 1)", "v", VECTOR, z, "abs(z).sum()", "v ⊘ |z|"),
    ("sum(abs(Z)**2)", "V", MATRIX, Z, "(abs(Z)**2).sum()", "2 V"),
    ("sum(log(abs(z)))", "v", VECTOR, z, "np.log(abs(z)).sum()", "v ⊘ |z|²"),
    ("real(sum(exp(z)))", "v", VECTOR, z, "np.exp(z).sum().real", "−Im(exp(z))"),
    ("sum(abs(exp(z))**2)", "u", VECTOR, z, "(abs(np.exp(z))**2).sum()", "2|exp(z)|²"),
    ("real(sum(sin(z)))", "u", VECTOR, z, "np.sin(z).sum().real", "Re(cos(z))"),
    ("real(sum(z**3))", "v", VECTOR, z, "(z**3).sum().real", "−3 Im(z²)"),
    ("real(sum(1/z))", "u", VECTOR, z, "(1/z).sum().real", "−Re(1 ⊘ z²)"),
    ("real(sum(log(z)))", "u", VECTOR, z, "np.log(z).sum().real", "Re(1 ⊘ z)"),
    ("real(sum(sqrt(z)))", "v", VECTOR, z, "np.sqrt(z).sum().real", None),
    ("real(sum(tanh(z)))", "v", VECTOR, z, "np.tanh(z).sum().real", None),
    ("real(exp(1j*a))", "a", VECTOR, {}, "np.cos(a)", None),
    ("sum(norm(Z, axis=1))", "U", MATRIX, Z, "np.linalg.norm(Z, axis=1).sum()", None),
    # Functions of a matrix
    ("real(tr(expm(Z)))", "V", MATRIX, Z, "tr(expm(Z)).real", "−Im(expm(Z)ᵀ)"),
    ("real(tr(A @ expm(Z)))", "U", MATRIX, Z, "tr(A @ expm(Z)).real", None),
    # Real parts apart
    ("sum(real(Z)*imag(Z))", "U", MATRIX, Z, "(Z.real*Z.imag).sum()", "V"),
    ("real(tr(Z))**2 + imag(tr(Z))**2", "U", MATRIX, Z, "abs(tr(Z))**2", "2 tr(U) I"),
    ("real(2.5j*tr(Z @ A))", "V", MATRIX, Z, "(2.5j*tr(Z @ A)).real", "−(5/2) Aᵀ"),
    ("sqrt(real(tr(Z))**2)", "U", MATRIX, Z, "abs(tr(Z).real)", "sign(tr(U)) I"),
    # What holds of real numbers alone
    ("abs(sqrt(sum(z)**2))", "u", VECTOR, z, "abs(z.sum())", None),
    ("real(z @ z)", "v", VECTOR, z, "(z @ z).real", "−2 v"),
    ("imag(z @ z)", "v", VECTOR, z, "(z @ z).imag", "2 u"),
    ("real(tr(Z.T @ Z))", "V", TALL, Z, "tr(Z.T @ Z).real", "−2 V"),
    ("imag(log(exp(1j*a)*exp(3j)))", "a", VECTOR, {}, None, None),
    ("abs((z @ z)*(y @ y))", "u", VECTOR, z, "abs(z @ z)*(y @ y)", None),
]  # fmt: skip
SIZES = {"m": 4, "n": 3, "k": 2}


def expm(X):
    total = term = np.eye(len(X), dtype=complex)
    for k in range(1, 60):
        term = term @ X / k
        total = total + term
    return total


def arrays(where: str) -> dict[str, np.ndarray]:
    """Values for the declared variables."""
    rng = np.random.default_rng(5)
    found = {}
    for part in where.split("; "):
        name, _, shape = part.partition(": ")
        sizes = [SIZES[s] for s in re.findall(r"\b[mnk]\b", shape)]
        X = rng.uniform(0.3, 1.2, sizes) * rng.choice([-1, 1], sizes) if sizes else np.array(0.7)
        found[name] = X @ X.T + np.eye(len(X)) if "pd" in shape else X + X.T if "symmetric" in shape else X
    return found


def differences(function: str, let: dict[str, str], given: dict[str, np.ndarray], x: str) -> np.ndarray:
    """The central differences of NumPy's function."""
    names = {"np": np, "tr": np.trace, "det": np.linalg.det, "inv": np.linalg.inv, "norm": np.linalg.norm, "expm": expm}

    def value(X):
        point = {**names, **given, x: X}
        for name, definition in let.items():
            point[name] = eval(definition.replace("conj", "np.conj"), point)
        found = eval(function, point)
        assert abs(np.imag(found)) < 1e-9
        return np.real(found)

    X, h = given[x], 1e-5
    flat = np.zeros(X.size)
    for i in range(X.size):
        step = np.zeros(X.size)
        step[i] = h
        step = step.reshape(X.shape)
        flat[i] = (value(X + step) - value(X - step)) / (2 * h)
    return flat.reshape(X.shape)


@pytest.mark.parametrize(("f", "x", "where", "let", "function", "answer"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_a_derivative_in_a_real_or_imaginary_part(f, x, where, let, function, answer):
    result = mc.grad(f, x, where=where, let=let)
    assert result.verify().passed is True
    assert answer is None or result.pretty() == answer
    assert mc.parse(result.text(), where=result.where) is result.value
    if function is None:
        return
    given = arrays(where)
    compute = result.function("numpy")
    names = compute.__code__.co_varnames[: compute.__code__.co_kwonlyargcount]
    wanted = {name: {**SIZES, **given}[name] for name in names}
    found = compute(**wanted)
    assert not np.iscomplexobj(found)
    right = differences(function, let, given, x)
    assert np.allclose(found, right, atol=1e-6 * max(1.0, np.abs(right).max()))


def test_each_line_is_read_as_a_real_part():
    lines = mc.grad("norm(A@z - b)**2", "u", let=z).derivation.text()
    assert "df = Re(2 r̄ : dr)" in lines and "dz = du" in lines


@pytest.mark.parametrize(
    ("f", "let", "fix"),
    [
        ("tr(Z)", Z, "real(tr(Z))"),
        ("det(Z) + 1j", Z, "real(det(Z) + 1j)"),
        ("z @ z", {"z": "U[:,0] + 1j*V[:,0]"}, "real(z @ z)"),
    ],
)
def test_a_function_must_be_real(f, let, fix):
    with pytest.raises(MatcalcError, match="a real function is wanted") as found:
        mc.grad(f, "U", where=MATRIX, let=let)
    assert found.value.fixes[0] == fix
    assert mc.grad(fix, "U", where=MATRIX, let=let).verify().passed


@pytest.mark.parametrize(
    "f", ["det(Z.H @ S @ Z)", "tr(Z.H @ S @ Z)", "Z[:,0].H @ S @ Z[:,0]", "norm(Z)", "abs(tr(Z))", "logdet(Z)", "tr(Z) + tr(conj(Z))"]
)
def test_what_is_seen_to_be_real_needs_no_word(f):
    assert mc.grad(f, "U", where=MATRIX, let=Z).verify().passed


@pytest.mark.parametrize(("f", "x", "where", "let", "function", "answer"), CASES[::9], ids=[f"{c[0]} {c[1]}" for c in CASES[::9]])
def test_its_text_is_a_right_answer(f, x, where, let, function, answer):
    assert mc.check(f, x, mc.grad(f, x, where=where, let=let, check=False).text(), where=where, let=let).correct


@pytest.mark.parametrize(
    "wrong", ["real(inv(Z))", "-real(inv(Z).T)", "2*real(inv(Z).T)", "imag(inv(Z).T)", "inv(U).T", "real(conj(inv(Z)))"]
)
def test_a_wrong_answer_is_found(wrong):
    v = mc.check("log(abs(det(Z)))", "U", wrong, let=Z)
    assert not v.correct


SECOND = [
    ("norm(A @ z - y)**2", "u", VECTOR, z, "2 AᵀA"),
    ("real(z.H @ M @ z)", "v", VECTOR, z, "M + Mᵀ"),
    ("norm(z)", "u", VECTOR, z, "(1/‖z‖) (I − uuᵀ/‖z‖²)"),
    ("log(norm(z))", "u", VECTOR, z, "(1/‖z‖²) (I − 2 uuᵀ/‖z‖²)"),
    ("real(sum(exp(z)))", "v", VECTOR, z, "−diag(Re(exp(z)))"),
    ("log(abs(det(Z)))", "U", MATRIX, Z, "−Kₙₙ Re(Z⁻ᵀ ⊗ Z⁻¹)"),
]


@pytest.mark.parametrize(("f", "x", "where", "let", "answer"), SECOND, ids=[f"{c[0]} {c[1]}" for c in SECOND])
def test_a_second_derivative(f, x, where, let, answer):
    result = mc.hessian(f, x, where=where, let=let)
    assert result.verify().passed is True and result.pretty() == answer


def test_a_second_derivative_in_both_parts():
    assert mc.hessian("real(det(Z))", "U", "V", where=MATRIX, let=Z).verify().passed is True


@pytest.mark.parametrize(
    ("F", "x", "where", "let", "answer"),
    [
        ("real(A @ z)", "u", VECTOR, z, "A"),
        ("abs(M @ z)", "u", VECTOR, z, "diag(M u ⊘ |M z|) M"),
        ("imag(exp(z))", "u", VECTOR, z, "diag(Im(exp(z)))"),
        ("real(inv(Z))", "U", MATRIX, Z, "−Re(Z⁻ᵀ ⊗ Z⁻¹)"),
    ],
)
def test_a_jacobian(F, x, where, let, answer):
    result = mc.jacobian(F, x, where=where, let=let)
    assert result.verify().passed is True and result.pretty() == answer


def test_objects():
    U, V = mc.matrix("U", "n", "n"), mc.matrix("V", "n", "n")
    C = U + 1j * V
    result = mc.grad(mc.log(abs(mc.det(C))), V)
    assert result.text() == "-imag(inv(U + 1j*V).T)" and result.verify().passed
    with pytest.raises(MatcalcError, match="max is of real numbers"):
        mc.grad(mc.real(mc.max(C)), U)


@pytest.mark.parametrize(
    ("latex", "read"),
    [
        (r"\operatorname{Re}(x^H A x)", "real(x.H @ A @ x)"),
        (r"\operatorname{tr}(Z^{\mathsf{H}} Z) + \Im(\mathrm{i} b)", "tr(Z.H @ Z) + imag(1j * b)"),
    ],
)
def test_latex_is_read(latex, read):
    assert str(mc.from_latex(latex)) == read


def test_a_complex_answer_is_told_as_such():
    v = mc.check("norm(A@z - y)**2", "u", "2*A.T@(A@z - y)", where=VECTOR, let=z)
    assert not v.correct and "the derivative is its real part" in v.message


def test_the_real_part_of_a_transposed_hermitian_inverse():
    where = "U: (m, n); V: (m, n)"
    assert mc.simplify("real(inv((U + 1j*V)@(U.T - 1j*V.T)).T@U)", where=where).pretty() == "Re(((U + i V) (U − i V)ᵀ)⁻¹) U"
    gradient = mc.grad("log(real(det(Z@conj(Z).T)))", "U", where=where, let={"Z": "U + 1j*V"})
    assert gradient.pretty() == "2 Re((Z Zᴴ)⁻¹Z)"

"""Rules with a power, an exponential, a logarithm or a root of a matrix, or a pseudoinverse."""

from matcalc.core.leaves import identity, number, zeros
from matcalc.core.rule import CANONICAL, SIMPLIFY, declare_rule, letter
from matcalc.core.size import Size
from matcalc.operations.determinants import det, logdet
from matcalc.operations.functions import exp, log
from matcalc.operations.inverses import inv, pinv
from matcalc.operations.powers import expm, expm_frechet, logm, logm_frechet, matpow, matpow_frechet, sqrtm, sylvester
from matcalc.operations.scalars import tr
from matcalc.operations.shapes import diag
from matcalc.operations.sines import cosm, cosm_frechet, sinm, sinm_frechet

A, X = letter("A", "n", "n"), letter("X", "m", "n")
v, c = letter("v", "n"), letter("c")
n = Size.of("n")

j, k = letter("j"), letter("k")
E = letter("E", "n", "n")

declare_rule("determinant of a matrix power", det(matpow(A, k)), det(A) ** k, CANONICAL, "det(AB) = det A det B", "Matrix Cookbook (23)")
declare_rule("logdet of a matrix power", logdet(matpow(A, k)), k * logdet(A), CANONICAL, "det(Aᵏ) = (det A)ᵏ", "Matrix Cookbook (23)")
declare_rule("inverse of a matrix power", inv(matpow(A, k)), matpow(A, -k), CANONICAL, "definition of A⁻ᵏ", "Higham 2008, §1.2")
declare_rule(
    "product of matrix powers", matpow(A, j) @ matpow(A, k), matpow(A, j + k), CANONICAL, "so many factors in all", "Higham 2008, §1.2"
)
declare_rule("matrix exponential of zero", expm(zeros((n, n))), identity(n), CANONICAL, "e⁰ = I", "Higham 2008, §10.1")
declare_rule(
    "matrix exponential of a diagonal matrix", expm(diag(v)), diag(exp(v)), CANONICAL, "its powers are diagonal", "Higham 2008, §1.2"
)
declare_rule("matrix exponential of a logarithm", expm(logm(A)), A, CANONICAL, "definition of the logarithm", "Higham 2008, §11.1")
declare_rule("inverse of a matrix exponential", inv(expm(A)), expm(-A), SIMPLIFY, "A and −A commute", "Higham 2008, §10.1")
declare_rule(
    "determinant of a matrix exponential", det(expm(A)), exp(tr(A)), CANONICAL, "the eigenvalues are exponentials", "Higham 2008, §10.1"
)
declare_rule("logdet of a matrix exponential", logdet(expm(A)), tr(A), CANONICAL, "det eᴬ = exp(tr A)", "Higham 2008, §10.1")
declare_rule(
    "matrix logarithm of a diagonal matrix", logm(diag(v)), diag(log(v)), CANONICAL, "its powers are diagonal", "Higham 2008, §1.2"
)
declare_rule("root of the identity", sqrtm(identity(n)), identity(n), CANONICAL, "I I = I", "Higham 2008, §6.1")
declare_rule("square of a root", sqrtm(A) @ sqrtm(A), A, CANONICAL, "definition of the square root", "Higham 2008, §6.1")
declare_rule("root of a diagonal matrix", sqrtm(diag(v)), diag(v**0.5), CANONICAL, "its powers are diagonal", "Higham 2008, §1.2")
declare_rule(
    "root of an inverse", sqrtm(inv(A)), inv(sqrtm(A)), CANONICAL, "the inverse of the root squared is the inverse", "Higham 2008, §6.1"
)
declare_rule("matrix logarithm of an inverse", logm(inv(A)), -logm(A), CANONICAL, "the eigenvalues are inverted", "Higham 2008, §11.1")

_FRECHET = "tr(M L(X, E)) = tr(L(X, M) E), and L(X, I) = f′(X)"
declare_rule("trace of a derivative of the exponential", tr(expm_frechet(A, E)), tr(expm(A) @ E), SIMPLIFY, _FRECHET, "Higham 2008, §3.2")
declare_rule("trace of a derivative of the logarithm", tr(logm_frechet(A, E)), tr(inv(A) @ E), SIMPLIFY, _FRECHET, "Higham 2008, §3.2")
declare_rule("trace of a derivative of the sine", tr(sinm_frechet(A, E)), tr(cosm(A) @ E), SIMPLIFY, _FRECHET, "Higham 2008, §3.2")
declare_rule("trace of a derivative of the cosine", tr(cosm_frechet(A, E)), -tr(sinm(A) @ E), SIMPLIFY, _FRECHET, "Higham 2008, §3.2")
declare_rule(
    "trace of a derivative of a power", tr(matpow_frechet(A, k, E)), k * tr(matpow(A, k - 1) @ E), SIMPLIFY, _FRECHET, "Higham 2008, §3.2"
)
declare_rule(
    "trace of a solution of Sylvester's equation", tr(sylvester(A, A, E)), tr(inv(A) @ E) / 2, SIMPLIFY, "A⁻¹E = Z + A⁻¹Z A", "Higham 2008, §6.1"
)

declare_rule("pseudoinverse of a pseudoinverse", pinv(pinv(X)), X, CANONICAL, "Penrose's equations are symmetric", "Golub & Pereyra 1973")
declare_rule("pseudoinverse of a multiple", pinv(c * X), c ** number(-1) * pinv(X), CANONICAL, "scalars come out", "Golub & Pereyra 1973")
declare_rule("matrix times pseudoinverse times matrix", X @ pinv(X) @ X, X, CANONICAL, "Penrose's first equation", "Golub & Pereyra 1973")
declare_rule(
    "pseudoinverse times matrix times pseudoinverse",
    pinv(X) @ X @ pinv(X),
    pinv(X),
    CANONICAL,
    "Penrose's second equation",
    "Golub & Pereyra 1973",
)
declare_rule(
    "transposed pseudoinverse projected on rows", pinv(X).T @ pinv(X) @ X, pinv(X).T, CANONICAL, "X⁺X is symmetric", "Golub & Pereyra 1973"
)
declare_rule(
    "transposed pseudoinverse projected on columns",
    X @ pinv(X) @ pinv(X).T,
    pinv(X).T,
    CANONICAL,
    "X X⁺ is symmetric",
    "Golub & Pereyra 1973",
)
declare_rule("transpose projected on columns", X.T @ X @ pinv(X), X.T, CANONICAL, "X X⁺ is symmetric", "Golub & Pereyra 1973")
declare_rule("transpose projected on rows", pinv(X) @ X @ X.T, X.T, CANONICAL, "X⁺X is symmetric", "Golub & Pereyra 1973")
declare_rule("projection on columns transposed", pinv(X).T @ X.T, X @ pinv(X), SIMPLIFY, "X X⁺ is symmetric", "Golub & Pereyra 1973")
declare_rule("projection on rows transposed", X.T @ pinv(X).T, pinv(X) @ X, SIMPLIFY, "X⁺X is symmetric", "Golub & Pereyra 1973")

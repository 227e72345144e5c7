"""Conjugates, real and imaginary parts.

What is complex is made of real variables with the imaginary unit.  The differential of a real function is read as the real part of
A : dZ = tr(AᵀdZ), without a conjugate in it; so every holomorphic operation has the adjoint that it has over the real numbers, the
conjugate is its own adjoint, and what a real variable receives is a real part.
"""

from matcalc.core import conjugates  # noqa: F401 - it enters its constructors
from matcalc.core.expression import Expr
from matcalc.core.operation import Notation, definition, linear
from matcalc.core.reality import imaginary

_CITE = "Hjørungnes & Gesbert 2007; Matrix Cookbook, §4.3"


@linear(
    "mn->mn", over_complex="conjugate", transposition="equivariant", notation=Notation(None, r"\overline{{0}}", "np.conj"), cost=1,
    value=lambda N, X: N.entrywise(N.conjugate, X), cite=_CITE,
)  # fmt: skip
def conj(X: Expr, G: Expr) -> Expr:
    """Complex conjugate of every entry."""
    return conj(G)


@linear(
    "mn->mn", over_complex="real", transposition="equivariant", notation=Notation("Re", r"\operatorname{Re}", "np.real"),
    value=lambda N, X: N.entrywise(N.real_part, X), cite=_CITE,
)  # fmt: skip
def real(X: Expr, G: Expr) -> Expr:
    """Real part of every entry."""
    return real(G)


@definition(
    "mn->mn", over_complex="real", is_linear=True, notation=Notation("Im", r"\operatorname{Im}", "np.imag"),
    value=lambda N, X: N.entrywise(N.imaginary_part, X), cite=_CITE,
)  # fmt: skip
def imag(X: Expr) -> Expr:
    """Imaginary part of every entry, Re(−i x)."""
    return real(-imaginary() * X)


def conjugated(X: Expr) -> Expr:
    """The conjugate of what may be complex; what is seen to be real stands for itself."""
    from matcalc.core.reality import is_real

    return X if is_real(X) else conj(X)

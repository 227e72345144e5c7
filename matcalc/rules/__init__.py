"""Equations between expressions; a file is a head symbol.  Importing this package fills the table, in this order."""

from matcalc.rules import inverses, powers, axes, kronecker, triangles, diagonals, entries, kinks, sigmoids, trigonometric, scalars, spectra, exponentials, orthogonal, updates, cholesky  # noqa: F401, I001 - the order of the table
from matcalc.core.rule import forget_compilation

forget_compilation()

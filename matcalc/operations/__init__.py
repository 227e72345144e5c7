"""Facts: one declaration per operation; a file is a chapter.  Importing this package fills the table, in this order."""

from matcalc.operations import (  # noqa: F401, I001 - the order of the table
    sums,
    products,
    shapes,
    scalars,
    axes,
    functions,
    trigonometric,
    special,
    kinks,
    further,
    inverses,
    powers,
    determinants,
    extremes,
    norms,
    spectra,
    kronecker,
    selections,
    exponentials,
    abstract,
)

import matcalc.operations  # noqa: F401 - fills the table of operations

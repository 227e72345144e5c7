"""Derivatives agree with JAX's; wants the extra `dev`."""

import pytest

pytestmark = pytest.mark.slow


def test_a_hundred_expressions():
    pytest.importorskip("jax", reason="JAX is not installed: pip install -e '.[dev]'")
    from jax_agreement import run

    outcomes, reasons = run(100, 1)
    assert outcomes["right"] == 100 and not outcomes["wrong"], (outcomes, reasons)

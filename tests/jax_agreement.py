"""Random expressions against JAX: `python tests/jax_agreement.py --count 1000` (wants `pip install -e '.[dev]'`).

The campaign's expressions are differentiated by matcalc and by JAX, both in double precision, and compared at a point.  JAX
gets the function, never the derivative: the NumPy code of the expression with jax.numpy in the place of NumPy.  What JAX has no
function or no derivative for is left out, and counted by what is missing.
"""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
import warnings
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import campaign
from random_expressions import SIZES

import matcalc as mc
from matcalc.emit.numpy import function_source

TOLERANCE = 1e-8
ROUGH = 1e-5
"""Of a derivative that JAX takes of an approximation."""


class NotInJaxError(Exception):
    """JAX cannot say this."""


def modules() -> tuple[Any, Any, Any]:
    """JAX in double precision, and what stands for NumPy and for SciPy."""
    # Every operation is compiled for every shape: that takes most of the time, and what it is good for does not matter here.
    os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy
    import jax.scipy.linalg
    import jax.scipy.special

    return jax, jax.numpy, SimpleNamespace(linalg=jax.scipy.linalg, special=jax.scipy.special)


def by_jax(problem: campaign.Problem, result: Any, G: Any) -> Any:
    """The derivative that was asked for, by JAX, at the first point."""
    jax, array, scipy = modules()
    source = re.sub(r"^import .*\n", "", function_source(result.f, "f"), flags=re.M)
    space: dict[str, Any] = {"np": array, "sp": scipy}
    exec(source, space)
    given = {name: problem.data[0].get(name, SIZES[0].get(name)) for name in inspect.signature(space["f"]).parameters}
    x = problem.variable
    if x not in given:
        raise NotInJaxError("the variable drops out")

    def f(X: Any) -> Any:
        return space["f"](**{**given, x: X})

    X = array.asarray(given[x], dtype=float)
    try:
        value = f(X)
        if problem.verb == "grad":
            found = jax.grad(lambda X: f(X).reshape(()))(X)
        elif problem.verb == "pullback":
            found = jax.vjp(f, X)[1](array.asarray(G).reshape(value.shape))[0]
        else:
            found = jax.jacrev(f)(X)
    except (AttributeError, NotImplementedError, TypeError, ValueError) as missing:
        raise NotInJaxError(reason(missing)) from None
    if not np.allclose(value, problem.tree.values[0], rtol=1e-7, atol=1e-9):
        raise NotInJaxError("JAX finds another value of the function")
    return np.asarray(found)


def reason(missing: Exception) -> str:
    """What JAX does not have, in a line."""
    text = str(missing).strip().splitlines()[0]
    name = re.search(r"no attribute '(\w+)'", text)
    return f"no {name[1]}" if name else f"{type(missing).__name__}: {text[:80]}"


def agreement(problem: campaign.Problem) -> tuple[str, str]:
    """right, wrong, refused (by matcalc) or left out (by JAX), and why."""
    try:
        result = problem.ask()
    except mc.MatcalcError as error:
        return "refused", error.code
    word = problem.properties.get(problem.variable, "")
    G = np.random.default_rng(0).uniform(-1, 1, problem.tree.values[0].shape)
    try:
        wanted = by_jax(problem, result, G)
    except NotInJaxError as missing:
        return "left out", str(missing)
    wanted = wanted if problem.verb == "jacobian" else campaign.in_space(wanted, word)
    found = np.asarray(campaign.called(result, {**problem.data[0], "G": G}, SIZES[0]))
    if not np.all(np.isfinite(wanted)):
        return "left out", "JAX finds no finite number"
    if found.shape != wanted.shape:
        return "wrong", f"has the shape {found.shape}, not {wanted.shape}: {problem.told()}"
    error, scale = np.max(np.abs(found - wanted)), 1e-3 + np.max(np.abs(wanted))
    if error <= TOLERANCE * scale:
        return "right", ""
    # Differences judge: at a tie JAX halves what is chosen here, and some of its derivatives (of betaln, from 8 on) have six digits.
    verdict = campaign.compared(problem, result)[0]
    if verdict == "undecided" or (verdict == "right" and error <= ROUGH * scale):
        return "left out", "a kink, or the end of a domain" if verdict == "undecided" else "differences side with matcalc"
    return "wrong", f"differs by {error:.3g} of {scale:.3g}: {problem.told()}"


def run(count: int, seed: int, size: str = "small") -> tuple[Counter[str], Counter[str]]:
    """How often what came out until `count` expressions were compared, and what was left out."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for problem in campaign.problems(100 * count, seed, size=size):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kind, why = agreement(problem)
        outcomes[kind] += 1
        if kind == "wrong":
            print(why, flush=True)
        elif why:
            reasons[f"{kind}: {why}"] += 1
        if outcomes["right"] + outcomes["wrong"] >= count:
            break
    return outcomes, reasons


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="how many are compared; what is left out does not count")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", choices=list(campaign.EXTENTS), default="small")
    options = parser.parse_args()
    outcomes, reasons = run(options.count, options.seed, options.size)
    print(", ".join(f"{v} {k}" for k, v in sorted(outcomes.items())))
    for why, times in reasons.most_common():
        print(f"{times:5d}  {why}")
    return 1 if outcomes["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())

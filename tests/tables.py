"""Where the tables of the grammar are: in the installed package, else in the checkout that it comes from."""

from importlib.resources import files
from pathlib import Path

import matcalc


def table(name: str) -> Path:
    """The path of `accepts.md` or `mistakes.md`."""
    shipped = Path(str(files("matcalc").joinpath("grammar", name)))
    return shipped if shipped.is_file() else Path(matcalc.__file__).parents[1] / "grammar" / name

"""Modules of the tests that several tests use (`random_expressions`, `campaign`, `mutants`) are found beside this file."""

import os
import sys
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # threads for 5×5 matrices, on cores that are busy, cost a hundred times what they save
sys.path.insert(0, str(Path(__file__).parent))

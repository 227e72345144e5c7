"""Modules of the tests that several tests use (`random_expressions`, `campaign`, `mutants`) are found beside this file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

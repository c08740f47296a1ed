"""`./sadra test`: the whole suite, on real services."""

import subprocess
import sys
from typing import Annotated

from cyclopts import Parameter

from sadra_cli.places import ROOT

PARALLEL = ("-n", "2")
PYTEST_WRONG_USE = 4


def test(*arguments: Annotated[str, Parameter(allow_leading_hyphen=True, show=False)]) -> int:
    """Run the tests; all arguments go to pytest.

    Example: ./sadra test tests/sadra -k postgres -x
    """
    parallel = () if any(word == "-n" or word.startswith(("-n=", "--numprocesses")) for word in arguments) else PARALLEL
    ended = subprocess.run([sys.executable, "-m", "pytest", *parallel, *arguments], cwd=ROOT, check=False)
    if ended.returncode == PYTEST_WRONG_USE:
        return 2
    return 1 if ended.returncode else 0

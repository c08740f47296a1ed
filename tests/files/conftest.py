"""The tenant of the modules' tests, with a file door of its own beside it."""

from pathlib import Path

import pytest

from crm_storage.files.door import MEGABYTE, FileDoor
from tests.unit.modules.conftest import company, number

__all__ = ["company", "door", "number"]


@pytest.fixture
def door(tmp_path: Path) -> FileDoor:
    return FileDoor(tmp_path.as_uri(), 2 * MEGABYTE)

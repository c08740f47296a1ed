"""The runner killed again and again while tenants wait: every tenant ends whole, at the newest revision (REL-32)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from crm_storage.tenants.migrate import migrate_tenants
from crm_storage.tenants.revisions import History
from tests.installation import Installation
from tests.loops import run

pytestmark = pytest.mark.timeout(900)
TENANTS, KILLS = 20, 10
"""A tenth of the tenants, with all the kills."""
RUNNER = """
import sys
from pathlib import Path
from crm_storage.tenants.migrate import migrate_tenants
from crm_storage.tenants.revisions import History
migrate_tenants(sys.argv[1], workers=4, history=History("tenant", Path(sys.argv[2])))
"""
DONE = "SELECT count(*) FROM host.tenant WHERE schema_version = '9999'"
STANDING = """
SELECT t.number, t.schema_version = '9999', c.column_name IS NOT NULL, i.indexname IS NOT NULL
FROM host.tenant t
LEFT JOIN information_schema.columns c ON c.table_schema = 't_' || t.number AND c.table_name = 'teams'
  AND c.column_name = 'motto'
LEFT JOIN pg_indexes i ON i.schemaname = 't_' || t.number AND i.indexname = 'ix_teams_motto'
WHERE t.number = ANY (%s)
"""


def test_rel_32_a_runner_killed_ten_times_leaves_no_tenant_between_revisions(
    installation: Installation, owner: psycopg.Connection, coming: History, brought_back: None, long: bool
) -> None:
    numbers = run(_opened(installation, TENANTS * 10 if long else TENANTS))
    for kill in range(KILLS):
        _killed(installation.url, coming.folder.parent, owner, len(numbers) * (kill + 1) // (KILLS + 2))
        for number, told, column, index in owner.execute(STANDING, (numbers,)).fetchall():
            assert told == column == index, f"tenant {number} is neither here nor there"
    assert migrate_tenants(installation.url, history=coming).failed == {}
    assert {row[1:] for row in owner.execute(STANDING, (numbers,)).fetchall()} == {(True, True, True)}


def _killed(url: str, folder: Path, owner: psycopg.Connection, done: int) -> None:
    """A run that ends by `kill -9` once so many tenants are done."""
    words = [sys.executable, "-c", RUNNER, url, str(folder)]
    with subprocess.Popen(words) as child:
        while owner.execute(DONE).fetchone() < (done,):  # type: ignore[operator]
            assert child.poll() is None
        os.kill(child.pid, signal.SIGKILL)


async def _opened(installation: Installation, number: int) -> list[int]:
    async with installation.database() as database:
        return [(await installation.tenant(database)).number for _ in range(number)]

"""The release to come, for tests of migrations; the installation under the name its tenants' tests know."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crm_storage.tenants.revisions import FOLDER, TENANT, History
from tests.installation import Installation

__all__ = ["Installation"]
NEXT = '''"""Another column."""

from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("ALTER TABLE teams ADD COLUMN motto text DEFAULT '50%: x'")
    op.execute("CREATE INDEX ix_teams_motto ON teams (motto)")
'''


@pytest.fixture
def coming(tmp_path: Path) -> History:
    """The tenant history of a release to come."""
    shutil.copytree(FOLDER / "tenant", tmp_path / "tenant")
    (tmp_path / "tenant" / "versions" / "9999_motto.py").write_text(NEXT.format(head=TENANT.head))
    return History("tenant", tmp_path)


@pytest.fixture
def owner(installation: Installation) -> Iterator[psycopg.Connection]:
    with psycopg.connect(installation.url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def brought_back(owner: psycopg.Connection) -> Iterator[None]:
    """Afterwards every tenant is at today's revision again."""
    yield
    for (number,) in owner.execute("SELECT number FROM host.tenant WHERE schema_version = '9999'").fetchall():
        owner.execute(f"ALTER TABLE t_{number}.teams DROP COLUMN motto".encode())
        owner.execute(f"UPDATE t_{number}.alembic_version SET version_num = '{TENANT.head}'".encode())
    owner.execute("UPDATE host.tenant SET schema_version = %s", (TENANT.head,))
    owner.execute("DELETE FROM host.migration")

"""A company with a mailing under way, for tests of what comes back from it; the release to come."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crm_storage.tenants.revisions import FOLDER, TENANT, History
from tests.installation import Installation
from tests.storage.mailing import Mailing

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
async def company(installation: Installation) -> AsyncIterator[Mailing]:
    async with installation.database() as database:
        yield Mailing(database, await installation.tenant(database))


@pytest.fixture
async def mailing(company: Mailing) -> Mailing:
    return await company.open()

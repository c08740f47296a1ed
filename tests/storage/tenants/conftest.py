"""What tests of migrations take back; the installation under the name its tenants' tests know."""

from collections.abc import Iterator

import psycopg
import pytest

from crm_storage.tenants.revisions import TENANT
from tests.installation import Installation

__all__ = ["Installation"]


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

"""Everything an installation needs before its first tenant."""

import asyncio
from collections.abc import Mapping

from psycopg import AsyncConnection

from crm_storage.tenants.cluster import grant_host_plane, prepare_cluster
from crm_storage.tenants.migrate import Report, migrate_host, migrate_tenants

PLANS = """
INSERT INTO host.plan (key, quotas) VALUES
  ('standard', '{"users": 25, "records": 250000, "storage_mb": 10240, "mails_a_day": 5000}'),
  ('business', '{"users": 200, "records": 5000000, "storage_mb": 102400, "mails_a_day": 100000}'),
  ('unlimited', '{}') ON CONFLICT (key) DO NOTHING
"""


async def install(admin_url: str, passwords: Mapping[str, str]) -> Report:
    """Prepares the cluster, raises the host's tables and all tenants; running it again only does what is missing."""
    await prepare_cluster(admin_url, passwords)
    await asyncio.to_thread(migrate_host, admin_url)
    await grant_host_plane(admin_url)
    async with await AsyncConnection.connect(admin_url, autocommit=True) as connection:
        await connection.execute(PLANS.encode())
    return await asyncio.to_thread(migrate_tenants, admin_url)

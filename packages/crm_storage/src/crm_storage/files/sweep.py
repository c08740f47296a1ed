"""Files that no record holds are swept away after a day; what is swept twice, or half, does no harm."""

from crm_storage.database import Database
from crm_storage.files.door import FileDoor

AT_ONCE = 500
MARK = """
UPDATE blob SET state = 'gone' WHERE key IN (
  SELECT b.key FROM blob b
  WHERE b.created_at < now() - interval '1 day' AND b.state <> 'gone'
    AND NOT EXISTS (SELECT FROM blob_link l WHERE l.key = b.key)
  LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
"""
MARKED = "SELECT key FROM blob WHERE state = 'gone' LIMIT %(most)s"
FORGET = "DELETE FROM blob WHERE key = ANY(%(keys)s) AND state = 'gone'"


async def sweep(database: Database, door: FileDoor, tenant: int) -> int:
    """How many files went. Marked first, so that nobody can take one up while it goes; its row goes last."""
    number = 0
    while True:
        async with database.tenant(tenant) as session:
            await session.execute(MARK, {"most": AT_ONCE})
            await session.commit()
            keys = [row[0] for row in await session.rows(MARKED, {"most": AT_ONCE})]
            await session.commit()
        if not keys:
            return number
        await door.drop(tenant, keys)
        async with database.tenant(tenant) as session:
            await session.execute(FORGET, {"keys": keys})
            await session.commit()
        number += len(keys)

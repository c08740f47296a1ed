"""The secrets of records in one tenant, kept apart from the records' rows: `Secret` fields write here, programs read."""

from typing import NamedTuple
from uuid import UUID

from crm_storage.database import Session
from crm_storage.sealing import Place, Seals

PUT = """
INSERT INTO secret (record_id, field, module, sealed) VALUES (%(record)s, %(field)s, %(module)s, %(sealed)s)
ON CONFLICT (record_id, field) DO UPDATE SET sealed = excluded.sealed, set_at = now()
"""
DROP = "DELETE FROM secret WHERE record_id = %(record)s AND field = %(field)s"
READ = "SELECT sealed FROM secret WHERE record_id = %(record)s AND field = %(field)s"


class Vault(NamedTuple):
    """`session` is always a unit of work in this tenant; the caller commits."""

    seals: Seals
    tenant: int

    async def put(self, session: Session, module: str, record: UUID, field: str, text: str | None) -> bool:
        """Keeps a secret, or takes it away when there is none any more; whether there was one before."""
        facts = {"record": record, "field": field, "module": module}
        had = await session.one(READ, facts) is not None
        if text is None:
            await session.execute(DROP, facts)
        else:
            sealed = await self.seals.seal(session, self._place(module, record, field), text)
            await session.execute(PUT, {**facts, "sealed": sealed})
        return had

    async def read(self, session: Session, module: str, record: UUID, field: str) -> str | None:
        """The secret in clear, for the program that signs in with it. Raises Unreadable."""
        found = await session.one(READ, {"record": record, "field": field})
        if found is None:
            return None
        return await self.seals.open(session, self._place(module, record, field), bytes(found[0]))

    def _place(self, module: str, record: UUID, field: str) -> Place:
        return Place(self.tenant, module, field, str(record))

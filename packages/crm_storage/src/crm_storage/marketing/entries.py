"""Domains and bare addresses of suppression lists: what is kept out without being anybody's record."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from crm_storage.database import Session

Kind = Literal["domains", "addresses"]
PAGE = {
    "domains": """
SELECT domain, include_subdomains FROM target_list_domain WHERE list_id = %(list)s AND domain > %(after)s
ORDER BY domain LIMIT %(limit)s
""",
    "addresses": """
SELECT address_key, false FROM target_list_address WHERE list_id = %(list)s AND address_key > %(after)s
ORDER BY address_key LIMIT %(limit)s
""",
}
COUNT = {
    "domains": "SELECT count(*) FROM target_list_domain WHERE list_id = %(list)s",
    "addresses": "SELECT count(*) FROM target_list_address WHERE list_id = %(list)s",
}
ADD = {
    "domains": """
INSERT INTO target_list_domain (list_id, domain, include_subdomains)
SELECT DISTINCT %(list)s::uuid, v, %(wide)s::bool FROM unnest(%(values)s::text[]) v
ON CONFLICT (list_id, domain) DO UPDATE SET include_subdomains = excluded.include_subdomains
""",
    "addresses": """
INSERT INTO target_list_address (list_id, address_key) SELECT DISTINCT %(list)s::uuid, v FROM unnest(%(values)s::text[]) v
ON CONFLICT DO NOTHING
""",
}
DROP = {
    "domains": "DELETE FROM target_list_domain WHERE list_id = %(list)s AND domain = %(value)s",
    "addresses": "DELETE FROM target_list_address WHERE list_id = %(list)s AND address_key = %(value)s",
}


class Entry(msgspec.Struct, frozen=True):
    """One domain, with or without those below it, or one address."""

    value: str
    wide: bool


async def page(session: Session, list_id: UUID, kind: Kind, *, after: str, limit: int) -> list[Entry]:
    """Entries in order, beyond `after`."""
    rows = await session.rows(PAGE[kind], {"list": list_id, "after": after, "limit": limit})
    return [Entry(*row) for row in rows]


async def count(session: Session, list_id: UUID, kind: Kind) -> int:
    row = await session.one(COUNT[kind], {"list": list_id})
    return row[0] if row else 0


async def add(session: Session, list_id: UUID, kind: Kind, values: Sequence[str], *, wide: bool) -> int:
    """Adds what is not there yet; `wide` also keeps out the domains below. How many rows it touched."""
    return await session.execute(ADD[kind], {"list": list_id, "values": list(values), "wide": wide})


async def drop(session: Session, list_id: UUID, kind: Kind, value: str) -> bool:
    """Takes one away; whether it was there."""
    return await session.execute(DROP[kind], {"list": list_id, "value": value}) > 0

"""Who follows records: by his own choice of what he makes or is given, and what happens to it that he is to be told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref
from crm_domain.following import CHANGED, CHOICE, Followed
from crm_storage.outbox import CHANNEL
from crm_storage.records.context import Context

ASSIGNED = "assigned_to"
BY_HAND = ("web", "api")
"""What somebody does himself; whoever brings in a file does not want to follow all that is in it."""
BY_CHOICE = f"""
INSERT INTO follow (user_id, record_id, module)
SELECT p.user_id, r.id, %(module)s
FROM unnest(%(ids)s::uuid[], %(assigned)s::uuid[]) AS r(id, assigned)
JOIN preference p ON (p.user_id = r.assigned AND p.body -> '{CHOICE}' ? 'assigned')
  OR (%(new)s AND p.user_id = %(me)s AND p.body -> '{CHOICE}' ? 'created')
ON CONFLICT DO NOTHING
"""
TELL = f"""
INSERT INTO outbox (subject, payload)
SELECT '{CHANGED}', c.said || jsonb_build_object('users', (SELECT jsonb_agg(f.user_id) FROM follow f
  WHERE f.record_id = c.record AND f.user_id <> %(me)s))
FROM unnest(%(records)s::uuid[], %(said)s::jsonb[]) AS c(record, said)
WHERE EXISTS (SELECT FROM follow f WHERE f.record_id = c.record AND f.user_id <> %(me)s)
RETURNING pg_notify('{CHANNEL}', current_schema())
"""
Records = Sequence[tuple[UUID, Mapping[str, Any]]]


async def follow_by_choice(context: Context, module: Module[Any], records: Records, *, new: bool) -> None:
    """Has those follow the records who chose to follow what they make, or what is assigned to them."""
    given = {id_: _user(values.get(ASSIGNED)) for id_, values in records}
    if context.source not in BY_HAND or not module.group or not (new or any(given.values())):
        return
    facts = {"ids": list(given), "assigned": list(given.values())}
    await context.session.execute(BY_CHOICE, {**facts, "module": module.key, "new": new, "me": context.access.user})


async def tell_followers(context: Context, module: Module[Any], records: Records, *, new: bool) -> None:
    """Leaves word for whoever follows the records, or the wholes of new parts; nothing where nobody does."""
    said: list[tuple[UUID, Followed]] = []
    for id_, values in records:
        whole = values.get(module.part_of) if new and module.part_of else None
        if isinstance(whole, Ref):
            part = Followed(module=whole.module, record=whole.id, by=context.access.user, added=module.key)
            said.append((whole.id, part))
        elif not new and values:
            changed = Followed(module=module.key, record=id_, by=context.access.user, fields=tuple(values))
            said.append((id_, changed))
    if said:
        facts = {"records": [id_ for id_, _ in said], "said": [msgspec.json.encode(one).decode() for _, one in said]}
        await context.session.execute(TELL, {**facts, "me": context.access.user})


def _user(value: Any) -> UUID | None:
    return value.id if isinstance(value, Ref) else None

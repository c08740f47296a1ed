"""A record's secrets, written with the record; the history tells only that it was done."""

from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.definition.kinds import Secret
from crm_storage.records.context import Context

LOG = """
INSERT INTO audit_event (actor_id, source, request_id, module, record_id, action, changes)
VALUES (%(me)s, %(source)s, %(request_id)s, %(module)s, %(record)s, 'update', jsonb_build_object(%(field)s::text, %(pair)s::jsonb))
"""


async def write_secret(context: Context, module: Module[Any], id_: UUID, field: Secret, text: str | None) -> None:
    """Keeps the secret, or takes it away."""
    assert context.vault is not None, "this unit of work writes no secrets"
    had = await context.vault.put(context.session, module.key, id_, field.key, text)
    if not had and text is None:
        return
    pair = f"[{str(had).lower()}, {str(text is not None).lower()}]"
    facts = {"module": module.key, "record": id_, "field": field.key, "pair": pair, "me": context.access.user}
    await context.session.execute(LOG, {**facts, **context.origin()})

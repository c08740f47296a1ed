"""Throwing away what has served its time: throttles, ended sessions and tokens, what was handled, old jobs."""

import structlog

from crm_domain.tenancy import Tenant
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop

ID_OF = (
    "(lpad(to_hex((extract(epoch FROM now() - interval '{age}') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid"
)
"""The first id of that time: ids begin with their milliseconds, and they have an index."""
LONG_OVER = "run_id IN (SELECT id FROM mkt_run WHERE finished_at < now() - interval '{age}')"
STATEMENTS = {
    "login_throttle": "DELETE FROM login_throttle WHERE coalesce(until, '-infinity') < now() - interval '1 day'",
    "session": "DELETE FROM session WHERE expires_at < now() - interval '7 days'",
    "one_time_token": "DELETE FROM one_time_token WHERE expires_at < now() - interval '7 days'",
    "personal_token": "DELETE FROM personal_token WHERE expires_at < now() - interval '90 days'",
    "outbox": "DELETE FROM outbox WHERE handled_at < now() - interval '2 days'",
    "dead letters": "DELETE FROM outbox WHERE published_at IS NOT NULL AND handled_at IS NULL "
    "AND dead_at < now() - interval '180 days'",
    "idempotency": "DELETE FROM idempotency WHERE created_at < now() - interval '8 days'",
    "job": "DELETE FROM job WHERE finished_at < now() - interval '90 days'",
    "notification": "DELETE FROM notification WHERE created_at < now() - interval '180 days'",
    "reminder_sent": "DELETE FROM reminder_sent WHERE at < now() - interval '2 days'",
    "bulk_run": "DELETE FROM bulk_run WHERE created_at < now() - interval '30 days'",
    "import_run": "DELETE FROM import_run WHERE created_at < now() - interval '30 days'",
    "tracking_event": f"DELETE FROM tracking_event WHERE id < {ID_OF.format(age='90 days')}",
    "link_visitor": "DELETE FROM link_visitor WHERE day < now() - interval '16 days'",
    "feed_items": "DELETE FROM feed_items WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY feed "
    "ORDER BY published_at DESC, id DESC) AS place FROM feed_items) i WHERE place > 300 "
    "AND NOT EXISTS (SELECT 1 FROM favourite f WHERE f.record_id = i.id))",
    "email_skip": f"DELETE FROM email_skip WHERE {LONG_OVER.format(age='90 days')}",
    "run_exempt_record": f"DELETE FROM run_exempt_record WHERE {LONG_OVER.format(age='7 days')}",
    "run_exempt_address": f"DELETE FROM run_exempt_address WHERE {LONG_OVER.format(age='7 days')}",
    "run_exempt_domain": f"DELETE FROM run_exempt_domain WHERE {LONG_OVER.format(age='7 days')}",
    "inbound_mail": "UPDATE inbound_mail SET raw = '' WHERE octet_length(raw) > 0 "
    f"AND id < {ID_OF.format(age='180 days')} AND id > {ID_OF.format(age='240 days')}",
    "letter_handing": "DELETE FROM letter_handing h USING emails e WHERE e.id = h.email_id AND e.status <> 'sending' "
    "AND h.begun_at < now() - interval '30 days'",
    "web_form_submission": "DELETE FROM web_form_submission WHERE state = 'discarded' "
    "AND settled_at < now() - interval '90 days'",
    "login_event": "DELETE FROM login_event WHERE at < now() - interval '400 days'",
}
"""By what they take, mostly a table.

Who was left out of a mailing is told by name for 90 days; how many, for good, by the run's own count. A bounce's row outlives
its text, for it says what was read from the server already; nobody judges anew after half a year, and the index is asked for a
window of two months only.
The marks of a day's visitors stay as long as the bus may still hold a visit of that day.
Of a feed more entries stay than it names at once, or they would come again as new.
A mail's row in `idempotency` outlives every delivery of its message."""


async def prune(shop: Workshop) -> None:
    """Every tenant in turn, each table in a transaction of its own."""

    async def prune_tenant(tenant: Tenant) -> None:
        for table, statement in STATEMENTS.items():
            async with shop.database.tenant(tenant.number) as session:
                count = await session.execute(statement)
                await session.commit()
            if count:
                structlog.get_logger().info("pruned", tenant=tenant.number, table=table, rows=count)

    await in_turn(shop.kept(), "unpruned", prune_tenant)

"""What has served its time in a tenant: throttles, ended sessions and tokens, what was handled, old jobs."""

from typing import NamedTuple

from crm_storage.database import Session

ID_OF = (
    "(lpad(to_hex((extract(epoch FROM now() - interval '{age}') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid"
)
"""The first id of that time: ids begin with their milliseconds, and they have an index."""
LONG_OVER = "run_id IN (SELECT id FROM mkt_run WHERE finished_at < now() - interval '{age}')"


class Old(NamedTuple):
    """Rows of a table that have served their time."""

    table: str
    where: str
    beside: str = ""
    """What else the condition speaks of."""
    change: str = ""
    """Done to them instead of throwing them away."""

    @property
    def some(self) -> str:
        return f"EXISTS (SELECT FROM {', '.join(filter(None, (self.table, self.beside)))} WHERE {self.where})"

    @property
    def away(self) -> str:
        how = f"UPDATE {self.table} SET {self.change}" if self.change else f"DELETE FROM {self.table}"
        return f"{how}{' USING ' + self.beside if self.beside else ''} WHERE {self.where}"


OLD = {
    "login_throttle": Old("login_throttle", "coalesce(until, '-infinity') < now() - interval '1 day'"),
    "session": Old("session", "expires_at < now() - interval '7 days'"),
    "one_time_token": Old("one_time_token", "expires_at < now() - interval '7 days'"),
    "personal_token": Old("personal_token", "expires_at < now() - interval '90 days'"),
    "outbox": Old("outbox", "handled_at < now() - interval '2 days'"),
    "dead letters": Old(
        "outbox", "published_at IS NOT NULL AND handled_at IS NULL AND dead_at < now() - interval '180 days'"
    ),
    "idempotency": Old("idempotency", "created_at < now() - interval '8 days'"),
    "job": Old("job", "finished_at < now() - interval '90 days'"),
    "notification": Old("notification", "created_at < now() - interval '180 days'"),
    "reminder_sent": Old("reminder_sent", "at < now() - interval '2 days'"),
    "bulk_run": Old("bulk_run", "created_at < now() - interval '30 days'"),
    "form_draft": Old("form_draft", "kept_at < now() - interval '14 days'"),
    "import_run": Old("import_run", "created_at < now() - interval '30 days'"),
    "tracking_event": Old("tracking_event", f"id < {ID_OF.format(age='90 days')}"),
    "link_visitor": Old("link_visitor", "day < now() - interval '16 days'"),
    "feed_items": Old(
        "feed_items",
        "id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY feed ORDER BY published_at DESC, id DESC) AS place "
        "FROM feed_items) i WHERE place > 300 AND NOT EXISTS (SELECT 1 FROM favourite f WHERE f.record_id = i.id))",
    ),
    "email_skip": Old("email_skip", LONG_OVER.format(age="90 days")),
    "run_exempt_record": Old("run_exempt_record", LONG_OVER.format(age="7 days")),
    "run_exempt_address": Old("run_exempt_address", LONG_OVER.format(age="7 days")),
    "run_exempt_domain": Old("run_exempt_domain", LONG_OVER.format(age="7 days")),
    "inbound_mail": Old(
        "inbound_mail",
        f"octet_length(raw) > 0 AND id < {ID_OF.format(age='180 days')} AND id > {ID_OF.format(age='240 days')}",
        change="raw = ''",
    ),
    "letter_handing": Old(
        "letter_handing h",
        "e.id = h.email_id AND e.status <> 'sending' AND h.begun_at < now() - interval '30 days'",
        beside="emails e",
    ),
    "web_form_submission": Old(
        "web_form_submission", "state = 'discarded' AND settled_at < now() - interval '90 days'"
    ),
    "login_event": Old("login_event", "at < now() - interval '400 days'"),
    "device": Old("device", "seen_at < now() - interval '400 days'"),
}
"""By what they take, mostly a table.

Who was left out of a mailing is told by name for 90 days; how many, for good, by the run's own count. A bounce's row outlives
its text, for it says what was read from the server already; nobody judges anew after half a year, and the index is asked for a
window of two months only.
The marks of a day's visitors stay as long as the bus may still hold a visit of that day.
Of a feed more entries stay than it names at once, or they would come again as new.
A mail's row in `idempotency` outlives every delivery of its message."""
LOOK = f"SELECT {', '.join(old.some for old in OLD.values())}"


async def outlived(session: Session) -> list[str]:
    """What of all that the tenant holds at the moment, in one look."""
    found = await session.one(LOOK)
    assert found is not None, "a list of truths"
    return [name for name, some in zip(OLD, found, strict=True) if some]


async def throw_away(session: Session, name: str) -> int:
    """Throws one of them away; how many rows. The caller commits."""
    return await session.execute(OLD[name].away)

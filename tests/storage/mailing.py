"""A company with a campaign whose mails have gone, and what tests ask about them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from crm_domain.ids import new_id
from crm_domain.keys import KeyRing
from crm_domain.tenancy import Tenant
from crm_domain.tracking.events import Act, Event
from crm_domain.tracking.tokens import Tokens
from crm_storage.database import Database
from crm_storage.tracking.ingest import take

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
KEY = "a key for these tests and nothing else"
TOKENS = Tokens(KeyRing(KEY))
CAMPAIGN = """
INSERT INTO campaigns (id, name, campaign_type, status, end_date, consent_policy)
VALUES (uuidv7(), %(name)s, %(type)s, 'active', '2027-01-01', 'none') RETURNING id
"""
TEMPLATE = "INSERT INTO email_templates (id, name, subject) VALUES (uuidv7(), 'T', 'S') RETURNING id"
ACCOUNT = """
INSERT INTO bounce_accounts (id, name, protocol, host, port, security, user_name, address, active)
VALUES (uuidv7(), 'Returned', 'imap', 'localhost', 143, 'none', 'bounce', 'bounce@company.example', true) RETURNING id
"""
MARKETING = """
INSERT INTO email_marketing (id, name, campaign, template, starts_at, bounce_account, from_name, from_addr, status)
VALUES (uuidv7(), 'Issue', %(campaign)s, %(template)s, now(), %(account)s, 'We', 'we@company.example', 'active') RETURNING id
"""
RUN = """
INSERT INTO mkt_run (marketing_id, campaign_id, state, kind) VALUES (%(marketing)s, %(campaign)s, 'sending', 'live') RETURNING id
"""
FILL = """
WITH address AS (
  INSERT INTO email_address (address, address_key)
  SELECT a, a FROM (SELECT %(prefix)s || n || '@' || %(domain)s AS a FROM generate_series(1, %(number)s) AS n) AS made
  ON CONFLICT (address_key) DO UPDATE SET address = excluded.address RETURNING id, address_key
)
INSERT INTO email_queue (run_id, marketing_id, campaign_id, dedupe_key, address_id, module, record_id, state, class, is_test)
SELECT %(run)s, %(marketing)s, %(campaign)s, address_key, id, 'contacts', uuidv7(), %(state)s, %(class)s, %(class)s = 'test'
FROM address ORDER BY address_key RETURNING id
"""


class Mailing:
    """One marketing record's run in one tenant."""

    def __init__(self, database: Database, tenant: Tenant) -> None:
        self.database, self.tenant = database, tenant
        self.campaign = self.marketing = self.account = self.run_id = UUID(int=0)

    async def rows(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        async with self.database.tenant(self.tenant.number) as session:
            found = await session.rows(statement, facts)
            await session.commit()
            return found

    async def open(self, kind: str = "email", name: str = "Autumn") -> "Mailing":
        """Another campaign of the same company, with a run under way."""
        made = Mailing(self.database, self.tenant)
        [(made.campaign,)] = await self.rows(CAMPAIGN, name=name, type=kind)
        [(template,)] = await self.rows(TEMPLATE)
        [(made.account,)] = await self.rows(ACCOUNT)
        facts = {"campaign": made.campaign, "template": template, "account": made.account}
        [(made.marketing,)] = await self.rows(MARKETING, **facts)
        [(made.run_id,)] = await self.rows(RUN, marketing=made.marketing, campaign=made.campaign)
        return made

    async def sent(
        self,
        number: int,
        prefix: str = "reader",
        domain: str = "shop.example",
        state: str = "sent",
        kind: str = "default",
    ) -> list[int]:
        """So many mails; their numbers."""
        facts = {"prefix": prefix, "domain": domain, "number": number, "state": state, "class": kind}
        found = await self.rows(FILL, run=self.run_id, marketing=self.marketing, campaign=self.campaign, **facts)
        return sorted(id_ for (id_,) in found)

    def event(
        self, act: Act, message: int, after_s: float = 0, via: str = "human", said: str = "", link: int = 0,
        marks: int = 0, network: str = "",
    ) -> Event:  # fmt: skip
        """Something done so many seconds after `NOW`."""
        moment = NOW + timedelta(seconds=after_s)
        return Event(
            new_id(moment).bytes, int(moment.timestamp() * 1000), act, self.tenant.number, message, link, marks, via,
            network, "browser", said,
        )  # fmt: skip

    async def take(self, *events: Event) -> None:
        async with self.database.tenant(self.tenant.number) as session:
            await take(session, events)
            await session.commit()

    async def sums(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Rows and hits of live mails by activity and by who did it."""
        found = await self.rows(
            "SELECT activity, via, sum(rows)::int, sum(hits)::int FROM campaign_stat WHERE campaign_id = %(id)s"
            " AND class = 'default' GROUP BY 1, 2 HAVING sum(rows) <> 0 OR sum(hits) <> 0",
            id=self.campaign,
        )
        return {(activity, via): (rows, hits) for activity, via, rows, hits in found}

    async def recounted(self) -> dict[tuple[str, str], tuple[int, int]]:
        """The rows of the same, counted from the log."""
        found = await self.rows(
            "SELECT activity, via, count(*)::int, sum(hits)::int FROM campaign_log WHERE campaign_id = %(id)s"
            " AND class = 'default' GROUP BY 1, 2",
            id=self.campaign,
        )
        return {(activity, via): (rows, hits) for activity, via, rows, hits in found}

    async def address(self, message: int) -> dict[str, Any]:
        [row] = await self.rows(
            "SELECT to_jsonb(a) FROM email_queue q JOIN email_address a ON a.id = q.address_id WHERE q.id = %(id)s",
            id=message,
        )
        return row[0]

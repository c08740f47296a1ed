"""A company that sends: people with addresses, lists, a campaign, and a real mail server at the other end."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from crm_domain.keys import KeyRing
from crm_domain.modules import REGISTRY
from crm_domain.sending.audience import AudienceReport
from crm_domain.sending.plan import RELAY
from crm_domain.tracking.tokens import Tokens
from crm_storage.database import Database
from crm_storage.outbound import Door, Rules
from crm_storage.records.context import Schema
from crm_storage.sealing import Seals
from crm_storage.sending.draft import House, RunKind
from crm_storage.sending.lane import Lane
from crm_storage.sending.schedule import preview, schedule
from crm_storage.sending.station import Station
from crm_storage.sending.tick import fill, tick
from crm_storage.smtp.account import Account
from crm_storage.vault import Vault

SCHEMA = Schema(REGISTRY)
KEYS = KeyRing("an installation key for tests")
PATIENCE_S = 120.0
"""For a mailing of a test on a machine that has much else to do."""
ADMIN = UUID("0193a000-0000-7000-8000-000000000001")
HTML = (
    '<p>سلام {{ contact.first_name | default:"دوست گرامی" }}</p><p><a href="https://example.ir/fair">نمایشگاه</a></p>'
)
PEOPLE = """
WITH given AS (
  SELECT uuidv7() AS id, g.name, g.address, n FROM unnest(%(names)s::text[], %(addresses)s::text[]) WITH ORDINALITY g (name, address, n)
), made AS (
  INSERT INTO {module} (id, first_name, last_name, name{columns}) SELECT id, name, 'x', name{values} FROM given
), known AS (
  INSERT INTO email_address (address, address_key) SELECT DISTINCT ON (lower(address)) address, lower(address) FROM given
  WHERE address <> '' ON CONFLICT (address_key) DO UPDATE SET address = excluded.address RETURNING id, address_key
), linked AS (
  INSERT INTO email_link (module, record_id, address_id, is_primary)
  SELECT '{module}', g.id, k.id, true FROM given g JOIN known k ON k.address_key = lower(g.address)
)
SELECT id FROM given ORDER BY n
"""
ACCOUNTS = """
WITH given AS (
  SELECT uuidv7() AS id, g.name, g.address, n FROM unnest(%(names)s::text[], %(addresses)s::text[]) WITH ORDINALITY g (name, address, n)
), made AS (INSERT INTO accounts (id, name) SELECT id, name FROM given
), known AS (
  INSERT INTO email_address (address, address_key) SELECT DISTINCT ON (lower(address)) address, lower(address) FROM given
  WHERE address <> '' ON CONFLICT (address_key) DO UPDATE SET address = excluded.address RETURNING id, address_key
), linked AS (
  INSERT INTO email_link (module, record_id, address_id, is_primary)
  SELECT 'accounts', g.id, k.id, true FROM given g JOIN known k ON k.address_key = lower(g.address)
)
SELECT id FROM given ORDER BY n
"""
MANY = """
WITH given AS (SELECT uuidv7() AS id, n FROM generate_series(%(first)s::int, %(last)s::int) n),
made AS (INSERT INTO {module} (id, first_name, last_name, name{columns}) SELECT id, 'Name ' || n, 'x', 'Name ' || n{values} FROM given),
known AS (
  INSERT INTO email_address (address, address_key) SELECT p.address, p.address FROM given, LATERAL (SELECT {address} AS address) p
  ON CONFLICT (address_key) DO UPDATE SET address = excluded.address RETURNING id, address_key
), linked AS (
  INSERT INTO email_link (module, record_id, address_id, is_primary)
  SELECT '{module}', g.id, k.id, true FROM given g JOIN known k ON k.address_key = {address_of_g}
), member AS (
  INSERT INTO target_list_member (left_id, right_id, module) SELECT %(list)s, id, '{module}' FROM given
)
SELECT count(*) FROM given
"""


class Office:
    """The company under test. Its account leads to `sink`, at that port of this machine."""

    def __init__(self, database: Database, url: str, number: int, port: int = 0) -> None:
        self.database, self.url, self.number = database, url, number
        self.now_is: datetime | None = None
        self.serve(port)
        self.house = House(number, "Company", "https://t.example", REGISTRY)
        self.campaign_id = self.marketing_id = self.list_id = UUID(int=0)

    def serve(self, port: int) -> None:
        """Lets the installation's relay be the server at that port."""
        self.port = port
        door = Door(Rules.read(["127.0.0.1"]))
        relay = Account(host="127.0.0.1", port=port, security="none")
        vault = Vault(Seals(KEYS), self.number)
        self.station = Station(self.database, self.number, SCHEMA, vault, door, Tokens(KEYS), relay, self.now)

    def now(self) -> datetime:
        return self.now_is or datetime.now(UTC)

    async def rows(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        """Runs one statement for good."""
        async with self.database.tenant(self.number) as session:
            found = await session.rows(statement, facts)
            await session.commit()
            return found

    async def run(self, statement: str, **facts: Any) -> int:
        async with self.database.tenant(self.number) as session:
            number = await session.execute(statement, facts)
            await session.commit()
            return number

    async def people(self, module: str, *addresses: str, name: str = "Sara") -> list[UUID]:
        """One record for each address; an empty one has none."""
        statement = ACCOUNTS if module == "accounts" else PEOPLE.format(module=module, **_needed(module))
        return [row[0] for row in await self.rows(statement, names=[name] * len(addresses), addresses=list(addresses))]

    async def many(self, list_id: UUID, first: int, last: int, *, module: str = "targets", address: str = "") -> None:
        """Numbered people on a list; `address` is an SQL expression of their number `n`."""
        text = address or "'person' || n || '@site' || n %% 100 || '.example'"
        own = text.replace(" n ", " g.n ").replace("|| n", "|| g.n")
        await self.rows(
            MANY.format(module=module, address=text, address_of_g=own, **_needed(module)),
            first=first, last=last, list=list_id,
        )  # fmt: skip

    async def list_of(
        self, kind: str, members: Iterable[tuple[str, Sequence[UUID]]] = (), *, attach: bool = True
    ) -> UUID:
        """A target list with these records, attached to the campaign."""
        (list_id,), *_ = await self.rows(
            "INSERT INTO target_lists (id, name, list_type) VALUES (uuidv7(), %(kind)s, %(kind)s) RETURNING id",
            kind=kind,
        )
        for module, ids in members:
            await self.add(list_id, module, ids)
        if attach:
            await self.attach(list_id)
        return list_id

    async def add(self, list_id: UUID, module: str, ids: Sequence[UUID]) -> None:
        await self.run(
            "INSERT INTO target_list_member (left_id, right_id, module) SELECT %(list)s, unnest(%(ids)s::uuid[]), %(module)s",
            list=list_id, ids=list(ids), module=module,
        )  # fmt: skip

    async def attach(self, list_id: UUID, campaign: UUID | None = None) -> None:
        await self.run(
            "INSERT INTO campaign_target_lists (left_id, right_id) VALUES (%(campaign)s, %(list)s)",
            campaign=campaign or self.campaign_id, list=list_id,
        )  # fmt: skip

    async def campaign(self, kind: str = "email", *, html: str = HTML, subject: str = "News", **facts: Any) -> UUID:
        """A campaign with one marketing record that is due now; its account leads to the sink."""
        facts = {"consent": "none", "all_lists": True, "language": "fa", "text": "", "text_only": False, **facts}
        (self.campaign_id,), *_ = await self.rows(
            "INSERT INTO campaigns (id, name, status, campaign_type, end_date, consent_policy) VALUES (uuidv7(), 'Spring', 'active',"
            " %(kind)s, '2030-01-01', %(consent)s) RETURNING id",
            kind=kind, consent=facts["consent"],
        )  # fmt: skip
        return await self.marketing(html=html, subject=subject, **facts)

    async def marketing(self, *, html: str = HTML, subject: str = "News", **facts: Any) -> UUID:
        """One more marketing record of the campaign."""
        (template,), *_ = await self.rows(
            "INSERT INTO email_templates (id, name, template_type, language, subject, body_html, body_text, text_only) VALUES"
            " (uuidv7(), 't', 'campaign', %(language)s, %(subject)s, %(html)s, %(text)s, %(text_only)s) RETURNING id",
            html=html, subject=subject, language=facts.get("language", "fa"), text=facts.get("text", ""),
            text_only=facts.get("text_only", False),
        )  # fmt: skip
        (bounce,), *_ = await self.rows(
            "INSERT INTO bounce_accounts (id, name, protocol, host, port, security, user_name, address, return_domain) VALUES"
            " (uuidv7(), 'b', 'imap', 'localhost', 993, 'tls', 'u', 'back@b.example', 'b.example') RETURNING id"
        )
        (self.marketing_id,), *_ = await self.rows(
            "INSERT INTO email_marketing (id, name, campaign, template, starts_at, status, run_state, bounce_account,"
            " outbound_account, from_name, from_addr, all_lists, track_opens, track_clicks) VALUES (uuidv7(), 'm', %(campaign)s,"
            " %(template)s, %(start)s, 'active', 'draft', %(bounce)s, %(account)s, 'Company', 'news@company.example', %(all)s,"
            " true, true) RETURNING id",
            campaign=self.campaign_id, template=template, start=self.now(), bounce=bounce, account=facts.get("account"),
            all=facts.get("all_lists", True),
        )  # fmt: skip
        return self.marketing_id

    async def account(self, port: int = 0, **facts: Any) -> UUID:
        """An account of the tenant's own."""
        columns = {"connections": 10, "per_connection": 100, "user_name": None, **facts}
        names, marks = ", ".join(columns), ", ".join(f"%({name})s" for name in columns)
        (id_,), *_ = await self.rows(
            "INSERT INTO outbound_accounts (id, name, from_name, from_addr, host, port, security, bulk, dkim_mode, state,"
            f" {names}) VALUES (uuidv7(), 'a', 'C', 'news@company.example', '127.0.0.1', %(port)s, 'none', true, 'relay', 'untried',"
            f" {marks}) RETURNING id",
            port=port or self.port, **columns,
        )  # fmt: skip
        return id_

    async def schedule(self, kind: RunKind = "live", marketing: UUID | None = None) -> UUID:
        async with self.database.tenant(self.number) as session:
            run = await schedule(
                session, self.house, marketing or self.marketing_id, kind=kind, by=ADMIN, now=self.now()
            )
            await session.commit()
            return run

    async def preview(self, kind: RunKind = "live") -> AudienceReport:
        async with self.database.tenant(self.number) as session:
            return await preview(session, self.house, self.marketing_id, kind=kind, by=ADMIN, now=self.now())

    async def filled(self, kind: RunKind = "live", marketing: UUID | None = None) -> tuple[UUID, AudienceReport]:
        """Schedules and fills: the run and its report."""
        run = await self.schedule(kind, marketing)
        todo = await tick(self.station)
        assert run in todo.fill
        return run, await fill(self.station, run)

    async def lane(
        self, account: UUID = RELAY, *, stop: asyncio.Event | None = None, seconds: float = PATIENCE_S
    ) -> Lane:
        """One turn of an account. It ends by itself soon after nothing is left that is due."""
        async with self.station.session() as session:
            outlet = await self.station.outlet(session, account)
        assert outlet is not None
        lane = Lane(self.station, account, outlet)
        await lane.run(stop or asyncio.Event(), seconds)
        return lane

    async def send(self, kind: RunKind = "live", marketing: UUID | None = None, account: UUID = RELAY) -> UUID:
        """Schedules, fills and sends until nothing is left that is due."""
        run, _ = await self.filled(kind, marketing)
        await self.lane(account)
        return run

    async def states(self, run: UUID) -> dict[str, int]:
        return dict(
            await self.rows("SELECT state, count(*) FROM email_queue WHERE run_id = %(run)s GROUP BY state", run=run)
        )

    async def counters(self, run: UUID) -> dict[str, Any]:
        names = ("state", "reason", "total", "attempted", "sent", "failed", "skipped", "uncertain", "cancelled")
        (row,) = await self.rows(f"SELECT {', '.join(names)} FROM mkt_run WHERE id = %(run)s", run=run)
        return dict(zip(names, row, strict=True))

    def later(self, **span: float) -> None:
        """Moves this company's clock."""
        self.now_is = self.now() + timedelta(**span)


def _needed(module: str) -> dict[str, str]:
    """Columns a module cannot do without."""
    more = {
        "leads": (", status", ", 'new'"),
        "users": (", user_name, status, user_type", ", 'u' || n, 'active', 'regular'"),
    }
    columns, values = more.get(module, ("", ""))
    return {"columns": columns, "values": values}


@asynccontextmanager
async def open_office(url: str, number: int, port: int = 0) -> AsyncIterator[Office]:
    database = Database(url, size=6)
    await database.open()
    try:
        yield Office(database, url, number, port)
    finally:
        await database.close()

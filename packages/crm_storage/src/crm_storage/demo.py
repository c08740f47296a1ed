"""Loading a demo company into a tenant, by COPY: two thousand records or two million in the same way."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition import EmailEntry, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.demo.generate import batches
from crm_domain.demo.papers import BODIES, PAPERS
from crm_domain.demo.setting import Language, Setting
from crm_domain.demo.staff import Staff, staff
from crm_domain.demo.views import shared_views
from crm_domain.demo.world import Owner, Row
from crm_domain.following import KIND
from crm_domain.messages.catalogue import catalogue
from crm_domain.notices import WHAT
from crm_domain.problems import NotFound
from crm_storage.columns import columns_of, stored
from crm_storage.database import Database, Session
from crm_storage.files.door import FileDoor
from crm_storage.notices import tell
from crm_storage.records.context import Context, Schema
from crm_storage.records.write_lines import COLUMNS, line_rows
from crm_storage.shelf import StoredShelf

SOURCE = "demo"
COMMIT_EVERY = 20_000
"""Rows in one transaction: long enough to be fast, short enough to be no burden."""
FIRST_STARS = 4
CHANGED_FIELDS = {"accounts": ("industry", "rating"), "opportunities": ("stage", "amount")}
BASE = "SELECT iso4217 FROM currencies WHERE is_base AND deleted_at IS NULL"
RATES = "SELECT iso4217, conversion_rate FROM currencies WHERE deleted_at IS NULL"
AT_WORK = """
SELECT m.user_id, m.team_id FROM team_member m JOIN teams t ON t.id = m.team_id JOIN users u ON u.id = m.user_id
WHERE t.name = ANY(%(teams)s) AND t.deleted_at IS NULL AND u.deleted_at IS NULL AND u.status = 'active'
ORDER BY m.user_id, m.team_id
"""
USER_NAMES = "SELECT user_name FROM users"
ADMINISTRATOR = """
SELECT id FROM users WHERE user_type = 'administrator' AND deleted_at IS NULL ORDER BY created_at, id LIMIT 1
"""
ADDRESSES = """
INSERT INTO email_address (address, address_key)
SELECT DISTINCT ON (lower(a)) a, lower(a) FROM unnest(%(addresses)s::text[]) AS a
ON CONFLICT (address_key) DO NOTHING
"""
ADDRESS_LINKS = """
INSERT INTO email_link (module, record_id, address_id, is_primary, position)
SELECT %(module)s, e.record_id, a.id, e.is_primary, e.position
FROM unnest(%(records)s::uuid[], %(addresses)s::text[], %(primary)s::bool[], %(positions)s::int[])
  AS e (record_id, address, is_primary, position)
JOIN email_address a ON a.address_key = lower(e.address)
"""
QUEUE = """
INSERT INTO email_queue (id, run_id, marketing_id, campaign_id, dedupe_key, address_id, module, record_id, state, not_before,
  attempts, begun_at, ended_at, created_at)
OVERRIDING SYSTEM VALUE
SELECT l.message, r.id, l.marketing_id, l.campaign_id, a.address_key, a.id, l.module, l.record_id, 'sent', r.started_at, 1,
  l.first_at, l.first_at, r.started_at
FROM campaign_log l JOIN mkt_run r ON r.marketing_id = l.marketing_id AND r.kind = 'live'
  JOIN email_link e ON e.record_id = l.record_id AND e.is_primary JOIN email_address a ON a.id = e.address_id
WHERE l.activity = 'targeted' AND l.message IS NOT NULL ON CONFLICT DO NOTHING
"""
"""The mails whose fates the log tells."""
PAPER = """
INSERT INTO blob (key, name, media_type, size, sha256, pictured, state)
VALUES (%(key)s, %(name)s, %(media_type)s, %(size)s, %(sha256)s, %(pictured)s, 'stored') ON CONFLICT DO NOTHING
"""
CREATED = """
COPY audit_event (at, actor_id, source, request_id, module, record_id, action, version) FROM STDIN
"""
PLAIN = ("id", "left_id", "right_id", "module", "created_at")
"""Columns that are no fields: a record's own and a link's."""
LINES = f"COPY line_item ({', '.join(COLUMNS)}) FROM STDIN"
MEMBERS = "COPY team_member (user_id, team_id, is_leader) FROM STDIN"
IN_ROLE = "INSERT INTO user_role (user_id, role_id) SELECT %(user)s, id FROM role WHERE shipped = %(role)s"
ANALYZE = "ANALYZE email_link, {}"


async def store_papers(files: FileDoor, tenant: int, language: Language) -> None:
    """Puts the bytes of the demo company's files into the door, beside the rows that `load_demo` makes."""
    for paper in PAPERS[language]:
        await files.keep(tenant, paper.blob.key, paper.body)


async def load_demo(
    database: Database, tenant: int, schema: Schema, *, scale: int, seed: int, language: Language, now: datetime
) -> int:
    """Fills a tenant with a company of that language; how many records. About 2,000 for each `scale`.

    A tenant that has the company's people already keeps them and gets the records only. Raises NotFound
    where there is no base currency.
    """
    async with database.tenant(tenant) as session:
        base = await session.one(BASE)
        if base is None:
            raise NotFound
        setting = Setting(language, base[0], now, catalogue(language).text)
        loader = Loader(session, schema)
        owners = await _at_work(session, setting)
        first_load = not owners
        if first_load:
            taken = frozenset(name for (name,) in await session.rows(USER_NAMES))
            people = staff(setting, seed, scale, taken)
            await loader.staff(people)
            owners = [*people.owners, *await _administrator(session, people)]
        stars: list[Ref] = []
        for batch in batches(setting, seed, scale, owners, again=not first_load):
            await loader.load(batch.table, batch.rows)
            if len(stars) < FIRST_STARS and batch.table in ("accounts", "opportunities"):
                stars += [Ref(batch.table, row["id"], row["name"]) for row in batch.rows[: FIRST_STARS // 2]]
        await session.execute(QUEUE)
        if first_load:
            await _shelves(session, schema, setting, seed, stars)
            await _news(session, schema, stars, owners)
        await session.execute(ANALYZE.format(", ".join(f'"{table}"' for table in sorted(loader.tables))))
        await session.commit()
        return loader.number


class Loader:
    """Puts rows of field values into tables, with what a field keeps beside its record's row."""

    def __init__(self, session: Session, schema: Schema) -> None:
        self.number = 0
        self.tables: set[str] = set()
        """Those that got rows."""
        self._session = session
        self._registry = schema.registry
        self._rates: Mapping[str, Decimal] | None = None
        self._waiting = 0

    async def staff(self, people: Staff) -> None:
        """The company's own people and its currencies; those the tenant has are kept."""
        known = {code for (code, _) in await self._session.rows(RATES)}
        await self.load("currencies", [row for row in people.currencies if row["iso4217"] not in known])
        await self.load("teams", people.teams)
        await self.load("users", people.users)
        await self._session.copy(MEMBERS, people.members)
        for user, role in people.roles:
            await self._session.execute(IN_ROLE, {"user": user, "role": role})

    async def load(self, table: str, rows: list[Row]) -> None:
        """One batch, committed when enough have come together."""
        if not rows:
            return
        if not self._has_fields(table):
            await self._copy_plain(table, rows)
            return
        fields = self._fields(table)
        await self._copy(table, fields, rows)
        self.tables.add(table)
        if table in self._registry:
            self.number += len(rows)
            for field in fields:
                if isinstance(field, kinds.Emails):
                    await self._emails(table, field.key, rows)
                elif isinstance(field, kinds.File):
                    await self._papers(table, field.key, rows)
                elif isinstance(field, kinds.Bill):
                    await self._session.copy(LINES, _lines(table, field.key, rows))
            await self._session.copy(CREATED, _created(table, rows))
        self._waiting += len(rows)
        if self._waiting >= COMMIT_EVERY:
            self._waiting = 0
            await self._session.commit()

    def _has_fields(self, table: str) -> bool:
        return table in self._registry or table in self._registry.tables

    async def _copy_plain(self, table: str, rows: list[Row]) -> None:
        """A table behind the modules, whose rows are values by column."""
        columns = tuple(rows[0])
        listed = ", ".join(f'"{column}"' for column in columns)
        values = ([row[column] for column in columns] for row in rows)
        await self._session.copy(f'COPY "{table}" ({listed}) FROM STDIN', values)

    def _fields(self, table: str) -> tuple[Kind, ...]:
        return self._registry[table].fields if table in self._registry else self._registry.tables[table].kinds()

    async def _known_rates(self) -> Mapping[str, Decimal]:
        """Read once, after the staff brought its currencies."""
        if self._rates is None:
            self._rates = dict(await self._session.rows(RATES))
        return self._rates

    async def _copy(self, table: str, fields: tuple[Kind, ...], rows: list[Row]) -> None:
        money = any(isinstance(field, kinds.Money) for field in fields)
        rates: Mapping[str, Decimal] = await self._known_rates() if money else {}
        plain = tuple(key for key in PLAIN if key in rows[0])
        named = {key for row in rows for key in row} - set(plain)
        used = tuple(field for field in fields if field.key in named)
        columns = (*plain, *(column.name for field in used for column in columns_of(field, table)))
        listed = ", ".join(f'"{column}"' for column in columns)
        await self._session.copy(f'COPY "{table}" ({listed}) FROM STDIN', _values(plain, used, rows, rates))

    async def _papers(self, module: str, key: str, rows: list[Row]) -> None:
        """The rows of files and of who holds them; their bytes are put into the door by who loads."""
        held = [(row["id"], row[key]) for row in rows if row.get(key)]
        for blob in {blob.key: blob for _, blob in held}.values():
            sha256 = hashlib.sha256(BODIES[blob.key]).hexdigest()
            await self._session.execute(PAPER, {**msgspec.structs.asdict(blob), "sha256": sha256})
        links = ((blob.key, module, id_, key) for id_, blob in held)
        await self._session.copy("COPY blob_link (key, module, record_id, field) FROM STDIN", links)

    async def _emails(self, module: str, key: str, rows: list[Row]) -> None:
        entries: list[tuple[UUID, int, EmailEntry]] = [
            (row["id"], place, entry) for row in rows for place, entry in enumerate(row.get(key) or ())
        ]
        facts = {
            "module": module,
            "records": [id_ for id_, _, _ in entries],
            "addresses": [entry.address for _, _, entry in entries],
            "primary": [entry.primary for _, _, entry in entries],
            "positions": [place for _, place, _ in entries],
        }
        await self._session.execute(ADDRESSES, facts)
        await self._session.execute(ADDRESS_LINKS, facts)


def _values(
    plain: tuple[str, ...], used: tuple[Kind, ...], rows: list[Row], rates: Mapping[str, Decimal]
) -> Iterator[list[Any]]:
    for row in rows:
        values: list[Any] = [row[key] for key in plain]
        for field in used:
            values += stored(field, row.get(field.key), rates).values()
        yield values


def _lines(module: str, key: str, rows: list[Row]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if bill := row.get(key):
            for place, values in enumerate(line_rows(bill), start=1):
                yield module, row["id"], key, place, *values


async def _at_work(session: Session, setting: Setting) -> list[tuple[Ref, Ref]]:
    """The people of an earlier load, with their teams."""
    found = await session.rows(AT_WORK, {"teams": list(setting.words.TEAMS)})
    return [(Ref("users", user), Ref("teams", team)) for user, team in found]


def _created(module: str, rows: list[Row]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        by = row.get("created_by")
        yield row["created_at"], by.id if by else None, SOURCE, "", module, row["id"], "create", 1


async def _administrator(session: Session, people: Staff) -> list[Owner]:
    """Whoever runs the company joins its first team, so that he has work of his own to look at."""
    found = await session.one(ADMINISTRATOR)
    if found is None:
        return []
    team = people.teams[0]["id"]
    await session.copy(MEMBERS, [(found[0], team, True)])
    return [(Ref("users", found[0]), Ref("teams", team))]


async def _shelves(session: Session, schema: Schema, setting: Setting, seed: int, stars: list[Ref]) -> None:
    """Shared views, and a few stars, for the administrator who looks at it first."""
    found = await session.one(ADMINISTRATOR)
    if found is None:
        return
    access = Access(user=found[0], admin=True)
    shelf = StoredShelf(Context(session, schema, access, SOURCE, ""))
    for view in shared_views(setting, seed, access.user):
        await shelf.save_view(view)
    for ref in stars:
        await shelf.star(ref, on=True)


async def _news(session: Session, schema: Schema, stars: list[Ref], owners: Sequence[Owner]) -> None:
    """What the bell has for the administrator at first: he follows what he has starred, and colleagues changed it."""
    found = await session.one(ADMINISTRATOR)
    if found is None:
        return
    shelf = StoredShelf(Context(session, schema, Access(user=found[0], admin=True), SOURCE, ""))
    others = [user.id for user, _ in owners if user.id != found[0]]
    for ref, actor in zip(stars, others, strict=False):
        await shelf.follow(ref, on=True)
        facts = {"name": ref.name, "module": {"id": f"{ref.module}.one"}, WHAT: CHANGED_FIELDS[ref.module]}
        await tell(session, KIND, [found[0]], f"/{ref.module}/{ref.id}", facts, actor=actor, about=ref)

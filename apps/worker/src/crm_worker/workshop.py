"""What every task finds in the worker: database, directory, settings, the tenants' modules, the time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.access.rights import Access
from crm_domain.definition import Registry
from crm_domain.keys import KeyRing
from crm_domain.meaning.voice import Voice
from crm_domain.meaning.wording import catalogue_of
from crm_domain.modules import REGISTRY
from crm_domain.people.actor import Actor
from crm_domain.people.naming import naming
from crm_domain.people.preferences import preferences_of
from crm_domain.records.work import Work
from crm_domain.tenancy import RUNNING, Tenant
from crm_domain.text.business_hours import HOURS
from crm_domain.tracking.tokens import Tokens
from crm_storage.database import Database, Session
from crm_storage.outbound import Door, Reach, Rules
from crm_storage.outbound.dns import Names
from crm_storage.people.actor import load_user_actor, workdays_of
from crm_storage.people.preferences import company_preferences, setting
from crm_storage.records.context import Context
from crm_storage.records.schemas import Schemas
from crm_storage.sealing import Seals
from crm_storage.sending.station import Station
from crm_storage.settings import Settings
from crm_storage.smtp.account import Account
from crm_storage.store import TenantStore
from crm_storage.tenants.directory import Directory
from crm_storage.vault import Vault

if TYPE_CHECKING:
    from crm_worker.slices import Handlers

HOUSE = UUID(int=0)
"""Who acts where nobody does: the house itself, with every right."""


class SystemClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Reader:
    """Somebody a mail is made for: what he reaches, in his words; `context` for the statements of storage that are no store's."""

    work: Work
    voice: Voice
    context: Context

    def text(self, id_: str, **facts: Any) -> str:
        return self.voice.text(id_, **facts)


class Workshop:
    """The composition root's parts, by name. `jobs` are the handlers of long work by kind."""

    def __init__(self, settings: Settings, jobs: "Handlers") -> None:
        self.settings = settings
        self.database = Database(settings.worker_database_url, size=settings.db_pool_size)
        self.directory = Directory(self.database, settings.worker_database_url, settings.base_domain)
        self.schemas = Schemas(REGISTRY)
        self.clock = SystemClock()
        self.jobs = jobs
        self.keys = KeyRing(settings.secret_key, settings.former_secret_keys)
        self.seals = Seals(self.keys)
        self.tokens = Tokens(self.keys)
        self.door = Door(Rules.read(settings.outbound_allowed))
        self.names = Names(settings.name_servers)
        self.relay = Account.of_url(settings.smtp_url, helo=settings.base_domain)

    async def actor(self, session: Session, tenant: Tenant, user: UUID | None) -> Actor | None:
        """An active user by id, or for None the house; None when the user may not act any more."""
        if user is not None:
            return await load_user_actor(session, user)
        company = await company_preferences(session)
        preferences = preferences_of(company, {})
        return Actor(
            user=HOUSE,
            user_name="",
            name="",
            email="",
            session=HOUSE,
            access=Access(user=HOUSE, admin=True),
            preferences=preferences,
            workdays=workdays_of(company, await setting(session, HOURS)),
            base_currency=tenant.currency,
        )

    async def work(self, session: Session, tenant: Tenant, actor: Actor, request_id: str, source: str = "job") -> Work:
        """A unit of work in which that actor acts; `source` is what the history says of its changes."""
        schema = await self.schemas.of(tenant, session)
        reach = Reach(self.door, tenant.number)
        return self._work(tenant, actor, Context(session, schema, actor.access, source, request_id, reach=reach))

    async def reading(self, session: Session, tenant: Tenant, actor: Actor) -> tuple[Work, Voice]:
        """The same for what that actor himself will read: in his words, people named as he likes."""
        reader = await self.reader(session, tenant, actor)
        return reader.work, reader.voice

    async def reader(self, session: Session, tenant: Tenant, actor: Actor) -> Reader:
        """That actor as the reader of what is made for him."""
        schema = await self.schemas.of(tenant, session)
        voice = self.voice(actor, schema.registry)
        context = Context(session, schema, actor.access, "job", "")
        context.naming = naming(actor.preferences.name_order, schema.registry, actor.access, voice)
        return Reader(self._work(tenant, actor, context), voice, context)

    def _work(self, tenant: Tenant, actor: Actor, context: Context) -> Work:
        store, registry = TenantStore(context, self.clock), context.registry
        return Work(store, registry, self.clock, actor.locale, actor.base_currency, tenant.quotas, actor.workdays)

    async def station(self, tenant: Tenant) -> Station:
        """What sending needs of a tenant, with its customisation as it is now."""
        async with self.database.tenant(tenant.number) as session:
            schema = await self.schemas.of(tenant, session)
        vault = Vault(self.seals, tenant.number)
        return Station(
            self.database,
            tenant.number,
            schema,
            vault,
            self.door,
            self.tokens,
            self.relay,
            self.clock.now,
            tenant.quotas.mails_a_day,
        )

    def running(self) -> list[Tenant]:
        """The tenants for which work is done."""
        return [tenant for tenant in self.directory.all() if tenant.state in RUNNING]

    def active(self) -> list[Tenant]:
        """The tenants in whose records something may come about by itself."""
        return [tenant for tenant in self.directory.all() if tenant.state == "active"]

    def kept(self) -> list[Tenant]:
        """The tenants whose data is looked after, also while they are suspended."""
        return [tenant for tenant in self.directory.all() if tenant.state != "deleted"]

    def voice(self, actor: Actor, registry: Registry) -> Voice:
        """How that actor is spoken to, in the words of his company."""
        words = catalogue_of(registry, actor.locale.language)
        return Voice(words, actor.locale, self.clock.now(), actor.base_currency)

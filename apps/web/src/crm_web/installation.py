"""What the web app is made of, put together once: settings, database, directory, templates, the tenants' modules."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from crm_domain.keys import KeyRing
from crm_domain.modules import REGISTRY
from crm_domain.tenancy import Tenant
from crm_storage.database import Database
from crm_storage.files.door import door_of
from crm_storage.hashing import Hasher
from crm_storage.jobs.rows import CHANNEL as JOBS_CHANNEL
from crm_storage.listen import Ear
from crm_storage.notices import CHANNEL as NOTICES_CHANNEL
from crm_storage.outbound import Door, Rules
from crm_storage.outbound.dns import Names
from crm_storage.people.provider import Providers
from crm_storage.records.schemas import Schemas
from crm_storage.sealing import Seals
from crm_storage.settings import Settings
from crm_storage.tenants.addresses import address_of
from crm_storage.tenants.directory import Directory
from crm_storage.vault import Vault
from crm_ui.static import Assets
from crm_ui.templates import make_environment

TEMPLATES = Path(__file__).parent / "templates"


def vault_of(installation: "Installation", tenant: Tenant) -> Vault:
    """The tenant's vault."""
    return Vault(installation.seals, tenant.number)


class SystemClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Installation:
    """The composition root's parts, by name."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.web_database_url, size=settings.db_pool_size)
        self.directory = Directory(self.database, settings.web_database_url, settings.base_domain)
        self.assets = Assets()
        self.templates = make_environment(self.assets, [TEMPLATES])
        self.clock = SystemClock()
        self.hasher = Hasher()
        self.files = door_of(settings)
        self.schemas = Schemas(REGISTRY)
        self.jobs = Ear(settings.web_database_url, JOBS_CHANNEL)
        """Hears of every job's progress."""
        self.notices = Ear(settings.web_database_url, NOTICES_CHANNEL)
        """Hears who was told something."""
        self.door = Door(Rules.read(settings.outbound_allowed))
        self.providers = Providers(self.door)
        self.names = Names(settings.name_servers)
        self.keys = KeyRing(settings.secret_key, settings.former_secret_keys)
        self.seals = Seals(self.keys)

    @cached_property
    def key(self) -> bytes:
        """What tokens of this app are signed with."""
        return self.settings.secret_key.encode()

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by HTTPS: decides the cookie's name and HSTS."""
        return self.settings.web_url.startswith("https:")

    async def start(self) -> None:
        await self.database.open()
        await self.directory.start()
        await self.jobs.start()
        await self.notices.start()

    async def stop(self) -> None:
        await self.notices.stop()
        await self.jobs.stop()
        await self.directory.stop()
        await self.database.close()

    def url(self, tenant: Tenant, path: str) -> str:
        """An absolute address on the tenant's host, from the settings and never from a request (SEC-34)."""
        return address_of(self.settings, tenant, path)

    def render(self, name: str, text: Callable[..., str], context: Mapping[str, Any]) -> str:
        """A template in the words of a language, of a tenant, or of a reader."""
        return self.templates.get_template(name).render(t=text, **context)

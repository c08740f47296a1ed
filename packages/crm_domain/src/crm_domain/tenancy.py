"""Tenants: the companies an installation serves, each in a schema and under a role of its own."""

import re
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from crm_domain.problems import BadValue, Refused
from crm_domain.text.locale import ENGLISH, PERSIAN, Locale

State = Literal["active", "read_only", "suspended", "archived", "deleted"]
Language = Literal["fa", "en"]
SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]")
RESERVED: Final = frozenset(
    [
        "admin",
        "api",
        "app",
        "assets",
        "auth",
        "billing",
        "blog",
        "cdn",
        "crm",
        "dev",
        "docs",
        "files",
        "ftp",
        "help",
        "host",
        "imap",
        "localhost",
        "login",
        "mail",
        "mx",
        "ns1",
        "ns2",
        "root",
        "sadra",
        "signup",
        "smtp",
        "staging",
        "static",
        "status",
        "support",
        "test",
        "tracker",
        "www",
    ]
)
RUNNING: Final[tuple[State, ...]] = ("active", "read_only")
"""States in which a tenant's people are let in and work is done for it."""
STATE_MAIL: Final = "mail.state"
"""The message that tells a company's administrators of its state: the one that leaves whatever the state is."""
NOTICES: Final = "mail.send"
"""The message of one notice or link to one person."""
CARRIED: Final[dict[State, tuple[str, ...] | None]] = {
    "active": None,
    "read_only": (NOTICES, STATE_MAIL),
    "suspended": (STATE_MAIL,),
    "archived": (STATE_MAIL,),
    "deleted": (STATE_MAIL,),
}
"""Which messages of its outbox are carried and done in a state; None is all of them. The others wait."""
TRANSITIONS: Final[dict[State, tuple[State, ...]]] = {
    "active": ("read_only", "suspended", "archived", "deleted"),
    "read_only": ("active", "suspended", "archived", "deleted"),
    "suspended": ("active", "read_only", "archived", "deleted"),
    "archived": ("suspended", "deleted"),
    "deleted": ("suspended",),
}
"""A deleted or archived tenant comes back suspended, so that somebody looks before its users return."""
REACHABLE: Final[tuple[State, ...]] = ("active", "read_only", "suspended")
"""States in which a tenant's host name answers; a suspended one says so and nothing else."""
GRACE_DAYS: Final = 30
"""How long a deleted tenant can be restored (REL-33)."""
HOST_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
MEGABYTE: Final = 1024 * 1024
MAX_HOST: Final = 253
MAX_NAME: Final = 120


class Quotas(msgspec.Struct, frozen=True, kw_only=True):
    """A plan's limits; 0 means none."""

    users: int = 0
    records: int = 0
    storage_mb: int = 0
    mails_a_day: int = 0
    backup_days: int = 7
    backup_weeks: int = 4
    backup_months: int = 12
    """Of how many of these the last nightly backup is kept; here 0 is none."""
    backup_download: bool = False
    """Whether the tenant's own administrators may take backups home."""


LIMITS: Final = ("users", "records", "storage_mb", "mails_a_day")
"""The limits by name."""
WARN_AT: Final = (80, 95, 100)
"""Per cent of a limit at which its company is told."""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant uses: active users, live records, bytes in the database and of files, mails of the last day."""

    users: int
    records: int
    storage: int
    mails: int


def near(quotas: Quotas, usage: Usage) -> dict[str, int]:
    """The limits of which much is used, with the highest mark of WARN_AT that was reached; worded by `tenants.near_<name>`."""
    used = {
        "users": (quotas.users, usage.users),
        "records": (quotas.records, usage.records),
        "storage": (quotas.storage_mb * MEGABYTE, usage.storage),
        "mails": (quotas.mails_a_day, usage.mails),
    }
    reached = {
        name: max((mark for mark in WARN_AT if amount * 100 >= most * mark), default=0)
        for name, (most, amount) in used.items()
        if most
    }
    return {name: mark for name, mark in reached.items() if mark}


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """One company. The number never changes and names schema and role; everything else may change."""

    number: int
    id: UUID
    slug: str
    name: str
    state: State = "active"
    plan: str = "standard"
    quotas: Quotas = Quotas()
    locale: Locale = PERSIAN
    """What its users start from."""
    currency: str = "IRR"
    domains: tuple[str, ...] = ()
    """Verified host names of the tenant's own, the one that links are built with first."""
    schema_version: str = ""
    """The revision its tables are at."""
    overlay_version: int = 0
    """Rises with every customisation, so that processes know when to read it again."""
    created_at: datetime | None = None
    delete_after: datetime | None = None

    @property
    def schema(self) -> str:
        """The name of schema and role."""
        return schema_name(self.number)

    @property
    def language(self) -> str:
        return self.locale.language

    @property
    def domain(self) -> str:
        """The host name links are built with; empty when the tenant has none of its own."""
        return self.domains[0] if self.domains else ""

    @property
    def reachable(self) -> bool:
        return self.state in REACHABLE


class NewTenant(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to open a tenant. Without a locale its users start from the language's own."""

    slug: str
    name: str
    language: Language = "fa"
    locale: Locale | None = None
    currency: str = ""
    plan: str = "standard"
    reason: str = ""

    def checked(self) -> "NewTenant":
        """The same with a normal slug and no gaps. Raises BadValue."""
        locale = self.locale or locale_for(self.language)
        return msgspec.structs.replace(
            self,
            slug=checked_slug(self.slug),
            name=checked_name(self.name),
            locale=locale,
            currency=self.currency or ("IRR" if self.language == "fa" else "USD"),
        )


def schema_name(number: int) -> str:
    """The schema and the role of a tenant's number."""
    return f"t_{number:d}"


def locale_for(language: Language) -> Locale:
    """What readers of that language are used to."""
    return ENGLISH if language == "en" else PERSIAN


def checked_slug(text: str) -> str:
    """The slug in its normal form. Raises BadValue for one that is no host label or reserved."""
    slug = text.strip().lower()
    if not SLUG.fullmatch(slug) or "--" in slug or slug in RESERVED:
        raise BadValue("tenants.slug_wrong", slug=slug[:60])
    return slug


def checked_name(text: str) -> str:
    """The company's name without blanks around it. Raises BadValue."""
    name = text.strip()
    if not name:
        raise BadValue("problems.required")
    if len(name) > MAX_NAME:
        raise BadValue("problems.too_long", most=MAX_NAME)
    return name


def carries(state: State, subject: str) -> bool:
    """Whether such a message is done while a company is in that state."""
    carried = CARRIED[state]
    return carried is None or subject in carried


def check_transition(old: State, new: State) -> None:
    """Raises Refused for a step that is not allowed."""
    if new not in TRANSITIONS[old]:
        raise Refused("tenants.wrong_step", old=old, new=new)


def host_name(header: str) -> str:
    """The host of a Host header in its normal form, to be compared exactly (SEC-47); empty when it is no host name."""
    host, colon, port = header.strip().lower().partition(":")
    if colon and not (port.isascii() and port.isdigit()):
        return ""
    labels = host.split(".")
    return host if len(host) <= MAX_HOST and all(HOST_LABEL.fullmatch(label) for label in labels) else ""


def checked_domain(text: str) -> str:
    """A host name a tenant may claim: normal form, at least two labels, no address. Raises BadValue."""
    host = host_name(text)
    if ":" in text or "." not in host or host.rpartition(".")[2].isdigit():
        raise BadValue("tenants.domain_wrong", domain=text[:MAX_HOST])
    return host

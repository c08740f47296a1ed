"""What the console is made of: settings, its own login, templates, cookies of its own."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from litestar.types import Scope

from crm_domain.messages.catalogue import catalogue
from crm_storage.backups.take import storeroom_of
from crm_storage.database import Database
from crm_storage.hashing import Hasher
from crm_storage.outbound.dns import Names
from crm_storage.settings import Settings
from crm_ui.static import Assets
from crm_ui.templates import make_environment

SESSION = "host_session"
PENDING = "host_pending"
LANGUAGE = "host_language"


class Console:
    """The composition root's parts, by name. `owner` provisions; everything else is done under the console's login."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.host_database_url, size=4)
        self.owner = Database(settings.database_url, size=2)
        self.room = storeroom_of(settings, self.owner)
        self.assets = Assets()
        self.templates = make_environment(self.assets, [Path(__file__).parent / "templates"])
        self.hasher = Hasher()
        self.names = Names(settings.name_servers)
        self.key = hashlib.sha256(b"host\0" + settings.secret_key.encode()).digest()

    @property
    def secure(self) -> bool:
        return self.settings.admin_url.startswith("https:")

    def now(self) -> datetime:
        return datetime.now(UTC)

    def render(self, name: str, language: str, context: Mapping[str, Any]) -> str:
        """A template in a language."""
        return self.templates.get_template(name).render(t=catalogue(language).text, **context)


def cookies_of(scope: Scope) -> dict[str, str]:
    """The request's cookies by name."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name.lower() == b"cookie":
            pairs = (part.strip().partition("=") for part in value.decode("latin-1").split(";"))
            found |= {key: text for key, _, text in pairs}
    return found


def csrf_reference(scope: Scope) -> str:
    """What a form's token is bound to: the session, before sign-in the browser's visit."""
    cookies = cookies_of(scope)
    secret = cookies.get(SESSION) or cookies.get("host_visit", "")
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""

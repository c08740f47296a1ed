"""Whose sign-in mailboxes may use instead of a password, and the company's own program at each of them (RFC 6749, RFC 7636)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

SETTING = "mail_providers"
"""The setting's key."""
OWN = "own"
MOST = 2000


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """Where its people consent, where a consent becomes keys, and what is asked for; `more` goes with the question."""

    authorize_url: str = ""
    token_url: str = ""
    scopes: str = ""
    more: Mapping[str, str] = {}


PRESETS: Mapping[str, Provider] = {
    "google": Provider(
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        scopes="https://mail.google.com/",
        more={"access_type": "offline", "prompt": "consent"},
    ),
    "microsoft": Provider(
        authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106 - an address
        scopes="offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send",
        more={"prompt": "select_account"},
    ),
}
PROVIDERS = (*PRESETS, OWN)


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """The company's program as it is registered there, without its secret; `provider` is told only where none is known."""

    client_id: str = ""
    provider: Provider = Provider()

    def at(self, name: str) -> Provider | None:
        """The provider, once everything is known of it."""
        found = PRESETS.get(name, self.provider)
        return found if self.client_id and found.authorize_url and found.token_url else None


def programs_of(kept: Mapping[str, Any] | None) -> dict[str, Program]:
    """By provider, as they were kept; what no longer fits counts as not registered."""
    try:
        found = msgspec.convert(kept or {}, dict[str, Program])
    except msgspec.ValidationError:
        found = {}
    return {name: found.get(name, Program()) for name in PROVIDERS}


def wrong(program: Program, *, plain: bool) -> str:
    """The id of what makes no sense in it; `plain` allows addresses without TLS, where nobody's real mail is at stake."""
    texts = (program.client_id, program.provider.authorize_url, program.provider.token_url, program.provider.scopes)
    if any(len(text) > MOST or not text.isprintable() for text in texts):
        return "mail_providers.no_program"
    schemes = ("https", "http") if plain else ("https",)
    urls = [url for url in (program.provider.authorize_url, program.provider.token_url) if url]
    return "" if all(_whole(url, schemes) for url in urls) else "mail_providers.no_address"


def _whole(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and not parts.username
    except ValueError:
        return False

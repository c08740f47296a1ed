"""The account a connection is opened for."""

from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

Security = Literal["none", "starttls", "tls"]
PORTS = {"none": 25, "starttls": 587, "tls": 465}


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Where and as whom mail is handed over. `helo` is the name this side gives itself."""

    host: str
    port: int
    security: Security = "starttls"
    user: str = ""
    password: str = ""
    bearer: bool = False
    """Whether the password is an access token."""
    helo: str = "localhost"
    per_connection: int = 100
    """Mails after which a connection is closed."""

    @classmethod
    def of_url(cls, url: str, *, helo: str = "localhost") -> "Account":
        """From a setting such as `smtp+starttls://user:password@host:587`."""
        parts = urlsplit(url)
        kinds: dict[str, Security] = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}
        security = kinds[parts.scheme]
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or PORTS[security],
            security=security,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            helo=helo,
        )

    def __repr__(self) -> str:
        """Without the password."""
        return f"Account(host={self.host!r}, port={self.port!r})"

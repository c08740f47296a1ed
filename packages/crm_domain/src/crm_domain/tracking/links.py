"""Where a tracked link leads, as a header carries it."""

from urllib.parse import quote, urlsplit, urlunsplit

KEPT = "!#$%&'()*+,/:;=?@[]~"
LONGEST = 8000


def location(url: str) -> bytes:
    """The address in ASCII: the host as the name system writes it, the rest percent-encoded. Raises ValueError."""
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or any(letter < " " for letter in url):
        raise ValueError("not an address of the web")
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    user, at, _ = parts.netloc.rpartition("@")
    if at or user:
        raise ValueError("an address with a name in it")
    place = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    whole = urlunsplit((
        parts.scheme.lower(),
        place + port,
        quote(parts.path, safe=KEPT),
        quote(parts.query, safe=KEPT),
        quote(parts.fragment, safe=KEPT),
    ))  # fmt: skip
    if len(whole) > LONGEST:
        raise ValueError("too long")
    return whole.encode("ascii")

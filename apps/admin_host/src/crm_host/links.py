"""Links by which an operator chooses a password: signed, good for three days, and only until the password changes."""

import hashlib
import hmac
import time
from uuid import UUID

from crm_domain.problems import Refused
from crm_host.console import Console
from crm_storage.operators.administer import password_mark

LASTS_S = 72 * 3600


async def make_link(console: Console, id_: UUID) -> str:
    """The address to hand to an operator. Raises Refused for one who is closed or not there."""
    async with console.database.host() as session:
        found = await password_mark(session, id_)
    if found is None:
        raise Refused("host.link_ended")
    body = f"{id_.hex}.{int(time.time()) + LASTS_S}.{found[1]}"
    return f"{console.settings.admin_url}/welcome?token={body}.{_seal(console, body)}"


async def read_link(console: Console, token: str) -> tuple[UUID, str]:
    """Whose link it is, and his address. Raises Refused for one that is forged, used or too old."""
    body, _, seal = token.rpartition(".")
    if not hmac.compare_digest(_seal(console, body), seal):
        raise Refused("host.link_ended")
    id_, until, mark = body.split(".")
    async with console.database.host() as session:
        found = await password_mark(session, UUID(id_))
    if found is None or found[1] != mark or int(until) < time.time():
        raise Refused("host.link_ended")
    return UUID(id_), found[0]


def _seal(console: Console, body: str) -> str:
    return hmac.new(console.key, b"welcome\0" + body.encode(), hashlib.sha256).hexdigest()

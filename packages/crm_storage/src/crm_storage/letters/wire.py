"""A letter handed over, so that at every moment it is known whether the server may have it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from email.message import EmailMessage
from enum import Enum

from crm_domain.sending.mime import ascii_domain
from crm_domain.sending.replies import Reply
from crm_storage.smtp.connection import BROKEN, WAIT_S, Connection
from crm_storage.smtp.transfer import GO_ON, framed


class Outcome(Enum):
    """How it ended. Of `UNKNOWN` the server may have everything or nothing."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"
    NOT_OURS = "not_ours"


class Refusal(Exception):
    """It will not go; the word says why."""


async def hand_over(
    connection: Connection, sender: str, people: Sequence[str], mail: EmailMessage, begin: Callable[[], Awaitable[bool]]
) -> Outcome:
    """One envelope for all; nothing of the letter is said before `begin` agrees.

    Raises Refusal where the server will not have the envelope, ConnectionError or TimeoutError where it asks to wait.
    """
    async with asyncio.timeout(WAIT_S):
        _good(await connection.say(f"MAIL FROM:<{ascii_domain(sender)}>"))
        for address in people:
            _good(await connection.say(f"RCPT TO:<{ascii_domain(address)}>"))
    if not await begin():
        return Outcome.NOT_OURS
    said = False
    try:
        async with asyncio.timeout(WAIT_S):
            reply = await connection.say("DATA")
            if reply.code == GO_ON:
                said = True
                connection.writer.write(framed(mail.as_bytes()))
                await connection.writer.drain()
                reply = await connection.replies.next()
    except BROKEN:
        return Outcome.UNKNOWN if said else Outcome.LATER
    return {2: Outcome.SENT, 5: Outcome.REFUSED}.get(reply.code // 100, Outcome.LATER)


def _good(reply: Reply) -> None:
    if reply.code // 100 == 5:
        raise Refusal("refused")
    if reply.code // 100 != 2:
        raise ConnectionError

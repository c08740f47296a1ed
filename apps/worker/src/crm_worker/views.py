"""The answer to a tracker that shows a mail in the browser."""

from collections.abc import Awaitable, Callable

from crm_domain.tracking.answers import Question
from crm_storage.sending.view import shown
from crm_worker.workshop import Workshop


def view_of(shop: Workshop) -> Callable[[Question], Awaitable[bytes]]:
    """Answers with the mail's page; with nothing for a message that is not kept any more."""

    async def reply(question: Question) -> bytes:
        tenant = shop.directory.by_number(question.tenant)
        return await shown(await shop.station(tenant), question.message) if tenant else b""

    return reply

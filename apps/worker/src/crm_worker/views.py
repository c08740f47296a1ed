"""The answers to a tracker that shows a mail in the browser, or a web form."""

from collections.abc import Awaitable, Callable

from crm_domain.tenancy import RUNNING
from crm_domain.tracking.answers import Question
from crm_storage.sending.view import shown
from crm_storage.web_forms.show import packed
from crm_storage.web_forms.show import shown as form_shown
from crm_worker.workshop import Workshop


def view_of(shop: Workshop) -> Callable[[Question], Awaitable[bytes]]:
    """Answers with the mail's page; with nothing for a message that is not kept any more."""

    async def reply(question: Question) -> bytes:
        tenant = shop.directory.by_number(question.tenant)
        return await shown(await shop.station(tenant), question.message, staff=question.staff) if tenant else b""

    return reply


def form_of(shop: Workshop) -> Callable[[Question], Awaitable[bytes]]:
    """Answers with a form as it is now, or that it is not to be filled in."""

    async def reply(question: Question) -> bytes:
        tenant = shop.directory.by_number(question.tenant)
        if tenant is None or tenant.state not in RUNNING:
            return packed(None)
        async with shop.database.tenant(tenant.number) as session:
            schema = await shop.schemas.of(tenant, session)
            return packed(await form_shown(session, schema.registry, tenant, question.link, shop.clock.now()))

    return reply

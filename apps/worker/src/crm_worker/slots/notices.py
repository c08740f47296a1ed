"""The notices that people want by mail, minute by minute: held through quiet hours, gathered where several go at once."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from crm_domain.meaning.voice import Voice
from crm_domain.notice_mails import Waiting, sorted_out
from crm_domain.notice_words import Worded, worded
from crm_domain.people.actor import Actor
from crm_domain.tenancy import Tenant
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_storage.database import Session
from crm_storage.notice_mails import hold, readers, take
from crm_storage.outbox import put
from crm_storage.people.actor import load_user_actor
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop

PAGE = "/notifications"


async def mail_notices(shop: Workshop) -> None:
    """Every active company. A reader's notices and his mail are one transaction, so none is lost or mailed twice."""

    async def of_company(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            waiting = await readers(session)
        for user in waiting:
            async with shop.database.tenant(tenant.number) as session:
                await _mail(shop, tenant, session, user)
                await session.commit()

    await in_turn(shop.active(), "notices.failed", of_company)


async def _mail(shop: Workshop, tenant: Tenant, session: Session, user: UUID) -> None:
    waiting = await take(session, user)
    actor = await load_user_actor(session, user)
    if actor is None or not actor.email:
        return
    post = sorted_out(waiting, shop.clock.now(), actor.locale.zone, actor.preferences.quiet)
    for until, held in groupby(sorted(post.held, key=_until), key=_until):
        await hold(session, [one.notice.id for one, _ in held], until)
    work, voice = await shop.reading(session, tenant, actor)
    for template, group in (("notices", post.now), ("digest", post.digest)):
        told = [one for one in await worded(work, voice, [item.notice for item in group]) if not one.lost]
        if told:
            await put(session, "mail.send", _letter(actor, voice, template, told))


def _until(held: tuple[Waiting, Any]) -> Any:
    return held[1]


def _letter(actor: Actor, voice: Voice, template: str, told: Sequence[Worded]) -> Mapping[str, Any]:
    """The mail: of one notice in its own words, else a list by day."""
    facts: dict[str, str]
    if template == "notices" and len(told) == 1:
        [one] = told
        template = f"notice_{one.notice.kind}"
        facts = {**one.facts, "record": one.facts.get("name", ""), "path": one.href or PAGE}
    else:
        number = format_number(len(told), voice.locale)
        facts = {"number": number, "lines": "\n\n".join(_days(voice, told)), "path": PAGE}
    said = {**facts, "name": actor.name}
    return {"to": actor.email, "template": template, "language": voice.language, "facts": said}


def _days(voice: Voice, told: Sequence[Worded]) -> list[str]:
    """A heading for each day, and a line for each notice."""
    locale, words = voice.locale, voice.catalogue

    def day(one: Worded) -> str:
        return formats.format_date(one.notice.created_at.astimezone(locale.zone).date(), locale, words, "long")

    def line(one: Worded) -> str:
        return f"• {formats.format_time(one.notice.created_at, locale, words)}  {one.text}"

    return ["\n".join((name, *map(line, group))) for name, group in groupby(told, key=day)]

"""`report.mail`: one recipient's answer to a report that was due, worked out with his own rights, mailed once (REL-02)."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.modules.reports import Report
from crm_domain.problems import BadValue, Problem
from crm_domain.reports.answer import Answer
from crm_domain.reports.leaving import may_leave
from crm_domain.reports.question import Question, read_question
from crm_domain.sending.letter import Attachment
from crm_domain.tenancy import Tenant
from crm_storage.limited import in_child
from crm_storage.mail.send import send
from crm_storage.reports.ask import answered
from crm_storage.reports.schedules import Schedule, State, conclude, delivery_to_send, schedule_of
from crm_ui.papers.page import Sheets
from crm_ui.reports.facts import heads
from crm_ui.reports.files import made, most_in
from crm_ui.reports.paper import Told
from crm_ui.reports.wording import figure_text
from crm_worker.tasks.mail import worded
from crm_worker.workshop import Reader, Workshop

MOST_BYTES = 15 * 1024 * 1024
"""Of all files of a mail; more are not taken in by most servers."""


class _Kept(Exception):
    """Why somebody gets nothing: the id of a message."""


async def mail_report(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """What became of it lasts together with the hand-over, so that a second delivery finds nothing to do; a process that dies
    in between has it sent again under the same Message-ID. What stands against it is kept with it, not tried again."""
    delivery = UUID(payload["delivery"])
    try:
        message = await _message(shop, tenant, delivery)
        if message is not None:
            await _hand_over(shop, tenant, delivery, message)
    except (_Kept, Problem, BadValue) as error:
        reason = str(error) if isinstance(error, _Kept) else "reports.schedule.problem.no_answer"
        await _note(shop, tenant, delivery, "kept", reason)
    except Exception:
        await _note(shop, tenant, delivery, "waiting", "reports.schedule.problem.not_sent")
        raise


async def _message(shop: Workshop, tenant: Tenant, id_: UUID) -> EmailMessage | None:
    """The mail, drawn while no connection waits for it; None where nothing is to be sent."""
    async with shop.database.tenant(tenant.number) as session:
        delivery = await delivery_to_send(session, id_)
        schedule = await schedule_of(session, delivery.schedule) if delivery else None
        if delivery is None or schedule is None:
            return None
        actor = await shop.actor(session, tenant, delivery.user or schedule.owner)
        if actor is None or not actor.email:
            raise _Kept("reports.schedule.problem.gone")
        if delivery.address and not actor.access.special("mail_reports"):
            raise _Kept("reports.schedule.problem.no_addresses")
        reader = await shop.reader(session, tenant, actor)
        name, question = await _report(reader, schedule)
        answers = [
            (form, await answered(reader.context, question, reader.voice, limit=most_in(form)))
            for form in schedule.forms
        ]
    first = answers[0][1]
    if not first.total.count and not schedule.send_empty:
        await _note(shop, tenant, id_, "empty")
        return None
    told = Told(name, tenant.name, actor.name)
    files = [await made(reader, answer, told, form, _drawn) for form, answer in answers]
    if sum(len(file.body) for file in files) > MOST_BYTES:
        raise _Kept("reports.schedule.problem.too_large")
    letter = _letter(reader, schedule, told, first, outside=bool(delivery.address))
    letter |= {"to": delivery.address, "reply_to": actor.email} if delivery.address else {"to": actor.email}
    attached = [Attachment(file.name, file.media_type.partition(";")[0], file.body) for file in files]
    return worded(shop, tenant, str(id_), letter, attached)


async def _hand_over(shop: Workshop, tenant: Tenant, id_: UUID, message: EmailMessage) -> None:
    """Sends it, unless somebody else did meanwhile."""
    async with shop.database.tenant(tenant.number) as session:
        if await delivery_to_send(session, id_) is None:
            return
        await conclude(session, id_, "sent", shop.clock.now())
        await send(shop.settings.smtp_url, message)
        await session.commit()


async def _report(reader: Reader, schedule: Schedule) -> tuple[str, Question]:
    """The report's name and what it asks, as far as its reader may see it and take its answer along."""
    module = reader.work.module(Report)
    found = await reader.work.store.fetch(module, [schedule.report], columns=("name", "question"))
    if not found:
        raise _Kept("reports.schedule.problem.not_allowed")
    question = read_question(found[0]["question"])
    if not may_leave(question, reader.work.registry, reader.work.access):
        raise _Kept("reports.schedule.problem.not_allowed")
    return str(found[0]["name"]), question


def _letter(reader: Reader, schedule: Schedule, told: Told, answer: Answer, *, outside: bool) -> dict[str, Any]:
    """What the mail says: how many records, and the totals; the way to the report for who signs in here."""
    question = answer.asked.question
    figures = zip(heads(reader, question), question.measures, answer.total.figures, strict=True)
    lines = [f"{head}: {figure_text(reader, question, measure, value)}" for head, measure, value in figures]
    counted = reader.text("list.records", number=answer.total.count)
    facts = {"report": told.title, "company": told.company, "lines": "\n".join((counted, *lines))}
    if not outside:
        facts |= {"path": f"/reports/{schedule.report}", "name": told.person}
    return {
        "template": "report_outside" if outside else "report",
        "language": reader.voice.language,
        "facts": facts,
    }


async def _drawn(pages: Sequence[Sheets]) -> bytes:
    return await in_child("paper", msgspec.msgpack.encode(pages))


async def _note(shop: Workshop, tenant: Tenant, delivery: UUID, state: State, problem: str = "") -> None:
    """What became of it, or what stands against it; what waits is tried again."""
    async with shop.database.tenant(tenant.number) as session:
        if await delivery_to_send(session, delivery) is not None:
            await conclude(session, delivery, state, shop.clock.now(), problem)
            await session.commit()

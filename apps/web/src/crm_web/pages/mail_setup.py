"""Setting up outgoing mail step by step, and what keeps mailings from leaving, arriving or coming back."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post

from crm_domain.modules.mail_accounts import BounceAccount, OutboundAccount
from crm_domain.problems import Refused
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save
from crm_domain.sending.checkup import Report
from crm_domain.text.format import relative_time
from crm_storage.mail.dkim import new_key
from crm_storage.sending.checkup import PAGE, ask, read_report
from crm_storage.sending.probe import came
from crm_storage.sending.pulse import pulse
from crm_web.admin.frame import need_administrator
from crm_web.letters.diagnosis import diagnosis, step_states
from crm_web.visit import Visit
from crm_web.written import writable

SELECTOR = "sadra"
"""Under which name a key that is made here stands in the domain."""
MOST = 20
PATIENCE = timedelta(minutes=2)
"""A check that took longer will hardly end: nobody works in the background."""
OUT = ("name", "from_addr", "host", "bulk", "state", "state_note", "per_hour", "per_day", "dkim_mode")
IN = ("name", "address", "host", "return_domain", "active", "state", "state_note")


class MailSetupPages(Controller):
    """/admin/sending/setup; for administrators."""

    path = PAGE

    @get("/")
    async def show(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        accounts, boxes = await _rows(visit, OutboundAccount, OUT), await _rows(visit, BounceAccount, IN)
        report = await read_report(visit.session)
        asked = report.asked_at if report and report.checked_at is None else None
        probe = report.probe if report else None
        known = await came(visit.session, probe) if probe else None
        checks = diagnosis(visit, accounts, boxes, await pulse(visit.session))
        return await visit.page(
            "admin/mail_setup.html",
            current="admin",
            tab="sending",
            accounts=accounts,
            boxes=[(row, _found(report, row.id)) for row in boxes],
            report=report,
            checked=_ago(visit, report.checked_at) if report and report.checked_at else "",
            looking=asked and visit.voice.now - asked < PATIENCE,
            unanswered=asked and visit.voice.now - asked >= PATIENCE,
            tracker=visit.installation.settings.tracker_url,
            probe=probe,
            known=known,
            checks=checks,
            steps=step_states(accounts, boxes, report, known, checks),
        )

    @post("/check")
    async def check(self, visit: Visit) -> Response[Any]:
        """Has the worker look at everything once."""
        need_administrator(visit)
        if not _is_asked(await read_report(visit.session), visit.voice.now):
            await ask(visit.session, by=visit.access.user, now=visit.voice.now)
            await visit.commit()
        return visit.go(PAGE, visit.text("mail_setup.asked"))

    @post("/key/{account:uuid}")
    async def key(self, visit: Visit, account: UUID) -> Response[Any]:
        """Makes a new key with which the account signs; its record must then stand in the domain."""
        need_administrator(visit)
        module = visit.work.module(OutboundAccount)
        row = await writable(visit, module, account)
        if row["dkim_mode"] == "own":
            raise Refused("mail_setup.has_key")
        pem = await asyncio.to_thread(new_key)
        await save.update(visit.work, module, account, {"dkim_mode": "own", "dkim_selector": SELECTOR, "dkim_key": pem})
        await ask(visit.session, by=visit.access.user, now=visit.voice.now)
        await visit.commit()
        return visit.go(PAGE, visit.text("mail_setup.key_made"))


def _is_asked(report: Report | None, now: datetime) -> bool:
    """Whether a check is on its way: each one sends mails, and none is made beside another."""
    return bool(report and report.asked_at and not report.checked_at and now - report.asked_at < PATIENCE)


def _ago(visit: Visit, at: datetime) -> str:
    return relative_time(at, visit.voice.now, visit.voice.locale, visit.voice.catalogue)


async def _rows(visit: Visit, record: Any, columns: tuple[str, ...]) -> list[Row]:
    query = ListQuery(columns=columns, sort=(Sort("name"),), limit=MOST)
    return list((await visit.work.store.page(visit.work.module(record), query)).rows)


def _found(report: Report | None, id_: UUID) -> Any:
    """What was found when the account was signed in to; None where that was not tried."""
    return next((one for one in report.mailboxes if one.id == str(id_)), None) if report else None

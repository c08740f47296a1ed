"""What becomes of a letter, in words: when it leaves, and whether it was opened."""

from datetime import timedelta

from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_domain.text.numbers import format_number
from crm_storage.letters.opens import opens_of
from crm_web.visit import Visit

SOON = timedelta(minutes=1)


def waiting_words(visit: Visit, row: Row) -> str:
    """When a letter leaves that may still be taken back; empty for any other."""
    if row["status"] != "queued":
        return ""
    at = row["leaves_at"]
    if at is None or at - visit.voice.now <= SOON:
        return visit.text("my_mail.leaves_soon")
    shown = formats.format_datetime(at, visit.voice.locale, visit.voice.catalogue, "medium")
    return visit.text("my_mail.leaves_at", time=shown)


async def opened_words(visit: Visit, row: Row) -> str:
    """How often a letter was opened and when; empty for one that nobody asked about."""
    found = await opens_of(visit.session, row.id) if row["track_opens"] and row["status"] == "sent" else None
    if found is None:
        return ""
    locale, words = visit.voice.locale, visit.voice.catalogue
    if not (found.times and found.first_at and found.last_at):
        return visit.text("my_mail.opened_by_machines" if found.by_machines else "my_mail.not_opened")
    first, last = (formats.relative_time(at, visit.voice.now, locale, words) for at in (found.first_at, found.last_at))
    if found.times == 1:
        return visit.text("my_mail.opened_once", first=first)
    return visit.text("my_mail.opened", times=format_number(found.times, locale), first=first, last=last)

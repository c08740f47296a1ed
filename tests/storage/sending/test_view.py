"""A mail in the browser is the mail that was sent, except that looking at it there is no opening."""

import re
from uuid import UUID

from tests.mailing import ADMIN, KEYS, Office
from tests.sink import Sink
from tests.storage.sending.queue import addressed_to, row_of

from crm_domain.access.rights import Access, Role, Scope
from crm_domain.tracking.tokens import PREVIEW, SILENT, Kind, Tokens
from crm_storage.marketing.received import mail_to
from crm_storage.sending.view import as_sent, shown
from crm_storage.tracking.links import TELL, locations

TOKENS = Tokens(KEYS)
VEILED = Role(id=ADMIN, name="r", grants={"targets": {"view": Scope.ALL}}, fields={"targets": {"first_name": "hidden"}})


def said(page: str) -> dict[Kind, tuple[int, int] | None]:
    """What the tokens of a page say: the message and the marks, by kind."""
    told = {
        kind: TOKENS.read(kind, found[1])
        for kind, path in ((Kind.OPEN, "o"), (Kind.CLICK, "c"), (Kind.OPT_OUT, "u"))
        if (found := re.search(rf"/{path}/([A-Za-z0-9_-]{{46}})", page))
    }
    return {kind: (content.message, content.marks) if content else None for kind, content in told.items()}


async def test_the_copy_in_the_browser_shows_the_mail_and_counts_no_opening(office: Office, sink: Sink) -> None:
    await addressed_to(office, "sara@x.example", subject="برای {{ contact.first_name }}")
    message = (await row_of(office, "sara@x.example"))["id"]
    assert await shown(office.station, message) == b""
    await office.lane()
    page = (await shown(office.station, message)).decode()
    assert "سلام Sara" in page and 'dir="rtl"' in page
    assert said(page) == {
        Kind.OPEN: (message, SILENT),
        Kind.CLICK: (message, 0),
        Kind.OPT_OUT: (message, 0),
    }
    assert await shown(office.station, message + 1) == b""


async def test_the_copy_shows_what_was_sent_whatever_became_of_the_record(office: Office) -> None:
    html = "<p>{{ contact.first_name }} {{ contact.birthdate | jdate }}</p>"
    await office.campaign(html=html, subject="s")
    people = await office.people("contacts", "sara@x.example")
    await office.run("UPDATE contacts SET birthdate = '1985-03-21'")
    await office.list_of("default", [("contacts", people)])
    await office.filled()
    message = (await row_of(office, "sara@x.example"))["id"]
    await office.lane()
    before = await shown(office.station, message)
    await office.run("UPDATE contacts SET first_name = 'Changed', birthdate = NULL")
    assert await shown(office.station, message) == before
    assert "Sara ۱ فروردین ۱۳۶۴" in before.decode()


async def test_33_the_trackers_are_told_where_the_links_lead_before_a_mail_goes(office: Office) -> None:
    await addressed_to(office, "sara@x.example")
    [(payload,)] = await office.rows("SELECT payload FROM outbox WHERE subject = %(subject)s", subject=TELL)
    async with office.station.session() as session:
        assert await locations(session, payload["marketing"], payload["version"]) == {1: b"https://example.ir/fair"}


async def test_sec_55_colleagues_see_the_mail_as_it_was_sent_and_what_they_follow_counts_for_nobody(
    office: Office,
) -> None:
    await addressed_to(office, "sara@x.example", subject="برای {{ contact.first_name }}")
    found = "SELECT id, campaign_id, record_id FROM email_queue WHERE dedupe_key = 'sara@x.example'"
    [(message, campaign, record)] = await office.rows(found)
    await office.lane()
    async with office.station.session() as session:
        seen = await as_sent(office.station, session, message, Access(user=ADMIN, admin=True))
        veiled = await as_sent(office.station, session, message, Access(user=ADMIN, roles=(VEILED,)))
        stranger = Role(id=ADMIN, name="s", grants={"contacts": {"view": Scope.OWN}, "targets": {"view": Scope.OWN}})
        beyond = await as_sent(office.station, session, message, Access(user=UUID(int=5), roles=(stranger,)))
        to, other = await mail_to(session, campaign, message), await mail_to(session, record, message)
    assert seen and seen.subject == "برای Sara" and "سلام Sara" in seen.page
    assert to and (to.who.id, to.address) == (record, "sara@x.example") and other is None
    assert said(seen.page) == dict.fromkeys((Kind.OPEN, Kind.CLICK, Kind.OPT_OUT), (message, PREVIEW))
    assert veiled is None and beyond is None
    again = (await shown(office.station, message, staff=True)).decode()
    assert said(again) == dict.fromkeys((Kind.OPEN, Kind.CLICK, Kind.OPT_OUT), (message, PREVIEW))

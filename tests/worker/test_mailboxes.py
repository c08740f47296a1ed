"""Mailboxes read over real IMAP connections: every letter once, in its thread and in the files of whom it concerns."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any
from uuid import UUID

import msgspec
import pytest

from crm_domain.definition import Ref
from crm_domain.keys import KeyRing
from crm_domain.letters.archive import ArchiveAddresses
from crm_domain.modules.emails import EMAIL_LINKS
from crm_storage.letters import read
from crm_storage.letters.about import case_mailbox
from crm_storage.vault import Vault
from crm_worker.slots.mailboxes import mailboxes_of
from crm_worker.workshop import Workshop
from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import PASSWORD, USER, Store, served
from tests.worker.conftest import Plant

BOX = """
INSERT INTO mailboxes (id, name, mailbox_use, address, active, auto_link, host, port, security, user_name, folder, sent_folder,
  assigned_to, created_by)
VALUES (uuidv7(), 'Mine', 'personal', 'me@company.example', true, true, %(host)s, %(port)s, 'none', %(user)s, 'INBOX', %(sent)s,
  %(owner)s, %(owner)s) RETURNING id
"""
CONTACT = """
WITH made AS (INSERT INTO contacts (id, last_name, name) VALUES (uuidv7(), %(name)s, %(name)s) RETURNING id),
  address AS (INSERT INTO email_address (address, address_key) VALUES (%(address)s, %(address)s) RETURNING id)
INSERT INTO email_link (module, record_id, address_id) SELECT 'contacts', made.id, address.id FROM made, address RETURNING record_id
"""


class Post:
    """A company's mailbox on a server of its own."""

    def __init__(self, plant: Plant, shop: Workshop, store: Store, box: UUID) -> None:
        self.plant, self.shop, self.store, self.box = plant, shop, store, box
        self.minutes = 0

    async def look(self) -> int:
        """One look, two minutes after the last one; how many letters were new."""
        self.minutes += 2
        now = self.shop.clock.now() + timedelta(minutes=self.minutes)
        return await mailboxes_of(self.shop, self.plant.tenant).look(now)

    async def rows(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        async with self.plant.database.tenant(self.plant.tenant.number) as session:
            found = await session.rows(statement, facts)
            await session.commit()
            return found


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


@asynccontextmanager
async def opened(
    plant: Plant, store: Store, *, host: str = "localhost", allowed: str = "", sent: str = ""
) -> AsyncIterator[Post]:
    with served(store, "imap") as port:
        settings = msgspec.structs.replace(plant.settings, outbound_allowed=(allowed or f"localhost:{port}",))
        shop = Workshop(settings, {})
        await shop.database.open()
        post = Post(plant, shop, store, UUID(int=0))
        facts = {"host": host, "port": port, "user": USER, "sent": sent, "owner": await plant.admin()}
        [(post.box,)] = await post.rows(BOX, **facts)
        async with plant.database.tenant(plant.tenant.number) as session:
            await Vault(shop.seals, plant.tenant.number).put(session, "mailboxes", post.box, "password", PASSWORD)
            await session.commit()
        try:
            yield post
        finally:
            await shop.database.close()


async def test_a_letter_arrives_once_in_the_files_of_its_sender(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        [(contact,)] = await post.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        store.deliver(
            letter(
                "مینا رستمی <Rostami@shop.example>",
                "پیش‌فاکتور",
                "سلام،\nلطفاً بفرستید.",
                Message_ID="<one@shop.example>",
            )
        )
        assert await post.look() == 1
        assert await post.look() == 0
        rows = await post.rows("SELECT name, sender, description, status, folder, personal, snippet FROM emails")
        assert rows == [
            (
                "پیش‌فاکتور",
                "مینا رستمی <Rostami@shop.example>",
                "سلام،\nلطفاً بفرستید.",
                "unread",
                "inbox",
                True,
                "سلام، لطفاً بفرستید.",
            )
        ]
        assert await post.rows("SELECT right_id, module FROM email_record") == [(contact, "contacts")]
        assert await post.rows("SELECT health, trouble FROM mailboxes") == [("working", None)]


REPLY = """BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
ATTENDEE;PARTSTAT=ACCEPTED:mailto:rostami@shop.example
END:VEVENT
END:VCALENDAR
"""
MEETING = """
WITH made AS (
  INSERT INTO meetings (id, name, status, meeting_type, starts_at, ends_at, duration)
  VALUES (uuidv7(), 'Review', 'planned', 'online', now() + interval '1 day', now() + interval '25 hours', 3600) RETURNING id
)
INSERT INTO meeting_contacts (left_id, right_id) SELECT id, %(guest)s FROM made RETURNING left_id
"""


async def test_the_answer_of_a_calendar_program_is_noted_with_the_meeting(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        [(guest,)] = await post.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        [(meeting,)] = await post.rows(MEETING, guest=guest)
        mail = BytesParser(policy=SMTP).parsebytes(letter("Rostami <rostami@shop.example>", "Accepted: Review", "Yes"))
        mail.add_alternative(REPLY.format(uid=meeting), subtype="calendar", params={"method": "REPLY"})
        store.deliver(mail.as_bytes())
        assert await post.look() == 1
        assert await post.rows("SELECT acceptance FROM meeting_contacts") == [("accept",)]


async def test_a_folder_made_anew_brings_nothing_twice(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        store.deliver(letter("a@x.example", "One", "1", Message_ID="<1@x.example>"), letter("a@x.example", "Two", "2"))
        assert await post.look() == 2
        store.validity += 1
        store.deliver(letter("a@x.example", "Three", "3"))
        assert await post.look() == 1
        assert await post.rows("SELECT count(*) FROM emails") == [(3,)]


class Killed(BaseException):
    """The process ends here."""


async def test_rel_16_a_thousand_letters_come_once_however_often_the_reader_is_killed(
    plant: Plant, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(plant, store) as post:
        store.deliver(
            *(letter("a@x.example", f"Letter {n}", str(n), Message_ID=f"<{n}@x.example>") for n in range(1000))
        )
        take, batches = read.Mailboxes._take, 0

        async def dies(self: Any, *given: Any, **named: Any) -> int:
            nonlocal batches
            batches += 1
            if batches in (3, 11):
                raise Killed
            return await take(self, *given, **named)

        monkeypatch.setattr(read.Mailboxes, "_take", dies)
        for _ in range(2):
            with pytest.raises(Killed):
                await post.look()
            post.minutes += 10
        await post.look()
        assert await post.rows("SELECT count(*), count(DISTINCT message_id) FROM emails") == [(1000, 1000)]
        assert await post.look() == 0


async def test_two_processes_never_read_one_mailbox_at_a_time(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        store.deliver(*(letter("a@x.example", f"Letter {n}", str(n)) for n in range(60)))
        now = post.shop.clock.now()
        boxes = [mailboxes_of(post.shop, plant.tenant) for _ in range(2)]
        assert sum(await asyncio.gather(*(box.look(now) for box in boxes))) == 60
        assert await post.rows("SELECT count(*) FROM emails") == [(60,)]


async def test_answers_stand_in_the_thread_and_the_files_of_what_they_answer(plant: Plant, store: Store) -> None:
    async with opened(plant, store, sent="Sent") as post:
        [(contact,)] = await post.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        store.deliver(letter("rostami@shop.example", "Offer", "Please", Message_ID="<1@shop.example>"))
        await post.look()
        answer = letter(
            "me@company.example",
            "Re: Offer",
            "Here",
            to="colleague@shop.example",
            In_Reply_To="<1@shop.example>",
            Message_ID="<2@c.example>",
        )
        store.folders["Sent"] = {7: answer}
        store.deliver(letter("boss@shop.example", "Re: Offer", "Thanks", References="<1@shop.example> <2@c.example>"))
        assert await post.look() == 2
        rows = await post.rows("SELECT DISTINCT thread FROM emails")
        assert rows == [("<1@shop.example>",)]
        assert await post.rows("SELECT status FROM emails WHERE message_id = '<1@shop.example>'") == [("replied",)]
        assert await post.rows("SELECT email_type, status FROM emails WHERE folder = 'sent'") == [("out", "sent")]
        assert await post.rows("SELECT count(*) FROM email_record WHERE right_id = %(id)s", id=contact) == [(3,)]


async def test_the_secret_address_of_a_record_puts_a_letter_into_its_files(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        [(contact,)] = await post.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        keys = KeyRing(plant.settings.secret_key)
        addresses = ArchiveAddresses(keys, plant.tenant.number, EMAIL_LINKS.rights)
        good = addresses.of(Ref("contacts", contact), "sales@company.example")
        at = good.index("+") + 30
        forged = good[:at] + ("a" if good[at] != "a" else "b") + good[at + 1 :]
        store.deliver(
            letter("x@elsewhere.example", "Kept", "1", to="them@shop.example", Delivered_To=good.upper()),
            letter("x@elsewhere.example", "Forged", "2", to=forged),
        )
        assert await post.look() == 2
        rows = await post.rows("SELECT e.name, r.right_id FROM emails e JOIN email_record r ON r.left_id = e.id")
        assert rows == [("Kept", contact)]


HOSTILE = [
    b"",
    b"\xff\xfe\x00\x00",
    b"Subject: =?utf-8?b?////?=\r\nFrom: <>\r\nDate: Fri, 99 Foo 20260 99:99:99\r\n"
    b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\x00x",
    b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 700,
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(60)),
    b"Subject: " + b"s" * 70_000 + b"\r\nMessage-ID: " + b"<" + b"i" * 900 + b"@x>\r\n\r\nx",
    b"References: " + b"<a@b> " * 50_000 + b"\r\nTo: " + b"a@b.example, " * 9000 + b"\r\n\r\nx",
    b"Content-Type: text/html\r\n\r\n" + b"<div>" * 20_000 + b"<script>alert(1)</script><img src=x onerror=alert(1)>",
    b'Content-Type: application/pdf; name="../../etc/passwd.pdf"\r\nContent-Disposition: attachment\r\n\r\nnot a pdf',
]


async def test_sec_27_hostile_mail_neither_stops_the_reader_nor_brings_anything_that_acts(
    plant: Plant, store: Store
) -> None:
    async with opened(plant, store) as post:
        store.deliver(*HOSTILE, letter("a@x.example", "After all", "x"))
        assert await post.look() == len(HOSTILE) + 1
        assert await post.rows("SELECT count(*) FROM emails WHERE name = 'After all'") == [(1,)]
        [(bad,)] = await post.rows("SELECT count(*) FROM emails WHERE body ~ 'script|onerror|javascript'")
        assert bad == 0
        assert await post.rows("SELECT left_out FROM emails WHERE left_out IS NOT NULL") == [("../../etc/passwd.pdf",)]


async def test_sec_24_a_mailbox_may_not_name_a_host_inside(plant: Plant, store: Store) -> None:
    async with opened(plant, store, allowed="mail.company.example") as post:
        store.deliver(letter("a@x.example", "One", "1"))
        assert await post.look() == 0
        assert await post.rows("SELECT health, trouble FROM mailboxes") == [("troubled", "not_allowed")]


async def test_a_wrong_password_is_shown_for_what_it_is(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows("UPDATE mailboxes SET user_name = 'other' RETURNING 1")
        assert await post.look() == 0
        assert await post.rows("SELECT health, trouble FROM mailboxes") == [("troubled", "sign_in")]


BESIDE = """
SELECT n.name, n.attachments -> 0 ->> 'name', (SELECT count(*) FROM blob_link l WHERE l.key = n.attachments -> 0 ->> 'key')
FROM notes n JOIN cases c ON c.id = n.parent_id AND n.parent_module = 'cases'
"""


async def test_a_letter_to_a_group_opens_a_case_and_its_answer_goes_on_with_it(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        [(contact,)] = await post.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        await post.rows("UPDATE mailboxes SET mailbox_use = 'group', create_cases = true RETURNING 1")
        first = BytesParser(policy=SMTP).parsebytes(
            letter("Rostami <rostami@shop.example>", "It does not start", "Since today", Message_ID="<1@shop.example>")
        )
        first.add_attachment(b"it did not run", "text", "plain", filename="start.txt")
        store.deliver(
            first.as_bytes(),
            letter("x@y.example", "Out of office", "Away", Auto_Submitted="auto-replied"),
        )
        assert await post.look() == 2
        assert await post.rows("SELECT name, description, channel, contact FROM cases") == [
            ("It does not start", "<p>Since today</p>", "email", contact)
        ]
        assert await post.rows(BESIDE) == [("It does not start", "start.txt", 2)], "one file, with letter and case"
        await post.rows("UPDATE cases SET assigned_to = %(me)s RETURNING 1", me=await plant.admin())
        answer = "It works again\n\nOn Monday, support wrote:\n> Please try"
        again = BytesParser(policy=SMTP).parsebytes(
            letter("rostami@shop.example", "Re: It does not start", answer, In_Reply_To="<1@shop.example>")
        )
        again.add_attachment(b"it ran", "text", "plain", filename="log.txt")
        store.deliver(again.as_bytes())
        stranger = letter("z@y.example", "Re: It does not start", "Me too", In_Reply_To="<1@shop.example>")
        store.deliver(stranger)
        assert await post.look() == 2
        assert await post.rows("SELECT count(*) FROM cases") == [(1,)]
        assert await post.rows("SELECT description, contact, internal FROM case_updates ORDER BY id") == [
            ("<p>It works again</p>", contact, False),
            ("<p>Me too</p>", None, True),
        ]
        assert await post.rows("SELECT attachments -> 0 ->> 'name' FROM case_updates ORDER BY id") == [
            ("log.txt",),
            (None,),
        ]
        told = "SELECT facts ->> 'writer' FROM notification WHERE kind = 'case_answered'"
        assert await post.rows(told) == [("Rostami",)], "what is told of a case within minutes is told once"
        async with post.plant.database.tenant(post.plant.tenant.number) as session:
            [(case,)] = await post.rows("SELECT id FROM cases")
            assert (await case_mailbox(session, case))[1] == "me@company.example"

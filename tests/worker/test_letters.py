"""What people write leaves over real SMTP, once, and is in the files of whom it was sent to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec

from crm_storage.files.door import door_of
from crm_storage.vault import Vault
from crm_worker.tasks.letters import send_letter
from crm_worker.workshop import Workshop
from tests.sink import Sink
from tests.worker.conftest import Plant, until
from tests.worker.test_mailboxes import CONTACT

BOX = """
INSERT INTO mailboxes (id, name, mailbox_use, address, from_name, active, auto_link, host, port, security, user_name, folder,
  smtp_host, smtp_port, smtp_security, assigned_to)
VALUES (uuidv7(), 'Mine', 'personal', 'me@company.example', 'Me', true, true, 'localhost', 993, 'tls', '', 'INBOX', 'localhost',
  %(port)s, 'none', %(owner)s) RETURNING id
"""
LETTER = """
INSERT INTO emails (id, name, sender, recipients, copies, blind, description, body, email_type, status, folder, personal, sent_at,
  mailbox, assigned_to, created_by, answers)
VALUES (uuidv7(), 'پیش‌فاکتور', 'علی <me@company.example>', %(to)s, 'copy@shop.example', 'secret@shop.example', 'سلام', '<p>سلام</p>', 'out',
  'queued', 'sent', true, now(), %(box)s, %(owner)s, %(owner)s, '<former@shop.example>') RETURNING id
"""


class Office:
    """A company, its worker's parts, and the server its mail goes to."""

    def __init__(self, plant: Plant, shop: Workshop, sink: Sink) -> None:
        self.plant, self.shop, self.sink = plant, shop, sink

    async def rows(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        async with self.plant.database.tenant(self.plant.tenant.number) as session:
            found = await session.rows(statement, facts)
            await session.commit()
            return found

    async def letter(self, to: str, *, box: UUID | None = None) -> UUID:
        [(id_,)] = await self.rows(LETTER, to=to, box=box, owner=await self.plant.admin())
        return id_

    async def send(self, id_: UUID) -> str:
        """The letter's status after the task has seen it."""
        await send_letter(self.shop, self.plant.tenant, str(id_), {"email": str(id_)})
        [(status,)] = await self.rows("SELECT status FROM emails WHERE id = %(id)s", id=id_)
        return status


@asynccontextmanager
async def opened(plant: Plant) -> AsyncIterator[Office]:
    sink = Sink(keep=True)
    await sink.start()
    url = f"smtp://127.0.0.1:{sink.port}"
    settings = msgspec.structs.replace(plant.settings, smtp_url=url, outbound_allowed=(f"localhost:{sink.port}",))
    shop = Workshop(settings, {})
    await shop.database.open()
    try:
        yield Office(plant, shop, sink)
    finally:
        await shop.database.close()
        await sink.stop()


async def test_a_document_arrives_whole_under_its_persian_name(plant: Plant) -> None:
    pdf = b"%PDF-1.7\n" + bytes(range(256)) * 40
    async with opened(plant) as office:
        files = door_of(plant.settings)
        blob = await files.receive(plant.database, plant.tenant, None, "پیش‌فاکتور.pdf", BytesIO(pdf))
        id_ = await office.letter("buyer@x.example")
        kept = msgspec.json.encode([blob]).decode()
        await office.rows(
            "UPDATE emails SET attachments = %(kept)s::jsonb WHERE id = %(id)s RETURNING 1", id=id_, kept=kept
        )
        assert await office.send(id_) == "sent"
        mail = message_from_bytes(office.sink.contents["buyer@x.example"], policy=default)
    [document] = mail.iter_attachments()
    assert document.get_filename() == "پیش‌فاکتور.pdf" and document.get_content() == pdf


async def test_a_letter_leaves_once_and_is_in_the_files_of_its_readers(plant: Plant) -> None:
    async with opened(plant) as office:
        [(contact,)] = await office.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        id_ = await office.letter("Rostami <Rostami@shop.example>")
        assert [await office.send(id_) for _ in range(2)] == ["sent", "sent"]
        assert {to: len(ids) for to, ids in office.sink.accepted.items()} == {
            "Rostami@shop.example": 1,
            "copy@shop.example": 1,
            "secret@shop.example": 1,
        }
        mail = message_from_bytes(office.sink.contents["Rostami@shop.example"], policy=default)
        assert (mail["subject"], mail["in-reply-to"]) == ("پیش‌فاکتور", "<former@shop.example>")
        assert "secret" not in office.sink.contents["Rostami@shop.example"].decode("latin-1")
        assert "no-reply@" in mail["from"] and mail["reply-to"] == "علی <me@company.example>"
        assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
        assert await office.rows("SELECT right_id FROM email_record WHERE left_id = %(id)s", id=id_) == [(contact,)]


async def test_a_mailbox_with_a_server_of_its_own_sends_as_itself(plant: Plant) -> None:
    async with opened(plant) as office:
        [(box,)] = await office.rows(BOX, port=office.sink.port, owner=await plant.admin())
        async with plant.database.tenant(plant.tenant.number) as session:
            await Vault(office.shop.seals, plant.tenant.number).put(session, "mailboxes", box, "password", "x")
            await session.commit()
        assert await office.send(await office.letter("a@shop.example", box=box)) == "sent"
        mail = message_from_bytes(office.sink.contents["a@shop.example"], policy=default)
        assert mail["from"] == "علی <me@company.example>" and mail["reply-to"] is None


async def test_a_letter_that_is_refused_says_so_and_reaches_nobody(plant: Plant) -> None:
    async with opened(plant) as office:
        id_ = await office.letter("at.rcpt.550.5-1-1.x@shop.example")
        assert await office.send(id_) == "send_error"
        assert await office.rows("SELECT failure FROM emails WHERE id = %(id)s", id=id_) == [("refused",)]
        assert office.sink.total == 0
        assert await office.rows("SELECT kind FROM notification") == [("letter_unsent",)]


async def test_sec_24_a_server_inside_is_not_spoken_to(plant: Plant) -> None:
    async with opened(plant) as office:
        [(box,)] = await office.rows(BOX, port=office.sink.port + 1, owner=await plant.admin())
        id_ = await office.letter("a@shop.example", box=box)
        assert await office.send(id_) == "send_error"
        assert await office.rows("SELECT failure FROM emails WHERE id = %(id)s", id=id_) == [("not_allowed",)]


async def test_rel_01_what_is_sent_on_a_page_leaves_by_the_worker(plant: Plant) -> None:
    sink = Sink(keep=True)
    await sink.start()
    plant.settings = msgspec.structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    office = Office(plant, Workshop(plant.settings, {}), sink)
    id_ = await office.letter("a@shop.example")
    async with plant.worker():
        await office.rows(
            "INSERT INTO outbox (subject, payload) VALUES ('email.send', jsonb_build_object('email', %(id)s::text))"
            " RETURNING pg_notify('outbox', current_schema())",
            id=str(id_),
        )

        async def gone() -> Any:
            return await office.rows("SELECT 1 FROM emails WHERE id = %(id)s AND status = 'sent'", id=id_)

        await until(gone, "the letter leaves")
    assert len(sink.accepted["a@shop.example"]) == 1
    await sink.stop()


async def test_pictures_in_the_text_go_with_the_letter(plant: Plant) -> None:
    key = "0a" * 24
    async with opened(plant) as office:
        id_ = await office.letter("a@shop.example")
        await office.rows(
            "WITH b AS (INSERT INTO blob (key, name, media_type, size, sha256, state) VALUES (%(key)s, 'p.png', 'image/png', 3, '',"
            " 'stored') RETURNING key), l AS (INSERT INTO blob_link SELECT key, 'emails', %(id)s, 'body' FROM b RETURNING 1)"
            " UPDATE emails SET body = %(body)s WHERE id = %(id)s RETURNING (SELECT count(*) FROM l)",
            key=key, id=id_, body=f'<p><img src="/files/{key}/preview"></p>',
        )  # fmt: skip
        await door_of(office.shop.settings).keep(plant.tenant.number, key, b"png")
        assert await office.send(id_) == "sent"
        mail = message_from_bytes(office.sink.contents["a@shop.example"], policy=default)
        parts = {part.get_content_type(): part for part in mail.walk()}
        assert f'src="cid:{key}@letter"' in parts["text/html"].get_content()
        assert (parts["image/png"]["content-id"], parts["image/png"].get_content()) == (f"<{key}@letter>", b"png")

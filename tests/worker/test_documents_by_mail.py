"""The files of a case's update go out by mail: what is in the store is what arrives, and answers reach the case's mailbox."""

import io
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default

import pytest
from msgspec import structs, to_builtins

from crm_storage.files.door import door_of
from crm_storage.outbox import put
from tests.sink import Sink
from tests.worker.conftest import Plant, until

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink(keep=True)
    await made.start()
    yield made
    await made.stop()


async def test_the_files_of_an_update_arrive_whole_and_answers_go_to_the_mailbox(plant: Plant, sink: Sink) -> None:
    plant.settings = structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    blob = await door_of(plant.settings).receive(plant.database, plant.tenant, None, "پیش‌فاکتور.pdf", io.BytesIO(PDF))
    payload = {
        "to": "buyer@x.example",
        "reply_to": "help@pishro.example",
        "template": "case_update",
        "language": "fa",
        "facts": {"number": "۱۲", "subject": "پیش‌فاکتور شما", "text": "سلام"},
        "files": [to_builtins(blob)],
    }
    async with plant.database.tenant(plant.tenant.number) as session:
        await put(session, "mail.send", payload)
        await session.commit()
    async with plant.worker():

        async def arrived() -> bool:
            return sink.total > 0

        await until(arrived, "the mail arrives")
    mail = message_from_bytes(sink.contents["buyer@x.example"], policy=default)
    [document] = mail.iter_attachments()
    assert (mail["Subject"], mail["Reply-To"]) == ("[CASE:۱۲] پیش‌فاکتور شما", "help@pishro.example")
    assert document.get_filename() == "پیش‌فاکتور.pdf" and document.get_content() == PDF

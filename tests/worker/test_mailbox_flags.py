"""Flags go both ways between letters and their IMAP server, further folders are read, and what is sent is kept there."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from crm_storage.letters.folders import choose, folders_of
from crm_worker.tasks.letters import copy_letter, send_letter
from tests.sink import Sink
from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import Store
from tests.worker.conftest import Plant
from tests.worker.test_letters import LETTER
from tests.worker.test_mailboxes import Post, opened

STATES = "SELECT name, status, coalesce(flagged, false) FROM emails ORDER BY name"


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


async def change(post: Post, name: str, **values: Any) -> None:
    sets = ", ".join(f"{key} = %({key})s" for key in values)
    await post.rows(f"UPDATE emails SET {sets} WHERE name = %(name)s RETURNING 1", name=name, **values)


async def test_flags_go_both_ways_and_what_was_changed_here_wins(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        store.deliver(*(letter("a@x.example", name, "x", Message_ID=f"<{name}@x.example>") for name in "ABCD"))
        store.flags = {2: {"\\Seen"}, 3: {"\\Seen", "\\Answered", "\\Flagged"}}
        assert await post.look() == 4
        assert await post.rows(STATES) == [
            ("A", "unread", False), ("B", "read", False), ("C", "replied", True), ("D", "unread", False)
        ]  # fmt: skip
        assert store.log == []
        await change(post, "A", status="replied", flagged=True)
        await change(post, "B", status="unread")
        store.flags[2].add("\\Flagged")
        store.flags[3].discard("\\Flagged")
        store.flags[4] = {"\\Seen"}
        await post.look()
        expected = [("A", "replied", True), ("B", "unread", True), ("C", "replied", False), ("D", "read", False)]
        assert await post.rows(STATES) == expected
        assert store.flags == {
            1: {"\\Seen", "\\Answered", "\\Flagged"},
            2: {"\\Flagged"},
            3: {"\\Seen", "\\Answered"},
            4: {"\\Seen"},
        }
        said = len(store.log)
        await post.look()
        assert (await post.rows(STATES), len(store.log)) == (expected, said)


async def test_flags_find_their_letters_in_a_folder_made_anew(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        store.deliver(letter("a@x.example", "A", "x", Message_ID="<1@x.example>"))
        await post.look()
        store.validity += 1
        store.folders["INBOX"] = {70: store.folders["INBOX"].pop(1)}
        store.flags = {70: {"\\Seen"}}
        assert await post.look() == 0
        assert await post.rows(STATES) == [("A", "read", False)]
        del store.folders["INBOX"][70]
        await post.look()
        assert await post.rows("SELECT count(*) FROM letter_place") == [(0,)]


async def test_chosen_folders_are_read_and_stand_under_their_names(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        store.folders |= {"Sent": {}, "Projects": {}, "Old": {}}
        both = letter("a@x.example", "In both", "x", Message_ID="<both@x.example>")
        store.put("Projects", letter("a@x.example", "Filed", "x", Message_ID="<filed@x.example>"))
        store.put("Projects", both)
        store.put("Old", letter("a@x.example", "Old", "x", Message_ID="<old@x.example>"))
        store.deliver(both)
        assert await post.look() == 1
        async with plant.database.tenant(plant.tenant.number) as session:
            found = {one.name: one.kind for one in await folders_of(session, post.box)}
            await choose(session, post.box, ["Projects", "Gone meanwhile"])
            await session.commit()
        assert found == {"INBOX": "", "Old": "", "Projects": "", "Sent": "sent"}
        assert await post.look() == 1
        assert await post.rows("SELECT name, folder, place FROM emails ORDER BY name") == [
            ("Filed", "archive", "Projects"),
            ("In both", "inbox", None),
        ]
        del store.folders["Projects"]
        assert await post.look() == 0
        assert await post.rows("SELECT health FROM mailboxes") == [("working",)]


async def test_rel_02_what_was_sent_is_kept_once_on_the_server_without_its_tracking(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        store.folders["Sent"] = {}
        await post.look()
        facts = {"to": "reader@shop.example", "box": post.box, "owner": await plant.admin()}
        [(id_,)] = await post.rows(LETTER, **facts)
        await post.rows(
            "UPDATE emails SET status = 'sent', track_opens = true, message_id = '<mine@company.example>' RETURNING 1"
        )
        for _ in range(2):
            await copy_letter(post.shop, plant.tenant, str(id_), {"email": str(id_)})
        [(uid, mail)] = store.folders["Sent"].items()
        assert store.flags[uid] == {"\\Seen"} and re.search(rb"(?im)^message-id: <mine@company.example>", mail)
        assert b"/o/" not in mail
        await post.rows("UPDATE mailboxes SET sent_folder = 'Sent' RETURNING 1")
        assert await post.look() == 0
        assert await post.rows("SELECT count(*) FROM emails") == [(1,)]


async def test_a_letter_that_left_asks_for_its_copy(plant: Plant, store: Store) -> None:
    sink = Sink()
    await sink.start()
    plant.settings = msgspec.structs.replace(plant.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}")
    async with opened(plant, store) as post:
        facts = {"to": "reader@shop.example", "owner": await plant.admin()}
        ids = [(await post.rows(LETTER, box=box, **facts))[0][0] for box in (post.box, None)]
        for id_ in ids:
            await send_letter(post.shop, plant.tenant, str(id_), {"email": str(id_)})
        rows = await post.rows("SELECT subject, payload ->> 'email' FROM outbox")
        assert rows == [("email.copy", str(ids[0]))]
    await sink.stop()

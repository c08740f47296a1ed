"""Letters moved and thrown away here are so on their IMAP server, and the other way round, whatever is killed in between."""

from collections.abc import Iterator
from typing import Any

import pytest

from crm_domain.letters.marks import marked
from crm_storage.letters import moves
from crm_storage.letters.folders import choose, folders_of
from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import Store
from tests.worker.conftest import Plant
from tests.worker.test_mailbox_flags import change
from tests.worker.test_mailboxes import Post, opened

LYING = "SELECT name, folder FROM emails ORDER BY name"


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()
    made.folders |= {"Trash": {}, "Archive": {}, "Projects": {}}
    made.deliver(*(letter("a@x.example", name, "x", Message_ID=f"<{name.lower()}@x.example>") for name in "ABCD"))
    yield made


def lying(store: Store) -> dict[str, str]:
    """The folder of every letter on the server, those that lie twice under both."""
    found: dict[str, list[str]] = {}
    for folder, mails in store.folders.items():
        for mail in mails.values():
            name = mail.partition(b"Subject: ")[2][:1].decode()
            found.setdefault(name, []).append(folder)
    return {name: " and ".join(folders) for name, folders in sorted(found.items())}


async def chosen(post: Post, *names: str) -> None:
    async with post.plant.database.tenant(post.plant.tenant.number) as session:
        assert set(names) <= {one.name for one in await folders_of(session, post.box)}
        await choose(session, post.box, names)
        await session.commit()


@pytest.mark.parametrize("able", ["MOVE UIDPLUS", "UIDPLUS", ""])
async def test_what_is_moved_or_deleted_here_is_so_on_the_server_and_comes_back(
    plant: Plant, store: Store, able: str
) -> None:
    store.capabilities = able
    async with opened(plant, store) as post:
        assert await post.look() == 4
        await change(post, "A", folder="trash")
        await change(post, "B", folder="archive")
        await post.rows("UPDATE emails SET deleted_at = now() WHERE name = 'C' RETURNING 1")
        assert await post.look() == 0
        assert lying(store) == {"A": "Trash", "B": "Archive", "C": "Trash", "D": "INBOX"}
        said = len(store.log)
        await post.look()
        assert len(store.log) == said
        await change(post, "A", folder="inbox")
        await change(post, "D", **(marked("@Projects") or {}))
        assert await post.look() == 0
        assert lying(store) == {"A": "INBOX", "B": "Archive", "C": "Trash", "D": "Projects"}
        assert await post.rows(LYING) == [("A", "inbox"), ("B", "archive"), ("C", "inbox"), ("D", "archive")]


async def test_what_is_moved_or_deleted_on_the_server_is_so_here(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.look()
        await chosen(post, "Projects")
        inbox = store.folders["INBOX"]
        store.put("Projects", inbox.pop(1))
        del inbox[2]
        kept = inbox.pop(3)
        assert await post.look() == 0
        assert await post.rows(LYING) == [("A", "archive"), ("B", "trash"), ("C", "trash"), ("D", "inbox")]
        assert await post.rows("SELECT place FROM emails WHERE name = 'A'") == [("Projects",)]
        store.deliver(kept)
        assert await post.look() == 0
        assert await post.rows(LYING) == [("A", "archive"), ("B", "trash"), ("C", "inbox"), ("D", "inbox")]
        assert lying(store) == {"A": "Projects", "C": "INBOX", "D": "INBOX"}


async def test_rel_16_a_move_cut_off_before_it_was_noted_is_not_done_twice(
    plant: Plant, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.capabilities = "UIDPLUS"
    move = moves._moved

    def cut_off(*args: Any) -> None:
        move(*args)
        raise ConnectionResetError

    async with opened(plant, store) as post:
        await post.look()
        await change(post, "A", folder="trash")
        await change(post, "B", folder="trash")
        store.put("Trash", store.folders["INBOX"][2])
        monkeypatch.setattr(moves, "_moved", cut_off)
        await post.look()
        monkeypatch.undo()
        post.minutes += 10
        await post.look()
        assert lying(store) == {"A": "Trash", "B": "Trash", "C": "INBOX", "D": "INBOX"}
        assert await post.rows(LYING) == [("A", "trash"), ("B", "trash"), ("C", "inbox"), ("D", "inbox")]
        said = len(store.log)
        await post.look()
        assert len(store.log) == said

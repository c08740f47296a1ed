"""The writer of a new case learns its number at once, and nobody else and nothing in a loop gets anything."""

from collections.abc import Iterator

import pytest

from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import Store
from tests.worker.conftest import Plant
from tests.worker.test_mailboxes import CONTACT, opened

ANSWERS = """
SELECT e.recipients, e.name, e.status, e.answers, (SELECT count(*) FROM email_record r WHERE r.left_id = e.id AND r.module = 'cases'),
  EXISTS (SELECT FROM outbox o WHERE o.subject = 'email.send' AND o.payload ->> 'email' = e.id::text)
FROM emails e WHERE e.automatic ORDER BY e.id
"""
ANSWERING = """
UPDATE mailboxes SET mailbox_use = 'group', create_cases = true, auto_reply = true, auto_reply_except = 'quiet.example',
  auto_reply_text = 'Number {number}: {subject}', auto_reply_most = 2 RETURNING 1
"""


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


async def test_a_new_case_is_answered_once_with_its_number_in_its_thread(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows(ANSWERING)
        store.deliver(letter("Rita <rita@shop.example>", "Broken", "It is", Message_ID="<1@shop.example>"))
        await post.look()
        [(number,)] = await post.rows("SELECT case_number FROM cases")
        rows = await post.rows(ANSWERS)
        assert rows == [("rita@shop.example", f"[CASE:{number}] Broken", "queued", "<1@shop.example>", 1, True)]
        assert await post.rows("SELECT description FROM emails WHERE automatic") == [(f"Number {number}: Broken",)]
        store.deliver(letter("rita@shop.example", "Re: Broken", "And more", In_Reply_To="<1@shop.example>"))
        await post.look()
        assert await post.rows("SELECT count(*) FROM cases") == [(1,)] and len(await post.rows(ANSWERS)) == 1


async def test_a_number_in_the_subject_goes_on_with_its_writers_own_case_only(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows(ANSWERING)
        [(contact,)] = await post.rows(CONTACT, name="Rostami", address="rostami@shop.example")
        store.deliver(letter("rostami@shop.example", "Broken", "It is", Message_ID="<1@shop.example>"))
        await post.look()
        [(number,)] = await post.rows("SELECT case_number FROM cases")
        store.deliver(letter("rostami@shop.example", f"Re: [CASE:{number}] Broken", "Still"))
        await post.look()
        assert await post.rows("SELECT description, contact FROM case_updates") == [("<p>Still</p>", contact)]
        store.deliver(letter("stranger@else.example", f"Re: [CASE:{number}] Broken", "Let me in"))
        await post.look()
        assert await post.rows("SELECT count(*) FROM cases") == [(2,)]
        assert await post.rows("SELECT count(*) FROM case_updates") == [(1,)]


async def test_sec_27_programs_own_mailboxes_spared_domains_and_loops_get_no_answer(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows(ANSWERING)
        store.deliver(
            letter("x@y.example", "Away", "Away", Auto_Submitted="auto-replied"),
            letter("me@company.example", "To myself", "x"),
            letter("a@quiet.example", "Quiet", "x"),
            *(letter("loop@shop.example", f"Again {n}", "x") for n in range(4)),
        )
        await post.look()
        assert await post.rows("SELECT count(*) FROM cases") == [(6,)]
        assert [to for to, *_ in await post.rows(ANSWERS)] == ["loop@shop.example"] * 2

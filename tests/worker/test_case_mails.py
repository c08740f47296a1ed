"""A customer is told of his case when the company wants that: once, in the case's language and files, and never in a loop."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from crm_domain.definition import Ref
from crm_domain.modules.cases import Case
from crm_domain.modules.cases.tell import SUBJECT
from crm_domain.records.work import Work
from crm_worker.tasks.cases import tell_of_case
from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import Store
from tests.worker.conftest import Plant
from tests.worker.test_mailboxes import CONTACT, Post, opened

RULES = """
INSERT INTO setting (key, value) VALUES ('cases', %(rules)s::jsonb)
ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING 1
"""
WANTED = "SELECT id, payload, not_before IS NOT NULL FROM outbox WHERE subject = %(subject)s AND handled_at IS NULL ORDER BY id"
LETTERS = """
SELECT e.recipients, e.name, e.description, e.status, e.answers,
  (SELECT count(*) FROM email_record r WHERE r.left_id = e.id AND r.module = 'cases'),
  (SELECT count(*) FROM outbox o WHERE o.subject = 'email.send' AND o.payload ->> 'email' = e.id::text)
FROM emails e WHERE e.automatic ORDER BY e.id
"""
GROUP = "UPDATE mailboxes SET mailbox_use = 'group', create_cases = true RETURNING 1"


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


async def settle(post: Post, **rules: Any) -> None:
    await post.rows(RULES, rules=msgspec.json.encode(rules).decode())


@asynccontextmanager
async def desk(post: Post, source: str = "web") -> AsyncIterator[Work]:
    """The administrator at work."""
    tenant = post.plant.tenant
    async with post.plant.database.tenant(tenant.number) as session:
        actor = await post.shop.actor(session, tenant, await post.plant.admin())
        assert actor is not None
        yield await post.shop.work(session, tenant, actor, "", source)
        await session.commit()


async def open_case(post: Post, contact: UUID, name: str, *, source: str = "web", internal: bool = False) -> UUID:
    async with desk(post, source) as work:
        sets = (Case.name.to(name), Case.contact.to(Ref("contacts", contact)), Case.is_internal.to(internal))
        return await work.create(Case, *sets)


async def close(post: Post, case: UUID, resolution: str = "A fuse.\nReplaced.") -> None:
    async with desk(post) as work:
        await work.update(Case, case, Case.status.to("closed"), Case.resolution.to(resolution))


async def deliver(post: Post) -> int:
    """Does what waits for the worker, each of it twice; how much it was."""
    waiting = await post.rows(WANTED, subject=SUBJECT)
    for id_, payload, _ in [*waiting, *waiting]:
        await tell_of_case(post.shop, post.plant.tenant, str(id_), payload)
    await post.rows("UPDATE outbox SET handled_at = now() WHERE subject = %(subject)s RETURNING 1", subject=SUBJECT)
    return len(waiting)


async def test_opening_and_closing_are_told_once_in_the_cases_language_and_stand_in_its_files(
    plant: Plant, store: Store
) -> None:
    async with opened(plant, store) as post:
        await post.rows(GROUP)
        [(contact,)] = await post.rows(CONTACT, name="Rita", address="rita@shop.example")
        await open_case(post, contact, "Nobody wants that yet")
        assert await deliver(post) == 0, "nothing leaves before the company wants it"
        own = {"sent": True, "words": {"en": "Case {number} for {contact}: {subject}"}}
        await settle(post, opened=own, closed={"sent": True})
        english = await open_case(post, contact, "It does not start")
        persian = await open_case(post, contact, "روشن نمی‌شود")
        assert await deliver(post) == 2
        [(number, _), (second, _)] = await post.rows(
            "SELECT case_number, id FROM cases WHERE id = ANY(%(ids)s) ORDER BY id", ids=[english, persian]
        )
        fa, (to, name, text, *rest) = sorted(await post.rows(LETTERS), key=lambda row: row[1].isascii())
        assert (to, name, text) == (
            "Rita <rita@shop.example>",
            f"[CASE:{number}] It does not start",
            f"Case {number} for Rita: It does not start",
        )
        assert rest == ["queued", None, 1, 1]
        assert "درود Rita" in fa[2] and str(second).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) in fa[2]
        await close(post, english)
        [(_, _, later)] = await post.rows(WANTED, subject=SUBJECT)
        assert later, "a case closed by mistake can be opened again before its customer hears of it"
        assert await deliver(post) == 1
        told = (await post.rows(LETTERS))[-1]
        assert "A fuse.\nReplaced." in told[2] and "is closed" in told[2]
        events = "SELECT count(*) FROM audit_event WHERE module = 'emails' AND action = 'create'"
        assert await post.rows(events) == [(3,)]


async def test_what_is_internal_imported_or_open_again_tells_nobody(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows(GROUP)
        [(contact,)] = await post.rows(CONTACT, name="Rita", address="rita@shop.example")
        await settle(post, opened={"sent": True}, closed={"sent": True})
        await open_case(post, contact, "Among ourselves", internal=True)
        await open_case(post, contact, "From a file", source="import")
        assert await deliver(post) == 0
        case = await open_case(post, contact, "By mistake")
        assert await deliver(post) == 1
        await close(post, case)
        async with desk(post) as work:
            await work.update(Case, case, Case.status.to("assigned"))
        assert await deliver(post) == 1 and len(await post.rows(LETTERS)) == 1


async def test_without_a_mailbox_whoever_is_responsible_writes_and_bad_addresses_get_nothing(
    plant: Plant, store: Store
) -> None:
    async with opened(plant, store) as post:
        [(contact,)] = await post.rows(CONTACT, name="Rita", address="rita@shop.example")
        await settle(post, opened={"sent": True})
        await open_case(post, contact, "Nobody to answer to")
        [(sender,)] = await post.rows(
            "SELECT (SELECT a.address FROM email_link l JOIN email_address a ON a.id = l.address_id WHERE l.record_id = u.id"
            " LIMIT 1) FROM users u WHERE u.id = %(me)s",
            me=await plant.admin(),
        )
        await deliver(post)
        found = await post.rows("SELECT sender, mailbox FROM emails WHERE automatic")
        assert [(sender in who, box) for who, box in found] == ([(True, None)] if sender else [])
        await post.rows(
            "UPDATE email_address SET complained_at = now() WHERE address = 'rita@shop.example' RETURNING 1"
        )
        await open_case(post, contact, "She called our mail spam")
        await deliver(post)
        assert len(await post.rows(LETTERS)) == len(found)


async def test_sec_27_letters_and_what_leaves_by_itself_never_answer_each_other(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows(GROUP)
        [(contact,)] = await post.rows(CONTACT, name="Rita", address="rita@shop.example")
        [(own,)] = await post.rows(CONTACT, name="Ourselves", address="me@company.example")
        await settle(post, opened={"sent": True}, closed={"sent": True})
        await open_case(post, own, "To our own mailbox")
        for number in range(5):
            await open_case(post, contact, f"Again {number}")
        await deliver(post)
        assert [to for to, *_ in await post.rows(LETTERS)] == ["Rita <rita@shop.example>"] * 3
        store.deliver(
            letter("rita@shop.example", "Broken", "It is", Message_ID="<1@shop.example>"),
            letter("rita@shop.example", "Away", "Away", Auto_Submitted="auto-replied"),
        )
        await post.look()
        assert await deliver(post) == 0, "whose letter opened a case, that one's mailbox answers"


async def test_an_answer_leads_to_the_status_that_the_company_chose(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await post.rows(GROUP)
        await post.rows(CONTACT, name="Rita", address="rita@shop.example")
        store.deliver(letter("rita@shop.example", "Broken", "It is", Message_ID="<1@shop.example>"))
        await post.look()

        async def answered(status: str) -> tuple[str, str]:
            await post.rows(
                "UPDATE cases SET status = %(status)s, state = %(state)s RETURNING 1",
                status=status,
                state="closed" if status in ("closed", "rejected") else "open",
            )
            store.deliver(letter("rita@shop.example", "Re: Broken", uuid4().hex, In_Reply_To="<1@shop.example>"))
            await post.look()
            [row] = await post.rows("SELECT status, state FROM cases")
            return row

        assert await answered("pending_input") == ("assigned", "open"), "as long as nothing was settled"
        assert await answered("rejected") == ("rejected", "closed")
        await settle(post, answered={"closed": "new", "rejected": "pending_input", "pending_input": "gone"})
        assert await answered("closed") == ("new", "open")
        assert await answered("rejected") == ("pending_input", "open")
        assert await answered("pending_input") == ("pending_input", "open"), "a status that is no more leads nowhere"
        assert await answered("assigned") == ("assigned", "open")

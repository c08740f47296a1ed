"""A mailbox that signs in by consent: keys are fetched when they are needed and kept while they last; withdrawn, it says so."""

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from crm_domain.problems import Refused
from crm_storage.letters.consent import (
    COMPANY,
    ConsentGone,
    Registered,
    answered,
    ask,
    exchange,
    registered,
    secret_name,
)
from crm_storage.vault import Vault
from crm_worker.tasks.letters import send_letter
from crm_worker.workshop import Workshop
from tests.provider import SECRET, Consenting, provider
from tests.sink import Sink
from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import USER, Store, served
from tests.worker.conftest import Plant
from tests.worker.test_letters import LETTER
from tests.worker.test_mailboxes import Post, opened

BACK = "https://crm.example/mail/consent/back"
STATE = "SELECT health, trouble FROM mailboxes"


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


class Desk:
    """A mailbox, the provider, and who has consented there."""

    def __init__(self, post: Post, there: Consenting) -> None:
        self.post, self.there = post, there
        self.tenant = post.plant.tenant.number
        self.vault = Vault(post.shop.seals, self.tenant)
        self.me = uuid4()

    async def registered(self) -> Registered:
        async with self.post.plant.database.tenant(self.tenant) as session:
            found = await registered(session, self.vault, "own")
        assert found is not None
        return found

    async def ask(self) -> str:
        there = await self.registered()
        async with self.post.plant.database.tenant(self.tenant) as session:
            way = await ask(session, self.vault, self.post.box, there, back=BACK, by=self.me, now=datetime.now(UTC))
            await session.commit()
        return way

    async def answered(self, state: str, *, by: UUID | None = None, late: bool = False) -> tuple[UUID, str] | None:
        now = datetime.now(UTC) + (timedelta(hours=1) if late else timedelta())
        async with self.post.plant.database.tenant(self.tenant) as session:
            found = await answered(session, self.vault, state, by=by or self.me, now=now)
            await session.commit()
        return found

    async def connect(self) -> None:
        back = self.there.consent(await self.ask())
        found = await self.answered(back["state"])
        assert found is not None
        tokens = await exchange(self.post.shop.door, self.tenant, await self.registered(), back["code"], found[1], BACK)
        async with self.post.plant.database.tenant(self.tenant) as session:
            await self.vault.put(session, "mailboxes", self.post.box, "consent", tokens.refresh_token)
            await session.commit()


@asynccontextmanager
async def desk(plant: Plant, store: Store, *, more: str = "") -> AsyncIterator[Desk]:
    with provider() as there, served(store, "imap") as port:
        allowed = (f"localhost:{port}", f"localhost:{there.port}", *([more] if more else []))
        shop = Workshop(msgspec.structs.replace(plant.settings, outbound_allowed=allowed), {})
        await shop.database.open()
        async with opened(plant, store) as post:
            mine = Desk(Post(plant, shop, store, post.box), there)
            await mine.post.rows(
                "UPDATE mailboxes SET sign_in = 'own', host = 'localhost', port = %(port)s RETURNING 1", port=port
            )
            programs = msgspec.json.encode(there.program).decode()
            await mine.post.rows(
                "INSERT INTO setting (key, value) VALUES ('mail_providers', %(value)s::jsonb) RETURNING 1",
                value=programs,
            )
            async with plant.database.tenant(mine.tenant) as session:
                await mine.vault.put(session, "settings", COMPANY, secret_name("own"), SECRET)
                await session.commit()
            try:
                yield mine
            finally:
                await shop.database.close()


async def test_mail_is_read_with_keys_that_last_and_are_renewed_once_refused(plant: Plant, store: Store) -> None:
    async with desk(plant, store) as here:
        store.deliver(letter("rita@shop.example", "One", "x", Message_ID="<1@shop.example>"))
        await here.post.look()
        assert await here.post.rows(STATE) == [("troubled", "consent")], "nobody has consented yet"
        await here.connect()
        await here.post.rows("DELETE FROM mailbox_reading RETURNING 1")
        async with plant.database.tenant(here.tenant) as session:
            sealed = await session.rows("SELECT sealed FROM secret WHERE module = 'mailboxes'")
        assert all(here.there.refresh.encode() not in bytes(one) for (one,) in sealed)
        store.bearer = "another's"
        await here.post.look()
        assert await here.post.rows(STATE) == [("troubled", "sign_in")]
        await here.post.rows("DELETE FROM mailbox_reading RETURNING 1")
        store.bearer = "of now"
        here.there.answer = _naming(here.there, "of now")
        assert await here.post.look() == 1
        assert await here.post.rows(STATE) == [("working", None)]
        asked = len(here.there.asked)
        store.deliver(letter("rita@shop.example", "Two", "x", Message_ID="<2@shop.example>"))
        assert await here.post.look() == 1 and len(here.there.asked) == asked, "keys are used as long as they last"


def _naming(there: Consenting, token: str):
    """The provider's answers, with that access token."""
    plainly = there.answer

    def answer(said: dict[str, str]):
        status, told = plainly(said)
        return status, {**told, "access_token": token} if status == 200 else told

    return answer


async def test_withdrawn_consent_is_told_plainly_for_reading_and_sending(plant: Plant, store: Store) -> None:
    sink = Sink(keep=True)
    await sink.start()
    async with desk(plant, store, more=f"localhost:{sink.port}") as here:
        await here.connect()
        await here.post.rows(
            "UPDATE mailboxes SET smtp_host = 'localhost', smtp_port = %(port)s, smtp_security = 'none' RETURNING 1",
            port=sink.port,
        )

        async def send() -> str:
            [(id_,)] = await here.post.rows(
                LETTER, to="rita@shop.example", box=here.post.box, owner=await plant.admin()
            )
            await send_letter(here.post.shop, plant.tenant, str(id_), {"email": str(id_)})
            [(status, failure)] = await here.post.rows("SELECT status, failure FROM emails WHERE id = %(id)s", id=id_)
            return failure or status

        assert await send() == "sent"
        [line] = sink.sign_ins
        word, how, secret = line.split(" ")
        assert (word, how) == ("AUTH", "XOAUTH2")
        assert base64.b64decode(secret).decode() == f"user={USER}\1auth=Bearer {here.there.access}\1\1"
        here.there.refresh = ""
        await here.post.rows("DELETE FROM secret WHERE field = 'access' RETURNING 1")
        assert await send() == "consent"
        await here.post.look()
        assert await here.post.rows(STATE) == [("troubled", "consent")]
    await sink.stop()


async def test_sec_33_an_answer_counts_once_in_time_and_for_who_asked(plant: Plant, store: Store) -> None:
    async with desk(plant, store) as here:
        back = here.there.consent(await here.ask())
        assert await here.answered(back["state"], by=uuid4()) is None, "another session did not ask"
        assert await here.answered(f"{here.post.box}.guessed") is None
        assert await here.answered("nonsense") is None
        found = await here.answered(back["state"])
        assert found and found[0] == here.post.box
        assert await here.answered(back["state"]) is None, "once"
        there = await here.registered()
        with pytest.raises(ConsentGone):
            await exchange(here.post.shop.door, here.tenant, there, back["code"], "another verifier " * 4, BACK)
        with pytest.raises(Refused):
            wrong = there._replace(secret="wrong")
            await exchange(here.post.shop.door, here.tenant, wrong, "x", found[1], BACK)
        late = here.there.consent(await here.ask())
        assert await here.answered(late["state"], late=True) is None

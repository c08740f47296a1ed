"""One tenant on a real PostgreSQL, filled as a new tenant is; every test starts from that state."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.installation import Installation

from crm_domain.keys import KeyRing
from crm_domain.people.actor import Actor
from crm_storage.database import Database, Session
from crm_storage.hashing import Hasher, fingerprint
from crm_storage.people.actor import load_actor
from crm_storage.people.seed import ADDRESS, Administrator, seed_people
from crm_storage.people.sign_in import Attempt, SignedIn, sign_in
from crm_storage.sealing import Seals
from crm_storage.vault import Vault

ADMIN_PASSWORD = "a quiet lamp at dawn"
ADMIN_EMAIL = "admin@harbour.example"
ADD_USER = """
INSERT INTO users (id, user_name, status, user_type, last_name, name)
VALUES (uuidv7(), %(name)s, 'active', 'regular', %(name)s, %(name)s) RETURNING id
"""


class Office:
    """The tenant under test, with what tests do to it again and again."""

    password = ADMIN_PASSWORD
    email = ADMIN_EMAIL
    company = "Harbour"

    def __init__(self, database: Database, number: int, hasher: Hasher) -> None:
        self.database = database
        self.number = number
        self.hasher = hasher

    async def sign_in(
        self, login: str = "admin", password: str = ADMIN_PASSWORD, address: str = "192.0.2.7", device: str = ""
    ) -> SignedIn:
        async with self.database.tenant(self.number) as session:
            return await sign_in(session, self.hasher, Attempt(login, password, address, "test", self.company, device))

    @property
    def vault(self) -> Vault:
        return Vault(Seals(KeyRing("a key for these tests and nothing else")), self.number)

    async def actor(self, secret: str) -> Actor | None:
        async with self.database.tenant(self.number) as session:
            return await load_actor(session, fingerprint(secret))

    async def rows(self, statement: str, **facts: Any) -> list[tuple[Any, ...]]:
        """Runs one statement for good."""
        async with self.database.tenant(self.number) as session:
            found = await session.rows(statement, facts)
            await session.commit()
            return found

    async def run(self, statement: str, **facts: Any) -> None:
        async with self.database.tenant(self.number) as session:
            await session.execute(statement, facts)
            await session.commit()

    async def user(self, name: str) -> UUID:
        """A regular user with an address, without password, roles or teams."""
        [(id_,)] = await self.rows(ADD_USER, name=name)
        await self.run(ADDRESS, user=id_, address=f"{name}@harbour.example")
        return id_

    async def mails(self, template: str) -> list[dict[str, Any]]:
        """What waits in the outbox."""
        found = await self.rows("SELECT payload FROM outbox WHERE subject = 'mail.send' ORDER BY id")
        return [payload for (payload,) in found if payload["template"] == template]


@pytest.fixture(scope="session")
def number(installation: Installation) -> int:
    return installation.empty_tenant()


@pytest.fixture
def hasher() -> Hasher:
    """As in the product but light, so that many tests are quick."""
    return Hasher(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
async def database(installation: Installation, number: int, hasher: Hasher) -> AsyncIterator[Database]:
    installation.empty(number)
    async with installation.database(size=6) as database:
        async with database.tenant(number) as session:
            hashed = await hasher.hash(ADMIN_PASSWORD)
            await seed_people(session, "en", "USD", Administrator(email=ADMIN_EMAIL, password_hash=hashed))
            await session.commit()
        yield database


@pytest.fixture
def office(database: Database, number: int, hasher: Hasher) -> Office:
    return Office(database, number, hasher)


@pytest.fixture
async def session(database: Database, number: int) -> AsyncIterator[Session]:
    async with database.tenant(number) as session:
        yield session

"""Whoever is deactivated or made another kind of user starts anew, whichever way it was done (SEC-32)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from crm_domain.access.rights import Access
from crm_domain.modules import REGISTRY
from crm_domain.modules.users import User
from crm_domain.records.work import Work
from crm_domain.text.locale import ENGLISH
from crm_storage.hashing import fingerprint
from crm_storage.people import once
from crm_storage.people.actor import load_token_actor
from crm_storage.people.sessions import open_session
from crm_storage.people.tokens import create_token
from crm_storage.records.context import Context, Schema
from crm_storage.store import TenantStore

SCHEMA = Schema(REGISTRY)


class Now:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def administer(office: Any, user: UUID, *sets: Any) -> None:
    """Changes a user as the administrator does on the user's page."""
    [(admin,)] = await office.rows("SELECT id FROM users WHERE user_name = 'admin'")
    async with office.database.tenant(office.number) as session:
        store = TenantStore(Context(session, SCHEMA, Access(user=admin, admin=True), "web", "r"), Now())
        work = Work(store, REGISTRY, Now(), ENGLISH, "USD")
        await work.update(User, user, *sets)
        await session.commit()


async def opened(office: Any, user: UUID) -> tuple[str, str, str]:
    """A session, a token and a link of that user."""
    now = datetime.now(UTC)
    async with office.database.tenant(office.number) as session:
        secret = await open_session(session, user, agent="", address="")
        ends = now + timedelta(days=9)
        token = await create_token(session, user, name="t", scopes=frozenset({"read"}), expires_at=ends, now=now)
        link = await once.issue(session, user, "reset")
        await session.commit()
    return secret, token, link


async def alive(office: Any, secret: str, token: str, link: str) -> list[bool]:
    async with office.database.tenant(office.number) as session:
        by_token = await load_token_actor(session, fingerprint(token))
        by_link = await once.look(session, "reset", link)
    return [await office.actor(secret) is not None, by_token is not None, by_link is not None]


async def test_sec_32_nothing_comes_back_with_a_user_who_comes_back(office: Any) -> None:
    user = await office.user("nima")
    before = await opened(office, user)
    assert await alive(office, *before) == [True] * 3
    await administer(office, user, User.status.to("inactive"))
    assert await alive(office, *before) == [False] * 3
    await administer(office, user, User.status.to("active"))
    assert await alive(office, *before) == [False] * 3
    assert await alive(office, *await opened(office, user)) == [True] * 3


@pytest.mark.parametrize(
    ("change", "lives"), [(User.user_type.to("administrator"), False), (User.title.to("Lead"), True)]
)
async def test_sec_32_another_user_type_ends_sessions_and_another_title_does_not(
    office: Any, change: Any, lives: bool
) -> None:
    user = await office.user("sara")
    before = await opened(office, user)
    await administer(office, user, change)
    assert await alive(office, *before) == [lives] * 3

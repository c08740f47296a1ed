"""SEC-51: secrets of tenants are sealed, bound to their place, and survive a change of the installation's key."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crm_domain.keys import KeyRing
from crm_storage.database import Database
from crm_storage.sealing import Place, Seals, Unreadable
from tests.storage.tenants.conftest import Installation

OLD, NEW = "the installation key of the first years", "the installation key of the years after"
SECRET = "گذرواژهٔ صندوق پستی"


@pytest.fixture
async def company(installation: Installation) -> AsyncIterator[tuple[Database, int]]:
    async with installation.database() as database:
        yield database, (await installation.tenant(database)).number


def place(tenant: int, **other: Any) -> Place:
    return Place(**{"tenant": tenant, "table": "mail_account", "column": "password", "row": "17", **other})


async def test_sec_51_a_secret_opens_in_its_place_only(company: tuple[Database, int]) -> None:
    database, number = company
    seals = Seals(KeyRing(OLD))
    async with database.tenant(number) as session:
        sealed = await seals.seal(session, place(number), SECRET)
        assert SECRET.encode() not in sealed
        assert sealed != await seals.seal(session, place(number), SECRET)
        assert await seals.open(session, place(number), sealed) == SECRET
        for other in ({"row": "18"}, {"column": "user"}, {"table": "webhook"}):
            with pytest.raises(Unreadable):
                await seals.open(session, place(number, **other), sealed)
        for position in range(len(sealed)):
            changed = bytearray(sealed)
            changed[position] ^= 1
            with pytest.raises(Unreadable):
                await seals.open(session, place(number), bytes(changed))


async def test_sec_51_another_tenant_or_installation_reads_nothing(
    company: tuple[Database, int], installation: Installation
) -> None:
    database, number = company
    async with database.tenant(number) as session:
        sealed = await Seals(KeyRing(OLD)).seal(session, place(number), SECRET)
        await session.commit()
        with pytest.raises(Unreadable):
            await Seals(KeyRing(NEW)).open(session, place(number), sealed)
    other = (await installation.tenant(database)).number
    async with database.tenant(other) as session:
        seals = Seals(KeyRing(OLD))
        await seals.seal(session, place(other), SECRET)
        with pytest.raises(Unreadable):
            await seals.open(session, place(other), sealed)


async def test_sec_51_keys_rotate_while_everything_stays_readable(company: tuple[Database, int]) -> None:
    database, number = company
    async with database.tenant(number) as session:
        sealed = await Seals(KeyRing(OLD)).seal(session, place(number), SECRET)
        both = Seals(KeyRing(NEW, [OLD]))
        assert await both.open(session, place(number), sealed) == SECRET
        assert await both.wrap_again(session, number) == 1
        assert await both.wrap_again(session, number) == 0
        await session.commit()
        assert await Seals(KeyRing(NEW)).open(session, place(number), sealed) == SECRET
        with pytest.raises(Unreadable):
            await Seals(KeyRing(OLD)).open(session, place(number), sealed)

"""Passwords of mail accounts: written, never read back, and of no use outside their place."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from crm_domain.definition import SecretMark
from crm_domain.meaning.wire import to_json
from crm_domain.modules.mail_accounts import OutboundAccount
from crm_domain.records import save
from crm_domain.records.work import Work
from crm_storage.sealing import Unreadable

PASSWORD = "opensesame-1402"


async def account(work: Work) -> UUID:
    values = {"name": "Relay", "from_name": "Pishro", "from_addr": "news@pishro.example", "host": "mail.pishro.example"}
    return await save.create(work, work.module(OutboundAccount), {**values, "password": PASSWORD})


async def test_sec_41_a_password_is_shown_as_set_and_never_returned(company: Any) -> None:
    async with company.work() as work:
        id_ = await account(work)
        found = await work.get(OutboundAccount, id_)
        field = work.module(OutboundAccount).field("password")
        assert isinstance(found.values["password"], SecretMark)
        assert set(to_json(field, found.values["password"])) == {"set_at"}
        assert PASSWORD not in repr(found.values)


async def test_sec_51_no_table_holds_it_in_clear(company: Any) -> None:
    async with company.work() as work:
        await account(work)
        session = company.session
        tables = [
            row[0] for row in await session.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        ]
        for table in tables:
            for (row,) in await session.rows(f'SELECT t::text FROM "{table}" t'):
                assert PASSWORD not in row
                assert PASSWORD.encode().hex() not in row


async def test_the_history_says_that_it_changed_and_not_to_what(company: Any) -> None:
    async with company.work() as work:
        id_ = await account(work)
        module = work.module(OutboundAccount)
        await save.update(work, module, id_, {"password": "another-one-1403"})
        entries = await work.store.history(module, id_)
        changes = [change for entry in entries for change in entry.changes if change.key == "password"]
        assert [(change.old, change.new) for change in changes] == [(True, True), (False, True)]
        assert b"1403" not in msgspec.json.encode([change.new for change in changes])


async def test_it_is_read_by_programs_and_can_be_taken_away(company: Any) -> None:
    async with company.work() as work:
        id_ = await account(work)
        where = (company.session, "outbound_accounts", id_, "password")
        assert await company.vault.read(*where) == PASSWORD
        await save.update(work, work.module(OutboundAccount), id_, {"password": None})
        assert await company.vault.read(*where) is None
        assert (await work.get(OutboundAccount, id_)).values["password"] is None


async def test_sec_51_a_secret_moved_to_another_record_does_not_open(company: Any) -> None:
    async with company.work() as work:
        one, other = await account(work), await account(work)
        await company.session.execute("DELETE FROM secret WHERE record_id = %(id)s", {"id": other})
        moved = "UPDATE secret SET record_id = %(other)s WHERE record_id = %(one)s"
        await company.session.execute(moved, {"one": one, "other": other})
        with pytest.raises(Unreadable):
            await company.vault.read(company.session, "outbound_accounts", other, "password")

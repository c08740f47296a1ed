"""An outbound account tried: the mail that arrives, and what is told and remembered of an answer."""

import email
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from tests.mailing import ADMIN, Office
from tests.sink import Sink

from crm_storage.outbound import Door, Rules
from crm_storage.sending.account_trial import try_account

ADDRESS = """
WITH known AS (INSERT INTO email_address (address, address_key) VALUES (%(a)s, %(a)s) RETURNING id)
INSERT INTO email_link (module, record_id, address_id, is_primary) SELECT 'users', %(user)s, id, true FROM known
"""
TOLD = "SELECT facts #>> '{outcome,id}' FROM notification WHERE kind = 'account_tried'"


async def tried(office: Office, account: UUID) -> tuple[Any, ...]:
    """What the account is afterwards, and what its administrator was told."""
    await try_account(office.station, account, ADMIN)
    [state] = await office.rows("SELECT state, state_note FROM outbound_accounts WHERE id = %(id)s", id=account)
    return (*state, [told for (told,) in await office.rows(TOLD)])


async def test_a_working_account_delivers_in_the_askers_language_and_works_again_after_it_was_stopped(
    office: Office, sink: Sink
) -> None:
    await office.run(ADDRESS, user=ADMIN, a="admin@company.example")
    await office.run(
        'INSERT INTO preference (user_id, body) VALUES (%(u)s, \'{"language": "en"}\')'
        " ON CONFLICT (user_id) DO UPDATE SET body = excluded.body",
        u=ADMIN,
    )
    account = await office.account()
    await office.run("UPDATE outbound_accounts SET state = 'disabled', state_note = '535 no'")
    assert await tried(office, account) == ("working", None, ["account_trial.accepted"])
    mail = email.message_from_bytes(sink.contents["admin@company.example"], policy=default)
    assert mail["Subject"] == "Test e-mail of a" and mail["From"] == "C <news@company.example>" and mail["Date"]


@pytest.mark.parametrize(
    ("address", "outcome", "note"),
    [
        ("admin@company.example", "sign_in", "535 5.7.8 no"),
        ("at.rcpt.550.5-1-1.me@company.example", "bad_address", "550 5.1.1 as you asked"),
        ("drop.content.me@company.example", "unknown", None),
        ("", "no_address", None),
    ],
)
async def test_what_the_server_refuses_is_told_in_words_with_its_own_answer(
    office: Office, sink: Sink, address: str, outcome: str, note: str | None
) -> None:
    if address:
        await office.run(ADDRESS, user=ADMIN, a=address)
    if outcome == "sign_in":
        sink.answer_sign_in = "535 5.7.8 no"
    account = await office.account(user_name="me")
    state, found, told = await tried(office, account)
    assert (state, told) == ("disabled" if outcome == "sign_in" else "untried", [f"account_trial.{outcome}"])
    assert (found or "").replace("5.1.1 5.1.1", "5.1.1") == (note or "")


async def test_a_tenants_account_reaches_nothing_inside(office: Office, sink: Sink) -> None:
    await office.run(ADDRESS, user=ADMIN, a="admin@company.example")
    office.station = office.station._replace(door=Door(Rules.read([])))
    account = await office.account()
    assert (await tried(office, account))[2] == ["account_trial.service"] and not sink.total

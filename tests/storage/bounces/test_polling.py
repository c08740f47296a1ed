"""Bounce accounts read over IMAP and POP3, through the outbound door: nothing lost, nothing of others touched."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm_domain.keys import KeyRing
from crm_storage.bounces.mailboxes import MOST_BYTES
from crm_storage.bounces.poll import Bounces
from crm_storage.outbound import Door, Rules
from crm_storage.sealing import Seals
from crm_storage.vault import Vault
from tests.storage.bounces.mails import letter, report, sign
from tests.storage.bounces.server import PASSWORD, Store, served
from tests.storage.mailing import NOW, TOKENS, Mailing

SEALS = Seals(KeyRing("a key for these tests and nothing else"))
CHANGE = """
UPDATE bounce_accounts SET protocol = %(protocol)s, port = %(port)s, leave_on_server = %(leave)s, processed_folder = 'پردازش‌شده'
WHERE id = %(id)s RETURNING id
"""
PROTOCOLS = ("imap", "pop3")


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


async def poll(
    mailing: Mailing, port: int, protocol: str, *, leave: bool = True, minutes: int = 0, allowed: str = ""
) -> int:
    """One look at the account; how many mails were new."""
    await mailing.rows(CHANGE, id=mailing.account, protocol=protocol, port=port, leave=leave)
    async with mailing.database.tenant(mailing.tenant.number) as session:
        vault = Vault(SEALS, mailing.tenant.number)
        await vault.put(session, "bounce_accounts", mailing.account, "password", PASSWORD)
        await session.commit()
    door = Door(Rules.read([allowed or f"localhost:{port}"]))
    bounces = Bounces(mailing.database, door, TOKENS, SEALS)
    return await bounces.look(mailing.tenant.number, NOW + timedelta(minutes=minutes))


def to(mailing: Mailing, message: int) -> str:
    return f"b-{sign(mailing.tenant.number, message)}@returns.company.example"


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_44_reports_are_applied_and_personal_mail_stays(mailing: Mailing, store: Store, protocol: str) -> None:
    gone, blocked, _ = await mailing.sent(3)
    personal = letter("friend@home.example", "Dinner?", "On Friday\n.\n.. and bring salt")
    store.deliver(report("5.1.1", to=to(mailing, gone)), personal, report("5.7.1", to=to(mailing, blocked)))
    with served(store, protocol) as port:
        assert await poll(mailing, port, protocol, leave=False) == 3
        assert await poll(mailing, port, protocol, leave=False, minutes=5) == 0
    assert list(store.folders["INBOX"].values()) == [personal]
    assert (await mailing.address(gone))["invalid"]
    assert await mailing.sums() == {("invalid", "hard"): (1, 1), ("send_error", "block"): (1, 1)}
    assert await mailing.rows("SELECT state FROM bounce_accounts WHERE id = %(id)s", id=mailing.account) == [
        ("working",)
    ]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_44_what_stays_on_the_server_counts_once(mailing: Mailing, store: Store, protocol: str) -> None:
    messages = await mailing.sent(30)
    store.deliver(*(report("5.1.1", to=to(mailing, one), address=f"a{one}@x.example") for one in messages[:25]))
    with served(store, protocol) as port:
        assert await poll(mailing, port, protocol) == 25
        store.deliver(*(report("5.1.1", to=to(mailing, one)) for one in messages[25:]))
        assert await poll(mailing, port, protocol, minutes=5) == 5
    assert (await mailing.sums())["invalid", "hard"] == (30, 30)
    assert protocol == "imap" or store.log == []


async def test_44_a_folder_that_was_made_anew_is_read_from_its_start(mailing: Mailing, store: Store) -> None:
    first, second = await mailing.sent(2)
    store.deliver(letter("friend@home.example", "Dinner?", "On Friday"), report("5.1.1", to=to(mailing, first)))
    with served(store, "imap") as port:
        await poll(mailing, port, "imap")
        store.validity, store.folders["INBOX"] = 18, {1: report("5.1.1", to=to(mailing, second))}
        assert await poll(mailing, port, "imap", minutes=5) == 1
    assert (await mailing.address(second))["invalid"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_sec_27_a_huge_mail_is_cut_and_still_understood(mailing: Mailing, store: Store, protocol: str) -> None:
    [message] = await mailing.sent(1)
    huge = report(
        "5.1.1", to=to(mailing, message), returned="Subject: Autumn\r\n\r\n" + "x" * 200_000 + "\r\nxxxxx" * 60_000
    )
    store.deliver(huge)
    with served(store, protocol) as port:
        await poll(mailing, port, protocol)
    assert (await mailing.address(message))["invalid"]
    [(size,)] = await mailing.rows("SELECT length(raw) FROM inbound_mail")
    assert size < MOST_BYTES


async def test_an_account_that_refuses_is_shown_told_once_and_asked_less_often(mailing: Mailing, store: Store) -> None:
    told = "SELECT payload ->> 'to', payload #>> '{facts,account}' FROM outbox WHERE payload ->> 'template' = 'bounces_unread'"
    with served(store, "pop3") as port:
        for minutes in (0, 5, 15, 40, 80):
            await poll(mailing, port + 1 if port < 65_000 else port - 1, "pop3", minutes=minutes)
        [(state, note)] = await mailing.rows(
            "SELECT state, state_note FROM bounce_accounts WHERE id = %(id)s", id=mailing.account
        )
        assert (state, note) == ("disabled", "outbound.unreachable")
        assert await mailing.rows("SELECT failures FROM bounce_reading") == [(5,)]
        await poll(mailing, port + 1 if port < 65_000 else port - 1, "pop3", minutes=120)
        assert await mailing.rows("SELECT failures FROM bounce_reading") == [(6,)]
        assert await mailing.rows(told) == [("boss@company.example", "Returned")]
        store.deliver(letter("friend@home.example", "Dinner?", "On Friday"))
        assert await poll(mailing, port, "pop3", minutes=130) == 0
        assert await poll(mailing, port, "pop3", minutes=160) == 1
    assert await mailing.rows("SELECT failures, error FROM bounce_reading") == [(0, "")]


async def test_sec_24_an_account_may_not_name_a_host_inside(mailing: Mailing, store: Store) -> None:
    store.deliver(letter("friend@home.example", "Dinner?", "On Friday"))
    with served(store, "imap") as port:
        assert await poll(mailing, port, "imap", allowed="mail.company.example") == 0
    assert await mailing.rows("SELECT error FROM bounce_reading") == [("outbound.not_allowed",)]


async def test_rel_16_only_one_process_reads_an_account_at_a_time(mailing: Mailing, store: Store) -> None:
    store.deliver(letter("friend@home.example", "Dinner?", "On Friday"))
    await mailing.rows(
        "INSERT INTO bounce_reading (account_id, claimed_until) VALUES (%(id)s, %(until)s) RETURNING 1",
        id=mailing.account,
        until=NOW + timedelta(minutes=10),
    )
    with served(store, "imap") as port:
        assert await poll(mailing, port, "imap", minutes=1) == 0
        assert await poll(mailing, port, "imap", minutes=11) == 1

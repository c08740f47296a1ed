"""Outgoing mail checked on the whole way: real questions to a name server, a real sign-in, mails that come and come back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.mailing import ADMIN, KEYS, Office
from tests.names import name_server
from tests.sink import Sink
from tests.storage.bounces.mails import report as bounced
from tests.storage.bounces.server import PASSWORD, USER, Store, served

from crm_domain.sending.checkup import Report
from crm_storage.bounces.poll import Bounces
from crm_storage.mail.dkim import new_key, public_key
from crm_storage.outbound import Door, Rules
from crm_storage.outbound.dns import Names
from crm_storage.sealing import Seals
from crm_storage.sending.checkup import ask, check_up, read_report
from crm_storage.sending.probe import Came, came
from crm_storage.sending.pulse import pulse

BOX = """
INSERT INTO bounce_accounts (id, name, protocol, host, port, security, user_name, address, return_domain, active, leave_on_server)
VALUES (uuidv7(), 'Returned', 'imap', 'localhost', %(port)s, 'none', %(user)s, 'back@returns.example', 'returns.example', true, true)
RETURNING id
"""


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


async def secret(office: Office, module: str, record: UUID, field: str, text: str) -> None:
    async with office.station.session() as session:
        await office.station.vault.put(session, module, record, field, text)
        await session.commit()


async def known(office: Office, report: Report) -> Came:
    assert report.probe
    async with office.station.session() as session:
        return await came(session, report.probe)


async def test_a_check_finds_records_and_folders_and_what_comes_back(office: Office, sink: Sink, store: Store) -> None:
    key = new_key()
    account = await office.account(dkim_selector="sadra")
    await office.run("UPDATE outbound_accounts SET dkim_mode = 'own'")
    await secret(office, "outbound_accounts", account, "dkim_key", key)
    store.folders["Processed"] = {}
    records = {
        ("company.example", "TXT"): ["other=1", "v=spf1 mx -all"],
        ("sadra._domainkey.company.example", "TXT"): [f"v=DKIM1; k=rsa; p={public_key(key)}"],
        ("returns.example", "MX"): ["20 far.example.", "10 near.example."],
    }
    with served(store, "imap") as port, name_server(records) as names:
        [(box,)] = await office.rows(BOX, port=port, user=USER)
        await secret(office, "bounce_accounts", box, "password", PASSWORD)
        office.station = office.station._replace(door=Door(Rules.read(["127.0.0.1", f"localhost:{port}"])))
        async with office.station.session() as session:
            await ask(session, by=ADMIN, now=datetime.now(UTC))
            await session.commit()
        found = await check_up(office.station, Names([names]), ADMIN)
        [domain] = found.domains
        states = {rule.key: rule.state for rule in domain.rules if rule.key in ("spf", "dkim", "dmarc")}
        assert (domain.name, states) == ("company.example", {"spf": "good", "dkim": "good", "dmarc": "bad"})
        assert [(one.name, one.servers) for one in found.returns] == [
            ("returns.example", ("near.example", "far.example"))
        ]
        assert [(one.folders, one.trouble) for one in found.mailboxes] == [(("INBOX", "Processed"), "")]
        assert found.probe and (found.probe.sent, found.probe.refused) == ("accepted", "accepted")
        assert await known(office, found) == Came(arrived=False, returned=False, proofs={})
        arrived, lost = sorted(sink.contents, key=lambda address: not address.endswith("@returns.example"))
        token = sink.contents[lost].partition(b"X-Sadra-Msg: ")[2].split()[0].decode()
        assert b"DKIM-Signature" in sink.contents[arrived]
        store.deliver(
            b"Authentication-Results: mx.b.example; spf=pass; dkim=pass\r\n" + sink.contents[arrived],
            bounced("5.1.1", to=f"b-{token}@returns.example", address=lost),
        )
        bounces = Bounces(office.database, office.station.door, office.station.tokens, Seals(KEYS))
        assert await bounces.look(office.number, datetime.now(UTC) + timedelta(minutes=5)) == 2
    assert await known(office, found) == Came(arrived=True, returned=True, proofs={"spf": "pass", "dkim": "pass"})
    assert await office.rows("SELECT kind FROM notification") == [("mail_checked",)]
    async with office.station.session() as session:
        assert await read_report(session) == found


async def test_a_check_names_what_is_missing_and_who_refused(office: Office, sink: Sink, store: Store) -> None:
    await office.account(user_name="me")
    sink.answer_sign_in = "535 5.7.8 no"
    with served(store, "imap") as port:
        await office.rows(BOX, port=port, user="somebody")
        office.station = office.station._replace(door=Door(Rules.read(["127.0.0.1", f"localhost:{port}"])))
        found = await check_up(office.station, Names(["127.0.0.1:9"]), ADMIN)
    assert [rule.why for domain in found.domains for rule in domain.rules if rule.key in ("spf", "dmarc")] == [
        "no_answer"
    ] * 2
    assert [one.servers for one in found.returns] == [None]
    assert [one.trouble for one in found.mailboxes] == ["sign_in"]
    assert found.probe and found.probe.sent == "sign_in" and not sink.total


async def test_the_pulse_tells_what_stands_still(office: Office) -> None:
    async def beats() -> list[bool]:
        async with office.station.session() as session:
            found = await pulse(session)
        return [found.sends(), found.reads(), found.works(), not found.stopped, found.agrees(datetime.now(UTC))]

    assert await beats() == [True] * 5
    await office.campaign()
    await office.list_of("default", [("contacts", await office.people("contacts", "a@b.example"))])
    await office.schedule()
    await office.run("UPDATE mkt_run SET state = 'scheduled', scheduled_for = now() - interval '1 hour'")
    await office.run("UPDATE bounce_accounts SET active = true, created_at = now() - interval '1 hour'")
    await office.run("INSERT INTO outbox (subject, payload, created_at) VALUES ('x', '{}', now() - interval '1 hour')")
    await office.account()
    await office.run("UPDATE outbound_accounts SET state = 'disabled'")
    assert await beats() == [False, False, False, False, True]

"""The SMTP client against a real server that answers every class, stalls and drops (REL-14)."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.loops import run
from tests.sink import FEATURES, Sink

from crm_domain.sending.letter import Outgoing
from crm_domain.sending.replies import Class
from crm_storage.smtp.account import Account
from crm_storage.smtp.connection import Connection, Unusable
from crm_storage.smtp.transfer import Fate, transfer

PLAIN = tuple(feature for feature in FEATURES if feature != "PIPELINING")
HOUR = timedelta(hours=1)
BODY = b"Message-ID: <m%d@x>\r\n\r\nwords\r\n.a line that begins with a dot\r\n..\r\n"


def mail(number: int, to: str) -> Outgoing:
    return Outgoing(number, "b-token@b.example", to, BODY % number, to.isascii())


@asynccontextmanager
async def connected(sink: Sink, **account: object) -> AsyncIterator[Connection]:
    await sink.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    made = Connection(reader, writer, Account(host="127.0.0.1", port=sink.port, security="none", **account))  # type: ignore[arg-type]
    try:
        await made.greet()
        yield made
    finally:
        await made.quit()
        await sink.stop()


async def send(sink: Sink, *recipients: str, **account: object) -> dict[int, Fate]:
    """Hands over one mail each, over as many connections as it takes to get each a fate."""
    waiting = [mail(number, to) for number, to in enumerate(recipients, 1)]
    fates: dict[int, Fate] = {}

    def done(fate: Fate) -> None:
        assert fate.message not in fates
        fates[fate.message] = fate

    async with connected(sink, **account) as first:
        connection = first
        while waiting:
            if connection.broken or connection.sent >= connection.account.per_connection:
                reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
                connection = Connection(reader, writer, connection.account)
                await connection.greet()
            await transfer(connection, waiting.pop(0), lambda: waiting.pop(0) if waiting else None, done)
        await connection.quit()
    return fates


def kinds(fates: dict[int, Fate]) -> list[Class]:
    return [fates[number].kind for number in sorted(fates)]


@pytest.mark.parametrize("features", [FEATURES, PLAIN])
async def test_mails_arrive_whole_and_in_order(features: tuple[str, ...]) -> None:
    sink = Sink(features=features, keep=True)
    fates = await send(sink, *(f"r{n}@site.example" for n in range(25)))
    assert kinds(fates) == [Class.ACCEPTED] * 25
    assert [ids for ids in sink.accepted.values()] == [[f"<m{n}@x>"] for n in range(1, 26)]
    assert sink.connections == 1
    assert sink.contents["r0@site.example"].replace(b"\r\n..", b"\r\n.") + b"\r\n" == BODY % 1


@pytest.mark.parametrize("features", [FEATURES, PLAIN])
@pytest.mark.parametrize(
    ("order", "kind"),
    [
        ("at.rcpt.450.4-2-1", Class.TRANSIENT),
        ("at.rcpt.451", Class.TRANSIENT),
        ("at.rcpt.452.4-3-1", Class.TRANSIENT),
        ("at.rcpt.450.4-7-1", Class.SLOW_DOWN),
        ("at.rcpt.421.4-7-0", Class.SLOW_DOWN),
        ("at.rcpt.421", Class.SERVICE),
        ("at.rcpt.530.5-7-0", Class.SIGN_IN),
        ("at.rcpt.535.5-7-8", Class.SIGN_IN),
        ("at.rcpt.550.5-1-1", Class.BAD_ADDRESS),
        ("at.rcpt.550.5-1-2", Class.BAD_ADDRESS),
        ("at.rcpt.553.5-1-3", Class.BAD_ADDRESS),
        ("at.rcpt.551.5-1-6", Class.BAD_ADDRESS),
        ("at.rcpt.550.5-1-10", Class.BAD_ADDRESS),
        ("at.rcpt.552.5-2-2", Class.MAILBOX),
        ("at.rcpt.550.5-2-1", Class.MAILBOX),
        ("at.content.552.5-2-3", Class.MAILBOX),
        ("at.rcpt.550.5-7-1", Class.BLOCKED),
        ("at.content.550.5-7-515", Class.BLOCKED),
        ("at.content.550.5-7-26", Class.BLOCKED),
        ("at.rcpt.550", Class.REFUSED),
        ("at.data.554.5-3-0", Class.REFUSED),
        ("at.data.451.4-3-2", Class.TRANSIENT),
        ("at.content.451.4-4-2", Class.TRANSIENT),
        ("at.content.554.5-6-0", Class.REFUSED),
        ("drop.rcpt", Class.SERVICE),
        ("drop.data", Class.SERVICE),
        ("drop.content", Class.UNKNOWN),
        ("drop.taken", Class.UNKNOWN),
    ],
)
async def test_rel_14_every_answer_has_its_class_and_spoils_no_other_mail(
    features: tuple[str, ...], order: str, kind: Class
) -> None:
    sink = Sink(features=features)
    fates = await send(sink, "a@b.example", f"{order}.x@b.example", "c@d.example", "e@f.example")
    lost = {Class.SERVICE} if kind in (Class.UNKNOWN, Class.SERVICE, Class.SLOW_DOWN) else set()
    assert fates[1].kind == Class.ACCEPTED and fates[2].kind == kind
    assert {fates[3].kind, fates[4].kind} <= {Class.ACCEPTED, *lost}
    assert all(len(ids) == 1 for ids in sink.accepted.values())


@pytest.mark.parametrize(
    ("order", "kind"), [("stall.rcpt", Class.SERVICE), ("stall.data", Class.SERVICE), ("stall.content", Class.UNKNOWN)]
)
async def test_rel_21_a_server_that_stalls_is_left(order: str, kind: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_storage.smtp.transfer.WAIT_S", 0.2)
    fates = await send(Sink(), f"{order}.x@b.example", "c@d.example")
    assert fates[1].kind == kind and fates[2].kind in (Class.SERVICE, Class.ACCEPTED)


async def test_a_connection_is_closed_after_its_number_of_mails() -> None:
    sink = Sink()
    fates = await send(sink, *(f"r{n}@x.example" for n in range(10)), per_connection=4)
    assert kinds(fates) == [Class.ACCEPTED] * 10 and sink.connections == 3


async def test_letters_beyond_ascii_need_a_relay_that_takes_them() -> None:
    assert kinds(await send(Sink(), "سارا@site.example")) == [Class.ACCEPTED]
    sink = Sink(features=("PIPELINING",))
    assert kinds(await send(sink, "a@x.example", "سارا@x.example", "b@x.example")) == [
        Class.ACCEPTED,
        Class.BLOCKED,
        Class.ACCEPTED,
    ]


@pytest.mark.parametrize(
    ("methods", "expected"), [("AUTH PLAIN LOGIN", "plain"), ("AUTH LOGIN", "login"), ("AUTH PLAIN", "plain")]
)
async def test_signing_in(methods: str, expected: str) -> None:
    sink = Sink(features=(*FEATURES, methods))
    async with connected(sink, user="u", password="پ"):
        pass
    secret = base64.b64encode("\0u\0پ".encode()).decode()
    login = ":".join(base64.b64encode(part.encode()).decode() for part in ("u", "پ"))
    assert sink.sign_ins == [f"AUTH PLAIN {secret}" if expected == "plain" else f"login:{login}"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("535 5.7.8 no", Class.SIGN_IN), ("454 4.7.0 later", Class.SERVICE), ("534 5.7.9 no", Class.SIGN_IN)],
)
async def test_scenario_25_a_refused_sign_in_stops_the_account_and_a_busy_one_does_not(
    answer: str, kind: Class
) -> None:
    sink = Sink(features=(*FEATURES, "AUTH PLAIN"))
    sink.answer_sign_in = answer
    with pytest.raises(Unusable) as raised:
        async with connected(sink, user="u", password="p"):
            pass
    assert raised.value.kind == kind


async def test_a_server_that_greets_with_421_is_away_for_now() -> None:
    sink = Sink()
    sink.greeting = "421 4.3.2 closing"
    with pytest.raises(Unusable) as raised:
        async with connected(sink):
            pass
    assert raised.value.kind == Class.SERVICE


async def test_tls_is_not_given_up_when_the_server_lacks_it() -> None:
    sink = Sink()
    await sink.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    with pytest.raises(Unusable) as raised:
        await Connection(reader, writer, Account(host="localhost", port=sink.port, security="starttls")).greet()
    assert raised.value.kind == Class.SIGN_IN
    await sink.stop()


def certificate(folder: Path) -> Path:
    """A certificate for localhost that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - HOUR, now + HOUR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "tls.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    path.write_bytes(pem)
    return path


async def over_tls(sink: Sink) -> dict[int, Fate]:
    await sink.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", sink.port)
    connection = Connection(reader, writer, Account(host="localhost", port=sink.port, security="starttls"))
    fates: dict[int, Fate] = {}
    try:
        await connection.greet()
        await transfer(
            connection, mail(1, "a@b.example"), lambda: None, lambda fate: fates.update({fate.message: fate})
        )
    finally:
        await connection.quit()
        await sink.stop()
    return fates


async def test_starttls_with_a_trusted_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    features = (*FEATURES, "STARTTLS")
    with pytest.raises(Unusable) as raised:
        await over_tls(Sink(features=features, tls=server))
    assert raised.value.kind == Class.SIGN_IN
    monkeypatch.setattr("crm_storage.smtp.connection.tls_context", lambda: ssl.create_default_context(cafile=str(path)))
    assert kinds(await over_tls(Sink(features=features, tls=server))) == [Class.ACCEPTED]
    evil = Sink(features=features, tls=server)
    evil.injected = b"250 2.0.0 all is well\r\n"
    with pytest.raises(Unusable):
        await over_tls(evil)


ORDERS = st.sampled_from([
    *["ok"] * 4, "at.rcpt.550.5-1-1", "at.rcpt.451", "at.data.451", "at.content.550.5-7-1",
    "drop.content", "drop.taken", "drop.rcpt", "at.rcpt.421",
])  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(ORDERS, min_size=1, max_size=30), pipelining=st.booleans(), per=st.integers(1, 7))
def test_rel_14_no_mail_is_lost_or_doubled_in_any_mixture(orders: list[str], pipelining: bool, per: int) -> None:
    sink = Sink(features=FEATURES if pipelining else PLAIN)
    recipients = [f"{order}.r{number}@x.example" for number, order in enumerate(orders)]
    fates = run(send(sink, *recipients, per_connection=per))
    assert len(fates) == len(recipients)
    for number, recipient in enumerate(recipients, 1):
        taken = len(sink.accepted.get(recipient, ()))
        match fates[number].kind:
            case Class.ACCEPTED:
                assert taken == 1
            case Class.UNKNOWN:
                assert taken <= 1
            case _:
                assert taken == 0

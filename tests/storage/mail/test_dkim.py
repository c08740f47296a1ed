"""Signatures that another implementation finds good (scenario 31)."""

import base64
import re
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sending.conftest import SARA, composer

from crm_storage.mail.dkim import BadKey, signer

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RECORD = f"v=DKIM1; k=rsa; p={base64.b64encode(RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()}"


def good(content: bytes) -> bool:
    return dkim.verify(content, dnsfunc=lambda _name, timeout=5: RECORD.encode())


def test_scenario_31_a_mailing_is_signed_with_its_way_out() -> None:
    mail = composer(sign=signer("sadra.example", "s1", pem(RSA))).compose(SARA, datetime.now(UTC))
    assert good(mail.content)
    signed = re.search(rb"h=([a-z:-]+);", mail.content)
    assert signed
    names = signed[1].decode().split(":")
    assert names.count("from") == 2
    assert {"list-unsubscribe", "list-unsubscribe-post", "message-id", "subject"} <= set(names)
    for old, new in (
        (b"One-Click", b"Two-Click"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: <x"),
        (b"Subject: ", b"Subject: x"),
    ):
        assert not good(mail.content.replace(old, new, 1))


@settings(max_examples=60)
@given(body=st.text(alphabet=" \t\r\nab.", max_size=60), value=st.text(alphabet=" \tab", max_size=30))
def test_any_blanks_and_line_ends_are_signed_as_they_are_read(body: str, value: str) -> None:
    body = re.sub(r"\r\n|\r|\n", "\r\n", body)
    content = f"From: a@b.example\r\nSubject: x{value}\r\nX: y\r\n\r\n{body}\r\n".encode()
    assert good(signer("b.example", "s1", pem(RSA))(content, datetime.now(UTC)))


def test_a_key_that_is_none_is_refused() -> None:
    for text in (
        "",
        "nonsense",
        pem(rsa.generate_private_key(public_exponent=65537, key_size=1024))[:90],
        pem(ec.generate_private_key(ec.SECP256R1())),
    ):
        with pytest.raises(BadKey):
            signer("b.example", "s1", text)

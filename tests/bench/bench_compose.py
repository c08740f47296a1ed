"""Composing a Persian mail of two parts beside the standard library's message object, and with a signature of our own."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from crm_domain.sending.letter import Letter, Recipient
from crm_storage.mail.dkim import signer
from tests.bench.mail_arena import HTML
from tests.unit.sending.conftest import SARA, composer

MAILS = 1500
LETTER = Letter(subject="خبرنامهٔ {{ contact.first_name }}", html=HTML, language="fa")
NOW = datetime.now(UTC)


def seconds(make: Callable[[int], object]) -> float:
    started = time.perf_counter()
    for number in range(MAILS):
        make(number)
    return time.perf_counter() - started


def main() -> None:
    plain = composer(LETTER)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    signed = composer(LETTER, sign=signer("sadra.example", "s1", pem))

    def object_(number: int) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = "a@b.example", f"r{number}@x.example", "خبرنامهٔ سارا"
        message.set_content(HTML)
        message.add_alternative(HTML, subtype="html")
        return message.as_bytes()

    def of(made: object) -> Callable[[int], object]:
        return lambda number: made.compose(Recipient(number, f"r{number}@x.example", "سارا", SARA.values), NOW)  # type: ignore[attr-defined]

    rounds = [(seconds(of(plain)), seconds(of(signed)), seconds(object_)) for _ in range(3)]
    mine, with_key, standard = (1e6 * statistics.median(column) / MAILS for column in zip(*rounds, strict=True))
    print(
        f"composed {1e6 / mine:.0f}/s, signed with RSA-2048 {1e6 / with_key:.0f}/s, message objects {1e6 / standard:.0f}/s"
    )
    print(json.dumps({"name": "compose", "figure": mine, "unit": "us", "floor": standard}))
    print(json.dumps({"name": "compose and sign", "figure": with_key, "unit": "us", "floor": standard}))


if __name__ == "__main__":
    main()

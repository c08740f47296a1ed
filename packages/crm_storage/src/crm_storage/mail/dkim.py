"""Signing mail (DKIM, RFC 6376): rsa-sha256, relaxed both ways, the From signed once more than it is there."""

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "list-unsubscribe", "list-unsubscribe-post", "list-id",
    "content-type", "mime-version", "feedback-id",
)  # fmt: skip
VALID = timedelta(days=14)
_BLANKS = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")
_LINE_ENDS = re.compile(rb" \r\n")
LEAST_BITS, BITS = 1024, 2048
EXPONENT = 65537


class BadKey(ValueError):
    """The key is no RSA key in PEM, or one of less than 1024 bits."""


def signer(domain: str, selector: str, pem: str) -> Callable[[bytes, datetime], bytes]:
    """A function that puts a signature in front of a whole mail. Raises BadKey."""
    key = _key(pem)

    def signed(content: bytes, now: datetime) -> bytes:
        head, _, body = content.partition(b"\r\n\r\n")
        headers = [_relaxed(line) for line in _FOLDS.sub(b"", head).split(b"\r\n")]
        by_name = {line.partition(b":")[0].decode(): line for line in headers}
        present = [name for name in SIGNED if name in by_name]
        digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
        moment = int(now.timestamp())
        value = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector};\r\n"
            f" t={moment}; x={moment + int(VALID.total_seconds())};\r\n"
            f" h={':'.join(['from', *present])};\r\n bh={digest};\r\n b="
        )
        unsigned = _relaxed(_FOLDS.sub(b"", f"DKIM-Signature: {value}".encode()))
        said = b"".join(by_name[name] + b"\r\n" for name in present) + unsigned
        proof = base64.b64encode(key.sign(said, PKCS1v15(), SHA256())).decode()
        lines = "\r\n ".join(proof[at : at + 72] for at in range(0, len(proof), 72))
        return f"DKIM-Signature: {value}{lines}\r\n".encode() + content

    return signed


def new_key() -> str:
    """A private key in PEM."""
    key = generate_private_key(EXPONENT, BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_key(pem: str) -> str:
    """What the domain tells of that key to whoever checks a signature, in base64. Raises BadKey."""
    public = _key(pem).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(public).decode()


def _key(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as error:
        raise BadKey from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise BadKey
    return key


def _relaxed(line: bytes) -> bytes:
    """One unfolded header: small name, single blanks, none around the colon and at the end."""
    name, _, value = line.partition(b":")
    return name.strip().lower() + b":" + _BLANKS.sub(b" ", value).strip()


def _relaxed_body(body: bytes) -> bytes:
    """Single blanks, none at the ends of lines, no empty lines at the end."""
    plain = _LINE_ENDS.sub(b"\r\n", _BLANKS.sub(b" ", body))
    plain = plain.rstrip(b" ")
    while plain.endswith(b"\r\n"):
        plain = plain[:-2]
    return plain + b"\r\n" if plain else b""

"""The codes of a second factor: by the clock from an authenticator app, or one of ten kept on paper (SEC-30)."""

import secrets
from datetime import datetime

from pyotp import random_base32
from pyotp.totp import TOTP

from crm_domain.text.digits import to_ascii

CODES = 10
STEP_S = 30
ISSUER = "Sadra"


def new_totp_secret() -> str:
    return random_base32()


def otpauth(secret: str, name: str, issuer: str = ISSUER) -> str:
    """The address that authenticator apps read from the picture."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def typed_code(text: str) -> str:
    """A code as it is compared, however it was typed."""
    return to_ascii("".join(text.split())).lower()


def step_of(secret: str, code: str, now: datetime) -> int:
    """The time step whose code this is, the neighbours of now included; 0 when it is none. Whoever asks uses it up."""
    totp = TOTP(secret)
    current = int(now.timestamp()) // STEP_S
    return next(
        (
            step
            for step in (current, current - 1, current + 1)
            if secrets.compare_digest(totp.at(step * STEP_S).encode(), code.encode())
        ),
        0,
    )


def new_recovery_codes() -> list[str]:
    """Ten codes that each work once; only their fingerprints are to be kept."""
    return [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(CODES)]

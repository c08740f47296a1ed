"""Addresses read at once come to what the library makes of them."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from crm_domain.meaning.clean import email_address
from crm_domain.problems import BadValue

LOCALS = st.text("ab.-_+'@09A", min_size=1, max_size=8) | st.sampled_from(["x" * 64, "x" * 65, "Sales", "postmaster"])
DOMAINS = st.text("ab.-9", min_size=1, max_size=8) | st.sampled_from(
    ["gmail.com", "Gmail.COM", "site.example", "site.test", "localhost", "a..com", "-a.com", "ab--c.com", "x" * 64 + ".com",
     ".".join(["y" * 60] * 3) + ".com", ".".join(["y" * 63] * 4)]
)  # fmt: skip


def told(address: str) -> str:
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return ""


def read(address: str) -> str:
    try:
        return email_address(address)
    except BadValue:
        return ""


@given(LOCALS, DOMAINS)
def test_an_address_is_what_the_library_says(local: str, domain: str) -> None:
    assert read(f"{local}@{domain}") == told(f"{local}@{domain}")


@pytest.mark.parametrize("address", ["mina@site.example", "Mina@Site.Example", "مینا@سایت.example"])
def test_usual_and_unusual_addresses_are_read(address: str) -> None:
    assert read(address) == told(address) != ""

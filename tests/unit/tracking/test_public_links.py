"""Public links: short, good in one spelling only, and worth nothing once a letter is changed."""

import string
from datetime import UTC, datetime

import pytest

from crm_domain.keys import KeyRing
from crm_domain.tracking.public import FIRST_LINK, PublicLinks, Visitors
from crm_domain.tracking.tokens import Content

KEYS = KeyRing("a key for these tests and nothing else")
LINKS = PublicLinks(KEYS)
LETTERS = string.ascii_letters + string.digits + "-_"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def token(links: PublicLinks, tenant: int, number: int) -> str:
    return links.address("https://t.example", tenant, number).removeprefix("https://t.example/t/")


@pytest.mark.parametrize(
    ("tenant", "number", "most"), [(1, 1, 10), (127, 128, 11), (300, 70_000, 14), (2**29, 2**29, 20)]
)
def test_a_public_link_is_short_and_says_what_it_leads_to(tenant: int, number: int, most: int) -> None:
    made = token(LINKS, tenant, number)
    assert len(made) <= most
    assert LINKS.read(made) == Content(tenant, link=FIRST_LINK + number)
    assert token(LINKS, tenant + 1, number) != made


def test_sec_19_a_changed_letter_makes_a_public_link_worthless() -> None:
    for tenant, number in ((1, 1), (5, 300), (4000, 9)):
        good = token(LINKS, tenant, number)
        for place, letter in enumerate(good):
            for other in LETTERS.replace(letter, ""):
                assert LINKS.read(good[:place] + other + good[place + 1 :]) is None
        for bad in (good + "A", good[:-1], good + "==", f" {good}", good + "\n", "", "é", "A" * 100):
            assert LINKS.read(bad) is None, bad


def test_sec_55_a_changed_key_reads_what_its_forerunner_made_and_strangers_read_nothing() -> None:
    made = token(LINKS, 7, 8)
    newer = PublicLinks(KeyRing("another key", ("a key for these tests and nothing else",)))
    assert newer.read(made) == Content(7, link=FIRST_LINK + 8)
    assert token(newer, 7, 8) != made
    assert PublicLinks(KeyRing("another key")).read(made) is None


def test_sec_55_a_visitor_is_the_same_for_one_link_and_day_only() -> None:
    visitors, link = Visitors(KEYS), Content(1, link=FIRST_LINK + 1)
    mark = visitors.mark(link, NOON, "192.0.2.0/24", b"Firefox")
    assert mark == visitors.mark(link, NOON.replace(hour=23), "192.0.2.0/24", b"Firefox")
    others = {
        visitors.mark(link, NOON.replace(day=27), "192.0.2.0/24", b"Firefox"),
        visitors.mark(Content(1, link=FIRST_LINK + 2), NOON, "192.0.2.0/24", b"Firefox"),
        visitors.mark(Content(2, link=FIRST_LINK + 1), NOON, "192.0.2.0/24", b"Firefox"),
        visitors.mark(link, NOON, "192.0.3.0/24", b"Firefox"),
        visitors.mark(link, NOON, "192.0.2.0/24", b"Chrome"),
    }
    assert len(others | {mark}) == 6

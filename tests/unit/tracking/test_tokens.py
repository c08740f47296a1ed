"""Tokens: they say what they were given, to whom they were made for, and nothing when a letter is changed."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_domain.keys import KeyRing
from crm_domain.tracking.tokens import HONEYPOT, LETTERS, MAIL_LETTERS, TEST, Content, Kind, Tokens

OLD, NEW = "an old installation key, kept for a while", "a new installation key that signs from now"
TOKENS = Tokens(KeyRing(NEW))
CONTENT = Content(tenant=7, message=2**63 - 1, link=4_000_000_000, marks=TEST | HONEYPOT)
WEB = string.ascii_letters + string.digits + "-_"
contents = st.builds(
    Content,
    tenant=st.integers(0, 2**32 - 1),
    message=st.integers(0, 2**64 - 1),
    link=st.integers(0, 2**32 - 1),
    marks=st.integers(0, 15),
)


@given(contents, st.sampled_from(Kind))
def test_a_token_says_what_it_was_given(content: Content, kind: Kind) -> None:
    assert TOKENS.read(kind, TOKENS.sign(kind, content)) == content
    assert TOKENS.read_mail(kind, TOKENS.sign_mail(kind, content).upper()) == content


@pytest.mark.parametrize("kind", Kind)
def test_a_token_of_one_kind_is_worthless_as_another(kind: Kind) -> None:
    token, mailed = TOKENS.sign(kind, CONTENT), TOKENS.sign_mail(kind, CONTENT)
    others = [other for other in Kind if other is not kind]
    assert [TOKENS.read(other, token) for other in others] == [None] * len(others)
    assert [TOKENS.read_mail(other, mailed) for other in others] == [None] * len(others)


def test_tokens_fit_into_addresses() -> None:
    assert len(TOKENS.sign(Kind.CLICK, CONTENT)) == LETTERS <= 48
    assert len(f"bounce+{TOKENS.sign_mail(Kind.BOUNCE, CONTENT)}") <= 64
    assert len(TOKENS.sign_mail(Kind.BOUNCE, CONTENT)) == MAIL_LETTERS


def test_sec_55_100000_forged_tokens_are_refused() -> None:
    chance = random.Random(55)
    token = TOKENS.sign(Kind.CLICK, CONTENT)
    accepted = 0
    for _ in range(100_000):
        letters = list(token)
        for _ in range(chance.randint(1, 3)):
            letters[chance.randrange(LETTERS)] = chance.choice(WEB + "+/= é")
        forged = "".join(letters)
        accepted += forged != token and TOKENS.read(Kind.CLICK, forged) is not None
    assert accepted == 0


def test_sec_55_every_letter_counts_also_the_spare_bits_of_the_last() -> None:
    token = TOKENS.sign(Kind.CLICK, CONTENT)
    changed = [token[:i] + letter + token[i + 1 :] for i in range(LETTERS) for letter in WEB if letter != token[i]]
    assert not any(TOKENS.read(Kind.CLICK, one) for one in changed)
    mailed = TOKENS.sign_mail(Kind.BOUNCE, CONTENT)
    small = string.ascii_lowercase + "234567"
    changed = [
        mailed[:i] + letter + mailed[i + 1 :] for i in range(MAIL_LETTERS) for letter in small if letter != mailed[i]
    ]
    assert not any(TOKENS.read_mail(Kind.BOUNCE, one) for one in changed)


def test_sec_55_neighbours_look_unlike_and_hide_what_they_say() -> None:
    first, second = (TOKENS.sign(Kind.OPEN, Content(7, number)) for number in (1000, 1001))
    same = sum(a == b for a, b in zip(first[8:], second[8:], strict=True))
    assert same < 10


def test_a_former_key_still_reads_and_a_foreign_one_never_does() -> None:
    old = Tokens(KeyRing(OLD)).sign(Kind.OPT_OUT, CONTENT)
    assert TOKENS.read(Kind.OPT_OUT, old) is None
    rotated = Tokens(KeyRing(NEW, [OLD]))
    assert rotated.read(Kind.OPT_OUT, old) == CONTENT
    assert rotated.sign(Kind.OPT_OUT, CONTENT) == TOKENS.sign(Kind.OPT_OUT, CONTENT)

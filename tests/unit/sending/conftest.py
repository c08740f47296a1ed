"""A Persian and an English letter, and composers for them."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import msgspec
import pytest

from crm_domain.keys import KeyRing
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.sending.compose import Composer
from crm_domain.sending.letter import Letter, Occasion, Outgoing, Recipient, Sender, Tracked
from crm_domain.sending.words import vocabulary
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.tracking.tokens import Tokens

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TOKENS = Tokens(KeyRing("k" * 40))
PAGE = """
<style>h1 {color:#123456} @media (max-width:600px) {h1 {font-size:20px}}</style>
<h1>سلام {{ contact.first_name | default:"دوست گرامی" }}</h1>
<p>نمایشگاه {{ system.today | jdate }} در تهران برگزار می‌شود. تلفن شما: {{ contact.phone_mobile }}</p>
<table><tr><td>الف</td><td>ب</td></tr></table>
<p><a href="{shop}">فروشگاه</a> <a href="https://example.ir/a?b=1&amp;c=2">برنامه</a> <a href="https://example.ir/a?b=1&amp;c=2">باز</a></p>
"""
PERSIAN_LETTER = Letter(subject="خبرنامهٔ {{ contact.first_name }}", html=PAGE, language="fa", preheader="پیش‌نمایش")
ENGLISH_LETTER = Letter(
    subject="News for {{ contact.first_name | default:'you' }}",
    html='<p>Dear {{ contact.first_name | default:"friend" }}, see <a href="https://example.com/x">our page</a>.</p>',
    language="en",
)
SHOP = Tracked("shop", "https://shop.example.ir/")
SENDER = Sender(from_name="شرکت صدرا", from_address="news@sadra.example", bounce_domain="b.sadra.example")
OCCASION = Occasion(
    tenant=7,
    tenant_name="صدرا",
    campaign="0193a000-0000-7000-8000-00000000000c",
    campaign_name="خبرنامه",
    campaign_type="newsletter",
    tracker_url="https://t.sadra.example",
)
SARA = Recipient(
    41, "sara@site.ir", "سارا محمدی", {"contact.first_name": "سارا", "contact.phone_mobile": "+989121234567"}
)


def composer(letter: Letter = PERSIAN_LETTER, sender: Sender = SENDER, sign: Any = None, **occasion: Any) -> Composer:
    locale = PERSIAN if letter.language == "fa" else ENGLISH
    voice = Voice(catalogue(letter.language), locale, NOW)
    words = vocabulary([REGISTRY["contacts"], REGISTRY["leads"]], voice)
    return Composer(letter, (SHOP,), sender, msgspec.structs.replace(OCCASION, **occasion), words, TOKENS, sign=sign)


def opened(mail: Outgoing) -> EmailMessage:
    """As a mail program reads it."""
    return message_from_bytes(mail.content, policy=default)  # type: ignore[return-value]


@pytest.fixture
def mail() -> Callable[..., EmailMessage]:
    def made(letter: Letter = PERSIAN_LETTER, recipient: Recipient = SARA, **how: Any) -> EmailMessage:
        return opened(composer(letter, **how).compose(recipient, NOW))

    return made

"""The mail that leaves: its parts, its headers, its addresses, in both languages."""

import re
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from tests.unit.sending.conftest import (
    ENGLISH_LETTER,
    NOW,
    PERSIAN_LETTER,
    SARA,
    SHOP,
    TOKENS,
    composer,
    opened,
)  # fmt: skip

from crm_domain.problems import BadValue
from crm_domain.sending.letter import Attachment, Letter, Recipient, Sender
from crm_domain.sending.plain import links_of
from crm_domain.text.merge_tags import BadTemplate, Missing
from crm_domain.tracking.tokens import TEST, Content, Kind

BASE = "https://t.sadra.example"


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    return (plain.get_content() if plain else ""), (page.get_content() if page else "")


def test_scenario_30_a_persian_mail_is_utf8_base64_right_to_left_and_short_lined(mail) -> None:
    outgoing = composer().compose(SARA, NOW)
    message = opened(outgoing)
    assert message.get_content_type() == "multipart/alternative"
    for part in message.iter_parts():
        assert part.get_content_charset() == "utf-8" and part["Content-Transfer-Encoding"] == "base64"
    assert max(len(line) for line in outgoing.content.split(b"\r\n")) <= 998
    assert b"\n" not in outgoing.content.replace(b"\r\n", b"")
    plain, page = parts(message)
    assert "سلام سارا" in plain and "سلام سارا" in page
    root = html.document_fromstring(page)
    assert root.get("dir") == "rtl" and root.get("lang") == "fa"
    body = root.find("body")
    stripped = body.find("table")
    assert stripped.get("dir") == "rtl"
    cells = [one for one in stripped.iter("td", "p", "h1")]
    assert cells and all(one.get("dir") == "rtl" and one.get("align") == "right" for one in cells)


def test_styles_are_inline_and_media_queries_stay(mail) -> None:
    page = parts(mail())[1]
    assert re.search(r'<h1 style="color: ?#123456', page) and "@media" in page


def test_dates_and_digits_are_the_readers(mail) -> None:
    assert "۲ آذر ۱۴۰۵" in parts(mail())[0]
    assert '<span dir="ltr" style="unicode-bidi:isolate">' in parts(mail())[1]


def test_an_english_mail_is_readable_text_from_left_to_right(mail) -> None:
    message = mail(ENGLISH_LETTER, Recipient(5, "ann@site.example", "Ann", {"contact.first_name": "Ann"}))
    assert message["Subject"] == "News for Ann" and message["Content-Language"] == "en"
    plain, page = parts(message)
    assert plain.startswith("Dear Ann, see our page [1].") and "[1] https://t.sadra.example/c/" in plain
    assert html.document_fromstring(page).get("dir") == "ltr"
    assert all(part["Content-Transfer-Encoding"] == "quoted-printable" for part in message.iter_parts())


def test_scenario_31_every_mail_can_be_left_with_one_click(mail) -> None:
    for letter in (PERSIAN_LETTER, ENGLISH_LETTER, Letter(subject="x", text="words", text_only=True, language="en")):
        message = mail(letter)
        web, post = re.findall(r"<([^>]+)>", message["List-Unsubscribe"])
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert TOKENS.read(Kind.OPT_OUT, web.removeprefix(f"{BASE}/u/")) == Content(7, 41)
        local = re.fullmatch(r"mailto:u-(\w+)@b\.sadra\.example\?subject=unsubscribe", post)
        assert local and TOKENS.read_mail(Kind.OPT_OUT, local[1]) == Content(7, 41)
        assert "/u/" in parts(message)[0]


def test_scenario_31_message_id_is_stable_and_the_return_path_carries_the_mail() -> None:
    first, again = composer().compose(SARA, NOW), composer().compose(SARA, NOW.replace(hour=20))
    other = composer().compose(Recipient(42, "sara@site.ir", "", SARA.values), NOW)
    assert opened(first)["Message-ID"] == opened(again)["Message-ID"] != opened(other)["Message-ID"]
    token = first.mail_from.removeprefix("b-").removesuffix("@b.sadra.example")
    assert TOKENS.read_mail(Kind.BOUNCE, token) == Content(7, 41)
    assert len(first.mail_from.partition("@")[0]) <= 64 and opened(first)["X-Sadra-Msg"] == token


def test_without_a_domain_for_returns_one_mailbox_or_the_sender_takes_them() -> None:
    one = composer(sender=Sender(from_name="", from_address="a@b.example", bounce_mailbox="back@b.example"))
    assert re.fullmatch(r"back\+\w{55}@b\.example", one.compose(SARA, NOW).mail_from)
    none = composer(sender=Sender(from_name="", from_address="a@b.example"))
    assert none.compose(SARA, NOW).mail_from == "a@b.example"


def test_links_are_counted_once_and_lead_through_the_tracker(mail) -> None:
    assert [(link.position, link.url, link.tracker) for link in links_of(PERSIAN_LETTER, (SHOP,))] == [
        (1, "https://shop.example.ir/", "shop"),
        (2, "https://example.ir/a?b=1&c=2", ""),
    ]
    page = parts(mail())[1]
    found = re.findall(r'href="https://t\.sadra\.example/c/([^"]+)"', page)
    assert [TOKENS.read(Kind.CLICK, token).link for token in found] == [1, 2, 2]
    assert "example.ir/a" not in page
    pixel = re.search(r'<img src="https://t\.sadra\.example/o/([^"]+)\.gif" width="1" height="1" alt=""', page)
    assert pixel and TOKENS.read(Kind.OPEN, pixel[1]) == Content(7, 41)


def test_counting_can_be_left_out(mail) -> None:
    plain, page = parts(mail(track_opens=False, track_clicks=False))
    assert "/c/" not in page and "/o/" not in page and "https://example.ir/a?b=1" in page and "/u/" in page + plain


def test_a_test_mail_says_so_in_subject_and_tokens(mail) -> None:
    message = mail(test=True)
    assert message["Subject"] == "[آزمایش] خبرنامهٔ سارا"
    token = re.search(r"/u/([\w-]+)>", message["List-Unsubscribe"])
    assert token and TOKENS.read(Kind.OPT_OUT, token[1]).marks == TEST


def test_an_opt_out_of_the_authors_own_is_not_doubled(mail) -> None:
    page = '<p>text <a href="{{ system.unsubscribe_url }}">leave</a></p>'
    assert parts(mail(Letter(subject="x", html=page, language="en")))[1].count("/u/") == 1
    assert parts(mail(Letter(subject="x", html="<p>text</p>", language="en")))[1].count("/u/") == 1


def test_scenario_32_a_text_only_mail_has_its_opt_out_and_headers(mail) -> None:
    message = mail(Letter(subject="x", text="Hello {{ contact.first_name }}, {shop}", text_only=True, language="en"))
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    assert f"{BASE}/c/" in text and f"Unsubscribe: {BASE}/u/" in text and message["List-Unsubscribe"]


def test_scenario_32_values_inject_no_header_and_no_markup(mail) -> None:
    evil = {"contact.first_name": 'a\r\nBcc: x@y.z\r\n\r\n<script>alert(1)</script>"'}
    message = mail(recipient=Recipient(1, "a@b.example", "", evil))
    assert message["Bcc"] is None and "\n" not in message["Subject"]
    assert "<script" not in parts(message)[1] and "&lt;script&gt;" in parts(message)[1]
    with pytest.raises(BadValue):
        mail(recipient=Recipient(1, "a@b.example", "Eve\r\nBcc: x@y.z", {}))
    for address in (
        "a@b.example\r\nBcc: x@y.z",
        "a b@c.example",
        "<a@b.example>",
        "a@b",
        "@b.example",
        "a@b.example,c@d.example",
    ):
        with pytest.raises(BadValue):
            mail(recipient=Recipient(1, address, "", {}))


def test_scenario_29_a_letter_with_unknown_words_makes_no_composer() -> None:
    with pytest.raises(BadTemplate) as raised:
        composer(Letter(subject="x", html="<p>{{ contact.salary }}</p>"))
    assert raised.value.problem.facts["text"] == "contact.salary"
    with pytest.raises(BadValue):
        composer(Letter(subject="x", html='<a href="{nowhere}">x</a>'))
    with pytest.raises(Missing):
        composer(Letter(subject="{{ contact.title | required }}", html="x")).compose(SARA, NOW)


def test_files_go_outside_of_the_alternatives(mail) -> None:
    letter = Letter(
        subject="x", html="<p>a</p>", attachments=(Attachment("فهرست.pdf", "application/pdf", b"%PDF-1.7"),)
    )
    message = mail(letter)
    assert message.get_content_type() == "multipart/mixed"
    assert [part.get_filename() for part in message.iter_attachments()] == ["فهرست.pdf"]
    assert next(message.iter_attachments()).get_content() == b"%PDF-1.7" and parts(message)[1]


def test_a_responsive_layout_is_made_from_mjml(mail) -> None:
    source = """<mjml><mj-body><mj-section><mj-column><mj-text>سلام {{ contact.first_name }}</mj-text>
    <mj-button href="{shop}">برو</mj-button></mj-column></mj-section></mj-body></mjml>"""
    page = parts(mail(Letter(subject="x", html=source)))[1]
    assert "سلام سارا" in page and f"{BASE}/c/" in page and "<mj-" not in page and 'dir="rtl"' in page
    with pytest.raises(BadValue):
        composer(Letter(subject="x", html="<mjml><mj-body>"))


def test_an_international_domain_is_written_as_mail_writes_it() -> None:
    mail = composer().compose(Recipient(1, "info@سایت.ir", "", {}), NOW)
    assert mail.rcpt_to == "info@xn--mgbgz72d.ir" and mail.ascii_envelope
    assert not composer().compose(Recipient(1, "سارا@site.ir", "", {}), NOW).ascii_envelope


@given(st.text(min_size=1, max_size=300))
def test_any_subject_arrives_as_it_was_filled(subject: str) -> None:
    letter = Letter(subject="{{ contact.first_name }}", text="x", text_only=True, language="en")
    outgoing = composer(letter).compose(Recipient(1, "a@b.example", "", {"contact.first_name": subject}), NOW)
    message = opened(outgoing)
    assert all(
        len(line) <= 78
        for line in outgoing.content.partition(b"\r\n\r\n")[0].split(b"\r\n")
        if line.startswith(b"Subject")
    )
    shown = "".join(letter for letter in message["Subject"] if not letter.isspace())
    kept = "".join(one for one in subject if not one.isspace() and one.isprintable())
    assert "".join(one for one in shown if one.isprintable()) == kept or not subject.strip()


@given(st.text(alphabet=st.characters(blacklist_characters="\r\n\0", blacklist_categories=("Cs", "Cc")), max_size=80))
def test_any_name_arrives_and_brings_no_address(name: str) -> None:
    message = opened(composer(ENGLISH_LETTER).compose(Recipient(1, "a@b.example", name, {}), NOW))
    found = message["To"].addresses
    assert [one.addr_spec for one in found] == ["a@b.example"]
    assert found[0].display_name.split() == name.split() or getaddresses([message["To"]])[0][1] == "a@b.example"

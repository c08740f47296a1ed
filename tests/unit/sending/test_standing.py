"""What receivers ask of a sender's domain, judged from its records."""

import pytest

from crm_domain.sending.standing import Rule, Sender, judge

OURS = Sender(domain="mail.sadra.example", host="smtp.sadra.example", security="starttls", selector="s1", key="MIIBkey")
GOOD = {
    "mail.sadra.example": ["google-site-verification=x", "v=spf1 include:_spf.sadra.example ~all"],
    "s1._domainkey.mail.sadra.example": ["v=DKIM1; k=rsa; p=MIIB key"],
    "_dmarc.mail.sadra.example": [],
    "_dmarc.sadra.example": ["v=DMARC1; p=quarantine"],
}


def rule(key: str, found: dict, sender: Sender = OURS) -> Rule:
    return next(one for one in judge(sender, found) if one.key == key)


def test_a_domain_that_says_everything_keeps_every_rule() -> None:
    assert set(OURS.names) == set(GOOD)
    assert {one.state for one in judge(OURS, GOOD)} == {"good"}


@pytest.mark.parametrize(
    ("key", "name", "texts", "state", "why"),
    [
        ("spf", "mail.sadra.example", [], "bad", "missing"),
        ("spf", "mail.sadra.example", ["v=spf1 -all", "v=spf1 a -all"], "bad", "several"),
        ("spf", "mail.sadra.example", ["v=spf1 +all"], "bad", "open"),
        ("spf", "mail.sadra.example", ["v=spf10 -all"], "bad", "missing"),
        ("spf", "mail.sadra.example", None, "unknown", "no_answer"),
        ("dkim", "s1._domainkey.mail.sadra.example", [], "bad", "missing"),
        ("dkim", "s1._domainkey.mail.sadra.example", ["v=DKIM1; p="], "bad", "other_key"),
        ("dkim", "s1._domainkey.mail.sadra.example", ["v=DKIM1; p=another"], "bad", "other_key"),
        ("dkim", "s1._domainkey.mail.sadra.example", None, "unknown", "no_answer"),
        ("dmarc", "_dmarc.sadra.example", [], "bad", "missing"),
        ("dmarc", "_dmarc.sadra.example", ["v=spf1 -all"], "bad", "missing"),
        ("dmarc", "_dmarc.mail.sadra.example", None, "unknown", "no_answer"),
    ],
)
def test_what_is_missing_is_named(key: str, name: str, texts: list[str] | None, state: str, why: str) -> None:
    found = rule(key, {**GOOD, name: texts})
    assert (found.state, found.why) == (state, why)
    assert bool(found.value) is (state == "bad"), "with a record that would do"


def test_the_record_that_would_do_carries_the_accounts_own_key() -> None:
    found = rule("dkim", {**GOOD, "s1._domainkey.mail.sadra.example": []})
    assert (found.name, found.value) == ("s1._domainkey.mail.sadra.example", "v=DKIM1; k=rsa; p=MIIBkey")


def test_where_the_server_signs_nothing_is_asked_and_nothing_claimed() -> None:
    sender = Sender(domain="sadra.example", host="h.example", security="tls")
    assert sender.names == ("sadra.example", "_dmarc.sadra.example")
    found = rule("dkim", {"sadra.example": [], "_dmarc.sadra.example": []}, sender)
    assert (found.state, found.why) == ("unknown", "by_server")


def test_a_free_mailbox_and_a_connection_in_clear_are_told() -> None:
    sender = Sender(domain="gmail.com", host="h.example", security="none")
    assert [one.why for one in judge(sender, {}) if one.key in ("own_domain", "tls")] == ["free_mail", "clear_text"]

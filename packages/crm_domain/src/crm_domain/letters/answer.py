"""What an answer begins with: to whom, about what, and the words it answers."""

import re

from crm_domain.letters.addresses import Party, parties
from crm_domain.letters.incoming import as_markup
from crm_domain.modules.emails.fields import Email
from crm_domain.tenancy import Language
from crm_domain.text.rich import clean

PREFIX = re.compile(r"^\s*(?:(?:re|fw|fwd|aw|پاسخ|ارسال)\s*[:：]\s*)+", re.IGNORECASE)


def subject_of(email: Email, prefix: str) -> str:
    """The subject with one prefix, however many it had."""
    return f"{prefix}: {PREFIX.sub('', email.name)}"[:255]


def language_of(text: str) -> Language:
    """The language in which most of a letter's beginning is written, as far as letters tell."""
    letters = [letter for letter in text[:600] if letter.isalpha()]
    persian = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
    return "fa" if 2 * persian > len(letters) else "en"


def answered(email: Email, mine: frozenset[str], *, everybody: bool) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Whom an answer goes to, and who gets a copy: never the writer himself, unless he wrote to nobody else."""
    outgoing = email.email_type in ("out", "draft")
    first = parties(email.recipients) if outgoing else parties(email.sender)
    others = parties(email.copies) if outgoing else (*parties(email.recipients), *parties(email.copies))
    to = tuple(party for party in first if party.address.lower() not in mine) or first
    known = {party.address.lower() for party in to} | mine
    return to, tuple(party for party in others if party.address.lower() not in known) if everybody else ()


def quoted(email: Email, line: str) -> str:
    """The letter as a quotation under a line that says whose it is."""
    words = clean(email.body) if email.body else as_markup(email.description or "")
    return f"<p></p><p>{as_markup(line).removeprefix('<p>').removesuffix('</p>')}</p><blockquote>{words}</blockquote>"


def ancestry(email: Email) -> str:
    """The References of an answer: the oldest, and the latest that fit."""
    chain = (email.ancestors or email.answers or "").split()
    return " ".join(dict.fromkeys([*chain[:1], *chain[1:][-30:], *([email.message_id] if email.message_id else [])]))

"""An e-mail: what was written to us, what we wrote, and what somebody put into the files by hand."""

from collections.abc import Mapping
from typing import Any

from crm_domain.definition import Arrangement, Change, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, Computed, DateTime, Files, Link, LongText, RichText, Text
from crm_domain.letters.incoming import MOST_BODY, MOST_TEXT
from crm_domain.modules.emails.options import (
    EMAIL_CATEGORIES,
    EMAIL_FAILURES,
    EMAIL_FOLDERS,
    EMAIL_STATUSES,
    EMAIL_TYPES,
)
from crm_domain.problems import Refused
from crm_domain.text.rich import to_plain

OPENING = 160
"""Letters of the text that stand beside the subject in a list."""
MOST_FILES = 40


def opening_words(values: Mapping[str, Any]) -> str:
    """The beginning of the text, in one line."""
    return " ".join((values.get("description") or "")[: 4 * OPENING].split())[:OPENING]


class Email(Record):
    """`description` is the plain text, `body` its cleaned HTML where there is any. Addresses stand as in a header."""

    name = required(Text(max_length=255, search=True))
    sender = Text(max_length=320, search=True)
    recipients = LongText(max_length=20_000)
    copies = LongText(max_length=20_000)
    blind = LongText(max_length=20_000)
    sent_at = DateTime(indexed=True)
    email_type = Choice(options=EMAIL_TYPES, default="archived", readonly=True, indexed=True)
    status = Choice(options=EMAIL_STATUSES, default="archived", readonly=True, audited=False, indexed=True)
    folder = Choice(options=EMAIL_FOLDERS, default="archive", readonly=True, audited=False, indexed=True)
    flagged = Boolean(audited=False)
    category = Choice(options=EMAIL_CATEGORIES, indexed=True)
    track_opens = Boolean(readonly=True, copied=False)
    personal = Boolean(readonly=True, copied=False)
    automatic = Boolean(readonly=True, copied=False)
    mailbox = Link(target="mailboxes", inverse="emails", readonly=True, copied=False)
    place = Text(max_length=255, readonly=True, copied=False, audited=False, indexed=True)
    description = LongText(max_length=MOST_TEXT, audited=False)
    body = RichText(max_length=MOST_BODY, audited=False)
    attachments = Files(most=MOST_FILES)
    left_out = LongText(max_length=4000, readonly=True, copied=False)
    leaves_at = DateTime(readonly=True, copied=False, audited=False)
    failure = Choice(options=EMAIL_FAILURES, readonly=True, copied=False)
    message_id = Text(max_length=255, readonly=True, copied=False, indexed=True)
    answers = Text(max_length=255, readonly=True, copied=False)
    ancestors = LongText(max_length=8000, readonly=True, copied=False)
    thread = Text(max_length=255, readonly=True, copied=False, indexed=True)
    snippet = Computed[str](by=opening_words, of=("description",), readonly=True, audited=False)

    layout = Arrangement(
        columns=(name, sender, recipients, email_type, status, sent_at, Record.assigned_to),
        offered=(
            snippet,
            folder,
            flagged,
            category,
            mailbox,
            attachments,
            personal,
            copies,
            Record.team,
            Record.created_at,
        ),
        panels=(
            panel(
                "overview",
                (name,),
                (sender, recipients),
                (copies, blind),
                (sent_at, flagged),
                (description,),
                (attachments,),
                (left_out,),
                (Record.assigned_to, Record.team),
            ),
            panel(
                "origin",
                (email_type, status),
                (category,),
                (folder, mailbox),
                (place, leaves_at),
                (personal, failure),
                (track_opens, automatic),
                (message_id, answers),
                folded=True,
            ),
        ),
        quick=((name,), (sender, recipients), (sent_at,), (description,)),
        picker=(name, sender, sent_at),
        basic=(name,),
        advanced=(
            name,
            sender,
            recipients,
            description,
            email_type,
            status,
            folder,
            category,
            sent_at,
            Record.assigned_to,
        ),
        highlights=(sender, email_type, status, sent_at),
        sort="-sent_at",
    )


WRITTEN = (Email.name, Email.sender, Email.recipients, Email.copies, Email.blind, Email.sent_at, Email.description)
OPEN_TYPES = ("draft", "archived")
"""What people write themselves; what was sent or came in stays as it was, and what could not be sent does not."""


def stays_as_written(change: Change[Email]) -> None:
    """Nobody puts words into a letter that has gone or come."""
    before = change.before
    if before is None or before.email_type in OPEN_TYPES or before.status == "send_error":
        return
    if any(change.touches(field) for field in (*WRITTEN, Email.body, Email.attachments)):
        raise Refused("emails.stays_as_written")


def completed(change: Change[Email]) -> None:
    """The words of what has only markup, the time of what has none, and a thread of its own for what begins one."""
    if change.named(Email.body) and not change.named(Email.description):
        change.set(Email.description, to_plain(change.after.body or "")[:MOST_TEXT] or None)
    if change.after.sent_at is None:
        change.set(Email.sent_at, change.now)
    if change.new and not change.after.thread:
        change.set(Email.thread, str(change.after.id))

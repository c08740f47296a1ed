"""The tables of a tenant behind its letters: who reads a mailbox just now and how far, how people sign, what was opened."""

from sqlalchemy import BigInteger, Column, Identity, Index, MetaData, Table, Text, Uuid

from crm_domain.letters.rules import FIRST_NUMBER
from crm_storage.columns import INSTANT
from crm_storage.tenant_tables.parts import flag, number, reference, stamp, word


def letter_tables(metadata: MetaData) -> None:
    """Declares them in the metadata of a tenant."""
    Table(
        "mailbox_reading",
        metadata,
        reference("mailbox_id", "mailboxes", key=True),
        Column("claim", Uuid),
        Column("claimed_until", INSTANT),
        Column("read_at", INSTANT),
        number("failures"),
    )
    Table(
        "mailbox_folder",
        metadata,
        reference("mailbox_id", "mailboxes", key=True),
        Column("folder", Text, primary_key=True),
        Column("uid_validity", BigInteger, nullable=False),
        Column("last_uid", BigInteger, nullable=False),
        word("kind"),
        flag("chosen"),
        flag("listed"),
    )
    place = Table(
        "letter_place",
        metadata,
        reference("mailbox_id", "mailboxes", key=True),
        Column("folder", Text, primary_key=True),
        Column("uid", BigInteger, primary_key=True),
        reference("email_id", "emails"),
        flag("seen"),
        flag("answered"),
        flag("flagged"),
    )
    Index("ix_letter_place_email", place.c.email_id)
    Table("letter_home", metadata, reference("email_id", "emails", key=True), word("folder"))
    Table(
        "user_signature",
        metadata,
        reference("user_id", "users", key=True),
        Column("language", Text, primary_key=True),
        Column("body", Text, nullable=False),
    )
    Table(
        "letter_open",
        metadata,
        reference("email_id", "emails", key=True),
        Column("number", BigInteger, Identity(always=True, start=FIRST_NUMBER), nullable=False, unique=True),
        number("opens"),
        number("machine_opens"),
        Column("first_at", INSTANT),
        Column("last_at", INSTANT),
    )
    Table(
        "letter_handing",
        metadata,
        reference("email_id", "emails", key=True),
        Column("token", Uuid, nullable=False),
        stamp("begun_at"),
    )

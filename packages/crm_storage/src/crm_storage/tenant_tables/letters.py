"""The tables of a tenant behind its mailboxes: who reads one just now, and how far its folders have been read."""

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, Uuid

from crm_storage.columns import INSTANT
from crm_storage.tenant_tables.parts import number, reference


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
    )

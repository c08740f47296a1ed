"""A letter's files beside a record that was made of it: a note holds them, the same stored files and no copies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import Blob, Ref
from crm_domain.modules.notes import Note

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def carry(work: "Work", record: Ref, subject: str, files: Sequence[Blob]) -> UUID:
    """The note; it is the record's own, whoever made it. Raises Denied, Invalid."""
    [row] = await work.store.fetch(work.registry[record.module], [record.id], columns=("assigned_to", "team"))
    return await work.create(
        Note,
        Note.name.to(subject),
        Note.parent.to(record),
        Note.attachments.to(tuple(files)),
        Note.assigned_to.to(row["assigned_to"]),
        Note.team.to(row["team"]),
    )

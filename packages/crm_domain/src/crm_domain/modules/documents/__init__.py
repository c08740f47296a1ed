"""Documents: files that many records share, with every version of them kept."""

from crm_domain.definition import Expiry, LinkFields, ManyToMany, Module
from crm_domain.definition.kinds import Link
from crm_domain.modules.blocks.parents import DOCUMENT_OWNERS
from crm_domain.modules.documents.fields import Document, DocumentRevision
from crm_domain.modules.documents.revise import (
    becomes_current,
    dates_in_order,
    keeps_revisions,
    last_one_stays,
    named_by_file,
    revision_is_final,
)

DOCUMENTS = Module(
    key="documents",
    record=Document,
    icon="folder",
    group="activities",
    open_field="status",
    expiry=Expiry(day="expires_on", becomes="expired", warn_days=7),
    before_save=(named_by_file, dates_in_order),
    with_work=(keeps_revisions,),
)
DOCUMENT_REVISIONS = Module(
    key="document_revisions",
    record=DocumentRevision,
    icon="files",
    group="",
    before_save=(revision_is_final,),
    with_work=(becomes_current,),
    before_remove=(last_one_stays,),
)


class Pinned(LinkFields):
    """Which revision was agreed on, whatever the document says today."""

    revision = Link(target="document_revisions", readonly=True)


PINNED_BY = ("contracts",)
DOCUMENT_LINKS = tuple(
    ManyToMany(
        key=f"{owner}_documents",
        left=owner,
        right="documents",
        left_key="documents",
        right_key=owner,
        fields=Pinned if owner in PINNED_BY else LinkFields,
        pins="revision" if owner in PINNED_BY else "",
    )
    for owner in DOCUMENT_OWNERS
)
"""The records a document belongs to; each of them shows its documents."""

__all__ = ["DOCUMENTS", "DOCUMENT_LINKS", "DOCUMENT_REVISIONS", "Document", "DocumentRevision"]

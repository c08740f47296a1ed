"""Documents: files that many records share, with every version of them kept."""

from crm_domain.definition import Expiry, ManyToMany, Module
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
DOCUMENT_LINKS = tuple(
    ManyToMany(key=f"{owner}_documents", left=owner, right="documents", left_key="documents", right_key=owner)
    for owner in DOCUMENT_OWNERS
)
"""The records a document belongs to; each of them shows its documents."""

__all__ = ["DOCUMENTS", "DOCUMENT_LINKS", "DOCUMENT_REVISIONS", "Document", "DocumentRevision"]

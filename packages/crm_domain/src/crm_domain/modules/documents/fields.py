"""What a document and its revisions hold."""

from crm_domain.definition import Arrangement, Record, panel, required
from crm_domain.definition.kinds import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DependentChoice,
    File,
    Link,
    LongText,
    Text,
    Url,
)
from crm_domain.modules.blocks.parents import DOCUMENT_OWNERS
from crm_domain.modules.documents.options import (
    DOCUMENT_CATEGORIES,
    DOCUMENT_STATUSES,
    DOCUMENT_SUBCATEGORIES,
    DOCUMENT_TEMPLATE_TYPES,
)


class Document(Record):
    """`file` is the one of the current revision; a new file makes a new revision."""

    name = required(Text(max_length=255, search=True))
    file = required(File())
    revision = required(Text(max_length=100, default="1", copied=False))
    status = required(Choice(options=DOCUMENT_STATUSES, default="active", indexed=True))
    published_on = required(Date(indexed=True))
    expires_on = Date(indexed=True)
    category = Choice(options=DOCUMENT_CATEGORIES, indexed=True)
    subcategory = DependentChoice(options=DOCUMENT_SUBCATEGORIES, leader="category")
    is_template = Boolean()
    template_type = Choice(options=DOCUMENT_TEMPLATE_TYPES)
    related_document = Link(target="documents", inverse="related_documents", indexed=True)
    related_revision = Link(target="document_revisions")
    external_url = Url()
    description = LongText()
    revised_at = DateTime(readonly=True, audited=False, copied=False, indexed=True)

    layout = Arrangement(
        columns=(name, file, status, category, revised_at, expires_on, Record.assigned_to, Record.created_at),
        offered=(
            subcategory, revision, published_on, is_template, template_type, related_document, external_url, Record.team,
            Record.modified_at, Record.created_by, Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (file, status),
                (name, revision),
                (category, subcategory),
                (published_on, expires_on),
                (description,),
                (Record.assigned_to, Record.team),
            ),
            panel(
                "more",
                (is_template, template_type),
                (related_document, related_revision),
                (external_url, revised_at),
                folded=True,
            ),
        ),
        quick=((status, file), (name, revision), (published_on, category), (description,)),
        picker=(name, revision, category),
        basic=(name,),
        advanced=(
            name, status, category, subcategory, is_template, template_type, published_on, expires_on, Record.assigned_to,
        ),
        highlights=(revision, category, published_on, expires_on, Record.assigned_to),
        board=status,
        card=(name, category, expires_on, Record.assigned_to),
        subpanels=("revisions", *DOCUMENT_OWNERS, "related_documents"),
    )  # fmt: skip


class DocumentRevision(Record):
    """One version of a document, kept as it was. `name` is its label, such as 1 or 2.1."""

    name = required(Text(max_length=100, search=True))
    document = required(Link(target="documents", inverse="revisions", on_delete="cascade", indexed=True))
    file = required(File())
    change_log = Text(max_length=255, search=True)

    layout = Arrangement(
        columns=(name, file, change_log, document, Record.created_by, Record.created_at),
        panels=(panel("overview", (document, name), (file,), (change_log,)),),
        quick=((document, name), (file,), (change_log,)),
        picker=(name, document, Record.created_at),
        basic=(name,),
        advanced=(name, document, change_log, Record.created_by, Record.created_at),
        highlights=(document, Record.created_by, Record.created_at),
    )

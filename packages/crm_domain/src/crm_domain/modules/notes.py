"""Notes: what should be remembered of a record, with or without a file."""

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import AnyLink, Boolean, Files, Link, RichText, Text
from crm_domain.modules.blocks.parents import NOTE_PARENTS


class Note(Record):
    name = required(Text(max_length=255, search=True))
    parent = AnyLink(targets=NOTE_PARENTS, inverse="notes")
    contact = Link(target="contacts", inverse="contact_notes", indexed=True)
    attachments = Files()
    description = RichText(mentions=True)
    pinned = Boolean(copied=False)
    portal_visible = Boolean()

    layout = Arrangement(
        columns=(name, parent, contact, attachments, Record.created_by, Record.created_at),
        offered=(pinned, portal_visible, Record.assigned_to, Record.team, Record.modified_at, Record.modified_by),
        panels=(
            panel(
                "overview",
                (name,),
                (parent, contact),
                (description,),
                (attachments,),
                (pinned, portal_visible),
                (Record.assigned_to, Record.team),
            ),
        ),
        quick=((contact, parent), (name, Record.assigned_to), (attachments,), (description,)),
        picker=(name, contact, Record.created_at),
        basic=(name,),
        advanced=(name, contact, attachments, pinned, Record.created_by, Record.assigned_to, Record.created_at),
        highlights=(parent, contact, Record.assigned_to),
    )


NOTES = Module(key="notes", record=Note, icon="file-text", group="activities")

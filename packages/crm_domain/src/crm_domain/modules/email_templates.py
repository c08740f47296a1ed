"""E-mail templates: what a mailing says, with places for what differs from one reader to the next."""

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, Files, LongText, Text
from crm_domain.modules.marketing_options import TEMPLATE_LANGUAGES, TEMPLATE_TYPES

MOST_ATTACHED = 5
HTML_LENGTH = 500_000
"""Five times what most readers' programs show."""


class EmailTemplate(Record):
    """`body_html` is the source as its author wrote it; it is checked and cleaned on its way into a page or a mail."""

    name = required(Text(max_length=255, search=True))
    template_type = required(Choice(options=TEMPLATE_TYPES, default="campaign", indexed=True))
    language = required(Choice(options=TEMPLATE_LANGUAGES, default="fa", indexed=True))
    subject = required(Text(max_length=255, search=True))
    preheader = Text(max_length=255)
    body_html = LongText(max_length=HTML_LENGTH)
    body_text = LongText(max_length=HTML_LENGTH)
    text_only = Boolean()
    attachments = Files(most=MOST_ATTACHED)
    description = LongText()

    layout = Arrangement(
        columns=(name, subject, template_type, language, Record.assigned_to, Record.modified_at),
        offered=(preheader, text_only, attachments, description, Record.team, Record.created_at, Record.created_by),
        panels=(
            panel(
                "overview",
                (name, template_type),
                (subject,),
                (preheader,),
                (language, text_only),
                (description,),
                (Record.assigned_to, Record.team),
            ),
            panel("body", (body_html,), (body_text,), (attachments,), folded=True),
        ),
        quick=((name, template_type), (subject,), (language, text_only), (body_html,)),
        picker=(name, subject, template_type, language),
        basic=(name,),
        advanced=(name, subject, template_type, language, Record.assigned_to, Record.team),
        highlights=(subject, template_type, language, Record.assigned_to),
        subpanels=("email_marketing",),
        sort="-modified_at",
    )


EMAIL_TEMPLATES = Module(key="email_templates", record=EmailTemplate, icon="layout-template", group="marketing")

"""Writing an e-mail template: the text beside what a reader sees of it, the tags it may hold, and what is wrong with it."""

from html import escape
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.enums import MediaType

from crm_domain.definition import kinds
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.modules.email_templates import EmailTemplate
from crm_domain.problems import BadValue
from crm_domain.query.page import Row
from crm_domain.sending.letter import Letter
from crm_domain.sending.preview import Preview, lint, preview
from crm_domain.text.merge_tags import BadTemplate
from crm_web.letters.merge_words import READERS, letter_words
from crm_web.records.starting import given_ref
from crm_web.records.view import heading
from crm_web.visit import Visit
from crm_web.written import keep_written, tag, writable

FIELDS = ("subject", "preheader", "language", "text_only", "body_html", "body_text")
OFFERED = (
    "first_name", "last_name", "name", "salutation", "title", "department", "account", "account_name", "phone_mobile",
    "phone_work", "emails",
)  # fmt: skip
"""What the picker offers of a reader, besides the tenant's own fields."""
OTHERS = (
    "account.name", "owner.name", "owner.title", "owner.phone", "campaign.name", "sender.name", "sender.address", "system.today",
    "system.unsubscribe_url", "system.web_view_url", "system.preferences_url",
)  # fmt: skip
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; font-src 'self'; sandbox;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""A letter runs nothing and loads nothing but its pictures; it stands in a frame of ours only."""
DARK = (
    "<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}img{filter:invert(1) hue-rotate(180deg)}</style>"
)
PLAIN = '<!doctype html><meta charset="utf-8"><pre dir="auto" style="white-space:pre-wrap;font:15px/1.8 Vazirmatn,Tahoma,sans-serif">'


class TemplateEditorPages(Controller):
    """/email_templates/<id>/editor."""

    path = "/email_templates"

    @get("/{record_id:uuid}/editor")
    async def editor(self, visit: Visit, record_id: UUID) -> Response[str]:
        row = await _template(visit, record_id)
        return await _page(visit, row, dict(row.values), [])

    @post("/{record_id:uuid}/editor")
    async def keep(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        row = await _template(visit, record_id)
        return await keep_written(visit, visit.work.module(EmailTemplate), row, posted, FIELDS, _page)

    @post("/{record_id:uuid}/preview")
    async def show(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[str]:
        """What a reader would see of what is being written; for the frame beside it."""
        await _template(visit, record_id)
        letter = _letter(posted)
        try:
            seen = preview(letter, letter_words(visit, letter.language), _values(visit, letter))
            body = _shown(seen, text=posted.get("part") == "text", dark=bool(posted.get("dark")))
        except (BadTemplate, BadValue) as fault:
            body = PLAIN + escape(visit.text(fault.problem.id, **fault.problem.facts)) + "</pre>"
        headers = {"Content-Security-Policy": POLICY}
        return Response(body, media_type=MediaType.HTML, headers=headers)

    @post("/{record_id:uuid}/lint")
    async def judge(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[str]:
        """What is wrong with it, and what its author should know."""
        await _template(visit, record_id)
        return visit.part("email_templates/lint.html", **_judged(visit, _letter(posted)))


async def _template(visit: Visit, id_: UUID) -> Row:
    return await writable(visit, visit.work.module(EmailTemplate), id_)


async def _page(visit: Visit, row: Row, values: dict[str, Any], problems: list[str]) -> Response[str]:
    letter = Letter(
        subject=values.get("subject") or "",
        html=values.get("body_html") or "",
        text=values.get("body_text") or "",
        text_only=bool(values.get("text_only")),
        language="en" if values.get("language") == "en" else "fa",
        preheader=values.get("preheader") or "",
    )
    marketing = visit.work.module(EmailMarketing)
    return await visit.page(
        "email_templates/editor.html",
        current="email_templates",
        **await heading(visit, visit.work.module(EmailTemplate), row),
        tab="editor",
        letter=letter,
        version=row["version"],
        campaign=given_ref(marketing.field("campaign"), visit.request.query_params.get("campaign", "")),
        problems=problems,
        tags=_tags(visit),
        snippets=_snippets(visit),
        **_judged(visit, letter),
    )


def _letter(posted: FormMultiDict) -> Letter:
    """What is in the form, saved or not."""
    return Letter(
        subject=posted.get("subject", ""),
        html=posted.get("body_html", ""),
        text=posted.get("body_text", ""),
        text_only="true" in posted.getall("text_only", []),
        language="en" if posted.get("language") == "en" else "fa",
        preheader=posted.get("preheader", ""),
    )


def _values(visit: Visit, letter: Letter) -> dict[str, Any]:
    """A reader whom nobody knows, in the letter's language."""
    words = catalogue(letter.language)
    person = {key: words.text(f"email_templates.sample.{key}") for key in ("first_name", "last_name", "name", "title")}
    groups = ("recipient", "contact", "lead", "target", "user")
    values: dict[str, Any] = {f"{group}.{key}": value for group in groups for key, value in person.items()}
    company = words.text("email_templates.sample.company")
    values |= {f"{group}.account_name": company for group in groups} | {"account.name": company}
    return {
        **values,
        "owner.name": visit.actor.name,
        "campaign.name": words.text("email_templates.sample.campaign"),
        "sender.name": visit.tenant.name,
        "system.today": visit.voice.now,
    }


def _shown(seen: Preview, *, text: bool, dark: bool) -> str:
    if text or not seen.html:
        return PLAIN + escape(seen.text) + "</pre>"
    return seen.html.replace("</head>", f"{DARK}</head>", 1) if dark else seen.html


def _judged(visit: Visit, letter: Letter) -> dict[str, Any]:
    wrong, told = lint(letter, letter_words(visit, letter.language))
    return {
        "wrong": [visit.text(problem.id, **problem.facts) for problem in wrong],
        "told": [visit.text(problem.id, **problem.facts) for problem in told],
    }


def _tags(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """The picker: groups of a label and the tag that a click puts in."""
    fields: dict[str, str] = {}
    for key in READERS:
        module = visit.module(key)
        for field in module.own_fields():
            if (field.key in OFFERED or field.custom) and not isinstance(
                field, kinds.File | kinds.Image | kinds.Secret
            ):
                fields.setdefault(field.key, visit.voice.label(module, field))
    order = [key for key in OFFERED if key in fields] + [key for key in fields if key not in OFFERED]
    reader = [(fields[key], tag(f"recipient.{key}")) for key in order]
    others = [(visit.text(f"email_templates.tag.{name}"), tag(name)) for name in OTHERS]
    return [
        (visit.text("email_templates.tag.recipient"), reader),
        (visit.text("email_templates.tag.others"), others),
    ]


def _snippets(visit: Visit) -> list[tuple[str, str, str]]:
    """Building blocks: icon, label, markup with `|` where the chosen text goes."""
    button = (
        '<p><a href="https://" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#0f6b5c;'
        'color:#ffffff;text-decoration:none">|</a></p>'
    )
    columns = (
        '<table role="presentation" width="100%"><tr><td width="50%" valign="top">|</td>'
        '<td width="50%" valign="top"></td></tr></table>'
    )
    image = '<p><img src="https://" alt="|" width="560" style="max-width:100%;height:auto"></p>'
    blocks = (
        ("type", "heading", "<h1>|</h1>"),
        ("text-quote", "paragraph", "<p>|</p>"),
        ("bold", "bold", "<strong>|</strong>"),
        ("link", "link", '<a href="https://">|</a>'),
        ("square", "button", button),
        ("image", "image", image),
        ("list", "list", "<ul>\n<li>|</li>\n</ul>"),
        ("columns-3", "columns", columns),
        ("minus", "divider", '<hr style="border:0;border-top:1px solid #e4e7ec">'),
    )
    return [(glyph, visit.text(f"email_templates.block.{key}"), markup) for glyph, key, markup in blocks]

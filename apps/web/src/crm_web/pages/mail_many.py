"""Writing to several records ticked in a list: a letter for each of them, filled with his own words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.letters.addresses import Party
from crm_domain.letters.incoming import as_markup
from crm_domain.modules.email_templates import EmailTemplate
from crm_domain.modules.emails.write import Written, keep_draft, send
from crm_domain.problems import BadValue, Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.records.forms import Form, read_form
from crm_domain.records.uploads import opened
from crm_domain.text import numbers
from crm_storage.letters.rules import letter_rules
from crm_ui.inputs import Draft
from crm_web.letters.enclosures import enclosed
from crm_web.letters.form import senders, signed, templates
from crm_web.letters.lines import HOUSE
from crm_web.letters.many import MOST, Filled, Recipient, filled, mailable, recipients, tags
from crm_web.lists.selection import selected
from crm_web.pages.mail_compose import FIELDS, Problems, leaving_at
from crm_web.supported import CLOSED
from crm_web.uploads import taken_in
from crm_web.visit import Visit


class ManyPages(Controller):
    """/mail/many."""

    path = "/mail/many"
    opt = CLOSED

    @post("/")
    async def choose(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """From a list's ticked records to the form. Raises Refused for more than a person writes to one by one."""
        module = _module(visit, posted.get("module", ""))
        ids = await selected(visit, module, posted)
        if len(ids) > MOST:
            raise Refused("my_mail.too_many", number=numbers.format_number(MOST, visit.voice.locale))
        return visit.go(f"/mail/many?module={module.key}&" + "&".join(f"id={id_}" for id_ in ids))

    @get("/")
    async def form(self, visit: Visit, request: Request[Any, Any, Any], module: str = "") -> Response[str]:
        known = _module(visit, module)
        found = await recipients(visit, known, _ids(request.query_params.getall("id", [])))
        signature = (await senders(visit))[0][2]
        form = Form({"body": signed(visit, "", signature)} if signature else {}, {}, {})
        return await _page(visit, known, found, FormMultiDict([]), form, {})

    @post("/send")
    async def act(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Sends, or takes a template's words into the form."""
        module, emails = _module(visit, posted.get("module", "")), visit.module("emails")
        found = await recipients(visit, module, _ids(posted.getall("id", [])))
        pairs, problems = await taken_in(visit, emails, posted, FIELDS)
        form = read_form(emails, pairs, FIELDS, visit.voice)
        problems |= form.problems
        if posted.get("do") == "template":
            return await _from_template(visit, module, found, posted, form, problems)
        chosen = [one for one in found if one.party]
        if not chosen:
            problems[""] = (FieldProblem("my_mail.nobody_chosen"),)
        try:
            body = form.values.get("body") or ""
            words = filled(visit, module, form.values.get("name") or "", body, posted.get("language", ""))
        except BadValue as bad:
            problems["name"] = (bad.problem,)
            words = None
        if problems or words is None:
            return await _page(visit, module, found, posted, form, problems, status=422)
        try:
            await _send(visit, module, chosen, words, form, posted)
        except Invalid as invalid:
            return await _page(visit, module, found, posted, form, dict(invalid.fields), status=422)
        await visit.commit()
        number = numbers.format_number(len(chosen), visit.voice.locale)
        return visit.go(f"/{module.key}", visit.text("my_mail.many_leaving", number=number))


async def _send(
    visit: Visit, module: Module[Any], chosen: Sequence[Recipient], words: Filled, form: Form, posted: FormMultiDict
) -> None:
    values = await opened(visit.work, form.values)
    box = posted.get("box", HOUSE)
    rules, at = await letter_rules(visit.session), await leaving_at(visit)
    columns = tuple(dict.fromkeys(words.columns.values())) or ("name",)
    ids = [one.ref.id for one in chosen]
    with visit.names_as_stored():
        rows = {row.id: row for row in await visit.work.store.fetch(module, ids, columns=columns)}
    for one in chosen:
        assert one.party is not None, "only who has an address is written to"
        subject, body = words.to(rows[one.ref.id])
        written = Written(
            writer=Party(visit.actor.name, visit.actor.email),
            mailbox=None if box == HOUSE else _ids([box])[0],
            to=[one.party],
            subject=subject,
            body=body,
            attachments=values.get("attachments") or (),
            records=[one.ref],
            track_opens=rules.may_track and bool(posted.get("tracked")),
        )
        id_ = await keep_draft(visit.work, written, untitled=visit.text("my_mail.untitled"))
        await send(visit.work, id_, at)


async def _from_template(
    visit: Visit, module: Module[Any], found: Sequence[Recipient], posted: FormMultiDict, form: Form, problems: Problems
) -> Response[str]:
    """The template's words with their tags, which are filled for each reader when the letters are sent."""
    ids = _ids([posted.get("template", "")]) if posted.get("template") else []
    if ids:
        template = await visit.work.get(EmailTemplate, ids[0])
        body = template.body_html or as_markup(template.body_text or "")
        offered = await senders(visit, template.language or "")
        signature = next((words for key, _, words in offered if key == posted.get("box")), "")
        form.values |= await enclosed(visit, form.values, template.attachments or ())
        form.values |= {"name": template.subject[:255], "body": body + signature}
        return await _page(visit, module, found, posted, form, problems, language=template.language or "")
    return await _page(visit, module, found, posted, form, problems)


async def _page(
    visit: Visit,
    module: Module[Any],
    found: Sequence[Recipient],
    posted: FormMultiDict,
    form: Form | None,
    problems: Problems,
    *,
    language: str = "",
    status: int = 200,
) -> Response[str]:
    draft = Draft(visit.module("emails"), visit.voice, dict(form.values) if form else {}, problems=problems)
    told = [
        visit.text(one.id, **one.facts) for key in ("name", "body", "attachments", "") for one in problems.get(key, ())
    ]
    offered = await senders(visit)
    return await visit.page(
        "mail/many.html",
        status=status,
        current="mail",
        module=module,
        modules_name=visit.voice.module(module),
        to=[one for one in found if one.party],
        left_out=[(one.ref.name, visit.text(one.why)) for one in found if one.why],
        number=numbers.format_number(sum(one.party is not None for one in found), visit.voice.locale),
        wrong=list(dict.fromkeys(told)),
        subject=draft.input("name"),
        body=draft.input("body"),
        files=draft.input("attachments"),
        senders=offered,
        box=posted.get("box", offered[0][0]),
        templates=await templates(visit),
        language=language or posted.get("language", visit.voice.catalogue.language),
        tags=tags(visit, module),
        may_track=(await letter_rules(visit.session)).may_track,
        tracked=bool(posted.get("tracked")),
    )


def _module(visit: Visit, key: str) -> Module[Any]:
    if key not in visit.work.registry:
        raise NotFound
    module = visit.module(key)
    visit.allow(module, "list")
    if not mailable(visit, module):
        raise Denied
    return module


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts][:MOST]
    except ValueError:
        raise Invalid({"id": (FieldProblem("problems.unknown_record"),)}) from None

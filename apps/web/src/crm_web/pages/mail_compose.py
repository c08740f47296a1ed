"""Writing a letter: a form that keeps drafts, takes a template's words, and sends."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.definition.kinds import DateTime
from crm_domain.letters.addresses import Party, legible, parties, typed
from crm_domain.meaning.parse import parse
from crm_domain.modules.emails.write import Written, discard, keep_draft, send
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.records.forms import Form, gather, read_form
from crm_domain.records.uploads import opened
from crm_domain.text.format import format_time
from crm_storage.letters.about import spared
from crm_storage.letters.rules import letter_rules
from crm_ui.inputs import Draft
from crm_web.letters.enclosures import chosen_document, document_input, enclosed
from crm_web.letters.form import Begun, begin, from_template, senders, templates
from crm_web.letters.lines import HOUSE, RECORD
from crm_web.supported import CLOSED
from crm_web.uploads import taken_in
from crm_web.visit import Visit

FIELDS = ("name", "body", "attachments")
LATER = DateTime(key="later")
LONGEST = timedelta(days=366)
PEOPLE = {"to": "recipients", "copies": "copies", "blind": "blind"}
Problems = dict[str, tuple[FieldProblem, ...]]


class ComposePages(Controller):
    """/mail/compose."""

    path = "/mail/compose"
    opt = CLOSED

    @get("/")
    async def form(self, visit: Visit, request: Request[Any, Any, Any]) -> Response[str]:
        visit.allow(visit.module("emails"), "create")
        return await _page(visit, await begin(visit, dict(request.query_params.items())), None, {})

    @post("/")
    async def act(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """Sends now or later, keeps, discards, or takes a template's words or a document's file into the form; `keep` keeps
        while one writes."""
        module = visit.module("emails")
        visit.allow(module, "create")
        draft, wish = _uuid(posted.get("draft", "")), posted.get("do", "draft")
        if wish == "discard":
            if draft:
                await discard(visit.work, draft)
                await visit.commit()
            return visit.go("/mail", visit.text("my_mail.discarded"))
        pairs, problems = await taken_in(visit, module, posted, FIELDS)
        form = read_form(module, pairs, FIELDS, visit.voice)
        problems |= form.problems
        begun = _begun(posted, form, await visit.named(_records(visit, posted, problems)))
        if wish in ("template", "attach"):
            return await _taken_over(visit, wish, begun, posted)
        if wish == "keep":
            return await _quietly(visit, begun, form, posted, draft)
        people = {name: _people(posted.get(name, ""), name, problems) for name in PEOPLE}
        sending = wish in ("send", "later")
        at = _later(visit, posted, problems) if wish == "later" else None
        await _spare(visit, people, problems, posted.get("knowing", ""), sending=sending)
        if problems:
            return await _page(visit, begun, form, problems, posted, status=422)
        try:
            id_ = await _kept(visit, begun, form, people, draft)
            if sending:
                await send(visit.work, id_, at or await leaving_at(visit))
        except Invalid as invalid:
            return await _page(visit, begun, form, dict(invalid.fields), posted, status=422)
        await visit.commit()
        if sending:
            said = visit.text("my_mail.scheduled" if at else "my_mail.leaving")
            return visit.go(f"/mail/{id_}", said, undo=f"/mail/{id_}/back")
        return visit.go(f"/mail/compose?draft={id_}", visit.text("my_mail.kept"))


async def _taken_over(visit: Visit, wish: str, begun: Begun, posted: FormMultiDict) -> Response[str]:
    """The form again with a template's words and files, or with a document's file."""
    if wish == "attach":
        found = await chosen_document(visit, posted)
        lost = isinstance(found, FieldProblem)
        begun.values = await enclosed(visit, begun.values, () if lost else (found,))
        return await _page(visit, begun, None, {"document": (found,)} if lost else {})
    if template := _uuid(posted.get("template", "")):
        begun, fault = await from_template(visit, begun, template)
        return await _page(visit, begun, None, {"name": (fault,)} if fault else {})
    begun.values = await enclosed(visit, begun.values)
    return await _page(visit, begun, None, {})


async def _quietly(
    visit: Visit, begun: Begun, form: Form, posted: FormMultiDict, draft: UUID | None
) -> Response[dict[str, str]]:
    """Keeps what is written so far, unfinished as it may be, and says when; a form in which nothing stands is no draft."""
    people = {name: legible(posted.get(name, "")) for name in PEOPLE}
    if form.problems or not (draft or any(people.values()) or form.values.get("name") or form.values.get("body")):
        return Response({"draft": str(draft or ""), "said": ""})
    id_ = await _kept(visit, begun, form, people, draft)
    await visit.commit()
    time = format_time(visit.voice.now, visit.voice.locale, visit.voice.catalogue)
    return Response({"draft": str(id_), "said": visit.text("my_mail.kept_at", time=time)})


async def _kept(
    visit: Visit, begun: Begun, form: Form, people: Mapping[str, Sequence[Party]], draft: UUID | None
) -> UUID:
    values = await opened(visit.work, form.values)
    written = Written(
        writer=Party(visit.actor.name, visit.actor.email),
        mailbox=None if begun.box == HOUSE else _uuid(begun.box),
        to=people["to"],
        copies=people["copies"],
        blind=people["blind"],
        subject=values.get("name") or "",
        body=values.get("body") or "",
        attachments=values.get("attachments") or (),
        answers=_uuid(begun.answers),
        records=begun.records,
        track_opens=begun.tracked and (await letter_rules(visit.session)).may_track,
    )
    return await keep_draft(visit.work, written, draft, untitled=visit.text("my_mail.untitled"))


def _later(visit: Visit, posted: FormMultiDict, problems: Problems) -> datetime | None:
    """The time somebody chose, between now and a year from now."""
    try:
        at = parse(LATER, gather(posted.multi_items()).get("later", ""), visit.voice)
    except BadValue as bad:
        problems["later"] = (bad.problem,)
        return None
    if not isinstance(at, datetime) or not visit.voice.now < at < visit.voice.now + LONGEST:
        problems["later"] = (FieldProblem("my_mail.later_when"),)
        return None
    return at


async def leaving_at(visit: Visit) -> datetime | None:
    """When what is sent now leaves: after the moments in which it may be taken back."""
    wait_s = (await letter_rules(visit.session)).wait_s
    return visit.voice.now + timedelta(seconds=wait_s) if wait_s else None


async def _page(
    visit: Visit,
    begun: Begun,
    form: Form | None,
    problems: Problems,
    posted: FormMultiDict | None = None,
    *,
    status: int = 200,
) -> Response[str]:
    module = visit.module("emails")
    draft = Draft(module, visit.voice, begun.values, raw=form.raw if form else {}, problems=problems)
    raw = gather(posted.multi_items()) if posted else {}
    chosen = Draft(module, visit.voice, {}, raw={"later": raw["later"]} if "later" in raw else {}, problems=problems)
    labels = {key: f"{visit.text(f'emails.{field}')}: " for typed, field in PEOPLE.items() for key in (typed, field)}
    told = [
        labels.get(key, "") + visit.text(problem.id, **problem.facts)
        for key in (*labels, "record", "")
        for problem in problems.get(key, ())
    ]
    opted_out = await _opted_out(visit, begun)
    return await visit.page(
        "mail/compose.html",
        status=status,
        current="mail",
        begun=begun,
        wrong=list(dict.fromkeys(told)),
        knowing=" ".join(opted_out),
        opted_out=visit.text("record.list_separator").join(opted_out),
        subject=draft.input("name"),
        body=draft.input("body"),
        files=draft.input("attachments"),
        document=document_input(visit, draft),
        later=chosen.input_of(LATER, visit.text("my_mail.later")),
        concerning=draft.input_of(RECORD, visit.text("my_mail.related")),
        is_later="later" in problems,
        senders=await senders(visit, begun.language),
        sign_below=visit.actor.preferences.sign_below,
        may_track=(await letter_rules(visit.session)).may_track,
        templates=await templates(visit),
        records=[(ref, visit.work.registry[ref.module].icon) for ref in begun.records],
    )


def _begun(posted: FormMultiDict, form: Form, records: Sequence[Ref]) -> Begun:
    return Begun(
        box=posted.get("box", HOUSE),
        to=posted.get("to", ""),
        copies=posted.get("copies", ""),
        blind=posted.get("blind", ""),
        values=dict(form.values),
        answers=posted.get("answers", ""),
        records=tuple(records),
        draft=posted.get("draft", ""),
        language=posted.get("language", ""),
        tracked=bool(posted.get("tracked")),
    )


def _people(text: str, name: str, problems: Problems) -> tuple[Party, ...]:
    try:
        return typed(text)
    except BadValue as bad:
        problems[name] = (bad.problem,)
        return ()


async def _spare(
    visit: Visit, people: Mapping[str, Sequence[Party]], problems: Problems, knowing: str, *, sending: bool
) -> None:
    """Where nothing arrives nothing is sent; to who wants no mailings only by a writer who was told so."""
    addresses = [party.address for found in people.values() for party in found]
    if not sending or not addresses:
        return
    found = await spared(visit.session, addresses)
    if found.invalid:
        shown = visit.text("record.list_separator").join(found.invalid)
        problems["to"] = (*problems.get("to", ()), FieldProblem("my_mail.invalid", {"addresses": shown}))
    elif set(found.opted_out) - set(knowing.split()):
        problems["to"] = (*problems.get("to", ()), FieldProblem("my_mail.told_opted_out"))


async def _opted_out(visit: Visit, begun: Begun) -> tuple[str, ...]:
    """Those of the letter's readers who want no mailings."""
    addresses = [party.address for text in (begun.to, begun.copies, begun.blind) for party in parties(text)]
    return (await spared(visit.session, addresses)).opted_out if addresses else ()


def _records(visit: Visit, posted: FormMultiDict, problems: Problems) -> list[Ref]:
    """The records the letter belongs to: those still ticked, and the one just chosen."""
    parts = (text.partition(".") for text in posted.getall("records", []))
    found = [Ref(module, id_) for module, _, text in parts if (id_ := _uuid(text))]
    try:
        chosen = parse(RECORD, gather(posted.multi_items()).get("record", ""), visit.voice)
    except BadValue as bad:
        problems["record"] = (bad.problem,)
        return found
    return [*found, chosen] if isinstance(chosen, Ref) and chosen not in found else found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

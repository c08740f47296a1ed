"""What a letter begins with: empty, an answer, something handed on, a draft, or a template's words."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.letters.addresses import Party, listed, parties
from crm_domain.letters.answer import answered, language_of, quoted, subject_of
from crm_domain.letters.incoming import as_markup
from crm_domain.modules.email_templates import EmailTemplate
from crm_domain.modules.emails import Email
from crm_domain.problems import BadValue, FieldProblem, NotFound
from crm_domain.query.filter import Condition, Group, Mine, both
from crm_domain.query.page import ListQuery, Sort
from crm_domain.sending.words import columns_of, values_of
from crm_domain.text import format as formats
from crm_domain.text import rich
from crm_domain.text.merge_tags import Place, compile_template, parse
from crm_storage.letters.about import address_of, concerned
from crm_storage.letters.signatures import signatures_of
from crm_web.letters.enclosures import enclosed, kept_document
from crm_web.letters.lines import HOUSE
from crm_web.letters.merge_words import READERS, letter_words
from crm_web.reach import one
from crm_web.visit import Visit

MOST_TEMPLATES = 100


class Begun(msgspec.Struct, kw_only=True):
    """A letter while it is being written, as its form shows it."""

    box: str = HOUSE
    to: str = ""
    copies: str = ""
    blind: str = ""
    values: dict[str, Any] = {}
    """By field key: name, body, attachments."""
    answers: str = ""
    records: tuple[Ref, ...] = ()
    draft: str = ""
    language: str = ""
    """In which the letter is signed; empty for the writer's own."""
    tracked: bool = False


async def senders(visit: Visit, language: str = "") -> list[tuple[str, str, str]]:
    """From which addresses the reader may write: key, words, signature as markup.

    Where a mailbox has no signature of its own he signs with his, in the letter's language or his own.
    """
    signed = await signatures_of(visit.session, visit.access.user)
    own = signed.get(language) or signed.get(visit.voice.language, "")
    found: list[tuple[str, str, str]] = []
    if visit.access.can("mailboxes", "list"):
        mine = Group((Mine(team=True), Condition("mailbox_use", "eq", "group")), any=True)
        active = both(mine, Condition("active", "eq", True))
        query = ListQuery(filter=active, columns=("name", "address", "signature"), sort=(Sort("name"),), limit=20)
        rows = (await visit.work.store.page(visit.module("mailboxes"), query)).rows
        found = [
            (str(row.id), f"{row['name']} <{row['address']}>", as_markup(row["signature"] or "") or own) for row in rows
        ]
    house = visit.text("my_mail.house_sender", company=visit.tenant.name, address=visit.actor.email)
    return [*found, (HOUSE, house, own)]


async def begin(visit: Visit, asked: dict[str, str]) -> Begun:
    """What the form starts with. Raises NotFound for what the reader may not reach."""
    former = _id(asked, "answer") or _id(asked, "forward")
    email = await visit.work.get(Email, former) if former else None
    language = language_of(email.description or email.name) if email else ""
    there = await senders(visit, language)
    wanted = asked.get("box", "")
    begun = Begun(box=wanted if wanted in {key for key, _, _ in there} else there[0][0], language=language)
    if draft := _id(asked, "draft"):
        return await _draft(visit, draft)
    if email is not None:
        begun = await _answer(visit, begun, email, asked, there)
    wanted = asked.get("to", "")[:320]
    if record := _ref(asked.get("record", "")):
        with visit.names_as_stored():
            row = await one(visit, visit.module(record.module), record.id)
        begun.records = (*begun.records, msgspec.structs.replace(record, name=str(row["name"] or "")))
        address = wanted or await address_of(visit.session, record.id)
        begun.to = begun.to or (str(Party(str(row["name"] or ""), address)) if address else "")
    begun.to = begun.to or wanted
    if document := _id(asked, "document"):
        kept = await kept_document(visit, document)
        values = await enclosed(visit, begun.values, (kept.file,))
        begun.values = {**values, "name": values.get("name") or kept.name}
    if signature := next(words for key, _, words in there if key == begun.box):
        begun.values = {**begun.values, "body": signed(visit, begun.values.get("body") or "", signature)}
    return begun


def signed(visit: Visit, body: str, signature: str) -> str:
    """A letter not yet written, with room for its words: signed above what it quotes, or below where the writer wants that."""
    below = body and visit.actor.preferences.sign_below
    return f"<p></p>{body}{signature}" if below else f"<p></p>{signature}{body}"


async def _answer(
    visit: Visit, begun: Begun, email: Email, asked: dict[str, str], there: list[tuple[str, str, str]]
) -> Begun:
    mailbox = str(email.mailbox.id) if email.mailbox else HOUSE
    begun.box = mailbox if mailbox in {key for key, _, _ in there} else begun.box
    sent, voice = email.sent_at, visit.voice
    when = formats.format_datetime(sent, voice.locale, voice.catalogue, "medium") if sent else ""
    told = {"who": email.sender or "", "time": when}
    begun.records = tuple(await visit.named(await concerned(visit.session, email.id)))
    if asked.get("forward"):
        words = quoted(email, visit.text("my_mail.forwarded", **told, to=email.recipients or ""))
        subject = subject_of(email, visit.text("my_mail.prefix_forward"))
        begun.values = {"name": subject, "body": words, "attachments": email.attachments}
        return begun
    mine = frozenset(
        {
            visit.actor.email.lower(),
            *(party.address.lower() for key, words, _ in there if key == begun.box for party in parties(words)),
        }
    )
    to, copies = answered(email, mine, everybody=bool(asked.get("all")))
    begun.to, begun.copies, begun.answers = listed(to), listed(copies), str(email.id)
    begun.values = {
        "name": subject_of(email, visit.text("my_mail.prefix_reply")),
        "body": quoted(email, visit.text("my_mail.wrote", **told)),
    }
    return begun


async def _draft(visit: Visit, id_: UUID) -> Begun:
    email = await visit.work.get(Email, id_, action="edit")
    if email.status not in ("draft", "send_error"):
        raise NotFound
    return Begun(
        box=str(email.mailbox.id) if email.mailbox else HOUSE,
        to=email.recipients or "",
        copies=email.copies or "",
        blind=email.blind or "",
        values={"name": email.name, "body": email.body or "", "attachments": email.attachments},
        records=tuple(await visit.named(await concerned(visit.session, id_))),
        draft=str(id_),
        language=language_of(email.description or email.name) if email.answers else "",
        tracked=bool(email.track_opens),
    )


async def templates(visit: Visit) -> list[tuple[str, str]]:
    """The templates the reader may use, by id and name."""
    module = visit.work.module(EmailTemplate)
    if not visit.access.can(module.key, "list"):
        return []
    query = ListQuery(columns=("name",), sort=(Sort("name"),), limit=MOST_TEMPLATES)
    page = await visit.work.store.page(module, query)
    return [(str(row.id), row["name"]) for row in page.rows]


async def from_template(visit: Visit, begun: Begun, id_: UUID) -> tuple[Begun, FieldProblem | None]:
    """The letter with a template's subject, words and files, filled from the first record that has an address; or what is
    wrong."""
    template = await visit.work.get(EmailTemplate, id_)
    language = "en" if template.language == "en" else "fa"
    words = letter_words(visit, language)
    values: dict[str, Any] = {"sender.name": visit.actor.name, "system.today": visit.voice.now}
    reader = next((ref for ref in begun.records if ref.module in READERS), None)
    if reader is not None:
        columns = columns_of(visit.module(reader.module), words.words)
        with visit.names_as_stored():
            rows = await visit.work.store.fetch(
                visit.module(reader.module), [reader.id], columns=tuple(dict.fromkeys(columns.values()))
            )
        values |= values_of(columns, rows[0].values) if rows else {}
    source = template.body_html or as_markup(template.body_text or "")
    try:
        subject = compile_template(parse(template.subject, html=False), words, Place.HEADER)(values)
        body = compile_template(parse(source, html=True), words, Place.HTML)(values)
    except BadValue as fault:
        return begun, fault.problem
    signature = next((text for key, _, text in await senders(visit, language) if key == begun.box), "")
    values = await enclosed(visit, begun.values, template.attachments or ())
    begun.values = {**values, "name": subject[:255], "body": rich.clean(body) + signature}
    return begun, None


def _id(asked: dict[str, str], name: str) -> UUID | None:
    try:
        return UUID(asked[name])
    except (KeyError, ValueError):
        return None


def _ref(text: str) -> Ref | None:
    """`leads.<id>`."""
    module, _, id_ = text.partition(".")
    try:
        return Ref(module, UUID(id_))
    except ValueError:
        return None

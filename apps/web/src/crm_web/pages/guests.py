"""Who takes part in an event: adding, removing, inviting, answering on the page and by the link in a mail."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Ref, Relation
from crm_domain.modules.activities.invite import invite
from crm_domain.modules.activities.series import attended
from crm_domain.modules.activities.spread import WHICH, Which, read_which
from crm_domain.modules.activities.taking_part import answer, bring, take_out
from crm_domain.problems import Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.page import Row
from crm_domain.records.work import Work
from crm_domain.text import format as formats
from crm_storage.records.context import Context
from crm_storage.store import TenantStore
from crm_web.bare import bare_page, voice_of
from crm_web.calendar.guest_address import addressed
from crm_web.calendar.guests import ANSWERS, guest_facts, link_of, read
from crm_web.calendar.occurrences import in_series
from crm_web.gate import tenant_of
from crm_web.installation import Installation
from crm_web.origin import address_of
from crm_web.reach import one
from crm_web.visit import Visit

NOBODY = UUID(int=0)


class GuestPages(Controller):
    """/<module>/<id>/guests for what has guests."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/guests")
    async def guests(self, visit: Visit, record_id: UUID, occurrences: str = "") -> Response[str]:
        """`occurrences` is what changes to a series' guests are meant for: one, following or all."""
        module, row = await _event(visit, self.module_key, record_id)
        which = read_which(occurrences)
        if visit.fragment:
            return await _part(visit, module, row, which)
        facts = await guest_facts(visit, module, row, which)
        return await visit.page("records/guests_page.html", current=module.key, row=row, name=row["name"], **facts)

    @post("/{record_id:uuid}/guests")
    async def add(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module, row = await _event(visit, self.module_key, record_id, writes=True)
        guest = await _guest(visit, module, posted)
        if not await visit.work.store.fetch(visit.module(guest.module), [guest.id], columns=("name",)):
            raise Invalid({"guest": (FieldProblem("problems.unknown_record"),)})
        which = read_which(posted.get("occurrences", ""))
        await bring(visit.work, module, row, guest, which)
        return await _changed(visit, module, row, visit.text("guests.added"), which)

    @post("/{record_id:uuid}/guests/remove")
    async def remove(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module, row = await _event(visit, self.module_key, record_id, writes=True)
        relation, guest = _named(visit, module, posted)
        which = read_which(posted.get("occurrences", ""))
        await take_out(visit.work, module, row, Ref(relation.target, guest), which, company=visit.tenant.name)
        return await _changed(visit, module, row, visit.text("guests.removed"), which)

    @post("/{record_id:uuid}/guests/answer")
    async def answer(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """The reader's own answer; taking part is enough for it."""
        module, row = await _event(visit, self.module_key, record_id)
        me = Ref("users", visit.access.user)
        if not await attended(visit.work, module, row, me):
            raise Denied
        which = read_which(posted.get("occurrences", ""))
        await answer(visit.work, module, row, me, _answer(posted), which)
        return await _changed(visit, module, row, visit.text("guests.answered"), which)

    @post("/{record_id:uuid}/guests/invite")
    async def invite(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module, row = await _event(visit, self.module_key, record_id, writes=True)
        record = module.record(row.id, row.values)
        number = await invite(visit.work, module, record, link_of(visit, module), company=visit.tenant.name)
        if not number:
            raise Refused("guests.nobody_to_invite")
        shown = visit.voice.locale.in_digits(str(number))
        return await _changed(visit, module, row, visit.text("guests.invited", number=shown))


class InvitationPages(Controller):
    """/invitation: a guest answers without signing in. Opening the link answers nothing, for mail programs open links too."""

    path = "/invitation"

    @get("/")
    async def show(self, request: Request[Any, Any, Any], token: str = "") -> Response[str]:
        return await _invitation(request, token, None)

    @post("/")
    async def answer(self, request: Request[Any, Any, Any], posted: FormMultiDict) -> Response[str]:
        which = read_which(posted.get("occurrences", "") or "all")
        return await _invitation(request, posted.get("token", ""), _answer(posted), which)


async def _invitation(
    request: Request[Any, Any, Any], text: str, chosen: str | None, which: Which = "all"
) -> Response[str]:
    installation: Installation = request.app.state.installation
    tenant, voice = tenant_of(request.scope), voice_of(request)
    token = read(installation.key, tenant.number, text)
    if token is None:
        return bare_page(request, "invitation.html", status=404, token="", event=None)
    async with installation.database.tenant(tenant.number, address=address_of(request)) as session:
        schema = await installation.schemas.of(tenant, session)
        store = TenantStore(Context(session, schema, Access(user=NOBODY, admin=True), "mail", ""), installation.clock)
        work = Work(store, schema.registry, installation.clock, voice.locale, voice.base_currency)
        module, guest = schema.registry[token.module], Ref(token.people, token.guest)
        row = await _asked(work, module, token.event, guest)
        if row is None:
            return bare_page(request, "invitation.html", status=404, token="", event=None)
        if chosen:
            await answer(work, module, row, guest, chosen, which)
            await store.commit()
    facts = {
        "event": row["name"],
        "when": formats.format_datetime(row["starts_at"], voice.locale, voice.catalogue, "long"),
        "where": row["location"] or row["join_url"] or "",
        "answers": [(key, voice.text(f"accept_status.{key}")) for key in ANSWERS],
        "chosen": voice.text(f"accept_status.{chosen}") if chosen else "",
        "occurrences": [(key, voice.text(f"occurrences.{key}")) for key in WHICH] if in_series(module, row) else [],
        "which": which,
    }
    return bare_page(request, "invitation.html", token=text, **facts)


async def _asked(work: Work, module: Module[Any], event: UUID, guest: Ref) -> Row | None:
    """The event a link names while it is to come, else the next of its series that the guest takes part in."""
    rows = await work.store.fetch(module, [event])
    if not rows or module.schedule is None or f"guest_{guest.module}" not in module.schedule.guests:
        return None
    mine = await attended(work, module, rows[0], guest)
    ahead = [one.id for one in mine if one["starts_at"] >= work.now()]
    chosen = event if event in ahead else next(iter(ahead), None)
    return (await work.store.fetch(module, [chosen]))[0] if chosen else None


async def _event(visit: Visit, key: str, id_: UUID, *, writes: bool = False) -> tuple[Module[Any], Row]:
    module = visit.module(key)
    if module.schedule is None or not module.schedule.guests:
        raise NotFound
    row = await one(visit, module, id_)
    if writes and not await visit.work.store.fetch(module, [id_], action="edit", columns=("name",)):
        raise Denied
    return module, row


def _relation(visit: Visit, module: Module[Any], people: str) -> Relation:
    return visit.work.relation(module.key, f"guest_{people}")


def _named(visit: Visit, module: Module[Any], posted: FormMultiDict) -> tuple[Relation, UUID]:
    relation = _relation(visit, module, posted.get("people", ""))
    try:
        return relation, UUID(posted.get("guest", ""))
    except ValueError:
        raise Invalid({"guest": (FieldProblem("problems.unknown_record"),)}) from None


async def _guest(visit: Visit, module: Module[Any], posted: FormMultiDict) -> Ref:
    """The record that was chosen, or whoever has the address that was typed instead."""
    text = posted.get("guest.label", "").strip()
    if not posted.get("guest") and "@" in text:
        found, problem = await addressed(visit, module, text)
        if found is None:
            raise Invalid({"guest": (problem or FieldProblem("problems.unknown_record"),)})
        return found
    relation, guest = _named(visit, module, posted)
    return Ref(relation.target, guest)


def _answer(posted: FormMultiDict) -> str:
    chosen = posted.get("answer", "")
    if chosen not in ANSWERS:
        raise Invalid({"answer": (FieldProblem("problems.not_an_option", {"value": chosen[:80]}),)})
    return chosen


async def _part(visit: Visit, module: Module[Any], row: Row, which: Which, said: str = "") -> Response[str]:
    facts = await guest_facts(visit, module, row, which)
    return visit.part("records/guests.html", headers=visit.say(said) if said else None, **facts)


async def _changed(visit: Visit, module: Module[Any], row: Row, said: str, which: Which = "one") -> Response[Any]:
    await visit.commit()
    if not visit.fragment:
        return visit.go(f"/{module.key}/{row.id}", said)
    return await _part(visit, module, await one(visit, module, row.id), which, said)

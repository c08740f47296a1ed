"""Who takes part in an event: adding, removing, inviting, answering on the page and by the link in a mail."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Relation
from crm_domain.modules.activities.attendance import Guest, guests
from crm_domain.modules.activities.invite import call_off, invite
from crm_domain.problems import Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.page import Row
from crm_domain.text import format as formats
from crm_storage.records.context import Context
from crm_storage.store import TenantStore
from crm_web.bare import bare_page, voice_of
from crm_web.gate import tenant_of
from crm_web.guests import ANSWERS, Token, guest_facts, read, sign
from crm_web.installation import Installation
from crm_web.reach import one
from crm_web.visit import Visit

NOBODY = UUID(int=0)


class GuestPages(Controller):
    """/<module>/<id>/guests for what has guests."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/guests")
    async def guests(self, visit: Visit, record_id: UUID) -> Response[str]:
        module, row = await _event(visit, self.module_key, record_id)
        if visit.fragment:
            return await _part(visit, module, row)
        facts = await guest_facts(visit, module, row)
        return await visit.page("records/guests_page.html", current=module.key, row=row, name=row["name"], **facts)

    @post("/{record_id:uuid}/guests")
    async def add(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module, row = await _event(visit, self.module_key, record_id, writes=True)
        relation, guest = _named(visit, module, posted)
        if not await visit.work.store.fetch(visit.module(relation.target), [guest], columns=("name",)):
            raise Invalid({"guest": (FieldProblem("problems.unknown_record"),)})
        await visit.work.store.link(relation, record_id, [guest], {})
        return await _changed(visit, module, row, visit.text("guests.added"))

    @post("/{record_id:uuid}/guests/remove")
    async def remove(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module, row = await _event(visit, self.module_key, record_id, writes=True)
        relation, guest = _named(visit, module, posted)
        told = [g for g in await guests(visit.work, module, record_id) if g.ref.id == guest]
        await visit.work.store.unlink(relation, record_id, [guest])
        await call_off(visit.work, module, module.record(row.id, row.values), told, company=visit.tenant.name)
        return await _changed(visit, module, row, visit.text("guests.removed"))

    @post("/{record_id:uuid}/guests/answer")
    async def answer(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """The reader's own answer; taking part is enough for it."""
        module, row = await _event(visit, self.module_key, record_id)
        relation = _relation(visit, module, "users")
        if visit.access.user not in {guest.ref.id for guest in await guests(visit.work, module, record_id)}:
            raise Denied
        chosen = _answer(posted)
        await visit.work.store.link(relation, record_id, [visit.access.user], {"acceptance": chosen})
        return await _changed(visit, module, row, visit.text("guests.answered"))

    @post("/{record_id:uuid}/guests/invite")
    async def invite(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module, row = await _event(visit, self.module_key, record_id, writes=True)

        def link(guest: Guest) -> str:
            token = Token(module.key, record_id, guest.ref.module, guest.ref.id)
            text = sign(visit.installation.key, visit.tenant.number, token)
            return visit.installation.url(visit.tenant, f"/invitation?token={text}")

        record = module.record(row.id, row.values)
        number = await invite(visit.work, module, record, link, company=visit.tenant.name)
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
        return await _invitation(request, posted.get("token", ""), _answer(posted))


async def _invitation(request: Request[Any, Any, Any], text: str, answer: str | None) -> Response[str]:
    installation: Installation = request.app.state.installation
    tenant = tenant_of(request.scope)
    token = read(installation.key, tenant.number, text)
    if token is None:
        return bare_page(request, "invitation.html", status=404, token="", event=None)
    async with installation.database.tenant(tenant.number) as session:
        schema = await installation.schemas.of(tenant, session)
        context = Context(session, schema, Access(user=NOBODY, admin=True), "mail", "")
        store = TenantStore(context, installation.clock)
        module = schema.registry[token.module]
        rows = await store.fetch(module, [token.event])
        relation = schema.registry.relations(token.module).get(f"guest_{token.people}")
        if not rows or relation is None or rows[0]["starts_at"] < installation.clock.now():
            return bare_page(request, "invitation.html", status=404, token="", event=None)
        if answer:
            await store.link(relation, token.event, [token.guest], {"acceptance": answer})
            await store.commit()
    voice = voice_of(request)
    facts = {
        "event": rows[0]["name"],
        "when": formats.format_datetime(rows[0]["starts_at"], voice.locale, voice.catalogue, "long"),
        "where": rows[0]["location"] or rows[0]["join_url"] or "",
        "answers": [(key, voice.text(f"accept_status.{key}")) for key in ANSWERS],
        "chosen": voice.text(f"accept_status.{answer}") if answer else "",
    }
    return bare_page(request, "invitation.html", token=text, **facts)


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


def _answer(posted: FormMultiDict) -> str:
    chosen = posted.get("answer", "")
    if chosen not in ANSWERS:
        raise Invalid({"answer": (FieldProblem("problems.not_an_option", {"value": chosen[:80]}),)})
    return chosen


async def _part(visit: Visit, module: Module[Any], row: Row, said: str = "") -> Response[str]:
    facts = await guest_facts(visit, module, row)
    return visit.part("records/guests.html", headers=visit.say(said) if said else None, **facts)


async def _changed(visit: Visit, module: Module[Any], row: Row, said: str) -> Response[Any]:
    await visit.commit()
    if not visit.fragment:
        return visit.go(f"/{module.key}/{row.id}", said)
    return await _part(visit, module, await one(visit, module, row.id), said)

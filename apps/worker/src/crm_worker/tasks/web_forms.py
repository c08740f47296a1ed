"""`web_forms.take`: what somebody filled in becomes a record, once, whatever is delivered twice (REL-02)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from crm_domain.definition import Ref
from crm_domain.meaning.clean import email_address
from crm_domain.modules.web_forms import WebForm
from crm_domain.problems import BadValue, Invalid, NotFound, Refused
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_domain.web_forms.take import ADDRESS, Taken, take
from crm_storage.database import Session
from crm_storage.tracking.confirm import Asker, ask, send_question
from crm_storage.web_forms.arrange import read_choices
from crm_storage.web_forms.show import voice_of
from crm_storage.web_forms.submissions import Submission, consented, evidence, in_turn, locked, settle, tell_held
from crm_worker.workshop import Workshop


async def take_submission(shop: Workshop, tenant: Tenant, id_: str, payload: Mapping[str, Any]) -> None:
    """What a rule of the company stands against is held for a person to decide; nothing that was said is lost."""
    async with shop.database.tenant(tenant.number) as session:
        found = await locked(session, UUID(payload["submission"]))
        if found is None or found.state != "new":
            return
        house = await shop.actor(session, tenant, None)
        assert house is not None, "the house always acts"
        work = await shop.work(session, tenant, house, id_, "web_form")
        try:
            await _take(shop, session, tenant, work, found)
            await session.commit()
            return
        except (Invalid, Refused, NotFound) as problem:
            await session.rollback()
            told = _told(problem)
    async with shop.database.tenant(tenant.number) as session:
        await settle(session, found.id, "held", problems=told)
        await tell_held(session, found.form)
        await session.commit()


async def _take(shop: Workshop, session: Session, tenant: Tenant, work: Work, found: Submission) -> Taken:
    await in_turn(session, found.form)
    form = await work.get(WebForm, found.form)
    choices = await read_choices(session, found.form, work.registry[form.makes or "leads"])
    taken = await take(work, form, choices, found.said, voice_of(form.language or "fa", shop.clock.now()))
    if found.said.consent and form.double_opt_in:
        await _ask(shop, session, tenant, form, taken.record, found)
    elif found.said.consent:
        await consented(session, taken.record.id, form.campaign, found)
    await settle(session, found.id, "made" if taken.new else "known", record=taken.record)
    return taken


async def _ask(shop: Workshop, session: Session, tenant: Tenant, form: WebForm, record: Ref, found: Submission) -> None:
    """Consent waits until it is confirmed from the address that was given."""
    given = found.said.values.get(ADDRESS, "")
    try:
        key = email_address(given if isinstance(given, str) else "").lower()
    except BadValue:
        return
    campaign = form.campaign.id if form.campaign else None
    asked = await ask(session, record.id, key, campaign=campaign, at=found.at, evidence=evidence(found))
    if asked is None:
        return
    asker = Asker(tenant, form.language or "fa", shop.settings.tracker_url, shop.tokens)
    await send_question(session, asker, *asked, "confirm_consent", consent=found.said.consent)


def _told(problem: Invalid | Refused | NotFound) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(problem, Invalid):
        return [(one.id, dict(one.facts)) for found in problem.fields.values() for one in found]
    return [(problem.id, dict(problem.facts))] if isinstance(problem, Refused) else [("web_forms.gone", {})]

"""From what somebody filled in to a lead: a new one, or the one we know by that address, completed."""

from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.meaning.parse import parse
from crm_domain.meaning.voice import Voice
from crm_domain.modules.leads import Lead
from crm_domain.modules.web_forms import WebForm
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save
from crm_domain.records.save import Values
from crm_domain.records.work import Work
from crm_domain.web_forms.offered import Choice, offered
from crm_domain.web_forms.shown import Said

SOURCE = "web_site"


class Taken(msgspec.Struct, frozen=True):
    """The lead, and whether it is new."""

    lead: UUID
    new: bool


async def take(work: Work, form: WebForm, choices: tuple[Choice, ...], said: Said, voice: Voice) -> Taken:
    """Makes or completes the lead; the caller commits. Raises Invalid, Refused where a rule of the company stands against it."""
    module = work.module(Lead)
    values = understood(module, choices, said, voice)
    known = await _known(work, module, said) if form.when_known == "complete" else None
    if known is not None:
        gaps = {key: value for key, value in values.items() if not known[key] and value}
        if gaps:
            await save.update(work, module, known.id, gaps)
        return Taken(known.id, False)
    owner = form.lead_owner or form.assigned_to
    given = {**values, "lead_source": SOURCE, "campaign": form.campaign, "assigned_to": owner, "team": form.team}
    told = {key: value for key, value in given.items() if value is not None}
    return Taken(await save.create(work, module, told, quiet=not form.notify), True)


def understood(module: Module[Any], choices: tuple[Choice, ...], said: Said, voice: Voice) -> Values:
    """The values of the form's own fields, whatever else was sent. Raises Invalid."""
    there = offered(module)
    found: dict[str, Any] = {}
    wrong: dict[str, tuple[FieldProblem, ...]] = {}
    for choice in choices:
        raw = said.values.get(choice.key)
        if raw is None or choice.key not in there:
            continue
        try:
            found[choice.key] = parse(there[choice.key], raw, voice)
        except BadValue as bad:
            wrong[choice.key] = (bad.problem,)
    if wrong:
        raise Invalid(wrong)
    return found


async def _known(work: Work, module: Module[Any], said: Said) -> Row | None:
    """The newest open lead that has the address."""
    address = said.values.get("emails")
    if not isinstance(address, str) or not address:
        return None
    same = both(Condition("emails", "eq", address), Condition("converted", "eq", False))
    query = ListQuery(filter=same, columns=("name",), sort=(Sort("created_at", descending=True),), limit=1)
    rows = (await work.store.page(module, query)).rows
    if not rows:
        return None
    found = await work.store.fetch(module, [rows[0].id], action="edit")
    return found[0] if found else None

"""From what somebody filled in to a record: a new one, or the one we know by that address or phone, completed."""

from collections.abc import Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module, Ref, kinds
from crm_domain.meaning.clean import clean
from crm_domain.meaning.parse import parse
from crm_domain.meaning.voice import Voice
from crm_domain.modules.web_forms import WebForm
from crm_domain.problems import BadValue, FieldProblem, Invalid
from crm_domain.query.filter import AnyOf, Condition, Filter, both
from crm_domain.query.page import ListQuery, Sort
from crm_domain.records import save
from crm_domain.records.save import Values
from crm_domain.records.work import Work
from crm_domain.web_forms.offered import Choice, offered
from crm_domain.web_forms.shown import Said

SOURCE = "web_site"
KNOWN_AS: Mapping[str, tuple[str, ...]] = {
    "leads": ("leads", "contacts"),
    "contacts": ("contacts",),
    "targets": ("targets", "leads", "contacts"),
}
"""As what somebody may be known already, by what the form makes."""
PHONES = ("phone_mobile", "phone_work", "phone_home", "phone_other")
ADDRESS = "emails"


class Taken(msgspec.Struct, frozen=True):
    """The record, and whether it is new."""

    record: Ref
    new: bool


async def take(work: Work, form: WebForm, choices: tuple[Choice, ...], said: Said, voice: Voice) -> Taken:
    """Makes or completes the record; the caller commits. Raises Invalid, Refused where a rule of the company stands against it."""
    module = work.registry[form.makes or "leads"]
    values = understood(module, choices, said, voice)
    known = await _known(work, module, values) if form.when_known == "complete" else None
    taken = Taken(known, False) if known else Taken(await _make(work, form, module, values), True)
    if known and known.module == module.key:
        await _complete(work, module, known, values)
    if known and form.notify:
        await _tell(work, form, known)
    if form.target_list:
        relation = work.relation("target_lists", taken.record.module)
        await work.store.link(relation, form.target_list.id, [taken.record.id], {})
    return taken


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
            found[choice.key] = clean(there[choice.key], parse(there[choice.key], raw, voice))
        except BadValue as bad:
            wrong[choice.key] = (bad.problem,)
    if wrong:
        raise Invalid(wrong)
    return found


async def _make(work: Work, form: WebForm, module: Module[Any], values: Values) -> Ref:
    owner = form.record_owner or form.assigned_to
    given = {"lead_source": SOURCE, "campaign": form.campaign, "assigned_to": owner, "team": form.team}
    own = {key: value for key, value in given.items() if value is not None and key in module.by_key}
    return Ref(module.key, await save.create(work, module, {**values, **own}, quiet=not form.notify))


async def _complete(work: Work, module: Module[Any], known: Ref, values: Values) -> None:
    """Fills the gaps of the record we know; what it says already stays."""
    rows = await work.store.fetch(module, [known.id], action="edit")
    gaps = {key: value for key, value in values.items() if rows and not rows[0][key] and value}
    if gaps:
        await save.update(work, module, known.id, gaps)


async def _known(work: Work, module: Module[Any], values: Values) -> Ref | None:
    """The newest record that has the address, else a phone of it."""
    emails = values.get(ADDRESS) or ()
    phones = tuple(value for key in PHONES if (value := values.get(key)))
    wanted: list[Filter] = [Condition(ADDRESS, "eq", entry.address) for entry in emails[:1]]
    wanted += [AnyOf(PHONES, "eq", number) for number in phones]
    for filter_ in wanted:
        for key in KNOWN_AS[module.key]:
            if found := await _newest(work, work.registry[key], filter_):
                return found
    return None


async def _newest(work: Work, module: Module[Any], filter_: Filter) -> Ref | None:
    """Whoever was converted is found as what he became."""
    converts = isinstance(module.by_key.get("converted"), kinds.Boolean)
    wanted = both(filter_, Condition("converted", "eq", False)) if converts else filter_
    query = ListQuery(filter=wanted, columns=("name",), sort=(Sort("created_at", descending=True),), limit=1)
    rows = (await work.store.page(module, query)).rows
    return Ref(module.key, rows[0].id, str(rows[0]["name"] or "")) if rows else None


async def _tell(work: Work, form: WebForm, known: Ref) -> None:
    owner = form.record_owner or form.assigned_to
    if owner:
        facts = {"name": known.name, "form": form.name}
        await work.store.notices.tell("form_known", [owner.id], f"/{known.module}/{known.id}", facts, about=known)

"""Guests who are nobody's record: a name and an address, made where somebody is invited by address alone."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, EmailEntry, Module, Record, Ref, panel, required
from crm_domain.definition.kinds import Emails, Text
from crm_domain.letters.addresses import Party
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Invitee(Record):
    name = required(Text(max_length=255, search=True))
    emails = Emails()

    layout = Arrangement(
        columns=(name, emails, Record.created_by, Record.created_at),
        offered=(Record.assigned_to, Record.team, Record.modified_at, Record.modified_by),
        panels=(panel("overview", (name,), (emails,), (Record.assigned_to, Record.team)),),
        quick=((name,), (emails,)),
        picker=(name, emails),
        basic=(name,),
        advanced=(name, emails, Record.assigned_to, Record.team),
        highlights=(emails, Record.created_by),
        subpanels=("invited_meetings", "invited_calls"),
        sort="name",
    )


async def guest_at(work: "Work", module: Module[Any], party: Party) -> Ref:
    """Who has that address among those who may be guests of such events: a record there is, else a new invitee.

    Raises Denied for who may make none, and Invalid.
    """
    for key in module.schedule.guests if module.schedule else ():
        target = work.registry[work.relation(module.key, key).target]
        if work.access.can(target.key, "list"):
            query = ListQuery(filter=Condition("emails", "eq", party.address), columns=("name",), limit=1)
            if rows := (await work.store.page(target, query)).rows:
                return Ref(target.key, rows[0].id, str(rows[0]["name"] or ""))
    name = party.name or party.address
    values = {"name": name, "emails": (EmailEntry(party.address, primary=True),)}
    return Ref(INVITEES.key, await save.create(work, work.module(Invitee), values), name)


INVITEES: Module[Any] = Module(key="invitees", record=Invitee, icon="at-sign", group="")

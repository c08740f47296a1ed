"""Releases: the versions of what we ship, in which bugs are found and fixed."""

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import Choice, Date, Integer, LongText, Text
from crm_domain.modules.service_options import RELEASE_STATUSES


class Release(Record):
    name = required(Text(max_length=50, search=True))
    list_order = Integer(indexed=True)
    status = required(Choice(options=RELEASE_STATUSES, default="active", indexed=True))
    released_on = Date(indexed=True)
    description = LongText()

    layout = Arrangement(
        columns=(name, status, list_order, released_on, Record.created_at),
        offered=(Record.assigned_to, Record.modified_at, Record.created_by, Record.modified_by),
        panels=(panel("overview", (name, status), (list_order, released_on), (description,), (Record.assigned_to,)),),
        quick=((name, status), (list_order, released_on)),
        picker=(name, status, list_order),
        basic=(name,),
        advanced=(name, status, released_on),
        highlights=(status, released_on, list_order),
        subpanels=("found_bugs", "fixed_bugs"),
        sort="list_order",
    )


RELEASES = Module(key="releases", record=Release, icon="package", group="service", open_field="status", catalogue=True)

"""Teams: who works together and therefore sees the same records."""

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import Link, LongText, Text
from crm_domain.modules.blocks.hierarchy import no_cycle


class Team(Record):
    name = required(Text(max_length=150, search=True, unique=True, copied=False))
    parent = Link(target="teams", inverse="subteams", indexed=True)
    description = LongText()

    layout = Arrangement(
        columns=(name, parent, description, Record.created_at),
        offered=(Record.modified_at, Record.created_by, Record.modified_by),
        panels=(panel("overview", (name, parent), (description,)),),
        quick=((name, parent), (description,)),
        picker=(name, parent),
        basic=(name,),
        advanced=(name, parent),
        highlights=(parent,),
        subpanels=("subteams",),
        sort="name",
    )


TEAMS = Module(
    key="teams",
    record=Team,
    icon="users-round",
    group="admin",
    catalogue=True,
    admin_only=True,
    with_work=(no_cycle(Team, Team.parent),),
)

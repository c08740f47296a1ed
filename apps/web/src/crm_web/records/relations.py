"""What a record is related to, as every page of it lists in its tabs."""

from typing import Any

from crm_domain.definition import Module
from crm_domain.query.page import Row
from crm_domain.records.stream import is_activity
from crm_domain.text.numbers import format_number
from crm_web.records.panels import special_panels
from crm_web.visit import Visit


async def relation_facts(visit: Visit, module: Module[Any], row: Row) -> dict[str, Any]:
    """Whether there is a stream of activities, and the relations the reader may see with how many records each has.

    Guests, and what a part of the page shows in its own way, are left out.
    """
    registry = visit.work.registry
    instead = {panel.instead_of for panel in special_panels(module)}
    guests = module.schedule.guests if module.schedule else ()
    shown = [r for r in registry.relations(module.key).values() if visit.access.can(r.target, "list")]
    apart = {*guests, *instead, *module.layout.hidden}
    listed = [r for r in shown if not is_activity(registry, r) and r.key not in apart]
    counts = await visit.work.store.related_counts(listed, row.id)
    return {
        "left_out": (await visit.desk(module.key)).state.left_out,
        "activities": any(is_activity(registry, relation) for relation in shown),
        "relations": [
            (r.key, visit.voice.relation(r), format_number(counts[r.key].number, visit.voice.locale)) for r in listed
        ],
    }

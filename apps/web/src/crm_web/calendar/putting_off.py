"""On the page of what is planned: the way to another time, and the times it had before."""

from typing import Any

from crm_domain.definition import Module
from crm_domain.modules.activities.reschedule import TIMES, may_be_put_off
from crm_domain.query.page import Row
from crm_web.records.action import Action
from crm_web.visit import Visit


def put_off_action(visit: Visit, module: Module[Any], row: Row) -> list[Action]:
    """Another time for what is still to come off."""
    if not may_be_put_off(module, row):
        return []
    url = f"/{module.key}/{row.id}/reschedule"
    return [Action(label=visit.text("moves.put_off"), url=url, icon="calendar-clock", leading=False)]


def moves_panel(visit: Visit, module: Module[Any], row: Row) -> list[tuple[str, str, str]]:
    """The moves of what was put off: id, title and address of the part of the page."""
    return [("moves", visit.text("moves.title"), f"/{module.key}/{row.id}/moves")] if row.values.get(TIMES.key) else []

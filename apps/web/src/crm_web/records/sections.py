"""The parts of a record's page beside its properties, in the order in which their reader wants them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crm_domain.definition import Module
from crm_domain.records.shelf import ListState
from crm_web.records.panels import special_panels
from crm_web.visit import Visit

MOST = 100
LONGEST = 80


class Section(msgspec.Struct, frozen=True):
    """One part: the id by which the page and the reader's order know it, its title, where it is loaded from."""

    id: str
    title: str
    url: str
    count: str = ""


def sections_of(
    visit: Visit,
    module: Module[Any],
    here: str,
    *,
    activities: bool,
    own: Sequence[tuple[str, str, str]],
    relations: Sequence[tuple[str, str, str]],
) -> list[Section]:
    """All parts that the page of the record at `here` has, in their usual order."""
    found: list[Section] = []
    if module.schedule and module.schedule.guests:
        found.append(Section("guests", visit.text("guests.title"), f"{here}/guests"))
    found += [
        Section(f"panel-{panel.key}", visit.text(f"{module.key}.{panel.key}"), f"{here}/{panel.key}")
        for panel in special_panels(module)
    ]
    if activities:
        found.append(Section("activities", visit.text("activities.title"), f"{here}/activities"))
    found += [Section(id_, title, url) for id_, title, url in own]
    return found + [Section(f"related-{key}", title, f"{here}/related/{key}", count) for key, title, count in relations]


def arranged(sections: Sequence[Section], state: ListState) -> tuple[list[Section], list[tuple[str, str, bool]]]:
    """Those that the reader wants, in his order; and all of them to choose from: id, title, whether it is shown."""
    places = {id_: place for place, id_ in enumerate(state.sections)}
    inorder = sorted(sections, key=lambda section: places.get(section.id, len(places)))
    shown = [section for section in inorder if section.id not in state.left_out]
    left = [section for section in inorder if section.id in state.left_out]
    return shown, [(section.id, section.title, section in shown) for section in (*shown, *left)]


def wanted(chosen: Sequence[str], offered: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is kept of a choice: the order, and what is left out of what was offered."""
    order = tuple(dict.fromkeys(id_ for id_ in chosen if 0 < len(id_) <= LONGEST))[:MOST]
    left = tuple(dict.fromkeys(id_ for id_ in offered if id_ not in order and 0 < len(id_) <= LONGEST))[:MOST]
    return order, left

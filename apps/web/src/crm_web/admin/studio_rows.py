"""The values of an option list as the rows of their form."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_domain.customising.lists import TenantList
from crm_domain.customising.revise_list import Entry
from crm_domain.definition import Option
from crm_domain.messages.catalogue import LANGUAGES
from crm_domain.problems import FieldProblem
from crm_domain.text.numbers import format_number
from crm_web.admin.studio import languages, worded
from crm_web.visit import Visit

Problems = dict[str, tuple[FieldProblem, ...]]
NEW = 3
"""Empty rows for values to be added."""


def row_facts(
    visit: Visit,
    found: TenantList,
    used: Mapping[str, int],
    entries: Sequence[Entry] | None,
    wrong: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """One for each value, as typed when the form comes back, and empty ones for those to be added."""
    if entries is None:
        entries = [_entry(found, item) for item in found.options.items]
    named = {entry.key for entry in entries}
    kept = [*entries, *(_entry(found, item) for item in found.options.items if item.key not in named)]
    new = [Entry(place=f"new-{number}") for number in range(1, NEW + 1)] if found.grows else []
    waiting = [entry for entry in kept if not entry.key]
    return [
        _row(visit, found, used, entry, wrong)
        for entry in (*(entry for entry in kept if entry.key), *waiting, *new[len(waiting) :])
    ]


def _entry(found: TenantList, item: Option) -> Entry:
    shipped = worded(found.name)(item)
    return Entry(
        place=item.key,
        key=item.key,
        labels={language: item.labels.get(language, shipped.get(language, "")) for language in LANGUAGES},
        hue=item.hue,
        weight=item.weight,
        kind=item.kind,
        parent=item.parent,
        active=item.active,
    )


def _row(
    visit: Visit, found: TenantList, used: Mapping[str, int], entry: Entry, wrong: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    item = found.options.get(entry.key)
    shipped = worded(found.name)(item) if item else {}
    return {
        "words": [
            {
                "language": language,
                "name": name,
                "dir": direction,
                "typed": entry.labels.get(language, ""),
                "shipped": shipped.get(language, ""),
                "wrong": wrong.get(f"{entry.place}.{language}", ()),
            }
            for language, name, direction in languages(visit)
        ],
        "wrong_weight": wrong.get(f"{entry.place}.weight", ()),
        "entry": entry,
        "label": visit.voice.option_label(found.options, item) if item else "",
        "weight": format_number(entry.weight, visit.voice.locale) if entry.weight is not None else "",
        "weighed": found.weighed and (item is None or item.kind in ("", "open")),
        "kind": visit.text(f"studio.kind.{item.kind}") if item and item.kind else "",
        "protected": item is not None and found.protected(item),
        "used": visit.text("studio.used", count=used[entry.key]) if item and used[entry.key] else "",
        "removable": item is not None and found.own(item.key) and not used[entry.key],
    }

"""A record's history in words: who did what, and the values before and after."""

from typing import Any, cast

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.show import show_stored
from crm_domain.ports import FieldChange, HistoryEntry
from crm_domain.text import format as formats
from crm_storage.columns import leading
from crm_web.records.spoken import SPOKEN
from crm_web.visit import Visit


def entry_facts(visit: Visit, module: Module[Any], entry: HistoryEntry) -> dict[str, Any]:
    icons = {
        "create": "plus",
        "update": "pencil",
        "delete": "trash-2",
        "restore": "undo-2",
        "link": "link",
        "unlink": "unlink",
        "merge": "merge",
        "merged": "merge",
    }
    changes = [found for change in entry.changes if (found := _change(visit, module, entry, change))]
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    known = visit.voice.catalogue.has(f"history.{entry.action}")
    return {
        "icon": icons.get(entry.action, "info"),
        "who": entry.actor.name if entry.actor and entry.actor.name else visit.text("record.system"),
        "what": visit.text(f"history.{entry.action}") if known else entry.action,
        "source": visit.text(f"history.source.{entry.source}")
        if catalogue.has(f"history.source.{entry.source}")
        else entry.source,
        "time": formats.format_datetime(entry.at, locale, catalogue),
        "iso": entry.at.isoformat(),
        "address": entry.address if visit.access.admin else "",
        "changes": changes,
    }


def _change(visit: Visit, module: Module[Any], entry: HistoryEntry, change: FieldChange) -> tuple[str, str, str] | None:
    """A changed column as its field's label with the values in words; columns that only accompany another are left out."""
    field = module.by_key.get(change.key) or _owner_of(module, change.key)
    if field is None:
        if entry.action in ("link", "unlink") or change.key == "ids":
            return None
        return _fact_label(visit, change.key), _fact(visit, change.old), _fact(visit, change.new)
    if change.key != field.key and change.key != leading(field) and not isinstance(field, kinds.Address):
        return None
    if change.key == f"{field.key}_base":
        return None
    label = visit.voice.label(module, field)
    if isinstance(field, kinds.Address):
        label = visit.voice.path_label(module, f"{field.key}.{change.key.removeprefix(field.key + '_')}", None)
    if spoken := SPOKEN.get(f"{module.key}.{field.key}"):
        return label, spoken(visit, change.old), spoken(visit, change.new)
    return label, show_stored(field, change.old, visit.voice), show_stored(field, change.new, visit.voice)


def _fact(visit: Visit, value: Any) -> str:
    """A fact that is no field's value, as a text; of several each."""
    if isinstance(value, list):
        return visit.text("record.list_separator").join(str(one) for one in cast("list[Any]", value))
    return "" if value is None else str(value)


def _fact_label(visit: Visit, key: str) -> str:
    """What an event names besides fields: records of a module that moved, or a fact that has a word."""
    if key in visit.work.registry:
        return visit.voice.module(visit.work.registry[key])
    return visit.text(f"history.fact.{key}") if visit.voice.catalogue.has(f"history.fact.{key}") else key


def _owner_of(module: Module[Any], column: str) -> Kind | None:
    return next(
        (
            field
            for field in module.fields
            if column.startswith(f"{field.key}_") and isinstance(field, kinds.Address | kinds.Money | kinds.AnyLink)
        ),
        None,
    )

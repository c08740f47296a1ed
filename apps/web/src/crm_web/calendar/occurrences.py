"""A record as one of a series: which occurrences a change is meant for, and the rule it follows."""

from typing import Any

from crm_domain.definition import Module
from crm_domain.modules.activities.series import RULE
from crm_domain.modules.activities.spread import WHICH
from crm_domain.query.page import Row
from crm_web.visit import Visit


def in_series(module: Module[Any], row: Row) -> bool:
    """Whether the record is one of several that a rule made."""
    key = module.schedule.series if module.schedule else ""
    return bool(key and (row.values.get("repeat") or row.values.get(key)))


def choices(visit: Visit, module: Module[Any], row: Row) -> list[tuple[str, str]]:
    """What a change may be meant for, in words; nothing for what stands alone."""
    return [(which, visit.text(f"occurrences.{which}")) for which in WHICH] if in_series(module, row) else []


async def rule_values(visit: Visit, module: Module[Any], row: Row) -> dict[str, Any]:
    """The rule of repetition of an occurrence, which its first one carries."""
    if not in_series(module, row) or row.values.get("repeat"):
        return {}
    assert module.schedule is not None
    heads = await visit.work.store.fetch(module, [row[module.schedule.series].id], columns=RULE)
    return {key: heads[0][key] for key in RULE} if heads else {}

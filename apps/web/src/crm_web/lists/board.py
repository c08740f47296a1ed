"""The board of a module: a lane for each stage with its figures and first cards."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Option, kinds
from crm_domain.query.page import Lane
from crm_domain.records.stream import is_activity
from crm_domain.text import money, numbers
from crm_storage.records.select_rows import STARRED
from crm_ui.cells import stage_glyph
from crm_web.lists.listing import BOARD_CARDS, Listing, list_query
from crm_web.lists.next_steps import Step, next_steps
from crm_web.lists.tables import columns_for, field_label, lines_for
from crm_web.visit import Visit


async def board(visit: Visit, module: Module[Any], listing: Listing) -> dict[str, Any]:
    axis = module.layout.board
    field = module.field(axis)
    assert isinstance(field, kinds.Choice | kinds.DependentChoice)
    cards = columns_for(visit, module, tuple(path for path in module.layout.card if path not in ("name", axis)))
    paths = dict.fromkeys(("name", axis, "version", *due_paths(module), *(column.path for column in cards), STARRED))
    query, dropped = list_query(visit, module, listing, tuple(paths))
    query = msgspec.structs.replace(query, limit=BOARD_CARDS, cursor=None)
    lanes = await visit.work.store.lanes(module, query, axis, module.layout.board_sum, module.layout.board_weighted)
    movable = visit.access.can(module.key, "edit") and visit.access.field(module.key, axis) == "write"
    total = sum(lane.count for lane in lanes)
    tells = any(is_activity(visit.work.registry, one) for one in visit.work.registry.relations(module.key).values())
    steps = await next_steps(visit, module, [row.id for lane in lanes for row in lane.rows]) if tells else None
    return {
        "lanes": [_lane(visit, module, listing, cards, lane, steps) for lane in lanes],
        "movable": movable,
        "unit": money.money_unit(visit.voice.base_currency, visit.voice.locale, visit.voice.catalogue),
        "count": count_text(visit, total, capped=False),
        "total": total,
        "dropped": [field_label(visit, module, path) for path in dropped],
    }


def _lane(
    visit: Visit, module: Module[Any], listing: Listing, cards: Any, lane: Any, steps: Mapping[UUID, Step] | None
) -> dict[str, Any]:
    axis = module.layout.board
    field: Any = module.field(axis)
    option = field.options[lane.option]
    lines = lines_for(visit, module, cards, lane.rows)
    nothing = visit.text("board.next_none")
    return {
        "key": lane.option,
        "label": visit.voice.option_label(field.options, option),
        "hue": option.hue,
        "glyph": stage_glyph(option) or "stage-0",
        "closed": option.closed,
        "folded": option.closed,
        **lane_figures(visit, option, lane),
        "cards": [
            {
                "line": line,
                "version": row["version"],
                "cells": list(zip(cards, line.cells, strict=True)),
                "step": steps.get(row.id, ("", nothing)) if steps is not None and not option.closed else (),
            }
            for line, row in zip(lines, lane.rows, strict=True)
        ],
        "more": numbers.format_number(lane.count - len(lines), visit.voice.locale) if lane.count > len(lines) else "",
        "whole": f"/{module.key}{listing.href(**{'mode': None, f'filter[{axis}]': lane.option})}",
    }


def lane_figures(visit: Visit, option: Option, lane: Lane) -> dict[str, str]:
    """A lane's head in words: how many, their sum in the base currency, and what it comes to by their chances while open."""
    sum_, weighted = (_short(visit, amount) for amount in (lane.total, lane.weighted))
    return {
        "count": numbers.format_number(lane.count, visit.voice.locale),
        "sum": sum_,
        "weighted": visit.text("board.weighted", sum=weighted) if weighted and not option.closed else "",
    }


def _short(visit: Visit, amount: Any) -> str:
    voice = visit.voice
    if not amount:
        return ""
    return money.format_money(amount, voice.base_currency, voice.locale, voice.catalogue, short=True)


def count_text(visit: Visit, number: int, *, capped: bool) -> str:
    text = numbers.format_number(number, visit.voice.locale)
    return visit.text("list.capped", number=text) if capped else text


def due_paths(module: Module[Any]) -> tuple[str, ...]:
    return tuple(key for key in (module.due_field, module.open_field) if key in module.by_key)

"""Changing or removing one occurrence of a series, it and the following ones, or all of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import UUID

from crm_domain.definition import Module, Ref
from crm_domain.modules.activities.event import length
from crm_domain.modules.activities.invite import call_off_together
from crm_domain.modules.activities.recurrence import WEEK, Rule, ends_by, occurrences
from crm_domain.modules.activities.series import (
    CARRIED,
    OWN,
    RULE,
    Series,
    horizon,
    is_open,
    load,
    make,
    rule_of,
    slot_of,
    uid_of,
)
from crm_domain.problems import Denied, FieldProblem, Invalid, NotFound
from crm_domain.query.page import Row
from crm_domain.records import remove as removal
from crm_domain.records import save

if TYPE_CHECKING:
    from crm_domain.records.work import Work

Which = Literal["one", "following", "all"]
ENDS = {"repeat_until", "repeat_count"}
"""What of a rule says only how far it goes."""
WHICH: tuple[Which, ...] = get_args(Which)


def read_which(text: str) -> Which:
    """What a form or an address says; one where it says nothing. Raises Invalid."""
    for which in WHICH:
        if text in (which, ""):
            return which
    raise Invalid({"occurrences": (FieldProblem("problems.not_an_option", {"value": text[:80]}),)})


async def update(
    work: "Work",
    module: Module[Any],
    id_: UUID,
    values: Mapping[str, Any],
    which: Which = "one",
    *,
    version: int | None = None,
) -> tuple[str, ...]:
    """`save.update` for what may be in a series. Held occurrences stay as they are; a new time or rule lays the
    occurrences anew, whatever was moved by hand. Raises what `save.update` raises."""
    series = await _series(work, module, id_, "edit", which)
    if series is None:
        return await save.update(work, module, id_, values, version=version)
    rule = {k: v for k, v in values.items() if k in RULE and not save.same(v, series.head.values.get(k))}
    plain = {key: value for key, value in values.items() if key not in RULE}
    if which == "one":
        if rule:
            raise Invalid({next(iter(rule)): (FieldProblem("activities.rule_is_of_all"),)})
        return await save.update(work, module, id_, plain, version=version)
    start = plain.pop("starts_at", None)
    this = next(row for row in series.members if row.id == id_)
    current = (await work.store.fetch(module, [id_]))[0]
    end = plain.pop("ends_at", None)
    if end and end != current["ends_at"]:
        plain["duration"] = length(start or current["starts_at"], end)
    shared = {k: v for k, v in plain.items() if k not in OWN and not save.same(v, current[k])}
    own = {k: v for k, v in plain.items() if k in OWN}
    merged = await save.update(work, module, id_, {**shared, **own}, version=version)
    series, later = await _reach(work, module, series, id_, which)
    moved = start if start and start != this["starts_at"] else None
    starts = await _laid(work, module, series, later, this, moved, rule) if moved or rule else {}
    for row in later:
        at = {"starts_at": starts[row.id], "occurs_at": starts[row.id]} if row.id in starts else {}
        if at or (row.id != id_ and not starts):
            await save.update(work, module, row.id, {**shared, **at}, quiet=True)
    return merged


async def remove(work: "Work", module: Module[Any], id_: UUID, which: Which = "one", *, company: str = "") -> UUID:
    """`records.remove.remove` for what may be in a series; guests are told once."""
    series = await _series(work, module, id_, "delete", which) if which != "one" else None
    if series is None:
        return await removal.remove(work, module, [id_])
    chosen = _chosen(module, series, id_, which)
    await call_off_together(work, module, series, [row.id for row in chosen], company=company)
    await _end(work, module, series, chosen[0])
    return await removal.remove(work, module, [row.id for row in chosen])


async def reached(work: "Work", module: Module[Any], id_: UUID, which: Which) -> tuple[Series | None, list[UUID]]:
    """What a choice names, for a change that leaves times and rule alone: the series and the chosen occurrences.

    Raises NotFound, and Denied for several without their head.
    """
    series = await _series(work, module, id_, "edit", which)
    if series is None or which == "one":
        return series, [id_]
    return series, [row.id for row in _chosen(module, series, id_, which)]


def _chosen(module: Module[Any], series: Series, id_: UUID, which: Which) -> list[Row]:
    """Those of a choice that are still to come off, and the one it was made at."""
    this = next(row for row in series.members if row.id == id_)
    rows = [row for row in series.members if is_open(module, row) or row.id == id_]
    return [row for row in rows if slot_of(row) >= slot_of(this)] if which == "following" else rows


async def _series(work: "Work", module: Module[Any], id_: UUID, action: str, which: Which) -> Series | None:
    """The series as far as the actor may do that to it. Raises NotFound, and Denied for several without their head."""
    rows = await work.store.fetch(module, [id_])
    if not rows:
        raise NotFound
    series = await load(work, module, rows[0], action=action)
    if series is None or all(row.id != id_ for row in series.members):
        return None
    if which != "one" and all(row.id != series.head.id for row in series.members):
        raise Denied
    return series


async def _reach(
    work: "Work", module: Module[Any], series: Series, id_: UUID, which: Which
) -> tuple[Series, Sequence[Row]]:
    """What a change of several reaches, as a series of its own where earlier ones stay behind."""
    this = next(row for row in series.members if row.id == id_)
    chosen = _chosen(module, series, id_, "all")
    first = this if which == "following" else chosen[0]
    later = [row for row in chosen if slot_of(row) >= slot_of(first)]
    if slot_of(first) <= slot_of(series.members[0]):
        return series, later
    return await _split(work, module, series, first), later


async def _split(work: "Work", module: Module[Any], series: Series, first: Row) -> Series:
    """Makes that occurrence the head of it and the following ones; the rule of those before ends."""
    assert module.schedule is not None
    key, head = module.schedule.series, Ref(module.key, first.id)
    after = [row.id for row in series.members if slot_of(row) > slot_of(first)]
    carried = {**{name: series.head.values.get(name) for name in CARRIED}, "repeat_from": series.anchor}
    uid = {"series_uid": str(first.id), "sent_sequence": None}
    await _end(work, module, series, first)
    await work.store.update(module, [first.id], {**carried, **uid, key: None})
    if after:
        await work.store.update(module, after, {key: head, **uid})
    [row] = await work.store.fetch(module, [first.id])
    return Series(module.record(row.id, row.values), [r for r in series.members if slot_of(r) >= slot_of(first)])


async def _end(work: "Work", module: Module[Any], series: Series, first: Row) -> None:
    """The rule gives nothing from that occurrence on; without any before it there is no rule."""
    if slot_of(first) <= slot_of(series.members[0]):
        values: dict[str, Any] = dict.fromkeys(CARRIED)
    else:
        last = slot_of(first).astimezone(work.locale.zone).date() - timedelta(days=1)
        values = {"repeat_until": last, "made_until": None, "sequence": (series.head.sequence or 0) + 1}
    await work.store.update(module, [series.head.id], values)


async def _laid(
    work: "Work",
    module: Module[Any],
    series: Series,
    later: Sequence[Row],
    this: Row,
    moved: datetime | None,
    changed: Mapping[str, Any],
) -> dict[UUID, datetime]:
    """The new start of every occurrence; those the rule has no more go to the trash, those it has besides are made."""
    ahead, first = horizon(work, series.anchor), slot_of(later[0])
    old = list(occurrences(rule_of(series.head), series.anchor, work.locale, ahead))
    rest = [at for at in old if at >= first]
    if moved is None and set(changed) <= ENDS:
        anchor, rule = series.anchor, await _rule(work, module, series, changed, 0, 0)
    else:
        anchor, days = _moved(work, first, this["starts_at"], moved)
        rule = await _rule(work, module, series, changed, days, len(old) - len(rest))
    made = list(occurrences(rule, anchor, work.locale, ahead)) if rule else [anchor]
    new = made if anchor is not series.anchor else [at for at in made if at >= first]
    places = (rest.index(slot_of(row)) if slot_of(row) in rest else len(new) for row in later)
    order = list(range(len(later)) if changed else places)
    starts = {row.id: new[n] for row, n in zip(later, order, strict=True) if n < len(new)}
    if gone := [row.id for row in later if row.id not in starts]:
        await work.store.remove(module, gone)
    until = None if rule is None or ends_by(rule, len(made), ahead) else ahead
    kept = {"repeat_from": anchor if rule else None, "made_until": until}
    await work.store.update(module, [series.head.id], kept)
    further = new[len(later) if changed else len(rest) :]
    [row] = await work.store.fetch(module, [series.head.id])
    await make(work, module, module.record(row.id, row.values), further, uid=uid_of(series.head), like=later[-1].id)
    return starts


def _moved(work: "Work", first: datetime, shown: datetime, start: datetime | None) -> tuple[datetime, int]:
    """Where the first one goes when one shown at a time goes to another, and by how many days that is."""
    if start is None:
        return first, 0
    zone = work.locale.zone
    to = start.astimezone(zone)
    days = (to.date() - shown.astimezone(zone).date()).days
    day = first.astimezone(zone).date() + timedelta(days=days)
    wall = time(to.hour, to.minute, to.second)
    return datetime.combine(day, wall, zone).astimezone(UTC), days


async def _rule(
    work: "Work", module: Module[Any], series: Series, changed: Mapping[str, Any], days: int, before: int
) -> Rule | None:
    """The rule from now on, stored; None where nothing repeats any more."""
    values = dict(changed)
    weekdays = series.head.repeat_weekdays
    if days % WEEK and weekdays and "repeat_weekdays" not in changed:
        values["repeat_weekdays"] = tuple(str((int(key) + days) % WEEK) for key in weekdays)
    if before and series.head.repeat_count and "repeat_count" not in changed:
        left = series.head.repeat_count - before
        values |= {"repeat_count": left} if left > 1 else {"repeat": None}
    [row] = await work.store.fetch(module, [series.head.id])
    ready, settled = await save.settle(work, module, row, values)
    if settled:
        await work.store.update(module, [row.id], settled)
    return rule_of(ready.after) if ready.after.repeat else None

"""Asking a report: one statement for its figures with all totals, one more for the rows of a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.errors import QueryCanceled

from crm_domain.definition import Ref, kinds
from crm_domain.meaning.voice import Voice
from crm_domain.problems import Refused
from crm_domain.reports.answer import MOST_ON_SCREEN, Answer, Found, Line
from crm_domain.reports.narrow import Narrowed
from crm_domain.reports.periods import starts_of
from crm_domain.reports.question import Grouping
from crm_storage.records.context import Context
from crm_storage.records.names import names
from crm_storage.reports.figures import STARTS, figures
from crm_storage.reports.joined import Joined
from crm_storage.reports.rows import rows

PATIENCE = "SET LOCAL statement_timeout = '60s'"
"""How long a report may take in the database."""


async def run(
    context: Context, asked: Narrowed, voice: Voice, *, limit: int = MOST_ON_SCREEN, offset: int = 0
) -> Answer:
    """The answer within the actor's rights: at most `limit` groups, or rows of a list beyond `offset`.

    Raises Refused where it takes too long.
    """
    await context.session.execute(PATIENCE)
    try:
        total, lines = await _figures(context, asked, voice, limit)
        if asked.question.kind != "list":
            return Answer(asked=asked, total=total, lines=tuple(lines[:limit]), more=len(lines) > limit)
        found = await _rows(context, asked, voice, limit + 1, offset)
        return Answer(asked=asked, total=total, rows=tuple(found[:limit]), more=len(found) > limit)
    except QueryCanceled:
        raise Refused("reports.problem.too_slow") from None


async def _figures(context: Context, asked: Narrowed, voice: Voice, limit: int) -> tuple[Line, list[Line]]:
    """The whole, and the lines of all levels below it."""
    joined = Joined(context, asked)
    built = figures(joined)
    facts = {**_facts(asked, voice), **joined.values.params, "limit": limit + 2}
    found = await context.rows(built.sql, **facts)
    groups = asked.question.groups
    if not groups:
        return Line((), (), found[0][0], tuple(found[0][1:])), []
    lines = [_line(joined, groups, row) for row in found]
    return lines[0], lines[1:]


def _line(joined: Joined, groups: Sequence[Grouping], row: Sequence[Any]) -> Line:
    number = len(groups)
    parted, keys, named = row[:number], row[number : 2 * number], row[2 * number : 3 * number]
    level = tuple(place for place in range(number) if not parted[place])
    read = tuple(
        _key(joined, group, key, name) if place in level else None
        for place, (group, key, name) in enumerate(zip(groups, keys, named, strict=True))
    )
    return Line(level, read, row[3 * number], tuple(row[3 * number + 1 :]))


def _key(joined: Joined, group: Grouping, key: Any, name: str | None) -> Any:
    """Records as refs, text as it is spelt; longer buckets as their place, which the reader's calendar makes a day."""
    if key is None or group.since:
        return key
    if isinstance(joined.place(group.path)[0].field, kinds.Link | kinds.UserLink):
        return Ref(joined.step(group.path).target, key, name or "")
    return key if name is None else name


async def _rows(context: Context, asked: Narrowed, voice: Voice, limit: int, offset: int) -> list[Found]:
    joined = Joined(context, asked)
    built = rows(joined)
    facts = {**_facts(asked, voice), **joined.values.params, "limit": limit, "offset": offset}
    found = [(row[0], built.values(row)) for row in await context.rows(built.sql, **facts)]
    nameless = {value for _, values in found for value in values if isinstance(value, Ref) and not value.name}
    named = await names(context, tuple(nameless))
    return [Found(id_, tuple(_named(value, named) for value in values)) for id_, values in found]


def _named(value: Any, named: Mapping[Ref, Ref]) -> Any:
    return named.get(value, value) if isinstance(value, Ref) else value


def _facts(asked: Narrowed, voice: Voice) -> dict[str, Any]:
    """What statements ask of the reader's clock and calendar."""
    locale = voice.locale
    facts: dict[str, Any] = {"now": voice.now, "zone": locale.time_zone, "week_start": locale.week_start}
    for group in asked.question.groups:
        if group.bucket in STARTS:
            facts[STARTS[group.bucket]] = list(starts_of(group.bucket, locale.calendar))
    return facts

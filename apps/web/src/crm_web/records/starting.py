"""What a new record's form begins with: defaults, another record's values, what the address brings along."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from crm_domain.definition import Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.text.whole_days import whole
from crm_web.reach import one
from crm_web.visit import Visit


def starting_values(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """What a new record begins with: the definition's defaults, its maker as the one responsible, a start soon."""
    found = {field.key: field.default for field in module.fields if field.default is not None}
    mine = (field.key for field in module.fields if isinstance(field, kinds.UserLink) and field.mine)
    me = Ref("users", visit.access.user, visit.actor.name)
    present = [field.key for field in module.fields if isinstance(field, kinds.DateTime) and field.now]
    now = visit.voice.now.replace(second=0, microsecond=0)
    own = {**soon(visit, module), **own_habits(visit, module)}
    return {**found, **dict.fromkeys(mine, me), **dict.fromkeys(present, now), **own}


def own_habits(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """What the user chose for all he plans: how long it lasts, when it reminds."""
    schedule, choices = module.schedule, visit.actor.preferences.agenda
    if schedule is None:
        return {}
    chosen = {schedule.reminders: choices.reminders, schedule.mail_reminders: choices.mail_reminders}
    found: dict[str, Any] = {key: kept for key, value in chosen.items() if (kept := _offered(module, key, value))}
    if schedule.end and isinstance(module.by_key.get("duration"), kinds.Duration):
        found["duration"] = choices.minutes * 60
    return found


def _offered(module: Module[Any], key: str, values: tuple[str, ...]) -> tuple[str, ...]:
    field = module.by_key.get(key)
    return tuple(value for value in values if isinstance(field, kinds.MultiChoice) and value in field.options)


def soon(visit: Visit, module: Module[Any]) -> dict[str, datetime]:
    """The next half hour as the start of what needs one."""
    start = module.by_key.get(module.schedule.start) if module.schedule else None
    if not isinstance(start, kinds.DateTime) or not start.required:
        return {}
    past = timedelta(minutes=visit.voice.now.minute % 30, seconds=visit.voice.now.second)
    return {start.key: (visit.voice.now - past + timedelta(minutes=30)).replace(microsecond=0)}


async def copied(visit: Visit, module: Module[Any], id_: UUID) -> dict[str, Any]:
    """A record's values for a new one: without stamps, unique identifiers and what rules wrote."""
    row = await one(visit, module, id_)
    fields = {
        field.key: field for field in module.own_fields() if field.copied and not field.readonly and not field.unique
    }
    kept = {key: row[key] for key in fields if visit.access.field(module.key, key) == "write"}
    return {**starting_values(visit, module), **kept}


async def prefilled(visit: Visit, module: Module[Any]) -> dict[str, Any]:
    """Defaults, and what the address brings along (`?account=<id>` from a subpanel)."""
    values = starting_values(visit, module)
    values |= await module.begins(visit.work) if module.begins else {}
    given = visit.request.query_params
    for key, text in given.items():
        field = module.by_key.get(key)
        if field and not field.readonly and (value := given_value(visit, field, text)) is not None:
            values[key] = value
            values |= {own: text for own, text in (await _taken(visit, module, key, value)).items() if own not in given}
    links = {key: value for key, value in values.items() if isinstance(value, Ref) and not value.name}
    named = await visit.work.store.names(list(links.values()))
    return values | {key: named.get(ref) for key, ref in links.items()}


async def _taken(visit: Visit, module: Module[Any], key: str, value: Any) -> dict[str, Any]:
    """What the form takes over from the record beside which it is opened, and from those that come along with it."""
    wanted = module.takes.get(key, {}) if isinstance(value, Ref) else {}
    wanted = {own: theirs for own, theirs in wanted.items() if visit.access.field(module.key, own) == "write"}
    if not wanted or not visit.access.can(value.module, "view"):
        return {}
    rows = await visit.work.store.fetch(visit.module(value.module), [value.id], columns=tuple(wanted.values()))
    found = {own: kept for own, theirs in wanted.items() if rows and (kept := rows[0].values.get(theirs))}
    further = [await _taken(visit, module, own, kept) for own, kept in found.items() if own != key]
    return {own: kept for taken in (*further, found) for own, kept in taken.items()}


def given_value(visit: Visit, field: Kind, text: str) -> Any:
    """What an address says of a field; None where it makes no sense. Times are local, as a calendar's slots are."""
    try:
        match field:
            case kinds.Text():
                return text[: field.max_length]
            case kinds.Choice():
                return text if text in field.options else None
            case kinds.Duration():
                return int(text)
            case kinds.Date():
                return date.fromisoformat(text)
            case kinds.DateTime() if field.whole_days and len(text) == len("2026-11-30"):
                return whole(date.fromisoformat(text), visit.voice.locale.zone)
            case kinds.DateTime():
                return datetime.fromisoformat(text).replace(tzinfo=visit.voice.locale.zone).astimezone(UTC)
            case _:
                return given_ref(field, text)
    except ValueError:
        return None


def given_ref(field: Kind | None, text: str) -> Ref | None:
    """The link that an address names: an id, or `module:id` where the module is open."""
    match field:
        case kinds.Link():
            module, id_ = field.target, text
        case kinds.AnyLink():
            module, _, id_ = text.partition(":")
        case _:
            return None
    try:
        return Ref(module, UUID(id_))
    except ValueError:
        return None


def linking(target: Module[Any], link_field: str, ref: Ref) -> str:
    """The address of a new record's form with that link filled in: the reverse of `given_ref`."""
    given = f"{ref.module}:{ref.id}" if isinstance(target.by_key.get(link_field), kinds.AnyLink) else ref.id
    return f"/{target.key}/new?{link_field}={given}" if link_field else f"/{target.key}/new"

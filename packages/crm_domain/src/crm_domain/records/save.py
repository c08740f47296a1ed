"""Creating and changing records: the one way in for forms, inline edits, boards, bulk, imports and the API."""

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from crm_domain.definition.change import Change, change
from crm_domain.definition.kinds import AnyLink, Emails, Kind, UserLink
from crm_domain.definition.module import Module
from crm_domain.definition.values import EmailEntry, Ref
from crm_domain.meaning.clean import clean
from crm_domain.meaning.wire import from_json
from crm_domain.problems import BadValue, Clash, Conflict, Denied, FieldProblem, Invalid, NotFound, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row
from crm_domain.records.assigning import tell_assignee
from crm_domain.records.mentioning import tell_mentioned
from crm_domain.records.uploads import opened

if TYPE_CHECKING:
    from crm_domain.records.work import Work

Values = Mapping[str, Any]
Problems = dict[str, tuple[FieldProblem, ...]]


async def create(
    work: "Work", module: Module[Any], values: Values, *, id_: UUID | None = None, quiet: bool = False
) -> UUID:
    """A new record; its id. `quiet` tells nobody. Raises Denied, Invalid, Refused."""
    made = await draw_up(work, module, values, id_=id_)
    await store_new(work, module, [made])
    if not quiet:
        await _tell(work, module, made.change)
    return made.id


async def _tell(work: "Work", module: Module[Any], saved: Change[Any]) -> None:
    await tell_assignee(work, module, saved)
    await tell_mentioned(work, module, saved)


class New(NamedTuple):
    """A record that is ready to be stored."""

    id: UUID
    change: Change[Any]
    settled: dict[str, Any]


async def draw_up(
    work: "Work", module: Module[Any], values: Values, *, id_: UUID | None = None, sure: Container[Ref] = ()
) -> New:
    """A new record by all rules, not yet stored. `sure` are records that the actor is known to reach. Raises Denied, Invalid,
    Refused."""
    if not work.access.can(module.key, "create") or _closed(work, module):
        raise Denied
    _check_field_rights(work, module, values)
    given = {**defaults(work, module), **values}
    id_ = id_ or work.new_id()
    return New(id_, *await _ready(work, module, None, await opened(work, given), id_, asked=values, sure=sure))


async def store_new(work: "Work", module: Module[Any], made: Sequence[New]) -> None:
    """Stores records that were drawn up, and does what the module does next. Raises Refused where the plan has no room."""
    await check_room(work, len(made))
    await work.store.insert(module, [(one.id, one.settled) for one in made])
    for one in made:
        await follow(work, module, one.change)


async def check_room(work: "Work", number: int) -> None:
    """Raises Refused where the plan has no room for so many records more."""
    room = work.quotas.records
    if room and await work.store.holds(room - number + 1):
        raise Refused("tenants.quota_records")


async def update(
    work: "Work", module: Module[Any], id_: UUID, values: Values, *, version: int | None = None, quiet: bool = False
) -> tuple[str, ...]:
    """Changes a record; the fields that others had changed meanwhile and that were left as they are now. `quiet` tells
    nobody.

    Raises NotFound, Denied, Invalid, Refused, and Conflict where the same fields were changed since `version`.
    """
    row = await _editable(work, module, id_)
    _check_field_rights(work, module, values)
    values = await opened(work, values)
    merged: tuple[str, ...] = ()
    if version is not None and version != row["version"]:
        merged = await _merge(work, module, row, values, version)
        values = {key: value for key, value in values.items() if key not in merged}
    ready, settled = await settle(work, module, row, differing(module, row, values))
    if settled:
        await work.store.update(module, [id_], settled, version=row["version"])
        await follow(work, module, ready)
        if not quiet:
            await _tell(work, module, ready)
    return merged


async def settle(
    work: "Work", module: Module[Any], row: Row, changed: Values, *, sure: Container[Ref] = ()
) -> tuple[Change[Any], dict[str, Any]]:
    """A change of a record once its rules have spoken, and what it sets that was not so already. Raises Invalid, Refused."""
    ready, settled = await _ready(work, module, row, changed, row.id, asked=changed, sure=sure)
    return ready, {key: value for key, value in settled.items() if not same(value, row[key])}


def differing(module: Module[Any], row: Row, values: Values) -> dict[str, Any]:
    """What the values change of a record. That an e-mail address is opted out or invalid is never unsaid by a save."""
    mails = {key for key in values if isinstance(module.by_key.get(key), Emails)}
    kept = {key: _flagged(row[key] or (), value or ()) if key in mails else value for key, value in values.items()}
    return {key: value for key, value in kept.items() if not same(value, row[key])}


def _flagged(old: Sequence[EmailEntry], new: Sequence[EmailEntry]) -> tuple[EmailEntry, ...]:
    known = {entry.address.lower(): entry for entry in old}
    pairs = [(entry, known.get(entry.address.strip().lower(), entry)) for entry in new]
    return tuple(
        replace(entry, opted_out=entry.opted_out or was.opted_out, invalid=entry.invalid or was.invalid)
        for entry, was in pairs
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values are one: empty is empty, however it is written."""
    if isinstance(one, bool) != isinstance(other, bool) and one is not None and other is not None:
        return False
    return one == other or (
        not one and not other and not isinstance(one, bool | int) and not isinstance(other, bool | int)
    )


def cleaned(module: Module[Any], values: Values) -> dict[str, Any]:
    """The values as their kinds want them. Raises Invalid with every field's problem."""
    found: dict[str, Any] = {}
    problems: Problems = {}
    for key, value in values.items():
        try:
            found[key] = clean(module.field(key), value)
        except BadValue as bad:
            problems[key] = (bad.problem,)
    if problems:
        raise Invalid(problems)
    return found


async def _ready(
    work: "Work",
    module: Module[Any],
    row: Row | None,
    values: Values,
    id_: UUID,
    *,
    asked: Values,
    sure: Container[Ref],
) -> tuple[Change[Any], dict[str, Any]]:
    """The change with its rules applied, and what is to be stored; `asked` are the values that somebody named."""
    before = module.record(id_, row.values) if row else None
    given = cleaned(module, values)
    planned = change(module.record, before, id_, dict(given), work.now())
    for rule in module.before_save:
        rule(planned)
    for rule in module.with_work:
        await rule(work, planned)
    for field in module.computed:
        planned.set(field, field.by(planned.after.values))
    _check_required(module, planned)
    await _check_links(work, module, planned, asked, sure)
    await _check_unique(work, module, planned)
    by_rules = {key: value for key, value in planned.values.items() if value is not given.get(key)}
    return planned, {**planned.values, **cleaned(module, by_rules)}


async def follow(work: "Work", module: Module[Any], saved: Change[Any]) -> None:
    """What the module does once a change is stored."""
    for rule in module.after_save:
        await rule(work, saved)


def _check_required(module: Module[Any], planned: Change[Any]) -> None:
    empty = {
        field.key: (FieldProblem("problems.required"),)
        for field in module.required
        if _is_empty(planned.after.values.get(field.key)) and (planned.new or field.key in planned.values)
    }
    if empty:
        raise Invalid(empty)


async def _check_links(
    work: "Work", module: Module[Any], planned: Change[Any], asked: Values, sure: Container[Ref]
) -> None:
    """What somebody links to must be there and within his reach, as must every record that no foreign key watches."""
    links: dict[str, Ref] = {
        field.key: planned.values[field.key]
        for field in module.links
        if (isinstance(field, AnyLink) or field.key in asked)
        and planned.values.get(field.key)
        and planned.values[field.key] not in sure
        and planned.touches(field)
    }
    there = await within_reach(work, list(links.values())) if links else ()
    if lost := [key for key, ref in links.items() if ref not in there]:
        raise Invalid(dict.fromkeys(lost, (FieldProblem("problems.unknown_record"),)))


async def within_reach(work: "Work", refs: Sequence[Ref]) -> set[Ref]:
    """Those that are there for the actor to link to."""
    return {ref for ref, named in (await work.store.names(refs)).items() if not named.gone}


async def _check_unique(work: "Work", module: Module[Any], planned: Change[Any]) -> None:
    """Says of a value that another record has it; what the actor cannot see is left to the database."""
    for field in module.unique:
        value = planned.after.values.get(field.key)
        if not (value and planned.touches(field)):
            continue
        page = await work.store.page(module, ListQuery(filter=Condition(field.key, "eq", value), limit=2))
        if any(row.id != planned.after.id for row in page.rows):
            raise Invalid({field.key: (FieldProblem("problems.taken"),)})


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", ())


def defaults(work: "Work", module: Module[Any]) -> dict[str, Any]:
    """What a new record starts with: the definition's defaults, the actor, and his first team."""
    found = {field.key: field.default for field in module.fields if field.default is not None}
    mine = (field.key for field in module.fields if isinstance(field, UserLink) and field.mine)
    found |= dict.fromkeys(mine, Ref("users", work.access.user))
    if work.access.teams:
        found["team"] = Ref("teams", work.access.teams[0])
    return found


async def _editable(work: "Work", module: Module[Any], id_: UUID) -> Row:
    """The record, locked. Who may see but not edit it is told so; for all others it does not exist."""
    rows = await work.store.fetch(module, [id_], action="edit", lock=True)
    if rows and not _closed(work, module):
        return rows[0]
    if not await work.store.fetch(module, [id_], columns=("name",)):
        raise NotFound
    raise Denied


def _closed(work: "Work", module: Module[Any]) -> bool:
    return module.closed_to(admin=work.access.admin)


def _check_field_rights(work: "Work", module: Module[Any], values: Values) -> None:
    if any(work.access.field(module.key, key) != "write" for key in values):
        raise Denied


async def _merge(work: "Work", module: Module[Any], row: Row, values: Values, version: int) -> tuple[str, ...]:
    """Fields changed by others since `version`, where this save leaves them alone. Raises Conflict where it does not."""
    originals = await work.store.originals(module, row.id, version)
    clashes: dict[str, Clash] = {}
    for key, mine in values.items():
        if key in originals and not same(mine, row[key]):
            original = _read(module.field(key), originals[key])
            if not same(mine, original):
                clashes[key] = Clash(original, mine, row[key])
    if clashes:
        raise Conflict(clashes, row["version"])
    return tuple(key for key in originals if key in module.by_key)


def _read(field: Kind, stored: Any) -> Any:
    try:
        return from_json(field, stored)
    except BadValue:
        return None

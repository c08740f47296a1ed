"""One row of a file: understood, its record found, saved by all rules; what came of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.values import PostalAddress
from crm_domain.meaning.parse import Raw, parse, text_of
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue, Denied, FieldProblem, Invalid, NotFound, Problem, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row
from crm_domain.records import bulk, save
from crm_domain.records.find_many import folded, ids_by, keys_of, locked_by
from crm_domain.records.forms import gather
from crm_domain.records.imports import Import, ImportRow
from crm_domain.text.spreadsheet import undo

if TYPE_CHECKING:
    from crm_domain.records.work import Work

OUTCOMES = {"changed": "updated", "unchanged": "unchanged", "refused": "failed", "denied": "failed"}


class Reader:
    """Reads the rows of one import; what links are called is looked up once."""

    def __init__(self, work: "Work", module: Module[Any], voice: Voice, run: Import) -> None:
        self._work = work
        self._module = module
        self._voice = voice
        self._run = run
        self._links: dict[tuple[str, str], Ref | None] = {}
        """By module and name; None for names that mean no record, or several."""
        self._sure: set[Ref] = set()
        """Those of them that the actor may link to."""
        self._waiting: list[save.New] = []
        self._changing: list[bulk.Drawn] = []
        self._keys: set[Any] = set()
        """The keys of those that wait to be stored, and that the changed ones had before."""
        self._storing = False
        self._ahead: dict[Any, Row | None] = {}
        """The records of keys that were looked up together, each until its first row."""

    async def take_all(self, rows: Sequence[ImportRow]) -> list[ImportRow]:
        """The rows with what came of them; records are stored together. Raises what only the database, or a rule that
        writes, finds wrong: then nothing of it may stay."""
        await self._look_ahead(rows)
        found = [await self._drawn(row) for row in rows]
        await self._store()
        return found

    async def _look_ahead(self, rows: Sequence[ImportRow]) -> None:
        """What the rows' links and keys name, in one statement each; what is not plain from that is asked row by row."""
        for place, target in enumerate(self._run.mapping):
            field = self._module.by_key.get(target)
            texts = dict.fromkeys(undo(row.cells[place]).strip() for row in rows)
            if isinstance(field, kinds.Link | kinds.UserLink):
                await self._name_ahead(field.target if isinstance(field, kinds.Link) else "users", list(texts))
            elif field and target == self._run.key and not self._module.closed_to(admin=self._work.access.admin):
                await self._find_ahead(field, list(texts))
        if self._links:
            named = [ref for ref in self._links.values() if ref]
            self._sure = await save.within_reach(self._work, named)

    async def _name_ahead(self, target: str, names: Sequence[str]) -> None:
        if target == self._module.key:  # a row may bring the name that a later one means
            return
        module = self._work.registry[target]
        field = module.field("name")
        new = [name for name in names if name and (target, name) not in self._links]
        found = await ids_by(self._work, module, field, new) if new else {}
        for name in new:
            ids = found.get(folded(field, name))
            if ids is not None:
                self._links[target, name] = Ref(target, ids[0], name) if len(ids) == 1 else None

    async def _find_ahead(self, field: Kind, texts: Sequence[str]) -> None:
        """Keys that come along with another may be given to a record by an earlier row: they are left for later."""
        cells = [keys for text in texts if (keys := self._keys_in(field, text))]
        along = {folded(field, key) for _, *rest in cells for key in rest}
        plain = [key for key, *_ in cells if folded(field, key) not in along]
        self._ahead = await locked_by(self._work, self._module, field, plain) if plain else {}

    def _keys_in(self, field: Kind, text: str) -> list[Any]:
        """The keys a cell holds; none where it makes no sense."""
        try:
            value = parse(field, text, self._voice)
            return self._all_keys({field.key: value}) if value else []
        except (BadValue, Invalid):
            return []

    async def _drawn(self, row: ImportRow) -> ImportRow:
        """The row, its record waiting. A rule that writes must not be left half done, so its problem is the whole batch's."""
        if not self._module.drawn_together:
            return await self.saved(row)
        try:
            return await self._understood(row)
        except Problem as problem:
            if self._storing:  # what is wrong is not with this row
                raise
            return _told(row, problem)

    async def _understood(self, row: ImportRow) -> ImportRow:
        """The row, its record waiting to be stored. Raises what is wrong with it."""
        values = await self._values(row.cells)
        found = await self._found(values)
        if found is None and self._run.mode != "update":
            made = await save.draw_up(self._work, self._module, values, sure=self._sure)
            self._waiting.append(made)
            self._keys |= self._folded(made.change.after.values)
            return msgspec.structs.replace(row, status="created", record_id=made.id)
        if found is None or self._run.mode == "create":
            return msgspec.structs.replace(row, status="skipped", record_id=found.id if found else None)
        return await self._changed(row, found, _onto(found, values))

    async def _changed(self, row: ImportRow, found: Row, values: dict[str, Any]) -> ImportRow:
        if self._looks_around(found, values):
            await self._store()
        drawn = await bulk.draw_change(self._work, self._module, found, values, sure=self._sure)
        item = drawn.item
        if item.status == "refused":
            return _failed(row, item.reason, item.facts)
        if drawn.change:
            self._changing.append(drawn)
            self._keys |= self._folded(found.values) | self._folded(drawn.change.after.values)
        status: Any = OUTCOMES[item.status]
        return msgspec.structs.replace(row, status=status, record_id=item.id, before=item.before, after=item.after)

    def _looks_around(self, found: Row, values: dict[str, Any]) -> bool:
        """Whether what rules make of the change may hang on the module's other records, some of which may be waiting."""
        beside = (
            field
            for field in self._module.fields
            if field.unique or (isinstance(field, kinds.Link) and field.target == self._module.key)
        )
        return any(not save.same(values[field.key], found[field.key]) for field in beside if field.key in values)

    def _folded(self, values: Mapping[str, Any]) -> set[Any]:
        """By what a record with these values is found."""
        key = self._run.key
        return set(keys_of(self._module.field(key), values.get(key))) if key else set()

    async def _store(self) -> None:
        made, changed = self._waiting, self._changing
        self._waiting, self._changing, self._keys = [], [], set()
        self._storing = True
        if made:
            await save.store_new(self._work, self._module, made)
        if changed:
            await bulk.store_changes(self._work, self._module, changed)
        self._storing = False

    async def take(self, row: ImportRow) -> ImportRow:
        """The row with what came of it; a row that fails leaves nothing behind."""
        try:
            async with self._work.store.imports.attempt():
                return await self.saved(row)
        except Problem as problem:
            return _told(row, problem)

    async def saved(self, row: ImportRow) -> ImportRow:
        """The row with what came of it, within an attempt of the caller's. Raises what is wrong with it."""
        found = await self._understood(row)
        await self._store()
        return found

    async def _values(self, cells: Sequence[str]) -> dict[str, Any]:
        """What the row says; an empty cell says nothing. Raises Invalid with every cell's problem."""
        named = zip(self._run.mapping, cells, strict=True)
        pairs = [(target, undo(cell).strip()) for target, cell in named if target and cell.strip()]
        values: dict[str, Any] = {}
        problems: dict[str, tuple[FieldProblem, ...]] = {}
        for key, raw in gather(pairs).items():
            if self._work.access.field(self._module.key, key) != "write":
                raise Denied
            try:
                values[key] = await self._value(self._module.field(key), raw)
            except BadValue as bad:
                problems[key] = (bad.problem,)
        if problems:
            raise Invalid(problems)
        if not values:
            raise Refused("imports.empty_row")
        return values

    async def _value(self, field: Kind, raw: Raw) -> Any:
        match field:
            case kinds.Link():
                return await self._ref(field.target, text_of(raw))
            case kinds.UserLink():
                return await self._ref("users", text_of(raw))
            case _:
                return parse(field, raw, self._voice)

    async def _ref(self, target: str, name: str) -> Ref:
        """The record of that id, or the only one of that name. Raises BadValue."""
        if (target, name) not in self._links:
            if target == self._module.key:
                await self._store()
            rows = (await self._work.store.page(self._work.registry[target], _with("name", name))).rows
            if len(rows) != 1:
                raise BadValue("problems.unknown_name", name=name)
            self._links[target, name] = Ref(target, rows[0].id, name)
        if (ref := self._links[target, name]) is None:
            raise BadValue("problems.unknown_name", name=name)
        return ref

    async def _found(self, values: dict[str, Any]) -> Row | None:
        """The record the row is about, locked. Raises Invalid without a key, Refused where several have it."""
        key = self._run.key
        if not key or not values.get(key):
            if self._run.mode == "create":
                return None
            raise Invalid({key: (FieldProblem("problems.required"),)})
        text = self._all_keys(values)[0]
        folded_key = folded(self._module.field(key), text)
        if folded_key in self._ahead:
            return self._ahead.pop(folded_key)
        if folded_key in self._keys:
            await self._store()
        page = await self._work.store.page(self._module, _with(key, text))
        if len(page.rows) > 1:
            raise Refused("imports.many_match")
        if not page.rows:
            return None
        return await self._locked(page.rows[0].id)

    def _all_keys(self, values: dict[str, Any]) -> list[Any]:
        """By what the record can be found; the first is what its row is looked for by."""
        key = self._run.key
        cleaned = save.cleaned(self._module, {key: values[key]})[key]
        return [entry.address for entry in cleaned] if isinstance(self._module.field(key), kinds.Emails) else [cleaned]

    async def _locked(self, id_: UUID) -> Row:
        if self._module.closed_to(admin=self._work.access.admin):
            raise Denied
        rows = await self._work.store.fetch(self._module, [id_], action="edit", lock=True)
        if not rows:
            raise NotFound
        return rows[0]


def _with(key: str, text: str) -> ListQuery:
    return ListQuery(filter=Condition(key, "eq", text), columns=("name",), limit=2)


def _onto(row: Row, values: dict[str, Any]) -> dict[str, Any]:
    """Parts of an address that the file does not have stay as they are."""
    return {key: _joined(row[key], value) for key, value in values.items()}


def _joined(old: Any, new: Any) -> Any:
    if not isinstance(old, PostalAddress) or not isinstance(new, PostalAddress):
        return new
    given = {part: text for part, text in msgspec.structs.asdict(new).items() if text}
    return msgspec.structs.replace(old, **given)


def _told(row: ImportRow, problem: Problem) -> ImportRow:
    if isinstance(problem, Invalid):
        key, [first, *_] = next(iter(problem.fields.items()))
        return _failed(row, first.id, {**first.facts, "of_field": key})
    return _failed(row, problem.id, problem.facts)


def _failed(row: ImportRow, reason: str, facts: Any) -> ImportRow:
    return msgspec.structs.replace(row, status="failed", reason=reason, facts=dict(facts))

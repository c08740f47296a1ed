"""One row of a file: understood, its record found, saved by all rules; what came of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module, Ref, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.values import PostalAddress
from crm_domain.meaning.parse import Raw, parse, text_of
from crm_domain.meaning.raw import ID, raw_cells
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue, Denied, FieldProblem, Invalid, Problem, Refused
from crm_domain.query.page import Row
from crm_domain.records import bulk, save
from crm_domain.records.find_many import folded, ids_by
from crm_domain.records.forms import gather
from crm_domain.records.import_find import Finder, id_of
from crm_domain.records.imports import Import, ImportRow
from crm_domain.records.named import meant
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
        self._finder = Finder(work, module, voice, run.key, self._store)
        self._links: dict[tuple[str, str], Ref | None] = {}
        """By module and name or id; None for names that mean no record, or several."""
        self._sure: set[Ref] = set()
        """Those of them that the actor may link to."""
        self._waiting: list[save.New] = []
        self._changing: list[bulk.Drawn] = []
        self._storing = False

    async def take_all(self, rows: Sequence[ImportRow]) -> list[ImportRow]:
        """The rows with what came of them; records are stored together. Raises what only the database, or a rule that
        writes, finds wrong: then nothing of it may stay."""
        await self._look_ahead(rows)
        found = [await self._drawn(row) for row in rows]
        await self._store()
        return found

    async def _look_ahead(self, rows: Sequence[ImportRow]) -> None:
        """What the rows' links and keys name, in one statement each; what is not plain from that is asked row by row."""
        refs: list[Ref] = []
        for place, target in enumerate(self._run.mapping):
            field = self._module.by_key.get(target)
            texts = list(dict.fromkeys(undo(row.cells[place]).strip() for row in rows))
            match field:
                case kinds.Link() | kinds.UserLink():
                    await self._name_ahead(kinds.targets_of(field)[0], texts)
                case kinds.AnyLink():
                    refs += self._refs(field, texts)
                case _ if target and target == self._run.key:
                    await self._finder.look_ahead(texts)
                case _:
                    pass
        if refs := [*refs, *(ref for ref in self._links.values() if ref)]:
            self._sure = await save.within_reach(self._work, refs)

    async def _name_ahead(self, target: str, names: Sequence[str]) -> None:
        self._links |= {(target, name): Ref(target, id_) for name in names if (id_ := _uuid(name))}
        if target == self._module.key:  # a row may bring the name that a later one means
            return
        module = self._work.registry[target]
        field = module.field("name")
        new = [name for name in names if name and (target, name) not in self._links]
        found = await ids_by(self._work, module, field, new) if new else {}
        for name in new:
            there = found.get(folded(field, name))
            if there is not None:
                self._links[target, name] = Ref(target, there[0], name) if len(there) == 1 else None

    def _refs(self, field: kinds.AnyLink, texts: Sequence[str]) -> list[Ref]:
        """The records that cells name by module and id, as far as they make sense."""
        found: list[Ref] = []
        for text in filter(None, texts):
            try:
                found.append(parse(field, text, self._voice))
            except BadValue:
                continue
        return found

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
        said = self._said(row.cells)
        found = await self._found(said.get(self._run.key, ""))
        id_ = said.pop(ID, "")
        if not said:
            raise Refused("imports.empty_row")
        if found is None and self._run.mode != "update":
            values = await self._values(said)
            made = await save.draw_up(
                self._work, self._module, values, id_=id_of(id_) if id_ else None, sure=self._sure
            )
            self._waiting.append(made)
            self._finder.waits(made.id, made.change.after.values)
            return msgspec.structs.replace(row, status="created", record_id=made.id)
        if found is None and id_:
            raise Refused("imports.unknown_id")
        if found is None or self._run.mode == "create":
            return msgspec.structs.replace(row, status="skipped", record_id=found.id if found else None)
        return await self._changed(row, found, await self._values(self._new_in(said, found)))

    async def _changed(self, row: ImportRow, found: Row, values: dict[str, Any]) -> ImportRow:
        values = _onto(found, values)
        if self._looks_around(found, values):
            await self._store()
        drawn = await bulk.draw_change(self._work, self._module, found, values, sure=self._sure)
        item = drawn.item
        if item.status == "refused":
            return _failed(row, item.reason, item.facts)
        if drawn.change:
            self._changing.append(drawn)
            self._finder.waits(found.id, found.values, drawn.change.after.values)
        status: Any = OUTCOMES[item.status]
        return msgspec.structs.replace(row, status=status, record_id=item.id, before=item.before, after=item.after)

    def _looks_around(self, found: Row, values: dict[str, Any]) -> bool:
        """Whether what rules make of the change may hang on the module's other records, some of which may be waiting."""
        beside = (field for field in self._module.fields if field.unique or self._module.key in kinds.targets_of(field))
        return any(not save.same(values[field.key], found[field.key]) for field in beside if field.key in values)

    async def _store(self) -> None:
        made, changed = self._waiting, self._changing
        self._waiting, self._changing = [], []
        self._finder.stored()
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

    def _said(self, cells: Sequence[str]) -> dict[str, str]:
        """What the row says by target; an empty cell says nothing."""
        named = zip(self._run.mapping, cells, strict=True)
        return {target: undo(cell).strip() for target, cell in named if target and cell.strip()}

    def _new_in(self, said: Mapping[str, str], found: Row) -> dict[str, str]:
        """Without the cells that say what the record's own export says: they leave it as it is, whatever they hold."""
        known = raw_cells(self._module, found.values, {target.partition(".")[0] for target in said})
        return {target: text for target, text in said.items() if text != known[target].strip()}

    async def _values(self, said: Mapping[str, str]) -> dict[str, Any]:
        """The cells' values. Raises Invalid with every cell's problem."""
        values: dict[str, Any] = {}
        problems: dict[str, tuple[FieldProblem, ...]] = {}
        for key, raw in gather(said.items()).items():
            if self._work.access.field(self._module.key, key) != "write":
                raise Denied
            try:
                values[key] = await self._value(self._module.field(key), raw)
            except BadValue as bad:
                problems[key] = (bad.problem,)
        if problems:
            raise Invalid(problems)
        return values

    async def _value(self, field: Kind, raw: Raw) -> Any:
        match field:
            case kinds.Link() | kinds.UserLink():
                return await self._ref(kinds.targets_of(field)[0], text_of(raw))
            case kinds.AnyLink():
                ref = parse(field, raw, self._voice)
                await self._settled(ref.id)
                return ref
            case _:
                return parse(field, raw, self._voice)

    async def _ref(self, target: str, name: str) -> Ref:
        """The record of that id, or the only one of that name. Raises BadValue."""
        if id_ := _uuid(name):
            await self._settled(id_)
            return Ref(target, id_)
        if (target, name) not in self._links:
            if target == self._module.key:
                await self._store()
            self._links[target, name] = await meant(self._work, self._work.registry[target], name)
        if (ref := self._links[target, name]) is None:
            raise BadValue("problems.unknown_name", name=name)
        return ref

    async def _settled(self, id_: UUID) -> None:
        """A record that a row links to is stored first."""
        if any(one.id == id_ for one in self._waiting):
            await self._store()

    async def _found(self, text: str) -> Row | None:
        """The record the row is about, locked. Raises Invalid without a key: only new records need none."""
        if text:
            return await self._finder.found(text)
        if self._run.mode == "create" or (self._run.mode == "upsert" and self._run.key == ID):
            return None
        raise Invalid({self._run.key: (FieldProblem("problems.required"),)})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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

"""Which record a row of a file is about: found by the import's key, for many rows in one statement, and locked for editing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.meaning.parse import parse
from crm_domain.meaning.raw import ID
from crm_domain.meaning.voice import Voice
from crm_domain.problems import BadValue, Denied, Invalid, NotFound, Refused
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery, Row
from crm_domain.records import save
from crm_domain.records.find_many import folded, keys_of, locked_by

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Finder:
    """Finds the records of one import's rows. `store` stores those that wait, which a later row may mean."""

    def __init__(
        self, work: "Work", module: Module[Any], voice: Voice, key: str, store: Callable[[], Awaitable[None]]
    ) -> None:
        self._work = work
        self._module = module
        self._voice = voice
        self._key = key
        self._store = store
        self._waiting: set[Any] = set()
        """The keys of those that wait to be stored, and that the changed ones had before."""
        self._ahead: dict[Any, Row | None] = {}
        """The records of keys that were looked up together, each until its first row."""

    async def look_ahead(self, texts: Sequence[str]) -> None:
        """Finds what these cells mean in as few statements as one; what is not plain from that is asked row by row."""
        if self._module.closed_to(admin=self._work.access.admin):
            return
        cells = [keys for text in texts if (keys := self._keys_in(text))]
        if self._key == ID:
            self._ahead = await self._by_ids([id_ for id_, *_ in cells])
            return
        field = self._field()
        # keys that come along with another may be given to a record by an earlier row: they are left for later
        along = {folded(field, key) for _, *rest in cells for key in rest}
        plain = [key for key, *_ in cells if folded(field, key) not in along]
        self._ahead = await locked_by(self._work, self._module, field, plain) if plain else {}

    async def found(self, text: str) -> Row | None:
        """The record, locked. Raises Invalid for what is no key, Refused where several have it or nobody may, NotFound."""
        try:
            key = self._keys(text)[0]
        except BadValue as bad:
            raise Invalid({self._key: (bad.problem,)}) from None
        known = key if self._key == ID else folded(self._field(), key)
        if known in self._ahead:
            return self._ahead.pop(known)
        if known in self._waiting:
            await self._store()
        return await (self._by_id(key) if self._key == ID else self._by_field(key))

    def waits(self, id_: UUID, *values: Mapping[str, Any]) -> None:
        """A record is to be stored; what it had, or will have."""
        if self._key == ID:
            self._waiting.add(id_)
        elif self._key:
            self._waiting |= {key for one in values for key in keys_of(self._field(), one.get(self._key))}

    def stored(self) -> None:
        """Nothing waits any more."""
        self._waiting = set()

    def _field(self) -> Kind:
        return self._module.field(self._key)

    def _keys_in(self, text: str) -> list[Any]:
        """The keys a cell holds; none where it makes no sense."""
        try:
            return self._keys(text) if text else []
        except (BadValue, Invalid):
            return []

    def _keys(self, text: str) -> list[Any]:
        """By what the record can be found; the first is what its row is looked for by."""
        if self._key == ID:
            return [id_of(text)]
        field = self._field()
        cleaned = save.cleaned(self._module, {self._key: parse(field, text, self._voice)})[self._key]
        if not cleaned:
            raise BadValue("problems.required")
        return [entry.address for entry in cleaned] if isinstance(field, kinds.Emails) else [cleaned]

    async def _by_ids(self, ids: Sequence[UUID]) -> dict[Any, Row | None]:
        rows = await self._work.store.fetch(self._module, ids, action="edit", lock=True) if ids else []
        found: dict[Any, Row | None] = {row.id: row for row in rows}
        rest = [id_ for id_ in ids if id_ not in found]
        taken = await self._work.store.taken(rest) if rest else ()
        return {**found, **{id_: None for id_ in rest if id_ not in taken}}

    async def _by_id(self, id_: UUID) -> Row | None:
        """That record, or the one a merge made of it. Raises Refused for the id of a record that is none of these."""
        if not await self._work.store.taken([id_]):
            return None
        survivor = await self._work.store.merged_into(self._module, id_)
        try:
            return await self._locked(survivor or id_)
        except NotFound:
            raise Refused("imports.id_taken") from None

    async def _by_field(self, key: Any) -> Row | None:
        query = ListQuery(filter=Condition(self._key, "eq", key), columns=("name",), limit=2)
        page = await self._work.store.page(self._module, query)
        if len(page.rows) > 1:
            raise Refused("imports.many_match")
        return await self._locked(page.rows[0].id) if page.rows else None

    async def _locked(self, id_: UUID) -> Row:
        if self._module.closed_to(admin=self._work.access.admin):
            raise Denied
        rows = await self._work.store.fetch(self._module, [id_], action="edit", lock=True)
        if not rows:
            raise NotFound
        return rows[0]


def id_of(text: str) -> UUID:
    """Raises BadValue for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        raise BadValue("imports.not_an_id", value=text[:80]) from None

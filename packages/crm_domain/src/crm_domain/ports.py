"""What the core asks of the outside world: small Protocols, implemented by storage and wired in each app."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.definition.module import Module
from crm_domain.definition.relation import Relation
from crm_domain.definition.values import Blob, Ref
from crm_domain.jobs import Jobs
from crm_domain.notices import Notices
from crm_domain.query.filter import EVERYTHING, Filter
from crm_domain.query.page import COUNT_CAP, Count, Lane, ListQuery, Page, Row
from crm_domain.records.gather import Choice, Gathered
from crm_domain.records.imports import Imports
from crm_domain.records.runs import Runs
from crm_domain.records.shelf import Shelf


class Clock(Protocol):
    """The time, passed in so that it can be another one."""

    def now(self) -> datetime: ...


class FieldChange(msgspec.Struct, frozen=True):
    """One field in the history: its key, the stored values before and after, and the names links had at that time."""

    key: str
    old: Any = None
    new: Any = None


class HistoryEntry(msgspec.Struct, frozen=True):
    """One event in a record's life: who, when, from where, what changed."""

    id: UUID
    at: datetime
    actor: Ref | None
    action: str
    source: str
    request_id: str
    address: str
    """The IP address it was asked for from; empty for what the house did by itself."""
    changes: tuple[FieldChange, ...]


class HistoryQuestion(msgspec.Struct, frozen=True):
    """Which part of a history: events older than the event `before`, of a field, of a user, from an instant on and before another."""

    before: UUID | None = None
    field: str = ""
    actor: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


WHOLE_HISTORY = HistoryQuestion()


class Tie(msgspec.Struct, frozen=True):
    """A link of a relation with a table: the record it was asked of, the one at its other end, what the link says of itself."""

    owner: UUID
    other: UUID
    values: Mapping[str, Any]


class Hit(msgspec.Struct, frozen=True):
    """A record found by global search: `reason` is the field that matched, `detail` a second line."""

    ref: Ref
    reason: str
    detail: str
    rank: float


class Store(Protocol):
    """A tenant's records within one unit of work. Rights are part of every statement: what the actor may not reach does not exist.

    Leaving the unit of work without `commit` rolls everything back.
    """

    access: Access

    source: str
    """Where changes come from: web, api, import, mail, job and the like."""

    @property
    def shelf(self) -> Shelf: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def runs(self) -> Runs: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def notices(self) -> Notices: ...

    async def fetch(
        self,
        module: Module[Any],
        ids: Sequence[UUID],
        *,
        action: str = "view",
        columns: Sequence[str] = (),
        lock: bool = False,
        deleted: bool = False,
    ) -> list[Row]:
        """The records among `ids` that the actor may reach by `action`; all readable columns when none are named."""
        ...

    async def page(
        self, module: Module[Any], query: ListQuery, *, action: str = "list", beside: Sequence[Ref] = ()
    ) -> Page: ...

    async def count(
        self, module: Module[Any], filter_: Filter, *, cap: int = COUNT_CAP, deleted: bool = False
    ) -> Count: ...

    async def counts(self, asked: Sequence[tuple[Module[Any], Filter]]) -> Sequence[Count]:
        """How many of each of these the actor may list, up to the usual cap; all in one statement."""
        ...

    async def total(self, module: Module[Any], filter_: Filter, field: str) -> Any:
        """The sum of a number or, in base currency, of a money field over the whole result; each by its percentage `weight`."""
        ...

    async def lanes(
        self, module: Module[Any], query: ListQuery, axis: str, total: str, weighted: str = ""
    ) -> list[Lane]:
        """The board: one lane for each option in use, each with its first `query.limit` rows."""
        ...

    async def insert(self, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
        """New records by their ids, all in one go."""
        ...

    async def update(
        self, module: Module[Any], ids: Sequence[UUID], values: Mapping[str, Any], *, version: int | None = None
    ) -> list[UUID]:
        """Sets the values where the actor may edit (and the version still is `version`); the ids that were changed."""
        ...

    async def change(self, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[UUID]:
        """The same where each has values of its own, all in one go."""
        ...

    async def remove(self, module: Module[Any], ids: Sequence[UUID]) -> tuple[UUID, list[UUID]]:
        """Moves records to the trash with what their relations take along: the removal's id, and the records it took."""
        ...

    async def restore(self, removal: UUID) -> Mapping[str, Sequence[UUID]]:
        """Brings back everything one removal took; which records, by module."""
        ...

    async def restore_records(self, module: Module[Any], ids: Sequence[UUID]) -> int:
        """Brings back these records and what their removal took along with them; how many records."""
        ...

    async def purge(self, module: Module[Any], ids: Sequence[UUID]) -> int:
        """Deletes records in the trash for good."""
        ...

    async def blockers(self, module: Module[Any], ids: Sequence[UUID]) -> Mapping[str, int]:
        """How many live records of each relation hang on these, by relation key."""
        ...

    async def related(self, relation: Relation, owner: UUID, query: ListQuery) -> Page:
        """A subpanel's rows. Those of a many-to-many relation also carry the link's own fields as `link.<key>`."""
        ...

    async def related_counts(self, relations: Sequence[Relation], owner: UUID) -> Mapping[str, Count]:
        """How many records each subpanel would list, by the relation's key, in one statement."""
        ...

    async def link(self, relation: Relation, owner: UUID, targets: Sequence[UUID], values: Mapping[str, Any]) -> int:
        """Links records, or changes the link's own fields where they are linked already; how many."""
        ...

    async def ties(self, relation: Relation, owners: Sequence[UUID]) -> list[Tie]:
        """The links these records have in a many-to-many relation, whoever may see what they lead to."""
        ...

    async def unlink(self, relation: Relation, owner: UUID, targets: Sequence[UUID]) -> int: ...

    async def gather(
        self, relation: Relation, owner: UUID, choice: Choice, *, after: UUID | None = None, limit: int
    ) -> Gathered:
        """Links up to `limit` of the chosen records that the actor may list, beyond `after` in the order of their ids."""
        ...

    async def keep_only(self, relation: Relation, owner: UUID, choice: Choice) -> int:
        """Takes away the links of that relation to all other records; how many."""
        ...

    async def history(
        self, module: Module[Any], id_: UUID, question: HistoryQuestion = WHOLE_HISTORY, *, limit: int = 50
    ) -> list[HistoryEntry]: ...

    async def historians(self, module: Module[Any], id_: UUID) -> list[Ref]:
        """The users who have done something to a record, by name."""
        ...

    async def originals(self, module: Module[Any], id_: UUID, version: int) -> Mapping[str, Any]:
        """The fields changed since a version, each with the value it had then, as JSON (the leading column's)."""
        ...

    async def note(self, module: Module[Any], id_: UUID | None, action: str, facts: Mapping[str, Any]) -> None:
        """Writes an event to the audit that is no change of fields: an export, a print, a conversion."""
        ...

    async def alike(
        self, module: Module[Any], values: Mapping[str, Any], *, except_id: UUID | None = None
    ) -> list[Row]:
        """Records that may be the same as one with these values: equal e-mail or phone, or the module's duplicate rules."""
        ...

    async def search(
        self, modules: Sequence[Module[Any]], words: str, *, limit: int = 5, within: Filter = EVERYTHING
    ) -> Mapping[str, list[Hit]]:
        """The best hits by module; `within` narrows them by what every module can be asked (mine, starred)."""
        ...

    async def move_to(self, module: Module[Any], keep: UUID, ids: Sequence[UUID]) -> Mapping[str, int]:
        """Moves everything that hangs on `ids` to `keep`; how many of each module or relation."""
        ...

    async def name_survivor(self, removal: UUID, keep: UUID) -> None:
        """Says of a removal that it was a merge, and into which record."""
        ...

    async def merged_into(self, module: Module[Any], id_: UUID) -> UUID | None:
        """Where a record in the trash went, if a merge took it there."""
        ...

    async def holds(self, most: int) -> bool:
        """Whether the tenant has so many live records or more, of all modules and of everybody."""
        ...

    async def taken(self, ids: Sequence[UUID]) -> Set[UUID]:
        """Those of these ids that some record has, of whatever module and whoever may see it, in the trash or not."""
        ...

    async def names(self, refs: Sequence[Ref]) -> Mapping[Ref, Ref]:
        """The same refs with the names the actor may see; in one query."""
        ...

    async def openable(self, keys: Sequence[str]) -> Mapping[str, Blob]:
        """Those of these files that the actor may open: he has just sent them, or he may see a record that holds them."""
        ...

    async def busy(
        self, people: Sequence[UUID], begin: datetime, end: datetime, *, besides: Sequence[UUID] = ()
    ) -> Mapping[UUID, list[tuple[datetime, datetime]]]:
        """When each of these users is taken, whatever it is by: the times only, whoever asks."""
        ...

    async def may_reach(self, url: str) -> bool:
        """Whether that web address lies outside, as far as it can be told now: only such may be asked for anything."""
        ...

    async def setting(self, key: str) -> Any:
        """What the company settled under that key; None where it settled nothing."""
        ...

    async def next_number(self, series: str) -> int:
        """The next number of a series, from 1; its row stays locked until this work ends, so that none is given twice."""
        ...

    async def enqueue(self, subject: str, payload: Mapping[str, Any], not_before: datetime | None = None) -> UUID:
        """Hands a job to the worker, once this work commits and its time has come."""
        ...

    async def commit(self) -> None: ...

"""A tenant's records within one unit of work: the core's `Store`, statement by statement in the files of `records/`."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from crm_domain.access.rights import Access
from crm_domain.definition import Blob, Module, Ref, Relation
from crm_domain.ids import new_id
from crm_domain.ports import WHOLE_HISTORY, Clock, HistoryEntry, HistoryQuestion, Hit, Tie
from crm_domain.query.filter import EVERYTHING, Filter
from crm_domain.query.page import COUNT_CAP, Count, Lane, ListQuery, Page, Row
from crm_domain.records.gather import Choice, Gathered
from crm_storage.jobs.rows import StoredJobs
from crm_storage.notices import StoredNotices
from crm_storage.outbox import put
from crm_storage.people.preferences import setting
from crm_storage.records import (
    gather,
    held_files,
    history,
    merging,
    names,
    numbers,
    reads,
    related,
    search,
    volume,
    writes,
)
from crm_storage.records import removal as trash
from crm_storage.records.busy import busy as busy_times
from crm_storage.records.context import Context
from crm_storage.records.imports import StoredImports
from crm_storage.records.runs import StoredRuns
from crm_storage.shelf import StoredShelf


class TenantStore:
    """See `crm_domain.ports.Store` for what each call means."""

    def __init__(self, context: Context, clock: Clock) -> None:
        self._context = context
        self._clock = clock
        self.access: Access = context.access
        self.source = context.source
        self.shelf = StoredShelf(context)
        self.jobs = StoredJobs(context)
        self.runs = StoredRuns(context)
        self.imports = StoredImports(context)
        self.notices = StoredNotices(context)

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
        return await reads.fetch(self._context, module, ids, action=action, columns=columns, lock=lock, deleted=deleted)

    async def page(
        self, module: Module[Any], query: ListQuery, *, action: str = "list", beside: Sequence[Ref] = ()
    ) -> Page:
        return await reads.page(self._context, module, query, action=action, beside=beside)

    async def count(
        self, module: Module[Any], filter_: Filter, *, cap: int = COUNT_CAP, deleted: bool = False
    ) -> Count:
        return await reads.count(self._context, module, filter_, cap=cap, deleted=deleted)

    async def counts(self, asked: Sequence[tuple[Module[Any], Filter]]) -> Sequence[Count]:
        return await reads.counts(self._context, asked)

    async def total(self, module: Module[Any], filter_: Filter, field: str) -> Any:
        return await reads.total(self._context, module, filter_, field)

    async def lanes(
        self, module: Module[Any], query: ListQuery, axis: str, total: str, weighted: str = ""
    ) -> list[Lane]:
        return await reads.lanes(self._context, module, query, axis, total, weighted)

    async def insert(self, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
        await writes.insert(self._context, module, records)

    async def update(
        self, module: Module[Any], ids: Sequence[UUID], values: Mapping[str, Any], *, version: int | None = None
    ) -> list[UUID]:
        return await writes.change(self._context, module, [(id_, values) for id_ in ids], version=version)

    async def change(self, module: Module[Any], records: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[UUID]:
        return await writes.change(self._context, module, records)

    async def remove(self, module: Module[Any], ids: Sequence[UUID]) -> tuple[UUID, list[UUID]]:
        id_ = new_id(self._clock.now())
        return id_, await trash.remove(self._context, module, ids, id_)

    async def restore(self, removal: UUID) -> Mapping[str, Sequence[UUID]]:
        return await trash.restore(self._context, removal)

    async def restore_records(self, module: Module[Any], ids: Sequence[UUID]) -> int:
        return await trash.restore_records(self._context, module, ids)

    async def purge(self, module: Module[Any], ids: Sequence[UUID]) -> int:
        return await trash.purge(self._context, module, ids)

    async def blockers(self, module: Module[Any], ids: Sequence[UUID]) -> Mapping[str, int]:
        return await trash.blockers(self._context, module, ids)

    async def holds(self, most: int) -> bool:
        return await volume.holds(self._context, most)

    async def move_to(self, module: Module[Any], keep: UUID, ids: Sequence[UUID]) -> Mapping[str, int]:
        return await merging.move(self._context, module, keep, ids)

    async def name_survivor(self, removal: UUID, keep: UUID) -> None:
        await merging.name_survivor(self._context, removal, keep)

    async def merged_into(self, module: Module[Any], id_: UUID) -> UUID | None:
        return await merging.merged_into(self._context, module, id_)

    async def related(self, relation: Relation, owner: UUID, query: ListQuery) -> Page:
        return await related.related(self._context, relation, owner, query)

    async def related_counts(self, relations: Sequence[Relation], owner: UUID) -> Mapping[str, Count]:
        return await related.related_counts(self._context, relations, owner)

    async def link(self, relation: Relation, owner: UUID, targets: Sequence[UUID], values: Mapping[str, Any]) -> int:
        return await related.link(self._context, relation, owner, targets, values)

    async def ties(self, relation: Relation, owners: Sequence[UUID]) -> list[Tie]:
        return await related.ties(self._context, relation, owners)

    async def unlink(self, relation: Relation, owner: UUID, targets: Sequence[UUID]) -> int:
        return await related.unlink(self._context, relation, owner, targets)

    async def gather(
        self, relation: Relation, owner: UUID, choice: Choice, *, after: UUID | None = None, limit: int
    ) -> Gathered:
        return await gather.gather(self._context, relation, owner, choice, after=after, limit=limit)

    async def keep_only(self, relation: Relation, owner: UUID, choice: Choice) -> int:
        return await gather.keep_only(self._context, relation, owner, choice)

    async def history(
        self, module: Module[Any], id_: UUID, question: HistoryQuestion = WHOLE_HISTORY, *, limit: int = 50
    ) -> list[HistoryEntry]:
        return await history.history(self._context, module, id_, question, limit=limit)

    async def historians(self, module: Module[Any], id_: UUID) -> list[Ref]:
        return await history.historians(self._context, module, id_)

    async def originals(self, module: Module[Any], id_: UUID, version: int) -> Mapping[str, Any]:
        return await history.originals(self._context, module, id_, version)

    async def note(self, module: Module[Any], id_: UUID | None, action: str, facts: Mapping[str, Any]) -> None:
        await history.note(self._context, module, id_, action, facts)

    async def alike(
        self, module: Module[Any], values: Mapping[str, Any], *, except_id: UUID | None = None
    ) -> list[Row]:
        return await search.alike(self._context, module, values, except_id=except_id)

    async def search(
        self, modules: Sequence[Module[Any]], words: str, *, limit: int = 5, within: Filter = EVERYTHING
    ) -> Mapping[str, list[Hit]]:
        return await search.search(self._context, modules, words, limit=limit, within=within)

    async def taken(self, ids: Sequence[UUID]) -> Set[UUID]:
        return await volume.taken(self._context, ids)

    async def names(self, refs: Sequence[Ref]) -> Mapping[Ref, Ref]:
        return await names.names(self._context, refs)

    async def openable(self, keys: Sequence[str]) -> Mapping[str, Blob]:
        return await held_files.openable(self._context, keys)

    async def busy(
        self, people: Sequence[UUID], begin: datetime, end: datetime, *, besides: Sequence[UUID] = ()
    ) -> Mapping[UUID, list[tuple[datetime, datetime]]]:
        return await busy_times(self._context, people, begin, end, besides=besides)

    async def may_reach(self, url: str) -> bool:
        return self._context.reach is not None and await self._context.reach.may(url)

    async def setting(self, key: str) -> Any:
        return await setting(self._context.session, key)

    async def next_number(self, series: str) -> int:
        return await numbers.next_number(self._context, series)

    async def enqueue(self, subject: str, payload: Mapping[str, Any], not_before: datetime | None = None) -> UUID:
        return await put(self._context.session, subject, payload, not_before)

    async def commit(self) -> None:
        await self._context.session.commit()

"""A file taken in: which, by which mapping, and what came of each of its rows, kept so that it can be taken back."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

import msgspec

from crm_domain.definition import Relation

if TYPE_CHECKING:
    from crm_domain.records.import_saved import SavedMapping

Mode = Literal["create", "update", "upsert"]
ImportState = Literal["draft", "started", "done", "undoing", "undone"]
RowStatus = Literal["waiting", "created", "updated", "unchanged", "skipped", "failed", "undone", "kept"]
"""`skipped`: its record is there already, or to be updated and not there; `kept`: changed since, so not taken back."""
MOST_ROWS = 50_000
MOST_COLUMNS = 150
BATCH = 500
UNDO_WITHIN = timedelta(days=30)


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `mapping` has a target for each column, empty where it is left out; `key` is the field that finds records.

    Everybody of the file joins the list `gather_into`, when there is one, once the last row is in.
    """

    id: UUID
    owner: UUID
    module: str
    file: str
    heads: tuple[str, ...]
    mapping: tuple[str, ...]
    mode: Mode
    key: str
    state: ImportState
    total: int
    job: UUID | None
    created_at: datetime
    finished_at: datetime | None
    gather_into: UUID | None = None

    def undoable(self, now: datetime) -> bool:
        return self.state == "done" and self.finished_at is not None and now - self.finished_at < UNDO_WITHIN


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a file's rows are read, and where their records go besides."""

    mapping: tuple[str, ...]
    mode: Mode = "create"
    key: str = ""
    gather_into: UUID | None = None


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `reason` with `facts` says why it failed; before and after are an updated record's fields as JSON."""

    number: int
    cells: tuple[str, ...]
    status: RowStatus = "waiting"
    record_id: UUID | None = None
    reason: str = ""
    facts: Mapping[str, Any] = {}
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}


class Imports(Protocol):
    """The tenant's imports, in the same transaction as everything else."""

    async def open(
        self, module: str, file: str, heads: Sequence[str], plan: Plan, rows: Sequence[Sequence[str]]
    ) -> UUID:
        """A new import of the actor that has not begun."""
        ...

    async def get(self, id_: UUID, *, lock: bool = False) -> Import:
        """The actor's own import; an administrator's may be anybody's. Raises NotFound."""
        ...

    async def recent(self, module: str, limit: int) -> list[Import]:
        """The newest first: the actor's own, or everybody's for an administrator."""
        ...

    async def plan(self, id_: UUID, plan: Plan) -> None:
        """How an import that has not begun reads its rows."""
        ...

    async def move(self, id_: UUID, state: ImportState, *, job: UUID | None = None) -> None: ...

    async def rows(
        self, id_: UUID, statuses: Sequence[RowStatus], limit: int, *, last: bool = False
    ) -> list[ImportRow]:
        """Rows of those statuses in the file's order; with `last` from its end."""
        ...

    async def keep(self, id_: UUID, rows: Sequence[ImportRow]) -> None:
        """What came of rows that the import has."""
        ...

    async def counts(self, id_: UUID) -> Mapping[str, int]:
        """How many rows by status."""
        ...

    async def gather(self, id_: UUID, relation: Relation, owner: UUID) -> int:
        """Puts every record of the import's rows into a list; how many are new there."""
        ...

    async def mappings(self, module: str) -> Sequence["SavedMapping"]:
        """Those the actor may use: his own first, then shared ones."""
        ...

    async def keep_mapping(self, kept: "SavedMapping") -> None: ...

    async def drop_mapping(self, id_: UUID) -> None:
        """Forgets one of the actor's own; an administrator's may be any shared one."""
        ...

    def attempt(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is undone when a problem leaves it; the rest of the work stays. Raises Refused for a clash."""
        ...

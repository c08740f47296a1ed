"""One thing done to many records: which records, what, and what came of each, kept so that it can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

from crm_domain.definition.values import Ref

Action = Literal["update", "delete", "deal", "tasks"]
"""`deal` gives each record an assignee of its own; `tasks` makes one about each."""
RunState = Literal["draft", "started", "done", "undoing", "undone"]
Status = Literal["waiting", "changed", "unchanged", "denied", "refused", "undone", "kept"]
"""`denied`: out of the actor's reach; `refused`: a rule stands against it; `kept`: changed since, so not taken back."""
MOST = 50_000
"""Records of one run."""
INLINE = 100
"""So many are done while the user waits; more become a job."""
BATCH = 200
UNDO_WITHIN = timedelta(hours=24)
MADE = "made"
"""Under this key the changes of a record name the record that was made for it."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run over the ids that were found when it was opened; records that match later are not its (scenario 13)."""

    id: UUID
    owner: UUID
    module: str
    action: Action
    changes: Mapping[str, Any]
    """By field key, as JSON: what all get; of a `deal` the people, of `tasks` what each says."""
    state: RunState
    total: int
    job: UUID | None
    created_at: datetime
    finished_at: datetime | None

    def undoable(self, now: datetime) -> bool:
        return self.state == "done" and self.finished_at is not None and now - self.finished_at < UNDO_WITHIN


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a run. `reason` with `facts` says why it was refused; before and after are its changed fields as JSON."""

    id: UUID
    status: Status
    reason: str = ""
    facts: Mapping[str, Any] = {}
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}


class Runs(Protocol):
    """The tenant's runs, in the same transaction as everything else."""

    async def open(self, module: str, action: Action, changes: Mapping[str, Any], ids: Sequence[UUID]) -> UUID:
        """A new run of the actor that has not begun."""
        ...

    async def get(self, id_: UUID, *, lock: bool = False) -> Run:
        """The actor's own run; an administrator's may be anybody's. Raises NotFound."""
        ...

    async def plan(self, id_: UUID, changes: Mapping[str, Any]) -> None:
        """What a run that has not begun will set."""
        ...

    async def deal(self, id_: UUID, shares: Sequence[Mapping[str, Any]]) -> None:
        """Says what each record will get: the first, the second … of these, and the first again after the last."""
        ...

    async def move(self, id_: UUID, state: RunState, *, job: UUID | None = None) -> None: ...

    async def items(self, id_: UUID, statuses: Sequence[Status], limit: int) -> list[Item]:
        """Records of these statuses, in a fixed order."""
        ...

    async def keep(self, id_: UUID, items: Sequence[Item]) -> None:
        """What came of records that the run has."""
        ...

    async def counts(self, id_: UUID) -> Mapping[str, int]:
        """How many records by status."""
        ...

    async def assignees(self, id_: UUID) -> list[tuple[UUID, int, Ref]]:
        """To whom the run gave records or tasks: the user, how many, and one of them with its name."""
        ...

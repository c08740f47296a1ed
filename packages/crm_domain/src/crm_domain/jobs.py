"""Long work: what a job is, what its slices report, and how a use case starts one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a job has to show: counts worded by `jobs.count.<name>`, and where its result can be seen or fetched."""

    counts: Mapping[str, int] = {}
    href: str = ""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of long work. `kind` names its handler and is worded by `jobs.kind.<kind>`.

    `message` with `facts` says in the reader's language what it is doing or why it ended; `done` of `total` counts what
    the kind counts, where the total is known. `owner` is who acts; None is the house itself.
    """

    id: UUID
    kind: str
    owner: UUID | None
    state: State
    request: Mapping[str, Any]
    checkpoint: Mapping[str, Any]
    outcome: Outcome
    done: int
    total: int | None
    message: str
    facts: Mapping[str, Any]
    cancelling: bool
    request_id: str
    turn: int
    fence: int
    created_at: datetime
    started_at: datetime | None
    moved_at: datetime
    finished_at: datetime | None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How far a slice has come. It is kept in the transaction of the slice's own changes, so both last or neither."""

    done: int
    checkpoint: Mapping[str, Any] = {}
    total: int | None = None
    """None leaves the total as it is."""
    finished: bool = False
    outcome: Outcome = Outcome()
    message: str = ""
    facts: Mapping[str, Any] = {}


class Jobs(Protocol):
    """Jobs of the acting user, in the same transaction as everything else: one starts only if the change lasts (REL-01)."""

    async def start(self, kind: str, request: Mapping[str, Any], *, total: int | None = None) -> UUID:
        """A new job of the actor; it runs with his rights once this work commits. Its page is `/jobs/<id>`."""
        ...

    async def get(self, id_: UUID) -> Job:
        """The actor's own job; an administrator's may be anybody's. Raises NotFound."""
        ...

    async def cancel(self, id_: UUID) -> Job:
        """Wishes its end: what waits ends at once, what runs before its next slice. Raises NotFound."""
        ...

    async def recent(self, *, everybody: bool = False, limit: int = 50) -> Sequence[Job]:
        """The newest first: the actor's own, or everybody's for an administrator. Raises Denied."""
        ...

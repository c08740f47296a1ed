"""Long work, a slice at a time: what a handler of jobs is given and what it answers."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from crm_domain.jobs import Job, Step
from crm_domain.meaning.voice import Voice
from crm_domain.people.actor import Actor
from crm_domain.records.work import Work
from crm_domain.tenancy import Tenant
from crm_storage.database import Session
from crm_worker.workshop import Workshop

SLICE_S = 2.0
"""About how long a slice works before it hands in what it has: progress shows and a wish to end is heard this often."""
HUNG_S = 60.0
"""A slice that has not handed in after so long hangs: it is ended, undone, and tried again like one that failed."""
TURN_S = 8.0
"""After so long a job steps back in line, so that others get their turn (REL-17)."""


@dataclass(frozen=True)
class Slice:
    """One slice of a job: in one transaction, as the job's owner, with the checkpoint of the slice before.

    Whatever is done through `work` or `session` lasts together with the Step that is answered, or not at all; a handler
    never commits. Effects outside the database need a ledger of their own (REL-02).
    """

    job: Job
    tenant: Tenant
    actor: Actor
    work: Work
    voice: Voice
    session: Session
    shop: Workshop
    until: float

    def time_left(self) -> bool:
        """Whether to go on with another batch in this slice."""
        return time.monotonic() < self.until


Handler = Callable[[Slice], Awaitable[Step]]
"""Does some more of a job. A Problem it raises ends the job with that sentence; any other error is tried again."""
Handlers = Mapping[str, Handler]
Task = Callable[[Workshop, Tenant, str, Mapping[str, object]], Awaitable[None]]
"""Handles one message of an outbox: the shop, the tenant, the message's id (the same each time it comes), its payload."""

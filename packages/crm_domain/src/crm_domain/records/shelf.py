"""What users keep at hand: favourites, recent records, saved views, and how they left each list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from crm_domain.definition.values import Ref


class ListState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list's filter, columns, order and mode: what a saved view keeps, and what a user leaves behind in a module."""

    params: tuple[tuple[str, str], ...] = ()
    """The question as it stands in the address, so that "this month" stays what it says."""
    columns: tuple[str, ...] = ()
    sort: str = ""
    mode: str = "list"
    page_size: int = 0
    """0 means the default."""
    view: str = ""
    """The saved view a module opens with, where nothing else is asked."""
    sections: tuple[str, ...] = ()
    """The parts of a record's page in the order wanted; those that are not named follow in their usual order."""
    left_out: tuple[str, ...] = ()
    """The parts that are not wanted there."""
    tabs: tuple[str, ...] = ()
    """The saved views in the order in which they stand over the list; those that are not named follow."""
    aside: tuple[str, ...] = ()
    """The views that wait in the menu instead."""


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    """A named question. Sharing shares the question, never the answer: everybody sees his own rows."""

    id: UUID
    module: str
    name: str
    owner: UUID
    shared: bool = False
    audience: UUID | None = None
    """The team or role it is shared with; None with `shared` is everybody."""
    state: ListState = ListState()
    version: int = 1


class FormDraft(msgspec.Struct, frozen=True):
    """What was typed into a form and not saved: its names and texts, and when they were kept."""

    pairs: tuple[tuple[str, str], ...]
    kept_at: datetime


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows of the shelf: the latest stars and visits, without names, and a module's views and state."""

    starred: tuple[Ref, ...] = ()
    recent: tuple[Ref, ...] = ()
    views: tuple[SavedView, ...] = ()
    state: ListState = ListState()


class Shelf(Protocol):
    """The acting user's own things, in the same transaction as everything else."""

    async def desk(self, module: str = "", *, refs: int = 8) -> Desk: ...
    async def star(self, ref: Ref, *, on: bool) -> None: ...
    async def follow(self, ref: Ref, *, on: bool) -> None: ...
    async def star_many(self, module: str, ids: Sequence[UUID]) -> int: ...
    async def starred(self, limit: int = 30) -> list[Ref]: ...
    async def seen(self, ref: Ref) -> None: ...
    async def recent(self, limit: int = 10) -> list[Ref]: ...
    async def visits(self, module: str = "", limit: int = 100) -> list[tuple[Ref, datetime]]: ...
    async def views(self) -> list[SavedView]: ...
    async def save_view(self, view: SavedView) -> bool: ...
    async def drop_view(self, id_: UUID) -> bool: ...
    async def keep_state(self, module: str, state: ListState) -> None: ...
    async def keep_draft(self, module: str, record: UUID | None, pairs: Sequence[tuple[str, str]]) -> None:
        """Keeps what is typed into the form of a record, or of a new one; the former draft of that form goes."""
        ...

    async def draft(self, module: str, record: UUID | None) -> FormDraft | None: ...
    async def drop_draft(self, module: str, record: UUID | None) -> None: ...

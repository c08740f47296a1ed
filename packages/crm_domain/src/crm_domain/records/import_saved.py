"""Mappings kept under a name, of one's own or for everybody: the next file with much the same heads is read the same way."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.problems import Denied
from crm_domain.records.import_match import bare
from crm_domain.records.imports import Import, Mode, Plan

if TYPE_CHECKING:
    from crm_domain.records.work import Work

ALIKE = 0.8
"""The share of a mapping's heads that a file must have."""


class SavedMapping(msgspec.Struct, frozen=True, kw_only=True):
    """`columns` has the target of each head, as heads are compared."""

    id: UUID
    owner: UUID
    module: str
    name: str
    shared: bool
    columns: Mapping[str, str]
    mode: Mode
    key: str


def fitting(saved: Sequence[SavedMapping], heads: Sequence[str]) -> SavedMapping | None:
    """The one that knows most of these heads; None where none knows enough. One's own go before those of others."""
    there = {bare(head) for head in heads}

    def known(one: SavedMapping) -> float:
        return len(there & set(one.columns)) / max(len(one.columns), 1)

    best = max(saved, key=known, default=None)
    return best if best and known(best) >= ALIKE else None


def applied(
    saved: SavedMapping, heads: Sequence[str], guessed: Sequence[str], targets: Sequence[str]
) -> tuple[str, ...]:
    """A target for each head: as it was kept, else as guessed; none twice, and none the actor may not fill."""
    found: list[str] = []
    for head, guess in zip(heads, guessed, strict=True):
        target = saved.columns.get(bare(head), guess)
        found.append(target if target in targets and target not in found else "")
    return tuple(found)


async def keep_mapping(work: "Work", module: Module[Any], run: Import, given: Plan, name: str, *, shared: bool) -> None:
    """Keeps it under that name, over one's former of the same name. Raises Denied for sharing without being administrator."""
    if shared and not work.access.admin:
        raise Denied
    columns = {bare(head): target for head, target in zip(run.heads, given.mapping, strict=True)}
    kept = SavedMapping(
        id=work.new_id(), owner=work.access.user, module=module.key, name=name, shared=shared, columns=columns,
        mode=given.mode, key=given.key,
    )  # fmt: skip
    await work.store.imports.keep_mapping(kept)

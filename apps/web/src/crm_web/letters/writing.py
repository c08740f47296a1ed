"""Addresses that are written to: here by whoever has a mailbox of his own, else by the reader's mail program."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_ui.cells import Cell
from crm_web.visit import Visit

MAILTO = "mailto:"


def writing(visit: Visit, module: Module[Any], id_: UUID | None) -> str:
    """What an address is put behind to be written to; the letter is kept with the record `id_` where letters may be."""
    if not (visit.actor.writes_here and visit.access.can("emails", "create")):
        return MAILTO
    about = f"record={module.key}.{id_}&" if id_ and module.key in EMAIL_PARTNERS else ""
    return f"/mail/compose?{about}to="


def written_here(cell: Cell, way: str) -> Cell:
    """An address that leads to where it is written to."""
    if way == MAILTO or not cell.href.startswith(MAILTO):
        return cell
    return msgspec.structs.replace(cell, href=way + quote(cell.href.removeprefix(MAILTO), safe="@"))

"""A new record's form that begins with a letter, and the letter put into the files of what came of it."""

from typing import Any
from uuid import UUID

from crm_domain.definition import Module, Ref
from crm_domain.letters.begin import BEGUN, begun
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.modules.emails import Email
from crm_domain.modules.emails.write import link
from crm_storage.letters.about import concerned
from crm_ui.shell import NavItem
from crm_web.starting import starting_values
from crm_web.visit import Visit


async def letter_values(visit: Visit, module: Module[Any], letter: UUID) -> dict[str, Any]:
    """What the form starts with. Raises NotFound, Denied for who may not put the letter into files."""
    email = await visit.work.get(Email, letter, action="edit")
    records = await visit.named(await concerned(visit.session, letter))
    return {**starting_values(visit, module), **begun(module, email, records)}


async def letter_behind(visit: Visit, module: Module[Any], text: str) -> Ref | None:
    """The letter that a form says it begins with, by its subject; None for none and for modules that take no letters."""
    try:
        ref = Ref("emails", UUID(text))
    except ValueError:
        return None
    found = await visit.named([ref]) if module.key in EMAIL_PARTNERS else []
    return found[0] if found else None


async def file_letter(visit: Visit, module: Module[Any], text: str, id_: UUID) -> None:
    """Puts the letter into the files of the record it has become. Raises NotFound, Denied."""
    if letter := await letter_behind(visit, module, text):
        await visit.work.get(Email, letter.id, action="edit")
        await link(visit.work, letter.id, [Ref(module.key, id_)])


def becoming(visit: Visit, letter: UUID) -> list[NavItem]:
    """What the reader may make of a letter, as a menu."""
    modules = [visit.module(key) for key in BEGUN if visit.access.can(key, "create")]
    return [
        NavItem(visit.voice.module(module, "one"), f"/{module.key}/new?letter={letter}", module.icon)
        for module in modules
    ]

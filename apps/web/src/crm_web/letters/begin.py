"""A new record's form that begins with a letter, and the letter with its files put to what came of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Blob, Module, Ref
from crm_domain.letters.begin import BEGUN, begun, files_field
from crm_domain.modules.blocks.parents import EMAIL_PARTNERS
from crm_domain.modules.emails import Email
from crm_domain.modules.emails.carry import carry
from crm_domain.modules.emails.write import link
from crm_domain.text.format import file_size
from crm_storage.letters.about import concerned
from crm_ui.shell import NavItem
from crm_web.records.starting import starting_values
from crm_web.visit import Visit


class Behind(msgspec.Struct, frozen=True):
    """The letter a form begins with, which goes into the record's files where those take letters.

    `files` are those that a note would keep: each with its size in words and whether it shall.
    """

    id: UUID
    name: str
    filed: bool
    files: tuple[tuple[Blob, str, bool], ...] = ()


async def letter_values(visit: Visit, module: Module[Any], letter: UUID) -> dict[str, Any]:
    """What the form starts with. Raises NotFound, Denied for who may not put the letter into files."""
    email = await visit.work.get(Email, letter, action="edit")
    records = await visit.named(await concerned(visit.session, letter))
    file = visit.request.query_params.get("file", "")
    return {**starting_values(visit, module), **begun(module, email, records, file)}


async def letter_behind(visit: Visit, module: Module[Any], posted: FormMultiDict | None) -> Behind | None:
    """The letter that a form says it begins with; None for none and for modules that take no letters."""
    text = str(posted.get("letter", "") if posted else visit.request.query_params.get("letter", ""))
    email = await _letter(visit, module, text)
    if email is None:
        return None
    files = () if files_field(module) or not visit.access.can("notes", "create") else email.attachments or ()
    kept = posted.getall("letter_file", []) if posted else [blob.key for blob in files]
    locale, words = visit.voice.locale, visit.voice.catalogue
    told = tuple((blob, file_size(blob.size, locale, words), blob.key in kept) for blob in files)
    return Behind(email.id, email.name, module.key in EMAIL_PARTNERS, told)


async def file_letter(visit: Visit, module: Module[Any], posted: FormMultiDict, id_: UUID) -> None:
    """Puts the letter into the files of the record it has become, or that record beside those of the letter; and keeps the
    chosen files in a note. Raises NotFound, Denied."""
    email = await _letter(visit, module, posted.get("letter", ""))
    if email is None:
        return
    made = Ref(module.key, id_)
    if module.key in EMAIL_PARTNERS:
        await link(visit.work, email.id, [made])
    else:
        await _beside(visit, made, await visit.named(await concerned(visit.session, email.id)))
    chosen = posted.getall("letter_file", [])
    files = [blob for blob in email.attachments or () if blob.key in chosen]
    if files and not files_field(module):
        await carry(visit.work, made, email.name, files)


def becoming(visit: Visit, letter: UUID) -> list[NavItem]:
    """What the reader may make of a letter, as a menu."""
    modules = [visit.module(key) for key in BEGUN if visit.access.can(key, "create")]
    return [
        NavItem(visit.voice.module(module, "one"), f"/{module.key}/new?letter={letter}", module.icon)
        for module in modules
    ]


async def _letter(visit: Visit, module: Module[Any], text: str) -> Email | None:
    """Raises NotFound for a letter that the reader may not put into files."""
    try:
        id_ = UUID(text)
    except ValueError:
        return None
    takes = module.key in BEGUN or module.key in EMAIL_PARTNERS
    return await visit.work.get(Email, id_, action="edit") if takes else None


async def _beside(visit: Visit, made: Ref, records: Sequence[Ref]) -> None:
    """Links what was made to the letter's records that have a place for it."""
    relations = visit.work.registry.relations(made.module)
    for ref in records:
        relation = relations.get(ref.module)
        if relation is not None and relation.kind == "many_to_many" and visit.access.can(ref.module, "edit"):
            await visit.work.store.link(relation, made.id, [ref.id], {})

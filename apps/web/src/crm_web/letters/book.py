"""The address book of letters: whoever has an e-mail address and is within the writer's reach, found by name or address."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Module, Ref
from crm_domain.definition.kinds import AnyLink, Emails, Link
from crm_domain.letters.addresses import Party
from crm_domain.query.page import ListQuery, Row
from crm_domain.query.resolve import quick_words
from crm_ui.cells import hue_of
from crm_ui.templates import initials
from crm_web.visit import Visit

PER_MODULE, MOST = 5, 12
MOST_RECORDS = 5
PER_RELATION = 8


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One address to choose: as a header has it, and as the list shows it."""

    party: Party
    monogram: str
    hue: str
    icon: str
    opted_out: bool


async def found(visit: Visit, words: str) -> list[Entry]:
    """Whom the words mean: names that begin with them first."""
    hits = await visit.work.store.search(list(_books(visit).values()), quick_words(words), limit=PER_MODULE)
    ranked = sorted((hit for of_module in hits.values() for hit in of_module), key=lambda hit: hit.rank)
    return await _entries(visit, [hit.ref for hit in ranked])


async def near(visit: Visit, records: Sequence[Ref]) -> list[Entry]:
    """Whoever belongs to the records of a letter: they themselves, whom they name, and whom they are linked to."""
    books = _books(visit)
    refs: dict[Ref, None] = {}
    for record in await visit.named(records[:MOST_RECORDS]):
        module = visit.module(record.module)
        links = [field.key for field in module.own_fields() if isinstance(field, Link | AnyLink)]
        rows = await visit.work.store.fetch(module, [record.id], columns=("name", *links))
        named = [row[key] for row in rows for key in links]
        refs |= dict.fromkeys(ref for ref in (record, *named) if isinstance(ref, Ref) and ref.module in books)
        for relation in visit.work.registry.relations(module.key).values():
            if relation.target in books and relation.kind == "many_to_many":
                query = ListQuery(columns=("name",), limit=PER_RELATION)
                page = await visit.work.store.related(relation, record.id, query)
                refs |= dict.fromkeys(Ref(relation.target, row.id) for row in page.rows)
    return await _entries(visit, list(refs))


def _books(visit: Visit) -> Mapping[str, Module[Any]]:
    """The modules whose records have addresses, as far as the writer may list them."""
    return {
        module.key: module
        for module in visit.work.registry.modules.values()
        if _field(module) and visit.access.can(module.key, "list") and (visit.access.admin or not module.admin_only)
    }


def _field(module: Module[Any]) -> str:
    return next((field.key for field in module.fields if isinstance(field, Emails)), "")


async def _entries(visit: Visit, refs: Sequence[Ref]) -> list[Entry]:
    """The addresses of these records that work, in their order, each once."""
    rows: dict[tuple[str, UUID], Row] = {}
    for key in dict.fromkeys(ref.module for ref in refs):
        module = visit.module(key)
        ids = [ref.id for ref in refs if ref.module == key]
        columns = ("name", _field(module))
        with visit.names_as_stored():
            rows |= {(key, row.id): row for row in await visit.work.store.fetch(module, ids, columns=columns)}
    entries: dict[str, Entry] = {}
    for ref in refs:
        if row := rows.get((ref.module, ref.id)):
            module = visit.module(ref.module)
            for entry in _of(str(row["name"] or ""), row[_field(module)] or (), module.icon, ref.id):
                entries.setdefault(entry.party.address.lower(), entry)
    return list(entries.values())[:MOST]


def _of(name: str, addresses: Iterable[EmailEntry], icon: str, id_: UUID) -> Iterable[Entry]:
    """A record's addresses, the first one first."""
    for one in sorted(addresses, key=lambda entry: not entry.primary):
        if not one.invalid:
            party = Party(name, one.address)
            yield Entry(party=party, monogram=initials(name), hue=hue_of(id_.int), icon=icon, opted_out=one.opted_out)

"""One letter to each of several records: who gets it, and how its words are filled for him."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Module, Ref, kinds
from crm_domain.letters.addresses import Party
from crm_domain.query.page import Row
from crm_domain.sending.words import columns_of, values_of
from crm_domain.text import rich
from crm_domain.text.merge_tags import Place, compile_template, parse
from crm_storage.letters.about import spared
from crm_web.letters.merge_words import READERS, letter_words
from crm_web.visit import Visit

MOST = 50
"""Letters at a time; for more there are campaigns."""
OFFERED = (
    "recipient.name", "recipient.first_name", "recipient.last_name", "account.name", "owner.name", "sender.name", "system.today",
)  # fmt: skip
"""The tags a writer is reminded of."""
Fill = Callable[[Mapping[str, Any]], str]


class Recipient(msgspec.Struct, frozen=True):
    """A record with the address that gets the letter; without one, `why` is a message id."""

    ref: Ref
    party: Party | None
    why: str = ""


class Filled(msgspec.Struct, frozen=True):
    """A letter's words before they are filled, and where the words in them come from."""

    subject: Fill
    body: Fill
    columns: Mapping[str, str]
    shared: Mapping[str, Any]

    def to(self, row: Row) -> tuple[str, str]:
        """Subject and body for one of them."""
        values = {**self.shared, **values_of(self.columns, row.values)}
        return self.subject(values)[:255], rich.clean(self.body(values))


def mailable(visit: Visit, module: Module[Any]) -> bool:
    """Whether letters go to records of this module, and the reader may write some."""
    has = module.key in READERS and any(isinstance(field, kinds.Emails) for field in module.fields)
    return has and module.key in visit.work.registry.relations("emails") and visit.access.can("emails", "create")


async def recipients(visit: Visit, module: Module[Any], ids: Sequence[UUID]) -> list[Recipient]:
    """Those of the records the reader may see, in order. Who opted out or cannot be reached gets nothing."""
    with visit.names_as_stored():
        rows = {row.id: row for row in await visit.work.store.fetch(module, list(ids), columns=("name", "emails"))}
    firsts = {id_: _first(row["emails"] or ()) for id_, row in rows.items()}
    out = set((await spared(visit.session, [address for address in firsts.values() if address])).opted_out)
    found: list[Recipient] = []
    for id_ in dict.fromkeys(ids):
        if id_ not in rows:
            continue
        name, address = str(rows[id_]["name"] or ""), firsts[id_]
        why = "my_mail.no_address" if not address else "my_mail.opted_out" if address in out else ""
        found.append(Recipient(Ref(module.key, id_, name), None if why else Party(name, address), why))
    return found


def filled(visit: Visit, module: Module[Any], subject: str, body: str, language: str) -> Filled:
    """The words made ready. Raises BadValue for a tag that nobody knows."""
    words = letter_words(visit, "en" if language == "en" else "fa")
    return Filled(
        compile_template(parse(subject, html=False), words, Place.HEADER),
        compile_template(parse(body, html=True), words, Place.HTML),
        columns_of(module, words.words),
        {"sender.name": visit.actor.name, "sender.address": visit.actor.email, "system.today": visit.voice.now},
    )


def tags(visit: Visit, module: Module[Any]) -> list[str]:
    """The names a writer may put between braces here."""
    known = columns_of(module, OFFERED)
    return [name for name in OFFERED if name in known or name.startswith(("sender.", "system."))]


def _first(entries: Sequence[EmailEntry]) -> str:
    """The main address that works, else another that does."""
    good = [entry for entry in entries if not entry.invalid]
    return next((entry.address for entry in good if entry.primary), good[0].address if good else "")

"""What a notice says to its reader, by what he may see of it now."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from crm_domain.definition.values import Ref
from crm_domain.meaning.voice import Voice
from crm_domain.notices import WHAT, Notice
from crm_domain.text.numbers import format_number

if TYPE_CHECKING:
    from crm_domain.records.work import Work


class Worded(msgspec.Struct, frozen=True):
    """`facts` are the notice's in the reader's words; `lost` is a notice about a record that he may not see any more, which
    then says nothing of it and leads nowhere."""

    notice: Notice
    text: str
    facts: Mapping[str, str]
    lost: bool = False

    @property
    def href(self) -> str:
        return "" if self.lost or not self.notice.href.startswith("/") else self.notice.href


async def worded(work: "Work", voice: Voice, notices: Sequence[Notice]) -> list[Worded]:
    """The notices in the acting user's words, in their order."""
    people = {Ref("users", one.actor) for one in notices if one.actor}
    about = {one.about for one in notices if one.about and one.about.module in work.registry}
    names = await work.store.names(sorted(people | about, key=str))
    seen = {ref: names[ref].name for ref in about if ref in names}
    seen.update(await _invited(work, about - seen.keys()))
    return [
        _worded(work, voice, one, names, seen, lost=one.about in about and one.about not in seen) for one in notices
    ]


async def _invited(work: "Work", refs: set[Ref]) -> Mapping[Ref, str]:
    """Events out of the reader's reach that he is asked to: names know nothing of guests."""
    found: dict[Ref, str] = {}
    for key in sorted({ref.module for ref in refs}):
        module = work.registry[key]
        if module.schedule and module.schedule.guests:
            ids = [ref.id for ref in refs if ref.module == key]
            rows = await work.store.fetch(module, ids, columns=("name",))
            found |= {Ref(key, row.id): str(row["name"] or "") for row in rows}
    return found


def _worded(
    work: "Work", voice: Voice, notice: Notice, names: Mapping[Ref, Ref], seen: Mapping[Ref, str], *, lost: bool
) -> Worded:
    if lost:
        return Worded(notice, voice.text("notices.lost"), {}, lost=True)
    who = names.get(Ref("users", notice.actor)) if notice.actor else None
    facts: dict[str, Any] = {**notice.facts, "who": who.name if who else voice.text("notices.the_system")}
    if notice.about and notice.about in seen and "name" in facts:
        facts["name"] = seen[notice.about] or facts["name"]
    if notice.about and WHAT in facts:
        facts[WHAT] = _changed(work, voice, notice.about.module, facts[WHAT])
    said = {key: _said(voice, fact) for key, fact in voice.catalogue.told(facts).items()}
    return Worded(notice, voice.text(f"notices.text.{notice.kind}", **said), said)


def _changed(work: "Work", voice: Voice, key: str, what: Sequence[str]) -> str:
    """The changed fields that the reader may read now, and the parts that came, by their labels."""
    module, hidden = work.registry[key], work.access.hidden(key)
    parts = [
        voice.text(f"{part[1:]}.one") for part in what if part.startswith("+") and work.access.can(part[1:], "view")
    ]
    fields = [voice.label(module, module.field(name)) for name in what if name in module.by_key and name not in hidden]
    return voice.text("record.list_separator").join((*parts, *fields))


def _said(voice: Voice, fact: Any) -> str:
    return format_number(fact, voice.locale) if type(fact) is int else str(fact)

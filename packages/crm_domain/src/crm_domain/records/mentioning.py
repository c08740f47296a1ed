"""Telling people that they are named in a text. A mention is a link to their page."""

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from crm_domain.definition.change import Change
from crm_domain.definition.kinds import RichText
from crm_domain.definition.module import Module
from crm_domain.definition.values import Ref

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MENTION = re.compile(r'<a [^>]*?href="/users/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
MOST = 50
"""People named in one text who are told."""


def mentioned(markup: str) -> frozenset[UUID]:
    """The users whose pages a cleaned text links to."""
    return frozenset(UUID(found) for found in MENTION.findall(markup))


async def tell_mentioned(work: "Work", module: Module[Any], saved: Change[Any]) -> None:
    """Those who are named now and were not before, as far as they may see the record."""
    texts = [field.key for field in module.fields if isinstance(field, RichText) and field.mentions]
    new = set[UUID]()
    for key in texts:
        if key in saved.values:
            before = saved.before.values.get(key) if saved.before else None
            new |= mentioned(saved.after.values.get(key) or "") - mentioned(before or "")
    if new:
        whole = saved.after.values.get(module.part_of) if module.part_of else None
        about = Ref(module.key, saved.after.id)
        place = whole if isinstance(whole, Ref) else about
        facts = {"name": str(saved.after.values.get("name") or ""), "module": {"id": f"{module.key}.one"}}
        await work.store.notices.tell(
            "mentioned", sorted(new)[:MOST], f"/{place.module}/{place.id}", facts, about=about
        )

"""The three lists that a newsletter owns: who gets it, who no longer does, and who looks at an issue first."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Change, Record, Ref
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules.target_lists import TYPE_OF_PURPOSE, TargetList
from crm_domain.query.filter import Condition
from crm_domain.query.page import ListQuery
from crm_domain.records.save import defaults

if TYPE_CHECKING:
    from crm_domain.records.work import Work

NAME_LENGTH = 255


async def newsletters_have_lists(work: "Work", change: Change[Any]) -> None:
    """Whatever becomes a newsletter gets the lists it lacks; later saves leave alone what people made of them."""
    if change.after.campaign_type != "newsletter" or not (change.new or "campaign_type" in change.values):
        return
    asked = ListQuery(filter=Condition("newsletter", "eq", change.after.id), columns=("purpose",), limit=10)
    had = [] if change.new else [row["purpose"] for row in (await work.store.page(work.module(TargetList), asked)).rows]
    await make_lists(work, change.after, had)


async def make_lists(work: "Work", newsletter: Record, had: Collection[str]) -> None:
    """The lists it lacks, empty. They are the newsletter's own: whoever may have it needs no right to make lists."""
    made = {work.new_id(): purpose for purpose in TYPE_OF_PURPOSE if purpose not in had}
    if not made:
        return
    rows = [(id_, _values(work, newsletter, purpose)) for id_, purpose in made.items()]
    await work.store.insert(work.module(TargetList), rows)
    await work.store.link(work.relation("campaigns", "target_lists"), newsletter.id, list(made), {})


def _values(work: "Work", newsletter: Record, purpose: str) -> dict[str, Any]:
    values = newsletter.values
    words = catalogue(work.locale.language)
    name = words.text(f"campaigns.list_name.{purpose}", name=str(values.get("name") or ""))
    owners = {key: values[key] for key in ("assigned_to", "team") if values.get(key)}
    return {
        **defaults(work, work.module(TargetList)),
        **owners,
        "name": name[:NAME_LENGTH],
        "list_type": TYPE_OF_PURPOSE[purpose],
        "purpose": purpose,
        "newsletter": Ref("campaigns", newsletter.id),
    }

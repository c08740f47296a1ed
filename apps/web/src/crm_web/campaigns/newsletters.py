"""A person's newsletters: which there are within the reader's reach, and whether he may move people between their lists."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import Module
from crm_domain.modules.campaigns import Campaign
from crm_domain.modules.campaigns.newsletters import make_lists
from crm_domain.modules.target_lists import TargetList
from crm_domain.problems import Denied, NotFound
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records.gather import gathering, note_gathered
from crm_domain.tracking.tokens import Tokens
from crm_storage.marketing import subscriptions
from crm_storage.tracking.confirm import Asker, ask_subscribers
from crm_web.visit import Visit

MOST = 200
RUNNING = ("planning", "active")


def manageable(visit: Visit, module: Module[Any]) -> bool:
    """Whether records of this module subscribe to newsletters, and the reader may move them."""
    lists = gathering(visit.work, module.key)
    return lists is not None and visit.access.can(lists.module, "edit") and visit.access.can("campaigns", "list")


async def newsletters(visit: Visit) -> Sequence[Row]:
    """Those that appear or are about to, by name."""
    wanted = both(Condition("campaign_type", "eq", "newsletter"), Condition("status", "in", RUNNING))
    query = ListQuery(filter=wanted, columns=("name", "frequency", "consent_policy"), sort=(Sort("name"),), limit=MOST)
    return (await visit.work.store.page(visit.work.module(Campaign), query)).rows


class Moved(msgspec.Struct, frozen=True):
    """The newsletter's name, how many people moved, and how many of them were asked to confirm it by mail."""

    newsletter: str
    number: int
    asked: int = 0


async def move(visit: Visit, newsletter: UUID, module: Module[Any], ids: Sequence[UUID], *, on: bool) -> Moved:
    """Subscribes or unsubscribes records that the caller has found within reach. Where the newsletter wants confirmed consent,
    those who join are asked for it.

    Raises NotFound for another campaign, Denied where the list it fills may not be changed.
    """
    campaigns, lists = visit.work.module(Campaign), visit.work.module(TargetList)
    found = await visit.work.store.fetch(campaigns, [newsletter])
    if not found or found[0]["campaign_type"] != "newsletter":
        raise NotFound
    row = found[0]
    own = await subscriptions.own_lists(visit.session, newsletter)
    await make_lists(visit.work, Campaign(newsletter, row.values), tuple(own))
    own = await subscriptions.own_lists(visit.session, newsletter)
    filled = own["subscription" if on else "unsubscription"]
    if not await visit.work.store.fetch(lists, [filled], action="edit", columns=("name",)):
        raise Denied
    moved = await subscriptions.move(visit.session, newsletter, module.key, ids, on=on, by=visit.access.user)
    relation = gathering(visit.work, module.key)
    if moved and relation:
        await note_gathered(visit.work, relation, filled, moved)
    name = str(row["name"])
    if not on or row["consent_policy"] != "confirmed":
        return Moved(name, moved)
    tokens = Tokens(visit.installation.keys)
    asker = Asker(visit.tenant, visit.tenant.language, visit.installation.settings.tracker_url, tokens)
    facts = {"by": visit.access.user, "at": visit.voice.now}
    return Moved(name, moved, await ask_subscribers(visit.session, asker, ids, (newsletter, name), **facts))


def choices(rows: Sequence[Row], states: Mapping[UUID, str]) -> tuple[list[tuple[Row, str]], list[tuple[Row, str]]]:
    """The newsletters a person gets, and the others, each with how he stands to it."""
    told = [(row, states.get(row.id, "")) for row in rows]
    return [one for one in told if one[1] == "subscribed"], [one for one in told if one[1] != "subscribed"]

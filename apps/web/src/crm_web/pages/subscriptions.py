"""Which newsletters somebody gets: on his record's page, and for many people at once."""

from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.meaning.show import show
from crm_domain.modules.campaigns import Campaign
from crm_domain.problems import Denied, FieldProblem, Invalid
from crm_domain.query.page import Row
from crm_domain.text import numbers
from crm_storage.marketing import subscriptions
from crm_web.campaigns.newsletters import choices, manageable, move, newsletters
from crm_web.lists.listing import is_question
from crm_web.lists.selection import selected
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit


class SubscriptionPages(Controller):
    """/<module>/<id>/subscriptions and POST /<module>/subscriptions, for modules whose records can be in target lists."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/subscriptions")
    async def subscriptions(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = _module(visit, self.module_key)
        row = await one(visit, module, record_id)
        rows = await newsletters(visit)
        states = await subscriptions.standing(visit.session, record_id, [found.id for found in rows])
        gets, others = choices(rows, states)
        mail = await subscriptions.reachable(visit.session, record_id)
        return await visit.page(
            "records/subscriptions.html",
            current=module.key,
            tab="subscriptions",
            **await heading(visit, module, row),
            url=f"/{module.key}/{record_id}/subscriptions",
            gets=[_line(visit, found, state, mail.consent) for found, state in gets],
            others=[_line(visit, found, state) for found, state in others],
            warnings=_warnings(visit, mail),
        )

    @post("/{record_id:uuid}/subscriptions")
    async def set_subscription(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        module = _module(visit, self.module_key)
        row = await one(visit, module, record_id)
        on = posted.get("on") == "1"
        moved = await move(visit, _newsletter(posted), module, [record_id], on=on)
        await visit.commit()
        key = ("asked" if moved.asked else "on") if on else "off"
        said = visit.text(f"subscriptions.{key}", name=row["name"], newsletter=moved.newsletter)
        return visit.go(f"/{module.key}/{record_id}/subscriptions", said)

    @post("/subscriptions")
    async def subscriptions_of_many(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """First asks which newsletter, then moves the ticked records or the entire result."""
        module = _module(visit, self.module_key)
        ids = await selected(visit, module, posted)
        if not posted.get("decided"):
            return await _ask(visit, module, len(ids), posted)
        if not posted.get("newsletter"):
            return await _ask(visit, module, len(ids), posted, visit.text("subscriptions.choose"))
        seen = [row.id for row in await visit.work.store.fetch(module, ids, action="list", columns=("name",))]
        on = posted.get("on") == "1"
        moved = await move(visit, _newsletter(posted), module, seen, on=on)
        await visit.commit()
        facts = {"number": _number(visit, moved.number), "newsletter": moved.newsletter}
        key = ("many_asked" if moved.asked else "many_on") if on else "many_off"
        said = visit.text(f"subscriptions.{key}", **facts, asked=_number(visit, moved.asked))
        return visit.go(f"/{module.key}", said)


def _module(visit: Visit, key: str) -> Module[Any]:
    module = visit.module(key)
    if not manageable(visit, module):
        raise Denied
    return module


def _newsletter(posted: FormMultiDict) -> UUID:
    try:
        return UUID(posted.get("newsletter", ""))
    except ValueError:
        raise Invalid({"newsletter": (FieldProblem("problems.unknown_record"),)}) from None


async def _ask(
    visit: Visit, module: Module[Any], number: int, posted: FormMultiDict, problem: str = ""
) -> Response[str]:
    kept = [(name, value) for name, value in posted.multi_items() if name in ("id", "all") or is_question(name)]
    return await visit.page(
        "records/subscriptions_many.html",
        status=422 if problem else 200,
        current=module.key,
        module=module,
        modules_name=visit.voice.module(module),
        title=visit.text("subscriptions.many_title", number=_number(visit, number), records=visit.voice.module(module)),
        newsletters=[(str(row.id), row["name"]) for row in await newsletters(visit)],
        kept=kept,
        problem=problem,
    )


def _line(visit: Visit, row: Row, state: str, consent: str = "confirmed") -> dict[str, Any]:
    waits = row["consent_policy"] == "confirmed" and consent != "confirmed"
    return {
        "id": row.id,
        "name": row["name"],
        "often": show(visit.work.module(Campaign).field("frequency"), row["frequency"], visit.voice),
        "left": state == "unsubscribed",
        "waits": visit.text(f"subscriptions.{'waits' if consent == 'pending_sent' else 'unconfirmed'}")
        if waits
        else "",
    }


def _warnings(visit: Visit, mail: subscriptions.Reachable) -> list[str]:
    """Why no newsletter reaches this person, whatever he subscribes to."""
    if not mail.has_address:
        return [visit.text("subscriptions.no_address")]
    said = {"opted_out": mail.opted_out, "invalid": mail.invalid}
    return [visit.text(f"subscriptions.{key}") for key, is_so in said.items() if is_so]


def _number(visit: Visit, number: int) -> str:
    return numbers.format_number(number, visit.voice.locale)

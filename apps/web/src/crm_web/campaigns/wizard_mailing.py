"""The letter and the mailing of a campaign that is set up step by step: each is kept as soon as it can be."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from litestar.datastructures import FormMultiDict

from crm_domain.definition import Ref
from crm_domain.modules.email_marketing import EmailMarketing
from crm_domain.modules.email_templates import EmailTemplate
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.page import ListQuery, Row, Sort
from crm_domain.records import save
from crm_web.records.starting import copied, starting_values
from crm_web.visit import Visit

MAILING: Final = (
    "name", "template", "starts_at", "from_name", "from_addr", "reply_to_name", "reply_to_addr", "outbound_account",
    "bounce_account", "all_lists", "track_opens", "track_clicks",
)  # fmt: skip
AS_BEFORE: Final = ("from_name", "from_addr", "reply_to_name", "reply_to_addr", "outbound_account", "bounce_account")
"""What a new mailing takes over from the company's last one."""
HOUR: Final = 10
"""When a mailing goes, tomorrow, unless somebody says otherwise."""


async def chosen_template(visit: Visit, posted: FormMultiDict) -> UUID:
    """The template that was chosen: an existing one, a copy of it, or a new one. Raises Invalid, Denied."""
    module, way = visit.work.module(EmailTemplate), posted.get("way", "")
    if way == "new":
        values = {
            **starting_values(visit, module),
            "name": posted.get("name", "").strip(),
            "subject": posted.get("subject", "").strip(),
            "template_type": "campaign",
            "language": visit.voice.language,
        }
        return await save.create(visit.work, module, values)
    found = await visit.work.store.fetch(module, [_id(posted.get("template", ""))], columns=("name",))
    if not found:
        raise Invalid({"template": (FieldProblem("problems.unknown_record"),)})
    if way != "copy":
        return found[0].id
    values = await copied(visit, module, found[0].id)
    name = visit.text("campaign_wizard.copy_of", name=found[0]["name"])
    return await save.create(visit.work, module, {**values, "name": name})


async def put_template(visit: Visit, campaign: Row, mailing: Row | None, template: UUID) -> bool:
    """Gives it to the mailing that is being prepared, or begins one with it; False where that lacks something a person must
    say. The caller commits."""
    module, letter = visit.work.module(EmailMarketing), Ref("email_templates", template)
    if mailing:
        await save.update(visit.work, module, mailing.id, {"template": letter})
        return True
    try:
        await save.create(visit.work, module, {**await beginning(visit, campaign), "template": letter})
    except Invalid:
        return False
    return True


async def asks_for_lists(visit: Visit, mailing: UUID) -> bool:
    """Whether it is to go to chosen lists, and none is chosen yet."""
    if (await visit.work.get(EmailMarketing, mailing)).all_lists:
        return False
    relation, query = visit.work.relation("email_marketing", "target_lists"), ListQuery(columns=("name",), limit=1)
    return not (await visit.work.store.related(relation, mailing, query)).rows


async def beginning(visit: Visit, campaign: Row) -> dict[str, Any]:
    """What a new mailing of a campaign starts from: sent tomorrow morning, as the company's last mailing was."""
    module = visit.work.module(EmailMarketing)
    return {
        **starting_values(visit, module),
        **await _accounts(visit),
        **await _as_before(visit),
        "name": campaign["name"],
        "campaign": Ref("campaigns", campaign.id, str(campaign["name"])),
        "starts_at": _tomorrow(visit),
    }


async def _as_before(visit: Visit) -> dict[str, Any]:
    rows = await _newest(visit, "email_marketing", AS_BEFORE)
    return {key: rows[0][key] for key in AS_BEFORE if rows[0][key]} if rows else {}


async def _accounts(visit: Visit) -> dict[str, Any]:
    """The accounts of a company that never mailed."""
    sender = await _newest(visit, "outbound_accounts", ("name", "from_name", "from_addr"))
    back = await _newest(visit, "bounce_accounts", ("name",))
    found: dict[str, Any] = {"from_name": visit.tenant.name}
    if sender:
        found |= {key: sender[0][key] for key in ("from_name", "from_addr") if sender[0][key]}
    if back:
        found["bounce_account"] = Ref("bounce_accounts", back[0].id, str(back[0]["name"]))
    return found


async def _newest(visit: Visit, key: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    """The newest record of a module that the reader may see, with what he may see of it."""
    if not visit.access.can(key, "list"):
        return ()
    shown = tuple(column for column in columns if column not in visit.access.hidden(key))
    query = ListQuery(columns=shown, sort=(Sort("created_at", descending=True),), limit=1)
    return (await visit.work.store.page(visit.module(key), query)).rows


def _tomorrow(visit: Visit) -> datetime:
    local = visit.voice.now.astimezone(visit.voice.locale.zone).date() + timedelta(days=1)
    return datetime.combine(local, time(HOUR), visit.voice.locale.zone).astimezone(UTC)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"template": (FieldProblem("problems.required"),)}) from None

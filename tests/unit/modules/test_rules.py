"""The modules' rules, each called with a change as every save calls them."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from crm_domain.definition import Change, Module, Record, Ref, Registry, option
from crm_domain.definition.change import change
from crm_domain.definition.overlay import Overlay, effective
from crm_domain.modules import REGISTRY, TABLES
from crm_domain.modules.accounts import Account
from crm_domain.modules.currencies import Currency
from crm_domain.modules.leads import Lead
from crm_domain.modules.opportunities import OPPORTUNITIES, Opportunity
from crm_domain.modules.options import SALES_STAGES
from crm_domain.modules.users import User, leaves_properly
from crm_domain.problems import Invalid, Refused
from crm_domain.query.page import Count, Row
from crm_domain.tenancy import Quotas

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SARA, ALI, RECORD = UUID(int=1), UUID(int=2), UUID(int=9)


class Shelf:
    """A store of a few rows: what rules ask of one."""

    def __init__(self, rows: dict[UUID, dict[str, Any]] | None = None, number: int = 0) -> None:
        self.rows = rows or {}
        self.number = number

    async def fetch(self, _module: Module[Any], ids: list[UUID], **_: Any) -> list[Row]:
        return [Row(id_, self.rows[id_]) for id_ in ids if id_ in self.rows]

    async def count(self, *_: Any, cap: int = 10, **__: Any) -> Count:
        return Count(min(self.number, cap))


def work(store: Shelf | None = None, registry: Registry = REGISTRY, user: UUID = SARA) -> Any:
    return SimpleNamespace(
        store=store or Shelf(),
        registry=registry,
        module=registry.of,
        access=SimpleNamespace(user=user),
        quotas=Quotas(),
    )


def saved(
    record: type[Record], before: dict[str, Any] | None, values: dict[str, Any], in_work: Any = None
) -> Change[Any]:
    """The change after all of the module's rules."""
    made = change(record, record(RECORD, before) if before is not None else None, RECORD, dict(values), NOW)
    module = REGISTRY.of(record)
    for rule in module.before_save:
        rule(made)
    for rule in module.with_work:
        asyncio.run(rule(in_work or work(), made))  # type: ignore[arg-type]
    return made


def problem(call: Any, *args: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as caught:
        call(*args)
    ((key, problems),) = caught.value.fields.items()
    return key, problems[0].id


DEAL = {"stage": "proposal", "probability": Decimal(65), "closed_at": None}


@pytest.mark.parametrize("stage", SALES_STAGES.items, ids=lambda stage: stage.key)
def test_a_new_stage_brings_its_probability(stage: Any) -> None:
    other = {"stage": "x", "probability": Decimal(1)}
    made = saved(Opportunity, other, {"stage": stage.key, "lost_reason": "price"})
    assert made.values["probability"] == stage.weight


def test_a_probability_named_with_the_stage_stays() -> None:
    assert saved(Opportunity, DEAL, {"stage": "negotiation", "probability": Decimal(90)}).after.probability == 90


def test_a_form_that_repeats_the_old_probability_does_not_name_one() -> None:
    assert saved(Opportunity, DEAL, {"stage": "negotiation", "probability": Decimal(65)}).after.probability == 80


def test_a_typed_probability_survives_other_saves() -> None:
    made = saved(Opportunity, {**DEAL, "probability": Decimal(70)}, {"next_step": "call"})
    assert made.after.probability == 70
    assert "stage_entered_at" not in made.values


def test_ended_deals_are_certain() -> None:
    assert saved(Opportunity, DEAL, {"stage": "closed_won", "probability": Decimal(40)}).after.probability == 100
    assert saved(Opportunity, {**DEAL, "stage": "closed_won"}, {"probability": Decimal(40)}).after.probability == 100


def test_ending_a_deal_keeps_when_and_from_where() -> None:
    made = saved(Opportunity, DEAL, {"stage": "closed_lost", "lost_reason": "price"})
    assert (made.after.closed_at, made.after.last_stage, made.after.stage_entered_at) == (NOW, "proposal", NOW)


def test_reopening_a_deal_forgets_its_end() -> None:
    ended = {
        "stage": "closed_lost",
        "lost_reason": "price",
        "lost_note": "x",
        "closed_at": NOW,
        "last_stage": "proposal",
    }
    made = saved(Opportunity, ended, {"stage": "negotiation"})
    assert (made.after.closed_at, made.after.lost_reason, made.after.lost_note) == (None, None, None)
    assert made.after.last_stage == "proposal"


def test_a_lost_deal_needs_a_reason() -> None:
    found = problem(saved, Opportunity, DEAL, {"stage": "closed_lost"})
    assert found == ("lost_reason", "opportunities.lost_reason_needed")


def test_a_new_deal_gets_probability_and_date() -> None:
    made = saved(Opportunity, None, {"stage": "qualification"})
    assert (made.after.probability, made.after.stage_entered_at, made.after.closed_at) == (20, NOW, None)


def test_the_tenants_own_stages_count() -> None:
    own = (*SALES_STAGES.items, option("pilot", kind="open", weight=55), option("signed", kind="won", weight=100))
    tenants = effective(OPPORTUNITIES, Overlay(options={"sales_stage": own}))
    registry = Registry([tenants if m.key == "opportunities" else m for m in REGISTRY.modules.values()], TABLES)
    assert saved(Opportunity, DEAL, {"stage": "pilot"}, work(registry=registry)).after.probability == 55
    assert saved(Opportunity, DEAL, {"stage": "signed"}, work(registry=registry)).after.closed_at == NOW


def test_converted_comes_only_by_converting() -> None:
    assert problem(saved, Lead, {"status": "new"}, {"status": "converted"}) == ("status", "leads.convert_instead")
    left = {"status": "converted", "converted": True}
    assert problem(saved, Lead, left, {"status": "dead"}) == ("status", "leads.stays_converted")
    assert saved(Lead, {"status": "new"}, {"status": "converted", "converted": True}).after.status == "converted"


def test_a_lead_given_to_another_is_assigned() -> None:
    other, own = Ref("users", ALI), Ref("users", SARA)
    assert saved(Lead, None, {"status": "new", "assigned_to": other}).after.status == "assigned"
    assert saved(Lead, None, {"status": "new", "assigned_to": own}).after.status == "new"
    before = {"status": "new", "created_by": Ref("users", ALI), "assigned_to": other}
    assert saved(Lead, before, {"assigned_to": own}).after.status == "assigned"
    assert saved(Lead, {**before, "status": "recycled"}, {"assigned_to": own}).after.status == "recycled"


@pytest.mark.parametrize(("record", "key"), [(Account, "parent"), (User, "reports_to")])
def test_no_record_stands_above_itself(record: type[Record], key: str) -> None:
    above, top = UUID(int=10), UUID(int=11)
    module = REGISTRY.of(record).key
    circle = Shelf({above: {key: Ref(module, top)}, top: {key: Ref(module, RECORD)}})
    assert problem(saved, record, {}, {key: Ref(module, above)}, work(circle)) == (key, "record.cycle")
    assert problem(saved, record, {}, {key: Ref(module, RECORD)}, work(circle)) == (key, "record.cycle")
    tree = Shelf({above: {key: Ref(module, top)}, top: {key: None}})
    assert saved(record, {}, {key: Ref(module, above)}, work(tree)).values[key].id == above


def test_a_circle_that_is_already_there_ends() -> None:
    above, top = UUID(int=10), UUID(int=11)
    circle = Shelf({above: {"parent": Ref("accounts", top)}, top: {"parent": Ref("accounts", above)}})
    assert saved(Account, {}, {"parent": Ref("accounts", above)}, work(circle)).after.parent.id == above


BOSS = {"status": "active", "user_type": "administrator"}


def test_nobody_takes_his_own_administration_away() -> None:
    for values in ({"user_type": "regular"}, {"status": "inactive"}):
        with pytest.raises(Refused, match=r"users\.own_administration"):
            saved(User, BOSS, values, work(Shelf(number=5), user=RECORD))


def test_the_last_administrator_stays() -> None:
    with pytest.raises(Refused, match=r"users\.last_administrator"):
        saved(User, BOSS, {"user_type": "regular"}, work(Shelf(number=1)))
    assert saved(User, BOSS, {"user_type": "regular"}, work(Shelf(number=2))).after.user_type == "regular"
    with pytest.raises(Refused, match=r"users\.last_administrator"):
        asyncio.run(leaves_properly(work(Shelf(number=1)), User(RECORD, BOSS)))


def test_nobody_deletes_himself() -> None:
    with pytest.raises(Refused, match=r"users\.not_yourself"):
        asyncio.run(leaves_properly(work(user=RECORD), User(RECORD, {"user_type": "regular"})))


def test_the_base_currency_stays_one() -> None:
    base = {"is_base": True, "conversion_rate": Decimal(1), "status": "active", "iso4217": "IRR", "name": "ریال"}
    assert problem(saved, Currency, base, {"conversion_rate": Decimal(2)}) == (
        "conversion_rate",
        "currencies.base_rate",
    )
    assert problem(saved, Currency, base, {"status": "inactive"}) == ("status", "currencies.base_active")
    assert problem(saved, Currency, base, {"iso4217": "IRT"}) == ("iso4217", "currencies.code_final")
    (rule,) = REGISTRY["currencies"].before_remove
    with pytest.raises(Refused, match=r"currencies\.base_kept"):
        asyncio.run(rule(work(), Currency(RECORD, base)))  # type: ignore[arg-type]


def test_a_currency_in_use_is_not_deleted() -> None:
    dollar = Currency(RECORD, {"iso4217": "USD", "name": "Dollar"})
    (rule,) = REGISTRY["currencies"].before_remove
    with pytest.raises(Refused, match=r"currencies\.in_use"):
        asyncio.run(rule(work(Shelf(number=1)), dollar))  # type: ignore[arg-type]
    asyncio.run(rule(work(Shelf(number=0)), dollar))  # type: ignore[arg-type]


def test_full_names_are_first_and_last() -> None:
    by: Any = REGISTRY["contacts"].field("name")
    assert by.by({"first_name": "علی", "last_name": "رضایی"}) == "علی رضایی"
    assert by.by({"first_name": None, "last_name": "رضایی"}) == "رضایی"

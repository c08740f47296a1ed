"""The demo company: believable, the same for the same seed, and fit for every field it goes into."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from crm_domain.definition import SYSTEM_KEYS, ManyToMany
from crm_domain.demo.generate import batches
from crm_domain.demo.setting import Language, Setting
from crm_domain.demo.staff import Staff, staff
from crm_domain.meaning.clean import clean
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from crm_domain.modules.options import SALES_STAGES

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CURRENCIES: dict[Language, str] = {"fa": "IRR", "en": "USD"}
Rows = dict[str, list[dict[str, Any]]]
both = pytest.mark.parametrize("language", ["fa", "en"])


@cache
def company(language: Language, seed: int = 7) -> tuple[Staff, Rows]:
    setting = Setting(language, CURRENCIES[language], NOW, catalogue(language).text)
    people = staff(setting, seed, 1)
    rows: Rows = {"users": people.users, "teams": people.teams, "currencies": people.currencies}
    for batch in batches(setting, seed, 1, people.owners):
        rows.setdefault(batch.table, []).extend(batch.rows)
    return people, rows


@both
def test_scale_one_is_about_two_thousand_records(language: Language) -> None:
    rows = company(language)[1]
    sold_to = ("accounts", "contacts", "leads", "opportunities")
    assert 1_850 <= sum(len(rows[key]) for key in sold_to) <= 2_150


@both
def test_the_same_seed_makes_the_same_company(language: Language) -> None:
    once = company(language)[1]
    company.cache_clear()
    assert company(language)[1] == once
    assert company(language, 8)[1]["accounts"] != once["accounts"]


@both
def test_every_value_fits_its_field(language: Language) -> None:
    for key, rows in company(language)[1].items():
        if key not in REGISTRY and key not in REGISTRY.tables:
            continue
        fields = REGISTRY[key].by_key if key in REGISTRY else {f.key: f for f in REGISTRY.tables[key].kinds()}
        for row in rows:
            for name in row.keys() - {"id", "left_id", "right_id", "module", "created_at"}:
                value = row[name]
                assert clean(fields[name], value) == (value if value not in ((), "") else None), (key, name, value)


@both
def test_required_fields_are_filled(language: Language) -> None:
    rows = company(language)[1]
    for module in REGISTRY.modules.values():
        wanted = [field.key for field in module.fields if field.required and field.key not in SYSTEM_KEYS]
        assert all(row.get(key) not in (None, "", ()) for row in rows.get(module.key, ()) for key in wanted)


@both
def test_links_lead_to_records_of_the_same_company(language: Language) -> None:
    rows = company(language)[1]
    known = {key: {row["id"] for row in rows.get(key, ())} for key in REGISTRY.modules}
    for key in REGISTRY.modules:
        for row in rows.get(key, ()):
            for value in row.values():
                if hasattr(value, "module"):
                    assert value.id in known[value.module]
    for key, table in REGISTRY.tables.items():
        links = rows.get(key, [])
        assert len({(row["left_id"], row["right_id"]) for row in links}) == len(links)
        for row in links:
            right = table.right if isinstance(table, ManyToMany) else row["module"]
            assert row["left_id"] in known[table.left]
            assert row["right_id"] in known[right]


@both
def test_primary_accounts_agree_with_their_links(language: Language) -> None:
    rows = company(language)[1]
    primary = {row["right_id"]: row["left_id"] for row in rows["account_contacts"] if row["is_primary"]}
    assert primary == {row["id"]: row["account"].id for row in rows["contacts"]}


@both
def test_ids_are_unique_and_user_names_too(language: Language) -> None:
    people, rows = company(language)
    ids = [row["id"] for key in REGISTRY.modules for row in rows.get(key, ())]
    assert len(set(ids)) == len(ids)
    assert len({user["user_name"] for user in people.users}) == len(people.users)


@both
def test_dates_are_of_the_last_eighteen_months_and_of_working_hours(language: Language) -> None:
    rows = company(language)[1]
    for row in rows["accounts"]:
        assert NOW - timedelta(days=560) < row["created_at"] <= NOW
        assert row["created_at"].weekday() != (4 if language == "fa" else 6)
    months = Counter(row["created_at"].strftime("%Y-%m") for row in rows["accounts"])
    assert len(months) >= 17


@both
def test_records_come_one_by_one(language: Language) -> None:
    for key, rows in company(language)[1].items():
        if key in REGISTRY and key not in ("users", "teams", "currencies"):
            assert max(Counter(row["created_at"] for row in rows).values()) == 1, key


@both
def test_deals_tell_a_true_story(language: Language) -> None:
    deals = company(language)[1]["opportunities"]
    for deal in deals:
        stage = SALES_STAGES[deal["stage"]]
        assert (deal["closed_at"] is not None) == stage.closed
        assert deal["created_at"] <= deal["stage_entered_at"] <= NOW
        assert bool(deal.get("lost_reason")) == (stage.kind == "lost")
        assert not stage.closed or deal["probability"] == stage.weight
    shares = Counter(SALES_STAGES[deal["stage"]].kind for deal in deals)
    assert shares["open"] > shares["won"] > shares["lost"] > 0
    assert any(deal["closes_on"] < NOW.date() for deal in deals if not deal["closed_at"])


def test_rial_amounts_are_round_and_within_reason() -> None:
    for deal in company("fa")[1]["opportunities"]:
        value = int(deal["amount"].value)
        assert 10_000_000 <= value <= 80_000_000_000
        assert len(str(value).rstrip("0")) <= 2


def test_provinces_phones_and_postal_codes_agree() -> None:
    for account in company("fa")[1]["accounts"]:
        if account["billing_address"].city == "تهران":
            assert account["billing_address"].state == "تهران"
            assert account["phone_office"].startswith("+9821")
            assert account["billing_address"].postal_code.startswith("11")


def test_converted_leads_lead_to_what_they_became() -> None:
    leads = company("fa")[1]["leads"]
    converted = [lead for lead in leads if lead["status"] == "converted"]
    assert converted
    assert all(lead["converted"] and lead["converted_contact"] and lead["converted_account"] for lead in converted)
    assert not any(lead.get("converted_contact") for lead in leads if lead["status"] != "converted")


def test_more_records_need_more_people() -> None:
    setting = Setting("en", "USD", NOW, catalogue("en").text)
    assert 100 < len(staff(setting, 1, 1_000).users) < 200
    assert "a.duncan" not in {user["user_name"] for user in staff(setting, 1, 1, frozenset({"a.duncan"})).users}

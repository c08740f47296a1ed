"""Customers of the demo company: an account with its people and deals, and the lead that some of them began as."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Ref
from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.identifiers import legal_id, national_id
from crm_domain.demo.setting import Setting, Town
from crm_domain.demo.world import TOGETHER, Batch, Owner, Row, World
from crm_domain.modules.options import LEAD_SOURCES, LOST_REASONS, OPPORTUNITY_ROLES, SALES_STAGES

ACCOUNTS = 320
"""Accounts at scale 1; with their contacts, deals and leads, and the leads of others, about 2,000 records."""
PEOPLE = Weights({1: 28, 2: 32, 3: 22, 4: 12, 5: 6})
DEALS = Weights({0: 30, 1: 35, 2: 20, 3: 10, 4: 5})
ACCOUNT_TYPES = Weights(
    {
        "prospect": 50,
        "partner": 12,
        "supplier": 12,
        "reseller": 10,
        "competitor": 5,
        "investor": 3,
        "press": 3,
        "other": 5,
    }
)
RATINGS = Weights({"hot": 20, "warm": 50, "cold": 30})
STAGES = Weights(
    {
        "prospecting": 9, "qualification": 11, "needs_analysis": 9, "value_proposition": 6, "decision_makers": 4,
        "perception_analysis": 4, "proposal": 11, "negotiation": 9, "closed_won": 22, "closed_lost": 15,
    }
)  # fmt: skip
OPEN_STAGES = Weights(
    {
        "prospecting": 25,
        "qualification": 25,
        "needs_analysis": 20,
        "value_proposition": 10,
        "proposal": 12,
        "negotiation": 8,
    }
)
SALUTATIONS = {
    "female": Weights({"mrs": 60, "dr": 10, "eng": 20, "ms": 10}),
    "male": Weights({"mr": 60, "dr": 12, "eng": 28}),
}
BEGAN_AS_LEAD = 0.18
SOONEST_END = timedelta(days=10)
FEW = 400
"""Beyond as many companies, web addresses are numbered to stay apart."""
SOURCES, REASONS, ROLES = LEAD_SOURCES.keys(), LOST_REASONS.keys(), OPPORTUNITY_ROLES.keys()


class Company(msgspec.Struct):
    """All rows that hang on one account. Links are (left, right, own fields) rows."""

    account: Row
    contacts: list[Row]
    employments: list[Row]
    deals: list[Row]
    involvements: list[Row]
    leads: list[Row]


def customers(world: World) -> Iterator[Batch]:
    """Every account with what hangs on it."""
    before: UUID | None = None
    made: list[Company] = []
    for index in range(ACCOUNTS * world.scale):
        chance = world.chance("company", index)
        found = company(world.setting, chance, index, chance.pick(world.owners), before)
        before = found.account["id"]
        made.append(found)
        if len(made) == TOGETHER:
            yield from _rows(made)
            made = []
    yield from _rows(made)


def _rows(made: list[Company]) -> Iterator[Batch]:
    parts: dict[str, list[Row]] = {
        "accounts": [one.account for one in made],
        "contacts": [row for one in made for row in one.contacts],
        "account_contacts": [row for one in made for row in one.employments],
        "opportunities": [row for one in made for row in one.deals],
        "opportunity_contacts": [row for one in made for row in one.involvements],
        "leads": [row for one in made for row in one.leads],
    }
    yield from (Batch(table, rows) for table, rows in parts.items() if rows)


def company(setting: Setting, chance: Chance, index: int, owner: Owner, before: UUID | None) -> Company:
    """The company of that number. `before` is another account, which a few belong to or share people with."""
    industry, town = chance.pick(setting.industries), setting.town(chance)
    name, slug = setting.company(chance, industry)
    domain = f"{slug}{'' if index < FEW else index}.example"
    born = setting.at_work(chance, chance.lately(setting.now))
    account = _account(setting, chance, (name, domain), (industry, town), _stamps(chance, born, owner))
    if before and chance.maybe(0.06):
        account["parent"] = Ref("accounts", before)
    contacts = [_contact(setting, chance, account, town, number) for number in range(chance.weighted(PEOPLE))]
    for contact in contacts[1:]:
        contact["reports_to"] = Ref("contacts", contacts[0]["id"]) if chance.maybe(0.4) else None
    employments = [_employment(account["id"], contact, rank + 1) for rank, contact in enumerate(contacts)]
    if before and chance.maybe(0.08):
        employments.append({**_employment(before, contacts[0], 9), "is_primary": False, "is_former": True})
    deals = [_deal(setting, chance, account) for _ in range(chance.weighted(DEALS))]
    if any(deal["stage"] == "closed_won" for deal in deals):
        account["account_type"] = "customer"
    involvements = [row for deal in deals for row in _involvements(chance, deal, contacts)]
    leads = [_origin(setting, chance, account, contacts[0], deals)] if chance.maybe(BEGAN_AS_LEAD) else []
    return Company(account, contacts, employments, deals, involvements, leads)


def person_facts(setting: Setting, chance: Chance, town: Town, domain: str, number: str = "") -> Row:
    """What contacts and leads alike have: name, post, phones, e-mail."""
    gender, first, last = setting.person(chance)
    post, department = chance.pick(setting.words.POSTS)
    local = f"{first[1]}.{last[1]}".lower().replace(" ", "") + number
    facts: Row = {
        "first_name": first[0],
        "last_name": last[0],
        "name": f"{first[0]} {last[0]}",
        "gender": gender,
        "title": post,
        "department": department,
        "phone_mobile": setting.mobile(chance, town) if chance.maybe(0.9) else None,
        "emails": (EmailEntry(f"{local}@{domain}", primary=True),) if chance.maybe(0.88) else (),
        "do_not_call": chance.maybe(0.02),
    }
    if setting.language == "fa":
        facts["salutation"] = chance.weighted(SALUTATIONS[gender]) if chance.maybe(0.8) else None
        facts["name_latin"] = f"{first[1]} {last[1]}"
        facts["national_id"] = national_id(chance) if chance.maybe(0.25) else None
    return facts


def owned(chance: Chance, born: datetime, owner: Owner) -> Row:
    """Id, owner and stamps of a record of that moment."""
    return _stamps(chance, born, owner)


def _stamps(chance: Chance, born: datetime, owner: Owner) -> Row:
    user, team = owner
    return {
        "id": chance.id(born),
        "assigned_to": user,
        "team": team,
        "created_at": born,
        "created_by": user,
        "modified_at": born,
        "modified_by": user,
    }


def _account(setting: Setting, chance: Chance, names: tuple[str, str], place: tuple[str, Town], stamps: Row) -> Row:
    (name, domain), (industry, town) = names, place
    address = setting.address(chance, town)
    row: Row = {
        **stamps,
        "name": name,
        "website": domain if chance.maybe(0.8) else None,
        "emails": (EmailEntry(f"info@{domain}", primary=True),),
        "phone_office": setting.landline(chance, town),
        "phone_fax": setting.landline(chance, town) if chance.maybe(0.3) else None,
        "billing_address": address,
        "shipping_address": address if chance.maybe(0.4) else None,
        "account_type": chance.weighted(ACCOUNT_TYPES),
        "industry": industry,
        "rating": chance.weighted(RATINGS) if chance.maybe(0.6) else None,
        "annual_revenue": setting.amount(chance, 100) if chance.maybe(0.5) else None,
        "employees": int(10 ** chance.between(0.9, 3.6)) if chance.maybe(0.7) else None,
        "description": chance.pick(setting.words.NOTES) if chance.maybe(0.2) else None,
    }
    if setting.language == "fa" and chance.maybe(0.75):
        legal = legal_id(chance)
        row |= {
            "national_legal_id": legal,
            "economic_code": legal,
            "registration_no": str(chance.whole(1_000, 620_000)),
        }
    return row


def _contact(setting: Setting, chance: Chance, account: Row, town: Town, number: int) -> Row:
    born = chance.after(account["created_at"], 0, 20 + 60 * number, setting.now)
    owner = (account["assigned_to"], account["team"])
    domain = account["emails"][0].address.split("@")[1]
    return {
        **_stamps(chance, born, owner),
        **person_facts(setting, chance, town, domain),
        "account": Ref("accounts", account["id"]),
        "phone_work": account["phone_office"] if chance.maybe(0.7) else setting.landline(chance, town),
        "lead_source": chance.pick(SOURCES) if chance.maybe(0.6) else None,
        "primary_address": account["billing_address"] if chance.maybe(0.6) else None,
        "birthdate": _birthday(chance, setting.now) if chance.maybe(0.3) else None,
    }


def _birthday(chance: Chance, now: datetime) -> date:
    return (now - timedelta(days=chance.between(24 * 365.25, 62 * 365.25))).date()


def _employment(account: UUID, contact: Row, rank: int) -> Row:
    return {
        "left_id": account,
        "right_id": contact["id"],
        "is_primary": True,
        "title": contact["title"],
        "rank": rank,
        "is_former": False,
        "created_at": contact["created_at"],
    }


def _deal(setting: Setting, chance: Chance, account: Row) -> Row:
    now = setting.now
    born = chance.after(account["created_at"], 1, 200, now)
    stage = SALES_STAGES[chance.weighted(STAGES)]
    if stage.closed and now - born < SOONEST_END:
        stage = SALES_STAGES[chance.weighted(OPEN_STAGES)]
    closed_at = max(setting.at_work(chance, chance.after(born, 10, 120, now)), born) if stage.closed else None
    entered = closed_at or chance.after(born, 0, 60, now)
    closes_on = (closed_at or now + timedelta(days=chance.between(-25, 75) + chance.between(0, 75))).date()
    row: Row = {
        **_stamps(chance, born, (account["assigned_to"], account["team"])),
        "modified_at": entered,
        "name": chance.pick(setting.words.DEALS) + chance.pick(setting.words.DEAL_ENDINGS),
        "account": Ref("accounts", account["id"]),
        "amount": setting.amount(chance),
        "closes_on": closes_on,
        "stage": stage.key,
        "probability": stage.weight,
        "opportunity_type": chance.pick(("new_business", "existing_business")),
        "lead_source": chance.pick(SOURCES) if chance.maybe(0.7) else None,
        "next_step": chance.pick(setting.words.NEXT_STEPS) if not stage.closed and chance.maybe(0.7) else None,
        "description": chance.pick(setting.words.NOTES) if chance.maybe(0.35) else None,
        "stage_entered_at": entered,
        "closed_at": closed_at,
        "last_stage": chance.pick(("proposal", "negotiation")) if stage.closed else None,
    }
    if stage.kind == "lost":
        row["lost_reason"] = chance.pick(REASONS)
        row["lost_note"] = chance.pick(setting.words.LOST_NOTES) if chance.maybe(0.4) else None
    elif not stage.closed and chance.maybe(0.15):
        row["probability"] = min((stage.weight or Decimal(0)) + 5 * chance.whole(1, 2), Decimal(95))
    return row


def _involvements(chance: Chance, deal: Row, contacts: list[Row]) -> list[Row]:
    number = 1 if len(contacts) == 1 else chance.whole(1, 2)
    return [
        {
            "left_id": deal["id"],
            "right_id": contact["id"],
            "role": chance.pick(ROLES) if place else "primary_decision_maker",
            "created_at": deal["created_at"],
        }
        for place, contact in enumerate(contacts[:number])
    ]


def _origin(setting: Setting, chance: Chance, account: Row, contact: Row, deals: list[Row]) -> Row:
    """The lead that became this account, contact and, where there is one, the first deal."""
    born = account["created_at"] - timedelta(days=chance.between(1, 40))
    deal = deals[0] if deals else None
    taken = (
        "first_name",
        "last_name",
        "name",
        "gender",
        "salutation",
        "title",
        "department",
        "phone_mobile",
        "phone_work",
        "emails",
    )
    return {
        **_stamps(chance, born, (account["assigned_to"], account["team"])),
        **{key: contact.get(key) for key in taken},
        "modified_at": account["created_at"],
        "status": "converted",
        "lead_source": contact["lead_source"],
        "account_name": account["name"],
        "industry": account["industry"],
        "website": account["website"],
        "primary_address": account["billing_address"],
        "opportunity_name": deal["name"] if deal else None,
        "opportunity_amount": deal["amount"] if deal else None,
        "converted": True,
        "converted_at": account["created_at"],
        "converted_contact": Ref("contacts", contact["id"]),
        "converted_account": Ref("accounts", account["id"]),
        "converted_opportunity": Ref("opportunities", deal["id"]) if deal else None,
        "converted_new": ("contact", "account", "opportunity") if deal else ("contact", "account"),
    }

"""The people of the demo company itself: teams, users, and the money it counts in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from crm_domain.definition import EmailEntry, Ref
from crm_domain.demo.chance import DAYS, Chance
from crm_domain.demo.setting import Setting
from crm_domain.demo.world import Owner, Row

HOME = "example.com"
GROWTH = 0.35
SMALLEST_STAFF = 12
"""Users at scale 1; a thousand times the records need about eleven times the people."""
RATES = {
    "IRR": {"USD": Decimal("0.0000008696"), "EUR": Decimal("0.0000007519")},
    "USD": {"EUR": Decimal("0.86"), "GBP": Decimal("0.74")},
    "EUR": {"USD": Decimal("1.16"), "GBP": Decimal("0.86")},
}
"""Units of a currency for one of the base."""
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
CURRENCY_NAMES = {
    "fa": {"USD": "دلار آمریکا", "EUR": "یورو", "GBP": "پوند"},
    "en": {"USD": "US dollar", "EUR": "Euro", "GBP": "Pound sterling"},
}


class Staff(msgspec.Struct, frozen=True):
    """Teams, users, who is in which team (user, team, leads it), which shipped role each has, and the currencies besides the base."""

    teams: list[Row]
    users: list[Row]
    members: list[tuple[UUID, UUID, bool]]
    roles: list[tuple[UUID, str]]
    currencies: list[Row]

    @property
    def owners(self) -> list[Owner]:
        """Whom records belong to: users with their team."""
        return [(Ref("users", user), Ref("teams", team)) for user, team, _ in self.members]


def staff(setting: Setting, seed: int, scale: int, taken: frozenset[str] = frozenset()) -> Staff:
    """The company's people. `taken` are user names that exist already."""
    chance = Chance(seed, "staff", setting.language)
    began = setting.now - timedelta(days=DAYS + 30)
    teams = _teams(setting, chance, began)
    users: list[Row] = []
    members: list[tuple[UUID, UUID, bool]] = []
    names = set(taken)
    for number in range(round(SMALLEST_STAFF * scale**GROWTH)):
        leads = number < len(teams)
        user = _user(setting, chance, names, manager=leads)
        user["reports_to"] = Ref("users", users[0]["id"]) if users else None
        users.append(_stamped(user, began))
        team = teams[number % len(teams)] if leads else teams[1 + number % (len(teams) - 1)]
        members.append((user["id"], team["id"], leads))
    roles = [(user["id"], _role(setting, user["title"])) for user in users]
    return Staff(teams, users, members, roles, _currencies(setting, chance, began))


def _role(setting: Setting, title: str) -> str:
    """What somebody with that post may do: the first leads, the last works in marketing, the others sell."""
    first, *_, last = setting.words.USER_POSTS
    return {first: "sales_manager", last: "marketing"}.get(title, "sales_rep")


def _teams(setting: Setting, chance: Chance, began: Any) -> list[Row]:
    teams: list[Row] = []
    for name in setting.words.TEAMS:
        above = Ref("teams", teams[0]["id"]) if teams else None
        teams.append(_stamped({"id": chance.id(began), "name": name, "parent": above}, began))
    return teams


def _user(setting: Setting, chance: Chance, names: set[str], *, manager: bool) -> Row:
    _, first, last = setting.person(chance)
    wanted = f"{first[1][0]}.{last[1]}".lower().replace(" ", "")
    user_name = next(name for name in (wanted, *(f"{wanted}{n}" for n in range(2, 10_000))) if name not in names)
    names.add(user_name)
    town = setting.town(chance)
    return {
        "id": chance.id(setting.now),
        "user_name": user_name,
        "first_name": first[0],
        "last_name": last[0],
        "name": f"{first[0]} {last[0]}",
        "status": "active",
        "user_type": "regular",
        "employee_status": "active",
        "title": setting.words.USER_POSTS[0] if manager else chance.pick(setting.words.USER_POSTS[1:]),
        "department": setting.words.USER_DEPARTMENT,
        "phone_work": setting.landline(chance, town),
        "phone_mobile": setting.mobile(chance, town),
        "emails": (EmailEntry(f"{user_name}@{HOME}", primary=True),),
        "show_on_employees": True,
        "receive_notifications": True,
    }


def _currencies(setting: Setting, chance: Chance, began: Any) -> list[Row]:
    names = CURRENCY_NAMES[setting.language]
    return [
        _stamped(
            {
                "id": chance.id(began),
                "name": names[code],
                "symbol": SYMBOLS[code],
                "iso4217": code,
                "conversion_rate": rate,
                "status": "active",
                "decimals": 2,
                "symbol_position": "after" if setting.language == "fa" else "before",
                "is_base": False,
            },
            began,
        )
        for code, rate in RATES.get(setting.currency, {}).items()
    ]


def _stamped(row: Row, at: Any) -> Row:
    return {**row, "created_at": at, "modified_at": at}

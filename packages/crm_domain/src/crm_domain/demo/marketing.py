"""Marketing of the demo company: targets, lists, templates, campaigns, and what became of the mailings."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from crm_domain.definition import Amount, Ref
from crm_domain.demo import marketing_words as words
from crm_domain.demo.chance import Chance
from crm_domain.demo.companies import owned, person_facts
from crm_domain.demo.responses import Mailing, responses, visits
from crm_domain.demo.world import Batch, Row, World

TARGETS = 120
"""Targets at scale 1."""
POST = "fair.example"
SEEDS = 3
CUSTOMERS = 90
DEALS = 9
LINKED = ("newsletter", "offer", "invite", "post")
"""Campaigns with links; what goes by post has them as QR codes."""
LINK_NUMBERS = (1 << 20, 1 << 24)
"""Where the numbers of a load's links begin: far from those of mailings that were really sent."""
OPT_OUT = {"name": "leave", "is_opt_out": True}


def marketing(world: World) -> Iterator[Batch]:
    """Everything of one area, in the order in which it refers to itself."""
    targets = [_target(world, index) for index in range(TARGETS * world.scale)]
    yield from world.batches("targets", targets)
    chance = world.chance("marketing", 0)
    campaigns = {key: _campaign(world, chance, key) for key in words.CAMPAIGNS[world.setting.language]}
    lists = {key: _list(world, chance, key, campaigns) for key in words.LISTS[world.setting.language]}
    members = _members(world, chance, lists, targets)
    for key, rows in members.items():
        lists[key]["entry_count"] = len(rows)
    templates = [_template(world, chance, place) for place in range(3)]
    bounce = _bounce(world, chance)
    mailings = [
        *_issues(world, chance, campaigns, templates, bounce),
        *_others(world, chance, campaigns, templates, bounce),
    ]
    yield Batch("campaigns", list(campaigns.values()))
    yield Batch("target_lists", list(lists.values()))
    yield Batch("target_list_member", [row for rows in members.values() for row in rows])
    yield Batch("target_list_domain", [{"list_id": lists["rivals"]["id"], "domain": name} for name in words.RIVALS])
    yield Batch("campaign_target_lists", _attached(world, campaigns, lists))
    yield Batch("email_templates", templates)
    yield Batch("bounce_accounts", [bounce])
    yield Batch("outbound_accounts", [_outbound(world, chance)])
    yield Batch("email_marketing", mailings)
    links = _links(world, chance, campaigns)
    yield Batch("tracker_urls", links)
    yield Batch("link_visit", visits(world, chance, [row["id"] for row in links if not row["is_opt_out"]]))
    yield Batch("opportunities", _deals(world, chance, campaigns))
    people = [*_addressed("targets", targets), *_addressed("contacts", world.made["contacts"])]
    followed = _followed(world, chance)
    yield Batch("link", followed)
    numbers = tuple(row["number"] for row in followed)
    sent = [
        Mailing(row["id"], row["campaign"].id, row["starts_at"], numbers)
        for row in mailings
        if row["run_state"] == "finished"
    ]
    yield from responses(world, chance, sent, people)


def _target(world: World, index: int) -> Row:
    setting, chance = world.setting, world.chance("target", index)
    town = setting.town(chance)
    born = setting.at_work(chance, chance.lately(setting.now))
    return {
        **owned(chance, born, chance.pick(world.owners)),
        **person_facts(setting, chance, town, POST, f".{index}"),
        "account_name": setting.company(chance, chance.pick(setting.industries))[0] if chance.maybe(0.8) else None,
        "primary_address": setting.address(chance, town) if chance.maybe(0.4) else None,
        "converted": False,
    }


def _money(world: World, millions: int) -> Amount:
    """A round sum: so many million rials, or a thousandth of it in another currency."""
    value = Decimal(millions) * (1_000_000 if world.setting.currency == "IRR" else 10)
    return Amount(value, world.setting.currency)


def _campaign(world: World, chance: Chance, key: str) -> Row:
    name, type_, status = words.CAMPAIGNS[world.setting.language][key]
    now = world.setting.now
    born = now - timedelta(days=chance.whole(60, 200))
    ends = now + timedelta(days=chance.whole(-20, -2) if status == "complete" else chance.whole(20, 120))
    cost = chance.whole(150, 900)
    return {
        **owned(chance, born, chance.pick(world.owners)),
        "name": name,
        "campaign_type": type_,
        "status": status,
        "frequency": "monthly" if type_ == "newsletter" else None,
        "start_date": (born + timedelta(days=5)).date(),
        "end_date": ends.date(),
        "budget": _money(world, cost + 200),
        "expected_cost": _money(world, cost + 80),
        "actual_cost": _money(world, cost) if status in ("active", "complete") else None,
        "expected_revenue": _money(world, cost * 6),
        "impressions": None if type_ in ("newsletter", "email") else chance.whole(40, 400) * 1000,
        "objective": words.OBJECTIVES[world.setting.language],
        "consent_policy": "none",
    }


def _list(world: World, chance: Chance, key: str, campaigns: dict[str, Row]) -> Row:
    name, type_ = words.LISTS[world.setting.language][key]
    born = world.setting.now - timedelta(days=chance.whole(90, 250))
    own = key in ("subscription", "unsubscription", "test")
    return {
        **owned(chance, born, chance.pick(world.owners)),
        "name": name,
        "list_type": type_,
        "entry_count": 0,
        "purpose": key if own else None,
        "newsletter": Ref("campaigns", campaigns["newsletter"]["id"]) if own else None,
    }


def _members(world: World, chance: Chance, lists: dict[str, Row], targets: list[Row]) -> dict[str, list[Row]]:
    contacts, users = world.made["contacts"], [owner[0].id for owner in world.owners]
    chosen: dict[str, list[tuple[str, Any]]] = {
        "subscription": [("contacts", row["id"]) for row in contacts if chance.maybe(0.8)],
        "unsubscription": [("contacts", row["id"]) for row in contacts if chance.maybe(0.02)],
        "test": [("users", id_) for id_ in dict.fromkeys(users[:2])],
        "fair": [("targets", row["id"]) for row in targets],
        "customers": [("contacts", row["id"]) for row in contacts[:CUSTOMERS]],
        "seed": [("users", id_) for id_ in dict.fromkeys(users[:SEEDS])],
    }
    return {
        key: [
            {"left_id": lists[key]["id"], "right_id": id_, "module": module, "created_at": lists[key]["created_at"]}
            for module, id_ in members
        ]
        for key, members in chosen.items()
    }


def _attached(world: World, campaigns: dict[str, Row], lists: dict[str, Row]) -> list[Row]:
    pairs = {
        "newsletter": ("subscription", "unsubscription", "test", "seed", "rivals"),
        "offer": ("customers", "rivals"),
        "invite": ("customers", "fair", "seed", "test", "rivals"),
        "calls": ("customers",),
        "post": ("customers",),
    }
    return [
        {"left_id": campaigns[key]["id"], "right_id": lists[name]["id"], "created_at": world.setting.now}
        for key, names in pairs.items()
        for name in names
    ]


def _template(world: World, chance: Chance, place: int) -> Row:
    name, subject, preheader, body = words.TEMPLATES[world.setting.language][place]
    return {
        **owned(chance, world.setting.now - timedelta(days=100 - place), chance.pick(world.owners)),
        "name": name,
        "template_type": "campaign",
        "language": world.setting.language,
        "subject": subject,
        "preheader": preheader,
        "body_html": body,
        "text_only": False,
    }


def _bounce(world: World, chance: Chance) -> Row:
    address = words.SENDERS[world.setting.language][1].replace("news@", "bounce@")
    return {
        **owned(chance, world.setting.now - timedelta(days=200), world.owners[0]),
        "name": words.BOUNCES[world.setting.language],
        "protocol": "imap",
        "host": address.partition("@")[2],
        "port": 993,
        "security": "tls",
        "user_name": address,
        "address": address,
        "folder": "INBOX",
        "processed_folder": "Processed",
        "leave_on_server": True,
        "active": False,
        "state": "untried",
    }


def _outbound(world: World, chance: Chance) -> Row:
    """An account that somebody has begun to set up; mailings leave through the installation's own server."""
    sender, address = words.SENDERS[world.setting.language]
    return {
        **owned(chance, world.setting.now - timedelta(days=200), world.owners[0]),
        "name": sender,
        "from_name": sender,
        "from_addr": address,
        "host": f"mail.{address.partition('@')[2]}",
        "port": 587,
        "security": "starttls",
        "bulk": False,
        "connections": 10,
        "per_connection": 100,
        "own_return_path": True,
        "dkim_mode": "relay",
        "state": "untried",
    }


def _mailing(world: World, chance: Chance, name: str, starts: datetime, **facts: Any) -> Row:
    sender, address = words.SENDERS[world.setting.language]
    return {
        **owned(chance, starts - timedelta(days=3), chance.pick(world.owners)),
        "name": name,
        "starts_at": starts,
        "status": "active",
        "run_state": "finished" if starts < world.setting.now else "draft",
        "from_name": sender,
        "from_addr": address,
        "all_lists": True,
        "track_opens": True,
        "track_clicks": True,
        **facts,
    }


def _issues(
    world: World, chance: Chance, campaigns: dict[str, Row], templates: list[Row], bounce: Row
) -> Iterator[Row]:
    """The newsletter of the last three months."""
    for place, name in enumerate(words.ISSUES[world.setting.language]):
        starts = world.setting.at_work(chance, world.setting.now - timedelta(days=75 - 30 * place))
        yield _mailing(world, chance, name, starts, **_of(campaigns["newsletter"], templates[0], bounce))


def _others(
    world: World, chance: Chance, campaigns: dict[str, Row], templates: list[Row], bounce: Row
) -> Iterator[Row]:
    """One that is over, and one that waits for somebody to send it."""
    names = words.OTHER_MAILINGS[world.setting.language]
    over = world.setting.at_work(chance, world.setting.now - timedelta(days=25))
    yield _mailing(world, chance, names["offer"], over, **_of(campaigns["offer"], templates[1], bounce))
    soon = world.setting.now + timedelta(days=2)
    yield _mailing(world, chance, names["invite"], soon, **_of(campaigns["invite"], templates[2], bounce))


def _of(campaign: Row, template: Row, bounce: Row) -> dict[str, Ref]:
    return {
        "campaign": Ref("campaigns", campaign["id"]),
        "template": Ref("email_templates", template["id"]),
        "bounce_account": Ref("bounce_accounts", bounce["id"]),
    }


def _links(world: World, chance: Chance, campaigns: dict[str, Row]) -> list[Row]:
    rows: list[Row] = []
    for key in LINKED:
        campaign = campaigns[key]
        facts: list[dict[str, Any]] = [
            {"name": name, "label": label, "url": url, "is_opt_out": False}
            for name, (label, url) in words.LINKS[world.setting.language].items()
        ]
        for place, fact in enumerate((*facts, OPT_OUT), start=1):
            stamps = owned(
                chance, campaign["created_at"] + timedelta(minutes=place), (campaign["assigned_to"], campaign["team"])
            )
            rows.append({**stamps, "campaign": Ref("campaigns", campaign["id"]), **fact})
    return rows


def _followed(world: World, chance: Chance) -> list[Row]:
    """What the numbers of links in the log stand for; each load has its own."""
    first = chance.whole(*LINK_NUMBERS)
    links = words.LINKS[world.setting.language].items()
    return [
        {"number": first + place, "position": place, "url": url, "tracker": name}
        for place, (name, (_, url)) in enumerate(links, start=1)
    ]


def _deals(world: World, chance: Chance, campaigns: dict[str, Row]) -> list[Row]:
    """Deals that the campaigns brought: most of them won, two still open."""
    rows: list[Row] = []
    for place in range(DEALS):
        campaign = campaigns["newsletter" if place % 3 else "offer"]
        account = chance.pick(world.made["accounts"])
        born = world.setting.now - timedelta(days=25 + 5 * place, minutes=chance.whole(1, 300))
        closed = None if place < 2 else chance.after(born, 5, 20, world.setting.now)
        rows.append({
            **owned(chance, born, (account["assigned_to"], account["team"])),
            "name": chance.pick(world.setting.words.DEALS) + chance.pick(world.setting.words.DEAL_ENDINGS),
            "account": Ref("accounts", account["id"]),
            "amount": _money(world, chance.whole(12, 90) * 10),
            "closes_on": (closed or world.setting.now + timedelta(days=30)).date(),
            "stage": "closed_won" if closed else "negotiation",
            "probability": Decimal(100 if closed else 80),
            "campaign": Ref("campaigns", campaign["id"]),
            "stage_entered_at": closed or born,
            "closed_at": closed,
        })  # fmt: skip
    return rows


def _addressed(module: str, rows: list[Row]) -> list[tuple[str, Any]]:
    return [(module, row["id"]) for row in rows if row.get("emails")]

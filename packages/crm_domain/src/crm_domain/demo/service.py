"""Service of the demo company: its releases, what customers asked, what was answered, bugs, and the knowledge base."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from crm_domain.definition import Ref
from crm_domain.demo import service_en, service_fa
from crm_domain.demo.chance import DAYS, Chance, Weights
from crm_domain.demo.companies import owned
from crm_domain.demo.world import Batch, Row, World
from crm_domain.modules.cases.updates import opening_words
from crm_domain.modules.knowledge.fields import plain_words

CASES, BUGS = 130, 70
"""At scale 1."""
SETTLED = timedelta(days=12)
"""Older cases are closed, but for a few."""
OPEN = Weights({"new": 25, "assigned": 50, "pending_input": 25})
ENDED = Weights({"closed": 85, "rejected": 8, "duplicate": 7})
PRIORITIES = Weights({"urgent": 6, "high": 22, "medium": 52, "low": 20})
CHANNELS = Weights({"email": 45, "phone": 30, "web": 15, "portal": 7, "chat": 3})
BUG_STATUSES = Weights({"new": 18, "assigned": 26, "pending": 10, "closed": 38, "rejected": 8})
ARTICLE_STATUSES = Weights({"public": 50, "private": 34, "in_review": 8, "draft": 8})
CASE_PRODUCTS = (
    "ERP-100", "BI-10", "ERP-100", "ERP-100", "ERP-100", "SC-210", "ERP-100", "CRM-50",
    "SR-INT", "ERP-100", "TR-DAY", "CRM-50", "CRM-50", "", "ERP-MOB", "SR-INT",
)  # fmt: skip
BUG_PRODUCTS = (
    "BI-10", "ERP-100", "ERP-MOB", "ERP-100", "CRM-50", "ERP-100", "CRM-50",
    "ERP-100", "CRM-50", "CRM-50", "CRM-50", "BI-10", "ERP-100", "ERP-MOB",
)  # fmt: skip
"""The part numbers of what the cases and bugs are about, in the order of their words."""
HTML = "<p>{}</p>"


def service(world: World) -> Iterator[Batch]:
    """All of it, in the order in which one hangs on the other."""
    words = service_fa if world.setting.language == "fa" else service_en
    yield from _releases(world, words)
    yield from _knowledge(world, words)
    yield from _cases(world, words)
    yield from _bugs(world, words)


def _releases(world: World, words: ModuleType) -> Iterator[Batch]:
    rows: list[Row] = []
    for place, name in enumerate(words.RELEASES):
        chance = world.chance("release", place)
        born = world.setting.now - timedelta(days=(len(words.RELEASES) - place) * 60)
        old, coming = place < 2, place == len(words.RELEASES) - 1
        rows.append(
            {
                **owned(chance, born, world.owners[0]),
                "name": name,
                "list_order": place + 1,
                "status": "inactive" if old else "active",
                "released_on": None if coming else (born + timedelta(days=20)).date(),
            }
        )
    yield Batch("releases", rows)


def _knowledge(world: World, words: ModuleType) -> Iterator[Batch]:
    began = world.setting.now - timedelta(days=400)
    categories: dict[str, Row] = {}
    for place, (name, parent) in enumerate(words.CATEGORIES):
        chance = world.chance("knowledge category", place)
        above = Ref("knowledge_categories", categories[parent]["id"]) if parent else None
        categories[name] = {
            **owned(chance, began + timedelta(minutes=place), world.owners[0]),
            "name": name,
            "parent": above,
        }
    yield Batch("knowledge_categories", list(categories.values()))
    articles: list[Row] = []
    places: list[Row] = []
    for place, article in enumerate(words.ARTICLES):
        row = _article(world, world.chance("article", place), article)
        articles.append(row)
        links = {"left_id": categories[article[3]]["id"], "right_id": row["id"], "created_at": row["created_at"]}
        places.append(links)
    yield Batch("knowledge_articles", articles)
    yield Batch("article_categories", places)
    published = [article for article in articles if article["revision"]]
    yield from world.batches(
        "knowledge_revisions", (row for article in published for row in _revisions(world, article))
    )


def _article(world: World, chance: Chance, article: tuple[Any, ...]) -> Row:
    title, paragraphs, info, _ = article
    setting = world.setting
    born = setting.at_work(chance, setting.now - timedelta(days=chance.between(40, 390)))
    owner = chance.pick(world.owners)
    body = "".join(HTML.format(text) for text in paragraphs)
    status = chance.weighted(ARTICLE_STATUSES)
    published = status in ("public", "private")
    on = (born + timedelta(days=chance.between(1, 20))).date()
    return {
        **owned(chance, born, owner),
        "name": title,
        "status": status,
        "description": body,
        "words": plain_words({"description": body}),
        "additional_info": info or None,
        "author": owner[0],
        "approver": next((who for who, _ in world.owners if published and who != owner[0]), None),
        "published_on": on if published else None,
        "expires_on": on + timedelta(days=730) if published and chance.maybe(0.4) else None,
        "language": setting.language,
        "revision": chance.whole(1, 3) if published else None,
    }


def _revisions(world: World, article: Row) -> Iterator[Row]:
    chance = world.chance("revisions", article["id"].int)
    for number in range(1, article["revision"] + 1):
        at = article["created_at"] + timedelta(days=min(number * 9, 39))
        yield {
            **owned(chance, at, (article["author"], article["team"])),
            "name": article["name"],
            "article": Ref("knowledge_articles", article["id"]),
            "number": number,
            "description": article["description"],
            "additional_info": article["additional_info"],
            "published_on": article["published_on"],
        }


def _in_turn(world: World, chance: Chance, index: int, number: int) -> datetime:
    """Moments that follow one another, so that numbers given in turn grow with time."""
    passed = 1 - (index + chance.between(0, 1)) / number
    return world.setting.now - timedelta(days=DAYS * passed**1.6, hours=1)


def _product(world: World, part: str) -> Ref | None:
    """The product of a part number."""
    found = (row for row in world.made["products"] if part and row["part_number"] == f"{world.mark}{part}")
    return next((Ref("products", row["id"]) for row in found), None)


def _cases(world: World, words: ModuleType) -> Iterator[Batch]:
    number = CASES * world.scale
    contracts = {row["account"]: Ref("contracts", row["id"]) for row in world.made["contracts"]}
    articles = {row["additional_info"]: row for row in world.made["knowledge_articles"]}
    cases: list[Row] = []
    links: dict[str, list[Row]] = {"case_contacts": [], "case_articles": [], "case_updates": []}
    for index in range(number):
        chance = world.chance("case", index)
        born = _in_turn(world, chance, index, number)
        told: tuple[str, ...] = chance.pick(words.CASES)
        case, updates = _case(world, chance, born, told, words)
        case["product"] = _product(world, CASE_PRODUCTS[tuple(words.CASES).index(told)])
        case["contract"] = contracts.get(case["account"])
        if case["status"] == "duplicate":
            case["duplicate_of"] = Ref("cases", cases[-1]["id"]) if cases else None
            case["status"] = "duplicate" if cases else "rejected"
        cases.append(case)
        links["case_updates"] += updates
        links["case_contacts"].append(
            {
                "left_id": case["contact"].id,
                "right_id": case["id"],
                "role": "primary",
                "is_primary": True,
                "created_at": born,
            }
        )
        used = articles.get(case.get("resolution"))
        if used or (case["state"] == "closed" and chance.maybe(0.25)):
            used = used or chance.pick(world.made["knowledge_articles"])
            links["case_articles"].append({"left_id": case["id"], "right_id": used["id"], "created_at": born})
    yield from world.batches("cases", cases)
    for table, rows in links.items():
        yield from world.batches(table, rows)


def _case(
    world: World, chance: Chance, born: datetime, told: tuple[str, ...], words: ModuleType
) -> tuple[Row, list[Row]]:
    subject, text, kind, solution = told
    setting = world.setting
    contact = chance.pick(world.made["contacts"])
    owner = chance.pick(world.owners)
    closed = chance.maybe(0.93) if setting.now - born > SETTLED else chance.maybe(0.3)
    status = chance.weighted(ENDED if closed else OPEN)
    answered = chance.after(born, 0.02, 1.5, setting.now) if status != "new" else None
    ended = chance.after(answered or born, 0.1, 9, setting.now) if closed else None
    case: Row = {
        **owned(chance, born, owner),
        "modified_at": ended or answered or born,
        "name": subject,
        "account": contact["account"],
        "contact": Ref("contacts", contact["id"]),
        "state": "closed" if closed else "open",
        "status": status,
        "priority": chance.weighted(PRIORITIES),
        "case_type": kind,
        "channel": chance.weighted(CHANNELS),
        "description": HTML.format(text),
        "resolution": solution if status == "closed" else None,
        "due_at": born + timedelta(days=chance.whole(1, 10)) if chance.maybe(0.6) else None,
        "first_response_at": answered,
        "closed_at": ended,
        "is_internal": False,
        "reopened_count": 1 if chance.maybe(0.04) else None,
    }
    return case, list(_updates(world, chance, case, words)) if answered else []


def _updates(world: World, chance: Chance, case: Row, words: ModuleType) -> Iterator[Row]:
    """The first answer, then what went to and fro."""
    at: datetime = case["first_response_at"]
    last = case["closed_at"] or world.setting.now
    for turn in range(chance.whole(1, 4)):
        customer, internal = turn % 2 == 1 and chance.maybe(0.7), turn > 0 and chance.maybe(0.2)
        pool = words.REPLIES if customer else words.NOTES if internal else words.ANSWERS
        text = HTML.format(chance.pick(pool))
        yield {
            **owned(chance, at, (case["assigned_to"], case["team"])),
            "name": opening_words({"description": text}),
            "case": Ref("cases", case["id"]),
            "description": text,
            "internal": internal and not customer,
            "contact": case["contact"] if customer else None,
        }
        at = chance.after(at, 0.05, 1.2, last)


def _bugs(world: World, words: ModuleType) -> Iterator[Batch]:
    number = BUGS * world.scale
    bugs: list[Row] = []
    links: dict[str, list[Row]] = {"bug_cases": [], "bug_accounts": [], "bug_contacts": []}
    for index in range(number):
        chance = world.chance("bug", index)
        place = index % len(words.BUGS)
        bug = _bug(world, chance, _in_turn(world, chance, index, number), words.BUGS[place])
        bug["product"] = _product(world, BUG_PRODUCTS[place])
        bugs.append(bug)
        if chance.maybe(0.6):
            case = chance.pick(world.made["cases"])
            sides = {"bug_cases": case["id"], "bug_accounts": case["account"].id, "bug_contacts": case["contact"].id}
            for table, right in sides.items():
                links[table].append({"left_id": bug["id"], "right_id": right, "created_at": bug["created_at"]})
    for row in links["bug_contacts"]:
        row["role"] = "primary"
    yield from world.batches("bugs", bugs)
    for table, rows in links.items():
        yield from world.batches(table, rows)


def _bug(world: World, chance: Chance, born: datetime, told: tuple[str, str]) -> Row:
    status = chance.weighted(BUG_STATUSES)
    releases = world.made["releases"]
    found = chance.whole(0, len(releases) - 3)
    fixed = status == "closed" and chance.maybe(0.8)
    resolution = (
        "fixed" if fixed else chance.pick(("duplicate", "invalid", "out_of_date")) if status == "closed" else None
    )
    return {
        **owned(chance, born, chance.pick(world.owners)),
        "name": told[0],
        "priority": chance.weighted(PRIORITIES),
        "bug_type": "feature" if told[1].startswith(("Wish", "درخواست")) else "defect",
        "status": status,
        "resolution": resolution,
        "source": chance.pick(("internal", "web", "inbound_email")),
        "product_area": chance.pick(("web", "mobile", "printing", "integration", "api")),
        "found_in_release": Ref("releases", releases[found]["id"]),
        "fixed_in_release": Ref("releases", releases[min(found + 2, len(releases) - 1)]["id"]) if fixed else None,
        "description": told[1],
    }

"""Documents of the demo company, with revisions, and the records they belong to."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

from crm_domain.definition import Ref
from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.companies import owned
from crm_domain.demo.papers import PAPERS, Paper
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, Row, World

DOCUMENTS = 64
"""Documents at scale 1."""
STATUSES = Weights({"active": 70, "draft": 12, "under_review": 8, "pending": 4, "faq": 2, "expired": 4})
REVISIONS = Weights({1: 60, 2: 28, 3: 12})
KINDS: tuple[tuple[str, str | None, str | None], ...] = (
    ("quote", None, None),
    ("contract", None, None),
    ("contract", None, "nda"),
    ("product", "technical", None),
    ("general", None, None),
)
"""Category, subcategory and template type of each paper, in their order."""
OWNERS = ("accounts", "contacts", "leads", "opportunities", "cases", "contracts")
ELSEWHERE = {"cases": 0.1, "contracts": 0.15}
"""How many documents lie with such a record too."""
YEAR = timedelta(days=365)
CHANGES: Mapping[Language, tuple[str, ...]] = {
    "fa": ("اصلاح مبلغ و شرایط پرداخت", "افزودن بند محرمانگی", "به‌روزرسانی مشخصات فنی", "اصلاح نام طرف قرارداد"),
    "en": (
        "Prices and terms of payment corrected",
        "Confidentiality added",
        "Technical figures updated",
        "Party's name",
    ),
}
FIRST: Mapping[Language, str] = {"fa": "سند ایجاد شد", "en": "Document created"}


class Made(msgspec.Struct):
    """A document with what hangs on it."""

    document: Row
    revisions: list[Row]
    links: dict[str, Row]


def documents(world: World) -> Iterator[Batch]:
    """Papers about accounts and their deals."""
    made = [_document(world, index) for index in range(DOCUMENTS * world.scale)]
    yield from world.batches("documents", (one.document for one in made))
    yield from world.batches("document_revisions", (row for one in made for row in one.revisions))
    for owner in OWNERS:
        yield from world.batches(f"{owner}_documents", (one.links[owner] for one in made if owner in one.links))


def _document(world: World, index: int) -> Made:
    chance = world.chance("document", index)
    language = world.setting.language
    number = index % len(KINDS)
    deal = chance.pick(world.made["opportunities"])
    account = deal["account"].id
    paper, (category, subcategory, template) = PAPERS[language][number], KINDS[number]
    born = world.setting.at_work(chance, chance.after(deal["created_at"], 1, 40, world.setting.now))
    owner = chance.pick(world.owners)
    stem = paper.name.rpartition(".")[0]
    document = {
        **owned(chance, born, owner),
        "name": stem if template else f"{stem} – {_name(world, account)}",
        "file": paper.blob,
        "status": "active" if template else chance.weighted(STATUSES),
        "published_on": born.date(),
        "expires_on": (born + YEAR).date() if category == "contract" and not template else None,
        "category": category,
        "subcategory": subcategory,
        "is_template": bool(template),
        "template_type": template,
        "revised_at": born,
    }
    revisions = _revisions(world, chance, document, paper)
    document |= {"revision": revisions[-1]["name"], "revised_at": revisions[-1]["created_at"]}
    links = {} if template else _links(world, chance, document, {"accounts": account, "opportunities": deal["id"]})
    return Made(document, revisions, links)


def _links(world: World, chance: Chance, document: Row, known: Mapping[str, UUID]) -> dict[str, Row]:
    """The records the document belongs to, by module; now and then a person or a lead besides account and deal."""
    people = [row["id"] for row in world.made["contacts"] if row["account"] and row["account"].id == known["accounts"]]
    others: dict[str, UUID] = {}
    if people and chance.maybe(0.3):
        others["contacts"] = chance.pick(people)
    if chance.maybe(0.1):
        others["leads"] = chance.pick(world.made["leads"])["id"]
    for owner, share in ELSEWHERE.items():
        if chance.maybe(share):
            others[owner] = chance.pick(world.made[owner])["id"]
    facts = {"right_id": document["id"], "created_at": document["created_at"]}
    return {owner: {"left_id": id_, **facts} for owner, id_ in {**known, **others}.items()}


def _revisions(world: World, chance: Chance, document: Row, paper: Paper) -> list[Row]:
    language, at = world.setting.language, document["created_at"]
    rows: list[Row] = []
    for number in range(1, chance.weighted(REVISIONS) + 1):
        rows.append(
            {
                **owned(chance, at, (document["assigned_to"], document["team"])),
                "name": str(number),
                "document": Ref("documents", document["id"]),
                "file": paper.blob,
                "change_log": FIRST[language] if number == 1 else chance.pick(CHANGES[language]),
            }
        )
        at = world.setting.at_work(chance, chance.after(at, 1, 20, world.setting.now))
    return rows


def _name(world: World, account: object) -> str:
    return next((str(row["name"]) for row in world.made["accounts"] if row["id"] == account), "")

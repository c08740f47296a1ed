"""Letters of the demo company: what customers wrote to its group mailbox, and what was answered."""

from collections.abc import Iterator
from datetime import timedelta

from crm_domain.definition import Ref
from crm_domain.demo.companies import owned
from crm_domain.demo.letter_words import ADDRESS, EXCHANGES, MAILBOX
from crm_domain.demo.world import Batch, Row, World
from crm_domain.letters.addresses import Party
from crm_domain.modules.emails.fields import opening_words

LETTERS = 60
"""Letters received at scale 1; most of them were answered."""
DAYS = 60
ANSWERED, ARCHIVED, FLAGGED = 0.6, 0.35, 0.1
UNREAD_DAYS = 3


def letters(world: World) -> Iterator[Batch]:
    """Letters of contacts who have an address, in their files and their companies'."""
    people = [row for row in world.made["contacts"] if row["emails"]]
    if not people:
        return
    box = _mailbox(world)
    yield Batch("mailboxes", [box])
    made = [pair for index in range(LETTERS * world.scale) for pair in _exchange(world, index, box, people)]
    yield from world.batches("emails", (row for row, _ in made))
    links = [
        {"left_id": row["id"], "right_id": id_, "module": module, "created_at": row["created_at"]}
        for row, person in made
        for module, id_ in _files(person)
    ]
    yield from world.batches("email_record", links)


def _mailbox(world: World) -> Row:
    name, sender, _ = MAILBOX[world.setting.language]
    chance = world.chance("mailbox", 0)
    stamps = owned(chance, world.setting.now - timedelta(days=DAYS), world.owners[0])
    return {
        **stamps,
        "name": name,
        "mailbox_use": "group",
        "address": ADDRESS[world.setting.language],
        "from_name": sender,
        "active": False,
        "auto_link": True,
        "host": "imap." + ADDRESS[world.setting.language].partition("@")[2],
        "port": 993,
        "security": "tls",
        "user_name": "sales",
        "folder": "INBOX",
        "health": "working",
        "read_at": world.setting.now,
    }


def _exchange(world: World, index: int, box: Row, people: list[Row]) -> Iterator[tuple[Row, Row]]:
    """A letter, and for most of them the answer."""
    language, now = world.setting.language, world.setting.now
    chance = world.chance("letter", index)
    person = chance.pick(people)
    subject, text, answer = chance.pick(EXCHANGES[language])
    owner = chance.pick(world.owners)
    born = world.setting.at_work(chance, now - timedelta(days=chance.between(0, DAYS)))
    customer = Party(person["name"], person["emails"][0].address)
    house = Party(MAILBOX[language][1], box["address"])
    replied = chance.maybe(ANSWERED)
    fresh = now - born < timedelta(days=UNREAD_DAYS)
    letter = _letter(owned(chance, born, owner), box, subject, text, (customer, house))
    letter |= {
        "email_type": "inbound",
        "status": "replied" if replied else "unread" if fresh else "read",
        "folder": "archive" if replied and chance.maybe(ARCHIVED) else "inbox",
        "flagged": chance.maybe(FLAGGED),
        "thread": str(letter["id"]),
    }
    yield letter, person
    if replied:
        later = min(born + timedelta(hours=chance.between(1, 20)), now)
        back = _letter(owned(chance, later, owner), box, MAILBOX[language][2] + subject, answer, (house, customer))
        back |= {"email_type": "out", "status": "sent", "folder": "sent", "flagged": False, "thread": letter["thread"]}
        back |= {"answers": letter["message_id"]}
        yield back, person


def _letter(stamps: Row, box: Row, subject: str, text: str, people: tuple[Party, Party]) -> Row:
    sender, recipient = people
    row: Row = {
        **stamps,
        "name": subject,
        "sender": str(sender),
        "recipients": str(recipient),
        "sent_at": stamps["created_at"],
        "personal": False,
        "mailbox": Ref("mailboxes", box["id"]),
        "description": text,
        "message_id": f"<{stamps['id']}@{sender.address.partition('@')[2]}>",
    }
    return {**row, "snippet": opening_words(row)}


def _files(person: Row) -> Iterator[tuple[str, object]]:
    yield "contacts", person["id"]
    if person["account"]:
        yield "accounts", person["account"].id

"""Letters of the demo company: what customers wrote to its group mailbox, and what was answered."""

from collections.abc import Iterator
from datetime import timedelta

from crm_domain.definition import Ref
from crm_domain.demo.companies import owned
from crm_domain.demo.letter_words import ADDRESS, EXCHANGES, LEAVING_WORDS, MAILBOX
from crm_domain.demo.world import Batch, Row, World
from crm_domain.letters.addresses import Party
from crm_domain.modules.emails.fields import opening_words

LETTERS = 60
"""Letters received at scale 1; most of them were answered."""
DAYS = 60
ANSWERED, ARCHIVED, FLAGGED = 0.6, 0.35, 0.1
UNREAD_DAYS = 3
TRACKED = 0.4
LEAVING, UNCERTAIN_ONE_IN = 6, 4
"""Letters on their way at scale 1."""


def letters(world: World) -> Iterator[Batch]:
    """Letters of contacts who have an address, in their files and their companies'."""
    people = [row for row in world.made["contacts"] if row["emails"]]
    if not people:
        return
    box = _mailbox(world)
    yield Batch("mailboxes", [box])
    made = [pair for index in range(LETTERS * world.scale) for pair in _exchange(world, index, box, people)]
    made += [pair for index in range(LEAVING * world.scale) for pair in _leaving(world, index, box, people)]
    yield from world.batches("emails", (row for row, _ in made))
    links = [
        {"left_id": row["id"], "right_id": id_, "module": module, "created_at": row["created_at"]}
        for row, person in made
        for module, id_ in _files(person)
    ]
    yield from world.batches("email_record", links)
    opened = [_opens(world, place, row) for place, (row, _) in enumerate(made) if row.get("track_opens")]
    yield from world.batches("letter_open", (row for row in opened if row))


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
        back |= {"answers": letter["message_id"], "track_opens": chance.maybe(TRACKED)}
        yield back, person


def _leaving(world: World, index: int, box: Row, people: list[Row]) -> Iterator[tuple[Row, Row]]:
    """A letter that is to leave in the days to come, or one of which nobody knows whether it left."""
    language, now = world.setting.language, world.setting.now
    chance = world.chance("leaving letter", index)
    person, owner = chance.pick(people), chance.pick(world.owners)
    words = LEAVING_WORDS[language]
    subject, text = words[(index + index // len(words)) % len(words)]
    house = Party(MAILBOX[language][1], box["address"])
    letter = _letter(
        owned(chance, now - timedelta(minutes=20 + 90 * index), owner),
        box,
        subject,
        text,
        (house, Party(person["name"], person["emails"][0].address)),
    )
    letter |= {"email_type": "out", "folder": "outbox", "flagged": False, "thread": str(letter["id"])}
    if index % UNCERTAIN_ONE_IN:
        at = world.setting.appointment(chance, now + timedelta(days=10 + 6 * index))
        waiting = {"status": "queued", "sent_at": at, "leaves_at": at, "track_opens": chance.maybe(TRACKED)}
        yield letter | waiting, person
    else:
        yield letter | {"status": "uncertain"}, person


def _opens(world: World, place: int, letter: Row) -> Row | None:
    """How often its readers opened a letter that has left; now and then it was only a program."""
    if letter["status"] != "sent":
        return None
    chance = world.chance("opened letter", place)
    times = chance.whole(0, 4)
    first = min(letter["sent_at"] + timedelta(minutes=chance.between(5, 600)), world.setting.now)
    last = min(first + timedelta(hours=chance.between(1, 30)), world.setting.now)
    return {
        "email_id": letter["id"],
        "opens": times,
        "machine_opens": int(chance.maybe(0.3)),
        "first_at": first if times else None,
        "last_at": (last if times > 1 else first) if times else None,
    }


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

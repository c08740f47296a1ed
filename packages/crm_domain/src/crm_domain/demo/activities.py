"""Tasks, calls and meetings of the demo company: behind and ahead of today, with the people who take part."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import nlargest

from crm_domain.definition import EmailEntry, Ref
from crm_domain.demo.activity_words import CALLS, MEETINGS, PLACES, TASKS
from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.companies import owned
from crm_domain.demo.world import Batch, Row, World
from crm_domain.text.whole_days import whole

TASKS_MADE, CALLS_MADE, MEETINGS_MADE = 140, 150, 90
"""At scale 1."""
ABOUT = Weights({"accounts": 40, "opportunities": 35, "contacts": 15, "leads": 10})
FRESH_LEADS = 12
PAST_DAYS, NEXT_DAYS = 90, 30
PAST = 0.6
"""How much of it has been."""
WHOLE_DAYS = 0.4
"""How many of the tasks are due on a day, at no hour."""
LENGTHS = {"calls": (600, 900, 900, 1800), "meetings": (1800, 3600, 3600, 5400)}
DONE = Weights({"completed": 88, "deferred": 6, "cancelled": 6})
AT_WORK = Weights({"not_started": 55, "in_progress": 30, "pending_input": 15})
HELD = Weights({"held": 88, "not_held": 12})
PRIORITIES = Weights({"medium": 50, "high": 28, "low": 17, "urgent": 5})
STRANGERS = 30
"""Events of each kind to which somebody comes of whom there is just an address."""
ANSWERS = Weights({"accept": 60, "none": 25, "tentative": 9, "decline": 6})
ONLINE = "https://meet.example/"


def activities(world: World) -> Iterator[Batch]:
    """What is planned and what was done, on the records made before."""
    yield from world.batches("tasks", (_task(world, index) for index in range(TASKS_MADE * world.scale)))
    for module, number in (("calls", CALLS_MADE), ("meetings", MEETINGS_MADE)):
        rows = [_event(world, module, index) for index in range(number * world.scale)]
        yield from world.batches(module, rows)
        yield from _guests(world, module, rows)


def _task(world: World, index: int) -> Row:
    chance = world.chance("task", index)
    due = _moment(world, chance)
    over = due < world.setting.now
    done = over and chance.maybe(0.9)
    status = chance.weighted(DONE if done else AT_WORK)
    return {
        **_common(world, chance, due),
        "name": chance.pick(TASKS[world.setting.language]),
        "status": status,
        "priority": chance.weighted(PRIORITIES),
        "due_at": whole(due.date(), due.tzinfo or UTC) if chance.maybe(WHOLE_DAYS) else due,
        "completed_at": due - timedelta(hours=chance.whole(1, 30)) if status == "completed" else None,
        "mail_reminders": ("3600",) if not over and chance.maybe(0.3) else (),
    }


def _event(world: World, module: str, index: int) -> Row:
    chance = world.chance(module, index)
    start, length = _moment(world, chance), chance.pick(LENGTHS[module])
    over = start + timedelta(seconds=length) < world.setting.now
    words = (CALLS if module == "calls" else MEETINGS)[world.setting.language]
    common = _common(world, chance, start)
    row = {
        **common,
        "contact": common["parent"] if common["parent"].module == "contacts" else None,
        "name": chance.pick(words),
        "status": chance.weighted(HELD) if over else "planned",
        "starts_at": start,
        "duration": length,
        "ends_at": start + timedelta(seconds=length),
        "reminders": ("900",),
        "mail_reminders": ("3600",) if chance.maybe(0.25) else (),
    }
    return row | (_calling(chance) if module == "calls" else _place(world, chance))


def _calling(chance: Chance) -> Row:
    return {"direction": "outbound" if chance.maybe(0.7) else "inbound"}


def _place(world: World, chance: Chance) -> Row:
    online = chance.maybe(0.35)
    return {
        "meeting_type": "online" if online else "in_person",
        "location": None if online else chance.pick(PLACES[world.setting.language]),
        "join_url": ONLINE + chance.digits(9) if online else None,
        "whole_day": False,
    }


def _common(world: World, chance: Chance, at: datetime) -> Row:
    """About whom, by whom, and since when it has been planned."""
    about = chance.weighted(ABOUT)
    ahead = timedelta(days=chance.between(1, 14))
    born = min(at - ahead, world.setting.now - timedelta(hours=chance.between(1, 200)))
    return {
        **owned(chance, world.setting.at_work(chance, born), chance.pick(world.owners)),
        "parent": _fresh_lead(world, chance) if about == "leads" else world.ref(chance, about),
    }


def _fresh_lead(world: World, chance: Chance) -> Ref:
    """One of the newest leads nobody has converted: those that lists show first, so that converting has work to take along."""
    waiting = (row for row in world.made["leads"] if not row["converted"])
    newest = nlargest(FRESH_LEADS, waiting, key=lambda row: row["created_at"])
    return Ref("leads", chance.pick(newest)["id"])


def _moment(world: World, chance: Chance) -> datetime:
    """More behind than ahead."""
    past = chance.maybe(PAST)
    days = -chance.between(0.2, PAST_DAYS) if past else chance.between(0, NEXT_DAYS)
    return world.setting.appointment(chance, world.setting.now + timedelta(days=days))


def _guests(world: World, module: str, rows: list[Row]) -> Iterator[Batch]:
    """Those responsible, colleagues, and the person an event is about."""
    colleagues: list[Row] = []
    people: dict[str, list[Row]] = {"contacts": [], "leads": []}
    for index, row in enumerate(rows):
        chance = world.chance(f"{module} guests", index)
        others = {chance.pick(world.owners)[0].id for _ in range(chance.whole(0, 2))} - {row["assigned_to"].id}
        colleagues.append(_link(row, row["assigned_to"].id, "accept"))
        colleagues += [_link(row, other, chance.weighted(ANSWERS)) for other in sorted(others)]
        about: Ref = row["parent"]
        if about.module in people:
            people[about.module].append(_link(row, about.id, chance.weighted(ANSWERS)))
    yield from _strangers(world, module, rows)
    one = module[:-1]
    yield from world.batches(f"{one}_users", colleagues)
    for target, links in people.items():
        yield from world.batches(f"{one}_{target}", links)


def _strangers(world: World, module: str, rows: list[Row]) -> Iterator[Batch]:
    """People who are invited by address alone, to a few events."""
    made: list[Row] = []
    links: list[Row] = []
    for index, row in enumerate(rows[:: len(rows) // STRANGERS or 1]):
        chance = world.chance(f"{module} strangers", index)
        address = f"guest{index + 1}.{module}@partner.example"
        stranger: Row = {
            **owned(chance, row["created_at"], (row["assigned_to"], row["team"])),
            "name": address,
            "emails": (EmailEntry(address, primary=True),),
        }
        made.append(stranger)
        links.append(_link(row, stranger["id"], chance.weighted(ANSWERS)))
    yield from world.batches("invitees", made)
    yield from world.batches(f"{module[:-1]}_invitees", links)


def _link(row: Row, guest: object, acceptance: str) -> Row:
    return {
        "left_id": row["id"],
        "right_id": guest,
        "created_at": row["created_at"],
        "acceptance": acceptance,
        "optional": False,
    }

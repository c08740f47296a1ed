"""Projects of the demo company with their tasks, and the people directory."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from crm_domain.definition import Ref
from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.companies import owned, person_facts
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, Row, World

PROJECTS_MADE, EMPLOYEES_MADE = 24, 36
"""At scale 1; the directory does not grow with it."""
POST = "team.example"
STATUSES = Weights({"underway": 50, "completed": 20, "draft": 12, "in_review": 10, "on_hold": 8})
PRIORITIES = Weights({"medium": 55, "high": 30, "low": 15})
PROJECT_NAMES: Mapping[Language, tuple[str, ...]] = {
    "fa": (
        "پیاده‌سازی سامانهٔ فروش", "مهاجرت مرکز داده", "راه‌اندازی مرکز تماس", "اتوماسیون انبار", "بازطراحی وبگاه",
        "آموزش شعبه‌ها", "یکپارچه‌سازی با حسابداری", "تجهیز خط تولید",
    ),
    "en": (
        "Sales system roll-out", "Data centre migration", "Call centre launch", "Warehouse automation", "Website redesign",
        "Training of branches", "Link to accounting", "Fitting of the production line",
    ),
}  # fmt: skip
STEPS: Mapping[Language, tuple[str, ...]] = {
    "fa": (
        "شناخت نیازها", "طراحی راهکار", "تأیید طرح", "تأمین تجهیزات", "پیاده‌سازی", "آزمون و پذیرش", "آموزش کاربران",
        "تحویل نهایی",
    ),
    "en": (
        "Requirements", "Design", "Design approved", "Procurement", "Implementation", "Acceptance test", "Training",
        "Handover",
    ),
}  # fmt: skip
MILESTONES = (2, 7)
"""Places of the steps that are a moment: somebody agrees, and it is done."""
POSTS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fa": (
        ("مدیرعامل", "مدیریت"), ("مدیر فروش", "فروش"), ("مدیر پشتیبانی", "پشتیبانی"), ("مدیر مالی", "مالی"),
        ("کارشناس فروش", "فروش"), ("کارشناس پشتیبانی", "پشتیبانی"), ("کارشناس بازاریابی", "بازاریابی"),
        ("حسابدار", "مالی"), ("مهندس نرم‌افزار", "فنی"), ("مسئول دفتر", "اداری"),
    ),
    "en": (
        ("Chief executive", "Management"), ("Head of sales", "Sales"), ("Head of support", "Support"),
        ("Finance director", "Finance"), ("Account manager", "Sales"), ("Support engineer", "Support"),
        ("Marketing specialist", "Marketing"), ("Accountant", "Finance"), ("Software engineer", "Engineering"),
        ("Office manager", "Administration"),
    ),
}  # fmt: skip
HEADS = 4
"""The first posts lead; the first of all leads them."""


def projects(world: World) -> Iterator[Batch]:
    """Projects at customers, each with its steps one after the other."""
    rows = [_project(world, index) for index in range(PROJECTS_MADE * world.scale)]
    tasks = [_tasks(world, index, row) for index, row in enumerate(rows)]
    yield from world.batches("projects", rows)
    yield from world.batches("project_tasks", (task for found in tasks for task in found))
    yield from world.batches("project_task_waits", (wait for found in tasks for wait in _waits(found)))
    accounts = ((row, world.chance("project account", index)) for index, row in enumerate(rows))
    yield from world.batches(
        "projects_accounts", (_link(row, world.ref(chance, "accounts")) for row, chance in accounts)
    )
    yield from world.batches("projects_users", (_link(row, row["assigned_to"]) for row in rows))


def _project(world: World, index: int) -> Row:
    chance = world.chance("project", index)
    born = world.setting.at_work(chance, chance.lately(world.setting.now))
    start = born.date() + timedelta(days=chance.whole(2, 20))
    end = start + timedelta(days=14 * len(STEPS[world.setting.language]) + chance.whole(0, 30))
    over = end < world.setting.now.date()
    status = "completed" if over and chance.maybe(0.8) else chance.weighted(STATUSES)
    return {
        **owned(chance, born, chance.pick(world.owners)),
        "name": chance.pick(PROJECT_NAMES[world.setting.language]),
        "status": "underway" if status == "completed" and not over else status,
        "priority": chance.weighted(PRIORITIES),
        "starts_on": start,
        "ends_on": end,
        "budget": world.setting.amount(chance),
        "percent_complete": _percent(start, end, world.setting.now.date()),
        "estimated_effort": 40 * (len(STEPS[world.setting.language]) - len(MILESTONES)),
    }


def _percent(start: date, end: date, today: date) -> int:
    """How far it is by the calendar; the last day ends with the whole."""
    return max(0, min(100, round(100 * (today - start).days / ((end - start).days + 1))))


def _tasks(world: World, index: int, project: Row) -> list[Row]:
    found: list[Row] = []
    workdays = world.setting.workdays
    begin = workdays.on(project["starts_on"])
    for number, name in enumerate(STEPS[world.setting.language], start=1):
        chance = world.chance("project task", index * 100 + number)
        milestone = number - 1 in MILESTONES
        days = 0 if milestone else chance.whole(5, 10)
        end = workdays.end(begin, days)
        percent = _percent(begin, end, world.setting.now.date())
        user, team = chance.pick(world.owners)
        found.append(
            {
                **owned(chance, project["created_at"] + timedelta(minutes=number), (user, team)),
                "name": name,
                "project": Ref("projects", project["id"]),
                "number": number,
                "order_number": number,
                "status": "completed" if percent == 100 else "in_progress" if percent else "not_started",
                "priority": chance.weighted(PRIORITIES),
                "starts_on": begin,
                "ends_on": end,
                "duration": days,
                "duration_unit": "days",
                "percent_complete": percent,
                "milestone": milestone,
                "estimated_effort": 0 if milestone else 40,
                "utilization": "100",
            }
        )
        begin = workdays.after(end, 1)
    return found


def _waits(tasks: Sequence[Row]) -> Iterator[Row]:
    """Each task waits for the one before it, and what follows a milestone for the work before that, too."""
    for number, task in enumerate(tasks):
        before = tasks[max(number - (2 if number - 1 in MILESTONES else 1), 0) : number]
        yield from (
            {"left_id": task["id"], "right_id": one["id"], "relationship": "fs", "created_at": task["created_at"]}
            for one in before
        )


def _link(row: Row, other: Ref) -> Row:
    return {"left_id": row["id"], "right_id": other.id, "created_at": row["created_at"]}


def colleagues(world: World) -> Iterator[Batch]:
    """Everybody who works there: a chief, heads of departments, and who reports to them."""
    rows: list[Row] = []
    posts = POSTS[world.setting.language]
    for index in range(EMPLOYEES_MADE):
        chance = world.chance("employee", index)
        title, department = posts[index] if index < HEADS else chance.pick(posts[HEADS:])
        rows.append(_employee(world, chance, index, title, department, rows))
    yield from world.batches("employees", rows)


def _at_work(chance: Chance, today: date) -> Row:
    """Most work; a few are on leave for some days around today."""
    if chance.maybe(0.92):
        return {"status": "active", "leave_from": None, "leave_until": None}
    first = today - timedelta(days=chance.whole(0, 4))
    return {"status": "leave", "leave_from": first, "leave_until": first + timedelta(days=chance.whole(5, 12))}


def _employee(world: World, chance: Chance, index: int, title: str, department: str, before: list[Row]) -> Row:
    setting = world.setting
    born = setting.at_work(chance, setting.now - timedelta(days=chance.between(30, 540)))
    town = setting.town(chance)
    facts = person_facts(setting, chance, town, POST, f"e{index}")
    kept = ("first_name", "last_name", "name", "emails", "phone_mobile")
    head = None if not before else before[0] if index < HEADS else chance.pick(before[1:HEADS])
    return {
        **owned(chance, born, chance.pick(world.owners)),
        **{key: facts[key] for key in kept if key in facts},
        **_at_work(chance, setting.now.date()),
        "title": title,
        "department": department,
        "reports_to": Ref("employees", head["id"]) if head else None,
        "extension": str(100 + index),
        "address": setting.address(chance, town),
        "hired_on": born.date(),
    }

"""Templates of the demo company's projects: what each kind of them begins with."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from crm_domain.definition import Ref
from crm_domain.demo.companies import owned
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, Row, World

DAYS_AGO = 200
Step = tuple[str, int, int, int, str]
"""Name, days of work (none for a milestone), the step it waits for, its lag, who gets it."""
TEMPLATES: Mapping[Language, Mapping[str, tuple[Step, ...]]] = {
    "fa": {
        "پیاده‌سازی نرم‌افزار": (
            ("جلسهٔ آغاز", 0, 0, 0, "manager"), ("شناخت نیازها", 5, 1, 0, "manager"), ("طراحی راهکار", 8, 2, 0, "named"),
            ("تأیید طرح", 0, 3, 2, "manager"), ("پیاده‌سازی", 15, 4, 0, "named"), ("انتقال داده‌ها", 6, 4, 3, "nobody"),
            ("آزمون و پذیرش", 7, 5, 0, "manager"), ("آموزش کاربران", 4, 7, 0, "nobody"), ("تحویل نهایی", 0, 8, 1, "manager"),
        ),
        "راه‌اندازی شعبه": (
            ("یافتن محل", 10, 0, 0, "manager"), ("قرارداد اجاره", 0, 1, 2, "manager"), ("طراحی داخلی", 8, 2, 0, "named"),
            ("تجهیز و شبکه", 12, 3, 0, "nobody"), ("استخدام کارکنان", 15, 2, 0, "named"), ("گشایش", 0, 4, 3, "manager"),
        ),
        "برگزاری نمایشگاه": (
            ("رزرو غرفه", 2, 0, 0, "manager"), ("طراحی غرفه", 10, 1, 0, "named"), ("چاپ و تبلیغات", 8, 1, 5, "nobody"),
            ("نصب غرفه", 3, 2, 0, "nobody"), ("روز گشایش", 0, 4, 0, "manager"), ("پیگیری بازدیدکنندگان", 10, 5, 0, "named"),
        ),
    },
    "en": {
        "Software roll-out": (
            ("Kick-off", 0, 0, 0, "manager"), ("Requirements", 5, 1, 0, "manager"), ("Solution design", 8, 2, 0, "named"),
            ("Design approved", 0, 3, 2, "manager"), ("Implementation", 15, 4, 0, "named"),
            ("Data migration", 6, 4, 3, "nobody"), ("Acceptance test", 7, 5, 0, "manager"),
            ("User training", 4, 7, 0, "nobody"), ("Handover", 0, 8, 1, "manager"),
        ),
        "Opening of a branch": (
            ("Find the place", 10, 0, 0, "manager"), ("Lease signed", 0, 1, 2, "manager"), ("Interior design", 8, 2, 0, "named"),
            ("Fittings and network", 12, 3, 0, "nobody"), ("Hiring", 15, 2, 0, "named"), ("Opening day", 0, 4, 3, "manager"),
        ),
        "Trade fair": (
            ("Book the stand", 2, 0, 0, "manager"), ("Stand design", 10, 1, 0, "named"), ("Print and publicity", 8, 1, 5, "nobody"),
            ("Set-up", 3, 2, 0, "nobody"), ("Fair opens", 0, 4, 0, "manager"), ("Follow up visitors", 10, 5, 0, "named"),
        ),
    },
}  # fmt: skip
DESCRIPTIONS: Mapping[Language, str] = {
    "fa": "برنامهٔ پایهٔ این نوع پروژه؛ مدت‌ها به روز کاری است.",
    "en": "The basic plan of such a project; durations are days of work.",
}


def project_templates(world: World) -> Iterator[Batch]:
    """A few templates with their tasks, and who takes part."""
    templates: list[Row] = []
    tasks: list[Row] = []
    waits: list[Row] = []
    links: list[Row] = []
    for number, (name, steps) in enumerate(TEMPLATES[world.setting.language].items()):
        chance = world.chance("project template", number)
        born = world.setting.at_work(chance, world.setting.now - timedelta(days=DAYS_AGO - number))
        owner = chance.pick(world.owners)
        template: Row = {
            **owned(chance, born, owner),
            "name": name,
            "status": "draft",
            "priority": "medium",
            "description": DESCRIPTIONS[world.setting.language],
        }
        templates.append(template)
        made = _tasks(world, number, template, steps)
        tasks += made
        waits += _waits(made, steps)
        links.append({"left_id": template["id"], "right_id": owner[0].id, "created_at": born})
    yield from world.batches("project_templates", templates)
    yield from world.batches("project_template_tasks", tasks)
    yield from world.batches("project_template_task_waits", waits)
    yield from world.batches("project_templates_users", links)


def _tasks(world: World, template_number: int, template: Row, steps: tuple[Step, ...]) -> list[Row]:
    found: list[Row] = []
    for number, (name, days, _, _, role) in enumerate(steps, start=1):
        chance = world.chance("template task", template_number * 100 + number)
        born = template["created_at"] + timedelta(minutes=number)
        found.append(
            {
                **owned(chance, born, chance.pick(world.owners)),
                "name": name,
                "template": Ref("project_templates", template["id"]),
                "number": number,
                "order_number": number,
                "priority": "medium",
                "starts_day": 1,
                "duration": days,
                "duration_unit": "days",
                "milestone": not days,
                "role": role,
                "estimated_effort": days * 6 or None,
                "utilization": "100",
            }
        )
    return found


def _waits(tasks: list[Row], steps: tuple[Step, ...]) -> list[Row]:
    return [
        {
            "left_id": task["id"],
            "right_id": tasks[before - 1]["id"],
            "relationship": "fs",
            "lag": lag or None,
            "created_at": task["created_at"],
        }
        for task, (_, _, before, lag, _) in zip(tasks, steps, strict=True)
        if before
    ]

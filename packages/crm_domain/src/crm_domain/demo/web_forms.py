"""Web forms of the demo company, and what people filled in."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from crm_domain.definition import Ref
from crm_domain.demo.chance import Chance
from crm_domain.demo.companies import owned
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, Row, World

DAYS_AGO = 80
ANSWERS = 14
"""Submissions that became the leads of the first form."""
SITE = "https://www.company.example"
Words = Mapping[str, str]
CONTACT: Mapping[Language, Words] = {
    "fa": {
        "name": "درخواست مشاوره",
        "heading": "درخواست مشاورهٔ رایگان",
        "introduction": "چند سطر دربارهٔ نیازتان بنویسید؛ همکاران ما تا یک روز کاری با شما تماس می‌گیرند.",
        "submit_label": "ارسال درخواست",
        "thanks": "درخواست شما رسید. به‌زودی با شما تماس می‌گیریم.",
        "consent_text": "موافقم که برای پاسخ به این درخواست با من تماس بگیرید.",
    },
    "en": {
        "name": "Ask for advice",
        "heading": "Free advice for your company",
        "introduction": "Write a few lines about what you need; we will call you within one working day.",
        "submit_label": "Send request",
        "thanks": "Your request has arrived. We will be in touch soon.",
        "consent_text": "I agree to be contacted about this request.",
    },
}
FAIR: Mapping[Language, Words] = {
    "fa": {"name": "ثبت‌نام همایش", "heading": "ثبت‌نام در همایش سالانه", "submit_label": "ثبت‌نام",
           "question": "هفته چند روز دارد؟", "answers": "۷، هفت"},
    "en": {"name": "Conference registration", "heading": "Register for our yearly conference", "submit_label": "Register",
           "question": "How many days has a week?", "answers": "7, seven"},
}  # fmt: skip
ASKED = (("first_name", False), ("last_name", True), ("emails", True), ("phone_mobile", False), ("account_name", False),
         ("description", False))  # fmt: skip
HELD: Mapping[Language, tuple[str, str]] = {
    "fa": ("سئو حرفه‌ای", "رتبهٔ یک گوگل! https://seo.example https://seo.example/a https://seo.example/b"),
    "en": ("Best Rankings", "Rank first! https://seo.example https://seo.example/a https://seo.example/b"),
}


def web_forms(world: World) -> Iterator[Batch]:
    """One form with its answers, and one that is closed."""
    if not world.made["campaigns"] or not world.made["leads"]:
        return
    first = _form(world, 0, CONTACT[world.setting.language], makes="leads", status="active", sites=SITE)
    second = _form(world, 1, FAIR[world.setting.language], makes="targets", status="inactive", sites=None)
    answers = [*_answers(world, first), _held(world, first)]
    first |= {"received": len(answers), "received_at": max(row["at"] for row in answers), "consent_version": 1}
    yield Batch("web_forms", [first, second])
    yield Batch(
        "web_form_field",
        [
            {"form_id": form["id"], "key": key, "position": place, "label": "", "required": required}
            for form in (first, second)
            for place, (key, required) in enumerate(ASKED if form is first else ASKED[:5], start=1)
        ],
    )
    yield Batch("web_form_submission", answers)


def _form(world: World, number: int, words: Words, **facts: Any) -> Row:
    chance = world.chance("web form", number)
    owner = chance.pick(world.owners)
    return {
        **owned(chance, world.setting.at_work(chance, world.setting.now - timedelta(days=DAYS_AGO - number)), owner),
        **words,
        **facts,
        "campaign": Ref("campaigns", _campaign(world)["id"]),
        "language": world.setting.language,
        "record_owner": owner[0],
        "two_columns": True,
        "when_known": "complete",
        "notify": True,
        "received": facts.get("received", 0),
        "received_at": None,
        "consent_version": None,
    }


def _campaign(world: World) -> Row:
    """The newsletter, which leads people to the form; else any."""
    campaigns = world.made["campaigns"]
    return next((row for row in campaigns if row["campaign_type"] == "newsletter"), campaigns[0])


def _answers(world: World, form: Row) -> Iterator[Row]:
    """What some of the newest leads had written."""
    newest = sorted(world.made["leads"], key=lambda row: row["created_at"], reverse=True)
    for number, lead in enumerate(newest[:ANSWERS]):
        chance = world.chance("web form answer", number)
        emails = lead.get("emails") or ()
        values = {key: lead.get(key) for key, _ in ASKED if key != "emails"} | {
            "emails": emails[0].address if emails else None
        }
        said = {"values": {key: str(value) for key, value in values.items() if value}, "consent": form["consent_text"]}
        yield _answer(chance, form, lead["created_at"], number, said, state="made", record=lead["id"])


def _held(world: World, form: Row) -> Row:
    chance = world.chance("web form answer", ANSWERS)
    name, text = HELD[world.setting.language]
    values = {"last_name": name, "emails": "rank@seo.example", "description": text}
    said: Row = {"values": values, "consent": form["consent_text"], "odd": ["links"]}
    return _answer(chance, form, world.setting.now - timedelta(hours=5), ANSWERS, said, state="held", record=None)


def _answer(chance: Chance, form: Row, at: Any, number: int, said: Row, *, state: str, record: Any) -> Row:
    return {
        "id": chance.id(at),
        "form_id": form["id"],
        "ticket": number + 1,
        "at": at,
        "network": "192.0.2.0/24",
        "said": msgspec.json.encode({**said, "consent_version": 1}).decode(),
        "state": state,
        "module": "leads" if record else "",
        "record_id": record,
        "settled_at": at if record else None,
    }

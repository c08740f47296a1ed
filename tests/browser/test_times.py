"""Times by hand: an event's end and its length follow each other, and a day without an hour stays one in the calendar."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from .conftest import Open

DAYS = {"pishro": ("۱۴۰۵/۰۹/۱۰", "1405/09/11", "۱۴۰۵/۰۹/۱۱"), "northwind": ("1 Dec 2026", "2026-12-02", "2026-12-02")}
FIRST, NEXT = date(2026, 12, 1), date(2026, 12, 2)


def digits(slug: str, text: str) -> str:
    return text.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if slug == "pishro" else text


def field(page: Page, name: str):
    return page.locator(f"[name='{name}']")


@pytest.mark.parametrize("slug", DAYS)
def test_the_end_follows_from_the_length_and_the_length_from_the_end(person: Open, slug: str) -> None:
    first, typed, shown = DAYS[slug]
    page = person(slug, f"/meetings/new?starts_at={FIRST}T10:00")
    expect(field(page, "starts_at")).to_have_value(first)
    field(page, "duration").fill("90")
    expect(field(page, "ends_at.time")).to_have_value(digits(slug, "11:30"))
    field(page, "ends_at").fill(typed)
    expect(field(page, "duration")).to_have_value(digits(slug, str(24 * 60 + 90)))
    field(page, "starts_at.time").fill("23:00")
    field(page, "duration").fill("2:00")
    expect(field(page, "ends_at")).to_have_value(shown)
    expect(field(page, "ends_at.time")).to_have_value(digits(slug, "01:00"))
    field(page, "name").fill("Night shift")
    page.locator("[data-save]").click()
    page.wait_for_url("**/meetings/0*")
    expect(page.locator("main")).to_contain_text(digits(slug, "2"))


@pytest.mark.parametrize("slug", DAYS)
def test_a_task_of_a_day_is_moved_to_the_next_and_has_no_hour_there(person: Open, slug: str) -> None:
    page = person(slug, "/tasks/new")
    name = f"Day {slug}"
    field(page, "name").fill(name)
    field(page, "due_at").fill(DAYS[slug][1])
    field(page, "due_at.time").fill("")
    page.locator("[data-save]").click()
    page.wait_for_url("**/tasks/0*")
    page.goto(page.url.partition("/tasks")[0] + f"/calendar?view=month&on={NEXT}&layer=tasks")
    event = page.locator(".ev", has_text=name)
    expect(event).to_have_attribute("data-start", str(NEXT))
    event.press("Alt+ArrowRight" if slug == "pishro" else "Alt+ArrowLeft")
    expect(event).to_have_attribute("data-start", str(FIRST))
    page.goto(page.url.replace("view=month", "view=week"))
    event = page.locator(".allday .ev", has_text=name)
    event.press("Alt+ArrowLeft" if slug == "pishro" else "Alt+ArrowRight")
    expect(event).to_have_attribute("data-start", str(NEXT))

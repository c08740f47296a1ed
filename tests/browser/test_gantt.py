"""The plan by hand: a bar dragged by mouse and by finger, its end dragged, a task moved by keys, and each taken back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site import Site
from tests.web.test_gantt import DATES, make

from .conftest import Open

UNIT = 24
"""Pixels of a day in so short a plan."""


@pytest.fixture(scope="module", params=DATES)
def plan(request: pytest.FixtureRequest, site: Site) -> tuple[str, str]:
    """A company and the address of a plan of two tasks, the second after the first."""
    return request.param, f"{make(site.browser(request.param), DATES[request.param])}/gantt"


def bar(page: Page, number: int) -> Locator:
    return page.locator(".g-sheet a[data-task]").nth(number)


def drag(page: Page, grip: Locator, days: int) -> None:
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * UNIT, y, steps=4)
    page.mouse.up()


def drag_by_finger(page: Page, grip: Locator, days: int) -> None:
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 5):
        at = {"x": x + days * UNIT * step / 4, "y": y}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def undo(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".toast [data-undo]").last.click()


def test_a_task_goes_where_it_is_dragged_and_back(person: Open, plan: tuple[str, str]) -> None:
    slug, path = plan
    page = person(slug, path, has_touch=True)
    later = -1 if slug == "pishro" else 1
    first, second = (bar(page, number).get_attribute("data-start") for number in (0, 1))
    for by in (drag, drag_by_finger):
        by(page, bar(page, 0).locator(".g-bar"), later * 7)
        expect(bar(page, 0)).not_to_have_attribute("data-start", first or "")
        expect(bar(page, 1)).not_to_have_attribute("data-start", second or "")
        undo(page)
        expect(bar(page, 0)).to_have_attribute("data-start", first or "")
        expect(bar(page, 1)).to_have_attribute("data-start", second or "")


def test_a_task_is_as_long_as_its_end_is_dragged(person: Open, plan: tuple[str, str]) -> None:
    slug, path = plan
    page = person(slug, path)
    start, end = bar(page, 1).get_attribute("data-start"), bar(page, 1).get_attribute("data-end")
    drag(page, bar(page, 1).locator(".g-edge"), 7 * (-1 if slug == "pishro" else 1))
    expect(bar(page, 1)).not_to_have_attribute("data-end", end or "")
    expect(bar(page, 1)).to_have_attribute("data-start", start or "")
    undo(page)
    expect(bar(page, 1)).to_have_attribute("data-end", end or "")


def test_keys_move_a_task_and_its_end(person: Open, plan: tuple[str, str]) -> None:
    slug, path = plan
    page = person(slug, path)
    later = "ArrowLeft" if slug == "pishro" else "ArrowRight"
    start, end = bar(page, 1).get_attribute("data-start"), bar(page, 1).get_attribute("data-end")
    name = page.locator(".gantt th [data-task]").nth(1)
    name.press(f"Alt+Shift+{later}")
    expect(bar(page, 1)).not_to_have_attribute("data-end", end or "")
    expect(bar(page, 1)).to_have_attribute("data-start", start or "")
    expect(name).to_be_focused()
    undo(page)
    name.press(f"Alt+{later}")
    expect(bar(page, 1)).not_to_have_attribute("data-start", start or "")
    undo(page)
    expect(bar(page, 1)).to_have_attribute("data-start", start or "")


def test_tasks_are_made_and_changed_beside_the_plan(person: Open, plan: tuple[str, str]) -> None:
    slug, path = plan
    page = person(slug, path)
    rows, drawer = page.locator(".gantt tbody tr"), page.locator("#drawer-body")
    count = rows.count()
    page.locator(".bar a[href$='/gantt/new']").press("Enter")
    drawer.locator("[data-save]").click()
    expect(drawer.locator("[name=name]")).to_have_attribute("aria-invalid", "true")
    drawer.locator("[name=name]").fill("Handover")
    drawer.locator("[name=duration]").fill("3")
    drawer.locator("[data-save]").click()
    expect(rows).to_have_count(count + 1)
    expect(page.locator("#drawer")).to_be_hidden()
    expect(rows.filter(has_text="Handover").get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    drawer.locator("[name=name]").fill("Training")
    page.keyboard.press("Control+s")
    expect(page.locator(".gantt tbody")).to_contain_text("Training")
    bar(page, 0).locator(".g-bar").click()
    expect(drawer.locator("[name=name]")).to_have_value("Design")

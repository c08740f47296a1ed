"""The board by hand: an ended stage is opened and folded, and takes a card either way; sums follow."""

from playwright.sync_api import expect

from .conftest import Open

CLOSED = "[data-lane=closed_won]"


def test_an_ended_lane_opens_and_the_weighted_sum_follows_a_card(person: Open) -> None:
    page = person("northwind", "/opportunities?mode=board")
    cards = page.locator(f"{CLOSED} [data-card]")
    fold = page.locator(f"{CLOSED} [data-fold]")
    expect(cards.first).to_be_hidden()
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(cards.first).to_be_visible()
    fold.click()
    expect(cards.first).to_be_hidden()
    lane = page.locator("[data-lane=qualification]")
    weighted = lane.locator("[data-weighted]").inner_text()
    assert "weighted" in weighted
    card = lane.locator("[data-movable]").first
    card.focus()
    page.keyboard.press("m")
    page.locator("#board-move [data-to=closed_won]").click()
    expect(lane.locator("[data-weighted]")).not_to_have_text(weighted)
    expect(fold).to_have_attribute("aria-expanded", "true")
    with page.expect_navigation():
        page.locator(".toast [data-undo]").last.click()

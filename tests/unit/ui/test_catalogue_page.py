"""Every component in a real browser behind the real policy: quiet, accessible, and it does what it says."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from crm_ui.static import DIST, Assets

Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, gallery: str) -> Iterator[Open]:
    """Opens the catalogue; at the end nothing may have gone to the console, and nothing may have been refused."""
    faults: list[str] = []
    contexts = []

    def opened(language: str = "fa", theme: Any = "light", width: int = 1440, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{gallery}/?lang={language}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def save(page: Page) -> dict[str, list[str]]:
    """Press save; the server must accept it. What the form said, by name."""
    with page.expect_response("**/save") as answer:
        page.locator("[data-save]").click()
    assert answer.value.status == 204
    return parse_qs(answer.value.request.post_data or "", keep_blank_values=True)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_barrier_and_no_sideways_scroll(open_page: Open, language: str, theme: str, width: int) -> None:
    page = open_page(language, theme, width, bypass_csp=True)
    page.add_script_tag(content=(DIST / Assets().url("axe.min.js").rpartition("/")[2]).read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    told = [(one["id"], [node["html"][:160] for node in one["nodes"][:4]]) for one in found]
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_sec_43_the_page_runs_under_its_policy_and_nothing_else_does(browser: Browser, gallery: str) -> None:
    page = browser.new_page()
    page.goto(gallery)
    assert page.evaluate("typeof htmx === 'object'")
    with pytest.raises(Error, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")
    page.close()


def test_sec_44_htmx_ignores_markup_without_the_nonce(open_page: Open) -> None:
    page = open_page("en")
    stripped = page.evaluate(
        """() => {
          const link = document.createElement('a');
          link.setAttribute('hx-get', '/palette');
          document.getElementById('main').append(link);
          const quiet = console.error; console.error = () => {};
          htmx.process(link);
          console.error = quiet;
          return !link.hasAttribute('hx-get');
        }"""
    )
    assert stripped


def test_palette_opens_by_key_and_walks_results(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Control+KeyK")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.type("فولاد")
    option = page.get_by_role("option", name="فولاد")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?went")


def test_date_is_picked_from_the_jalali_month(open_page: Open) -> None:
    page = open_page()
    field = page.locator("#f-date")
    page.locator("date-field", has=field).get_by_role("button").click()
    grid = page.locator(".mini-menu:popover-open")
    expect(grid.locator(".mini-h span")).to_have_text("آذر ۱۴۰۵")
    expect(grid.locator("th").first).to_have_text("ش")
    expect(grid.locator('[tabindex="0"]')).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(field).to_have_value("۱۴۰۵/۰۹/۰۹")
    expect(field).to_be_focused()


def test_date_is_picked_from_the_gregorian_month(open_page: Open) -> None:
    page = open_page("en")
    field = page.locator("#f-date")
    page.locator("date-field", has=field).get_by_role("button").click()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field).to_have_value("2026-12-30")


def test_money_is_grouped_while_typed(open_page: Open) -> None:
    page = open_page()
    field = page.locator("#f-money")
    field.fill("")
    field.press_sequentially("12345678")
    expect(field).to_have_value("۱۲٬۳۴۵٬۶۷۸")


def test_a_record_is_found_and_chosen(open_page: Open) -> None:
    page = open_page()
    field = page.locator("#f-link")
    field.fill("کویر")
    expect(page.get_by_role("option", name="فولاد کویر طبس")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("فولاد کویر طبس")
    expect(page.locator('input[name="link"]')).to_have_value("1")


def test_a_name_that_is_not_chosen_posts_without_an_id(open_page: Open) -> None:
    page = open_page()
    page.locator("#f-link").fill("شرکت تازه")
    expect(page.locator('input[name="link"]')).to_have_value("")
    expect(page.get_by_role("option", name="ساخت «شرکت تازه»")).to_be_visible()


def test_rows_are_selected_by_range_and_counted_in_the_readers_digits(open_page: Open) -> None:
    page = open_page()
    boxes = page.locator("tbody .pick .check")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator(".bulk [data-n]")).to_have_text("۴")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()


def test_keys_work_by_place_and_not_in_inputs(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyX")
    expect(page.locator("tbody tr").nth(1)).to_have_attribute("aria-selected", "true")
    page.locator("#f-text").focus()
    page.keyboard.press("KeyX")
    expect(page.locator(".bulk [data-n]")).to_have_text("۱")


def test_a_card_moves_by_keyboard_and_takes_its_lanes_figures(open_page: Open) -> None:
    page = open_page()
    card = page.locator("#card-c10")
    card.focus()
    page.keyboard.press("KeyM")
    page.get_by_role("menuitem", name="ارزیابی").click()
    expect(page.locator('[data-lane="lane2"] > ol > li').first).to_have_id("card-c10")
    expect(page.locator('[data-lane="lane2"] [data-count]')).to_have_text("13")
    expect(card).to_have_attribute("data-version", "2")
    expect(page.locator(".toasts .toast")).to_have_count(1)


def test_menu_takes_focus_and_gives_it_back(open_page: Open) -> None:
    page = open_page()
    button = page.get_by_role("button", name="گزینه‌های بیشتر")
    button.click()
    expect(page.get_by_role("menuitem", name="رونوشت")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="چاپ")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_unsaved_values_are_not_left_by_accident(open_page: Open) -> None:
    page = open_page()
    page.locator("#f-text").fill("تازه")
    page.get_by_role("link", name="فولاد آتیهٔ البرز").first.click()
    expect(page.locator("#leave")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#f-text")).to_have_value("تازه")


def test_theme_turns_at_a_click_and_is_remembered(open_page: Open) -> None:
    page = open_page()
    page.locator("[data-theme-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "theme"] == ["dark"]


def test_address_rows_grow_and_a_form_posts_what_it_shows(open_page: Open) -> None:
    page = open_page("en")
    page.get_by_role("button", name="Add address").click()
    page.keyboard.type("new@alborz.example")
    page.locator(".prose[contenteditable]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" More.")
    posted = save(page)
    assert posted["emails.2.address"] == ["new@alborz.example"]
    assert posted["emails.primary"] == ["0"]
    assert "More." in posted["rich_text"][0]
    assert posted["boolean"] == ["false", "true"]
    assert posted["money"] == ["1,450,000,000"]
    assert posted["money.currency"] == ["IRR"]
    assert posted["multi_choice"] == ["", "s1", "s3"]
    assert posted["datetime.time"] == ["09:30"]


def test_everything_posts_without_scripts(open_page: Open) -> None:
    page = open_page("en", java_script_enabled=False)
    page.locator("#f-link").fill("Typed by name")
    posted = save(page)
    assert posted["link.label"] == ["Typed by name"]
    assert posted["rich_text"][0].startswith("<p>")


def test_a_value_is_edited_where_it_stands(open_page: Open) -> None:
    page = open_page("en")
    place = page.locator('[data-edit="/value/edit"]')
    place.dblclick()
    field = page.locator("#inline-text")
    expect(field).to_be_focused()
    field.fill("ab")
    page.keyboard.press("Enter")
    expect(place.get_by_role("alert")).to_have_text("too short")
    field.fill("Alborz <b>")
    page.keyboard.press("Enter")
    expect(place.locator("bdi")).to_have_text("Alborz <b>")
    expect(place).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(place.locator("bdi")).to_have_text("the old value")


def test_columns_are_ordered_by_key_and_by_button(open_page: Open) -> None:
    page = open_page("en")
    boxes = page.locator('input[name="column"]')
    boxes.first.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.get_by_role("button", name="Move Owner up").click()
    page.get_by_role("button", name="Move Owner up").click()
    assert [boxes.nth(n).get_attribute("value") for n in range(3)] == ["owner", "stage", "name"]


def test_a_choice_follows_its_leader(open_page: Open) -> None:
    page = open_page("en")
    follower = page.locator("#f-dependent_choice")
    page.locator("#f-choice").select_option("s1")
    assert "Assessment" in follower.inner_text()
    page.locator("#f-choice").select_option("s2")
    assert "Assessment" not in follower.inner_text()


def test_an_ended_session_is_taken_up_again_over_the_typed_form(browser: Browser, gallery: str) -> None:
    page = browser.new_page()
    page.goto(f"{gallery}/?lang=en")
    page.locator("#f-text").fill("typed before")
    before = page.locator('meta[name="csrf-token"]').get_attribute("content")
    page.evaluate("htmx.ajax('GET', '/expired', {target: '#f-text-field', swap: 'innerHTML'})")
    expect(page.locator("#sign-in")).to_be_visible()
    page.get_by_label("User", exact=True).fill("admin")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#sign-in")).to_be_hidden()
    expect(page.locator("#f-text")).to_have_value("typed before")
    assert page.locator('meta[name="csrf-token"]').get_attribute("content") != before
    page.close()

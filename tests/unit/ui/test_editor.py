"""The editor of formatted text in a real browser: what it writes, what it lets in, and how hands without a mouse reach it."""

import pytest
from playwright.sync_api import Browser, Page, expect
from test_catalogue_page import Open, open_page  # noqa: F401 - the page of the components

FIELD = "rich-text textarea"
PASTE = """(markup) => {
  const data = new DataTransfer();
  data.setData("text/html", markup);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(".ProseMirror").dispatchEvent(event);
}"""


@pytest.fixture
def page(open_page: Open) -> Page:  # noqa: F811
    opened = open_page("fa")
    opened.wait_for_selector(".ProseMirror")
    opened.click(".ProseMirror")
    opened.keyboard.press("Control+A")
    opened.keyboard.press("Delete")
    return opened


def written(page: Page) -> str:
    return page.locator(FIELD).first.input_value()


def test_what_is_typed_and_formatted_is_what_is_posted(page: Page) -> None:
    page.keyboard.press("Control+B")
    page.keyboard.type("مهم")
    page.keyboard.press("Control+B")
    page.keyboard.press("Enter")
    page.click("[data-command=bullets]")
    page.keyboard.type("یک")
    assert written(page) == "<p><strong>مهم</strong></p><ul><li><p>یک</p></li></ul>"
    page.keyboard.press("Control+Z")
    assert "یک" not in written(page)
    page.keyboard.press("Control+Shift+Z")
    assert "یک" in written(page)


def test_an_emptied_editor_posts_nothing(page: Page) -> None:
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    assert written(page) == ""


def test_sec_12_what_is_pasted_loses_what_acts_and_how_it_looked(browser: Browser, gallery: str) -> None:
    """On a page of its own: the browser reports what it would not run of the markup while it is still being cleaned."""
    page = browser.new_page()
    page.goto(gallery)
    page.click(".ProseMirror")
    page.keyboard.press("Control+A")
    page.evaluate(
        PASTE,
        '<p style="color:red">ok <b>bold</b><a href="javascript:alert(1)">bad</a> <a href="https://a.example">good</a></p>'
        '<img src="https://spy.example/x.png"><script>window.ran = true</script>',
    )
    text = written(page)
    assert "<strong>bold</strong>" in text and 'href="https://a.example"' in text
    assert not any(word in text for word in ("style", "javascript", "script", "img"))
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_table_is_made_and_grows(page: Page) -> None:
    for command in ("table", "row", "column"):
        page.click("[popovertarget$='-table']")
        page.click(f"[data-command={command}]")
    page.keyboard.type("ستون")
    text = written(page)
    assert text.count("<tr>") == 4 and text.count("<th ") + text.count("<th>") == 4
    page.click("[popovertarget$='-table']")
    page.click("[data-command=drop_table]")
    assert "<table" not in written(page)


def test_a_link_is_set_changed_and_taken_away(page: Page) -> None:
    page.keyboard.type("نشانی")
    page.keyboard.press("Control+A")
    page.click("[popovertarget$='-address']")
    page.fill("[data-address]", "sadra.example")
    page.keyboard.press("Enter")
    assert 'href="https://sadra.example"' in written(page)
    page.click("[popovertarget$='-address']")
    expect(page.locator("[data-address]")).to_have_value("https://sadra.example")
    page.click("[data-command=unlink]")
    assert "href" not in written(page)


def test_the_tools_are_walked_by_arrows_that_follow_the_eye(page: Page) -> None:
    page.keyboard.press("Alt+F10")
    assert page.evaluate("document.activeElement.dataset.command") == "bold"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.command") == "italic"
    page.keyboard.press("Escape")
    expect(page.locator(".ProseMirror")).to_be_focused()


def test_the_editor_says_its_label_and_its_state(page: Page) -> None:
    editor = page.locator(".ProseMirror")
    label = editor.get_attribute("aria-labelledby")
    assert label and page.locator(f"#{label}").inner_text()
    page.keyboard.press("Control+B")
    assert page.locator("[data-command=bold]").get_attribute("aria-pressed") == "true"

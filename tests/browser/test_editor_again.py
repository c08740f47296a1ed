"""What a script made of a form is there again in the form that comes in its place."""

from playwright.sync_api import expect

from crm_domain.messages.catalogue import catalogue
from tests.browser.conftest import Open

THREAD = "#panel-thread"


def test_one_update_after_another_is_written_in_the_one_editor(person: Open) -> None:
    page = person("northwind", "/cases")
    page.locator("main tbody a.name").first.click()
    thread = page.locator(THREAD)
    add = thread.get_by_role("button", name=catalogue("en").text("cases.say"))
    for words in ("", "We are on it", "It is mended"):
        thread.locator(".ProseMirror").click()
        page.keyboard.type(words)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            add.click()
        expect(thread.locator(".ProseMirror")).to_have_text("")
        expect(thread.locator("textarea")).to_be_hidden()
        if words:
            expect(thread).to_contain_text(words)


def test_a_text_block_is_put_in_where_the_caret_stands(person: Open) -> None:
    page = person("northwind", "/quotes/new")
    editor = page.locator("rich-text:has(#f-text_blocks) .ProseMirror")
    editor.click()
    page.locator("[popovertarget='f-text_blocks-library']").click()
    page.locator("#f-text_blocks-library").get_by_role("menuitem", name="Warranty", exact=True).click()
    expect(editor).to_contain_text("serviced for five years")
    expect(page.locator("#f-text_blocks")).to_have_value(
        "<p>Goods are replaced for eighteen months and serviced for five years.</p>"
    )

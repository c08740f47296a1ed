"""The way of a customer, from the first form to a won deal and to the trash, as people with a browser go it."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from crm_domain.messages.catalogue import Catalogue, catalogue
from crm_domain.modules import REGISTRY
from tests.browser.conftest import Open
from tests.browser.fill import fill, fill_form
from tests.site import PASSWORD, Site

LEADS, DEALS = REGISTRY["leads"], REGISTRY["opportunities"]


@dataclass(frozen=True)
class Reader:
    """A company, the words its people read, and the customer they meet."""

    tenant: str
    words: Catalogue
    first: str
    last: str
    company: str
    amount: str

    def t(self, id_: str, **facts: str) -> str:
        assert self.words.has(id_), id_
        return self.words.text(id_, **facts)

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


READERS = {
    "fa": Reader("pishro", catalogue("fa"), "شهرزاد", "پارسا", "فولاد آتیه البرز", "۱۲۵٬۰۰۰٬۰۰۰"),
    "en": Reader("northwind", catalogue("en"), "Harriet", "Quill", "Quill and Sons", "125,000"),
}


@pytest.fixture(params=["fa", "en"])
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]


def test_somebody_signs_in_and_out(person: Open, site: Site, reader: Reader) -> None:
    page = person(reader.tenant, "/help")
    page.context.clear_cookies()
    page.goto("/leads?open=1")
    expect(page).to_have_url(f"{site.url(reader.tenant)}/login?next=%2Fleads%3Fopen%3D1")
    page.locator("[name=login]").fill("admin")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=reader.t("login.enter"), exact=True).click()
    expect(page).to_have_url(f"{site.url(reader.tenant)}/leads?open=1")
    page.locator("[popovertarget=menu-user]").click()
    page.get_by_role("menuitem", name=reader.t("shell.sign_out")).click()
    expect(page.locator("[name=password]")).to_be_visible()


def test_a_lead_with_every_field_becomes_a_won_deal(person: Open, reader: Reader) -> None:
    page = person(reader.tenant, "/leads/new")
    given = {"first_name": reader.first, "last_name": reader.last, "account_name": reader.company}
    filled = fill_form(page, LEADS, {**given, "opportunity_amount": reader.amount, "emails": "a.parsa@quill.example"})
    assert len(filled) >= 30, "the form has lost fields"
    save(page, reader)
    expect(page.locator("h1")).to_contain_text(reader.name)
    lead = page.url
    page.locator("[data-key=KeyE]").click()
    for key in filled:
        assert value_of(page, key), f"{key} was not kept"
    fill(page, LEADS.field("title"), "CEO")
    save(page, reader)
    expect(page.locator(".side")).to_contain_text("CEO")
    page.get_by_role("link", name=reader.t("leads.convert")).click()
    page.locator("[name=opportunity-choice][value=new]").check()
    page.locator("[id='f-opportunity-name']").fill("Won by hand")
    page.locator("[id='f-opportunity-closes_on']").fill("2027-03-01")
    page.locator("[data-save]").click()
    page.get_by_role("link", name="Won by hand").click()
    expect(page.locator("h1")).to_contain_text("Won by hand")
    deal = page.url.rpartition("/")[2]
    move_to(page, deal, "closed_won")
    page.goto(f"/opportunities/{deal}")
    expect(page.locator(".page-h .badge")).to_contain_text(reader.t("sales_stage.closed_won"))
    page.goto(lead)
    expect(page.locator(".page-h .badge")).to_contain_text(reader.t("lead_status.converted"))
    expect(page.get_by_role("link", name=reader.t("leads.convert"))).to_have_count(0)


def test_a_list_is_searched_filtered_and_kept_as_a_view(person: Open, reader: Reader) -> None:
    page = person(reader.tenant, "/opportunities")
    first = page.locator("tbody .name").first.inner_text()
    page.locator("#list-search").fill(first[:12])
    page.wait_for_url("**/opportunities?*q=*")
    expect(page.locator("tbody .name").first).to_contain_text(first[:12])
    page.goto("/opportunities?all=1")
    page.locator("[data-dialog=filter]").click()
    row = page.locator("#filter-rows > *").first
    row.locator("select[name=field], select").first.select_option("stage")
    expect(page.locator("#filter-rows [name^='filter[stage]']")).to_have_count(1)
    page.locator("#filter-rows [name^='filter[stage]']").select_option("closed_lost")
    page.locator("#filter-form .btn.primary").click()
    expect(page.locator("tbody .badge").first).to_contain_text(reader.t("sales_stage.closed_lost"))
    shown = page.locator("tbody tr").count()
    page.locator("[data-dialog=save-view]").click()
    page.locator("#view-name").fill("Lost ones")
    page.locator("#save-view .btn.primary").click()
    expect(page.locator(".tabs [aria-current=page]")).to_contain_text("Lost ones")
    page.goto("/opportunities?all=1")
    page.locator(".tabs a", has_text="Lost ones").click()
    expect(page.locator("tbody tr")).to_have_count(shown)


def test_many_are_deleted_at_once_and_brought_back(person: Open, reader: Reader) -> None:
    page = person(reader.tenant, "/contacts")
    names = [page.locator("tbody .name").nth(at).inner_text() for at in range(3)]
    for at in range(3):
        page.locator("tbody .pick .check").nth(at).check()
    page.locator(".bulk [value=delete]").click()
    undo = page.locator(".toast").get_by_role("button", name=reader.t("components.undo"))
    expect(undo).to_be_visible()
    for name in names:
        assert name not in page.locator("tbody .name").all_inner_texts()[:3]
    page.goto("/contacts/trash")
    for name in names:
        expect(page.locator("tbody")).to_contain_text(name)
    for at in range(3):
        page.locator("tbody .check").nth(at).check()
    page.get_by_role("button", name=reader.t("record.restore")).click()
    expect(page.locator(".toast")).to_be_visible()
    page.goto("/contacts")
    assert sorted(page.locator("tbody .name").all_inner_texts()[:3]) == sorted(names)


def test_undo_in_the_toast_takes_a_deletion_back(person: Open, reader: Reader) -> None:
    page = person(reader.tenant, "/accounts")
    name = page.locator("tbody .name").first.inner_text()
    page.locator("tbody .name").first.click()
    page.locator("[popovertarget=record-more]").click()
    page.get_by_role("menuitem", name=reader.t("list.delete")).click()
    page.locator(".toast").get_by_role("button", name=reader.t("components.undo")).click()
    expect(page.locator("tbody .name").first).to_have_text(name)


def test_the_list_leaves_as_a_file(person: Open, reader: Reader) -> None:
    page = person(reader.tenant, "/accounts")
    word = page.locator("tbody a").first.inner_text().split()[0]
    page.goto(f"/accounts?q={word}")
    page.locator("[popovertarget=list-more]").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=reader.t("list.export_xlsx")).click()
    assert download.value.suggested_filename == f"{reader.t('accounts.many')}.xlsx".replace("\u200c", "_")
    page.locator("tbody .pick .check").first.check()
    with page.expect_download() as chosen:
        page.locator(".bulk [value=export]").click()
    assert chosen.value.suggested_filename.endswith(".xlsx")


def test_59_a_card_is_moved_by_keyboard_alone(person: Open, reader: Reader) -> None:
    page = person(reader.tenant, "/opportunities?mode=board")
    card = page.locator("[data-lane=qualification] [data-movable]").first
    name = card.locator("a").inner_text()
    card.focus()
    page.keyboard.press("m")
    for _ in range(20):
        if page.evaluate("document.activeElement.dataset.to") == "negotiation":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-lane=negotiation]")).to_contain_text(name)
    expect(page.locator(".toast")).to_contain_text(reader.t("sales_stage.negotiation"))


def save(page: Page, reader: Reader) -> None:
    page.locator(".actions [data-save]").click()
    expect(page.locator(".toast")).to_be_visible()


def value_of(page: Page, key: str) -> bool:
    """Whether any input of a field holds something."""
    return page.evaluate(
        """(key) => [...document.querySelectorAll(`#f-${key}-field :is(input, select, textarea)`)].some(
             (box) => ["checkbox", "radio"].includes(box.type) ? box.checked : box.value && box.value !== "false")""",
        key,
    )


def move_to(page: Page, deal: str, lane: str) -> None:
    """The card into a lane by its menu; the search brings it onto the board."""
    page.goto(f"/opportunities?mode=board&q={'Won by hand'}")
    page.locator(f"#card-{deal}").focus()
    page.keyboard.press("m")
    with page.expect_response("**/move") as answer:
        page.locator(f"#board-move [data-to={lane}]").click()
    assert answer.value.ok

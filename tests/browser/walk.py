"""A new company on a whole machine, and the person who runs it: the verbs of a walk through its pages, in Persian."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from crm_domain.definition import Module
from crm_domain.messages.catalogue import catalogue
from crm_domain.modules import REGISTRY
from tests.browser.conftest import note_faults
from tests.browser.fill import fill
from tests.machine import Machine, until

WORDS = catalogue("fa")
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
"""What a person's browser says of itself; one without a window is taken for a machine."""
PASSWORD = "a quiet lamp at dawn"
PATIENCE_MS = 60_000
LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٬٫", "0123456789,.")


def t(id_: str, **facts: str) -> str:
    assert WORDS.has(id_), id_
    return WORDS.text(id_, **facts)


def digits(text: str) -> int:
    """The number that stands in a Persian text."""
    return int(re.sub(r"\D", "", text.translate(LATIN)))


class Walk:
    """Somebody at the browser; `page` is where he is. Everything that goes wrong in it is kept in `faults`."""

    def __init__(self, chromium: Browser, machine: Machine, company: str) -> None:
        self.machine, self.company = machine, company
        self.faults: list[str] = []
        self.context = chromium.new_context(
            base_url=f"http://{company}.localhost:{machine.ports.web}", viewport={"width": 1440, "height": 900},
            reduced_motion="reduce", locale="fa-IR", user_agent=AGENT,
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        note_faults(self.page, self.faults)
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.set_default_navigation_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """What the mailbox holds for an address, newest first."""
        return self.machine.get("mailbox", f"/api/messages?to={to}").json()["items"]

    def mail(self, to: str) -> dict[str, Any]:
        """The newest mail to an address, opened, once there is one."""
        until(lambda: self.mails(to), f"no mail to {to}")
        return self.machine.get("mailbox", f"/api/messages/{self.mails(to)[0]['id']}").json()

    def accept_invitation(self, address: str) -> None:
        """From the mail to the home page."""
        link = next(link for link in self.mail(address)["links"] if "/invite" in link)
        self.page.goto(link)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("button.primary").click()
        self.page.wait_for_url(lambda url: "/invite" not in url)
        if self.page.locator("[name=login]").count():
            self.page.locator("[name=login]").fill("admin")
            self.page.locator("[name=password]").fill(PASSWORD)
            self.page.get_by_role("button", name=t("login.enter"), exact=True).click()
        expect(self.page.locator("[popovertarget=menu-user]")).to_be_visible()

    def make(self, module: str, **given: str) -> str:
        """A new record by its form; its id."""
        self.page.goto(f"/{module}/new")
        return self.save(REGISTRY[module], given)

    def save(self, module: Module[Any], given: dict[str, str]) -> str:
        """Fills the form that is open and saves it; the record's id."""
        for fold in self.page.locator("details:not([open]) > summary").all():
            fold.click()
        for key, words in given.items():
            fill(self.page, module.by_key[key], words)
        self.page.locator(".actions [data-save]").click()
        self.page.wait_for_url(re.compile(rf"/{module.key}/[0-9a-f-]{{36}}$"))
        return self.page.url.rpartition("/")[2]

    def link(self, relation: str, name: str) -> None:
        """On a record's page: an existing record into one of its panels."""
        panel = self.panel(relation)
        panel.locator(f"[data-dialog='link-{relation}']").click()
        box = self.page.locator(f"#pick-{relation}")
        box.fill(name)
        self.page.locator(f"#pick-{relation}-options [role=option]", has_text=name).first.click()
        self.page.locator(f"#link-{relation} .btn.primary").click()
        expect(self.panel(relation).locator("tbody")).to_contain_text(name)

    def create_in(self, relation: str, module: str, **given: str) -> None:
        """On a record's page: a new record in one of its panels, by the drawer."""
        self.panel(relation).locator("a[href$='/new']").click()
        drawer = self.page.locator("#drawer-body")
        expect(drawer.locator("[data-save]")).to_be_visible()
        for key, words in given.items():
            fill(self.page, REGISTRY[module].by_key[key], words)
        drawer.locator("[data-save]").click()
        expect(self.panel(relation).locator("tbody")).to_contain_text(given["name"])

    def panel(self, relation: str) -> Any:
        """A panel, once it has come."""
        panel = self.page.locator(f"section#related-{relation}")
        self.page.evaluate("(id) => document.getElementById(id)?.scrollIntoView()", f"related-{relation}")
        expect(panel).to_be_visible()
        return panel

    def said(self, text: str) -> None:
        """What the page told last."""
        expect(self.page.locator(".toast")).to_contain_text(text)

    def as_reader(self) -> Page:
        """A browser of somebody else, who reads mail."""
        context = self.context.browser.new_context(user_agent=AGENT, locale="fa-IR") if self.context.browser else None
        assert context
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    def reads(self, to: str) -> Page:
        """Somebody opens the mail that came to him, with its images."""
        page, name = self.as_reader(), self.mails(to)[0]["id"]
        with page.expect_response(lambda answer: urlsplit(answer.url).path.startswith("/o/")):
            page.goto(f"http://localhost:{self.machine.ports.mailbox}/messages/{name}/html")
        return page

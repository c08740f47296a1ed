"""A part of a page that wants a fresh proof: the page asks for it, and what was typed is carried out."""

import re

from playwright.sync_api import Browser, Route, expect

from crm_domain.messages.catalogue import catalogue
from tests.isolation.people import connect, hire
from tests.site import PASSWORD, Site


def test_sec_36_44_what_a_part_sent_goes_on_after_the_proof(chromium: Browser, site: Site) -> None:
    """No form of the product sends a part that asks for a proof, so this one is made to."""
    somebody = hire(site, "anybody").browser
    context = chromium.new_context(base_url=site.url("northwind"))
    jar = somebody.http.cookies.jar
    context.add_cookies([{"name": one.name, "value": one.value or "", "url": site.url("northwind")} for one in jar])
    page = context.new_page()

    def by_htmx(route: Route) -> None:
        shown = somebody.http.get("/settings/tokens")
        nonce = re.search(r"'nonce-([^']+)'", shown.headers["content-security-policy"])
        assert nonce
        here = '<form class="stack s3 narrow" method="post" action="/settings/tokens"'
        there = f'{here} hx-post="/settings/tokens" hx-target="this" hx-nonce="{nonce[1]}"'
        route.fulfill(headers=dict(shown.headers), body=shown.text.replace(here, there))

    page.route("**/settings/tokens", by_htmx, times=1)
    page.goto("/settings/tokens")
    with connect(site) as owner:
        owner.execute("UPDATE session SET created_at = now() - interval '11 minutes'")
    page.locator("#token-name").fill("Typed once")
    page.locator("form[hx-post] button").click()
    expect(page.locator("h1")).to_have_text(catalogue("en").text("proof.title"))
    page.locator("#proof").fill(PASSWORD)
    page.get_by_role("button", name=catalogue("en").text("proof.go")).click()
    expect(page.locator("table")).to_contain_text("Typed once")
    context.close()

"""What a company takes out as raw data comes back by the wizard as it proposes itself: nothing changes (scenario 25)."""

from uuid import UUID

import pytest

from tests.loops import run as run_now
from tests.site import Site
from tests.web.test_import import found, imported, planned, working

STATE = "SELECT (SELECT sum(version) FROM {0}), (SELECT count(*) FROM audit_event WHERE module = '{0}' AND action <> 'export')"


@pytest.mark.parametrize("module", ["accounts", "contacts", "leads", "opportunities"])
@pytest.mark.parametrize(("company", "form", "name"), [("pishro", "raw", "a.csv"), ("northwind", "raw_xlsx", "a.xlsx")])
def test_25_raw_data_taken_out_and_back_changes_nothing(
    site: Site, company: str, form: str, name: str, module: str
) -> None:
    browser = site.browser(company)
    body = browser.get(f"/{module}/export?all=1&format={form}").content
    before = run_now(found(site, company, STATE.format(module)))
    url = planned(browser, name, body, module, mode="update", key="id")
    page = browser.get(f"{url}/check").text
    assert ("بدون تغییر" if company == "pishro" else "Already so") in page and "روزآمد می‌شود" not in page
    imported(site, browser, url, company)

    async def came_to() -> tuple[dict[str, int], int]:
        async with working(site, company) as (work, _, _):
            run = await work.store.imports.get(UUID(url.rpartition("/")[2]))
            return dict(await work.store.imports.counts(run.id)), run.total

    counts, total = run_now(came_to())
    assert counts == {"unchanged": total} and total > 1
    assert run_now(found(site, company, STATE.format(module))) == before


def test_the_wizard_finds_by_id_what_has_one(site: Site) -> None:
    browser = site.browser("northwind")
    body = browser.get("/accounts/export?all=1&format=raw").content
    sent = browser.http.post(
        "/accounts/import",
        data={"_csrf": browser.token("/accounts/import")},
        files=[("file", ("a.csv", body))],
    )
    page = browser.get(sent.headers["location"]).text
    assert '<option value="update" selected>' in page and '<option value="id" selected>Record id</option>' in page
    assert "format=raw_xlsx" in browser.get("/accounts").text

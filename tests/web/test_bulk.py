"""Many records at once in the browser without a script, and over the API."""

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest

from tests.site import Browser, Site

TICKED = re.compile(r'name="id" value="([0-9a-f-]{36})"')


@pytest.fixture(scope="module")
def browser(site: Site) -> Browser:
    return site.browser("northwind")


@pytest.fixture(scope="module")
def api(site: Site, browser: Browser) -> Iterator["Api"]:
    yield Api(site, browser)


class Api:
    """A program with a token of the administrator."""

    def __init__(self, site: Site, browser: Browser) -> None:
        answer = browser.post("/settings/tokens", at="/settings/tokens", name="bulk", scope="write")
        page = answer.text if answer.status_code == 200 else browser.get("/settings/tokens").text
        found = re.search(r"sadra_[A-Za-z0-9_-]+", page)
        assert found, page
        self.http = browser.http
        self.headers = {"authorization": f"Bearer {found[0]}", "cookie": ""}

    def get(self, path: str):
        return self.http.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, body: object):
        return self.http.post(f"/api/v1{path}", headers=self.headers, json=body)


def ticked(browser: Browser, number: int) -> list[str]:
    return TICKED.findall(browser.get("/accounts").text)[:number]


def open_run(browser: Browser, action: str, ids: list[str], **fields: str) -> str:
    answer = browser.http.post(
        "/accounts/bulk",
        data={"_csrf": browser.token("/accounts"), "action": action, "id": ids, **fields},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_13_a_mass_update_is_chosen_previewed_done_and_taken_back(browser: Browser) -> None:
    ids = ticked(browser, 3)
    url = open_run(browser, "change", ids)
    assert 'name="change" value="industry"' in browser.get(url).text
    assert browser.post(url, at=url).status_code == 422
    assert browser.post(url, at=url, change="industry", industry="banking").status_code == 303
    preview = browser.get(url).text
    assert "Will change" in preview and "Banking" in preview
    assert browser.post(f"{url}/run", at=url).status_code == 303
    assert "Undo" in browser.get(url).text
    assert browser.post(f"{url}/undo", at=url).status_code == 303
    assert "Taken back" in browser.get(url).text


def test_many_records_are_deleted_only_when_their_number_was_typed(browser: Browser) -> None:
    url = open_run(browser, "delete", [], all="1")
    wrong = browser.post(f"{url}/run", at=url, number="3")
    assert wrong.status_code == 422 and "not the number" in wrong.text


def test_stars_go_to_all_ticked_records(browser: Browser) -> None:
    open_run(browser, "star", ticked(browser, 2))
    assert browser.get("/accounts?starred=1").text.count('class="star" aria-pressed="true"') >= 2


def test_assigning_asks_for_the_person_alone(browser: Browser) -> None:
    url = open_run(browser, "assign", ticked(browser, 2))
    assert re.search(r'name="change" value="assigned_to"[^>]* checked', browser.get(url).text)


def test_records_are_dealt_out_among_colleagues_whose_shares_show_first(browser: Browser) -> None:
    url = open_run(browser, "deal", ticked(browser, 3))
    people = re.findall(r'name="person" value="([0-9a-f-]{36})"', browser.get(url).text)
    assert browser.post(url, at=url).status_code == 422
    assert browser.post(url, at=url, person="nobody").status_code == 422
    assert browser.post(url, at=url, person=people[:2]).status_code == 303
    shares = re.findall(r"<dd><bdi>(\d+)</bdi></dd>", browser.get(url).text)
    assert shares == ["2", "1"]
    assert browser.post(f"{url}/run", at=url).status_code == 303
    assert browser.post(f"{url}/undo", at=url).status_code == 303


def test_a_team_is_asked_for_alone_and_its_members_share_what_is_dealt_out(browser: Browser) -> None:
    url = open_run(browser, "team", ticked(browser, 2))
    assert re.search(r'name="change" value="team"[^>]* checked', browser.get(url).text)
    url = open_run(browser, "deal", ticked(browser, 2))
    teams = re.findall(r'<option value="([0-9a-f-]{36})">', browser.get(url).text)
    made = [browser.post(url, at=f"{url}?again=1", team=team).status_code for team in teams]
    assert 303 in made


def test_a_task_is_made_for_each_ticked_record_and_taken_back(browser: Browser) -> None:
    ids = ticked(browser, 2)
    url = open_run(browser, "tasks", ids)
    assert browser.post(url, at=url, name="").status_code == 422
    assert browser.post(url, at=url, name="Ask about the renewal", priority="high").status_code == 303
    assert "whoever has the record" in browser.get(url).text
    assert browser.post(f"{url}/run", at=url).status_code == 303
    listed = f"/tasks?filter[parent]={ids[0]}"
    assert "Ask about the renewal" in browser.get(listed).text
    assert browser.post(f"{url}/undo", at=url).status_code == 303
    assert "Ask about the renewal" not in browser.get(listed).text


def test_only_the_ticked_records_are_printed(browser: Browser) -> None:
    data = {"_csrf": browser.token("/accounts"), "action": "print", "id": ticked(browser, 2)}
    answer = browser.http.post("/accounts/bulk", data=data)
    rows = answer.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert answer.status_code == 200 and rows.count("<tr>") == 2 and "data-print" in answer.text


def test_the_api_answers_with_a_job(api: Api, browser: Browser) -> None:
    ids = ticked(browser, 2)
    made = api.post("/accounts/bulk", {"ids": ids, "set": {"industry": "banking"}})
    assert made.status_code == 202, made.text
    job = made.json()
    assert (job["kind"], job["total"], job["state"]) == ("records.bulk", 2, "waiting")
    assert api.get(f"/jobs/{job['id']}").json()["id"] == job["id"]
    assert api.post(f"/jobs/{job['id']}/cancel", {}).json()["state"] == "cancelled"


def test_the_api_takes_the_lists_own_filter(api: Api) -> None:
    made = api.post("/accounts/bulk", {"filter": {"name": {"contains": "a"}}, "set": {"rating": "hot"}})
    counted = api.get("/accounts?filter[name][contains]=a&count=true&limit=1").json()["count"]
    assert made.json()["total"] == counted > 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": [], "filter": {}, "delete": True},
        {"ids": ["x"], "delete": True},
        {"ids": [], "set": {}, "delete": True},
        {"filter": {"nothing": "x"}, "delete": True},
        {"filter": {}, "set": {"name": "x"}},
        {"ids": [], "set": {"industry": "banking"}, "more": 1},
    ],
)
def test_sec_11_a_body_that_makes_no_sense_is_refused(api: Api, body: object) -> None:
    assert api.post("/accounts/bulk", body).status_code in (409, 422)


def test_rel_30_an_export_holds_what_the_list_counts(api: Api) -> None:
    count = api.get("/accounts?count=true&limit=1").json()["count"]
    lines = api.get("/accounts/export?format=jsonl&fields=name,industry").text.splitlines()
    rows = list(csv.DictReader(io.StringIO(api.get("/accounts/export?format=csv&fields=name,industry").text)))
    assert len(lines) == len(rows) == count
    first = json.loads(lines[0])
    assert (first["id"], first["name"]) == (rows[0]["id"], rows[0]["name"])
    assert api.get("/accounts/export?format=xlsx").content.startswith(b"PK")
    assert api.get("/accounts/export?format=exe").status_code == 422

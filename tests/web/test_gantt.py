"""The plan of a project as a page: a table that says what the drawing shows, in the reader's direction and calendar."""

import re

import pytest

from .conftest import Browser, Site


@pytest.fixture(scope="module")
def planned(site: Site) -> dict[str, str]:
    """A project of two tasks, the second after the first; its path in each company."""
    return {slug: make(site.browser(slug), date) for slug, date in DATES.items()}


DATES = {
    "pishro": ("1405/09/07", "1405/09/11", "1405/09/20"),
    "northwind": ("2026-11-28", "2026-12-02", "2026-12-11"),
}


def make(browser: Browser, dates: tuple[str, str, str]) -> str:
    first, middle, last = dates
    path = done(browser, "projects", name="Plan", starts_on=first, ends_on=last, status="underway", priority="high")
    facts = {"project": path.rsplit("/")[-1], "status": "not_started", "priority": "high", "duration": "5",
             "duration_unit": "days"}  # fmt: skip
    before = done(browser, "project_tasks", name="Design", starts_on=first, ends_on=middle, **facts)
    id_ = before.rsplit("/")[-1]
    done(browser, "project_tasks", name="Build", starts_on=first, ends_on=middle, **facts, **waiting(id_))
    return path


def waiting(*before: str, relation: str = "fs", lag: str = "") -> dict[str, str]:
    """What a form says of the tasks that one waits for."""
    rows = {f"predecessors.{number}.target": id_ for number, id_ in enumerate(before)}
    kinds = {f"predecessors.{number}.relationship": relation for number, _ in enumerate(before)}
    return {"predecessors.shown": "1", "predecessors.0.lag": lag, **rows, **kinds}


def done(browser: Browser, module: str, **fields: str) -> str:
    made = browser.post(f"/{module}", at=f"/{module}/new", **fields)
    assert made.status_code == 303, made.text
    return made.headers["location"]


@pytest.mark.parametrize("slug", DATES)
def test_the_plan_has_a_row_a_bar_and_an_arrow_for_each_task(site: Site, planned: dict[str, str], slug: str) -> None:
    page = site.browser(slug).get(f"{planned[slug]}/gantt").text
    assert re.findall(r'<th scope="row"><a[^>]*><bdi>(\w+)</bdi>', page) == ["Design", "Build"]
    bars = [int(x) for x in re.findall(r'class="g-bar[^"]*" x="(\d+)"', page)]
    assert len(bars) == 2
    assert (bars[0] > bars[1]) == (slug == "pishro")
    assert page.count('class="g-arrow') == 1


def test_months_are_those_of_the_readers_calendar(site: Site, planned: dict[str, str]) -> None:
    assert "آذر ۱۴۰۵" in site.browser("pishro").get(f"{planned['pishro']}/gantt").text
    assert "December 2026" in site.browser("northwind").get(f"{planned['northwind']}/gantt").text


def test_the_load_counts_what_somebody_has_to_do_in_a_week(site: Site, planned: dict[str, str]) -> None:
    page = site.browser("northwind").get(f"{planned['northwind']}/load").text
    assert re.findall(r'<td class="h[1-4]" title="\d+ tasks?">\d+%</td>', page)
    assert re.findall(r'<rect class="g-done[^>]*><title>\d+% · \d+ tasks?</title>', page)
    for by, label in (("days", "30 Nov 2026"), ("months", "December 2026"), ("quarters", "October 2026"), ("x", "")):
        other = site.browser("northwind").get(f"{planned['northwind']}/load?by={by}").text
        assert label in other
        assert re.findall(r'<td class="h[1-4]" title="\d+ tasks?">\d+%</td>', other)


def test_another_companys_plan_is_not_there(site: Site, planned: dict[str, str]) -> None:
    assert site.browser("northwind").get(f"{planned['pishro']}/gantt").status_code == 404


def test_a_project_without_dated_tasks_says_so(site: Site) -> None:
    browser = site.browser("northwind")
    path = done(browser, "projects", name="Empty", starts_on="2026-11-28", ends_on="2026-12-28", status="draft",
                priority="low")  # fmt: skip
    page = browser.get(f"{path}/gantt").text
    assert "No task has a date yet" in page
    assert 'class="gantt"' not in page


def test_the_organisation_is_drawn_around_one_of_its_people(site: Site) -> None:
    browser = site.browser("northwind")
    head = done(browser, "employees", first_name="Ada", last_name="Head", status="active")
    clerk = done(
        browser, "employees", first_name="Carl", last_name="Clerk", status="active", reports_to=head.rsplit("/")[-1]
    )
    page = browser.get(f"{clerk}/chart").text
    tree = page[page.index('class="org"') :]
    assert tree.index(f'href="{head}"') < tree.index(f'href="{clerk}" aria-current="true"')
    assert "1 in total" in tree


def test_a_task_is_moved_with_what_waits_for_it_and_put_back(site: Site) -> None:
    browser = site.browser("northwind")
    path = make(browser, DATES["northwind"])
    at = f"{path}/gantt"
    first, second = (dict(re.findall(r'data-(\w+)="([^"]+)"', one)) for one in bars(browser, at))
    said = browser.post(f"{at}/move", at=at, task=first["task"], version=first["version"], start_by="2").json()["toast"]
    assert "1 that wait" in said["text"]
    assert [dict(re.findall(r'data-(\w+)="([^"]+)"', one))["start"] for one in bars(browser, at)] != [
        first["start"],
        second["start"],
    ]
    undone = browser.post(said["undo_url"], at=at, back=[text for _, text in said["undo_fields"]])
    assert undone.status_code == 200, undone.text
    starts = [dict(re.findall(r'data-(\w+)="([^"]+)"', one))["start"] for one in bars(browser, at)]
    assert starts == [first["start"], second["start"]]
    assert browser.post(said["undo_url"], at=at, back="x").status_code == 422
    for wrong in ({"starts_on": "9999-12-31"}, {"ends_on": "soon"}, {"start_by": "much"}, {}):
        assert browser.post(f"{at}/move", at=at, task=first["task"], version="1", **wrong).status_code == 422


def bars(browser: Browser, at: str) -> list[str]:
    return re.findall(r'<a href="/project_tasks/[^>]*(data-task[^>]*data-end="[^"]*")', browser.get(at).text)


def test_a_task_waits_for_several_others_each_in_its_own_way_until_the_form_says_otherwise(site: Site) -> None:
    browser = site.browser("northwind")
    path = done(browser, "projects", name="Plan", starts_on="2026-11-28", ends_on="2026-12-28", status="underway",
                priority="high")  # fmt: skip
    facts = {"project": path.rsplit("/")[-1], "status": "not_started", "priority": "high", "duration_unit": "days"}
    one, two = (
        done(browser, "project_tasks", name=name, starts_on="2026-11-30", duration="5", **facts).rsplit("/")[-1]
        for name in ("Design", "Buy")
    )
    rows = {**waiting(one, two), "predecessors.1.relationship": "ss", "predecessors.1.lag": "2"}
    last = done(browser, "project_tasks", name="Build", starts_on="2026-11-30", duration="2", **facts, **rows)
    page = browser.get(f"{path}/gantt").text
    assert page.count('class="g-arrow') == 2
    assert '<bdi dir="ltr">1, 2SS+2</bdi>' in page
    assert "7 Dec 2026" in page
    assert browser.get(f"{last}/edit").text.count('class="link-row"') == 3
    again = {"name": "Design", "starts_on": "2026-11-30", "duration": "5", **facts}
    refused = browser.post(f"/project_tasks/{one}", at=last, **again, **waiting(last.rsplit("/")[-1]))
    assert refused.status_code == 422
    wrong = browser.post(last, at=last, name="Build", **facts, duration="2", **waiting(one, lag="much"))
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.text
    kept = browser.post(last, at=last, name="Build", **facts, duration="2", **waiting(two))
    assert kept.status_code == 303, kept.text
    assert '<bdi dir="ltr">2</bdi>' in browser.get(f"{path}/gantt").text

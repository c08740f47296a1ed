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
    return re.findall(
        r'<a href="/projects/[^>]*/gantt/tasks/[^>]*(data-task[^>]*data-end="[^"]*")', browser.get(at).text
    )


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


USUAL = {"status": "not_started", "priority": "high", "duration": "5", "duration_unit": "days"}


@pytest.mark.parametrize("slug", DATES)
def test_a_task_is_made_and_changed_from_the_plan(site: Site, slug: str) -> None:
    browser, path = site.browser(slug), make(site.browser(slug), DATES[slug])
    first, middle, _ = DATES[slug]
    at = f"{path}/gantt"
    usual = {"at": at, "starts_on": first, "ends_on": middle, **USUAL}
    assert browser.get(f"{at}/new").headers["location"] == f"/project_tasks/new?project={path.rsplit('/')[-1]}"
    made = browser.post(f"{at}/new", name="Test", **usual)
    assert made.status_code == 303
    assert made.headers["location"] == at
    refused = browser.post(f"{at}/new", **usual, name="")
    assert refused.status_code == 422
    assert 'name="duration"' in refused.text
    there = re.findall(r'data-task="([^"]+)" data-version="(\d+)"[^>]*><bdi>(\w+)</bdi>', browser.get(at).text)
    rows = {name: (id_, version) for id_, version, name in there}
    task, version = rows["Test"]
    url = f"{at}/tasks/{task}"
    assert browser.get(url).headers["location"] == f"/project_tasks/{task}/edit"
    form = browser.http.get(url, headers={"HX-Request": "true"}).text
    assert f'name="version" value="{version}"' in form
    changed = browser.post(url, name="Trial", version=version, **usual, **waiting(rows["Design"][0]))
    assert changed.status_code == 303, changed.text
    assert browser.get(at).text.count('class="g-arrow') == 2
    late = browser.post(url, name="Later", version=version, **usual)
    assert late.status_code == 409
    assert "Trial" in late.text
    newer = re.search(r'name="version" value="(\d+)"', late.text)
    assert newer
    assert browser.post(url, name="Later", version=newer[1], **usual).status_code == 303
    page = browser.get(at).text
    assert "Later" in page
    assert page.count('class="g-arrow') == 2


def test_sec_07_a_task_of_another_plan_is_not_changed_from_this_one(site: Site, planned: dict[str, str]) -> None:
    browser, other = site.browser("northwind"), make(site.browser("northwind"), DATES["northwind"])
    task = re.findall(r'data-task="([^"]+)"', browser.get(f"{other}/gantt").text)[0]
    at = f"{planned['northwind']}/gantt"
    assert browser.get(f"{at}/tasks/{task}").status_code == 404
    assert browser.post(f"{at}/tasks/{task}", at=at, name="Mine", version="1", **USUAL).status_code == 404
    assert "Mine" not in browser.get(f"{other}/gantt").text

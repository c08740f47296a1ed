"""A project from a template as pages and calls: chosen, dated, made; and a template of a project."""

import re
from typing import Any

import pytest

from .conftest import Browser, Site
from .test_gantt import done, waiting
from .test_sending_api import Client

STARTS = {"pishro": "1405/09/12", "northwind": "2026-12-04"}
"""The last day of work of a week in each company: Thursday, Friday."""


@pytest.fixture(scope="module")
def patterns(site: Site) -> dict[str, str]:
    """A template of two tasks, the second after the first; its path in each company."""
    return {slug: make(site.browser(slug)) for slug in STARTS}


def make(browser: Browser) -> str:
    path = done(browser, "project_templates", name="Roll-out", status="draft", priority="high")
    facts = {"template": path.rsplit("/")[-1], "starts_day": "1", "priority": "medium", "duration_unit": "days",
             "role": "manager"}  # fmt: skip
    first = done(browser, "project_template_tasks", name="Design", duration="2", **facts)
    done(browser, "project_template_tasks", name="Build", duration="1", **facts, **waiting(first.rsplit("/")[-1]))
    return path


@pytest.mark.parametrize("slug", STARTS)
def test_every_task_is_shown_with_its_dates_before_anything_is_made(
    site: Site, patterns: dict[str, str], slug: str
) -> None:
    browser, id_ = site.browser(slug), patterns[slug].rsplit("/")[-1]
    at = f"/projects/from_template?template={id_}"
    page = browser.get(at).text
    ticked = re.findall(r'name="task" value="([0-9a-f-]+)"[^>]* checked', page)
    assert len(ticked) == 2
    facts: dict[str, Any] = {"template": id_, "starts_on": STARTS[slug], "task": ticked[:1]}
    part = browser.post("/projects/from_template/plan", at=at, **facts).text
    assert re.findall(r'value="([0-9a-f-]+)"[^>]* checked', part) == ticked[:1]
    made = browser.post("/projects/from_template", at=at, name="For us", **{**facts, "task": ticked})
    assert made.status_code == 303, made.text
    plan = browser.get(made.headers["location"]).text
    assert re.findall(r'<th scope="row"><a[^>]*><bdi>(\w+)</bdi>', plan) == ["Design", "Build"]


def test_a_project_without_name_or_start_is_not_made(site: Site, patterns: dict[str, str]) -> None:
    browser, id_ = site.browser("northwind"), patterns["northwind"].rsplit("/")[-1]
    at = f"/projects/from_template?template={id_}"
    for wrong in (
        {"name": "", "starts_on": "2026-12-04"},
        {"name": "P", "starts_on": "soon"},
        {"name": "P", "starts_on": ""},
    ):
        assert browser.post("/projects/from_template", at=at, template=id_, **wrong).status_code == 422, wrong


def test_a_project_is_saved_as_a_template(site: Site) -> None:
    browser = site.browser("northwind")
    path = done(browser, "projects", name="Good one", starts_on="2026-12-04", ends_on="2026-12-28", status="draft",
                priority="low")  # fmt: skip
    made = browser.post(f"{path}/template", at=path)
    assert made.status_code == 303
    assert "Good one" in browser.get(made.headers["location"]).text


def test_another_companys_template_is_not_there(site: Site, patterns: dict[str, str]) -> None:
    id_ = patterns["pishro"].rsplit("/")[-1]
    facts = {"template": id_, "name": "P", "starts_on": "2026-12-04"}
    answer = site.browser("northwind").post("/projects/from_template", at="/projects/new", **facts)
    assert answer.status_code == 404


def test_both_ways_over_the_api(site: Site, patterns: dict[str, str]) -> None:
    client, path = Client(site), patterns["northwind"].lstrip("/")
    call = f"{path}/actions/create_project"
    body = {"name": "Over the API", "starts_on": "2026-12-04"}
    made = client.post(call, body)
    assert made.status_code == 201, made.text
    project = made.json()["id"]
    asked = f"/api/v1/project_tasks?filter[project]={project}&sort=number"
    tasks = client.browser.http.get(asked, headers=client.headers).json()["items"]
    assert [(task["name"], task["starts_on"], task["ends_on"]) for task in tasks] == [
        ("Design", "2026-12-04", "2026-12-07"),
        ("Build", "2026-12-08", "2026-12-08"),
    ]
    assert client.post(call, {"name": "P"}).status_code == 422
    assert client.post(call, {**body, "tasks": ["x"]}).status_code == 422
    assert client.post(f"projects/{project}/actions/save_as_template", {"name": "Again"}).status_code == 201

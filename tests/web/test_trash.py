"""The trash: what was deleted together comes back together by the undo, and one by one from the trash's own page."""

import re

import pytest

from .conftest import Browser, Site

TENANT = "northwind"


@pytest.fixture(scope="module")
def somebody(site: Site) -> Browser:
    return site.browser(TENANT)


def made(somebody: Browser, module: str, name: str, **more: str) -> str:
    answer = somebody.post(f"/{module}", at=f"/{module}/new", name=name, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def in_trash(somebody: Browser, module: str, id_: str) -> bool:
    return id_ in somebody.get(f"/{module}/trash").text


def test_one_of_a_bulk_deletion_comes_back_alone_and_the_undo_brings_the_rest(somebody: Browser) -> None:
    ids = [made(somebody, "accounts", f"Bulk Gone {number}") for number in range(3)]
    token = somebody.token("/accounts")
    gone = somebody.http.post("/accounts/bulk", data={"_csrf": token, "action": "delete", "id": ids})
    undo = re.search(r"/accounts/undo/[0-9a-f-]{36}", somebody.get(gone.headers["location"]).text)
    assert undo and all(in_trash(somebody, "accounts", id_) for id_ in ids)
    assert somebody.post("/accounts/trash", id=ids[0], action="restore").status_code == 303
    assert [in_trash(somebody, "accounts", id_) for id_ in ids] == [False, True, True]
    assert somebody.post(undo[0], at="/accounts").status_code == 303
    assert not any(in_trash(somebody, "accounts", id_) for id_ in ids)


def test_what_went_along_with_a_record_comes_back_with_it(somebody: Browser) -> None:
    days = {"starts_on": "2026-11-01", "ends_on": "2026-12-01"}
    projects = [made(somebody, "projects", f"Gone Project {number}", **days) for number in range(2)]
    tasks = [made(somebody, "project_tasks", f"Task of {id_}", project=id_) for id_ in projects]
    token = somebody.token("/projects")
    somebody.http.post("/projects/bulk", data={"_csrf": token, "action": "delete", "id": projects})
    assert all(in_trash(somebody, "project_tasks", id_) for id_ in tasks)
    somebody.post("/projects/trash", id=projects[0], action="restore")
    assert [in_trash(somebody, "project_tasks", id_) for id_ in tasks] == [False, True]

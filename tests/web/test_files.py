"""The file door as people and programs meet it: sending, holding, getting, and who may not."""

import json
import re
from typing import Any

import httpx2 as httpx
import pytest

from tests.files.samples import pdf, picture
from tests.site import Browser, Site

KEY = re.compile(r'/files/([0-9a-f]{48})"')


@pytest.fixture(scope="module")
def sara(site: Site) -> Browser:
    return site.browser("northwind")


def noted(browser: Browser, *files: tuple[str, bytes], name: str = "With papers", **fields: str) -> httpx.Response:
    """A note written without a script: the files come with the form."""
    given = {"_csrf": browser.token("/notes/new"), "name": name, "attachments.shown": "1", **fields}
    return browser.http.post("/notes", data=given, files=[("attachments", file) for file in files])


def keys(browser: Browser, path: str) -> list[str]:
    return list(dict.fromkeys(KEY.findall(browser.get(path).text)))


def sent(browser: Browser, name: str, body: bytes) -> httpx.Response:
    return browser.http.post(
        "/files",
        files={"file": (name, body)},
        headers={"x-csrf-token": browser.token("/settings"), "accept": "application/json"},
    )


def test_a_form_without_a_script_brings_files_and_the_record_shows_them(sara: Browser) -> None:
    made = noted(sara, ("terms.pdf", pdf()), ("plan.png", picture()))
    assert made.status_code == 303, made.text
    note = made.headers["location"]
    page = sara.get(note).text
    assert "terms.pdf" in page and "plan.png" in page
    first, second = keys(sara, note)
    got = sara.get(f"/files/{first}")
    assert got.content == pdf() or got.content.startswith(b"%PDF-")
    assert sara.get(f"/files/{second}").headers["content-type"] == "image/png"
    for key in (first, second):
        assert sara.get(f"/files/{key}/preview").content[8:12] == b"WEBP"
        assert sara.get(f"/files/{key}/thumb").status_code == 200


def test_an_update_of_a_case_carries_files_and_its_conversation_shows_them(sara: Browser) -> None:
    case = sara.post("/cases", at="/cases/new", name="Broken", priority="medium").headers["location"]
    given = {"_csrf": sara.token(f"{case}/thread"), "description": "<p>See here</p>", "attachments.shown": "1"}
    said = sara.http.post(f"{case}/thread", data=given, files=[("attachments", ("plan.png", picture()))])
    assert said.status_code == 303, said.text
    page = sara.get(f"{case}/thread").text
    assert "See here" in page and "plan.png" in page
    [key] = keys(sara, f"{case}/thread")
    assert sara.get(f"/files/{key}").headers["content-type"] == "image/png"


def test_sec_20_a_file_leaves_as_an_attachment_that_cannot_run(sara: Browser) -> None:
    note = noted(sara, ("صفحه.html", b"<script>alert(1)</script>")).headers["location"]
    got = sara.get(f"/files/{keys(sara, note)[0]}")
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%D8%B5" in got.headers["content-disposition"]
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["cache-control"] == "no-store"


def test_unticked_files_go_and_new_ones_come(sara: Browser) -> None:
    note = noted(sara, ("one.txt", b"1"), ("two.txt", b"2")).headers["location"]
    first, second = keys(sara, note)
    saved = sara.http.post(
        note,
        data={
            "_csrf": sara.token(f"{note}/edit"),
            "version": "1",
            "attachments.shown": "1",
            "attachments.keep": second,
        },
        files=[("attachments", ("three.txt", b"3"))],
    )
    assert saved.status_code == 303, saved.text
    now = keys(sara, note)
    assert now[0] == second and len(now) == 2 and first not in now
    assert sara.get(f"/files/{first}").status_code in (200, 404)
    history = sara.get(f"{note}/history").text
    assert "one.txt" in history and "three.txt" in history


def test_a_file_sent_by_itself_is_named_in_the_form_and_survives_its_mistakes(sara: Browser) -> None:
    answer = sent(sara, "later.txt", b"later").json()
    again = sara.post(
        "/notes",
        at="/notes/new",
        name="",
        **{"attachments.key": answer["key"], f"attachments.label.{answer['key']}": "later.txt"},
    )
    assert again.status_code == 422 and answer["key"] in again.text and "later.txt" in again.text
    done = sara.post("/notes", at="/notes/new", name="Later", **{"attachments.key": answer["key"]})
    assert keys(sara, done.headers["location"]) == [answer["key"]]


def test_a_copy_holds_the_same_file(sara: Browser) -> None:
    note = noted(sara, ("shared.txt", b"shared")).headers["location"]
    form = sara.get(f"/notes/new?copy={note.rsplit('/', 1)[1]}").text
    assert keys(sara, note)[0] in form


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("photo.png", b"<html>", "not what its ending"),
        ("empty.txt", b"", "is empty"),
        ("photo.png", picture()[:50], "no picture"),
        ("large.bin", bytes(26 * 1024 * 1024), "at most 25 MB"),
    ],
)
def test_a_file_that_is_refused_says_why(sara: Browser, name: str, body: bytes, said: str) -> None:
    answer = noted(sara, (name, body))
    assert answer.status_code == 422 and said in answer.text
    assert said in sent(sara, name, body).json()["detail"]


def test_a_contact_has_a_photo_and_only_pictures_will_do(sara: Browser) -> None:
    fields = {"_csrf": sara.token("/contacts/new"), "last_name": "Pictured", "photo.shown": "1"}
    refused = sara.http.post("/contacts", data=fields, files={"photo": ("cv.pdf", pdf())})
    assert refused.status_code == 422 and "no picture" in refused.text
    made = sara.http.post("/contacts", data=fields, files={"photo": ("me.jpg", picture("JPEG"))})
    page = sara.get(made.headers["location"]).text
    assert re.search(r'<img class="avatar[^"]*" src="/files/[0-9a-f]{48}/thumb"', page)


def test_sec_04_a_file_of_another_company_does_not_exist(site: Site, sara: Browser) -> None:
    key = sent(sara, "ours.txt", b"ours").json()["key"]
    ali = site.browser("pishro")
    foreign, unknown = ali.get(f"/files/{key}"), ali.get(f"/files/{'0' * 48}")
    assert foreign.status_code == unknown.status_code == 404
    refused = ali.post("/notes", at="/notes/new", name="دزدی", **{"attachments.key": key})
    assert refused.status_code == 422


@pytest.mark.parametrize("key", ["x", "..%2f..%2fetc%2fpasswd", "0" * 47, "g" * 48])
def test_sec_23_a_key_is_no_path(sara: Browser, key: str) -> None:
    assert sara.get(f"/files/{key}").status_code == 404


def test_sec_45_no_file_without_a_token(sara: Browser) -> None:
    assert sara.http.post("/files", files={"file": ("a.txt", b"a")}).status_code == 403


def test_the_list_and_the_export_name_files(sara: Browser) -> None:
    noted(sara, ("listed.txt", b"x"), name="Listed papers")
    assert "listed.txt" in sara.get("/notes?q=Listed").text
    assert "listed.txt" in sara.get("/notes/export?format=csv&q=Listed").text
    assert "Listed papers" in sara.get("/notes?filter[attachments][empty]=0&q=Listed").text
    assert "Listed papers" not in sara.get("/notes?filter[attachments][empty]=1&q=Listed").text


def test_the_api_takes_a_file_and_gives_it_back(site: Site, sara: Browser) -> None:
    page = sara.post("/settings/tokens", at="/settings/tokens", name="files", scope="write")
    secret = re.search(r"<code>([^<…]+)</code>", page.text)
    assert secret, page.text
    bearer = {"authorization": f"Bearer {secret[1]}"}
    sent_ = sara.http.post("/api/v1/files", files={"file": ("api.txt", b"by api")}, headers=bearer)
    assert sent_.status_code == 201
    blob: dict[str, Any] = sent_.json()
    made = sara.http.post("/api/v1/notes", json={"name": "By API", "attachments": [blob["key"]]}, headers=bearer)
    assert made.status_code == 201, made.text
    assert made.json()["attachments"] == [{**blob}]
    assert sara.http.get(f"/api/v1/files/{blob['key']}", headers=bearer).content == b"by api"
    wrong = sara.http.post(
        "/api/v1/notes", content=json.dumps({"name": "x", "attachments": ["0" * 48]}), headers=bearer
    )
    assert wrong.status_code == 422 and "attachments" in wrong.json()["errors"]

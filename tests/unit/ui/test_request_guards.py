"""What stands around every request: headers, origin and token, limits, the log line, problems in three shapes."""

import asyncio
import io
import json
import re
from collections.abc import Iterator

import pytest
import structlog
from gallery import ASSETS, KEY, app
from litestar import Litestar, get, post
from litestar.middleware import DefineMiddleware
from litestar.testing import TestClient
from litestar.types import ASGIApp

from crm_ui import csrf
from crm_ui.health import health_routes
from crm_ui.limits import HEADER_BYTES, JSON_BYTES, Limits
from crm_ui.request_log import log_to

ORIGIN = "http://testserver.local"


@pytest.fixture
def client() -> Iterator[TestClient[ASGIApp]]:
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as opened:
        yield opened


def token() -> str:
    return csrf.make_token(KEY, "gallery")


def test_sec_43_every_page_has_its_own_nonce_and_only_in_nonce_attributes(client: TestClient[ASGIApp]) -> None:
    first, second = client.get("/"), client.get("/")
    nonces = [
        re.search(r"script-src 'nonce-([^']+)'", page.headers["content-security-policy"])[1] for page in (first, second)
    ]  # type: ignore[index]
    assert nonces[0] != nonces[1]
    assert set(re.findall(rf'([\w-]+)="{re.escape(nonces[0])}"', first.text)) == {"nonce", "hx-nonce"}
    assert first.text.count(nonces[0]) == len(re.findall(rf'nonce="{re.escape(nonces[0])}"', first.text))
    policy = first.headers["content-security-policy"]
    for rule in (
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert rule in policy
    assert "unsafe" not in policy


def test_sec_46_answers_are_not_stored_sniffed_or_shared(client: TestClient[ASGIApp]) -> None:
    headers = client.get("/").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://other.testserver.local"},
        {"origin": "https://testserver.local"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_sec_45_a_foreign_origin_is_refused_even_with_a_token(
    client: TestClient[ASGIApp], headers: dict[str, str]
) -> None:
    assert client.post("/save", headers={"x-csrf-token": token(), **headers}).status_code == 403


def test_sec_45_the_token_is_taken_from_header_form_and_multipart(client: TestClient[ASGIApp]) -> None:
    own = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    assert client.post("/save", headers={"x-csrf-token": token(), **own}).status_code == 204
    assert client.post("/save", data={"_csrf": token(), "a": "b"}, headers=own).status_code == 204
    assert client.post("/save", data={"_csrf": token()}, files={"f": b"x" * 100_000}, headers=own).status_code == 204


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "x",
        "a.b",
        pytest.param(csrf.make_token(KEY, "another session"), id="another session"),
        pytest.param(csrf.make_token(b"another key", "gallery"), id="another key"),
        "\u06f1.\u06f1",
        "é" * 40,
    ],
)
def test_sec_45_no_other_token_is_taken(client: TestClient[ASGIApp], bad: str) -> None:
    assert client.post("/save", data={"_csrf": bad}).status_code == 403
    assert not csrf.is_token(KEY, "gallery", bad)


@pytest.mark.parametrize(("before", "status"), [(9_000, 204), (40_000, 403)])
def test_sec_45_the_token_stands_anywhere_among_the_first_fields(
    client: TestClient[ASGIApp], before: int, status: int
) -> None:
    form = "a=" + "x" * before + "&_csrf=" + token() + "&b=1"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/save", content=form, headers=kind).status_code == status
    files = {"a": "x" * before, "_csrf": token(), "b": "1"}
    parts = "".join(
        f'--z\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n' for key, text in files.items()
    )
    kind = {"content-type": "multipart/form-data; boundary=z"}
    assert client.post("/save", content=f"{parts}--z--\r\n", headers=kind).status_code == status


def test_sec_45_a_field_whose_name_ends_so_is_no_token(client: TestClient[ASGIApp]) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/save", content=f"not_csrf={token()}", headers=kind).status_code == 403


def test_sec_45_the_body_reaches_the_app_whole(client: TestClient[ASGIApp]) -> None:
    answer = client.post("/move", data={"_csrf": token(), "lane": "lane3", "filler": "x" * 50_000})
    assert answer.json()["lanes"] == {"lane3": {"count": "13", "sum": "1"}}


def test_sec_49_a_large_head_and_a_large_body_are_refused(client: TestClient[ASGIApp]) -> None:
    assert client.get("/", headers={"x-filler": "x" * HEADER_BYTES}).status_code == 431
    big = b"x" * (JSON_BYTES + 1)
    assert client.post("/save", content=big, headers={"content-type": "application/json"}).status_code == 413


def test_sec_49_a_body_without_a_length_is_counted_while_it_comes() -> None:
    @post("/")
    async def take(data: dict[str, str]) -> str:
        return "taken"

    small = Litestar([take], middleware=[DefineMiddleware(Limits)])
    with TestClient(small) as client:
        chunks = (b'{"a":"' + b"x" * 65536 for _ in range(40))
        answer = client.post("/", content=chunks, headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_sec_49_a_request_that_does_not_end_is_ended() -> None:
    @get("/")
    async def forever() -> None:
        await asyncio.Event().wait()

    slow = Litestar([forever], middleware=[DefineMiddleware(Limits, seconds=0.05)])
    with TestClient(slow) as client:
        assert client.get("/").status_code == 408


def test_sec_50_an_error_page_says_nothing_of_the_inside_and_has_the_request_id(client: TestClient[ASGIApp]) -> None:
    answer = client.get("/broken", params={"lang": "fa"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "درخواست به پایان نرسید" in answer.text


def test_sec_43_an_unknown_address_has_the_headers_too(client: TestClient[ASGIApp]) -> None:
    answer = client.get("/nowhere", params={"lang": "en"})
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_problem_comes_as_page_part_or_json(client: TestClient[ASGIApp]) -> None:
    page = client.get("/broken", params={"lang": "en"})
    part = client.get("/broken", params={"lang": "en"}, headers={"hx-request": "true"})
    program = client.get("/broken", params={"lang": "en"}, headers={"accept": "application/json"})
    assert page.text.startswith("<!doctype html>")
    assert part.text.strip().startswith('<div class="note bad"')
    assert program.headers["content-type"].startswith("application/problem+json")
    assert program.json()["status"] == 500
    assert program.json()["request_id"] == program.headers["x-request-id"]


def test_a_refused_change_leaves_the_page_and_says_so_in_a_toast(client: TestClient[ASGIApp]) -> None:
    answer = client.post("/save", params={"lang": "fa"}, headers={"hx-request": "true"})
    assert answer.headers["hx-reswap"] == "none"
    said = json.loads(answer.headers["hx-trigger"])["sadra:toast"]
    assert said["tone"] == "bad"
    assert "دسترسی" in said["text"]


def test_sec_53_a_request_is_one_json_line_without_its_query() -> None:
    lines = io.StringIO()
    log_to(lines)
    try:
        with TestClient(app, base_url=ORIGIN) as client:
            answer = client.get("/", params={"lang": "en", "token": "very-secret"})
    finally:
        structlog.reset_defaults()
    line = next(json.loads(text) for text in lines.getvalue().splitlines() if '"request"' in text)
    assert line["path"] == "/"
    assert line["status"] == 200
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "very-secret" not in lines.getvalue()


def test_assets_are_immutable_and_compressed(client: TestClient[ASGIApp]) -> None:
    answer = client.get(ASSETS.url("app.js"), headers={"accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 60 * 1024
    plain = client.get(ASSETS.url("app.js"), headers={"accept-encoding": "identity"})
    assert plain.content == answer.content


@pytest.mark.parametrize("path", ["manifest.json", "../__init__.py", "%2e%2e/%2e%2e/static.py", "app.js", "app.css.gz"])
def test_sec_23_nothing_but_the_build_is_served(client: TestClient[ASGIApp], path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_a_first_load_stays_in_its_budget(client: TestClient[ASGIApp]) -> None:
    names = ("app.css", "app.js", "sprite.svg", "vazirmatn-arabic-wght-normal.woff2")
    sizes = [len(client.get(ASSETS.url(name)).content) for name in names]
    assert all(sizes)
    sent = sum(
        int(client.head(ASSETS.url(name), headers={"accept-encoding": "gzip"}).headers["content-length"])
        for name in names
    )
    assert sent < 150 * 1024


def test_sec_57_readiness_names_no_part_outside() -> None:
    async def down() -> None:
        raise ConnectionError("postgresql at 10.0.0.5")

    with TestClient(Litestar([*health_routes([("database", down)])])) as client:
        assert client.get("/livez").status_code == 200
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "not ready"

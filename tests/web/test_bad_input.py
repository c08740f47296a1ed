"""Nonsense from outside, made from the definitions: every kind of field, every module, pages and API.

Whatever comes in is refused with a 4xx that names the field in the reader's language, and nothing is changed (SEC-11, SEC-49).
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind
from crm_domain.modules import REGISTRY
from tests.isolation.people import api_client, connect, fingerprint, token_of
from tests.site import Browser, Site

TENANT = "pishro"
MODULES = [key for key, module in REGISTRY.modules.items() if not module.admin_only and not module.kept]
PERSIAN = re.compile("[\u0600-\u06ff]")
BAD_FIELD = re.compile(r'class="field[^"]*\bbad\b[^"]*" id="f-([a-z0-9_]+)-field"')
MIB = 1024 * 1024
NOBODY = "00000000-0000-4000-8000-000000000000"
NUMBERS = ("abc", "9" * 400, "1e999", "NaN", "Infinity", "--1", "1,2,3.4.5", "۱۲الف")
FAR = ("9999-12-31", "9999-12-31T23:59:00-12:00")
DATES = ("1404/12/30", "1405/13/01", "1405/07/31", "2026-02-30", "0000/00/00", "99999999999", "دیروزها", "9999-12-31")


def nonsense(kind: Kind) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """What the kind must refuse: as typed into a form, and as JSON."""
    match kind:
        case kinds.Text():
            long = ("x" * (kind.max_length + 1),)
            wrong = ("1111111111",) if kind.check in ("national_id", "legal_id") else ()
            return (*long, *wrong), (*long, *wrong, 5, ["a"], {"a": 1}, True)
        case kinds.LongText() | kinds.RichText() | kinds.Url():
            return ("x" * (kind.max_length + 1),), (7, ["a"], {"a": 1})
        case kinds.Integer() | kinds.DecimalNumber() | kinds.Percent() | kinds.Duration():
            return NUMBERS, ("abc", "9" * 400, "NaN", True, ["1"], {"amount": "1"}, 10**30)
        case kinds.Money():
            amounts = ("abc", "NaN", "Infinity", "1e999", "9" * 40)
            return NUMBERS, (5, "5", *({"amount": bad, "currency": "IRR"} for bad in amounts), {"amount": "1"}, ["1"])
        case kinds.Boolean():
            return ("maybe",), ("maybe", 5, [True])
        case kinds.Date() | kinds.DateTime():
            return DATES, (*FAR, "1404/12/30", "2026-02-30", 5, True, ["2026-01-01"], {"day": 1})
        case kinds.Choice() | kinds.DependentChoice():
            return ("no_such_option", "\u202ewon"), ("no_such_option", 5, ["a"], {"a": 1}, True)
        case kinds.MultiChoice():
            return ("no_such_option",), (["no_such_option"], "a", 5, [5], [["a"]], {"a": 1})
        case kinds.Link() | kinds.UserLink() | kinds.AnyLink():
            typed = () if isinstance(kind, kinds.AnyLink) else ("not-an-id", NOBODY)
            return typed, ("not-an-id", NOBODY, 5, ["a"], {"id": 5}, {"module": 5, "id": NOBODY}, {})
        case kinds.Emails():
            return (), (
                ["not an address"],
                ["a@b.example\r\nBcc: x@y.example"],
                "a",
                5,
                [5],
                [{"address": 5}],
                {"a": 1},
            )
        case kinds.Phone():
            return ("1" * 200,), ("1" * 200, 5, ["a"], {"a": 1})
        case kinds.Address():
            return (), ("a", 5, ["a"], {"street": 5}, {"city": "x" * 70_000})
        case _:
            return (), ()


def rounds(module: Module[Any], place: int) -> Iterator[dict[str, Any]]:
    """Bodies in which every field at once holds a bad value, until each has had all of its own."""
    writable = [field for field in module.writable() if nonsense(field)[place]]
    for number in range(max((len(nonsense(field)[place]) for field in writable), default=0)):
        yield {field.key: nonsense(field)[place][number] for field in writable if number < len(nonsense(field)[place])}


@pytest.fixture(scope="module")
def somebody(site: Site) -> Browser:
    return site.browser(TENANT)


@pytest.fixture(scope="module")
def program(site: Site) -> httpx.Client:
    return api_client(site, TENANT, token_of(site, TENANT, "admin"))


@pytest.fixture(scope="module", autouse=True)
def nothing_changes(site: Site) -> Iterator[None]:
    before = fingerprint(site, TENANT)
    yield
    assert fingerprint(site, TENANT) == before


@pytest.fixture(scope="module")
def records(program: httpx.Client) -> dict[str, tuple[str, int]]:
    """A record of each module and its version: what is wrong with a change is not hidden behind what is missing."""
    found: dict[str, tuple[str, int]] = {}
    for module in MODULES:
        for one in program.get(f"/api/v1/{module}?limit=50").json()["items"]:
            if module not in found and may_change(program, REGISTRY[module], one):
                found[module] = (one["id"], one["version"])
    assert len(found) >= len(MODULES) / 2
    return found


def may_change(program: httpx.Client, module: Module[Any], one: dict[str, Any]) -> bool:
    """Whether the record's own rules let its links be changed at all: what was issued or is final answers 409 to new ones,
    and another field is at fault where a link needs it."""
    links = {field.key: NOBODY for field in module.writable() if isinstance(field, kinds.Link | kinds.UserLink)}
    answer = program.patch(f"/api/v1/{module.key}/{one['id']}", json={"version": one["version"], **links})
    return answer.status_code != 409 and bool(set(links) & set(answer.json().get("errors", links)))


@pytest.mark.parametrize("module", MODULES)
def test_sec_11_the_api_names_every_field_it_refuses(
    program: httpx.Client, records: dict[str, tuple[str, int]], module: str
) -> None:
    if module not in records:
        return
    id_, version = records[module]
    for body in rounds(REGISTRY[module], 1):
        left = dict(body)
        while left:
            answer = program.patch(f"/api/v1/{module}/{id_}", json={"version": version, **left})
            assert answer.status_code == 422, (left, answer.status_code, answer.text[:400])
            said = answer.json()
            named = set(said["errors"]) & set(left)
            assert named, f"taken as good: {left}"
            assert all(PERSIAN.search(text) for texts in said["errors"].values() for text in texts), said["errors"]
            left = {key: value for key, value in left.items() if key not in named}


@pytest.mark.parametrize("module", MODULES)
def test_sec_11_the_form_comes_back_with_every_field_it_refuses(
    somebody: Browser, records: dict[str, tuple[str, int]], module: str
) -> None:
    if module not in records:
        return
    id_, version = records[module]
    token = somebody.token("/settings")
    shown = {key for panel in REGISTRY[module].layout.panels for row in panel.rows for key in row}
    for body in rounds(REGISTRY[module], 0):
        left = {key: value for key, value in body.items() if key in shown}
        while left:
            answer = somebody.http.post(f"/{module}/{id_}", data={"_csrf": token, "version": str(version), **left})
            assert answer.status_code == 422, (left, answer.status_code)
            named = set(BAD_FIELD.findall(answer.text)) & set(left)
            assert named, f"taken as good: {left}"
            left = {key: value for key, value in left.items() if key not in named}


@pytest.mark.parametrize("module", MODULES)
def test_sec_11_unknown_fields_are_refused(program: httpx.Client, module: str) -> None:
    for key in ("nonsense", "id", "created_at", "created_by", "version", "tenant", "deleted_at", "search_key", ""):
        answer = program.post(f"/api/v1/{module}", json={key: "x"})
        assert answer.status_code == 422 and key in answer.json()["errors"], (key, answer.text[:200])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{", 422), (b"[]", 422), (b"5", 422), (b'"x"', 422), (b"null", 422), (b"\xff\xfe", 422),
        (b"[" * 100_000, 422), (b'{"a":' * 50_000, 422), (b'{"name": "' + b"x" * (2 * MIB) + b'"}', 413),
    ],
)  # fmt: skip
def test_sec_49_broken_json_is_refused(program: httpx.Client, body: bytes, status: int) -> None:
    answer = program.post("/api/v1/accounts", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text[:200]
    assert PERSIAN.search(answer.json()["detail"])


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + b"y" * (3 * MIB)),
        ("application/x-www-form-urlencoded", b"name=" + b"y" * (3 * MIB)),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(5_000))),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00&name=%00"),
        ("application/json", b"{}"),
        ("nonsense", b"name=x"),
        ("", b"\x00\x01"),
    ],
)  # fmt: skip
def test_sec_49_broken_forms_are_refused(somebody: Browser, kind: str, body: bytes) -> None:
    headers = {"x-csrf-token": somebody.token("/settings"), **({"content-type": kind} if kind else {})}
    answer = somebody.http.post("/accounts", content=body, headers=headers)
    assert 400 <= answer.status_code < 500, answer.status_code
    assert PERSIAN.search(answer.text)


@pytest.mark.parametrize(
    "query",
    [
        "sort=nonsense", "sort=" + ",".join(["name"] * 50), "fields=nonsense", "limit=0", "limit=-1", "limit=201",
        "limit=9999999999999999999999", "limit=x", "cursor=x", "cursor=%00", "filter[x]=1", "filter[name][drop]=1",
        "filter[created_at][period]=never", "filter[created_at][gt]=1404/12/30", "filter[assigned_to]=x",
        "filter[name][between]=a", "filter[]=", "filter=1", "q=" + "x" * 20_000, "q=%00", "filter[name][eq]=%00",
        "&".join(f"filter[name][ne]={n}" for n in range(300)),
    ],
)  # fmt: skip
def test_sec_10_49_nonsense_in_an_address_is_no_server_error(
    somebody: Browser, program: httpx.Client, query: str
) -> None:
    assert somebody.get(f"/accounts?{query}").status_code in (200, 400, 414, 422)
    assert program.get(f"/api/v1/accounts?{query}").status_code in (200, 400, 414, 422)


def test_sec_49_too_large_a_head_is_refused(somebody: Browser) -> None:
    assert somebody.http.get("/accounts", headers={"x-long": "y" * 33_000}).status_code in (400, 431)


def test_sec_16_line_breaks_never_reach_a_single_line(site: Site, program: httpx.Client) -> None:
    """Control and bidirectional marks are taken out of what is one line; the name is kept otherwise."""
    sent = "Acme\r\nBcc: evil\x00\u202e\u2066 ltd\ufeff"
    answer = program.patch(f"/api/v1/accounts/{NOBODY}", json={"version": 1, "name": sent})
    assert answer.status_code == 404
    made = program.post("/api/v1/accounts", json={"name": sent})
    kept = made.json()["name"]
    assert not re.search("[\r\n\x00\u202a-\u202e\u2066-\u2069\ufeff]", kept), repr(kept)
    _forget(site, made.json()["id"])


def _forget(site: Site, id_: str) -> None:
    """Takes the record out again with its trace, so that the whole file leaves nothing behind."""
    with connect(site, TENANT) as owner:
        owner.execute("DELETE FROM accounts WHERE id = %s", (id_,))
        owner.execute("DELETE FROM audit_event WHERE record_id = %s", (id_,))


@pytest.mark.parametrize("number", ["²", "٣", "9" * 5000, "-1", "1e3"])
def test_sec_11_49_what_only_looks_like_a_number_breaks_nothing(site: Site, number: str) -> None:
    """A page's place, a form's edition, the number of an address among several, a call's limit: none of them is typed by people."""
    browser, api = site.browser(TENANT), api_client(site, TENANT, token_of(site, TENANT, "admin"))
    with connect(site, TENANT) as owner:
        (lead,) = owner.execute("SELECT id FROM leads WHERE deleted_at IS NULL LIMIT 1").fetchone()  # type: ignore[misc]
    page = browser.get("/leads?size=10").text
    cursor = re.search(r"cursor=([\w-]+)", page)
    assert cursor
    assert browser.http.get("/leads", params={"cursor": cursor[1], "from": number}).status_code == 200
    assert api.get("/api/v1/leads", params={"limit": number}).status_code == 422
    token = browser.token("/settings")
    for path, more in (
        (f"/leads/{lead}/cell/last_name", {"last_name": ""}),
        ("/leads/columns", {"size": number}),
        ("/leads/move", {"card": str(lead), "lane": "no such lane"}),
        ("/leads", {f"emails.{number[:2000]}.address": "no address"}),
    ):
        answer = browser.http.post(path, data={"_csrf": token, "version": number, **more})
        assert answer.status_code < 500, (path, answer.status_code)
    browser.http.post("/leads/columns", data={"_csrf": token, "reset": "1"})
